/* index.h - documents, statements and messages as passages, in one SQLite file: the side that writes.
 *
 * A text is cut into passages, each gets its words (FTS5) and, with an embedder, its vectors. What index_put has
 * answered can be found, whole; what was not answered cannot be found at all: passages are stored some hundreds a
 * transaction under a document that is not visible yet, so that messages are learnt meanwhile, and one last transaction
 * makes it visible and hides what it replaces. A kill in between leaves rows that the next start removes.
 *
 * Messages come from the feed: a batch's documents and the offsets after it are one transaction, so a kill at any instant
 * neither skips nor doubles one. The topics are the truth; the index can be made again from them.
 *
 * Threads: index_put, index_accept, index_delete and the rest of this header on any thread; they take turns at the
 * one connection that writes, first come first served, and embed outside of their turn. The feed's calls belong to one
 * thread. Reading is done by others, on connections of their own (readers.h). */
#ifndef INDEX_H
#define INDEX_H

#include "buf.h"
#include "catalog.h"
#include "embedder.h"
#include "kafka_feed.h"
#include "vectors.h"

struct index;

#define INDEX_NAME_MAX       1024 /* bytes of a source's name, a title, all tags together, a type */
#define INDEX_QUESTION_MAX   4096 /* bytes of a question from Kafka; a longer one is counted and not answered */
#define INDEX_KEY_MAX        1024 /* bytes of a question's key that its answer carries */
#define INDEX_QUESTIONS_MAX  100000 /* that wait for their answers; the oldest beyond are forgotten. The feed must not stand
                                     * still for them: it also reads the answers that end their waiting */

struct index_conf {
    const char      *path;            /* its directory is made when it is missing */
    struct embedder *embedder;        /* borrowed; NULL: words alone */
    bool             sentences;       /* a vector for each sentence too, not for each passage alone */
    bool             vectors_stay;    /* when another embedder made those in the file: then this one is not used */
    bool             messages_later;  /* messages' vectors are made behind the feed, which does not wait: for an endpoint */
    int64_t          messages_max;    /* passages of messages; the oldest beyond go */
    int64_t          retention_ms;    /* messages learnt longer ago than this go; 0: none does */
    size_t           batch_max;       /* records a batch, as the feed's */
    const char      *statement_topic; /* NULL: none; the same for the next two */
    const char      *question_topic;
    const char      *answer_topic;
    void           (*asked)(void *ctx); /* a question is in the index; on the feed's thread, after the commit; may be NULL */
    void            *asked_ctx;
};

/* KL_CONFLICT: another process holds the file, or it was written by a later version; KL_BROKEN: it is no index;
 * KL_BUSY: it cannot be opened or written now. */
KL_MUST_CHECK enum kl_code index_open(struct index **out, const struct index_conf *conf, struct kl_error *err);
void index_close(struct index *x); /* nobody uses it any more; NULL is fine */

/* For searches; they live as long as the index. vectors: NULL without an embedder, and before an endpoint's first answer:
 * ask each time. */
struct catalog    *index_catalog(struct index *x);
struct vectors    *index_vectors(struct index *x);
const char *const *index_migrations(void); /* for readers */

/* ---- documents ---- */

enum index_kind { INDEX_DOCUMENT, INDEX_STATEMENT, INDEX_MESSAGE };
const char *index_kind_name(enum index_kind kind); /* "document", "statement", "message" */

struct index_document {
    const char *source;       /* what it is called; a document replaces the one of the same source */
    const char *title;        /* NULL: none */
    const char *tags;         /* separated by commas; NULL: none */
    const char *type;         /* the content type it was extracted from; NULL: text/plain */
    const char *text;         /* UTF-8 (text_check); may be empty: then it has no passages */
    size_t      len;
    int64_t     bytes;        /* before extraction; 0: len */
    /* Told now and then how much of the text is stored; false ends the work with KL_BUSY and leaves nothing. May be NULL. */
    bool      (*progress)(void *ctx, size_t done_bytes, int64_t passages);
    void       *progress_ctx;
};

