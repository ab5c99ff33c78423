/* store_sqlite_retention.c - what is removed: receipts older than the retention or beyond the maximum, and what belonged to them.
 *
 * Receipts are numbered in the order of time, so the oldest are a range of numbers: nothing is searched for. Each call
 * does a bounded piece, faster than batches can add, and the next call goes on. */
#include "store_sqlite.h"

#include "clock.h"
#include "log.h"

#define CHUNK         16384      /* receipts removed at once: more than a batch adds, and some 100 ms */
#define ROWS_CHUNK    1000       /* of the other tables */
#define SLOW_US       1000000    /* how often ages are looked at */
#define BLOCK_SLACK_US (INT64_C(600) * 1000000) /* a block may have been written so long after its messages were accepted */

static enum kl_code run_to(struct store_sqlite *s, const char *sql, int64_t from, int64_t to, struct kl_error *err)
{
    sqlite3_stmt *st = store_sqlite_statement(s, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, from);
    sqlite3_bind_int64(st, 2, to);
    return kl_sqlite_run(s->db, st, err);
}

/* An id whose first receipt goes lives on in its first duplicate that stays. */
static enum kl_code duplicates_promote(struct store_sqlite *s, int64_t from, int64_t to, struct kl_error *err)
{
    static const char PROMOTE[] =
        "UPDATE ids SET seq = (SELECT min(d.seq) FROM duplicates d WHERE d.id = ids.id AND d.seq > ?2)"
        " WHERE id IN (SELECT r.id FROM receipts r JOIN duplicates d ON d.id = r.id WHERE r.seq BETWEEN ?1 AND ?2 AND d.seq > ?2)"
        " AND seq <= ?2";
    static const char REMOVE_PROMOTED[] =
        "DELETE FROM duplicates WHERE EXISTS (SELECT 1 FROM ids WHERE ids.id = duplicates.id AND ids.seq = duplicates.seq)"
        " AND id IN (SELECT id FROM receipts WHERE seq BETWEEN ?1 AND ?2)";
    static const char REMOVE_OLD[] = "DELETE FROM duplicates WHERE seq <= ?2 AND id IN (SELECT id FROM receipts WHERE seq BETWEEN ?1 AND ?2)";
    enum kl_code code = KL_OK;

    if (!s->has_duplicates)
        return KL_OK;
    code = run_to(s, REMOVE_OLD, from, to, err);
    if (!code)
        code = run_to(s, PROMOTE, from, to, err);
    return code ? code : run_to(s, REMOVE_PROMOTED, from, to, err);
}

static enum kl_code receipts_remove(struct store_sqlite *s, int64_t from, int64_t to, struct kl_error *err)
{
    static const char REMOVE_IDS[] = "DELETE FROM ids WHERE id IN (SELECT id FROM receipts WHERE seq BETWEEN ?1 AND ?2) AND seq <= ?2";
    static const char REMOVE_RECEIPTS[] = "DELETE FROM receipts WHERE seq BETWEEN ?1 AND ?2";
    static const char REMOVE_RUNS[] = "DELETE FROM key_runs WHERE run BETWEEN ?1 AND ?2";
    enum kl_code code = kl_sqlite_begin(s->db, err);

    if (code)
        return code;
    code = duplicates_promote(s, from, to, err);
    if (!code)
        code = run_to(s, REMOVE_IDS, from, to, err);
    if (!code)
        code = run_to(s, REMOVE_RECEIPTS, from, to, err);
    if (!code)
        code = run_to(s, REMOVE_RUNS, 0, (to + 1) / KEYS_RUN - 1, err); /* those that lie wholly under what stays */
    if (!code)
        code = store_sqlite_state_set(s, "first_seq", to + 1, err);
    if (code) {
        kl_sqlite_rollback(s->db);
        return code;
    }
    return kl_sqlite_commit(s->db, err);
}

/* A column of the receipt with the highest number up to seq; absent when there is none. */
static enum kl_code receipt_number(struct store_sqlite *s, const char *sql, int64_t seq, int64_t absent, int64_t *out, struct kl_error *err)
{
    sqlite3_stmt *st = store_sqlite_statement(s, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, seq);
    return store_sqlite_number(s, st, absent, out, err);
}

/* Removes the receipts up to number to. */
static enum kl_code receipts_forget(struct store_sqlite *s, int64_t to, struct kl_error *err)
{
    static const char ACCEPTED[] = "SELECT accepted_us FROM receipts WHERE seq <= ?1 AND start IS NOT NULL ORDER BY seq DESC LIMIT 1";
    int64_t accepted_us = 0;
    enum kl_code code = receipt_number(s, ACCEPTED, to, 0, &accepted_us, err);

