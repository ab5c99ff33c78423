/* GET /latency - the histogram of consumed - accepted over a window, whole and by minute or hour. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "consumer.h"
#include "endpoints.h"
#include "reading.h"
#include "topic.h"

#define WINDOW_DEFAULT_S 3600
#define WINDOW_MIN_S     60
#define WINDOW_MAX_S     (7 * 86400)
#define MINUTE_S         60
#define HOUR_S           3600

/* Owned by the request. */
struct answer {
    struct reading reading; /* first: reading.h */
    const char    *topic;   /* the request's; NULL: all */
    int64_t        window_s;
    struct kl_buf  body;
    struct kl_buf  steps;
    bool           any;
};

static int64_t unit_s(char unit)
{
    return unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 0;
}

/* 90s, 15m, 1h, 7d. */
static enum kl_code window_read(struct kl_request *r, int64_t *window_s, struct kl_error *err)
{
    const char *text = kl_request_query(r, "window", NULL), *c = text;
    int64_t n = 0;

    *window_s = WINDOW_DEFAULT_S;
    if (!text)
        return KL_OK;
    for (; *c >= '0' && *c <= '9' && n <= WINDOW_MAX_S; c++)
        n = n * 10 + (*c - '0');
    *window_s = n * unit_s(*c);
    if (c == text || !*c || c[1] || *window_s < WINDOW_MIN_S || *window_s > WINDOW_MAX_S)
        return kl_fail_field(err, KL_INVALID, "window", "window is from 1m to 7d, as 90s, 15m, 1h or 7d");
    return KL_OK;
}

static void add_quantiles(struct kl_buf *b, const struct kl_hist *h)
{
    kl_buf_addf(b, "\"count\":%llu,\"p50\":%lld,\"p95\":%lld,\"p99\":%lld,\"max\":%lld", (unsigned long long)h->total,
                (long long)kl_hist_quantile(h, 0.5), (long long)kl_hist_quantile(h, 0.95), (long long)kl_hist_quantile(h, 0.99),
                (long long)h->max);
}

static void on_step(void *ctx, int64_t at_s, const struct kl_hist *hist)
{
    struct answer *a = ctx;
    char at[KL_TIME_TEXT];

    kl_time_text(at, at_s * 1000000);
    kl_buf_addf(&a->steps, "%s{\"at\":\"%s\",", a->any ? "," : "", at);
    add_quantiles(&a->steps, hist);
    kl_buf_addc(&a->steps, '}');
    a->any = true;
}

static void add_buckets(struct kl_buf *b, const struct kl_hist *h)
{
    const char *between = "";

    for (size_t i = 0; i < KL_HIST_BUCKETS; i++) {
        if (!h->count[i])
            continue;
        kl_buf_addf(b, "%s{\"le_us\":%lld,\"count\":%u}", between, (long long)kl_hist_bucket_high(i), h->count[i]);
        between = ",";
    }
}

static void add_all(struct answer *a, int64_t step_s, const struct kl_hist *all)
{
    struct kl_buf *b = &a->body;

    kl_buf_adds(b, "{\"topic\":");
    if (a->topic)
        kl_buf_add_json(b, a->topic, strlen(a->topic));
    else
        kl_buf_adds(b, "null");
    kl_buf_addf(b, ",\"window_s\":%lld,\"step_s\":%lld,", (long long)a->window_s, (long long)step_s);
    add_quantiles(b, all);
    kl_buf_adds(b, ",\"buckets\":[");
    add_buckets(b, all);
    kl_buf_adds(b, "],\"steps\":[");
    kl_buf_add(b, a->steps.data, a->steps.len);
    kl_buf_adds(b, "]}");
}

static enum kl_code answer_write(struct reading *rd, struct reader *reader, struct kl_error *err)
{
    struct answer *a = (struct answer *)rd;
    int64_t step_s = a->window_s > LATENCY_MINUTES_MAX_S ? HOUR_S : MINUTE_S;
    int64_t from_s = kl_wall_us() / 1000000 - a->window_s;
    struct kl_hist all;
    enum kl_code code = reader_latency(reader, a->topic, step_s, from_s - from_s % step_s, &all, on_step, a, err);

    if (code)
        return code;
    add_all(a, step_s, &all);
    return a->body.failed || a->steps.failed ? kl_fail(err, KL_BUSY, "no memory for the answer") : KL_OK;
}

static void reply(struct kl_request *r, struct reading *rd, const struct kl_error *err)
{
    struct answer *a = (struct answer *)rd;

    if (err->code)
        kl_reply_error(r, err);
    else
        kl_reply_buf(r, 200, "application/json", &a->body);
}

static void answer_free(void *p)
{
    struct answer *a = p;

    kl_buf_fini(&a->steps);
    kl_buf_fini(&a->body);
    free(a);
}

void latency_get(struct kl_request *r)
{
    const struct consumer *c = kl_request_ctx(r);
    struct answer *a = calloc(1, sizeof *a);
    struct kl_error err;
    size_t len;

    if (!a) {
        kl_fail(&err, KL_BUSY, "no memory for the request");
        kl_reply_error(r, &err);
        return;
    }
    a->reading = (struct reading){ .read = answer_write, .reply = reply };
    a->topic = kl_request_query(r, "topic", &len);
    kl_buf_init(&a->steps, ANSWER_MAX_BYTES);
    kl_buf_init(&a->body, 2 * ANSWER_MAX_BYTES);
    kl_request_attach(r, a, answer_free);
    if ((a->topic && kl_topic_check(a->topic, len, &err)) || window_read(r, &a->window_s, &err))
        kl_reply_error(r, &err);
    else
        reading_do(r, c->readings, &a->reading);
}
