/* terms.h - a question's words with their weights: what a search marks in passages, and what an answer is weighed by. */
#ifndef TERMS_H
#define TERMS_H

#include "readers.h"
#include "words.h"

#define TERMS_MAX 64 /* of a question; what follows is not weighed */

struct terms {
    struct term {
        char   text[WORDS_TERM_MAX]; /* as the index has it */
        size_t len;
        double weight;               /* of a word that no passage has: that of one which one passage has */
        bool   there;                /* for terms_share() */
    } terms[TERMS_MAX];
    size_t n;
    double weight;                   /* of all */
};

/* The words of text but stop words; all of them when there are only such. passages: how many the index has. */
KL_MUST_CHECK enum kl_code terms_read(struct terms *t, struct reader *r, const char *text, size_t len, int64_t passages,
                                      struct kl_error *err);

/* The term of these bytes, a word as the index has it; NULL: it is none of the question's. */
struct term *terms_find(struct terms *t, const char *word, size_t len);

/* Which share of the question's weight a text has, 0 to 1. */
KL_MUST_CHECK enum kl_code terms_share(struct terms *t, struct reader *r, const char *text, size_t len, double *share, struct kl_error *err);

#endif
