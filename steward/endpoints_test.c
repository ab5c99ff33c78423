/* The steward's doors over HTTP: its own routes and gate, on librdkafka's mock cluster. What only a real cluster can do is
 * in it/. */
#include "endpoints.h"

#include "http_rig.h"
#include "test_mock.h"

static struct mock m;

static void start(bool read_only)
{
    mock_open(&m);
    m.steward.conf.read_only = read_only;
    m.steward.conf.call_timeout_ms = 300; /* the mock cluster answers no admin operation: what gets so far is a 504 */
    rd_kafka_mock_topic_create(m.cluster, "orders", 2, 1);
    rd_kafka_mock_topic_create(m.cluster, "orders-late", 1, 1);
    rd_kafka_mock_topic_create(m.cluster, "kafkloud-outcomes", 1, 1);
    mock_produce(&m, "orders", 0, 3);
    mock_look(&m, 100);
    mock_serve(&m);
}

static json_t *get(const char *path, int *status)
{
    struct answer a;
    json_t *doc;

    ask(mock_port(&m), &a, "GET %s HTTP/1.1", path);
    *status = a.status;
    doc = json_loads(a.body, 0, NULL);
    answer_fini(&a);
    return doc;
}

static int send_body(const char *method, const char *path, const char *body)
{
    char request[1024];
    struct answer a;

    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", method, path, strlen(body), body);
    ask_text(mock_port(&m), &a, request);
    answer_fini(&a);
    return a.status;
}

static size_t topics_of(const char *path)
{
    int status;
    json_t *doc = get(path, &status);
    size_t n = json_array_size(json_object_get(doc, "topics"));

    CU_ASSERT_EQUAL(status, 200);
    json_decref(doc);
    return n;
}

static void the_list_shows_what_is_asked_for(void)
{
    start(false);
    CU_ASSERT_EQUAL(topics_of("/topics"), 2);
    CU_ASSERT_EQUAL(topics_of("/topics?internal=true"), 3);
    CU_ASSERT_EQUAL(topics_of("/topics?filter=late"), 1);
    CU_ASSERT_EQUAL(topics_of("/topics?filter=none"), 0);
    CU_ASSERT_EQUAL(ask_status(mock_port(&m), "GET /topics?internal=perhaps HTTP/1.1"), 400);
    mock_close(&m);
}

static void a_topic_of_the_list_has_what_is_known_and_null_for_the_rest(void)
{
    json_t *doc, *topic;
    int status;

    start(false);
    doc = get("/topics", &status);
    topic = json_array_get(json_object_get(doc, "topics"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(topic, "name")), "orders");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(topic, "partitions")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(topic, "messages")), 3);
    CU_ASSERT(json_is_null(json_object_get(topic, "bytes")));
    CU_ASSERT(json_is_null(json_object_get(topic, "lag")));
    CU_ASSERT(json_is_null(json_object_get(topic, "last_write_ms")));
    CU_ASSERT(json_is_null(json_object_get(topic, "error")));
    json_decref(doc);
    mock_close(&m);
}

static void one_topic_is_asked_fresh(void)
{
    json_t *doc, *partition;
    int status;

    start(false);
    mock_produce(&m, "orders", 1, 5);
    doc = get("/topics/orders", &status);
    CU_ASSERT_EQUAL(status, 200);
    partition = json_array_get(json_object_get(doc, "partitions"), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(partition, "high")), 5);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(partition, "messages")), 5);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(partition, "isr")), 1);
    json_decref(doc);
    CU_ASSERT_EQUAL(ask_status(mock_port(&m), "GET /topics/a%%20b HTTP/1.1"), 400);
    mock_close(&m);
}

static void the_cluster_says_what_it_is_and_what_this_client_can(void)
{
    json_t *doc;
    int status;

    start(true);
    doc = get("/cluster", &status);
    CU_ASSERT_EQUAL(status, 200);
    CU_ASSERT(json_is_true(json_object_get(doc, "read_only")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "topics")), 3);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "partitions")), 4);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(doc, "brokers")), 1);
    CU_ASSERT(json_is_false(json_object_get(json_object_get(doc, "can"), "topic_bytes")));
    json_decref(doc);
    CU_ASSERT_EQUAL(ask_status(mock_port(&m), "GET /brokers/7/settings HTTP/1.1"), 404);
    CU_ASSERT_EQUAL(ask_status(mock_port(&m), "GET /brokers/x/settings HTTP/1.1"), 404);
    mock_close(&m);
}

static void read_only_refuses_whatever_changes_something_before_it_is_read(void)
{
    size_t n = 0;

    start(true);
    for (const struct kl_route *route = steward_routes; route->method; route++) {
        if (!strcmp(route->method, "GET"))
            continue;
        CU_ASSERT(route->flags & KL_ROUTE_CHANGES); /* Host and Origin are checked */
        CU_ASSERT_STRING_EQUAL(route->query, "dry_run");
        CU_ASSERT_EQUAL(send_body(route->method, route->path, route->body_max_bytes ? "no json" : ""), 403);
        n++;
    }
    CU_ASSERT(n >= 5);
    mock_close(&m);
}

