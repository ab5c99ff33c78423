#include "conf.h"

#include "log.h"

#define AT(field) offsetof(struct producer_conf, field)

/* Where the bounds come from: a record of 1 MiB is what Kafka's brokers take by default. 100,000 records are half a
 * second of the fastest stream measured. One client may have half of what may be in flight, so that two are needed to
 * fill it. An upload keeps about 90 bytes a record until it is answered: all uploads together, at their most, 290 MB. */
const struct kl_setting producer_settings[] = {
    KL_SERVICE_SETTINGS(struct producer_conf, "8000"),
    KL_KAFKA_SETTINGS(struct producer_conf, "kafkloud-producer"),
    { "DELIVERY_TIMEOUT", KL_MS, AT(delivery_timeout_ms), "15s", 1000, 600000, "how long a record may take from accepted to confirmed; then 504", NULL },
    { "RECORD_MAX_BYTES", KL_BYTES, AT(record_max_bytes), "1M", 1, 104857600, "the largest value; a topic's own max.message.bytes may be smaller", NULL },
    { "LINE_MAX_BYTES", KL_BYTES, AT(line_max_bytes), "2M", 64, 209715200, "the longest line, or element of an array, of POST /records", NULL },
    { "RECORDS_MAX", KL_INT, AT(records_max), "50000", 1, 1000000, "records in one request of POST /records", NULL },
    { "UPLOAD_MAX_BYTES", KL_BYTES, AT(upload_max_bytes), "256M", 1024, INT64_C(1) << 40, "the largest body of POST /records", NULL },
    { "UPLOADS_MAX", KL_INT, AT(uploads_max), "64", 1, 100000, "requests of POST /records at once", NULL },
    { "RECORDS_IN_FLIGHT_MAX", KL_INT, AT(records_in_flight_max), "100000", 16, 10000000, "records accepted and not yet confirmed; beyond it 503", NULL },
    { "BYTES_IN_FLIGHT_MAX", KL_BYTES, AT(bytes_in_flight_max), "256M", 1048576, INT64_C(1) << 40, "memory that those may hold; beyond it 503", NULL },
    { "CLIENT_RECORDS_MAX", KL_INT, AT(client_records_max), "50000", 1, 10000000, "of those, records from one address; beyond it 429", NULL },
    { "IDEMPOTENCY_RECORDS", KL_INT, AT(idempotency_records), "100000", 1, 10000000, "ids remembered for Idempotency-Key", NULL },
    { "IDEMPOTENCY_AGE", KL_MS, AT(idempotency_age_ms), "10m", 1000, 86400000, "how long an id is remembered", NULL },
    { "AUTO_CREATE_TOPICS", KL_BOOL, AT(create_topics), "yes", 0, 0, "create a topic that does not exist when a record for it comes", NULL },
    { "TOPIC_PARTITIONS", KL_INT, AT(topic_partitions), "4", 1, 10000, "partitions of a topic created so", NULL },
    { "TOPIC_REPLICATION", KL_INT, AT(topic_replication), "-1", -1, 100, "replicas of a topic created so; -1: the brokers' default", NULL },
    { "TOPIC_REFRESH", KL_MS, AT(topic_refresh_ms), "5s", 100, 3600000, "how often the cluster's topics are looked at", NULL },
    { "OUTCOMES_INTERVAL", KL_MS, AT(outcomes_interval_ms), "100ms", 1, 60000, "an outcome is in kafkloud-outcomes at the latest so long after it is known", NULL },
    { "OUTCOMES_PARTITIONS", KL_INT, AT(outcomes_partitions), "1", 1, 10000, "partitions of kafkloud-outcomes, when it has to be created", NULL },
    { "OUTCOMES_REPLICATION", KL_INT, AT(outcomes_replication), "-1", -1, 100, "its replicas; -1: the brokers' default", NULL },
    { "OUTCOMES_RETENTION", KL_MS, AT(outcomes_retention_ms), "7d", 60000, INT64_C(315360000000), "how long it is kept", NULL },
    { "KAFKA_TRANSACTION_TIMEOUT", KL_STR, AT(transaction_timeout), NULL, 0, 64, "of the earlier system; read and not used: DELIVERY_TIMEOUT bounds a record's way", NULL },
    KL_SETTING_END,
};

enum kl_code producer_conf_check(const struct producer_conf *conf, struct kl_error *err)
{
    if (conf->topic_replication == 0)
        return kl_fail_field(err, KL_INVALID, "TOPIC_REPLICATION", "TOPIC_REPLICATION cannot be 0");
    if (conf->outcomes_replication == 0)
        return kl_fail_field(err, KL_INVALID, "OUTCOMES_REPLICATION", "OUTCOMES_REPLICATION cannot be 0");
    if (conf->line_max_bytes < conf->record_max_bytes)
        return kl_fail_field(err, KL_INVALID, "LINE_MAX_BYTES", "LINE_MAX_BYTES is smaller than RECORD_MAX_BYTES: no line could hold such a value");
    /* Half of the room is an upload's, and it must find a record's place in it. */
    if (conf->bytes_in_flight_max < 4 * (conf->record_max_bytes + conf->line_max_bytes))
        return kl_fail_field(err, KL_INVALID, "BYTES_IN_FLIGHT_MAX", "BYTES_IN_FLIGHT_MAX must be four times RECORD_MAX_BYTES and LINE_MAX_BYTES together");
    if (conf->client_records_max < 2)
        return kl_fail_field(err, KL_INVALID, "CLIENT_RECORDS_MAX", "CLIENT_RECORDS_MAX must be 2 at least: an upload may use half of it");
    if (conf->transaction_timeout)
        kl_warn("KAFKA_TRANSACTION_TIMEOUT is not used any more, DELIVERY_TIMEOUT bounds a record's way");
    return KL_OK;
}
