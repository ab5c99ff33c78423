/* The catch-up readers' consumer, against librdkafka's mock cluster. */
#include "live_kafka.h"

#include <librdkafka/rdkafka_mock.h>

#include "clock.h"
#include "message.h"
#include "test.h"

#define WAIT_MS 20000

static rd_kafka_t *producer;
static rd_kafka_mock_cluster_t *cluster;
static rd_kafka_conf_t *conf;
static void *reader;
static struct kl_error err;

static void begin(void)
{
    rd_kafka_conf_t *mock = rd_kafka_conf_new();

    rd_kafka_conf_set(mock, "test.mock.num.brokers", "2", NULL, 0);
    rd_kafka_conf_set(mock, "log_level", "3", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, mock, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(producer);
    cluster = rd_kafka_handle_mock_cluster(producer);
    conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), NULL, 0);
    rd_kafka_conf_set(conf, "fetch.wait.max.ms", "20", NULL, 0);
    rd_kafka_conf_set(conf, "topic.metadata.refresh.interval.ms", "20", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    rd_kafka_mock_topic_create(cluster, "orders", 2, 1);
    CU_ASSERT_EQUAL_FATAL(live_kafka.open(conf, &reader, &err), KL_OK);
}

static void end(void)
{
    live_kafka.close(reader);
    rd_kafka_conf_destroy(conf);
    rd_kafka_destroy(producer);
}

