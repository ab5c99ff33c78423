/* Reading pages with a real consumer, from librdkafka's mock cluster. */
#include "browse_read.h"

#include <stdio.h>

#include <jansson.h>

#include "test_mock.h"

#include "test.h"

static struct mock m;
static rd_kafka_conf_t *client;
static struct browse_readers *readers;
static struct browse b;
static struct kl_buf out;
static struct kl_error err;
static bool whole;

static void begin(void)
{
    mock_open(&m);
    rd_kafka_mock_topic_create(m.cluster, "orders", 3, 1);
    client = rd_kafka_conf_new();
    rd_kafka_conf_set(client, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(m.cluster), NULL, 0);
    rd_kafka_conf_set(client, "log_level", "0", NULL, 0);
    CU_ASSERT_EQUAL_FATAL(browse_readers_new(&readers, client, 1, &err), KL_OK);
    kl_buf_init(&out, BROWSE_PAGE_BYTES);
}

static void end(void)
{
    kl_buf_fini(&out);
    browse_readers_free(readers);
    rd_kafka_conf_destroy(client);
    mock_close(&m);
}

/* A page of all partitions, each with n messages. */
static enum kl_code page(bool backward, size_t limit, int64_t n, int timeout_ms)
{
    enum kl_code code = browse_init(&b, backward, limit, BROWSE_PAGE_BYTES, 3, &err);

    for (int32_t i = 0; i < 3 && !code; i++)
        browse_begin(&b, &b.parts[i], i, 0, n, backward ? n : 0);
    if (!code)
        code = browse_read(readers, "orders", &b, timeout_ms, &whole, &err);
    return code ? code : browse_merge(&b, &err);
}

static void a_page_is_read_from_all_partitions_by_one_reader_again_and_again(void)
{
    begin();
    for (int32_t i = 0; i < 3; i++)
        mock_produce(&m, "orders", i, 50);
    for (int round = 0; round < 4; round++) {
        CU_ASSERT_EQUAL(page(round % 2, 30, 50, MOCK_WAIT_MS), KL_OK);
        CU_ASSERT_TRUE(whole);
        CU_ASSERT_EQUAL(b.n_page, 30);
        for (size_t i = 0; i < b.n_parts; i++)
            for (size_t k = 0; k < b.parts[i].n; k++)
                CU_ASSERT_EQUAL(b.parts[i].items[k]->offset, b.parts[i].reached + (round % 2 ? (int64_t)k : (int64_t)k - 30));
        browse_fini(&b);
    }
    end();
}

static void a_broker_that_is_away_gives_a_page_that_is_not_whole(void)
{
    int64_t start_us;

    begin();
    mock_produce(&m, "orders", 0, 5);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    start_us = kl_mono_us();
    CU_ASSERT_EQUAL(page(false, 30, 5, 300), KL_OK);
    CU_ASSERT_FALSE(whole);
    CU_ASSERT_EQUAL(b.n_page, 0);
    CU_ASSERT_TRUE(browse_more_behind(&b)); /* its cursor is where it began */
    CU_ASSERT_EQUAL(b.parts[0].end, 0);
    CU_ASSERT(kl_mono_us() - start_us < MOCK_WAIT_MS * INT64_C(1000));
    browse_fini(&b);
    end();
}

static void one_message_is_read_whole(void)
{
    json_t *doc;

    begin();
    mock_produce(&m, "orders", 1, 5);
    CU_ASSERT_EQUAL(browse_read_one(readers, "orders", 1, 3, MOCK_WAIT_MS, &out, &err), KL_OK);
    doc = json_loadb(out.data, out.len, 0, NULL);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "value")), "value");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "offset")), 3);
    json_decref(doc);
    end();
}

static void where_nothing_is_nothing_is_found(void)
{
    begin();
    mock_produce(&m, "orders", 1, 5);
    CU_ASSERT_EQUAL(browse_read_one(readers, "orders", 1, 5, MOCK_WAIT_MS, &out, &err), KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(err.field, "offset");
    CU_ASSERT_EQUAL(browse_read_one(readers, "orders", 1, 99, MOCK_WAIT_MS, &out, &err), KL_NOT_FOUND);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT_EQUAL(browse_read_one(readers, "orders", 1, 0, 300, &out, &err), KL_TIMEOUT);
    end();
}

KL_TESTS("browse_read",
         T(a_page_is_read_from_all_partitions_by_one_reader_again_and_again),
         T(a_broker_that_is_away_gives_a_page_that_is_not_whole),
         T(one_message_is_read_whole),
         T(where_nothing_is_nothing_is_found))