    if (!code)
        code = receipts_remove(s, s->first_seq, to, err);
    if (code)
        return code;
    s->base.counts.removed += to + 1 - s->first_seq;
    s->first_seq = to + 1;
    if (accepted_us - BLOCK_SLACK_US > s->horizon_us)
        s->horizon_us = accepted_us - BLOCK_SLACK_US;
    return KL_OK;
}

static enum kl_code retain_count(struct store_sqlite *s, struct kl_error *err)
{
    int64_t beyond = s->next_seq - s->first_seq - s->base.conf.receipts_max;

    if (beyond <= 0)
        return KL_OK;
    return receipts_forget(s, s->first_seq + (beyond < CHUNK ? beyond : CHUNK) - 1, err);
}

/* *left: there is more to remove. */
static enum kl_code retain_age(struct store_sqlite *s, int64_t before_us, bool *left, struct kl_error *err)
{
    static const char CONSUMED[] = "SELECT consumed_us FROM receipts WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1";
    int64_t low = s->first_seq, high = s->first_seq + CHUNK; /* what is older ends in low..high */
    enum kl_code code = KL_OK;

    high = high < s->next_seq ? high : s->next_seq;
    *left = false;
    while (!code && low < high) {
        int64_t middle = low + (high - low) / 2, consumed_us;

        code = receipt_number(s, CONSUMED, middle, 0, &consumed_us, err);
        if (consumed_us < before_us)
            low = middle + 1;
        else
            high = middle;
    }
    if (code || low == s->first_seq)
        return code;
    *left = low == s->first_seq + CHUNK;
    return receipts_forget(s, low - 1, err);
}

/* ---- the other tables ---- */

static enum kl_code retain_rest(struct store_sqlite *s, int64_t before_us, struct kl_error *err)
{
    static const char *const old_rows[] = {
        "DELETE FROM blocks WHERE written_us < ?1 AND seq IN (SELECT seq FROM blocks ORDER BY seq LIMIT ?2)",
        "DELETE FROM failures WHERE failed_us < ?1 AND seq IN (SELECT seq FROM failures ORDER BY seq LIMIT ?2)",
        "DELETE FROM runs WHERE written_us < ?1 AND ?2 > 0",
    };
    static const char OLD_LATENCY[] = "DELETE FROM latency WHERE step = ?2 AND at < ?1 / 1000000 - ?2"
                                      " AND at < (SELECT min(at) + 10 * ?2 FROM latency WHERE step = ?2)";
    static const int64_t steps[] = { 60, 3600 };
    int64_t needed_us = s->horizon_us > before_us ? s->horizon_us : before_us;
    enum kl_code code = run_to(s, old_rows[0], needed_us, ROWS_CHUNK, err);

    for (size_t i = 1; !code && i < sizeof old_rows / sizeof *old_rows; i++)
        code = run_to(s, old_rows[i], before_us, ROWS_CHUNK, err);
    for (size_t i = 0; !code && i < sizeof steps / sizeof *steps; i++)
        code = run_to(s, OLD_LATENCY, before_us, steps[i], err);
    return code;
}

static enum kl_code retain_old(struct store_sqlite *s, struct kl_error *err)
{
    int64_t before_us = kl_wall_us() - s->base.conf.retention_ms * 1000;
    bool left = false;
    enum kl_code code;

    if (kl_mono_us() < s->upkeep_at_us)
        return KL_OK;
    s->upkeep_at_us = kl_mono_us() + SLOW_US;
    code = retain_age(s, before_us, &left, err);
    if (!code)
        code = retain_rest(s, before_us, err);
    if (left)
        s->upkeep_at_us = 0;
    return code;
}

static enum kl_code run_build(struct store_sqlite *s, struct kl_error *err)
{
    return keys_build(s->base.keys, s->db, err);
}

/* Upkeep that fails is tried again with the next batch; a store that is truly broken will refuse that one too. What is
 * removed comes first, and whatever became of the rest: on a full disk it makes room. */
void store_sqlite_upkeep(void *ctx)
{
    static enum kl_code (*const parts[])(struct store_sqlite *s, struct kl_error *err) = { retain_count, retain_old, run_build };
    struct store_sqlite *s = ctx;
    struct kl_error err;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i](s, &err)) {
            kl_warn("the store's upkeep failed, it is tried again", KL_S("why", err.text));
            s->upkeep_at_us = kl_mono_us() + SLOW_US;
        }
}
