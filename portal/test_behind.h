/* test_behind.h - a small service behind the portal, built as ours are: with common/http.h. Included once a program. */
#ifndef TEST_BEHIND_H
#define TEST_BEHIND_H

#include "sse.h"
#include "test_rig.h"

#define BEHIND_STREAMS_MAX 256
#define BEHIND_BIG_BYTES   (32 * 1024 * 1024)

struct behind {
    struct kl_http    *http;
    int                port;
    pthread_mutex_t    lock; /* guards what follows */
    struct kl_request *stream[BEHIND_STREAMS_MAX];
    int                streams; /* open ones */
    int                told;    /* how many events were sent to all */
    struct kl_request *waiting; /* GET /wait: answered by behind_answer */
    bool               gate;    /* POST /gated reads on only when it is open */
    struct kl_request *gated;
    _Atomic int64_t    received, ended, asked;
    _Atomic bool       cut;
};

/* ---- what came, told back ---- */

static RIG_UNUSED bool echo_header(void *ctx, const char *name, const char *value, size_t len)
{
    return kl_buf_addf(ctx, "%s: %.*s\n", name, (int)len, value);
}

static RIG_UNUSED void echo(struct kl_request *r)
{
    struct behind *b = kl_request_ctx(r);
    struct kl_buf out;
    const char *body;
    size_t len = 0;

    atomic_fetch_add(&b->asked, 1);
    body = kl_request_body(r, &len);
    kl_buf_init(&out, 1 << 20);
    kl_buf_addf(&out, "%s %s", kl_request_method(r), kl_request_path(r));
    if (strchr(kl_request_tail(r), '?'))
        kl_buf_adds(&out, strchr(kl_request_tail(r), '?'));
    kl_buf_adds(&out, "\n");
    kl_request_headers(r, echo_header, &out);
    kl_buf_addf(&out, "body: %.*s\n", (int)len, len ? body : "");
    kl_reply_header(r, "Kafkloud-Receipt", "an-id");
    kl_reply_header(r, "Content-Security-Policy", "default-src *");
    kl_reply_header(r, "Set-Cookie", "a=b");
    kl_reply_header(r, "X-Hop", "of one connection");
    kl_reply_header(r, "Location", "/topics/t");
    kl_reply_buf(r, 203, "text/x-echo", &out);
}

/* ---- bodies ---- */

static RIG_UNUSED size_t gated_body(struct kl_request *r, const char *data, size_t len)
{
    struct behind *b = kl_request_ctx(r);
    size_t took = len;

    (void)data;
    pthread_mutex_lock(&b->lock);
    if (!b->gate) {
        took = 0;
        b->gated = r;
        kl_request_suspend(r, NULL);
    }
    pthread_mutex_unlock(&b->lock);
    atomic_fetch_add(&b->received, (int64_t)took);
    return took;
}

static RIG_UNUSED void gated(struct kl_request *r)
{
    struct behind *b = kl_request_ctx(r);
    char text[64];

    snprintf(text, sizeof text, "received %lld", (long long)atomic_load(&b->received));
    kl_reply(r, 200, "text/plain", text, strlen(text));
}

static RIG_UNUSED void ended_count(void *behind)
{
    struct behind *b = behind;

    atomic_fetch_add(&b->ended, 1);
}

static RIG_UNUSED void gated_begin(struct kl_request *r)
{
    kl_request_attach(r, kl_request_ctx(r), ended_count);
}

static RIG_UNUSED void behind_open_gate(struct behind *b)
{
    struct kl_request *r;

    pthread_mutex_lock(&b->lock);
    b->gate = true;
    r = b->gated;
    b->gated = NULL;
    if (r)
        kl_request_resume(r);
    pthread_mutex_unlock(&b->lock);
}

struct big {
    size_t at;
};

static RIG_UNUSED ssize_t big_pull(struct kl_request *r, char *buf, size_t max)
{
    struct behind *b = kl_request_ctx(r);
    struct big *big = kl_request_attached(r);
    size_t n = BEHIND_BIG_BYTES - big->at < max ? BEHIND_BIG_BYTES - big->at : max;

    if (atomic_load(&b->cut) && big->at > BEHIND_BIG_BYTES / 2)
        return KL_STREAM_ABORT;
    if (n == 0)
        return KL_STREAM_END;
    for (size_t i = 0; i < n; i++)
        buf[i] = (char)('a' + (big->at + i) % 23);
    big->at += n;
    return (ssize_t)n;
}

/* GET /big?sized: with a Content-Length, else in chunks. */
static RIG_UNUSED void big_get(struct kl_request *r)
{
    kl_request_attach(r, calloc(1, sizeof(struct big)), free);
    kl_reply_stream(r, 200, "application/octet-stream", kl_request_query(r, "sized", NULL) ? BEHIND_BIG_BYTES : -1, big_pull);
}

/* ---- an answer that waits ---- */

static RIG_UNUSED void wait_answer(struct kl_request *r)
{
    kl_reply(r, 200, "text/plain", "at last", 7);
}

static RIG_UNUSED void wait_get(struct kl_request *r)
{
    struct behind *b = kl_request_ctx(r);

    kl_request_suspend(r, wait_answer);
    pthread_mutex_lock(&b->lock);
    CU_ASSERT_PTR_NULL(b->waiting);
    b->waiting = r;
    pthread_mutex_unlock(&b->lock);
    atomic_fetch_add(&b->asked, 1);
}

