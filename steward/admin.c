/* admin.c - see admin.h: a bounded queue of calls, and threads that take from it. */
#include "admin.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "clock.h"
#include "endpoints.h"
#include "queue.h"
#include "steward.h"

struct admin {
    struct admin_conf conf;
    struct kl_queue  *calls;
    pthread_t        *threads;
    int64_t           n_threads;
    _Atomic bool      ended;
    _Atomic int64_t   running;
};

int admin_left_ms(const struct admin_call *c)
{
    int64_t left_ms = (c->due_us - kl_mono_us()) / 1000;

    return left_ms > 1 ? (int)left_ms : 1;
}

int64_t admin_running(const struct admin *a) { return a->running; }
int64_t admin_waiting(const struct admin *a) { return (int64_t)kl_queue_len(a->calls); }

/* ---- a worker's thread ---- */

static enum kl_code run_call(struct admin *a, struct admin_call *c)
{
    if (a->ended)
        return kl_fail(&c->err, KL_BUSY, "the service is stopping");
    if (kl_mono_us() >= c->due_us)
        return kl_fail(&c->err, KL_BUSY, "the calls before this one took all of its time");
    return c->run(c, &c->err);
}

static void *work(void *admin)
{
    struct admin *a = admin;
    struct admin_call *c;

    pthread_setname_np(pthread_self(), "worker");
    while ((c = kl_queue_pop(a->calls, -1))) {
        atomic_fetch_add(&a->running, 1);
        c->err.code = run_call(a, c);
        atomic_fetch_sub(&a->running, 1);
        kl_request_resume(c->request); /* c belongs to the HTTP thread now */
    }
    return NULL;
}

/* ---- the HTTP thread ---- */

static void call_release(void *call)
{
    struct admin_call *c = call;

    if (c->release)
        c->release(c->ask);
    kl_buf_fini(&c->body);
}

static void call_answer(struct kl_request *r)
{
    struct admin_call *c = kl_request_attached(r);

    if (!c->err.code && c->body.failed)
        kl_fail_limit(&c->err, KL_TOO_LARGE, "", ANSWER_MAX_BYTES, "the answer would be larger than %d bytes", ANSWER_MAX_BYTES);
    if (c->err.code)
        kl_reply_error(r, &c->err);
    else if (c->status == 204)
        kl_reply_static(r, 204, NULL, "", 0);
    else
        kl_reply_buf(r, c->status, "application/json", &c->body);
}

void admin_do(struct kl_request *r, admin_run_fn *run, void *ask, void (*release)(void *ask))
{
    struct steward *s = kl_request_ctx(r);
    struct admin *a = s->admin;
    struct admin_call *c = kl_request_memory(r, sizeof *c);
    struct kl_error err;

    if (!c) {
        if (release)
            release(ask);
        kl_fail(&err, KL_BUSY, "no memory for the call");
        kl_reply_error(r, &err);
        return;
    }
    *c = (struct admin_call){ .steward = s, .kafka = s->kafka, .ask = ask, .status = 200, .request = r, .run = run, .release = release,
                              .due_us = kl_mono_us() + a->conf.timeout_ms * 1000 };
    kl_buf_init(&c->body, ANSWER_MAX_BYTES);
    kl_request_attach(r, c, call_release);
    kl_request_suspend(r, call_answer);
    if (kl_queue_push(a->calls, c, 0))
        return;
    if (a->ended)
        kl_fail(&c->err, KL_BUSY, "the service is stopping");
    else
        kl_fail_limit(&c->err, KL_BUSY, "", a->conf.calls_max, "%lld calls wait for the cluster already", (long long)a->conf.calls_max);
    kl_request_resume(r);
}

/* ---- coming and going ---- */

enum kl_code admin_open(struct admin **out, const struct admin_conf *conf, struct kl_error *err)
{
    struct admin *a = calloc(1, sizeof *a);

    if (!a)
        return kl_fail(err, KL_BROKEN, "no memory for the workers");
    a->conf = *conf;
    a->calls = kl_queue_new((size_t)conf->calls_max);
    a->threads = calloc((size_t)conf->workers, sizeof *a->threads);
    while (a->calls && a->threads && a->n_threads < conf->workers && !pthread_create(&a->threads[a->n_threads], NULL, work, a))
        a->n_threads++;
    *out = a;
    if (a->n_threads == conf->workers)
        return KL_OK;
    kl_fail(err, KL_BROKEN, "no memory or no thread for the workers");
    if (a->calls)
        admin_end(a);
    admin_close(a);
    *out = NULL;
    return err->code;
}

void admin_end(struct admin *a)
{
    a->ended = true;
    kl_queue_close(a->calls);
    while (a->n_threads > 0)
        pthread_join(a->threads[--a->n_threads], NULL);
}

void admin_close(struct admin *a)
{
    if (!a)
        return;
    kl_assert(a->n_threads == 0);
    kl_queue_free(a->calls);
    free(a->threads);
    free(a);
}
