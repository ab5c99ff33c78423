#include "snapshot.h"

#include <stdatomic.h>

#include "test.h"
#include "test_mock.h"

#define NEVER_MS 3600000 /* between two looks: none comes by itself */

static bool is_unready(void *mock)
{
    char why[256];

    return !snapshot_ready(((struct mock *)mock)->steward.snapshot, why, sizeof why);
}

static bool is_ready(void *mock)
{
    return !is_unready(mock);
}

static void what_was_changed_is_in_the_list_after_a_renewal(void)
{
    struct view *before, *after;
    struct mock m;

    mock_open(&m);
    mock_look(&m, NEVER_MS);
    before = snapshot_view(m.steward.snapshot);
    rd_kafka_mock_topic_create(m.cluster, "orders", 1, 1);
    snapshot_renew(m.steward.snapshot, MOCK_WAIT_MS);
    after = snapshot_view(m.steward.snapshot);
    CU_ASSERT_PTR_NULL(view_topic(before, "orders"));
    CU_ASSERT_PTR_NOT_NULL(view_topic(after, "orders"));
    mock_close(&m);
    CU_ASSERT_EQUAL(before->n_topics, 0); /* a view is its holder's, whatever became of the snapshot */
    view_unref(before);
    view_unref(after);
}

static void an_outage_is_told_keeps_the_last_view_and_heals(void)
{
    struct kl_error err;
    char why[256] = "";
    struct view *v;
    struct mock m;

    mock_open(&m);
    m.steward.conf.call_timeout_ms = 200;
    rd_kafka_mock_topic_create(m.cluster, "orders", 1, 1);
    mock_look(&m, 100);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT(mock_until(is_unready, &m));
    snapshot_ready(m.steward.snapshot, why, sizeof why);
    CU_ASSERT(strlen(why) > 0);
    CU_ASSERT_EQUAL(snapshot_need(m.steward.snapshot, &v, &err), KL_OK);
    CU_ASSERT_PTR_NOT_NULL(view_topic(v, "orders"));
    view_unref(v);
    rd_kafka_mock_broker_set_up(m.cluster, 1);
    CU_ASSERT(mock_until(is_ready, &m));
    mock_close(&m);
}

static void before_the_first_look_there_is_no_view_and_the_reason_is_told(void)
{
    struct snapshot_conf conf = { .interval_ms = 100, .timeout_ms = 100 };
    struct kl_error err;
    struct view *v;
    struct mock m;

    mock_open(&m);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    conf.kafka = m.steward.kafka;
    CU_ASSERT_EQUAL_FATAL(snapshot_start(&m.steward.snapshot, &conf, &err), KL_OK);
    CU_ASSERT_PTR_NULL(snapshot_view(m.steward.snapshot));
    CU_ASSERT_EQUAL(snapshot_need(m.steward.snapshot, &v, &err), KL_BUSY);
    CU_ASSERT(strlen(err.text) > 0);
    mock_close(&m);
}

/* ---- hooks ---- */

struct hooks {
    _Atomic int filled, looked, with_before;
};

static void fill(void *ctx, struct view *v, const _Atomic bool *stop)
{
    struct hooks *h = ctx;

    (void)v;
    (void)stop;
    h->filled++;
}

static void looked(void *ctx, const struct view *before, const struct view *v)
{
    struct hooks *h = ctx;

    CU_ASSERT(!before || before->as_of_us <= v->as_of_us);
    h->with_before += before != NULL;
    h->looked++;
}

static bool looked_twice(void *hooks)
{
    return ((struct hooks *)hooks)->looked >= 2;
}

static void every_look_is_filled_and_told(void)
{
    struct hooks h = { 0 };
    struct snapshot_conf conf = { .interval_ms = 100, .timeout_ms = MOCK_WAIT_MS, .ctx = &h, .fill = fill, .looked = looked };
    struct kl_error err;
    struct mock m;

    mock_open(&m);
    conf.kafka = m.steward.kafka;
    CU_ASSERT_EQUAL_FATAL(snapshot_start(&m.steward.snapshot, &conf, &err), KL_OK);
    CU_ASSERT(mock_until(looked_twice, &h));
    mock_close(&m);
    CU_ASSERT_EQUAL(h.filled, h.looked);
    CU_ASSERT_EQUAL(h.with_before, h.looked - 1);
}

KL_TESTS("snapshot", T(what_was_changed_is_in_the_list_after_a_renewal), T(an_outage_is_told_keeps_the_last_view_and_heals),
         T(before_the_first_look_there_is_no_view_and_the_reason_is_told), T(every_look_is_filled_and_told))
