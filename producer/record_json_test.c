#include "record_json.h"

#include "fault.h"
#include "test.h"

static struct record_json in;

static enum kl_code read_text(const char *text, struct record *r, bool *given, struct kl_error *err)
{
    memset(r, 0, sizeof *r);
    return record_json_read(&in, text, strlen(text), r, given, err);
}

static bool is(const void *data, size_t len, const char *want)
{
    return data && len == strlen(want) && memcmp(data, want, len) == 0;
}

/* The value of a record is these bytes. */
static void check_value(const char *text, const char *want)
{
    struct record r;
    struct kl_error err;
    bool given;

    CU_ASSERT_EQUAL_FATAL(read_text(text, &r, &given, &err), KL_OK);
    CU_ASSERT_TRUE(is(r.value, r.value_len, want));
}

static void check_wrong(const char *text, const char *field, int line, int column)
{
    struct record r;
    struct kl_error err;
    bool given;

    CU_ASSERT_EQUAL(read_text(text, &r, &given, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, field);
    CU_ASSERT_EQUAL(err.line, line);
    CU_ASSERT_EQUAL(err.column, column);
}

static void begin(void)
{
    record_json_setup();
    record_json_init(&in, 10000);
}

static void a_string_is_its_bytes(void)
{
    begin();
    check_value("{\"value\":\"hello\"}", "hello");
    check_value("{\"value\":\"\"}", "");
    check_value("{\"value\":\"a\\n\\u00e9\\\"\"}", "a\n\xc3\xa9\"");
    check_value("{\"value\":\"\xc3\xa9\"}", "\xc3\xa9");
    record_json_fini(&in);
}

static void another_value_is_its_text_without_white_space(void)
{
    begin();
    check_value("{\"value\":{\"a\": 0.1, \"b\" : [ 1, 2 ]}}", "{\"a\":0.1,\"b\":[1,2]}");
    check_value("{\"value\":{\"a b\" : \"c \\\" d\\\\\" , \"e\":1}}", "{\"a b\":\"c \\\" d\\\\\",\"e\":1}");
    check_value("{\"value\":1.10}", "1.10");
    check_value("{\"value\":123456789012345678901234567890}", "123456789012345678901234567890");
    check_value("{\"value\":true}", "true");
    check_value("{\"value\":[]}", "[]");
    record_json_fini(&in);
}

static void null_is_a_tombstone_and_a_null_key_is_none(void)
{
    struct record r;
    struct kl_error err;
    bool given;

    begin();
    CU_ASSERT_EQUAL(read_text("{\"key\":null,\"value\":null}", &r, &given, &err), KL_OK);
    CU_ASSERT_PTR_NULL(r.value);
    CU_ASSERT_PTR_NULL(r.key);
    CU_ASSERT_EQUAL(read_text("{\"key\":\"\",\"value\":null}", &r, &given, &err), KL_OK);
    CU_ASSERT_PTR_NOT_NULL(r.key);
    CU_ASSERT_EQUAL(r.key_len, 0);
    record_json_fini(&in);
}

static void base64_is_decoded(void)
{
    struct record r;
    struct kl_error err;
    bool given;

    begin();
    CU_ASSERT_EQUAL(read_text("{\"key_base64\":\"AAEC\",\"value_base64\":\"aGVsbG8\"}", &r, &given, &err), KL_OK);
    CU_ASSERT_TRUE(is(r.value, r.value_len, "hello"));
    CU_ASSERT_EQUAL(r.key_len, 3);
    CU_ASSERT_EQUAL(memcmp(r.key, "\0\1\2", 3), 0);
    CU_ASSERT_EQUAL(read_text("{\"value_base64\":\"\"}", &r, &given, &err), KL_OK);
    CU_ASSERT_PTR_NOT_NULL(r.value);
    CU_ASSERT_EQUAL(r.value_len, 0);
    check_wrong("{\"value_base64\":\"a*b\"}", "value_base64", 1, 17);
    check_wrong("{\"value_base64\":7}", "value_base64", 1, 17);
    record_json_fini(&in);
}

static void all_members_are_read(void)
{
    struct record r;
    struct kl_error err;
    struct kl_uuid id;
    bool given;

    begin();
    CU_ASSERT_EQUAL(read_text(" {\"key\":\"k\\u0041\", \"value\" : \"v\",\"headers\":{\"a\":\"1\",\"B\":\"\"},\"partition\":3,"
                              "\"timestamp_ms\":1763776044000,\"id\":\"7F1A0A52-8d0a-4a0e-9d58-0d5b8b7f1a11\"} ", &r, &given, &err), KL_OK);
    CU_ASSERT_TRUE(is(r.key, r.key_len, "kA"));
    CU_ASSERT_EQUAL(r.n_headers, 2);
    CU_ASSERT_TRUE(is(r.headers[0].name, r.headers[0].name_len, "a") && is(r.headers[0].value, r.headers[0].value_len, "1"));
    CU_ASSERT_TRUE(is(r.headers[1].name, r.headers[1].name_len, "B") && r.headers[1].value_len == 0);
    CU_ASSERT_EQUAL(r.partition, 3);
    CU_ASSERT_EQUAL(r.timestamp_ms, 1763776044000);
    CU_ASSERT_TRUE(given);
    kl_uuid_parse("7f1a0a52-8d0a-4a0e-9d58-0d5b8b7f1a11", 36, &id);
    CU_ASSERT_TRUE(kl_uuid_equal(&id, &r.id));
    CU_ASSERT_EQUAL(read_text("{\"value\":1}", &r, &given, &err), KL_OK);
    CU_ASSERT_FALSE(given);
    CU_ASSERT_TRUE(kl_uuid_time_ms(&r.id) > 0);
    CU_ASSERT_EQUAL(r.partition, -1);
    CU_ASSERT_EQUAL(r.n_headers, 0);
    record_json_fini(&in);
}

static void what_is_wrong_is_told_with_its_place(void)
{
    begin();
    check_wrong("{\"value\":}", "value", 1, 10);
    check_wrong("{\"value\":tru}", "value", 1, 12);
    check_wrong("", "record", 1, 1);
    check_wrong("[]", "record", 1, 1);
    check_wrong("{}", "value", 1, 1);
    check_wrong("{\"val\":1}", "record", 1, 2);
    check_wrong("{\"value\":1,\"value\":2}", "value", 1, 12);
    check_wrong("{\"value\":1} x", "record", 1, 13);
    check_wrong("{\"value\":1", "record", 1, 11);
    check_wrong("{\"value\" 1}", "record", 1, 10);
    check_wrong("{\"value\":1,}", "record", 1, 12);
    check_wrong("{\"key\":7,\"value\":1}", "key", 1, 8);
    check_wrong("{\"value\":1,\"partition\":-1}", "partition", 1, 24);
    check_wrong("{\"value\":1,\"partition\":1.5}", "partition", 1, 24);
    check_wrong("{\"value\":1,\"timestamp_ms\":0}", "timestamp_ms", 1, 27);
    check_wrong("{\"value\":1,\"id\":\"x\"}", "id", 1, 17);
    check_wrong("{\"value\":1,\"headers\":[]}", "headers", 1, 22);
    check_wrong("{\"value\":1,\"headers\":{\"a\":1}}", "headers", 1, 22);
    check_wrong("{\"value\":1,\"headers\":{\"\":\"\"}}", "headers", 1, 22);
    check_wrong("{\"value\":1,\"headers\":{\"Kafkloud-ID\":\"x\"}}", "headers", 1, 22);
    check_wrong("{\"value\":1,\"value_base64\":\"\"}", "value_base64", 1, 1);
    check_wrong("{\"key\":\"\",\"key_base64\":\"\",\"value\":1}", "key_base64", 1, 1);
    check_wrong("{\n \"key\":\"\xc3\xa9\",\n \"value\":}", "value", 3, 10);
    record_json_fini(&in);
}

static void a_nul_byte_is_not_json(void)
{
    static const char text[] = "{\"value\":{\"a\":1\0}}";
    struct record r;
    struct kl_error err;
    bool given;

    begin();
    CU_ASSERT_EQUAL(record_json_read(&in, text, sizeof text - 1, &r, &given, &err), KL_INVALID);
    CU_ASSERT_EQUAL(err.column, 16);
    record_json_fini(&in);
}

/* Whichever allocation fails, the text is never called wrong. */
static void a_failed_allocation_is_no_syntax_error(void)
{
    static const char text[] = "{\"key\":\"\\u0041\",\"value\":{\"a\":[1,\"b\"]},\"headers\":{\"a\":\"1\"}}";
    struct record r;
    struct kl_error err;
    bool given, hit = true;
    enum kl_code code;

    record_json_setup();
    for (long n = 0; hit; n++) {
        record_json_init(&in, 10000);
        kl_fault_begin(n);
        code = record_json_read(&in, text, sizeof text - 1, &r, &given, &err);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code, hit ? KL_BUSY : KL_OK);
        record_json_fini(&in);
    }
}

KL_TESTS("record_json", T(a_string_is_its_bytes), T(another_value_is_its_text_without_white_space),
         T(null_is_a_tombstone_and_a_null_key_is_none), T(base64_is_decoded), T(all_members_are_read),
         T(what_is_wrong_is_told_with_its_place), T(a_nul_byte_is_not_json), T(a_failed_allocation_is_no_syntax_error))
