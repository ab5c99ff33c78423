/* index_put.c - documents and statements: staged, then shown.
 *
 * A short text is one transaction. A long one is staged in chunks of passages; each takes its turn, so that messages and
 * other documents come in between, and the vectors are made outside of it. The last chunk's transaction makes all of them
 * visible and hides what the source had; it alone waits for the disk, for what is answered is to outlive a power cut. */
#include "index_internal.h"

#include <string.h>

#include "clock.h"
#include "text.h"

/* A document on its way in. */
struct putting {
    struct index                *x;
    const struct index_document *doc;
    struct index_row             row;
    struct passages              it;
    struct index_pieces          pieces;   /* of the chunk */
    int64_t                      stored;   /* passages */
    bool                         begun;    /* its numbers are given out */
    bool                         embedded; /* all chunks so far */
    int64_t                      replaces; /* the document that this one hides; 0: none */
};

/* ---- before anything is stored ---- */

static enum kl_code name_check(const char *field, const char *name, struct kl_error *err)
{
    if (name && strlen(name) > INDEX_NAME_MAX)
        return kl_fail_limit(err, KL_INVALID, field, INDEX_NAME_MAX, "%s is longer than %d bytes", field, INDEX_NAME_MAX);
    if (name && !kl_utf8_valid(name, strlen(name)))
        return kl_fail_field(err, KL_INVALID, field, "%s is not UTF-8", field);
    return KL_OK;
}

static enum kl_code names_check(const struct index_document *doc, struct kl_error *err)
{
    const struct { const char *field, *name; } names[] = {
        { "source", doc->source }, { "title", doc->title }, { "tags", doc->tags }, { "type", doc->type },
    };
    enum kl_code code = KL_OK;

    if (!doc->source || !*doc->source)
        return kl_fail_field(err, KL_INVALID, "source", "a document needs a source: the name it is known by");
    for (size_t i = 0; !code && i < sizeof names / sizeof *names; i++)
        code = name_check(names[i].field, names[i].name, err);
    return code;
}

static int64_t passages_count(const char *text, size_t len)
{
    struct passages it;
    struct passage p;
    int64_t n = 0;

    for (passages_begin(&it, text, len); passages_next(&it, &p);)
        n++;
    return n;
}

static void row_fill(struct putting *put, enum index_kind kind)
{
    const struct index_document *doc = put->doc;
    int64_t now_ms = kl_wall_us() / 1000;

    put->row = (struct index_row){
        .passages = passages_count(doc->text, doc->len), .kind = kind, .state = INDEX_STAGED, .source = doc->source, .title = doc->title,
        .tags = doc->tags, .type = doc->type, .bytes = doc->bytes ? doc->bytes : (int64_t)doc->len,
        .chars = text_chars(doc->text, doc->len), .lines = index_lines(doc->text, doc->len), .added_ms = now_ms, .time_ms = now_ms,
    };
}

/* ---- chunks ---- */

static enum kl_code chunk_gather(struct putting *put, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    struct passage p;

    index_pieces_clear(&put->pieces);
    while (!code && put->pieces.n < INDEX_CHUNK && passages_next(&put->it, &p))
        code = index_pieces_add(&put->pieces, &p, err);
    if (!code)
        index_pieces_embed(put->x, &put->pieces);
    put->embedded &= put->pieces.embedded;
    return code;
}

/* Gives out the numbers. From here on the catalog has an entry, which only upkeep removes. */
static enum kl_code numbers_take(struct putting *put, struct kl_error *err)
{
    struct index *x = put->x;
    struct catalog_entry e;
    enum kl_code code;

    put->row.id = x->next_document;
    put->row.first = x->next_passage;
    e = index_entry(&put->row);
    code = catalog_add(x->catalog, &e, err);
    if (code)
        return code;
    x->next_document++;
    x->next_passage += put->row.passages;
    x->puts++;
    put->begun = true;
    return KL_OK;
}

static enum kl_code replaced_find(struct putting *put, struct kl_error *err)
{
    static const char STANDING[] = "SELECT id FROM documents WHERE source = ?1 AND kind = 0 AND state = 1"; /* index_kind, index_state */
    sqlite3_stmt *st;

    if (put->row.kind != INDEX_DOCUMENT)
        return KL_OK;
    st = index_statement(put->x, STANDING, err);
    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, put->row.source, -1, SQLITE_STATIC);
    return index_number(put->x, st, 0, &put->replaces, err);
}

static enum kl_code document_show(struct putting *put, struct kl_error *err)
{
    static const char SHOW[] = "UPDATE documents SET state = 1, embedded = ?2 WHERE id = ?1"; /* index_state */
    static const char HIDE[] = "UPDATE documents SET state = 2 WHERE id = ?1";
    enum kl_code code = replaced_find(put, err);

    if (!code)
        code = index_run_two(put->x, SHOW, put->row.id, put->embedded, err);
    if (!code && put->replaces)
        code = index_run(put->x, HIDE, put->replaces, err);
    return code;
}

