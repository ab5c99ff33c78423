/* selftest.h - one message the whole way: HTTP in, Kafka, the consumer's receipt. */
#ifndef STACK_SELFTEST_H
#define STACK_SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

#define SELFTEST_TOPIC   "roundtrip"
#define SELFTEST_WAIT_MS 30000 /* a fresh broker still loads its coordinators, and a new topic is found within 5 s */

/* Produces a record to SELFTEST_TOPIC and waits until the consumer's receipt says consumed; *took_us: from sending it
 * to reading the receipt. What says try again is tried again, until SELFTEST_WAIT_MS or give_up(ctx).
 * Blocks; not for the supervisor's loop. */
KL_MUST_CHECK enum kl_code selftest_roundtrip(const struct stack_conf *conf, bool (*give_up)(void *ctx), void *ctx,
                                              int64_t *took_us, struct kl_error *err);

#endif
