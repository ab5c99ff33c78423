/* outbox.h - a record's way from accepted to its outcome: partition, number, header, librdkafka, report.
 *
 * Adaptive batching. A partition has one batch on its way; what comes meanwhile gathers here and is the next batch. So a
 * record alone leaves at once, under load each round trip carries what came during the one before, and no batch is larger
 * than the topic accepts. docs/decisions/0001-adaptive-batching.md has the measurements, and why this is not left to
 * librdkafka's own queue.
 *
 * Each record that outbox_send took has exactly one outcome, at the latest DELIVERY_TIMEOUT and a little after it was
 * accepted. Thread-safe; outcomes come on the polling thread. */
#ifndef PRODUCER_OUTBOX_H
#define PRODUCER_OUTBOX_H

#include "journal.h"
#include "kafka_producer.h"
#include "outcomes.h"
#include "partition.h"
#include "room.h"
#include "topics.h"
#include "uuid.h"

struct outbox;

struct outbox_conf {
    struct kl_producer *producer;
    struct topics      *topics;
    struct room        *room;
    struct journal     *journal;
    uint64_t            start;             /* the process's start id */
    int64_t             timeout_ms;        /* DELIVERY_TIMEOUT: librdkafka's message.timeout.ms is the same */
    bool                compressed;        /* librdkafka compresses, so a record's size at the broker is not known here */
};

struct record_header {
    const char *name;  size_t name_len;
    const void *value; size_t value_len;
};

/* Everything is borrowed for the call. */
struct record {
    struct topic  *topic;
    int32_t        partition;               /* -1: by the key's hash; without a key, one for all records of some milliseconds */
    const void    *key;   size_t key_len;   /* key NULL: none */
    const void    *value; size_t value_len; /* value NULL: a tombstone */
    const struct record_header *headers; size_t n_headers;
    int64_t        timestamp_ms;            /* 0: now */
    struct kl_uuid id;
    uint32_t       client;                  /* room_client() */
    enum room_use  use;
};

struct outcome {
    struct kl_uuid      id;
    int64_t             offset;       /* -1: the broker did not tell */
    int64_t             timestamp_ms;
    int64_t             accepted_us;  /* wall clock */
    int64_t             delay_us;     /* accepted → this outcome */
    int32_t             partition;
    rd_kafka_resp_err_t error;
    enum kl_outcome_state state;
    bool                repeated;     /* idempotency.h: of an earlier record with this id */
};

typedef void outbox_done_fn(void *ctx, const struct outcome *o); /* must not block */

struct outbox *outbox_new(const struct outbox_conf *conf); /* NULL: no memory */
void           outbox_free(struct outbox *box);            /* NULL is fine */

/* KL_OK: done will be called once, perhaps before this returns to its caller's caller. Otherwise it will not, and the
 * record is nowhere: KL_BUSY, KL_LIMITED (no room), KL_NOT_FOUND (no such partition), KL_TOO_LARGE. partition (may be
 * NULL) is where it went. */
KL_MUST_CHECK enum kl_code outbox_send(struct outbox *box, const struct record *record, outbox_done_fn *done, void *ctx,
                                       int32_t *partition, struct kl_error *err);

/* The largest record of this topic that the broker takes, as it counts; 0: not known, or it depends on compression. */
int64_t outbox_record_max_bytes(const struct outbox *box, const struct topic *topic);

/* What an outcome that is not KL_ACKED says to the one who sent the record. */
enum kl_code outbox_error(const struct outcome *o, const struct topic *topic, struct kl_error *err);

/* The end, in this order: from outbox_abandon on nothing more is taken or handed to librdkafka; kl_producer_drain has
 * the outcomes of what was; outbox_finish fails the rest, as not persisted. Then nothing is in flight. */
void outbox_abandon(struct outbox *box);
bool outbox_is_abandoned(const struct outbox *box);
void outbox_finish(struct outbox *box);

/* kl_producer's hooks. */
bool outbox_reported(void *box, const rd_kafka_message_t *report);
void outbox_work(void *box);
void outbox_tick(void *box);

#endif
