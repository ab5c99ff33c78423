/* snapshot.c - the thread, and showing what it saw; what a look asks is in look.c. */
#include "snapshot.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "look.h"

#define VIEWS_KEPT 6   /* a rate is of the last 30 s with the default interval */
#define SOON_MS    100 /* the least time between two looks, however many ask */

/* While the cluster does not answer it is asked often and shortly: it is seen soon when it is back, and a stop, which cannot cut
 * a question short, need not wait long. */
#define OUTAGE_ASK_MS   500
#define OUTAGE_PAUSE_MS 1000

struct snapshot {
    struct snapshot_conf conf;
    pthread_t       thread;
    bool            started;
    _Atomic bool    stop;
    pthread_mutex_t lock;            /* guards what follows */
    pthread_cond_t  wake, over;      /* the thread is to look; a look is over */
    bool            soon;
    uint64_t        begun, ended;    /* looks */
    struct snapshot_counts counts;
    struct view    *views[VIEWS_KEPT]; /* the newest first */
    char            why[256];        /* the last look failed; "" it did not */
};

/* ---- the thread ---- */

static void show(struct snapshot *s, struct view *v)
{
    struct view *oldest;
    bool news;

    pthread_mutex_lock(&s->lock);
    news = s->why[0];
    oldest = s->views[VIEWS_KEPT - 1];
    memmove(&s->views[1], &s->views[0], (VIEWS_KEPT - 1) * sizeof s->views[0]);
    s->views[0] = v;
    s->why[0] = 0;
    pthread_mutex_unlock(&s->lock);
    view_unref(oldest);
    if (news)
        kl_info("the cluster answers again");
}

