/* relay_fail_test.c - calls through the portal that cannot be answered as they were meant: who is at fault, and what is said. */
#include <jansson.h>

#include "test_behind.h"

/* ---- the service's fault ---- */

static int error_call(struct client *c, const char *method_path, const char *headers)
{
    int status = client_get(c, rig.port, method_path, headers);

    CU_ASSERT_STRING_EQUAL(client_header(c, "Content-Type"), "application/problem+json");
    CU_ASSERT_PTR_NOT_NULL(strstr(client_header(c, "Content-Security-Policy"), "'self'"));
    return status;
}

static void a_service_that_is_not_there_is_named(void)
{
    struct client c;
    struct script s;

    script_start(&s, "", false); /* only for a port that is free now */
    script_stop(&s);
    rig_conf();
    rig_start(&rig, s.port);
    CU_ASSERT_EQUAL(error_call(&c, "GET /api/seer/ask", ""), 502);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "start it (make up, or kafkloud-seer), or set SEER_URL"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "SEER_URL"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "persisted"));
    client_close(&c);
    CU_ASSERT_EQUAL(error_call(&c, "POST /api/producer/produce/t", "Content-Length: 0\r\n"), 502);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "\"persisted\":\"no\""));
    client_close(&c);
    rig_stop(&rig, RIG_DEADLINE_MS);
}

static void a_service_that_does_not_answer_in_time_is_a_504(void)
{
    struct client c;

    rig_conf();
    portal_conf.timeout_ms = 100;
    begin_as_set();
    CU_ASSERT_EQUAL(error_call(&c, "GET /api/consumer/wait", ""), 504);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "100 ms"));
    client_close(&c);
    behind_answer(&behind);
    CU_ASSERT_EQUAL(error_call(&c, "POST /api/producer/wait", "Content-Length: 2\r\n\r\nab"), 504);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "\"persisted\":\"possibly\""));
    client_close(&c);
    end();
}

static void a_slow_client_is_not_the_services_fault(void)
{
    struct client c;

    rig_conf();
    portal_conf.timeout_ms = 100;
    begin_as_set();
    behind_open_gate(&behind);
    client_open(&c, rig.port, "POST /api/producer/gated" RIG_END "Content-Length: 4\r\n\r\nab");
    CU_ASSERT_FALSE(client_read(&c, kl_mono_us() + 400000)); /* four times the service's time: no 504 comes */
    client_send(&c, "cd", 2);
    CU_ASSERT_TRUE(client_until(&c, "received 4"));
    client_close(&c);
    end();
}

static void script_answers(const char *answer, const char *request, int status, const char *in_body)
{
    struct client c;
    struct script s;

    script_start(&s, answer, false);
    rig_conf();
    rig_start(&rig, s.port);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, request, ""), status);
    if (!strstr(client_body(&c), in_body))
        printf("\n  %s: %s", request, client_body(&c));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), in_body));
    client_close(&c);
    rig_stop(&rig, RIG_DEADLINE_MS);
    script_stop(&s);
}

static const char *large_head(void)
{
    static char text[RELAY_HEAD_MAX_BYTES + 100] = "HTTP/1.1 200 OK\r\n";

    while (strlen(text) < RELAY_HEAD_MAX_BYTES + 30)
        strcat(text, "A-Field: and its value\r\n");
    return strcat(text, "\r\n");
}

static void nonsense_from_a_service_is_a_502(void)
{
    script_answers("", "GET /api/seer/x", 502, "closed the connection before it answered");
    script_answers("SSH-2.0-OpenSSH_9\r\n", "GET /api/seer/x", 502, "not HTTP");
    script_answers("HTTP/1.1 200 OK\r\nContent-Le", "GET /api/seer/x", 502, "seer");
    script_answers("HTTP/1.1 abc\r\n\r\n", "GET /api/seer/x", 502, "not HTTP");
    script_answers("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello", "GET /api/seer/x", 502, "not HTTP");
    script_answers(large_head(), "GET /api/seer/x", 502, "too large a head");
}

static void what_any_connection_field_of_an_answer_lists_stays_behind(void)
{
    struct client c;
    struct script s;

    script_start(&s, "HTTP/1.1 200 OK\r\nConnection: X-One\r\nConnection: close\r\nX-One: 1\r\nX-Two: 2\r\nContent-Length: 2\r\n\r\nhi", false);
    rig_conf();
    rig_start(&rig, s.port);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/seer/x", ""), 200);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "X-One"), "");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "X-Two"), "2");
    client_close(&c);
    rig_stop(&rig, RIG_DEADLINE_MS);
    script_stop(&s);
}

