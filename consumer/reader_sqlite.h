/* reader_sqlite.h - a reader of a SQLite file, as its parts see it. */
#ifndef READER_SQLITE_H
#define READER_SQLITE_H

#include "reader_internal.h"
#include "sqlite.h"

struct reader_sqlite {
    struct reader         base; /* first: readers.c knows this */
    struct kl_sqlite     *db;
    int64_t               tail[LIST_WORK_MAX]; /* of a page by key: its receipts in the keys' tail */
    struct reader_sqlite *next; /* in the pool */
};

/* reader_ops's functions of these names. */
enum kl_code reader_sqlite_find_id(struct reader *r, const struct kl_uuid *id, struct kl_error *err);
enum kl_code reader_sqlite_find_place(struct reader *r, const char *topic, int32_t partition, int64_t offset, struct kl_error *err);
enum kl_code reader_sqlite_list(struct reader *r, const struct receipts_query *query,
                                bool (*each)(void *ctx, const struct receipt *receipt), void *ctx, int64_t *next, struct kl_error *err);
enum kl_code reader_sqlite_latency(struct reader *r, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                                   void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx, struct kl_error *err);

/* A read transaction: begin it before the first question of a call, end it on every way out. */
KL_MUST_CHECK enum kl_code reader_sqlite_begin(struct reader_sqlite *r, struct kl_error *err);
void reader_sqlite_end(struct reader_sqlite *r);

/* Steps st and resets it: the value of its first column, or absent when there is no row or it is NULL. */
KL_MUST_CHECK enum kl_code reader_sqlite_number(struct reader_sqlite *r, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err);

/* Fills r->base.receipt from the receipt of this number; *found: it is there and of the current cluster. */
KL_MUST_CHECK enum kl_code reader_sqlite_load(struct reader_sqlite *r, int64_t seq, bool *found, struct kl_error *err);

#endif
