/* loop.h - one thread that drives many HTTP transfers: libcurl's multi handle on epoll.
 *
 * epoll and curl_multi_socket_action() rather than curl_multi_poll(): with a thousand quiet streams open, a request
 * then costs what it touches and not a walk over all of them.
 *
 * A job is one transfer, embedded in whatever it is for. Its life: loop_begin(), any number of loop_poke(), and
 * loop_close() as its owner's very last touch. These three may be called by any thread and never block; what they ask
 * for happens on the loop's thread, and so do all of the job's and libcurl's callbacks, one at a time. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "err.h"

struct loop;
struct loop_job;

struct loop_events {
    void (*poked)(struct loop_job *j);               /* after loop_poke(); several may become one. NULL: never poked */
    void (*done)(struct loop_job *j, CURLcode code); /* the transfer has ended; exactly once, unless closed before */
    void (*gone)(struct loop_job *j);                /* closed, and nobody else knows it any more: free it, easy included */
};

struct loop_job {
    const struct loop_events *on;
    CURL                     *easy;        /* made and set up by the owner before loop_begin, then the loop thread's */
    int64_t                   deadline_us; /* of kl_mono_us(): done(CURLE_OPERATION_TIMEDOUT) then; 0: none. Loop thread once begun */

    /* the loop's */
    unsigned         wishes;
    struct loop_job *next_wishing;
    struct loop_job *next, *prev;
    curl_socket_t    fd; /* the socket that is watched for it */
    bool             running;
};

/* connections_max: how many idle connections are kept for reuse. */
KL_MUST_CHECK enum kl_code loop_start(struct loop **out, long connections_max, struct kl_error *err);

void loop_begin(struct loop *l, struct loop_job *j);
void loop_poke(struct loop *l, struct loop_job *j);
void loop_close(struct loop *l, struct loop_job *j);

/* Ends every job with done(CURLE_ABORTED_BY_CALLBACK), and from now on each new one at once. Returns when it has. */
void loop_abort(struct loop *l);

/* Joins the thread. Every job must have been closed. NULL is fine. */
void loop_stop(struct loop *l);

#endif
