/* relay_test.c - calls through the portal, over real sockets: what passes, and how large it may be. */
#include "test_behind.h"

/* ---- what passes ---- */

static void the_target_passes_byte_for_byte_without_the_prefix(void)
{
    static const struct {
        const char *sent, *got;
    } cases[] = {
        { "GET /api/producer/produce/t/k", "GET /produce/t/k\n" },
        { "GET /api/consumer/x?a=b&c=%20d", "GET /x?a=b&c=%20d\n" },
        { "GET /api/steward/", "GET /\n" },
        { "GET /api/seer/a%2Fb/%00/c%zz", "GET /a%2Fb/%00/c%zz\n" },
        { "GET /api/seer/../../x/./y", "GET /../../x/./y\n" },
        { "GET /api/seer//double//slash", "GET //double//slash\n" },
        { "GET /api/seer/back\\slash", "GET /back\\slash\n" },
        { "GET /api/seer/?", "GET /?\n" },
        { "GET /api/seer/q?a=/api/seer/?b", "GET /q?a=/api/seer/?b\n" },
        { "GET /api/seer/\"<>{}|^`", "GET /\"<>{}|^`\n" },
        { "GET /api/seer/caf\xc3\xa9", "GET /caf\xc3\xa9\n" },
        { "GET /api/seer/a#b", "GET /a#b\n" },
        { "DELETE /api/producer/produce/t/", "DELETE /produce/t/\n" },
        { "PATCH /api/steward/t", "PATCH /t\n" },
        { "PUT /api/steward/t", "PUT /t\n" },
    };
    struct client c;

    begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_EQUAL(client_get(&c, rig.port, cases[i].sent, ""), 203);
        if (strncmp(client_body(&c), cases[i].got, strlen(cases[i].got)))
            printf("\n  %s: %.60s", cases[i].sent, client_body(&c));
        CU_ASSERT_NSTRING_EQUAL(client_body(&c), cases[i].got, strlen(cases[i].got));
        client_close(&c);
    }
    end();
}

static void the_requests_headers_pass_and_the_connections_do_not(void)
{
    char host[64];
    struct client c;

    begin();
    client_get(&c, rig.port, "GET /api/producer/x",
               "Kafkloud-Header-Source: shop\r\nIdempotency-Key: k\r\nPrefer: respond-async\r\nLast-Event-ID: orders:1\r\n"
               "Empty:\r\nAuthorization: Bearer mine\r\nCookie: a=b\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
               "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-For: 10.0.0.8\r\n");
    snprintf(host, sizeof host, "\nHost: 127.0.0.1:%d\n", behind.port);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), host));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Kafkloud-Header-Source: shop\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Idempotency-Key: k\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Prefer: respond-async\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Last-Event-ID: orders:1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Empty: \n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Authorization: Bearer mine\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "X-Forwarded-For: 10.0.0.9, 10.0.0.8, 127.0.0.1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "X-Forwarded-Host: 127.0.0.1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "X-Forwarded-Proto: http\n"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "Connection:"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "Cookie:"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "TE:"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "Keep-Alive:"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "Accept:"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "User-Agent:"));
    client_close(&c);
    end();
}

static void a_field_that_connection_lists_stays_behind(void)
{
    struct client c;

    begin();
    client_call(&c, rig.port, "GET /api/seer/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close, X-Secret\r\n"
                "Connection: X-Hop\r\nX-Secret: s\r\nX-Hop: h\r\nX-Open: o\r\n\r\n");
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "X-Secret"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "X-Hop"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "X-Open: o\n"));
    client_close(&c);
    end();
}

