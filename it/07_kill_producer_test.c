/* kill -9 of the producer under load: whatever it had answered with 200 has exactly one receipt. */
#include <stdio.h>

#include "it_load.h"

static struct it_world w;

static int begin(void) { return it_begin(&w, IT_PRODUCER | IT_CONSUMER); }
static int end(void) { return it_end(&w); }

static void everything_confirmed_before_a_kill_dash_nine_has_exactly_one_receipt(void)
{
    const char *topic = it_topic(&w, "killed");
    char path[128];
    struct it_load *load;
    long n = 0;

    snprintf(path, sizeof path, "/produce/%s/k", topic);
    load = it_load_start(&w.producer, 16, path);
    for (int kills = 0; kills < 3; kills++) {
        CU_ASSERT(it_load_until(load, n + 3000, 0));
        it_stop(&w.producer, SIGKILL);
        n = it_load_confirmed(load);
        it_start(&w, &w.producer);
    }
    CU_ASSERT(it_load_until(load, n + 3000, 0));
    it_load_prove(load, &w.consumer, topic);
}

static void a_stop_under_load_answers_everything_it_took(void)
{
    const char *topic = it_topic(&w, "stopped");
    char path[128];
    struct it_load *load;

    snprintf(path, sizeof path, "/produce/%s/k", topic);
    load = it_load_start(&w.producer, 16, path);
    CU_ASSERT(it_load_until(load, 3000, 0));
    CU_ASSERT_EQUAL(it_stop(&w.producer, SIGTERM), 0);
    it_load_prove(load, &w.consumer, topic);
    it_start(&w, &w.producer);
}

KL_TESTS_WITH("kill_producer", begin, end, T(everything_confirmed_before_a_kill_dash_nine_has_exactly_one_receipt),
              T(a_stop_under_load_answers_everything_it_took))
