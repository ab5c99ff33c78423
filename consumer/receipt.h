/* receipt.h - what is known of one message, and how it is written as JSON (docs/http-api.md). Plain data. */
#ifndef RECEIPT_H
#define RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "message_id.h"
#include "outcomes.h"
#include "topic.h"

#define RECEIPT_KEY_MAX        1024 /* bytes of a key that are kept */
#define RECEIPT_DUPLICATES_MAX 100  /* listed with a receipt; the others are counted */
#define RECEIPT_JSON_MAX       (64 * 1024) /* the longest receipt: a key of control characters and every duplicate */

enum receipt_state { RECEIPT_UNKNOWN, RECEIPT_EXPIRED, RECEIPT_FAILED, RECEIPT_CONSUMED };

/* A further receipt of the same id. */
struct receipt_place {
    char    topic[KL_TOPIC_BYTES];
    int64_t incarnation, offset, consumed_us;
    int32_t partition;
};

struct receipt {
    enum receipt_state state;
    bool           has_id;         /* a kafkloud-id header; else the message is named by its place */
    struct kl_uuid id;

    char    topic[KL_TOPIC_BYTES];
    int32_t partition;
    int64_t incarnation, offset;   /* consumed only */

    uint64_t start;                /* the producer's; has_id only */
    int64_t  number;

    int64_t accepted_us, acked_us, consumed_us; /* -1: not known */
    int64_t timestamp_ms;                       /* -1: none */
    int     timestamp_type;                     /* of rd_kafka_timestamp_type_t */

    char    key[RECEIPT_KEY_MAX];
    int64_t key_bytes;             /* -1: a null key */
    int64_t value_bytes;           /* -1: a tombstone */
    int64_t headers_bytes;

    bool    possibly;              /* failed only: it may have been written */
    char    reason[KL_OUTCOMES_REASON_MAX];
    int64_t failed_us;

    int64_t n_duplicates;          /* all of them */
    struct receipt_place duplicates[RECEIPT_DUPLICATES_MAX];
};

/* How a message is named where it has no id of its own: "topic/partition/offset". */
#define RECEIPT_NAME_MAX 290
void receipt_name(char out[RECEIPT_NAME_MAX], const char *topic, int32_t partition, int64_t offset);

/* Reads "topic/partition/offset" back; false: it is not of that form. */
bool receipt_name_read(const char *text, size_t len, char topic[KL_TOPIC_BYTES], int32_t *partition, int64_t *offset);

/* Appends one JSON object; false: out is full (its maximum should leave RECEIPT_JSON_MAX). */
bool receipt_json(struct kl_buf *out, const struct receipt *r);

#endif
