#include "room.h"

#include "test.h"

static const struct room_limits limits = { .records = 10, .bytes = 1000, .client_records = 6 };

static void room_counts_what_is_in_flight(void)
{
    struct room *room = room_new(&limits);
    struct kl_error err;

    CU_ASSERT_EQUAL(room_take(room, 1, 100, ROOM_ONE, &err), KL_OK);
    CU_ASSERT_EQUAL(room_records(room), 1);
    CU_ASSERT_EQUAL(room_bytes(room), 100);
    room_give(room, 1, 100);
    CU_ASSERT_EQUAL(room_records(room), 0);
    CU_ASSERT_EQUAL(room_bytes(room), 0);
    room_free(room);
}

static void room_refuses_beyond_each_bound_and_takes_nothing(void)
{
    struct room *room = room_new(&limits);
    struct kl_error err;

    for (uint32_t i = 0; i < 10; i++)
        CU_ASSERT_EQUAL(room_take(room, i, 1, ROOM_ONE, &err), KL_OK);
    CU_ASSERT_EQUAL(room_take(room, 11, 1, ROOM_ONE, &err), KL_BUSY);
    CU_ASSERT_EQUAL(err.limit, 10);
    CU_ASSERT_EQUAL(room_records(room), 10);
    for (uint32_t i = 0; i < 10; i++)
        room_give(room, i, 1);
    CU_ASSERT_EQUAL(room_take(room, 1, 1001, ROOM_ONE, &err), KL_BUSY);
    CU_ASSERT_EQUAL(err.limit, 1000);
    for (int i = 0; i < 6; i++)
        CU_ASSERT_EQUAL(room_take(room, 1, 1, ROOM_ONE, &err), KL_OK);
    CU_ASSERT_EQUAL(room_take(room, 1, 1, ROOM_ONE, &err), KL_LIMITED);
    CU_ASSERT_EQUAL(err.limit, 6);
    CU_ASSERT_EQUAL(room_take(room, 2, 1, ROOM_ONE, &err), KL_OK);
    CU_ASSERT_EQUAL(room_bytes(room), 7);
    room_free(room);
}

static void uploads_leave_half_of_it_to_single_records(void)
{
    struct room *room = room_new(&limits);
    struct kl_error err;

    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(room_take(room, i, 1, ROOM_MANY, &err), KL_OK);
    CU_ASSERT_EQUAL(room_take(room, 9, 1, ROOM_MANY, &err), KL_BUSY);
    CU_ASSERT_EQUAL(room_take(room, 9, 1, ROOM_ONE, &err), KL_OK);
    room_free(room);
}

static int woken;
static void wake(struct room_waiter *w)
{
    (void)w;
    woken++;
}

static void who_waits_is_woken_once_when_there_is_room(void)
{
    struct room *room = room_new(&limits);
    struct room_waiter w = { .wake = wake, .client = 1 };
    struct kl_error err;

    woken = 0;
    CU_ASSERT_FALSE(room_wait(room, &w)); /* nobody would ever give room */
    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(room_take(room, i, 1, ROOM_MANY, &err), KL_OK);
    CU_ASSERT_TRUE(room_wait(room, &w));
    room_wake(room);
    CU_ASSERT_EQUAL(woken, 0);
    room_give(room, 0, 1);
    room_give(room, 1, 1);
    room_wake(room);
    room_wake(room);
    CU_ASSERT_EQUAL(woken, 1);
    room_free(room);
}

static void a_client_waits_for_its_own_room(void)
{
    struct room *room = room_new(&limits);
    struct room_waiter w = { .wake = wake, .client = 7 };
    struct kl_error err;

    woken = 0;
    for (int i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(room_take(room, 7, 1, ROOM_MANY, &err), KL_OK);
    CU_ASSERT_EQUAL(room_take(room, 7, 1, ROOM_MANY, &err), KL_LIMITED);
    CU_ASSERT_TRUE(room_wait(room, &w));
    room_give(room, 7, 1);
    room_wake(room);
    CU_ASSERT_EQUAL(woken, 1);
    room_free(room);
}

static void draining_ends_with_the_last_record_or_in_time(void)
{
    struct room *room = room_new(&limits);
    struct kl_error err;

    CU_ASSERT_TRUE(room_drain(room, 0));
    CU_ASSERT_EQUAL(room_take(room, 1, 1, ROOM_ONE, &err), KL_OK);
    CU_ASSERT_FALSE(room_drain(room, 10));
    room_give(room, 1, 1);
    CU_ASSERT_TRUE(room_drain(room, 1000));
    room_free(room);
}

static void while_draining_nobody_waits(void)
{
    struct room *room = room_new(&limits);
    struct room_waiter w = { .wake = wake, .client = 1 };
    struct kl_error err;

    woken = 0;
    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(room_take(room, i, 1, ROOM_MANY, &err), KL_OK);
    CU_ASSERT_TRUE(room_wait(room, &w));
    CU_ASSERT_FALSE(room_drain(room, 0));
    room_wake(room);
    CU_ASSERT_EQUAL(woken, 1);
    CU_ASSERT_FALSE(room_wait(room, &w));
    room_free(room);
}

static void a_client_keeps_its_place(void)
{
    struct room *room = room_new(&limits);

    CU_ASSERT_EQUAL(room_client(room, "192.0.2.1"), room_client(room, "192.0.2.1"));
    CU_ASSERT_TRUE(room_client(room, "2001:db8::1") < 4096);
    room_free(room);
}

KL_TESTS("room", T(room_counts_what_is_in_flight), T(room_refuses_beyond_each_bound_and_takes_nothing),
         T(uploads_leave_half_of_it_to_single_records), T(who_waits_is_woken_once_when_there_is_room),
         T(a_client_waits_for_its_own_room), T(draining_ends_with_the_last_record_or_in_time),
         T(while_draining_nobody_waits), T(a_client_keeps_its_place))
