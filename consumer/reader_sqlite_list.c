/* reader_sqlite_list.c - receipts, newest first.
 *
 * A walk yields receipts' numbers in falling order, and the page loads and checks each. Three walks, by what narrows
 * most:
 *   all     the numbers themselves
 *   topic   a merge of its partitions, each read backwards along the index of places (numbers rise with offsets)
 *   key     the keys' tail in memory, then a seek into each run, the youngest first (keys.h)
 * `since` and `until` are numbers too: found by bisection, since numbers are in the order of time. */
#include "reader_sqlite.h"

#include <stdlib.h>
#include <string.h>

struct head { /* a partition's youngest receipt that was not yielded yet */
    int64_t incarnation;
    int32_t partition;
    int64_t pos, seq; /* seq 0: none is left */
};

struct walk {
    struct reader_sqlite *r;
    const struct receipts_query *query;
    enum kl_code (*step)(struct walk *w, int64_t *seq, struct kl_error *err); /* *seq 0: the end */
    int64_t before; /* what comes next is under this */

    struct head *heads; /* topic */
    size_t       n_heads;

    uint32_t hash;      /* key */
    size_t   n_tail, tail_at;
    int64_t  tail_first, run, oldest_run; /* run -1: not begun */
};

/* ---- all ---- */

static enum kl_code step_all(struct walk *w, int64_t *seq, struct kl_error *err)
{
    static const char UNDER[] = "SELECT max(seq) FROM receipts WHERE seq < ?1";
    sqlite3_stmt *st = kl_sqlite_statement(w->r->db, UNDER, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, w->before);
    return reader_sqlite_number(w->r, st, 0, seq, err);
}

/* ---- topic ---- */

/* The receipt with the highest offset under pos. */
static enum kl_code head_under(struct reader_sqlite *r, struct head *head, int64_t pos, struct kl_error *err)
{
    static const char UNDER[] = "SELECT pos, seq FROM receipts WHERE incarnation = ?1 AND part = ?2 AND pos < ?3 ORDER BY pos DESC LIMIT 1";
    sqlite3_stmt *st = kl_sqlite_statement(r->db, UNDER, err);
    enum kl_code code = KL_OK;
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, head->incarnation);
    sqlite3_bind_int(st, 2, head->partition);
    sqlite3_bind_int64(st, 3, pos);
    rc = sqlite3_step(st);
    head->seq = 0;
    if (rc == SQLITE_ROW) {
        head->pos = sqlite3_column_int64(st, 0);
        head->seq = sqlite3_column_int64(st, 1);
    } else if (rc != SQLITE_DONE) {
        code = kl_sqlite_fail(r->db, "cannot read receipts", err);
    }
    sqlite3_reset(st);
    return code;
}

/* The youngest receipt of the partition with a number under before. Bisects offsets: those under low have numbers under
 * before, those from high on have not. */
static enum kl_code head_begin(struct reader_sqlite *r, struct head *head, int64_t before, struct kl_error *err)
{
    int64_t low = 0, high;
    enum kl_code code = head_under(r, head, INT64_MAX, err);

    if (code || head->seq < before)
        return code;
    high = head->pos;
    while (!code && low < high) {
        int64_t middle = low + (high - low + 1) / 2;

        code = head_under(r, head, middle, err);
        if (head->seq < before) /* also when there is none */
            low = middle;
        else
            high = head->pos;
    }
    return code ? code : head_under(r, head, low, err);
}

static enum kl_code heads_count(struct walk *w, int64_t *n, struct kl_error *err)
{
    static const char COUNT[] = "SELECT count(*) FROM offsets o JOIN incarnations i ON i.id = o.incarnation WHERE i.topic = ?1"
                                " AND i.cluster = (SELECT value FROM state WHERE name = 'cluster')";
    sqlite3_stmt *st = kl_sqlite_statement(w->r->db, COUNT, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, w->query->topic, -1, SQLITE_STATIC);
    return reader_sqlite_number(w->r, st, 0, n, err);
}

