/* receipt.c - see receipt.h. */
#include "receipt.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

void receipt_name(char out[RECEIPT_NAME_MAX], const char *topic, int32_t partition, int64_t offset)
{
    snprintf(out, RECEIPT_NAME_MAX, "%s/%d/%lld", topic, partition, (long long)offset);
}

/* Reads the decimal number behind a slash that ends text[0..*len), and cuts both off. */
static bool number_cut(const char *text, size_t *len, int64_t max, int64_t *out)
{
    size_t at = *len;
    int64_t n = 0, unit = 1;

    for (; at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9'; at--) {
        int digit = text[at - 1] - '0';

        if (*len - at >= 19 || digit * unit > max - n) /* more digits than any offset has, or too large */
            return false;
        n += digit * unit;
        unit = *len - at < 18 ? unit * 10 : unit;
    }
    if (at == *len || at < 2 || text[at - 1] != '/')
        return false;
    *out = n;
    *len = at - 1;
    return true;
}

bool receipt_name_read(const char *text, size_t len, char topic[KL_TOPIC_BYTES], int32_t *partition, int64_t *offset)
{
    int64_t part;

    if (!number_cut(text, &len, INT64_MAX, offset) || !number_cut(text, &len, INT32_MAX, &part))
        return false;
    if (kl_topic_check(text, len, NULL))
        return false;
    memcpy(topic, text, len);
    topic[len] = '\0';
    *partition = (int32_t)part;
    return true;
}

/* ---- JSON ---- */

static void add_number(struct kl_buf *out, const char *name, bool known, int64_t n)
{
    kl_buf_addf(out, "\"%s\":", name);
    if (known)
        kl_buf_addi(out, n);
    else
        kl_buf_adds(out, "null");
    kl_buf_addc(out, ',');
}

static void add_text(struct kl_buf *out, const char *name, const char *text, size_t len)
{
    kl_buf_addf(out, "\"%s\":", name);
    kl_buf_add_json(out, text, len);
    kl_buf_addc(out, ',');
}

static void add_id(struct kl_buf *out, const struct receipt *r)
{
    char text[RECEIPT_NAME_MAX] = "";

    if (r->has_id)
        kl_uuid_text(&r->id, text);
    else
        receipt_name(text, r->topic, r->partition, r->offset);
    add_text(out, "id", text, strlen(text));
}

static void add_key(struct kl_buf *out, const struct receipt *r)
{
    size_t kept = r->key_bytes < RECEIPT_KEY_MAX ? (size_t)(r->key_bytes > 0 ? r->key_bytes : 0) : RECEIPT_KEY_MAX;
    size_t whole = kept;

    if (r->key_bytes < 0) {
        kl_buf_adds(out, "\"key\":null,\"key_bytes\":null,");
        return;
    }
    /* Cutting at 1,024 bytes may have split a character: such a key is text all the same. */
    while (r->key_bytes > RECEIPT_KEY_MAX && whole > RECEIPT_KEY_MAX - 4 && !kl_utf8_valid(r->key, whole))
        whole--;
    if (kl_utf8_valid(r->key, whole)) {
        add_text(out, "key", r->key, whole);
    } else {
        kl_buf_adds(out, "\"key_base64\":\"");
        kl_buf_add_base64(out, r->key, kept);
        kl_buf_adds(out, "\",");
    }
    if (r->key_bytes > RECEIPT_KEY_MAX)
        kl_buf_adds(out, "\"key_truncated\":true,");
    add_number(out, "key_bytes", true, r->key_bytes);
}

/* later - earlier, where both are known; it may be negative. */
static void add_latency(struct kl_buf *out, const char *name, int64_t earlier, int64_t later, const char *behind)
{
    kl_buf_addf(out, "\"%s\":", name);
    if (earlier >= 0 && later >= 0)
        kl_buf_addi(out, later - earlier);
    else
        kl_buf_adds(out, "null");
    kl_buf_adds(out, behind);
}

static void add_latencies(struct kl_buf *out, const struct receipt *r)
{
    kl_buf_adds(out, "\"latency_us\":{");
    add_latency(out, "accepted_acked", r->accepted_us, r->acked_us, ",");
    add_latency(out, "acked_consumed", r->acked_us, r->consumed_us, ",");
    add_latency(out, "accepted_consumed", r->accepted_us, r->consumed_us, "},");
}

static void add_producer(struct kl_buf *out, const struct receipt *r)
{
    if (!r->has_id)
        kl_buf_adds(out, "\"producer\":null,");
    else
        kl_buf_addf(out, "\"producer\":{\"start\":\"%016llx\",\"number\":%lld},", (unsigned long long)r->start, (long long)r->number);
}

