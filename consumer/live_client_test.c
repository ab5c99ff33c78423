#include "fault.h"
#include "live_world.h"

static struct world w;

static void begin(void)
{
    struct live_conf conf = world_conf();

    world_begin(&w, &conf);
    world_add(&w, "orders", 2);
    world_add(&w, "payments", 1);
}

static void write_some(const char *topic, int32_t partition, int n)
{
    for (int i = 0; i < n; i++)
        world_write(&w, topic, partition, i % 3 == 2);
}

static void a_stream_begins_with_retry_and_its_position(void)
{
    char buf[200];
    struct viewer v;
    ssize_t n;

    begin();
    write_some("orders", 1, 5);
    world_feed_all(&w);
    viewer_open(&v, &w, "payments,orders", LIVE_FROM_LATEST, 0);
    n = live_client_pull(v.c, buf, sizeof buf - 1);
    CU_ASSERT_TRUE_FATAL(n > 0);
    buf[n] = '\0';
    CU_ASSERT_STRING_EQUAL(buf, "retry: 3000\n\nid: orders:0,6;payments:0\n\n");
    CU_ASSERT_EQUAL(live_client_pull(v.c, buf, sizeof buf), LIVE_WAIT);
    viewer_fini(&v);
    world_end(&w);
}

static void messages_come_as_they_are_fetched(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    viewer_drain(&v);
    write_some("orders", 0, 10);
    write_some("orders", 1, 10);
    write_some("payments", 0, 10);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 20));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.messages, 20);
    viewer_fini(&v);
    world_end(&w);
}

static void an_idle_client_is_woken_by_its_topics_alone(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    viewer_drain(&v);
    write_some("payments", 0, 1);
    world_feed_all(&w);
    CU_ASSERT_FALSE(viewer_wait(&v, 50));
    write_some("orders", 0, 1);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_wait(&v, WORLD_WAIT_MS));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.messages, 1);
    viewer_fini(&v);
    world_end(&w);
}

static void an_event_larger_than_the_buffer_comes_in_pieces(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    write_some("orders", 0, 3);
    world_feed_all(&w);
    while (viewer_pull(&v, 7) > 0)
        ;
    CU_ASSERT_EQUAL(v.messages, 3);
    viewer_fini(&v);
    world_end(&w);
}

static void a_cut_client_resumes_from_the_ring(void)
{
    struct kl_error err;
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders,payments", LIVE_FROM_LATEST, 0);
    viewer_drain(&v);
    for (int i = 0; i < 20; i++) {
        char id[4096];

        write_some("orders", i % 2, 7);
        write_some("payments", 0, 3);
        world_feed_all(&w);
        viewer_pull(&v, 300);
        viewer_cut(&v);
        strcpy(id, v.id);
        write_some("orders", 1, 2);
        world_feed_all(&w);
        CU_ASSERT_EQUAL_FATAL(viewer_resume(&v, "orders,payments", id, &err), KL_OK);
    }
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 20 * 12));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.messages, 20 * 12);
    CU_ASSERT_EQUAL(w.opened, 0);   /* no reader was needed */
    viewer_fini(&v);
    world_end(&w);
}

static void a_client_that_falls_behind_is_told_what_it_missed(void)
{
    struct live_conf conf = world_conf();
    struct viewer v;

    conf.ring_bytes = 64 * 1024;
    world_begin(&w, &conf);
    world_add(&w, "orders", 2);
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    viewer_drain(&v);
    write_some("orders", 0, 3000);
    write_some("orders", 1, 3000);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.lagged, 1));
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.lagged, 1);
    CU_ASSERT_EQUAL(v.messages + v.skipped, 6000);
    CU_ASSERT_TRUE(v.messages > 100);
    viewer_fini(&v);
    world_end(&w);
}

static void a_topic_made_again_during_a_stream_is_a_gap_and_begins_anew(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    write_some("orders", 0, 5);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 5));
    world_make_again(&w, "orders", 3);
    write_some("orders", 0, 2);
    write_some("orders", 2, 2);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 9));
    CU_ASSERT_EQUAL(v.gaps, 1);
    CU_ASSERT_STRING_EQUAL(v.id, "orders:2,0,2");
    viewer_fini(&v);
    world_end(&w);
}

static void old_messages_of_a_topic_made_again_come_before_the_gap(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    write_some("orders", 0, 5);
    world_feed_all(&w);
    viewer_pull(&v, 40);
    pthread_mutex_lock(&w.lock);   /* the viewer looks the old ones up in the same list */
    w.topics[0].inc = world_incarnation(&w, "orders", 2);
    w.topics[0].logs[0].handed = 0;
    pthread_mutex_unlock(&w.lock);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 10));
    CU_ASSERT_EQUAL(v.gaps, 1);
    viewer_fini(&v);
    world_end(&w);
}

