/* envelope.h - a Kafka message as JSON, nothing of it lost: the form that live streams and browsing share
 * (docs/http-api.md, format=envelope).
 *
 *     {"id":"orders/3/42","topic":"orders","partition":3,"offset":42,"timestamp_ms":1763776044000,
 *      "key":"k","value":"v","headers":[{"name":"a","value":"1"}]}
 *
 * A member's name ends in _base64 when its bytes are not UTF-8. The producer's header is the id, not a header. Pure. */
#ifndef KL_ENVELOPE_H
#define KL_ENVELOPE_H

#include "message.h"

/* Appends the object whole, or nothing; false: it did not fit. */
bool kl_envelope(struct kl_buf *out, const char *topic, const struct kl_message *m);

/* The same with at most value_max bytes of the value, and the members timestamp_type ("create_time", "log_append_time"),
 * value_bytes (all that it has) and cut. Text is cut between two characters. */
bool kl_envelope_cut(struct kl_buf *out, const char *topic, const struct kl_message *m, size_t value_max);

#endif
