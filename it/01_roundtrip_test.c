/* One message, from the POST to its receipt, in every form the gateway takes. */
#include <stdio.h>

#include "it.h"

static struct it_world w;

/* Waits for the receipt of what was answered; the caller frees. */
static struct it_answer receipt_of(const struct it_answer *produced)
{
    return it_get(&w.consumer, "/status/%s?wait=consumed&timeout_ms=10000", it_text(produced, "id"));
}

static void a_posted_record_is_answered_with_its_place_and_gets_a_receipt(void)
{
    const char *topic = it_topic(&w, "orders");
    struct it_answer made = it_post(&w.producer, "hello", "/produce/%s/customer-9", topic), seen = receipt_of(&made);
    json_t *latency = json_object_get(seen.json, "latency_us");
    char id[64] = "";

    CU_ASSERT_EQUAL(made.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&made, "topic"), topic);
    CU_ASSERT(it_header(&made, "Kafkloud-Receipt", id, sizeof id));
    CU_ASSERT_STRING_EQUAL(id, it_text(&made, "id"));
    CU_ASSERT_EQUAL(seen.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&seen, "state"), "consumed");
    CU_ASSERT_STRING_EQUAL(it_text(&seen, "key"), "customer-9");
    CU_ASSERT_EQUAL(it_number(&seen, "offset"), it_number(&made, "offset"));
    CU_ASSERT_EQUAL(it_number(&seen, "partition"), it_number(&made, "partition"));
    CU_ASSERT_EQUAL(it_number(&seen, "value_bytes"), 5);
    CU_ASSERT_EQUAL(it_number(&seen, "accepted_us"), it_number(&made, "accepted_us"));
    CU_ASSERT(it_number(&seen, "consumed_us") >= it_number(&seen, "accepted_us"));
    CU_ASSERT(json_integer_value(json_object_get(latency, "accepted_consumed")) > 0);
    it_answer_free(&made);
    it_answer_free(&seen);
}

static bool ack_is_known(void *id)
{
    struct it_answer a = it_get(&w.consumer, "/status/%s", (char *)id);
    bool known = it_number(&a, "acked_us") > 0;

    it_answer_free(&a);
    return known;
}

static void the_ack_time_joins_the_receipt_from_the_producers_journal(void)
{
    struct it_answer made = it_post(&w.producer, "x", "/produce/%s/k", it_topic(&w, "orders")), seen;

    CU_ASSERT(it_until(10000, ack_is_known, (void *)it_text(&made, "id")));
    seen = receipt_of(&made);
    CU_ASSERT_EQUAL(it_number(&seen, "acked_us") - it_number(&seen, "accepted_us"), it_number(&made, "ack_us"));
    it_answer_free(&made);
    it_answer_free(&seen);
}

static void a_receipt_is_found_by_its_place_too(void)
{
    struct it_answer made = it_post(&w.producer, "x", "/produce/%s/k", it_topic(&w, "orders")), by_id = receipt_of(&made);
    struct it_answer by_place = it_get(&w.consumer, "/status/%s/%lld/%lld", it_text(&made, "topic"),
                                       (long long)it_number(&made, "partition"), (long long)it_number(&made, "offset"));

    CU_ASSERT_EQUAL(by_place.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&by_place, "id"), it_text(&made, "id"));
    it_answer_free(&made);
    it_answer_free(&by_id);
    it_answer_free(&by_place);
}

static void an_async_record_is_accepted_at_once_and_its_receipt_tells_the_outcome(void)
{
    struct it_answer made = it_call(&w.producer, "POST", "Prefer: respond-async", "x", 1, "/produce/%s/k", it_topic(&w, "orders"));
    struct it_answer seen = receipt_of(&made);
    char applied[64] = "";

    CU_ASSERT_EQUAL(made.status, 202);
    CU_ASSERT(it_header(&made, "Preference-Applied", applied, sizeof applied));
    CU_ASSERT_STRING_EQUAL(applied, "respond-async");
    CU_ASSERT_STRING_EQUAL(it_text(&seen, "state"), "consumed");
    it_answer_free(&made);
    it_answer_free(&seen);
}

