/* outcomes.h - blocks of the topic kafkloud-outcomes: what became of a run of numbered messages.
 * The bytes, with examples: docs/topics.md. A block is for one (start, topic, partition) and one run of
 * consecutive numbers; the record's key is "<start>/<topic>/<partition>". */
#ifndef KL_OUTCOMES_H
#define KL_OUTCOMES_H

#include "buf.h"
#include "topic.h"
#include "uuid.h"

#define KL_OUTCOMES_TOPIC       "kafkloud-outcomes"
#define KL_OUTCOMES_NUMBERS_MAX 4096 /* messages a block: about 12 kB */
#define KL_OUTCOMES_REASON_MAX  64

enum kl_outcome_state { KL_ACKED = 0, KL_FAILED_NO = 1, KL_FAILED_POSSIBLY = 2 };

struct kl_outcome {
    enum kl_outcome_state state;
    int64_t        delay_us;     /* accepted → the delivery report */
    struct kl_uuid id;           /* failures only */
    int64_t        accepted_us;  /* failures only */
    char           reason[KL_OUTCOMES_REASON_MAX]; /* failures only: librdkafka's name of the error, "_MSG_TIMED_OUT" */
};

struct kl_outcomes_head {
    uint64_t start;
    char     topic[KL_TOPIC_BYTES];
    int32_t  partition;
    int64_t  first;      /* the run's first number */
    int64_t  count;      /* 0: only says last_acked (a heartbeat, or the producer's end) */
    int64_t  last_acked; /* the highest number acked so far in this partition; 0: none */
    int64_t  written_us; /* wall clock when the block was made */
    bool     closed;     /* the producer ended orderly: no number will follow */
};

/* Appends the block; false: b's maximum. */
bool kl_outcomes_write(struct kl_buf *b, const struct kl_outcomes_head *head, const struct kl_outcome *outcomes);

/* Reads the head; and, through each(), every outcome in order of number (each may be NULL). KL_INVALID: not a block of
 * a version we know, or cut, or nonsense; each may have been called by then. */
KL_MUST_CHECK enum kl_code kl_outcomes_read(const void *data, size_t len, struct kl_outcomes_head *head,
                                            void (*each)(void *ctx, int64_t number, const struct kl_outcome *o),
                                            void *ctx, struct kl_error *err);

/* The one outcome of a number in first..first+count-1; KL_NOT_FOUND when it is outside. */
KL_MUST_CHECK enum kl_code kl_outcomes_find(const void *data, size_t len, int64_t number, struct kl_outcome *o,
                                            struct kl_error *err);

#endif
