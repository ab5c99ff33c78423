/* reader_vectors.c - passages' vectors by their numbers. */
#include "reader_internal.h"

static enum kl_code vectors_read(struct reader *r, int64_t passage, void (*each)(void *ctx, const struct reader_vectors *v), void *ctx,
                                 struct kl_error *err)
{
    static const char VECTORS[] = "SELECT p.vectors, s.vectors FROM passage_vectors p LEFT JOIN sentence_vectors s ON s.passage = p.passage"
                                  " WHERE p.passage = ?1";
    sqlite3_stmt *st = reader_statement(r, VECTORS, err);
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, passage);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        each(ctx, &(struct reader_vectors){
                      .passage = passage,
                      .own = sqlite3_column_blob(st, 0), .own_len = (size_t)sqlite3_column_bytes(st, 0),
                      .sentences = sqlite3_column_blob(st, 1), .sentences_len = (size_t)sqlite3_column_bytes(st, 1) });
    return reader_done(r, st, rc, err);
}

enum kl_code reader_vectors(struct reader *r, const int64_t *passages, size_t n, void (*each)(void *ctx, const struct reader_vectors *v),
                            void *ctx, struct kl_error *err)
{
    enum kl_code code = reader_begin(r, err);

    for (size_t i = 0; !code && i < n; i++)
        code = vectors_read(r, passages[i], each, ctx, err);
    reader_end(r);
    return code;
}
