/* Live streams on a feed of their own, against librdkafka's mock cluster. */
#include "live_feed.h"

#include <librdkafka/rdkafka_mock.h>

#include "clock.h"
#include "live_client.h"
#include "test.h"

#define WAIT_MS 20000

static rd_kafka_t *producer;
static rd_kafka_mock_cluster_t *cluster;
static struct live *live;
static struct kl_feed *feed;

static rd_kafka_conf_t *kafka_conf(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), NULL, 0);
    rd_kafka_conf_set(conf, "fetch.wait.max.ms", "20", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    return conf;
}

static void cluster_begin(void)
{
    rd_kafka_conf_t *mock = rd_kafka_conf_new();

    rd_kafka_conf_set(mock, "test.mock.num.brokers", "1", NULL, 0);
    rd_kafka_conf_set(mock, "log_level", "3", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, mock, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(producer);
    cluster = rd_kafka_handle_mock_cluster(producer);
}

static bool is_ready(void)
{
    char why[200];

    return kl_feed_ready(feed, why, sizeof why);
}

static void live_begin(void)
{
    struct live_conf conf = { .ring_bytes = 1 << 20, .rings_bytes = 8 << 20, .client_queue_bytes = 1 << 16, .heartbeat_ms = 60000,
                              .streams_max = 10, .stream_topics_max = 10, .catchup_readers = 1, .catchup_waiting_max = 10 };
    struct live_feed_conf own = { .kafka = kafka_conf(), .metadata_ms = 100, .batch_max = 500 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(live_open(&live, &conf, kafka_conf(), &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(live_feed_start(&feed, live, &own, &err), KL_OK);
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; !is_ready() && kl_mono_us() < deadline;)
        kl_sleep_ms(2);
    CU_ASSERT_FATAL(is_ready());
}

static void end(void)
{
    kl_feed_stop(feed);
    live_close(live);
    rd_kafka_destroy(producer);
}

static void produce(const char *topic, int32_t partition, const char *value)
{
    CU_ASSERT_EQUAL(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
                                      RD_KAFKA_V_VALUE((void *)value, strlen(value)), RD_KAFKA_V_END), RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* ---- a stream ---- */

static void on_wake(void *ctx)
{
    (void)ctx; /* the test pulls by itself */
}

/* A topic that was just made is not known yet: asked again, as a client does. */
static struct live_client *stream_open(const char *topic, enum live_from from)
{
    struct live_request q = { .topics = topic, .from = from, .wake = on_wake };
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;
    struct live_client *c = NULL;
    struct kl_error err;
    enum kl_code code;

    do {
        code = live_client_open(&c, live, &q, &err);
    } while (code && kl_mono_us() < deadline);
    CU_ASSERT_EQUAL_FATAL(code, KL_OK);
    return c;
}

/* Pulls until the text was seen, or the deadline is over; everything pulled is in *all. */
static bool until_text(struct live_client *c, struct kl_buf *all, const char *text)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;
    char buf[4096];

    while (kl_mono_us() < deadline) {
        ssize_t n = live_client_pull(c, buf, sizeof buf);

        if (n > 0)
            kl_buf_add(all, buf, (size_t)n);
        else
            kl_sleep_ms(1);
        if (all->data && strstr(all->data, text))
            return true;
    }
    return false;
}

static void live_feed_hands_over_what_comes_in_every_partition(void)
{
    struct live_client *c;
    struct kl_buf all;

    cluster_begin();
    rd_kafka_mock_topic_create(cluster, "orders", 3, 1);
    produce("orders", 0, "before");
    live_begin();
    kl_buf_init(&all, 1 << 20);
    c = stream_open("orders", LIVE_FROM_LATEST);
    for (int32_t p = 0; p < 3; p++) {
        char value[16];

        snprintf(value, sizeof value, "come-%d", p);
        produce("orders", p, value);
        CU_ASSERT(until_text(c, &all, value));
    }
    CU_ASSERT_PTR_NULL(strstr(all.data, "before"));
    live_client_close(c);
    kl_buf_fini(&all);
    end();
}

static void live_feed_leaves_what_is_older_to_a_catch_up_reader(void)
{
    struct live_client *c;
    struct kl_buf all;

    cluster_begin();
    rd_kafka_mock_topic_create(cluster, "orders", 1, 1);
    produce("orders", 0, "long-ago");
    live_begin();
    kl_buf_init(&all, 1 << 20);
    c = stream_open("orders", LIVE_FROM_EARLIEST);
    CU_ASSERT(until_text(c, &all, "long-ago"));
    produce("orders", 0, "just-now");
    CU_ASSERT(until_text(c, &all, "just-now"));
    live_client_close(c);
    kl_buf_fini(&all);
    end();
}

static void live_feed_reads_a_topic_that_is_made_later_whole(void)
{
    struct live_client *c;
    struct kl_buf all;

    cluster_begin();
    live_begin();
    rd_kafka_mock_topic_create(cluster, "late", 1, 1);
    produce("late", 0, "first");
    kl_buf_init(&all, 1 << 20);
    c = stream_open("late", LIVE_FROM_EARLIEST);
    CU_ASSERT(until_text(c, &all, "first"));
    produce("late", 0, "second");
    CU_ASSERT(until_text(c, &all, "second"));
    live_client_close(c);
    kl_buf_fini(&all);
    end();
}

KL_TESTS("live_feed", T(live_feed_hands_over_what_comes_in_every_partition), T(live_feed_leaves_what_is_older_to_a_catch_up_reader),
         T(live_feed_reads_a_topic_that_is_made_later_whole))
