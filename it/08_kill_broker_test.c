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

static void a_killed_broker_loses_nothing_confirmed_and_all_else_is_refused_honestly(void)
{
    const char *topic = it_topic(&w, "outage");
    char path[128];
    struct it_load *load;

    snprintf(path, sizeof path, "/produce/%s/k", topic);
    load = it_load_start(&w.producer, 16, path);
    CU_ASSERT(it_load_until(load, 3000, 0));
    it_stop(&w.kafka, SIGKILL);
    CU_ASSERT(it_load_until(load, 0, 16)); /* every connection has been told at least once, on average */
    it_start(&w, &w.kafka);
    CU_ASSERT(it_load_until(load, it_load_confirmed(load) + 3000, 0));
    it_load_prove(load, &w.consumer, topic);
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
