/* index_upkeep.c - what is removed: hidden documents, and the oldest messages.
 *
 * Messages that have to go are hidden first, some hundreds at once, and then go the way of everything hidden: their rows
 * are deleted in pieces of a bounded number of passages, each a transaction in its turn, faster than batches can add. */
#include "index_internal.h"


#include "clock.h"
#include "log.h"

#define PIECES_MIN    8    /* transactions in one call of the feed's, when there is so much to do: some 200 ms */
#define HIDE_MAX      1024 /* messages hidden at once */
#define ANSWERED_MAX  10000 /* ids of answers that are kept for questions that may be read yet */

/* ---- hidden documents ---- */

struct removing { int64_t id, first, end; };

/* Some of the hidden documents, the oldest first, and of each what is left of its passages. */
static enum kl_code hidden_list(struct index *x, struct removing *out, size_t max, size_t *n, struct kl_error *err)
{
    static const char HIDDEN[] =
        "SELECT d.id, coalesce((SELECT min(p.id) FROM passages p WHERE p.id >= d.first AND p.id < d.first + d.passages), d.first + d.passages),"
        " d.first + d.passages FROM documents d WHERE d.state != 1 AND d.state = 2 ORDER BY d.id LIMIT ?1"; /* index_state */
    sqlite3_stmt *st = index_statement(x, HIDDEN, err);
    int rc = SQLITE_DONE;

    *n = 0;
    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, (int64_t)max);
    while (*n < max && (rc = sqlite3_step(st)) == SQLITE_ROW)
        out[(*n)++] = (struct removing){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2) };
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return kl_sqlite_fail(x->db, "cannot read the index", err);
    sqlite3_reset(st);
    return KL_OK;
}

static enum kl_code passages_remove(struct index *x, int64_t from, int64_t to, struct kl_error *err)
{
    static const char *const statements[] = {
        "INSERT INTO passage_words (passage_words, rowid, text) SELECT 'delete', id, text FROM passages WHERE id >= ?1 AND id < ?2",
        "DELETE FROM passages WHERE id >= ?1 AND id < ?2",
        "DELETE FROM passage_vectors WHERE passage >= ?1 AND passage < ?2",
        "DELETE FROM sentence_vectors WHERE passage >= ?1 AND passage < ?2",
    };
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < sizeof statements / sizeof *statements; i++)
        code = index_run_two(x, statements[i], from, to, err);
    return code;
}

/* Up to left passages of a document; the document itself with the last of them. r->end: how far it went. */
static enum kl_code document_remove(struct index *x, struct removing *r, int64_t *left, bool *all, struct kl_error *err)
{
    static const char REMOVE_DOCUMENT[] = "DELETE FROM documents WHERE id = ?1";
    enum kl_code code = KL_OK;

    *all = r->end - r->first <= *left;
    if (!*all)
        r->end = r->first + *left;
    if (r->end > r->first)
        code = passages_remove(x, r->first, r->end, err);
    if (!code && *all)
        code = index_run(x, REMOVE_DOCUMENT, r->id, err);
    *left -= r->end - r->first + 1; /* one for the document: those without passages are work too */
    return code;
}

/* What was removed from the file, in memory. */
static void removed_forget(struct index *x, const struct removing *r, bool all)
{
    int64_t ids[2 * INDEX_CHUNK];
    size_t n = 0;

    for (int64_t id = r->first; id < r->end && n < sizeof ids / sizeof *ids; id++)
        ids[n++] = id;
    if (x->vectors && n)
        vectors_remove(x->vectors, ids, n);
    if (all)
        catalog_remove(x->catalog, r->id);
    x->counts.removed += (int64_t)n;
}

static enum kl_code piece_remove(struct index *x, struct removing *list, size_t n, bool *all, size_t *done, struct kl_error *err)
{
    int64_t left = INDEX_CHUNK;
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    for (*done = 0; !code && *done < n && left > 0; ++*done)
        code = document_remove(x, &list[*done], &left, &all[*done], err);
    return index_finish(x, code, err);
}

