/* store_sqlite_rows.c - the rows of the producers' journal and of the histograms. */
#include "store_sqlite.h"

#include "clock.h"
#include "log.h"

#define HOUR_S 3600

/* ---- the journal's ---- */

enum kl_code store_sqlite_failure_write(struct store *base, const struct kl_outcomes_head *head, int64_t number,
                                        const struct kl_outcome *o, struct kl_error *err)
{
    static const char SET_FAILURE[] = "INSERT OR REPLACE INTO failures (id, start, topic, part, number, accepted_us, failed_us,"
                                      " persisted, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    struct store_sqlite *s = (struct store_sqlite *)base;
    sqlite3_stmt *st = store_sqlite_statement(s, SET_FAILURE, err);

    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, o->id.b, sizeof o->id.b, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, (int64_t)head->start);
    sqlite3_bind_text(st, 3, head->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 4, head->partition);
    sqlite3_bind_int64(st, 5, number);
    sqlite3_bind_int64(st, 6, o->accepted_us);
    sqlite3_bind_int64(st, 7, o->accepted_us + o->delay_us);
    sqlite3_bind_int(st, 8, o->state == KL_FAILED_POSSIBLY);
    sqlite3_bind_text(st, 9, o->reason, -1, SQLITE_STATIC);
    return kl_sqlite_run(s->db, st, err);
}

enum kl_code store_sqlite_block_write(struct store *base, const struct kl_outcomes_head *head, const void *bytes, size_t len,
                                      struct kl_error *err)
{
    static const char INSERT_BLOCK[] = "INSERT INTO blocks (start, topic, part, first, count, written_us, bytes)"
                                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (start, topic, part, first) DO NOTHING";
    struct store_sqlite *s = (struct store_sqlite *)base;
    sqlite3_stmt *st = store_sqlite_statement(s, INSERT_BLOCK, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, (int64_t)head->start);
    sqlite3_bind_text(st, 2, head->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 3, head->partition);
    sqlite3_bind_int64(st, 4, head->first);
    sqlite3_bind_int64(st, 5, head->count);
    sqlite3_bind_int64(st, 6, head->written_us);
    sqlite3_bind_blob(st, 7, bytes, (int)len, SQLITE_STATIC);
    return kl_sqlite_run(s->db, st, err);
}

enum kl_code store_sqlite_run_write(struct store *base, const struct kl_outcomes_head *head, struct kl_error *err)
{
    static const char SET_RUN[] =
        "INSERT INTO runs (start, topic, part, last_acked, closed, written_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (start, topic, part) DO UPDATE SET last_acked = max(last_acked, ?4), closed = max(closed, ?5),"
        " written_us = max(written_us, ?6)";
    struct store_sqlite *s = (struct store_sqlite *)base;
    sqlite3_stmt *st = store_sqlite_statement(s, SET_RUN, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, (int64_t)head->start);
    sqlite3_bind_text(st, 2, head->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 3, head->partition);
    sqlite3_bind_int64(st, 4, head->last_acked);
    sqlite3_bind_int(st, 5, head->closed);
    sqlite3_bind_int64(st, 6, head->written_us);
    return kl_sqlite_run(s->db, st, err);
}

/* ---- histograms ---- */

/* What the store has of this minute or hour; empty when it has nothing. A row that cannot be read is told and begun
 * again: it is a statistic. */
enum kl_code store_sqlite_step_read(struct store *base, int64_t incarnation, int64_t step_s, struct store_step *step, struct kl_error *err)
{
    static const char GET_STEP[] = "SELECT hist FROM latency WHERE step = ?1 AND at = ?2 AND incarnation = ?3";
    struct store_sqlite *s = (struct store_sqlite *)base;
    sqlite3_stmt *st = store_sqlite_statement(s, GET_STEP, err);
    enum kl_code code = KL_OK;
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, step_s);
    sqlite3_bind_int64(st, 2, step->at_s);
    sqlite3_bind_int64(st, 3, incarnation);
    rc = sqlite3_step(st);
    kl_hist_clear(&step->hist);
    if (rc == SQLITE_ROW && !kl_hist_decode(&step->hist, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0)))
        kl_warn("a latency histogram in the store cannot be read", KL_I("incarnation", incarnation), KL_I("at_s", step->at_s));
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = kl_sqlite_fail(s->db, "cannot read latencies", err);
    sqlite3_reset(st);
    return code;
}

enum kl_code store_sqlite_step_write(struct store *base, int64_t incarnation, int64_t step_s, int64_t at_s, struct kl_error *err)
{
    static const char SET_STEP[] = "INSERT INTO latency (step, at, incarnation, hist) VALUES (?1, ?2, ?3, ?4)"
                                   " ON CONFLICT (step, at, incarnation) DO UPDATE SET hist = ?4";
    struct store_sqlite *s = (struct store_sqlite *)base;
    sqlite3_stmt *st = store_sqlite_statement(s, SET_STEP, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, step_s);
    sqlite3_bind_int64(st, 2, at_s);
    sqlite3_bind_int64(st, 3, incarnation);
    sqlite3_bind_blob(st, 4, base->encoded.data, (int)base->encoded.len, SQLITE_STATIC);
    return kl_sqlite_run(s->db, st, err);
}

/* ---- at the start ---- */

static enum kl_code minute_load(struct store_sqlite *s, sqlite3_stmt *st, struct kl_error *err)
{
    struct kl_hist hist;
    struct totals_delta delta = { .latency = &hist };
    int place;

    if (!kl_hist_decode(&hist, sqlite3_column_blob(st, 2), (size_t)sqlite3_column_bytes(st, 2)))
        return KL_OK;
    place = totals_place(s->base.totals, (const char *)sqlite3_column_text(st, 1));
    if (place < 0)
        return kl_fail(err, KL_BUSY, "no memory for totals");
    totals_add(s->base.totals, place, sqlite3_column_int64(st, 0), &delta);
    return KL_OK;
}

enum kl_code store_sqlite_latency_load(struct store_sqlite *s, struct kl_error *err)
{
    static const char LAST_HOUR[] = "SELECT l.at, i.topic, l.hist FROM latency l JOIN incarnations i ON i.id = l.incarnation"
                                    " WHERE l.step = 60 AND l.at > ?1 AND i.cluster = ?2";
    sqlite3_stmt *st = store_sqlite_statement(s, LAST_HOUR, err);
    enum kl_code code = KL_OK;
    int rc = SQLITE_ROW;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, kl_wall_us() / 1000000 - HOUR_S);
    sqlite3_bind_int64(st, 2, s->cluster);
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW)
        code = minute_load(s, st, err);
    if (!code && rc != SQLITE_DONE)
        code = kl_sqlite_fail(s->db, "cannot read latencies", err);
    sqlite3_reset(st);
    return code;
}
