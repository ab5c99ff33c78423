#include "answer_topic.h"

#include "kafka_conf.h"

#define CLUSTER_MS 3000 /* for each of its answers */

static enum kl_code look(rd_kafka_t *kafka, rd_kafka_topic_t *topic, int32_t *out, struct kl_error *err)
{
    const rd_kafka_metadata_t *md;
    rd_kafka_resp_err_t error = rd_kafka_metadata(kafka, 0, topic, &md, CLUSTER_MS);

    if (error)
        return kl_kafka_fail(err, error, "looking at the answers' topic");
    error = md->topic_cnt == 1 ? md->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    *out = error ? 0 : md->topics[0].partition_cnt;
    rd_kafka_metadata_destroy(md);
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return kl_fail(err, KL_NOT_FOUND, "there is no topic %s", rd_kafka_topic_name(topic));
    if (error || *out == 0)
        return kl_kafka_fail(err, error ? error : RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, "looking at the answers' topic");
    return KL_OK;
}

static enum kl_code result_of(rd_kafka_event_t *event, struct kl_error *err)
{
    const rd_kafka_topic_result_t **results = NULL;
    rd_kafka_resp_err_t error;
    size_t n = 0;

    if (!event)
        return kl_fail(err, KL_TIMEOUT, "the cluster did not make the answers' topic in time");
    error = rd_kafka_event_error(event);
    if (!error)
        results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &n);
    if (!error && n == 1)
        error = rd_kafka_topic_result_error(results[0]);
    if (error && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        return kl_kafka_fail(err, error, "making the answers' topic");
    return KL_OK;
}

/* With the brokers' own number of partitions and replicas. */
static enum kl_code make(rd_kafka_t *kafka, const char *name, struct kl_error *err)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(kafka, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(kafka);
    char why[256] = "";
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, -1, -1, why, sizeof why);
    rd_kafka_event_t *event = NULL;
    enum kl_code code;

    rd_kafka_AdminOptions_set_request_timeout(options, CLUSTER_MS, why, sizeof why);
    rd_kafka_AdminOptions_set_operation_timeout(options, CLUSTER_MS, why, sizeof why);
    if (topic) {
        rd_kafka_CreateTopics(kafka, &topic, 1, options, queue);
        event = rd_kafka_queue_poll(queue, 2 * CLUSTER_MS);
        code = result_of(event, err);
    } else {
        code = kl_fail(err, KL_INVALID, "the answers' topic: %s", why);
    }
    if (event)
        rd_kafka_event_destroy(event);
    if (topic)
        rd_kafka_NewTopic_destroy(topic);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    return code;
}

enum kl_code answer_topic_partitions(rd_kafka_t *kafka, rd_kafka_topic_t *topic, int32_t *out, struct kl_error *err)
{
    enum kl_code code = look(kafka, topic, out, err);

    if (code != KL_NOT_FOUND)
        return code;
    if (make(kafka, rd_kafka_topic_name(topic), err))
        return err->code;
    return look(kafka, topic, out, err); /* not yet known everywhere: the next try finds it */
}
