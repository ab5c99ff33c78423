/* http_test.c - routing, reading and answering, over real sockets. */

#include "http_rig.h"
#include "problem.h"

static struct rig rig;

static void echo(struct kl_request *r)
{
    struct kl_buf out;
    size_t topic_len, key_len = 0, len;
    const char *topic = kl_request_param(r, "topic", &topic_len), *key = "", *body = kl_request_body(r, &len);

    if (strcmp(kl_request_method(r), "PUT") != 0)
        key = kl_request_param(r, "key", &key_len);
    kl_buf_init(&out, 65536);
    kl_buf_adds(&out, kl_request_method(r));
    kl_buf_addc(&out, '|');
    kl_buf_add(&out, topic, topic_len);
    kl_buf_addc(&out, '|');
    kl_buf_add(&out, key, key_len);
    kl_buf_addc(&out, '|');
    kl_buf_add(&out, body, len);
    kl_buf_addf(&out, "|%s|%s", kl_request_path(r), kl_request_client(r));
    kl_reply_buf(r, 200, "text/plain", &out);
    kl_assert(out.len == 0);
}

static void query(struct kl_request *r)
{
    struct kl_buf out;
    size_t len = 0;
    const char *a = kl_request_query(r, "a", &len), *again = kl_request_query(r, "a", NULL), *b = kl_request_query(r, "bb", NULL);
    struct kl_error err;
    int64_t n;

    kl_assert(a == again);
    if (kl_request_query_int(r, "n", -5, 100, 7, &n, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    kl_buf_init(&out, 65536);
    kl_buf_addf(&out, "%s(%zu)|%s|%lld", a ? a : "none", a ? len : 0, b ? b : "none", (long long)n);
    kl_reply_buf(r, 200, "text/plain", &out);
}

static bool add_header(void *ctx, const char *name, const char *value, size_t len)
{
    struct kl_buf *out = ctx;

    if (strncasecmp(name, "x-", 2) == 0)
        kl_buf_addf(out, "%s=%.*s;", name, (int)len, value);
    return strcasecmp(name, "X-Stop") != 0;
}

static void headers(struct kl_request *r)
{
    struct kl_buf out;
    const char *one = kl_request_header(r, "x-one");

    kl_buf_init(&out, 65536);
    kl_buf_addf(&out, "%s;", one ? one : "none");
    kl_request_headers(r, add_header, &out);
    kl_reply_header(r, "X-Answer", "one");
    kl_reply_header(r, "X-Answer", "two");
    kl_reply_header(r, "X-Broken", "a\r\nSet-Cookie: b");
    kl_reply_buf(r, 200, "text/plain", &out);
}

static void tail(struct kl_request *r)
{
    kl_reply(r, 200, "text/plain", kl_request_tail(r), strlen(kl_request_tail(r)));
}

static void json(struct kl_request *r)
{
    kl_reply_json(r, 201, json_pack("{s:i}", "n", 7));
}

static void error(struct kl_request *r)
{
    struct kl_error err;

    kl_fail_limit(&err, KL_LIMITED, "rate", 5, "too many");
    err.retry_after_s = 3;
    kl_reply_error(r, &err);
}

static void problem(struct kl_request *r)
{
    struct kl_error err;
    struct kl_buf json;

    kl_buf_init(&json, 1024);
    kl_fail(&err, KL_BUSY, "not now");
    kl_problem_json(&json, &err, "an-id");
    kl_reply_problem(r, &err, &json);
}

static void fault(struct kl_request *r)
{
    struct kl_error err;

    kl_log_level(KL_ERROR + 1);
    kl_fail(&err, KL_BROKEN, "a fault of ours");
    kl_reply_error(r, &err);
    kl_log_level(KL_ERROR);
}

static void nothing(struct kl_request *r)
{
    kl_reply_static(r, 204, NULL, "", 0);
}

static int64_t body_max = 1 << 20;

static const struct kl_route routes[] = {
    { "POST", "/echo/{topic}/{key}", &body_max, echo, NULL, NULL, 0 },
    { "GET", "/echo/{topic}/{key}", NULL, echo, NULL, NULL, 0 },
    { "PUT", "/echo/{topic}", &body_max, echo, NULL, NULL, 0 },
    { "GET", "/query", NULL, query, NULL, NULL, 0 },
    { "GET", "/named", NULL, query, NULL, NULL, 0, "a, bb" },
    { "GET", "/none", NULL, query, NULL, NULL, 0, "" },
    { "GET", "/headers", NULL, headers, NULL, NULL, 0 },
    { "*", "/tail/", &body_max, tail, NULL, NULL, KL_ROUTE_PREFIX },
    { "GET", "/json", NULL, json, NULL, NULL, 0 },
    { "GET", "/error", NULL, error, NULL, NULL, 0 },
    { "GET", "/problem", NULL, problem, NULL, NULL, 0 },
    { "GET", "/fault", NULL, fault, NULL, NULL, 0 },
    { "DELETE", "/nothing", NULL, nothing, NULL, NULL, 0 },
    { .method = NULL },
};

static void start(void)
{
    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
}

static void stop(void)
{
    kl_http_stop(rig.http);
}

#define ASKS(status_, body_, ...)                             \
    do {                                                       \
        struct answer a_;                                      \
        ask(rig.port, &a_, __VA_ARGS__);                       \
        CU_ASSERT_EQUAL(a_.status, status_);                   \
        CU_ASSERT_STRING_EQUAL(a_.body, body_);                \
        answer_fini(&a_);                                      \
    } while (0)

static void a_request_reaches_its_handler_decoded(void)
{
    start();
    ASKS(200, "GET|orders|k||/echo/orders/k|127.0.0.1", "GET /echo/orders/k HTTP/1.1");
    ASKS(200, "GET|a/b|c d||/echo/a%2Fb/c%20d|127.0.0.1", "GET /echo/a%%2Fb/c%%20d HTTP/1.1");
    ASKS(200, "GET|a+b|||/echo/a+b/|127.0.0.1", "GET /echo/a+b/ HTTP/1.1");
    stop();
}

static void a_nul_byte_in_a_segment_stays(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "GET /echo/t/a%%00b HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT(a.len > 9 && memcmp(a.body, "GET|t|a\0b|", 10) == 0);
    answer_fini(&a);
    stop();
}

static void a_broken_escape_is_refused_by_name(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "GET /echo/t/a%%2 HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 400);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "{key}"));
    CU_ASSERT(answer_has(&a, "Content-Type", "application/problem+json"));
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /query?a=%%zz HTTP/1.1"), 400);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /query?%%=1 HTTP/1.1"), 400);
    stop();
}