static void the_answers_headers_pass_and_security_stays_the_portals(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/steward/x", ""), 203);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), "text/x-echo");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Kafkloud-Receipt"), "an-id");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Location"), "/api/steward/topics/t");
    CU_ASSERT_PTR_NULL(strstr(client_header(&c, "Content-Security-Policy"), "default-src *"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_header(&c, "Content-Security-Policy"), "default-src 'self'"));
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Set-Cookie"), "");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "HEAD /api/steward/x", ""), 203);
    CU_ASSERT_NOT_EQUAL(atoi(client_header(&c, "Content-Length")), 0);
    CU_ASSERT_STRING_EQUAL(client_body(&c), "");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "HEAD /api/seer/big", ""), 200);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Length"), ""); /* the service does not say it */
    CU_ASSERT_STRING_EQUAL(client_body(&c), "");
    client_close(&c);
    end();
}

static void bodies_pass_sized_chunked_and_empty(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "POST /api/producer/x", "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"), 203);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "body: hello\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Content-Length: 5\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Content-Type: text/plain\n"));
    client_close(&c);
    CU_ASSERT_EQUAL(client_call(&c, rig.port, "POST /api/producer/x" RIG_END "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), 203);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "body: hello\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Transfer-Encoding: chunked\n"));
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "POST /api/producer/x", "Content-Length: 0\r\n"), 203);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Content-Length: 0\n"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "Content-Type:"));
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "POST /api/producer/x", ""), 203);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Content-Length: 0\n"));
    client_close(&c);
    end();
}

static void one_connection_serves_call_after_call(void)
{
    struct client c;
    int64_t until_us = kl_mono_us() + RIG_DEADLINE_MS * 1000;

    begin();
    client_open(&c, rig.port, "");
    for (int i = 0; i < 200; i++) {
        char request[256], want[32];
        int len = snprintf(request, sizeof request, "POST /api/producer/n%d HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\nbody", i);

        snprintf(want, sizeof want, "POST /n%d\n", i);
        kl_buf_clear(&c.got);
        client_send(&c, request, (size_t)len);
        while (!client_find(&c, "body: body\n") && client_read(&c, until_us))
            continue;
        CU_ASSERT_PTR_NOT_NULL_FATAL(client_find(&c, want));
    }
    client_close(&c);
    CU_ASSERT_EQUAL(atomic_load(&behind.asked), 200);
    end();
}

/* ---- large bodies ---- */

static void a_large_answer_comes_whole(void)
{
    static const char *const paths[] = { "GET /api/seer/big", "GET /api/seer/big?sized" };
    struct client c;

    begin();
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(client_get(&c, rig.port, paths[i], ""), 200);
        CU_ASSERT(c.got.len > BEHIND_BIG_BYTES);
        CU_ASSERT_EQUAL(c.got.data[c.got.len - 1] == '\n', i == 0); /* in chunks: the last chunk's end */
        client_close(&c);
    }
    end();
}

struct upload {
    struct client   c;
    size_t          total;
    _Atomic int64_t sent;
    pthread_t       thread;
};

static void *upload_run(void *ctx)
{
    static char piece[65536];
    struct upload *u = ctx;

    while (atomic_load(&u->sent) < (int64_t)u->total) {
        ssize_t n = send(u->c.fd, piece, sizeof piece, MSG_NOSIGNAL);

        if (n <= 0)
            break;
        atomic_fetch_add(&u->sent, n);
    }
    return NULL;
}

static void upload_start(struct upload *u, size_t total)
{
    char head[256];

    *u = (struct upload){ .total = total };
    snprintf(head, sizeof head, "POST /api/producer/gated" RIG_END "Content-Length: %zu\r\n\r\n", total);
    client_open(&u->c, rig.port, head);
    pthread_create(&u->thread, NULL, upload_run, u);
}

/* What the kernel's socket buffers hold on both connections, and no more, is taken while the service does not read. */
static void an_upload_waits_for_the_service_and_holds_little(void)
{
    const size_t total = 256 * 1024 * 1024;
    struct upload u;
    int64_t before = -1;
    int still = 0;

    begin();
    upload_start(&u, total);
    while (still < 20) { /* until nothing has moved for a while: a stall has no other sign */
        int64_t now = atomic_load(&u.sent);

        still = now == before && now > 0 ? still + 1 : 0;
        before = now;
        kl_sleep_ms(10);
    }
    CU_ASSERT(before < (int64_t)total / 4);
    behind_open_gate(&behind);
    CU_ASSERT_TRUE(client_until(&u.c, "received 268435456"));
    pthread_join(u.thread, NULL);
    client_close(&u.c);
    end();
}

