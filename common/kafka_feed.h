/* kafka_feed.h - reads topics from stored offsets, each record exactly once into the reader's store.
 *
 * The offsets are the store's, not Kafka's: a batch's effect and the offsets after it are to land in one
 * transaction of the store, so that a kill at any instant neither skips nor doubles. The feed polls the cluster itself: new
 * topics are read within a second or so (at once, when a record of `also` names them), deleted ones let go, and ones made again under the same name are noticed
 * and read from 0 as a new incarnation (kafka_feed_topics.c says how that is told).
 *
 * Whose the partitions are: all of them this feed's, when it has the store for itself (assigned, not subscribed, so a restart
 * reads on at once, with no session to time out); or, when conf.shared says that feeds of several processes have one store,
 * those that their Kafka group gives this one. What keeps a record from being stored twice then is the store, not the
 * group: kl_feed_position.from.
 *
 * Threads: three of the feed's own. The fetch thread polls Kafka, stamps the clock and calls on_fetched; the watch
 * thread asks the cluster for topics and ends of logs, so that a slow answer never holds up reading; the store thread
 * calls everything in kl_feed_store. While a batch is stored the next one gathers: alone a record is stored at once,
 * under load records travel together. At most three batches exist, each bounded in records and bytes. */
#ifndef KL_KAFKA_FEED_H
#define KL_KAFKA_FEED_H

#include <librdkafka/rdkafka.h>

#include "err.h"
#include "kafka_conf.h"
#include "topic.h"

struct kl_feed;

/* A topic as long as it lives; made again under the same name it is another one. */
struct kl_incarnation {
    int64_t id;            /* the store's */
    char    topic[KL_TOPIC_BYTES];
    int32_t partitions;    /* as last seen; may grow */
};

struct kl_feed_record {
    const rd_kafka_message_t    *message;     /* borrowed until the call it came with returns */
    const struct kl_incarnation *incarnation; /* borrowed; lives as long as the feed */
    int64_t                      fetched_us;  /* wall clock when we had it */
};

/* Where a partition is read on. The mark tells a log from another one under the same name: when it was taken, no
 * record below mark_next had a timestamp of mark_ms or later, and in one log that stays true. 0: no mark yet.
 * The store keeps these three numbers and gives them back.
 *
 * from: what the store was last known to hold as next; -1: nothing. A store that several feeds share takes a batch only if
 * that is so for each of its positions, and the incarnations have not ended; else it answers KL_CONFLICT and has stored nothing. */
struct kl_feed_position {
    const struct kl_incarnation *incarnation;
    int32_t partition;
    int64_t next;
    int64_t mark_ms, mark_next;
    int64_t from;
    bool    over;  /* only as an answer of positions(): the incarnation has ended */
};

struct kl_feed_batch {
    const struct kl_feed_record   *records;   size_t n_records;   /* may be 0 */
    const struct kl_feed_position *positions; size_t n_positions; /* after this batch, of the partitions that moved */
};

struct kl_feed_store {
    void *ctx;
    /* The cluster is known by now; called once, before the others. *contacted: whether contacted() was called for it before. */
    enum kl_code (*cluster)(void *ctx, const char *id, bool *contacted, struct kl_error *err);
    /* Every topic that existed at the first contact has a stored position in each partition. */
    enum kl_code (*contacted)(void *ctx, struct kl_error *err);
    /* The topic is seen (again). The store finds or makes its incarnation and fills id. made_again: what it knows under that name is
     * over; if the store is shared, only while the latest is the one that id holds (0: none), since another feed may have said it before. */
    enum kl_code (*topic)(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err);
    /* Fills next and the mark of at->incarnation, at->partition; KL_NOT_FOUND: nothing stored yet. */
    enum kl_code (*position)(void *ctx, struct kl_feed_position *at, struct kl_error *err);
    /* Only of a shared store, about once a second, for all partitions, most of which other feeds may read: fills next (-1: nothing
     * stored yet), the marks and over of each. */
    enum kl_code (*positions)(void *ctx, struct kl_feed_position *at, size_t n, struct kl_error *err);
    /* Store the batch and its positions in one transaction. A failure is logged and tried again with the same batch after
     * a pause (reading stands still meanwhile: that is the back-pressure). KL_CONFLICT, of a shared store: the feed leaves out
     * what others have stored meanwhile, and tries at once. KL_BROKEN ends the feed. */
    enum kl_code (*batch)(void *ctx, const struct kl_feed_batch *batch, struct kl_error *err);
    /* The topic is no longer in the cluster. May be NULL. */
    enum kl_code (*gone)(void *ctx, const struct kl_incarnation *inc, struct kl_error *err);
    /* After each batch, and at least once a second: time for a bounded piece of upkeep. May be NULL. */
    void (*upkeep)(void *ctx);
};