static void query_values_are_decoded_and_plus_stays(void)
{
    start();
    ASKS(200, "none(0)|none|7", "GET /query HTTP/1.1");
    ASKS(200, "x(1)|y|7", "GET /query?a=x&bb=y HTTP/1.1");
    ASKS(200, "a+b c&d=(8)|none|7", "GET /query?a=a+b%%20c%%26d= HTTP/1.1");
    ASKS(200, "(0)|y|7", "GET /query?a&b=1&bb=y&bb=z HTTP/1.1");
    ASKS(200, "(0)|none|7", "GET /query?&&a=&b HTTP/1.1");
    stop();
}

static void a_route_that_names_its_query_refuses_other_names_and_a_nul(void)
{
    static const struct { const char *request, *field; } wrong[] = {
        { "GET /named?aa=1", "aa" }, { "GET /named?a=x&b=1", "b" }, { "GET /named?A=1", "A" }, { "GET /named?%61=1", "%61" },
        { "GET /named?=1", "" }, { "GET /named?a%2C=1", "a%2C" }, { "GET /named?a=x%00", "a" }, { "GET /named?bb=%00&a=1", "bb" },
        { "GET /none?a", "a" }, { "GET /none?a=%00", "a" },
    };
    struct answer a;
    char field[32];

    start();
    ASKS(200, "x(1)|y|7", "GET /named?a=x&bb=y HTTP/1.1");
    ASKS(200, "%00(3)|y|7", "GET /named?&a=%%2500&&bb=y& HTTP/1.1");
    ASKS(200, "none(0)|none|7", "GET /none? HTTP/1.1");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ask(rig.port, &a, "%s HTTP/1.1", wrong[i].request);
        snprintf(field, sizeof field, "\"field\":\"%s\"", wrong[i].field);
        CU_ASSERT_EQUAL(a.status, 400);
        CU_ASSERT_PTR_NOT_NULL(strstr(a.body, wrong[i].field[0] ? field : "no query parameter \\\"\\\" here, only a, bb"));
        answer_fini(&a);
    }
    stop();
}

