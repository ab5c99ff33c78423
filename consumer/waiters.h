/* waiters.h - who waits for a message to be consumed, or to have failed, and is told at once when it is.
 *
 * A waiter is woken exactly once: when news of its message comes, when its time is over, or when all end. Nobody learns
 * from the wake which it was: look at the store again. To miss nothing, add the waiter first and look then: what was
 * stored before the look is found, what is stored after it wakes. */
#ifndef WAITERS_H
#define WAITERS_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "store.h"
#include "timer.h"
#include "topic.h"
#include "uuid.h"

struct waiters;

/* The message that is waited for. */
struct waited {
    bool           by_id;        /* else by place */
    struct kl_uuid id;
    char           topic[KL_TOPIC_BYTES];
    int32_t        partition;
    int64_t        offset;
    bool           possibly;     /* a failure that may not be final is news, too */
};

/* Embedded in its owner, which keeps it until it is woken or removed. */
struct waiter {
    struct waited  what;
    void         (*wake)(struct waiter *w); /* any thread; must not block; w may be freed in it */
    struct kl_timer timer;       /* this and what follows are the module's */
    struct waiters *all;
    struct waiter  *next, **link; /* link NULL: not waiting */
};

/* Borrows timers. max: waiters at once. */
KL_MUST_CHECK enum kl_code waiters_new(struct waiters **out, struct kl_timers *timers, int64_t max, struct kl_error *err);
void waiters_free(struct waiters *ws); /* nobody waits; NULL is fine */

/* KL_BUSY: too many wait, or all have ended; then w is never woken. */
KL_MUST_CHECK enum kl_code waiters_add(struct waiters *ws, struct waiter *w, int64_t timeout_ms, struct kl_error *err);
/* true: w waits no more, and is not woken; false: it has been woken, or is about to be. */
bool waiters_remove(struct waiters *ws, struct waiter *w);

/* store_conf.stored; ws is a struct waiters. Costs nothing while nobody waits. */
void waiters_news(void *ws, const struct store_news *news, size_t n);

/* For who looks on behalf of all (watch.h): sleeps ms, or until all end, and then until somebody waits. Fills out with
 * what is waited for, at most max, and returns how many; 0: all have ended. */
size_t waiters_await(struct waiters *ws, int64_t ms, struct waited *out, size_t max);

/* Wakes all, and refuses whoever comes after. */
void waiters_end(struct waiters *ws);
bool waiters_ended(struct waiters *ws);

int64_t waiters_count(struct waiters *ws);

#endif
