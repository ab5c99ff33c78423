#include "op.h"

#include <stdio.h>

#include "kafka_conf.h"

#define GRACE_MS 1000 /* librdkafka ends an operation by its own timer; later than that we do not believe it */

/* Of these, a broker is also told how long it may take. */
static bool broker_waits(rd_kafka_admin_op_t which)
{
    return which == RD_KAFKA_ADMIN_OP_CREATETOPICS || which == RD_KAFKA_ADMIN_OP_DELETETOPICS ||
           which == RD_KAFKA_ADMIN_OP_CREATEPARTITIONS || which == RD_KAFKA_ADMIN_OP_DELETERECORDS;
}

void op_begin(struct op *op, rd_kafka_t *kafka, rd_kafka_admin_op_t which, int timeout_ms)
{
    char why[128];

    *op = (struct op){ .options = rd_kafka_AdminOptions_new(kafka, which), .queue = rd_kafka_queue_new(kafka), .wait_ms = timeout_ms + GRACE_MS };
    rd_kafka_AdminOptions_set_request_timeout(op->options, timeout_ms, why, sizeof why);
    if (broker_waits(which))
        rd_kafka_AdminOptions_set_operation_timeout(op->options, timeout_ms, why, sizeof why);
}

void op_dry_run(struct op *op)
{
    char why[128];
    rd_kafka_resp_err_t error = rd_kafka_AdminOptions_set_validate_only(op->options, 1, why, sizeof why);

    kl_assert(!error);
}

enum kl_code op_wait(struct op *op, const char *what, rd_kafka_event_t **event, struct kl_error *err)
{
    rd_kafka_resp_err_t error;

    kl_assert(!op->event);
    op->event = rd_kafka_queue_poll(op->queue, op->wait_ms);
    if (!op->event)
        return op_fail(err, RD_KAFKA_RESP_ERR__TIMED_OUT, NULL, what);
    error = rd_kafka_event_error(op->event);
    if (error)
        return op_fail(err, error, rd_kafka_event_error_string(op->event), what);
    *event = op->event;
    return KL_OK;
}

void op_end(struct op *op)
{
    if (op->event)
        rd_kafka_event_destroy(op->event);
    rd_kafka_queue_destroy(op->queue);
    rd_kafka_AdminOptions_destroy(op->options);
}

enum kl_code op_fail(struct kl_error *err, rd_kafka_resp_err_t error, const char *text, const char *what)
{
    enum kl_code code = kl_kafka_fail(err, error, what);

    if (text && *text)
        snprintf(err->text, sizeof err->text, "%s: %s (%s)", what, text, rd_kafka_err2name(error));
    return code;
}
