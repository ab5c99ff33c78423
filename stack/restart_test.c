#include "restart.h"
#include "test.h"

static void a_first_death_is_answered_soon(void)
{
    struct restarts r = { 0 };

    CU_ASSERT_EQUAL(restarts_next(&r, 1000), RESTART_FIRST_MS);
}

static void deaths_in_a_row_are_answered_ever_later(void)
{
    struct restarts r = { 0 };
    int64_t before = 0;
    int i;

    for (i = 0; i < RESTARTS_MAX; i++) {
        int64_t wait_ms = restarts_next(&r, 1000 + i);

        CU_ASSERT(wait_ms > before);
        before = wait_ms;
    }
}

static void the_sixth_death_within_five_minutes_is_the_last(void)
{
    struct restarts r = { 0 };
    int i;

    for (i = 0; i < RESTARTS_MAX; i++)
        CU_ASSERT(restarts_next(&r, 1000 + i) > 0);
    CU_ASSERT_EQUAL(restarts_next(&r, 1000 + RESTARTS_WINDOW_MS - 1), -1);
}

static void a_death_a_minute_is_always_answered_soon_enough(void)
{
    struct restarts r = { 0 };
    int64_t at_ms = 0;
    int i;

    for (i = 0; i < 1000; i++) {
        at_ms += RESTARTS_WINDOW_MS / RESTARTS_MAX + 1;
        CU_ASSERT(restarts_next(&r, at_ms) >= 0);
    }
    CU_ASSERT_EQUAL(r.total, 1000);
}

static void old_deaths_do_not_count(void)
{
    struct restarts r = { 0 };
    int i;

    for (i = 0; i < RESTARTS_MAX; i++)
        restarts_next(&r, 1000);
    CU_ASSERT_EQUAL(restarts_next(&r, 1000 + RESTARTS_WINDOW_MS), RESTART_FIRST_MS);
}

KL_TESTS("restart", T(a_first_death_is_answered_soon), T(deaths_in_a_row_are_answered_ever_later),
         T(the_sixth_death_within_five_minutes_is_the_last), T(a_death_a_minute_is_always_answered_soon_enough),
         T(old_deaths_do_not_count))
