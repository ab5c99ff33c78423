/* live_catchup.h - serves the clients that start behind the rings, until they reach them.
 *
 * A few readers, each a thread with a Kafka consumer of its own, take turns: a reader that has served its time slice
 * while others wait, or whose client does not take what is queued, puts the client back. So a slow client keeps no
 * reader from the others, and what waits for it in memory is bounded. */
#ifndef LIVE_CATCHUP_H
#define LIVE_CATCHUP_H

#include <librdkafka/rdkafka.h>

#include "err.h"

struct live;
struct live_catchup;
struct live_client;

/* One partition, in the questions to Kafka. */
struct live_place {
    const char *topic;
    int32_t     partition;
    int64_t     next;      /* where to read; at(): the answer */
    int64_t     low, high; /* bounds(): the answer */
};

struct live_read {
    enum {
        LIVE_READ_MESSAGE,
        LIVE_READ_END,    /* the partition is read up to offset */
        LIVE_READ_LOST,   /* a position is not, or no longer, in the log */
        LIVE_READ_REFUSED /* Kafka does not let us read; error says why (static) */
    } what;
    const char *topic;
    int32_t     partition;
    int64_t     offset;
    const char *error;
    rd_kafka_message_t *message;
};

/* Where readers read: Kafka (live_kafka.c), or a test's own log. All of it is called by one reader's thread at a time
 * with that reader's handle. */
struct live_source {
    KL_MUST_CHECK enum kl_code (*open)(void *ctx, void **handle, struct kl_error *err);
    void (*close)(void *handle);
    /* Fills low and high of each. */
    KL_MUST_CHECK enum kl_code (*bounds)(void *handle, struct live_place *places, size_t n, struct kl_error *err);
    /* Fills next: the first offset at or after the time; -1: there is none. */
    KL_MUST_CHECK enum kl_code (*at)(void *handle, int64_t time_ms, struct live_place *places, size_t n,
                                     struct kl_error *err);
    /* Reads these from next on, and nothing else; n 0: nothing. */
    KL_MUST_CHECK enum kl_code (*assign)(void *handle, const struct live_place *places, size_t n, struct kl_error *err);
    /* What comes next within wait_ms; false: nothing. done() gives it back. */
    bool (*read)(void *handle, int wait_ms, struct live_read *out);
    void (*done)(void *handle, struct live_read *out);
};

/* Borrows source for ever. Readers open their handles when they are first needed. */
KL_MUST_CHECK enum kl_code live_catchup_start(struct live_catchup **out, struct live *live,
                                              const struct live_source *source, void *source_ctx, struct kl_error *err);
void live_catchup_stop(struct live_catchup *cu); /* joins, frees; NULL is fine */

/* The client waits for a reader. false: CATCHUP_WAITING_MAX are in catch-up already, the readers' not counted. */
bool live_catchup_add(struct live_catchup *cu, struct live_client *c);

/* The client took what was queued. */
void live_catchup_drained(struct live_catchup *cu, struct live_client *c);

/* The client has gone. */
void live_catchup_leave(struct live_catchup *cu, struct live_client *c);

#endif
