/* relay_any.c - any call below /api/producer, /api/consumer, /api/steward or /api/seer, passed on to the service.
 *
 * The call goes up as soon as its headers are there, the body after it as it comes; the answer comes down as it comes,
 * so that an event of a stream is not held back. An answer that is whole when its head is looked at goes out at once. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "portal.h"
#include "relay_headers.h"

#define NAME_MAX_BYTES  256
#define VALUE_MAX_BYTES 2048

void relay_any_begin(struct kl_request *r)
{
    struct portal *p = kl_request_ctx(r);
    const struct upstream *to = upstreams_find(&p->upstreams, kl_request_path(r));
    struct kl_error err;
    struct relay *x;

    kl_assert(to); /* the routes' prefixes are the upstreams' */
    if (relay_new(&x, &p->relays, to, r, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    kl_request_attach(r, x, relay_release);
    relay_begin(x);
}

/* ---- the answer ---- */

struct answer {
    struct kl_request *request;
    struct relay      *relay;
    char               connection[VALUE_MAX_BYTES];
    int64_t            size; /* -1: not told */
};

static bool name_is(const char *name, size_t len, const char *other)
{
    return strlen(other) == len && !strncasecmp(name, other, len);
}

static void copy_cut(char *out, size_t size, const char *text)
{
    size_t n = strnlen(text, size - 1);

    memcpy(out, text, n);
    out[n] = '\0';
}

/* A field that is a list may come in several lines. */
static void list_add(char *list, size_t size, const char *value)
{
    size_t len = strlen(list);

    snprintf(list + len, size - len, "%s%s", len ? ", " : "", value);
}

static void field_note(void *answer, const char *name, size_t len, const char *value)
{
    struct answer *a = answer;

    if (name_is(name, len, "Content-Type"))
        copy_cut(a->relay->type, sizeof a->relay->type, value);
    else if (name_is(name, len, "Connection"))
        list_add(a->connection, sizeof a->connection, value);
    else if (name_is(name, len, "Content-Length"))
        a->size = strtoll(value, NULL, 10);
}

static void field_pass(void *answer, const char *name, size_t len, const char *value)
{
    struct answer *a = answer;
    char name_text[NAME_MAX_BYTES], moved[VALUE_MAX_BYTES];

    if (name_is(name, len, "Content-Type") || len >= sizeof name_text || !relay_header_comes_down(name, len) ||
        relay_header_listed(a->connection, name, len))
        return;
    snprintf(name_text, sizeof name_text, "%.*s", (int)len, name);
    /* A path on the service is below its prefix here. */
    if ((name_is(name, len, "Location") || name_is(name, len, "Content-Location")) && value[0] == '/' && value[1] != '/') {
        if ((size_t)snprintf(moved, sizeof moved, "%s%s", a->relay->to->prefix, value) < sizeof moved)
            value = moved;
    }
    kl_reply_header(a->request, name_text, value);
}

static ssize_t answer_pull(struct kl_request *r, char *buf, size_t max)
{
    return relay_pull(kl_request_attached(r), buf, max);
}

static void answer_body(struct kl_request *r, struct relay *x, const struct answer *a)
{
    const char *type = x->type[0] ? x->type : NULL;
    bool head = !strcmp(kl_request_method(r), "HEAD");
    struct kl_buf body;

    if (x->status == 204 || x->status == 304 || (head && a->size == 0)) {
        kl_reply_static(r, x->status, type, "", 0);
    } else if (!head && relay_whole(x)) {
        kl_buf_init(&body, RELAY_RING_BYTES);
        relay_rest(x, &body);
        kl_reply_buf(r, x->status, type, &body);
        kl_buf_fini(&body);
    } else {
        kl_reply_stream(r, x->status, type, a->size, answer_pull); /* of a HEAD only the size is told */
    }
}

static void answer(struct kl_request *r)
{
    struct relay *x = kl_request_attached(r);
    struct answer a = { .request = r, .relay = x, .size = -1 };
    struct kl_error err;

    if (relay_answered(x, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    if (x->head.data) {
        relay_head_each(x->head.data, field_note, &a);
        relay_head_each(x->head.data, field_pass, &a);
    }
    answer_body(r, x, &a);
}

void relay_any(struct kl_request *r)
{
    if (relay_ask(kl_request_attached(r), answer))
        answer(r);
}

/* A service that has refused, or is gone, in the middle of an upload: the client is told now, not when it has sent
 * hundreds of megabytes for nothing. Only what is in memory may be answered here (common/http.h's streams may not). */
static void answer_early(struct kl_request *r)
{
    struct relay *x = kl_request_attached(r);
    struct kl_error err;

    if (relay_answered(x, &err) || relay_whole(x)) {
        answer(r);
        return;
    }
    kl_fail(&err, KL_UPSTREAM, "the %s closed the connection in the middle of its answer", x->to->name);
    kl_reply_error(r, &err);
}

size_t relay_any_body(struct kl_request *r, const char *data, size_t len)
{
    struct relay *x = kl_request_attached(r);
    size_t took = relay_take(x, data, len);

    if (took == len && relay_over(x))
        answer_early(r);
    return took;
}
