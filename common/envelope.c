#include "envelope.h"

#include <string.h>

#include "message_id.h"

/* `"name":"text"`, `"name_base64":"..."` when the bytes are not text, `"name":null` when there are none. */
static void add_as(struct kl_buf *b, const char *name, const void *bytes, size_t len, bool text)
{
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

static void add_bytes(struct kl_buf *b, const char *name, const void *bytes, size_t len)
{
    add_as(b, name, bytes, len, !bytes || kl_utf8_valid(bytes, len));
}

static bool is_id_header(const struct kl_header *h, struct kl_message_id *id)
{
    return h->name_len == strlen(KL_MESSAGE_ID_HEADER) && !memcmp(h->name, KL_MESSAGE_ID_HEADER, h->name_len) &&
           h->value && kl_message_id_read(id, h->value, h->value_len);
}

/* The last of them counts (docs/topics.md). Returns where its name stands among the headers; NULL: there is none. */
static const char *find_id(const struct kl_message *m, struct kl_message_id *id)
{
    const char *at = m->headers, *end = at + m->headers_len, *found = NULL;
    struct kl_header h;

    while (kl_header_next(&at, end, &h))
        if (is_id_header(&h, id))
            found = h.name;
    return found;
}

/* The producer's id, or topic/partition/offset for a message of another program. */
static void add_id(struct kl_buf *b, const char *topic, const struct kl_message *m, const struct kl_message_id *id)
{
    char text[KL_UUID_TEXT];

    if (!id) {
        kl_buf_addf(b, "{\"id\":\"%s/%d/%lld\"", topic, m->partition, (long long)m->offset);
        return;
    }
    kl_uuid_text(&id->id, text);
    kl_buf_addf(b, "{\"id\":\"%.*s\"", KL_UUID_TEXT, text);
}

/* The message's own headers: the producer's is shown as the id. */
static void add_headers(struct kl_buf *b, const struct kl_message *m)
{
    const char *at = m->headers, *end = at + m->headers_len, *between = "";
    struct kl_message_id id;
    const char *of_id = find_id(m, &id);
    struct kl_header h;

    kl_buf_adds(b, ",\"headers\":[");
    while (kl_header_next(&at, end, &h)) {
        if (h.name == of_id)
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

static void add_place(struct kl_buf *b, const char *topic, const struct kl_message *m)
{
    struct kl_message_id id;

    add_id(b, topic, m, find_id(m, &id) ? &id : NULL);
    kl_buf_addf(b, ",\"topic\":\"%s\",\"partition\":%d,\"offset\":%lld,\"timestamp_ms\":", topic, m->partition,
                (long long)m->offset);
    if (m->timestamp_ms < 0)
        kl_buf_adds(b, "null");
    else
        kl_buf_addi(b, m->timestamp_ms);
    kl_buf_addc(b, ',');
}

bool kl_envelope(struct kl_buf *out, const char *topic, const struct kl_message *m)
{
    struct kl_buf_mark mark = kl_buf_begin(out);

    add_place(out, topic, m);
    add_bytes(out, "key", m->key, m->key_len);
    kl_buf_addc(out, ',');
    add_bytes(out, "value", m->value, m->value_len);
    add_headers(out, m);
    return kl_buf_end(out, mark);
}

static void add_timestamp_type(struct kl_buf *b, const struct kl_message *m)
{
    kl_buf_adds(b, "\"timestamp_type\":");
    if (m->timestamp_ms < 0)
        kl_buf_adds(b, "null,");
    else
        kl_buf_adds(b, m->log_append ? "\"log_append_time\"," : "\"create_time\",");
}

/* How much of a valid text comes before max without its last character cut in two. */
static size_t whole_characters(const char *text, size_t len, size_t max)
{
    if (len <= max)
        return len;
    while (max > 0 && (text[max] & 0xC0) == 0x80)
        max--;
    return max;
}

static void add_value_cut(struct kl_buf *b, const struct kl_message *m, size_t max)
{
    bool text = !m->value || kl_utf8_valid(m->value, m->value_len); /* of the whole: a cut makes no binary of a text */
    size_t len = text ? whole_characters(m->value, m->value_len, max) : m->value_len < max ? m->value_len : max;

    add_as(b, "value", m->value, len, text);
    kl_buf_adds(b, ",\"value_bytes\":");
    if (m->value)
        kl_buf_addi(b, (int64_t)m->value_len);
    else
        kl_buf_adds(b, "null");
    kl_buf_adds(b, len < m->value_len ? ",\"cut\":true" : ",\"cut\":false");
}

bool kl_envelope_cut(struct kl_buf *out, const char *topic, const struct kl_message *m, size_t value_max)
{
    struct kl_buf_mark mark = kl_buf_begin(out);

    add_place(out, topic, m);
    add_timestamp_type(out, m);
    add_bytes(out, "key", m->key, m->key_len);
    kl_buf_addc(out, ',');
    add_value_cut(out, m, value_max);
    add_headers(out, m);
    return kl_buf_end(out, mark);
}
