#include "envelope.h"

#include <jansson.h>

#include "message_id.h"
#include "test.h"

static struct kl_buf out, packed;

static void begin(void)
{
    kl_buf_init(&out, 1 << 20);
    kl_buf_init(&packed, 1 << 20);
}

static void end(void)
{
    kl_buf_fini(&out);
    kl_buf_fini(&packed);
}

static struct kl_message text_message(const char *key, const char *value)
{
    return (struct kl_message){ .partition = 3, .offset = 42, .timestamp_ms = 1763776044000,
                                .key = key, .key_len = key ? strlen(key) : 0,
                                .value = value, .value_len = value ? strlen(value) : 0,
                                .headers = packed.len ? packed.data : "", .headers_len = packed.len };
}

static json_t *parsed(void)
{
    json_t *doc = json_loadb(out.data, out.len, 0, NULL);

    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    kl_buf_clear(&out);
    return doc;
}

static json_t *envelope(const struct kl_message *m)
{
    CU_ASSERT_TRUE_FATAL(kl_envelope(&out, "orders", m));
    return parsed();
}

static json_t *cut(const struct kl_message *m, size_t value_max)
{
    CU_ASSERT_TRUE_FATAL(kl_envelope_cut(&out, "orders", m, value_max));
    return parsed();
}

static const char *text(json_t *doc, const char *name)
{
    const char *value = json_string_value(json_object_get(doc, name));

    return value ? value : "(none)";
}

static void an_envelope_tells_all_of_a_message(void)
{
    struct kl_message m;
    json_t *doc, *header;

    begin();
    kl_header_pack(&packed, "content-type", "text/plain", 10);
    m = text_message("k", "line\n\"two\"");
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(text(doc, "id"), "orders/3/42");
    CU_ASSERT_STRING_EQUAL(text(doc, "topic"), "orders");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "partition")), 3);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "offset")), 42);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "timestamp_ms")), 1763776044000);
    CU_ASSERT_STRING_EQUAL(text(doc, "key"), "k");
    CU_ASSERT_STRING_EQUAL(text(doc, "value"), "line\n\"two\"");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(doc, "headers")), 1);
    header = json_array_get(json_object_get(doc, "headers"), 0);
    CU_ASSERT_STRING_EQUAL(text(header, "name"), "content-type");
    CU_ASSERT_STRING_EQUAL(text(header, "value"), "text/plain");
    json_decref(doc);
    end();
}

static void an_envelope_marks_bytes_that_are_no_text(void)
{
    struct kl_message m;
    json_t *doc, *header;

    begin();
    kl_header_pack(&packed, "raw", "\xff", 1);
    m = text_message("\xfe", NULL);
    m.value = "a\xc3";
    m.value_len = 2;
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(text(doc, "key_base64"), "/g==");
    CU_ASSERT_PTR_NULL(json_object_get(doc, "key"));
    CU_ASSERT_STRING_EQUAL(text(doc, "value_base64"), "YcM=");
    CU_ASSERT_PTR_NULL(json_object_get(doc, "value"));
    header = json_array_get(json_object_get(doc, "headers"), 0);
    CU_ASSERT_STRING_EQUAL(text(header, "value_base64"), "/w==");
    json_decref(doc);
    end();
}

static void nulls_are_explicit_and_differ_from_empty(void)
{
    struct kl_message m;
    json_t *doc;

    begin();
    kl_header_pack(&packed, "none", NULL, 0);
    kl_header_pack(&packed, "empty", "", 0);
    m = text_message(NULL, NULL);
    m.timestamp_ms = -1;
    doc = envelope(&m);
    CU_ASSERT_TRUE(json_is_null(json_object_get(doc, "key")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(doc, "value")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(doc, "timestamp_ms")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(json_array_get(json_object_get(doc, "headers"), 0), "value")));
    CU_ASSERT_STRING_EQUAL(text(json_array_get(json_object_get(doc, "headers"), 1), "value"), "");
    json_decref(doc);
    m = text_message("", "");
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(text(doc, "key"), "");
    CU_ASSERT_STRING_EQUAL(text(doc, "value"), "");
    json_decref(doc);
    end();
}

static void the_producers_header_is_shown_as_the_id_alone(void)
{
    static const char value[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 0199b6a27c10f3a8 1042 1763776044000123";
    struct kl_message m;
    json_t *doc;

    begin();
    kl_header_pack(&packed, "a", "1", 1);
    kl_header_pack(&packed, KL_MESSAGE_ID_HEADER, value, sizeof value - 1);
    m = text_message("k", "v");
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(text(doc, "id"), "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(doc, "headers")), 1);
    json_decref(doc);

    kl_buf_clear(&packed);
    kl_header_pack(&packed, KL_MESSAGE_ID_HEADER, "somebody else's", 15);
    m = text_message("k", "v");
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(text(doc, "id"), "orders/3/42");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(doc, "headers")), 1);
    json_decref(doc);
    end();
}

