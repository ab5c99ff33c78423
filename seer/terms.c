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
    struct term *term;

    if ((word->stop && !r->with_stop) || t->n == TERMS_MAX || len >= sizeof t->terms->text || terms_find(t, word->term, len) >= 0)
        return;
    term = &t->terms[t->n];
    memcpy(term->text, word->term, len + 1);
    term->len = len;
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

int terms_find(const struct terms *t, const char *word, size_t len)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->terms[i].len == len && memcmp(t->terms[i].text, word, len) == 0)
            return (int)i;
    }
    return -1;
}

struct seeing {
    const struct terms *terms;
    uint64_t            seen;
};

static void see(void *ctx, const char *word, size_t len, size_t from, size_t to)
{
    struct seeing *s = ctx;
    int term = terms_find(s->terms, word, len);

    (void)from;
    (void)to;
    if (term >= 0)
        s->seen |= UINT64_C(1) << term;
}

enum kl_code terms_seen(const struct terms *t, struct reader *r, const char *text, size_t len, uint64_t *seen, struct kl_error *err)
{
    struct seeing s = { .terms = t };
    enum kl_code code = reader_stems(r, text, len, see, &s, err);

    *seen = s.seen;
    return code;
}

double terms_share(const struct terms *t, uint64_t seen)
{
    double sum = 0;

    for (size_t i = 0; i < t->n; i++)
        sum += seen >> i & 1 ? t->terms[i].weight : 0;
    return t->weight > 0 ? sum / t->weight : 0;
}
