/* group_change.c - changing a group's offsets, and deleting it.
 *
 * Offsets are committed by a consumer that is made for it, has the group's id and never joins: the broker takes such a
 * commit while the group has no members, and refuses it otherwise, so there is no race with a member that comes. The admin
 * call for it, AlterConsumerGroupOffsets, is not used: it is one more of those that may end the process while the broker goes away
 * (group.h says how), and it tells nothing that the commit does not. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "group.h"
#include "kafka_conf.h"

static const struct {
    rd_kafka_resp_err_t error;
    enum kl_code        code;
    const char         *why;
} meanings[] = {
    { RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP, KL_CONFLICT, "the group has members; stop them first" },
    { RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, KL_CONFLICT, "the group has members; stop them first" },
    { RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, KL_CONFLICT, "the group has members; stop them first" },
    { RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, KL_CONFLICT, "the group has members; stop them first" },
    { RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC, KL_CONFLICT, "a member reads the topic; stop it first" },
    { RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, KL_NOT_FOUND, "there is no such group" },
};

static enum kl_code change_fail(struct kl_error *err, rd_kafka_resp_err_t error, const char *text, const char *what)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].error == error)
            return kl_fail_field(err, meanings[i].code, "group", "%s: %s", what, meanings[i].why);
    return op_fail(err, error, text, what);
}

static enum kl_code list_check(const rd_kafka_topic_partition_list_t *list, const char *what, struct kl_error *err)
{
    for (int i = 0; list && i < list->cnt; i++)
        if (list->elems[i].err)
            return change_fail(err, list->elems[i].err, NULL, what);
    return KL_OK;
}

/* ---- committing ---- */

/* A commit that finds no coordinator is kept for the session's timeout, and rd_kafka_destroy() waits for it: so that is the
 * call's time. */
static enum kl_code committer_open(const rd_kafka_conf_t *conf, const char *name, int timeout_ms, rd_kafka_t **out, struct kl_error *err)
{
    rd_kafka_conf_t *own = rd_kafka_conf_dup(conf);
    char why[200], session_ms[16];

    snprintf(session_ms, sizeof session_ms, "%d", timeout_ms);
    if (rd_kafka_conf_set(own, "group.id", name, why, sizeof why) == RD_KAFKA_CONF_OK &&
        rd_kafka_conf_set(own, "session.timeout.ms", session_ms, why, sizeof why) == RD_KAFKA_CONF_OK) {
        *out = rd_kafka_new(RD_KAFKA_CONSUMER, own, why, sizeof why);
        if (*out)
            return KL_OK;
    }
    rd_kafka_conf_destroy(own); /* not taken */
    return kl_fail(err, KL_BROKEN, "%s", why);
}

/* The event of the commit; others (a broker that does not answer) are librdkafka's to cope with. */
static rd_kafka_event_t *commit_event(rd_kafka_queue_t *queue, int timeout_ms)
{
    int64_t due_us = kl_mono_us() + (int64_t)timeout_ms * 1000;
    rd_kafka_event_t *event;

    for (;;) {
        int64_t left_ms = (due_us - kl_mono_us()) / 1000;

        event = left_ms > 0 ? rd_kafka_queue_poll(queue, (int)left_ms) : NULL;
        if (!event || rd_kafka_event_type(event) == RD_KAFKA_EVENT_OFFSET_COMMIT)
            return event;
        rd_kafka_event_destroy(event);
    }
}

static enum kl_code commit(rd_kafka_t *committer, rd_kafka_queue_t *queue, const rd_kafka_topic_partition_list_t *offsets, int timeout_ms,
                           struct kl_error *err)
{
    static const char what[] = "writing the group's offsets";
    rd_kafka_resp_err_t error = rd_kafka_commit_queue(committer, offsets, queue, NULL, NULL);
    rd_kafka_event_t *event = error ? NULL : commit_event(queue, timeout_ms);
    enum kl_code code;

    if (!error)
        error = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    code = error ? change_fail(err, error, NULL, what) : list_check(rd_kafka_event_topic_partition_list(event), what, err);
    if (event)
        rd_kafka_event_destroy(event);
    return code;
}

enum kl_code group_commit(const rd_kafka_conf_t *conf, const char *name, const rd_kafka_topic_partition_list_t *offsets, int timeout_ms,
                          struct kl_error *err)
{
    rd_kafka_queue_t *queue;
    rd_kafka_t *committer;
    enum kl_code code;

    if (committer_open(conf, name, timeout_ms, &committer, err))
        return err->code;
    queue = rd_kafka_queue_new(committer);
    code = commit(committer, queue, offsets, timeout_ms, err);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(committer);
    return code;
}

/* ---- deleting ---- */

static enum kl_code result_check(const rd_kafka_group_result_t *result, const char *what, struct kl_error *err)
{
    const rd_kafka_error_t *error = rd_kafka_group_result_error(result);

    if (error)
        return change_fail(err, rd_kafka_error_code(error), rd_kafka_error_string(error), what);
    return list_check(rd_kafka_group_result_partitions(result), what, err);
}

enum kl_code group_forget(rd_kafka_t *kafka, const char *name, const rd_kafka_topic_partition_list_t *partitions,
                          int timeout_ms, struct kl_error *err)
{
    static const char what[] = "deleting the group's offsets";
    rd_kafka_DeleteConsumerGroupOffsets_t *ask = rd_kafka_DeleteConsumerGroupOffsets_new(name, partitions);
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    group_op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DELETECONSUMERGROUPOFFSETS, timeout_ms);
    rd_kafka_DeleteConsumerGroupOffsets(kafka, &ask, 1, op.options, op.queue);
    code = op_wait(&op, what, &event, err);
    if (!code)
        code = result_check(rd_kafka_DeleteConsumerGroupOffsets_result_groups(rd_kafka_event_DeleteConsumerGroupOffsets_result(event), &n)[0],
                            what, err);
    op_end(&op);
    rd_kafka_DeleteConsumerGroupOffsets_destroy(ask);
    return code;
}

enum kl_code group_remove(rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err)
{
    static const char what[] = "deleting the group";
    rd_kafka_DeleteGroup_t *ask = rd_kafka_DeleteGroup_new(name);
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    group_op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DELETEGROUPS, timeout_ms);
    rd_kafka_DeleteGroups(kafka, &ask, 1, op.options, op.queue);
    code = op_wait(&op, what, &event, err);
    if (!code)
        code = result_check(rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &n)[0], what, err);
    op_end(&op);
    rd_kafka_DeleteGroup_destroy(ask);
    return code;
}
