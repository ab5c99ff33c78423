/* The steward and a real Kafka: topics made, changed, emptied, deleted; a thousand of them on one list; read-only; a broker
 * that goes and comes back. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

#include "it.h"

#define MANY      1000
#define SEEN_MS   20000 /* something the steward sees with its next looks */
#define OUTAGE_MS 60000 /* a broker with a thousand topics goes, or comes */

static struct it_world w;

static int begin(void)
{
    static char interval[] = "SNAPSHOT_INTERVAL=500ms", timeout[] = "CALL_TIMEOUT=3s";

    w.steward.env[0] = interval;
    w.steward.env[1] = timeout;
    return it_begin(&w, IT_OWN_KAFKA | IT_PRODUCER | IT_STEWARD);
}
static int end(void) { return it_end(&w); }

/* ---- calls ---- */

static struct it_answer send_json(const char *method, const char *body, const char *path)
{
    return it_call(&w.steward, method, "Content-Type: application/json", body, strlen(body), "%s", path);
}

static int status_of(const char *method, const char *body, const char *path)
{
    struct it_answer a = send_json(method, body, path);
    int status = a.status;

    it_answer_free(&a);
    return status;
}

static const char *path_of(const char *topic, const char *rest)
{
    static char paths[4][256];
    static unsigned next;
    char *out = paths[next++ % 4];

    snprintf(out, sizeof paths[0], "/topics/%s%s", topic, rest);
    return out;
}

static int create(const char *topic, int partitions)
{
    char body[256];

    snprintf(body, sizeof body, "{\"name\":\"%s\",\"partitions\":%d}", topic, partitions);
    return status_of("POST", body, "/topics");
}

static void produce(const char *topic, int partition, int n)
{
    for (int i = 0; i < n; i++) {
        struct it_answer a = it_post(&w.producer, "x", "/produce/%s/k?partition=%d", topic, partition);

        CU_ASSERT_EQUAL(a.status, 200);
        it_answer_free(&a);
    }
}

/* The topic's row of the list; NULL: it is not there. Borrowed from list. */
static json_t *row_of(const struct it_answer *list, const char *topic)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(list->json, "topics"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "name")), topic))
            return row;
    return NULL;
}

static bool listed(const char *topic)
{
    struct it_answer a = it_get(&w.steward, "/topics");
    bool there = row_of(&a, topic) != NULL;

    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
    return there;
}

/* A setting's member as text ("" when null); the setting's own answer a is the caller's. */
static const char *setting(const struct it_answer *a, const char *name, const char *member)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(a->json, "settings"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "name")), name)) {
            const char *text = json_string_value(json_object_get(row, member));

            return text ? text : "";
        }
    return "no such setting";
}

/* ---- scenarios ---- */

static void a_topic_is_made_after_a_dry_run_that_made_none_and_a_second_time_is_a_409(void)
{
    const char *topic = it_topic(&w, "made");
    char body[256];
    struct it_answer a;

    snprintf(body, sizeof body, "{\"name\":\"%s\",\"partitions\":3,\"replication\":1,\"settings\":{\"retention.ms\":\"600000\"}}", topic);
    CU_ASSERT_EQUAL(status_of("POST", body, "/topics?dry_run=true"), 200);
    CU_ASSERT_FALSE(listed(topic));
    a = send_json("POST", body, "/topics");
    CU_ASSERT_EQUAL(a.status, 201);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "partitions")), 3);
    it_answer_free(&a);
    CU_ASSERT(listed(topic)); /* at once: what was changed is in the next list */
    CU_ASSERT_EQUAL(status_of("POST", body, "/topics"), 409);
    CU_ASSERT_EQUAL(status_of("POST", body, "/topics?dry_run=true"), 409);
    a = it_get(&w.steward, "/topics/%s/settings", topic);
    CU_ASSERT_STRING_EQUAL(setting(&a, "retention.ms", "value"), "600000");
    CU_ASSERT_STRING_EQUAL(setting(&a, "retention.ms", "source"), "dynamic");
    it_answer_free(&a);
}

