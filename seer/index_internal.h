/* index_internal.h - what the parts of the index share. Everything here that touches db needs the turn, but for the
 * opening and the closing.
 *
 *   index.c            opening, closing, what every part needs
 *   index_schema.c     the tables
 *   index_pieces.c     a text as passages and their vectors: no database, no turn
 *   index_write.c      the rows of a document
 *   index_put.c        documents and statements: stage, show, delete
 *   index_upkeep.c     what is removed
 *   index_embed.c      vectors that are made later, on a thread of their own
 *   index_vectors.c    vectors in memory and what made them
 *   index_topics.c     clusters, topics, incarnations, positions
 *   index_learn.c      which topics
 *   index_batch.c      a batch of the feed's: one transaction
 *   index_questions.c  questions and answers from Kafka */
#ifndef INDEX_INTERNAL_H
#define INDEX_INTERNAL_H

#include <stdatomic.h>

#include "index.h"
#include "passages.h"
#include "sqlite.h"
#include "turn.h"

#define INDEX_CACHE_KIB 16384 /* pages that the writing connection keeps: what some batches touch */

#define INDEX_ROWS_MAX  128   /* vectors of a passage: its own and its sentences'; 1,300 characters have some 20 */
#define INDEX_CHUNK     256   /* passages a transaction: some 20 ms, so that nobody waits long for a turn */
#define INDEX_EMBED_PAUSE_US 10000000 /* an embedder that failed is left alone for so long */

enum index_state { INDEX_STAGED, INDEX_VISIBLE, INDEX_HIDDEN };

struct index_incarnation {   /* one that the feed has introduced */
    int64_t id;
    int64_t before;          /* 0: none */
    int32_t topic;           /* in the catalog */
    int64_t messages, skipped; /* of the batch under way */
};

struct index {
    struct index_conf conf;
    struct catalog   *catalog;
    _Atomic(struct vectors *) vectors; /* set once, when the embedder's dims are known */
    struct turn       turn;            /* guards what follows */
    struct kl_sqlite *db;
    int64_t           next_document, next_passage;
    int64_t           cluster;         /* its row; 0: not known yet */
    int64_t           puts;            /* under way: their documents are staged */
    bool              staged_left;     /* one ended and could not even be hidden: upkeep does it when no put is under way */
    _Atomic int64_t   embed_again_us;  /* monotonic: the embedder failed, and is not asked before */

    struct index_embed *embed;         /* NULL: no embedder */

    /* The feed's thread alone. */
    struct index_incarnation *incarnations;
    size_t                    n_incarnations, incarnations_room;
    size_t                    added;   /* passages that came since the feed's last upkeep */

    struct {
        _Atomic int64_t puts, statements, messages, not_text, doubled, questions, answers, batches, removed, without_vectors;
    } counts;                          /* any thread reads */
};

/* ---- index.c ---- */

/* The constant statement, or NULL with *err filled. */
sqlite3_stmt *index_statement(struct index *x, const char *sql, struct kl_error *err);
/* Steps st and resets it: the value of its first column, or absent when there is no row or it is NULL. */
KL_MUST_CHECK enum kl_code index_number(struct index *x, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err);
/* Run sql with its one or two parameters. */
KL_MUST_CHECK enum kl_code index_run(struct index *x, const char *sql, int64_t first, struct kl_error *err);
KL_MUST_CHECK enum kl_code index_run_two(struct index *x, const char *sql, int64_t first, int64_t second, struct kl_error *err);
KL_MUST_CHECK enum kl_code index_state_set(struct index *x, const char *name, const char *value, struct kl_error *err);
KL_MUST_CHECK enum kl_code index_state_set_number(struct index *x, const char *name, int64_t value, struct kl_error *err);
/* Appends the value; *found: there is one. */
KL_MUST_CHECK enum kl_code index_state_get(struct index *x, const char *name, struct kl_buf *value, bool *found, struct kl_error *err);
/* What a killed process, or a put on a full disk, left half done goes the way of what was deleted. No put is under way. */
KL_MUST_CHECK enum kl_code index_staged_hide(struct index *x, struct kl_error *err);
/* Commits when code is KL_OK, else rolls back; returns what became of it. */
KL_MUST_CHECK enum kl_code index_finish(struct index *x, enum kl_code code, struct kl_error *err);

/* ---- index_vectors.c ---- */

KL_MUST_CHECK enum kl_code index_vectors_load(struct index *x, struct kl_error *err);
/* The vectors, made when the embedder's dims are known by now; NULL: none yet. Needs the turn. */
struct vectors *index_vectors_ready(struct index *x);

/* ---- index_pieces.c ---- */

