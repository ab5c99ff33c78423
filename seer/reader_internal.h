/* reader_internal.h - what the parts of a reader share: readers.c (the pool), reader_words.c, reader_counts.c, reader_passages.c,
 * reader_vectors.c, reader_documents.c, reader_topics.c. */
#ifndef READER_INTERNAL_H
#define READER_INTERNAL_H

#include "buf.h"
#include "readers.h"
#include "sqlite.h"
#include "words.h"

struct reader_counted;        /* reader_counts.c */

struct reader {
    const struct readers_conf *conf;
    struct kl_sqlite *db;
    struct words     *words;
    struct reader_counted *counted; /* common words, lately */
    struct kl_buf     text;   /* what the current call hands out or asks for */
    struct reader    *next;   /* in the pool */
};

/* A read transaction: begin it before the first question of a call, end it on every way out. */
KL_MUST_CHECK enum kl_code reader_begin(struct reader *r, struct kl_error *err);
void reader_end(struct reader *r);
/* The constant statement, or NULL with *err filled. */
sqlite3_stmt *reader_statement(struct reader *r, const char *sql, struct kl_error *err);
/* Steps st and resets it: the value of its first column, or absent when there is no row or it is NULL. */
KL_MUST_CHECK enum kl_code reader_number(struct reader *r, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err);
/* What sqlite's last step means: KL_OK when there was no further row. Resets st. */
KL_MUST_CHECK enum kl_code reader_done(struct reader *r, sqlite3_stmt *st, int rc, struct kl_error *err);

/* A word of a text as FTS5's syntax has it. Its bytes are the text's, for the tokenizer would stem a stem once more; and they
 * are letters and digits, for the tokenizer found them. */
bool reader_quote(struct kl_buf *out, const char *word, size_t len);
/* How many of all passages have this word, about. In a transaction. */
KL_MUST_CHECK enum kl_code reader_count(struct reader *r, const char *word, size_t len, int64_t all, int64_t *passages, struct kl_error *err);

/* The columns of a document, as documents d and incarnations i, and how they are read from column first on. */
#define READER_DOCUMENT_COLUMNS \
    "d.id, d.kind, d.source, d.title, d.tags, d.type, d.bytes, d.chars, d.passages, d.added_ms, d.time_ms, i.topic, d.part, d.pos," \
    " d.message_id, d.embedded, d.first, d.lines"
#define READER_DOCUMENT_TABLES "documents d LEFT JOIN incarnations i ON i.id = d.incarnation"
struct reader_document reader_document_of(sqlite3_stmt *st, int first);
#define READER_DOCUMENT_FIRST 16 /* the column of its first passage */

#endif
