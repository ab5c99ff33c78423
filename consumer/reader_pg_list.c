/* reader_pg_list.c - receipts, newest first.
 *
 * Numbers are the order of consumption, and made of its time (store_pg.h), so `since`, `until` and the page's cursor are
 * bounds of one column, and each day's table is read backwards along an index that ends in it:
 *   all     the numbers themselves
 *   topic   the numbers of its incarnations, each by itself, then merged
 *   key     those with the hash of the key
 * Rows come a piece at a time, until the page is full or too much was looked at. */
#include "clock.h"
#include "keys.h"
#include "reader_pg.h"
#include "store_pg.h"

#define PIECE_MIN 100  /* rows asked for at once: at first at least so many, since some may not match, */
#define PIECE_MAX 2000 /* and more each time, when hardly any does */
#define PAGE_MS   5000 /* a page that took so long ends, as one that has looked at LIST_WORK_MAX */

struct walk {
    struct reader_pg *r;
    const struct receipts_query *query;
    const char *sql;
    int64_t before, oldest; /* what comes next is under the one, and not under the other */
    int piece, given, looked;
};

/* A topic's and a key's index is named by comparing and ordering both of its columns, and nothing else. With an equality, or
 * a bound of seq by itself, the planner may as well read all receipts backwards for those that match, which for a rare one
 * never ends. */
static const char ALL[] =
    "SELECT " READER_PG_COLUMNS " FROM (SELECT * FROM receipts r WHERE r.seq < $1 AND r.seq >= $2 ORDER BY r.seq DESC LIMIT $3) r"
    " JOIN incarnations i ON i.id = r.incarnation ORDER BY r.seq DESC";
static const char OF_TOPIC[] =
    "SELECT " READER_PG_COLUMNS " FROM incarnations i CROSS JOIN LATERAL (SELECT * FROM receipts r"
    " WHERE (r.incarnation, r.seq) < (i.id, $1) AND (r.incarnation, r.seq) >= (i.id, $2)"
    " ORDER BY r.incarnation DESC, r.seq DESC LIMIT $3) r"
    " WHERE i.topic = $4 AND i.cluster = (SELECT value FROM state WHERE name = 'cluster') ORDER BY r.seq DESC LIMIT $3";
static const char WITH_KEY[] =
    "SELECT " READER_PG_COLUMNS " FROM (SELECT * FROM receipts r WHERE r.key_hash IS NOT NULL"
    " AND (r.key_hash, r.seq) < ($4::int, $1) AND (r.key_hash, r.seq) >= ($4::int, $2)"
    " ORDER BY r.key_hash DESC, r.seq DESC LIMIT $3) r JOIN incarnations i ON i.id = r.incarnation ORDER BY r.seq DESC";

static int64_t hash_of(const struct receipts_query *q)
{
    return (int32_t)keys_hash(q->key, q->key_len < RECEIPT_KEY_MAX ? q->key_len : RECEIPT_KEY_MAX);
}

static enum kl_code piece_read(const struct walk *w, PGresult **rows, struct kl_error *err)
{
    const struct receipts_query *q = w->query;
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, w->before);
    kl_pg_int(&args, w->oldest);
    kl_pg_int(&args, w->piece);
    if (w->sql == OF_TOPIC)
        kl_pg_text(&args, q->topic);
    else if (w->sql == WITH_KEY)
        kl_pg_int(&args, hash_of(q));
    return kl_pg_run(w->r->db, w->sql, &args, rows, err);
}

/* Gives a row on, if it is asked for. *full: the page ends before it. */
static enum kl_code row_give(struct walk *w, const PGresult *rows, int row, bool (*each)(void *ctx, const struct receipt *receipt), void *ctx,
                             bool *full, struct kl_error *err)
{
    struct receipt *receipt = &w->r->base.receipt;
    enum kl_code code;

    if (!reader_pg_fill(w->r, rows, row) || !reader_matches(w->query, receipt))
        return KL_OK;
    *full = w->given == w->query->limit;
    if (*full)
        return KL_OK;
    code = reader_pg_complete(w->r, rows, row, err);
    *full = !code && !each(ctx, receipt);
    w->given += !code && !*full;
    return code;
}

static enum kl_code piece_give(struct walk *w, const PGresult *rows, bool (*each)(void *ctx, const struct receipt *receipt), void *ctx,
                               bool *full, struct kl_error *err)
{
    for (int i = 0; i < PQntuples(rows) && w->looked < LIST_WORK_MAX; i++) {
        enum kl_code code = row_give(w, rows, i, each, ctx, full, err);

        if (code || *full)
            return code;
        w->before = reader_pg_seq(rows, i);
        w->looked++;
    }
    return KL_OK;
}

/* One more match is looked for behind a full page, so that the last page says it is the last. */
static enum kl_code page_walk(struct walk *w, bool (*each)(void *ctx, const struct receipt *receipt), void *ctx, int64_t *next,
                              struct kl_error *err)
{
    int64_t until_us = kl_mono_us() + PAGE_MS * INT64_C(1000);
    bool full = false, end = false;

    while (!full && !end && w->looked < LIST_WORK_MAX && (w->looked == 0 || kl_mono_us() < until_us)) {
        PGresult *rows;
        enum kl_code code = piece_read(w, &rows, err);

        if (code)
            return code;
        code = piece_give(w, rows, each, ctx, &full, err);
        end = PQntuples(rows) < w->piece && w->looked < LIST_WORK_MAX;
        PQclear(rows);
        if (code)
            return code;
        w->piece = w->piece * 4 < PIECE_MAX ? w->piece * 4 : PIECE_MAX;
    }
    *next = end && !full ? 0 : w->before;
    return KL_OK;
}

enum kl_code reader_pg_list(struct reader *reader, const struct receipts_query *q, bool (*each)(void *ctx, const struct receipt *receipt),
                            void *ctx, int64_t *next, struct kl_error *err)
{
    static const char SNAPSHOT[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    struct reader_pg *r = (struct reader_pg *)reader;
    struct walk w = { .r = r, .query = q, .sql = q->key ? WITH_KEY : q->topic ? OF_TOPIC : ALL };
    int64_t until = store_pg_seq_of(q->until_us);
    enum kl_code code;

    w.before = until < q->before ? until : q->before;
    w.oldest = store_pg_seq_of(q->since_us);
    w.piece = q->limit + 1 > PIECE_MIN ? q->limit + 1 : PIECE_MIN;
    reader_blocks_forget(reader);
    code = kl_pg_exec(r->db, SNAPSHOT, err);
    if (!code)
        code = page_walk(&w, each, ctx, next, err);
    kl_pg_rollback(r->db); /* nothing was written */
    return code;
}
