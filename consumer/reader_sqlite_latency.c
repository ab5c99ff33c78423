/* reader_sqlite_latency.c - the histograms of a window, the incarnations of each minute or hour merged. */
#include "reader_sqlite.h"

static enum kl_code prepare(struct reader_sqlite *r, const char *topic, int64_t step_s, int64_t from_s, sqlite3_stmt **st, struct kl_error *err)
{
    static const char STEPS[] = "SELECT l.at, l.hist FROM latency l JOIN incarnations i ON i.id = l.incarnation WHERE l.step = ?1"
                                " AND l.at >= ?2 AND (?3 IS NULL OR i.topic = ?3)"
                                " AND i.cluster = (SELECT value FROM state WHERE name = 'cluster') ORDER BY l.at";

    *st = kl_sqlite_statement(r->db, STEPS, err);
    if (!*st)
        return err->code;
    sqlite3_bind_int64(*st, 1, step_s);
    sqlite3_bind_int64(*st, 2, from_s);
    if (topic)
        sqlite3_bind_text(*st, 3, topic, -1, SQLITE_STATIC);
    return KL_OK;
}

enum kl_code reader_sqlite_latency(struct reader *reader, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                                   void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx, struct kl_error *err)
{
    struct reader_sqlite *r = (struct reader_sqlite *)reader;
    struct kl_hist one, sum;
    int64_t at_s = 0;
    sqlite3_stmt *st;
    int rc;
    enum kl_code code = prepare(r, topic, step_s, from_s, &st, err);

    if (code)
        return code;
    kl_hist_clear(all);
    kl_hist_clear(&sum);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (!kl_hist_decode(&one, sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1)))
            continue;
        if (sum.total && sqlite3_column_int64(st, 0) != at_s) {
            each(ctx, at_s, &sum);
            kl_hist_clear(&sum);
        }
        at_s = sqlite3_column_int64(st, 0);
        kl_hist_merge(&sum, &one);
        kl_hist_merge(all, &one);
    }
    if (sum.total)
        each(ctx, at_s, &sum);
    if (rc != SQLITE_DONE)
        code = kl_sqlite_fail(r->db, "cannot read latencies", err);
    sqlite3_reset(st);
    return code;
}
