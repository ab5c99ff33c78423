/* work.c - see work.h: a bounded queue of jobs, and threads that take from it. */
#include "work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "problem.h"
#include "queue.h"
#include "seer.h"
#include "sse.h"

#define BEHIND_MAX_BYTES (256 * 1024) /* a client that has not read so much of the events does not need the next one */

struct work {
    struct work_conf conf;
    struct kl_queue *jobs;
    pthread_t       *threads;
    int64_t          n_threads;
    _Atomic bool     ended;
    _Atomic int64_t  running, reserved;
};

struct job_rest {
    struct job       job;
    struct work     *pool;
    job_run_fn      *run;
    void           (*release)(void *ask);
    struct kl_error  err;
    bool             wants_events;
    struct work     *home;      /* where work_reserve gave it a place; NULL: it did not */
    bool            *passed;    /* of the pool's thread that runs it: another pool has it now, do not touch it */
    pthread_mutex_t  lock;      /* guards what follows */
    int              refs;      /* the request's and the pool's */
    struct kl_request *request; /* NULL: it has ended */
    struct kl_buf    events;    /* not read yet */
    bool             over;      /* no event comes behind these */
};

bool job_wants_events(const struct job *j) { return j->rest->wants_events; }
bool job_stopping(const struct job *j) { return j->rest->pool->ended; }
int64_t work_running(const struct work *w) { return w ? w->running : 0; }
int64_t work_waiting(const struct work *w) { return w ? (int64_t)kl_queue_len(w->jobs) : 0; }

static void place_give(struct job_rest *rest)
{
    if (rest->home)
        atomic_fetch_sub(&rest->home->reserved, 1);
    rest->home = NULL;
}

static void rest_unref(struct job_rest *rest)
{
    int left;

    pthread_mutex_lock(&rest->lock);
    left = --rest->refs;
    pthread_mutex_unlock(&rest->lock);
    if (left > 0)
        return;
    if (rest->release)
        rest->release(rest->job.ask);
    place_give(rest);
    kl_buf_fini(&rest->job.body);
    kl_buf_fini(&rest->events);
    pthread_mutex_destroy(&rest->lock);
    free(rest);
}

/* ---- events: from the pool's thread to the request's ---- */

static void add_event(struct job_rest *rest, const char *event, const char *json, size_t len, bool last)
{
    pthread_mutex_lock(&rest->lock);
    if (rest->request) {
        if (last || rest->events.len < BEHIND_MAX_BYTES)
            kl_sse_event(&rest->events, NULL, event, json, len);
        rest->over = last;
        kl_request_wake(rest->request); /* under the lock, so that the request cannot end meanwhile */
    }
    pthread_mutex_unlock(&rest->lock);
}

void job_event(struct job *j, const char *event, const char *json, size_t len)
{
    if (j->rest->wants_events)
        add_event(j->rest, event, json, len, false);
}

static void add_error(struct job_rest *rest, const struct kl_error *err)
{
    struct kl_buf json;

    kl_buf_init(&json, 4096);
    kl_problem_json(&json, err, NULL);
    add_event(rest, "error", json.data, json.len, true);
    kl_buf_fini(&json);
}

static void settle(struct job_rest *rest)
{
    if (!rest->err.code && rest->job.body.failed)
        kl_fail_limit(&rest->err, KL_TOO_LARGE, "", ANSWER_MAX_BYTES, "the answer would be larger than %d bytes", ANSWER_MAX_BYTES);
}

/* On the pool's thread: the answer is there. The request's own reference is its release's to give back. */
static void finish(struct job_rest *rest)
{
    settle(rest);
    place_give(rest); /* before the answer: who has it and sends the next one is not refused for the last */
    if (!rest->wants_events)
        kl_request_resume(rest->request);
    else if (rest->err.code)
        add_error(rest, &rest->err);
    else
        add_event(rest, "done", rest->job.body.data, rest->job.body.len, true);
    rest_unref(rest);
}

