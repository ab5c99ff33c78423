#include "endpoints.h"
#include "steward.h"

/* Names, and settings: a topic has some 35. */
static const int64_t body_max_bytes = 64 * 1024;

/* A thousand of the longest names. */
static const int64_t offsets_max_bytes = 256 * 1024;

/* A misspelt ?dry_run= would do in earnest what was to be tried: what a call takes stands here. */
const struct kl_route steward_routes[] = {
    { "GET", "/cluster", NULL, cluster_get, .query = "" },
    { "GET", "/brokers/{id}/settings", NULL, broker_settings_get, .query = "" },
    { "GET", "/topics", NULL, topics_get, .query = "filter, internal" },
    { "POST", "/topics", &body_max_bytes, topics_post, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "GET", "/topics/{topic}", NULL, topic_get, .query = "" },
    { "DELETE", "/topics/{topic}", NULL, topic_delete, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "GET", "/topics/{topic}/settings", NULL, topic_settings_get, .query = "" },
    { "PATCH", "/topics/{topic}/settings", &body_max_bytes, topic_settings_patch, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "POST", "/topics/{topic}/partitions", &body_max_bytes, topic_partitions_post, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "POST", "/topics/{topic}/empty", &body_max_bytes, topic_empty_post, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "GET", "/topics/{topic}/messages", NULL, messages_get, .query = "partition, from, direction, cursor, limit" },
    { "GET", "/topics/{topic}/messages/{partition}/{offset}", NULL, message_get, .query = "" },
    { "GET", "/groups", NULL, groups_get, .query = "filter" },
    { "GET", "/groups/{group}", NULL, group_get, .query = "" },
    { "DELETE", "/groups/{group}", NULL, group_delete, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "GET", "/groups/{group}/lag", NULL, group_lag_get, .query = "window_s" },
    { "POST", "/groups/{group}/offsets", &offsets_max_bytes, group_offsets_post, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "DELETE", "/groups/{group}/topics/{topic}", NULL, group_topic_delete, NULL, NULL, KL_ROUTE_CHANGES, "dry_run" },
    { "GET", "/passed", NULL, passed_get, .query = "topic, partition, offset" },
    { NULL },
};
