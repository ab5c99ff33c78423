/* write_test.c - see write.h: what stands in every answer. */
#include "write.h"

#include "test.h"

static void time_is(int64_t wall_ms, const char *want)
{
    char room[64];
    struct kl_buf b;

    kl_buf_init_fixed(&b, room, sizeof room);
    write_time(&b, "time", wall_ms);
    CU_ASSERT_STRING_EQUAL(room, want);
}

static void a_time_is_told_whatever_a_producer_took_for_milliseconds(void)
{
    time_is(1763776044123, "\"time\":\"2025-11-22T01:47:24.123Z\"");
    time_is(0, "\"time\":\"1970-01-01T00:00:00.000Z\"");
    time_is(INT64_C(1763776044123000), "\"time\":\"9999-12-31T23:59:59.999Z\"");    /* microseconds */
    time_is(INT64_C(1763776044123000000), "\"time\":\"9999-12-31T23:59:59.999Z\""); /* nanoseconds */
    time_is(INT64_MAX, "\"time\":\"9999-12-31T23:59:59.999Z\"");
}

static void tags_are_a_list_however_they_are_written(void)
{
    struct reader_document d = { .source = "a", .tags = " a, b ,,c d," };
    struct kl_buf b;

    kl_buf_init(&b, 4096);
    write_document(&b, &d);
    CU_ASSERT_PTR_NOT_NULL(strstr(b.data, "\"tags\":[\"a\",\"b\",\"c d\"]"));
    kl_buf_fini(&b);
}

KL_TESTS("write", T(a_time_is_told_whatever_a_producer_took_for_milliseconds), T(tags_are_a_list_however_they_are_written))
