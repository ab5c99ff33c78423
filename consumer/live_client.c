#include "live_client.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "live_catchup.h"
#include "live_position.h"
#include "live_writer.h"
#include "sse.h"
#include "topic.h"

#define RETRY_MS        3000         /* how soon a browser connects again */
#define PARTITIONS_MAX  1024         /* of a stream: each event's id, and the header it comes back in, names them all */
#define OUT_MAX         (SIZE_MAX / 2) /* a pull's worth, or the one event that is larger */

/* ---- the topics it asks for ---- */

struct names {
    char  *text;  /* owned; the names point into it */
    char **name;  /* owned; sorted, each once */
    size_t n;
};

static void names_fini(struct names *names)
{
    free(names->name);
    free(names->text);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t count_names(const char *text)
{
    size_t n = 1;

    for (; *text; text++)
        n += *text == ',';
    return n;
}

static enum kl_code check_name(const char *name, struct kl_error *err)
{
    struct kl_error why;

    if (kl_topic_check(name, strlen(name), &why))
        return kl_fail_field(err, KL_INVALID, "topics", "topics are names with commas between: %s", why.text);
    if (kl_topic_internal(name))
        return kl_fail_field(err, KL_FORBIDDEN, "topics", "topic \"%s\" is internal: nobody reads it from outside", name);
    return KL_OK;
}

static void sort_names(struct names *names)
{
    size_t n = 0;

    qsort(names->name, names->n, sizeof *names->name, compare_names);
    for (size_t i = 0; i < names->n; i++)
        if (n == 0 || strcmp(names->name[n - 1], names->name[i]))
            names->name[n++] = names->name[i];
    names->n = n;
}

static enum kl_code read_names(struct names *names, const char *text, int64_t max, struct kl_error *err)
{
    size_t n = text ? count_names(text) : 0;
    char *rest;
    enum kl_code code;

    *names = (struct names){ .n = 0 };
    if (n == 0 || !*text)
        return kl_fail_field(err, KL_INVALID, "topics", "say which topics: topics=a,b");
    if ((int64_t)n > max)
        return kl_fail_limit(err, KL_INVALID, "topics", max, "a stream may follow %lld topics", (long long)max);
    names->text = strdup(text);
    names->name = calloc(n, sizeof *names->name);
    if (!names->text || !names->name)
        return kl_fail(err, KL_BUSY, "no memory for a stream");
    for (rest = names->text; rest; names->n++) {
        names->name[names->n] = strsep(&rest, ",");
        code = check_name(names->name[names->n], err);
        if (code)
            return code;
    }
    sort_names(names);
    return KL_OK;
}

/* ---- a client's memory ---- */

static struct live_client *new_client(struct live *live, const struct live_request *request, size_t n)
{
    struct live_client *c = calloc(1, sizeof *c + n * sizeof *c->follows);

    if (!c)
        return NULL;
    c->live = live;
    c->wake = request->wake;
    c->wake_ctx = request->wake_ctx;
    c->envelope = request->envelope;
    c->from = request->position ? LIVE_FROM_POSITION : request->from;
    c->from_ms = request->from_ms;
    c->refs = 1;
    c->sent_us = kl_mono_us();
    c->n = n;
    for (size_t i = 0; i < n; i++)
        c->follows[i].client = c;
    kl_buf_init(&c->queue, OUT_MAX);
    kl_buf_init(&c->out, OUT_MAX);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void live_client_ref(struct live_client *c)
{
    atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
}

void live_client_unref(struct live_client *c)
{
    if (atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < c->n; i++)
        free(c->follows[i].next);
    kl_buf_fini(&c->queue);
    kl_buf_fini(&c->out);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- opening ---- */

static enum kl_code follow_all(struct live_client *c, const struct names *names, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    int64_t partitions = 0;

    for (size_t i = 0; i < c->n && !code; i++) {
        code = live_follow_open(&c->follows[i], c->live, names->name[i], err);
        partitions += c->follows[i].n;
    }
    if (!code && partitions > PARTITIONS_MAX)
        code = kl_fail_limit(err, KL_INVALID, "topics", PARTITIONS_MAX, "these topics have %lld partitions together",
                             (long long)partitions);
    return code;
}

/* A topic or partition that the vector lacks begins at 0; one that the topic lacks is a gap. */
static void go_to(struct live_writer *w, struct live_follow *f, const struct live_position_topic *at)
{
    int32_t n = f->n;

    memset(f->next, 0, (size_t)n * sizeof *f->next);
    if (!at)
        return;
    if (!live_follow_reach(f, at->n)) {
        w->failed = true;
        return;
    }
    memcpy(f->next, at->next, (size_t)at->n * sizeof *f->next);
    for (int32_t i = n; i < at->n; i++)
        if (f->next[i] > 0)
            live_write_gap(w, f, i, 0);
    f->n = n;
}

/* The first bytes: the id-only event fixes the position before any message. What earliest and a time mean is not
 * known yet; the catch-up reader writes it then. */
static enum kl_code write_preface(struct live_client *c, const struct live_request *request,
                                  const struct live_position *position, struct kl_error *err)
{
    struct live_writer w;
    bool failed;

    live_writer_init(&w, c, &c->out);
    kl_sse_retry(&c->out, RETRY_MS);
    for (size_t i = 0; request->position && i < c->n; i++)
        go_to(&w, &c->follows[i], live_position_find(position, c->follows[i].topic->name));
    if (c->from == LIVE_FROM_LATEST || c->from == LIVE_FROM_POSITION)
        live_write_position(&w);
    failed = w.failed || c->out.failed;
    live_writer_fini(&w);
    return failed ? kl_fail(err, KL_BUSY, "no memory for a stream") : KL_OK;
}

/* Live at once, or behind a reader. */
static enum kl_code start(struct live_client *c, struct kl_error *err)
{
    if (c->from == LIVE_FROM_LATEST)
        c->joined = true;   /* live_follow_open has set the cursors */
    if (c->from == LIVE_FROM_POSITION)
        c->joined = live_join(c->live, c->follows, c->n, false) == LIVE_JOINED;
    if (!c->joined && !live_catchup_add(c->live->catchup, c))
        return kl_fail(err, KL_BUSY, "too many streams are catching up");
    return KL_OK;
}

static enum kl_code open_named(struct live_client **out, struct live *live, const struct live_request *request,
                               const struct names *names, const struct live_position *position, struct kl_error *err)
{
    struct live_client *c = new_client(live, request, names->n);
    enum kl_code code;

    if (!c)
        return kl_fail(err, KL_BUSY, "no memory for a stream");
    code = follow_all(c, names, err);
    if (code == KL_NOT_FOUND || (code == KL_BUSY && err->retry_after_s)) {   /* it may have come just now */
        live_learn(live, true);
        code = follow_all(c, names, err);
    }
    if (!code)
        code = write_preface(c, request, position, err);
    if (code) {
        live_client_unref(c);
        return code;
    }
    live_enlist(live, c);
    code = start(c, err);
    if (code) {
        live_delist(live, c);
        live_client_unref(c);
        return code;
    }
    *out = c;
    return KL_OK;
}

static enum kl_code open_admitted(struct live_client **out, struct live *live, const struct live_request *request,
                                  const struct names *names, const struct live_position *position,
                                  struct kl_error *err)
{
    enum kl_code code;

    if (!live_admit(live))
        return kl_fail(err, KL_BUSY, "too many streams are open");
    code = open_named(out, live, request, names, position, err);
    if (code)
        live_leave(live);
    return code;
}

enum kl_code live_client_open(struct live_client **out, struct live *live, const struct live_request *request,
                              struct kl_error *err)
{
    struct live_position position = { .n = 0 };
    struct names names;
    enum kl_code code = read_names(&names, request->topics, live->conf.stream_topics_max, err);

    if (!code && request->position)
        code = live_position_read(&position, request->position, strlen(request->position), request->position_field, err);
    if (!code && !live_learn(live, false)) {
        code = kl_fail(err, KL_BUSY, "the topics are not known yet");
        err->retry_after_s = LIVE_SOON_S;
    }
    if (!code)
        code = open_admitted(out, live, request, &names, &position, err);
    if (code == KL_BUSY)
        kl_metric_add(&live_metrics[LIVE_REFUSED], 1);
    live_position_fini(&position);
    names_fini(&names);
    return code;
}

void live_client_close(struct live_client *c)
{
    struct live *live = c->live;

    live_delist(live, c);
    pthread_mutex_lock(&c->lock);
    c->gone = true;
    pthread_mutex_unlock(&c->lock);
    live_catchup_leave(live->catchup, c);
    live_client_unref(c);
    live_leave(live);
}

/* ---- pulling ---- */

static void write_step(struct live_writer *w, struct live_step *step, size_t max)
{
    struct live_follow *f = step->follow;
    struct kl_message m;

    if (step->life != f->life)
        live_write_new_life(w, f, step->life, step->n_parts);
    if (step->skipped)
        live_write_lagged(w, f, step->skipped, step->resume, step->n_resume);
    free(step->resume);
    if (!step->more)
        return;
    f->cursor.at = step->slice.at;
    while (!w->failed && w->out->len < max && live_slice_next(&step->slice, &m)) {
        live_write_message(w, f, &m);
        f->cursor.seq++;
        f->cursor.at = step->slice.at;
    }
    live_slice_end(&step->slice);
}

/* From the rings, until max bytes are there or nothing is left. false: no memory. */
static bool read_rings(struct live_client *c, size_t max)
{
    struct live_writer w;
    struct live_step step;
    bool failed;

    live_writer_init(&w, c, &c->out);
    while (!w.failed && c->out.len < max && live_next(c->live, c->follows, c->n, &c->turn, &step))
        write_step(&w, &step, max);
    failed = w.failed;
    live_writer_fini(&w);
    return !failed;
}

/* What the catch-up reader has queued becomes out; the queue keeps no memory, as it may have been the last. */
static bool take_queue(struct live_client *c)
{
    bool taken;

    pthread_mutex_lock(&c->lock);
    taken = c->queue.len > 0;
    if (taken) {
        kl_buf_fini(&c->out);
        c->out = c->queue;
        kl_buf_init(&c->queue, OUT_MAX);
    }
    pthread_mutex_unlock(&c->lock);
    if (taken)
        live_catchup_drained(c->live->catchup, c);
    return taken;
}

/* Fills out, which was empty: from the queue, and when nothing can come there any more, from the rings. */
static bool refill(struct live_client *c, size_t max)
{
    bool joined, broken;

    pthread_mutex_lock(&c->lock);
    joined = c->joined;
    broken = c->broken;
    pthread_mutex_unlock(&c->lock);
    /* In this order: who has joined had queued all before. */
    if (take_queue(c))
        return true;
    return !broken && (!joined || read_rings(c, max));
}

bool live_client_silent(const struct live_client *c, int64_t now_us)
{
    return now_us - atomic_load_explicit(&c->sent_us, memory_order_relaxed) >= c->live->conf.heartbeat_ms * 1000;
}

/* Nothing was there: says so to whoever wakes before it looks again, so that nothing comes in between unseen. */
static bool refill_idle(struct live_client *c, size_t max)
{
    bool ok;

    atomic_store(&c->idle, true);
    ok = refill(c, max);
    if (ok && c->out.len == 0 && live_client_silent(c, kl_mono_us()))
        ok = kl_sse_comment(&c->out, "");
    if (!ok || c->out.len)
        atomic_store(&c->idle, false);
    return ok;
}

static ssize_t hand_over(struct live_client *c, char *buf, size_t max)
{
    size_t n = c->out.len - c->out_at;

    if (n > max)
        n = max;
    memcpy(buf, c->out.data + c->out_at, n);
    c->out_at += n;
    atomic_store_explicit(&c->sent_us, kl_mono_us(), memory_order_relaxed);
    return (ssize_t)n;
}

ssize_t live_client_pull(struct live_client *c, char *buf, size_t max)
{
    bool ok = true;

    atomic_store(&c->idle, false);
    if (c->out_at == c->out.len) {
        c->out_at = 0;
        kl_buf_clear(&c->out);
        ok = refill(c, max) && (c->out.len || refill_idle(c, max));
    }
    if (!ok)
        return LIVE_ABORT;
    if (c->out.len)
        return hand_over(c, buf, max);
    kl_buf_fini(&c->out);   /* an idle client keeps no buffer */
    return LIVE_WAIT;
}

/* ---- for the waker and the catch-up readers ---- */

/* Under the lock, so that the request does not end meanwhile; wake neither blocks nor calls back. */
void live_client_wake(struct live_client *c)
{
    pthread_mutex_lock(&c->lock);
    if (!c->gone && atomic_exchange(&c->idle, false))
        c->wake(c->wake_ctx);
    pthread_mutex_unlock(&c->lock);
}

bool live_client_deliver(struct live_client *c, struct kl_buf *text)
{
    struct kl_buf empty;
    bool gone;

    pthread_mutex_lock(&c->lock);
    gone = c->gone;
    if (text->len && c->queue.len == 0) {
        empty = c->queue;
        c->queue = *text;
        *text = empty;
    } else if (!kl_buf_add(&c->queue, text->data, text->len)) {
        c->broken = true;
    }
    pthread_mutex_unlock(&c->lock);
    kl_buf_clear(text);
    live_client_wake(c);   /* nothing queued wakes in vain, which does no harm */
    return !gone;
}

void live_client_joined(struct live_client *c)
{
    pthread_mutex_lock(&c->lock);
    c->joined = true;
    pthread_mutex_unlock(&c->lock);
    live_client_wake(c);
}

void live_client_break(struct live_client *c)
{
    pthread_mutex_lock(&c->lock);
    c->broken = true;
    pthread_mutex_unlock(&c->lock);
    live_client_wake(c);
}

bool live_client_queued(struct live_client *c, size_t bytes)
{
    bool queued;

    pthread_mutex_lock(&c->lock);
    queued = c->queue.len >= bytes;
    pthread_mutex_unlock(&c->lock);
    return queued;
}

static int compare_follow(const void *name, const void *follow)
{
    return strcmp(name, ((const struct live_follow *)follow)->topic->name);
}

struct live_follow *live_client_find(struct live_client *c, const char *topic)
{
    return bsearch(topic, c->follows, c->n, sizeof *c->follows, compare_follow);
}
