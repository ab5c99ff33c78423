/* queue.c - see queue.h: a ring under one lock, with a condition for each side. */
#include "queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "err.h"

struct kl_queue {
    size_t          max;
    pthread_mutex_t lock;       /* guards what follows */
    pthread_cond_t  not_empty;
    pthread_cond_t  not_full;
    size_t          poppers;    /* waiting; so that nobody is woken for nothing */
    size_t          pushers;
    size_t          first, len; /* item i is ring[(first + i) % max] */
    bool            closed;
    void           *ring[];
};

/* Deadlines are on the clock that nobody sets. */
static void cond_init_monotonic(pthread_cond_t *cond)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

struct kl_queue *kl_queue_new(size_t max)
{
    struct kl_queue *q;

    kl_assert(max > 0 && max < SIZE_MAX / sizeof(void *) / 2);
    q = malloc(sizeof *q + max * sizeof q->ring[0]);
    if (!q)
        return NULL;
    *q = (struct kl_queue){ .max = max };
    pthread_mutex_init(&q->lock, NULL);
    cond_init_monotonic(&q->not_empty);
    cond_init_monotonic(&q->not_full);
    return q;
}

void kl_queue_free(struct kl_queue *q)
{
    if (!q)
        return;
    kl_assert(q->len == 0);
    pthread_cond_destroy(&q->not_full);
    pthread_cond_destroy(&q->not_empty);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

static struct timespec deadline_in(int64_t wait_ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += wait_ms / 1000;
    t.tv_nsec += wait_ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* With the lock: waits on cond while *count is `stuck` and the queue is open. */
static void wait_while(struct kl_queue *q, pthread_cond_t *cond, size_t *waiters, size_t stuck, int64_t wait_ms)
{
    struct timespec until;
    int code = 0;

    if (wait_ms == 0 || q->len != stuck || q->closed)
        return;
    if (wait_ms > 0)
        until = deadline_in(wait_ms);
    ++*waiters;
    while (q->len == stuck && !q->closed && code != ETIMEDOUT)
        code = wait_ms < 0 ? pthread_cond_wait(cond, &q->lock) : pthread_cond_timedwait(cond, &q->lock, &until);
    --*waiters;
}

bool kl_queue_push(struct kl_queue *q, void *item, int64_t wait_ms)
{
    bool pushed;

    kl_assert(item != NULL); /* pop tells "nothing" with it */
    pthread_mutex_lock(&q->lock);
    wait_while(q, &q->not_full, &q->pushers, q->max, wait_ms);
    pushed = q->len < q->max && !q->closed;
    if (pushed) {
        q->ring[(q->first + q->len) % q->max] = item;
        q->len++;
        if (q->poppers > 0)
            pthread_cond_signal(&q->not_empty);
    }
    pthread_mutex_unlock(&q->lock);
    return pushed;
}

void *kl_queue_pop(struct kl_queue *q, int64_t wait_ms)
{
    void *item = NULL;

    pthread_mutex_lock(&q->lock);
    wait_while(q, &q->not_empty, &q->poppers, 0, wait_ms);
    if (q->len > 0) {
        item = q->ring[q->first];
        q->first = (q->first + 1) % q->max;
        q->len--;
        if (q->pushers > 0)
            pthread_cond_signal(&q->not_full);
    }
    pthread_mutex_unlock(&q->lock);
    return item;
}

void kl_queue_close(struct kl_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->not_empty);
    pthread_cond_broadcast(&q->not_full);
    pthread_mutex_unlock(&q->lock);
}

size_t kl_queue_len(struct kl_queue *q)
{
    size_t len;

    pthread_mutex_lock(&q->lock);
    len = q->len;
    pthread_mutex_unlock(&q->lock);
    return len;
}
