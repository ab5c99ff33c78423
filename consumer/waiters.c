/* waiters.c - see waiters.h: a table of chains under one lock. Whoever takes a waiter out of the table, under the lock,
 * is the one who wakes it; nobody else does. */
#include "waiters.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"

#define CHAINS 4096 /* a power of two; some 10,000 wait at most */

struct waiters {
    struct kl_timers *timers;
    int64_t           max;
    _Atomic int64_t   count;  /* this and ended are changed under the lock, looked at without */
    _Atomic bool      ended;
    pthread_mutex_t   lock;   /* guards what follows, and the waiters' links */
    pthread_cond_t    changed; /* the first came, or all ended: for waiters_await */
    struct waiter    *chains[CHAINS];
};

enum kl_code waiters_new(struct waiters **out, struct kl_timers *timers, int64_t max, struct kl_error *err)
{
    struct waiters *ws = calloc(1, sizeof *ws);
    pthread_condattr_t attr;

    if (!ws)
        return kl_fail(err, KL_BUSY, "no memory for waiters");
    ws->timers = timers;
    ws->max = max;
    pthread_mutex_init(&ws->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&ws->changed, &attr);
    pthread_condattr_destroy(&attr);
    *out = ws;
    return KL_OK;
}

void waiters_free(struct waiters *ws)
{
    if (!ws)
        return;
    kl_assert(ws->count == 0);
    pthread_cond_destroy(&ws->changed);
    pthread_mutex_destroy(&ws->lock);
    free(ws);
}

int64_t waiters_count(struct waiters *ws)
{
    return ws->count;
}

bool waiters_ended(struct waiters *ws)
{
    return ws->ended;
}

/* ---- the table ---- */

static uint64_t hash(const void *data, size_t len, uint64_t h)
{
    for (const unsigned char *c = data; len > 0; c++, len--)
        h = (h ^ *c) * 1099511628211u; /* FNV-1a */
    return h;
}

static struct waiter **chain_by_id(struct waiters *ws, const struct kl_uuid *id)
{
    uint64_t h = hash(id->b, sizeof id->b, 14695981039346656037u);

    return &ws->chains[(h ^ h >> 32) % CHAINS];
}

static struct waiter **chain_by_place(struct waiters *ws, const char *topic, int32_t partition, int64_t offset)
{
    uint64_t h = hash(topic, strlen(topic), 14695981039346656037u);

    h = hash(&partition, sizeof partition, h);
    h = hash(&offset, sizeof offset, h);
    return &ws->chains[(h ^ h >> 32) % CHAINS];
}

static void link_in(struct waiters *ws, struct waiter *w)
{
    struct waiter **chain = w->what.by_id ? chain_by_id(ws, &w->what.id)
                                          : chain_by_place(ws, w->what.topic, w->what.partition, w->what.offset);

    w->next = *chain;
    if (w->next)
        w->next->link = &w->next;
    w->link = chain;
    *chain = w;
    if (ws->count++ == 0)
        pthread_cond_signal(&ws->changed);
}

static bool link_out(struct waiters *ws, struct waiter *w)
{
    if (!w->link)
        return false;
    *w->link = w->next;
    if (w->next)
        w->next->link = w->link;
    w->link = NULL;
    ws->count--;
    return true;
}

/* Takes those of a chain that match into *out, a chain of its own. */
static void take_matching(struct waiters *ws, struct waiter *at, bool (*matches)(const struct waiter *w, const struct store_news *news),
                          const struct store_news *news, struct waiter **out)
{
    while (at) {
        struct waiter *w = at;

        at = at->next;
        if (!matches(w, news))
            continue;
        link_out(ws, w);
        w->next = *out;
        *out = w;
    }
}

static bool same_id(const struct waiter *w, const struct store_news *news)
{
    return w->what.by_id && kl_uuid_equal(&w->what.id, &news->id);
}

static bool same_place(const struct waiter *w, const struct store_news *news)
{
    const struct waited *what = &w->what;

    return !what->by_id && what->offset == news->offset && what->partition == news->partition && !strcmp(what->topic, news->topic);
}

