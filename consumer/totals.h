/* totals.h - what has been consumed so far, in memory, so that GET /status costs nothing.
 * The store's thread adds after each commit; any thread looks. The same numbers are in the store. */
#ifndef TOTALS_H
#define TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "hist.h"
#include "topic.h"

#define TOTALS_RATE_S 10 /* a rate is over so many whole seconds */

struct totals;

/* Sums of one topic, its incarnations together. */
struct totals_topic {
    char    topic[KL_TOPIC_BYTES];
    int64_t messages, bytes, duplicated, negative;
    double  rate;       /* messages a second, lately */
};

struct totals_view {
    int64_t since_us;               /* 0: nothing was ever read */
    int64_t failed;
    struct totals_topic  all;
    struct totals_topic *topics;    /* by name */
    size_t               n_topics;
    struct kl_hist       latency;   /* of the last hour */
};

KL_MUST_CHECK enum kl_code totals_new(struct totals **out, struct kl_error *err);
void totals_free(struct totals *t); /* NULL is fine */

/* ---- the store's thread ---- */

/* Begins again, for another cluster. */
void totals_reset(struct totals *t, int64_t since_us, int64_t failed);

/* The place of a topic, for totals_add; -1: no memory. Places stay until totals_reset. */
int  totals_place(struct totals *t, const char *topic);

struct totals_delta {
    int64_t messages, bytes, duplicated, negative;
    const struct kl_hist *latency; /* NULL: none; counted in the minute of at_s */
};
/* at_s: seconds since 1970. Old ones count in no rate and, over an hour old, in no latency. */
void totals_add(struct totals *t, int place, int64_t at_s, const struct totals_delta *delta);
void totals_add_failed(struct totals *t, int64_t failed);

/* Where several consumers write one store, each adds its own at once and sets, each second, what the store has of all:
 * then all tell the same. What others have added counts in the rate of at_s. latency of sums is left out. */
void totals_set(struct totals *t, int place, int64_t at_s, const struct totals_delta *sums);
void totals_set_cluster(struct totals *t, int64_t since_us, int64_t failed);
/* The latency of all topics in the minute of at_s. */
void totals_set_latency(struct totals *t, int64_t at_s, const struct kl_hist *latency);

/* ---- any thread ---- */

/* Fills *view; its topics are the caller's to free(). KL_BUSY: no memory. */
KL_MUST_CHECK enum kl_code totals_look(struct totals *t, int64_t now_s, struct totals_view *view, struct kl_error *err);

#endif