static void new_partitions_begin_at_zero(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    viewer_drain(&v);
    CU_ASSERT_STRING_EQUAL(v.id, "orders:0,0");
    w.topics[0].inc->partitions = 4;
    write_some("orders", 3, 2);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 2));
    CU_ASSERT_EQUAL(v.gaps, 0);
    CU_ASSERT_STRING_EQUAL(v.id, "orders:0,0,0,2");
    viewer_fini(&v);
    world_end(&w);
}

static void silence_is_broken_by_a_heartbeat(void)
{
    struct live_conf conf = world_conf();
    struct viewer v;

    conf.heartbeat_ms = 40;
    world_begin(&w, &conf);
    world_add(&w, "orders", 1);
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    CU_ASSERT_TRUE(viewer_until(&v, &v.comments, 3));
    CU_ASSERT_EQUAL(v.messages, 0);
    viewer_fini(&v);
    world_end(&w);
}

static void an_idle_client_holds_no_buffers(void)
{
    struct viewer v;

    begin();
    viewer_open(&v, &w, "orders,payments", LIVE_FROM_LATEST, 0);
    write_some("orders", 0, 100);
    world_feed_all(&w);
    CU_ASSERT_TRUE(viewer_until(&v, &v.messages, 100));
    viewer_drain(&v);
    CU_ASSERT_PTR_NULL(v.c->out.data);
    CU_ASSERT_PTR_NULL(v.c->queue.data);
    CU_ASSERT_TRUE(sizeof *v.c + 2 * sizeof(struct live_follow) < 1024);
    viewer_fini(&v);
    world_end(&w);
}

static enum kl_code try_open(const char *topics, const char *position, struct kl_error *err)
{
    struct live_request request = { .topics = topics, .position = position, .position_field = "last_event_id" };
    struct viewer v;
    enum kl_code code;

    *err = (struct kl_error){ .code = KL_OK };
    viewer_init(&v, &w);
    code = viewer_connect(&v, &request, err);
    viewer_fini(&v);
    return code;
}

