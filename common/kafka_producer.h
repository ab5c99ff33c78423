/* kafka_producer.h - an idempotent, acks=all producer and the one thread that polls it.
 *
 * A record sent from any thread leaves at once. Records sent in one call of the `work` hook leave together, as few
 * requests: whoever wants batches gathers records meanwhile and sends them there (producer/outbox.h does;
 * docs/decisions/0001-adaptive-batching.md says why). Thread-safe except open, start, drain and close. */
#ifndef KL_KAFKA_PRODUCER_H
#define KL_KAFKA_PRODUCER_H

#include <librdkafka/rdkafka.h>

#include "err.h"
#include "kafka_conf.h"

struct kl_producer;

/* All run on the polling thread (after kl_producer_drain: on the thread that closes) and must not block. */
struct kl_producer_hooks {
    /* A delivery report, exactly one for each record that kl_producer_send took. true: have `work` called before the
     * reports that follow; librdkafka may then put the rest of the batch behind reports of later ones. Not the place to
     * send from. */
    bool (*reported)(void *ctx, const rd_kafka_message_t *report);
    void (*work)(void *ctx);                   /* when `reported` asked for it, and about every KL_PRODUCER_TICK_MS; NULL: none */
    void (*tick)(void *ctx);                   /* about every KL_PRODUCER_TICK_MS; NULL: none */
    void (*fatal)(void *ctx, const char *why); /* at most once: librdkafka cannot go on; NULL: only logged */
    void  *ctx;
};
#define KL_PRODUCER_TICK_MS 50

/* Takes conf always. Nothing is polled before kl_producer_start: what the hooks work with is made in between, as it may
 * need the handle. */
KL_MUST_CHECK enum kl_code kl_producer_open(struct kl_producer **out, rd_kafka_conf_t *conf, struct kl_error *err);
KL_MUST_CHECK enum kl_code kl_producer_start(struct kl_producer *p, const struct kl_producer_hooks *hooks, struct kl_error *err);

/* Waits wait_ms for what is in flight, then gives the rest up: each record has had its report (persisted possibly or no)
 * when this returns. The polling thread has ended, so the caller is alone with its data. */
void kl_producer_drain(struct kl_producer *p, int64_t wait_ms);

/* Drains (again: for what the caller sent since), then frees. NULL is fine. */
void kl_producer_close(struct kl_producer *p, int64_t wait_ms);

struct kl_record {
    rd_kafka_topic_t *topic;      /* borrowed */
    int32_t      partition;       /* never RD_KAFKA_PARTITION_UA: we choose it ourselves */
    const void  *key;   size_t key_len;    /* copied; key NULL: none; not NULL with len 0: an empty key */
    const void  *value; size_t value_len;  /* value NULL: a tombstone */
    bool         borrow_value;    /* value stays the caller's and must live until the report; false: it is copied */
    rd_kafka_headers_t *headers;  /* taken on success; NULL: none */
    int64_t      timestamp_ms;    /* 0: now */
    void        *opaque;          /* report->_private */
};

/* KL_BUSY: librdkafka's queue is full; KL_TOO_LARGE; KL_NOT_FOUND: no such topic or partition. */
KL_MUST_CHECK enum kl_code kl_producer_send(struct kl_producer *p, const struct kl_record *record, struct kl_error *err);
/* The same, told as librdkafka tells it: for whoever keeps the error itself. */
KL_MUST_CHECK rd_kafka_resp_err_t kl_producer_hand_over(struct kl_producer *p, const struct kl_record *record);

rd_kafka_t *kl_producer_handle(struct kl_producer *p);   /* borrowed */

/* Did some broker answer since they were last all down? Whoever gets an answer by other calls on the handle says so. */
bool        kl_producer_connected(struct kl_producer *p);
void        kl_producer_heard(struct kl_producer *p);

/* The partition Java's clients choose for a key: murmur2 (org.apache.kafka.common.utils.Utils). */
int32_t kl_murmur2_partition(const void *key, size_t len, int32_t partitions);
uint32_t kl_murmur2(const void *key, size_t len);

#endif