struct index_put {
    int64_t id;
    int64_t passages;
    bool    replaced;         /* there was one of this source */
    bool    without_vectors;  /* the embedder failed: it can be found by its words alone */
};

/* When it returns KL_OK the document can be found, and what it replaced cannot. Two puts of one source: the later wins.
 * KL_INVALID: no or too long a name, or one that is not UTF-8. Otherwise nothing has changed. */
KL_MUST_CHECK enum kl_code index_put(struct index *x, const struct index_document *doc, struct index_put *out, struct kl_error *err);
/* A statement: short, kept beside others of the same source ("statement" when source is NULL). */
KL_MUST_CHECK enum kl_code index_accept(struct index *x, const struct index_document *doc, struct index_put *out, struct kl_error *err);
/* Gone from all answers when it returns; its rows go in small pieces (index_upkeep). KL_NOT_FOUND. */
KL_MUST_CHECK enum kl_code index_delete(struct index *x, int64_t id, struct kl_error *err);

/* A bounded piece of what is left to remove: hidden documents, messages beyond retention. The feed calls it; without a
 * feed somebody has to, once a second. *left: there is more. */
KL_MUST_CHECK enum kl_code index_upkeep(struct index *x, bool *left, struct kl_error *err);

/* ---- topics ---- */

/* What to give the feed; borrows x. */
struct kl_feed_store index_feed(struct index *x);

/* What is learnt. Comes from the index: what was chosen last, or index_learn_first()'s at the first start. */
struct index_learning {
    bool all;
    char *topics;              /* for kl_feed_conf.topics, the topics of ours included; owned, free(); NULL: all that are not internal */
    char *chosen;              /* comma separated, as it was chosen; NULL: all; owned, free() */
    bool existing_from_end;    /* for kl_feed_conf */
};

/* The setting, for an index where nothing has been chosen yet; NULL or "": all. Changes nothing in others. */
KL_MUST_CHECK enum kl_code index_learn_first(struct index *x, const char *topics, bool existing_from_end, struct kl_error *err);
KL_MUST_CHECK enum kl_code index_learning(struct index *x, struct index_learning *out, struct kl_error *err);
void index_learning_fini(struct index_learning *l);
/* Chooses anew (comma separated names and ^patterns, NULL: all). from_beginning: topics that are named are read from their
 * beginning, again if need be (nothing is doubled); else those that were not learnt so far are read from their end. Only
 * while no feed runs: end it, call this, start it with what index_learning says. KL_INVALID: a name or pattern is wrong. */
KL_MUST_CHECK enum kl_code index_learn(struct index *x, const char *topics, bool from_beginning, struct kl_error *err);

/* ---- questions from Kafka ---- */

/* A question that was read from question_topic and waits for its answer. What has an answer in answer_topic, as far as the
 * feed has read that, waits no more; so whoever answers does nothing before the feed has read answer_topic up to the end that
 * it had at the start (kl_feed_partitions). */
struct index_question {
    int64_t     number;        /* in the order they were read */
    const char *id;            /* of its kafkloud-id header, or topic/partition/offset: what the answer's header question-id says */
    const char *question;
    size_t      question_len;
    const void *key;           /* NULL: a null key */
    size_t      key_len;
    int64_t     asked_ms;
};

#define INDEX_QUESTION_ID_HEADER "question-id"
#define INDEX_QUESTION_ID_MAX    512 /* bytes of an id with its NUL: a UUID, or topic/partition/offset */

/* Calls each for the oldest that wait, whose number is above after, at most limit. What it gets lives during the call. */
KL_MUST_CHECK enum kl_code index_questions(struct index *x, int64_t after, int limit,
                                           void (*each)(void *ctx, const struct index_question *q), void *ctx, struct kl_error *err);
/* Its answer was delivered. */
KL_MUST_CHECK enum kl_code index_answered(struct index *x, int64_t number, struct kl_error *err);

/* ---- for /metrics and /status ---- */

struct index_counts {         /* since the start */
    int64_t puts, statements, messages, not_text, doubled, questions, answers, batches, removed, without_vectors;
};
struct index_counts index_counts(struct index *x);

#endif
