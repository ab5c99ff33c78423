/* places.h - partitions, and the ends of their logs as they are now. Blocking: for a worker.
 *
 * librdkafka waits its whole time for the leader of a partition that has none, or that is no more: so such are not asked,
 * and their ends are unknown. */
#ifndef PLACES_H
#define PLACES_H

#include <librdkafka/rdkafka.h>

#include "err.h"

struct places {
    rd_kafka_topic_partition_list_t *list; /* by topic and partition; whoever made it says what offset and opaque are */
    int64_t *lows, *highs;                 /* of list->elems[i]; VIEW_UNKNOWN */
};

/* All topics of the cluster; the caller's, rd_kafka_metadata_destroy(). */
KL_MUST_CHECK enum kl_code places_metadata(rd_kafka_t *kafka, int timeout_ms, const rd_kafka_metadata_t **md, struct kl_error *err);
/* NULL: there is no such topic. */
const rd_kafka_metadata_topic_t *places_topic(const rd_kafka_metadata_t *md, const char *name);

/* Sorts list, takes it on success, and fills in the ends. */
KL_MUST_CHECK enum kl_code places_ask(struct places *out, rd_kafka_topic_partition_list_t *list, rd_kafka_t *kafka,
                                      const rd_kafka_metadata_t *md, int timeout_ms, struct kl_error *err);
/* at[i]: the first offset of list->elems[i] whose message is at or after time_ms; -1: none is, or it could not be asked. */
KL_MUST_CHECK enum kl_code places_at_time(const struct places *p, rd_kafka_t *kafka, int64_t time_ms, int timeout_ms, int64_t *at,
                                          struct kl_error *err);
void places_fini(struct places *p);

#endif
