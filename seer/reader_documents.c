/* reader_documents.c - the list of documents, and one of them with its text. */
#include "reader_internal.h"

#include <string.h>

#include "text.h"

/* ---- the list ---- */

static enum kl_code kind_read(const char *name, int *kind, struct kl_error *err)
{
    *kind = -1;
    if (!name)
        return KL_OK;
    for (int k = INDEX_DOCUMENT; k <= INDEX_MESSAGE; k++)
        if (!strcmp(name, index_kind_name((enum index_kind)k)))
            *kind = k;
    return *kind >= 0 ? KL_OK : kl_fail_field(err, KL_INVALID, "kind", "kind is document, statement or message");
}

/* ?1 before, ?2 limit, ?3 source, ?4 kind; state 1: index_state */
#define LIST(where) "SELECT " READER_DOCUMENT_COLUMNS " FROM " READER_DOCUMENT_TABLES \
                    " WHERE d.id < ?1 AND d.state = 1" where " ORDER BY d.id DESC LIMIT ?2"
#define TOTAL(where) "SELECT count(*) FROM documents d WHERE d.state = 1" where
#define BY_KIND      " AND d.kind = ?4"
#define BY_SOURCE    " AND d.source = ?3"
#define BY_BOTH      " AND d.source = ?3 AND +d.kind = ?4" /* a source has fewer documents than a kind */

/* By whether a kind is asked for, then a source. */
static const struct { const char *list, *total; } lists[2][2] = {
    { { LIST(""), TOTAL("") }, { LIST(BY_SOURCE), TOTAL(BY_SOURCE) } },
    { { LIST(BY_KIND), TOTAL(BY_KIND) }, { LIST(BY_BOTH), TOTAL(BY_BOTH) } },
};

static void query_bind(sqlite3_stmt *st, const struct reader_documents_query *query, int kind)
{
    sqlite3_bind_int64(st, 1, query->before);
    sqlite3_bind_int(st, 2, query->limit + 1);
    if (query->source)
        sqlite3_bind_text(st, 3, query->source, -1, SQLITE_STATIC);
    if (kind >= 0)
        sqlite3_bind_int(st, 4, kind);
}

static enum kl_code page_read(struct reader *r, const struct reader_documents_query *query, int kind,
                              void (*each)(void *ctx, const struct reader_document *d), void *ctx, int64_t *next, struct kl_error *err)
{
    sqlite3_stmt *st = reader_statement(r, lists[kind >= 0][query->source != NULL].list, err);
    int64_t last = 0;
    int n = 0, rc = SQLITE_DONE;

    if (!st)
        return err->code;
    query_bind(st, query, kind);
    for (; n < query->limit && (rc = sqlite3_step(st)) == SQLITE_ROW; n++) {
        struct reader_document d = reader_document_of(st, 0);

        last = d.id;
        each(ctx, &d);
    }
    if (rc == SQLITE_ROW || query->limit == 0)
        rc = sqlite3_step(st);
    *next = rc == SQLITE_ROW ? last : 0;
    return reader_done(r, st, rc, err);
}

/* What can be counted in memory is: there may be many messages. */
static enum kl_code total_read(struct reader *r, const struct reader_documents_query *query, int kind, int64_t *total, struct kl_error *err)
{
    struct catalog_totals totals = catalog_totals(r->conf->catalog);
    sqlite3_stmt *st;

    *total = kind == INDEX_MESSAGE ? totals.messages : totals.documents;
    if (!query->source && (kind < 0 || kind == INDEX_MESSAGE))
        return KL_OK;
    st = reader_statement(r, lists[kind >= 0][query->source != NULL].total, err);
    if (!st)
        return err->code;
    query_bind(st, query, kind);
    return reader_number(r, st, 0, total, err);
}

enum kl_code reader_documents(struct reader *r, const struct reader_documents_query *query,
                              void (*each)(void *ctx, const struct reader_document *d), void *ctx, int64_t *next, int64_t *total,
                              struct kl_error *err)
{
    int kind;
    enum kl_code code = kind_read(query->kind, &kind, err);

    if (!code)
        code = reader_begin(r, err);
    if (code)
        return code;
    code = page_read(r, query, kind, each, ctx, next, err);
    if (!code)
        code = total_read(r, query, kind, total, err);
    reader_end(r);
    return code;
}

/* ---- one document ---- */

/* Appends the part of a passage that is asked for; false: no more fits. */
static bool text_add(struct kl_buf *text, sqlite3_stmt *st, int64_t from, int64_t to, int64_t *reached)
{
    const char *bytes = (const char *)sqlite3_column_text(st, 0);
    size_t len = (size_t)sqlite3_column_bytes(st, 0), begin, end;
    int64_t first = sqlite3_column_int64(st, 1), last = sqlite3_column_int64(st, 2);

    begin = text_byte(bytes, len, from > first ? from - first : 0);
    end = to < last ? text_byte(bytes, len, to - first) : len;
    if (!kl_buf_add(text, bytes + begin, end - begin))
        return false;
    *reached = to < last ? to : last;
    return true;
}

static enum kl_code text_read(struct reader *r, int64_t first, const struct reader_document *d, struct reader_text *out, struct kl_error *err)
{
    static const char TEXT[] = "SELECT text, char_from, char_to FROM passages WHERE id >= ?1 AND id < ?2 AND char_to > ?3 AND char_from < ?4"
                               " ORDER BY id";
    sqlite3_stmt *st = reader_statement(r, TEXT, err);
    int64_t to = out->to;
    int rc = SQLITE_DONE;

    kl_buf_clear(&r->text);
    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, first);
    sqlite3_bind_int64(st, 2, first + d->passages);
    sqlite3_bind_int64(st, 3, out->from);
    sqlite3_bind_int64(st, 4, to);
    out->to = out->from;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && text_add(&r->text, st, out->from, to, &out->to))
        ;
    out->text = r->text.data ? r->text.data : "";
    out->len = r->text.len;
    return reader_done(r, st, rc, err);
}

static enum kl_code document_find(struct reader *r, int64_t id, sqlite3_stmt **out, struct kl_error *err)
{
    static const char DOCUMENT[] = "SELECT " READER_DOCUMENT_COLUMNS " FROM " READER_DOCUMENT_TABLES " WHERE d.id = ?1 AND d.state = 1"; /* index_state */
    sqlite3_stmt *st = reader_statement(r, DOCUMENT, err);
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    rc = sqlite3_step(st);
    *out = st;
    if (rc == SQLITE_DONE)
        return kl_fail_field(err, KL_NOT_FOUND, "id", "there is no document %lld", (long long)id);
    return rc == SQLITE_ROW ? KL_OK : kl_sqlite_fail(r->db, "cannot read the index", err);
}

enum kl_code reader_document(struct reader *r, int64_t id, int64_t from, int64_t to, void (*each)(void *ctx, const struct reader_text *t),
                             void *ctx, struct kl_error *err)
{
    struct reader_text text;
    sqlite3_stmt *st = NULL;
    enum kl_code code = reader_begin(r, err);

    if (code)
        return code;
    code = document_find(r, id, &st, err);
    if (!code) {
        text.document = reader_document_of(st, 0); /* borrowed from st, which stays where it is until the end */
        text.from = from < 0 ? 0 : from < text.document.chars ? from : text.document.chars;
        text.to = to < text.from ? text.from : to < text.document.chars ? to : text.document.chars;
        code = text_read(r, sqlite3_column_int64(st, READER_DOCUMENT_FIRST), &text.document, &text, err);
    }
    if (!code)
        each(ctx, &text);
    reader_end(r);
    return code;
}
