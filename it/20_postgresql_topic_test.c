/* Two consumers that share PostgreSQL, and a topic that is deleted and made again: both lives are read in full, once, by whoever
 * has the partitions; one that grows is divided anew; and the consumers end in time with partitions of a topic that is gone. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "it.h"
#include "test_pg.h"

#define MEMBERS   2
#define WAIT_MS   40000
#define STOP_MS   9000
#define FIRST     400
#define SECOND    700 /* more than the first life had: the end of the log tells nothing */

static struct it_world w;
static struct it_process members[MEMBERS];
static rd_kafka_t *admin;
static char url[TEST_PG_URL_BYTES], settings[2][200];

static int begin(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    if (test_pg_begin() || it_begin(&w, IT_PRODUCER))
        return 1;
    rd_kafka_conf_set(conf, "bootstrap.servers", w.kafka_address, NULL, 0);
    admin = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    return !admin;
}

static int end(void)
{
    rd_kafka_destroy(admin);
    for (int i = 0; i < MEMBERS; i++)
        it_stop(&members[i], SIGTERM);
    return it_end(&w) | test_pg_end();
}

static void members_start(void)
{
    test_pg_database(url);
    snprintf(settings[0], sizeof settings[0], "STORE=%s", url);
    snprintf(settings[1], sizeof settings[1], "KAFKA_TOPICS=^%s-", w.name);
    for (int i = 0; i < MEMBERS; i++) {
        members[i] = (struct it_process){ .name = "consumer", .port = it_free_port(), .env = { settings[0], settings[1] } };
        it_start(&w, &members[i]);
    }
}

/* ---- topics ---- */

static void admin_wait(rd_kafka_queue_t *queue)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);

    CU_ASSERT_PTR_NOT_NULL(event);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
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

static void topic_delete(const char *topic)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_DeleteTopic_t *row = rd_kafka_DeleteTopic_new(topic);

    rd_kafka_DeleteTopics(admin, &row, 1, NULL, queue);
    admin_wait(queue);
    rd_kafka_DeleteTopic_destroy(row);
    CU_ASSERT(it_until(WAIT_MS, is_gone, (void *)(uintptr_t)topic));
}

static void topic_grow(const char *topic, size_t partitions)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_NewPartitions_t *row = rd_kafka_NewPartitions_new(topic, partitions, NULL, 0);

    rd_kafka_CreatePartitions(admin, &row, 1, NULL, queue);
    admin_wait(queue);
    rd_kafka_NewPartitions_destroy(row);
}

static long produce(const char *topic, int n)
{
    struct kl_buf body;
    struct it_answer a;
    long confirmed = 0;

    kl_buf_init(&body, 1 << 20);
    for (int i = 0; i < n; i++)
        kl_buf_addf(&body, "{\"key\":\"k%d\",\"value\":\"v\"}\n", i);
    a = it_call(&w.producer, "POST", "Content-Type: application/x-ndjson", body.data, body.len, "/records/%s", topic);
    for (const char *at = a.body; at && (at = strstr(at, "\"offset\"")); at++)
        confirmed++;
    it_answer_free(&a);
    kl_buf_fini(&body);
    return confirmed;
}

/* The producer, too, has to notice; it creates the topic again. */
static bool made_again(void *topic)
{
    return produce(topic, 1) == 1;
}

static void prove(const char *topic, int64_t total)
{
    for (int i = 0; i < MEMBERS; i++)
        CU_ASSERT(it_until_consumed(&members[i], topic, total, WAIT_MS));
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) FROM kafkloud.receipts"), total);
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) - count(DISTINCT (incarnation, part, pos)) FROM kafkloud.receipts"), 0);
}

/* ---- the scenario ---- */

static void a_topic_made_again_is_read_in_full_by_those_that_share_it(void)
{
    const char *topic = it_topic(&w, "again");

    members_start();
    CU_ASSERT_EQUAL(produce(topic, FIRST), FIRST);
    prove(topic, FIRST);
    topic_delete(topic);
    CU_ASSERT(it_until(WAIT_MS, made_again, (void *)(uintptr_t)topic));
    CU_ASSERT_EQUAL(produce(topic, SECOND), SECOND);
    prove(topic, FIRST + 1 + SECOND);
}

static bool grown(void *topic)
{
    struct it_answer a = it_post(&w.producer, "v", "/produce/%s?partition=4", (const char *)topic);
    bool ok = a.status == 200;

    it_answer_free(&a);
    return ok;
}

static void a_partition_that_was_added_is_read_by_one_of_them(void)
{
    const char *topic = it_topic(&w, "again");

    topic_grow(topic, 5);
    CU_ASSERT(it_until(WAIT_MS, grown, (void *)(uintptr_t)topic));
    prove(topic, FIRST + 1 + SECOND + 1);
}

static void consumers_end_in_time_when_a_topic_they_read_is_gone(void)
{
    topic_delete(it_topic(&w, "again"));
    for (int i = 0; i < MEMBERS; i++) {
        int64_t at = kl_mono_us();

        CU_ASSERT_EQUAL(it_stop(&members[i], SIGTERM), 0);
        CU_ASSERT(kl_mono_us() - at < STOP_MS * 1000);
    }
}

KL_TESTS_WITH("postgresql_topic", begin, end, T(a_topic_made_again_is_read_in_full_by_those_that_share_it),
              T(a_partition_that_was_added_is_read_by_one_of_them), T(consumers_end_in_time_when_a_topic_they_read_is_gone))
