/* topic_detail.h - one topic, asked fresh. Blocking: for a worker. */
#ifndef TOPIC_DETAIL_H
#define TOPIC_DETAIL_H

#include <librdkafka/rdkafka.h>

#include "buf.h"
#include "view.h"

/* The topic is md->topics[0]; the caller's, rd_kafka_metadata_destroy(). KL_NOT_FOUND: there is none. */
KL_MUST_CHECK enum kl_code topic_metadata(rd_kafka_t *kafka, const char *name, int timeout_ms, const rd_kafka_metadata_t **md,
                                          struct kl_error *err);

/* Waits until the topic has so many partitions (-1: some), each with a leader: after it was made or grown, it is known to the
 * brokers one after the other. */
KL_MUST_CHECK enum kl_code topic_settled(rd_kafka_t *kafka, const char *name, int32_t partitions, int timeout_ms, struct kl_error *err);

/* Appends what GET /topics/{topic} answers. view: whose groups are told; NULL: none are known. */
KL_MUST_CHECK enum kl_code topic_write(rd_kafka_t *kafka, const char *name, const struct view *view, int timeout_ms, struct kl_buf *out,
                                       struct kl_error *err);

#endif
