#include "seer.h"

#include <string.h>

#include "kafka_feed.h"
#include "topic.h"

struct seer_conf seer_conf;

#define AT(field) offsetof(struct seer_conf, field)

/* Where the bounds come from: a search is milliseconds of one core, so more threads than cores only share them. 64 MiB
 * hold the longest books a hundred times over; eight of them at once are what a laptop's memory bears. A batch of 500
 * messages is embedded and stored in some 50 ms: who waits for a message waits no longer than that. */
const struct kl_setting seer_settings[] = {
    KL_SERVICE_SETTINGS(struct seer_conf, "8030"),
    KL_KAFKA_SETTINGS(struct seer_conf, "kafkloud-seer"),
    { "INDEX", KL_STR, AT(index_file), "var/seer/index.db", 1, 4000, "file of the index; its directory is made when it is missing", NULL },
    { "TOPICS", KL_STR, AT(topics), NULL, 0, 65536, "topics to learn from, at the first start of an index (POST /topics changes them later): names and ^patterns, comma separated; unset: all that are not internal", "KAFKA_TOPICS" },
    { "EXISTING_TOPICS", KL_STR, AT(existing_topics), "end", 0, 16, "at the first contact with a cluster, read the topics that exist from their end or beginning", NULL },
    { "MESSAGES_MAX", KL_INT, AT(messages_max), "200000", 1000, 100000000, "passages of messages kept; the oldest are removed beyond it", NULL },
    { "RETENTION", KL_MS, AT(retention_ms), "30d", 0, INT64_C(315360000000), "messages are removed when they are older; 0: none is. Documents and statements stay", NULL },
    { "LOAD_DIR", KL_STR, AT(load_dir), NULL, 0, 4000, "directory whose files POST /load may load; unset: none", NULL },
    { "DOCUMENT_MAX_BYTES", KL_BYTES, AT(document_max_bytes), "64M", 1024, INT64_C(1) << 30, "the largest document, as it comes and as text", NULL },
    { "UPLOADS_MAX", KL_INT, AT(uploads_max), "8", 1, 1000, "calls that bring documents at once, each with one in memory; one more is refused with 503", NULL },
    { "MODEL_DIR", KL_STR, AT(model_dir), "build/model-potion-base-8M", 1, 4000, "directory of the embeddings' table (seer/model fetch makes it); without it searches go by words alone", NULL },
    { "EMBEDDINGS_URL", KL_STR, AT(embeddings_url), NULL, 0, 4000, "use this OpenAI-compatible /v1/embeddings endpoint instead of the table", NULL },
    { "EMBEDDINGS_MODEL", KL_STR, AT(embeddings_model), NULL, 0, 200, "its model", NULL },
    { "EMBEDDINGS_KEY_FILE", KL_STR, AT(embeddings_key_file), NULL, 0, 4000, "file with its key", NULL },
    { "EMBEDDINGS_TIMEOUT", KL_MS, AT(embeddings_timeout_ms), "5s", 10, 600000, "how long it may take; then words alone", NULL },
    { "SEARCHERS", KL_INT, AT(searchers), "2", 1, 256, "searches at once", NULL },
    { "SEARCHES_MAX", KL_INT, AT(searches_max), "200", 1, 100000, "searches that wait for one of those; one more is refused with 503", NULL },
    { "SEER_LLM_URL", KL_STR, AT(llm_url), NULL, 0, 4000, "have this OpenAI-compatible endpoint (/v1 or /v1/chat/completions) word answers from the passages found; unset: the source's own sentence answers", NULL },
    { "SEER_LLM_MODEL", KL_STR, AT(llm_model), NULL, 0, 200, "its model", NULL },
    { "SEER_LLM_KEY_FILE", KL_STR, AT(llm_key_file), NULL, 0, 4000, "file with its key", NULL },
    { "SEER_LLM_TIMEOUT", KL_MS, AT(llm_timeout_ms), "30s", 10, 600000, "how long it may take; then the source's own sentence answers", NULL },
    { "SEER_LLM_CALLS", KL_INT, AT(llm_calls), "2", 1, 64, "answers worded at once", NULL },
    { "SEER_LLM_WAITING", KL_INT, AT(llm_waiting_max), "16", 1, 10000, "questions that wait for one of those; one more is answered by the source's own sentence", NULL },
    { "STATEMENT_TOPIC", KL_STR, AT(statement_topic), "seer-statement", 0, 249, "topic whose messages are taken as POST /accept takes statements", NULL },
    { "QUESTION_TOPIC", KL_STR, AT(question_topic), "seer-question", 0, 249, "topic of questions", NULL },
    { "ANSWER_TOPIC", KL_STR, AT(answer_topic), "seer-answer", 0, 249, "topic that their answers are written to", NULL },
    { "KAFKA_GROUP_ID", KL_STR, AT(group_id), "kafkloud-seer", 1, 249, "offsets are also committed to Kafka under this group, for its tools to show; reading does not depend on them", NULL },
    { "METADATA_INTERVAL", KL_MS, AT(metadata_ms), "500ms", 100, 3600000, "how often the cluster is asked for topics and for the ends of their logs", NULL },
    { "BATCH_MAX", KL_INT, AT(batch_max), "500", 1, 100000, "messages learnt in one transaction, at most", NULL },
    KL_SETTING_END,
};

static enum kl_code topic_check(const char *setting, const char *topic, struct kl_error *err)
{
    struct kl_error why;

    if (!kl_topic_check(topic, strlen(topic), &why))
        return KL_OK;
    return kl_fail_field(err, KL_INVALID, setting, "%s: %s", setting, why.text);
}

static enum kl_code topics_check(const struct seer_conf *conf, struct kl_error *err)
{
    struct kl_error why;
    bool takes;

    if (kl_feed_takes(conf->topics, "any", &takes, &why))
        return kl_fail_field(err, KL_INVALID, "TOPICS", "TOPICS: %s", why.text);
    if (topic_check("STATEMENT_TOPIC", conf->statement_topic, err) || topic_check("QUESTION_TOPIC", conf->question_topic, err))
        return err->code;
    return topic_check("ANSWER_TOPIC", conf->answer_topic, err);
}

enum kl_code seer_conf_check(const struct seer_conf *conf, struct kl_error *err)
{
    if (strcmp(conf->existing_topics, "end") && strcmp(conf->existing_topics, "beginning"))
        return kl_fail_field(err, KL_INVALID, "EXISTING_TOPICS", "EXISTING_TOPICS is \"%s\"; end and beginning are known", conf->existing_topics);
    return topics_check(conf, err);
}

/* As the consumer: a message is wanted as soon as it is there, and a seer that lags holds no more than this in memory. */
enum kl_code seer_kafka_conf(const struct seer_conf *conf, enum kl_kafka_role role, rd_kafka_conf_t **out, struct kl_error *err)
{
    static const struct kl_kafka_property reads[] = {
        { "fetch.wait.max.ms", "50" },
        { "queued.max.messages.kbytes", "16384" },
        { NULL, NULL },
    };
    static const struct kl_kafka_property writes[] = {
        { "message.timeout.ms", "30000" }, /* then an answer is made anew, if the log has none */
        { "message.max.bytes", "2000000" },
        { NULL, NULL },
    };

    return kl_kafka_conf_new(out, &conf->kafka, role, role == KL_KAFKA_CONSUMER ? reads : writes, seer_settings, err);
}
