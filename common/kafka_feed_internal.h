/* kafka_feed_internal.h - what the parts of the feed share.
 *
 *   kafka_feed.c         start, stop, looking
 *   kafka_feed_store.c   the store thread: hands batches to the store
 *   kafka_feed_fetch.c   the fetch thread: polls Kafka, gathers batches
 *   kafka_feed_watch.c   the watch thread: asks the cluster for topics and ends of logs
 *   kafka_feed_topics.c  the store thread's other work: topics, incarnations, where to read on
 *   kafka_feed_filter.c  which topics are taken
 *   kafka_feed_group.c   a shared store's feed: the Kafka group that says whose the partitions are
 *   kafka_feed_share.c   the same: what the store thread does about it, and about what others have stored
 *
 * Who hands what to whom:
 *   watch -> store   a view: the cluster's topics, and for each partition what the log looks like (one place, f->view)
 *   store -> fetch   orders: read this partition from there, or no more (f->orders)
 *   fetch -> store   what the group gave and took (f->ours)
 *   fetch -> store   a batch (one place, f->ready)
 *   store, fetch -> watch   f->asked_soon: look again now
 * Topics and partitions are made by the store thread and live until the feed ends, so pointers to them may be kept. */
#ifndef KL_KAFKA_FEED_INTERNAL_H
#define KL_KAFKA_FEED_INTERNAL_H

#include <pthread.h>
#include <regex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "kafka_feed.h"

#define FEED_ASK_TIMEOUT_MS 3000             /* one question to the cluster; also how long a stop may have to wait for it */
#define FEED_BATCHES        3                /* one gathers, one waits, one is stored */
#define FEED_BATCH_BYTES    (16 << 20)       /* keys and values of one batch; a single larger message is a batch of its own */
#define FEED_RETRY_MS       1000             /* between two tries of a batch that the store refused */
#define FEED_UPKEEP_MS      1000
#define FEED_DISPLAY_MS     5000             /* the group's offsets, for display */
#define FEED_DISPLAY_WAIT_MS 500             /* at the end, for the last answer: a round trip and more */

struct feed_topic;

/* One partition of one incarnation. */
struct feed_part {
    struct feed_topic *topic;
    int32_t            partition;

    /* guarded by feed->lock */
    int64_t next;               /* what is fetched next; before reading begins: what is stored, or 0 */
    int64_t stored;
    int64_t low, end;           /* as last seen; -1: not yet */
    int64_t seen_ms;            /* the highest timestamp fetched so far; -1: none */
    int64_t solid_from;         /* from here to next every record was seen, with a timestamp that can be one */
    bool    again;              /* reading was given up: order it again */
    int64_t given;              /* ours since this number of f->given; 0: not ours. Set by the store thread */
    int64_t epoch;              /* counts how often reading began anew; what was gathered under another number is dropped. Set by the store thread */

    /* the store thread's */
    bool    known;              /* the store has a position of it */
    bool    reading;            /* ordered to be read */
    bool    doubted;            /* the last look told another log */
    bool    stale;              /* somebody else may have stored of it: ask the store before it is read */
    bool    left_out;           /* of the batch under way */
    int64_t mark_ms, mark_next; /* kafka_feed.h; written under the lock, so the watch thread may look */

    /* the fetch thread's */
    size_t  moved_at;           /* its place in the gathering batch's positions, if it is there */
    int64_t fetch_epoch;        /* of its last order */
    rd_kafka_queue_t *queue;    /* librdkafka's own of the partition, once it was ordered: partitions_release says what for */
};

struct feed_topic {
    struct kl_incarnation inc;      /* first: a record's incarnation is its topic */
    bool                  also;     /* the internal topic read besides */
    bool                  existed;  /* was there at the first contact */
    bool                  over;     /* its records are dropped; set by the store thread under feed->lock */
    int64_t               ended_us; /* monotonic: when the store told that another feed ended it; 0: it has not */
    struct feed_part    **parts;    /* grown by the store thread under feed->lock */
    int32_t               n_parts;
    struct feed_topic    *next;     /* newest first */
};

/* ---- what the watch thread saw ---- */