static enum kl_code heads_list(struct walk *w, int64_t n, struct kl_error *err)
{
    static const char PARTITIONS[] = "SELECT o.incarnation, o.part FROM offsets o JOIN incarnations i ON i.id = o.incarnation"
                                     " WHERE i.topic = ?1 AND i.cluster = (SELECT value FROM state WHERE name = 'cluster')";
    sqlite3_stmt *st = kl_sqlite_statement(w->r->db, PARTITIONS, err);

    if (!st)
        return err->code;
    w->heads = calloc((size_t)n + 1, sizeof *w->heads);
    if (!w->heads)
        return kl_fail(err, KL_BUSY, "no memory for a topic's partitions");
    sqlite3_bind_text(st, 1, w->query->topic, -1, SQLITE_STATIC);
    while (w->n_heads < (size_t)n && sqlite3_step(st) == SQLITE_ROW)
        w->heads[w->n_heads++] = (struct head){ sqlite3_column_int64(st, 0), sqlite3_column_int(st, 1), 0, 0 };
    sqlite3_reset(st);
    return KL_OK;
}

static enum kl_code heads_begin(struct walk *w, struct kl_error *err)
{
    int64_t n = 0;
    enum kl_code code = heads_count(w, &n, err);

    if (!code)
        code = heads_list(w, n, err);
    for (size_t i = 0; !code && i < w->n_heads; i++)
        code = head_begin(w->r, &w->heads[i], w->before, err);
    return code;
}

static enum kl_code step_topic(struct walk *w, int64_t *seq, struct kl_error *err)
{
    struct head *youngest = NULL;

    for (size_t i = 0; i < w->n_heads; i++)
        if (w->heads[i].seq && (!youngest || w->heads[i].seq > youngest->seq))
            youngest = &w->heads[i];
    *seq = youngest ? youngest->seq : 0;
    return youngest ? head_under(w->r, youngest, youngest->pos, err) : KL_OK;
}

/* ---- key ---- */

static enum kl_code run_under(struct walk *w, int64_t *seq, struct kl_error *err)
{
    static const char IN_RUN[] = "SELECT max(seq) FROM key_runs WHERE run = ?1 AND hash = ?2 AND seq < ?3";
    sqlite3_stmt *st = kl_sqlite_statement(w->r->db, IN_RUN, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, w->run);
    sqlite3_bind_int64(st, 2, w->hash);
    sqlite3_bind_int64(st, 3, w->before);
    return reader_sqlite_number(w->r, st, 0, seq, err);
}

/* The runs are asked only under what the tail held: a run that was built since then is in both. */
static enum kl_code runs_begin(struct walk *w, struct kl_error *err)
{
    static const char OLDEST[] = "SELECT min(run) FROM key_runs";
    sqlite3_stmt *st = kl_sqlite_statement(w->r->db, OLDEST, err);

    if (w->before > w->tail_first)
        w->before = w->tail_first;
    w->run = w->before > 0 ? (w->before - 1) / KEYS_RUN : 0;
    return st ? reader_sqlite_number(w->r, st, INT64_MAX, &w->oldest_run, err) : err->code;
}

static enum kl_code step_runs(struct walk *w, int64_t *seq, struct kl_error *err)
{
    enum kl_code code = w->run < 0 ? runs_begin(w, err) : KL_OK;

    for (*seq = 0; !code && w->run >= w->oldest_run; w->run--) {
        code = run_under(w, seq, err);
        if (*seq)
            break; /* the same run is asked again, under this one */
    }
    return code;
}

static enum kl_code step_key(struct walk *w, int64_t *seq, struct kl_error *err)
{
    if (w->tail_at == w->n_tail)
        return step_runs(w, seq, err);
    *seq = w->r->tail[w->tail_at++];
    return KL_OK;
}

/* ---- any walk ---- */

/* The tail is read before the transaction begins, and whole: a run that is built meanwhile is in the transaction too
 * or not, and what it holds was in the tail. */
