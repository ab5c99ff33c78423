#include "queue.h"

#include <pthread.h>

#include "clock.h"
#include "fault.h"
#include "test.h"
#include "test_death.h"

#define MANY 20000

static int items[MANY];

static void items_come_out_in_the_order_they_went_in(void)
{
    struct kl_queue *q = kl_queue_new(3);
    int round;

    for (round = 0; round < 5; round++) {
        CU_ASSERT_TRUE(kl_queue_push(q, &items[0], 0));
        CU_ASSERT_TRUE(kl_queue_push(q, &items[1], 0));
        CU_ASSERT_EQUAL(kl_queue_len(q), 2);
        CU_ASSERT_PTR_EQUAL(kl_queue_pop(q, 0), &items[0]);
        CU_ASSERT_PTR_EQUAL(kl_queue_pop(q, -1), &items[1]);
    }
    CU_ASSERT_PTR_NULL(kl_queue_pop(q, 0));
    kl_queue_free(q);
    kl_queue_free(NULL);
}

static void a_full_queue_refuses_after_the_wait(void)
{
    struct kl_queue *q = kl_queue_new(1);
    int64_t start_us;

    CU_ASSERT_TRUE(kl_queue_push(q, &items[0], 0));
    CU_ASSERT_FALSE(kl_queue_push(q, &items[1], 0));
    start_us = kl_mono_us();
    CU_ASSERT_FALSE(kl_queue_push(q, &items[1], 10));
    CU_ASSERT_TRUE(kl_mono_us() - start_us >= 10000);
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(q, 0), &items[0]);
    start_us = kl_mono_us();
    CU_ASSERT_PTR_NULL(kl_queue_pop(q, 10));
    CU_ASSERT_TRUE(kl_mono_us() - start_us >= 10000);
    kl_queue_free(q);
}

static void a_closed_queue_takes_nothing_and_gives_what_it_has(void)
{
    struct kl_queue *q = kl_queue_new(2);

    CU_ASSERT_TRUE(kl_queue_push(q, &items[0], 0));
    kl_queue_close(q);
    kl_queue_close(q);
    CU_ASSERT_FALSE(kl_queue_push(q, &items[1], -1));
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(q, -1), &items[0]);
    CU_ASSERT_PTR_NULL(kl_queue_pop(q, -1));
    kl_queue_free(q);
}

static void *pop_for_ever(void *arg)
{
    return kl_queue_pop(arg, -1);
}

static void *push_for_ever(void *arg)
{
    return kl_queue_push(arg, &items[9], -1) ? arg : NULL;
}

static void closing_wakes_everybody_who_waits(void)
{
    struct kl_queue *empty = kl_queue_new(1), *full = kl_queue_new(1);
    pthread_t threads[4];
    void *result;
    int i;

    CU_ASSERT_TRUE(kl_queue_push(full, &items[0], 0));
    for (i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, i < 2 ? pop_for_ever : push_for_ever, i < 2 ? empty : full);
    kl_queue_close(empty);
    kl_queue_close(full);
    for (i = 0; i < 4; i++) {
        pthread_join(threads[i], &result);
        CU_ASSERT_PTR_NULL(result);
    }
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(full, 0), &items[0]);
    kl_queue_free(empty);
    kl_queue_free(full);
}

static void *push_half(void *arg)
{
    static _Atomic int half;
    int i, from = half++ % 2 * (MANY / 2);

    for (i = from; i < from + MANY / 2; i++)
        if (!kl_queue_push(arg, &items[i], -1))
            return NULL;
    return arg;
}

static void *pop_all(void *arg)
{
    int *item;

    while ((item = kl_queue_pop(arg, -1)) != NULL)
        __atomic_fetch_add(item, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void between_threads_each_item_arrives_once(void)
{
    struct kl_queue *q = kl_queue_new(7);
    pthread_t pushers[2], poppers[2];
    int i, wrong = 0;

    memset(items, 0, sizeof items);
    for (i = 0; i < 2; i++) {
        pthread_create(&pushers[i], NULL, push_half, q);
        pthread_create(&poppers[i], NULL, pop_all, q);
    }
    for (i = 0; i < 2; i++)
        pthread_join(pushers[i], NULL);
    kl_queue_close(q);
    for (i = 0; i < 2; i++)
        pthread_join(poppers[i], NULL);
    for (i = 0; i < MANY; i++)
        wrong += items[i] != 1;
    CU_ASSERT_EQUAL(wrong, 0);
    kl_queue_free(q);
}

static void a_queue_without_memory_is_null(void)
{
    struct kl_queue *q;

    kl_fault_begin(0);
    q = kl_queue_new(10);
    CU_ASSERT_TRUE(kl_fault_end());
    CU_ASSERT_PTR_NULL(q);
}

static void free_with_an_item(void)
{
    struct kl_queue *q = kl_queue_new(1);

    kl_queue_push(q, &items[0], 0);
    kl_queue_free(q);
}

static void freeing_what_still_holds_something_is_an_assertion(void)
{
    CU_ASSERT_TRUE(test_dies(free_with_an_item));
}

KL_TESTS("queue", T(items_come_out_in_the_order_they_went_in), T(a_full_queue_refuses_after_the_wait),
         T(a_closed_queue_takes_nothing_and_gives_what_it_has), T(closing_wakes_everybody_who_waits),
         T(between_threads_each_item_arrives_once), T(a_queue_without_memory_is_null),
         T(freeing_what_still_holds_something_is_an_assertion))
