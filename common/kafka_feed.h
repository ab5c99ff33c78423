/* kafka_feed.h - reads topics from stored offsets, each record exactly once into the reader's store.
 *
 * The offsets are the store's, not Kafka's: a batch's effect and the offsets after it are to land in one
 * transaction of the store, so that a kill at any instant neither skips nor doubles. Partitions are assigned, not
 * subscribed, so a restart reads on at once, with no session to time out. The feed polls the cluster's metadata itself:
 * new topics within a second or so, deleted ones, ones made again (a new incarnation, read from 0).
 *
 * Threads: the feed's own two. The feed thread polls Kafka, stamps the clock and calls on_fetched; the store thread calls
 * everything else. While a batch is stored the next one gathers: alone a record is stored at once, under load records
 * travel together. */
#ifndef KL_KAFKA_FEED_H
#define KL_KAFKA_FEED_H

#include <librdkafka/rdkafka.h>

#include "err.h"
#include "kafka_conf.h"

struct kl_feed;

/* A topic as long as it lives; made again under the same name it is another one. */
struct kl_incarnation {
    int64_t id;            /* the store's */
    char    topic[250];
    int32_t partitions;
};

struct kl_feed_record {
    const rd_kafka_message_t    *message;     /* borrowed until the call it came with returns */
    const struct kl_incarnation *incarnation; /* borrowed; lives as long as the feed */
    int64_t                      fetched_us;  /* wall clock when we had it */
};

struct kl_feed_position { const struct kl_incarnation *incarnation; int32_t partition; int64_t next; };

struct kl_feed_batch {
    const struct kl_feed_record   *records;   size_t n_records;
    const struct kl_feed_position *positions; size_t n_positions; /* where to go on after this batch, the partitions that moved */
};

struct kl_feed_store {
    void *ctx;
    /* The topic is seen (again). The store finds or makes its incarnation and fills id. made_again: what it knows under that name is over. */
    enum kl_code (*topic)(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err);
    /* The stored position of a partition; KL_NOT_FOUND: none yet. */
    enum kl_code (*position)(void *ctx, const struct kl_incarnation *inc, int32_t partition, int64_t *next, struct kl_error *err);
    /* Store the batch and its positions in one transaction. A failure is logged and tried again with the same batch after
     * a pause (reading stands still meanwhile: that is the back-pressure). KL_BROKEN ends the process. */
    enum kl_code (*batch)(void *ctx, const struct kl_feed_batch *batch, struct kl_error *err);
    /* The topic is no longer in the cluster. May be NULL. */
    enum kl_code (*gone)(void *ctx, const struct kl_incarnation *inc, struct kl_error *err);
    /* Nothing came for a second: time for upkeep, a bounded piece of it. Also called between batches, at least once a second. May be NULL. */
    void (*upkeep)(void *ctx);
};

struct kl_feed_conf {
    rd_kafka_conf_t *kafka;         /* taken always; the feed sets what it needs */
    const char *topics;             /* comma separated names or ^patterns (POSIX extended); NULL or "": all that are not internal */
    const char *also;               /* an internal topic to read besides, from its beginning; or NULL */
    bool        existing_from_end;  /* on a cluster seen for the first time, topics that exist are read from their end */
    int64_t     metadata_ms;        /* how often the cluster is asked */
    size_t      batch_max;          /* records a batch */
    void      (*on_fetched)(void *ctx, const struct kl_feed_record *records, size_t n); /* feed thread, before the store; may be NULL */
    void       *on_fetched_ctx;
    void      (*fatal)(void *ctx, const char *why); void *fatal_ctx;
};

KL_MUST_CHECK enum kl_code kl_feed_start(struct kl_feed **out, const struct kl_feed_conf *conf,
                                         const struct kl_feed_store *store, struct kl_error *err);
void kl_feed_stop(struct kl_feed *f);   /* finishes the batch under way, joins, frees; NULL is fine */

/* For readiness, status and streams; any thread. */
bool    kl_feed_ready(struct kl_feed *f, char *why, size_t why_size); /* metadata was had and the store takes batches */
const char *kl_feed_cluster(struct kl_feed *f);                         /* the cluster's id; NULL until known */
struct kl_feed_partition { char topic[250]; int64_t incarnation; int32_t partition; int64_t next, low, end; };
/* A snapshot; *out is the caller's to free(). end is the end of the log as last seen, next what is read next. */
size_t  kl_feed_partitions(struct kl_feed *f, struct kl_feed_partition **out);

#endif
