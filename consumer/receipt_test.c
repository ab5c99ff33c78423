#include "receipt.h"

#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <string.h>

#include "test.h"
#include "topic.h"

static struct receipt receipt; /* as in docs/http-api.md */

static void begin(void)
{
    receipt = (struct receipt){ .state = RECEIPT_CONSUMED, .has_id = true, .topic = "orders", .partition = 3, .offset = 42,
                                .incarnation = 7, .start = 0x0199b6a27c10f3a8, .number = 1042, .accepted_us = 1763776044000123,
                                .acked_us = 1763776044000635, .consumed_us = 1763776044001400, .timestamp_ms = 1763776044000,
                                .timestamp_type = RD_KAFKA_TIMESTAMP_CREATE_TIME, .key = "customer-9", .key_bytes = 10,
                                .value_bytes = 120, .headers_bytes = 96 };
    CU_ASSERT(kl_uuid_parse("0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01", 36, &receipt.id));
}

/* The caller owns the text. */
static char *text(void)
{
    struct kl_buf b;

    kl_buf_init(&b, RECEIPT_JSON_MAX);
    CU_ASSERT(receipt_json(&b, &receipt));
    return kl_buf_take(&b);
}

static json_t *parsed(void)
{
    char *json = text();
    json_t *doc = json_loads(json, 0, NULL);

    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    free(json);
    return doc;
}

static void receipt_is_written_as_the_documents_say(void)
{
    char *json;

    begin();
    json = text();
    CU_ASSERT_STRING_EQUAL(json,
        "{\"id\":\"0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01\",\"state\":\"consumed\",\"topic\":\"orders\",\"partition\":3,\"offset\":42,"
        "\"incarnation\":7,\"key\":\"customer-9\",\"key_bytes\":10,\"value_bytes\":120,\"headers_bytes\":96,"
        "\"timestamp_ms\":1763776044000,\"timestamp_type\":\"create\",\"accepted_us\":1763776044000123,"
        "\"acked_us\":1763776044000635,\"consumed_us\":1763776044001400,"
        "\"latency_us\":{\"accepted_acked\":512,\"acked_consumed\":765,\"accepted_consumed\":1277},"
        "\"producer\":{\"start\":\"0199b6a27c10f3a8\",\"number\":1042},\"duplicates\":[]}");
    free(json);
}

static void receipt_says_null_for_what_is_not_known(void)
{
    json_t *doc, *latency;

    begin();
    receipt.has_id = false;
    receipt.acked_us = receipt.accepted_us = receipt.timestamp_ms = -1;
    receipt.key_bytes = receipt.value_bytes = -1;
    receipt.timestamp_type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    doc = parsed();
    latency = json_object_get(doc, "latency_us");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "id")), "orders/3/42");
    CU_ASSERT(json_is_null(json_object_get(doc, "acked_us")));
    CU_ASSERT(json_is_null(json_object_get(doc, "accepted_us")));
    CU_ASSERT(json_is_null(json_object_get(doc, "timestamp_ms")));
    CU_ASSERT(json_is_null(json_object_get(doc, "timestamp_type")));
    CU_ASSERT(json_is_null(json_object_get(doc, "key")));
    CU_ASSERT(json_is_null(json_object_get(doc, "key_bytes")));
    CU_ASSERT(json_is_null(json_object_get(doc, "value_bytes")));
    CU_ASSERT(json_is_null(json_object_get(doc, "producer")));
    CU_ASSERT(json_is_null(json_object_get(latency, "accepted_consumed")));
    json_decref(doc);
}

static void receipt_shows_negative_latencies_as_they_are(void)
{
    json_t *doc;

    begin();
    receipt.accepted_us = receipt.consumed_us + 5;
    doc = parsed();
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(doc, "latency_us"), "accepted_consumed")), -5);
    json_decref(doc);
}

static void receipt_writes_a_binary_key_as_base64(void)
{
    json_t *doc;

    begin();
    memcpy(receipt.key, "\x00\xff", 2);
    receipt.key_bytes = 2;
    doc = parsed();
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "key_base64")), "AP8=");
    CU_ASSERT_PTR_NULL(json_object_get(doc, "key"));
    json_decref(doc);
}

static void receipt_says_when_a_key_was_cut_even_within_a_character(void)
{
    json_t *doc;

    begin();
    for (size_t i = 0; i + 1 < sizeof receipt.key; i += 2)
        memcpy(receipt.key + i + 1, "\xc3\xa9", i + 3 > sizeof receipt.key ? 1 : 2); /* é from the second byte on: the last is half */
    receipt.key[0] = 'x';
    receipt.key_bytes = 5000;
    doc = parsed();
    CU_ASSERT(json_is_true(json_object_get(doc, "key_truncated")));
    CU_ASSERT_EQUAL(json_string_length(json_object_get(doc, "key")), RECEIPT_KEY_MAX - 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "key_bytes")), 5000);
    json_decref(doc);
}

