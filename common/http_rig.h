/* http_rig.h - for http_*_test.c: a server on a free port, and a client that speaks bytes, so that tests can be as
 * wrong, slow and rude as real clients. Every wait has the deadline RIG_WAIT_MS. */
#ifndef KL_HTTP_RIG_H
#define KL_HTTP_RIG_H

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "http.h"
#include "log.h"
#include "test.h"

#define RIG_WAIT_MS 10000

struct rig {
    struct kl_http *http;
    int             port;
};

__attribute__((unused)) static void rig_start(struct rig *rig, struct kl_http_conf conf)
{
    struct kl_error err;

    conf.service = "test";
    if (!conf.address)
        conf.address = "127.0.0.1";
    if (!conf.threads)
        conf.threads = 2;
    kl_log_init("test", KL_ERROR, false);
    if (kl_http_start(&rig->http, &conf, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    rig->port = kl_http_port(rig->http);
}

/* An answer as it came. */
struct answer {
    int    status;      /* 0: the connection ended without one */
    bool   closed;      /* and then the connection was closed */
    char   head[8192];
    char  *body;        /* chunks joined; freed by answer_fini */
    size_t len;
    size_t chunks;
};

/* A connection, and what was read of it beyond the last answer. */
struct line {
    int    fd;
    size_t len;
    char   data[65536];
};

__attribute__((unused)) static void line_open(struct line *line, int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const struct timeval wait = { RIG_WAIT_MS / 1000, 0 };

    line->len = 0;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(line->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(line->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(line->fd, (struct sockaddr *)&to, sizeof to) != 0)
        abort();
}

__attribute__((unused)) static void line_close(struct line *line)
{
    close(line->fd);
    line->fd = -1;
}

/* false: the peer has closed. */
__attribute__((unused)) static bool line_send(struct line *line, const void *data, size_t len)
{
    for (size_t sent = 0; sent < len;) {
        ssize_t n = send(line->fd, (const char *)data + sent, len - sent, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        sent += (size_t)n;
    }
    return true;
}

__attribute__((unused)) static bool line_say(struct line *line, const char *text)
{
    return line_send(line, text, strlen(text));
}

/* Some more bytes; false: the end, or the deadline. */
__attribute__((unused)) static bool line_fill(struct line *line)
{
    ssize_t n = recv(line->fd, line->data + line->len, sizeof line->data - line->len - 1, 0);

    if (n <= 0)
        return false;
    line->len += (size_t)n;
    line->data[line->len] = '\0';
    return true;
}

__attribute__((unused)) static void line_drop(struct line *line, size_t n)
{
    memmove(line->data, line->data + n, line->len - n + 1);
    line->len -= n;
}

/* Does the peer close within the deadline? Bytes that still come are dropped. */
__attribute__((unused)) static bool line_ends(struct line *line)
{
    char trash[4096];
    ssize_t n;

    do
        n = recv(line->fd, trash, sizeof trash, 0);
    while (n > 0);
    return n == 0 || errno == ECONNRESET;
}

__attribute__((unused)) static const char *answer_header(const struct answer *a, const char *name, char *out, size_t size)
{
    size_t len = strlen(name);

    for (const char *at = strstr(a->head, "\r\n"); at; at = strstr(at + 2, "\r\n")) {
        if (strncasecmp(at + 2, name, len) != 0 || at[2 + len] != ':')
            continue;
        at += 3 + len;
        at += strspn(at, " ");
        snprintf(out, size, "%.*s", (int)strcspn(at, "\r"), at);
        return out;
    }
    return NULL;
}

__attribute__((unused)) static bool answer_has(const struct answer *a, const char *name, const char *value)
{
    char text[1024];

    return answer_header(a, name, text, sizeof text) && strcmp(text, value) == 0;
}

__attribute__((unused)) static void answer_fini(struct answer *a)
{
    free(a->body);
    a->body = NULL;
}

__attribute__((unused)) static void answer_add(struct answer *a, const char *data, size_t len)
{
    a->body = realloc(a->body, a->len + len + 1);
    memcpy(a->body + a->len, data, len);
    a->len += len;
    a->body[a->len] = '\0';
}

/* The next chunk into a; 0: it was the last; -1: the connection ended before it. */
__attribute__((unused)) static ssize_t answer_chunk(struct line *line, struct answer *a)
{
    char *end;
    size_t size, at;

    while (line->len == 0 || !(end = strstr(line->data, "\r\n")))
        if (!line_fill(line))
            return -1;
    size = strtoul(line->data, NULL, 16);
    at = (size_t)(end + 2 - line->data);
    while (line->len < at + size + 2)
        if (!line_fill(line))
            return -1;
    answer_add(a, line->data + at, size);
    a->chunks += size > 0;
    line_drop(line, at + size + 2);
    return (ssize_t)size;
}

/* Status line and headers. */
__attribute__((unused)) static bool answer_head(struct line *line, struct answer *a)
{
    char *end;

    *a = (struct answer){ .body = calloc(1, 1) };
    while (line->len == 0 || !(end = strstr(line->data, "\r\n\r\n")))
        if (!line_fill(line))
            return false;
    snprintf(a->head, sizeof a->head, "%.*s", (int)(end + 4 - line->data), line->data);
    sscanf(a->head, "HTTP/1.1 %d", &a->status);
    line_drop(line, (size_t)(end + 4 - line->data));
    return true;
}

__attribute__((unused)) static void answer_body(struct line *line, struct answer *a)
{
    char text[32];
    size_t size, have;
    ssize_t n;

    if (answer_has(a, "Transfer-Encoding", "chunked")) {
        while ((n = answer_chunk(line, a)) > 0)
            continue;
        a->closed = n < 0;
        return;
    }
    size = answer_header(a, "Content-Length", text, sizeof text) ? strtoul(text, NULL, 10) : 0;
    while (size > 0) {
        if (line->len == 0 && !line_fill(line)) {
            a->closed = true;
            return;
        }
        have = line->len < size ? line->len : size;
        answer_add(a, line->data, have);
        line_drop(line, have);
        size -= have;
    }
}

/* Reads one answer; of a HEAD only the head is there. */
__attribute__((unused)) static void line_hear(struct line *line, struct answer *a, bool head_only)
{
    if (!answer_head(line, a)) {
        a->closed = true;
        return;
    }
    if (!head_only && a->status != 204 && a->status != 304)
        answer_body(line, a);
    if (answer_has(a, "Connection", "close"))
        a->closed = line_ends(line);
}

/* One request on a connection of its own. request: the line and headers without Host and the empty line. */
__attribute__((unused)) static void ask_text(int port, struct answer *a, const char *request)
{
    struct line line;

    line_open(&line, port);
    line_say(&line, request);
    line_hear(&line, a, strncmp(request, "HEAD", 4) == 0);
    line_close(&line);
}

__attribute__((unused, format(printf, 3, 4))) static void ask(int port, struct answer *a, const char *format, ...)
{
    char request[16384];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(request, sizeof request - 64, format, args);
    va_end(args);
    snprintf(request + len, sizeof request - (size_t)len, "\r\nHost: localhost:%d\r\n\r\n", port);
    ask_text(port, a, request);
}

/* Just the status. */
__attribute__((unused, format(printf, 2, 3))) static int ask_status(int port, const char *format, ...)
{
    char request[16384];
    struct answer a;
    va_list args;

    va_start(args, format);
    vsnprintf(request, sizeof request, format, args);
    va_end(args);
    ask(port, &a, "%s", request);
    answer_fini(&a);
    return a.status;
}

/* libmicrohttpd 1.0 reads requests with a parser of its own: some that 0.9 passes on are answered by it. */
#define RIG_MHD_1 (MHD_VERSION >= 0x01000000)

/* Waits for a condition that another thread brings about. */
#define RIG_UNTIL(condition)                                               \
    do {                                                                   \
        int64_t until_ = kl_mono_us() + RIG_WAIT_MS * 1000;                \
        bool came_ = (condition);                                          \
        while (!came_ && kl_mono_us() < until_) {                          \
            kl_sleep_ms(1);                                                \
            came_ = (condition);                                           \
        }                                                                  \
        CU_ASSERT(came_ && #condition);                                    \
    } while (0)

#endif
