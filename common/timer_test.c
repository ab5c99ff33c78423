#include "timer.h"

#include "clock.h"
#include "fault.h"
#include "queue.h"
#include "test.h"

#define MANY        2000
#define HOUR_MS     3600000
#define DEADLINE_MS 10000 /* for what must happen: generous, for slow machines under sanitizers */

/* A timer that tells the test when it fired. */
struct probe {
    struct kl_timer  timer;
    struct kl_queue *fired;
    int64_t          due_us;
    int              again; /* how often it arms itself */
};

static struct kl_timers *ts;
static struct kl_error err;

static void tell(struct kl_timer *t)
{
    struct probe *p = (struct probe *)t;

    if (p->again-- > 0)
        kl_timer_arm(ts, t, 1);
    CU_ASSERT_TRUE(kl_queue_push(p->fired, p, 0));
}

static void timers_fire_in_the_order_they_are_due(void)
{
    struct kl_queue *fired = kl_queue_new(4);
    struct probe probes[4] = { 0 };
    static const int64_t in_ms[] = { 30, 1, 20, 10 };
    static const int order[] = { 1, 3, 2, 0 };
    int64_t start_us;
    int i;

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    start_us = kl_mono_us();
    for (i = 0; i < 4; i++) {
        probes[i] = (struct probe){ .timer.fire = tell, .fired = fired };
        kl_timer_arm(ts, &probes[i].timer, in_ms[i]);
    }
    for (i = 0; i < 4; i++) {
        CU_ASSERT_PTR_EQUAL(kl_queue_pop(fired, DEADLINE_MS), &probes[order[i]]);
        CU_ASSERT_TRUE(kl_mono_us() - start_us >= in_ms[order[i]] * 1000);
    }
    kl_timers_stop(ts);
    kl_queue_free(fired);
}

static void a_timer_may_arm_itself_again(void)
{
    struct kl_queue *fired = kl_queue_new(10);
    struct probe p = { .timer.fire = tell, .fired = fired, .again = 3 };
    int i;

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    kl_timer_arm(ts, &p.timer, 0);
    for (i = 0; i < 4; i++)
        CU_ASSERT_PTR_EQUAL(kl_queue_pop(fired, DEADLINE_MS), &p);
    kl_timers_stop(ts);
    CU_ASSERT_EQUAL(kl_queue_len(fired), 0);
    kl_queue_free(fired);
}

static void arming_again_moves_a_timer(void)
{
    struct kl_queue *fired = kl_queue_new(4);
    struct probe later = { .timer.fire = tell, .fired = fired }, sooner = later;

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    kl_timer_arm(ts, &later.timer, 1);
    kl_timer_arm(ts, &sooner.timer, 3600000);
    kl_timer_arm(ts, &later.timer, 3600000);
    kl_timer_arm(ts, &sooner.timer, 0);
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(fired, DEADLINE_MS), &sooner);
    kl_timer_disarm(ts, &later.timer);
    kl_timers_stop(ts);
    CU_ASSERT_EQUAL(kl_queue_len(fired), 0);
    kl_queue_free(fired);
}

/* Fires slowly, so that a disarm falls into it. */
struct slow {
    struct kl_timer  timer;
    struct kl_queue *started;
    _Atomic int      ended;
};

static void fire_slowly(struct kl_timer *t)
{
    struct slow *s = (struct slow *)t;

    int64_t end_us = kl_mono_us() + DEADLINE_MS * 1000;

    CU_ASSERT_TRUE(kl_queue_push(s->started, s, 0));
    while (kl_timer_arm(ts, t, HOUR_MS) && kl_mono_us() < end_us) /* in vain, once the disarm waits: it has the last word */
        kl_sleep_ms(1);
    s->ended = 1;
}

static void disarming_waits_for_the_fire_under_way(void)
{
    struct slow s = { .timer.fire = fire_slowly, .started = kl_queue_new(1) };
    int64_t start_us = kl_mono_us();

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    kl_timer_arm(ts, &s.timer, 0);
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(s.started, DEADLINE_MS), &s);
    kl_timer_disarm(ts, &s.timer);
    CU_ASSERT_EQUAL(s.ended, 1);
    CU_ASSERT_FALSE(s.timer.armed);
    CU_ASSERT_TRUE(kl_mono_us() - start_us < DEADLINE_MS * 1000);
    kl_timers_stop(ts);
    CU_ASSERT_EQUAL(kl_queue_len(s.started), 0);
    kl_queue_free(s.started);
}

