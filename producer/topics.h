/* topics.h - which topics there are: a cache, and the one thread that asks the cluster.
 *
 * A topic that is known is found without a lock. One that is not is asked for: the thread looks into the cluster's list,
 * creates it when it may, waits until its partitions have leaders, and tells whoever asked. A "no" is kept for a second,
 * so that nobody can make us ask the cluster in a loop. Every REFRESH_MS the list is read again: new partitions are used,
 * deleted topics no longer answered for. */
#ifndef PRODUCER_TOPICS_H
#define PRODUCER_TOPICS_H

#include <stddef.h>

#include "err.h"
#include "kafka_producer.h"
#include "partition.h"
#include "topic.h"

struct topics;

/* How a topic is made. */
struct topics_plan {
    int32_t partitions;
    int32_t replication;  /* -1: the broker's default */
    int64_t retention_ms; /* 0: the broker's default */
};

struct topics_conf {
    struct kl_producer *producer;
    bool                create;    /* make topics that are missing */
    struct topics_plan  plan;
    int64_t             refresh_ms;
    int64_t             wait_ms;   /* how long an ask may take */
    int64_t             limits_ms; /* how long to wait for a topic's max.message.bytes; without it our own limit stands */
};

KL_MUST_CHECK enum kl_code topics_start(struct topics **out, const struct topics_conf *conf, struct kl_error *err);
/* Whoever still waits is told KL_BUSY; ends the thread. Topics stay until topics_free. */
void topics_stop(struct topics *ts);
void topics_free(struct topics *ts); /* NULL is fine; after the producer's last report, before it is closed */

/* NULL: not in the cache, or not in the cluster as far as we know. Any thread. */
struct topic *topics_find(struct topics *ts, const char *name);

struct topics_waiter {
    /* Once, on the topics' thread: topic, or NULL and why (KL_NOT_FOUND, KL_FORBIDDEN, KL_TIMEOUT, ...). */
    void (*found)(struct topics_waiter *w, struct topic *topic, const struct kl_error *why);
    char                      name[KL_TOPIC_BYTES];
    const struct topics_plan *plan;       /* make it so, even without conf.create; NULL: conf's */
    int64_t                   due_us;     /* from here the module's */
    bool                      created;
    struct topics_waiter     *next;
};
/* KL_OK: found will be called. Else it will not: KL_NOT_FOUND (it was just looked for), KL_BUSY (too many wait). */
KL_MUST_CHECK enum kl_code topics_ask(struct topics *ts, struct topics_waiter *w, struct kl_error *err);

/* Something went wrong with a topic: read the list soon. Any thread. */
void topics_doubt(struct topics *ts);

/* Calls each(ctx, p) for all partitions that ever were. After topics_stop, or on the polling thread. */
void topics_each(struct topics *ts, void (*each)(void *ctx, struct partition *p), void *ctx);
size_t topics_count(const struct topics *ts);

#endif
