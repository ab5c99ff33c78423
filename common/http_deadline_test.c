/* http_deadline_test.c - slow clients are cut, whatever they send in between; slow but honest ones are not. */
#include "http_rig.h"

static struct rig rig;
static int64_t body_max = 100 << 20;

static void length(struct kl_request *r)
{
    char text[32];
    size_t len;

    kl_request_body(r, &len);
    snprintf(text, sizeof text, "%zu", len);
    kl_reply(r, 200, "text/plain", text, strlen(text));
}

static char big[8 << 20];

static void flood(struct kl_request *r)
{
    kl_reply_static(r, 200, "application/octet-stream", big, sizeof big);
}

static ssize_t endless(struct kl_request *r, char *buf, size_t max)
{
    (void)r;
    memset(buf, 'x', max);
    return (ssize_t)max;
}

static _Atomic int ended;

static void note_end(void *p)
{
    (void)p;
    ended++;
}

static void stream(struct kl_request *r)
{
    kl_request_attach(r, &rig, note_end);
    kl_reply_stream(r, 200, "text/plain", -1, endless);
}

static ssize_t silent(struct kl_request *r, char *buf, size_t max)
{
    (void)r;
    (void)buf;
    (void)max;
    return KL_STREAM_WAIT;
}

static void quiet(struct kl_request *r)
{
    kl_request_attach(r, &rig, note_end);
    kl_reply_stream(r, 200, "text/event-stream", -1, silent);
}

static const struct kl_route routes[] = {
    { "POST", "/length", &body_max, length, NULL, NULL, 0 },
    { "GET", "/flood", NULL, flood, NULL, NULL, 0 },
    { "GET", "/stream", NULL, stream, NULL, NULL, KL_ROUTE_STREAM },
    { "GET", "/quiet", NULL, quiet, NULL, NULL, KL_ROUTE_STREAM },
    { .method = NULL },
};

#define SHORT_MS 200

static void start(int64_t idle_ms, int64_t request_ms)
{
    ended = 0;
    rig_start(&rig, (struct kl_http_conf){ .routes = routes, .idle_timeout_ms = idle_ms, .request_timeout_ms = request_ms });
}

static void stop(void)
{
    kl_http_stop(rig.http);
}

/* Sends text a byte at a time until the server has had enough; false: it never had. */
static bool dribble(struct line *line, const char *text, int64_t *cut_after_ms)
{
    int64_t began = kl_mono_us();

    for (; *text; text++) {
        struct timeval wait = { 0, 20000 };

        if (!line_send(line, text, 1))
            break;
        setsockopt(line->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        if (line_fill(line) || (errno != EAGAIN && errno != EWOULDBLOCK))
            break;
    }
    *cut_after_ms = (kl_mono_us() - began) / 1000;
    return *text != '\0';
}

static void an_idle_connection_is_closed(void)
{
    struct line line;
    int64_t began;

    start(SHORT_MS, 60000);
    line_open(&line, rig.port);
    began = kl_mono_us();
    CU_ASSERT(line_ends(&line));
    CU_ASSERT(kl_mono_us() - began >= (SHORT_MS - 20) * 1000);
    line_close(&line);
    stop();
}

static void a_request_line_byte_by_byte_is_cut(void)
{
    struct line line;
    int64_t ms;

    start(SHORT_MS, 60000);
    line_open(&line, rig.port);
    CU_ASSERT(dribble(&line, "GET /a-path-that-is-long-enough-to-take-some-seconds-when-it-comes-byte-by-byte-and-more-of-it-still HTTP/1.1\r\n", &ms));
    CU_ASSERT(ms >= SHORT_MS - 20 && ms < SHORT_MS * 5);
    line_close(&line);
    stop();
}

static void headers_byte_by_byte_are_cut_with_a_408(void)
{
    struct line line;
    struct answer a;
    int64_t ms;

    start(60000, SHORT_MS);
    line_open(&line, rig.port);
    line_say(&line, "POST /length HTTP/1.1\r\n");
    CU_ASSERT(dribble(&line, "Host: a-host-that-is-long-enough-to-take-some-seconds-when-it-comes-byte-by-byte-and-more-of-it-still\r\n", &ms));
    CU_ASSERT(ms < SHORT_MS * 5);
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 408);
    CU_ASSERT(answer_has(&a, "Content-Type", "application/problem+json"));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"urn:kafkloud:problem:slow-client\""));
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void a_body_byte_by_byte_is_cut_with_a_408(void)
{
    static const char *const framings[] = { "Content-Length: 1000", "Transfer-Encoding: chunked" };
    char request[128], body[256];

    memset(body, '1', 200);   /* as chunks, a size that never ends */
    memcpy(body, "f;", 2);
    body[200] = '\0';
    start(60000, SHORT_MS);
    for (int i = 0; i < 2; i++) {
        struct line line;
        struct answer a;
        int64_t ms;

        line_open(&line, rig.port);
        snprintf(request, sizeof request, "POST /length HTTP/1.1\r\nHost: h\r\n%s\r\n\r\n", framings[i]);
        line_say(&line, request);
        CU_ASSERT(dribble(&line, body, &ms));
        CU_ASSERT(ms < SHORT_MS * 5);
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.status, 408);
        answer_fini(&a);
        line_close(&line);
    }
    stop();
}

