/* timer.c - see timer.h.
 *
 * Armed timers form a pairing heap, linked through the timers themselves: a timer's children (all due later) are a
 * list from `child` on along `next`; `prev` of the first child is its parent, of the others the sibling before. */
#include "timer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"

struct kl_timers {
    pthread_t        thread;
    pthread_mutex_t  lock;    /* guards what follows, and every timer's own fields */
    pthread_cond_t   changed; /* an earlier timer, or stop: for the thread */
    pthread_cond_t   fired;   /* for who disarms the timer that fires */
    struct kl_timer *root;    /* due first */
    struct kl_timer *firing;  /* an address only: the fire may have freed it */
    bool             unwanted; /* somebody disarms what fires: the fire may not arm it again */
    bool             stop;
};

/* Of two roots the one, with the other as its first child. */
static struct kl_timer *heap_meld(struct kl_timer *a, struct kl_timer *b)
{
    struct kl_timer *top, *sub;

    if (!a || !b)
        return a ? a : b;
    top = b->due_us < a->due_us ? b : a;
    sub = top == a ? b : a;
    sub->prev = top;
    sub->next = top->child;
    if (top->child)
        top->child->prev = sub;
    top->child = sub;
    return top;
}

/* A list of siblings to one root: by pairs from the front, then the pairs together from the back; that order is what
 * makes removal O(log n). `next` strings the pairs together meanwhile. */
static struct kl_timer *heap_meld_list(struct kl_timer *list)
{
    struct kl_timer *pairs = NULL, *root = NULL;

    while (list) {
        struct kl_timer *a = list;
        struct kl_timer *b = a->next;
        struct kl_timer *pair;

        list = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b)
            b->next = b->prev = NULL;
        pair = heap_meld(a, b);
        pair->next = pairs;
        pairs = pair;
    }
    while (pairs) {
        struct kl_timer *pair = pairs;

        pairs = pair->next;
        pair->next = NULL;
        root = heap_meld(root, pair);
    }
    return root;
}

static void heap_add(struct kl_timers *ts, struct kl_timer *t)
{
    t->child = t->next = t->prev = NULL;
    t->armed = true;
    ts->root = heap_meld(ts->root, t);
}

static void heap_remove(struct kl_timers *ts, struct kl_timer *t)
{
    struct kl_timer *rest = heap_meld_list(t->child);

    if (t == ts->root) {
        ts->root = rest;
    } else {
        if (t->prev->child == t)
            t->prev->child = t->next;
        else
            t->prev->next = t->next;
        if (t->next)
            t->next->prev = t->prev;
        ts->root = heap_meld(ts->root, rest);
    }
    t->child = t->next = t->prev = NULL;
    t->armed = false;
}

/* With the lock, until something changes or the first timer is due. */
static void wait_for_root(struct kl_timers *ts)
{
    struct timespec until;

    if (!ts->root) {
        pthread_cond_wait(&ts->changed, &ts->lock);
        return;
    }
    until.tv_sec = ts->root->due_us / 1000000;
    until.tv_nsec = ts->root->due_us % 1000000 * 1000;
    pthread_cond_timedwait(&ts->changed, &ts->lock, &until);
}

/* With the lock, which it lets go for the call. */
static void fire_root(struct kl_timers *ts)
{
    struct kl_timer *t = ts->root;

    heap_remove(ts, t);
    ts->firing = t;
    ts->unwanted = false;
    pthread_mutex_unlock(&ts->lock);
    t->fire(t);
    pthread_mutex_lock(&ts->lock);
    ts->firing = NULL;
    pthread_cond_broadcast(&ts->fired);
}

static void *run(void *arg)
{
    struct kl_timers *ts = arg;

    pthread_mutex_lock(&ts->lock);
    while (!ts->stop) {
        if (ts->root && ts->root->due_us <= kl_mono_us())
            fire_root(ts);
        else
            wait_for_root(ts);
    }
    pthread_mutex_unlock(&ts->lock);
    return NULL;
}

static void timers_free(struct kl_timers *ts)
{
    pthread_cond_destroy(&ts->fired);
    pthread_cond_destroy(&ts->changed);
    pthread_mutex_destroy(&ts->lock);
    free(ts);
}

enum kl_code kl_timers_start(struct kl_timers **out, struct kl_error *err)
{
    struct kl_timers *ts = calloc(1, sizeof *ts);
    pthread_condattr_t attr;
    int code;

    *out = NULL;
    if (!ts)
        return kl_fail(err, KL_BUSY, "no memory for the timers");
    pthread_mutex_init(&ts->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC); /* as kl_mono_us */
    pthread_cond_init(&ts->changed, &attr);
    pthread_cond_init(&ts->fired, &attr);
    pthread_condattr_destroy(&attr);
    code = pthread_create(&ts->thread, NULL, run, ts);
    if (code) {
        timers_free(ts);
        return kl_fail(err, KL_BUSY, "the timer thread cannot be started: %s", strerror(code));
    }
    pthread_setname_np(ts->thread, "timers");
    *out = ts;
    return KL_OK;
}

void kl_timers_stop(struct kl_timers *ts)
{
    if (!ts)
        return;
    kl_assert(!pthread_equal(pthread_self(), ts->thread));
    pthread_mutex_lock(&ts->lock);
    ts->stop = true;
    pthread_cond_signal(&ts->changed);
    pthread_mutex_unlock(&ts->lock);
    pthread_join(ts->thread, NULL);
    timers_free(ts);
}

static void unarm(struct kl_timers *ts, struct kl_timer *t)
{
    if (t->armed)
        heap_remove(ts, t);
}

bool kl_timer_arm(struct kl_timers *ts, struct kl_timer *t, int64_t in_ms)
{
    int64_t due_us = kl_mono_us() + in_ms * 1000;
    bool wanted;

    pthread_mutex_lock(&ts->lock);
    wanted = ts->firing != t || !ts->unwanted;
    if (wanted) {
        unarm(ts, t);
        t->due_us = due_us;
        heap_add(ts, t);
        if (ts->root == t)
            pthread_cond_signal(&ts->changed);
    }
    pthread_mutex_unlock(&ts->lock);
    return wanted;
}

/* Unarmed before the wait as well as after: or a fire that arms its own timer would fire again and again before this
 * thread has the lock. */
void kl_timer_disarm(struct kl_timers *ts, struct kl_timer *t)
{
    pthread_mutex_lock(&ts->lock);
    unarm(ts, t);
    if (ts->firing == t && !pthread_equal(pthread_self(), ts->thread)) {
        ts->unwanted = true;
        while (ts->firing == t)
            pthread_cond_wait(&ts->fired, &ts->lock);
        unarm(ts, t);
    }
    pthread_mutex_unlock(&ts->lock);
}