static void walk_prepare(struct walk *w)
{
    const struct receipts_query *q = w->query;

    w->run = -1;
    w->step = q->key ? step_key : q->topic ? step_topic : step_all;
    if (!q->key)
        return;
    w->hash = keys_hash(q->key, q->key_len < RECEIPT_KEY_MAX ? q->key_len : RECEIPT_KEY_MAX);
    w->n_tail = keys_tail(w->r->base.conf->keys, w->hash, w->before, w->r->tail, LIST_WORK_MAX, &w->tail_first);
}

/* The first number that was consumed at us or later. */
static enum kl_code number_at(struct reader_sqlite *r, int64_t us, int64_t *number, struct kl_error *err)
{
    static const char FIRST[] = "SELECT min(seq) FROM receipts";
    static const char LAST[] = "SELECT max(seq) FROM receipts";
    static const char CONSUMED[] = "SELECT consumed_us FROM receipts WHERE seq >= ?1 ORDER BY seq LIMIT 1";
    sqlite3_stmt *st = kl_sqlite_statement(r->db, FIRST, err);
    int64_t low = 1, high = 0, consumed_us;
    enum kl_code code = st ? reader_sqlite_number(r, st, 1, &low, err) : err->code;

    st = code ? NULL : kl_sqlite_statement(r->db, LAST, err);
    if (!code)
        code = st ? reader_sqlite_number(r, st, 0, &high, err) : err->code;
    high++;
    while (!code && low < high) {
        int64_t middle = low + (high - low) / 2;

        st = kl_sqlite_statement(r->db, CONSUMED, err);
        if (!st)
            return err->code;
        sqlite3_bind_int64(st, 1, middle);
        code = reader_sqlite_number(r, st, INT64_MAX, &consumed_us, err);
        if (consumed_us < us)
            low = middle + 1;
        else
            high = middle;
    }
    *number = low;
    return code;
}

/* Where the page begins. The keys' tail, which is read before the transaction begins, wants to know it too: numbers
 * keep their times, so it is the same then. */
static enum kl_code before_find(struct reader_sqlite *r, const struct receipts_query *q, int64_t *before, struct kl_error *err)
{
    int64_t until = INT64_MAX;
    enum kl_code code = q->until_us == INT64_MAX ? KL_OK : number_at(r, q->until_us, &until, err);

    *before = until < q->before ? until : q->before;
    return code;
}

/* Calls each until the page is full, the walk ends or too much was looked at. One more match is looked for behind a
 * full page, so that the last page says it is the last. */
static enum kl_code page_walk(struct walk *w, int64_t oldest, bool (*each)(void *ctx, const struct receipt *receipt), void *ctx,
                              int64_t *next, struct kl_error *err)
{
    int64_t seq = 0;
    int given = 0;

    for (int work = 0; work < LIST_WORK_MAX; work++) {
        bool found = false;
        enum kl_code code = w->step(w, &seq, err);

        if (code || !seq || seq < oldest) {
            *next = 0;
            return code;
        }
        code = reader_sqlite_load(w->r, seq, &found, err);
        if (code)
            return code;
        if (found && reader_matches(w->query, &w->r->base.receipt)) {
            if (given == w->query->limit || !each(ctx, &w->r->base.receipt)) {
                *next = w->before;
                return KL_OK;
            }
            given++;
        }
        w->before = seq;
    }
    *next = w->before;
    return KL_OK;
}

enum kl_code reader_sqlite_list(struct reader *reader, const struct receipts_query *query,
                                bool (*each)(void *ctx, const struct receipt *receipt), void *ctx, int64_t *next, struct kl_error *err)
{
    struct reader_sqlite *r = (struct reader_sqlite *)reader;
    struct walk w = { .r = r, .query = query };
    int64_t oldest = 1;
    enum kl_code code = before_find(r, query, &w.before, err);

    if (code)
        return code;
    walk_prepare(&w);
    code = reader_sqlite_begin(r, err);
    if (code)
        return code;
    if (w.step == step_topic)
        code = heads_begin(&w, err);
    if (!code && query->since_us != INT64_MIN)
        code = number_at(r, query->since_us, &oldest, err);
    if (!code)
        code = page_walk(&w, oldest, each, ctx, next, err);
    reader_sqlite_end(r);
    free(w.heads);
    return code;
}
