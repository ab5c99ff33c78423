/* The consumer's doors over HTTP: a real server, a real store, a feed on librdkafka's mock cluster. On a SQLite file, and on
 * PostgreSQL, where besides another consumer may be the one that stores. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "consumer.h"
#include "httpc.h"
#include "log.h"
#include "message_id.h"
#include "reading.h"
#include "store.h"
#include "test.h"
#include "test_dir.h"
#include "test_pg.h"
#include "timer.h"
#include "waiters.h"
#include "watch.h"

#define WAIT_MS 20000
#define READERS 3 /* connections to PostgreSQL, one of them for who waits */

static bool on_pg;
static char dir[TEST_DIR_BYTES], where[TEST_PG_URL_BYTES];
static struct consumer_conf conf = { .store_file = where, .retention_ms = INT64_C(7) * 86400000, .receipts_max = 10000000, .waiters_max = 3,
                                     .metadata_ms = 100, .batch_max = 1000 };
static struct consumer consumer = { .conf = &conf };
static struct store *other; /* another consumer's, on the same database; NULL: there is none */
static struct kl_http *http;
static rd_kafka_t *producer;
static int64_t number;

/* ---- a consumer ---- */

static void parts_open(void)
{
    struct store_conf store = { .where = where, .retention_ms = conf.retention_ms, .receipts_max = conf.receipts_max,
                                .batch_max = (size_t)conf.batch_max, .stored = waiters_news };
    struct readers_conf readers = { .store = where, .migrations = store_migrations(), .retention_ms = conf.retention_ms, .connections = READERS };
    struct readings_conf readings = { .threads = on_pg ? 2 : 0, .waiting_max = 4 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(kl_timers_start(&consumer.timers, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(waiters_new(&consumer.waiters, consumer.timers, conf.waiters_max, &err), KL_OK);
    store.stored_ctx = consumer.waiters;
    CU_ASSERT_EQUAL_FATAL(store_open(&consumer.store, &store, &err), KL_OK);
    readers.keys = store_keys(consumer.store);
    CU_ASSERT_EQUAL_FATAL(readers_open(&consumer.readers, &readers, &err), KL_OK);
    readings.readers = consumer.readers;
    CU_ASSERT_EQUAL_FATAL(readings_open(&consumer.readings, &readings, &err), KL_OK);
    consumer.watch = NULL;
    if (on_pg)
        CU_ASSERT_EQUAL_FATAL(watch_start(&consumer.watch, consumer.readers, consumer.waiters, conf.waiters_max, &err), KL_OK);
}

static void other_open(void)
{
    struct store_conf store = { .where = where, .retention_ms = conf.retention_ms, .receipts_max = conf.receipts_max,
                                .batch_max = (size_t)conf.batch_max };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(store_open(&other, &store, &err), KL_OK);
}

static void feed_open(void)
{
    struct kl_feed_store store = store_feed(other ? other : consumer.store);
    struct kl_feed_conf feed = { .kafka = rd_kafka_conf_new(), .metadata_ms = conf.metadata_ms, .batch_max = (size_t)conf.batch_max };
    struct kl_error err;

    rd_kafka_conf_set(feed.kafka, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(rd_kafka_handle_mock_cluster(producer)), NULL, 0);
    rd_kafka_conf_set(feed.kafka, "fetch.wait.max.ms", "20", NULL, 0);
    CU_ASSERT_EQUAL_FATAL(kl_feed_start(&consumer.feed, &feed, &store, &err), KL_OK);
}

static void place_make(void)
{
    test_dir_make(dir);
    if (on_pg)
        test_pg_database(where);
    else
        snprintf(where, sizeof where, "%s/receipts.db", dir);
}

static void begin_beside(bool another)
{
    rd_kafka_conf_t *kafka = rd_kafka_conf_new();
    struct kl_http_conf door = { .service = "test", .address = "127.0.0.1", .threads = 2, .ctx = &consumer, .routes = consumer_routes };
    struct kl_error err;

    kl_log_init("test", KL_ERROR, false);
    place_make();
    rd_kafka_conf_set(kafka, "test.mock.num.brokers", "1", NULL, 0);
    rd_kafka_conf_set(kafka, "log_level", "3", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, kafka, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(producer);
    rd_kafka_mock_topic_create(rd_kafka_handle_mock_cluster(producer), "orders", 1, 1);
    parts_open();
    if (another)
        other_open();
    feed_open();
    CU_ASSERT_EQUAL_FATAL(kl_http_start(&http, &door, &err), KL_OK);
    number = 0;
}

static void begin(void)
{
    begin_beside(false);
}

static void end(void)
{
    waiters_end(consumer.waiters);
    watch_stop(consumer.watch);
    readings_end(consumer.readings);
    kl_http_stop(http);
    kl_feed_stop(consumer.feed);
    readings_close(consumer.readings);
    readers_close(consumer.readers);
    store_close(consumer.store);
    store_close(other);
    other = NULL;
    waiters_free(consumer.waiters);
    kl_timers_stop(consumer.timers);
    rd_kafka_destroy(producer);
    test_dir_remove(dir);
}

/* ---- messages and questions ---- */

static void produce(struct kl_uuid *id, const char *key)
{
    struct kl_message_id m = { .start = 7, .number = ++number, .accepted_us = kl_wall_us() };
    char header[KL_MESSAGE_ID_MAX];
    size_t len;

    m.id = *id;
    len = kl_message_id_write(&m, header);
    CU_ASSERT_EQUAL(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("orders"), RD_KAFKA_V_KEY(key, strlen(key)),
                                      RD_KAFKA_V_VALUE((void *)"value", 5), RD_KAFKA_V_HEADER(KL_MESSAGE_ID_HEADER, header, (ssize_t)len),
                                      RD_KAFKA_V_END), RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

struct answer { int status; json_t *json; };

static struct answer call(const char *method, const char *body, const char *place)
{
    struct answer a;
    struct kl_httpc_answer raw;
    struct kl_error err;
    char url[1024];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", kl_http_port(http), place);
    CU_ASSERT_EQUAL_FATAL(kl_httpc(&(struct kl_httpc_call){ .method = method, .url = url, .body = body, .len = body ? strlen(body) : 0,
                                                            .timeout_ms = WAIT_MS }, &raw, &err), KL_OK);
    a.status = raw.status;
    a.json = json_loadb(raw.body.data ? raw.body.data : "", raw.body.len, 0, NULL);
    kl_httpc_fini(&raw);
    return a;
}

static struct answer get(const char *format, ...)
{
    char place[900];
    va_list args;

    va_start(args, format);
    vsnprintf(place, sizeof place, format, args);
    va_end(args);
    return call("GET", NULL, place);
}

static const char *text(const struct answer *a, const char *name)
{
    const char *value = json_string_value(json_object_get(a->json, name));

    return value ? value : "";
}

static char *id_text(const struct kl_uuid *id)
{
    static char out[KL_UUID_TEXT + 1];

    kl_uuid_text(id, out);
    return out;
}

static void consumed(struct kl_uuid *id, const char *key)
{
    struct answer a;

    kl_uuid7(id);
    produce(id, key);
    a = get("/status/%s?wait=consumed&timeout_ms=15000", id_text(id));
    CU_ASSERT_EQUAL(a.status, 200);
    json_decref(a.json);
}

/* ---- receipts ---- */

static void receipt_is_answered_by_id_and_by_place(void)
{
    struct answer by_id, by_place, by_name;
    struct kl_uuid id;

    begin();
    consumed(&id, "customer-9");
    by_id = get("/status/%s", id_text(&id));
    by_place = get("/status/orders/0/0");
    by_name = get("/status/orders%%2F0%%2F0");
    CU_ASSERT_EQUAL(by_id.status, 200);
    CU_ASSERT_STRING_EQUAL(text(&by_id, "state"), "consumed");
    CU_ASSERT_STRING_EQUAL(text(&by_id, "key"), "customer-9");
    CU_ASSERT(json_equal(by_id.json, by_place.json));
    CU_ASSERT(json_equal(by_id.json, by_name.json));
    json_decref(by_id.json);
    json_decref(by_place.json);
    json_decref(by_name.json);
    end();
}

static void receipt_that_is_waited_for_comes_with_the_message(void)
{
    struct kl_uuid id;
    int64_t begun;
    struct answer a;

    begin();
    consumed(&id, "first");
    kl_uuid7(&id);
    begun = kl_mono_us();
    a = get("/status/%s?wait=consumed&timeout_ms=50", id_text(&id)); /* nobody sends it */
    CU_ASSERT_EQUAL(a.status, 504);
    CU_ASSERT(kl_mono_us() - begun >= 50000);
    CU_ASSERT(json_is_null(json_object_get(a.json, "receipt")));
    CU_ASSERT_PTR_NOT_NULL(json_object_get(a.json, "receipt"));
    CU_ASSERT_STRING_EQUAL(text(&a, "id"), id_text(&id));
    json_decref(a.json);
    produce(&id, "second"); /* it is sent after all */
    a = get("/status/%s?wait=acked&timeout_ms=15000", id_text(&id));
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(text(&a, "key"), "second");
    json_decref(a.json);
    end();
}

struct asker { pthread_t thread; char place[200]; struct answer answer; };

static void *ask(void *ctx)
{
    struct asker *asker = ctx;

    asker->answer = call("GET", NULL, asker->place);
    return NULL;
}

static void asker_start(struct asker *asker, const char *place)
{
    snprintf(asker->place, sizeof asker->place, "%s", place);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&asker->thread, NULL, ask, asker), 0);
}

static void until_waiting(int64_t n)
{
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; waiters_count(consumer.waiters) != n && kl_mono_us() < deadline;)
        kl_sleep_ms(1);
    CU_ASSERT_EQUAL(waiters_count(consumer.waiters), n);
}

static void receipt_waits_are_bounded_and_end_with_the_service(void)
{
    struct asker askers[3];
    struct answer a;

    begin();
    for (int i = 0; i < 3; i++) {
        char place[100];

        snprintf(place, sizeof place, "/status/orders/0/%d?wait=consumed&timeout_ms=60000", 100 + i);
        asker_start(&askers[i], place);
    }
    until_waiting(3);
    a = get("/status/orders/0/200?wait=consumed&timeout_ms=60000");
    CU_ASSERT_EQUAL(a.status, 503);
    json_decref(a.json);
    waiters_end(consumer.waiters);
    for (int i = 0; i < 3; i++) {
        pthread_join(askers[i].thread, NULL);
        CU_ASSERT_EQUAL(askers[i].answer.status, 503);
        json_decref(askers[i].answer.json);
    }
    end();
}

static void receipts_of_many_ids_come_in_their_order(void)
{
    struct kl_uuid first, second, unknown;
    char body[400];
    json_t *list;
    struct answer a;
    int n;

    begin();
    consumed(&first, "a");
    consumed(&second, "b");
    kl_uuid7(&unknown);
    n = snprintf(body, sizeof body, "{\"ids\":[\"%s\",", id_text(&second));
    n += snprintf(body + n, sizeof body - (size_t)n, "\"%s\",\"orders/0/0\",\"01000000-0000-7000-8000-000000000000\"]}", id_text(&unknown));
    a = call("POST", body, "/status");
    list = json_object_get(a.json, "receipts");
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(json_array_size(list), 4);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(list, 0), "key")), "b");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(list, 1), "state")), "unknown");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(list, 1), "id")), id_text(&unknown));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(list, 2), "key")), "a");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(list, 3), "state")), "expired");
    json_decref(a.json);
    end();
}

