/* The steward shows what is in a topic: pages from everywhere, both ways, over the holes that transactions leave; null, empty and
 * binary keys and values, headers; a value too long for a page, cut there and whole alone. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "it.h"

#define SEEN_MS 20000
#define HUGE    900000 /* bytes of a value that a broker just takes */

static struct it_world w;
static int64_t hour_ago_ms; /* messages' times: old, and safe from retention */

/* ---- making topics and messages ---- */

static const char *create(const char *name, int partitions)
{
    const char *topic = it_topic(&w, name);
    char body[256];
    struct it_answer a;

    snprintf(body, sizeof body, "{\"name\":\"%s\",\"partitions\":%d}", topic, partitions);
    a = it_call(&w.steward, "POST", "Content-Type: application/json", body, strlen(body), "/topics");
    CU_ASSERT_EQUAL_FATAL(a.status, 201);
    it_answer_free(&a);
    return topic;
}

static rd_kafka_t *producer(const char *transactional_id)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char why[256];
    rd_kafka_t *rk;

    rd_kafka_conf_set(conf, "bootstrap.servers", w.kafka_address, NULL, 0);
    if (transactional_id)
        rd_kafka_conf_set(conf, "transactional.id", transactional_id, NULL, 0);
    rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rk);
    return rk;
}

struct message {
    int32_t     partition;
    int64_t     ms;            /* after hour_ago_ms */
    const void *key;   size_t key_len;   /* NULL: null */
    const void *value; size_t value_len;
    const char *header;        /* NULL: none; its value is the bytes fe ff */
};

