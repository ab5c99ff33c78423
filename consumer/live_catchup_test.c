#include "live_world.h"

static struct world w;
static struct kl_error err;

/* Rings so small that nearly everything comes from the readers. */
static void begin_with(int64_t readers, int64_t waiting, int64_t queue_bytes)
{
    struct live_conf conf = world_conf();

    conf.ring_bytes = 64 * 1024;
    conf.catchup_readers = readers;
    conf.catchup_waiting_max = waiting;
    conf.client_queue_bytes = queue_bytes;
    world_begin(&w, &conf);
    world_add(&w, "orders", 2);
    world_add(&w, "payments", 1);
}

static void begin(void)
{
    begin_with(2, 10, 1 << 20);
}

static void write_some(const char *topic, int32_t partition, int n)
{
    for (int i = 0; i < n; i++)
        world_write(&w, topic, partition, i % 3 == 2);
}

static void fill(int n)
{
    write_some("orders", 0, n);
    write_some("orders", 1, n);
    write_some("payments", 0, n);
    world_feed_all(&w);
}

static void resume(struct viewer *v, const char *topics, const char *position)
{
    viewer_init(v, &w);
    CU_ASSERT_EQUAL_FATAL(viewer_resume(v, topics, position, &err), KL_OK);
}

static void earliest_reads_everything_and_goes_on_live(void)
{
    struct viewer v;

    begin();
    fill(3000);
    viewer_open(&v, &w, "orders,payments", LIVE_FROM_EARLIEST, 0);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 9000));
    fill(100);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 9300));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.messages, 9300);
    CU_ASSERT_TRUE(v.c->joined);
    CU_ASSERT_EQUAL(v.lagged + v.gaps, 0);
    CU_ASSERT_TRUE(w.opened >= 1);
    viewer_fini(&v);
    world_end(&w);
}

static void a_time_begins_at_the_first_message_that_young(void)
{
    struct viewer v;

    begin();
    fill(3000);   /* in a world, a message's time is its offset */
    viewer_open(&v, &w, "payments", LIVE_FROM_TIME, 3990);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 1));
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 7));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.messages, 7);
    CU_ASSERT_EQUAL(v.next[1][0], w.topics[1].logs[0].end);
    viewer_fini(&v);
    world_end(&w);
}

static void a_time_in_the_future_begins_at_the_end(void)
{
    struct viewer v;

    begin();
    fill(10);
    viewer_open(&v, &w, "payments", LIVE_FROM_TIME, 1000000);
    CU_ASSERT_TRUE(viewer_until(&v, &v.positions, 1));   /* the reader has asked */
    fill(1);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 1));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.messages, 1);
    viewer_fini(&v);
    world_end(&w);
}

static void a_resumed_client_misses_and_repeats_nothing(void)
{
    struct viewer v;

    begin();
    fill(3000);
    resume(&v, "orders,payments", "orders:17,2500;payments:1");
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 5000));
    CU_ASSERT_TRUE(viewer_until_end(&v, 0, 0));
    CU_ASSERT_TRUE(viewer_until_end(&v, 0, 1));
    CU_ASSERT_TRUE(viewer_until_end(&v, 1, 0));
    CU_ASSERT_EQUAL(v.gaps + v.lagged, 0);
    viewer_fini(&v);
    world_end(&w);
}

static void partitions_and_topics_that_the_position_lacks_begin_at_zero(void)
{
    struct viewer v;

    begin();
    fill(3000);
    resume(&v, "orders,payments", "orders:3999");
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 6000));
    CU_ASSERT_EQUAL(v.gaps, 0);
    viewer_fini(&v);
    world_end(&w);
}

static void markers_at_the_end_of_a_log_keep_nobody_from_joining(void)
{
    struct viewer v;

    begin();
    write_some("payments", 0, 100);
    for (int i = 0; i < 5; i++)
        world_mark(&w, "payments", 0);
    world_feed_all(&w);
    for (int i = 0; i < 2000; i++)
        write_some("orders", 0, 1);
    world_feed_all(&w);
    resume(&v, "orders,payments", "orders:0,0;payments:0");
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 2100));
    write_some("payments", 0, 1);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 2101));
    CU_ASSERT_TRUE(v.c->joined);
    viewer_fini(&v);
    world_end(&w);
}

static void what_retention_removed_is_a_gap(void)
{
    struct viewer v;

    begin();
    fill(3000);
    world_retain(&w, "payments", 0, 2000);
    resume(&v, "payments", "payments:5");
    CU_ASSERT_TRUE(viewer_until(&v, &v.gaps, 1));
    CU_ASSERT_TRUE(v.gap_from == 5 && v.gap_to == 2000);
    CU_ASSERT_TRUE(viewer_until_end(&v, 1, 0));
    CU_ASSERT_EQUAL(v.gaps, 1);
    viewer_fini(&v);
    world_end(&w);
}

