/* live_catchup.c - see live_catchup.h.
 *
 * A client in catch-up is in one of these states (enum live_job):
 *
 *     NONE ── add ──▶ WAITING ◀─────────────── took its queue ── PARKED
 *                        │ ▲                                        ▲
 *               a reader │ │ its slice is over                      │ does not take its queue, others wait
 *                        ▼ │                                        │
 *                      RUNNING ─────────────────────────────────────┘
 *                        │ reached the rings
 *                        ▼
 *                     DRAINING ── took its queue ──▶ NONE
 *
 * and has one of CATCHUP_WAITING_MAX + CATCHUP_READERS places from WAITING until NONE, so all queues together are
 * bounded. A client that goes is NONE at once; a reader that runs it notices. */
#include "live_catchup.h"

#include <stdlib.h>

#include "clock.h"
#include "live_writer.h"
#include "log.h"

#define SLICE_US    500000        /* a reader's turn while others wait */
#define READ_MS     50            /* a wait for Kafka; also how late a reader notices a stop */
#define TEXT_BYTES  (64 * 1024)   /* handed over at a time */
#define RETRY_MS    1000          /* after Kafka could not be asked */

struct reader {
    struct live_catchup *cu;
    pthread_t thread;
    void *handle;                 /* the source's; NULL until first needed */
    struct kl_buf text, packed;
    struct live_place *places;    /* of the client that is served */
    size_t n_places;
    int64_t n_read;               /* since the source was told what to read */
    bool lost;                    /* LIVE_READ_LOST, or what comes is not what was asked for */
    const char *refused;          /* LIVE_READ_REFUSED: why */
};

struct live_catchup {
    struct live *live;
    const struct live_source *source;
    void *source_ctx;
    int64_t places_max;

    pthread_mutex_t lock;         /* guards what follows, and each client's job */
    pthread_cond_t  changed;
    TAILQ_HEAD(, live_client) waiting;
    size_t n_waiting;
    int64_t places;               /* clients that are not NONE */
    bool stop;

    size_t n_readers;
    struct reader readers[];
};

enum outcome { REACHED, GONE, TURN_OVER, LOOK_AGAIN, FAILED, BROKEN };

/* ---- states (under the lock) ---- */

static void wait_in_line(struct live_catchup *cu, struct live_client *c)
{
    c->job = LIVE_JOB_WAITING;
    TAILQ_INSERT_TAIL(&cu->waiting, c, job_link);
    kl_metric_set(&live_metrics[LIVE_CATCHUP_WAITING], (int64_t)++cu->n_waiting);
    pthread_cond_broadcast(&cu->changed);
}

static void leave_line(struct live_catchup *cu, struct live_client *c)
{
    TAILQ_REMOVE(&cu->waiting, c, job_link);
    kl_metric_set(&live_metrics[LIVE_CATCHUP_WAITING], (int64_t)--cu->n_waiting);
}

static void end_job(struct live_catchup *cu, struct live_client *c)
{
    c->job = LIVE_JOB_NONE;
    cu->places--;
}

bool live_catchup_add(struct live_catchup *cu, struct live_client *c)
{
    bool room;

    pthread_mutex_lock(&cu->lock);
    room = cu->places < cu->places_max;
    if (room) {
        cu->places++;
        wait_in_line(cu, c);
    }
    pthread_mutex_unlock(&cu->lock);
    return room;
}

void live_catchup_drained(struct live_catchup *cu, struct live_client *c)
{
    pthread_mutex_lock(&cu->lock);
    if (c->job == LIVE_JOB_PARKED)
        wait_in_line(cu, c);
    else if (c->job == LIVE_JOB_DRAINING)
        end_job(cu, c);
    pthread_cond_broadcast(&cu->changed);   /* its reader may wait for this */
    pthread_mutex_unlock(&cu->lock);
}

void live_catchup_leave(struct live_catchup *cu, struct live_client *c)
{
    pthread_mutex_lock(&cu->lock);
    if (c->job == LIVE_JOB_WAITING)
        leave_line(cu, c);
    if (c->job != LIVE_JOB_NONE)
        end_job(cu, c);
    pthread_cond_broadcast(&cu->changed);
    pthread_mutex_unlock(&cu->lock);
}

