/* test_rig.h - for the service tests: a portal with its real routes on a free port, a client on a bare socket, and
 * a service behind the portal that says exactly the bytes a test wants. */
#ifndef TEST_RIG_H
#define TEST_RIG_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "portal.h"
#include "test.h"

#define RIG_DEADLINE_MS 10000 /* nothing here takes so long unless it is broken */
#define RIG_UNUSED      __attribute__((unused))

/* ---- waiting for a condition ---- */

#define RIG_UNTIL(condition)                                                           \
    ({                                                                                 \
        int64_t until_ = kl_mono_us() + RIG_DEADLINE_MS * 1000;                        \
        while (!(condition) && kl_mono_us() < until_)                                  \
            kl_sleep_ms(1);                                                            \
        (condition);                                                                   \
    })

/* ---- the client ---- */

struct client {
    int           fd;
    struct kl_buf got;
    bool          ended; /* the other side has closed */
};

static RIG_UNUSED int dial(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static RIG_UNUSED void client_send(struct client *c, const void *data, size_t len)
{
    size_t at = 0;

    while (at < len) {
        ssize_t n = send(c->fd, (const char *)data + at, len - at, MSG_NOSIGNAL);

        if (n <= 0)
            return; /* what the client then gets is what the test looks at */
        at += (size_t)n;
    }
}

static RIG_UNUSED void client_open(struct client *c, int port, const char *request)
{
    *c = (struct client){ .fd = dial(port) };
    kl_buf_init(&c->got, 256 * 1024 * 1024);
    client_send(c, request, strlen(request));
}

/* Reads once, at most until the deadline. false: nothing came, or the other side has closed. */
static RIG_UNUSED bool client_read(struct client *c, int64_t until_us)
{
    struct pollfd p = { .fd = c->fd, .events = POLLIN };
    int64_t left_ms = (until_us - kl_mono_us()) / 1000;
    char piece[65536];
    ssize_t n;

    if (c->ended || left_ms <= 0 || poll(&p, 1, (int)left_ms) <= 0)
        return false;
    n = recv(c->fd, piece, sizeof piece, 0);
    if (n <= 0) {
        c->ended = true;
        return false;
    }
    return kl_buf_add(&c->got, piece, (size_t)n);
}

static RIG_UNUSED const char *client_find(const struct client *c, const char *text)
{
    return c->got.len ? memmem(c->got.data, c->got.len, text, strlen(text)) : NULL;
}

/* Reads until text has come. */
static RIG_UNUSED bool client_until(struct client *c, const char *text)
{
    int64_t until_us = kl_mono_us() + RIG_DEADLINE_MS * 1000;

    while (!client_find(c, text) && client_read(c, until_us))
        continue;
    return client_find(c, text) != NULL;
}

static RIG_UNUSED bool client_until_end(struct client *c)
{
    int64_t until_us = kl_mono_us() + RIG_DEADLINE_MS * 1000;

    while (client_read(c, until_us))
        continue;
    return c->ended;
}

static RIG_UNUSED void client_close(struct client *c)
{
    close(c->fd);
    kl_buf_fini(&c->got);
}

/* A whole call on a connection of its own; the caller closes c. request must ask for Connection: close. */
static RIG_UNUSED int client_call(struct client *c, int port, const char *request)
{
    client_open(c, port, request);
    CU_ASSERT_TRUE(client_until_end(c));
    return c->got.len > 12 ? atoi(c->got.data + 9) : 0;
}

#define RIG_END " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"

/* "GET /path" with headers ("Name: value\r\n" each). */
static RIG_UNUSED int client_get(struct client *c, int port, const char *method_path, const char *headers)
{
    char request[8192];

    snprintf(request, sizeof request, "%s" RIG_END "%s\r\n", method_path, headers);
    return client_call(c, port, request);
}

/* The value of an answer's header, copied; "" when there is none. */
static RIG_UNUSED const char *client_header(const struct client *c, const char *name)
{
    static __thread char value[1024];
    char pattern[128];
    const char *end = client_find(c, "\r\n\r\n"), *at;

    value[0] = '\0';
    snprintf(pattern, sizeof pattern, "\r\n%s: ", name);
    at = c->got.data ? strcasestr(c->got.data, pattern) : NULL;
    if (at && end && at < end)
        snprintf(value, sizeof value, "%.*s", (int)strcspn(at + strlen(pattern), "\r"), at + strlen(pattern));
    return value;
}

static RIG_UNUSED const char *client_body(const struct client *c)
{
    const char *end = client_find(c, "\r\n\r\n");

    return end ? end + 4 : "";
}

/* ---- a service that says what it is told ---- */

struct script {
    int           listen_fd, fd, port;
    pthread_t     thread;
    bool          running;
    const char   *answer;     /* said when the request's head is there */
    size_t        answer_len;
    bool          hold;       /* keeps the connection open afterwards, until script_stop */
    char          head[8192]; /* what was asked */
    _Atomic int   said;
};

static RIG_UNUSED void *script_run(void *ctx)
{
    struct script *s = ctx;
    size_t len = 0;
    char rest[1024];

    s->fd = accept(s->listen_fd, NULL, NULL);
    while (s->fd >= 0 && len < sizeof s->head - 1 && !strstr(s->head, "\r\n\r\n")) {
        ssize_t n = recv(s->fd, s->head + len, sizeof s->head - 1 - len, 0);

        if (n <= 0)
            break;
        len += (size_t)n;
        s->head[len] = '\0';
    }
    if (s->fd >= 0)
        send(s->fd, s->answer, s->answer_len, MSG_NOSIGNAL);
    atomic_store(&s->said, 1);
    while (s->hold && s->fd >= 0 && recv(s->fd, rest, sizeof rest, 0) > 0)
        continue;
    if (s->fd >= 0)
        shutdown(s->fd, SHUT_RDWR);
    return NULL;
}

static RIG_UNUSED void script_start(struct script *s, const char *answer, bool hold)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;

    *s = (struct script){ .listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .fd = -1, .answer = answer,
                          .answer_len = strlen(answer), .hold = hold };
    CU_ASSERT_EQUAL_FATAL(bind(s->listen_fd, (struct sockaddr *)&at, sizeof at), 0);
    CU_ASSERT_EQUAL_FATAL(listen(s->listen_fd, 8), 0);
    getsockname(s->listen_fd, (struct sockaddr *)&at, &len);
    s->port = ntohs(at.sin_port);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&s->thread, NULL, script_run, s), 0);
}

