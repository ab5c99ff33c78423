/* GET /latency - the histogram of consumed - accepted over a window, whole and by minute or hour. */
#include <string.h>

#include "clock.h"
#include "consumer.h"
#include "endpoints.h"
#include "readers.h"
#include "topic.h"

#define WINDOW_DEFAULT_S 3600
#define WINDOW_MIN_S     60
#define WINDOW_MAX_S     (7 * 86400)
#define MINUTE_S         60
#define HOUR_S           3600

struct answer {
    struct kl_buf steps;
    bool          any;
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

static enum kl_code answer_write(struct reader *reader, const char *topic, int64_t window_s, struct kl_buf *body, struct kl_error *err)
{
    int64_t step_s = window_s > LATENCY_MINUTES_MAX_S ? HOUR_S : MINUTE_S;
    int64_t from_s = kl_wall_us() / 1000000 - window_s;
    struct answer a = { .any = false };
    struct kl_hist all;
    enum kl_code code;

    kl_buf_init(&a.steps, ANSWER_MAX_BYTES);
    code = reader_latency(reader, topic, step_s, from_s - from_s % step_s, &all, on_step, &a, err);
    kl_buf_adds(body, "{\"topic\":");
    if (topic)
        kl_buf_add_json(body, topic, strlen(topic));
    else
        kl_buf_adds(body, "null");
    kl_buf_addf(body, ",\"window_s\":%lld,\"step_s\":%lld,", (long long)window_s, (long long)step_s);
    if (!code) {
        add_quantiles(body, &all);
        kl_buf_adds(body, ",\"buckets\":[");
        add_buckets(body, &all);
        kl_buf_adds(body, "],\"steps\":[");
        kl_buf_add(body, a.steps.data, a.steps.len);
        kl_buf_adds(body, "]}");
        if (body->failed || a.steps.failed)
            code = kl_fail(err, KL_BUSY, "no memory for the answer");
    }
    kl_buf_fini(&a.steps);
    return code;
}

void latency_get(struct kl_request *r)
{
    struct consumer *c = kl_request_ctx(r);
    struct reader *reader = NULL;
    struct kl_buf body;
    struct kl_error err;
    int64_t window_s;
    size_t len;
    const char *topic = kl_request_query(r, "topic", &len);

    kl_buf_init(&body, 2 * ANSWER_MAX_BYTES);
    if ((topic && kl_topic_check(topic, len, &err)) || window_read(r, &window_s, &err) ||
        readers_take(c->readers, &reader, &err) || answer_write(reader, topic, window_s, &body, &err))
        kl_reply_error(r, &err);
    else
        kl_reply_buf(r, 200, "application/json", &body);
    readers_give(c->readers, reader);
    kl_buf_fini(&body);
}
