/* timer.h - one thread that calls functions later. For deadlines and heartbeats by the thousand:
 * a timer is embedded in its owner, so arming and disarming need no memory and cannot fail; both
 * are O(log n) (amortized) under one lock. */
#ifndef KL_TIMER_H
#define KL_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct kl_timers;
struct kl_timer {
    void  (*fire)(struct kl_timer *t); /* runs on the timer thread without the lock; must not block; may arm t again, or free it */
    int64_t due_us;                    /* this and what follows are the module's; all zero: not armed */
    struct kl_timer *child, *next, *prev;
    bool    armed;
};

KL_MUST_CHECK enum kl_code kl_timers_start(struct kl_timers **out, struct kl_error *err);
void kl_timers_stop(struct kl_timers *ts); /* joins; armed timers never fire after; NULL is fine */

/* Again: moves it. false: in vain, t is firing and somebody waits in kl_timer_disarm. */
bool kl_timer_arm(struct kl_timers *ts, struct kl_timer *t, int64_t in_ms);
/* After it returns t neither is armed nor firing (waits for a fire under way, except when called by that fire). */
void kl_timer_disarm(struct kl_timers *ts, struct kl_timer *t);

#endif
