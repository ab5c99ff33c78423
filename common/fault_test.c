#include "fault.h"

#include <errno.h>
#include <pthread.h>

#include "test.h"

/* Three allocations, in this order; how many went well before the first that failed. */
static int allocate_three(void)
{
    char *volatile first = malloc(10); /* volatile: an allocation that nobody looks at may be optimized away */
    char *volatile second = first ? calloc(1, 10) : NULL;
    char *volatile third = second ? strdup("text") : NULL;
    int n = (first != NULL) + (second != NULL) + (third != NULL);

    free(third);
    free(second);
    free(first);
    return n;
}

static void the_nth_allocation_fails_and_no_other(void)
{
    int n;

    for (n = 0; n < 3; n++) {
        int went_well;

        kl_fault_begin(n);
        errno = 0;
        went_well = allocate_three();
        CU_ASSERT_EQUAL(errno, ENOMEM);
        CU_ASSERT_EQUAL(allocate_three(), 3);
        CU_ASSERT_TRUE(kl_fault_end());
        CU_ASSERT_EQUAL(went_well, n);
    }
    kl_fault_begin(3);
    CU_ASSERT_EQUAL(allocate_three(), 3);
    CU_ASSERT_FALSE(kl_fault_end());
}

static void a_failed_realloc_leaves_the_old_memory(void)
{
    char *volatile old = malloc(10); /* volatile: gcc takes it for freed by the realloc */
    char *new;

    strcpy(old, "kept");
    kl_fault_begin(0);
    new = realloc(old, 1000);
    CU_ASSERT_TRUE(kl_fault_end());
    CU_ASSERT_PTR_NULL(new);
    CU_ASSERT_STRING_EQUAL(old, "kept");
    free(old);
}

static void *allocate_elsewhere(void *arg)
{
    (void)arg;
    return allocate_three() == 3 ? arg : NULL;
}

static void other_threads_are_left_alone(void)
{
    pthread_t other;
    void *result;
    int here;

    pthread_create(&other, NULL, allocate_elsewhere, &here);
    kl_fault_begin(0);
    pthread_join(other, &result);
    CU_ASSERT_EQUAL(allocate_three(), 0);
    CU_ASSERT_TRUE(kl_fault_end());
    CU_ASSERT_PTR_EQUAL(result, &here);
}

KL_TESTS("fault", T(the_nth_allocation_fails_and_no_other), T(a_failed_realloc_leaves_the_old_memory),
         T(other_threads_are_left_alone))
