/* support.c - see support.h. The words are compared as the index has them (folded, stemmed). */
#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERMS_MAX 512  /* of an answer of LLM_ANSWER_MAX bytes, and more */
#define TERM_MAX  64   /* bytes; what is longer is compared so far */

struct terms {
    struct {
        char   text[TERM_MAX];
        size_t from, to;   /* as written */
        double weight;
        bool   stop, there, asked; /* there: in the passages; asked: in the question */
    } rows[TERMS_MAX];
    size_t n;
    bool   too_many;
};

static void add_term(void *ctx, const struct reader_term *t)
{
    struct terms *terms = ctx;

    if (terms->n == TERMS_MAX) {
        terms->too_many = true;
        return;
    }
    snprintf(terms->rows[terms->n].text, TERM_MAX, "%s", t->term);
    terms->rows[terms->n].from = t->from;
    terms->rows[terms->n].to = t->to;
    terms->rows[terms->n].weight = t->weight;
    terms->rows[terms->n].stop = t->stop;
    terms->n++;
}

static bool is_term(const struct terms *terms, size_t i, const char *term, size_t len)
{
    if (len >= TERM_MAX)
        len = TERM_MAX - 1;
    return !memcmp(terms->rows[i].text, term, len) && !terms->rows[i].text[len];
}

static void find_term(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct terms *terms = ctx;

    (void)from, (void)to;
    for (size_t i = 0; i < terms->n; i++)
        if (is_term(terms, i, term, len))
            terms->rows[i].there = true;
}

static void find_asked(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct terms *terms = ctx;

    (void)from, (void)to;
    for (size_t i = 0; i < terms->n; i++)
        if (is_term(terms, i, term, len))
            terms->rows[i].asked = true;
}

/* "[2]" is a citation, no number of the answer's. */
static bool is_citation(const char *text, size_t len, size_t from, size_t to)
{
    return from > 0 && text[from - 1] == '[' && to < len && text[to] == ']';
}

static bool begins_sentence(const char *text, size_t from)
{
    while (from > 0 && (isspace((unsigned char)text[from - 1]) || strchr("\"'(*", text[from - 1])))
        from--;
    return from == 0 || strchr(".!?:", text[from - 1]);
}

/* A number, or what is written with a capital within a sentence: what a model must not bring along. */
static bool is_fact(const char *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (isdigit((unsigned char)text[i]))
            return true;
    return isupper((unsigned char)text[from]) && !begins_sentence(text, from);
}

/* A word that no passage of the index has weighs as the rarest: it is certainly not from there. */
static double weight_of(const struct terms *terms, size_t i)
{
    double most = 1;

    if (terms->rows[i].weight > 0)
        return terms->rows[i].weight;
    for (size_t j = 0; j < terms->n; j++)
        most = terms->rows[j].weight > most ? terms->rows[j].weight : most;
    return most;
}

static bool judge(const struct terms *terms, const char *text, size_t len, char *why, size_t why_size)
{
    double all = 0, there = 0;
    bool says_more = false;

    for (size_t i = 0; i < terms->n; i++) {
        size_t from = terms->rows[i].from, to = terms->rows[i].to;

        if (is_citation(text, len, from, to))
            continue;
        if (!terms->rows[i].there && !terms->rows[i].stop && is_fact(text, from, to)) {
            snprintf(why, why_size, "\"%.*s\" is not in the sources", (int)(to - from), text + from);
            return false;
        }
        if (terms->rows[i].stop)
            continue;
        all += weight_of(terms, i);
        there += terms->rows[i].there ? weight_of(terms, i) : 0;
        says_more = says_more || (terms->rows[i].there && !terms->rows[i].asked);
    }
    if (terms->too_many || all == 0 || there < SUPPORT_WORDS * all) {
        snprintf(why, why_size, "the sources have only %.0f %% of its words' weight", all > 0 ? 100 * there / all : 0);
        return false;
    }
    if (!says_more)
        snprintf(why, why_size, "it only repeats the question");
    return says_more;
}

enum kl_code support_check(struct readers *readers, const struct support_claim *claim, const struct search_hits *hits, size_t n_passages,
                           bool *supported, char *why, size_t why_size, struct kl_error *err)
{
    struct terms *terms = calloc(1, sizeof *terms);
    struct reader *r = NULL;
    enum kl_code code;

    *supported = false;
    why[0] = '\0';
    if (!terms)
        return kl_fail(err, KL_BUSY, "no memory to check the answer");
    code = readers_take(readers, &r, err);
    if (!code)
        code = reader_terms(r, claim->text, claim->len, add_term, terms, err);
    if (!code)
        code = reader_stems(r, claim->question, claim->question_len, find_asked, terms, err);
    for (size_t i = 0; !code && i < hits->n && i < n_passages; i++)
        code = reader_stems(r, hits->hits[i].text, hits->hits[i].len, find_term, terms, err);
    if (!code)
        *supported = judge(terms, claim->text, claim->len, why, why_size);
    readers_give(readers, r);
    free(terms);
    return code;
}
