/* reader_words.c - passages by words.
 *
 * What a search costs is the postings it walks, some 150 ns each, and in a large index one common word has hundreds of
 * thousands. So the words are counted first (reader_counts.c), and taken
 * in the order of rarity while their postings stay within a budget. The best of what they find are read, and scored by
 * BM25 with all words of the question, common ones too, and with each passage's real length. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reader_internal.h"

#define BUDGET_MIN     20000   /* postings walked for one question: at least, */
#define BUDGET_MAX     300000  /* and at most, some 50 ms; */
#define BUDGET_SHARE   2       /* in between half as many as there are passages */
#define WORDS_LOOKED   64      /* different words of a question that are looked at */
#define EXTRA_HITS     50      /* candidates that are read besides those asked for: 99.7 of 100 answers are as if all were */
#define K1             (READER_WORDS_TOP - 1) /* BM25's: how soon a word's repetitions count no more, */
#define B              0.4     /* and how much long passages are marked down: chosen on questions, docs/seer-quality.md */
#define TYPICAL_WORDS  170.0   /* long beside a passage of 1,000 characters */

struct word {
    char    term[WORDS_TERM_MAX];
    size_t  len;
    size_t  from, to;      /* bytes of the question, where it stands first */
    bool    stop;
    int64_t passages;      /* that have it, an estimate for common ones */
    double  weight;
    int     tf;            /* in the passage that is being scored */
};

struct question {
    struct reader *r;
    const char    *text;
    struct word    words[WORDS_LOOKED];
    size_t         n;
    bool           has_others; /* words that are no stop words; then those are not even counted */
    int64_t        all;    /* passages that can be seen */
};

/* ---- the question's words ---- */

static struct word *word_find(struct question *q, const char *term, size_t len)
{
    for (size_t i = 0; i < q->n; i++)
        if (q->words[i].len == len && !memcmp(q->words[i].term, term, len))
            return &q->words[i];
    return NULL;
}

static bool word_add(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct question *q = ctx;
    struct word *w;

    if (q->n == WORDS_LOOKED || len >= WORDS_TERM_MAX || word_find(q, term, len))
        return q->n < WORDS_LOOKED;
    w = &q->words[q->n++];
    *w = (struct word){ .len = len, .from = from, .to = to, .stop = words_stop(q->r->words, term, len) };
    memcpy(w->term, term, len);
    q->has_others |= !w->stop;
    return true;
}

/* ---- how many passages have a word ---- */

static double inverse_frequency(int64_t all, int64_t passages)
{
    double n = (double)(all > passages ? all : passages), df = (double)passages; /* hidden passages have words too */

    return passages ? log(1 + (n - df + 0.5) / (df + 0.5)) : 0;
}

static enum kl_code words_count(struct question *q, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    q->all = catalog_totals(q->r->conf->catalog).passages;
    for (size_t i = 0; !code && i < q->n; i++) {
        struct word *w = &q->words[i];

        if (!w->stop || !q->has_others)
            code = reader_count(q->r, q->text + w->from, w->to - w->from, q->all, &w->passages, err);
        w->weight = inverse_frequency(q->all, w->passages);
    }
    return code;
}

static int rarer(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    if (x->passages != y->passages)
        return x->passages < y->passages ? -1 : 1;
    return x->from < y->from ? -1 : 1;
}

/* The rarest first. What no passage has is left out, and with it stop words, which were not counted. */
static void words_sort(struct question *q)
{
    size_t kept = 0;

    for (size_t i = 0; i < q->n; i++)
        if (q->words[i].passages)
            q->words[kept++] = q->words[i];
    qsort(q->words, kept, sizeof *q->words, rarer);
    q->n = kept < WORDS_MAX ? kept : WORDS_MAX;
}

/* ---- candidates ---- */

/* The best so far: a heap whose root is the worst of them. */
struct best {
    struct reader_hit *hits;
    size_t             n, max;
};

