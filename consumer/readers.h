/* readers.h - reading the store: connections of their own, so that nobody waits for the writer, nor it for them.
 *
 * A reader serves one thread at a time: take it, ask, give it back; they are kept. Of a SQLite file there are as many as
 * threads ask at once. Of PostgreSQL there are so many and no more; taking one never waits, and a connection that is lost is
 * made again by a thread of the pool's own, while asking for it is refused. A statement there may take three seconds, so an
 * HTTP thread asks through reading.h. What a page shows is one state of the store, whatever is written meanwhile. */
#ifndef READERS_H
#define READERS_H

#include "err.h"
#include "hist.h"
#include "keys.h"
#include "receipt.h"
#include "waiters.h"

struct readers;
struct reader;

struct readers_conf {
    const char *store;        /* as store_conf's, which store_open has made */
    const char *const *migrations;
    struct keys *keys;
    int64_t      retention_ms;
    int64_t      connections; /* to PostgreSQL */
};

KL_MUST_CHECK enum kl_code readers_open(struct readers **out, const struct readers_conf *conf, struct kl_error *err);
/* Makes no connection any more, without waiting for one that is being made: so that readers_close need not. NULL is fine. */
void readers_end(struct readers *rs);
void readers_close(struct readers *rs); /* every reader has been given back; NULL is fine */

/* false: PostgreSQL could not be connected to when that was last tried; why says why. */
bool readers_ready(struct readers *rs, char *why, size_t why_size);

/* KL_BUSY: there is none now; *err says why. */
KL_MUST_CHECK enum kl_code readers_take(struct readers *rs, struct reader **out, struct kl_error *err);
void readers_give(struct readers *rs, struct reader *r); /* NULL is fine */

/* ---- one message ---- */

/* What is known of a message: KL_OK with state CONSUMED, FAILED, EXPIRED (retention removed it, or would have) or
 * UNKNOWN. A message that failed and was read all the same is CONSUMED. The receipt is the reader's, until its next call. */
KL_MUST_CHECK enum kl_code reader_find_id(struct reader *r, const struct kl_uuid *id, const struct receipt **out, struct kl_error *err);
KL_MUST_CHECK enum kl_code reader_find_place(struct reader *r, const char *topic, int32_t partition, int64_t offset,
                                             const struct receipt **out, struct kl_error *err);

/* The next calls of reader_find_id are for these ids, in this order: where each takes a round trip, what can be is asked
 * for at once. Until the reader is given back. */
KL_MUST_CHECK enum kl_code reader_expect(struct reader *r, const struct kl_uuid *ids, size_t n, struct kl_error *err);

/* ---- many ---- */

#define LIST_WORK_MAX 20000 /* receipts looked at for one page: some 60 ms. A page may so be short, or empty, and still have a next */

struct receipts_query {
    const char *topic;    /* NULL: any */
    const char *key;      /* NULL: any */
    size_t      key_len;
    int64_t     since_us; /* consumed then or later; INT64_MIN: ever */
    int64_t     until_us; /* and before this; INT64_MAX: until now */
    int64_t     before;   /* the next of the page before; INT64_MAX: from the newest */
    int         limit;
};

/* Calls each for the receipts, newest consumed first; it returns false to end the page before this one. *next: what
 * the next page begins before; 0: there is none. */
KL_MUST_CHECK enum kl_code reader_list(struct reader *r, const struct receipts_query *query,
                                       bool (*each)(void *ctx, const struct receipt *receipt), void *ctx, int64_t *next,
                                       struct kl_error *err);

/* ---- latencies ---- */

#define LATENCY_MINUTES_MAX_S (6 * 3600) /* windows longer than that are told by the hour */

/* Merges the histograms since from_s (by minutes or hours: step_s 60 or 3600) into *all, and calls each for every
 * minute or hour that has some, oldest first. topic NULL: all topics. */
KL_MUST_CHECK enum kl_code reader_latency(struct reader *r, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                                          void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx,
                                          struct kl_error *err);

/* ---- for others that wait (watch.h) ---- */

/* Calls known for each of the n that a question would find consumed or failed. Of a store that several consumers share. */
KL_MUST_CHECK enum kl_code reader_known(struct reader *r, const struct waited *waited, size_t n,
                                        void (*known)(void *ctx, const struct store_news *news), void *ctx, struct kl_error *err);

#endif
