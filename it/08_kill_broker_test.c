/* The broker killed and started again under load: nothing confirmed is lost, everything else got an honest answer. */
#include <stdio.h>

#include "it_load.h"

static struct it_world w;

static int begin(void)
{
    static char timeout[] = "DELIVERY_TIMEOUT=4s"; /* so that the outage is longer than it */
    w.producer.env[0] = timeout;
    return it_begin(&w, IT_OWN_KAFKA | IT_PRODUCER | IT_CONSUMER);
}
static int end(void) { return it_end(&w); }

struct reached { struct it_load *load; long confirmed, refused; };
static bool has_reached(void *ctx)
{
    struct reached *r = ctx;
    return it_load_confirmed(r->load) >= r->confirmed && it_load_refused(r->load) >= r->refused;
}

static void a_killed_broker_loses_nothing_confirmed_and_all_else_is_refused_honestly(void)
{
    const char *topic = it_topic(&w, "outage");
    char path[128];
    struct it_load *load;
    struct it_verdict v;

    snprintf(path, sizeof path, "/produce/%s/k", topic);
    load = it_load_start(&w.producer, 16, path);
    struct reached warm = { load, 3000, 0 };
    CU_ASSERT(it_until(60000, has_reached, &warm));
    it_stop(&w.kafka, SIGKILL);
    struct reached outage = { load, 0, 16 }; /* every connection has been told at least once, on average */
    CU_ASSERT(it_until(60000, has_reached, &outage));
    it_start(&w, &w.kafka);
    struct reached back = { load, it_load_confirmed(load) + 3000, 0 };
    CU_ASSERT(it_until(60000, has_reached, &back));
    it_load_stop(load);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, it_load_confirmed(load), 60000));
    v = it_load_verify(load, &w.consumer);
    CU_ASSERT_EQUAL(v.missing, 0);
    CU_ASSERT_EQUAL(v.misplaced, 0);
    CU_ASSERT_EQUAL(v.duplicated, 0);
    CU_ASSERT_EQUAL(it_load_dishonest(load), 0);
    it_load_free(load);
}

static void without_a_broker_a_stop_ends_in_time_and_answers_what_waits(void)
{
    char path[128];
    struct it_load *load;
    int64_t at;

    it_stop(&w.kafka, SIGKILL);
    snprintf(path, sizeof path, "/produce/%s/k", it_topic(&w, "outage"));
    load = it_load_start(&w.producer, 4, path);
    at = kl_mono_us();
    CU_ASSERT_EQUAL(it_stop(&w.producer, SIGTERM), 0);
    CU_ASSERT(kl_mono_us() - at < 9000000);
    CU_ASSERT_EQUAL(it_stop(&w.consumer, SIGTERM), 0);
    it_load_stop(load);
    CU_ASSERT_EQUAL(it_load_dishonest(load), 0);
    it_load_free(load);
}

KL_TESTS_WITH("kill_broker", begin, end, T(a_killed_broker_loses_nothing_confirmed_and_all_else_is_refused_honestly),
              T(without_a_broker_a_stop_ends_in_time_and_answers_what_waits))
