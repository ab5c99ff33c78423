/* intake.h - a record on its way in: past the idempotency window, when it has an id of its caller's, into the outbox.
 * What both doors, one record and many, do alike. Thread-safe. */
#ifndef PRODUCER_INTAKE_H
#define PRODUCER_INTAKE_H

#include "idempotency.h"
#include "outbox.h"

struct intake {
    struct outbox      *outbox;
    struct idempotency *window;
};

enum intake_state {
    INTAKE_SENT,     /* done will be called, on the polling thread, perhaps before this has returned */
    INTAKE_KNOWN,    /* *known is the outcome of an earlier record of this id; done will not be called */
    INTAKE_REFUSED,  /* *err says why; done will not be called. Not counted: an upload tries the record again */
};

/* given: the record's id is its caller's, so it may be a repeat; else the id is new and in nobody's window.
 * *partition: where it went, or -1 when a repeat waits for the first. */
enum intake_state intake_send(const struct intake *in, const struct record *record, bool given, outbox_done_fn *done, void *ctx,
                              int32_t *partition, struct outcome *known, struct kl_error *err);

#endif
