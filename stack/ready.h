/* ready.h - one thread that asks until it gets the answer, so that the supervisor's loop never waits for a network.
 *
 * The supervisor asks (does this service answer yet? does a message make the round trip?), goes on, and takes the
 * answers when the descriptor is readable. One question a subject at a time; asking again replaces it. */
#ifndef STACK_READY_H
#define STACK_READY_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "settings.h"
#include "table.h"

enum { SUBJECT_ROUNDTRIP = SERVICES_MAX, SUBJECTS }; /* below: a service by its place in the table */

struct prober;

struct answer {
    int     subject;
    bool    ok;        /* a service's answer is always ok: it is asked until it is, or prober_drop() */
    bool    alive;     /* a service's over HTTP: it answers, if only that it is not ready */
    int64_t took_us;   /* the round trip's own time */
    char    text[256]; /* why not */
};

/* Borrows conf. Main thread, before children: it reads the environment for KAFKA_* (kafka_conf.h). */
KL_MUST_CHECK enum kl_code prober_start(struct prober **out, const struct stack_conf *conf, struct kl_error *err);
void prober_stop(struct prober *p);   /* joins: at once, or when the round trip under way ends; NULL is fine */
int  prober_fd(const struct prober *p);

void prober_ask(struct prober *p, int subject);
void prober_drop(struct prober *p, int subject);            /* no answer of it comes any more */
bool prober_take(struct prober *p, struct answer *out);     /* false: none (left) */
/* What it said last instead of yes, for a person. True: it is alive, it said this itself. */
bool prober_why(struct prober *p, int subject, char *out, size_t size);

#endif
