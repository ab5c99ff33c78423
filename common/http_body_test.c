/* http_body_test.c - bodies: limits, framing, refusals in the middle, streaming with back-pressure. */
#include <pthread.h>

#include "http_rig.h"

static struct rig rig;
static int64_t limit = 1000, large = 100 << 20;
static _Atomic int released, begun;

static void count(struct kl_request *r)
{
    char text[32];
    size_t len;
    const char *body = kl_request_body(r, &len);
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)body[i];
    snprintf(text, sizeof text, "%zu %u", len, sum);
    kl_reply(r, 200, "text/plain", text, strlen(text));
}

/* ---- a handler that takes pieces, as fast as a slow thread behind it allows ---- */
struct intake {
    struct kl_request *r;
    pthread_t          thread;
    pthread_mutex_t    lock;
    pthread_cond_t     waits;
    bool               parked, over;
    size_t             room, taken, resumes;
    unsigned           sum;
};

#define ROOM_BYTES 5000

static void *intake_main(void *ctx)
{
    struct intake *in = ctx;

    pthread_mutex_lock(&in->lock);
    for (;;) {
        while (!in->parked && !in->over)
            pthread_cond_wait(&in->waits, &in->lock);
        if (in->over)
            break;
        in->parked = false;
        in->room = ROOM_BYTES;
        in->resumes++;
        kl_request_resume(in->r);   /* may come before the body function has returned */
    }
    pthread_mutex_unlock(&in->lock);
    return NULL;
}

static void intake_release(void *p)
{
    struct intake *in = p;

    pthread_mutex_lock(&in->lock);
    in->over = true;
    pthread_cond_signal(&in->waits);
    pthread_mutex_unlock(&in->lock);
    pthread_join(in->thread, NULL);
    free(in);
    released++;
}

static void intake_begin(struct kl_request *r)
{
    struct intake *in = calloc(1, sizeof *in);

    in->r = r;
    in->room = ROOM_BYTES;
    pthread_mutex_init(&in->lock, NULL);
    pthread_cond_init(&in->waits, NULL);
    pthread_create(&in->thread, NULL, intake_main, in);
    kl_request_attach(r, in, intake_release);
    begun++;
}

static size_t intake_body(struct kl_request *r, const char *data, size_t len)
{
    struct intake *in = kl_request_attached(r);
    size_t n;

    pthread_mutex_lock(&in->lock);
    n = len < in->room ? len : in->room;
    for (size_t i = 0; i < n; i++)
        in->sum += (unsigned char)data[i];
    in->room -= n;
    in->taken += n;
    if (n < len) {
        kl_request_suspend(r, NULL);
        in->parked = true;
        pthread_cond_signal(&in->waits);
    }
    pthread_mutex_unlock(&in->lock);
    return n;
}

static void intake_end(struct kl_request *r)
{
    struct intake *in = kl_request_attached(r);
    char text[64];

    pthread_mutex_lock(&in->lock);
    snprintf(text, sizeof text, "%zu %u", in->taken, in->sum);
    kl_assert(in->taken < ROOM_BYTES || in->resumes > 0);
    pthread_mutex_unlock(&in->lock);
    kl_reply(r, 200, "text/plain", text, strlen(text));
}

/* ---- handlers that refuse ---- */
static void refuse_begin(struct kl_request *r)
{
    struct kl_error err;

    kl_fail_field(&err, KL_INVALID, "topic", "not this topic");
    kl_reply_error(r, &err);
}

static size_t refuse_body(struct kl_request *r, const char *data, size_t len)
{
    if (memchr(data, '!', len))
        refuse_begin(r);
    return len;
}

static const struct kl_route routes[] = {
    { "POST", "/small", &limit, count, NULL, NULL, 0 },
    { "POST", "/large", &large, count, NULL, NULL, 0 },
    { "POST", "/intake", &large, intake_end, intake_begin, intake_body, 0 },
    { "POST", "/refuses", &large, count, refuse_begin, NULL, 0 },
    { "POST", "/picky", &large, count, NULL, refuse_body, 0 },
    { "GET", "/get", NULL, count, NULL, NULL, 0 },
    { .method = NULL },
};

static void start(void)
{
    released = begun = 0;
    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
}

static void stop(void)
{
    kl_http_stop(rig.http);
}

static char *filled(size_t len)
{
    char *text = malloc(len + 1);

    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + i % 23);
    text[len] = '\0';
    return text;
}

static const char *expected(const char *body, size_t len, char out[64])
{
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)body[i];
    snprintf(out, 64, "%zu %u", len, sum);
    return out;
}

