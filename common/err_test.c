#include "err.h"
#include "test.h"
#include "test_death.h"

static void fail_fills_code_and_text_and_returns_the_code(void)
{
    struct kl_error err = { .limit = 7, .retry_after_s = 3, .persisted = "no", .field = "old", .line = 1 };

    CU_ASSERT_EQUAL(kl_fail(&err, KL_NOT_FOUND, "topic \"%s\" is not here", "orders"), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(err.code, KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(err.text, "topic \"orders\" is not here");
    CU_ASSERT_STRING_EQUAL(err.field, "");
    CU_ASSERT_EQUAL(err.limit, 0);
    CU_ASSERT_EQUAL(err.retry_after_s, 0);
    CU_ASSERT_EQUAL(err.line, 0);
    CU_ASSERT_PTR_NULL(err.persisted);
}

static void fail_names_the_field_and_the_limit(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL(kl_fail_field(&err, KL_INVALID, "partition", "no number"), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "partition");
    CU_ASSERT_EQUAL(kl_fail_limit(&err, KL_TOO_LARGE, "value", 1048576, "%d bytes", 9), KL_TOO_LARGE);
    CU_ASSERT_STRING_EQUAL(err.field, "value");
    CU_ASSERT_EQUAL(err.limit, 1048576);
    CU_ASSERT_STRING_EQUAL(err.text, "9 bytes");
}

static void fail_may_quote_the_error_it_fills(void)
{
    struct kl_error err;

    kl_fail_field(&err, KL_INVALID, "key", "no base64");
    kl_fail_field(&err, KL_INVALID, err.field, "line 3: %s", err.text);
    CU_ASSERT_STRING_EQUAL(err.field, "key");
    CU_ASSERT_STRING_EQUAL(err.text, "line 3: no base64");
}

static void fail_cuts_what_is_too_long(void)
{
    struct kl_error err;
    char longer[2 * sizeof err.text];

    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    kl_fail_field(&err, KL_INVALID, longer, "%s", longer);
    CU_ASSERT_EQUAL(strlen(err.field), sizeof err.field - 1);
    CU_ASSERT_EQUAL(strlen(err.text), sizeof err.text - 1);
}

static void fail_without_an_error_only_returns_the_code(void)
{
    CU_ASSERT_EQUAL(kl_fail(NULL, KL_BUSY, "%d", 1), KL_BUSY);
    CU_ASSERT_EQUAL(kl_fail_field(NULL, KL_BUSY, "f", "%d", 1), KL_BUSY);
    CU_ASSERT_EQUAL(kl_fail_limit(NULL, KL_BUSY, "f", 1, "%d", 1), KL_BUSY);
}

static void break_an_invariant(void)
{
    kl_assert(1 + 1 == 3);
}

static void fail_with_ok(void)
{
    kl_fail(NULL, KL_OK, "fine");
}

static void assertions_end_the_process(void)
{
    kl_assert(1 + 1 == 2);
    CU_ASSERT_TRUE(test_dies(break_an_invariant));
    CU_ASSERT_TRUE(test_dies(fail_with_ok));
}

KL_TESTS("err", T(fail_fills_code_and_text_and_returns_the_code), T(fail_names_the_field_and_the_limit),
         T(fail_may_quote_the_error_it_fills), T(fail_cuts_what_is_too_long),
         T(fail_without_an_error_only_returns_the_code), T(assertions_end_the_process))