static void receipts_are_listed_page_by_page(void)
{
    struct kl_uuid id;
    char next[40];
    struct answer a;

    begin();
    for (int i = 0; i < 5; i++)
        consumed(&id, i % 2 ? "odd" : "even");
    a = get("/receipts?topic=orders&limit=3");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "receipts")), 3);
    snprintf(next, sizeof next, "%s", text(&a, "next"));
    json_decref(a.json);
    a = get("/receipts?topic=orders&limit=3&before=%s", next);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "receipts")), 2);
    CU_ASSERT(json_is_null(json_object_get(a.json, "next")));
    json_decref(a.json);
    a = get("/receipts?key=odd");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "receipts")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(a.json, "key_index"), "behind")), on_pg ? 0 : 5);
    json_decref(a.json);
    a = get("/receipts?key_base64=ZXZlbg==");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "receipts")), 3);
    json_decref(a.json);
    end();
}

/* ---- totals ---- */

static void status_counts_messages_not_bytes(void)
{
    struct kl_uuid id;
    struct answer a;
    json_t *row;

    begin();
    consumed(&id, "k");
    consumed(&id, "k");
    a = get("/status");
    row = json_array_get(json_object_get(a.json, "by_topic"), 0);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "n_consumed")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "bytes")), 10);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(a.json, "latency_us"), "count")), 2);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(row, "topic")), "orders");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row, "n_consumed")), 2);
    CU_ASSERT(json_is_null(json_object_get(a.json, "paused")));
    CU_ASSERT(strlen(text(&a, "cluster")) > 0);
    CU_ASSERT(strlen(text(&a, "since")) > 0);
    json_decref(a.json);
    a = get("/latency?topic=orders&window=15m");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "count")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "step_s")), 60);
    CU_ASSERT(json_array_size(json_object_get(a.json, "buckets")) >= 1);
    CU_ASSERT(json_array_size(json_object_get(a.json, "steps")) >= 1);
    json_decref(a.json);
    a = get("/latency?window=7d");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "count")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "step_s")), 3600);
    json_decref(a.json);
    end();
}

