#include "message_id.h"

#include "test.h"
#include "test_death.h"
#include "test_file.h"

static char *example;
static struct kl_message_id m;

static void read_example(void)
{
    char *text = test_file("../docs/topics.md");

    example = test_line(text, "## The header `kafkloud-id`", "0");
    CU_ASSERT_TRUE_FATAL(kl_message_id_read(&m, example, strlen(example)));
    free(text);
}

static void the_docs_example_is_read(void)
{
    struct kl_uuid id;

    read_example();
    CU_ASSERT_TRUE(kl_uuid_parse("0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01", KL_UUID_TEXT, &id));
    CU_ASSERT_TRUE(kl_uuid_equal(&m.id, &id));
    CU_ASSERT_EQUAL(m.start, UINT64_C(0x0199b6a27c10f3a8));
    CU_ASSERT_EQUAL(m.number, 1042);
    CU_ASSERT_EQUAL(m.accepted_us, INT64_C(1763776044000123));
    free(example);
}

static void what_is_written_is_the_docs_example(void)
{
    char out[KL_MESSAGE_ID_MAX];
    size_t len;

    read_example();
    len = kl_message_id_write(&m, out);
    CU_ASSERT_EQUAL(len, strlen(example));
    CU_ASSERT_EQUAL(memcmp(out, example, len), 0);
    free(example);
}

static void the_largest_numbers_come_back(void)
{
    char out[KL_MESSAGE_ID_MAX];
    struct kl_message_id back;
    size_t len;

    m = (struct kl_message_id){ .start = UINT64_MAX, .number = INT64_MAX, .accepted_us = INT64_MAX };
    memset(m.id.b, 0xFF, sizeof m.id.b);
    len = kl_message_id_write(&m, out);
    CU_ASSERT_TRUE(len <= KL_MESSAGE_ID_MAX);
    CU_ASSERT_TRUE(kl_message_id_read(&back, out, len));
    CU_ASSERT_EQUAL(memcmp(&m, &back, sizeof m), 0);
}

static void fields_of_later_versions_are_skipped(void)
{
    static const char later[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 0199b6a27c10f3a8 1042 17 more and more";

    CU_ASSERT_TRUE(kl_message_id_read(&m, later, sizeof later - 1));
    CU_ASSERT_EQUAL(m.accepted_us, 17);
    CU_ASSERT_TRUE(kl_message_id_read(&m, later, sizeof later - 1 - strlen("more and more")));
}

#define ID    "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01"
#define START "0199b6a27c10f3a8"
static void what_is_not_of_this_form_is_somebody_elses(void)
{
    static const char *const wrong[] = {
        "", ID, ID " ", ID " " START, ID " " START " 1", ID " " START " 1 ", ID " " START " 0 1", ID " " START " -1 1",
        ID " " START " +1 1", ID " " START " 01 1", ID " " START " 1 01", ID " " START " 1 1x", ID " " START " 1 1\n",
        ID "  " START " 1 1", " " ID " " START " 1 1", ID " 0000000000000000 1 1", ID " 0199B6A27C10F3A8 1 1",
        ID " 0199b6a27c10f3ag 1 1", ID " 0199b6a27c10f3a 1 1", ID " 0199b6a27c10f3a81 1 1",
        "0199B6A2-7D3E-7C11-9A55-0C6F2F1D8E01 " START " 1 1", ID " " START " 9223372036854775808 1",
        ID " " START " 1 9223372036854775808", ID "\t" START " 1 1", "x199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 " START " 1 1",
    };
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CU_ASSERT_FALSE(kl_message_id_read(&m, wrong[i], strlen(wrong[i])));
    CU_ASSERT_FALSE(kl_message_id_read(&m, ID " " START " 1 1\0 ", 58)); /* a NUL is no end */
}

static void every_cut_of_a_value_is_refused_or_another_number(void)
{
    size_t len;

    read_example();
    for (len = 0; len <= strlen(example); len++)
        CU_ASSERT_EQUAL(kl_message_id_read(&m, example, len), len > strlen(ID " " START " 1042 "));
    free(example);
}

static void write_without_start(void)
{
    char out[KL_MESSAGE_ID_MAX];

    m = (struct kl_message_id){ .number = 1 };
    kl_message_id_write(&m, out);
}

static void a_start_of_zero_is_never_written(void)
{
    CU_ASSERT_TRUE(test_dies(write_without_start));
}

KL_TESTS("message_id", T(the_docs_example_is_read), T(what_is_written_is_the_docs_example),
         T(the_largest_numbers_come_back), T(fields_of_later_versions_are_skipped),
         T(what_is_not_of_this_form_is_somebody_elses), T(every_cut_of_a_value_is_refused_or_another_number),
         T(a_start_of_zero_is_never_written))