static void receipt_lists_duplicates_and_counts_what_it_does_not_list(void)
{
    json_t *doc, *list;

    begin();
    receipt.n_duplicates = 250;
    for (size_t i = 0; i < RECEIPT_DUPLICATES_MAX; i++) {
        receipt.duplicates[i] = (struct receipt_place){ .incarnation = 7, .partition = 1, .offset = (int64_t)i, .consumed_us = INT64_MAX };
        memset(receipt.duplicates[i].topic, 't', 249);
    }
    doc = parsed();
    list = json_object_get(doc, "duplicates");
    CU_ASSERT_EQUAL(json_array_size(list), RECEIPT_DUPLICATES_MAX);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(list, 99), "offset")), 99);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "duplicates_total")), 250);
    json_decref(doc);
}

static void receipt_fits_its_maximum_at_its_longest(void)
{
    char *json;

    begin();
    memset(receipt.key, 1, sizeof receipt.key); /* six characters each in JSON */
    receipt.key_bytes = RECEIPT_KEY_MAX;
    memset(receipt.topic, 't', sizeof receipt.topic - 1);
    receipt.n_duplicates = 1000;
    for (size_t i = 0; i < RECEIPT_DUPLICATES_MAX; i++) {
        receipt.duplicates[i] = (struct receipt_place){ .incarnation = INT64_MAX, .partition = INT32_MAX, .offset = INT64_MAX, .consumed_us = INT64_MAX };
        memset(receipt.duplicates[i].topic, 't', 249);
    }
    json = text();
    CU_ASSERT(strlen(json) < RECEIPT_JSON_MAX);
    free(json);
}

static void receipt_of_a_failure_has_the_reason_and_no_place(void)
{
    json_t *doc;

    begin();
    receipt.state = RECEIPT_FAILED;
    receipt.possibly = true;
    receipt.failed_us = receipt.accepted_us + 15000000;
    strcpy(receipt.reason, "_MSG_TIMED_OUT");
    doc = parsed();
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "state")), "failed");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "persisted")), "possibly");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "reason")), "_MSG_TIMED_OUT");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "failed_us")), 1763776059000123);
    CU_ASSERT(json_is_null(json_object_get(doc, "offset")));
    CU_ASSERT(json_is_null(json_object_get(doc, "consumed_us")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(doc, "producer"), "number")), 1042);
    json_decref(doc);
}

static void receipt_of_nothing_says_unknown_or_expired(void)
{
    char *json;

    begin();
    receipt.state = RECEIPT_UNKNOWN;
    json = text();
    CU_ASSERT_STRING_EQUAL(json, "{\"id\":\"0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01\",\"state\":\"unknown\"}");
    free(json);
    receipt.state = RECEIPT_EXPIRED;
    receipt.has_id = false;
    json = text();
    CU_ASSERT_STRING_EQUAL(json, "{\"id\":\"orders/3/42\",\"state\":\"expired\"}");
    free(json);
}

static void receipt_that_does_not_fit_leaves_the_buffer_as_it_was(void)
{
    struct kl_buf b;

    begin();
    kl_buf_init(&b, 100);
    kl_buf_adds(&b, "before");
    CU_ASSERT(!receipt_json(&b, &receipt));
    CU_ASSERT_STRING_EQUAL(b.data, "before");
    kl_buf_fini(&b);
}

static void receipt_names_are_read_back(void)
{
    static const char *const wrong[] = { "", "orders", "orders/3", "orders/3/", "/3/4", "orders//4", "orders/3/4x", "orders/-3/4",
                                         "a/b/3/4", "a b/3/4", "\xff/3/4", "../3/4", "orders/99999999999/4", "orders/3/99999999999999999999", "orders/3/9223372036854775808" };
    char topic[KL_TOPIC_BYTES], name[RECEIPT_NAME_MAX];
    int32_t partition;
    int64_t offset;

    receipt_name(name, "orders", 3, 42);
    CU_ASSERT_STRING_EQUAL(name, "orders/3/42");
    CU_ASSERT(receipt_name_read(name, strlen(name), topic, &partition, &offset));
    CU_ASSERT_STRING_EQUAL(topic, "orders");
    CU_ASSERT_EQUAL(partition, 3);
    CU_ASSERT_EQUAL(offset, 42);
    receipt_name(name, "o", INT32_MAX, INT64_MAX);
    CU_ASSERT(receipt_name_read(name, strlen(name), topic, &partition, &offset));
    CU_ASSERT_EQUAL(partition, INT32_MAX);
    CU_ASSERT_EQUAL(offset, INT64_MAX);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT(!receipt_name_read(wrong[i], strlen(wrong[i]), topic, &partition, &offset));
}

KL_TESTS("receipt", T(receipt_is_written_as_the_documents_say), T(receipt_says_null_for_what_is_not_known),
         T(receipt_shows_negative_latencies_as_they_are), T(receipt_writes_a_binary_key_as_base64),
         T(receipt_says_when_a_key_was_cut_even_within_a_character), T(receipt_lists_duplicates_and_counts_what_it_does_not_list),
         T(receipt_fits_its_maximum_at_its_longest), T(receipt_of_a_failure_has_the_reason_and_no_place),
         T(receipt_of_nothing_says_unknown_or_expired), T(receipt_that_does_not_fit_leaves_the_buffer_as_it_was),
         T(receipt_names_are_read_back))
