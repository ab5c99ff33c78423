/* answer.c - see answer.h.
 *
 * Each sentence of the best passages is weighed: how much of the question's words it has, alone and with its neighbours,
 * how near it is in meaning, how good its passage is, whether it has the kind of thing that is asked for. The weights are
 * hand-made and were not worth more care: fitted ones do no better on questions they have not seen (docs/seer-quality.md).
 * The sum says how sure we are; below a threshold, which of questions that no text answers lets nearly none pass, we don't know. */
#include "answer.h"

#include <string.h>

#include "expect.h"
#include "meaning.h"
#include "search_internal.h"
#include "sentences.h"
#include "text.h"

#define HITS_LOOKED      8
#define SENTENCES_LOOKED 64  /* of a passage: one of 1,000 characters has some ten */
#define RECORD_MAX       600 /* bytes of a record that is an answer whole */

#define WEIGHT_OWN     1.0   /* the question's words in the sentence, */
#define WEIGHT_AROUND  0.5   /* in it and the two beside it */
#define WEIGHT_MEANING 1.0
#define WEIGHT_PASSAGE 1.0
#define WEIGHT_KIND    0.6   /* it has a number, a name... where one is asked for */
#define WEIGHT_CAPTION -0.8  /* it stands in brackets or in capitals: a picture's words, unless there is nothing better */
#define WEIGHTS        (WEIGHT_OWN + WEIGHT_AROUND + WEIGHT_MEANING + WEIGHT_PASSAGE + WEIGHT_KIND)
#define KNOWN_FROM     (2.1 / WEIGHTS)

/* One question under way. */
struct asking {
    struct searcher          *s;
    struct reader            *r;
    const char               *question;
    size_t                    len;
    const struct search_hits *hits;
    struct terms              terms;
    enum expect               what;
    struct kl_buf             row;   /* the question's; empty: words alone */
    struct kl_buf             rows;  /* a passage's sentences' */
};

struct candidate {
    struct sentence sentence;
    uint64_t        seen;
};

/* Our own model's vectors cost nothing; an endpoint would be asked once more for every passage. */
static bool has_model(const struct asking *a)
{
    const struct embedder *e = a->s->conf.embedder;

    return e && strcmp(embedder_name(e), MEANING_MODEL) == 0;
}

/* Does s go on with the record that before is of? A field answers nothing without those beside it: "item: samovar" is no
 * answer to who bought one. */
static bool goes_on(const struct sentence *before, const struct sentence *s)
{
    return before->field && s->field && !before->paragraph && s->at + s->len - before->at <= RECORD_MAX;
}

static size_t cut(const struct search_hit *hit, struct candidate *out)
{
    struct sentences it;
    struct sentence s;
    size_t n = 0;

    sentences_begin(&it, hit->text, hit->len);
    while (n < SENTENCES_LOOKED && sentences_next(&it, &s)) {
        struct sentence *before = n > 0 ? &out[n - 1].sentence : NULL;

        if (before && goes_on(before, &s)) {
            before->len = s.at + s.len - before->at;
            before->paragraph = s.paragraph;
        } else {
            out[n++].sentence = s;
        }
    }
    return n;
}

static enum kl_code embed(struct asking *a, const struct candidate *c, size_t n, struct kl_error *err)
{
    struct embedder_text texts[SENTENCES_LOOKED];

    kl_buf_clear(&a->rows);
    for (size_t i = 0; i < n; i++)
        texts[i] = (struct embedder_text){ c[i].sentence.text, c[i].sentence.len };
    return a->row.len > 0 ? embedder_rows(a->s->conf.embedder, texts, n, &a->rows, err) : KL_OK;
}

