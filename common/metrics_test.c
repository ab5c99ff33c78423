#include "metrics.h"

#include <pthread.h>

#include "test.h"

#define THREADS 4
#define ADDS    50000

static double read_depth(void *ctx)
{
    return *(double *)ctx;
}

static double depth = 0.5;
static struct kl_metric rows[] = {
    { .type = KL_COUNTER, .name = "test_records_total", .labels = "result=\"ok\"", .help = "Records answered." },
    { .type = KL_COUNTER, .name = "test_records_total", .labels = "result=\"failed\"" },
    { .type = KL_GAUGE, .name = "test_queue_depth", .help = "How deep.", .read = read_depth, .ctx = &depth },
    { .type = KL_HISTOGRAM, .name = "test_ack_seconds", .help = "How long.", .labels = "topic=\"a\"" },
    { .type = KL_HISTOGRAM, .name = "test_plain_seconds", .help = "How long." },
};

static void collect(void *ctx, struct kl_buf *out)
{
    kl_buf_addf(out, "# TYPE test_topics gauge\ntest_topics{topic=\"%s\"} 3\n", (const char *)ctx);
}

static char topic[] = "orders";

/* Registered once for the process. */
static void set_up(void)
{
    static bool done;

    if (done)
        return;
    done = true;
    kl_metrics_register(rows, sizeof rows / sizeof rows[0]);
    kl_metrics_collector(collect, topic);
}

static char *page(void)
{
    struct kl_buf out;

    set_up();
    kl_buf_init(&out, 1 << 20);
    kl_metrics_write(&out);
    CU_ASSERT_FALSE(out.failed);
    return kl_buf_take(&out);
}

static void shows(const char *lines)
{
    char *text = page();

    CU_ASSERT_PTR_NOT_NULL(strstr(text, lines));
    if (!strstr(text, lines))
        printf("%s", text);
    free(text);
}

static void rows_of_one_name_share_help_and_type(void)
{
    kl_metric_add(&rows[0], 41);
    kl_metric_add(&rows[0], 1);
    kl_metric_set(&rows[1], 7);
    shows("# HELP test_records_total Records answered.\n# TYPE test_records_total counter\n"
          "test_records_total{result=\"ok\"} 42\ntest_records_total{result=\"failed\"} 7\n# HELP test_queue_depth");
}

static void values_that_live_elsewhere_are_read_at_the_scrape(void)
{
    shows("# TYPE test_queue_depth gauge\ntest_queue_depth 0.5\n");
    depth = 123456789012.0;
    shows("test_queue_depth 123456789012\n");
}

static void a_histogram_takes_microseconds_and_shows_seconds(void)
{
    static const int64_t us[] = { -3, 0, 100, 101, 500000, 30000000, 30000001 };
    size_t i;

    for (i = 0; i < sizeof us / sizeof us[0]; i++) {
        kl_metric_observe(&rows[3], us[i]);
        kl_metric_observe(&rows[4], us[i]);
    }
    shows("# TYPE test_ack_seconds histogram\n"
          "test_ack_seconds_bucket{topic=\"a\",le=\"0.0001\"} 3\ntest_ack_seconds_bucket{topic=\"a\",le=\"0.00025\"} 4\n");
    shows("test_ack_seconds_bucket{topic=\"a\",le=\"0.1\"} 4\ntest_ack_seconds_bucket{topic=\"a\",le=\"0.5\"} 5\n");
    shows("test_ack_seconds_bucket{topic=\"a\",le=\"30\"} 6\ntest_ack_seconds_bucket{topic=\"a\",le=\"+Inf\"} 7\n"
          "test_ack_seconds_sum{topic=\"a\"} 60.500202\ntest_ack_seconds_count{topic=\"a\"} 7\n");
    shows("test_plain_seconds_bucket{le=\"0.0001\"} 3\n");
    shows("test_plain_seconds_sum 60.500202\ntest_plain_seconds_count 7\n");
}

static void collectors_add_their_lines(void)
{
    shows("test_topics{topic=\"orders\"} 3\n");
}

static double value_of(const char *name)
{
    char *text = page();
    const char *at = strstr(text, name);
    double value = at ? strtod(at + strlen(name), NULL) : -1;

    free(text);
    return value;
}

static void the_process_is_shown(void)
{
    double fds = value_of("\nprocess_open_fds ");
    FILE *one_more = fopen("/dev/null", "r");

    CU_ASSERT_EQUAL(value_of("\nprocess_open_fds "), fds + 1);
    fclose(one_more);
    CU_ASSERT_TRUE(value_of("\nprocess_max_fds ") > fds);
    CU_ASSERT_TRUE(value_of("\nprocess_resident_memory_bytes ") > 100000);
    CU_ASSERT_TRUE(value_of("\nprocess_cpu_seconds_total ") >= 0);
    CU_ASSERT_TRUE(value_of("\nprocess_start_time_seconds ") > 1700000000);
    shows("# TYPE kafkloud_build_info gauge\nkafkloud_build_info{version=\"");
}

static void *add_many(void *arg)
{
    int i;

    for (i = 0; i < ADDS; i++) {
        kl_metric_add(arg, 1);
        kl_metric_observe(arg, i);
    }
    return NULL;
}

static void threads_count_without_a_lock(void)
{
    static struct kl_metric m = { .type = KL_HISTOGRAM };
    pthread_t threads[THREADS];
    uint64_t observed = 0;
    size_t i;

    for (i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, add_many, &m);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (i = 0; i <= KL_METRIC_BOUNDS; i++)
        observed += m.bucket[i];
    CU_ASSERT_EQUAL(m.value, THREADS * ADDS);
    CU_ASSERT_EQUAL(observed, THREADS * ADDS);
}

/* What Prometheus' own parser insists on: each family in one piece, one TYPE each, lines of name and number. */
static void the_page_is_in_the_text_format(void)
{
    char *text = page();
    char *line, *rest = text;
    size_t wrong = 0;

    while ((line = strsep(&rest, "\n")) != NULL && rest) {
        char *value = strrchr(line, ' ');
        char *end = NULL;

        if (strncmp(line, "# HELP ", 7) == 0 || strncmp(line, "# TYPE ", 7) == 0)
            continue;
        if (value)
            strtod(value + 1, &end);
        wrong += !value || !end || *end || end == value + 1;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(text);
}

KL_TESTS("metrics", T(rows_of_one_name_share_help_and_type), T(values_that_live_elsewhere_are_read_at_the_scrape),
         T(a_histogram_takes_microseconds_and_shows_seconds), T(collectors_add_their_lines), T(the_process_is_shown),
         T(threads_count_without_a_lock), T(the_page_is_in_the_text_format))
