/* kafka_producer.h - an idempotent, acks=all producer and the one thread that polls it.
 *
 * Batching adapts by itself: linger 0, so a lone record leaves at once, and few requests in flight, so under load
 * each round trip carries what came meanwhile (measured in docs/decisions/). Thread-safe except open and close. */
#ifndef KL_KAFKA_PRODUCER_H
#define KL_KAFKA_PRODUCER_H

#include <librdkafka/rdkafka.h>

#include "err.h"
#include "kafka_conf.h"

struct kl_producer;

/* One delivery report: called once for each record that kl_producer_send took, on the polling thread; must not block. */
typedef void kl_delivered_fn(void *ctx, const rd_kafka_message_t *report);

/* Takes conf always. fatal(ctx, why): called at most once, on the polling thread, when librdkafka raised a fatal error. */
KL_MUST_CHECK enum kl_code kl_producer_open(struct kl_producer **out, rd_kafka_conf_t *conf, kl_delivered_fn *delivered,
                                            void (*fatal)(void *ctx, const char *why), void *ctx, struct kl_error *err);

/* Waits wait_ms for what is in flight, then gives the rest up (each gets its report, persisted possibly or no), joins, frees. */
void kl_producer_close(struct kl_producer *p, int64_t wait_ms);

struct kl_record {
    rd_kafka_topic_t *topic;      /* borrowed */
    int32_t      partition;       /* never RD_KAFKA_PARTITION_UA: we choose it ourselves */
    const void  *key;   size_t key_len;    /* key NULL: none; "" with len 0: an empty key */
    const void  *value; size_t value_len;  /* value NULL: a tombstone */
    rd_kafka_headers_t *headers;  /* taken on success; NULL: none */
    int64_t      timestamp_ms;    /* 0: now */
    void        *opaque;          /* report->_private */
};

/* Copies key and value. KL_BUSY: librdkafka's queue is full; KL_TOO_LARGE; KL_NOT_FOUND: no such partition. */
KL_MUST_CHECK enum kl_code kl_producer_send(struct kl_producer *p, const struct kl_record *record, struct kl_error *err);

rd_kafka_t *kl_producer_handle(struct kl_producer *p);   /* borrowed */
bool        kl_producer_connected(struct kl_producer *p); /* some broker answered lately and none-up was not raised since */

/* The partition Java's clients choose for a key: murmur2, KIP-480's predecessor (org.apache.kafka.common.utils.Utils). */
int32_t kl_murmur2_partition(const void *key, size_t len, int32_t partitions);

#endif