static void read_only_lets_dry_runs_through_and_nothing_that_looks_like_one(void)
{
    start(true);
    CU_ASSERT_EQUAL(send_body("DELETE", "/topics/orders?dry_run=true", ""), 200);
    CU_ASSERT_EQUAL(send_body("DELETE", "/topics/orders?dry_run=false", ""), 403);
    CU_ASSERT_EQUAL(send_body("DELETE", "/topics/orders?dry_run=TRUE", ""), 403);
    CU_ASSERT_EQUAL(send_body("DELETE", "/topics/orders?dry_run=", ""), 403);
    CU_ASSERT_EQUAL(send_body("DELETE", "/topics/orders?dry_run=false&dry_run=true", ""), 403);
    CU_ASSERT_EQUAL(send_body("DELETE", "/topics/orders?dry_run=true&dry_run=false", ""), 200); /* the first counts, also for the call itself */
    CU_ASSERT_EQUAL(send_body("POST", "/topics?dry_run=true", "no json"), 400);
    mock_close(&m);
}

static void wrong_input_is_refused_without_asking_the_cluster(void)
{
    static const struct { const char *method, *path, *body; int status; } rows[] = {
        { "POST", "/topics", "", 400 },
        { "POST", "/topics", "{", 400 },
        { "POST", "/topics", "[]", 400 },
        { "POST", "/topics", "{\"name\":7}", 400 },
        { "POST", "/topics", "{\"name\":\"a b\"}", 400 },
        { "POST", "/topics", "{\"name\":\"__own\"}", 403 },
        { "POST", "/topics", "{\"name\":\"a\",\"partitions\":0}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"partitions\":100001}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"partitions\":\"3\"}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"replication\":0}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"settings\":[]}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"settings\":{\"retention.ms\":null}}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"typo\":1}", 400 },
        { "POST", "/topics", "{\"name\":\"a\",\"name\":\"b\"}", 400 },
        { "POST", "/topics?dry_run=1", "{\"name\":\"a\"}", 400 },
        { "DELETE", "/topics/orders?dryrun=true", "", 400 },
        { "PATCH", "/topics/orders/settings", "", 400 },
        { "PATCH", "/topics/orders/settings", "{\"settings\":{\"retention.ms\":1}}", 400 },
        { "PATCH", "/topics/kafkloud-outcomes/settings", "{\"settings\":{\"retention.ms\":\"1\"}}", 403 },
        { "POST", "/topics/orders/partitions", "", 400 },
        { "POST", "/topics/orders/partitions", "{\"total\":0}", 400 },
        { "POST", "/topics/orders/partitions", "{\"total\":1.5}", 400 },
        { "POST", "/topics/orders/empty", "{\"partitions\":[]}", 400 },
        { "POST", "/topics/orders/empty", "{\"partitions\":0}", 400 },
        { "POST", "/topics/orders/empty", "{\"partitions\":[0,0]}", 400 },
        { "POST", "/topics/orders/empty", "{\"partitions\":[2]}", 404 },
        { "POST", "/topics/__own/empty", "", 403 },
        { "DELETE", "/topics/kafkloud-outcomes", "", 403 },
        { "DELETE", "/topics/a%2Fb", "", 400 },
    };

    start(false);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status = send_body(rows[i].method, rows[i].path, rows[i].body);

        if (status != rows[i].status)
            printf("    %s %s %s: %d\n", rows[i].method, rows[i].path, rows[i].body, status);
        CU_ASSERT_EQUAL(status, rows[i].status);
    }
    mock_close(&m);
}

static void a_cluster_that_does_not_answer_is_a_504_in_the_calls_time(void)
{
    int64_t start_us;

    start(false);
    start_us = kl_mono_us();
    CU_ASSERT_EQUAL(send_body("POST", "/topics", "{\"name\":\"a\"}"), 504);
    CU_ASSERT(kl_mono_us() - start_us < RIG_WAIT_MS * 1000);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT_EQUAL(ask_status(mock_port(&m), "GET /topics/orders HTTP/1.1"), 504);
    CU_ASSERT_EQUAL(topics_of("/topics"), 2); /* as it was seen last */
    mock_close(&m);
}

KL_TESTS("endpoints", T(the_list_shows_what_is_asked_for), T(a_topic_of_the_list_has_what_is_known_and_null_for_the_rest), T(one_topic_is_asked_fresh),
         T(the_cluster_says_what_it_is_and_what_this_client_can), T(read_only_refuses_whatever_changes_something_before_it_is_read),
         T(read_only_lets_dry_runs_through_and_nothing_that_looks_like_one), T(wrong_input_is_refused_without_asking_the_cluster), T(a_cluster_that_does_not_answer_is_a_504_in_the_calls_time))
