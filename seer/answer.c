/* answer.c - see answer.h: the sentence that has the most of the question's weight, where it has enough of it. */
#include "answer.h"

#include <string.h>

#include "search_internal.h"
#include "sentences.h"

#define TERMS_MAX       64
#define KNOWN_FROM      0.5 /* of the question's weight */
#define HITS_LOOKED_AT  5

struct question {
    struct { char text[128]; double weight; bool there; } terms[TERMS_MAX];
    size_t n;
    double weight; /* of all */
};

static void add_term(void *ctx, const struct reader_term *t)
{
    struct question *q = ctx;

    if (t->stop || q->n == TERMS_MAX || strlen(t->term) >= sizeof q->terms[0].text)
        return;
    strcpy(q->terms[q->n].text, t->term);
    q->terms[q->n++].weight = t->weight;
    q->weight += t->weight;
}

static void find_term(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct question *q = ctx;

    (void)from, (void)to;
    for (size_t i = 0; i < q->n; i++)
        if (strlen(q->terms[i].text) == len && !memcmp(q->terms[i].text, term, len))
            q->terms[i].there = true;
}

static double share(struct question *q)
{
    double sum = 0;

    for (size_t i = 0; i < q->n; i++) {
        sum += q->terms[i].there ? q->terms[i].weight : 0;
        q->terms[i].there = false;
    }
    return q->weight > 0 ? sum / q->weight : 0;
}

static enum kl_code look(struct reader *r, struct question *q, const struct search_hits *hits, size_t i, struct answer *out, struct kl_error *err)
{
    struct sentences it;
    struct sentence sentence;

    sentences_begin(&it, hits->hits[i].text, hits->hits[i].len);
    while (sentences_next(&it, &sentence)) {
        double has;

        if (sentence.heading)
            continue;
        if (reader_stems(r, sentence.text, sentence.len, find_term, q, err))
            return err->code;
        has = share(q);
        if (has > out->confidence)
            *out = (struct answer){ .hit = i, .from = sentence.at, .to = sentence.at + sentence.len, .confidence = has };
    }
    return KL_OK;
}

enum kl_code answer(struct searcher *s, const char *question, size_t len, const struct search_hits *hits, struct answer *out, struct kl_error *err)
{
    struct question q = { .n = 0 };
    struct reader *r;
    enum kl_code code;

    *out = (struct answer){ .known = false };
    if (readers_take(s->conf.readers, &r, err))
        return err->code;
    code = reader_terms(r, question, len, add_term, &q, err);
    for (size_t i = 0; !code && i < hits->n && i < HITS_LOOKED_AT; i++)
        code = look(r, &q, hits, i, out, err);
    readers_give(s->conf.readers, r);
    out->known = out->confidence >= KNOWN_FROM;
    return code;
}