/* Of two that are equally good the older one is better, so that an answer does not depend on the order of work. */
static bool worse(const struct reader_hit *a, const struct reader_hit *b)
{
    return a->score != b->score ? a->score < b->score : a->passage > b->passage;
}

static void sift(struct best *b, size_t at)
{
    for (;;) {
        size_t least = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < b->n; child++)
            if (worse(&b->hits[child], &b->hits[least]))
                least = child;
        if (least == at)
            return;
        struct reader_hit moved = b->hits[at];
        b->hits[at] = b->hits[least];
        b->hits[least] = moved;
        at = least;
    }
}

static void best_add(struct best *b, const struct reader_hit *hit)
{
    if (b->n == b->max) {
        b->hits[0] = *hit;
        sift(b, 0);
        return;
    }
    b->hits[b->n++] = *hit;
    if (b->n == b->max)
        for (size_t i = b->max / 2 + 1; i-- > 0;)
            sift(b, i);
}

/* Words whose postings are walked: the rarest, as many as the budget allows, and one in any case. */
static size_t words_led(const struct question *q, int64_t budget)
{
    int64_t sum = 0;
    size_t n = 0;

    while (n < q->n && (n == 0 || sum + q->words[n].passages <= budget))
        sum += q->words[n++].passages;
    return n;
}

static bool query_write(struct question *q, size_t n)
{
    struct kl_buf *text = &q->r->text;

    kl_buf_clear(text);
    for (size_t i = 0; i < n; i++) {
        if (i)
            kl_buf_adds(text, " OR ");
        reader_quote(text, q->text + q->words[i].from, q->words[i].to - q->words[i].from);
    }
    return !text->failed;
}

static enum kl_code candidates_walk(struct question *q, const struct catalog_filter *filter, int64_t budget, struct best *best,
                                    struct kl_error *err)
{
    static const char CANDIDATES[] = "SELECT rowid, weight(passage_words) FROM passage_words WHERE passage_words MATCH ?1";
    struct catalog_filter keep = *filter;
    sqlite3_stmt *st = reader_statement(q->r, CANDIDATES, err);
    int64_t walked = 0;
    int rc = SQLITE_DONE;

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, q->r->text.data, (int)q->r->text.len, SQLITE_STATIC);
    while (walked++ < 2 * budget && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct reader_hit hit = { sqlite3_column_int64(st, 0), sqlite3_column_double(st, 1) };

        if ((best->n < best->max || worse(&best->hits[0], &hit)) && catalog_keep(&keep, hit.passage))
            best_add(best, &hit);
    }
    return reader_done(q->r, st, rc, err);
}

static enum kl_code candidates_find(struct question *q, const struct catalog_filter *filter, struct best *best, struct kl_error *err)
{
    int64_t budget = q->all / BUDGET_SHARE;
    double weights[WORDS_MAX];
    size_t n;

    budget = budget < BUDGET_MIN ? BUDGET_MIN : budget > BUDGET_MAX ? BUDGET_MAX : budget;
    n = words_led(q, budget);
    for (size_t i = 0; i < n; i++)
        weights[i] = q->words[i].weight;
    words_weigh(q->r->words, weights, n);
    if (!query_write(q, n))
        return kl_fail(err, KL_BUSY, "no memory for a question");
    return candidates_walk(q, filter, budget, best, err);
}

/* ---- scores ---- */

struct counting {
    struct question *q;
    int              words;
};

static bool word_seen(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct counting *c = ctx;
    struct word *w = word_find(c->q, term, len);

    (void)from;
    (void)to;
    c->words++;
    if (w)
        w->tf++;
    return true;
}

static enum kl_code passage_score(struct question *q, const char *text, size_t len, double *score, struct kl_error *err)
{
    struct counting c = { .q = q };
    enum kl_code code;

