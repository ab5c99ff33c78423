/* http_alone_test.c - what libmicrohttpd answers by itself, before any code of ours is asked: the table in
 * docs/http-api.md. Where a later version does better, a row here fails and the page is changed. */
#include <sys/resource.h>

#include "http_rig.h"

static struct rig rig;
static int64_t body_max = 100000;

static void yes(struct kl_request *r)
{
    kl_reply_static(r, 200, "text/plain", "yes", 3);
}

static const struct kl_route routes[] = {
    { "GET", "/read", NULL, yes, NULL, NULL, 0 },
    { "POST", "/change", &body_max, yes, NULL, NULL, 0 },
    { .method = NULL },
};

static void start(int64_t request_ms)
{
    rig_start(&rig, (struct kl_http_conf){ .routes = routes, .request_timeout_ms = request_ms });
}

static void stop(void)
{
    kl_http_stop(rig.http);
}

#define CHUNKED "POST /change HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
#define LENGTH(value) "POST /change HTTP/1.1\r\nHost: h\r\nContent-Length: " value "\r\n\r\n"

/* Status 0: closed without a word. problem: the answer is ours, in problem+json. */
static const struct {
    const char *request;
    int         status;
    bool        problem;
} rows[] = {
    { "garbage\r\n\r\n",                                        0, false },
    { "\x16\x03\x01\x02\r\n\r\n",                               0, false },   /* TLS */
    { " GET /read HTTP/1.1\r\nHost: h\r\n\r\n",                 0, false },
    { "two words\r\n\r\n",                                      RIG_MHD_1 ? 0 : 400, false },
    { "GET /read\r\n\r\n",                                      400, false }, /* HTTP/0.9 */
    { "GET /read http/1.1\r\nHost: h\r\n\r\n",                  400, false },
    { "GET /read HTTP/1.1 \r\nHost: h\r\n\r\n",                 400, false },
    { "GET /read HTTP/0.9\r\n\r\n",                             505, false },
    { "GET /read HTTP/2.0\r\nHost: h\r\n\r\n",                  505, false },
    { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                       505, false },
    { "GET /read HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",      400, false },
    { LENGTH("x"),                                              400, false },
    { LENGTH("-1"),                                             400, false },
    { LENGTH("5x"),                                             400, false },
    { LENGTH(""),                                               400, false },
    { LENGTH("18446744073709551616"),                           413, false },
    { LENGTH("18446744073709551615"),                           413, !RIG_MHD_1 },
    { CHUNKED "zz\r\n",                                         400, false },
    { CHUNKED "\r\nhello\r\n",                                  400, false },
    { CHUNKED "-5\r\nhello\r\n",                                400, false },
    { CHUNKED "5\r\nhelloXX\r\n",                               400, false },
    { CHUNKED "fffffffffffffffff\r\n",                          413, false },
    { CHUNKED "0\r\nno colon\r\n\r\n",                          400, false },
    { CHUNKED "5;a=b\r\nhello\r\n0\r\n\r\n",                   RIG_MHD_1 ? 400 : 200, false }, /* 1.0.1 takes the end of the line for data */
    { "GET /read HTTP/1.1\r\n\r\n",                             400, !RIG_MHD_1 },
    { "GET  /read  HTTP/1.1\r\nHost: h\r\n\r\n",                RIG_MHD_1 ? 301 : 400, !RIG_MHD_1 },
    { "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",                   RIG_MHD_1 ? 301 : 400, !RIG_MHD_1 },
    { "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n",                  RIG_MHD_1 ? 301 : 400, !RIG_MHD_1 },
    { "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n",               404, true },
    { "TRACE /read HTTP/1.1\r\nHost: h\r\n\r\n",                405, true },
    { "GET /../read HTTP/1.1\r\nHost: h\r\n\r\n",               404, true },
    { "\r\n\r\nGET /read HTTP/1.1\r\nHost: h\r\n\r\n",          200, false },
    { "GET /read HTTP/1.1\nHost: h\n\n",                        200, false }, /* bare line feeds */
    { "GET /read HTTP/1.9\r\nHost: h\r\n\r\n",                  200, false },
    { "GET /read HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",    200, false }, /* a folded header */
};

static void the_table_in_the_docs_is_true(void)
{
    start(60000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a;

        ask_text(rig.port, &a, rows[i].request);
        if (a.status != rows[i].status)
            fprintf(stderr, "%d, not %d: %s\n", a.status, rows[i].status, rows[i].request);
        CU_ASSERT_EQUAL(a.status, rows[i].status);
        CU_ASSERT_EQUAL(answer_has(&a, "Content-Type", "application/problem+json"), rows[i].problem);
        if (!rows[i].problem && rows[i].status != 200)
            CU_ASSERT(a.closed);
        answer_fini(&a);
    }
    stop();
}

/* The largest n for which a request line or a header with n bytes is answered by us. */
static int status_with(const char *before, size_t n, const char *behind)
{
    struct line line;
    struct answer a;
    char *text = malloc(n);

    memset(text, 'a', n);
    line_open(&line, rig.port);
    line_say(&line, before);
    line_send(&line, text, n);
    line_say(&line, behind);
    line_hear(&line, &a, false);
    answer_fini(&a);
    line_close(&line);
    free(text);
    return a.status;
}

static void request_lines_and_headers_have_a_maximum(void)
{
    start(60000);
    CU_ASSERT_EQUAL(status_with("GET /", 7500, " HTTP/1.1\r\nHost: h\r\n\r\n"), 404);
    CU_ASSERT_EQUAL(status_with("GET /", 8500, " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
    CU_ASSERT_EQUAL(status_with("GET /read HTTP/1.1\r\nHost: h\r\nX: ", 7500, "\r\n\r\n"), 200);
    CU_ASSERT_EQUAL(status_with("GET /read HTTP/1.1\r\nHost: h\r\nX: ", 8500, "\r\n\r\n"), 431);
    CU_ASSERT_EQUAL(status_with("POST /change HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", 8500, "\r\n\r\n"), 431);
    stop();
}

/* Some 100 values would overflow libmicrohttpd's memory, were it to parse them. */
static void a_query_may_have_as_many_values_as_fit_the_line(void)
{
    char request[16384] = "GET /read?";
    struct answer a;

    start(60000);
    for (int i = 0; i < 1800; i++)
        strcat(request, "a=1&");
    strcat(request, " HTTP/1.1\r\nHost: h\r\n\r\n");
    ask_text(rig.port, &a, request);
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    stop();
}

static int64_t cpu_us(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* libmicrohttpd cannot go on with it and says that it has work all the time: this must not cost a core until the
 * deadline, and the deadline must end it though nobody looks at the socket. */
static void a_chunk_line_without_end_costs_no_processor_and_is_cut(void)
{
    struct line line;
    struct answer a;
    char *text = malloc(40000);
    int64_t began, before;

    memset(text, 'a', 40000);
    start(500);
    line_open(&line, rig.port);
    before = cpu_us();
    began = kl_mono_us();
    line_say(&line, CHUNKED "5;");
    line_send(&line, text, 40000);
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 408);
    CU_ASSERT(a.closed);
    CU_ASSERT((cpu_us() - before) * 2 < kl_mono_us() - began);
    answer_fini(&a);
    line_close(&line);
    free(text);
    stop();
}

KL_TESTS("http_alone", T(the_table_in_the_docs_is_true), T(request_lines_and_headers_have_a_maximum),
         T(a_query_may_have_as_many_values_as_fit_the_line), T(a_chunk_line_without_end_costs_no_processor_and_is_cut))