static void a_tombstone_has_no_value_and_an_empty_key_is_not_a_missing_one(void)
{
    const char *topic = it_topic(&w, "orders");
    struct it_answer tombstone = it_call(&w.producer, "DELETE", NULL, NULL, 0, "/produce/%s/k", topic), seen = receipt_of(&tombstone);
    struct it_answer empty, none;

    CU_ASSERT_EQUAL(tombstone.status, 200);
    CU_ASSERT_PTR_NOT_NULL(json_object_get(seen.json, "value_bytes"));
    CU_ASSERT(json_is_null(json_object_get(seen.json, "value_bytes")));
    it_answer_free(&tombstone);
    it_answer_free(&seen);

    empty = it_post(&w.producer, "x", "/produce/%s/", topic);
    seen = receipt_of(&empty);
    CU_ASSERT(json_is_string(json_object_get(seen.json, "key")));
    CU_ASSERT_STRING_EQUAL(it_text(&seen, "key"), "");
    it_answer_free(&empty);
    it_answer_free(&seen);

    none = it_post(&w.producer, "x", "/produce/%s", topic);
    seen = receipt_of(&none);
    CU_ASSERT(json_is_null(json_object_get(seen.json, "key")));
    it_answer_free(&none);
    it_answer_free(&seen);
}

struct wanted { const char *id; json_t *envelope; };

static bool keep_wanted(void *ctx, const struct it_event *e)
{
    struct wanted *want = ctx;
    json_t *message;

    if (strcmp(e->event, "streamer"))
        return true;
    message = json_loads(e->data, JSON_ALLOW_NUL, NULL);
    if (!strcmp(json_string_value(json_object_get(message, "id")), want->id)) {
        want->envelope = message;
        return false;
    }
    json_decref(message);
    return true;
}

static void value_headers_partition_and_timestamp_arrive_as_they_were_sent(void)
{
    static const char value[] = "line one\r\nline \"two\"\n\xc3\xa9\0tail";
    const char *topic = it_topic(&w, "orders");
    struct it_answer made = it_call(&w.producer, "POST", "Content-Type: text/x-odd\nKafkloud-Header-Trace: abc", value, sizeof value - 1,
                                    "/produce/%s?partition=1&timestamp_ms=1700000000123&key_base64=AP8=", topic);
    struct wanted want = { it_text(&made, "id"), NULL };
    struct it_answer seen = receipt_of(&made);
    char path[128];
    json_t *headers, *header;
    bool type = false, trace = false;
    size_t i;

    it_answer_free(&seen);
    CU_ASSERT_EQUAL(made.status, 200);
    CU_ASSERT_EQUAL(it_number(&made, "partition"), 1);
    CU_ASSERT_EQUAL(it_number(&made, "timestamp_ms"), 1700000000123);
    snprintf(path, sizeof path, "/consume?topics=%s&format=envelope&from=earliest", topic);
    it_sse(&w.consumer, path, NULL, 20000, keep_wanted, &want);
    CU_ASSERT_PTR_NOT_NULL_FATAL(want.envelope);
    CU_ASSERT_EQUAL(json_string_length(json_object_get(want.envelope, "value")), sizeof value - 1);
    CU_ASSERT(json_string_length(json_object_get(want.envelope, "value")) == sizeof value - 1 &&
              !memcmp(json_string_value(json_object_get(want.envelope, "value")), value, sizeof value - 1));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(want.envelope, "key_base64")), "AP8=");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(want.envelope, "timestamp_ms")), 1700000000123);
    headers = json_object_get(want.envelope, "headers");
    json_array_foreach(headers, i, header) {
        const char *name = json_string_value(json_object_get(header, "name")), *text = json_string_value(json_object_get(header, "value"));
        type |= !strcmp(name, "content-type") && !strcmp(text, "text/x-odd");
        trace |= !strcmp(name, "trace") && !strcmp(text, "abc");
    }
    CU_ASSERT(type);
    CU_ASSERT(trace);
    json_decref(want.envelope);
    it_answer_free(&made);
}

