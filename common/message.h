/* message.h - one Kafka message apart from librdkafka, so that a copy can be kept and shown. A view: it owns nothing. */
#ifndef KL_MESSAGE_H
#define KL_MESSAGE_H

#include <librdkafka/rdkafka.h>

#include "buf.h"

struct kl_message {
    int32_t     partition;
    int64_t     offset;
    int64_t     timestamp_ms; /* -1: the message has none */
    bool        log_append;   /* the broker's clock, not the producer's */
    const void *key;          /* NULL: a null key */
    size_t      key_len;
    const void *value;        /* NULL: a tombstone */
    size_t      value_len;
    const void *headers;      /* packed: kl_header_next() */
    size_t      headers_len;
};

/* Views m. The headers are packed into scratch (cleared first), which must live as long as the view. false: no memory.
 * Parses m's headers in place, so m must belong to this thread. */
bool kl_message_view(struct kl_message *out, const rd_kafka_message_t *m, struct kl_buf *scratch);

struct kl_header {
    const char *name;  size_t name_len;
    const void *value; size_t value_len; /* value NULL: a null value */
};

/* Packs one header behind the others; false: no memory. */
bool kl_header_pack(struct kl_buf *packed, const char *name, const void *value, size_t value_len);

/* The header at *at, which moves behind it; false: no more. */
bool kl_header_next(const char **at, const char *end, struct kl_header *out);

#endif
