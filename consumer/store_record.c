/* store_record.c - what a record says, whichever store it goes to. */
#include "store_internal.h"

#include <string.h>

bool store_is_journal(const struct kl_feed_record *record)
{
    return !strcmp(record->incarnation->topic, KL_OUTCOMES_TOPIC);
}

/* The message's clock starts when the gateway had it, else at the record's timestamp. */
static int64_t accepted_of(const struct store_header *header)
{
    if (header->has_id)
        return header->id.accepted_us;
    return header->timestamp_ms < 0 ? -1 : header->timestamp_ms > INT64_MAX / 1000 ? INT64_MAX : header->timestamp_ms * 1000;
}

static void headers_read(const rd_kafka_message_t *message, struct store_header *header)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t len;

    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++) {
        header->bytes += (int64_t)(strlen(name) + len);
        /* The last of them counts: docs/topics.md. */
        if (value && !strcmp(name, KL_MESSAGE_ID_HEADER) && kl_message_id_read(&header->id, value, len))
            header->has_id = true;
    }
}

void store_header_read(const rd_kafka_message_t *message, struct store_header *header)
{
    *header = (struct store_header){ .has_id = false };
    headers_read(message, header);
    header->timestamp_ms = rd_kafka_message_timestamp(message, &header->timestamp_type);
    header->accepted_us = accepted_of(header);
}

size_t store_key_kept(const rd_kafka_message_t *m)
{
    return m->key_len < STORE_KEY_MAX ? m->key_len : STORE_KEY_MAX;
}

const struct store_doubt *store_doubt_of(const struct store_incarnation *inc, const rd_kafka_message_t *m)
{
    for (size_t i = 0; i < inc->n_doubts; i++)
        if (inc->doubts[i].part == m->partition && m->offset >= inc->doubts[i].from && m->offset < inc->doubts[i].to)
            return &inc->doubts[i];
    return NULL;
}

static void delta_add(struct store_incarnation *inc, const struct kl_feed_record *record, int64_t accepted_us)
{
    inc->delta.messages++;
    inc->delta.bytes += (int64_t)record->message->len;
    if (accepted_us < 0)
        return;
    if (record->fetched_us < accepted_us)
        inc->delta.negative++;
    kl_hist_add(&inc->delta.latency, record->fetched_us - accepted_us);
}

enum kl_code store_record_take(struct store *s, struct store_incarnation *inc, const struct kl_feed_record *record,
                               const struct store_header *header, struct kl_error *err)
{
    struct store_news news = { header->has_id, header->id.id, inc->topic, record->message->partition, record->message->offset };

    delta_add(inc, record, header->accepted_us);
    return store_news_add(s, &news, err);
}
