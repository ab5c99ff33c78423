/* conf.h - the producer's settings. */
#ifndef PRODUCER_CONF_H
#define PRODUCER_CONF_H

#include "kafka_conf.h"
#include "service.h"

struct producer_conf {
    struct kl_service_conf common;
    struct kl_kafka_conf   kafka;
    int64_t     delivery_timeout_ms;
    int64_t     record_max_bytes, line_max_bytes, records_max, uploads_max, upload_max_bytes;
    int64_t     records_in_flight_max, bytes_in_flight_max, client_records_max;
    int64_t     idempotency_records, idempotency_age_ms;
    bool        create_topics;
    int64_t     topic_partitions, topic_replication, topic_refresh_ms;
    int64_t     outcomes_interval_ms, outcomes_partitions, outcomes_replication, outcomes_retention_ms;
    const char *transaction_timeout; /* the earlier system's; only warned about */
};

extern const struct kl_setting producer_settings[];

/* What no row can check alone. KL_INVALID names the setting. */
KL_MUST_CHECK enum kl_code producer_conf_check(const struct producer_conf *conf, struct kl_error *err);

#endif
