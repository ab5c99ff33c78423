#include "ready.h"

#include "settings.h"
#include "test.h"
#include "test_stack.h"

static bool names_the_cause(void *ctx)
{
    char why[200];

    prober_why(ctx, 0, why, sizeof why);
    return strstr(why, "Connection refused") != NULL;
}

static void a_kafka_that_does_not_answer_is_told_with_the_cause(void)
{
    struct stack_conf conf = { .bootstrap_servers = "127.0.0.1:1" }; /* nobody listens there */
    struct prober *p;
    struct kl_error err;

    CU_ASSERT_STRING_EQUAL(services[0].name, "streamer");
    CU_ASSERT_EQUAL_FATAL(prober_start(&p, &conf, &err), KL_OK);
    prober_ask(p, 0);
    CU_ASSERT(until(names_the_cause, p));
    prober_stop(p);
}

KL_TESTS("ready", T(a_kafka_that_does_not_answer_is_told_with_the_cause))
