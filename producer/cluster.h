/* cluster.h - what topics.c asks the cluster, each a blocking call for a thread of its own. */
#ifndef PRODUCER_CLUSTER_H
#define PRODUCER_CLUSTER_H

#include <librdkafka/rdkafka.h>

#include "err.h"
#include "topics.h"

/* The list of all topics. Asking for all never creates one, as asking for a name may. *out: rd_kafka_metadata_destroy. */
KL_MUST_CHECK enum kl_code cluster_list(rd_kafka_t *kafka, const struct rd_kafka_metadata **out, int timeout_ms, struct kl_error *err);

/* Makes a topic. A topic that is there already is KL_OK. */
KL_MUST_CHECK enum kl_code cluster_create(rd_kafka_t *kafka, const char *name, const struct topics_plan *plan, int timeout_ms,
                                          struct kl_error *err);

/* The topic's max.message.bytes as it is in force; 0: the cluster does not say (it may need a permission). */
int64_t cluster_max_bytes(rd_kafka_t *kafka, const char *name, int timeout_ms);

#endif
