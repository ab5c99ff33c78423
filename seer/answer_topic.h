/* answer_topic.h - the topic that answers are written to: made when it is not there, for most brokers make none. */
#ifndef ANSWER_TOPIC_H
#define ANSWER_TOPIC_H

#include <librdkafka/rdkafka.h>

#include "err.h"

/* How many partitions it has. Waits for the cluster, some seconds at most; for threads that may. KL_BUSY, KL_TIMEOUT, and
 * what the brokers refuse. */
KL_MUST_CHECK enum kl_code answer_topic_partitions(rd_kafka_t *kafka, rd_kafka_topic_t *topic, int32_t *out, struct kl_error *err);

#endif