static void produce(int32_t partition, int n)
{
    while (n-- > 0)
        CU_ASSERT_EQUAL(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("orders"), RD_KAFKA_V_PARTITION(partition),
                                          RD_KAFKA_V_VALUE((void *)"value", 5),
                                          RD_KAFKA_V_HEADER("name", "header", 6), RD_KAFKA_V_END),
                        RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* The next thing within the deadline. */
static bool next(struct live_read *read)
{
    int64_t due_us = kl_mono_us() + WAIT_MS * INT64_C(1000);

    while (kl_mono_us() < due_us)
        if (live_kafka.read(reader, 100, read))
            return true;
    return false;
}

static struct live_place place(int32_t partition, int64_t at)
{
    return (struct live_place){ .topic = "orders", .partition = partition, .next = at };
}

static bool assign(const struct live_place *places, size_t n)
{
    return live_kafka.assign(reader, places, n, &err) == KL_OK;
}

/* One partition from `at` to its end: every message, then the end. */
static void expect_to_end(int32_t partition, int64_t at, int64_t to)
{
    struct live_read read;

    for (; at < to; at++) {
        CU_ASSERT_TRUE_FATAL(next(&read));
        CU_ASSERT_EQUAL_FATAL(read.what, LIVE_READ_MESSAGE);
        CU_ASSERT_EQUAL_FATAL(read.partition, partition);
        CU_ASSERT_EQUAL_FATAL(read.offset, at);
        live_kafka.done(reader, &read);
    }
    CU_ASSERT_TRUE_FATAL(next(&read));
    CU_ASSERT_EQUAL(read.what, LIVE_READ_END);
    CU_ASSERT_EQUAL(read.partition, partition);
    CU_ASSERT_EQUAL(read.offset, to);
    CU_ASSERT_STRING_EQUAL(read.topic, "orders");
    live_kafka.done(reader, &read);
}

static void bounds_are_told_for_all_places_at_once(void)
{
    struct live_place places[] = { place(1, 0), place(0, 0) };

    begin();
    produce(0, 10);
    CU_ASSERT_EQUAL_FATAL(live_kafka.bounds(reader, places, 2, &err), KL_OK);
    CU_ASSERT_TRUE(places[0].low == 0 && places[0].high == 0);
    CU_ASSERT_TRUE(places[1].low == 0 && places[1].high == 10);
    end();
}

static void bounds_of_what_is_not_there_are_an_error(void)
{
    struct live_place nowhere = { .topic = "orders", .partition = 7 };

    begin();
    CU_ASSERT_NOT_EQUAL(live_kafka.bounds(reader, &nowhere, 1, &err), KL_OK);
    CU_ASSERT_TRUE(err.text[0]);
    end();
}

static void a_partition_is_read_from_where_it_was_asked_to_its_end(void)
{
    struct live_place at = place(0, 500);

    begin();
    produce(0, 1000);
    CU_ASSERT_TRUE(assign(&at, 1));
    expect_to_end(0, 500, 1000);
    produce(0, 5);
    expect_to_end(0, 1000, 1005);
    end();
}

/* A reader turns from client to client; nothing of the one before may come to the next. */
static void turning_to_another_position_leaves_nothing_behind(void)
{
    begin();
    produce(0, 2000);
    produce(1, 2000);
    for (int turn = 0; turn < 40; turn++) {
        int32_t partition = turn & 1;
        int64_t at = turn * 379 % 2000;
        struct live_place places[] = { place(partition, at) };
        struct live_read read;

        CU_ASSERT_TRUE(assign(places, 1));
        if (turn % 4 == 3) {
            expect_to_end(partition, at, 2000);
        } else {   /* in the middle, with messages fetched ahead */
            CU_ASSERT_TRUE_FATAL(next(&read));
            CU_ASSERT_TRUE(read.what == LIVE_READ_MESSAGE && read.partition == partition && read.offset == at);
            live_kafka.done(reader, &read);
        }
        if (turn % 3 == 0) {
            CU_ASSERT_TRUE(assign(NULL, 0));
            CU_ASSERT_FALSE(live_kafka.read(reader, 0, &read));
        }
    }
    end();
}

static void a_position_that_the_log_has_not_is_lost(void)
{
    struct live_place at = place(0, 5000);
    struct live_read read;

    begin();
    produce(0, 10);
    CU_ASSERT_TRUE(assign(&at, 1));
    CU_ASSERT_TRUE_FATAL(next(&read));
    CU_ASSERT_EQUAL(read.what, LIVE_READ_LOST);
    live_kafka.done(reader, &read);
    at.next = 8;
    CU_ASSERT_TRUE(assign(&at, 1));
    expect_to_end(0, 8, 10);
    end();
}

static void a_consumer_ends_though_a_topic_that_it_read_is_gone(void)
{
    struct live_place at = place(0, 0), other = place(1, 0);
    int64_t due_us = kl_mono_us() + WAIT_MS * INT64_C(1000);

    begin();
    produce(0, 10);
    CU_ASSERT_TRUE(assign(&at, 1));
    expect_to_end(0, 0, 10);
    CU_ASSERT_TRUE(assign(&other, 1));
    CU_ASSERT_TRUE(assign(NULL, 0));
    rd_kafka_mock_topic_set_error(cluster, "orders", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    /* The consumer hears of it: only then it can no longer be asked about the topic. */
    while (live_kafka.bounds(reader, &at, 1, &err) == KL_OK && kl_mono_us() < due_us)
        ;
    CU_ASSERT_TRUE(kl_mono_us() < due_us);
    end();
}

static void a_message_is_viewed_with_its_headers(void)
{
    struct live_place at = place(0, 0);
    struct kl_message m;
    struct kl_header h;
    struct live_read read;
    struct kl_buf packed;
    const char *header;

    begin();
    kl_buf_init(&packed, 1 << 20);
    produce(0, 1);
    CU_ASSERT_TRUE(assign(&at, 1));
    CU_ASSERT_TRUE_FATAL(next(&read));
    CU_ASSERT_TRUE_FATAL(kl_message_view(&m, read.message, &packed));
    CU_ASSERT_TRUE(m.timestamp_ms > INT64_C(1600000000000));
    CU_ASSERT_PTR_NULL(m.key);
    CU_ASSERT_TRUE(m.value && m.value_len == 5);
    header = m.headers;
    CU_ASSERT_TRUE_FATAL(kl_header_next(&header, header + m.headers_len, &h));
    CU_ASSERT_TRUE(h.name_len == 4 && !memcmp(h.name, "name", 4));
    CU_ASSERT_TRUE(h.value_len == 6 && !memcmp(h.value, "header", 6));
    CU_ASSERT_FALSE(kl_header_next(&header, (const char *)m.headers + m.headers_len, &h));
    live_kafka.done(reader, &read);
    kl_buf_fini(&packed);
    end();
}

static void a_wrong_configuration_is_an_error(void)
{
    void *handle;

    begin();
    rd_kafka_conf_set(conf, "security.protocol", "ssl", NULL, 0);
    rd_kafka_conf_set(conf, "ssl.ca.location", "/nowhere", NULL, 0);
    CU_ASSERT_NOT_EQUAL(live_kafka.open(conf, &handle, &err), KL_OK);
    CU_ASSERT_TRUE(err.text[0]);
    end();
}

KL_TESTS("live_kafka",
         T(bounds_are_told_for_all_places_at_once),
         T(bounds_of_what_is_not_there_are_an_error),
         T(a_partition_is_read_from_where_it_was_asked_to_its_end),
         T(turning_to_another_position_leaves_nothing_behind),
         T(a_position_that_the_log_has_not_is_lost),
         T(a_consumer_ends_though_a_topic_that_it_read_is_gone),
         T(a_message_is_viewed_with_its_headers),
         T(a_wrong_configuration_is_an_error))