/* What becomes of a client whose reader is done with it for now. */
static void settle(struct live_catchup *cu, struct live_client *c, enum outcome outcome)
{
    pthread_mutex_lock(&cu->lock);
    if (c->job == LIVE_JOB_RUNNING) {   /* it has not gone */
        bool queued = live_client_queued(c, 1);

        if (outcome == REACHED && queued)
            c->job = LIVE_JOB_DRAINING;
        else if (outcome == REACHED || outcome == BROKEN)
            end_job(cu, c);
        else if (outcome == TURN_OVER && queued)
            c->job = LIVE_JOB_PARKED;
        else
            wait_in_line(cu, c);
    }
    pthread_mutex_unlock(&cu->lock);
}

/* ---- asking Kafka where the client is to begin ---- */

static size_t count_places(const struct live_client *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n; i++)
        n += (size_t)c->follows[i].n;
    return n;
}

/* The partitions of the topics that are there. false: no memory. */
static bool list_places(struct reader *r, const struct live_client *c)
{
    free(r->places);
    r->n_places = 0;
    r->places = calloc(count_places(c) + 1, sizeof *r->places);
    if (!r->places)
        return false;
    for (size_t i = 0; i < c->n; i++) {
        const struct live_follow *f = &c->follows[i];

        if (!live_topic_now(c->live, f->topic).followed)
            continue;
        for (int32_t p = 0; p < f->n; p++)
            r->places[r->n_places++] =
                (struct live_place){ .topic = f->topic->name, .partition = p, .next = f->next[p] };
    }
    return true;
}

/* A topic's new life and new partitions; of one that is gone only what the ring has is left. */
static void look_at_topic(struct live_writer *w, struct live_follow *f)
{
    struct live_now now = live_topic_now(w->client->live, f->topic);
    int64_t from;

    if (now.life != f->life)
        live_write_new_life(w, f, now.life, now.n_parts);
    else if (!live_follow_reach(f, now.n_parts))
        w->failed = true;
    for (int32_t p = 0; p < f->n && !now.followed && !w->failed; p++) {
        from = live_topic_from(w->client->live, f->topic, p);
        if (f->next[p] < from)
            live_write_gap(w, f, p, from);
    }
}

/* What `from` means, for a client that knows no position yet. */
static enum kl_code find_beginning(struct reader *r, struct live_client *c, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    if (c->from == LIVE_FROM_TIME)
        code = r->cu->source->at(r->handle, c->from_ms, r->places, r->n_places, err);
    for (size_t i = 0; i < r->n_places && !code; i++) {
        struct live_place *place = &r->places[i];

        if (c->from == LIVE_FROM_EARLIEST)
            place->next = place->low;
        else if (place->next < 0)
            place->next = place->high;   /* no message is that young */
    }
    return code;
}

/* Moves the client to its places; what the log no longer has, or never had, is a gap. */
static void move_to_places(struct reader *r, struct live_writer *w)
{
    struct live_client *c = w->client;
    bool first = c->from != LIVE_FROM_POSITION;

    for (size_t i = 0; i < r->n_places; i++) {
        struct live_place *place = &r->places[i];
        struct live_follow *f = live_client_find(c, place->topic);

        if (first)
            f->next[place->partition] = place->next;
        if (place->next < place->low || place->next > place->high) {
            live_write_gap(w, f, place->partition, place->low);
            place->next = place->low;
        }
    }
    if (first)
        live_write_position(w);
    c->from = LIVE_FROM_POSITION;
}

/* After it every position of the client is one that its log has. */
static enum kl_code prepare(struct reader *r, struct live_writer *w, struct kl_error *err)
{
    const struct live_source *source = r->cu->source;
    struct live_client *c = w->client;
    enum kl_code code;

    live_learn(c->live, false);
    for (size_t i = 0; i < c->n; i++)
        look_at_topic(w, &c->follows[i]);
    if (w->failed || !list_places(r, c))
        return kl_fail(err, KL_BROKEN, "no memory");
    code = r->n_places ? source->bounds(r->handle, r->places, r->n_places, err) : KL_OK;
    if (!code && c->from != LIVE_FROM_POSITION)
        code = find_beginning(r, c, err);
    if (!code)
        move_to_places(r, w);
    return code;
}

/* ---- copying ---- */

