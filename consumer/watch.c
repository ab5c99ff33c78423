/* watch.c - see watch.h. */
#include "watch.h"

#include <pthread.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"

#define REST_FACTOR  3    /* it rests so many times as long as a look took: at most a quarter of a database's core */
#define REST_MAX_MS  1000 /* also when the database is away */
#define PIECE        5000 /* asked for in one statement */

struct watch {
    struct readers *readers;
    struct waiters *waiters;
    size_t          max;
    struct waited  *waited; /* max of them */
    bool            failed; /* the last look; told once */
    pthread_t       thread;
};

static void on_known(void *ctx, const struct store_news *news)
{
    waiters_news(((struct watch *)ctx)->waiters, news, 1);
}

static enum kl_code look(struct watch *w, size_t n, struct kl_error *err)
{
    struct reader *reader = NULL;
    enum kl_code code = readers_take(w->readers, &reader, err);

    for (size_t at = 0; !code && at < n; at += PIECE)
        code = reader_known(reader, w->waited + at, n - at < PIECE ? n - at : PIECE, on_known, w, err);
    readers_give(w->readers, reader);
    return code;
}

static void tell(struct watch *w, enum kl_code code, const struct kl_error *err)
{
    if (code && !w->failed)
        kl_warn("what requests wait for cannot be looked for, this is tried again", KL_S("why", err->text));
    w->failed = code != KL_OK;
}

static void *watch_run(void *ctx)
{
    struct watch *w = ctx;
    int64_t rest_ms = 0;
    struct kl_error err;
    size_t n;

    while ((n = waiters_await(w->waiters, rest_ms, w->waited, w->max)) > 0) {
        int64_t since_us = kl_mono_us();
        enum kl_code code = look(w, n, &err);

        tell(w, code, &err);
        rest_ms = code ? REST_MAX_MS : REST_FACTOR * (kl_mono_us() - since_us) / 1000;
        rest_ms = rest_ms < WATCH_EVERY_MS ? WATCH_EVERY_MS : rest_ms > REST_MAX_MS ? REST_MAX_MS : rest_ms;
    }
    return NULL;
}

enum kl_code watch_start(struct watch **out, struct readers *readers, struct waiters *waiters, int64_t waiters_max, struct kl_error *err)
{
    struct watch *w = calloc(1, sizeof *w);

    if (!w)
        return kl_fail(err, KL_BUSY, "no memory for the watch");
    *w = (struct watch){ .readers = readers, .waiters = waiters, .max = (size_t)waiters_max };
    w->waited = calloc(w->max, sizeof *w->waited);
    if (!w->waited || pthread_create(&w->thread, NULL, watch_run, w)) {
        free(w->waited);
        free(w);
        return kl_fail(err, KL_BUSY, "no memory or no thread for the watch");
    }
    pthread_setname_np(w->thread, "watch");
    *out = w;
    return KL_OK;
}

void watch_stop(struct watch *w)
{
    if (!w)
        return;
    kl_assert(waiters_ended(w->waiters));
    pthread_join(w->thread, NULL);
    free(w->waited);
    free(w);
}
