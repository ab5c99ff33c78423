#include "waiters.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "test.h"

#define WAIT_MS   10000
#define LONG_MS   60000
#define MANY      2000

static struct kl_timers *timers;
static struct waiters *waiters;

struct one { struct waiter w; _Atomic int woken; };

static void on_wake(struct waiter *w)
{
    ((struct one *)w)->woken++; /* w is its first member */
}

static void begin(int64_t max)
{
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(kl_timers_start(&timers, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(waiters_new(&waiters, timers, max, &err), KL_OK);
}

static void end(void)
{
    CU_ASSERT_EQUAL(waiters_count(waiters), 0);
    waiters_free(waiters);
    kl_timers_stop(timers);
}

static struct one by_id(void)
{
    struct one one = { .w = { .what = { .by_id = true }, .wake = on_wake } };

    kl_uuid7(&one.w.what.id);
    return one;
}

static struct one by_place(const char *topic, int32_t partition, int64_t offset)
{
    struct one one = { .w = { .what = { .partition = partition, .offset = offset }, .wake = on_wake } };

    strcpy(one.w.what.topic, topic);
    return one;
}

static enum kl_code add(struct one *one, int64_t timeout_ms)
{
    struct kl_error err;

    return waiters_add(waiters, &one->w, timeout_ms, &err);
}

static void news(bool has_id, const struct kl_uuid *id, const char *topic, int32_t partition, int64_t offset)
{
    struct store_news n = { .has_id = has_id, .topic = topic, .partition = partition, .offset = offset };

    if (has_id)
        n.id = *id;
    waiters_news(waiters, &n, 1);
}

static bool until_woken(struct one *one)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (!one->woken && kl_mono_us() < deadline)
        kl_sleep_ms(1);
    return one->woken == 1;
}

static void waiters_are_woken_by_news_of_their_id(void)
{
    struct one mine = by_id(), other = by_id();

    begin(10);
    CU_ASSERT_EQUAL(add(&mine, LONG_MS), KL_OK);
    CU_ASSERT_EQUAL(add(&other, LONG_MS), KL_OK);
    news(true, &mine.w.what.id, "orders", 3, 42);
    CU_ASSERT_EQUAL(mine.woken, 1);
    CU_ASSERT_EQUAL(other.woken, 0);
    news(true, &mine.w.what.id, "orders", 3, 43);
    CU_ASSERT_EQUAL(mine.woken, 1);
    CU_ASSERT(waiters_remove(waiters, &other.w));
    end();
}

static void waiters_are_woken_by_news_of_their_place(void)
{
    struct one mine = by_place("orders", 3, 42);
    struct kl_uuid id;

    begin(10);
    kl_uuid7(&id);
    CU_ASSERT_EQUAL(add(&mine, LONG_MS), KL_OK);
    news(true, &id, "orders", 3, 41);
    news(false, NULL, "orders", 2, 42);
    news(true, &id, "payments", 3, 42);
    CU_ASSERT_EQUAL(mine.woken, 0);
    news(true, &id, "orders", 3, 42);
    CU_ASSERT_EQUAL(mine.woken, 1);
    end();
}

static void waiters_for_one_message_are_all_woken(void)
{
    struct one ones[20];
    struct kl_uuid id;

    begin(100);
    kl_uuid7(&id);
    for (int i = 0; i < 20; i++) {
        ones[i] = i % 2 ? by_place("orders", 0, 7) : by_id();
        if (!(i % 2))
            ones[i].w.what.id = id;
        CU_ASSERT_EQUAL(add(&ones[i], LONG_MS), KL_OK);
    }
    CU_ASSERT_EQUAL(waiters_count(waiters), 20);
    news(true, &id, "orders", 0, 7);
    for (int i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(ones[i].woken, 1);
    end();
}

static void waiters_for_an_id_are_woken_by_a_failure(void)
{
    struct one mine = by_id(), nowhere = by_place("", 0, 0);

    begin(10);
    CU_ASSERT_EQUAL(add(&mine, LONG_MS), KL_OK);
    CU_ASSERT_EQUAL(add(&nowhere, LONG_MS), KL_OK);
    news(true, &mine.w.what.id, "", 0, 0); /* a failure has no place */
    CU_ASSERT_EQUAL(mine.woken, 1);
    CU_ASSERT_EQUAL(nowhere.woken, 0);
    CU_ASSERT(waiters_remove(waiters, &nowhere.w));
    end();
}

static void waiters_are_woken_when_their_time_is_over(void)
{
    struct one mine = by_id();

    begin(10);
    CU_ASSERT_EQUAL(add(&mine, 5), KL_OK);
    CU_ASSERT(until_woken(&mine));
    news(true, &mine.w.what.id, "orders", 0, 0);
    CU_ASSERT_EQUAL(mine.woken, 1);
    CU_ASSERT(!waiters_remove(waiters, &mine.w));
    end();
}

static void waiters_that_are_removed_are_not_woken(void)
{
    struct one mine = by_id();

    begin(10);
    CU_ASSERT_EQUAL(add(&mine, 5), KL_OK);
    CU_ASSERT(waiters_remove(waiters, &mine.w) || until_woken(&mine));
    news(true, &mine.w.what.id, "orders", 0, 0);
    CU_ASSERT(mine.woken <= 1);
    end();
}

static void waiters_beyond_the_maximum_are_refused(void)
{
    struct one ones[3] = { by_id(), by_id(), by_id() };

    begin(2);
    CU_ASSERT_EQUAL(add(&ones[0], LONG_MS), KL_OK);
    CU_ASSERT_EQUAL(add(&ones[1], LONG_MS), KL_OK);
    CU_ASSERT_EQUAL(add(&ones[2], LONG_MS), KL_BUSY);
    CU_ASSERT(waiters_remove(waiters, &ones[0].w));
    CU_ASSERT_EQUAL(add(&ones[2], LONG_MS), KL_OK);
    CU_ASSERT(waiters_remove(waiters, &ones[1].w));
    CU_ASSERT(waiters_remove(waiters, &ones[2].w));
    end();
}

static void waiters_are_all_woken_at_the_end_and_none_comes_after(void)
{
    struct one ones[3] = { by_id(), by_place("orders", 1, 2), by_id() };

    begin(10);
    CU_ASSERT_EQUAL(add(&ones[0], LONG_MS), KL_OK);
    CU_ASSERT_EQUAL(add(&ones[1], LONG_MS), KL_OK);
    waiters_end(waiters);
    CU_ASSERT_EQUAL(ones[0].woken, 1);
    CU_ASSERT_EQUAL(ones[1].woken, 1);
    CU_ASSERT_EQUAL(add(&ones[2], LONG_MS), KL_BUSY);
    CU_ASSERT_EQUAL(ones[2].woken, 0);
    end();
}

/* ---- all at once ---- */

static struct one crowd[MANY];
static _Atomic bool crowd_added;

static void *tell_all(void *ctx)
{
    (void)ctx;
    while (!crowd_added)
        for (int i = 0; i < MANY; i += 3)
            news(true, &crowd[i].w.what.id, "orders", 0, i);
    return NULL;
}

static void waiters_are_woken_once_when_news_time_and_removal_meet(void)
{
    pthread_t thread;
    int removed = 0, woken = 0;

    begin(MANY);
    crowd_added = false;
    for (int i = 0; i < MANY; i++)
        crowd[i] = by_id();
    CU_ASSERT_EQUAL(pthread_create(&thread, NULL, tell_all, NULL), 0);
    for (int i = 0; i < MANY; i++)
        CU_ASSERT_EQUAL(add(&crowd[i], i % 3), KL_OK); /* some are due at once */
    for (int i = 0; i < MANY; i += 2)
        removed += waiters_remove(waiters, &crowd[i].w);
    crowd_added = true;
    pthread_join(thread, NULL);
    waiters_end(waiters);
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; kl_mono_us() < deadline && woken + removed < MANY;) {
        woken = 0;
        for (int i = 0; i < MANY; i++)
            woken += crowd[i].woken;
    }
    CU_ASSERT_EQUAL(woken + removed, MANY);
    for (int i = 0; i < MANY; i++)
        CU_ASSERT(crowd[i].woken <= 1);
    end();
}

/* ---- who looks on behalf of all ---- */

struct watcher { struct waited waited[4]; size_t n; };

static void *await(void *ctx)
{
    struct watcher *watcher = ctx;

    watcher->n = waiters_await(waiters, 0, watcher->waited, 4);
    return NULL;
}

static void waiters_are_listed_for_who_looks_as_soon_as_there_are_some(void)
{
    struct one ones[5] = { by_place("orders", 3, 42), by_id(), by_id(), by_id(), by_id() };
    struct watcher watcher = { .n = 0 };
    pthread_t thread;

    begin(10);
    CU_ASSERT_EQUAL(pthread_create(&thread, NULL, await, &watcher), 0);
    CU_ASSERT_EQUAL(add(&ones[0], LONG_MS), KL_OK);
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(watcher.n, 1);
    CU_ASSERT(!watcher.waited[0].by_id && !strcmp(watcher.waited[0].topic, "orders"));
    CU_ASSERT(watcher.waited[0].partition == 3 && watcher.waited[0].offset == 42);
    for (int i = 1; i < 5; i++)
        CU_ASSERT_EQUAL(add(&ones[i], LONG_MS), KL_OK);
    CU_ASSERT_EQUAL(waiters_await(waiters, 1, watcher.waited, 4), 4); /* no more than there is room for */
    waiters_end(waiters);
    end();
}

static void waiters_end_lets_go_who_looks(void)
{
    struct watcher watcher = { .n = 1 };
    pthread_t thread;

    begin(10);
    CU_ASSERT_EQUAL(pthread_create(&thread, NULL, await, &watcher), 0);
    waiters_end(waiters);
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(watcher.n, 0);
    CU_ASSERT_EQUAL(waiters_await(waiters, LONG_MS, watcher.waited, 4), 0);
    end();
}

KL_TESTS("waiters", T(waiters_are_woken_by_news_of_their_id), T(waiters_are_woken_by_news_of_their_place),
         T(waiters_for_one_message_are_all_woken), T(waiters_for_an_id_are_woken_by_a_failure),
         T(waiters_are_woken_when_their_time_is_over), T(waiters_that_are_removed_are_not_woken),
         T(waiters_beyond_the_maximum_are_refused), T(waiters_are_all_woken_at_the_end_and_none_comes_after),
         T(waiters_are_woken_once_when_news_time_and_removal_meet),
         T(waiters_are_listed_for_who_looks_as_soon_as_there_are_some), T(waiters_end_lets_go_who_looks))
