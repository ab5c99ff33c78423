/* room.c - bounds on what is in flight. Counters are atomics, since each record passes here twice; the lock is for the
 * few that wait. */
#include "room.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xxhash.h>

#include "clock.h"
#include "uuid.h"

#define CLIENTS 4096 /* counters; at 8 bytes each they cost 32 KiB */

struct room {
    struct room_limits  limits;
    uint64_t            seed;
    _Atomic int64_t     records, bytes;
    _Atomic int64_t     client[CLIENTS];
    _Atomic bool        draining;
    _Atomic int64_t     waiters_n;
    pthread_mutex_t     lock;    /* guards what follows */
    pthread_cond_t      empty;   /* records fell to 0 while draining */
    struct room_waiter *waiters;
};

struct room *room_new(const struct room_limits *limits)
{
    struct room *room = calloc(1, sizeof *room);
    pthread_condattr_t attr;

    if (!room)
        return NULL;
    room->limits = *limits;
    room->seed = kl_random64();
    pthread_mutex_init(&room->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&room->empty, &attr);
    pthread_condattr_destroy(&attr);
    return room;
}

void room_free(struct room *room)
{
    if (!room)
        return;
    kl_assert(!room->waiters);
    pthread_cond_destroy(&room->empty);
    pthread_mutex_destroy(&room->lock);
    free(room);
}

uint32_t room_client(const struct room *room, const char *address)
{
    return (uint32_t)(XXH3_64bits_withSeed(address, strlen(address), room->seed) % CLIENTS);
}

static void count(_Atomic int64_t *n, int64_t d)
{
    atomic_fetch_add_explicit(n, d, memory_order_relaxed);
}

static int64_t part(int64_t limit, enum room_use use)
{
    return use == ROOM_MANY ? limit / 2 : limit;
}

enum kl_code room_take(struct room *room, uint32_t client, size_t bytes, enum room_use use, struct kl_error *err)
{
    int64_t records = atomic_fetch_add_explicit(&room->records, 1, memory_order_relaxed) + 1;
    int64_t all = atomic_fetch_add_explicit(&room->bytes, (int64_t)bytes, memory_order_relaxed) + (int64_t)bytes;
    int64_t own = atomic_fetch_add_explicit(&room->client[client], 1, memory_order_relaxed) + 1;
    enum kl_code code = KL_OK;

    if (records > part(room->limits.records, use))
        code = kl_fail_limit(err, KL_BUSY, "", room->limits.records, "%lld records are in flight, as many as may be",
                             (long long)records - 1);
    else if (all > part(room->limits.bytes, use))
        code = kl_fail_limit(err, KL_BUSY, "", room->limits.bytes, "%lld bytes are in flight, no more may be",
                             (long long)(all - (int64_t)bytes));
    else if (own > part(room->limits.client_records, use))
        code = kl_fail_limit(err, KL_LIMITED, "", room->limits.client_records, "%lld records of this client are in flight, as many as may be",
                             (long long)own - 1);
    if (code)
        room_give(room, client, bytes);
    return code;
}

void room_give(struct room *room, uint32_t client, size_t bytes)
{
    count(&room->client[client], -1);
    count(&room->bytes, -(int64_t)bytes);
    if (atomic_fetch_sub(&room->records, 1) == 1 && atomic_load(&room->draining)) {
        pthread_mutex_lock(&room->lock);
        pthread_cond_broadcast(&room->empty);
        pthread_mutex_unlock(&room->lock);
    }
}

/* Three quarters of what an upload may use: who waited goes on with some room before him, not record by record. While
 * draining nobody waits for what others hold. */
static bool has_room(const struct room *room, uint32_t client)
{
    if (atomic_load(&room->draining))
        return true;
    return atomic_load(&room->records) <= part(room->limits.records, ROOM_MANY) * 3 / 4 &&
           atomic_load(&room->bytes) <= part(room->limits.bytes, ROOM_MANY) * 3 / 4 &&
           atomic_load(&room->client[client]) <= part(room->limits.client_records, ROOM_MANY) * 3 / 4;
}

bool room_wait(struct room *room, struct room_waiter *waiter)
{
    bool waits;

    pthread_mutex_lock(&room->lock);
    waits = atomic_load(&room->records) > 0 && !atomic_load(&room->draining);
    if (waits) {
        waiter->next = room->waiters;
        room->waiters = waiter;
        atomic_fetch_add(&room->waiters_n, 1);
    }
    pthread_mutex_unlock(&room->lock);
    return waits;
}

void room_wake(struct room *room)
{
    struct room_waiter *woken = NULL, **at;

    if (atomic_load(&room->waiters_n) == 0)
        return;
    pthread_mutex_lock(&room->lock);
    for (at = &room->waiters; *at;) {
        struct room_waiter *waiter = *at;

        if (!has_room(room, waiter->client)) {
            at = &waiter->next;
            continue;
        }
        *at = waiter->next;
        waiter->next = woken;
        woken = waiter;
        atomic_fetch_sub(&room->waiters_n, 1);
    }
    pthread_mutex_unlock(&room->lock);
    while (woken) {
        struct room_waiter *next = woken->next; /* before the wake: it may wait again at once */

        woken->wake(woken);
        woken = next;
    }
}

int64_t room_records(const struct room *room)
{
    return atomic_load_explicit(&room->records, memory_order_relaxed);
}

int64_t room_bytes(const struct room *room)
{
    return atomic_load_explicit(&room->bytes, memory_order_relaxed);
}

bool room_drain(struct room *room, int64_t wait_ms)
{
    int64_t end_us = kl_mono_us() + wait_ms * 1000;
    struct timespec end = { .tv_sec = end_us / 1000000, .tv_nsec = end_us % 1000000 * 1000 };
    int late = 0;

    pthread_mutex_lock(&room->lock);
    atomic_store(&room->draining, true); /* under it, so that who waits from here on is among `waiters` or will not wait */
    while (atomic_load(&room->records) > 0 && late == 0)
        late = pthread_cond_timedwait(&room->empty, &room->lock, &end);
    pthread_mutex_unlock(&room->lock);
    return atomic_load(&room->records) == 0;
}
