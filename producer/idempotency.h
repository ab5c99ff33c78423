/* idempotency.h - what became of an id lately, so that a record sent again under its id is not written again.
 *
 * The window is this process's, bounded by count and by age. The first record of an id makes an entry, whose outcome
 *   acked                       answers repeats
 *   failed, possibly persisted  answers repeats: only the topic knows better
 *   failed, not persisted       is forgotten: a repeat is sent
 * While the first is on its way, repeats wait for its outcome, whatever it is. Another content under the id is a
 * conflict. Content is topic, key, headers and value; kept as a hash of 128 bits with a seed of the process's own.
 * Thread-safe. */
#ifndef PRODUCER_IDEMPOTENCY_H
#define PRODUCER_IDEMPOTENCY_H

#include "outbox.h"

struct idempotency;
struct idempotency_entry;

struct idempotency *idempotency_new(int64_t records, int64_t age_ms); /* NULL: no memory */
void                idempotency_free(struct idempotency *window);     /* nothing may be on its way; NULL is fine */

enum idempotency_claim {
    IDEMPOTENCY_FIRST,    /* send it, and settle *entry: done will be called then */
    IDEMPOTENCY_WAITING,  /* the first is on its way: done will be called with its outcome */
    IDEMPOTENCY_KNOWN,    /* *known is the outcome; done will not be called */
    IDEMPOTENCY_REFUSED,  /* *err says why: KL_CONFLICT, or KL_BUSY (the window is full of records on their way) */
};
enum idempotency_claim idempotency_claim(struct idempotency *window, const struct record *record, outbox_done_fn *done, void *ctx,
                                         struct idempotency_entry **entry, struct outcome *known, struct kl_error *err);

/* An outbox_done_fn with ctx an entry: keeps or forgets the outcome, then calls done of the first and of all that wait,
 * theirs with o->repeated. */
void idempotency_settle(void *entry, const struct outcome *o);

/* The first was refused before it was sent: done of those that wait is called with a failure, not its own. */
void idempotency_withdraw(struct idempotency_entry *entry);

int64_t idempotency_count(const struct idempotency *window);

#endif
