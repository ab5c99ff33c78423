#include "endpoints.h"
#include "steward.h"

/* Names, and settings: a topic has some 35. */
static const int64_t body_max_bytes = 64 * 1024;

/* A thousand of the longest names. */
static const int64_t offsets_max_bytes = 256 * 1024;

const struct kl_route steward_routes[] = {
    { "GET", "/cluster", NULL, cluster_get },
    { "GET", "/brokers/{id}/settings", NULL, broker_settings_get },
    { "GET", "/topics", NULL, topics_get },
    { "POST", "/topics", &body_max_bytes, topics_post, NULL, NULL, KL_ROUTE_CHANGES },
    { "GET", "/topics/{topic}", NULL, topic_get },
    { "DELETE", "/topics/{topic}", NULL, topic_delete, NULL, NULL, KL_ROUTE_CHANGES },
    { "GET", "/topics/{topic}/settings", NULL, topic_settings_get },
    { "PATCH", "/topics/{topic}/settings", &body_max_bytes, topic_settings_patch, NULL, NULL, KL_ROUTE_CHANGES },
    { "POST", "/topics/{topic}/partitions", &body_max_bytes, topic_partitions_post, NULL, NULL, KL_ROUTE_CHANGES },
    { "POST", "/topics/{topic}/empty", &body_max_bytes, topic_empty_post, NULL, NULL, KL_ROUTE_CHANGES },
    { "GET", "/topics/{topic}/messages", NULL, messages_get },
    { "GET", "/topics/{topic}/messages/{partition}/{offset}", NULL, message_get },
    { "GET", "/groups", NULL, groups_get },
    { "GET", "/groups/{group}", NULL, group_get },
    { "DELETE", "/groups/{group}", NULL, group_delete, NULL, NULL, KL_ROUTE_CHANGES },
    { "GET", "/groups/{group}/lag", NULL, group_lag_get },
    { "POST", "/groups/{group}/offsets", &offsets_max_bytes, group_offsets_post, NULL, NULL, KL_ROUTE_CHANGES },
    { "DELETE", "/groups/{group}/topics/{topic}", NULL, group_topic_delete, NULL, NULL, KL_ROUTE_CHANGES },
    { "GET", "/passed", NULL, passed_get },
    { NULL },
};
