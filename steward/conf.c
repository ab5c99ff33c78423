#include "steward.h"

#define AT(field) offsetof(struct steward_conf, field)

/* Where the bounds come from: a worker waits for one answer of the cluster at a time, mostly for milliseconds; four keep a
 * page's calls from waiting for one that takes its whole time. */
const struct kl_setting steward_settings[] = {
    KL_SERVICE_SETTINGS(struct steward_conf, "8060"),
    KL_KAFKA_SETTINGS(struct steward_conf, "kafkloud-steward"),
    { "KAFKA_GROUP_ID", KL_STR, AT(own_group), "kafkloud-consumer", 1, 249, "the consumer's group: like all whose names begin with kafkloud- it is not told among those that passed a message", NULL },
    { "READ_ONLY", KL_BOOL, AT(read_only), "no", 0, 0, "refuse every call that would change something, with 403; dry runs are answered", NULL },
    { "SNAPSHOT_INTERVAL", KL_MS, AT(snapshot_ms), "5s", 100, 3600000, "how often the cluster's topics and groups are looked at, for the lists and the lag over time", NULL },
    { "CALL_TIMEOUT", KL_MS, AT(call_timeout_ms), "5s", 100, 60000, "how long the cluster may take to answer a call; then 504", NULL },
    { "WORKERS", KL_INT, AT(workers), "4", 1, 64, "calls to the cluster at once", NULL },
    { "CALLS_MAX", KL_INT, AT(calls_max), "200", 1, 100000, "calls that wait for one of those; one more is refused with 503", NULL },
    { "TRACKS_MAX", KL_INT, AT(tracks_max), "10000", 1, 1000000, "partitions of groups whose lag is kept for an hour, 4.4 kB each; of more it is not", NULL },
    KL_SETTING_END,
};

enum kl_code steward_kafka_conf(const struct steward_conf *conf, const struct kl_kafka_property *own, rd_kafka_conf_t **out,
                                struct kl_error *err)
{
    return kl_kafka_conf_new(out, &conf->kafka, KL_KAFKA_CONSUMER, own, steward_settings, err);
}