static void an_upload_whose_client_leaves_is_cut_at_the_service(void)
{
    struct client c;

    begin();
    behind_open_gate(&behind);
    client_open(&c, rig.port, "POST /api/producer/gated" RIG_END "Content-Length: 1000000\r\n\r\nonly this");
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&behind.received) == 9));
    CU_ASSERT_EQUAL(atomic_load(&behind.ended), 0);
    client_close(&c);
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&behind.ended) == 1));
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&rig.portal.relays.active) == 0));
    end();
}

static void a_refusal_in_the_middle_of_an_upload_arrives(void)
{
    struct client c;
    struct script s;
    char piece[4096] = { 0 };
    int64_t until_us = kl_mono_us() + RIG_DEADLINE_MS * 1000;

    script_start(&s, "HTTP/1.1 413 Too Large\r\nContent-Type: text/x-own\r\nContent-Length: 7\r\nConnection: close\r\n\r\nno more", true);
    rig_conf();
    rig_start(&rig, s.port);
    client_open(&c, rig.port, "POST /api/producer/produce/t HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n");
    while (!client_find(&c, "no more") && kl_mono_us() < until_us) {
        client_send(&c, piece, sizeof piece);
        client_read(&c, kl_mono_us() + 2000);
    }
    CU_ASSERT_NSTRING_EQUAL(c.got.data, "HTTP/1.1 413 ", 13);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), "text/x-own");
    client_close(&c);
    rig_stop(&rig, RIG_DEADLINE_MS);
    script_stop(&s);
}

static void a_body_over_the_services_limit_gets_the_services_answer(void)
{
    static char piece[65536];
    struct client c;

    begin();
    client_open(&c, rig.port, "POST /api/producer/x" RIG_END "Content-Length: 8388608\r\n\r\n");
    for (int i = 0; i < 128 && !c.ended && !client_find(&c, "limit"); i++) {
        client_send(&c, piece, sizeof piece);
        client_read(&c, kl_mono_us() + 1000);
    }
    CU_ASSERT_TRUE(client_until(&c, "\"limit\":1048576"));
    CU_ASSERT_NSTRING_EQUAL(c.got.data, "HTTP/1.1 413 ", 13);
    client_close(&c);
    end();
}

static void a_body_over_the_portals_limit_goes_nowhere(void)
{
    struct client c;

    rig_conf();
    portal_conf.body_max_bytes = 4;
    begin_as_set();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "POST /api/producer/x", "Content-Length: 5\r\n\r\nhello"), 413);
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"limit\":4"));
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/producer/x", "Content-Length: 1\r\n\r\nx"), 413);
    client_close(&c);
    CU_ASSERT_EQUAL(atomic_load(&behind.asked), 0);
    end();
}

KL_TESTS("relay",
         T(the_target_passes_byte_for_byte_without_the_prefix),
         T(the_requests_headers_pass_and_the_connections_do_not),
         T(a_field_that_connection_lists_stays_behind),
         T(the_answers_headers_pass_and_security_stays_the_portals),
         T(bodies_pass_sized_chunked_and_empty),
         T(one_connection_serves_call_after_call),
         T(a_large_answer_comes_whole),
         T(an_upload_waits_for_the_service_and_holds_little),
         T(an_upload_whose_client_leaves_is_cut_at_the_service),
         T(a_refusal_in_the_middle_of_an_upload_arrives),
         T(a_body_over_the_services_limit_gets_the_services_answer),
         T(a_body_over_the_portals_limit_goes_nowhere))
