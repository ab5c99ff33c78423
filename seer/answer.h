/* answer.h - the sentence among what was found that answers the question, in its own words; or that none does.
 *
 * Any thread. */
#ifndef ANSWER_H
#define ANSWER_H

#include "search.h"

#define ANSWER_UNKNOWN "I don't know"

struct answer {
    bool   known;
    size_t hit;        /* where it stands, when known: hits->hits[hit].text[from, to) */
    size_t from, to;
    double confidence; /* 0 to 1 */
};

/* KL_BUSY: the index cannot be read now. */
KL_MUST_CHECK enum kl_code answer(struct searcher *s, const char *question, size_t len, const struct search_hits *hits,
                                  struct answer *out, struct kl_error *err);

#endif