static void what_the_broker_refuses_is_a_400_in_its_words(void)
{
    struct it_answer a = send_json("POST", "{\"name\":\"never\",\"settings\":{\"retention.mz\":\"1\"}}", "/topics?dry_run=true");

    CU_ASSERT_EQUAL(a.status, 400);
    CU_ASSERT_PTR_NOT_NULL(strstr(it_text(&a, "detail"), "retention.mz"));
    it_answer_free(&a);
    a = send_json("POST", "{\"name\":\"never\",\"replication\":3}", "/topics");
    CU_ASSERT_EQUAL(a.status, 400);
    CU_ASSERT_PTR_NOT_NULL(strstr(it_text(&a, "detail"), "INVALID_REPLICATION_FACTOR"));
    it_answer_free(&a);
}

static void settings_are_merged_and_null_puts_one_back(void)
{
    const char *topic = it_topic(&w, "settings");
    struct it_answer a;

    CU_ASSERT_EQUAL(create(topic, 1), 201);
    CU_ASSERT_EQUAL(status_of("PATCH", "{\"settings\":{\"retention.ms\":\"600000\"}}", path_of(topic, "/settings")), 200);
    a = send_json("PATCH", "{\"settings\":{\"segment.bytes\":\"2000000\",\"retention.ms\":null}}", path_of(topic, "/settings?dry_run=true"));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(setting(&a, "segment.bytes", "value"), "2000000");
    CU_ASSERT_STRING_NOT_EQUAL(setting(&a, "retention.ms", "source"), "dynamic");
    it_answer_free(&a);
    a = send_json("PATCH", "{\"settings\":{\"segment.bytes\":\"2000000\"}}", path_of(topic, "/settings"));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(setting(&a, "segment.bytes", "value"), "2000000");
    CU_ASSERT_STRING_EQUAL(setting(&a, "retention.ms", "value"), "600000"); /* not sent, and still there */
    it_answer_free(&a);
    a = send_json("PATCH", "{\"settings\":{\"retention.ms\":null}}", path_of(topic, "/settings"));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(setting(&a, "segment.bytes", "value"), "2000000");
    CU_ASSERT_STRING_NOT_EQUAL(setting(&a, "retention.ms", "source"), "dynamic");
    it_answer_free(&a);
    CU_ASSERT_EQUAL(status_of("PATCH", "{\"settings\":{\"retention.ms\":\"soon\"}}", path_of(topic, "/settings")), 400);
    CU_ASSERT_EQUAL(status_of("PATCH", "{\"settings\":{\"retention.ms\":\"1\"}}", path_of("none", "/settings")), 404);
}

static void partitions_are_added_and_never_taken_away(void)
{
    const char *topic = it_topic(&w, "grown");
    struct it_answer a;

    CU_ASSERT_EQUAL(create(topic, 2), 201);
    CU_ASSERT_EQUAL(status_of("POST", "{\"total\":4}", path_of(topic, "/partitions?dry_run=true")), 200);
    a = it_get(&w.steward, "/topics/%s", topic);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "partitions")), 2);
    it_answer_free(&a);
    a = send_json("POST", "{\"total\":4}", path_of(topic, "/partitions"));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "partitions")), 4);
    it_answer_free(&a);
    CU_ASSERT_EQUAL(status_of("POST", "{\"total\":3}", path_of(topic, "/partitions")), 400);
    CU_ASSERT_EQUAL(status_of("POST", "{\"total\":4}", path_of(topic, "/partitions")), 400);
}

static int64_t low_of(const struct it_answer *a, size_t partition)
{
    return json_integer_value(json_object_get(json_array_get(json_object_get(a->json, "partitions"), partition), "low"));
}

static void a_topic_is_emptied_in_part_and_as_a_whole(void)
{
    const char *topic = it_topic(&w, "emptied");
    struct it_answer a;

    CU_ASSERT_EQUAL(create(topic, 2), 201);
    produce(topic, 0, 3);
    produce(topic, 1, 2);
    a = send_json("POST", "", path_of(topic, "/empty?dry_run=true"));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(low_of(&a, 0), 3);
    it_answer_free(&a);
    a = send_json("POST", "{\"partitions\":[1]}", path_of(topic, "/empty"));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(low_of(&a, 0), 2); /* the one that was named */
    it_answer_free(&a);
    a = it_get(&w.steward, "/topics/%s", topic);
    CU_ASSERT_EQUAL(low_of(&a, 0), 0);
    CU_ASSERT_EQUAL(low_of(&a, 1), 2);
    it_answer_free(&a);
    CU_ASSERT_EQUAL(status_of("POST", "", path_of(topic, "/empty")), 200);
    a = it_get(&w.steward, "/topics?filter=%s", topic);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row_of(&a, topic), "messages")), 0);
    it_answer_free(&a);
}