static bool any(const struct waiter *w, const struct store_news *news)
{
    (void)w;
    (void)news;
    return true;
}

/* Without the lock: a timer that fires meanwhile waits for it. */
static void wake_taken(struct waiters *ws, struct waiter *taken)
{
    while (taken) {
        struct waiter *w = taken;

        taken = w->next;
        kl_timer_disarm(ws->timers, &w->timer);
        w->wake(w);
    }
}

/* ---- coming and going ---- */

static void on_timer(struct kl_timer *timer)
{
    struct waiter *w = (struct waiter *)((char *)timer - offsetof(struct waiter, timer));

    if (waiters_remove(w->all, w))
        w->wake(w);
}

enum kl_code waiters_add(struct waiters *ws, struct waiter *w, int64_t timeout_ms, struct kl_error *err)
{
    bool ended, full;

    w->all = ws;
    w->timer = (struct kl_timer){ .fire = on_timer };
    w->link = NULL;
    pthread_mutex_lock(&ws->lock);
    ended = ws->ended;
    full = ws->count >= ws->max;
    if (!ended && !full) {
        link_in(ws, w);
        kl_timer_arm(ws->timers, &w->timer, timeout_ms); /* under the lock: nobody may take w, and free it, before */
    }
    pthread_mutex_unlock(&ws->lock);
    if (ended)
        return kl_fail(err, KL_BUSY, "the service is stopping");
    return full ? kl_fail_limit(err, KL_BUSY, "wait", ws->max, "too many requests wait already") : KL_OK;
}

bool waiters_remove(struct waiters *ws, struct waiter *w)
{
    bool waited;

    pthread_mutex_lock(&ws->lock);
    waited = link_out(ws, w);
    pthread_mutex_unlock(&ws->lock);
    if (waited)
        kl_timer_disarm(ws->timers, &w->timer); /* on the timer's own thread, for the timer itself, this waits for nobody */
    return waited;
}

void waiters_news(void *ctx, const struct store_news *news, size_t n)
{
    struct waiters *ws = ctx;
    struct waiter *taken = NULL;

    if (ws->count == 0)
        return;
    pthread_mutex_lock(&ws->lock);
    for (size_t i = 0; i < n; i++) {
        if (news[i].has_id)
            take_matching(ws, *chain_by_id(ws, &news[i].id), same_id, &news[i], &taken);
        if (news[i].topic[0])
            take_matching(ws, *chain_by_place(ws, news[i].topic, news[i].partition, news[i].offset), same_place, &news[i], &taken);
    }
    pthread_mutex_unlock(&ws->lock);
    wake_taken(ws, taken);
}

void waiters_end(struct waiters *ws)
{
    struct waiter *taken = NULL;

    pthread_mutex_lock(&ws->lock);
    ws->ended = true;
    pthread_cond_signal(&ws->changed);
    for (size_t i = 0; i < CHAINS; i++)
        take_matching(ws, ws->chains[i], any, NULL, &taken);
    pthread_mutex_unlock(&ws->lock);
    wake_taken(ws, taken);
}

/* ---- for who looks on behalf of all ---- */

static size_t list_locked(const struct waiters *ws, struct waited *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < CHAINS; i++)
        for (const struct waiter *w = ws->chains[i]; w && n < max; w = w->next)
            out[n++] = w->what;
    return n;
}

size_t waiters_await(struct waiters *ws, int64_t ms, struct waited *out, size_t max)
{
    int64_t until_us = kl_mono_us() + ms * 1000;
    struct timespec until = { .tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000 };
    size_t n;

    pthread_mutex_lock(&ws->lock);
    while (!ws->ended && pthread_cond_timedwait(&ws->changed, &ws->lock, &until) != ETIMEDOUT)
        ;
    while (!ws->ended && ws->count == 0)
        pthread_cond_wait(&ws->changed, &ws->lock);
    n = ws->ended ? 0 : list_locked(ws, out, max);
    pthread_mutex_unlock(&ws->lock);
    return n;
}
