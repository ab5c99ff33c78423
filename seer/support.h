/* support.h - does a text say only what passages say? For answers that somebody else worded. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "search.h"

#define SUPPORT_WORDS 0.75 /* of the words' weight that the passages must have: a wording has its own verbs */

struct support_claim {
    const char *question; size_t question_len;
    const char *text;     size_t len; /* what answers it */
};

/* *supported: every number and every name of the text is in one of the first n_passages hits, and so is most of the weight of
 * its other words; and one that is there is not the question's, which an answer may not merely repeat. When not, why says what is missing. */
KL_MUST_CHECK enum kl_code support_check(struct readers *readers, const struct support_claim *claim, const struct search_hits *hits,
                                         size_t n_passages, bool *supported, char *why, size_t why_size, struct kl_error *err);

#endif
