/* Through the portal: one origin for the browser, streams unbuffered, clear words when a service is not there. */
#include <stdio.h>
#include <stdlib.h>

#include "it.h"

static struct it_world w;

static int begin(void) { return it_begin(&w, IT_PRODUCER | IT_CONSUMER | IT_PORTAL); }
static int end(void) { return it_end(&w); }

static void a_record_makes_its_roundtrip_through_the_portal(void)
{
    struct it_answer made = it_post(&w.portal, "hello", "/api/producer/produce/%s/a%%2Fb%%20c", it_topic(&w, "via"));
    struct it_answer seen = it_get(&w.portal, "/api/consumer/status/%s?wait=consumed&timeout_ms=10000", it_text(&made, "id"));

    CU_ASSERT_EQUAL(made.status, 200);
    CU_ASSERT_EQUAL(seen.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&seen, "key"), "a/b c"); /* the raw path was kept */
    it_answer_free(&made);
    it_answer_free(&seen);
}

struct live { const struct it_process *portal; const char *topic; int64_t sent_us, waited_us; bool posted; };

static bool post_then_wait(void *ctx, const struct it_event *e)
{
    struct live *live = ctx;

    if (!live->posted) { /* the position event: the stream is there, so a message must come through at once */
        struct it_answer made = it_post(live->portal, "now", "/api/producer/produce/%s/k", live->topic);
        live->posted = true;
        live->sent_us = kl_mono_us();
        it_answer_free(&made);
        return true;
    }
    if (strcmp(e->event, "streamer"))
        return true;
    live->waited_us = kl_mono_us() - live->sent_us;
    return false;
}

static void a_live_stream_passes_through_unbuffered(void)
{
    struct live live = { &w.portal, it_topic(&w, "via"), 0, 0, false };
    char path[128];

    snprintf(path, sizeof path, "/api/consumer/consume?topics=%s", live.topic);
    it_sse(&w.portal, path, NULL, 20000, post_then_wait, &live);
    CU_ASSERT(live.posted);
    CU_ASSERT(live.sent_us > 0 && live.waited_us < 2000000);
}

static bool has_streams(int n)
{
    struct it_answer a = it_get(&w.consumer, "/metrics");
    const char *at = strstr(a.body, "\nkafkloud_consumer_streams ");
    int open = at ? atoi(strchr(at, ' ')) : -1;

    it_answer_free(&a);
    return open == n;
}
static bool has_no_streams(void *ctx) { (void)ctx; return has_streams(0); }
static bool stop_at_once(void *ctx, const struct it_event *e) { (void)ctx, (void)e; return false; }

static void a_browser_that_has_gone_is_passed_on_to_the_consumer(void)
{
    char path[128];

    snprintf(path, sizeof path, "/api/consumer/consume?topics=%s", it_topic(&w, "via"));
    CU_ASSERT_EQUAL(it_sse(&w.portal, path, NULL, 10000, stop_at_once, NULL), 1);
    CU_ASSERT(it_until(40000, has_no_streams, NULL)); /* a heartbeat to the portal, and one to the consumer */
}

static void the_page_comes_with_strict_headers_and_a_tag(void)
{
    struct it_answer page = it_get(&w.portal, "/"), again;
    char policy[512] = "", tag[128] = "", condition[160];

    CU_ASSERT_EQUAL(page.status, 200);
    CU_ASSERT(it_header(&page, "Content-Security-Policy", policy, sizeof policy));
    CU_ASSERT_PTR_NULL(strstr(policy, "unsafe-inline"));
    CU_ASSERT(it_header(&page, "ETag", tag, sizeof tag));
    snprintf(condition, sizeof condition, "If-None-Match: %s", tag);
    again = it_call(&w.portal, "GET", condition, NULL, 0, "/");
    CU_ASSERT_EQUAL(again.status, 304);
    it_answer_free(&page);
    it_answer_free(&again);
}

static bool consumer_answers(void *ctx)
{
    struct it_answer a = it_get(&w.portal, "/api/consumer/status");
    int status = a.status;

    (void)ctx;
    it_answer_free(&a);
    return status == 200;
}

static void a_service_that_is_down_is_named_and_found_again(void)
{
    struct it_answer a;

    it_stop(&w.consumer, SIGKILL);
    a = it_get(&w.portal, "/api/consumer/status");
    CU_ASSERT_EQUAL(a.status, 502);
    CU_ASSERT_PTR_NOT_NULL(strstr(it_text(&a, "detail"), "consumer"));
    it_answer_free(&a);
    it_start(&w, &w.consumer);
    CU_ASSERT(it_until(10000, consumer_answers, NULL));
}

KL_TESTS_WITH("portal", begin, end, T(a_record_makes_its_roundtrip_through_the_portal), T(a_live_stream_passes_through_unbuffered),
              T(a_browser_that_has_gone_is_passed_on_to_the_consumer), T(the_page_comes_with_strict_headers_and_a_tag),
              T(a_service_that_is_down_is_named_and_found_again))
