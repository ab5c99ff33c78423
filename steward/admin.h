/* admin.h - what a request wants of the cluster, done by a few worker threads, so that no HTTP thread waits.
 *
 * A handler reads its request, puts what it learnt into an `ask` and calls admin_do(), last of all: the request is
 * suspended, a worker runs the function, which may call whatever of librdkafka blocks, and the answer goes out on the
 * request's HTTP thread. Every call of the steward to the cluster goes this way, but for the snapshot's (snapshot.h).
 *
 * A call ends in time: it is refused (503) when it did not get a worker within its time, and what it asks librdkafka
 * gets admin_left_ms(). A client that leaves does not stop it. */
#ifndef ADMIN_H
#define ADMIN_H

#include <librdkafka/rdkafka.h>

#include "http.h"

struct steward;
struct admin;

struct admin_conf {
    struct steward *steward;
    int64_t workers, calls_max, timeout_ms;
};

KL_MUST_CHECK enum kl_code admin_open(struct admin **out, const struct admin_conf *conf, struct kl_error *err);
/* Refuses what waits and waits for what runs, so that every suspended request is resumed; then no call is taken any more.
 * As long as one call may take, at most. */
void admin_end(struct admin *a);
void admin_close(struct admin *a); /* after kl_http_stop; NULL is fine */

/* One call, as its run function sees it: on a worker's thread, without the request. */
struct admin_call {
    struct steward *steward;
    rd_kafka_t     *kafka;
    void           *ask;       /* the handler's */
    int             status;    /* of the answer: 200 unless run() says another; 204 has no body */
    struct kl_buf   body;      /* of the answer: JSON; run() appends to it */

    int64_t         due_us;    /* this and what follows are the module's */
    struct kl_request *request;
    enum kl_code (*run)(struct admin_call *c, struct kl_error *err);
    void         (*release)(void *ask);
    struct kl_error err;
};
typedef enum kl_code admin_run_fn(struct admin_call *c, struct kl_error *err);

/* Suspends r; run(c) makes the answer: KL_OK and c->body, or an error. Takes ask always, and frees it by release(ask) when
 * the request has ended (both may be NULL). Too many calls wait: answered with 503. */
void admin_do(struct kl_request *r, admin_run_fn *run, void *ask, void (*release)(void *ask));

/* What is left of the call's time, 1 at least. */
int admin_left_ms(const struct admin_call *c);

/* Calls that run and that wait, for /metrics. */
int64_t admin_running(const struct admin *a);
int64_t admin_waiting(const struct admin *a);

#endif