    for (size_t i = 0; i < q->n; i++)
        q->words[i].tf = 0;
    code = words_of(q->r->words, text, len, word_seen, &c, err);
    *score = 0;
    for (size_t i = 0; i < q->n; i++) {
        double tf = q->words[i].tf;

        *score += q->words[i].weight * tf * (K1 + 1) / (tf + K1 * (1 - B + B * c.words / TYPICAL_WORDS));
    }
    return code;
}

static enum kl_code candidate_score(struct question *q, struct reader_hit *hit, struct kl_error *err)
{
    static const char TEXT[] = "SELECT text FROM passages WHERE id = ?1";
    sqlite3_stmt *st = reader_statement(q->r, TEXT, err);
    enum kl_code code = KL_OK, done;
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, hit->passage);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        code = passage_score(q, (const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0), &hit->score, err);
    done = reader_done(q->r, st, rc, err);
    return code ? code : done;
}

static int better(const void *a, const void *b)
{
    return worse(a, b) ? 1 : worse(b, a) ? -1 : 0;
}

/* ---- all of it ---- */

static enum kl_code question_begin(struct question *q, struct reader *r, const char *text, size_t len, struct kl_error *err)
{
    q->r = r;
    q->text = text;
    q->n = 0;
    q->has_others = false;
    return words_of(r->words, text, len, word_add, q, err);
}

static enum kl_code search(struct question *q, const struct catalog_filter *filter, struct best *best, struct kl_error *err)
{
    enum kl_code code = words_count(q, err);

    if (code)
        return code;
    words_sort(q);
    if (!q->n)
        return KL_OK;
    code = candidates_find(q, filter, best, err);
    for (size_t i = 0; !code && i < best->n; i++)
        code = candidate_score(q, &best->hits[i], err);
    qsort(best->hits, best->n, sizeof *best->hits, better);
    return code;
}

enum kl_code reader_words(struct reader *r, const char *text, size_t len, const struct catalog_filter *filter, struct reader_hit *hits,
                          size_t limit, size_t *n, struct kl_error *err)
{
    struct question q;
    struct best best = { .max = limit + EXTRA_HITS };
    enum kl_code code;

    kl_assert(limit <= READER_HITS_MAX);
    *n = 0;
    code = question_begin(&q, r, text, len, err);
    if (code)
        return code;
    best.hits = calloc(best.max, sizeof *best.hits);
    if (!best.hits)
        return kl_fail(err, KL_BUSY, "no memory for a search");
    code = reader_begin(r, err);
    if (!code)
        code = search(&q, filter, &best, err);
    reader_end(r);
    if (!code) {
        *n = best.n < limit ? best.n : limit;
        memcpy(hits, best.hits, *n * sizeof *hits);
    }
    free(best.hits);
    return code;
}

/* ---- words by themselves ---- */

enum kl_code reader_terms(struct reader *r, const char *text, size_t len, void (*each)(void *ctx, const struct reader_term *term),
                          void *ctx, struct kl_error *err)
{
    struct question q;
    enum kl_code code = question_begin(&q, r, text, len, err);

    if (!code)
        code = reader_begin(r, err);
    if (code)
        return code;
    code = words_count(&q, err);
    reader_end(r);
    for (size_t i = 0; !code && i < q.n; i++)
        each(ctx, &(struct reader_term){ q.words[i].term, q.words[i].from, q.words[i].to, q.words[i].stop, q.words[i].weight });
    return code;
}

struct stems {
    void (*each)(void *ctx, const char *term, size_t term_len, size_t from, size_t to);
    void *ctx;
};

static bool stem_seen(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct stems *s = ctx;

    s->each(s->ctx, term, len, from, to);
    return true;
}

enum kl_code reader_stems(struct reader *r, const char *text, size_t len,
                          void (*each)(void *ctx, const char *term, size_t term_len, size_t from, size_t to), void *ctx,
                          struct kl_error *err)
{
    struct stems s = { each, ctx };

    return words_of(r->words, text, len, stem_seen, &s, err);
}
