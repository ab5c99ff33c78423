/* topic_admin.h - making, growing, emptying and deleting topics. Blocking: for a worker. */
#ifndef TOPIC_ADMIN_H
#define TOPIC_ADMIN_H

#include <jansson.h>
#include <librdkafka/rdkafka.h>

#include "err.h"

#define TOPIC_PARTITIONS_MAX  100000 /* librdkafka's own maximum */
#define TOPIC_REPLICATION_MAX 100

struct topic_plan {
    const char   *name;
    int32_t       partitions, replication; /* -1: the brokers' default */
    const json_t *settings;                /* name: text; NULL: none */
};

/* KL_CONFLICT: it exists. dry_run: the broker validates only; so below. */
KL_MUST_CHECK enum kl_code topic_create(rd_kafka_t *kafka, const struct topic_plan *plan, bool dry_run, int timeout_ms, struct kl_error *err);

/* Makes it have total partitions. KL_INVALID: it has as many, or more. */
KL_MUST_CHECK enum kl_code topic_grow(rd_kafka_t *kafka, const char *name, int32_t total, bool dry_run, int timeout_ms, struct kl_error *err);

/* Removes the records before each offset of list (RD_KAFKA_OFFSET_END: all there are); what is then the first offset comes
 * back in list. */
KL_MUST_CHECK enum kl_code topic_empty(rd_kafka_t *kafka, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct kl_error *err);

KL_MUST_CHECK enum kl_code topic_remove(rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err);

#endif
