/* reader_internal.h - what the parts of a reader share: readers.c (the pool), reader_find.c, reader_list.c, reader_latency.c. */
#ifndef READER_INTERNAL_H
#define READER_INTERNAL_H

#include "readers.h"
#include "sqlite.h"
#include "topic.h"

/* The block that the last receipt was joined with: neighbours share it. */
struct reader_block {
    uint64_t      start;
    char          topic[KL_TOPIC_BYTES];
    int32_t       partition;
    int64_t       first, count; /* count 0: nothing is kept */
    struct kl_buf bytes;
};

struct reader {
    const struct readers_conf *conf;
    struct kl_sqlite   *db;
    struct receipt      receipt;
    struct reader_block block;
    int64_t             tail[LIST_WORK_MAX]; /* of a page by key: its receipts in the keys' tail */
    struct reader      *next; /* in the pool */
};

/* A read transaction: begin it before the first question of a call, end it on every way out. */
KL_MUST_CHECK enum kl_code reader_begin(struct reader *r, struct kl_error *err);
void reader_end(struct reader *r);

/* Steps st and resets it: the value of its first column, or absent when there is no row or it is NULL. */
KL_MUST_CHECK enum kl_code reader_number(struct reader *r, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err);

/* Fills r->receipt from the receipt of this number; *found: it is there and of the current cluster. */
KL_MUST_CHECK enum kl_code reader_load(struct reader *r, int64_t seq, bool *found, struct kl_error *err);

#endif
