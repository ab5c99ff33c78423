/* http_guard_test.c - who may call: tokens, Host, Origin, CORS. */
#include "http_internal.h"
#include "http_rig.h"

static struct rig rig;

static void yes(struct kl_request *r)
{
    kl_reply_static(r, 200, "text/plain", "yes", 3);
}

static const struct kl_route routes[] = {
    { "GET", "/open", NULL, yes, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/read", NULL, yes, NULL, NULL, 0 },
    { "POST", "/change", NULL, yes, NULL, NULL, KL_ROUTE_CHANGES },
    { .method = NULL },
};

static void start(struct kl_http_conf conf)
{
    conf.routes = routes;
    rig_start(&rig, conf);
}

static void stop(void)
{
    kl_http_stop(rig.http);
}

static int status_of(const char *line, const char *headers)
{
    struct answer a;
    char request[1024];

    snprintf(request, sizeof request, "%s HTTP/1.1\r\n%s\r\n", line, headers);
    ask_text(rig.port, &a, request);
    answer_fini(&a);
    return a.status;
}

static void beyond_loopback_a_token_or_a_word_is_needed(void)
{
    static const struct { const char *address, *token; bool open; enum kl_code code; } rows[] = {
        { "127.0.0.1", NULL, false, KL_OK }, { "127.9.9.9", NULL, false, KL_OK },   { "localhost", NULL, false, KL_OK },
        { "::1", NULL, false, KL_OK },       { "0.0.0.0", NULL, false, KL_INVALID }, { "::", NULL, false, KL_INVALID },
        { "10.0.0.1", NULL, false, KL_INVALID }, { "0.0.0.0", "t", false, KL_OK },   { "0.0.0.0", NULL, true, KL_OK },
        { "128.0.0.1", NULL, false, KL_INVALID },
    };
    struct kl_error err;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kl_http_conf conf = { .address = rows[i].address, .token = rows[i].token, .allow_open = rows[i].open };

        CU_ASSERT_EQUAL(kl_guard_start(&conf, &err), rows[i].code);
    }
    {
        struct kl_http_conf conf = { .service = "test", .address = "0.0.0.0", .routes = routes };
        struct kl_http *http;

        CU_ASSERT_EQUAL(kl_http_start(&http, &conf, &err), KL_INVALID);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "API_TOKEN_FILE"));
    }
}

static void a_token_is_compared_whole(void)
{
    static const char *const wrong[] = { "", "Bearer", "Bearer ", "Bearer s", "Bearer secre", "Bearer secrets", "Bearer Secret",
                                         "secret", "Basic secret", "Bearer secret x", "Bearer secretsecret" };

    CU_ASSERT(kl_guard_token("Bearer secret", "secret"));
    CU_ASSERT(kl_guard_token("bearer  secret", "secret"));
    CU_ASSERT_FALSE(kl_guard_token(NULL, "secret"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_FALSE(kl_guard_token(wrong[i], "secret"));
}

static void with_a_token_only_open_pages_are_open(void)
{
    struct answer a;

    start((struct kl_http_conf){ .token = "secret" });
    CU_ASSERT_EQUAL(status_of("GET /open", "Host: localhost\r\n"), 200);
    CU_ASSERT_EQUAL(status_of("GET /read", "Host: localhost\r\n"), 401);
    CU_ASSERT_EQUAL(status_of("GET /read", "Host: localhost\r\nAuthorization: Bearer wrong\r\n"), 401);
    CU_ASSERT_EQUAL(status_of("GET /read", "Host: localhost\r\nAuthorization: Bearer secret\r\n"), 200);
    CU_ASSERT_EQUAL(status_of("POST /change", "Host: localhost\r\nAuthorization: Bearer secret\r\n"), 200);
    ask(rig.port, &a, "GET /read HTTP/1.1");
    CU_ASSERT(answer_has(&a, "WWW-Authenticate", "Bearer"));
    answer_fini(&a);
    stop();
}

static void changing_calls_need_a_host_of_ours(void)
{
    static const char *const ours[] = { "localhost", "LOCALHOST:80", "127.0.0.1:8000", "127.0.0.1", "[::1]", "[::1]:8000" };
    static const char *const others[] = { "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2", "[::2]", "", "[::1", "localhos" };
    char header[128];

    start((struct kl_http_conf){ .port = 0 });
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        snprintf(header, sizeof header, "Host: %s\r\n", ours[i]);
        CU_ASSERT_EQUAL(status_of("POST /change", header), 200);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(header, sizeof header, "Host: %s\r\n", others[i]);
        CU_ASSERT_EQUAL(status_of("POST /change", header), 403);
        CU_ASSERT_EQUAL(status_of("GET /read", header), 200);
    }
    /* In the absolute form the request line has the host. */
    CU_ASSERT_EQUAL(status_of("POST http://evil.example/change", "Host: localhost\r\n"), 403);
    CU_ASSERT_EQUAL(status_of("POST http://localhost:1/change", "Host: evil.example\r\n"), 200);
    stop();
}

static void beyond_loopback_any_host_is_ours(void)
{
    start((struct kl_http_conf){ .address = "0.0.0.0", .allow_open = true });
    CU_ASSERT_EQUAL(status_of("POST /change", "Host: producer.kafkloud.svc:8000\r\n"), 200);
    CU_ASSERT_EQUAL(status_of("POST /change", "Host: a.example\r\nOrigin: http://b.example\r\n"), 403);
    stop();
}

static void pages_of_other_origins_change_nothing(void)
{
    static const struct { const char *headers; int none, own, any; } rows[] = {
        { "Host: localhost:8000\r\n",                                            200, 200, 200 },
        { "Host: localhost:8000\r\nOrigin: http://localhost:8000\r\n",           200, 200, 200 },
        { "Host: localhost:8000\r\nOrigin: https://localhost:8000\r\n",          200, 200, 200 },
        { "Host: localhost:8000\r\nOrigin: http://localhost:3000\r\n",           403, 403, 200 },
        { "Host: localhost:8000\r\nOrigin: http://ui.example\r\n",               403, 200, 200 },
        { "Host: localhost:8000\r\nOrigin: http://ui.example.evil.example\r\n",  403, 403, 200 },
        { "Host: localhost:8000\r\nOrigin: null\r\n",                            403, 403, 200 },
        { "Host: localhost:8000\r\nOrigin: \r\n",                                403, 403, 200 },
    };
    static const char *const cors[] = { NULL, "http://ui.example", "*" };

    for (size_t c = 0; c < 3; c++) {
        start((struct kl_http_conf){ .cors_origin = cors[c] });
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            int expected = c == 0 ? rows[i].none : c == 1 ? rows[i].own : rows[i].any;

            CU_ASSERT_EQUAL(status_of("POST /change", rows[i].headers), expected);
            CU_ASSERT_EQUAL(status_of("GET /read", rows[i].headers), 200);
        }
        stop();
    }
}