static void take(struct reader *r, struct live_writer *w, struct live_read *read)
{
    struct live_follow *f = live_client_find(w->client, read->topic);
    struct kl_message m;

    if (read->what == LIVE_READ_REFUSED) {
        r->refused = read->error;
        return;
    }
    if (read->what == LIVE_READ_LOST || !f || read->partition >= f->n) {
        r->lost = true;
        return;
    }
    r->n_read++;
    if (read->what == LIVE_READ_MESSAGE) {
        if (kl_message_view(&m, read->message, &r->packed))
            live_write_message(w, f, &m);
        else
            w->failed = true;
    } else if (read->offset > f->next[read->partition]) {
        f->next[read->partition] = read->offset;   /* what lay between was no message: markers, compaction's holes */
    }
}

/* Some messages into r->text, waiting for the first. */
static void read_some(struct reader *r, struct live_writer *w)
{
    const struct live_source *source = r->cu->source;
    struct live_read read;
    int wait_ms = READ_MS;

    while (!r->lost && !r->refused && !w->failed && r->text.len < TEXT_BYTES && source->read(r->handle, wait_ms, &read)) {
        take(r, w, &read);
        source->done(r->handle, &read);
        wait_ms = 0;
    }
}

/* false: the turn is over. Waits while the client's queue is full and nobody else needs the reader. */
static bool keep_on(struct reader *r, struct live_client *c, int64_t until_us)
{
    struct live_catchup *cu = r->cu;
    size_t half = (size_t)cu->live->conf.client_queue_bytes / 2;   /* the other half may be on its way out */
    bool full;

    pthread_mutex_lock(&cu->lock);
    for (;;) {
        full = live_client_queued(c, half);
        if (!full || cu->stop || c->job != LIVE_JOB_RUNNING || cu->n_waiting)
            break;
        pthread_cond_wait(&cu->changed, &cu->lock);
    }
    full |= cu->stop || c->job != LIVE_JOB_RUNNING || (cu->n_waiting && kl_mono_us() > until_us);
    pthread_mutex_unlock(&cu->lock);
    return !full;
}

static enum outcome failed(const char *what, const char *why)
{
    kl_metric_add(&live_metrics[LIVE_CATCHUP_FAILED], 1);
    kl_warn(what, KL_S("why", why), KL_I("retry_ms", RETRY_MS));
    return FAILED;
}

static enum outcome copy(struct reader *r, struct live_writer *w, int64_t until_us)
{
    struct live_client *c = w->client;
    enum live_join join;

    for (;;) {
        read_some(r, w);
        if (w->failed)
            return BROKEN;
        if (!live_client_deliver(c, &r->text))
            return GONE;
        join = live_join(c->live, c->follows, c->n, true);
        if (join == LIVE_JOINED)
            return REACHED;
        if (r->refused)
            return failed("a catch-up reader cannot read", r->refused);
        if (r->lost && r->n_read == 0)   /* right after the bounds were asked: do not turn in a circle */
            return failed("a catch-up reader cannot read", "Kafka has not what it just said it has");
        if (r->lost || join == LIVE_CHANGED)
            return LOOK_AGAIN;
        if (!keep_on(r, c, until_us))
            return TURN_OVER;
    }
}

/* Prepares, and copies until the client is there, or something else comes first. */
static enum outcome look_and_copy(struct reader *r, struct live_writer *w, int64_t until_us)
{
    const struct live_source *source = r->cu->source;
    struct live_client *c = w->client;
    struct kl_error err;
    enum kl_code code = prepare(r, w, &err);

    if (w->failed)
        return BROKEN;
    if (!live_client_deliver(c, &r->text))
        return GONE;
    if (code)
        return failed("a catch-up reader cannot ask for positions", err.text);
    if (live_join(c->live, c->follows, c->n, true) == LIVE_JOINED)
        return REACHED;
    if (source->assign(r->handle, r->places, r->n_places, &err))
        return failed("a catch-up reader cannot read", err.text);
    r->n_read = 0;
    r->lost = false;
    r->refused = NULL;
    return copy(r, w, until_us);
}

static enum outcome serve(struct reader *r, struct live_client *c)
{
    const struct live_source *source = r->cu->source;
    int64_t until_us = kl_mono_us() + SLICE_US;
    struct live_writer w;
    struct kl_error err;
    enum outcome outcome;

    if (!r->handle && source->open(r->cu->source_ctx, &r->handle, &err))
        return failed("a catch-up reader cannot start", err.text);
    live_writer_init(&w, c, &r->text);
    outcome = look_and_copy(r, &w, until_us);
    live_writer_fini(&w);
    if (source->assign(r->handle, NULL, 0, &err))
        failed("a catch-up reader cannot stop reading", err.text);
    kl_buf_clear(&r->text);
    return outcome;
}

