/* index_pieces.c - passages and their vectors, gathered before the transaction that stores them. */
#include "index_internal.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "sentences.h"

#define PIECES_FIRST      64
#define ROWS_BYTES_MAX    ((size_t)1 << 30) /* of one gathering: no machine we run on has less to spare for so many passages */
#define SENTENCE_BYTES_MIN 20               /* shorter ones ("Yes, sir.") are near to everything */

void index_pieces_init(struct index_pieces *p)
{
    *p = (struct index_pieces){ .n = 0 };
    kl_buf_init(&p->rows, ROWS_BYTES_MAX);
}

void index_pieces_fini(struct index_pieces *p)
{
    kl_buf_fini(&p->rows);
    free(p->pieces);
    *p = (struct index_pieces){ .n = 0 };
}

void index_pieces_clear(struct index_pieces *p)
{
    kl_buf_clear(&p->rows);
    p->n = p->n_rows = 0;
    p->embedded = false;
}

enum kl_code index_pieces_add(struct index_pieces *p, const struct passage *passage, struct kl_error *err)
{
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : PIECES_FIRST;
        struct index_piece *more = calloc(room, sizeof *more);

        if (!more)
            return kl_fail(err, KL_BUSY, "no memory for passages");
        if (p->n)
            memcpy(more, p->pieces, p->n * sizeof *more);
        free(p->pieces);
        p->pieces = more;
        p->room = room;
    }
    p->pieces[p->n++] = (struct index_piece){ .passage = *passage };
    return KL_OK;
}

/* ---- vectors ---- */

size_t index_texts(const struct index *x, const char *text, size_t len, struct embedder_text out[INDEX_ROWS_MAX])
{
    struct sentences it;
    struct sentence s;
    size_t n = 1;

    out[0] = (struct embedder_text){ text, len };
    if (!x->conf.sentences)
        return 1;
    sentences_begin(&it, text, len);
    while (n < INDEX_ROWS_MAX && sentences_next(&it, &s))
        if (s.len >= SENTENCE_BYTES_MIN)
            out[n++] = (struct embedder_text){ s.text, s.len };
    return n == 2 ? 1 : n;
}

/* The texts of as many pieces from *at on as make a good batch. */
static size_t batch_texts(const struct index *x, struct index_pieces *p, size_t *at, struct embedder_text *out, size_t max)
{
    size_t n = 0;

    for (; *at < p->n && n + INDEX_ROWS_MAX <= max; ++*at) {
        struct index_piece *piece = &p->pieces[*at];

        piece->rows_from = p->n_rows + n;
        piece->n_rows = index_texts(x, piece->passage.text, piece->passage.len, out + n);
        n += piece->n_rows;
    }
    return n;
}

static enum kl_code embed(struct index *x, struct index_pieces *p, struct kl_error *err)
{
    struct embedder_text texts[4 * INDEX_ROWS_MAX];
    enum kl_code code = KL_OK;

    for (size_t at = 0; !code && at < p->n;) {
        size_t n = batch_texts(x, p, &at, texts, sizeof texts / sizeof *texts);

        code = embedder_rows(x->conf.embedder, texts, n, &p->rows, err);
        p->n_rows += n;
    }
    return code;
}

void index_pieces_bare(struct index *x, struct index_pieces *p)
{
    x->counts.without_vectors += (int64_t)p->n;
    kl_buf_clear(&p->rows);
    p->n_rows = 0;
    p->embedded = false;
    for (size_t i = 0; i < p->n; i++)
        p->pieces[i].n_rows = 0;
}

void index_pieces_embed(struct index *x, struct index_pieces *p)
{
    struct kl_error err;

    p->embedded = x->conf.embedder || !p->n; /* without an embedder: made later, should there be one */
    if (!x->conf.embedder || !p->n)
        return;
    if (kl_mono_us() < x->embed_again_us) {
        index_pieces_bare(x, p);
    } else if (embed(x, p, &err)) {
        kl_warn("the embedder failed: words alone find what comes now, until it works again", KL_S("why", err.text));
        x->embed_again_us = kl_mono_us() + INDEX_EMBED_PAUSE_US;
        index_pieces_bare(x, p);
    } else {
        p->dims = embedder_dims(x->conf.embedder);
    }
}