/* 20 kB each 50 ms are well above the minimum rate, and the whole takes several timeouts. */
static void a_long_upload_that_keeps_going_is_not_cut(void)
{
    struct line line;
    struct answer a;

    start(60000, SHORT_MS);
    line_open(&line, rig.port);
    line_say(&line, "POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n");
    for (int i = 0; i < 20; i++) {
        kl_sleep_ms(50);   /* the client's pace, not a wait */
        CU_ASSERT(line_send(&line, big, 20000));
    }
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(a.body, "400000");
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void a_client_that_does_not_take_its_answer_is_cut(void)
{
    struct line line;
    const int small = 4096;

    start(60000, SHORT_MS);
    line_open(&line, rig.port);
    setsockopt(line.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    line_say(&line, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    RIG_UNTIL(ended == 1);
    line_close(&line);
    stop();
}

static void a_slow_answer_ends_after_its_size_at_the_minimum_rate(void)
{
    struct line line;
    struct answer a;

    /* 8 MiB may take 128 s: taken at leisure, it still comes whole. */
    start(60000, SHORT_MS);
    line_open(&line, rig.port);
    line_say(&line, "GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
    kl_sleep_ms(SHORT_MS * 3);   /* the client's pace */
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(a.len, sizeof big);
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void a_stream_without_news_has_no_deadline(void)
{
    struct line line;
    struct answer a;

    start(SHORT_MS, SHORT_MS);
    line_open(&line, rig.port);
    line_say(&line, "GET /quiet HTTP/1.1\r\nHost: h\r\n\r\n");
    CU_ASSERT(answer_head(&line, &a));
    kl_sleep_ms(SHORT_MS * 5);   /* nothing is to happen in it */
    CU_ASSERT_EQUAL(ended, 0);
    answer_fini(&a);
    line_close(&line);
    stop();
    CU_ASSERT_EQUAL(ended, 1);
}

static void a_connection_may_be_used_for_longer_than_its_timeouts(void)
{
    struct line line;
    struct answer a;

    start(SHORT_MS, SHORT_MS);
    line_open(&line, rig.port);
    for (int i = 0; i < 8; i++) {
        kl_sleep_ms(SHORT_MS / 3);   /* the client's pace */
        line_say(&line, "POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.status, 200);
        answer_fini(&a);
    }
    CU_ASSERT(line_ends(&line));
    line_close(&line);
    stop();
}

KL_TESTS("http_deadline", T(an_idle_connection_is_closed), T(a_request_line_byte_by_byte_is_cut), T(headers_byte_by_byte_are_cut_with_a_408),
         T(a_body_byte_by_byte_is_cut_with_a_408), T(a_long_upload_that_keeps_going_is_not_cut), T(a_client_that_does_not_take_its_answer_is_cut),
         T(a_slow_answer_ends_after_its_size_at_the_minimum_rate), T(a_stream_without_news_has_no_deadline),
         T(a_connection_may_be_used_for_longer_than_its_timeouts))
