/* GET /consume - a live stream of topics as server-sent events.
 *
 * Wrong input is a problem with its status. Overload is not: a browser gives up on an error, so it is told when to
 * come back in the protocol that it reads. */
#include <string.h>

#include "clock.h"
#include "consumer.h"
#include "live_client.h"
#include "sse.h"

#define COME_BACK_MS 30000

_Static_assert(LIVE_WAIT == (int)KL_STREAM_WAIT && LIVE_ABORT == (int)KL_STREAM_ABORT, "live_client_pull is a kl_pull_fn");

static enum kl_code read_from(struct live_request *q, const char *from, struct kl_error *err)
{
    int64_t wall_us;

    if (!from || !strcmp(from, "latest")) {
        q->from = LIVE_FROM_LATEST;
    } else if (!strcmp(from, "earliest")) {
        q->from = LIVE_FROM_EARLIEST;
    } else if (kl_time_parse(from, &wall_us) && wall_us >= 0) {
        q->from = LIVE_FROM_TIME;
        q->from_ms = wall_us / 1000;
    } else {
        return kl_fail_field(err, KL_INVALID, "from", "latest, earliest, an RFC 3339 time or milliseconds since 1970");
    }
    return KL_OK;
}

static enum kl_code read_format(struct live_request *q, const char *format, struct kl_error *err)
{
    q->envelope = format && !strcmp(format, "envelope");
    if (q->envelope || !format || !strcmp(format, "plain"))
        return KL_OK;
    return kl_fail_field(err, KL_INVALID, "format", "plain or envelope");
}

/* A header that is there and empty is a browser's without a position yet. */
static void read_position(struct live_request *q, const char *header, const char *query)
{
    if (header && *header) {
        q->position = header;
        q->position_field = "Last-Event-ID";
    } else if (query && *query) {
        q->position = query;
        q->position_field = "last_event_id";
    }
}

static enum kl_code read_request(struct kl_request *r, struct live_request *q, struct kl_error *err)
{
    q->topics = kl_request_query(r, "topics", NULL);
    if (read_from(q, kl_request_query(r, "from", NULL), err) || read_format(q, kl_request_query(r, "format", NULL), err))
        return err->code;
    read_position(q, kl_request_header(r, "Last-Event-ID"), kl_request_query(r, "last_event_id", NULL));
    return KL_OK;
}

static void stream_headers(struct kl_request *r)
{
    kl_reply_header(r, "Cache-Control", "no-store");
    kl_reply_header(r, "X-Accel-Buffering", "no");   /* proxies that would gather */
}

static void come_back_later(struct kl_request *r, const char *why, int64_t retry_ms)
{
    char body[400];
    struct kl_buf b;

    kl_buf_init_fixed(&b, body, sizeof body);
    kl_sse_retry(&b, retry_ms);
    kl_sse_comment(&b, why);
    stream_headers(r);
    kl_reply_header(r, "Connection", "close");
    kl_reply(r, 200, KL_SSE_TYPE, b.data, b.len);
}

static void wake(void *request)
{
    kl_request_wake(request);
}

static void release(void *client)
{
    live_client_close(client);
}

static ssize_t pull(struct kl_request *r, char *buf, size_t max)
{
    return live_client_pull(kl_request_attached(r), buf, max);
}

/* HEAD: checked as GET is, and nothing opened. */
static void answer_head(struct kl_request *r)
{
    stream_headers(r);
    kl_reply(r, 200, KL_SSE_TYPE, "", 0);
}

static void open_stream(struct kl_request *r, const struct live_request *q)
{
    const struct consumer *consumer = kl_request_ctx(r);
    struct live_client *c;
    struct kl_error err;
    enum kl_code code;

    if (kl_service_stopping()) {
        come_back_later(r, "this server is stopping", COME_BACK_MS);
        return;
    }
    code = live_client_open(&c, consumer->live, q, &err);
    if (code == KL_BUSY) {
        come_back_later(r, err.text, err.retry_after_s ? err.retry_after_s * INT64_C(1000) : COME_BACK_MS);
        return;
    }
    if (code) {
        kl_reply_error(r, &err);
        return;
    }
    kl_request_attach(r, c, release);
    stream_headers(r);
    kl_reply_stream(r, 200, KL_SSE_TYPE, -1, pull);
}

void consume_get(struct kl_request *r)
{
    struct live_request q = { .wake = wake, .wake_ctx = r };
    struct kl_error err;

    if (read_request(r, &q, &err))
        kl_reply_error(r, &err);
    else if (!strcmp(kl_request_method(r), "HEAD"))
        answer_head(r);
    else
        open_stream(r, &q);
}
