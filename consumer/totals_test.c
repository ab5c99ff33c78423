#include "totals.h"

#include <stdlib.h>

#include "fault.h"
#include "test.h"

#define NOW_S INT64_C(1700000000)

static struct totals *totals;

static void begin(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(totals_new(&totals, &err), KL_OK);
    totals_reset(totals, 1, 0);
}

static void end(void)
{
    totals_free(totals);
}

static void add(const char *topic, int64_t at_s, int64_t messages, int64_t latency_us)
{
    struct kl_hist hist;
    struct totals_delta delta = { .messages = messages, .bytes = 10 * messages, .latency = &hist };

    kl_hist_clear(&hist);
    for (int64_t i = 0; i < messages; i++)
        kl_hist_add(&hist, latency_us);
    totals_add(totals, totals_place(totals, topic), at_s, &delta);
}

static struct totals_view look(int64_t now_s)
{
    struct totals_view view;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(totals_look(totals, now_s, &view, &err), KL_OK);
    return view;
}

static void totals_sum_topics_and_list_them_by_name(void)
{
    struct totals_view view;

    begin();
    add("zebra", NOW_S, 1, 100);
    add("ant", NOW_S, 2, 100);
    add("zebra", NOW_S, 3, 100);
    view = look(NOW_S);
    CU_ASSERT_EQUAL(view.n_topics, 2);
    CU_ASSERT_STRING_EQUAL(view.topics[0].topic, "ant");
    CU_ASSERT_EQUAL(view.topics[1].messages, 4);
    CU_ASSERT_EQUAL(view.all.messages, 6);
    CU_ASSERT_EQUAL(view.all.bytes, 60);
    free(view.topics);
    end();
}

static void totals_rate_is_over_the_last_ten_whole_seconds(void)
{
    struct totals_view view;

    begin();
    add("a", NOW_S - 11, 1000, 100); /* too old */
    add("a", NOW_S - 10, 40, 100);
    add("a", NOW_S - 1, 60, 100);
    add("a", NOW_S, 1000, 100); /* this second is not over */
    view = look(NOW_S);
    CU_ASSERT_DOUBLE_EQUAL(view.all.rate, 10.0, 0.001);
    free(view.topics);
    view = look(NOW_S + 100);
    CU_ASSERT_DOUBLE_EQUAL(view.all.rate, 0.0, 0.001);
    free(view.topics);
    end();
}

static void totals_latency_is_of_the_last_hour(void)
{
    struct totals_view view;

    begin();
    add("a", NOW_S - 3700, 5, 1000000);
    add("b", NOW_S - 3000, 7, 500);
    add("a", NOW_S, 3, 500);
    view = look(NOW_S);
    CU_ASSERT_EQUAL(view.latency.total, 10);
    CU_ASSERT_EQUAL(view.latency.max, 500);
    free(view.topics);
    view = look(NOW_S + 3600);
    CU_ASSERT_EQUAL(view.latency.total, 0);
    free(view.topics);
    end();
}

static void totals_hold_many_topics(void)
{
    struct totals_view view;
    char topic[32];

    begin();
    for (int i = 0; i < 1000; i++) {
        snprintf(topic, sizeof topic, "topic-%d", i);
        add(topic, NOW_S, 1, 1);
    }
    CU_ASSERT_EQUAL(totals_place(totals, "topic-500"), 500);
    view = look(NOW_S);
    CU_ASSERT_EQUAL(view.n_topics, 1000);
    CU_ASSERT_EQUAL(view.all.messages, 1000);
    free(view.topics);
    end();
}

static void totals_begin_again_for_another_cluster(void)
{
    struct totals_view view;

    begin();
    add("a", NOW_S, 5, 100);
    totals_reset(totals, 77, 3);
    view = look(NOW_S);
    CU_ASSERT_EQUAL(view.n_topics, 0);
    CU_ASSERT_EQUAL(view.all.messages, 0);
    CU_ASSERT_EQUAL(view.latency.total, 0);
    CU_ASSERT_EQUAL(view.since_us, 77);
    CU_ASSERT_EQUAL(view.failed, 3);
    free(view.topics);
    end();
}

static void set(const char *topic, int64_t at_s, int64_t messages)
{
    struct totals_delta sums = { .messages = messages, .bytes = 10 * messages };

    totals_set(totals, totals_place(totals, topic), at_s, &sums);
}

static void totals_that_are_set_count_what_others_added_in_the_rate(void)
{
    struct totals_view view;

    begin();
    set("a", 0, 1000); /* long ago */
    add("a", NOW_S - 3, 40, 100);
    set("a", NOW_S - 2, 1100); /* another one's 60 */
    set("a", NOW_S - 1, 1100);
    view = look(NOW_S);
    CU_ASSERT_EQUAL(view.all.messages, 1100);
    CU_ASSERT_EQUAL(view.all.bytes, 11000);
    CU_ASSERT_DOUBLE_EQUAL(view.all.rate, 10.0, 0.001);
    free(view.topics);
    end();
}

static void totals_that_are_set_replace_a_minutes_latency(void)
{
    struct totals_view view;
    struct kl_hist minute;

    begin();
    add("a", NOW_S - 60, 5, 100);
    add("a", NOW_S, 3, 100);
    kl_hist_clear(&minute);
    for (int i = 0; i < 7; i++)
        kl_hist_add(&minute, 900);
    totals_set_latency(totals, NOW_S, &minute);
    totals_set_cluster(totals, 5, 2);
    view = look(NOW_S);
    CU_ASSERT_EQUAL(view.latency.total, 12);
    CU_ASSERT_EQUAL(view.latency.max, 900);
    CU_ASSERT_EQUAL(view.failed, 2);
    CU_ASSERT_EQUAL(view.since_us, 5);
    free(view.topics);
    end();
}

static void totals_survive_refused_allocations(void)
{
    struct kl_error err;
    bool hit = true;

    for (long n = 0; hit; n++) {
        struct totals_view view = { .topics = NULL };
        struct totals *t = NULL;
        enum kl_code code;

        kl_fault_begin(n);
        code = totals_new(&t, &err);
        if (!code && totals_place(t, "a") < 0)
            code = KL_BUSY;
        if (!code)
            code = totals_look(t, NOW_S, &view, &err);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code, hit ? KL_BUSY : KL_OK);
        free(view.topics);
        totals_free(t);
    }
}

KL_TESTS("totals", T(totals_sum_topics_and_list_them_by_name), T(totals_rate_is_over_the_last_ten_whole_seconds),
         T(totals_latency_is_of_the_last_hour), T(totals_hold_many_topics), T(totals_begin_again_for_another_cluster),
         T(totals_that_are_set_count_what_others_added_in_the_rate), T(totals_that_are_set_replace_a_minutes_latency),
         T(totals_survive_refused_allocations))