/* One partition of a topic that is known; offsets are -1 where there was no answer. */
struct feed_look {
    struct feed_part *part;
    bool    led;                              /* it has a leader to ask */
    bool    again;                            /* part->again, when it was sampled */
    int64_t epoch;                            /* part->epoch, likewise */
    int64_t next, mark_ms, mark_next;         /* before asking */
    int64_t marked_low;                       /* the first offset with a timestamp of mark_ms or later */
    bool    marked;                           /* that was answered; marked_low -1: there is none */
    int64_t low, end;
    int64_t new_ms, new_low;                  /* the same for a later mark, at next */
    bool    new_marked;
    bool    new_sure;                         /* every record since the old mark was seen: none is as young as new_ms */
};

struct feed_seen { char topic[KL_TOPIC_BYTES]; int32_t partitions; const rd_kafka_metadata_topic_t *metadata; /* during the look */ };

struct feed_view {
    struct feed_seen  *topics;   /* those that the filter takes, by name */
    size_t             n_topics;
    struct feed_look  *looks;
    size_t             n_looks;
    struct feed_topic **gone;    /* known topics that the cluster says it has not */
    size_t             n_gone;
    int64_t            began_us; /* monotonic */
};
void feed_view_free(struct feed_view *view);
const struct feed_seen *feed_seen_find(const struct feed_view *view, const char *topic); /* NULL: not in the view */

/* Samples a partition, before it is asked about; under feed->lock. */
void feed_look_sample(struct feed_look *look, struct feed_part *part);

/* Is the log that a look describes the one that was read up to look->next? */
enum feed_log { FEED_LOG_SAME, FEED_LOG_OTHER, FEED_LOG_UNKNOWN };
enum feed_log feed_log_of(const struct feed_look *look);

/* ---- what is fetched ---- */

struct feed_batch {
    rd_kafka_message_t     **messages;
    struct kl_feed_record   *records;      /* one for each message */
    size_t                   n;
    size_t                   bytes;
    struct kl_feed_position *positions;
    struct feed_part       **moved;        /* of each position */
    int64_t                 *seen_ms;      /* of each position: the highest timestamp in this batch; -1: none */
    int64_t                 *solid_from;   /* of each position, after this batch */
    int64_t                 *epochs;       /* of each position: under which it was gathered */
    size_t                   n_moved;
};

struct feed_order { struct feed_part *part; int64_t from, given, epoch; }; /* from -1: no more; given, epoch: as of the part when it was ordered */

/* ---- which topics ---- */

struct feed_filter {
    char    *text;                         /* the list, cut into names */
    char   **names;     size_t n_names;
    regex_t *patterns;  size_t n_patterns;
    const char *also;
};
KL_MUST_CHECK enum kl_code feed_filter_init(struct feed_filter *filter, const char *topics, const char *also, struct kl_error *err);
void feed_filter_fini(struct feed_filter *filter);
bool feed_filter_takes(const struct feed_filter *filter, const char *topic);

/* ---- the feed ---- */

struct fetcher;

struct kl_feed {
    struct kl_feed_conf  conf;
    struct kl_feed_store store;
    struct feed_filter   filter;
    rd_kafka_t          *rk;                /* reads */
    rd_kafka_t          *watch;             /* asks: kafka_feed_watch.c says why it is another client */
    rd_kafka_queue_t    *queue;             /* the consumer's */
    rd_kafka_queue_t    *leaving;           /* while the group is left */
    struct kl_feed      *left_before;       /* kafka_feed.c: left_feeds */
    rd_kafka_queue_t    *displayed;         /* answers to the group's offsets; the store thread's */
    pthread_t            fetch_thread, watch_thread, store_thread;
    int                  n_threads;         /* started, in this order: store, fetch, watch */
    _Atomic bool         stopping;
    _Atomic bool         ended;             /* fatal was called */
    struct fetcher      *fetcher;           /* the fetch thread's, while it runs */

    pthread_mutex_t      lock;              /* guards what follows, and parts as said above */
    pthread_cond_t       work;              /* for the store thread: a batch, a view, the end */
    pthread_cond_t       room;              /* for the fetch thread: ready was taken, or a batch came back */
    pthread_cond_t       soon;              /* for the watch thread: asked_soon, the end */
    struct feed_topic   *topics;
    struct feed_batch   *ready;
    struct feed_batch   *spare[FEED_BATCHES];
    size_t               n_spare;
    struct feed_view    *view;
    bool                 asked_soon;
    struct feed_order   *orders;
    size_t               n_orders, orders_room;
    char                *cluster;           /* set once */
    int64_t              answered_us;       /* monotonic: when the cluster last answered; 0: never */
    bool                 synced;            /* a view has been worked through, all that can be read is being read */
    rd_kafka_topic_partition_list_t *ours;  /* of a shared store's feed: what the group gave us, by name; a row's offset is f->given of then */
    int64_t              given;             /* counts what the group gave */
    bool                 ours_changed;      /* since the store thread looked */
    bool                 joined;            /* the group has answered, or there was nothing to ask it for */
    char                 cluster_why[160];  /* why it did not answer */
    char                 paused_why[256];   /* "" when the store takes batches */

