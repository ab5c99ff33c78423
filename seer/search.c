/* search.c - see search.h. */
#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search_internal.h"

#define HIGHLIGHTS_MAX 64   /* of one passage: it has some 170 words */
#define TERMS_MAX      64   /* of a question, that are marked in passages */

static const char *const mode_names[] = { [SEARCH_WORDS] = "words", [SEARCH_MEANING] = "meaning", [SEARCH_BOTH] = "both" };

const char *search_mode_name(enum search_mode mode) { return mode_names[mode]; }

enum kl_code searcher_new(struct searcher **out, const struct searcher_conf *conf, struct kl_error *err)
{
    struct searcher *s = calloc(1, sizeof *s);

    *out = s;
    if (!s)
        return kl_fail(err, KL_BROKEN, "no memory for the searches");
    s->conf = *conf;
    return KL_OK;
}

void searcher_free(struct searcher *s) { free(s); }

/* ---- the question's words ---- */

struct terms {
    char   text[TERMS_MAX][128];
    size_t n;
};

static void add_term(void *ctx, const struct reader_term *term)
{
    struct terms *t = ctx;

    if (term->stop || t->n == TERMS_MAX || strlen(term->term) >= sizeof t->text[0])
        return;
    strcpy(t->text[t->n++], term->term);
}

struct marks {
    const struct terms *terms;
    struct search_span  spans[HIGHLIGHTS_MAX];
    size_t              n;
};

static void mark(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct marks *m = ctx;

    for (size_t i = 0; i < m->terms->n && m->n < HIGHLIGHTS_MAX; i++)
        if (strlen(m->terms->text[i]) == len && !memcmp(m->terms->text[i], term, len)) {
            m->spans[m->n++] = (struct search_span){ from, to };
            return;
        }
}

/* ---- hits: a passage copied into one piece of memory ---- */

static const char *keep(char **at, const char *text, size_t len)
{
    char *kept = *at;

    if (!text)
        return NULL;
    memcpy(kept, text, len);
    kept[len] = '\0';
    *at += len + 1;
    return kept;
}

static size_t size_of(const char *text) { return text ? strlen(text) + 1 : 0; }

static bool hit_copy(struct search_hit *hit, const struct reader_passage *p)
{
    const struct reader_document *d = &p->document;
    char *at = malloc(p->len + 1 + size_of(d->source) + size_of(d->title) + size_of(d->topic) + size_of(d->message_id));

    if (!at)
        return false;
    *hit = (struct search_hit){ .passage = p->id, .document = d->id, .kind = d->kind, .score = hit->score, .partition = d->partition,
                                .offset = d->offset, .time_ms = d->time_ms, .from = p->from, .to = p->to, .line = p->line, .len = p->len };
    hit->text = keep(&at, p->text, p->len);
    hit->source = keep(&at, d->source, size_of(d->source) - 1);
    hit->title = keep(&at, d->title, size_of(d->title) - 1);
    hit->topic = keep(&at, d->topic, size_of(d->topic) - 1);
    hit->message_id = keep(&at, d->message_id, size_of(d->message_id) - 1);
    return true;
}

struct collecting {
    struct search_hits      *out;
    const struct reader_hit *found;
    size_t                   n_found;
    bool                     no_memory;
};

static void collect(void *ctx, const struct reader_passage *p)
{
    struct collecting *c = ctx;
    struct search_hit *hit = &c->out->hits[c->out->n];

    for (size_t i = 0; i < c->n_found; i++)
        if (c->found[i].passage == p->id)
            hit->score = c->found[i].score;
    if (hit_copy(hit, p))
        c->out->n++;
    else
        c->no_memory = true;
}

static enum kl_code mark_all(struct reader *r, const struct search_query *q, struct search_hits *out, struct kl_error *err)
{
    struct terms terms = { .n = 0 };
    enum kl_code code = reader_terms(r, q->text, q->len, add_term, &terms, err);

    for (size_t i = 0; !code && i < out->n; i++) {
        struct search_hit *hit = &out->hits[i];
        struct marks marks = { .terms = &terms };
        struct search_span *spans;

        code = reader_stems(r, hit->text, hit->len, mark, &marks, err);
        spans = marks.n > 0 ? malloc(marks.n * sizeof *spans) : NULL;
        if (!spans)
            continue;
        memcpy(spans, marks.spans, marks.n * sizeof *spans);
        hit->highlights = spans;
        hit->n_highlights = marks.n;
    }
    return code;
}

/* ---- searching ---- */

static enum kl_code check(const struct search_query *q, struct kl_error *err)
{
    if (strspn(q->text, " \t\r\n") == q->len)
        return kl_fail_field(err, KL_INVALID, "q", "the question is empty");
    if (q->len > SEARCH_TEXT_MAX)
        return kl_fail_limit(err, KL_INVALID, "q", SEARCH_TEXT_MAX, "the question has %zu bytes, %d may pass", q->len, SEARCH_TEXT_MAX);
    if (!kl_utf8_valid(q->text, q->len))
        return kl_fail_field(err, KL_INVALID, "q", "the question is not UTF-8");
    return KL_OK;
}

static enum kl_code by_words(struct searcher *s, struct reader *r, const struct search_query *q, struct search_hits *out, struct kl_error *err)
{
    struct reader_hit found[SEARCH_K_MAX];
    struct collecting c = { .out = out, .found = found };
    struct catalog_filter filter;
    int64_t ids[SEARCH_K_MAX];
    size_t missing;

    if (catalog_filter(index_catalog(s->conf.index), q->topic, q->source, q->since_ms, &filter, err) ||
        reader_words(r, q->text, q->len, &filter, found, q->k, &c.n_found, err))
        return err->code;
    for (size_t i = 0; i < c.n_found; i++)
        ids[i] = found[i].passage;
    if (reader_passages(r, ids, c.n_found, collect, &c, &missing, err))
        return err->code;
    return c.no_memory ? kl_fail(err, KL_BUSY, "no memory for what was found") : mark_all(r, q, out, err);
}

enum kl_code search(struct searcher *s, const struct search_query *q, struct search_hits *out, struct kl_error *err)
{
    struct reader *r;
    enum kl_code code;

    *out = (struct search_hits){ .mode = SEARCH_WORDS };
    if (check(q, err))
        return err->code;
    if (q->mode != SEARCH_WORDS)
        snprintf(out->words_only, sizeof out->words_only, "%s", s->conf.words_only ? s->conf.words_only : "");
    out->hits = calloc(q->k, sizeof *out->hits);
    if (!out->hits)
        return kl_fail(err, KL_BUSY, "no memory for what is found");
    if (readers_take(s->conf.readers, &r, err))
        return err->code;
    code = by_words(s, r, q, out, err);
    readers_give(s->conf.readers, r);
    return code;
}

void search_hits_fini(struct search_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++) {
        free((char *)hits->hits[i].text); /* the first of what hit_copy keeps in one piece */
        free((void *)hits->hits[i].highlights);
    }
    free(hits->hits);
    *hits = (struct search_hits){ .n = 0 };
}
