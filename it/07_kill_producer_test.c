/* kill -9 of the producer under load: whatever it had answered with 200 has exactly one receipt. */
#include <stdio.h>

#include "it_load.h"

static struct it_world w;

static int begin(void) { return it_begin(&w, IT_PRODUCER | IT_CONSUMER); }
static int end(void) { return it_end(&w); }

struct reached { struct it_load *load; long n; };
static bool has_reached(void *ctx)
{
    struct reached *r = ctx;
    return it_load_confirmed(r->load) >= r->n;
}

static void everything_confirmed_before_a_kill_dash_nine_has_exactly_one_receipt(void)
{
    const char *topic = it_topic(&w, "killed");
    char path[128];
    struct it_load *load;
    struct it_verdict v;
    long n = 0;

    snprintf(path, sizeof path, "/produce/%s/k", topic);
    load = it_load_start(&w.producer, 16, path);
    for (int kills = 0; kills < 3; kills++) {
        struct reached r = { load, n + 3000 };
        CU_ASSERT(it_until(60000, has_reached, &r));
        it_stop(&w.producer, SIGKILL);
        n = it_load_confirmed(load);
        it_start(&w, &w.producer);
    }
    struct reached last = { load, n + 3000 };
    CU_ASSERT(it_until(60000, has_reached, &last));
    it_load_stop(load);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, it_load_confirmed(load), 30000));
    v = it_load_verify(load, &w.consumer);
    CU_ASSERT_EQUAL(v.missing, 0);
    CU_ASSERT_EQUAL(v.misplaced, 0);
    CU_ASSERT_EQUAL(v.duplicated, 0);
    CU_ASSERT_EQUAL(it_load_dishonest(load), 0);
    it_load_free(load);
}

static void a_stop_under_load_answers_everything_it_took(void)
{
    const char *topic = it_topic(&w, "stopped");
    char path[128];
    struct it_load *load;
    struct it_verdict v;

    snprintf(path, sizeof path, "/produce/%s/k", topic);
    load = it_load_start(&w.producer, 16, path);
    struct reached r = { load, 3000 };
    CU_ASSERT(it_until(60000, has_reached, &r));
    CU_ASSERT_EQUAL(it_stop(&w.producer, SIGTERM), 0);
    it_load_stop(load);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, it_load_confirmed(load), 30000));
    v = it_load_verify(load, &w.consumer);
    CU_ASSERT_EQUAL(v.missing + v.misplaced + v.duplicated, 0);
    CU_ASSERT_EQUAL(it_load_dishonest(load), 0);
    it_load_free(load);
    it_start(&w, &w.producer);
}

KL_TESTS_WITH("kill_producer", begin, end, T(everything_confirmed_before_a_kill_dash_nine_has_exactly_one_receipt),
              T(a_stop_under_load_answers_everything_it_took))
