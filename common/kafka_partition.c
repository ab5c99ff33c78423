#include "kafka_partition.h"

static void drain(rd_kafka_queue_t *queue)
{
    rd_kafka_message_t *messages[64];
    ssize_t n;

    while ((n = rd_kafka_consume_batch_queue(queue, 0, messages, 64)) > 0)
        while (n > 0)
            rd_kafka_message_destroy(messages[--n]);
}

/* The client's main queue is the one that rd_kafka_destroy() empties and closes whatever happened, so what is late goes
 * there. Drained each time: a client that reads on for days keeps none of it. */
void kl_kafka_partition_release(rd_kafka_t *rk, rd_kafka_queue_t *own)
{
    rd_kafka_queue_t *main_queue;

    if (!own)
        return;
    main_queue = rd_kafka_queue_get_main(rk);
    rd_kafka_queue_forward(own, main_queue);
    drain(main_queue);
    rd_kafka_queue_destroy(main_queue);
    rd_kafka_queue_destroy(own);
}

/* Once a queue was forwarded by us, as a release does, librdkafka leaves that to us for ever. */
rd_kafka_resp_err_t kl_kafka_partition_start(rd_kafka_t *rk, rd_kafka_topic_t *topic, int32_t partition, int64_t offset,
                                             rd_kafka_queue_t *into)
{
    rd_kafka_queue_t *own = rd_kafka_queue_get_partition(rk, rd_kafka_topic_name(topic), partition);

    if (own) {
        rd_kafka_queue_forward(own, into);
        rd_kafka_queue_destroy(own);
    }
    return rd_kafka_consume_start_queue(topic, partition, offset, into) ? rd_kafka_last_error() : RD_KAFKA_RESP_ERR_NO_ERROR;
}

void kl_kafka_partition_stop(rd_kafka_t *rk, rd_kafka_topic_t *topic, int32_t partition)
{
    rd_kafka_queue_t *own = rd_kafka_queue_get_partition(rk, rd_kafka_topic_name(topic), partition);

    rd_kafka_consume_stop(topic, partition);
    kl_kafka_partition_release(rk, own);
}