/* Sends body in pieces of `piece` bytes, as chunks or with its length. */
static void post(struct answer *a, const char *path, const char *body, size_t len, size_t piece, bool chunked)
{
    struct line line;
    char head[256];

    line_open(&line, rig.port);
    if (chunked)
        snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", path);
    else
        snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", path, len);
    line_say(&line, head);
    for (size_t at = 0; at < len; at += piece) {
        size_t n = len - at < piece ? len - at : piece;

        snprintf(head, sizeof head, "%zx\r\n", n);
        if ((chunked && !line_say(&line, head)) || !line_send(&line, body + at, n) || (chunked && !line_say(&line, "\r\n")))
            break;   /* refused, and closed: the answer is there to be read */
    }
    if (chunked)
        line_say(&line, "0\r\nTrailer: x\r\n\r\n");
    line_hear(&line, a, false);
    line_close(&line);
}

static void bodies_arrive_whole_however_they_are_cut(void)
{
    static const size_t sizes[] = { 1, 2, 100, 999, 16384, 100000, 1000000 };
    char text[64];

    start();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *body = filled(sizes[i]);

        for (int chunked = 0; chunked < 2; chunked++) {
            for (size_t piece = 7; piece <= 70000; piece *= 100) {
                static const char *const paths[] = { "/large", "/intake" };

                for (int p = 0; p < 2 && sizes[i] / piece < 20000; p++) {
                    struct answer a;

                    post(&a, paths[p], body, sizes[i], piece, chunked);
                    CU_ASSERT_EQUAL(a.status, 200);
                    CU_ASSERT_STRING_EQUAL(a.body, expected(body, sizes[i], text));
                    answer_fini(&a);
                }
            }
        }
        free(body);
    }
    RIG_UNTIL(released == begun);
    stop();
}

static void a_body_up_to_the_limit_passes(void)
{
    char *body = filled(1001);
    struct answer a;

    start();
    for (int chunked = 0; chunked < 2; chunked++) {
        post(&a, "/small", body, 1000, 300, chunked);
        CU_ASSERT_EQUAL(a.status, 200);
        answer_fini(&a);
        post(&a, "/small", body, 1001, 300, chunked);
        CU_ASSERT_EQUAL(a.status, 413);
        CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"limit\":1000"));
        CU_ASSERT_FALSE(a.closed);   /* little was left: the connection stays */
        answer_fini(&a);
    }
    free(body);
    stop();
}

static void a_declared_size_far_over_the_limit_is_refused_before_it_comes(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    line_say(&line, "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000000\r\n\r\n");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 413);
    CU_ASSERT(answer_has(&a, "Connection", "close"));
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void a_client_that_writes_on_still_reads_the_refusal(void)
{
    char *body = filled(900000);
    struct answer a;

    start();
    for (int chunked = 0; chunked < 2; chunked++) {
        post(&a, "/small", body, 900000, 10000, chunked);
        CU_ASSERT_EQUAL(a.status, 413);
        CU_ASSERT(a.closed);
        answer_fini(&a);
        post(&a, "/refuses", body, 900000, 10000, chunked);
        CU_ASSERT_EQUAL(a.status, 400);
        answer_fini(&a);
    }
    free(body);
    stop();
}

static void what_is_thrown_away_has_a_bound(void)
{
    char *block = filled(1 << 20);
    struct line line;
    size_t sent = 0;

    start();
    line_open(&line, rig.port);
    line_say(&line, "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000000\r\n\r\n");
    while (sent < 1000 && line_send(&line, block, 1 << 20))
        sent++;
    CU_ASSERT(sent < 1000);
    line_close(&line);
    free(block);
    stop();
}

