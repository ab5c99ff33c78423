/* store_pg_internal.h - the writing side of a PostgreSQL database, as its parts see it.
 *
 * Several consumers write to one database. What keeps their batches apart is the fence: a transaction that stores a batch
 * first moves its positions on, each from where this consumer has read on, and is refused when one of them is elsewhere.
 *
 *   store_pg.c            opening, connecting, clusters
 *   store_pg_schema.c     the tables
 *   store_pg_topics.c     topics, incarnations, positions
 *   store_pg_batch.c      a batch: the fence, one transaction
 *   store_pg_receipts.c   a batch's receipts and ids
 *   store_pg_rows.c       the journal's rows, and the histograms'
 *   store_pg_totals.c     what all consumers have stored, for memory
 *   store_pg_retention.c  a day's tables: made and dropped */
#ifndef STORE_PG_INTERNAL_H
#define STORE_PG_INTERNAL_H

#include "pg.h"
#include "store_internal.h"
#include "store_pg.h"

#define STORE_PG_DAYS_KNOWN 16

/* Days whose tables were there when we looked. */
struct store_pg_days {
    int64_t days[STORE_PG_DAYS_KNOWN];
    size_t  n, oldest; /* the next to be forgotten, when all places are taken */
};

/* What a batch adds to a partition's sums. Those of the second line are known only after the fence has written the first. */
struct store_pg_sums {
    int64_t messages, bytes, negative;
    int64_t more_messages, more_bytes, duplicated, failed;
};

/* An id of the batch, for ids. */
struct store_pg_id {
    int64_t        day;
    struct kl_uuid id;
    int64_t        seq;
};

enum store_pg_array { ARRAY_INCARNATION, ARRAY_PART, ARRAY_WAS, ARRAY_NEXT, ARRAY_MARK_MS, ARRAY_MARK_NEXT, ARRAY_MESSAGES,
                      ARRAY_BYTES, ARRAY_NEGATIVE, ARRAYS };

struct store_pg {
    struct store   base;            /* first: store.c knows this */
    struct kl_pg  *db;
    int64_t        session;         /* the connection that the next three belong to */
    int            writer;          /* our number among those at work: the lowest bits of our receipts' numbers */
    bool           contacting;      /* we hold the lock of the first contact */
    int64_t        cluster;         /* its row; 0: not known yet */
    int64_t        seq;             /* the last number given */

    /* the batch under way */
    int64_t              *seqs;     /* of each record that became a receipt, rising */
    size_t               *seq_parts; /* and the place of its partition in the batch's positions */
    size_t                n_new;
    struct store_pg_id   *ids;      /* in the order of the table's key */
    size_t                n_ids;
    struct store_pg_sums *sums;     /* of each position */
    size_t                sums_room;
    struct kl_buf         rows;     /* the receipts, for COPY */
    struct kl_buf         arrays[ARRAYS];
    bool                  unsure;   /* the last commit's answer did not arrive */

    struct store_pg_days  receipts_days, ids_days;
    int64_t               dropping; /* about so many receipts, in the transaction under way */
    int64_t               upkeep_at_us, retain_at_us; /* monotonic: when they are due */
    char                  upkeep_why[256]; /* what upkeep failed of when it last ran; "": of nothing */
    int64_t               loaded_s;     /* store_pg_totals.c: when the totals were last loaded; 0: never */
};

static inline struct store_pg *store_pg_of(struct store *s)
{
    return (struct store_pg *)s;
}

/* Connects when that is needed, and takes what a session holds. Before each piece of work. */
KL_MUST_CHECK enum kl_code store_pg_ready(struct store_pg *s, struct kl_error *err);
KL_MUST_CHECK enum kl_code store_pg_state_set(struct store_pg *s, const char *name, int64_t value, struct kl_error *err);

/* kl_feed_store's functions of these names. */
enum kl_code store_pg_topic(void *s, struct kl_incarnation *inc, bool made_again, struct kl_error *err);
enum kl_code store_pg_gone(void *s, const struct kl_incarnation *inc, struct kl_error *err);
enum kl_code store_pg_position(void *s, struct kl_feed_position *at, struct kl_error *err);
enum kl_code store_pg_positions(void *s, struct kl_feed_position *at, size_t n, struct kl_error *err);
enum kl_code store_pg_batch(void *s, const struct kl_feed_batch *batch, struct kl_error *err);
void         store_pg_upkeep(void *s);

/* ---- store_pg_receipts.c ---- */

/* Before the transaction: the batch's receipts, numbered, as rows and ids, and counted in s->sums. */
KL_MUST_CHECK enum kl_code store_pg_receipts_gather(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err);
/* In it, after the fence. */
KL_MUST_CHECK enum kl_code store_pg_receipts_write(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err);
/* The place of the record's partition in the batch's positions. */
size_t store_pg_part_of(const struct kl_feed_batch *batch, const struct kl_feed_record *record, size_t last);
/* The next number, of something consumed then. */
int64_t store_pg_seq(struct store_pg *s, int64_t consumed_us);

/* ---- store_pg_rows.c ---- */

/* The histograms of what the batch under way has touched. */
KL_MUST_CHECK enum kl_code store_pg_steps_write(struct store_pg *s, int64_t at_s, struct kl_error *err);

/* store_ops's of these names. */
enum kl_code store_pg_doubts_read(struct store *s, int64_t incarnation, struct store_doubt **doubts, size_t *n_doubts, struct kl_error *err);
enum kl_code store_pg_failure_write(struct store *s, const struct kl_outcomes_head *head, int64_t number, const struct kl_outcome *o,
                                    struct kl_error *err);
enum kl_code store_pg_block_write(struct store *s, const struct kl_outcomes_head *head, const void *bytes, size_t len, struct kl_error *err);
enum kl_code store_pg_run_write(struct store *s, const struct kl_outcomes_head *head, struct kl_error *err);
enum kl_code store_pg_step_read(struct store *s, int64_t incarnation, int64_t step_s, struct store_step *step, struct kl_error *err);
enum kl_code store_pg_step_write(struct store *s, int64_t incarnation, int64_t step_s, int64_t at_s, struct kl_error *err);

/* ---- store_pg_totals.c ---- */

/* Sets the sums in memory to those of the database, which all consumers write. */
KL_MUST_CHECK enum kl_code store_pg_totals_load(struct store_pg *s, struct kl_error *err);

/* ---- store_pg_retention.c ---- */

/* Makes the tables that the batch under way needs. */
KL_MUST_CHECK enum kl_code store_pg_days_make(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err);
void store_pg_days_forget(struct store_pg *s);

#endif
