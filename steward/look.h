/* look.h - what one look asks the cluster, and what two looks tell together. */
#ifndef LOOK_H
#define LOOK_H

#include <librdkafka/rdkafka.h>

#include "view.h"

/* Topics, brokers and the ends of all logs; *out is the caller's. The first question may take first_ms, each other one
 * timeout_ms; stop: ask no more. */
KL_MUST_CHECK enum kl_code look_at_topics(rd_kafka_t *kafka, int first_ms, int timeout_ms, const _Atomic bool *stop, struct view **out,
                                          struct kl_error *err);

/* Fills v's rates (since oldest) and last writes (before is the view before v; it may be oldest). */
void look_compare(struct view *v, const struct view *before, const struct view *oldest);

/* The low and high of each of a list's partitions, in one request a broker and end: lows[i] and highs[i] for what
 * list->elems[i] names. A partition that cannot be asked is VIEW_UNKNOWN. Fails when the cluster does not answer. */
KL_MUST_CHECK enum kl_code look_at_ends(rd_kafka_t *kafka, const rd_kafka_topic_partition_list_t *list, int timeout_ms,
                                        int64_t *lows, int64_t *highs, struct kl_error *err);

#endif