static void browsers_are_told_about_cors(void)
{
    struct answer a;

    start((struct kl_http_conf){ .cors_origin = "http://ui.example", .token = "secret" });
    ask(rig.port, &a, "GET /open HTTP/1.1");
    CU_ASSERT(answer_has(&a, "Access-Control-Allow-Origin", "http://ui.example"));
    CU_ASSERT(answer_has(&a, "Vary", "Origin"));
    CU_ASSERT(answer_has(&a, "Access-Control-Expose-Headers", "Kafkloud-Receipt, Idempotency-Hit, Idempotency-Window, Retry-After"));
    answer_fini(&a);
    ask(rig.port, &a, "GET /else HTTP/1.1");
    CU_ASSERT(answer_has(&a, "Access-Control-Allow-Origin", "http://ui.example"));
    answer_fini(&a);
    /* A preflight carries no token. */
    ask(rig.port, &a, "OPTIONS /change HTTP/1.1\r\nOrigin: http://ui.example\r\nAccess-Control-Request-Method: POST\r\n"
                      "Access-Control-Request-Headers: content-type, kafkloud-header-x");
    CU_ASSERT_EQUAL(a.status, 204);
    CU_ASSERT(answer_has(&a, "Access-Control-Allow-Methods", "POST, OPTIONS"));
    CU_ASSERT(answer_has(&a, "Access-Control-Allow-Headers", "content-type, kafkloud-header-x"));
    CU_ASSERT(answer_has(&a, "Access-Control-Max-Age", "600"));
    answer_fini(&a);
    ask(rig.port, &a, "OPTIONS /change HTTP/1.1\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: a;b");
    CU_ASSERT_PTR_NULL(strstr(a.head, "Access-Control-Allow-Headers"));
    answer_fini(&a);
    stop();
}

static void without_the_setting_nothing_is_said_about_cors(void)
{
    struct answer a;

    start((struct kl_http_conf){ .port = 0 });
    ask(rig.port, &a, "OPTIONS /change HTTP/1.1\r\nOrigin: http://ui.example\r\nAccess-Control-Request-Method: POST");
    CU_ASSERT_EQUAL(a.status, 204);
    CU_ASSERT_PTR_NULL(strstr(a.head, "Access-Control"));
    answer_fini(&a);
    stop();
}

static bool gate(struct kl_request *r)
{
    struct kl_error err;

    if (kl_request_header(r, "X-Pass"))
        return true;
    kl_fail(&err, KL_BUSY, "the gate is shut");
    kl_reply_error(r, &err);
    return false;
}

static void the_gate_stands_before_all_but_open_pages(void)
{
    start((struct kl_http_conf){ .gate = gate });
    CU_ASSERT_EQUAL(status_of("GET /open", "Host: localhost\r\n"), 200);
    CU_ASSERT_EQUAL(status_of("GET /read", "Host: localhost\r\n"), 503);
    CU_ASSERT_EQUAL(status_of("GET /read", "Host: localhost\r\nX-Pass: 1\r\n"), 200);
    CU_ASSERT_EQUAL(status_of("POST /change", "Host: evil.example\r\nX-Pass: 1\r\n"), 403);
    stop();
}

KL_TESTS("http_guard", T(beyond_loopback_a_token_or_a_word_is_needed), T(a_token_is_compared_whole), T(with_a_token_only_open_pages_are_open),
         T(changing_calls_need_a_host_of_ours), T(beyond_loopback_any_host_is_ours), T(pages_of_other_origins_change_nothing),
         T(browsers_are_told_about_cors), T(without_the_setting_nothing_is_said_about_cors), T(the_gate_stands_before_all_but_open_pages))