static void query_numbers_keep_to_their_range(void)
{
    static const struct { const char *n, *limit; } wrong[] = {
        { "101", ",\"limit\":100" }, { "-6", ",\"limit\":-5" }, { "99999999999999999999", ",\"limit\":100" },
        { "x", NULL }, { "", NULL }, { "1x", NULL }, { "1%20", NULL }, { "%2B1", NULL }, { "1%00", NULL },
    };
    char line[64];

    start();
    ASKS(200, "none(0)|none|100", "GET /query?n=100 HTTP/1.1");
    ASKS(200, "none(0)|none|-5", "GET /query?n=-5 HTTP/1.1");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer a;

        snprintf(line, sizeof line, "GET /query?n=%s HTTP/1.1", wrong[i].n);
        ask(rig.port, &a, "%s", line);
        CU_ASSERT_EQUAL(a.status, 400);
        CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"field\":\"n\""));
        CU_ASSERT_PTR_NOT_NULL(strstr(a.body, wrong[i].limit ? wrong[i].limit : "\"field\":\"n\"}"));
        answer_fini(&a);
    }
    stop();
}

static void headers_are_read_and_written(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "GET /headers HTTP/1.1\r\nX-One: 1\r\nx-Two:  two words \r\nX-Stop: s\r\nX-Never: n");
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "1;X-One=1;x-Two=two words"));
    CU_ASSERT_PTR_NULL(strstr(a.body, "Never"));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.head, "X-Answer: one\r\nX-Answer: two\r\n"));
    CU_ASSERT_PTR_NULL(strstr(a.head, "Set-Cookie"));
    answer_fini(&a);
    stop();
}

static void a_prefix_route_tells_the_rest(void)
{
    start();
    ASKS(200, "a/%2f?x=1&y=%20", "GET /tail/a/%%2f?x=1&y=%%20 HTTP/1.1");
    ASKS(200, "", "PATCH /tail/ HTTP/1.1");
    stop();
}

static void an_unknown_path_is_404(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "GET /else HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 404);
    CU_ASSERT_FALSE(a.closed);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"urn:kafkloud:problem:not-found\""));
    answer_fini(&a);
    stop();
}

static void another_method_is_405_and_told_which(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "PUT /echo/t/k HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 405);
    CU_ASSERT(answer_has(&a, "Allow", "POST, GET, HEAD, OPTIONS"));
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "get /json HTTP/1.1"), 405);
    stop();
}

static void options_tells_the_methods(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "OPTIONS /echo/t/k HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 204);
    CU_ASSERT(answer_has(&a, "Allow", "POST, GET, HEAD, OPTIONS"));
    answer_fini(&a);
    ask(rig.port, &a, "OPTIONS * HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 204);
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "OPTIONS /else HTTP/1.1"), 404);
    stop();
}

static void head_is_get_without_the_body(void)
{
    struct answer a;
    struct line line;

    start();
    line_open(&line, rig.port);
    line_say(&line, "HEAD /json HTTP/1.1\r\nHost: h\r\n\r\n");
    line_hear(&line, &a, true);
    CU_ASSERT_EQUAL(a.status, 201);
    CU_ASSERT(answer_has(&a, "Content-Length", "7"));
    answer_fini(&a);
    line_say(&line, "GET /json HTTP/1.1\r\nHost: h\r\n\r\n");
    line_hear(&line, &a, false);   /* comes right behind the head */
    CU_ASSERT_STRING_EQUAL(a.body, "{\"n\":7}");
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void errors_are_problem_json(void)
{
    struct answer a;
    char id[64];

    start();
    ask(rig.port, &a, "GET /error HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 429);
    CU_ASSERT(answer_has(&a, "Retry-After", "3"));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"limit\":5"));
    answer_fini(&a);
    ask(rig.port, &a, "GET /problem HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT(answer_has(&a, "Retry-After", "1"));
    CU_ASSERT(answer_has(&a, "Content-Type", "application/problem+json"));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"id\":\"an-id\""));
    answer_fini(&a);
    ask(rig.port, &a, "GET /fault HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 500);
    CU_ASSERT(answer_header(&a, "Request-Id", id, sizeof id) && strlen(id) == 36);
    answer_fini(&a);
    stop();
}

static void a_204_has_no_body(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "DELETE /nothing HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 204);
    CU_ASSERT_PTR_NULL(strstr(a.head, "Content-Type"));
    answer_fini(&a);
    stop();
}

