/* store_latency.c - histograms of consumed - accepted, a row for each incarnation and minute, and one for each hour, so
 * that a window of a week is read from 168 rows. The running minute and hour stay in memory: a batch writes them whole. */
#include "store_internal.h"

#include "clock.h"
#include "log.h"

#define MINUTE_S 60
#define HOUR_S   3600

static int64_t step_begin(int64_t at_s, int64_t step_s)
{
    return at_s - at_s % step_s;
}

/* What the store has of this minute or hour; empty when it has nothing. A row that cannot be read is told and begun
 * again: it is a statistic. */
static enum kl_code step_read(struct store *s, int64_t incarnation, int64_t step_s, struct store_step *step, struct kl_error *err)
{
    static const char GET_STEP[] = "SELECT hist FROM latency WHERE step = ?1 AND at = ?2 AND incarnation = ?3";
    sqlite3_stmt *st = store_statement(s, GET_STEP, err);
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

/* Writes step with delta added to it. */
static enum kl_code step_write(struct store *s, int64_t incarnation, int64_t step_s, const struct store_step *step,
                               const struct kl_hist *delta, struct kl_error *err)
{
    static const char SET_STEP[] = "INSERT INTO latency (step, at, incarnation, hist) VALUES (?1, ?2, ?3, ?4)"
                                   " ON CONFLICT (step, at, incarnation) DO UPDATE SET hist = ?4";
    sqlite3_stmt *st = store_statement(s, SET_STEP, err);
    struct kl_hist sum = step->hist;

    if (!st)
        return err->code;
    kl_hist_merge(&sum, delta);
    kl_buf_clear(&s->encoded);
    if (!kl_hist_encode(&sum, &s->encoded))
        return kl_fail(err, KL_BUSY, "no memory for a histogram");
    sqlite3_bind_int64(st, 1, step_s);
    sqlite3_bind_int64(st, 2, step->at_s);
    sqlite3_bind_int64(st, 3, incarnation);
    sqlite3_bind_blob(st, 4, s->encoded.data, (int)s->encoded.len, SQLITE_STATIC);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code step_add(struct store *s, struct store_incarnation *inc, struct store_step *step, int64_t step_s,
                             int64_t at_s, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    if (step->at_s != step_begin(at_s, step_s)) {
        step->at_s = step_begin(at_s, step_s);
        code = step_read(s, inc->id, step_s, step, err);
        if (code)
            step->at_s = 0; /* to be read again */
    }
    return code ? code : step_write(s, inc->id, step_s, step, &inc->delta.latency, err);
}

enum kl_code store_latency_write(struct store *s, struct store_incarnation *inc, int64_t at_s, struct kl_error *err)
{
    enum kl_code code;

    if (!inc->delta.latency.total)
        return KL_OK;
    code = step_add(s, inc, &inc->minute, MINUTE_S, at_s, err);
    return code ? code : step_add(s, inc, &inc->hour, HOUR_S, at_s, err);
}

void store_latency_take(struct store_incarnation *inc)
{
    if (!inc->delta.latency.total)
        return;
    kl_hist_merge(&inc->minute.hist, &inc->delta.latency);
    kl_hist_merge(&inc->hour.hist, &inc->delta.latency);
}

/* ---- at the start ---- */

static enum kl_code minute_load(struct store *s, sqlite3_stmt *st, struct kl_error *err)
{
    struct kl_hist hist;
    struct totals_delta delta = { .latency = &hist };
    int place;

    if (!kl_hist_decode(&hist, sqlite3_column_blob(st, 2), (size_t)sqlite3_column_bytes(st, 2)))
        return KL_OK;
    place = totals_place(s->totals, (const char *)sqlite3_column_text(st, 1));
    if (place < 0)
        return kl_fail(err, KL_BUSY, "no memory for totals");
    totals_add(s->totals, place, sqlite3_column_int64(st, 0), &delta);
    return KL_OK;
}

enum kl_code store_latency_load(struct store *s, struct kl_error *err)
{
    static const char LAST_HOUR[] = "SELECT l.at, i.topic, l.hist FROM latency l JOIN incarnations i ON i.id = l.incarnation"
                                    " WHERE l.step = 60 AND l.at > ?1 AND i.cluster = ?2";
    sqlite3_stmt *st = store_statement(s, LAST_HOUR, err);
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