static void what_retention_removes_while_a_client_catches_up_is_a_gap(void)
{
    struct viewer v;

    begin_with(1, 10, 4096);
    fill(20000);   /* more than its queue takes */
    resume(&v, "payments", "payments:0");
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 20));
    world_retain(&w, "payments", 0, 20000);
    CU_ASSERT_TRUE(viewer_until(&v, &v.gaps, 1));
    CU_ASSERT_TRUE(v.gap_from > 20 && v.gap_to == 20000);
    CU_ASSERT_TRUE(viewer_until_end(&v, 1, 0));
    viewer_fini(&v);
    world_end(&w);
}

static void a_position_beyond_the_end_is_a_gap_back_to_what_there_is(void)
{
    struct viewer v;

    begin();
    fill(10);
    viewer_init(&v, &w);
    v.placed = true;
    v.next[1][0] = 5000;
    CU_ASSERT_EQUAL_FATAL(viewer_resume(&v, "payments", "payments:5000", &err), KL_OK);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 10));
    CU_ASSERT_EQUAL(v.gaps, 1);
    viewer_fini(&v);
    world_end(&w);
}

/* After a kill the feed reads again what its store had not taken: a client may be ahead of it. */
static void a_client_ahead_of_the_feed_waits_and_sees_nothing_twice(void)
{
    struct viewer v;

    begin();
    write_some("payments", 0, 100);
    viewer_init(&v, &w);
    v.placed = true;
    v.next[1][0] = 80;
    CU_ASSERT_EQUAL_FATAL(viewer_resume(&v, "payments", "payments:80", &err), KL_OK);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 40));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.next[1][0], w.topics[1].logs[0].end);
    viewer_fini(&v);
    world_end(&w);
}

static bool until_joined(struct viewer *v)
{
    int64_t due_us = kl_mono_us() + WORLD_WAIT_MS * INT64_C(1000);
    bool joined = false;

    while (!joined && kl_mono_us() < due_us) {
        pthread_mutex_lock(&v->c->lock);
        joined = v->c->joined;
        pthread_mutex_unlock(&v->c->lock);
        viewer_drain(v);
    }
    return joined;
}

static void a_client_that_needed_only_a_look_gives_its_place_back(void)
{
    struct viewer v[6];

    begin_with(1, 1, 8192);
    write_some("payments", 0, 100);
    for (int i = 0; i < 6; i++) {   /* ahead of the feed: that the log has so much is asked, nothing is read */
        viewer_init(&v[i], &w);
        v[i].placed = true;
        v[i].next[1][0] = 80;
        CU_ASSERT_EQUAL_FATAL(viewer_resume(&v[i], "payments", "payments:80", &err), KL_OK);
        pthread_mutex_lock(&w.live->lock);
        w.live->topics[1]->ring.parts[0].end = 50;   /* as last seen */
        pthread_mutex_unlock(&w.live->lock);
        CU_ASSERT_TRUE_FATAL(until_joined(&v[i]));
    }
    for (int i = 0; i < 6; i++)
        viewer_fini(&v[i]);
    world_end(&w);
}

static void a_topic_made_again_while_a_client_catches_up_begins_anew(void)
{
    struct viewer v;

    begin_with(1, 10, 4096);
    fill(20000);
    resume(&v, "payments", "payments:0");
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 1));
    v.lenient = true;   /* of the old ones some are on their way */
    world_make_again(&w, "payments", 1);
    write_some("payments", 0, 50);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.gaps, 1));
    CU_ASSERT_EQUAL(v.gap_to, 0);
    v.lenient = false;
    CU_ASSERT_TRUE(viewer_until_end(&v, 1, 0));
    viewer_fini(&v);
    world_end(&w);
}

static void a_topic_that_is_gone_ends_the_catching_up(void)
{
    struct viewer v;

    begin();
    fill(3000);
    viewer_init(&v, &w);
    CU_ASSERT_EQUAL_FATAL(viewer_resume(&v, "orders,payments", "orders:3990,3990;payments:0", &err), KL_OK);
    pthread_mutex_lock(&w.lock);
    w.topics[1].there = false;
    pthread_mutex_unlock(&w.lock);
    pthread_mutex_lock(&w.live->learn_lock);
    w.live->learned_us = 1;   /* long ago */
    pthread_mutex_unlock(&w.live->learn_lock);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 14));
    viewer_fini(&v);
    world_end(&w);
}

static void questions_that_fail_are_asked_again(void)
{
    struct viewer v;

    begin();
    fill(3000);
    w.refuse = 1;
    viewer_open(&v, &w, "payments", LIVE_FROM_EARLIEST, 0);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 3000));
    CU_ASSERT_EQUAL(w.refuse, 0);
    viewer_fini(&v);
    world_end(&w);
}

