/* readers.h - reading the index: connections of their own, so that nobody waits for the writer (WAL), nor it for them.
 *
 * A reader serves one thread at a time: take it, ask, give it back. There are never more than threads ask at once, and
 * they are kept. What a call fills lives in the reader until its next call, unless said otherwise. */
#ifndef READERS_H
#define READERS_H

#include "catalog.h"
#include "err.h"
#include "index.h"

struct readers;
struct reader;

struct readers_conf {
    const char        *path;       /* the index's file, which index_open has made */
    const char *const *migrations; /* index_migrations() */
    struct catalog    *catalog;    /* index_catalog() */
};

KL_MUST_CHECK enum kl_code readers_open(struct readers **out, const struct readers_conf *conf, struct kl_error *err);
void readers_close(struct readers *rs); /* every reader has been given back; NULL is fine */

/* KL_BUSY: the file cannot be opened now. */
KL_MUST_CHECK enum kl_code readers_take(struct readers *rs, struct reader **out, struct kl_error *err);
void readers_give(struct readers *rs, struct reader *r); /* NULL is fine */

/* ---- by words ---- */

#define READER_WORDS_MAX 32   /* of a question, the rarest; a longer one is cut */
#define READER_HITS_MAX  1000
#define READER_WORDS_TOP 1.9  /* no passage scores more than this many times its words' weights together: BM25's K1 + 1 */

struct reader_hit {
    int64_t passage;
    double  score;   /* BM25, higher is better */
};

/* Passages that have words of text, best first. text is plain words: nothing in it is syntax. Stop words count only when
 * there is nothing else. The rarest words find the candidates, as many as their postings stay within a budget; all words
 * then score them. Bounded work, however common the words. filter: catalog_filter()'s. *n: how many of limit there are. */
KL_MUST_CHECK enum kl_code reader_words(struct reader *r, const char *text, size_t len, const struct catalog_filter *filter,
                                        struct reader_hit *hits, size_t limit, size_t *n, struct kl_error *err);

/* How rare are these words? Calls each with a word as the index has it (folded, stemmed), where it stands in text (bytes),
 * whether it is a stop word, and its weight (inverse document frequency). For answers that weigh words as the search does. */
struct reader_term {
    const char *term;     /* of the index, borrowed during the call */
    size_t      from, to; /* bytes of text */
    bool        stop;
    double      weight;   /* 0 when no passage has it, and for stop words beside others */
};
KL_MUST_CHECK enum kl_code reader_terms(struct reader *r, const char *text, size_t len,
                                        void (*each)(void *ctx, const struct reader_term *term), void *ctx, struct kl_error *err);

/* The words of any text as the index has them, in their order: to mark what a question and a passage share. */
KL_MUST_CHECK enum kl_code reader_stems(struct reader *r, const char *text, size_t len,
                                        void (*each)(void *ctx, const char *term, size_t term_len, size_t from, size_t to), void *ctx,
                                        struct kl_error *err);

/* ---- by meaning ---- */

struct reader_vectors {
    int64_t       passage;
    const int8_t *own, *sentences; /* rows (vectors.h): the passage's; its sentences', one behind the other */
    size_t        own_len, sentences_len; /* bytes; a passage of one sentence has none of its own */
};

/* Calls each for those of passages that have vectors, in their order, all in one state of the index. What it gets lives
 * during the call. */
KL_MUST_CHECK enum kl_code reader_vectors(struct reader *r, const int64_t *passages, size_t n,
                                          void (*each)(void *ctx, const struct reader_vectors *v), void *ctx, struct kl_error *err);

/* ---- passages and documents ---- */

struct reader_document {
    int64_t     id;
    enum index_kind kind;
    const char *source;       /* of a message: topic/partition/offset */
    const char *title;        /* NULL: none; tags, type, topic, message_id the same */
    const char *tags;
    const char *type;
    int64_t     bytes, chars, lines, passages;
    int64_t     added_ms, time_ms; /* time_ms: of the message, else added_ms */
    const char *topic;        /* NULL: from no topic */
    int32_t     partition;
    int64_t     offset;
    const char *message_id;
    bool        has_vectors;
};

struct reader_passage {
    int64_t     id;
    int64_t     ordinal;      /* in its document, from 0 */
    int64_t     from, to;     /* characters of the document's text */
    int64_t     line;
    const char *text;
    size_t      len;
    struct reader_document document;
};

/* Calls each for those of ids, in their order, that can be seen now; *missing: how many cannot (deleted or replaced since
 * the search: search again). All in one state of the index. What each gets lives during the call. */
KL_MUST_CHECK enum kl_code reader_passages(struct reader *r, const int64_t *ids, size_t n,
                                           void (*each)(void *ctx, const struct reader_passage *p), void *ctx, size_t *missing,
                                           struct kl_error *err);

struct reader_documents_query {
    const char *kind;         /* NULL: any; KL_INVALID when there is no such kind */
    const char *source;       /* NULL: any */
    int64_t     before;       /* the next of the page before; INT64_MAX: from the newest */
    int         limit;
};

/* Newest first; *next: what the next page begins before, 0: there is none. *total: of all pages. */
KL_MUST_CHECK enum kl_code reader_documents(struct reader *r, const struct reader_documents_query *query,
                                            void (*each)(void *ctx, const struct reader_document *d), void *ctx, int64_t *next,
                                            int64_t *total, struct kl_error *err);

#define READER_TEXT_MAX 1048576 /* bytes of a document's text in one answer */

/* The document and its text's characters [from, to), cut to its end and to READER_TEXT_MAX:
 * from and to say what text holds. each is called once. KL_NOT_FOUND. */
struct reader_text {
    struct reader_document document;
    const char *text;
    size_t      len;
    int64_t     from, to;
};
KL_MUST_CHECK enum kl_code reader_document(struct reader *r, int64_t id, int64_t from, int64_t to,
                                           void (*each)(void *ctx, const struct reader_text *t), void *ctx, struct kl_error *err);

/* ---- topics, totals ---- */

struct reader_topic {
    const char *topic;
    int64_t     incarnation;  /* the current one */
    int64_t     messages;     /* learnt, ever */
    int64_t     skipped;      /* read and not text */
    int64_t     indexed;      /* the sum of the offsets read up to */
    int64_t     last_ms;      /* when the last message was learnt; 0: none */
};
/* Of the cluster that is read, by name; topics of ours (statements, questions, answers) among them. */
KL_MUST_CHECK enum kl_code reader_topics(struct reader *r, void (*each)(void *ctx, const struct reader_topic *t), void *ctx,
                                         struct kl_error *err);

struct reader_totals {
    int64_t documents, passages, bytes; /* bytes: of the file */
};
KL_MUST_CHECK enum kl_code reader_totals(struct reader *r, struct reader_totals *out, struct kl_error *err);

#endif
