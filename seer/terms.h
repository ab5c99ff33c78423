/* terms.h - a question's words with their weights: what a search marks in passages, and what an answer is weighed by. */
#ifndef TERMS_H
#define TERMS_H

#include "readers.h"
#include "words.h"

#define TERMS_MAX 64 /* of a question, a bit each; what follows is not weighed */

struct terms {
    struct term {
        char   text[WORDS_TERM_MAX]; /* as the index has it */
        size_t len;
        double weight;               /* of a word that no passage has: that of the rarest there could be */
    } terms[TERMS_MAX];
    size_t n;
    double weight;                   /* of all */
};

/* The words of text but stop words; all of them when there are only such. passages: how many the index has. */
KL_MUST_CHECK enum kl_code terms_read(struct terms *t, struct reader *r, const char *text, size_t len, int64_t passages,
                                      struct kl_error *err);

/* Which term is it, a word as the index has it? -1: none of the question's. */
int terms_find(const struct terms *t, const char *word, size_t len);

/* Which of the terms a text has: bit n is term n. */
KL_MUST_CHECK enum kl_code terms_seen(const struct terms *t, struct reader *r, const char *text, size_t len, uint64_t *seen,
                                      struct kl_error *err);
/* Their share of the question's weight, 0 to 1. */
double terms_share(const struct terms *t, uint64_t seen);

#endif
