/* terms.c - see terms.h. */
#include "terms.h"

#include <math.h>
#include <string.h>

struct reading {
    struct terms *terms;
    double        rare;      /* the weight of a word that no passage has */
    bool          with_stop; /* there is nothing but stop words */
};

static void add(void *ctx, const struct reader_term *word)
{
    struct reading *r = ctx;
    struct terms *t = r->terms;
    size_t len = strlen(word->term);
    struct term *term = &t->terms[t->n];

    if ((word->stop && !r->with_stop) || t->n == TERMS_MAX || len >= sizeof term->text || terms_find(t, word->term, len))
        return;
    memcpy(term->text, word->term, len + 1);
    term->len = len;
    term->there = false;
    term->weight = word->weight > 0 ? word->weight : r->rare;
    t->weight += term->weight;
    t->n++;
}

enum kl_code terms_read(struct terms *t, struct reader *r, const char *text, size_t len, int64_t passages, struct kl_error *err)
{
    struct reading reading = { .terms = t, .rare = log(1 + ((double)passages + 0.5) / 0.5) };
    enum kl_code code;

    t->n = 0;
    t->weight = 0;
    code = reader_terms(r, text, len, add, &reading, err);
    if (code || t->n > 0)
        return code;
    reading.with_stop = true;
    return reader_terms(r, text, len, add, &reading, err);
}

struct term *terms_find(struct terms *t, const char *word, size_t len)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->terms[i].len == len && memcmp(t->terms[i].text, word, len) == 0)
            return &t->terms[i];
    }
    return NULL;
}

static void see(void *ctx, const char *word, size_t len, size_t from, size_t to)
{
    struct term *term = terms_find(ctx, word, len);

    (void)from;
    (void)to;
    if (term)
        term->there = true;
}

enum kl_code terms_share(struct terms *t, struct reader *r, const char *text, size_t len, double *share, struct kl_error *err)
{
    enum kl_code code = reader_stems(r, text, len, see, t, err);
    double sum = 0;

    for (size_t i = 0; i < t->n; i++) {
        sum += t->terms[i].there ? t->terms[i].weight : 0;
        t->terms[i].there = false;
    }
    *share = t->weight > 0 ? sum / t->weight : 0;
    return code;
}