    /* the store thread's */
    bool                 introduced;        /* store.cluster was called */
    bool                 refused;           /* the store refused something of the last view: that has been said */
    bool                 contacted;
    bool                 first;             /* the first contact's topics are still being taken down */
    int64_t              display_at_us, upkeep_at_us;
    bool                 display_due, display_sent; /* something was stored; a commit is not answered yet */
    bool                 topics_moved;      /* the group has to be told of topics that came or went */
    int64_t              others_at_us;

    struct feed_batch    batches[FEED_BATCHES];
};

/* Ends reading for good; the first call tells conf.fatal. Any thread. */
void feed_fatal(struct kl_feed *f, enum kl_feed_end end, const char *why);

/* ms from now, for the conditions below. */
struct timespec feed_deadline(int64_t ms);

/* ---- a shared store ---- */

/* Sets what a member of a group needs. */
KL_MUST_CHECK enum kl_code feed_group_prepare(rd_kafka_conf_t *kafka, struct kl_error *err);
/* Tells the group which topics we take, when that has changed; the store thread. */
void feed_group_follow(struct kl_feed *f);
/* Under which number the partition was given to us; 0: it is not ours. Under feed->lock. */
int64_t feed_group_given(const struct kl_feed *f, const struct feed_part *part);
/* So that the others need not wait for us; after the threads have ended. false: the group did not answer in time. */
bool feed_group_leave(struct kl_feed *f);

/* The store thread's turn: what the group gave and took, and how far others are. */
void feed_share_tend(struct kl_feed *f);
/* The store answered KL_CONFLICT to the first n positions. Whatever it holds something else of than it was expected to is read anew
 * from there; their epochs (NULL: there are none) then differ from the partitions'. */
KL_MUST_CHECK enum kl_code feed_share_resolve(struct kl_feed *f, struct feed_part **parts, const struct kl_feed_position *positions,
                                              int64_t *epochs, size_t n, struct kl_error *err);
/* Gives reading up, to begin where the store will say; drops what was gathered. */
void feed_share_anew(struct kl_feed *f, struct feed_part *part);

/* Lets go of those of the list that are read, and returns their names, which are the caller's to unassign and destroy. store_first:
 * waits, within a bound, until what was gathered is stored. On the fetch thread, from a poll. */
rd_kafka_topic_partition_list_t *feed_fetch_let_go(struct fetcher *t, const rd_kafka_topic_partition_list_t *list, bool store_first);

/* Begins all that are read again, at what is fetched next. While the group divides, librdkafka pauses partitions, and goes on
 * by its own count afterwards, which has left records out (docs/decisions/0010-sharing-partitions.md). So our own word counts. From
 * the group's callback. */
void feed_fetch_restart(struct fetcher *t);

/* ---- the threads ---- */

void *feed_store_run(void *f);
void *feed_fetch_run(void *f);
void *feed_watch_run(void *f);

/* Takes the answer to the last commit for display, if it comes within wait_ms. */
void feed_display_answer(struct kl_feed *f, int wait_ms);

/* Asks the store where the partition was left; a partition that it does not know begins at 0 until more is known. */
KL_MUST_CHECK enum kl_code feed_part_position(struct kl_feed *f, struct feed_part *part, struct kl_error *err);

/* Works a view through; the store thread. *again: look once more at once, something was found that is not known yet. */
void feed_topics_apply(struct kl_feed *f, struct feed_view *view, bool *again);

/* Gives orders to the fetch thread, all or (no memory) none. */
KL_MUST_CHECK bool feed_order(struct kl_feed *f, const struct feed_order *orders, size_t n);
void feed_look_soon(struct kl_feed *f);
void feed_hear_of(struct kl_feed *f, const char *topic); /* somebody names it: look soon, if it is not read yet */

#endif
