/* index_vectors.c - the passages' vectors: in the file, so that a start need not make them again, and in memory, where
 * they are searched. Those of their sentences are in the file alone: they are looked at for few passages (nearest.h).
 *
 * Vectors of two embedders cannot be compared, so state tells what made those in the file. When that is another one now,
 * they are dropped and every document is marked bare: upkeep makes new ones, and until then words find it. */
#include "index_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"


/* What makes the vectors, with all that changes them. */
static void maker(const struct index *x, size_t dims, char *out, size_t size)
{
    snprintf(out, size, "%s %zu%s", embedder_name(x->conf.embedder), dims, x->conf.sentences ? " sentences" : "");
}

static enum kl_code all_bare(struct index *x, const char *made_by, struct kl_error *err)
{
    static const char DROP_VECTORS[] = "DELETE FROM passage_vectors; DELETE FROM sentence_vectors; UPDATE documents SET embedded = 0 WHERE passages > 0";
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    code = kl_sqlite_exec(x->db, DROP_VECTORS, err);
    if (!code)
        code = index_state_set(x, "embedder", made_by, err);
    return index_finish(x, code, err);
}

/* Sees to it that the vectors in the file, if there are any, are made_by's. KL_CONFLICT: they are not, and are to stay. */
static enum kl_code maker_check(struct index *x, const char *made_by, struct kl_error *err)
{
    struct kl_buf last;
    bool found, same, stay;
    enum kl_code code;

    kl_buf_init(&last, EMBEDDER_NAME_MAX + 64);
    code = index_state_get(x, "embedder", &last, &found, err);
    same = found && last.len && !strcmp(last.data, made_by);
    stay = found && !same && x->conf.vectors_stay;
    if (!code && stay)
        code = kl_fail(err, KL_CONFLICT, "the index's vectors are those of %s", last.len ? last.data : "another embedder");
    kl_buf_fini(&last);
    if (code || same)
        return code;
    if (found)
        kl_info("another embedder than the last: all vectors are made anew", KL_S("embedder", made_by));
    return all_bare(x, made_by, err);
}

static enum kl_code row_take(struct vectors *v, size_t dims, sqlite3_stmt *st, struct kl_error *err)
{
    int64_t id = sqlite3_column_int64(st, 0);

    return (size_t)sqlite3_column_bytes(st, 1) >= dims ? vectors_add(v, &id, sqlite3_column_blob(st, 1), 1, err) : KL_OK;
}

static enum kl_code rows_load(struct index *x, struct vectors *v, size_t dims, struct kl_error *err)
{
    static const char VECTORS[] = "SELECT passage, vectors FROM passage_vectors ORDER BY passage";
    sqlite3_stmt *st = index_statement(x, VECTORS, err);
    enum kl_code code = KL_OK;
    int rc = SQLITE_DONE;

    if (!st)
        return err->code;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW)
        code = row_take(v, dims, st, err);
    if (!code && rc != SQLITE_DONE)
        code = kl_sqlite_fail(x->db, "cannot read the vectors", err);
    sqlite3_reset(st);
    return code;
}

static enum kl_code vectors_make(struct index *x, size_t dims, struct kl_error *err)
{
    char made_by[EMBEDDER_NAME_MAX + 64];
    struct vectors *v = NULL;
    enum kl_code code;

    maker(x, dims, made_by, sizeof made_by);
    code = maker_check(x, made_by, err);
    if (!code)
        code = vectors_open(&v, dims, err);
    if (!code)
        code = rows_load(x, v, dims, err);
    if (code)
        vectors_close(v);
    else
        x->vectors = v;
    return code;
}

enum kl_code index_vectors_load(struct index *x, struct kl_error *err)
{
    size_t dims = x->conf.embedder ? embedder_dims(x->conf.embedder) : 0;
    enum kl_code code = dims ? vectors_make(x, dims, err) : KL_OK; /* an endpoint tells its dims later */

    if (code != KL_CONFLICT)
        return code;
    kl_warn("words alone are searched", KL_S("why", err->text));
    x->conf.embedder = NULL;
    return KL_OK;
}

struct vectors *index_vectors_ready(struct index *x)
{
    struct kl_error err;

    if (!x->vectors && index_vectors_load(x, &err))
        kl_warn("vectors cannot be kept, words alone are searched", KL_S("why", err.text));
    return x->vectors;
}