static RIG_UNUSED void behind_answer(struct behind *b)
{
    pthread_mutex_lock(&b->lock);
    if (b->waiting)
        kl_request_resume(b->waiting);
    b->waiting = NULL;
    pthread_mutex_unlock(&b->lock);
}

/* ---- live streams ---- */

struct live {
    struct behind *behind;
    int            slot, sent;
};

static RIG_UNUSED void live_release(void *live)
{
    struct live *l = live;

    pthread_mutex_lock(&l->behind->lock);
    l->behind->stream[l->slot] = NULL;
    l->behind->streams--;
    pthread_mutex_unlock(&l->behind->lock);
    free(l);
}

static RIG_UNUSED ssize_t live_pull(struct kl_request *r, char *buf, size_t max)
{
    struct live *l = kl_request_attached(r);
    int told;

    pthread_mutex_lock(&l->behind->lock);
    told = l->behind->told;
    pthread_mutex_unlock(&l->behind->lock);
    if (l->sent == told)
        return KL_STREAM_WAIT;
    if (atomic_load(&l->behind->cut))
        return KL_STREAM_ABORT;
    l->sent++;
    return snprintf(buf, max, "id: %d\nevent: streamer\ndata: number %d\n\n", l->sent, l->sent);
}

static RIG_UNUSED void live_get(struct kl_request *r)
{
    struct behind *b = kl_request_ctx(r);
    struct live *l = calloc(1, sizeof *l);

    l->behind = b;
    pthread_mutex_lock(&b->lock);
    while (b->stream[l->slot])
        l->slot++;
    b->stream[l->slot] = r;
    b->streams++;
    l->sent = b->told;
    pthread_mutex_unlock(&b->lock);
    kl_request_attach(r, l, live_release);
    kl_reply_header(r, "Cache-Control", "no-store");
    kl_reply_stream(r, 200, KL_SSE_TYPE, -1, live_pull);
}

/* One more event to every stream. */
static RIG_UNUSED void behind_tell(struct behind *b)
{
    pthread_mutex_lock(&b->lock);
    b->told++;
    for (int i = 0; i < BEHIND_STREAMS_MAX; i++)
        if (b->stream[i])
            kl_request_wake(b->stream[i]);
    pthread_mutex_unlock(&b->lock);
}

static RIG_UNUSED int behind_streams(struct behind *b)
{
    int n;

    pthread_mutex_lock(&b->lock);
    n = b->streams;
    pthread_mutex_unlock(&b->lock);
    return n;
}

static RIG_UNUSED void readyz(struct kl_request *r)
{
    static const char ready[] = "{\"status\":\"ready\",\"version\":\"9.8.7 (fedcba9)\",\"uptime_s\":42,\"checks\":{\"kafka\":{\"ready\":true}}}";

    kl_reply_static(r, 200, "application/json", ready, sizeof ready - 1);
}

static RIG_UNUSED int64_t behind_body_max = INT64_C(1) << 40;
static RIG_UNUSED int64_t behind_echo_max = 1 << 20;

static RIG_UNUSED void behind_start(struct behind *b)
{
    static const struct kl_route routes[] = {
        { "GET", "/readyz", NULL, readyz, NULL, NULL, 0 },
        { "GET", "/big", NULL, big_get, NULL, NULL, 0 },
        { "GET", "/wait", NULL, wait_get, NULL, NULL, 0 },
        { "GET", "/consume", NULL, live_get, NULL, NULL, KL_ROUTE_STREAM },
        { "POST", "/wait", &behind_echo_max, wait_get, NULL, NULL, 0 },
        { "POST", "/gated", &behind_body_max, gated, gated_begin, gated_body, 0 },
        { "*", "/", &behind_echo_max, echo, NULL, NULL, KL_ROUTE_PREFIX | KL_ROUTE_CHANGES },
        { 0 },
    };
    struct kl_http_conf http = {
        .service = "behind", .address = "127.0.0.1", .threads = 2, .connections_max = 1000, .idle_timeout_ms = RIG_DEADLINE_MS,
        .request_timeout_ms = RIG_DEADLINE_MS / 4, .ctx = b, .routes = routes,
    };
    struct kl_error err;

    *b = (struct behind){ 0 };
    pthread_mutex_init(&b->lock, NULL);
    CU_ASSERT_EQUAL_FATAL(kl_http_start(&b->http, &http, &err), KL_OK);
    b->port = kl_http_port(b->http);
}

static RIG_UNUSED void behind_stop(struct behind *b)
{
    behind_answer(b);
    behind_open_gate(b);
    kl_http_refuse(b->http, RIG_DEADLINE_MS);
    kl_http_stop(b->http);
    pthread_mutex_destroy(&b->lock);
}

/* ---- the portal before it ---- */

static RIG_UNUSED struct rig    rig;
static RIG_UNUSED struct behind behind;

/* Starts both, with what rig_conf() and the test have set. */
static RIG_UNUSED void begin_as_set(void)
{
    behind_start(&behind);
    rig_start(&rig, behind.port);
}

static RIG_UNUSED void begin(void)
{
    rig_conf();
    begin_as_set();
}

static RIG_UNUSED void end(void)
{
    rig_stop(&rig, RIG_DEADLINE_MS);
    behind_stop(&behind);
}

#endif