/* One transaction's worth. *left: there is more. */
static enum kl_code hidden_remove(struct index *x, bool *left, struct kl_error *err)
{
    struct removing list[INDEX_CHUNK];
    bool all[INDEX_CHUNK];
    size_t n, done = 0;
    enum kl_code code = hidden_list(x, list, INDEX_CHUNK, &n, err);

    *left = false;
    if (code || !n)
        return code;
    code = piece_remove(x, list, n, all, &done, err);
    for (size_t i = 0; !code && i < done; i++)
        removed_forget(x, &list[i], all[i]);
    *left = !code && (done < n || !all[done - 1] || n == INDEX_CHUNK);
    return code;
}

/* ---- messages that have to go ---- */

/* Ids of the oldest messages, as far as they are too many or too old. */
static enum kl_code doomed_list(struct index *x, int64_t *ids, size_t *n, struct kl_error *err)
{
    static const char OLDEST[] = "SELECT id, passages, added_ms FROM documents WHERE kind = 2 AND state = 1 ORDER BY id LIMIT ?1"; /* index_kind, index_state */
    int64_t beyond = catalog_totals(x->catalog).message_passages - x->conf.messages_max;
    int64_t before_ms = x->conf.retention_ms ? kl_wall_us() / 1000 - x->conf.retention_ms : INT64_MIN;
    sqlite3_stmt *st = index_statement(x, OLDEST, err);
    int rc;

    *n = 0;
    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, HIDE_MAX);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && (beyond > 0 || sqlite3_column_int64(st, 2) < before_ms)) {
        beyond -= sqlite3_column_int64(st, 1);
        ids[(*n)++] = sqlite3_column_int64(st, 0);
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return kl_sqlite_fail(x->db, "cannot read the index", err);
    sqlite3_reset(st);
    return KL_OK;
}

static enum kl_code messages_hide(struct index *x, struct kl_error *err)
{
    static const char HIDE_MESSAGES[] = "UPDATE documents SET state = 2 WHERE kind = 2 AND state = 1 AND id BETWEEN ?1 AND ?2";
    int64_t ids[HIDE_MAX];
    size_t n;
    enum kl_code code = doomed_list(x, ids, &n, err);

    if (code || !n)
        return code;
    code = index_run_two(x, HIDE_MESSAGES, ids[0], ids[n - 1], err);
    for (size_t i = 0; !code && i < n; i++)
        catalog_show(x->catalog, 0, ids[i]);
    return code;
}

static enum kl_code answered_trim(struct index *x, struct kl_error *err)
{
    static const char TRIM[] = "DELETE FROM answered WHERE seq <= (SELECT max(seq) FROM answered) - ?1";

    return index_run(x, TRIM, ANSWERED_MAX, err);
}

/* ---- all of it ---- */

static enum kl_code left_hide(struct index *x, struct kl_error *err)
{
    if (!x->staged_left || x->puts)
        return KL_OK;
    if (index_staged_hide(x, err))
        return err->code;
    x->staged_left = false;
    return KL_OK;
}

static enum kl_code upkeep(struct index *x, bool *left, struct kl_error *err)
{
    enum kl_code code = left_hide(x, err);

    if (!code)
        code = messages_hide(x, err);
    if (!code)
        code = answered_trim(x, err);
    return code ? code : hidden_remove(x, left, err);
}

enum kl_code index_upkeep(struct index *x, bool *left, struct kl_error *err)
{
    enum kl_code code;

    *left = false;
    turn_take(&x->turn);
    code = upkeep(x, left, err);
    if (code)
        kl_sqlite_rollback(x->db); /* resets what a failure has left open */
    turn_give(&x->turn);
    return code;
}

/* Twice what the feed has brought meanwhile, or what is hidden would grow under a stream of long messages. Upkeep that
 * fails is tried again with the next batch; an index that is truly broken will refuse that one too. */
void index_upkeep_feed(void *ctx)
{
    struct index *x = ctx;
    size_t pieces = PIECES_MIN + 2 * x->added / INDEX_CHUNK;
    struct kl_error err;
    bool left = true;

    x->added = 0;
    for (size_t i = 0; i < pieces && left; i++)
        if (index_upkeep(x, &left, &err))
            kl_warn("the index's upkeep failed, it is tried again", KL_S("why", err.text));
}