static void say_why(struct snapshot *s, const char *why)
{
    bool news;

    pthread_mutex_lock(&s->lock);
    news = !s->why[0];
    s->counts.failed++;
    snprintf(s->why, sizeof s->why, "%s", why);
    pthread_mutex_unlock(&s->lock);
    if (news)
        kl_warn("the cluster does not answer", KL_S("why", why));
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Only this thread changes the views and why the last look failed, so it reads them without the lock. */
static void look_once(struct snapshot *s)
{
    const struct view *before = s->views[0], *oldest = before;
    int64_t first_ms = s->why[0] ? least(s->conf.timeout_ms, OUTAGE_ASK_MS) : s->conf.timeout_ms;
    struct kl_error err;
    struct view *v;

    if (look_at_topics(s->conf.kafka, (int)first_ms, (int)s->conf.timeout_ms, &s->stop, &v, &err)) {
        if (!s->stop)
            say_why(s, err.text);
        return;
    }
    for (size_t i = 1; i < VIEWS_KEPT && s->views[i]; i++)
        oldest = s->views[i];
    if (before)
        look_compare(v, before, oldest);
    if (s->conf.fill)
        s->conf.fill(s->conf.ctx, v, &s->stop);
    if (s->conf.looked && !s->stop)
        s->conf.looked(s->conf.ctx, before, v);
    show(s, v);
}

static struct timespec deadline_in(int64_t ms)
{
    int64_t at_us = kl_mono_us() + ms * 1000;

    return (struct timespec){ .tv_sec = at_us / 1000000, .tv_nsec = at_us % 1000000 * 1000 };
}

/* Until the interval is over, or sooner when somebody asks. */
static void pause_for(struct snapshot *s, int64_t ms, bool may_be_soon)
{
    struct timespec until = deadline_in(ms);

    pthread_mutex_lock(&s->lock);
    while (!s->stop && !(may_be_soon && s->soon) && pthread_cond_timedwait(&s->wake, &s->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&s->lock);
}

/* begun and ended are counted under the lock: snapshot_renew() waits for them. */
static void look_counted(struct snapshot *s)
{
    int64_t start_us = kl_mono_us();

    pthread_mutex_lock(&s->lock);
    s->soon = false;
    s->begun++;
    pthread_mutex_unlock(&s->lock);
    look_once(s);
    pthread_mutex_lock(&s->lock);
    s->ended = s->counts.looks = s->begun;
    s->counts.last_us = kl_mono_us() - start_us;
    pthread_cond_broadcast(&s->over);
    pthread_mutex_unlock(&s->lock);
}

static void *run(void *snapshot)
{
    struct snapshot *s = snapshot;
    int64_t least_ms = least(s->conf.interval_ms, SOON_MS);

    pthread_setname_np(pthread_self(), "snapshot");
    while (!s->stop) {
        look_counted(s);
        pause_for(s, least_ms, false);
        pause_for(s, (s->why[0] ? least(s->conf.interval_ms, OUTAGE_PAUSE_MS) : s->conf.interval_ms) - least_ms, true);
    }
    return NULL;
}

/* ---- who asks ---- */

struct view *snapshot_view(struct snapshot *s)
{
    struct view *v;

    pthread_mutex_lock(&s->lock);
    v = s->views[0] ? view_ref(s->views[0]) : NULL;
    pthread_mutex_unlock(&s->lock);
    return v;
}

enum kl_code snapshot_need(struct snapshot *s, struct view **out, struct kl_error *err)
{
    char why[256];

    *out = snapshot_view(s);
    if (*out)
        return KL_OK;
    snapshot_ready(s, why, sizeof why);
    return kl_fail(err, KL_BUSY, "the cluster has not been seen yet: %s", why);
}

bool snapshot_ready(struct snapshot *s, char *why, size_t why_size)
{
    bool ready;

    pthread_mutex_lock(&s->lock);
    ready = s->views[0] && !s->why[0];
    if (!ready)
        snprintf(why, why_size, "%s", s->why[0] ? s->why : "the first look at the cluster is under way");
    pthread_mutex_unlock(&s->lock);
    return ready;
}

struct snapshot_counts snapshot_counts(struct snapshot *s)
{
    struct snapshot_counts counts;

    pthread_mutex_lock(&s->lock);
    counts = s->counts;
    pthread_mutex_unlock(&s->lock);
    return counts;
}

void snapshot_renew(struct snapshot *s, int wait_ms)
{
    struct timespec until = deadline_in(least(wait_ms, RENEW_MAX_MS));
    uint64_t wanted;

    pthread_mutex_lock(&s->lock);
    wanted = s->begun + 1; /* one that is under way may have asked before the change */
    s->soon = true;
    pthread_cond_signal(&s->wake);
    while (!s->stop && s->ended < wanted && pthread_cond_timedwait(&s->over, &s->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&s->lock);
}

/* ---- coming and going ---- */

enum kl_code snapshot_start(struct snapshot **out, const struct snapshot_conf *conf, struct kl_error *err)
{
    struct snapshot *s = calloc(1, sizeof *s);
    pthread_condattr_t attr;

    if (!s)
        return kl_fail(err, KL_BROKEN, "no memory for the snapshot");
    s->conf = *conf;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &attr);
    pthread_cond_init(&s->over, &attr);
    pthread_condattr_destroy(&attr);
    s->started = !pthread_create(&s->thread, NULL, run, s);
    if (!s->started) {
        snapshot_free(s);
        return kl_fail(err, KL_BROKEN, "no thread for the snapshot");
    }
    *out = s;
    return KL_OK;
}

void snapshot_stop(struct snapshot *s)
{
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_signal(&s->wake);
    pthread_cond_broadcast(&s->over);
    pthread_mutex_unlock(&s->lock);
    if (s->started)
        pthread_join(s->thread, NULL);
    s->started = false;
}

void snapshot_free(struct snapshot *s)
{
    if (!s)
        return;
    kl_assert(!s->started);
    for (size_t i = 0; i < VIEWS_KEPT; i++)
        view_unref(s->views[i]);
    pthread_cond_destroy(&s->over);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
