#include "message.h"

#include <string.h>

/* A packed header: this, the name, the value. Not aligned, hence the copies. */
struct packed {
    uint32_t name_len;
    int32_t  value_len; /* -1: null */
};

bool kl_header_pack(struct kl_buf *packed, const char *name, const void *value, size_t value_len)
{
    struct packed head = { .name_len = (uint32_t)strlen(name), .value_len = value ? (int32_t)value_len : -1 };

    return kl_buf_add(packed, &head, sizeof head) && kl_buf_add(packed, name, head.name_len) &&
           kl_buf_add(packed, value ? value : "", value ? value_len : 0);
}

bool kl_header_next(const char **at, const char *end, struct kl_header *out)
{
    struct packed head;

    if (*at == end)
        return false;
    memcpy(&head, *at, sizeof head);
    out->name = *at + sizeof head;
    out->name_len = head.name_len;
    out->value_len = head.value_len < 0 ? 0 : (size_t)head.value_len;
    *at = out->name + out->name_len + out->value_len;
    out->value = head.value_len < 0 ? NULL : out->name + out->name_len;
    return true;
}

static bool pack_headers(const rd_kafka_message_t *m, struct kl_buf *packed)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t len;

    if (rd_kafka_message_headers(m, &headers))
        return true; /* it has none */
    for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++)
        if (!kl_header_pack(packed, name, value, len))
            return false;
    return true;
}

bool kl_message_view(struct kl_message *out, const rd_kafka_message_t *m, struct kl_buf *scratch)
{
    rd_kafka_timestamp_type_t type;
    int64_t timestamp_ms = rd_kafka_message_timestamp(m, &type);

    kl_buf_clear(scratch);
    if (!pack_headers(m, scratch))
        return false;
    *out = (struct kl_message){
        .partition = m->partition,
        .offset = m->offset,
        .timestamp_ms = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp_ms,
        .log_append = type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME,
        .key = m->key,
        .key_len = m->key ? m->key_len : 0,
        .value = m->payload,
        .value_len = m->payload ? m->len : 0,
        .headers = scratch->len ? scratch->data : "",
        .headers_len = scratch->len,
    };
    return true;
}
