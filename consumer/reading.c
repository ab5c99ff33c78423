/* reading.c - see reading.h: a bounded queue of requests, and the threads that read for them. */
#include "reading.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "clock.h"
#include "queue.h"

#define TIME_MS 10000 /* from its arrival on: a client that still waits then would rather ask again */

struct readings {
    struct readings_conf conf;
    struct kl_queue     *queue;   /* NULL: no threads */
    pthread_t           *threads;
    int64_t              n_threads;
    _Atomic bool         ended;
};

static enum kl_code read_once(struct readings *rs, struct reading *rd, struct kl_error *err)
{
    struct reader *reader = NULL;
    enum kl_code code = readers_take(rs->conf.readers, &reader, err);

    if (!code)
        code = rd->read(rd, reader, err);
    readers_give(rs->conf.readers, reader);
    return code;
}

/* ---- a thread that reads ---- */

bool reading_late(const struct reading *rd)
{
    return kl_mono_us() > rd->due_us;
}

static enum kl_code read_in_time(struct readings *rs, struct reading *rd, struct kl_error *err)
{
    if (rs->ended)
        return kl_fail(err, KL_BUSY, "the service is stopping");
    if (reading_late(rd))
        return kl_fail(err, KL_BUSY, "the store is slow, and other requests are before this one");
    return read_once(rs, rd, err);
}

static void *read_all(void *readings)
{
    struct readings *rs = readings;
    struct reading *rd;

    pthread_setname_np(pthread_self(), "reading");
    while ((rd = kl_queue_pop(rs->queue, -1))) {
        rd->err.code = read_in_time(rs, rd, &rd->err);
        kl_request_resume(rd->request); /* rd is the HTTP thread's from here on */
    }
    return NULL;
}

/* ---- the HTTP thread ---- */

static void answer(struct kl_request *r)
{
    struct reading *rd = kl_request_attached(r);
    struct kl_error err = rd->err; /* reply may do another reading */

    rd->reply(r, rd, &err);
}

static enum kl_code queue_up(struct readings *rs, struct reading *rd, struct kl_error *err)
{
    if (kl_queue_push(rs->queue, rd, 0))
        return KL_OK;
    return kl_fail_limit(err, KL_BUSY, "", rs->conf.waiting_max, "%lld requests wait for the store already", (long long)rs->conf.waiting_max);
}

void reading_do(struct kl_request *r, struct readings *rs, struct reading *rd)
{
    kl_assert(kl_request_attached(r) == rd);
    rd->request = r;
    rd->due_us = kl_mono_us() + TIME_MS * INT64_C(1000);
    rd->err = (struct kl_error){ .code = KL_OK };
    if (!rs->queue || rs->ended) {
        rd->err.code = rs->queue ? kl_fail(&rd->err, KL_BUSY, "the service is stopping") : read_once(rs, rd, &rd->err);
        answer(r);
        return;
    }
    kl_request_suspend(r, answer);
    if (queue_up(rs, rd, &rd->err))
        kl_request_resume(r);
}

bool reading_now(struct readings *rs, struct reading *rd, struct kl_error *err)
{
    if (rs->queue)
        return false;
    rd->due_us = INT64_MAX;
    *err = (struct kl_error){ .code = KL_OK };
    err->code = read_once(rs, rd, err);
    return true;
}

/* ---- coming and going ---- */

enum kl_code readings_open(struct readings **out, const struct readings_conf *conf, struct kl_error *err)
{
    struct readings *rs = calloc(1, sizeof *rs);

    *out = NULL;
    if (!rs)
        return kl_fail(err, KL_BUSY, "no memory for the threads that read");
    rs->conf = *conf;
    if (conf->threads > 0) {
        rs->queue = kl_queue_new((size_t)conf->waiting_max);
        rs->threads = calloc((size_t)conf->threads, sizeof *rs->threads);
    }
    while (rs->queue && rs->threads && rs->n_threads < conf->threads &&
           !pthread_create(&rs->threads[rs->n_threads], NULL, read_all, rs))
        rs->n_threads++;
    if (rs->n_threads == conf->threads) {
        *out = rs;
        return KL_OK;
    }
    readings_end(rs);
    readings_close(rs);
    return kl_fail(err, KL_BUSY, "no memory or no thread for reading");
}

void readings_end(struct readings *rs)
{
    if (!rs)
        return;
    rs->ended = true;
    if (rs->queue)
        kl_queue_close(rs->queue);
    while (rs->n_threads > 0)
        pthread_join(rs->threads[--rs->n_threads], NULL);
}

void readings_close(struct readings *rs)
{
    if (!rs)
        return;
    kl_assert(rs->n_threads == 0);
    kl_queue_free(rs->queue);
    free(rs->threads);
    free(rs);
}

int64_t readings_waiting(const struct readings *rs)
{
    return rs->queue ? (int64_t)kl_queue_len(rs->queue) : 0;
}