/* ---- wrong input ---- */

struct wrong { const char *method, *body, *place; int status; const char *field; };

static const struct wrong wrongs[] = {
    { "GET", NULL, "/status/not-an-id", 400, "id" },
    { "GET", NULL, "/status/", 400, "id" },
    { "GET", NULL, "/status/orders%2F0", 400, "id" },
    { "GET", NULL, "/status/00000000-0000-4000-8000-000000000000%00", 400, "id" },
    { "GET", NULL, "/status/00000000-0000-4000-8000-000000000000", 404, "" },
    { "GET", NULL, "/status/01000000-0000-7000-8000-000000000000", 410, "" },
    { "GET", NULL, "/status/00000000-0000-4000-8000-000000000000?wait=eaten", 400, "wait" },
    { "GET", NULL, "/status/00000000-0000-4000-8000-000000000000?wait=acked&timeout_ms=60001", 400, "timeout_ms" },
    { "GET", NULL, "/status/00000000-0000-4000-8000-000000000000?wait=acked&timeout_ms=-1", 400, "timeout_ms" },
    { "GET", NULL, "/status/or%20ders/0/1", 400, "topic" },
    { "GET", NULL, "/status/orders/zero/1", 400, "partition" },
    { "GET", NULL, "/status/orders/2147483648/1", 400, "partition" },
    { "GET", NULL, "/status/orders/0/-1", 400, "offset" },
    { "GET", NULL, "/status/orders/0/9223372036854775808", 400, "offset" },
    { "GET", NULL, "/status/orders/0/9223372036854775807", 404, "" },
    { "POST", "", "/status", 400, "" },
    { "POST", "{\"ids\":", "/status", 400, "" },
    { "POST", "[]", "/status", 400, "ids" },
    { "POST", "{\"ids\":[1]}", "/status", 400, "ids" },
    { "POST", "{\"ids\":[\"x\"]}", "/status", 400, "ids" },
    { "GET", NULL, "/receipts?topic=a%2Fb", 400, "topic" },
    { "GET", NULL, "/receipts?limit=0", 400, "limit" },
    { "GET", NULL, "/receipts?limit=1001", 400, "limit" },
    { "GET", NULL, "/receipts?limit=ten", 400, "limit" },
    { "GET", NULL, "/receipts?since=yesterday", 400, "since" },
    { "GET", NULL, "/receipts?until=tomorrow", 400, "until" },
    { "GET", NULL, "/receipts?before=junk", 400, "before" },
    { "GET", NULL, "/receipts?key_base64=!!", 400, "key_base64" },
    { "GET", NULL, "/receipts?key=a&key_base64=YQ==", 400, "key_base64" },
    { "GET", NULL, "/latency?window=ages", 400, "window" },
    { "GET", NULL, "/latency?window=59s", 400, "window" },
    { "GET", NULL, "/latency?window=8d", 400, "window" },
    { "GET", NULL, "/latency?window=h", 400, "window" },
    { "GET", NULL, "/latency?window=1hh", 400, "window" },
    { "GET", NULL, "/latency?window=99999999999999999999d", 400, "window" },
    { "GET", NULL, "/latency?topic=..", 400, "topic" },
    { "DELETE", NULL, "/receipts", 405, "" },
    { "GET", NULL, "/nothing", 404, "path" },
};