static void a_deleted_topic_is_gone_from_the_list_at_once(void)
{
    const char *topic = it_topic(&w, "deleted");
    struct it_answer a;

    CU_ASSERT_EQUAL(create(topic, 1), 201);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(topic, "?dry_run=true")), 200);
    CU_ASSERT(listed(topic));
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(topic, "")), 204);
    CU_ASSERT_FALSE(listed(topic));
    a = it_get(&w.steward, "/topics/%s", topic);
    CU_ASSERT_EQUAL(a.status, 404);
    it_answer_free(&a);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(topic, "")), 404);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of("__consumer_offsets", "")), 403);
}

static bool has_rate(void *topic)
{
    struct it_answer a = it_get(&w.steward, "/topics");
    const json_t *row = row_of(&a, topic);
    bool yes;

    produce(topic, 0, 1);
    yes = json_number_value(json_object_get(row, "rate")) > 0 && json_integer_value(json_object_get(row, "last_write_ms")) > 0;
    it_answer_free(&a);
    return yes;
}

static void records_that_come_give_a_rate_and_a_last_write(void)
{
    char topic[64];

    snprintf(topic, sizeof topic, "%s", it_topic(&w, "busy"));
    CU_ASSERT_EQUAL(create(topic, 1), 201);
    CU_ASSERT(it_until(SEEN_MS, has_rate, topic));
}

static void a_broker_tells_its_settings(void)
{
    struct it_answer a = it_get(&w.steward, "/brokers/1/settings");

    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(setting(&a, "auto.create.topics.enable", "value"), "false");
    CU_ASSERT_STRING_EQUAL(setting(&a, "auto.create.topics.enable", "source"), "static");
    it_answer_free(&a);
}

/* ---- many ---- */

/* In one request: what is proven is the list, not how fast Kafka makes topics. */
static void create_many(const char *prefix)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_NewTopic_t *topics[MANY];
    rd_kafka_queue_t *queue;
    rd_kafka_event_t *event;
    rd_kafka_t *kafka;
    char name[96];

    rd_kafka_conf_set(conf, "bootstrap.servers", w.kafka_address, NULL, 0);
    kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    queue = rd_kafka_queue_new(kafka);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "%s-%04d", prefix, i);
        topics[i] = rd_kafka_NewTopic_new(name, 1, 1, NULL, 0);
    }
    rd_kafka_CreateTopics(kafka, topics, MANY, NULL, queue);
    event = rd_kafka_queue_poll(queue, OUTAGE_MS);
    CU_ASSERT_PTR_NOT_NULL_FATAL(event);
    CU_ASSERT_EQUAL(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy_array(topics, MANY);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(kafka);
}

static bool lists_many(void *prefix)
{
    struct it_answer a = it_get(&w.steward, "/topics?filter=%s", (const char *)prefix);
    const json_t *row;
    size_t i, known = 0;

    json_array_foreach(json_object_get(a.json, "topics"), i, row)
        known += json_is_integer(json_object_get(row, "messages"));
    it_answer_free(&a);
    return known == MANY;
}

static void a_thousand_topics_are_listed_without_asking_the_cluster(void)
{
    char prefix[64];
    int64_t start, us = INT64_MAX;

    snprintf(prefix, sizeof prefix, "%s", it_topic(&w, "many"));
    create_many(prefix);
    CU_ASSERT(it_until(OUTAGE_MS, lists_many, prefix));
    for (int i = 0; i < 10; i++) {
        struct it_answer a;

        start = kl_mono_us();
        a = it_get(&w.steward, "/topics");
        CU_ASSERT_EQUAL(a.status, 200);
        us = kl_mono_us() - start < us ? kl_mono_us() - start : us;
        it_answer_free(&a);
    }
    printf("    %d topics listed in %lld us\n", MANY, (long long)us);
    CU_ASSERT(us < 100000);
}

