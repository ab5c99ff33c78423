/* reader_topics.c - what was learnt of each topic, and totals. */
#include "reader_internal.h"

enum kl_code reader_topics(struct reader *r, void (*each)(void *ctx, const struct reader_topic *t), void *ctx, struct kl_error *err)
{
    static const char TOPICS[] =
        "SELECT topic, id, messages, skipped, coalesce((SELECT sum(next) FROM offsets WHERE incarnation = i.id), 0), last_ms"
        " FROM incarnations i WHERE cluster = (SELECT value FROM state WHERE name = 'cluster') AND over_ms IS NULL ORDER BY topic";
    sqlite3_stmt *st = reader_statement(r, TOPICS, err);
    int rc;

    if (!st)
        return err->code;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        each(ctx, &(struct reader_topic){ (const char *)sqlite3_column_text(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2),
                                          sqlite3_column_int64(st, 3), sqlite3_column_int64(st, 4), sqlite3_column_int64(st, 5) });
    return reader_done(r, st, rc, err);
}

enum kl_code reader_totals(struct reader *r, struct reader_totals *out, struct kl_error *err)
{
    static const char BYTES[] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    struct catalog_totals totals = catalog_totals(r->conf->catalog);
    sqlite3_stmt *st = reader_statement(r, BYTES, err);

    *out = (struct reader_totals){ totals.documents, totals.passages, 0 };
    return st ? reader_number(r, st, 0, &out->bytes, err) : err->code;
}
