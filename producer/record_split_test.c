#include "record_split.h"

#include "test.h"

/* Cuts text, given in pieces of `piece` bytes, and writes what comes to got: records in brackets, "!" for a too long one,
 * "?" for a broken end. */
static void cut(enum split_form form, size_t max, size_t piece, const char *text, char *got, size_t size)
{
    struct record_split s;
    struct split_record record;
    size_t left = strlen(text), used = 0;
    enum split_got result = SPLIT_MORE;

    record_split_init(&s, form, max);
    got[0] = 0;
    while (left > 0 && result != SPLIT_BROKEN) {
        size_t len = left < piece ? left : piece;
        const char *data = text;

        do {
            result = record_split_next(&s, &data, &len, &record);
            if (result == SPLIT_RECORD)
                used += (size_t)snprintf(got + used, size - used, "[%.*s]", (int)record.len, record.text);
            if (result == SPLIT_TOO_LONG)
                used += (size_t)snprintf(got + used, size - used, "!");
        } while (result == SPLIT_RECORD || result == SPLIT_TOO_LONG);
        left -= (size_t)(data - text);
        text = data;
    }
    if (result != SPLIT_BROKEN)
        result = record_split_end(&s, &record);
    if (result == SPLIT_RECORD)
        used += (size_t)snprintf(got + used, size - used, "[%.*s]", (int)record.len, record.text);
    if (result == SPLIT_BROKEN || result == SPLIT_TOO_LONG)
        snprintf(got + used, size - used, result == SPLIT_BROKEN ? "?" : "!");
    record_split_fini(&s);
}

/* However the body is cut into pieces, the records are the same. */
static void check(enum split_form form, size_t max, const char *text, const char *want)
{
    char got[512];

    for (size_t piece = 1; piece <= strlen(text); piece++) {
        cut(form, max, piece, text, got, sizeof got);
        CU_ASSERT_STRING_EQUAL(got, want);
    }
}

static void lines_are_records(void)
{
    check(SPLIT_LINES, 100, "{\"value\":1}\n{\"value\":2}\n", "[{\"value\":1}][{\"value\":2}]");
    check(SPLIT_LINES, 100, "a\r\nb", "[a\r][b]");
}

static void empty_lines_are_skipped(void)
{
    check(SPLIT_LINES, 100, "\n\n a\n \t\r\n\nb\n\n", "[a][b]");
    check(SPLIT_LINES, 100, "\n \n", "");
}

static void a_line_of_the_maximum_passes_and_a_longer_one_is_skipped(void)
{
    check(SPLIT_LINES, 4, "abcd\nabcde\nx\n", "[abcd]![x]");
    check(SPLIT_LINES, 4, "abcdefghij", "!");
}

static void elements_of_an_array_are_records(void)
{
    check(SPLIT_JSON, 100, "[{\"a\":[1,2]},{\"b\":\"],\\\"}\"} , 3]", "[{\"a\":[1,2]}][{\"b\":\"],\\\"}\"} ][3]");
    check(SPLIT_JSON, 100, " [ ] \n", "");
    check(SPLIT_JSON, 100, "[\"\\\\\",1]", "[\"\\\\\"][1]");
}

static void one_value_is_one_record(void)
{
    check(SPLIT_JSON, 100, " {\"a\":{\"b\":[]}} ", "[{\"a\":{\"b\":[]}} ]");
}

/* The reader refuses it as a whole, so that nothing of it is written under an answer that speaks of one record. */
static void one_value_is_the_whole_body_whatever_follows(void)
{
    check(SPLIT_JSON, 100, "{\"a\":1},{\"b\":2}", "[{\"a\":1},{\"b\":2}]");
    check(SPLIT_JSON, 100, "{\"a\":1}]", "[{\"a\":1}]]");
    check(SPLIT_JSON, 100, "{}}", "[{}}]");
}

static void a_broken_array_keeps_the_records_before(void)
{
    check(SPLIT_JSON, 100, "[1,2", "[1]?");
    check(SPLIT_JSON, 100, "[1,]", "[1]?");
    check(SPLIT_JSON, 100, "[1}", "[1]?");
    check(SPLIT_JSON, 100, "[1]x", "[1]?");
    check(SPLIT_JSON, 100, "[,1]", "?");
    check(SPLIT_JSON, 100, "]", "?");
    check(SPLIT_JSON, 100, "  ", "?");
}

static void a_too_long_element_is_skipped(void)
{
    check(SPLIT_JSON, 6, "[1,\"abcdefgh\",{\"a\":1},2]", "[1]!![2]");
}

static void records_know_their_place(void)
{
    static const char text[] = "\n  {\n \"a\":1},\n{}";
    static const char array[] = "[{},\n  {}]";
    const char *data = text;
    size_t len = sizeof text - 1;
    struct record_split s;
    struct split_record record;

    record_split_init(&s, SPLIT_LINES, 100);
    CU_ASSERT_EQUAL(record_split_next(&s, &data, &len, &record), SPLIT_RECORD);
    CU_ASSERT_EQUAL(record.line, 2);
    CU_ASSERT_EQUAL(record.column, 3);
    record_split_fini(&s);
    data = array;
    len = sizeof array - 1;
    record_split_init(&s, SPLIT_JSON, 100);
    CU_ASSERT_EQUAL(record_split_next(&s, &data, &len, &record), SPLIT_RECORD);
    CU_ASSERT_EQUAL(record.line, 1);
    CU_ASSERT_EQUAL(record.column, 2);
    CU_ASSERT_EQUAL(record_split_next(&s, &data, &len, &record), SPLIT_RECORD);
    CU_ASSERT_EQUAL(record.line, 2);
    CU_ASSERT_EQUAL(record.column, 3);
    record_split_fini(&s);
}

/* A record that finds no room is presented again: split, undone and split again it must be the same. */
static void an_undone_step_is_repeated(void)
{
    static const char first[] = "abc", second[] = "def\nxyz\n";
    struct record_split s;
    struct split_record record;
    struct split_state before;
    const char *data = first;
    size_t len = sizeof first - 1;

    record_split_init(&s, SPLIT_LINES, 100);
    CU_ASSERT_EQUAL(record_split_next(&s, &data, &len, &record), SPLIT_MORE);
    for (int i = 0; i < 3; i++) {
        data = second;
        len = sizeof second - 1;
        before = s.state;
        CU_ASSERT_EQUAL(record_split_next(&s, &data, &len, &record), SPLIT_RECORD);
        CU_ASSERT_EQUAL(record.len, 6);
        CU_ASSERT_NSTRING_EQUAL(record.text, "abcdef", 6);
        if (i < 2)
            record_split_undo(&s, &before);
    }
    CU_ASSERT_EQUAL(record_split_next(&s, &data, &len, &record), SPLIT_RECORD);
    CU_ASSERT_NSTRING_EQUAL(record.text, "xyz", 3);
    record_split_fini(&s);
}

KL_TESTS("record_split", T(lines_are_records), T(empty_lines_are_skipped),
         T(a_line_of_the_maximum_passes_and_a_longer_one_is_skipped), T(elements_of_an_array_are_records),
         T(one_value_is_one_record), T(one_value_is_the_whole_body_whatever_follows),
         T(a_broken_array_keeps_the_records_before), T(a_too_long_element_is_skipped),
         T(records_know_their_place), T(an_undone_step_is_repeated))
