/* search_hits.c - what was found, copied out of the index. */
#include <stdlib.h>
#include <string.h>

#include "search_internal.h"

#define HIGHLIGHTS_MAX 64 /* of one passage: it has some 170 words */

struct marks {
    const struct terms *terms;
    struct search_span  spans[HIGHLIGHTS_MAX];
    size_t              n;
};

static void mark(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct marks *m = ctx;

    if (m->n < HIGHLIGHTS_MAX && terms_find(m->terms, term, len) >= 0)
        m->spans[m->n++] = (struct search_span){ from, to };
}

enum kl_code search_hits_mark(struct search_hits *hits, const struct terms *terms, struct reader *r, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < hits->n; i++) {
        struct search_hit *hit = &hits->hits[i];
        struct marks marks = { .terms = terms };
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

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* A passage and its document's facts, in one piece of memory that begins with the text. */
static bool copy(struct search_hit *hit, const struct reader_passage *p)
{
    const struct reader_document *d = &p->document;
    char *at = malloc(p->len + 1 + size_of(d->source) + size_of(d->title) + size_of(d->topic) + size_of(d->message_id));

    if (!at)
        return false;
    *hit = (struct search_hit){ .passage = p->id, .document = d->id, .kind = d->kind, .partition = d->partition,
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

    if (!copy(hit, p)) {
        c->no_memory = true;
        return;
    }
    for (size_t i = 0; i < c->n_found; i++) {
        if (c->found[i].passage == p->id)
            hit->score = c->found[i].score;
    }
    c->out->n++;
}

enum kl_code search_hits_read(struct search_hits *hits, struct reader *r, const struct reader_hit *found, size_t n, size_t *missing,
                              struct kl_error *err)
{
    struct collecting c = { .out = hits, .found = found, .n_found = n };
    int64_t ids[SEARCH_K_MAX];
    enum kl_code code;

    kl_assert(n <= SEARCH_K_MAX);
    for (size_t i = 0; i < n; i++)
        ids[i] = found[i].passage;
    code = reader_passages(r, ids, n, collect, &c, missing, err);
    if (!code && c.no_memory)
        code = kl_fail(err, KL_BUSY, "no memory for what was found");
    return code;
}

void search_hits_clear(struct search_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++) {
        free((char *)hits->hits[i].text);
        free((void *)hits->hits[i].highlights);
    }
    hits->n = 0;
}

void search_hits_fini(struct search_hits *hits)
{
    search_hits_clear(hits);
    free(hits->hits);
    *hits = (struct search_hits){ .n = 0 };
}