static enum kl_code chunk_write(struct putting *put, bool first, bool last, struct kl_error *err)
{
    struct index *x = put->x;
    bool inserted;
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    if (first)
        code = index_row_insert(x, &put->row, &inserted, err);
    if (!code)
        code = index_pieces_insert(x, put->row.id, put->row.first + put->stored, &put->pieces, 0, put->pieces.n, err);
    if (!code && last)
        code = document_show(put, err);
    return index_finish(x, code, err);
}

/* The chunk that was gathered, in its turn. */
static enum kl_code chunk_store(struct putting *put, struct kl_error *err)
{
    struct index *x = put->x;
    bool first = !put->begun, last;
    enum kl_code code = KL_OK;

    turn_take(&x->turn);
    if (put->pieces.n_rows)
        index_vectors_ready(x);
    if (first)
        code = numbers_take(put, err);
    last = put->stored + (int64_t)put->pieces.n == put->row.passages;
    if (!code && last)
        code = kl_sqlite_exec(x->db, "PRAGMA synchronous = FULL", err);
    if (!code)
        code = chunk_write(put, first, last, err);
    if (last)
        sqlite3_exec(kl_sqlite_handle(x->db), "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    if (!code) {
        index_pieces_show(x, put->row.first + put->stored, &put->pieces, 0, put->pieces.n);
        put->stored += (int64_t)put->pieces.n;
    }
    if (!code && last) {
        catalog_show(x->catalog, put->row.id, put->replaces);
        x->puts--;
    }
    turn_give(&x->turn);
    return code;
}

static bool progress_tell(const struct putting *put)
{
    const struct index_document *doc = put->doc;

    return !doc->progress || doc->progress(doc->progress_ctx, put->it.at, put->stored);
}

/* ---- all of it ---- */

/* What is staged is hidden, for upkeep to remove, now or as soon as it can be written. Without a row the catalog's entry is
 * all that there is. */
static void put_undo(struct putting *put)
{
    static const char HIDE_STAGED[] = "UPDATE documents SET state = 2 WHERE id = ?1"; /* index_state */
    struct index *x = put->x;
    struct kl_error err;

    if (!put->begun)
        return;
    turn_take(&x->turn);
    x->puts--;
    if (!put->stored) {
        catalog_remove(x->catalog, put->row.id);
    } else if (index_run(x, HIDE_STAGED, put->row.id, &err)) {
        kl_sqlite_rollback(x->db);
        x->staged_left = true;
    }
    turn_give(&x->turn);
}

static enum kl_code put_run(struct putting *put, struct kl_error *err)
{
    enum kl_code code;

    passages_begin(&put->it, put->doc->text, put->doc->len);
    put->embedded = true;
    do {
        code = chunk_gather(put, err);
        if (!code)
            code = chunk_store(put, err);
        if (!code && !progress_tell(put) && put->stored < put->row.passages)
            code = kl_fail(err, KL_BUSY, "the work was stopped");
    } while (!code && put->stored < put->row.passages);
    return code;
}

static enum kl_code put_document(struct index *x, const struct index_document *doc, enum index_kind kind, struct index_put *out,
                                 struct kl_error *err)
{
    struct putting put = { .x = x, .doc = doc };
    enum kl_code code = names_check(doc, err);

    if (code)
        return code;
    row_fill(&put, kind);
    index_pieces_init(&put.pieces);
    code = put_run(&put, err);
    if (code)
        put_undo(&put);
    index_pieces_fini(&put.pieces);
    *out = (struct index_put){ put.row.id, put.row.passages, put.replaces != 0, !put.embedded };
    return code;
}

enum kl_code index_put(struct index *x, const struct index_document *doc, struct index_put *out, struct kl_error *err)
{
    enum kl_code code = put_document(x, doc, INDEX_DOCUMENT, out, err);

    if (!code)
        x->counts.puts++;
    return code;
}

enum kl_code index_accept(struct index *x, const struct index_document *doc, struct index_put *out, struct kl_error *err)
{
    struct index_document statement = *doc;
    enum kl_code code;

    if (!statement.source || !*statement.source)
        statement.source = index_kind_name(INDEX_STATEMENT);
    code = put_document(x, &statement, INDEX_STATEMENT, out, err);
    if (!code)
        x->counts.statements++;
    return code;
}

enum kl_code index_delete(struct index *x, int64_t id, struct kl_error *err)
{
    static const char HIDE_VISIBLE[] = "UPDATE documents SET state = 2 WHERE id = ?1 AND state = 1"; /* index_state */
    enum kl_code code;

    turn_take(&x->turn);
    code = index_run(x, HIDE_VISIBLE, id, err);
    if (!code && sqlite3_changes(kl_sqlite_handle(x->db)) == 0)
        code = kl_fail_field(err, KL_NOT_FOUND, "id", "there is no document %lld", (long long)id);
    if (!code)
        catalog_show(x->catalog, 0, id);
    turn_give(&x->turn);
    return code;
}
