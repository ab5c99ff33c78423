/* httpc_test.c - the blocking client, against our own server. */
#include "http_rig.h"
#include "httpc.h"

static struct rig rig;
static int64_t body_max = 1 << 20;
static _Atomic(struct kl_request *) parked;

static void echo(struct kl_request *r)
{
    struct kl_buf out;
    size_t len;
    const char *body = kl_request_body(r, &len), *name = kl_request_header(r, "X-Name");

    kl_buf_init(&out, 2 << 20);
    kl_buf_addf(&out, "%s %s ", kl_request_method(r), name ? name : "-");
    kl_buf_add(&out, body, len);
    kl_reply_header(r, "X-Answer", "some words");
    kl_reply_buf(r, 201, "text/plain", &out);
}

static void park(struct kl_request *r)
{
    kl_request_suspend(r, echo);
    parked = r;
}

static const char big[1 << 20];

static ssize_t flood_pull(struct kl_request *r, char *buf, size_t max)
{
    (void)r;
    memset(buf, 'x', max);
    return (ssize_t)max;
}

static void flood(struct kl_request *r)
{
    kl_reply_stream(r, 200, "text/plain", -1, flood_pull);
}

static ssize_t broken_pull(struct kl_request *r, char *buf, size_t max)
{
    (void)r;
    (void)buf;
    (void)max;
    return KL_STREAM_ABORT;
}

static void broken(struct kl_request *r)
{
    kl_reply_stream(r, 200, "text/plain", 1000, broken_pull);
}

static const struct kl_route routes[] = {
    { "*", "/echo", &body_max, echo, NULL, NULL, 0 },
    { "GET", "/park", NULL, park, NULL, NULL, 0 },
    { "GET", "/flood", NULL, flood, NULL, NULL, 0 },
    { "GET", "/broken", NULL, broken, NULL, NULL, 0 },
    { .method = NULL },
};

static int start(void)
{
    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
    return 0;
}

static int stop(void)
{
    kl_http_stop(rig.http);
    return 0;
}

static enum kl_code call(const char *path, struct kl_httpc_call c, struct kl_httpc_answer *a, struct kl_error *err)
{
    char url[128];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", rig.port, path);
    c.url = url;
    return kl_httpc(&c, a, err);
}

static void a_get_brings_status_headers_and_body(void)
{
    struct kl_httpc_answer a;
    struct kl_error err;
    char value[64];

    CU_ASSERT_EQUAL(call("/echo", (struct kl_httpc_call){ .method = NULL }, &a, &err), KL_OK);
    CU_ASSERT_EQUAL(a.status, 201);
    CU_ASSERT_STRING_EQUAL(a.body.data, "GET - ");
    CU_ASSERT(kl_httpc_header(&a, "x-answer", value, sizeof value));
    CU_ASSERT_STRING_EQUAL(value, "some words");
    CU_ASSERT(kl_httpc_header(&a, "X-Answer", value, 5));
    CU_ASSERT_STRING_EQUAL(value, "some");
    CU_ASSERT_FALSE(kl_httpc_header(&a, "X-Answe", value, sizeof value));
    kl_httpc_fini(&a);
}

