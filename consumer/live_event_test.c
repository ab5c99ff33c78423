#include "live_event.h"

#include <jansson.h>

#include "test.h"

static struct kl_buf out, packed, scratch;

static void begin(void)
{
    kl_buf_init(&out, 1 << 20);
    kl_buf_init(&packed, 1 << 20);
    kl_buf_init(&scratch, 1 << 20);
}

static void end(void)
{
    kl_buf_fini(&out);
    kl_buf_fini(&packed);
    kl_buf_fini(&scratch);
}

static struct kl_message text_message(const char *key, const char *value)
{
    return (struct kl_message){ .partition = 3, .offset = 42, .timestamp_ms = 1763776044000,
                                  .key = key, .key_len = key ? strlen(key) : 0,
                                  .value = value, .value_len = value ? strlen(value) : 0,
                                  .headers = packed.len ? packed.data : "", .headers_len = packed.len };
}

static void plain_data_is_the_value_line_by_line(void)
{
    struct kl_message m;

    begin();
    m = text_message("k", "one\ntwo\r\nthree");
    CU_ASSERT_TRUE(live_event_plain(&out, "orders:43", &m));
    CU_ASSERT_STRING_EQUAL(out.data,
                           "id: orders:43\nevent: streamer\ndata: one\ndata: two\ndata: three\n\n");
    end();
}

static void a_plain_tombstone_is_seen_as_empty(void)
{
    struct kl_message m;

    begin();
    m = text_message("k", NULL);
    CU_ASSERT_TRUE(live_event_plain(&out, "orders:43", &m));
    CU_ASSERT_STRING_EQUAL(out.data, "id: orders:43\nevent: streamer\ndata: \n\n");
    end();
}

/* The JSON of the one event in out. */
static json_t *envelope(const struct kl_message *m)
{
    static const char head[] = "id: orders:43\nevent: streamer\ndata: ";
    json_t *doc;

    kl_buf_clear(&out);
    CU_ASSERT_TRUE_FATAL(live_event_envelope(&out, "orders:43", "orders", m, &scratch));
    CU_ASSERT_NSTRING_EQUAL_FATAL(out.data, head, sizeof head - 1);
    doc = json_loadb(out.data + sizeof head - 1, out.len - (sizeof head - 1), JSON_DISABLE_EOF_CHECK, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    return doc;
}

static void an_envelope_is_an_event_of_its_own(void)
{
    struct kl_message m;
    json_t *doc;

    begin();
    m = text_message("k", "line\n\"two\"");
    doc = envelope(&m);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "id")), "orders/3/42");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "value")), "line\n\"two\"");
    json_decref(doc);
    end();
}

static void lagged_says_how_many_and_where(void)
{
    struct live_skip skips[] = { { 0, 10, 20 }, { 2, 5, 6 } };

    begin();
    CU_ASSERT_TRUE(live_event_lagged(&out, "orders:20,1,6", "orders", 11, skips, 2));
    CU_ASSERT_STRING_EQUAL(out.data,
                           "id: orders:20,1,6\nevent: lagged\ndata: {\"topic\":\"orders\",\"skipped\":11,\"partitions\":"
                           "[{\"partition\":0,\"from\":10,\"to\":20},{\"partition\":2,\"from\":5,\"to\":6}]}\n\n");
    end();
}

static void gap_says_where(void)
{
    struct live_skip skip = { 1, 0, 500 };

    begin();
    CU_ASSERT_TRUE(live_event_gap(&out, "orders:0,500", "orders", &skip));
    CU_ASSERT_STRING_EQUAL(out.data, "id: orders:0,500\nevent: gap\ndata: "
                                     "{\"topic\":\"orders\",\"partition\":1,\"from\":0,\"to\":500}\n\n");
    end();
}

static void an_event_that_does_not_fit_leaves_nothing_behind(void)
{
    struct kl_message m;
    struct kl_buf small;

    begin();
    kl_buf_init(&small, 40);
    m = text_message("k", "a value that is longer than what is left");
    CU_ASSERT_FALSE(live_event_plain(&small, "orders:43", &m));
    CU_ASSERT_FALSE(live_event_envelope(&small, "orders:43", "orders", &m, &scratch));
    CU_ASSERT_EQUAL(small.len, 0);
    kl_buf_fini(&small);
    end();
}

KL_TESTS("live_event",
         T(plain_data_is_the_value_line_by_line),
         T(a_plain_tombstone_is_seen_as_empty),
         T(an_envelope_is_an_event_of_its_own),
         T(lagged_says_how_many_and_where),
         T(gap_says_where),
         T(an_event_that_does_not_fit_leaves_nothing_behind))
