/* search.h - the passages that fit a question best, by its words, by its meaning, or by both.
 *
 * What is found is copied out of the index: it stays as it was, whatever is deleted or replaced meanwhile. Any thread may
 * search; a search may wait for an embeddings endpoint, so not from an HTTP thread. */
#ifndef SEARCH_H
#define SEARCH_H

#include "err.h"
#include "index.h"
#include "readers.h"

#define SEARCH_TEXT_MAX 8000 /* bytes of a question */
#define SEARCH_K_MAX    100  /* passages in one answer */

struct searcher;

struct searcher_conf {
    struct index    *index;    /* all three are borrowed */
    struct readers  *readers;
    struct embedder *embedder; /* NULL: words alone */
    const char      *words_only; /* why embedder is NULL; borrowed for ever */
};

KL_MUST_CHECK enum kl_code searcher_new(struct searcher **out, const struct searcher_conf *conf, struct kl_error *err);
void searcher_free(struct searcher *s); /* NULL is fine */

enum search_mode { SEARCH_WORDS, SEARCH_MEANING, SEARCH_BOTH };
const char *search_mode_name(enum search_mode mode); /* "words", "meaning", "both" */

struct search_query {
    const char *text;       /* plain: nothing in it is syntax */
    size_t      len;
    enum search_mode mode;
    const char *topic;      /* NULL: any; the same for source */
    const char *source;
    int64_t     since_ms;   /* INT64_MIN: ever */
    size_t      k;          /* 1 to SEARCH_K_MAX */
};

struct search_span { size_t from, to; }; /* bytes of a hit's text: [from, to) */

/* A passage, and where it stands. All of it is the hit's own. */
struct search_hit {
    int64_t     passage, document;
    enum index_kind kind;
    double      score;
    const char *source, *title, *topic, *message_id; /* NULL but source: none */
    int32_t     partition;
    int64_t     offset, time_ms;
    int64_t     from, to, line;    /* from, to: characters of the document's text */
    const char *text;
    size_t      len;
    const struct search_span *highlights; /* the question's words, in order */
    size_t      n_highlights;
};

struct search_hits {
    struct search_hit *hits;   /* the best first */
    size_t             n;
    enum search_mode   mode;   /* how it was searched */
    char               words_only[256]; /* why meaning was not used though it was asked for; "" when it was, or was not asked for */
};

/* *out is the caller's: search_hits_fini, also after a failure. KL_INVALID: an empty or too long text; KL_NOT_FOUND: no such topic;
 * both name the field. An embedder that fails is no failure: words_only says it. */
KL_MUST_CHECK enum kl_code search(struct searcher *s, const struct search_query *q, struct search_hits *out, struct kl_error *err);
void search_hits_fini(struct search_hits *hits);

#endif