/* ---- read-only ---- */

static void read_only_looks_and_changes_nothing(void)
{
    static char read_only[] = "READ_ONLY=true";
    const char *topic = it_topic(&w, "kept");
    struct it_answer a;

    CU_ASSERT_EQUAL(create(topic, 1), 201);
    it_stop(&w.steward, SIGTERM);
    w.steward.env[2] = read_only;
    it_start(&w, &w.steward);
    a = it_get(&w.steward, "/cluster");
    CU_ASSERT(json_is_true(json_object_get(a.json, "read_only")));
    it_answer_free(&a);
    a = send_json("DELETE", "", path_of(topic, ""));
    CU_ASSERT_EQUAL(a.status, 403);
    CU_ASSERT_STRING_EQUAL(it_text(&a, "field"), "READ_ONLY");
    it_answer_free(&a);
    CU_ASSERT_EQUAL(create(it_topic(&w, "other"), 1), 403);
    CU_ASSERT_EQUAL(status_of("POST", "", path_of(topic, "/empty")), 403);
    CU_ASSERT(listed(topic));
    it_stop(&w.steward, SIGTERM);
    w.steward.env[2] = NULL;
    it_start(&w, &w.steward);
}

/* ---- an outage ---- */

static int readiness(void)
{
    struct it_answer a = it_get(&w.steward, "/readyz");
    int status = a.status;

    it_answer_free(&a);
    return status;
}
static bool is_unready(void *ctx) { return (void)ctx, readiness() == 503; }
static bool is_ready(void *ctx) { return (void)ctx, readiness() == 200; }

static void a_broker_that_goes_is_told_and_one_that_comes_back_is_used(void)
{
    const char *topic = it_topic(&w, "before"), *late = it_topic(&w, "after");
    struct it_answer a;
    int64_t start;
    int status;

    CU_ASSERT_EQUAL(create(topic, 1), 201);
    it_stop(&w.kafka, SIGTERM);
    CU_ASSERT(it_until(OUTAGE_MS, is_unready, NULL));
    start = kl_mono_us();
    status = create(late, 1);
    CU_ASSERT(status == 504 || status == 503);
    a = it_get(&w.steward, "/topics/%s", topic);
    CU_ASSERT(a.status == 504 || a.status == 503);
    it_answer_free(&a);
    CU_ASSERT(kl_mono_us() - start < 10000000); /* two calls, each in its time */
    CU_ASSERT(listed(topic));                   /* as it was seen last */
    it_start(&w, &w.kafka);
    CU_ASSERT(it_until(OUTAGE_MS, is_ready, NULL));
    a = it_get(&w.steward, "/topics/%s", topic);
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
    status = create(late, 1);
    CU_ASSERT(status == 201 || status == 409); /* the 504 said that nobody knew */
}

static void without_a_broker_a_stop_ends_in_time(void)
{
    int64_t start;

    it_stop(&w.kafka, SIGTERM);
    CU_ASSERT(it_until(OUTAGE_MS, is_unready, NULL));
    start = kl_mono_us();
    CU_ASSERT_EQUAL(it_stop(&w.steward, SIGTERM), 0);
    CU_ASSERT(kl_mono_us() - start < 5000000); /* sooner than a call of its own may take */
}

KL_TESTS_WITH("steward_topics", begin, end, T(a_topic_is_made_after_a_dry_run_that_made_none_and_a_second_time_is_a_409),
              T(what_the_broker_refuses_is_a_400_in_its_words), T(settings_are_merged_and_null_puts_one_back),
              T(partitions_are_added_and_never_taken_away), T(a_topic_is_emptied_in_part_and_as_a_whole),
              T(a_deleted_topic_is_gone_from_the_list_at_once), T(records_that_come_give_a_rate_and_a_last_write), T(a_broker_tells_its_settings),
              T(a_thousand_topics_are_listed_without_asking_the_cluster), T(read_only_looks_and_changes_nothing),
              T(a_broker_that_goes_is_told_and_one_that_comes_back_is_used), T(without_a_broker_a_stop_ends_in_time))
