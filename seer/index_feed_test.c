/* index_feed_test.c - the index behind a real feed, on librdkafka's mock cluster: faults in between, documents put and
 * searches made at the same time. */
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "test_index.h"

#define WAIT_MS 60000
#define FETCH   1 /* the request's number */

static rd_kafka_t *producer;
static rd_kafka_mock_cluster_t *cluster;
static struct kl_feed *feed;

static void cluster_begin(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "test.mock.num.brokers", "2", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(producer);
    cluster = rd_kafka_handle_mock_cluster(producer);
    test_begin();
    test_close();
    test_conf.messages_max = 100000;
    test_open();
}

static void cluster_end(void)
{
    test_end();
    rd_kafka_destroy(producer);
}

static void topic_make(const char *topic)
{
    CU_ASSERT_EQUAL(rd_kafka_mock_topic_create(cluster, topic, 3, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* Messages from .. to - 1 of the topic, each with a word of its own. */
static void produce(const char *topic, int from, int to)
{
    char value[128];

    for (int i = from; i < to; i++) {
        snprintf(value, sizeof value, "{\"note\": \"an event called %s%d\"}", topic, i);
        CU_ASSERT_EQUAL(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(i % 3), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                          RD_KAFKA_V_VALUE(value, strlen(value)), RD_KAFKA_V_END), RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

static void feed_begin(void)
{
    rd_kafka_conf_t *kafka = rd_kafka_conf_new();
    struct kl_feed_store store = index_feed(test_x);
    struct index_learning l;
    struct kl_feed_conf conf = { .kafka = kafka, .metadata_ms = 100, .batch_max = 1000 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(index_learning(test_x, &l, &err), KL_OK);
    conf.topics = l.topics;
    conf.existing_from_end = l.existing_from_end;
    rd_kafka_conf_set(kafka, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), NULL, 0);
    rd_kafka_conf_set(kafka, "fetch.wait.max.ms", "20", NULL, 0);
    rd_kafka_conf_set(kafka, "log_level", "3", NULL, 0);
    CU_ASSERT_EQUAL_FATAL(kl_feed_start(&feed, &conf, &store, &err), KL_OK);
    index_learning_fini(&l);
}

static bool learnt(int64_t n)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (catalog_totals(index_catalog(test_x)).messages < n && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return catalog_totals(index_catalog(test_x)).messages == n;
}

/* A topic that is learnt again has its messages before it is read to its end again. */
static bool read_up_to(int64_t n)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (test_number("SELECT sum(next) FROM offsets") < n && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return test_number("SELECT sum(next) FROM offsets") == n;
}

/* Each message is there once: no two at a place (the table sees to that), and no two of one text. */
static void each_once(int64_t n)
{
    CU_ASSERT_EQUAL(test_number("SELECT count(DISTINCT text) FROM passages p JOIN documents d ON d.id = p.document WHERE d.kind = 2"), n);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents WHERE kind = 2 AND state = 1"), n);
    CU_ASSERT_EQUAL(test_number("SELECT sum(next) FROM offsets"), n);
    test_integrity();
}

/* ---- tests ---- */

static void messages_are_learnt_over_restarts(void)
{
    cluster_begin();
    topic_make("orders");
    produce("orders", 0, 300);
    feed_begin();
    CU_ASSERT(learnt(300));
    kl_feed_stop(feed);
    test_close();
    produce("orders", 300, 600);
    test_open();
    feed_begin();
    CU_ASSERT(learnt(600));
    CU_ASSERT_EQUAL(test_search_in("orders599", "orders", NULL, INT64_MIN).n, 1);
    CU_ASSERT_EQUAL(test_search("orders12").n, 1);
    kl_feed_stop(feed);
    each_once(600);
    cluster_end();
}

static void faults_of_brokers_neither_skip_nor_double(void)
{
    cluster_begin();
    topic_make("orders");
    produce("orders", 0, 100);
    feed_begin();
    CU_ASSERT(learnt(100));
    rd_kafka_mock_push_request_errors(cluster, FETCH, 4, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
                                      RD_KAFKA_RESP_ERR__TRANSPORT);
    produce("orders", 100, 200);
    CU_ASSERT(learnt(200));
    rd_kafka_mock_broker_set_down(cluster, 1);
    rd_kafka_mock_broker_set_up(cluster, 1);
    for (int32_t p = 0; p < 3; p++)
        rd_kafka_mock_partition_set_leader(cluster, "orders", p, 2);
    produce("orders", 200, 300);
    CU_ASSERT(learnt(300));
    kl_feed_stop(feed);
    each_once(300);
    cluster_end();
}

static void topics_can_be_chosen_anew(void)
{
    struct kl_error err;

    cluster_begin();
    topic_make("orders");
    topic_make("payments");
    produce("orders", 0, 30);
    produce("payments", 0, 30);
    CU_ASSERT_EQUAL(index_learn_first(test_x, "orders", false, &err), KL_OK);
    feed_begin();
    CU_ASSERT(learnt(30));
    CU_ASSERT_EQUAL(test_search("payments7").n, 0);
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(index_learn(test_x, "orders,payments", true, &err), KL_OK);
    feed_begin();
    CU_ASSERT(learnt(60) && read_up_to(60));
    CU_ASSERT_EQUAL(test_search("payments7").n, 1);
    kl_feed_stop(feed);
    each_once(60);
    cluster_end();
}

static void a_topic_can_be_chosen_from_its_end(void)
{
    char why[200];
    struct kl_error err;
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    cluster_begin();
    topic_make("orders");
    topic_make("payments");
    produce("payments", 0, 30);
    CU_ASSERT_EQUAL(index_learn_first(test_x, "orders", false, &err), KL_OK);
    feed_begin();
    produce("orders", 0, 30);
    CU_ASSERT(learnt(30));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(index_learn(test_x, "orders,payments", false, &err), KL_OK);
    feed_begin();
    while (!kl_feed_ready(feed, why, sizeof why) && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    produce("payments", 30, 60);
    CU_ASSERT(learnt(60));
    CU_ASSERT_EQUAL(test_search("payments7").n, 0);
    CU_ASSERT_EQUAL(test_search("payments37").n, 1);
    kl_feed_stop(feed);
    cluster_end();
}

/* ---- at the same time ---- */

static _Atomic bool over;
static _Atomic int  times_put, searches, wrong;

static void *put_all_the_time(void *text)
{
    while (!over) {
        struct index_document doc = { .source = "long.txt", .text = text, .len = strlen(text) };
        struct index_put out;
        struct kl_error err;

        wrong += index_put(test_x, &doc, &out, &err) != KL_OK;
        times_put++;
    }
    return NULL;
}

static void no_passage(void *ctx, const struct reader_passage *p)
{
    (void)ctx;
    wrong += p->document.id == 0;
}

static void *search_all_the_time(void *ctx)
{
    struct reader *r;
    struct kl_error err;

    (void)ctx;
    if (readers_take(test_readers, &r, &err))
        return NULL;
    while (!over) {
        struct reader_hit hits[10];
        struct catalog_filter filter;
        size_t n, missing;

        wrong += catalog_filter(index_catalog(test_x), NULL, NULL, INT64_MIN, &filter, &err) != KL_OK;
        wrong += reader_words(r, "apple17 event forest", 20, &filter, hits, 10, &n, &err) != KL_OK;
        wrong += reader_passages(r, &hits[0].passage, n ? 1 : 0, no_passage, NULL, &missing, &err) != KL_OK;
        searches++;
    }
    readers_give(test_readers, r);
    return NULL;
}

static void everything_goes_on_at_the_same_time(void)
{
    char *text = test_text(300, 0);
    pthread_t putting, searching;

    cluster_begin();
    topic_make("orders");
    feed_begin();
    over = false;
    pthread_create(&putting, NULL, put_all_the_time, text);
    pthread_create(&searching, NULL, search_all_the_time, NULL);
    for (int i = 0; i < 10; i++) {
        produce("orders", i * 100, i * 100 + 100);
        CU_ASSERT(learnt((i + 1) * 100));
    }
    while (times_put < 3 || searches < 10)
        kl_sleep_ms(2);
    over = true;
    pthread_join(putting, NULL);
    pthread_join(searching, NULL);
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(wrong, 0);
    test_upkeep();
    each_once(1000);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents WHERE kind = 0"), 1);
    CU_ASSERT_EQUAL(test_search("apple17").n, 1);
    cluster_end();
    free(text);
}

KL_TESTS("index_feed",
         T(messages_are_learnt_over_restarts),
         T(faults_of_brokers_neither_skip_nor_double),
         T(topics_can_be_chosen_anew),
         T(a_topic_can_be_chosen_from_its_end),
         T(everything_goes_on_at_the_same_time))