/* ---- the threads ---- */

/* NULL: the end has come. The reader has a reference to what it gets. */
static struct live_client *next_client(struct live_catchup *cu)
{
    struct live_client *c = NULL;

    pthread_mutex_lock(&cu->lock);
    while (!cu->stop && TAILQ_EMPTY(&cu->waiting))
        pthread_cond_wait(&cu->changed, &cu->lock);
    if (!cu->stop) {
        c = TAILQ_FIRST(&cu->waiting);
        leave_line(cu, c);
        c->job = LIVE_JOB_RUNNING;
        live_client_ref(c);
    }
    pthread_mutex_unlock(&cu->lock);
    return c;
}

/* Kafka is away: asking on at once would only load it. Ends early at a stop. */
static void pause_after_failure(struct live_catchup *cu)
{
    struct timespec due;

    clock_gettime(CLOCK_MONOTONIC, &due);
    due.tv_sec += RETRY_MS / 1000;
    pthread_mutex_lock(&cu->lock);
    while (!cu->stop && pthread_cond_timedwait(&cu->changed, &cu->lock, &due) == 0)
        ;
    pthread_mutex_unlock(&cu->lock);
}

static void *run(void *ctx)
{
    struct reader *r = ctx;
    struct live_client *c;
    enum outcome outcome;

    while ((c = next_client(r->cu)) != NULL) {
        kl_metric_add(&live_metrics[LIVE_CATCHUP_RUNNING], 1);
        outcome = serve(r, c);
        kl_metric_add(&live_metrics[LIVE_CATCHUP_RUNNING], -1);
        if (outcome == REACHED)
            live_client_joined(c);
        if (outcome == BROKEN)
            live_client_break(c);
        settle(r->cu, c, outcome);
        live_client_unref(c);
        if (outcome == FAILED)
            pause_after_failure(r->cu);
    }
    if (r->handle)
        r->cu->source->close(r->handle);
    return NULL;
}

static void free_catchup(struct live_catchup *cu)
{
    for (size_t i = 0; i < cu->n_readers; i++) {
        kl_buf_fini(&cu->readers[i].text);
        kl_buf_fini(&cu->readers[i].packed);
        free(cu->readers[i].places);
    }
    pthread_cond_destroy(&cu->changed);
    pthread_mutex_destroy(&cu->lock);
    free(cu);
}

static struct live_catchup *new_catchup(struct live *live, const struct live_source *source, void *source_ctx)
{
    size_t n = (size_t)live->conf.catchup_readers;
    struct live_catchup *cu = calloc(1, sizeof *cu + n * sizeof *cu->readers);
    pthread_condattr_t attr;

    if (!cu)
        return NULL;
    cu->live = live;
    cu->source = source;
    cu->source_ctx = source_ctx;
    cu->places_max = live->conf.catchup_readers + live->conf.catchup_waiting_max;
    TAILQ_INIT(&cu->waiting);
    pthread_mutex_init(&cu->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&cu->changed, &attr);
    pthread_condattr_destroy(&attr);
    return cu;
}

enum kl_code live_catchup_start(struct live_catchup **out, struct live *live, const struct live_source *source,
                                void *source_ctx, struct kl_error *err)
{
    struct live_catchup *cu = new_catchup(live, source, source_ctx);

    if (!cu)
        return kl_fail(err, KL_BROKEN, "no memory for the catch-up readers");
    for (int64_t i = 0; i < live->conf.catchup_readers; i++) {
        struct reader *r = &cu->readers[cu->n_readers];

        r->cu = cu;
        kl_buf_init(&r->text, SIZE_MAX / 2);
        kl_buf_init(&r->packed, SIZE_MAX / 2);
        if (pthread_create(&r->thread, NULL, run, r)) {
            live_catchup_stop(cu);
            return kl_fail(err, KL_BROKEN, "no thread for a catch-up reader");
        }
        pthread_setname_np(r->thread, "catchup");
        cu->n_readers++;
    }
    *out = cu;
    return KL_OK;
}

void live_catchup_stop(struct live_catchup *cu)
{
    if (!cu)
        return;
    pthread_mutex_lock(&cu->lock);
    cu->stop = true;
    pthread_cond_broadcast(&cu->changed);
    pthread_mutex_unlock(&cu->lock);
    for (size_t i = 0; i < cu->n_readers; i++)
        pthread_join(cu->readers[i].thread, NULL);
    free_catchup(cu);
}
