/* GET /status - what has been consumed so far. From memory alone, so it may be asked often. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "consumer.h"
#include "endpoints.h"
#include "keys.h"
#include "store.h"
#include "topic.h"
#include "totals.h"

#define STATUS_MAX_BYTES (8 * 1024 * 1024) /* some 20,000 topics */

/* How far a topic is behind: the ends of its logs less what is stored. */
struct lag { char topic[KL_TOPIC_BYTES]; int64_t lag; };

static int by_topic(const void *a, const void *b)
{
    return strcmp(((const struct lag *)a)->topic, ((const struct lag *)b)->topic);
}

/* One row a topic that is being read, by name; the caller's to free. */
static size_t lags_list(struct kl_feed *feed, struct lag **out)
{
    struct kl_feed_partition *parts;
    size_t n_parts = kl_feed_partitions(feed, &parts), n = 0;
    struct lag *lags = calloc(n_parts + 1, sizeof *lags);

    for (size_t i = 0; lags && i < n_parts; i++) {
        memcpy(lags[i].topic, parts[i].topic, sizeof lags[i].topic);
        lags[i].lag = parts[i].end > parts[i].stored ? parts[i].end - parts[i].stored : 0;
    }
    free(parts);
    if (lags)
        qsort(lags, n_parts, sizeof *lags, by_topic);
    for (size_t i = 0; lags && i < n_parts; i++)
        if (n > 0 && !strcmp(lags[n - 1].topic, lags[i].topic))
            lags[n - 1].lag += lags[i].lag;
        else
            lags[n++] = lags[i];
    *out = lags;
    return n;
}

static void add_row(struct kl_buf *b, bool first, const struct totals_topic *t, int64_t lag)
{
    kl_buf_adds(b, first ? "{\"topic\":" : ",{\"topic\":");
    kl_buf_add_json(b, t->topic, strlen(t->topic));
    kl_buf_addf(b, ",\"n_consumed\":%lld,\"bytes\":%lld,\"rate\":%.1f,\"lag\":%lld}", (long long)t->messages, (long long)t->bytes,
                t->rate, (long long)lag);
}

/* Topics that were consumed and topics that are read, merged by name. */
static int64_t add_topics(struct kl_buf *b, const struct totals_view *view, const struct lag *lags, size_t n_lags)
{
    size_t t = 0, l = 0;
    int64_t sum = 0;

    while (t < view->n_topics || l < n_lags) {
        struct totals_topic none = { .messages = 0 };
        const struct totals_topic *row = &none;
        int order = t == view->n_topics ? 1 : l == n_lags ? -1 : strcmp(view->topics[t].topic, lags[l].topic);
        bool first = t + l == 0;
        int64_t lag = 0;

        if (order >= 0) {
            memcpy(none.topic, lags[l].topic, sizeof none.topic);
            lag = lags[l++].lag;
        }
        if (order <= 0)
            row = &view->topics[t++];
        add_row(b, first, row, lag);
        sum += lag;
    }
    return sum;
}

static void add_latency(struct kl_buf *b, const struct kl_hist *h)
{
    kl_buf_addf(b, ",\"latency_us\":{\"p50\":%lld,\"p95\":%lld,\"p99\":%lld,\"max\":%lld,\"count\":%llu,\"window_s\":3600}",
                (long long)kl_hist_quantile(h, 0.5), (long long)kl_hist_quantile(h, 0.95), (long long)kl_hist_quantile(h, 0.99),
                (long long)h->max, (unsigned long long)h->total);
}

static void add_text_or_null(struct kl_buf *b, const char *name, const char *text)
{
    kl_buf_addf(b, ",\"%s\":", name);
    if (text)
        kl_buf_add_json(b, text, strlen(text));
    else
        kl_buf_adds(b, "null");
}

static void add_all(struct kl_buf *b, struct consumer *c, const struct totals_view *view)
{
    char since[KL_TIME_TEXT], why[256];
    struct lag *lags;
    size_t n_lags = lags_list(c->feed, &lags);
    int64_t lag;

    kl_buf_addf(b, "{\"n_consumed\":%lld,\"bytes\":%lld,\"by_topic\":[", (long long)view->all.messages, (long long)view->all.bytes);
    lag = add_topics(b, view, lags, n_lags);
    free(lags);
    kl_buf_addf(b, "],\"rate\":%.1f,\"lag\":%lld", view->all.rate, (long long)lag);
    add_latency(b, &view->latency);
    kl_buf_addf(b, ",\"duplicated\":%lld,\"failed\":%lld,\"negative_latencies\":%lld", (long long)view->all.duplicated,
                (long long)view->failed, (long long)view->all.negative);
    kl_time_text(since, view->since_us);
    add_text_or_null(b, "since", view->since_us ? since : NULL);
    add_text_or_null(b, "cluster", kl_feed_cluster(c->feed));
    add_text_or_null(b, "paused", kl_feed_paused(c->feed, why, sizeof why) ? why : NULL);
    kl_buf_addf(b, ",\"key_index\":{\"behind\":%lld}}", (long long)keys_behind(store_keys(c->store)));
}

void status_get(struct kl_request *r)
{
    struct consumer *c = kl_request_ctx(r);
    struct totals_view view;
    struct kl_buf body;
    struct kl_error err;

    if (totals_look(store_totals(c->store), kl_wall_us() / 1000000, &view, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    kl_buf_init(&body, STATUS_MAX_BYTES);
    add_all(&body, c, &view);
    free(view.topics);
    if (body.failed) {
        kl_fail(&err, KL_BUSY, "no memory for the answer");
        kl_reply_error(r, &err);
    } else {
        kl_reply_buf(r, 200, "application/json", &body);
    }
    kl_buf_fini(&body);
}
