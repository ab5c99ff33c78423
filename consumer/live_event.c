#include "live_event.h"

#include <string.h>

#include "message_id.h"
#include "sse.h"

#define EVENT_MESSAGE "streamer" /* the earlier system's name, kept */
#define EVENT_LAGGED  "lagged"
#define EVENT_GAP     "gap"

bool live_event_plain(struct kl_buf *out, const char *id, const struct live_message *m)
{
    return kl_sse_event(out, id, EVENT_MESSAGE, m->value ? m->value : "", m->value_len);
}

/* `"name":"text"`, `"name_base64":"..."` when the bytes are not UTF-8, `"name":null` when there are none. */
static void add_bytes(struct kl_buf *b, const char *name, const void *bytes, size_t len)
{
    bool text = !bytes || kl_utf8_valid(bytes, len);

    kl_buf_addf(b, "\"%s%s\":", name, text ? "" : "_base64");
    if (!bytes) {
        kl_buf_adds(b, "null");
    } else if (text) {
        kl_buf_add_json(b, bytes, len);
    } else {
        kl_buf_addc(b, '"');
        kl_buf_add_base64(b, bytes, len);
        kl_buf_addc(b, '"');
    }
}

static bool is_id_header(const struct live_header *h, struct kl_message_id *id)
{
    return h->name_len == strlen(KL_MESSAGE_ID_HEADER) && !memcmp(h->name, KL_MESSAGE_ID_HEADER, h->name_len) &&
           h->value && kl_message_id_read(id, h->value, h->value_len);
}

/* The producer's id, or topic/partition/offset for a message of another program. */
static void add_id(struct kl_buf *b, const char *topic, const struct live_message *m)
{
    const char *at = m->headers, *end = at + m->headers_len;
    struct live_header h;
    struct kl_message_id id;
    char text[KL_UUID_TEXT];

    while (live_header_next(&at, end, &h))
        if (is_id_header(&h, &id)) {
            kl_uuid_text(&id.id, text);
            kl_buf_addf(b, "{\"id\":\"%.*s\"", KL_UUID_TEXT, text);
            return;
        }
    kl_buf_addf(b, "{\"id\":\"%s/%d/%lld\"", topic, m->partition, (long long)m->offset);
}

/* The message's own headers: the producer's is shown as the id. */
static void add_headers(struct kl_buf *b, const struct live_message *m)
{
    const char *at = m->headers, *end = at + m->headers_len;
    struct live_header h;
    struct kl_message_id id;
    const char *between = "";

    kl_buf_adds(b, ",\"headers\":[");
    while (live_header_next(&at, end, &h)) {
        if (is_id_header(&h, &id))
            continue;
        kl_buf_addf(b, "%s{\"name\":", between);
        kl_buf_add_json(b, h.name, h.name_len);
        kl_buf_addc(b, ',');
        add_bytes(b, "value", h.value, h.value_len);
        kl_buf_addc(b, '}');
        between = ",";
    }
    kl_buf_adds(b, "]}");
}

bool live_event_envelope(struct kl_buf *out, const char *id, const char *topic, const struct live_message *m,
                         struct kl_buf *scratch)
{
    kl_buf_clear(scratch);
    add_id(scratch, topic, m);
    kl_buf_addf(scratch, ",\"topic\":\"%s\",\"partition\":%d,\"offset\":%lld,\"timestamp_ms\":", topic, m->partition,
                (long long)m->offset);
    if (m->timestamp_ms < 0)
        kl_buf_adds(scratch, "null");
    else
        kl_buf_addi(scratch, m->timestamp_ms);
    kl_buf_addc(scratch, ',');
    add_bytes(scratch, "key", m->key, m->key_len);
    kl_buf_addc(scratch, ',');
    add_bytes(scratch, "value", m->value, m->value_len);
    add_headers(scratch, m);
    if (scratch->failed) {
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
