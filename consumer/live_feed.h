/* live_feed.h - what live streams read when several consumers share a group: a feed of their own.
 *
 * The feed that stores receipts then reads only its share of the partitions, but a stream must see all of them on whichever
 * consumer its client came to. So each consumer fetches every topic once more, from the end that it had when the consumer
 * started; what is older a stream gets from a catch-up reader, as ever. A topic made later is read whole. Nothing is stored. */
#ifndef LIVE_FEED_H
#define LIVE_FEED_H

#include "live.h"

struct live_feed_conf {
    rd_kafka_conf_t *kafka;       /* taken always */
    const char      *topics;      /* kl_feed_conf's */
    int64_t          metadata_ms;
    size_t           batch_max;
    void           (*fatal)(void *ctx, enum kl_feed_end end, const char *why);
    void            *fatal_ctx;
};

/* Starts it and attaches live to it. *out is for kl_feed_stop(), before live_close(). */
KL_MUST_CHECK enum kl_code live_feed_start(struct kl_feed **out, struct live *live, const struct live_feed_conf *conf,
                                           struct kl_error *err);

#endif
