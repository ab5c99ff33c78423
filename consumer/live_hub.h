/* live_hub.h - the inside of live.h: topics, their rings, who follows them.
 *
 *   live.c          opening, closing, the list of clients, the thread that wakes them
 *   live_topics.c   what the feed hands over and says
 *   live_follow.c   a client's place in a topic
 *   live_ring.c     a topic's last messages
 *   live_client.c   a stream, as HTTP pulls it
 *   live_catchup.c  the readers for clients that are behind; live_kafka.c is where they read
 *   live_writer.c   a client's events and its position; live_event.c their bytes
 *
 * Locks, in the order they are taken when more than one is:
 *     clients_lock   the list of clients and each topic's followers; the feed never takes it
 *     catch-up's     live_catchup.c
 *     client->lock   live_client.h
 *     lock           topics and rings; held for a copy of a few records, never while anything waits
 */
#ifndef LIVE_HUB_H
#define LIVE_HUB_H

#include <pthread.h>

#include "live.h"
#include "live_ring.h"
#include "metrics.h"
#include "topic.h"

#define LIVE_SOON_S 1 /* when to come back for what is not there yet */

struct live_catchup;
struct live_client;
struct live_follow;
struct live_source;

struct live_topic {
    char name[KL_TOPIC_BYTES];
    /* under live->lock */
    struct live_ring ring;
    bool followed;                        /* the feed reads it, as last heard */
    bool dirty;                           /* in live->dirty */
    STAILQ_ENTRY(live_topic) in_dirty;
    /* under live->clients_lock; n_followers is also read by the feed */
    TAILQ_HEAD(, live_follow) followers;
    _Atomic int64_t n_followers;
};

/* What the feed says of its partitions (kl_feed_partitions, or a test's own). */
struct live_feed {
    size_t (*partitions)(void *ctx, struct kl_feed_partition **out);
    void *ctx;
};

struct live {
    struct live_conf conf;
    struct live_catchup *catchup;
    rd_kafka_conf_t *kafka;               /* of the readers' consumers; NULL in tests */
    pthread_t thread;                     /* wakes clients, paces heartbeats */

    pthread_mutex_t lock;                 /* guards what follows */
    pthread_cond_t  changed;              /* dirty or stop */
    struct live_rings rings;
    struct live_topic **topics;           /* by name; a topic stays until the end */
    size_t n_topics, topics_size;
    STAILQ_HEAD(, live_topic) dirty;      /* got something, and have followers */
    bool stop;

    pthread_mutex_t clients_lock;         /* guards what follows */
    TAILQ_HEAD(, live_client) clients;
    int64_t n_clients;

    pthread_mutex_t learn_lock;           /* guards what follows */
    struct live_feed feed;                /* partitions NULL: not attached */
    int64_t learned_us;                   /* kl_mono_us of the last look */

    /* the feed thread's own */
    const struct kl_incarnation *last;    /* of the record before, */
    struct live_topic *last_topic;        /* and its topic; NULL: not one of messages */
    struct kl_buf headers;
};

/* live_open and live_attach with a test's own parts; source is borrowed until live_close. */
KL_MUST_CHECK enum kl_code live_open_on(struct live **out, const struct live_conf *conf,
                                        const struct live_source *source, void *source_ctx, struct kl_error *err);
void live_attach_to(struct live *live, struct live_feed feed);

/* Asks the feed what it follows, unless that was done lately; urgent: a topic was asked for that is not known.
 * false: no feed is attached. */
bool live_learn(struct live *live, bool urgent);

/* NULL: not known. Under live->lock. */
struct live_topic *live_topic_find(const struct live *live, const char *name);

/* ---- for clients (live_follow.c); each takes live->lock ---- */

/* Where a client stands in a topic. Belongs to whoever moves the client: first its opener, then the catch-up
 * reader, from the joining on the thread that pulls. */
struct live_follow {
    struct live_client *client;
    struct live_topic  *topic;
    TAILQ_ENTRY(live_follow) link;        /* in topic->followers, under clients_lock */
    struct live_cursor  cursor;           /* in the ring, once joined */
    int64_t             life;             /* the incarnation that next is about */
    int64_t            *next;             /* of partitions 0..n-1, owned; further ones: 0 */
    int32_t             n;
};

/* next has room for n partitions, new ones at 0. false: no memory. */
bool live_follow_reach(struct live_follow *f, int32_t n);

/* Finds the topic and stands behind its last message. KL_NOT_FOUND; KL_BUSY: the feed does not know it in full yet. */
KL_MUST_CHECK enum kl_code live_follow_open(struct live_follow *f, struct live *live, const char *topic,
                                            struct kl_error *err);

/* A topic now: its life, its partitions, whether the feed still reads it. */
struct live_now { int64_t life; int32_t n_parts; bool followed; };
struct live_now live_topic_now(struct live *live, const struct live_topic *topic);

/* The offset from which the ring is whole. */
int64_t live_topic_from(struct live *live, const struct live_topic *topic, int32_t partition);

enum live_join {
    LIVE_JOINED,  /* every cursor is set */
    LIVE_BEHIND,  /* some partition lies before its ring */
    LIVE_CHANGED, /* a topic has a new life, new partitions, or is gone: look again */
};
/* checked: the positions are known not to lie beyond the ends of the logs. */
enum live_join live_join(struct live *live, struct live_follow *follows, size_t n, bool checked);

/* What comes next on one of the topics. */
struct live_step {
    struct live_follow *follow;
    int64_t  life;          /* of what comes next; another than follow's: the topic was made again, with */
    int32_t  n_parts;       /* so many partitions */
    uint64_t skipped;       /* the ring dropped so many before the client got to them, */
    int64_t *resume;        /* and goes on here, for partitions 0..n_resume-1; the caller's to free. NULL: no memory */
    int32_t  n_resume;
    bool     more;          /* slice is there */
    struct live_slice slice;
};
/* Looks at follows[*turn] first, and moves *turn on, so that no topic waits for another. false: nothing. */
bool live_next(struct live *live, struct live_follow *follows, size_t n, size_t *turn, struct live_step *step);

/* ---- the list of clients (live.c); each takes live->clients_lock ---- */
bool live_admit(struct live *live);                               /* false: STREAMS_MAX are there */
void live_leave(struct live *live);                               /* gives an admission back */
void live_enlist(struct live *live, struct live_client *c);
void live_delist(struct live *live, struct live_client *c);

/* ---- metrics (live_metrics.c) ---- */
enum live_metric {
    LIVE_STREAMS, LIVE_REFUSED, LIVE_EVENTS, LIVE_LAGGED, LIVE_SKIPPED, LIVE_GAPS, LIVE_CATCHUP_RUNNING,
    LIVE_CATCHUP_WAITING, LIVE_CATCHUP_FAILED, LIVE_RING_BYTES, LIVE_METRICS
};
extern struct kl_metric live_metrics[LIVE_METRICS];
void live_metrics_register(void); /* once is enough, more do no harm */

#endif