static void of_two_producers_headers_the_last_is_the_id_and_the_other_is_shown(void)
{
    static const char copied[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 0199b6a27c10f3a8 1042 1763776044000123";
    static const char own[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e02 0199b6a27c10f3a8 7 1763776044000456";
    struct kl_message m;
    json_t *doc, *shown;

    begin();
    kl_header_pack(&packed, KL_MESSAGE_ID_HEADER, copied, sizeof copied - 1);
    kl_header_pack(&packed, KL_MESSAGE_ID_HEADER, own, sizeof own - 1);
    kl_header_pack(&packed, KL_MESSAGE_ID_HEADER, "somebody else's", 15);
    m = text_message("k", "v");
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(text(doc, "id"), "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e02");
    shown = json_object_get(doc, "headers");
    CU_ASSERT_EQUAL(json_array_size(shown), 2);
    CU_ASSERT_STRING_EQUAL(text(json_array_get(shown, 0), "value"), copied);
    json_decref(doc);
    end();
}

static void a_value_within_the_maximum_is_whole(void)
{
    struct kl_message m;
    json_t *doc;

    begin();
    m = text_message("k", "12345");
    doc = cut(&m, 5);
    CU_ASSERT_STRING_EQUAL(text(doc, "value"), "12345");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "value_bytes")), 5);
    CU_ASSERT_TRUE(json_is_false(json_object_get(doc, "cut")));
    CU_ASSERT_STRING_EQUAL(text(doc, "timestamp_type"), "create_time");
    json_decref(doc);
    m.log_append = true;
    m.value = NULL;
    doc = cut(&m, 5);
    CU_ASSERT_TRUE(json_is_null(json_object_get(doc, "value_bytes")));
    CU_ASSERT_STRING_EQUAL(text(doc, "timestamp_type"), "log_append_time");
    json_decref(doc);
    m.timestamp_ms = -1;
    doc = cut(&m, 5);
    CU_ASSERT_TRUE(json_is_null(json_object_get(doc, "timestamp_type")));
    json_decref(doc);
    end();
}

static void text_is_cut_between_two_characters(void)
{
    struct kl_message m;
    json_t *doc;

    begin();
    m = text_message("k", "abc\u00e4\u20ac");
    for (size_t max = 3; max < 8; max++) {
        doc = cut(&m, max);
        CU_ASSERT_STRING_EQUAL(text(doc, "value"), max < 5 ? "abc" : "abc\u00e4");
        CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "value_bytes")), 8);
        CU_ASSERT_TRUE(json_is_true(json_object_get(doc, "cut")));
        json_decref(doc);
    }
    end();
}

static void bytes_are_cut_anywhere_and_stay_bytes(void)
{
    struct kl_message m;
    json_t *doc;

    begin();
    m = text_message("k", "abcdef\xff");
    doc = cut(&m, 3);
    CU_ASSERT_STRING_EQUAL(text(doc, "value_base64"), "YWJj");
    CU_ASSERT_TRUE(json_is_true(json_object_get(doc, "cut")));
    json_decref(doc);
    end();
}

static void an_envelope_that_does_not_fit_leaves_nothing_behind(void)
{
    struct kl_message m;

    kl_buf_init(&out, 60);
    kl_buf_init(&packed, 60);
    m = text_message("k", "v");
    CU_ASSERT_FALSE(kl_envelope(&out, "orders", &m));
    CU_ASSERT_EQUAL(out.len, 0);
    CU_ASSERT_FALSE(kl_envelope_cut(&out, "orders", &m, 1));
    CU_ASSERT_EQUAL(out.len, 0);
    end();
}

KL_TESTS("envelope",
         T(an_envelope_tells_all_of_a_message),
         T(an_envelope_marks_bytes_that_are_no_text),
         T(nulls_are_explicit_and_differ_from_empty),
         T(the_producers_header_is_shown_as_the_id_alone),
         T(of_two_producers_headers_the_last_is_the_id_and_the_other_is_shown),
         T(a_value_within_the_maximum_is_whole),
         T(text_is_cut_between_two_characters),
         T(bytes_are_cut_anywhere_and_stay_bytes),
         T(an_envelope_that_does_not_fit_leaves_nothing_behind))