static void odd_but_right_answers_pass(void)
{
    script_answers("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "GET /api/seer/x", 200, "hi");
    script_answers("HTTP/1.0 200 OK\r\n\r\nuntil the end", "GET /api/seer/x", 200, "until the end");
    script_answers("HTTP/1.1 404 Nope\r\nContent-Length: 4\r\n\r\nnope", "GET /api/seer/x", 404, "nope");
    script_answers("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", "GET /api/seer/x", 304, "");
    script_answers("HTTP/1.1 204 No Content\r\n\r\n", "POST /api/seer/x", 204, "");
    script_answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n2\r\nhi\r\n0\r\nT: late\r\n\r\n", "GET /api/seer/x", 200, "hi");
}

static void an_answer_cut_in_the_middle_is_cut_for_the_client_too(void)
{
    struct client c;

    begin();
    atomic_store(&behind.cut, true);
    client_get(&c, rig.port, "GET /api/seer/big", "");
    CU_ASSERT(c.got.len > BEHIND_BIG_BYTES / 2);
    CU_ASSERT_TRUE(c.got.len < 5 || memcmp(c.got.data + c.got.len - 5, "0\r\n\r\n", 5)); /* no last chunk: the client sees that it is not whole */
    client_close(&c);
    client_get(&c, rig.port, "GET /api/seer/big?sized", "");
    CU_ASSERT_EQUAL(atoi(client_header(&c, "Content-Length")), BEHIND_BIG_BYTES);
    CU_ASSERT(c.got.len < BEHIND_BIG_BYTES);
    client_close(&c);
    end();
}

static void one_call_too_many_is_refused_early(void)
{
    struct client held, c;

    rig_conf();
    portal_conf.relays_max = 1;
    begin_as_set();
    client_open(&held, rig.port, "GET /api/consumer/wait" RIG_END "\r\n");
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&behind.asked) == 1));
    CU_ASSERT_EQUAL(error_call(&c, "GET /api/consumer/x", ""), 503);
    CU_ASSERT_NOT_EQUAL(atoi(client_header(&c, "Retry-After")), 0);
    client_close(&c);
    behind_answer(&behind);
    CU_ASSERT_TRUE(client_until(&held, "at last"));
    client_close(&held);
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&rig.portal.relays.active) == 0));
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/consumer/x", ""), 203);
    client_close(&c);
    end();
}

/* ---- who may call ---- */

static void a_foreign_page_changes_nothing(void)
{
    char own[128];
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "POST /api/producer/x", "Origin: http://evil.example\r\nContent-Length: 0\r\n"), 403);
    client_close(&c);
    CU_ASSERT_EQUAL(client_call(&c, rig.port, "DELETE /api/producer/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), 403);
    client_close(&c);
    CU_ASSERT_EQUAL(atomic_load(&behind.asked), 0);
    snprintf(own, sizeof own, "POST /api/producer/x HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: http://localhost:%d\r\nConnection: close\r\n\r\n", rig.port, rig.port);
    CU_ASSERT_EQUAL(client_call(&c, rig.port, own), 203); /* the service checks too, and sees a call without Origin */
    client_close(&c);
    end();
}

static void methods_that_are_no_calls_are_refused(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "TRACE /api/producer/x", ""), 405);
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "BREW /api/producer/x", ""), 405);
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "OPTIONS /api/producer/x", ""), 204);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    client_close(&c);
    CU_ASSERT_EQUAL(atomic_load(&behind.asked), 0);
    end();
}

