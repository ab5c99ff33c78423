#include "problem.h"

#include <jansson.h>

#include "test.h"
#include "test_death.h"
#include "test_file.h"

static struct kl_error err;

static void is(const char *id, const char *want)
{
    struct kl_buf b;

    kl_buf_init(&b, 4096);
    CU_ASSERT_TRUE(kl_problem_json(&b, &err, id));
    CU_ASSERT_STRING_EQUAL(b.data, want);
    if (strcmp(b.data, want) != 0)
        printf("    %s\n", b.data);
    kl_buf_fini(&b);
}

static void a_problem_has_the_rfcs_members(void)
{
    kl_fail(&err, KL_NOT_FOUND, "no such topic");
    is(NULL, "{\"type\":\"urn:kafkloud:problem:not-found\",\"title\":\"Not found\",\"status\":404,\"detail\":\"no such topic\"}");
}

static void the_headers_example_comes_out_as_it_stands_there(void)
{
    kl_fail_limit(&err, KL_TOO_LARGE, "value", 1048576, "the value has 1048577 bytes, 1048576 may pass");
    is(NULL, "{\"type\":\"urn:kafkloud:problem:too-large\",\"title\":\"Too large\",\"status\":413,"
             "\"detail\":\"the value has 1048577 bytes, 1048576 may pass\",\"field\":\"value\",\"limit\":1048576}");
}

static void the_docs_example_comes_out_as_it_stands_there(void)
{
    char *text = test_file("../docs/http-api.md");
    char *example = test_line(text, "### Errors", "{\"type\"");

    kl_fail_field(&err, KL_INVALID, "partition", "partition \"x\" is not a number from 0 to 2147483647");
    is(NULL, example);
    free(example);
    free(text);
}

static void members_are_there_when_the_error_has_them(void)
{
    kl_fail(&err, KL_TIMEOUT, "no \"report\"");
    err.line = 2;
    err.column = 17;
    err.retry_after_s = 30;
    err.persisted = "possibly";
    is("0199b6a2", "{\"type\":\"urn:kafkloud:problem:timeout\",\"title\":\"Timeout\",\"status\":504,"
                   "\"detail\":\"no \\\"report\\\"\",\"line\":2,\"column\":17,\"retry_after_s\":30,"
                   "\"persisted\":\"possibly\",\"id\":\"0199b6a2\"}");
}

static void busy_tells_when_to_come_again(void)
{
    kl_fail(&err, KL_BUSY, "full");
    is(NULL, "{\"type\":\"urn:kafkloud:problem:busy\",\"title\":\"Busy\",\"status\":503,\"detail\":\"full\",\"retry_after_s\":1}");
    err.retry_after_s = 5;
    is(NULL, "{\"type\":\"urn:kafkloud:problem:busy\",\"title\":\"Busy\",\"status\":503,\"detail\":\"full\",\"retry_after_s\":5}");
}

static void the_docs_list_every_code(void)
{
    char *text = test_file("../docs/http-api.md");
    enum kl_code code;

    for (code = KL_OK + 1; code < KL_CODES; code++) {
        const struct kl_problem *p = kl_problem(code);
        char row[64];

        snprintf(row, sizeof row, "\n| %d | `%s` | ", p->status, p->slug);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, row));
    }
    free(text);
}

static void the_text_stays_json_whatever_the_input_was(void)
{
    struct kl_buf b;
    json_t *object;

    kl_fail_field(&err, KL_INVALID, "\"\xFF\n", "a \"quote\", a \\, a \x01, half a \xE2\x82");
    kl_buf_init(&b, 4096);
    CU_ASSERT_TRUE(kl_problem_json(&b, &err, "\x80"));
    object = json_loadb(b.data, b.len, JSON_REJECT_DUPLICATES, NULL);
    CU_ASSERT_PTR_NOT_NULL(object);
    json_decref(object);
    kl_buf_fini(&b);
}

static void a_problem_goes_in_whole_or_not_at_all(void)
{
    struct kl_buf b;

    kl_fail(&err, KL_INVALID, "wrong");
    kl_buf_init(&b, 80);
    CU_ASSERT_FALSE(kl_problem_json(&b, &err, NULL));
    CU_ASSERT_EQUAL(b.len, 0);
    CU_ASSERT_TRUE(b.failed);
    kl_buf_fini(&b);
}

static void ask_for_ok(void)
{
    kl_problem(KL_OK);
}

static void there_is_no_problem_of_ok(void)
{
    CU_ASSERT_TRUE(test_dies(ask_for_ok));
}

KL_TESTS("problem", T(a_problem_has_the_rfcs_members), T(the_headers_example_comes_out_as_it_stands_there),
         T(the_docs_example_comes_out_as_it_stands_there), T(members_are_there_when_the_error_has_them),
         T(busy_tells_when_to_come_again), T(the_docs_list_every_code), T(the_text_stays_json_whatever_the_input_was),
         T(a_problem_goes_in_whole_or_not_at_all), T(there_is_no_problem_of_ok))
