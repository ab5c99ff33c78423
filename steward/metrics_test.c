/* /metrics, as a scrape reads it. */
#include "metrics.h"

#include "test.h"
#include "test_mock.h"
#include "tracks.h"

/* Adds a group with a name that Prometheus wants escaped. */
static void fill(void *ctx, struct view *v, const _Atomic bool *stop)
{
    (void)ctx;
    (void)stop;
    v->groups = calloc(2, sizeof *v->groups);
    v->n_groups = 2;
    v->groups[0] = (struct view_group){ .name = strdup("a \"quoted\\\nname"), .lag = 17 };
    v->groups[1] = (struct view_group){ .name = strdup("unknown"), .lag = VIEW_UNKNOWN };
}

static bool is_ready(void *mock)
{
    char why[256];

    return snapshot_ready(((struct mock *)mock)->steward.snapshot, why, sizeof why);
}

static void a_scrape_tells_the_cluster_and_escapes_names(void)
{
    static struct mock m; /* what is registered lives for ever */
    struct snapshot_conf conf = { .interval_ms = 100, .timeout_ms = MOCK_WAIT_MS, .fill = fill };
    struct kl_error err;
    struct kl_buf page;

    mock_open(&m);
    rd_kafka_mock_topic_create(m.cluster, "orders", 3, 1);
    conf.kafka = m.steward.kafka;
    CU_ASSERT_EQUAL_FATAL(snapshot_start(&m.steward.snapshot, &conf, &err), KL_OK);
    CU_ASSERT(mock_until(is_ready, &m));
    CU_ASSERT_EQUAL_FATAL(tracks_new(&m.steward.tracks, 10, "", &err), KL_OK);
    mock_serve(&m);
    steward_metrics_register(&m.steward);
    kl_buf_init(&page, 1024 * 1024);
    kl_metrics_write(&page);
    CU_ASSERT_PTR_NOT_NULL(strstr(page.data, "\nkafkloud_steward_partitions 3\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page.data, "\nkafkloud_steward_partitions_leaderless 0\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page.data, "\nkafkloud_steward_groups 2\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page.data, "\nkafkloud_steward_group_lag_messages{group=\"a \\\"quoted\\\\\\nname\"} 17\n"));
    CU_ASSERT_PTR_NULL(strstr(page.data, "{group=\"unknown\"}")); /* a number that is not known is not told */
    CU_ASSERT_PTR_NOT_NULL(strstr(page.data, "\nkafkloud_steward_calls_running 0\n"));
    kl_buf_fini(&page);
    mock_close(&m);
    tracks_free(m.steward.tracks);
}

KL_TESTS("metrics", T(a_scrape_tells_the_cluster_and_escapes_names))