static RIG_UNUSED void script_stop(struct script *s)
{
    shutdown(s->listen_fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    if (s->fd >= 0)
        close(s->fd);
    close(s->listen_fd);
}

/* ---- the portal ---- */

struct rig {
    struct portal   portal;
    struct kl_http *http;
    int             port;
    char            url[UPSTREAMS][64];
};

/* Settings with their defaults' meaning, and a quiet log; a test changes what it needs, then calls rig_start. */
static RIG_UNUSED void rig_conf(void)
{
    kl_log_level(KL_ERROR);
    portal_conf = (struct portal_conf){
        .ui_dir = "/nonexistent", .relays_max = 1000, .timeout_ms = RIG_DEADLINE_MS, .body_max_bytes = 256 << 20,
    };
}

/* Every service stands at this port. */
static RIG_UNUSED void rig_start(struct rig *g, int upstream_port)
{
    struct kl_http_conf http = {
        .service = "portal", .address = "127.0.0.1", .threads = 2, .connections_max = 1000, .idle_timeout_ms = RIG_DEADLINE_MS,
        .request_timeout_ms = RIG_DEADLINE_MS / 4, .ctx = &g->portal, .routes = portal_routes,
        .every_answer = security_headers,
    };
    struct kl_error err;

    for (int i = 0; i < UPSTREAMS; i++) {
        snprintf(g->url[i], sizeof g->url[i], "http://127.0.0.1:%d", upstream_port);
        if (!portal_conf.urls[i])
            portal_conf.urls[i] = g->url[i];
    }
    CU_ASSERT_EQUAL_FATAL(portal_open(&g->portal, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_http_start(&g->http, &http, &err), KL_OK);
    g->port = kl_http_port(g->http);
}

/* As main.c does it. */
static RIG_UNUSED void rig_stop(struct rig *g, int64_t drain_ms)
{
    kl_http_refuse(g->http, drain_ms);
    portal_abort(&g->portal, g->http);
    kl_http_stop(g->http);
    portal_close(&g->portal);
}

#endif