/* Some passages of a text, and their vectors. */
struct index_piece {
    struct passage passage;
    size_t         rows_from, n_rows; /* in index_pieces.rows */
};
struct index_pieces {
    struct index_piece *pieces;
    size_t              n, room;
    struct kl_buf       rows;          /* of embedder_dims bytes each */
    size_t              n_rows, dims;
    bool                embedded;      /* each piece has its rows */
};
void index_pieces_init(struct index_pieces *p);
void index_pieces_fini(struct index_pieces *p);
void index_pieces_clear(struct index_pieces *p); /* memory kept */
KL_MUST_CHECK enum kl_code index_pieces_add(struct index_pieces *p, const struct passage *passage, struct kl_error *err);
/* Makes the vectors of all pieces, when there is an embedder and it works; it not working is no error. */
void index_pieces_embed(struct index *x, struct index_pieces *p);
/* As if the embedder had failed: the vectors are made later. */
void index_pieces_bare(struct index *x, struct index_pieces *p);
/* The texts of a passage that get a vector each: itself, and its sentences when they are wanted and more than one. */
size_t index_texts(const struct index *x, const char *text, size_t len, struct embedder_text out[INDEX_ROWS_MAX]);

/* ---- index_write.c ---- */

/* Lines of a text; one that the text ends with is none. */
int64_t index_lines(const char *text, size_t len);

/* What documents has of a document. */
struct index_row {
    int64_t     id, first, passages;
    enum index_kind kind;
    enum index_state state;
    const char *source, *title, *tags, *type; /* NULL: none, but for source */
    int64_t     bytes, chars, lines, added_ms, time_ms;
    int64_t     incarnation;                  /* 0: from no topic */
    int32_t     topic;                        /* in the catalog */
    int32_t     part;
    int64_t     pos;
    const char *message_id;
    bool        embedded;
};
/* In a transaction. *inserted: false when the message's place is in the index already. */
KL_MUST_CHECK enum kl_code index_row_insert(struct index *x, const struct index_row *row, bool *inserted, struct kl_error *err);
/* Pieces from .. to - 1 as the passages from first on. */
KL_MUST_CHECK enum kl_code index_pieces_insert(struct index *x, int64_t document, int64_t first, const struct index_pieces *p, size_t from,
                                               size_t to, struct kl_error *err);
KL_MUST_CHECK enum kl_code index_vectors_insert(struct index *x, int64_t passage, const struct index_pieces *p, const struct index_piece *piece,
                                                struct kl_error *err);
/* Takes the passages' own vectors of pieces from .. to - 1 into memory, after the commit. */
void index_pieces_show(struct index *x, int64_t first, const struct index_pieces *p, size_t from, size_t to);
struct catalog_entry index_entry(const struct index_row *row);

/* ---- index_embed.c ---- */

KL_MUST_CHECK enum kl_code index_embed_start(struct index *x, struct kl_error *err); /* nothing to do without an embedder */
void index_embed_end(struct index *x);
void index_embed_wake(struct index *x); /* there are documents without vectors */

/* ---- index_upkeep.c ---- */

void index_upkeep_feed(void *x); /* kl_feed_store.upkeep */

/* ---- index_topics.c, index_batch.c: what kl_feed_store's functions of these names are ---- */

enum kl_code index_feed_cluster(void *x, const char *name, bool *contacted, struct kl_error *err);
enum kl_code index_feed_contacted(void *x, struct kl_error *err);
enum kl_code index_feed_topic(void *x, struct kl_incarnation *inc, bool made_again, struct kl_error *err);
enum kl_code index_feed_gone(void *x, const struct kl_incarnation *inc, struct kl_error *err);
enum kl_code index_feed_position(void *x, struct kl_feed_position *at, struct kl_error *err);
enum kl_code index_feed_batch(void *x, const struct kl_feed_batch *batch, struct kl_error *err);
/* The incarnation of this id, which the feed has introduced. */
struct index_incarnation *index_incarnation(struct index *x, int64_t id);

/* ---- index_questions.c ---- */

/* What a statement from Kafka says besides its text; each owned, NULL: nothing. */
struct index_statement { char *source, *title, *tags; };
/* A value that is text, or JSON with its text under "text". KL_NOT_FOUND: it is not text. */
KL_MUST_CHECK enum kl_code index_statement_read(const char *value, size_t len, struct kl_buf *text, struct index_statement *out,
                                                struct kl_error *err);
void index_statement_fini(struct index_statement *s);

/* A record of the question topic or of the answer topic, in the batch's transaction; *taken: false when it is none. */
KL_MUST_CHECK enum kl_code index_question_write(struct index *x, const struct kl_feed_record *record, bool *taken, struct kl_error *err);
KL_MUST_CHECK enum kl_code index_answer_write(struct index *x, const struct kl_feed_record *record, bool *taken, struct kl_error *err);
/* Forgets the oldest beyond INDEX_QUESTIONS_MAX. */
KL_MUST_CHECK enum kl_code index_questions_trim(struct index *x, struct kl_error *err);

#endif
