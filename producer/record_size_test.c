#include "record_size.h"

#include "outbox.h"
#include "test.h"

/* Counted by hand from the format: 61 of the batch, then length 1, attributes 1, two deltas 2, key 1+1, value 1+5, headers
 * 1, kafkloud-id 1+11 and 2+96 (lengths from 64 on need two bytes). */
static void a_small_record_is_counted_as_the_format_says(void)
{
    const struct record r = { .key = "k", .key_len = 1, .value = "hello", .value_len = 5 };

    CU_ASSERT_EQUAL(record_size(&r), 61 + 2 + 1 + 2 + 2 + 6 + 1 + 12 + 98);
}

static void nothing_is_a_byte(void)
{
    const struct record none = { .key = NULL, .value = NULL }, empty = { .key = "", .value = "" };

    CU_ASSERT_EQUAL(record_size(&none), record_size(&empty));
}

static void headers_and_long_values_count(void)
{
    static char value[70000];
    const struct record_header header = { "name", 4, "value", 5 };
    struct record r = { .value = value, .value_len = sizeof value };
    size_t before = record_size(&r);

    CU_ASSERT_EQUAL(before, 61 + 3 + 1 + 2 + 1 + (3 + 70000) + 1 + 12 + 98);
    r.headers = &header;
    r.n_headers = 1;
    CU_ASSERT_EQUAL(record_size(&r), before + 1 + 4 + 1 + 5);
}

KL_TESTS("record_size", T(a_small_record_is_counted_as_the_format_says), T(nothing_is_a_byte), T(headers_and_long_values_count))
