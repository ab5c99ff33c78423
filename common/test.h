/* test.h - a CUnit program in one macro. A test's name is a sentence about behaviour:
 *
 *     static void buf_refuses_more_than_its_maximum(void) { ... CU_ASSERT... }
 *     KL_TESTS("buf", T(buf_refuses_more_than_its_maximum), T(...))
 *
 * Every test runs in one process; the program exits non-zero when one failed. With an argument, only tests whose
 * name contains it run. */
#ifndef KL_TEST_H
#define KL_TEST_H

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

struct kl_test { const char *name; void (*run)(void); };
#define T(function) { #function, function }

/* A program of one suite needs only the macros below. One of several calls kl_tests_begin, kl_suite_add for each, and
 * returns kl_tests_run(). only: the part of their names that tests must have; NULL: all. */
static inline void kl_tests_begin(void)
{
    setvbuf(stdout, NULL, _IONBF, 0); /* so that the last line names the test that hangs or dies */
    CU_initialize_registry();
}

static inline void kl_suite_add(const char *name, int (*begin)(void), int (*end)(void), const struct kl_test *tests, const char *only)
{
    CU_pSuite suite = NULL; /* made for its first test: begin may cost something */

    for (; tests->name; tests++) {
        if (only && !strstr(tests->name, only))
            continue;
        if (!suite)
            suite = CU_add_suite(name, begin, end);
        CU_add_test(suite, tests->name, tests->run);
    }
}

static inline int kl_tests_run(void)
{
    unsigned failed;

    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    failed = CU_get_number_of_failures() + (CU_get_number_of_tests_run() == 0);
    CU_cleanup_registry();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define KL_TESTS(suite, ...) KL_TESTS_WITH(suite, NULL, NULL, __VA_ARGS__)

/* The same with what stands around the tests: begin and end return 0 when it worked. */
#define KL_TESTS_WITH(suite, begin, end, ...)                                         \
    int main(int argc, char **argv)                                                   \
    {                                                                                 \
        static const struct kl_test tests[] = { __VA_ARGS__, { NULL, NULL } };        \
        kl_tests_begin();                                                             \
        kl_suite_add(suite, begin, end, tests, argc > 1 ? argv[1] : NULL);            \
        return kl_tests_run();                                                        \
    }

#endif