static void produce(rd_kafka_t *rk, const char *topic, const struct message *m)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(1);

    if (m->header) {
        rd_kafka_header_add(headers, m->header, -1, "\xfe\xff", 2);
        rd_kafka_header_add(headers, "none", -1, NULL, 0);
    }
    CU_ASSERT_EQUAL(rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(m->partition), RD_KAFKA_V_KEY(m->key, m->key_len),
                                      RD_KAFKA_V_VALUE((void *)m->value, m->value_len), RD_KAFKA_V_TIMESTAMP(hour_ago_ms + m->ms),
                                      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
                    RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* Numbered values from..to-1 into a partition, a millisecond apart. */
static void produce_numbers(rd_kafka_t *rk, const char *topic, int32_t partition, int from, int to)
{
    for (int i = from; i < to; i++) {
        char value[16];

        snprintf(value, sizeof value, "%d", i);
        produce(rk, topic, &(struct message){ .partition = partition, .ms = i, .value = value, .value_len = strlen(value) });
    }
    CU_ASSERT_EQUAL(rd_kafka_flush(rk, SEEN_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* ---- pages ---- */

static struct it_answer page(const char *topic, const char *query)
{
    struct it_answer a = it_get(&w.steward, "/topics/%s/messages?%s", topic, query);

    CU_ASSERT_EQUAL(a.status, 200);
    return a;
}

/* "17 18 19", the values on the page. */
static const char *values(const struct it_answer *a)
{
    static char texts[4][4096];
    static unsigned next;
    char *out = texts[next++ % 4];
    size_t i, len = 0;
    json_t *m;

    out[0] = 0;
    json_array_foreach(json_object_get(a->json, "messages"), i, m)
        len += (size_t)snprintf(out + len, sizeof texts[0] - len, "%s%s", i ? " " : "", json_string_value(json_object_get(m, "value")));
    return out;
}

static void page_is(const char *topic, const char *query, const char *want)
{
    struct it_answer a = page(topic, query);

    CU_ASSERT_STRING_EQUAL(values(&a), want);
    CU_ASSERT(json_is_true(json_object_get(a.json, "whole")));
    it_answer_free(&a);
}

/* Goes on from a page by its cursor; takes a. */
static struct it_answer turn(struct it_answer a, const char *topic, const char *cursor)
{
    char query[512];

    snprintf(query, sizeof query, "limit=%zu&cursor=%s", json_array_size(json_object_get(a.json, "messages")), it_text(&a, cursor));
    it_answer_free(&a);
    return page(topic, query);
}

static void pages_begin_anywhere_and_go_both_ways(void)
{
    char topic[64], query[128];
    rd_kafka_t *rk = producer(NULL);
    struct it_answer a;

    snprintf(topic, sizeof topic, "%s", create("pages", 1));
    produce_numbers(rk, topic, 0, 0, 20);
    rd_kafka_destroy(rk);
    page_is(topic, "limit=3", "17 18 19");
    page_is(topic, "limit=3&from=beginning", "0 1 2");
    page_is(topic, "limit=3&from=5&partition=0", "5 6 7");
    page_is(topic, "limit=3&from=5&partition=0&direction=backward", "2 3 4");
    snprintf(query, sizeof query, "limit=3&from=time:%lld", (long long)hour_ago_ms + 9);
    page_is(topic, query, "9 10 11");
    page_is(topic, "limit=3&from=time:9999999999999", "");
    page_is(topic, "limit=3&from=end&direction=forward", "");

    a = page(topic, "limit=3&from=beginning");
    CU_ASSERT(json_is_null(json_object_get(a.json, "previous")));
    a = turn(a, topic, "next");
    CU_ASSERT_STRING_EQUAL(values(&a), "3 4 5");
    a = turn(a, topic, "next");
    CU_ASSERT_STRING_EQUAL(values(&a), "6 7 8");
    a = turn(a, topic, "previous");
    CU_ASSERT_STRING_EQUAL(values(&a), "3 4 5");
    a = turn(a, topic, "previous");
    CU_ASSERT_STRING_EQUAL(values(&a), "0 1 2");
    CU_ASSERT(json_is_null(json_object_get(a.json, "previous")));
    it_answer_free(&a);
}

static void partitions_are_merged_by_time(void)
{
    char topic[64];
    rd_kafka_t *rk = producer(NULL);
    struct it_answer a;

    snprintf(topic, sizeof topic, "%s", create("merged", 3));
    produce_numbers(rk, topic, 0, 0, 3);
    produce_numbers(rk, topic, 2, 3, 6);
    produce_numbers(rk, topic, 0, 6, 9);
    rd_kafka_destroy(rk);
    page_is(topic, "from=beginning", "0 1 2 3 4 5 6 7 8");
    page_is(topic, "partition=0", "0 1 2 6 7 8");
    page_is(topic, "partition=1", "");
    a = page(topic, "limit=5&from=beginning");
    CU_ASSERT_STRING_EQUAL(values(&a), "0 1 2 3 4");
    a = turn(a, topic, "next");
    CU_ASSERT_STRING_EQUAL(values(&a), "5 6 7 8");
    a = turn(a, topic, "previous");
    CU_ASSERT_STRING_EQUAL(values(&a), "1 2 3 4"); /* a page is as long as was asked */
    it_answer_free(&a);
    a = page(topic, "limit=5");
    CU_ASSERT_STRING_EQUAL(values(&a), "4 5 6 7 8");
    a = turn(a, topic, "previous");
    CU_ASSERT_STRING_EQUAL(values(&a), "0 1 2 3");
    it_answer_free(&a);
}

/* Each transaction ends with a mark that has an offset and is no message; those of one that was aborted are none either. */
static void transactions_leave_holes_that_no_page_minds(void)
{
    char topic[64];
    rd_kafka_t *rk = producer(it_topic(&w, "transactions"));
    struct it_answer a;

    snprintf(topic, sizeof topic, "%s", create("holes", 1));
    CU_ASSERT_PTR_NULL(rd_kafka_init_transactions(rk, SEEN_MS));
    for (int t = 0; t < 10; t++) { /* offsets 6t..6t+4 and the mark at 6t+5 */
        CU_ASSERT_PTR_NULL(rd_kafka_begin_transaction(rk));
        produce_numbers(rk, topic, 0, 5 * t, 5 * t + 5);
        CU_ASSERT_PTR_NULL(t % 4 == 1 || t == 9 ? rd_kafka_abort_transaction(rk, SEEN_MS) : rd_kafka_commit_transaction(rk, SEEN_MS));
    }
    rd_kafka_destroy(rk);
    page_is(topic, "limit=7", "38 39 40 41 42 43 44"); /* 45 to 49 were aborted */
    page_is(topic, "limit=7&from=beginning", "0 1 2 3 4 10 11");
    page_is(topic, "limit=3&partition=0&from=12&direction=backward", "2 3 4"); /* 5 to 9 were aborted */
    a = page(topic, "limit=12");
    CU_ASSERT_STRING_EQUAL(values(&a), "33 34 35 36 37 38 39 40 41 42 43 44");
    a = turn(a, topic, "previous");
    CU_ASSERT_STRING_EQUAL(values(&a), "16 17 18 19 20 21 22 23 24 30 31 32");
    a = turn(a, topic, "previous");
    CU_ASSERT_STRING_EQUAL(values(&a), "0 1 2 3 4 10 11 12 13 14 15");
    CU_ASSERT(json_is_null(json_object_get(a.json, "previous")));
    it_answer_free(&a);
    a = it_get(&w.steward, "/topics/%s/messages/0/5", topic);
    CU_ASSERT_EQUAL(a.status, 404);
    it_answer_free(&a);
}

/* ---- what a message is ---- */

static json_t *message(const struct it_answer *a, size_t i)
{
    return json_array_get(json_object_get(a->json, "messages"), i);
}

static const char *text(json_t *m, const char *member)
{
    const char *value = json_string_value(json_object_get(m, member));

    return value ? value : "(none)";
}

static void nothing_of_a_message_is_lost(void)
{
    char topic[64];
    rd_kafka_t *rk = producer(NULL);
    struct it_answer a;
    json_t *header;

    snprintf(topic, sizeof topic, "%s", create("lossless", 1));
    produce(rk, topic, &(struct message){ .key = "\xff\x00k", .key_len = 3, .value = "\x80", .value_len = 1, .header = "raw" });
    produce(rk, topic, &(struct message){ .ms = 1, .key = "k", .key_len = 1 });
    produce(rk, topic, &(struct message){ .ms = 2, .value = "", .value_len = 0 });
    CU_ASSERT_EQUAL(rd_kafka_flush(rk, SEEN_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_destroy(rk);
    a = page(topic, "partition=0");
    CU_ASSERT_STRING_EQUAL(text(message(&a, 0), "key_base64"), "/wBr");
    CU_ASSERT_STRING_EQUAL(text(message(&a, 0), "value_base64"), "gA==");
    CU_ASSERT_STRING_EQUAL(text(message(&a, 0), "timestamp_type"), "create_time");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(message(&a, 0), "timestamp_ms")), hour_ago_ms);
    header = json_array_get(json_object_get(message(&a, 0), "headers"), 0);
    CU_ASSERT_STRING_EQUAL(text(header, "name"), "raw");
    CU_ASSERT_STRING_EQUAL(text(header, "value_base64"), "/v8=");
    CU_ASSERT(json_is_null(json_object_get(json_array_get(json_object_get(message(&a, 0), "headers"), 1), "value")));
    CU_ASSERT_STRING_EQUAL(text(message(&a, 1), "key"), "k");
    CU_ASSERT(json_is_null(json_object_get(message(&a, 1), "value"))); /* a tombstone */
    CU_ASSERT(json_is_null(json_object_get(message(&a, 1), "value_bytes")));
    CU_ASSERT(json_is_null(json_object_get(message(&a, 2), "key")));
    CU_ASSERT_STRING_EQUAL(text(message(&a, 2), "value"), "");
    it_answer_free(&a);
}

static void a_message_of_the_producer_has_its_id(void)
{
    const char *topic = create("ids", 1);
    struct it_answer sent = it_post(&w.producer, "x", "/produce/%s/k", topic), a;

    CU_ASSERT_EQUAL(sent.status, 200);
    a = page(topic, "");
    CU_ASSERT_STRING_EQUAL(text(message(&a, 0), "id"), it_text(&sent, "id"));
    CU_ASSERT_EQUAL(json_array_size(json_object_get(message(&a, 0), "headers")), 1); /* not the producer's own, which is the id */
    CU_ASSERT_STRING_EQUAL(text(json_array_get(json_object_get(message(&a, 0), "headers"), 0), "name"), "content-type");
    it_answer_free(&a);
    it_answer_free(&sent);
}

static void a_huge_value_is_cut_on_a_page_and_whole_alone(void)
{
    char topic[64], *huge = malloc(HUGE);
    rd_kafka_t *rk = producer(NULL);
    struct it_answer a;

    snprintf(topic, sizeof topic, "%s", create("huge", 1));
    memset(huge, 'x', HUGE);
    for (int i = 0; i < 30; i++)
        produce(rk, topic, &(struct message){ .ms = i, .value = huge, .value_len = HUGE });
    CU_ASSERT_EQUAL(rd_kafka_flush(rk, SEEN_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_destroy(rk);
    free(huge);
    a = page(topic, "limit=20");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "messages")), 20);
    CU_ASSERT(json_is_true(json_object_get(message(&a, 0), "cut")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(message(&a, 0), "value_bytes")), HUGE);
    CU_ASSERT_EQUAL(strlen(text(message(&a, 19), "value")), 65536);
    it_answer_free(&a);
    a = it_get(&w.steward, "/topics/%s/messages/0/29", topic);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(strlen(it_text(&a, "value")), HUGE);
    CU_ASSERT(json_is_false(json_object_get(a.json, "cut")));
    it_answer_free(&a);
}

/* ---- what cannot be shown ---- */

static int status_of(const char *path)
{
    struct it_answer a = it_get(&w.steward, "%s", path);
    int status = a.status;

    it_answer_free(&a);
    return status;
}

static void is(const char *topic, const char *rest, int status)
{
    char path[256];

    snprintf(path, sizeof path, "/topics/%s/messages%s", topic, rest);
    CU_ASSERT_EQUAL(status_of(path), status);
}

static void what_is_not_there_is_said(void)
{
    char topic[64], body[] = "", path[160];
    rd_kafka_t *rk = producer(NULL);
    struct it_answer a;

    snprintf(topic, sizeof topic, "%s", create("absent", 1));
    produce_numbers(rk, topic, 0, 0, 5);
    rd_kafka_destroy(rk);
    is("nowhere", "", 404);
    is("nowhere", "/0/0", 404);
    is(topic, "?partition=1", 404);
    is(topic, "?from=3", 400);          /* of which partition? */
    is(topic, "?from=yesterday", 400);
    is(topic, "?limit=501", 400);
    is(topic, "?direction=up", 400);
    is(topic, "?cursor=nonsense", 400);
    is(topic, "?cursor=f1-0", 404);
    is(topic, "?cursor=f0-0&from=end", 400);
    is(topic, "/0/5", 404);
    is(topic, "/1/0", 404);
    is(topic, "/0/x", 400);
    snprintf(path, sizeof path, "/topics/%s/empty", topic);
    a = it_call(&w.steward, "POST", NULL, body, 0, "%s", path);
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
    is(topic, "/0/4", 410);
    page_is(topic, "", "");
}

static int begin(void)
{
    hour_ago_ms = kl_wall_us() / 1000 - 3600000;
    return it_begin(&w, IT_PRODUCER | IT_STEWARD);
}
static int end(void) { return it_end(&w); }

KL_TESTS_WITH("steward_messages", begin, end,
              T(pages_begin_anywhere_and_go_both_ways),
              T(partitions_are_merged_by_time),
              T(transactions_leave_holes_that_no_page_minds),
              T(nothing_of_a_message_is_lost),
              T(a_message_of_the_producer_has_its_id),
              T(a_huge_value_is_cut_on_a_page_and_whole_alone),
              T(what_is_not_there_is_said))