static void a_client_that_does_not_read_keeps_no_reader(void)
{
    struct viewer slow[3], quick;

    begin_with(1, 10, 8192);
    fill(3000);
    for (int i = 0; i < 3; i++)
        viewer_open(&slow[i], &w, "orders", LIVE_FROM_EARLIEST, 0);
    viewer_open(&quick, &w, "payments", LIVE_FROM_EARLIEST, 0);
    CU_ASSERT_TRUE(viewer_until(&quick, &quick.messages, 3000));
    for (int i = 0; i < 3; i++)
        CU_ASSERT_TRUE(viewer_until(&slow[i], &slow[i].messages, 6000));
    for (int i = 0; i < 3; i++)
        viewer_fini(&slow[i]);
    viewer_fini(&quick);
    world_end(&w);
}

static void what_waits_for_a_client_in_memory_is_bounded(void)
{
    struct viewer v;
    int64_t due_us = kl_mono_us() + WORLD_WAIT_MS * INT64_C(1000);

    begin_with(1, 10, 8192);
    fill(20000);
    viewer_open(&v, &w, "orders", LIVE_FROM_EARLIEST, 0);
    while (!live_client_queued(v.c, 4096) && kl_mono_us() < due_us)
        kl_sleep_ms(1);
    CU_ASSERT_TRUE(live_client_queued(v.c, 4096));
    CU_ASSERT_FALSE(live_client_queued(v.c, 4096 + 64 * 1024 + 1024));
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 40000));
    viewer_fini(&v);
    world_end(&w);
}

static void too_many_that_are_behind_are_to_come_back(void)
{
    struct live_request request = { .topics = "orders", .from = LIVE_FROM_EARLIEST };
    struct viewer v[4];

    begin_with(1, 2, 8192);
    fill(3000);
    for (int i = 0; i < 3; i++)
        viewer_open(&v[i], &w, "orders", LIVE_FROM_EARLIEST, 0);
    viewer_init(&v[3], &w);
    CU_ASSERT_EQUAL(viewer_connect(&v[3], &request, &err), KL_BUSY);
    viewer_cut(&v[1]);   /* its place is free at once, whether a reader was with it or not */
    CU_ASSERT_EQUAL(viewer_connect(&v[3], &request, &err), KL_OK);
    CU_ASSERT_TRUE(viewer_until(&v[3], &v[3].messages, 6000));
    viewer_drain(&v[3]);
    CU_ASSERT_EQUAL(viewer_connect(&v[1], &request, &err), KL_OK);   /* who has joined and drained needs no place */
    for (int i = 0; i < 4; i++)
        viewer_fini(&v[i]);
    world_end(&w);
}

static void clients_may_go_at_any_time(void)
{
    struct viewer last;

    begin_with(2, 50, 4096);
    fill(2000);
    for (int i = 0; i < 300; i++) {
        struct viewer v;

        viewer_open(&v, &w, i % 2 ? "orders" : "payments", LIVE_FROM_EARLIEST, 0);
        for (int k = 0; k < i % 7; k++)
            if (viewer_pull(&v, 2000) == LIVE_WAIT)
                viewer_wait(&v, i % 3);
        viewer_fini(&v);
    }
    CU_ASSERT_EQUAL(w.live->n_clients, 0);
    viewer_open(&last, &w, "orders,payments", LIVE_FROM_EARLIEST, 0);
    CU_ASSERT_TRUE(viewer_until(&last, &last.messages, 6000)); /* they left the readers to whoever comes */
    CU_ASSERT_EQUAL(last.gaps, 0);
    viewer_fini(&last);
    world_end(&w);
}

KL_TESTS("live_catchup",
         T(earliest_reads_everything_and_goes_on_live),
         T(a_time_begins_at_the_first_message_that_young),
         T(a_time_in_the_future_begins_at_the_end),
         T(a_resumed_client_misses_and_repeats_nothing),
         T(partitions_and_topics_that_the_position_lacks_begin_at_zero),
         T(markers_at_the_end_of_a_log_keep_nobody_from_joining),
         T(what_retention_removed_is_a_gap),
         T(what_retention_removes_while_a_client_catches_up_is_a_gap),
         T(a_position_beyond_the_end_is_a_gap_back_to_what_there_is),
         T(a_client_ahead_of_the_feed_waits_and_sees_nothing_twice),
         T(a_client_that_needed_only_a_look_gives_its_place_back),
         T(a_topic_made_again_while_a_client_catches_up_begins_anew),
         T(a_topic_that_is_gone_ends_the_catching_up),
         T(questions_that_fail_are_asked_again),
         T(a_client_that_does_not_read_keeps_no_reader),
         T(what_waits_for_a_client_in_memory_is_bounded),
         T(too_many_that_are_behind_are_to_come_back),
         T(clients_may_go_at_any_time))
