/* reader_pg.h - a reader of a PostgreSQL database, as its parts see it. */
#ifndef READER_PG_H
#define READER_PG_H

#include "pg.h"
#include "reader_internal.h"

#define READER_PG_ARRAYS 4

struct reader_pg {
    struct reader     base; /* first: readers.c knows this */
    struct kl_pg     *db;
    struct kl_buf     array[READER_PG_ARRAYS]; /* a statement's arguments */
    PGresult         *expected;    /* receipts of ids that are asked for next, in that order; NULL: none */
    int               expected_at; /* the next of its rows */
    struct reader_pg *next; /* in the pool */
};

/* reader_ops's functions of these names. */
enum kl_code reader_pg_find_id(struct reader *r, const struct kl_uuid *id, struct kl_error *err);
enum kl_code reader_pg_expect(struct reader *r, const struct kl_uuid *ids, size_t n, struct kl_error *err);
enum kl_code reader_pg_find_place(struct reader *r, const char *topic, int32_t partition, int64_t offset, struct kl_error *err);
enum kl_code reader_pg_list(struct reader *r, const struct receipts_query *query,
                            bool (*each)(void *ctx, const struct receipt *receipt), void *ctx, int64_t *next, struct kl_error *err);
enum kl_code reader_pg_latency(struct reader *r, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                               void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx, struct kl_error *err);
enum kl_code reader_pg_known(struct reader *r, const struct waited *waited, size_t n,
                             void (*known)(void *ctx, const struct store_news *news), void *ctx, struct kl_error *err);

/* A receipt's columns: of receipts r, incarnations i, and whether it is of the current cluster. */
#define READER_PG_COLUMNS \
    "i.cluster = (SELECT value FROM state WHERE name = 'cluster'), i.topic, r.seq, r.incarnation, r.part, r.pos, r.id, r.start," \
    " r.number, r.accepted_us, r.timestamp_ms, r.timestamp_type, r.consumed_us, r.key, r.key_bytes, r.value_bytes, r.headers_bytes," \
    " EXISTS (SELECT 1 FROM duplicates d WHERE d.id = r.id)"

/* Fills r->base.receipt from a row of these columns; false: it is of another cluster. */
bool reader_pg_fill(struct reader_pg *r, const PGresult *rows, int row);
/* After that: reads what else belongs to it, the journal's word and further receipts. */
KL_MUST_CHECK enum kl_code reader_pg_complete(struct reader_pg *r, const PGresult *rows, int row, struct kl_error *err);
int64_t reader_pg_seq(const PGresult *rows, int row);

#endif