static void doors_name_what_is_wrong(void)
{
    begin();
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct answer a = call(wrongs[i].method, wrongs[i].body, wrongs[i].place);

        CU_ASSERT_EQUAL(a.status, wrongs[i].status);
        CU_ASSERT_STRING_EQUAL(text(&a, "field"), wrongs[i].field);
        CU_ASSERT(strlen(text(&a, "detail")) > 0);
        if (a.status != wrongs[i].status || strcmp(text(&a, "field"), wrongs[i].field))
            fprintf(stderr, "\n%s %s: %d %s\n", wrongs[i].method, wrongs[i].place, a.status, text(&a, "field"));
        json_decref(a.json);
    }
    end();
}

static void too_many_ids_are_refused_with_the_limit(void)
{
    struct kl_buf body;
    struct answer a;

    begin();
    kl_buf_init(&body, 1 << 20);
    kl_buf_adds(&body, "{\"ids\":[\"orders/0/0\"");
    for (int i = 0; i < 1000; i++)
        kl_buf_adds(&body, ",\"orders/0/0\"");
    kl_buf_adds(&body, "]}");
    a = call("POST", body.data, "/status");
    CU_ASSERT_EQUAL(a.status, 413);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "limit")), 1000);
    json_decref(a.json);
    kl_buf_fini(&body);
    end();
}