static void no_body_is_read_where_the_route_has_none(void)
{
    struct answer a;

    start();
    ask_text(rig.port, &a, "GET /get HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    CU_ASSERT_EQUAL(a.status, 413);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "no body is read here"));
    answer_fini(&a);
    ask_text(rig.port, &a, "GET /get HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    ask_text(rig.port, &a, "GET /get HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    ask_text(rig.port, &a, "GET /get HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
    CU_ASSERT_EQUAL(a.status, 413);
    answer_fini(&a);
    stop();
}

static void expect_continue_is_continued_or_refused(void)
{
    char *body = filled(1001);
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    line_say(&line, "POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    line_hear(&line, &a, true);
    CU_ASSERT_EQUAL(a.status, 100);
    answer_fini(&a);
    line_say(&line, "hi");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    line_say(&line, "POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 413);
    CU_ASSERT(a.closed);
    answer_fini(&a);
    line_close(&line);
    /* Continued, then over the limit in the middle. */
    line_open(&line, rig.port);
    line_say(&line, "POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    line_hear(&line, &a, true);
    CU_ASSERT_EQUAL(a.status, 100);
    answer_fini(&a);
    line_say(&line, "3e9\r\n");
    line_send(&line, body, 1001);
    line_say(&line, "\r\n0\r\n\r\n");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 413);
    answer_fini(&a);
    line_close(&line);
    free(body);
    stop();
}

static void a_refusal_of_a_small_body_keeps_the_connection(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    for (int i = 0; i < 3; i++) {
        line_say(&line, "POST /refuses HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.status, 400);
        answer_fini(&a);
        line_say(&line, "POST /picky HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell!");
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.status, 400);
        answer_fini(&a);
    }
    line_close(&line);
    stop();
}

static void a_refusal_in_the_middle_of_a_long_body_does_not_wait_for_its_end(void)
{
    struct line line;
    struct answer a;
    char *block = filled(100000);

    start();
    line_open(&line, rig.port);
    line_say(&line, "POST /picky HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\n");
    line_send(&line, block, 100000);
    line_say(&line, "!");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 400);
    answer_fini(&a);
    line_close(&line);
    free(block);
    stop();
}

static void contradictory_framing_is_refused_and_closed(void)
{
    static const char *const wrong[] = {
        "Content-Length: 2\r\nContent-Length: 2", "Content-Length: 2\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Content-Length : 2",
        "Host: other", "Name : x", "Name: x\rContent-Length: 2", "Name\rContent-Length: 2",
    };
    char request[256];

    start();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer a;

        snprintf(request, sizeof request, "POST /small HTTP/1.1\r\nHost: h\r\n%s\r\n\r\nhi", wrong[i]);
        ask_text(rig.port, &a, request);
        CU_ASSERT_EQUAL(a.status, 400);
        CU_ASSERT(a.closed);
        answer_fini(&a);
    }
    stop();
}

static void a_request_without_a_host_is_refused(void)
{
    struct answer a;

    start();
    ask_text(rig.port, &a, "GET /get HTTP/1.1\r\n\r\n");
    CU_ASSERT_EQUAL(a.status, 400);
    if (!RIG_MHD_1)
        CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"field\":\"Host\""));
    answer_fini(&a);
    stop();
}

static void a_client_that_leaves_in_the_middle_is_cleaned_up_after(void)
{
    char *block = filled(20000);

    start();
    for (int i = 0; i < 20; i++) {
        struct line line;

        line_open(&line, rig.port);
        line_say(&line, "POST /intake HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n");
        line_send(&line, block, (size_t)i * 1000);   /* some beyond the intake's room: it leaves while suspended */
        RIG_UNTIL(begun == i + 1);
        line_close(&line);
    }
    RIG_UNTIL(released == 20);
    free(block);
    stop();
}

/* Its last bytes and its end come at once, so nothing will be heard of it any more. */
static void a_client_that_leaves_behind_a_chunk_is_soon_noticed(void)
{
    int64_t left_us = 0;

    start();
    for (int i = 0; i < 20; i++) {
        struct line line;

        line_open(&line, rig.port);
        line_say(&line, "POST /intake HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        RIG_UNTIL(begun == i + 1);
        line_say(&line, "3\r\nabc\r\n");
        line_close(&line);
        left_us = kl_mono_us();
    }
    RIG_UNTIL(released == 20);
    CU_ASSERT_TRUE(kl_mono_us() - left_us < 8000 * 1000); /* REQUEST_TIMEOUT would have taken 30 s */
    stop();
}

static void a_client_that_only_ends_its_sending_is_answered(void)
{
    struct answer a;
    struct line line;

    start();
    line_open(&line, rig.port);
    line_say(&line, "POST /intake HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n");
    shutdown(line.fd, SHUT_WR);
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    line_close(&line);
    stop();
}

KL_TESTS("http_body", T(bodies_arrive_whole_however_they_are_cut), T(a_body_up_to_the_limit_passes),
         T(a_declared_size_far_over_the_limit_is_refused_before_it_comes), T(a_client_that_writes_on_still_reads_the_refusal),
         T(what_is_thrown_away_has_a_bound), T(no_body_is_read_where_the_route_has_none), T(expect_continue_is_continued_or_refused),
         T(a_refusal_of_a_small_body_keeps_the_connection), T(a_refusal_in_the_middle_of_a_long_body_does_not_wait_for_its_end),
         T(contradictory_framing_is_refused_and_closed), T(a_request_without_a_host_is_refused),
         T(a_client_that_leaves_in_the_middle_is_cleaned_up_after), T(a_client_that_leaves_behind_a_chunk_is_soon_noticed),
         T(a_client_that_only_ends_its_sending_is_answered))