static void disarm_and_free(struct kl_timer *t)
{
    struct probe *p = (struct probe *)t;
    struct kl_queue *fired = p->fired;

    kl_timer_disarm(ts, t);
    free(p);
    CU_ASSERT_TRUE(kl_queue_push(fired, fired, 0));
}

static void a_fire_may_disarm_and_free_its_own_timer(void)
{
    struct kl_queue *fired = kl_queue_new(1);
    struct probe *p = calloc(1, sizeof *p);

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    *p = (struct probe){ .timer.fire = disarm_and_free, .fired = fired };
    kl_timer_arm(ts, &p->timer, 0);
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(fired, DEADLINE_MS), fired);
    kl_timers_stop(ts);
    kl_queue_free(fired);
}

static void tell_due(struct kl_timer *t)
{
    struct probe *p = (struct probe *)t;

    p->due_us = t->due_us;
    CU_ASSERT_TRUE(kl_queue_push(p->fired, p, 0));
}

/* Keeps the timer thread until the test has armed what it wants. */
static void wait_at_gate(struct kl_timer *t)
{
    CU_ASSERT_PTR_EQUAL(kl_queue_pop(((struct probe *)t)->fired, DEADLINE_MS), t);
}

/* Armed in no order, every third moved, every seventh disarmed: the others fire, in order. */
static void thousands_fire_in_order(void)
{
    struct kl_queue *fired = kl_queue_new(MANY), *gate = kl_queue_new(1);
    struct probe keeper = { .timer.fire = wait_at_gate, .fired = gate };
    struct probe *probes = calloc(MANY, sizeof *probes);
    int64_t last_us = 0;
    size_t i, wrong = 0;

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    kl_timer_arm(ts, &keeper.timer, -1000);
    for (i = 0; i < MANY; i++) {
        probes[i] = (struct probe){ .timer.fire = tell_due, .fired = fired };
        kl_timer_arm(ts, &probes[i].timer, (int64_t)(i * 7919 % 97));
    }
    for (i = 0; i < MANY; i += 3)
        kl_timer_arm(ts, &probes[i].timer, (int64_t)(i * 104729 % 89));
    for (i = 0; i < MANY; i += 7)
        kl_timer_disarm(ts, &probes[i].timer);
    CU_ASSERT_TRUE(kl_queue_push(gate, &keeper, 0));
    for (i = 0; i < MANY - (MANY + 6) / 7; i++) {
        struct probe *p = kl_queue_pop(fired, DEADLINE_MS);

        wrong += !p || p->due_us < last_us;
        last_us = p ? p->due_us : last_us;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    kl_timers_stop(ts);
    CU_ASSERT_EQUAL(kl_queue_len(fired), 0);
    kl_queue_free(fired);
    kl_queue_free(gate);
    free(probes);
}

static void stopping_leaves_armed_timers_unfired(void)
{
    struct kl_queue *fired = kl_queue_new(1);
    struct probe p = { .timer.fire = tell, .fired = fired };

    CU_ASSERT_EQUAL(kl_timers_start(&ts, &err), KL_OK);
    kl_timer_arm(ts, &p.timer, 3600000);
    kl_timers_stop(ts);
    kl_timers_stop(NULL);
    CU_ASSERT_EQUAL(kl_queue_len(fired), 0);
    kl_queue_free(fired);
}

static void starting_without_memory_says_so(void)
{
    enum kl_code code;

    kl_fault_begin(0);
    code = kl_timers_start(&ts, &err);
    kl_fault_end();
    CU_ASSERT_EQUAL(code, KL_BUSY);
    CU_ASSERT_PTR_NULL(ts);
}

KL_TESTS("timer", T(timers_fire_in_the_order_they_are_due), T(a_timer_may_arm_itself_again),
         T(arming_again_moves_a_timer), T(disarming_waits_for_the_fire_under_way),
         T(a_fire_may_disarm_and_free_its_own_timer), T(thousands_fire_in_order),
         T(stopping_leaves_armed_timers_unfired), T(starting_without_memory_says_so))
