#include "live_event.h"

#include "envelope.h"
#include "sse.h"

#define EVENT_MESSAGE "streamer" /* the earlier system's name, kept */
#define EVENT_LAGGED  "lagged"
#define EVENT_GAP     "gap"

bool live_event_plain(struct kl_buf *out, const char *id, const struct kl_message *m)
{
    return kl_sse_event(out, id, EVENT_MESSAGE, m->value ? m->value : "", m->value_len);
}

bool live_event_envelope(struct kl_buf *out, const char *id, const char *topic, const struct kl_message *m,
                         struct kl_buf *scratch)
{
    kl_buf_clear(scratch);
    if (!kl_envelope(scratch, topic, m)) {
        out->failed = true;
        return false;
    }
    return kl_sse_event(out, id, EVENT_MESSAGE, scratch->data, scratch->len);
}

static void add_range(struct kl_buf *b, const struct live_skip *skip)
{
    kl_buf_addf(b, "\"partition\":%d,\"from\":%lld,\"to\":%lld}", skip->partition, (long long)skip->from,
                (long long)skip->to);
}

static bool finish(struct kl_buf *out, const char *id, const char *event, struct kl_buf *json)
{
    bool ok = !json->failed && kl_sse_event(out, id, event, json->data, json->len);

    out->failed |= json->failed;
    kl_buf_fini(json);
    return ok;
}

bool live_event_lagged(struct kl_buf *out, const char *id, const char *topic, int64_t skipped,
                       const struct live_skip *skips, size_t n)
{
    struct kl_buf json;

    kl_buf_init(&json, SIZE_MAX / 2);
    kl_buf_addf(&json, "{\"topic\":\"%s\",\"skipped\":%lld,\"partitions\":[", topic, (long long)skipped);
    for (size_t i = 0; i < n; i++) {
        kl_buf_adds(&json, i ? ",{" : "{");
        add_range(&json, &skips[i]);
    }
    kl_buf_adds(&json, "]}");
    return finish(out, id, EVENT_LAGGED, &json);
}

bool live_event_gap(struct kl_buf *out, const char *id, const char *topic, const struct live_skip *skip)
{
    struct kl_buf json;

    kl_buf_init(&json, SIZE_MAX / 2);
    kl_buf_addf(&json, "{\"topic\":\"%s\",", topic);
    add_range(&json, skip);
    return finish(out, id, EVENT_GAP, &json);
}