/* ---- a pool's thread ---- */

static enum kl_code run(struct work *w, struct job_rest *rest)
{
    if (w->ended)
        return kl_fail(&rest->err, KL_BUSY, "the service is stopping");
    return rest->run(&rest->job, &rest->err);
}

static void *work_thread(void *work)
{
    struct work *w = work;
    struct job_rest *rest;

    pthread_setname_np(pthread_self(), w->conf.thread);
    if (w->conf.nice)
        setpriority(PRIO_PROCESS, 0, w->conf.nice); /* Linux: this thread's alone */
    while ((rest = kl_queue_pop(w->jobs, -1))) {
        bool passed = false;
        enum kl_code code;

        rest->passed = &passed;
        atomic_fetch_add(&w->running, 1);
        code = run(w, rest);
        atomic_fetch_sub(&w->running, 1);
        if (passed)
            continue;
        rest->err.code = code;
        finish(rest);
    }
    return NULL;
}

bool work_pass(struct job *j, struct work *w, job_run_fn *run_there)
{
    struct job_rest *rest = j->rest;
    struct work *here = rest->pool;
    job_run_fn *run_here = rest->run;
    bool *passed = rest->passed;

    rest->pool = w;
    rest->run = run_there;
    *passed = kl_queue_push(w->jobs, rest, 0); /* once it is true, rest is another thread's */
    if (*passed)
        return true;
    rest->pool = here;
    rest->run = run_here;
    return false;
}

/* ---- the HTTP thread ---- */

static void request_over(void *job)
{
    struct job_rest *rest = job;

    pthread_mutex_lock(&rest->lock);
    rest->request = NULL;
    pthread_mutex_unlock(&rest->lock);
    rest_unref(rest);
}

static void answer(struct kl_request *r)
{
    struct job_rest *rest = kl_request_attached(r);

    if (rest->err.code)
        kl_reply_error(r, &rest->err);
    else if (rest->job.status == 204)
        kl_reply_static(r, 204, NULL, "", 0);
    else
        kl_reply_buf(r, rest->job.status, "application/json", &rest->job.body);
}

static ssize_t pull(struct kl_request *r, char *buf, size_t max)
{
    struct job_rest *rest = kl_request_attached(r);
    ssize_t n;

    pthread_mutex_lock(&rest->lock);
    n = (ssize_t)(rest->events.len < max ? rest->events.len : max);
    if (n > 0) {
        memcpy(buf, rest->events.data, (size_t)n);
        kl_buf_shift(&rest->events, (size_t)n);
    } else if (rest->events.failed) {
        n = KL_STREAM_ABORT;
    } else {
        n = rest->over ? KL_STREAM_END : KL_STREAM_WAIT;
    }
    pthread_mutex_unlock(&rest->lock);
    return n;
}

static struct job_rest *rest_new(struct kl_request *r, struct work *w)
{
    struct job_rest *rest = calloc(1, sizeof *rest);
    struct kl_error err;

    if (!rest) {
        kl_fail(&err, KL_BUSY, "no memory for the call");
        kl_reply_error(r, &err);
        return NULL;
    }
    rest->job = (struct job){ .seer = w->conf.seer, .status = 200, .rest = rest };
    kl_buf_init(&rest->job.body, ANSWER_MAX_BYTES);
    kl_buf_init(&rest->events, 2 * (size_t)ANSWER_MAX_BYTES);
    rest->pool = w;
    rest->request = r;
    rest->refs = 1; /* the request's */
    pthread_mutex_init(&rest->lock, NULL);
    kl_request_attach(r, rest, request_over);
    return rest;
}

static enum kl_code refusal(const struct work *w, struct kl_error *err)
{
    if (w->ended)
        return kl_fail(err, KL_BUSY, "the service is stopping");
    return kl_fail_limit(err, KL_BUSY, "", w->conf.waiting_max, "%lld %s wait already", (long long)w->conf.waiting_max, w->conf.what);
}