static void add_duplicates(struct kl_buf *out, const struct receipt *r)
{
    kl_buf_adds(out, "\"duplicates\":[");
    for (int64_t i = 0; i < r->n_duplicates && i < RECEIPT_DUPLICATES_MAX; i++) {
        const struct receipt_place *place = &r->duplicates[i];

        kl_buf_adds(out, i ? ",{\"topic\":" : "{\"topic\":");
        kl_buf_add_json(out, place->topic, strlen(place->topic));
        kl_buf_addf(out, ",\"partition\":%d,\"offset\":%lld,\"incarnation\":%lld,\"consumed_us\":%lld}", place->partition,
                    (long long)place->offset, (long long)place->incarnation, (long long)place->consumed_us);
    }
    kl_buf_addc(out, ']');
    if (r->n_duplicates > RECEIPT_DUPLICATES_MAX)
        kl_buf_addf(out, ",\"duplicates_total\":%lld", (long long)r->n_duplicates);
    kl_buf_addc(out, '}');
}

static const char *timestamp_type(int type)
{
    return type == RD_KAFKA_TIMESTAMP_CREATE_TIME ? "\"create\"" : type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? "\"append\"" : "null";
}

static bool consumed_json(struct kl_buf *out, const struct receipt *r)
{
    struct kl_buf_mark mark = kl_buf_begin(out);

    kl_buf_addc(out, '{');
    add_id(out, r);
    kl_buf_adds(out, "\"state\":\"consumed\",");
    add_text(out, "topic", r->topic, strlen(r->topic));
    add_number(out, "partition", true, r->partition);
    add_number(out, "offset", true, r->offset);
    add_number(out, "incarnation", true, r->incarnation);
    add_key(out, r);
    add_number(out, "value_bytes", r->value_bytes >= 0, r->value_bytes);
    add_number(out, "headers_bytes", true, r->headers_bytes);
    add_number(out, "timestamp_ms", r->timestamp_ms >= 0, r->timestamp_ms);
    kl_buf_addf(out, "\"timestamp_type\":%s,", timestamp_type(r->timestamp_type));
    add_number(out, "accepted_us", r->accepted_us >= 0, r->accepted_us);
    add_number(out, "acked_us", r->acked_us >= 0, r->acked_us);
    add_number(out, "consumed_us", true, r->consumed_us);
    add_latencies(out, r);
    add_producer(out, r);
    add_duplicates(out, r);
    return kl_buf_end(out, mark);
}

/* The log never had it, as far as we know: what only a place in the log has is null. */
static bool failed_json(struct kl_buf *out, const struct receipt *r)
{
    struct kl_buf_mark mark = kl_buf_begin(out);

    kl_buf_addc(out, '{');
    add_id(out, r);
    kl_buf_addf(out, "\"state\":\"failed\",\"persisted\":\"%s\",", r->possibly ? "possibly" : "no");
    add_text(out, "reason", r->reason, strlen(r->reason));
    add_text(out, "topic", r->topic, strlen(r->topic));
    add_number(out, "partition", true, r->partition);
    kl_buf_adds(out, "\"offset\":null,\"incarnation\":null,\"key\":null,\"key_bytes\":null,\"value_bytes\":null,\"headers_bytes\":null,"
                     "\"timestamp_ms\":null,\"timestamp_type\":null,");
    add_number(out, "accepted_us", true, r->accepted_us);
    add_number(out, "failed_us", true, r->failed_us);
    kl_buf_adds(out, "\"acked_us\":null,\"consumed_us\":null,"
                     "\"latency_us\":{\"accepted_acked\":null,\"acked_consumed\":null,\"accepted_consumed\":null},");
    add_producer(out, r);
    kl_buf_adds(out, "\"duplicates\":[]}");
    return kl_buf_end(out, mark);
}

static bool unknown_json(struct kl_buf *out, const struct receipt *r)
{
    struct kl_buf_mark mark = kl_buf_begin(out);

    kl_buf_addc(out, '{');
    add_id(out, r);
    kl_buf_addf(out, "\"state\":\"%s\"}", r->state == RECEIPT_EXPIRED ? "expired" : "unknown");
    return kl_buf_end(out, mark);
}

bool receipt_json(struct kl_buf *out, const struct receipt *r)
{
    switch (r->state) {
    case RECEIPT_CONSUMED:
        return consumed_json(out, r);
    case RECEIPT_FAILED:
        return failed_json(out, r);
    default:
        return unknown_json(out, r);
    }
}
