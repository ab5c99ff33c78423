/* embedder.c - one of the two that make rows, and how the last call went.
 *
 * An endpoint that does not answer would hold up each search for its whole timeout: after such a call it is left alone for
 * a while, and calls fail at once. */
#include "embedder.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "embedder_endpoint.h"
#include "meaning.h"
#include "vectors.h"

#define PAUSE_US INT64_C(3000000)

struct embedder {
    struct meaning  *meaning;  /* one of these is NULL */
    struct endpoint *endpoint;
    char             name[EMBEDDER_NAME_MAX];

    pthread_mutex_t lock; /* guards what follows */
    size_t          dims;
    struct kl_error last;     /* KL_OK: the last call worked */
    int64_t         paused_until_us;
};

static void name_endpoint(struct embedder *e)
{
    const char *model = endpoint_model(e->endpoint);

    snprintf(e->name, sizeof e->name, "%s%s%s", model, *model ? " at " : "", endpoint_url(e->endpoint));
}

enum kl_code embedder_open(struct embedder **out, const struct embedder_conf *conf, struct kl_error *err)
{
    struct embedder *e = calloc(1, sizeof *e);
    enum kl_code code;

    *out = NULL;
    if (!e)
        return kl_fail(err, KL_BUSY, "no memory for the embedder");
    pthread_mutex_init(&e->lock, NULL);
    if (conf->url && *conf->url) {
        code = endpoint_open(&e->endpoint, conf, err);
        if (code == KL_OK)
            name_endpoint(e);
    } else {
        code = meaning_open(&e->meaning, conf->model_dir, err);
        snprintf(e->name, sizeof e->name, "%s", MEANING_MODEL);
        e->dims = MEANING_DIMS;
    }
    if (code != KL_OK) {
        embedder_close(e);
        return code;
    }
    *out = e;
    return KL_OK;
}

void embedder_end(struct embedder *e)
{
    if (e && e->endpoint)
        endpoint_end(e->endpoint);
}

void embedder_close(struct embedder *e)
{
    if (!e)
        return;
    meaning_close(e->meaning);
    endpoint_close(e->endpoint);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

const char *embedder_name(const struct embedder *e)
{
    return e->name;
}

size_t embedder_dims(struct embedder *e)
{
    size_t dims;

    pthread_mutex_lock(&e->lock);
    dims = e->dims;
    pthread_mutex_unlock(&e->lock);
    return dims;
}

bool embedder_state(struct embedder *e, struct kl_error *err)
{
    bool works;

    pthread_mutex_lock(&e->lock);
    works = e->last.code == KL_OK;
    if (!works && err)
        *err = e->last;
    pthread_mutex_unlock(&e->lock);
    return works;
}

/* ---- rows out of the table -------------------------------------------------------------------------------------- */

static enum kl_code table_rows(const struct meaning *m, const struct embedder_text *texts, size_t n, struct kl_buf *rows, struct kl_error *err)
{
    float vector[MEANING_DIMS];

    if (!kl_buf_reserve(rows, n * MEANING_DIMS))
        return kl_fail(err, KL_BUSY, "no memory for %zu embeddings", n);
    for (size_t i = 0; i < n; i++, rows->len += MEANING_DIMS) {
        meaning_vector(m, texts[i].text, texts[i].len, vector);
        vectors_row(vector, MEANING_DIMS, (int8_t *)rows->data + rows->len);
    }
    return KL_OK;
}

/* ---- rows from the endpoint ------------------------------------------------------------------------------------- */

static enum kl_code paused(struct embedder *e, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    pthread_mutex_lock(&e->lock);
    if (kl_mono_us() < e->paused_until_us)
        code = kl_fail(err, e->last.code, "%s", e->last.text);
    pthread_mutex_unlock(&e->lock);
    return code;
}

/* The first answer says how many components rows have; all that follow must have as many. */
static enum kl_code learn_dims(struct embedder *e, size_t dims, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    pthread_mutex_lock(&e->lock);
    if (e->dims == 0)
        e->dims = dims;
    if (e->dims != dims)
        code = kl_fail(err, KL_UPSTREAM, "%s answers embeddings of %zu numbers, and of %zu before", endpoint_url(e->endpoint), dims, e->dims);
    pthread_mutex_unlock(&e->lock);
    return code;
}

static void remember(struct embedder *e, enum kl_code code, const struct kl_error *err)
{
    pthread_mutex_lock(&e->lock);
    e->last.code = KL_OK;
    e->paused_until_us = code == KL_TIMEOUT || code == KL_BUSY ? kl_mono_us() + PAUSE_US : 0;
    if (code != KL_OK)
        e->last = *err;
    pthread_mutex_unlock(&e->lock);
}

static enum kl_code batch_rows(struct embedder *e, const struct embedder_text *texts, size_t n, struct kl_buf *rows, struct kl_error *err)
{
    size_t dims = 0;
    enum kl_code code = endpoint_rows(e->endpoint, texts, n, &dims, rows, err);

    if (code == KL_OK)
        code = learn_dims(e, dims, err);
    remember(e, code, err);
    return code;
}

enum kl_code embedder_rows(struct embedder *e, const struct embedder_text *texts, size_t n, struct kl_buf *rows, struct kl_error *err)
{
    struct kl_error own;
    size_t before = rows->len;
    enum kl_code code;

    if (e->meaning)
        return table_rows(e->meaning, texts, n, rows, err);
    err = err ? err : &own;
    code = paused(e, err);
    for (size_t at = 0; code == KL_OK && at < n; at += EMBEDDER_BATCH_MAX)
        code = batch_rows(e, texts + at, n - at < EMBEDDER_BATCH_MAX ? n - at : EMBEDDER_BATCH_MAX, rows, err);
    if (code != KL_OK)
        kl_buf_cut(rows, before);
    return code;
}