static void totals_and_latencies_count_messages(void)
{
    const char *topic = it_topic(&w, "counted");
    struct it_answer status, latency;
    int i;

    for (i = 0; i < 20; i++) {
        struct it_answer made = it_post(&w.producer, "12345", "/produce/%s/k", topic);
        CU_ASSERT_EQUAL(made.status, 200);
        it_answer_free(&made);
    }
    CU_ASSERT(it_until_consumed(&w.consumer, topic, 20, 10000));
    status = it_get(&w.consumer, "/status");
    CU_ASSERT(it_number(&status, "n_consumed") >= 20);
    CU_ASSERT(json_integer_value(json_object_get(json_object_get(status.json, "latency_us"), "p50")) > 0);
    latency = it_get(&w.consumer, "/latency?topic=%s&window=1h", topic);
    CU_ASSERT_EQUAL(it_number(&latency, "count"), 20);
    CU_ASSERT(it_number(&latency, "p50") <= it_number(&latency, "p99"));
    it_answer_free(&status);
    it_answer_free(&latency);
}

static void totals_and_receipts_survive_a_restart_of_the_consumer(void)
{
    const char *topic = it_topic(&w, "kept");
    struct it_answer made = it_post(&w.producer, "x", "/produce/%s/k", topic), before, after, seen = receipt_of(&made);

    before = it_get(&w.consumer, "/status");
    CU_ASSERT_EQUAL(it_stop(&w.consumer, SIGTERM), 0);
    it_start(&w, &w.consumer);
    after = it_get(&w.consumer, "/status");
    CU_ASSERT_EQUAL(it_number(&after, "n_consumed"), it_number(&before, "n_consumed"));
    CU_ASSERT_STRING_EQUAL(it_text(&after, "since"), it_text(&before, "since"));
    it_answer_free(&seen);
    seen = receipt_of(&made);
    CU_ASSERT_EQUAL(seen.status, 200);
    it_answer_free(&made);
    it_answer_free(&before);
    it_answer_free(&after);
    it_answer_free(&seen);
}

static void a_services_root_links_to_its_pages(void)
{
    const struct { const struct it_process *process; const char *name; } services[] = { { &w.producer, "producer" }, { &w.consumer, "consumer" } };

    for (size_t i = 0; i < 2; i++) {
        struct it_answer root = it_get(services[i].process, "/"), page;
        const char *name;
        json_t *link;

        CU_ASSERT_EQUAL(root.status, 200);
        CU_ASSERT_STRING_EQUAL(it_text(&root, "service"), services[i].name);
        CU_ASSERT_EQUAL(json_object_size(json_object_get(root.json, "links")), 3);
        json_object_foreach(json_object_get(root.json, "links"), name, link) {
            page = it_get(services[i].process, "%s", json_string_value(link));
            CU_ASSERT_EQUAL(page.status, 200);
            it_answer_free(&page);
        }
        it_answer_free(&root);
    }
}

static int begin(void) { return it_begin(&w, IT_PRODUCER | IT_CONSUMER); }
static int end(void) { return it_end(&w); }

KL_TESTS_WITH("roundtrip", begin, end, T(a_posted_record_is_answered_with_its_place_and_gets_a_receipt),
         T(the_ack_time_joins_the_receipt_from_the_producers_journal), T(a_receipt_is_found_by_its_place_too),
         T(an_async_record_is_accepted_at_once_and_its_receipt_tells_the_outcome),
         T(a_tombstone_has_no_value_and_an_empty_key_is_not_a_missing_one),
         T(value_headers_partition_and_timestamp_arrive_as_they_were_sent), T(totals_and_latencies_count_messages),
         T(a_services_root_links_to_its_pages), T(totals_and_receipts_survive_a_restart_of_the_consumer))