static void wrong_input_is_named(void)
{
    struct kl_error err;

    begin();
    world_add(&w, "gone", 1);
    w.topics[2].there = false;
    CU_ASSERT_EQUAL(try_open(NULL, NULL, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "topics");
    CU_ASSERT_EQUAL(try_open("", NULL, &err), KL_INVALID);
    CU_ASSERT_EQUAL(try_open("orders,,payments", NULL, &err), KL_INVALID);
    CU_ASSERT_EQUAL(try_open("or ders", NULL, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "topics");
    CU_ASSERT_EQUAL(try_open("kafkloud-outcomes", NULL, &err), KL_FORBIDDEN);
    CU_ASSERT_STRING_EQUAL(err.field, "topics");
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "kafkloud-outcomes"));
    CU_ASSERT_EQUAL(try_open("a,b,c,d", NULL, &err), KL_INVALID);
    CU_ASSERT_EQUAL(err.limit, 3);
    CU_ASSERT_EQUAL(try_open("nowhere", NULL, &err), KL_NOT_FOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "nowhere"));
    CU_ASSERT_EQUAL(try_open("gone", NULL, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(try_open("orders", "orders=5", &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "last_event_id");
    CU_ASSERT_EQUAL(try_open("orders,orders", NULL, &err), KL_OK);
    world_end(&w);
}

static void streams_are_bounded(void)
{
    struct live_conf conf = world_conf();
    struct viewer a, b;
    struct kl_error err;

    conf.streams_max = 2;
    world_begin(&w, &conf);
    world_add(&w, "orders", 1);
    viewer_open(&a, &w, "orders", LIVE_FROM_LATEST, 0);
    viewer_open(&b, &w, "orders", LIVE_FROM_LATEST, 0);
    CU_ASSERT_EQUAL(try_open("orders", NULL, &err), KL_BUSY);
    viewer_fini(&b);
    CU_ASSERT_EQUAL(try_open("orders", NULL, &err), KL_OK);
    viewer_fini(&a);
    world_end(&w);
}

static void without_a_feed_clients_are_to_come_back(void)
{
    struct live_conf conf = world_conf();
    struct kl_error err;

    world_begin(&w, &conf);
    live_attach_to(w.live, (struct live_feed){ NULL, NULL });
    CU_ASSERT_EQUAL(try_open("orders", NULL, &err), KL_BUSY);
    world_end(&w);
}

static void a_topic_that_appears_is_found_at_once(void)
{
    struct kl_error err;
    int64_t due_us = kl_mono_us() + WORLD_WAIT_MS * INT64_C(1000);
    enum kl_code code = KL_NOT_FOUND;

    begin();
    CU_ASSERT_EQUAL(try_open("late", NULL, &err), KL_NOT_FOUND);
    world_add(&w, "late", 1);
    while (code == KL_NOT_FOUND && kl_mono_us() < due_us)
        code = try_open("late", NULL, &err);
    CU_ASSERT_EQUAL(code, KL_OK);
    CU_ASSERT_TRUE(kl_mono_us() < due_us - (WORLD_WAIT_MS - 900) * INT64_C(1000));
    world_end(&w);
}

static void partitions_that_the_topic_lost_are_a_gap(void)
{
    struct kl_error err;
    struct viewer v;

    begin();
    viewer_init(&v, &w);
    v.placed = true;
    v.next[0][2] = 9;
    CU_ASSERT_EQUAL_FATAL(viewer_resume(&v, "orders", "orders:0,0,9", &err), KL_OK);
    viewer_drain(&v);
    CU_ASSERT_EQUAL(v.gaps, 1);
    CU_ASSERT_STRING_EQUAL(v.id, "orders:0,0");
    viewer_fini(&v);
    world_end(&w);
}

static void an_opening_without_memory_leaves_nothing_behind(void)
{
    struct live_request request = { .topics = "payments,orders", .position = "orders:1,1;payments:0",
                                    .position_field = "last_event_id" };
    struct kl_error err;
    struct viewer v;
    enum kl_code code;
    bool hit = true;
    long n = 0;

    begin();
    write_some("orders", 0, 10);
    world_feed_all(&w);
    CU_ASSERT_EQUAL(try_open("orders", NULL, &err), KL_OK);   /* the topics are known from now on */
    for (; hit; n++) {
        viewer_init(&v, &w);
        kl_fault_begin(n);
        code = viewer_connect(&v, &request, &err);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code, hit ? KL_BUSY : KL_OK);
        CU_ASSERT_EQUAL(w.live->n_clients, code == KL_OK);
        CU_ASSERT_EQUAL(w.live->topics[0]->n_followers, code == KL_OK);
        viewer_fini(&v);
    }
    CU_ASSERT_TRUE(n > 5);
    world_end(&w);
}

static void a_pull_without_memory_ends_the_stream_before_anything_wrong(void)
{
    static char buf[16 * 1024];
    struct kl_error err;
    struct viewer v;
    bool hit = true;
    long aborted = 0;

    begin();
    write_some("orders", 0, 30);
    world_feed_all(&w);
    for (long n = 0; hit; n++) {
        ssize_t got;

        viewer_init(&v, &w);
        CU_ASSERT_EQUAL_FATAL(viewer_resume(&v, "orders", "orders:0,0", &err), KL_OK);
        v.c->envelope = n % 2;
        viewer_pull(&v, 100);   /* the preface */
        kl_fault_begin(n / 2);
        got = live_client_pull(v.c, buf, sizeof buf);
        hit = kl_fault_end() || n % 2 == 0;
        CU_ASSERT_TRUE(got > 0 || got == LIVE_ABORT);
        aborted += got == LIVE_ABORT;
        viewer_fini(&v);
    }
    CU_ASSERT_TRUE(aborted > 5);
    world_end(&w);
}

KL_TESTS("live_client",
         T(a_stream_begins_with_retry_and_its_position),
         T(messages_come_as_they_are_fetched),
         T(an_idle_client_is_woken_by_its_topics_alone),
         T(an_event_larger_than_the_buffer_comes_in_pieces),
         T(a_cut_client_resumes_from_the_ring),
         T(a_client_that_falls_behind_is_told_what_it_missed),
         T(a_topic_made_again_during_a_stream_is_a_gap_and_begins_anew),
         T(old_messages_of_a_topic_made_again_come_before_the_gap),
         T(new_partitions_begin_at_zero),
         T(silence_is_broken_by_a_heartbeat),
         T(an_idle_client_holds_no_buffers),
         T(wrong_input_is_named),
         T(streams_are_bounded),
         T(without_a_feed_clients_are_to_come_back),
         T(a_topic_that_appears_is_found_at_once),
         T(partitions_that_the_topic_lost_are_a_gap),
         T(an_opening_without_memory_leaves_nothing_behind),
         T(a_pull_without_memory_ends_the_stream_before_anything_wrong))
