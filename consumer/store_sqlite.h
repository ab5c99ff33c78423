/* store_sqlite.h - the writing side of a SQLite file, as its parts see it.
 *
 *   store_sqlite.c            opening, clusters
 *   store_sqlite_schema.c     the tables
 *   store_sqlite_topics.c     topics, incarnations, positions
 *   store_sqlite_batch.c      a batch: one transaction
 *   store_sqlite_receipt.c    one record's receipt
 *   store_sqlite_rows.c       the journal's rows, and the histograms'
 *   store_sqlite_retention.c  what is removed */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "sqlite.h"
#include "store_internal.h"

struct store_sqlite {
    struct store       base;             /* first: store.c knows this */
    struct kl_sqlite  *db;
    int64_t            cluster;          /* its row; 0: not known yet */
    int64_t            first_seq;        /* the oldest receipt's number, as far as retention has gone */
    int64_t            next_seq;
    bool               has_duplicates;   /* the table duplicates has rows */

    /* the batch under way */
    uint32_t          *key_hashes;       /* of each new receipt */
    size_t             n_new;

    /* retention */
    int64_t            horizon_us;       /* no kept receipt needs blocks older than this; 0: not known */
    int64_t            upkeep_at_us;     /* monotonic: when the slow part is due */
};

/* Steps st and resets it: the value of its first column, or absent when there is no row or it is NULL. */
KL_MUST_CHECK enum kl_code store_sqlite_number(struct store_sqlite *s, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err);
/* The constant statement, or NULL with *err filled. */
sqlite3_stmt *store_sqlite_statement(struct store_sqlite *s, const char *sql, struct kl_error *err);
KL_MUST_CHECK enum kl_code store_sqlite_state_set(struct store_sqlite *s, const char *name, int64_t value, struct kl_error *err);

/* What kl_feed_store's functions of these names are. */
enum kl_code store_sqlite_topic(void *s, struct kl_incarnation *inc, bool made_again, struct kl_error *err);
enum kl_code store_sqlite_gone(void *s, const struct kl_incarnation *inc, struct kl_error *err);
enum kl_code store_sqlite_position(void *s, struct kl_feed_position *at, struct kl_error *err);
enum kl_code store_sqlite_batch(void *s, const struct kl_feed_batch *batch, struct kl_error *err);
void         store_sqlite_upkeep(void *s);

KL_MUST_CHECK enum kl_code store_sqlite_receipt(struct store_sqlite *s, const struct kl_feed_record *record,
                                                const struct store_header *header, struct kl_error *err);
/* Fills totals with the last hour's latency. */
KL_MUST_CHECK enum kl_code store_sqlite_latency_load(struct store_sqlite *s, struct kl_error *err);

/* store_ops's of these names. */
enum kl_code store_sqlite_doubts_read(struct store *s, int64_t incarnation, struct store_doubt **doubts, size_t *n_doubts, struct kl_error *err);
enum kl_code store_sqlite_failure_write(struct store *s, const struct kl_outcomes_head *head, int64_t number, const struct kl_outcome *o,
                                        struct kl_error *err);
enum kl_code store_sqlite_block_write(struct store *s, const struct kl_outcomes_head *head, const void *bytes, size_t len,
                                      struct kl_error *err);
enum kl_code store_sqlite_run_write(struct store *s, const struct kl_outcomes_head *head, struct kl_error *err);
enum kl_code store_sqlite_step_read(struct store *s, int64_t incarnation, int64_t step_s, struct store_step *step, struct kl_error *err);
enum kl_code store_sqlite_step_write(struct store *s, int64_t incarnation, int64_t step_s, int64_t at_s, struct kl_error *err);

#endif
