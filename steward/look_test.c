#include "look.h"

#include <stdlib.h>

#include "test.h"
#include "test_mock.h"

static const _Atomic bool go_on = false;

/* ---- two views together ---- */

/* A view with one topic that has this many records. */
static struct view *view_with(const char *topic, int64_t ends, int64_t at_s)
{
    struct view *v = view_new();

    v->topics = calloc(1, sizeof *v->topics);
    v->n_topics = 1;
    v->as_of_us = at_s * 1000000;
    v->as_of_ms = at_s * 1000;
    v->topics[0].ends = v->topics[0].known_ends = ends;
    v->topics[0].rate = -1;
    strcpy(v->topics[0].name, topic);
    return v;
}

static void a_rate_is_what_came_since_the_oldest_view(void)
{
    struct view *oldest = view_with("orders", 1000, 100), *before = view_with("orders", 1000, 105), *now = view_with("orders", 1100, 110);

    look_compare(now, before, oldest);
    CU_ASSERT_DOUBLE_EQUAL(now->topics[0].rate, 10.0, 0.001);
    CU_ASSERT_EQUAL(now->topics[0].last_write_ms, 110000);
    view_unref(oldest);
    view_unref(before);
    view_unref(now);
}

static void the_last_write_stays_while_nothing_comes(void)
{
    struct view *before = view_with("orders", 1000, 105), *now = view_with("orders", 1000, 110);

    before->topics[0].last_write_ms = 103000;
    look_compare(now, before, before);
    CU_ASSERT_EQUAL(now->topics[0].last_write_ms, 103000);
    CU_ASSERT_DOUBLE_EQUAL(now->topics[0].rate, 0.0, 0.001);
    view_unref(before);
    view_unref(now);
}

static void a_log_that_ends_earlier_is_another_one_and_has_no_rate_yet(void)
{
    struct view *before = view_with("orders", 1000, 105), *now = view_with("orders", 3, 110);

    look_compare(now, before, before);
    CU_ASSERT(now->topics[0].rate < 0);
    CU_ASSERT_EQUAL(now->topics[0].last_write_ms, 110000);
    view_unref(before);
    view_unref(now);
}

static void a_topic_that_is_new_was_written_when_it_holds_something(void)
{
    struct view *before = view_with("other", 1, 105), *empty = view_with("orders", 0, 110), *filled = view_with("orders", 1, 110);

    look_compare(empty, before, before);
    look_compare(filled, before, before);
    CU_ASSERT_EQUAL(empty->topics[0].last_write_ms, 0);
    CU_ASSERT_EQUAL(filled->topics[0].last_write_ms, 110000);
    view_unref(before);
    view_unref(empty);
    view_unref(filled);
}

static void an_end_that_is_unknown_for_a_while_is_no_write(void)
{
    struct view *before = view_with("orders", 1000, 105), *unknown = view_with("orders", VIEW_UNKNOWN, 110);
    struct view *same = view_with("orders", 1000, 115), *more = view_with("orders", 1001, 115);

    before->topics[0].last_write_ms = 103000;
    look_compare(unknown, before, before);
    CU_ASSERT_EQUAL(unknown->topics[0].last_write_ms, 103000);
    CU_ASSERT(unknown->topics[0].rate < 0);
    look_compare(same, unknown, before);
    CU_ASSERT_EQUAL(same->topics[0].last_write_ms, 103000);
    CU_ASSERT_DOUBLE_EQUAL(same->topics[0].rate, 0.0, 0.001);
    look_compare(more, unknown, unknown);
    CU_ASSERT_EQUAL(more->topics[0].last_write_ms, 115000);
    CU_ASSERT(more->topics[0].rate < 0);
    view_unref(before);
    view_unref(unknown);
    view_unref(same);
    view_unref(more);
}

/* ---- the cluster ---- */