enum kl_feed_end {
    KL_FEED_KAFKA, /* librdkafka raised a fatal error */
    KL_FEED_STORE, /* the store is broken */
};

struct kl_feed_conf {
    rd_kafka_conf_t *kafka;         /* taken always; the feed sets what it needs */
    const char *topics;             /* comma separated names or ^patterns (POSIX extended); NULL or "": all that are not internal */
    const char *also;               /* an internal topic to read besides, from its beginning; or NULL */
    /* Does this record of `also` tell of a topic's first message? Then the cluster is asked for the topic at once, if it is
     * not read yet. On the fetch thread; may be NULL. */
    bool      (*names)(const rd_kafka_message_t *record, char topic[KL_TOPIC_BYTES]);
    const char *group;              /* offsets are committed here too, for display by Kafka's tools; NULL: nowhere, if not shared */
    bool        shared;             /* the store is shared by several feeds, the partitions by the members of group */
    bool        quiet;              /* what is found of cluster and topics is logged by another feed of this process */
    bool        existing_from_end;  /* on a cluster seen for the first time, topics that exist are read from their end */
    int64_t     metadata_ms;        /* how often the cluster is asked */
    size_t      batch_max;          /* records a batch */
    void      (*on_fetched)(void *ctx, const struct kl_feed_record *records, size_t n); /* fetch thread, before the store; may be NULL */
    void       *on_fetched_ctx;
    void      (*fatal)(void *ctx, enum kl_feed_end end, const char *why); /* at most once, on a thread of the feed; reading has ended */
    void       *fatal_ctx;
};

/* KL_INVALID: a pattern or name in topics is wrong. Kafka need not be there yet. */
KL_MUST_CHECK enum kl_code kl_feed_start(struct kl_feed **out, const struct kl_feed_conf *conf,
                                         const struct kl_feed_store *store, struct kl_error *err);
void kl_feed_stop(struct kl_feed *f);   /* finishes the batch under way, joins, frees; NULL is fine */

/* For readiness, status and streams; any thread. */
bool    kl_feed_ready(struct kl_feed *f, char *why, size_t why_size); /* the cluster answered lately and all of its topics are being read */
bool    kl_feed_paused(struct kl_feed *f, char *why, size_t why_size); /* the store refused the last batch: why; it is tried again */
const char *kl_feed_cluster(struct kl_feed *f);                         /* the cluster's id; NULL until known */
struct kl_feed_partition {
    char    topic[KL_TOPIC_BYTES];
    int64_t incarnation;
    int32_t partition;
    int64_t next;     /* what is fetched next */
    int64_t stored;   /* up to here it is in the store */
    int64_t low, end; /* of the log, as last seen */
    bool    ours;     /* read by this feed; else next and stored are what its reader had stored a second ago */
};
/* A snapshot; *out is the caller's to free(), NULL when there is none (or no memory). */
size_t  kl_feed_partitions(struct kl_feed *f, struct kl_feed_partition **out);

/* Does the list of names and ^patterns (as in topics above) take this topic? KL_INVALID: the list is wrong. For tests and live streams. */
KL_MUST_CHECK enum kl_code kl_feed_takes(const char *topics, const char *topic, bool *takes, struct kl_error *err);

#endif
