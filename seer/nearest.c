/* nearest.c - see nearest.h. */
#include "nearest.h"

#include <stdlib.h>

#define SENTENCE_SHARE 0.5f /* chosen on questions: docs/seer-quality.md; 0.3 to 0.6 do about as well */

struct scoring {
    const int8_t *question;
    size_t        dims;
    struct vector_hit *out;
    size_t        n;
};

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int by_score(const void *a, const void *b)
{
    const struct vector_hit *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* The nearest by their own vectors and the others, each once. */
static size_t candidates(struct vectors *v, const int8_t *question, struct catalog_filter *filter, const struct reader_hit *others,
                         size_t n_others, int64_t *ids)
{
    struct vector_hit hits[NEAREST_LOOKED];
    size_t n = vectors_nearest(v, question, NEAREST_LOOKED, catalog_keep, filter, hits), kept = 0;

    for (size_t i = 0; i < n; i++)
        ids[i] = hits[i].id;
    for (size_t i = 0; i < n_others; i++)
        ids[n++] = others[i].passage;
    qsort(ids, n, sizeof *ids, by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ids[i] != ids[i - 1])
            ids[kept++] = ids[i];
    return kept;
}

static float nearest_sentence(const struct scoring *s, const struct reader_vectors *p)
{
    float best = -1;

    for (size_t at = 0; at + s->dims <= p->sentences_len; at += s->dims) {
        float score = vectors_cosine(s->question, p->sentences + at, s->dims);
        if (score > best)
            best = score;
    }
    return best;
}

static void score(void *ctx, const struct reader_vectors *p)
{
    struct scoring *s = ctx;
    float own;

    if (p->own_len != s->dims)
        return; /* of an embedder before */
    own = vectors_cosine(s->question, p->own, s->dims);
    if (p->sentences_len > 0)
        own = (1 - SENTENCE_SHARE) * own + SENTENCE_SHARE * nearest_sentence(s, p);
    s->out[s->n++] = (struct vector_hit){ p->passage, own };
}

enum kl_code nearest_passages(struct vectors *v, struct reader *r, const int8_t *question, struct catalog_filter *filter,
                              const struct reader_hit *others, size_t n_others, struct vector_hit *out, size_t *n, struct kl_error *err)
{
    int64_t ids[NEAREST_LOOKED + NEAREST_OTHERS_MAX];
    struct scoring s = { .question = question, .dims = vectors_dims(v), .out = out };
    enum kl_code code;

    kl_assert(n_others <= NEAREST_OTHERS_MAX);
    code = reader_vectors(r, ids, candidates(v, question, filter, others, n_others, ids), score, &s, err);
    qsort(out, s.n, sizeof *out, by_score);
    *n = s.n;
    return code;
}
