/* browse_read.h - reads pages and single messages from Kafka. Blocking: for a worker.
 *
 * A reader is a consumer that nobody sees: it is told what to read, joins no group and commits nothing. Readers are made when
 * they are needed and kept; there are never more than calls at once. */
#ifndef BROWSE_READ_H
#define BROWSE_READ_H

#include <librdkafka/rdkafka.h>

#include "browse.h"
#include "buf.h"

#define BROWSE_VALUE_CUT_BYTES (64 * 1024)        /* of a value on a page */
#define BROWSE_PAGE_BYTES      (16 * 1024 * 1024) /* of a page, as JSON */
#define BROWSE_VALUE_MAX_BYTES (8 * 1024 * 1024)  /* of one that is asked for alone */

struct browse_readers;

/* client is copied for each reader, and borrowed. */
KL_MUST_CHECK enum kl_code browse_readers_new(struct browse_readers **out, const rd_kafka_conf_t *client, size_t max, struct kl_error *err);
void browse_readers_free(struct browse_readers *r); /* NULL is fine */

/* Reads until b has its page or the time is over; false in *whole: it was. Parts have begun; the page is merged after it. */
KL_MUST_CHECK enum kl_code browse_read(struct browse_readers *r, const char *topic, struct browse *b, int timeout_ms, bool *whole,
                                       struct kl_error *err);

/* Appends the message whole, as JSON. KL_NOT_FOUND: there is none at the offset; KL_TOO_LARGE. */
KL_MUST_CHECK enum kl_code browse_read_one(struct browse_readers *r, const char *topic, int32_t partition, int64_t offset, int timeout_ms,
                                           struct kl_buf *out, struct kl_error *err);

#endif
