/* kafka_partition.h - reads a partition with librdkafka's simple consumer, and lets go of it so that its client can always end.
 *
 * What comes for a partition after it was stopped (the answer to a fetch that was under way, the marker of an
 * unassignment) stays in the partition's own queue, holding the partition, which holds the queue. librdkafka frees such a
 * pair while the topic is known; if it was deleted, rd_kafka_destroy() waits for ever (2.0.2; in part its #4187). */
#ifndef KL_KAFKA_PARTITION_H
#define KL_KAFKA_PARTITION_H

#include <librdkafka/rdkafka.h>

/* rd_kafka_consume_start_queue() and rd_kafka_consume_stop(), for a client that uses only these two. A stop has come to its end
 * when it returns; what still comes for the partition then is thrown away. topic outlives the reading. One thread at a
 * time a client. An error is librdkafka's of the start. */
rd_kafka_resp_err_t kl_kafka_partition_start(rd_kafka_t *rk, rd_kafka_topic_t *topic, int32_t partition, int64_t offset,
                                             rd_kafka_queue_t *into);
void kl_kafka_partition_stop(rd_kafka_t *rk, rd_kafka_topic_t *topic, int32_t partition);

/* For a client with rd_kafka_assign(), before its end and after the unassignment of all has been worked through. own: of
 * rd_kafka_queue_get_partition(), asked for while the partition was assigned, since nobody tells it once the topic is gone;
 * taken. NULL is fine. */
void kl_kafka_partition_release(rd_kafka_t *rk, rd_kafka_queue_t *own);

#endif
