/* The load that scenarios judge others by, judged itself: against a server that does as it is told, it must count each
 * answer and each failure once, send nothing twice, and not go easy on a server that stands still. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "it_pace.h"
#include "it_wire.h"
#include "test.h"

/* ---- a server that does as it is told ---- */

enum deed { ANSWER, ANSWER_CHUNKED, ANSWER_AND_CLOSE, CLOSE_AFTER, REFUSE, CUT, CUT_HALF, STAND_STILL, GARBLE };

static struct server {
    int         door, port;
    pthread_t   thread;
    enum deed (*deed)(long request);
    atomic_long requests, connections, guests;
    const char *body;
} server;

static long total; /* requests before the one at hand; for deeds */

static const char *const texts[] = {
    [ANSWER] = "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
    [ANSWER_CHUNKED] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n",
    [ANSWER_AND_CLOSE] = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
    [CLOSE_AFTER] = "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
    [REFUSE] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: %zu\r\n\r\n%s",
    [CUT] = "",
    [CUT_HALF] = "HTTP/1.1 200 OK\r\nContent-Length: 9%zu\r\n\r\n%s",
    [STAND_STILL] = "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
    [GARBLE] = "SSH-2.0-server %zu\r\n%s\r\n\r\n",
};

static bool serve(int fd, enum deed deed)
{
    char out[8192];
    int len = snprintf(out, sizeof out, texts[deed], strlen(server.body), server.body);

    if (deed == STAND_STILL)
        kl_sleep_ms(400);
    /* MSG_MORE: what closes without a word does so in the very segment of its answer, before the next request can be sent. */
    (void)!send(fd, out, (size_t)len, MSG_NOSIGNAL | (deed == CLOSE_AFTER ? MSG_MORE : 0));
    return deed == ANSWER || deed == ANSWER_CHUNKED || deed == REFUSE || deed == STAND_STILL;
}

/* A request is whole with its head: bodies come in the same write. */
static void *host_guest(void *ctx)
{
    int fd = (int)(intptr_t)ctx;
    char in[8192];

    while (recv(fd, in, sizeof in, 0) > 0)
        if (!serve(fd, server.deed(atomic_fetch_add(&server.requests, 1))))
            break;
    close(fd);
    atomic_fetch_sub(&server.guests, 1);
    return NULL;
}

