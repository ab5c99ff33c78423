/* it_pace.h - an open-loop load: so many requests a second whatever becomes of them, and an honest count of what did.
 *
 * The nth request is due at start + n / rate; its latency counts from then, so a server that stood still is seen by all who
 * would have come meanwhile. Each connection is a thread with a wire (it_wire.h) of its own; a request for which none is
 * free waits, which its latency tells. POSTs carry an id of their own (Idempotency-Key) and a key of their own. */
#ifndef IT_PACE_H
#define IT_PACE_H

#include <stdatomic.h>
#include <stdio.h>

#include "err.h"
#include "hist.h"
#include "uuid.h"

#define IT_PACE_URLS_MAX     8
#define IT_PACE_REQUESTS_MAX 5000000

struct it_pace_conf {
    const char *urls[IT_PACE_URLS_MAX]; /* taken in turn; POST: /produce/TOPIC, to which the key is added */
    int         urls_n;
    bool        get;                    /* GET the URLs as they are; nothing is confirmed then */
    int64_t     rate, connections, duration_ms, timeout_ms;
    FILE       *out;                    /* each failure, as it happens: when, where, why; NULL: nowhere */
    long        told_max;               /* of them at most; all are counted */
    const atomic_bool *stop;            /* ends it early; NULL: never */
};

enum it_pace_fate { IT_PACE_UNSENT, IT_PACE_CONFIRMED, IT_PACE_REFUSED /* an answer other than 2xx */, IT_PACE_BROKEN /* none */ };

struct it_pace_record {
    struct kl_uuid    id;
    enum it_pace_fate fate;
};

struct it_pace_result {
    long    sent, ok, refused, broken;
    long    connections;     /* opened, in all */
    int64_t pause_us;        /* the longest time in which nothing succeeded */
    int64_t pause_at_us;     /* when it began, from the start */
    int64_t took_us;
    struct kl_hist latency;  /* of what succeeded, from when it was due */
    struct it_pace_record *records; /* of every request that was due, in order; owned by the result */
    long    records_n;
};

/* Returns when all is sent and answered. KL_INVALID: a URL is none, or it would be too many requests. */
KL_MUST_CHECK enum kl_code it_pace_run(const struct it_pace_conf *conf, struct it_pace_result *result, struct kl_error *err);
void it_pace_fini(struct it_pace_result *result);

/* What the consumer says of them, asked again until each confirmed one is consumed, or deadline_ms. */
struct it_pace_verdict {
    long missing;          /* confirmed, and no receipt says consumed */
    struct kl_uuid first;  /* of those, when there are some */
    long twice;            /* more than one receipt, confirmed or not */
    long kept_unconfirmed; /* not confirmed, and stored all the same: never a fault */
};
KL_MUST_CHECK enum kl_code it_pace_verify(const struct it_pace_result *result, const char *consumer_url, int64_t deadline_ms,
                                          struct it_pace_verdict *verdict, struct kl_error *err);

#endif
