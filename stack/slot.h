/* slot.h - one service of a running stack: waiting, starting, ready, dying, coming back.
 *
 *     WAITING --what it needs is ready--> STARTING --says yes--> READY ------.
 *        ^                                |  |  |                           |
 *        | `up`     no answer in its time |  |  '--says no all its time--> UNREADY --`up`--> STARTING
 *        |                                |  | dies                         | dies
 *        |                                v  v                              |
 *      DOWN <------too often------------- (it died) <-----------------------'
 *                                            | else
 *                                            v
 *                                         BACKOFF --its time has come--> STARTING
 *
 * A service that answers is not killed for what it says: it knows why it is not ready, and a new process would find the
 * same. One that says nothing at all hangs.
 *
 * Everything here is called by the supervisor's loop, in the main thread, and never waits. */
#ifndef STACK_SLOT_H
#define STACK_SLOT_H

#include "child.h"
#include "home.h"
#include "logfile.h"
#include "ready.h"
#include "report.h"
#include "restart.h"
#include "table.h"

/* What all slots of a supervisor share; borrowed. */
struct stack {
    const struct stack_conf *conf;
    struct home             *home;
    struct report           *report;
    struct prober           *prober;
};

struct slot {
    const struct service *service;
    const struct stack   *stack;
    int                   subject; /* its place in the table */
    bool                  foreign; /* the cluster we were told of: asked whether it answers, never started nor stopped */
    enum slot_state       state;
    struct child          child;
    struct logfile        log;
    struct restarts       restarts;
    int64_t               started_us, started_wall_us;
    int64_t               due_us;  /* STARTING: its time is over; BACKOFF: started then */
    int64_t               tell_us; /* STARTING: when to tell why it is not ready yet; INT64_MAX: told */
    bool                  overdue; /* killed by us for it */
};

KL_MUST_CHECK enum kl_code slot_open(struct slot *slot, const struct service *service, const struct stack *stack,
                                     struct kl_error *err);
void slot_close(struct slot *slot); /* asserts that nothing of it runs */

/* What time does: start when it may, start again, give up waiting. needs_ready: what it needs is ready. */
void slot_step(struct slot *slot, bool needs_ready, int64_t now_us);
int64_t slot_due_us(const struct slot *slot);           /* when slot_step() has work again; INT64_MAX: time alone changes nothing */
void slot_answered(struct slot *slot, int64_t now_us);  /* the prober says it is ready */
void slot_read(struct slot *slot);                      /* its output into its log */
bool slot_reap(struct slot *slot, int64_t now_us);      /* true: it has ended, and this was told and decided on */
void slot_again(struct slot *slot, int64_t now_us);     /* `up`: DOWN and BACKOFF start now, UNREADY is asked again */
void slot_term(struct slot *slot, int signal);          /* stopping: it is not started again */

#endif