static void methods_headers_and_bodies_are_sent(void)
{
    static const char *const headers[] = { "X-Name: me", NULL };
    static const struct { const char *method, *body, *answer; } rows[] = {
        { "POST", "hello", "POST me hello" }, { "PUT", "x", "PUT me x" }, { "DELETE", NULL, "DELETE me " },
        { "POST", NULL, "POST me " },         { "HEAD", NULL, "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kl_httpc_answer a;
        struct kl_error err;
        struct kl_httpc_call c = { .method = rows[i].method, .headers = (const char **)headers, .body = rows[i].body,
                                   .len = rows[i].body ? strlen(rows[i].body) : 0 };

        CU_ASSERT_EQUAL(call("/echo", c, &a, &err), KL_OK);
        CU_ASSERT_EQUAL(a.status, 201);
        CU_ASSERT_STRING_EQUAL(a.body.data ? a.body.data : "", rows[i].answer);
        kl_httpc_fini(&a);
    }
}

/* libcurl asks with Expect: 100-continue before it sends so much; the interim answer's head is not the answer's. */
static void a_large_body_goes_out_and_comes_back(void)
{
    struct kl_httpc_answer a;
    struct kl_error err;
    struct kl_httpc_call c = { .method = "POST", .body = big, .len = sizeof big };

    CU_ASSERT_EQUAL(call("/echo", c, &a, &err), KL_OK);
    CU_ASSERT_EQUAL(a.status, 201);
    CU_ASSERT_EQUAL(a.body.len, sizeof big + 7);
    CU_ASSERT(strncmp(a.head.data, "HTTP/1.1 201", 12) == 0);
    kl_httpc_fini(&a);
}

static void an_error_status_is_an_answer(void)
{
    struct kl_httpc_answer a;
    struct kl_error err;

    CU_ASSERT_EQUAL(call("/else", (struct kl_httpc_call){ .method = NULL }, &a, &err), KL_OK);
    CU_ASSERT_EQUAL(a.status, 404);
    kl_httpc_fini(&a);
}

static void what_fails_has_its_code(void)
{
    struct kl_httpc_answer a;
    struct kl_error err;
    struct kl_httpc_call nobody = { .url = "http://127.0.0.1:1/" }, malformed = { .url = "http://" }, other = { .url = "gopher://127.0.0.1/" };

    CU_ASSERT_EQUAL(call("/park", (struct kl_httpc_call){ .timeout_ms = 100 }, &a, &err), KL_TIMEOUT);
    kl_httpc_fini(&a);
    RIG_UNTIL(parked != NULL);
    kl_request_resume(parked);
    CU_ASSERT_EQUAL(call("/broken", (struct kl_httpc_call){ .method = NULL }, &a, &err), KL_UPSTREAM);
    kl_httpc_fini(&a);
    CU_ASSERT_EQUAL(call("/flood", (struct kl_httpc_call){ .timeout_ms = 60000 }, &a, &err), KL_TOO_LARGE);
    CU_ASSERT_EQUAL(err.limit, 64 << 20);
    kl_httpc_fini(&a);
    CU_ASSERT_EQUAL(kl_httpc(&nobody, &a, &err), KL_BUSY);
    kl_httpc_fini(&a);
    CU_ASSERT_EQUAL(kl_httpc(&malformed, &a, &err), KL_INVALID);
    kl_httpc_fini(&a);
    CU_ASSERT_EQUAL(kl_httpc(&other, &a, &err), KL_INVALID);
    kl_httpc_fini(&a);
}

static void a_proxy_of_the_environment_counts_only_where_it_is_asked_for(void)
{
    struct kl_httpc_call c = { .url = "http://127.0.0.1:1/echo" }; /* nobody listens there */
    struct kl_httpc_answer a;
    struct kl_error err;
    char url[64];

    snprintf(url, sizeof url, "http://127.0.0.1:%d", rig.port);
    setenv("http_proxy", url, 1);
    setenv("no_proxy", "", 1);
    unsetenv("NO_PROXY");
    CU_ASSERT_EQUAL(kl_httpc(&c, &a, &err), KL_BUSY);
    kl_httpc_fini(&a);
    c.proxied = true;
    CU_ASSERT_EQUAL(kl_httpc(&c, &a, &err), KL_OK);
    CU_ASSERT_NOT_EQUAL(a.status, 0); /* of our own server, which was asked for another's page */
    kl_httpc_fini(&a);
    unsetenv("http_proxy");
}

KL_TESTS_WITH("httpc", start, stop, T(a_get_brings_status_headers_and_body), T(methods_headers_and_bodies_are_sent),
              T(a_large_body_goes_out_and_comes_back), T(an_error_status_is_an_answer), T(what_fails_has_its_code),
              T(a_proxy_of_the_environment_counts_only_where_it_is_asked_for))