bool work_reserve(struct kl_request *r, struct work *w)
{
    struct job_rest *rest = rest_new(r, w);

    if (!rest)
        return false;
    rest->home = w;
    if (atomic_fetch_add(&w->reserved, 1) < w->conf.waiting_max)
        return true;
    refusal(w, &rest->err);
    kl_reply_error(r, &rest->err);
    return false;
}

/* The job that r has or gets. NULL: there is no memory, ask has been released and r answered. */
static struct job_rest *prepare(struct kl_request *r, struct work *w, job_run_fn *run_first, void *ask, void (*release)(void *ask))
{
    struct job_rest *rest = kl_request_attached(r);

    if (!rest)
        rest = rest_new(r, w);
    if (!rest) {
        if (release)
            release(ask);
        return NULL;
    }
    rest->run = run_first;
    rest->job.ask = ask;
    rest->release = release;
    return rest;
}

/* Before the push: after it the reference may be gone already. */
static bool push(struct job_rest *rest)
{
    rest->refs++;
    if (kl_queue_push(rest->pool->jobs, rest, 0))
        return true;
    rest->refs--;
    refusal(rest->pool, &rest->err);
    return false;
}

void work_do(struct kl_request *r, struct work *w, job_run_fn *run_first, void *ask, void (*release)(void *ask))
{
    struct job_rest *rest = prepare(r, w, run_first, ask, release);

    if (!rest)
        return;
    kl_request_suspend(r, answer);
    if (!push(rest))
        kl_request_resume(r);
}

static bool wants_events(struct kl_request *r)
{
    const char *accept = kl_request_header(r, "Accept");

    return accept && strstr(accept, "text/event-stream");
}

/* Events begin once there is a place for the job: what is refused is a 503 to both. */
void work_do_events(struct kl_request *r, struct work *w, job_run_fn *run_first, void *ask, void (*release)(void *ask))
{
    struct job_rest *rest;

    if (!wants_events(r)) {
        work_do(r, w, run_first, ask, release);
        return;
    }
    rest = prepare(r, w, run_first, ask, release);
    if (!rest)
        return;
    rest->wants_events = true;
    if (!push(rest)) {
        kl_reply_error(r, &rest->err);
        return;
    }
    kl_reply_header(r, "Cache-Control", "no-store");
    kl_reply_header(r, "X-Accel-Buffering", "no"); /* proxies that would gather */
    kl_reply_stream(r, 200, KL_SSE_TYPE, -1, pull);
}

/* ---- coming and going ---- */

enum kl_code work_open(struct work **out, const struct work_conf *conf, struct kl_error *err)
{
    struct work *w = calloc(1, sizeof *w);

    *out = NULL;
    if (!w)
        return kl_fail(err, KL_BROKEN, "no memory for the workers");
    w->conf = *conf;
    w->jobs = kl_queue_new((size_t)conf->waiting_max);
    w->threads = calloc((size_t)conf->threads, sizeof *w->threads);
    while (w->jobs && w->threads && w->n_threads < conf->threads && !pthread_create(&w->threads[w->n_threads], NULL, work_thread, w))
        w->n_threads++;
    if (w->n_threads == conf->threads) {
        *out = w;
        return KL_OK;
    }
    work_end(w);
    work_close(w);
    return kl_fail(err, KL_BROKEN, "no memory or no thread for the workers");
}

void work_end(struct work *w)
{
    if (!w)
        return;
    w->ended = true;
    if (w->jobs)
        kl_queue_close(w->jobs);
    while (w->n_threads > 0)
        pthread_join(w->threads[--w->n_threads], NULL);
}

void work_close(struct work *w)
{
    if (!w)
        return;
    kl_assert(w->n_threads == 0);
    kl_queue_free(w->jobs);
    free(w->threads);
    free(w);
}