static void the_portals_token_for_the_services_replaces_the_clients(void)
{
    char path[] = "/tmp/kafkloud-token-XXXXXX";
    int fd = mkstemp(path);
    struct client c;

    CU_ASSERT_EQUAL(write(fd, "sesame\n", 7), 7);
    close(fd);
    rig_conf();
    portal_conf.upstream_token_file = path;
    begin_as_set();
    client_get(&c, rig.port, "GET /api/steward/x", "Authorization: Bearer the-portals-own\r\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "Authorization: Bearer sesame\n"));
    CU_ASSERT_PTR_NULL(strstr(client_body(&c), "the-portals-own"));
    client_close(&c);
    end();
    unlink(path);
}

static void settings_that_cannot_work_end_the_start(void)
{
    static struct portal p;
    struct kl_error err;

    rig_conf();
    for (int i = 0; i < UPSTREAMS; i++)
        portal_conf.urls[i] = "http://127.0.0.1:1";
    portal_conf.urls[2] = "gopher://x";
    CU_ASSERT_EQUAL(portal_open(&p, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "STEWARD_URL");
    portal_conf.urls[2] = portal_conf.urls[0];
    portal_conf.upstream_token_file = "/nonexistent/token";
    CU_ASSERT_EQUAL(portal_open(&p, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "UPSTREAM_TOKEN_FILE");
}

/* ---- health ---- */

static void health_tells_of_each_service(void)
{
    static const char *const states[UPSTREAMS] = { "ready", "down", "unready", "down" };
    char absent[64], silent[64], nonsense[64];
    struct script gone, mute, odd;
    struct client c;
    json_t *doc;

    behind_start(&behind);
    script_start(&gone, "", false);
    script_stop(&gone);
    script_start(&mute, "", true);
    script_start(&odd, "HTTP/1.1 503 No\r\nContent-Length: 48\r\n\r\n{\"status\":\"unready\",\"checks\":{\"k\":{\"ready\":0}}}\n", false);
    snprintf(absent, sizeof absent, "http://127.0.0.1:%d", gone.port);
    snprintf(silent, sizeof silent, "http://127.0.0.1:%d", mute.port);
    snprintf(nonsense, sizeof nonsense, "http://127.0.0.1:%d", odd.port);
    rig_conf();
    portal_conf.urls[1] = absent;
    portal_conf.urls[2] = nonsense;
    portal_conf.urls[3] = silent;
    rig_start(&rig, behind.port);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/health", ""), 200);
    doc = json_loads(client_body(&c), 0, NULL);
    for (int i = 0; i < UPSTREAMS; i++) {
        const json_t *service = json_array_get(json_object_get(doc, "services"), (size_t)i);

        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(service, "state")), states[i]);
    }
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"checks\":{\"kafka\":{\"ready\":true}}"));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, absent));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"setting\":\"CONSUMER_URL\""));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"version\":\"9.8.7 (fedcba9)\",\"uptime_s\":42"));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"version\":null,\"uptime_s\":null,\"checks\":null"));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "kafkloud-consumer"));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"checks\":{\"k\":{\"ready\":0}}"));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "no answer within"));
    CU_ASSERT_PTR_NOT_NULL(client_find(&c, "\"ui_built\":false"));
    json_decref(doc);
    client_close(&c);
    end();
    script_stop(&mute);
    script_stop(&odd);
}

/* ---- the end ---- */

static void a_stop_answers_whoever_waits(void)
{
    struct client waiting, uploading;

    begin();
    client_open(&waiting, rig.port, "GET /api/consumer/wait" RIG_END "\r\n");
    client_open(&uploading, rig.port, "POST /api/producer/gated" RIG_END "Content-Length: 3\r\n\r\nabc");
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&behind.asked) == 1 && atomic_load(&rig.portal.relays.active) == 2));
    rig_stop(&rig, 0);
    CU_ASSERT_TRUE(client_until_end(&waiting));
    CU_ASSERT_PTR_NOT_NULL(client_find(&waiting, " 503 "));
    CU_ASSERT_TRUE(client_until_end(&uploading));
    client_close(&waiting);
    client_close(&uploading);
    behind_stop(&behind);
}

KL_TESTS("relay_fail",
         T(a_service_that_is_not_there_is_named),
         T(a_service_that_does_not_answer_in_time_is_a_504),
         T(a_slow_client_is_not_the_services_fault),
         T(nonsense_from_a_service_is_a_502),
         T(what_any_connection_field_of_an_answer_lists_stays_behind),
         T(odd_but_right_answers_pass),
         T(an_answer_cut_in_the_middle_is_cut_for_the_client_too),
         T(one_call_too_many_is_refused_early),
         T(a_foreign_page_changes_nothing),
         T(methods_that_are_no_calls_are_refused),
         T(the_portals_token_for_the_services_replaces_the_clients),
         T(settings_that_cannot_work_end_the_start),
         T(health_tells_of_each_service),
         T(a_stop_answers_whoever_waits))
