#include "consumer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pg.h"

#define AT(field) offsetof(struct consumer_conf, field)

/* Where the bounds come from: a batch of 5,000 receipts is one transaction of some 30 ms; larger ones store no more a
 * second and keep who waits for a message waiting. 10 million receipts are 1.6 GB. */
const struct kl_setting consumer_settings[] = {
    KL_SERVICE_SETTINGS(struct consumer_conf, "8072"),
    KL_KAFKA_SETTINGS(struct consumer_conf, "kafkloud-consumer"),
    { "KAFKA_TOPICS", KL_STR, AT(topics), NULL, 0, 65536, "topics to read: names and ^patterns, comma separated; unset: all that are not internal", NULL },
    { "KAFKA_GROUP_ID", KL_STR, AT(group_id), "kafkloud-consumer", 1, 249, "the group of the consumers that share a PostgreSQL store, which Kafka divides the partitions among; one with a file only commits its offsets there, for Kafka's tools to show", NULL },
    { "EXISTING_TOPICS", KL_STR, AT(existing_topics), "end", 0, 16, "at the first contact with a cluster, read the topics that exist from their end or beginning", NULL },
    { "METADATA_INTERVAL", KL_MS, AT(metadata_ms), "500ms", 100, 3600000, "how often the cluster is asked for topics and for the ends of their logs", NULL },
    { "BATCH_MAX", KL_INT, AT(batch_max), "5000", 1, 100000, "records stored in one transaction, at most", NULL },
    { "STORE", KL_STR, AT(store_file), "var/consumer/receipts.db", 1, STORE_URL_MAX, "file of the receipts, whose directory is made when it is missing; or a PostgreSQL database, postgresql://user@host/name", NULL },
    { "STORE_FILE", KL_STR, AT(store_url_file), NULL, 1, 4096, "file that holds STORE's value, as for a URL with a password", NULL },
    { "RETENTION", KL_MS, AT(retention_ms), "7d", 60000, INT64_C(315360000000), "receipts are removed when they are older", NULL },
    { "RECEIPTS_MAX", KL_INT, AT(receipts_max), "10000000", 1000, INT64_C(1000000000), "receipts kept; the oldest are removed beyond it", NULL },
    { "STORE_CONNECTIONS", KL_INT, AT(store_connections), "5", 2, 100, "with PostgreSQL: connections for reading, each for one request at a time; one is for all that wait", NULL },
    { "WAITERS_MAX", KL_INT, AT(waiters_max), "10000", 1, 1000000, "requests with ?wait= at once; one more is refused with 503", NULL },
    LIVE_SETTINGS(struct consumer_conf),
    KL_SETTING_END,
};

/* The first line, without its end; false when it is empty (errno is 0), cannot be read or does not fit. */
static bool read_line(const char *path, char *out, size_t size)
{
    FILE *f = fopen(path, "re");
    bool read = f && fgets(out, (int)size, f);
    int why = errno;

    if (f)
        fclose(f);
    errno = why;
    if (!read)
        return false;
    if (strlen(out) == size - 1 && !strchr(out, '\n')) {
        errno = EMSGSIZE;
        return false;
    }
    out[strcspn(out, "\r\n")] = '\0';
    return out[0] != '\0';
}

enum kl_code consumer_conf_read_store(struct consumer_conf *conf, struct kl_error *err)
{
    if (!conf->store_url_file)
        return KL_OK;
    errno = 0;
    if (!read_line(conf->store_url_file, conf->store_url, sizeof conf->store_url))
        return kl_fail_field(err, KL_INVALID, "STORE_FILE", "STORE_FILE: no line to read in %s: %s", conf->store_url_file,
                             errno ? strerror(errno) : "it is empty");
    conf->store_file = conf->store_url;
    return KL_OK;
}

enum kl_code consumer_conf_check(const struct consumer_conf *conf, struct kl_error *err)
{
    bool takes;

    /* A file of that name would be made, with the password in it. */
    if (strstr(conf->store_file, "://") && !kl_pg_is_url(conf->store_file))
        return kl_fail_field(err, KL_INVALID, "STORE", "STORE is a URL that begins neither with postgresql:// nor with postgres://");
    if (strcmp(conf->existing_topics, "end") && strcmp(conf->existing_topics, "beginning"))
        return kl_fail_field(err, KL_INVALID, "EXISTING_TOPICS", "EXISTING_TOPICS is \"%s\"; end and beginning are known", conf->existing_topics);
    if (kl_feed_takes(conf->topics, "any", &takes, err)) {
        struct kl_error why = *err;

        return kl_fail_field(err, why.code, "KAFKA_TOPICS", "KAFKA_TOPICS: %s", why.text);
    }
    return KL_OK;
}

bool consumer_shares(const struct consumer_conf *conf)
{
    return kl_pg_is_url(conf->store_file);
}

/* Records are wanted as soon as they are there, and a client that lags holds no more than this in memory. Whoever knows
 * better says so with KAFKA_FETCH_WAIT_MAX_MS and the like. The wait is short since a topic just found waits for two fetches
 * to end, one before its leaders are told and one before its records are asked for: 0.12 s with 50 ms, 0.21 s with 100 ms,
 * which takes a twentieth of a core less of a broker with 330 idle partitions.
 *
 * Where consumers share a store: a killed one's partitions move when its session has ended, after 10 s instead of librdkafka's
 * 45 (a broker's own least is 6 s, and a busy machine's pauses must not count as deaths); and members hear of a change with a
 * heartbeat, so each half second. */
enum kl_code consumer_kafka_conf(const struct consumer_conf *conf, rd_kafka_conf_t **out, struct kl_error *err)
{
    static const struct kl_kafka_property own[] = {
        { "fetch.wait.max.ms", "50" },
        { "queued.max.messages.kbytes", "32768" },
        { "session.timeout.ms", "10000" },
        { "heartbeat.interval.ms", "500" },
        { NULL, NULL },
    };

    return kl_kafka_conf_new(out, &conf->kafka, KL_KAFKA_CONSUMER, own, consumer_settings, err);
}
