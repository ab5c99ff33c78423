#include "topic_admin.h"

#include "op.h"

/* The result of an operation on one topic: the topic's own error. */
static enum kl_code result_check(const rd_kafka_topic_result_t **results, size_t n, const char *what, struct kl_error *err)
{
    rd_kafka_resp_err_t error;

    kl_assert(n == 1);
    error = rd_kafka_topic_result_error(results[0]);
    return error ? op_fail(err, error, rd_kafka_topic_result_error_string(results[0]), what) : KL_OK;
}

/* ---- create ---- */

static enum kl_code settings_set(rd_kafka_NewTopic_t *topic, const json_t *settings, struct kl_error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)settings, name, value) /* it changes nothing */
        if (rd_kafka_NewTopic_set_config(topic, name, json_string_value(value)))
            return kl_fail_field(err, KL_INVALID, name, "\"%s\" is no setting's name", name);
    return KL_OK;
}

static enum kl_code topic_new(const struct topic_plan *plan, rd_kafka_NewTopic_t **out, struct kl_error *err)
{
    char why[200];
    enum kl_code code;

    *out = rd_kafka_NewTopic_new(plan->name, plan->partitions, plan->replication, why, sizeof why);
    if (!*out)
        return kl_fail(err, KL_INVALID, "creating the topic: %s", why);
    code = settings_set(*out, plan->settings, err);
    if (code)
        rd_kafka_NewTopic_destroy(*out);
    return code;
}

enum kl_code topic_create(rd_kafka_t *kafka, const struct topic_plan *plan, bool dry_run, int timeout_ms, struct kl_error *err)
{
    static const char what[] = "creating the topic";
    rd_kafka_NewTopic_t *topic;
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    if (topic_new(plan, &topic, err))
        return err->code;
    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout_ms);
    if (dry_run)
        op_dry_run(&op);
    rd_kafka_CreateTopics(kafka, &topic, 1, op.options, op.queue);
    code = op_wait(&op, what, &event, err);
    if (!code) {
        const rd_kafka_topic_result_t **results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &n);

        code = result_check(results, n, what, err);
    }
    op_end(&op);
    rd_kafka_NewTopic_destroy(topic);
    return code;
}

/* ---- grow ---- */

enum kl_code topic_grow(rd_kafka_t *kafka, const char *name, int32_t total, bool dry_run, int timeout_ms, struct kl_error *err)
{
    static const char what[] = "adding partitions";
    char why[200];
    rd_kafka_NewPartitions_t *partitions = rd_kafka_NewPartitions_new(name, (size_t)total, why, sizeof why);
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    if (!partitions)
        return kl_fail(err, KL_INVALID, "%s: %s", what, why);
    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, timeout_ms);
    if (dry_run)
        op_dry_run(&op);
    rd_kafka_CreatePartitions(kafka, &partitions, 1, op.options, op.queue);
    code = op_wait(&op, what, &event, err);
    if (!code) {
        const rd_kafka_topic_result_t **results =
            rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &n);

        code = result_check(results, n, what, err);
    }
    op_end(&op);
    rd_kafka_NewPartitions_destroy(partitions);
    return code;
}

/* ---- empty ---- */

static enum kl_code emptied(const rd_kafka_topic_partition_list_t *from, rd_kafka_topic_partition_list_t *to, struct kl_error *err)
{
    for (int i = 0; i < from->cnt; i++) {
        const rd_kafka_topic_partition_t *row = &from->elems[i];
        rd_kafka_topic_partition_t *at = rd_kafka_topic_partition_list_find(to, row->topic, row->partition);

        if (row->err)
            return op_fail(err, row->err, NULL, "removing records");
        kl_assert(at);
        at->offset = row->offset;
    }
    return KL_OK;
}

enum kl_code topic_empty(rd_kafka_t *kafka, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct kl_error *err)
{
    rd_kafka_DeleteRecords_t *records = rd_kafka_DeleteRecords_new(list);
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;

    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DELETERECORDS, timeout_ms);
    rd_kafka_DeleteRecords(kafka, &records, 1, op.options, op.queue);
    code = op_wait(&op, "removing records", &event, err);
    if (!code)
        code = emptied(rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event)), list, err);
    op_end(&op);
    rd_kafka_DeleteRecords_destroy(records);
    return code;
}

/* ---- delete ---- */

enum kl_code topic_remove(rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err)
{
    static const char what[] = "deleting the topic";
    rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(name);
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout_ms);
    rd_kafka_DeleteTopics(kafka, &topic, 1, op.options, op.queue);
    code = op_wait(&op, what, &event, err);
    if (!code) {
        const rd_kafka_topic_result_t **results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &n);

        code = result_check(results, n, what, err);
    }
    op_end(&op);
    rd_kafka_DeleteTopic_destroy(topic);
    return code;
}
