/* http_drain_test.c - the shutdown's steps: lame duck, refusing, waiting, stopping. */
#include <pthread.h>

#include "http_rig.h"
#include "metrics.h"

static struct rig rig;
static int64_t body_max = 1000;
static _Atomic(struct kl_request *) parked;
static _Atomic int streams;

static void yes(struct kl_request *r)
{
    kl_reply_static(r, 200, "text/plain", "yes", 3);
}

static void park(struct kl_request *r)
{
    kl_request_suspend(r, yes);
    parked = r;
}

static void unpark(void)
{
    struct kl_request *r = atomic_exchange(&parked, NULL);

    kl_assert(r);
    kl_request_resume(r);
}

static void stream_release(void *p)
{
    (void)p;
    streams--;
}

static ssize_t wait_pull(struct kl_request *r, char *buf, size_t max)
{
    (void)r;
    (void)buf;
    (void)max;
    return KL_STREAM_WAIT;
}

static void stream(struct kl_request *r)
{
    streams++;
    kl_request_attach(r, &rig, stream_release);
    kl_reply_stream(r, 200, "text/event-stream", -1, wait_pull);
}

static const struct kl_route routes[] = {
    { "GET", "/health", NULL, yes, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/read", NULL, yes, NULL, NULL, 0 },
    { "POST", "/change", &body_max, yes, NULL, NULL, KL_ROUTE_CHANGES },
    { "GET", "/park", NULL, park, NULL, NULL, 0 },
    { "GET", "/stream", NULL, stream, NULL, NULL, KL_ROUTE_STREAM },
    { .method = NULL },
};

static void start(void)
{
    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
}

static void get(struct line *line, const char *path)
{
    char request[128];

    line_open(line, rig.port);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
    line_say(line, request);
}

static int64_t ms_since(int64_t began_us)
{
    return (kl_mono_us() - began_us) / 1000;
}

static void a_lame_duck_serves_and_closes_after_each_answer(void)
{
    struct line line;
    struct answer a;

    start();
    get(&line, "/read");
    line_hear(&line, &a, false);
    CU_ASSERT_FALSE(a.closed);
    answer_fini(&a);
    kl_http_lame_duck(rig.http);
    line_say(&line, "GET /read HTTP/1.1\r\nHost: localhost\r\n\r\n");   /* the open connection, too */
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT(answer_has(&a, "Connection", "close"));
    CU_ASSERT(a.closed);
    answer_fini(&a);
    line_close(&line);
    kl_http_stop(rig.http);
}

static void a_lame_duck_ends_streams_in_order(void)
{
    struct line line, later;
    struct answer a;

    start();
    get(&line, "/stream");
    CU_ASSERT(answer_head(&line, &a));
    kl_http_lame_duck(rig.http);
    CU_ASSERT_EQUAL(answer_chunk(&line, &a), 0);   /* the last chunk: whole, not broken off */
    answer_fini(&a);
    get(&later, "/stream");
    line_hear(&later, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT(a.closed);
    answer_fini(&a);
    RIG_UNTIL(streams == 0);
    line_close(&line);
    line_close(&later);
    kl_http_stop(rig.http);
}

static void refusing_turns_new_requests_away_but_open_ones(void)
{
    struct answer a;

    start();
    CU_ASSERT(kl_http_refuse(rig.http, 0));
    ask(rig.port, &a, "GET /read HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT(answer_has(&a, "Retry-After", "1"));
    CU_ASSERT(a.closed);
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "POST /change HTTP/1.1"), 503);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /health HTTP/1.1"), 200);
    kl_http_stop(rig.http);
}

static void *refuse_main(void *out)
{
    *(bool *)out = kl_http_refuse(rig.http, RIG_WAIT_MS);
    return NULL;
}

static void refusing_waits_for_what_is_in_flight_and_for_no_stream(void)
{
    struct line line, streaming;
    struct answer a;
    pthread_t refuser;
    bool none = false;
    int64_t began;

    start();
    get(&streaming, "/stream");
    CU_ASSERT(answer_head(&streaming, &a));
    answer_fini(&a);
    get(&line, "/park");
    RIG_UNTIL(parked);
    began = kl_mono_us();
    CU_ASSERT_FALSE(kl_http_refuse(rig.http, 50));
    CU_ASSERT(ms_since(began) >= 50);
    pthread_create(&refuser, NULL, refuse_main, &none);
    RIG_UNTIL(ask_status(rig.port, "GET /read HTTP/1.1") == 503);
    unpark();
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT(answer_has(&a, "Connection", "close"));
    answer_fini(&a);
    pthread_join(refuser, NULL);
    CU_ASSERT(none);
    CU_ASSERT(ms_since(began) < RIG_WAIT_MS);
    line_close(&line);
    line_close(&streaming);
    kl_http_stop(rig.http);
}

/* A request that is still coming in counts as well. */
static void refusing_waits_for_a_body_under_way(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    line_say(&line, "POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    CU_ASSERT(answer_head(&line, &a));
    CU_ASSERT_EQUAL(a.status, 100);
    answer_fini(&a);
    CU_ASSERT_FALSE(kl_http_refuse(rig.http, 10));
    line_say(&line, "hi");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    CU_ASSERT(kl_http_refuse(rig.http, RIG_WAIT_MS));
    line_close(&line);
    kl_http_stop(rig.http);
}

static void a_stop_waits_for_no_idle_connection(void)
{
    static struct line line[100];
    struct answer a;
    int64_t began;

    start();
    for (int i = 0; i < 100; i++) {
        get(&line[i], i % 2 ? "/read" : "/stream");
        if (i % 2)
            line_hear(&line[i], &a, false);
        else
            answer_head(&line[i], &a);
        answer_fini(&a);
    }
    began = kl_mono_us();
    kl_http_stop(rig.http);
    CU_ASSERT(ms_since(began) < 2000);
    CU_ASSERT_EQUAL(streams, 0);
    for (int i = 0; i < 100; i++) {
        CU_ASSERT(line_ends(&line[i]));
        line_close(&line[i]);
    }
}

static long long metric(const char *name)
{
    struct kl_buf page;
    const char *at;
    long long value = -1;

    kl_buf_init(&page, 1 << 20);
    kl_metrics_write(&page);
    for (at = strstr(page.data, name); at; at = strstr(at + 1, name))
        if (at > page.data && at[-1] == '\n' && at[strlen(name)] == ' ')
            value = atoll(at + strlen(name));
    kl_buf_fini(&page);
    return value;
}

static void metrics_count_what_happens(void)
{
    struct line line, streaming;
    struct answer a;
    long long ok = metric("kafkloud_http_requests_total{class=\"2xx\"}"), wrong = metric("kafkloud_http_requests_total{class=\"4xx\"}");

    start();
    get(&streaming, "/stream");
    CU_ASSERT(answer_head(&streaming, &a));
    answer_fini(&a);
    get(&line, "/park");
    RIG_UNTIL(parked);
    CU_ASSERT_EQUAL(metric("kafkloud_http_requests_in_flight"), 1);
    CU_ASSERT_EQUAL(metric("kafkloud_http_streams"), 1);
    CU_ASSERT_EQUAL(metric("kafkloud_http_connections"), 2);
    unpark();
    line_hear(&line, &a, false);
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /else HTTP/1.1"), 404);
    RIG_UNTIL(metric("kafkloud_http_requests_total{class=\"4xx\"}") == wrong + 1);
    RIG_UNTIL(metric("kafkloud_http_requests_total{class=\"2xx\"}") == ok + 1);
    line_close(&line);
    line_close(&streaming);
    kl_http_stop(rig.http);
    CU_ASSERT_EQUAL(metric("kafkloud_http_requests_in_flight"), 0);
    CU_ASSERT_EQUAL(metric("kafkloud_http_streams"), 0);
    CU_ASSERT_EQUAL(metric("kafkloud_http_connections"), 0);
    CU_ASSERT_EQUAL(metric("kafkloud_http_requests_total{class=\"2xx\"}"), ok + 2);
}

KL_TESTS("http_drain", T(a_lame_duck_serves_and_closes_after_each_answer), T(a_lame_duck_ends_streams_in_order),
         T(refusing_turns_new_requests_away_but_open_ones), T(refusing_waits_for_what_is_in_flight_and_for_no_stream),
         T(refusing_waits_for_a_body_under_way), T(a_stop_waits_for_no_idle_connection), T(metrics_count_what_happens))
