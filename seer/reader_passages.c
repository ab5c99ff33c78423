/* reader_passages.c - passages by their numbers, each with its document's facts. */
#include "reader_internal.h"

struct reader_document reader_document_of(sqlite3_stmt *st, int first)
{
    return (struct reader_document){
        .id = sqlite3_column_int64(st, first),
        .kind = (enum index_kind)sqlite3_column_int(st, first + 1),
        .source = (const char *)sqlite3_column_text(st, first + 2),
        .title = (const char *)sqlite3_column_text(st, first + 3),
        .tags = (const char *)sqlite3_column_text(st, first + 4),
        .type = (const char *)sqlite3_column_text(st, first + 5),
        .bytes = sqlite3_column_int64(st, first + 6),
        .chars = sqlite3_column_int64(st, first + 7),
        .passages = sqlite3_column_int64(st, first + 8),
        .added_ms = sqlite3_column_int64(st, first + 9),
        .time_ms = sqlite3_column_int64(st, first + 10),
        .topic = (const char *)sqlite3_column_text(st, first + 11),
        .partition = sqlite3_column_int(st, first + 12),
        .offset = sqlite3_column_int64(st, first + 13),
        .message_id = (const char *)sqlite3_column_text(st, first + 14),
        .lines = sqlite3_column_int64(st, first + 17),
        .has_vectors = sqlite3_column_int(st, first + 15),
    };
}

#define DOCUMENT 6 /* the first of its document's columns */

static enum kl_code passage_read(struct reader *r, int64_t id, void (*each)(void *ctx, const struct reader_passage *p), void *ctx,
                                 bool *found, struct kl_error *err)
{
    static const char PASSAGE[] = "SELECT p.id, p.char_from, p.char_to, p.line, p.text, p.document, " READER_DOCUMENT_COLUMNS
                                  " FROM passages p JOIN " READER_DOCUMENT_TABLES " WHERE p.id = ?1 AND d.id = p.document";
    sqlite3_stmt *st = reader_statement(r, PASSAGE, err);
    int rc;

    *found = false;
    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    rc = sqlite3_step(st);
    *found = rc == SQLITE_ROW;
    if (*found)
        each(ctx, &(struct reader_passage){
                      .id = id, .ordinal = id - sqlite3_column_int64(st, DOCUMENT + READER_DOCUMENT_FIRST),
                      .from = sqlite3_column_int64(st, 1), .to = sqlite3_column_int64(st, 2), .line = sqlite3_column_int64(st, 3),
                      .text = (const char *)sqlite3_column_text(st, 4), .len = (size_t)sqlite3_column_bytes(st, 4),
                      .document = reader_document_of(st, DOCUMENT) });
    return reader_done(r, st, rc, err);
}

/* The catalog is asked before SQLite: what it shows was committed before, so the transaction, which begins with the first
 * question to SQLite, sees it. */
enum kl_code reader_passages(struct reader *r, const int64_t *ids, size_t n, void (*each)(void *ctx, const struct reader_passage *p),
                             void *ctx, size_t *missing, struct kl_error *err)
{
    enum kl_code code = reader_begin(r, err);

    *missing = 0;
    for (size_t i = 0; !code && i < n; i++) {
        struct catalog_entry e;
        bool found = catalog_find(r->conf->catalog, ids[i], &e);

        if (found)
            code = passage_read(r, ids[i], each, ctx, &found, err);
        *missing += !found;
    }
    reader_end(r);
    return code;
}