static double share(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* The hit's score as a share of what is possible. */
static double passage_share(const struct asking *a, const struct search_hit *hit)
{
    double possible = a->hits->mode == SEARCH_WORDS ? READER_WORDS_TOP * a->terms.weight : 1;

    return possible > 0 ? share(hit->score / possible) : 0;
}

/* A question is no answer, though it may have all the words of another; nor is who asked it. */
static bool asks(const struct sentence *s)
{
    return memchr(s->text, '?', s->len) != NULL;
}

static bool is_caption(const struct sentence *s)
{
    bool upper = false;
    size_t size;

    if (s->text[0] == '[' && s->text[s->len - 1] == ']')
        return true;
    for (size_t at = 0; at < s->len; at += size) {
        int32_t c = text_char(s->text, s->len, at, &size);

        if (text_is_lower(c))
            return false;
        upper = upper || text_is_upper(c);
    }
    return upper;
}

static double weigh(const struct asking *a, const struct search_hit *hit, const struct candidate *c, size_t n, size_t i)
{
    const struct sentence *s = &c[i].sentence;
    uint64_t around = c[i].seen | (i > 0 ? c[i - 1].seen : 0) | (i + 1 < n ? c[i + 1].seen : 0);
    double own = terms_share(&a->terms, c[i].seen), near = own;

    if (a->row.len > 0)
        near = share(vectors_cosine((const int8_t *)a->row.data, (const int8_t *)a->rows.data + i * a->row.len, a->row.len));
    return (WEIGHT_OWN * own + WEIGHT_AROUND * terms_share(&a->terms, around) + WEIGHT_MEANING * near +
            WEIGHT_PASSAGE * passage_share(a, hit) + WEIGHT_KIND * expect_met(a->what, a->question, a->len, s->text, s->len) +
            WEIGHT_CAPTION * is_caption(s)) / WEIGHTS;
}

static enum kl_code look(struct asking *a, size_t hit, struct answer *out, struct kl_error *err)
{
    struct candidate candidates[SENTENCES_LOOKED];
    size_t n = cut(&a->hits->hits[hit], candidates);
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < n; i++)
        code = terms_seen(&a->terms, a->r, candidates[i].sentence.text, candidates[i].sentence.len, &candidates[i].seen, err);
    if (!code)
        code = embed(a, candidates, n, err);
    for (size_t i = 0; !code && i < n; i++) {
        const struct sentence *s = &candidates[i].sentence;
        double sure = weigh(a, &a->hits->hits[hit], candidates, n, i);

        if (!s->heading && !asks(s) && sure > out->confidence)
            *out = (struct answer){ .hit = hit, .from = s->at, .to = s->at + s->len, .confidence = sure };
    }
    return code;
}

static enum kl_code ask(struct asking *a, struct answer *out, struct kl_error *err)
{
    int64_t passages = catalog_totals(index_catalog(a->s->conf.index)).passages;
    enum kl_code code = terms_read(&a->terms, a->r, a->question, a->len, passages, err);

    if (!code && has_model(a))
        code = embedder_rows(a->s->conf.embedder, &(struct embedder_text){ a->question, a->len }, 1, &a->row, err);
    for (size_t i = 0; !code && i < a->hits->n && i < HITS_LOOKED; i++)
        code = look(a, i, out, err);
    out->known = out->confidence >= KNOWN_FROM;
    return code;
}

enum kl_code answer(struct searcher *s, const char *question, size_t len, const struct search_hits *hits, struct answer *out,
                    struct kl_error *err)
{
    struct asking a = { .s = s, .question = question, .len = len, .hits = hits, .what = expect_of(question, len) };
    enum kl_code code;

    *out = (struct answer){ .known = false };
    code = readers_take(s->conf.readers, &a.r, err);
    if (code)
        return code;
    kl_buf_init(&a.row, VECTORS_DIMS_MAX);
    kl_buf_init(&a.rows, SENTENCES_LOOKED * VECTORS_DIMS_MAX);
    code = ask(&a, out, err);
    kl_buf_fini(&a.rows);
    kl_buf_fini(&a.row);
    readers_give(s->conf.readers, a.r);
    return code;
}
