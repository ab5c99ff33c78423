#include "track.h"

#include "test.h"

#define START_MS INT64_C(1763776000000) /* a step begins here */

static struct track t;

static int64_t step_at(int64_t ms)
{
    return (START_MS + ms) / TRACK_STEP_MS;
}

static void a_lag_is_the_end_less_the_committed_offset(void)
{
    track_init(&t);
    track_look(&t, START_MS, 40, 100);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0)), 60);
    track_look(&t, START_MS + 3000, 90, 100);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0)), 10); /* the last one seen in the step */
    track_look(&t, START_MS + 6000, 110, 100);      /* the end was asked before the group */
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0)), 0);
}

static void what_nobody_saw_is_not_known(void)
{
    track_init(&t);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0)), -1);
    track_look(&t, START_MS, 40, 100);
    track_look(&t, START_MS + 3 * TRACK_STEP_MS, 40, 101);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) - 1), -1);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0)), 60);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 1), -1);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 2), -1);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 3), 61);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 4), -1);
    track_look(&t, START_MS + 4 * TRACK_STEP_MS, -1, 101);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 4), -1);
    track_look(&t, START_MS + 5 * TRACK_STEP_MS, 40, -1);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 5), -1);
}

static void lags_older_than_the_ring_are_forgotten(void)
{
    track_init(&t);
    for (int i = 0; i < TRACK_STEPS + 5; i++)
        track_look(&t, START_MS + (int64_t)i * TRACK_STEP_MS, 0, i);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 4), -1);
    for (int i = 5; i < TRACK_STEPS + 5; i++)
        CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + i), i);
    track_look(&t, START_MS + INT64_C(10) * TRACK_STEPS * TRACK_STEP_MS, 0, 7); /* after a long silence */
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 10 * TRACK_STEPS), 7);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 10 * TRACK_STEPS - 1), -1);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 9 * TRACK_STEPS + 1), -1);
}

static void a_clock_that_goes_back_changes_no_lag(void)
{
    track_init(&t);
    track_look(&t, START_MS + TRACK_STEP_MS, 0, 5);
    track_look(&t, START_MS, 0, 9);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0)), -1);
    CU_ASSERT_EQUAL(track_lag(&t, step_at(0) + 1), 5);
}

static void is(int64_t offset, bool passed, int64_t not_passed_ms, int64_t passed_ms)
{
    struct track_passed p = track_passed(&t, offset);

    CU_ASSERT_EQUAL(p.passed, passed);
    CU_ASSERT_EQUAL(p.not_passed_ms, not_passed_ms);
    CU_ASSERT_EQUAL(p.passed_ms, passed_ms);
}

static void passed_is_an_interval_between_two_looks(void)
{
    track_init(&t);
    is(0, false, -1, -1);
    track_look(&t, 1000, 10, 20);
    track_look(&t, 2000, 10, 20);
    track_look(&t, 3000, 15, 20);
    track_look(&t, 4000, 15, 20);
    is(9, true, -1, 1000);     /* already so when first seen */
    is(10, true, 2000, 3000);
    is(14, true, 2000, 3000);
    is(15, false, 4000, -1);
}

static void an_offset_that_goes_back_has_not_passed_what_it_will_read_again(void)
{
    track_init(&t);
    track_look(&t, 1000, 10, 20);
    track_look(&t, 2000, 20, 20);
    track_look(&t, 3000, 5, 20);
    is(4, true, -1, 3000);
    is(7, false, 3000, -1);
    track_look(&t, 4000, 12, 20);
    is(7, true, 3000, 4000);
}

static void a_group_without_an_offset_has_passed_nothing(void)
{
    track_init(&t);
    track_look(&t, 1000, 10, 20);
    track_look(&t, 2000, -1, 20);
    is(5, false, -1, -1);
    track_look(&t, 3000, 10, 20);
    is(5, true, -1, 3000);
}

static void a_moment_that_is_forgotten_has_no_lower_bound(void)
{
    track_init(&t);
    for (int i = 0; i < TRACK_SEEN + 10; i++)
        track_look(&t, 1000 + i, i, 1000);
    is(3, true, -1, 1010);
    is(10, true, 1010, 1011);
    is(TRACK_SEEN + 8, true, 1000 + TRACK_SEEN + 8, 1000 + TRACK_SEEN + 9);
    is(TRACK_SEEN + 9, false, 1000 + TRACK_SEEN + 9, -1);
}

KL_TESTS("track",
         T(a_lag_is_the_end_less_the_committed_offset),
         T(what_nobody_saw_is_not_known),
         T(lags_older_than_the_ring_are_forgotten),
         T(a_clock_that_goes_back_changes_no_lag),
         T(passed_is_an_interval_between_two_looks),
         T(an_offset_that_goes_back_has_not_passed_what_it_will_read_again),
         T(a_group_without_an_offset_has_passed_nothing),
         T(a_moment_that_is_forgotten_has_no_lower_bound))
