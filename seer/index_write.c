/* index_write.c - the rows of a document. */
#include "index_internal.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

int64_t index_lines(const char *text, size_t len)
{
    int64_t lines = len && text[len - 1] != '\n';

    for (const char *at = text; len && (at = memchr(at, '\n', (size_t)(text + len - at))); at++)
        lines++;
    return lines;
}

static void bind_text(sqlite3_stmt *st, int at, const char *text)
{
    if (text)
        sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
}

static void row_bind(sqlite3_stmt *st, const struct index_row *row)
{
    sqlite3_bind_int64(st, 1, row->id);
    sqlite3_bind_int(st, 2, (int)row->kind);
    sqlite3_bind_int(st, 3, (int)row->state);
    bind_text(st, 4, row->source);
    bind_text(st, 5, row->title);
    bind_text(st, 6, row->tags);
    bind_text(st, 7, row->type);
    sqlite3_bind_int64(st, 8, row->bytes);
    sqlite3_bind_int64(st, 9, row->chars);
    sqlite3_bind_int64(st, 10, row->first);
    sqlite3_bind_int64(st, 11, row->passages);
    sqlite3_bind_int64(st, 12, row->added_ms);
    sqlite3_bind_int64(st, 13, row->time_ms);
    if (row->incarnation) {
        sqlite3_bind_int64(st, 14, row->incarnation);
        sqlite3_bind_int(st, 15, row->part);
        sqlite3_bind_int64(st, 16, row->pos);
    }
    bind_text(st, 17, row->message_id);
    sqlite3_bind_int(st, 18, row->embedded);
    sqlite3_bind_int64(st, 19, row->lines);
}

enum kl_code index_row_insert(struct index *x, const struct index_row *row, bool *inserted, struct kl_error *err)
{
    /* A message that is read again, because its topic is learnt anew, is in the index already. */
    static const char INSERT_DOCUMENT[] =
        "INSERT INTO documents (id, kind, state, source, title, tags, type, bytes, chars, first, passages, added_ms, time_ms,"
        " incarnation, part, pos, message_id, embedded, lines)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
        " ON CONFLICT (incarnation, part, pos) WHERE incarnation IS NOT NULL DO NOTHING";
    sqlite3_stmt *st = index_statement(x, INSERT_DOCUMENT, err);
    enum kl_code code;

    if (!st)
        return err->code;
    row_bind(st, row);
    code = kl_sqlite_run(x->db, st, err);
    *inserted = !code && sqlite3_changes(kl_sqlite_handle(x->db)) == 1;
    return code;
}

struct catalog_entry index_entry(const struct index_row *row)
{
    return (struct catalog_entry){ row->id, row->first, (int32_t)row->passages, row->incarnation ? row->topic : CATALOG_NO_TOPIC,
                                   catalog_source(row->source), row->time_ms, row->kind == INDEX_MESSAGE, false };
}

/* ---- passages ---- */

static enum kl_code passage_insert(struct index *x, int64_t document, int64_t id, const struct passage *p, struct kl_error *err)
{
    static const char INSERT_PASSAGE[] = "INSERT INTO passages (id, document, char_from, char_to, line, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    sqlite3_stmt *st = index_statement(x, INSERT_PASSAGE, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, document);
    sqlite3_bind_int64(st, 3, p->from);
    sqlite3_bind_int64(st, 4, p->to);
    sqlite3_bind_int64(st, 5, p->line);
    sqlite3_bind_text(st, 6, p->text, (int)p->len, SQLITE_STATIC);
    return kl_sqlite_run(x->db, st, err);
}

static enum kl_code words_insert(struct index *x, int64_t id, const struct passage *p, struct kl_error *err)
{
    static const char INSERT_WORDS[] = "INSERT INTO passage_words (rowid, text) VALUES (?1, ?2)";
    sqlite3_stmt *st = index_statement(x, INSERT_WORDS, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_text(st, 2, p->text, (int)p->len, SQLITE_STATIC);
    return kl_sqlite_run(x->db, st, err);
}

static enum kl_code rows_insert(struct index *x, const char *sql, int64_t id, const char *rows, size_t bytes, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_blob(st, 2, rows, (int)bytes, SQLITE_STATIC);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_vectors_insert(struct index *x, int64_t id, const struct index_pieces *p, const struct index_piece *piece, struct kl_error *err)
{
    static const char INSERT_PASSAGE_VECTOR[] = "INSERT OR REPLACE INTO passage_vectors (passage, vectors) VALUES (?1, ?2)";
    static const char INSERT_SENTENCES[] = "INSERT OR REPLACE INTO sentence_vectors (passage, vectors) VALUES (?1, ?2)";
    const char *rows = p->rows.data + piece->rows_from * p->dims;
    enum kl_code code = rows_insert(x, INSERT_PASSAGE_VECTOR, id, rows, p->dims, err);

    if (!code && piece->n_rows > 1)
        code = rows_insert(x, INSERT_SENTENCES, id, rows + p->dims, (piece->n_rows - 1) * p->dims, err);
    return code;
}

enum kl_code index_pieces_insert(struct index *x, int64_t document, int64_t first, const struct index_pieces *p, size_t from, size_t to,
                                 struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = from; !code && i < to; i++) {
        const struct index_piece *piece = &p->pieces[i];
        int64_t id = first + (int64_t)(i - from);

        code = passage_insert(x, document, id, &piece->passage, err);
        if (!code)
            code = words_insert(x, id, &piece->passage, err);
        if (!code && piece->n_rows)
            code = index_vectors_insert(x, id, p, piece, err);
    }
    return code;
}

/* The passages' own rows, one behind the other, and their numbers. */
static enum kl_code rows_show(struct index *x, int64_t first, const struct index_pieces *p, size_t from, size_t to, struct kl_error *err)
{
    int64_t *ids = calloc(to - from, sizeof *ids);
    int8_t *rows = calloc(to - from, p->dims);
    enum kl_code code = ids && rows ? KL_OK : kl_fail(err, KL_BUSY, "no memory");

    for (size_t i = from; !code && i < to; i++) {
        ids[i - from] = first + (int64_t)(i - from);
        memcpy(rows + (i - from) * p->dims, p->rows.data + p->pieces[i].rows_from * p->dims, p->dims);
    }
    if (!code)
        code = vectors_add(x->vectors, ids, rows, to - from, err);
    free(ids);
    free(rows);
    return code;
}

void index_pieces_show(struct index *x, int64_t first, const struct index_pieces *p, size_t from, size_t to)
{
    struct kl_error err;

    if (!p->n_rows || !x->vectors || from == to)
        return;
    if (rows_show(x, first, p, from, to, &err)) {
        kl_warn("no room for vectors, words alone find some passages until the next start", KL_S("why", err.text));
        x->counts.without_vectors += (int64_t)(to - from);
    }
}
