/* it_wire.c - see it_wire.h. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "it_wire.h"

#define ANSWER_MAX (16 << 20)
#define READ_BYTES 16384

const char *const it_wire_end_names[IT_WIRE_ENDS] = { "answered", "no connection", "cut before the answer", "no answer in time", "not HTTP" };

bool it_wire_init(struct it_wire *w, const char *url, int64_t timeout_ms)
{
    memset(w, 0, sizeof *w);
    w->fd = -1;
    w->timeout_ms = timeout_ms;
    kl_buf_init(&w->in, ANSWER_MAX);
    return sscanf(url, "http://%127[^:/]:%7[0-9]", w->host, w->port) == 2;
}

static void hang_up(struct it_wire *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
}

void it_wire_fini(struct it_wire *w)
{
    hang_up(w);
    kl_buf_fini(&w->in);
}

/* Waits for the socket until the end of the call's time; false: it has passed. */
static bool wait_for(struct it_wire *w, short events, int64_t end_us)
{
    struct pollfd p = { w->fd, events, 0 };
    int64_t left_ms = (end_us - kl_mono_us()) / 1000;
    int n;

    do
        n = poll(&p, 1, left_ms > 0 ? (int)left_ms : 0);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

static bool connect_one(struct it_wire *w, const struct addrinfo *to, int64_t end_us)
{
    int on = 1, error = 0;
    socklen_t len = sizeof error;

    w->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (w->fd < 0)
        return false;
    setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(w->fd, to->ai_addr, to->ai_addrlen) == 0)
        return true;
    if (errno == EINPROGRESS && wait_for(w, POLLOUT, end_us) && getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0)
        return true;
    hang_up(w);
    return false;
}

static bool open_connection(struct it_wire *w, int64_t end_us)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *each;

    if (getaddrinfo(w->host, w->port, &hints, &list) != 0)
        return false;
    for (each = list; each && !connect_one(w, each, end_us); each = each->ai_next)
        ;
    freeaddrinfo(list);
    w->opened += w->fd >= 0;
    return w->fd >= 0;
}

/* Has the server closed it while it lay idle, or said something that nobody asked for? */
static bool is_stale(const struct it_wire *w)
{
    struct pollfd p = { w->fd, POLLIN, 0 };

    return poll(&p, 1, 0) != 0;
}

