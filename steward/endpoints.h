/* endpoints.h - the handlers that routes.c lists, a file each. */
#ifndef ENDPOINTS_H
#define ENDPOINTS_H

#include "http.h"

#define ANSWER_MAX_BYTES (64 * 1024 * 1024) /* the longest list: 10,000 topics have 3 MB */

kl_handle_fn cluster_get;           /* GET /cluster */
kl_handle_fn broker_settings_get;   /* GET /brokers/{id}/settings */
kl_handle_fn topics_get;            /* GET /topics */
kl_handle_fn topics_post;           /* POST /topics */
kl_handle_fn topic_get;             /* GET /topics/{topic} */
kl_handle_fn topic_delete;          /* DELETE /topics/{topic} */
kl_handle_fn topic_settings_get;    /* GET /topics/{topic}/settings */
kl_handle_fn topic_settings_patch;  /* PATCH /topics/{topic}/settings */
kl_handle_fn topic_partitions_post; /* POST /topics/{topic}/partitions */
kl_handle_fn topic_empty_post;      /* POST /topics/{topic}/empty */
kl_handle_fn messages_get;          /* GET /topics/{topic}/messages */
kl_handle_fn message_get;           /* GET /topics/{topic}/messages/{partition}/{offset} */
kl_handle_fn groups_get;            /* GET /groups */
kl_handle_fn group_get;             /* GET /groups/{group} */
kl_handle_fn group_delete;          /* DELETE /groups/{group} */
kl_handle_fn group_lag_get;         /* GET /groups/{group}/lag */
kl_handle_fn group_offsets_post;    /* POST /groups/{group}/offsets */
kl_handle_fn group_topic_delete;    /* DELETE /groups/{group}/topics/{topic} */
kl_handle_fn passed_get;            /* GET /passed */

#endif
