/* search.c - see search.h. */
#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse.h"
#include "nearest.h"
#include "search_internal.h"

#define WORDS_LOOKED 50 /* passages, at least, that words bring to a ranking of both */
#define TRIES        3  /* a search that found what was replaced meanwhile begins again */

#define WORDS_MAX_FOUND SEARCH_K_MAX
#define NEAR_MAX_FOUND  (NEAREST_LOOKED + WORDS_MAX_FOUND)
_Static_assert(WORDS_MAX_FOUND >= WORDS_LOOKED && NEAREST_LOOKED >= SEARCH_K_MAX, "what is asked for is found");

static const char *const mode_names[] = { [SEARCH_WORDS] = "words", [SEARCH_MEANING] = "meaning", [SEARCH_BOTH] = "both" };

const char *search_mode_name(enum search_mode mode)
{
    return mode_names[mode];
}

enum kl_code searcher_new(struct searcher **out, const struct searcher_conf *conf, struct kl_error *err)
{
    struct searcher *s = calloc(1, sizeof *s);

    *out = s;
    if (!s)
        return kl_fail(err, KL_BROKEN, "no memory for the searches");
    s->conf = *conf;
    return KL_OK;
}

void searcher_free(struct searcher *s)
{
    free(s);
}

/* One search under way. */
struct looking {
    struct searcher           *s;
    const struct search_query *q;
    struct catalog_filter      filter;
    struct kl_buf              row;     /* the question's; empty: words alone */
    struct reader_hit          words[WORDS_MAX_FOUND];
    struct vector_hit          near[NEAR_MAX_FOUND];
    struct reader_hit          found[WORDS_MAX_FOUND + NEAR_MAX_FOUND];
    size_t                     n_words, n_near, n_found;
    struct terms               terms;
};

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

/* The question's row, when there is somebody who makes it and there are rows to compare it with; else words_only says why
 * not. An embedder that fails is no failure of the search. */
static void embed(struct looking *l, struct search_hits *out)
{
    const struct searcher_conf *conf = &l->s->conf;
    struct vectors *vectors = conf->embedder ? index_vectors(conf->index) : NULL;
    struct kl_error why = { .text = "" };

    if (!conf->embedder)
        snprintf(out->words_only, sizeof out->words_only, "%s", conf->words_only ? conf->words_only : "there is no embedder");
    else if (embedder_rows(conf->embedder, &(struct embedder_text){ l->q->text, l->q->len }, 1, &l->row, &why))
        snprintf(out->words_only, sizeof out->words_only, "%s", why.text);
    else if (!vectors || vectors_dims(vectors) != l->row.len)
        snprintf(out->words_only, sizeof out->words_only, "nothing has been embedded yet");
    else
        return;
    kl_buf_clear(&l->row);
}

static enum kl_code find_words(struct looking *l, struct reader *r, size_t limit, struct kl_error *err)
{
    return reader_words(r, l->q->text, l->q->len, &l->filter, l->words, limit, &l->n_words, err);
}

static enum kl_code find_near(struct looking *l, struct reader *r, struct kl_error *err)
{
    return nearest_passages(index_vectors(l->s->conf.index), r, (const int8_t *)l->row.data, &l->filter, l->words, l->n_words, l->near,
                            &l->n_near, err);
}

static enum kl_code find_both(struct looking *l, struct reader *r, struct kl_error *err)
{
    enum kl_code code = find_words(l, r, l->q->k > WORDS_LOOKED ? l->q->k : WORDS_LOOKED, err);

    if (!code)
        code = find_near(l, r, err);
    l->n_found = fuse(l->words, l->n_words, READER_WORDS_TOP * l->terms.weight, l->near, l->n_near, l->found);
    return code;
}

static enum kl_code find_by_words(struct looking *l, struct reader *r, struct kl_error *err)
{
    enum kl_code code = find_words(l, r, l->q->k, err);

    memcpy(l->found, l->words, l->n_words * sizeof *l->found);
    l->n_found = l->n_words;
    return code;
}

static enum kl_code find_by_meaning(struct looking *l, struct reader *r, struct kl_error *err)
{
    enum kl_code code = find_near(l, r, err);

    for (size_t i = 0; i < l->n_near; i++)
        l->found[i] = (struct reader_hit){ l->near[i].id, l->near[i].score };
    l->n_found = l->n_near;
    return code;
}

static enum kl_code find(struct looking *l, struct reader *r, enum search_mode mode, struct kl_error *err)
{
    static enum kl_code (*const ways[])(struct looking *l, struct reader *r, struct kl_error *err) = {
        [SEARCH_WORDS] = find_by_words, [SEARCH_MEANING] = find_by_meaning, [SEARCH_BOTH] = find_both,
    };

    if (catalog_filter(index_catalog(l->s->conf.index), l->q->topic, l->q->source, l->q->since_ms, &l->filter, err))
        return err->code;
    l->n_words = l->n_near = 0;
    if (ways[mode](l, r, err))
        return err->code;
    while (l->n_found > 0 && l->found[l->n_found - 1].score <= 0)
        l->n_found--; /* among the nearest for want of others: it has nothing in common with the question */
    return KL_OK;
}

static enum kl_code look(struct looking *l, struct reader *r, struct search_hits *out, struct kl_error *err)
{
    int64_t passages = catalog_totals(index_catalog(l->s->conf.index)).passages;
    size_t missing = 1;
    enum kl_code code = terms_read(&l->terms, r, l->q->text, l->q->len, passages, err);

    for (int tries = 0; !code && missing > 0 && tries < TRIES; tries++) {
        search_hits_clear(out);
        code = find(l, r, out->mode, err);
        if (!code)
            code = search_hits_read(out, r, l->found, l->n_found < l->q->k ? l->n_found : l->q->k, &missing, err);
    }
    return code ? code : search_hits_mark(out, &l->terms, r, err);
}

static enum kl_code look_with_reader(struct looking *l, struct search_hits *out, struct kl_error *err)
{
    struct reader *r;
    enum kl_code code = readers_take(l->s->conf.readers, &r, err);

    if (code)
        return code;
    code = look(l, r, out, err);
    readers_give(l->s->conf.readers, r);
    return code;
}

enum kl_code search(struct searcher *s, const struct search_query *q, struct search_hits *out, struct kl_error *err)
{
    struct looking *l;
    enum kl_code code;

    *out = (struct search_hits){ .mode = q->mode };
    kl_assert(q->k >= 1 && q->k <= SEARCH_K_MAX);
    if (check(q, err))
        return err->code;
    l = calloc(1, sizeof *l);
    out->hits = calloc(q->k, sizeof *out->hits);
    if (!l || !out->hits) {
        free(l);
        return kl_fail(err, KL_BUSY, "no memory for a search");
    }
    l->s = s;
    l->q = q;
    kl_buf_init(&l->row, VECTORS_DIMS_MAX);
    if (q->mode != SEARCH_WORDS)
        embed(l, out);
    if (l->row.len == 0)
        out->mode = SEARCH_WORDS;
    code = look_with_reader(l, out, err);
    kl_buf_fini(&l->row);
    free(l);
    return code;
}
