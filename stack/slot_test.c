/* One service of a stack, with the clock in the test's hand. */
#include "slot.h"

#include <signal.h>

#include "test.h"
#include "test_fakes.h"
#include "test_stack.h"

#define SECONDS INT64_C(1000000)

static struct stack_conf conf;
static struct home home;
static struct report report = { .log = { .fd = -1 } };
static struct stack stack = { .conf = &conf, .home = &home, .report = &report };
static struct slot slot;

static const struct service *named(const char *name)
{
    const struct service *s = services;

    while (strcmp(s->name, name) != 0)
        s++;
    return s;
}

/* The service begins at 0, and has the supervisor's threads and directories to itself. */
static void begin(const char *service)
{
    char *argv[] = { (char *)"kafkloud-stack", NULL };
    char said[PATH_MAX];

    snprintf(said, sizeof said, "%s/said", fakes_directory());
    CU_ASSERT_EQUAL_FATAL(stack_conf_load(&conf, 1, argv, NULL), KL_OK);
    CU_ASSERT_EQUAL_FATAL(home_open(&home, conf.home, NULL), KL_OK);
    CU_ASSERT_EQUAL_FATAL(prober_start(&stack.prober, &conf, NULL), KL_OK);
    report.screen = fopen(said, "we");
    CU_ASSERT_EQUAL_FATAL(slot_open(&slot, named(service), &stack, NULL), KL_OK);
    slot_step(&slot, true, 0);
    CU_ASSERT_EQUAL_FATAL(slot.state, SLOT_STARTING);
}

static bool has_ended(void *nothing)
{
    (void)nothing;
    return slot_reap(&slot, 0);
}

static void end(void)
{
    slot_term(&slot, SIGKILL);
    CU_ASSERT(!slot.child.pid || until(has_ended, NULL));
    slot_close(&slot);
    prober_stop(stack.prober);
    fclose(report.screen);
    home_close(&home);
    kl_conf_free();
    fakes_end();
}

static bool said(const char *text)
{
    return strstr(text_of(fakes_directory(), "said"), text) != NULL;
}

static bool says_why(void *text)
{
    char why[256];

    prober_why(stack.prober, slot.subject, why, sizeof why);
    return strstr(why, text) != NULL;
}

static bool says_yes(void *nothing)
{
    struct answer a;

    (void)nothing;
    return prober_take(stack.prober, &a) && a.ok;
}

static void a_service_that_says_why_it_is_not_ready_runs_on(void)
{
    pid_t pid;

    fakes_begin();
    fakes_behave("portal", "unready");
    begin("portal");
    pid = slot.child.pid;
    CU_ASSERT_FATAL(until(says_why, (void *)"page: none is built"));
    CU_ASSERT_EQUAL(slot_due_us(&slot), 5 * SECONDS);
    slot_step(&slot, true, 5 * SECONDS);
    CU_ASSERT(said("portal is not ready yet: page: none is built\n"));
    CU_ASSERT_EQUAL(slot_due_us(&slot), 10 * SECONDS);
    slot_step(&slot, true, 10 * SECONDS);
    CU_ASSERT_EQUAL(slot.state, SLOT_UNREADY);
    CU_ASSERT(said("portal runs, but is not ready: page: none is built\n"));
    CU_ASSERT_EQUAL(slot_due_us(&slot), INT64_MAX);
    CU_ASSERT_EQUAL(slot.child.pid, pid);
    CU_ASSERT_EQUAL(kill(pid, 0), 0);
    end();
}

static void an_unready_service_is_asked_again_at_the_next_up(void)
{
    pid_t pid;

    fakes_begin();
    fakes_behave("portal", "unready");
    begin("portal");
    pid = slot.child.pid;
    CU_ASSERT_FATAL(until(says_why, (void *)"page"));
    slot_step(&slot, true, 10 * SECONDS);
    CU_ASSERT_EQUAL_FATAL(slot.state, SLOT_UNREADY);
    fakes_behave("portal", "");
    slot_again(&slot, 60 * SECONDS);
    CU_ASSERT_EQUAL(slot.state, SLOT_STARTING);
    CU_ASSERT(until(says_yes, NULL));
    slot_answered(&slot, 61 * SECONDS);
    CU_ASSERT_EQUAL(slot.state, SLOT_READY);
    CU_ASSERT(said("portal    ready in 1.0 s\n"));
    CU_ASSERT_EQUAL(slot.child.pid, pid);
    end();
}

static void a_service_that_says_nothing_is_killed_and_started_again(void)
{
    fakes_begin();
    fakes_behave("portal", "deaf");
    begin("portal");
    CU_ASSERT_FATAL(until(says_why, (void *)"127.0.0.1"));
    slot_step(&slot, true, 5 * SECONDS);
    CU_ASSERT(!said("portal")); /* it may be a slow one: no news */
    slot_step(&slot, true, 10 * SECONDS);
    CU_ASSERT(said("portal does not answer after 10 s: "));
    CU_ASSERT(until(has_ended, NULL));
    CU_ASSERT_EQUAL(slot.state, SLOT_BACKOFF);
    end();
}

static void a_kafka_elsewhere_that_nobody_answers_for_is_told_soon_and_asked_on(void)
{
    fakes_begin();
    setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", 1);
    begin("streamer");
    CU_ASSERT_FATAL(until(says_why, (void *)"Connection refused"));
    slot_step(&slot, true, 5 * SECONDS);
    CU_ASSERT(said("Kafka at 127.0.0.1:1 does not answer yet: "));
    CU_ASSERT(said("Connection refused"));
    CU_ASSERT(said("asking for 55 s more\n"));
    CU_ASSERT_EQUAL(slot.state, SLOT_STARTING);
    slot_step(&slot, true, 60 * SECONDS);
    CU_ASSERT_EQUAL(slot.state, SLOT_DOWN);
    CU_ASSERT(said("no Kafka answers at 127.0.0.1:1"));
    end();
}

KL_TESTS("slot", T(a_service_that_says_why_it_is_not_ready_runs_on), T(an_unready_service_is_asked_again_at_the_next_up),
         T(a_service_that_says_nothing_is_killed_and_started_again), T(a_kafka_elsewhere_that_nobody_answers_for_is_told_soon_and_asked_on))
