/* A topic deleted and made again under a running consumer is read in full, whatever the new one holds. */
#include <librdkafka/rdkafka.h>
#include <string.h>

#include "it.h"

static struct it_world w;
static rd_kafka_t *admin;

static int begin(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char why[256];

    it_begin(&w, IT_PRODUCER | IT_CONSUMER);
    rd_kafka_conf_set(conf, "bootstrap.servers", w.kafka_address, NULL, 0);
    admin = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    return !admin;
}
static int end(void)
{
    rd_kafka_destroy(admin);
    return it_end(&w);
}

static bool is_gone(void *topic)
{
    const struct rd_kafka_metadata *all;
    bool gone = true;

    if (rd_kafka_metadata(admin, 1, NULL, &all, 5000) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    for (int i = 0; i < all->topic_cnt; i++)
        gone = gone && strcmp(all->topics[i].topic, topic) != 0;
    rd_kafka_metadata_destroy(all);
    return gone;
}

/* Also waits for the broker, which still takes records into the old log for a while after the answer. */
static void delete_topic(const char *topic)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_DeleteTopic_t *row = rd_kafka_DeleteTopic_new(topic);
    rd_kafka_event_t *event;

    rd_kafka_DeleteTopics(admin, &row, 1, NULL, queue);
    event = rd_kafka_queue_poll(queue, 20000);
    CU_ASSERT_PTR_NOT_NULL(event);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_DeleteTopic_destroy(row);
    rd_kafka_queue_destroy(queue);
    CU_ASSERT(it_until(20000, is_gone, (void *)(uintptr_t)topic));
}

static long produce(const char *topic, int n)
{
    struct kl_buf body;
    struct it_answer a;
    long confirmed = 0;

    kl_buf_init(&body, 4 << 20);
    for (int i = 0; i < n; i++)
        kl_buf_addf(&body, "{\"key\":\"k%d\",\"value\":\"v\"}\n", i);
    a = it_call(&w.producer, "POST", "Content-Type: application/x-ndjson", body.data, body.len, "/records/%s", topic);
    for (const char *at = a.body; (at = strstr(at, "\"offset\"")); at++)
        confirmed++;
    it_answer_free(&a);
    kl_buf_fini(&body);
    return confirmed;
}

/* The producer, too, has to notice; it creates the topic again. */
static bool made_again(void *ctx)
{
    return produce(ctx, 1) == 1;
}

static void again(const char *topic, int first, int second)
{
    int64_t total;

    CU_ASSERT_EQUAL(produce(topic, first), first);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, first, 20000));
    delete_topic(topic);
    CU_ASSERT(it_until(20000, made_again, (void *)topic));
    total = produce(topic, second) + 1;
    CU_ASSERT_EQUAL(total, second + 1);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, first + total, 30000));
}

static void a_smaller_topic_made_again_is_read_in_full(void) { again(it_topic(&w, "smaller"), 1000, 100); }
static void a_larger_topic_made_again_is_read_in_full(void) { again(it_topic(&w, "larger"), 100, 5000); }

KL_TESTS_WITH("topic_again", begin, end, T(a_smaller_topic_made_again_is_read_in_full), T(a_larger_topic_made_again_is_read_in_full))