/* ---- where consumers share the store ---- */

static int64_t consumed_by(struct answer *a)
{
    return json_integer_value(json_object_get(a->json, "n_consumed"));
}

static void receipt_that_another_consumer_stores_is_waited_for(void)
{
    struct asker by_id, by_place;
    struct kl_uuid id;
    char place[100];

    begin_beside(true);
    kl_uuid7(&id);
    snprintf(place, sizeof place, "/status/%s?wait=consumed&timeout_ms=20000", id_text(&id));
    asker_start(&by_id, place);
    asker_start(&by_place, "/status/orders/0/0?wait=consumed&timeout_ms=20000");
    until_waiting(2);
    produce(&id, "elsewhere");
    pthread_join(by_id.thread, NULL);
    pthread_join(by_place.thread, NULL);
    CU_ASSERT_EQUAL(by_id.answer.status, 200);
    CU_ASSERT_STRING_EQUAL(text(&by_id.answer, "key"), "elsewhere");
    CU_ASSERT(json_equal(by_id.answer.json, by_place.answer.json));
    json_decref(by_id.answer.json);
    json_decref(by_place.answer.json);
    end();
}

/* This one's feed reads nothing, so its upkeep is called here. */
static void status_tells_what_all_consumers_have_stored(void)
{
    struct kl_feed_store feed;
    struct kl_error err;
    struct kl_uuid id;
    struct answer a;
    bool contacted;
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    begin_beside(true);
    consumed(&id, "k");
    consumed(&id, "k");
    feed = store_feed(consumer.store);
    CU_ASSERT_EQUAL_FATAL(feed.cluster(feed.ctx, kl_feed_cluster(consumer.feed), &contacted, &err), KL_OK);
    CU_ASSERT(contacted);
    a = get("/status");
    CU_ASSERT_EQUAL(consumed_by(&a), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(a.json, "latency_us"), "count")), 2);
    CU_ASSERT_DOUBLE_EQUAL(json_number_value(json_object_get(a.json, "rate")), 0, 0.001); /* nobody knows when they came */
    json_decref(a.json);
    consumed(&id, "k");
    do {
        feed.upkeep(feed.ctx);
        a = get("/status");
        contacted = consumed_by(&a) == 3 && json_integer_value(json_object_get(json_object_get(a.json, "latency_us"), "count")) == 3;
        json_decref(a.json);
    } while (!contacted && kl_mono_us() < deadline);
    CU_ASSERT(contacted);
    end();
}

static void answers_are_503_while_the_database_is_away(void)
{
    int64_t deadline, since_us;
    struct kl_uuid id;
    struct answer a;

    begin();
    consumed(&id, "k");
    test_pg_stop(SIGINT); /* nothing of what was told is lost, as it may be in a crash */
    since_us = kl_mono_us();
    for (int i = 0; i < 10; i++) {
        a = get("/status/%s", id_text(&id));
        CU_ASSERT_EQUAL(a.status, 503);
        CU_ASSERT(json_integer_value(json_object_get(a.json, "retry_after_s")) > 0);
        json_decref(a.json);
    }
    CU_ASSERT(kl_mono_us() - since_us < 2000000);
    a = get("/status");
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(consumed_by(&a), 1);
    json_decref(a.json);
    CU_ASSERT_EQUAL(test_pg_start(), 0);
    deadline = kl_mono_us() + WAIT_MS * 1000;
    do {
        a = get("/status/%s", id_text(&id));
        json_decref(a.json);
    } while (a.status == 503 && kl_mono_us() < deadline);
    CU_ASSERT_EQUAL(a.status, 200);
    consumed(&id, "and it goes on");
    end();
}

