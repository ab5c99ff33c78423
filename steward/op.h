/* op.h - one admin operation of librdkafka, waited for; for threads that may block.
 *
 *     struct op op;
 *     rd_kafka_event_t *event;
 *
 *     op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout_ms);
 *     rd_kafka_DeleteTopics(kafka, &topic, 1, op.options, op.queue);
 *     code = op_wait(&op, "deleting the topic", &event, err);
 *     if (!code)
 *         ... rd_kafka_event_DeleteTopics_result(event) ...   // each topic's own error
 *     op_end(&op);                                            // event is gone
 */
#ifndef OP_H
#define OP_H

#include <librdkafka/rdkafka.h>

#include "err.h"

struct op {
    rd_kafka_AdminOptions_t *options;
    rd_kafka_queue_t        *queue;
    rd_kafka_event_t        *event;
    int                      wait_ms; /* op_wait()'s patience */
};

void op_begin(struct op *op, rd_kafka_t *kafka, rd_kafka_admin_op_t which, int timeout_ms);
/* Before the operation: the broker validates only. For CreateTopics, CreatePartitions and AlterConfigs. */
void op_dry_run(struct op *op);
/* *event is the operation's, until op_end. The error is that of the whole operation; what says which operation it was. */
KL_MUST_CHECK enum kl_code op_wait(struct op *op, const char *what, rd_kafka_event_t **event, struct kl_error *err);
void op_end(struct op *op);

/* An error of one part (a topic's, a group's), with the broker's own words when it has any (text may be NULL). */
enum kl_code op_fail(struct kl_error *err, rd_kafka_resp_err_t error, const char *text, const char *what);

#endif