static enum it_wire_end send_all(struct it_wire *w, const char *data, size_t len, int64_t end_us)
{
    while (len > 0) {
        ssize_t n = send(w->fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return IT_WIRE_CUT;
        if (n < 0 && !wait_for(w, POLLOUT, end_us))
            return IT_WIRE_LATE;
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return IT_WIRE_ANSWERED;
}

/* Appends what comes next to w->in. */
static enum it_wire_end read_more(struct it_wire *w, int64_t end_us)
{
    ssize_t n;

    if (!wait_for(w, POLLIN, end_us))
        return IT_WIRE_LATE;
    if (!kl_buf_reserve(&w->in, READ_BYTES))
        return IT_WIRE_NONSENSE;
    n = recv(w->fd, w->in.data + w->in.len, READ_BYTES, 0);
    if (n <= 0)
        return n < 0 && (errno == EAGAIN || errno == EINTR) ? IT_WIRE_ANSWERED : IT_WIRE_CUT;
    w->in.len += (size_t)n;
    w->in.data[w->in.len] = '\0';
    return IT_WIRE_ANSWERED;
}

/* A header's value in a head of len bytes; NULL: absent. */
static const char *header(const char *head, size_t len, const char *name)
{
    size_t n = strlen(name);

    for (const char *line = head; line && line < head + len; line = strstr(line, "\r\n"), line = line ? line + 2 : NULL)
        if (strncasecmp(line, name, n) == 0 && line[n] == ':')
            return line + n + 1 + strspn(line + n + 1, " \t");
    return NULL;
}

/* Takes the sizes out of a whole chunked body in place, so that it reads as one; false: nonsense. */
static bool join_chunks(struct it_wire *w, size_t head)
{
    size_t from = head, to = head, size;

    do {
        char *line = w->in.data + from, *end = strstr(line, "\r\n"), *after;

        size = strtoul(line, &after, 16);
        if (!end || after == line)
            return false;
        from = (size_t)(end + 2 - w->in.data);
        if (size > w->in.len || w->in.len < from + size + 2)
            return false;
        memmove(w->in.data + to, w->in.data + from, size);
        to += size;
        from += size + 2;
    } while (size > 0);
    w->in.len = to;
    w->in.data[to] = '\0';
    return true;
}

/* A body with its length told. */
static enum it_wire_end read_sized(struct it_wire *w, size_t head, size_t len, int64_t end_us)
{
    enum it_wire_end end = IT_WIRE_ANSWERED;

    while (!end && w->in.len < head + len)
        end = read_more(w, end_us);
    return end;
}

/* A chunked one; nothing but the last chunk ends so in what our services answer. */
static enum it_wire_end read_chunked(struct it_wire *w, size_t head, int64_t end_us)
{
    enum it_wire_end end = IT_WIRE_ANSWERED;

    while (!end && (w->in.len < head + 5 || memcmp(w->in.data + w->in.len - 5, "0\r\n\r\n", 5) != 0))
        end = read_more(w, end_us);
    if (end)
        return end;
    return join_chunks(w, head) ? IT_WIRE_ANSWERED : IT_WIRE_NONSENSE;
}

static enum it_wire_end read_answer(struct it_wire *w, int64_t end_us)
{
    enum it_wire_end end = IT_WIRE_ANSWERED;
    const char *value, *blank;
    size_t head;
    bool close_after;

    kl_buf_clear(&w->in);
    while (!end && !(w->in.len && strstr(w->in.data, "\r\n\r\n")))
        end = read_more(w, end_us);
    if (end)
        return end;
    blank = strstr(w->in.data, "\r\n\r\n");
    head = (size_t)(blank + 4 - w->in.data);
    if (sscanf(w->in.data, "HTTP/1.1 %3d", &w->status) != 1)
        return IT_WIRE_NONSENSE;
    value = header(w->in.data, head, "Connection");
    close_after = value && strncasecmp(value, "close", 5) == 0;
    value = header(w->in.data, head, "Transfer-Encoding");
    if (value)
        end = read_chunked(w, head, end_us);
    else if ((value = header(w->in.data, head, "Content-Length")))
        end = read_sized(w, head, strtoul(value, NULL, 10), end_us);
    else if (w->status != 204 && w->status != 304)
        return IT_WIRE_NONSENSE;
    w->body = w->in.data + head;
    w->body_len = w->in.len - head;
    if (close_after)
        hang_up(w);
    return end;
}

enum it_wire_end it_wire_call(struct it_wire *w, const char *method, const char *path, const char *headers, const char *body, size_t len)
{
    int64_t end_us = kl_mono_us() + w->timeout_ms * 1000;
    struct kl_buf out;
    enum it_wire_end end;

    w->status = 0;
    w->body = "";
    w->body_len = 0;
    if (w->fd >= 0 && is_stale(w))
        hang_up(w);
    if (w->fd < 0 && !open_connection(w, end_us))
        return IT_WIRE_NO_CONNECTION;
    kl_buf_init(&out, ANSWER_MAX);
    kl_buf_addf(&out, "%s %s HTTP/1.1\r\nHost: %s:%s\r\n%s", method, path, w->host, w->port, headers);
    if (body)
        kl_buf_addf(&out, "Content-Length: %zu\r\n", len);
    kl_buf_adds(&out, "\r\n");
    kl_buf_add(&out, body ? body : "", len);
    end = out.failed ? IT_WIRE_NONSENSE : send_all(w, out.data, out.len, end_us);
    kl_buf_fini(&out);
    if (!end)
        end = read_answer(w, end_us);
    if (end)
        hang_up(w);
    return end;
}