static void a_look_tells_brokers_topics_and_the_ends_of_their_logs(void)
{
    const struct view_topic *t;
    struct kl_error err;
    struct view *v;
    struct mock m;

    mock_open(&m);
    rd_kafka_mock_topic_create(m.cluster, "orders", 3, 1);
    rd_kafka_mock_topic_create(m.cluster, "__own", 1, 1);
    mock_produce(&m, "orders", 1, 7);
    CU_ASSERT_EQUAL_FATAL(look_at_topics(m.steward.kafka, MOCK_WAIT_MS, MOCK_WAIT_MS, &go_on, &v, &err), KL_OK);
    CU_ASSERT_EQUAL(v->n_brokers, 1);
    CU_ASSERT_EQUAL(v->brokers[0].leaders, 4);
    CU_ASSERT_EQUAL(v->brokers[0].replicas, 4);
    CU_ASSERT_EQUAL(v->n_topics, 2);
    CU_ASSERT(view_topic(v, "__own")->internal);
    t = view_topic(v, "orders");
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT_EQUAL(t->partitions, 3);
    CU_ASSERT_EQUAL(t->replication, 1);
    CU_ASSERT_EQUAL(t->messages, 7);
    CU_ASSERT_EQUAL(view_partition(t, 1)->high, 7);
    CU_ASSERT_EQUAL(view_partition(t, 1)->low, 0);
    CU_ASSERT_PTR_NULL(view_partition(t, 3));
    CU_ASSERT_PTR_NULL(view_partition(t, -1));
    CU_ASSERT_PTR_NULL(view_topic(v, "none"));
    view_unref(v);
    mock_close(&m);
}

static void a_partition_without_a_leader_is_unknown_and_the_others_are_told(void)
{
    const struct view_topic *t;
    struct kl_error err;
    struct view *v;
    struct mock m;

    mock_open(&m);
    rd_kafka_mock_topic_create(m.cluster, "orders", 2, 1);
    mock_produce(&m, "orders", 1, 5);
    rd_kafka_mock_partition_set_leader(m.cluster, "orders", 0, -1);
    CU_ASSERT_EQUAL_FATAL(look_at_topics(m.steward.kafka, MOCK_WAIT_MS, MOCK_WAIT_MS, &go_on, &v, &err), KL_OK);
    t = view_topic(v, "orders");
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT_EQUAL(view_partition(t, 0)->high, VIEW_UNKNOWN);
    CU_ASSERT_EQUAL(view_partition(t, 1)->high, 5);
    CU_ASSERT_EQUAL(t->messages, VIEW_UNKNOWN);
    CU_ASSERT_STRING_EQUAL(t->why, "1 of 2 partitions do not tell their ends");
    view_unref(v);
    mock_close(&m);
}

static void more_partitions_than_one_question_holds_are_all_told(void)
{
    struct kl_error err;
    struct view *v;
    struct mock m;

    mock_open(&m);
    rd_kafka_mock_topic_create(m.cluster, "wide", 700, 1);
    rd_kafka_mock_topic_create(m.cluster, "wider", 700, 1);
    mock_produce(&m, "wider", 699, 3);
    CU_ASSERT_EQUAL_FATAL(look_at_topics(m.steward.kafka, MOCK_WAIT_MS, MOCK_WAIT_MS, &go_on, &v, &err), KL_OK);
    CU_ASSERT_EQUAL(view_topic(v, "wide")->messages, 0);
    CU_ASSERT_EQUAL(view_topic(v, "wider")->messages, 3);
    CU_ASSERT_EQUAL(view_partition(view_topic(v, "wider"), 699)->high, 3);
    view_unref(v);
    mock_close(&m);
}

static void without_a_broker_a_look_fails_in_its_time(void)
{
    int64_t start_us = kl_mono_us();
    struct kl_error err;
    struct view *v;
    struct mock m;

    mock_open(&m);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT_EQUAL(look_at_topics(m.steward.kafka, 300, MOCK_WAIT_MS, &go_on, &v, &err), KL_TIMEOUT);
    CU_ASSERT(kl_mono_us() - start_us < MOCK_WAIT_MS * INT64_C(1000));
    mock_close(&m);
}

KL_TESTS("look", T(a_rate_is_what_came_since_the_oldest_view), T(the_last_write_stays_while_nothing_comes),
         T(a_log_that_ends_earlier_is_another_one_and_has_no_rate_yet), T(a_topic_that_is_new_was_written_when_it_holds_something), T(an_end_that_is_unknown_for_a_while_is_no_write),
         T(a_look_tells_brokers_topics_and_the_ends_of_their_logs), T(a_partition_without_a_leader_is_unknown_and_the_others_are_told),
         T(more_partitions_than_one_question_holds_are_all_told), T(without_a_broker_a_look_fails_in_its_time))