static void a_connection_serves_many_requests(void)
{
    struct line line;
    struct answer a;
    char request[128];

    start();
    line_open(&line, rig.port);
    for (int i = 0; i < 100; i++) {
        snprintf(request, sizeof request, "POST /echo/t%d/k HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", i);
        line_say(&line, request);
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.status, 200);
        answer_fini(&a);
    }
    line_close(&line);
    stop();
}

static void requests_sent_at_once_are_answered_in_order(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    line_say(&line, "GET /json HTTP/1.1\r\nHost: h\r\n\r\n"
                    "POST /echo/t/k HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                    "GET /else HTTP/1.1\r\nHost: h\r\n\r\n");
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 201);
    answer_fini(&a);
    line_hear(&line, &a, false);
    CU_ASSERT_STRING_EQUAL(a.body, "POST|t|k|abc|/echo/t/k|127.0.0.1");
    answer_fini(&a);
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 404);
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void a_whole_url_in_the_request_line_is_understood(void)
{
    start();
    ASKS(200, "GET|t|k||/echo/t/k|127.0.0.1", "GET http://somewhere:80/echo/t/k?x HTTP/1.1");
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET http://somewhere HTTP/1.1"), 404);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET http:// HTTP/1.1"), 404);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET http:///json HTTP/1.1"), 201);
    stop();
}

static void http_1_0_needs_no_host_and_is_closed_after(void)
{
    struct answer a;

    start();
    ask_text(rig.port, &a, "GET /json HTTP/1.0\r\n\r\n");
    CU_ASSERT_EQUAL(a.status, 201);
    CU_ASSERT(a.closed);
    answer_fini(&a);
    stop();
}

/* White space is in http_alone_test.c. */
static void a_request_line_with_a_nul_is_refused(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    line_send(&line, "GET /echo/t/a\0b HTTP/1.1\r\nHost: h\r\n\r\n", 38);
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, RIG_MHD_1 ? 0 : 400);
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void one_connection_too_many_is_closed(void)
{
    struct line line[3];
    struct answer a;

    rig_start(&rig, (struct kl_http_conf){ .routes = routes, .connections_max = 2 });
    for (int i = 0; i < 2; i++) {
        line_open(&line[i], rig.port);
        line_say(&line[i], "GET /json HTTP/1.1\r\nHost: h\r\n\r\n");
        line_hear(&line[i], &a, false);
        CU_ASSERT_EQUAL(a.status, 201);
        answer_fini(&a);
    }
    line_open(&line[2], rig.port);
    CU_ASSERT(line_ends(&line[2]));
    line_close(&line[2]);
    line_close(&line[0]);
    /* Its place is free again once the server has noticed. */
    RIG_UNTIL(ask_status(rig.port, "GET /json HTTP/1.1") == 201);
    line_close(&line[1]);
    stop();
}

static void a_taken_port_is_an_error_that_names_it(void)
{
    struct kl_http_conf conf = { .service = "test", .address = "127.0.0.1", .routes = routes };
    struct kl_http *second = (struct kl_http *)1;
    struct kl_error err;

    start();
    conf.port = rig.port;
    CU_ASSERT_EQUAL(kl_http_start(&second, &conf, &err), KL_BROKEN);
    CU_ASSERT_PTR_NULL(second);
    CU_ASSERT_STRING_EQUAL(err.field, "SERVER_PORT");
    conf.address = "nowhere";
    conf.allow_open = true;
    CU_ASSERT_EQUAL(kl_http_start(&second, &conf, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "SERVER_ADDR");
    stop();
}

KL_TESTS("http", T(a_request_reaches_its_handler_decoded), T(a_nul_byte_in_a_segment_stays), T(a_broken_escape_is_refused_by_name),
         T(query_values_are_decoded_and_plus_stays), T(a_route_that_names_its_query_refuses_other_names_and_a_nul),
         T(query_numbers_keep_to_their_range), T(headers_are_read_and_written),
         T(a_prefix_route_tells_the_rest), T(an_unknown_path_is_404), T(another_method_is_405_and_told_which),
         T(options_tells_the_methods), T(head_is_get_without_the_body), T(errors_are_problem_json),
         T(a_204_has_no_body), T(a_connection_serves_many_requests), T(requests_sent_at_once_are_answered_in_order),
         T(a_whole_url_in_the_request_line_is_understood), T(http_1_0_needs_no_host_and_is_closed_after),
         T(a_request_line_with_a_nul_is_refused), T(one_connection_too_many_is_closed),
         T(a_taken_port_is_an_error_that_names_it))
