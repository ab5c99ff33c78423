#include "browse_cursor.h"

#include <stdio.h>

#include "test.h"

static struct browse_cursor cursor;

static enum kl_code read(const char *text)
{
    struct kl_error err;

    return browse_cursor_read(&cursor, text, strlen(text), &err);
}

static void a_cursor_comes_back_as_it_was_written(void)
{
    struct browse_cursor written = { .backward = true, .n = 2, .at = { { 7, 0 }, { INT32_MAX, INT64_MAX } } };
    struct kl_buf text;

    kl_buf_init(&text, 200);
    CU_ASSERT_TRUE(browse_cursor_write(&text, &written));
    CU_ASSERT_STRING_EQUAL(text.data, "b7-0.2147483647-9223372036854775807");
    CU_ASSERT_EQUAL(read(text.data), KL_OK);
    CU_ASSERT_TRUE(cursor.backward);
    CU_ASSERT_EQUAL(cursor.n, 2);
    CU_ASSERT_EQUAL(cursor.at[1].partition, INT32_MAX);
    CU_ASSERT_EQUAL(cursor.at[1].offset, INT64_MAX);
    kl_buf_fini(&text);
    CU_ASSERT_EQUAL(read("f0-12"), KL_OK);
    CU_ASSERT_FALSE(cursor.backward);
}

static void what_no_page_gave_is_refused(void)
{
    static const char *const wrong[] = { "", "f", "x0-1", "f0", "f0-", "f-1", "f0-1.", "f0-1..1-1", "f0-1,1-1", "f0-1.0-2", "f+0-1",
                                         "f0--1", "f2147483648-1", "f0-9223372036854775808", "f0-99999999999999999999", "f0-1 " };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_EQUAL(read(wrong[i]), KL_INVALID);
}

static void a_cursor_of_too_many_partitions_is_refused(void)
{
    char text[4096] = "f0-1";
    size_t len = 4;

    for (int i = 1; i < BROWSE_PARTITIONS_MAX; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, ".%d-1", i);
    CU_ASSERT_EQUAL(read(text), KL_OK);
    snprintf(text + len, sizeof text - len, ".%d-1", BROWSE_PARTITIONS_MAX);
    CU_ASSERT_EQUAL(read(text), KL_INVALID);
}

KL_TESTS("browse_cursor",
         T(a_cursor_comes_back_as_it_was_written),
         T(what_no_page_gave_is_refused),
         T(a_cursor_of_too_many_partitions_is_refused))
