/* cluster.c - librdkafka's admin calls, one at a time, waited for. */
#include "cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_conf.h"

enum kl_code cluster_list(rd_kafka_t *kafka, const struct rd_kafka_metadata **out, int timeout_ms, struct kl_error *err)
{
    rd_kafka_resp_err_t error = rd_kafka_metadata(kafka, 1, NULL, out, timeout_ms);

    return error ? kl_kafka_fail(err, error, "listing the topics") : KL_OK;
}

static rd_kafka_AdminOptions_t *options_new(rd_kafka_t *kafka, rd_kafka_admin_op_t op, int timeout_ms)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(kafka, op);
    char why[128];

    rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, why, sizeof why);
    if (op == RD_KAFKA_ADMIN_OP_CREATETOPICS)
        rd_kafka_AdminOptions_set_operation_timeout(options, timeout_ms, why, sizeof why);
    return options;
}

/* The answer to the one call under way on this queue: each call has a queue of its own. */
static rd_kafka_event_t *answer(rd_kafka_queue_t *queue)
{
    return rd_kafka_queue_poll(queue, -1); /* it comes: the options hold a timeout */
}

static enum kl_code created(rd_kafka_event_t *event, struct kl_error *err)
{
    const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
    const rd_kafka_topic_result_t **topics;
    rd_kafka_resp_err_t error = rd_kafka_event_error(event);
    const char *why = rd_kafka_event_error_string(event);
    size_t n;

    if (!error && result) {
        topics = rd_kafka_CreateTopics_result_topics(result, &n);
        kl_assert(n == 1);
        error = rd_kafka_topic_result_error(topics[0]);
        why = rd_kafka_topic_result_error_string(topics[0]);
    }
    if (!error || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        return KL_OK;
    kl_kafka_fail(err, error, "creating the topic");
    if (why && *why)
        snprintf(err->text, sizeof err->text, "creating the topic: %s (%s)", why, rd_kafka_err2name(error));
    return err->code;
}

enum kl_code cluster_create(rd_kafka_t *kafka, const char *name, const struct topics_plan *plan, int timeout_ms, struct kl_error *err)
{
    rd_kafka_AdminOptions_t *options;
    rd_kafka_queue_t *queue;
    rd_kafka_event_t *event;
    char why[256], retention[24];
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, plan->partitions, plan->replication, why, sizeof why);
    enum kl_code code;

    if (!topic)
        return kl_fail_field(err, KL_INVALID, "topic", "creating the topic: %s", why);
    if (plan->retention_ms > 0) {
        snprintf(retention, sizeof retention, "%lld", (long long)plan->retention_ms);
        rd_kafka_NewTopic_set_config(topic, "retention.ms", retention);
        rd_kafka_NewTopic_set_config(topic, "cleanup.policy", "delete");
    }
    options = options_new(kafka, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout_ms);
    queue = rd_kafka_queue_new(kafka);
    rd_kafka_CreateTopics(kafka, &topic, 1, options, queue);
    event = answer(queue);
    code = created(event, err);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewTopic_destroy(topic);
    return code;
}

static int64_t read_max_bytes(rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    const rd_kafka_ConfigResource_t **resources;
    const rd_kafka_ConfigEntry_t **entries;
    size_t n;

    if (rd_kafka_event_error(event) || !result)
        return 0;
    resources = rd_kafka_DescribeConfigs_result_resources(result, &n);
    if (n != 1 || rd_kafka_ConfigResource_error(resources[0]))
        return 0;
    entries = rd_kafka_ConfigResource_configs(resources[0], &n);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(rd_kafka_ConfigEntry_name(entries[i]), "max.message.bytes") && rd_kafka_ConfigEntry_value(entries[i]))
            return strtoll(rd_kafka_ConfigEntry_value(entries[i]), NULL, 10);
    return 0;
}

int64_t cluster_max_bytes(rd_kafka_t *kafka, const char *name, int timeout_ms)
{
    rd_kafka_AdminOptions_t *options = options_new(kafka, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout_ms);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(kafka);
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    rd_kafka_event_t *event;
    int64_t bytes;

    rd_kafka_DescribeConfigs(kafka, &resource, 1, options, queue);
    event = answer(queue);
    bytes = read_max_bytes(event);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_AdminOptions_destroy(options);
    return bytes < 0 ? 0 : bytes;
}