/* They are made beside what goes on, one after the other; until then requests that find none are refused. */
static void until_connected(void)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;
    struct reader *readers[READERS];
    struct kl_error err;
    int n = 0;

    while (n < READERS && kl_mono_us() < deadline)
        if (readers_take(consumer.readers, &readers[n], &err))
            kl_sleep_ms(1);
        else
            n++;
    CU_ASSERT_EQUAL(n, READERS);
    while (n > 0)
        readers_give(consumer.readers, readers[--n]);
}

/* So many readings stand at a locked table. */
static void until_held(PGconn *look, int readings)
{
    static const char HELD[] = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                               " AND query LIKE '%r.headers_bytes%'";
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;
    int held;

    do {
        PGresult *rows = PQexec(look, HELD);

        held = atoi(PQgetvalue(rows, 0, 0));
        PQclear(rows);
    } while (held != readings && kl_mono_us() < deadline);
    CU_ASSERT_EQUAL(held, readings);
}

static void until_reading(int64_t waiting)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (readings_waiting(consumer.readings) != waiting && kl_mono_us() < deadline)
        kl_sleep_ms(1);
    CU_ASSERT_EQUAL(readings_waiting(consumer.readings), waiting);
}

/* Locked tables are what a slow database looks like. The two threads that read are held, HTTP threads are not. */
static void http_threads_are_not_held_by_a_database_that_hangs(void)
{
    PGconn *conn, *look;
    struct asker askers[6];
    struct kl_uuid id;
    struct answer a;
    int64_t since_us;

    begin();
    consumed(&id, "k");
    until_connected();
    look = PQconnectdb(where);
    conn = PQconnectdb(where);
    PQclear(PQexec(conn, "BEGIN; LOCK TABLE kafkloud.incarnations IN ACCESS EXCLUSIVE MODE"));
    for (int i = 0; i < 6; i++) {
        asker_start(&askers[i], "/receipts");
        if (i == 1)
            until_held(look, 2); /* only then is there place for four that wait */
    }
    until_reading(4);
    since_us = kl_mono_us();
    a = get("/receipts"); /* as many as may wait for the store do */
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(a.json, "limit")), 4);
    json_decref(a.json);
    for (int i = 0; i < 20; i++) {
        a = get("/status");
        CU_ASSERT_EQUAL(a.status, 200);
        json_decref(a.json);
    }
    CU_ASSERT(kl_mono_us() - since_us < 2000000);
    PQfinish(conn);
    PQfinish(look);
    for (int i = 0; i < 6; i++) {
        pthread_join(askers[i].thread, NULL);
        CU_ASSERT(askers[i].answer.status == 200 || askers[i].answer.status == 503);
        json_decref(askers[i].answer.json);
    }
    end();
}

static int sqlite_begin(void)
{
    on_pg = false;
    return 0;
}

static int pg_begin(void)
{
    on_pg = true;
    return test_pg_begin();
}

int main(int argc, char **argv)
{
    static const struct kl_test of_both[] = {
        T(receipt_is_answered_by_id_and_by_place), T(receipt_that_is_waited_for_comes_with_the_message),
        T(receipt_waits_are_bounded_and_end_with_the_service), T(receipts_of_many_ids_come_in_their_order),
        T(receipts_are_listed_page_by_page), T(status_counts_messages_not_bytes), T(doors_name_what_is_wrong),
        T(too_many_ids_are_refused_with_the_limit), { NULL, NULL } };
    static const struct kl_test of_pg[] = {
        T(receipt_that_another_consumer_stores_is_waited_for), T(status_tells_what_all_consumers_have_stored),
        T(answers_are_503_while_the_database_is_away), T(http_threads_are_not_held_by_a_database_that_hangs), { NULL, NULL } };
    const char *only = argc > 1 ? argv[1] : NULL;

    kl_tests_begin();
    kl_suite_add("endpoints on SQLite", sqlite_begin, NULL, of_both, only);
    kl_suite_add("endpoints on PostgreSQL", pg_begin, test_pg_end, of_both, only);
    kl_suite_add("endpoints of consumers that share PostgreSQL", pg_begin, test_pg_end, of_pg, only);
    return kl_tests_run();
}