static void *host(void *ctx)
{
    int fd;

    while ((fd = accept4(server.door, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        pthread_t thread;
        server.connections++;
        server.guests++;
        pthread_create(&thread, NULL, host_guest, (void *)(intptr_t)fd);
        pthread_detach(thread);
    }
    return ctx;
}

static void server_start(enum deed (*deed)(long request), const char *body)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof a;

    memset(&server, 0, sizeof server);
    server.deed = deed;
    server.body = body;
    server.door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(server.door, (struct sockaddr *)&a, sizeof a);
    listen(server.door, 128);
    getsockname(server.door, (struct sockaddr *)&a, &len);
    server.port = ntohs(a.sin_port);
    pthread_create(&server.thread, NULL, host, NULL);
}

static void server_stop(void)
{
    shutdown(server.door, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    while (server.guests > 0)
        kl_sleep_ms(5);
    close(server.door);
}

/* ---- running it ---- */

static struct it_pace_result result;

static void run(enum deed (*deed)(long request), int64_t rate, int64_t connections, int64_t duration_ms)
{
    char url[64];
    struct it_pace_conf conf = { .urls_n = 1, .rate = rate, .connections = connections, .duration_ms = duration_ms, .timeout_ms = 30000 };
    struct kl_error err;

    server_start(deed, "{\"id\":\"x\"}");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/produce/t", server.port);
    conf.urls[0] = url;
    CU_ASSERT_EQUAL(it_pace_run(&conf, &result, &err), KL_OK);
    total = server.requests;
    server_stop();
}

static enum deed all_well(long n) { return n % 2 ? ANSWER : ANSWER_CHUNKED; }
static enum deed every_fourth_refused(long n) { return n % 4 == 0 ? REFUSE : ANSWER; }
static enum deed every_fifth_cut(long n) { return n % 5 == 4 ? n % 2 ? CUT : CUT_HALF : ANSWER; }
static enum deed each_says_close(long n) { return n >= 0 ? ANSWER_AND_CLOSE : ANSWER; }
static enum deed each_is_closed_without_a_word(long n) { return n >= 0 ? CLOSE_AFTER : ANSWER; }
static enum deed the_tenth_stands_still(long n) { return n == 10 ? STAND_STILL : ANSWER; }
static enum deed all_garbled(long n) { return n >= 0 ? GARBLE : ANSWER; }

/* ---- tests ---- */

static void a_load_sends_its_rate_on_kept_connections(void)
{
    run(all_well, 500, 8, 1000);
    CU_ASSERT_EQUAL(result.sent, 500);
    CU_ASSERT_EQUAL(result.ok, 500);
    CU_ASSERT_EQUAL(total, 500);
    CU_ASSERT(result.connections <= 8);
    CU_ASSERT(result.took_us >= 990000);
    it_pace_fini(&result);
}

static void a_load_counts_refusals_apart_from_broken_connections(void)
{
    run(every_fourth_refused, 400, 4, 500);
    CU_ASSERT_EQUAL(result.refused, 50);
    CU_ASSERT_EQUAL(result.broken, 0);
    CU_ASSERT_EQUAL(result.ok, 150);
    it_pace_fini(&result);
}

static void a_load_counts_each_cut_answer_and_sends_nothing_again(void)
{
    run(every_fifth_cut, 400, 4, 500);
    CU_ASSERT_EQUAL(result.broken, 40);
    CU_ASSERT_EQUAL(result.refused, 0);
    CU_ASSERT_EQUAL(result.ok, 160);
    CU_ASSERT_EQUAL(total, 200);
    it_pace_fini(&result);
}

static void a_load_opens_anew_after_connection_close(void)
{
    run(each_says_close, 200, 4, 500);
    CU_ASSERT_EQUAL(result.ok, 100);
    CU_ASSERT_EQUAL(result.connections, 100);
    it_pace_fini(&result);
}

static void a_load_sees_that_a_connection_was_closed_while_it_lay_idle(void)
{
    run(each_is_closed_without_a_word, 50, 4, 1000);
    CU_ASSERT_EQUAL(result.ok, 50);
    CU_ASSERT_EQUAL(result.broken, 0);
    it_pace_fini(&result);
}

static void a_load_does_not_go_easy_on_a_server_that_stands_still(void)
{
    run(the_tenth_stands_still, 100, 1, 1000);
    CU_ASSERT_EQUAL(result.ok, 100);
    CU_ASSERT(result.latency.max >= 380000);
    CU_ASSERT(kl_hist_quantile(&result.latency, 0.75) > 20000);   /* those behind it waited too */
    CU_ASSERT(result.pause_us >= 380000);
    it_pace_fini(&result);
}

static void a_load_calls_what_is_no_http_broken(void)
{
    run(all_garbled, 50, 2, 400);
    CU_ASSERT_EQUAL(result.broken, 20);
    CU_ASSERT_EQUAL(result.ok, 0);
    CU_ASSERT(result.pause_us >= result.took_us);
    it_pace_fini(&result);
}

static void a_load_counts_connections_that_nobody_takes(void)
{
    struct it_pace_conf conf = { .urls = { "http://127.0.0.1:1/produce/t" }, .urls_n = 1, .rate = 50, .connections = 2, .duration_ms = 400, .timeout_ms = 1000 };
    struct kl_error err;

    CU_ASSERT_EQUAL(it_pace_run(&conf, &result, &err), KL_OK);
    CU_ASSERT_EQUAL(result.broken, 20);
    it_pace_fini(&result);
}

static void a_load_wants_a_url(void)
{
    struct it_pace_conf conf = { .urls = { "ftp://x" }, .urls_n = 1, .rate = 50, .connections = 2, .duration_ms = 400, .timeout_ms = 1000 };
    struct kl_error err;

    CU_ASSERT_EQUAL(it_pace_run(&conf, &result, &err), KL_INVALID);
    it_pace_fini(&result);
    conf.urls_n = 0;
    CU_ASSERT_EQUAL(it_pace_run(&conf, &result, &err), KL_INVALID);
    it_pace_fini(&result);
}

/* A consumer that knows three messages: one consumed, one twice, one not at all. */
static enum deed one_answer(long n) { return n >= 0 ? ANSWER : ANSWER; }
static void receipts_that_are_missing_or_twice_are_told(void)
{
    struct it_pace_record records[5] = { { .fate = IT_PACE_CONFIRMED }, { .fate = IT_PACE_CONFIRMED }, { .fate = IT_PACE_CONFIRMED },
                                         { .fate = IT_PACE_BROKEN }, { .fate = IT_PACE_UNSENT } };
    struct it_pace_result r = { .records = records, .records_n = 5 };
    struct it_pace_verdict v;
    struct kl_error err;
    char url[64];

    kl_uuid7(&records[2].id);
    server_start(one_answer, "{\"receipts\":[{\"state\":\"consumed\",\"duplicates\":[]},{\"state\":\"consumed\",\"duplicates\":[{\"offset\":2}]},"
                             "{\"state\":\"unknown\"},{\"state\":\"consumed\"}]}");
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server.port);
    CU_ASSERT_EQUAL(it_pace_verify(&r, url, 0, &v, &err), KL_OK);
    CU_ASSERT_EQUAL(v.missing, 1);
    CU_ASSERT(kl_uuid_equal(&v.first, &records[2].id));
    CU_ASSERT_EQUAL(v.twice, 1);
    CU_ASSERT_EQUAL(v.kept_unconfirmed, 1);
    server_stop();
}

KL_TESTS("pace", T(a_load_sends_its_rate_on_kept_connections), T(a_load_counts_refusals_apart_from_broken_connections),
         T(a_load_counts_each_cut_answer_and_sends_nothing_again), T(a_load_opens_anew_after_connection_close),
         T(a_load_sees_that_a_connection_was_closed_while_it_lay_idle), T(a_load_does_not_go_easy_on_a_server_that_stands_still),
         T(a_load_calls_what_is_no_http_broken), T(a_load_counts_connections_that_nobody_takes), T(a_load_wants_a_url),
         T(receipts_that_are_missing_or_twice_are_told))
