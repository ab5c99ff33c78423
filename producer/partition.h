/* partition.h - topics and partitions as long as the process knows them. They are made by topics.c and never freed
 * before its end, so that a pointer to one is good without a lock; a topic that is deleted has no partitions meanwhile. */
#ifndef PRODUCER_PARTITION_H
#define PRODUCER_PARTITION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <librdkafka/rdkafka.h>

#include "topic.h"

struct ticket;
struct journal_slot;
TAILQ_HEAD(tickets, ticket);

/* outbox.c's: what is on its way to this partition. */
struct outbox_lane {
    pthread_mutex_t lock;      /* guards what follows, but for the last two */
    int64_t         number;    /* the last one given */
    struct tickets  handed;    /* handed to librdkafka and not yet reported, in the order of their numbers */
    struct tickets  pending;   /* behind the batch that is on its way */
    size_t          handed_n;
    int64_t         batch;     /* the first number of the latest batch */
    bool            waiting;   /* nothing of that batch was reported yet, so pending ones wait */
    bool            stalled;   /* the last report was a failure to reach the broker */
    bool            ready;     /* the polling thread's: in its list of lanes whose next batch may go */
    TAILQ_ENTRY(partition) link;
};

/* journal.c's: outcomes that are not yet in a block. The polling thread's alone. */
struct journal_run {
    struct journal_slot *slot;     /* a ring; slot[head] is for number `first` */
    size_t               head, len, size;
    int64_t              first;    /* the lowest number that is in no block */
    int64_t              last_acked;
    int64_t              since_us; /* monotonic, when the oldest outcome came; 0: there is none */
    int64_t              wrote_us; /* monotonic, the last block */
    bool                 active;   /* in the journal's list */
    TAILQ_ENTRY(partition) link;
};

struct partition {
    struct topic      *topic;
    int32_t            index;
    struct outbox_lane lane;
    struct journal_run run;
};

struct topic {
    char                         name[KL_TOPIC_BYTES];
    rd_kafka_topic_t            *handle;
    _Atomic int32_t              partitions;   /* 0: the topic is not in the cluster */
    struct partition **_Atomic   partition;    /* at least that many; grows, never shrinks */
    _Atomic int64_t              max_bytes;    /* its max.message.bytes; 0: not known */
    _Atomic uint64_t             sticky;       /* outbox.c: the partition for records without a key, and until when */
    bool                         seen;         /* topics.c, during a refresh */
};

/* NULL: it has no such partition. */
static inline struct partition *topic_partition(struct topic *t, int32_t index)
{
    if (index < 0 || index >= atomic_load_explicit(&t->partitions, memory_order_acquire))
        return NULL;
    return atomic_load_explicit(&t->partition, memory_order_acquire)[index];
}

#endif
