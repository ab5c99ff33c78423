/* relay.h - one request on its way through the portal to a service, and the answer on its way back.
 *
 * Two threads meet here: the request's HTTP thread, which brings the body in pieces and takes the answer in pieces,
 * and the loop's thread, on which libcurl speaks to the service. Between them stand two rings of bytes. A full ring
 * stops its writer (libcurl is paused, or the upload is suspended) and half a ring's room lets it go on, so one relay
 * holds at most two rings whatever passes through it.
 *
 * Who frees: the request owns its relay (kl_request_attach) until it has ended; relay_release then closes the loop's
 * job, and the loop frees the relay when it has let go of it. A client that leaves is thereby passed on: the
 * transfer to the service is cut. */
#ifndef RELAY_H
#define RELAY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "http.h"
#include "loop.h"
#include "ring.h"
#include "upstream.h"

#define RELAY_RING_BYTES     (64 * 1024) /* four of libcurl's pieces: enough that neither side waits for the other's wake-up */
#define RELAY_HEAD_MAX_BYTES (6 * 1024)  /* an answer's header fields, of the 8 KiB that common/http.h passes; our services' have some hundred bytes */
#define RELAY_KEEP_MAX       256         /* idle connections to services kept for reuse: fewer, and a load of that many clients connects anew each time */

/* What all relays share. Set once, before the HTTP threads start. */
struct relays {
    struct loop            *loop;
    const struct upstreams *upstreams;
    int64_t                 max;        /* relays at once */
    int64_t                 timeout_ms; /* until an answer's head; an upload starts it anew with each piece taken */
    const char             *token;      /* bearer token for the services; NULL: none */
    bool                    guarded;    /* the portal has a token of its own, so Authorization is meant for it */
    _Atomic int64_t         active;
    _Atomic bool            stopping;
    _Atomic bool            absent[UPSTREAMS]; /* nobody answered there the last time: it is logged once */
};

/* What the HTTP thread waits for, suspended. */
enum relay_wait { RELAY_WAIT_NONE, RELAY_WAIT_ROOM, RELAY_WAIT_ANSWER };

struct relay {
    struct loop_job        job;
    struct relays         *all;
    const struct upstream *to;
    struct curl_slist     *headers; /* the request's, which libcurl borrows */
    bool                   changes; /* not GET or HEAD: asking twice may do it twice */

    pthread_mutex_t    lock;     /* guards what follows */
    struct kl_request *request;  /* NULL: it has ended */
    enum relay_wait    wait;
    bool               pulling;  /* the answer's stream waits for kl_request_wake() */
    struct ring        up, down; /* up has no memory when the request has no body */
    bool               up_whole; /* the last byte of the body is in up */
    bool               up_paused, down_paused; /* libcurl is */
    struct kl_buf      head;     /* the answer's header lines, without the status line */
    int                status;
    char               type[256]; /* Content-Type, once the answer goes out: it lives as long as the request */
    bool               answered; /* the head is whole: status and head stand still from now on */
    bool               over;     /* no more bytes will come; code and sent stand */
    CURLcode           code;
    bool               sent;     /* some of the request may have reached the service */
};

/* Makes a relay for r and sets libcurl up for it (relay_request.c). KL_BUSY: too many at once, or stopping. KL_INVALID: a target that
 * cannot be passed on. The caller attaches it to r with relay_release and calls relay_begin. */
KL_MUST_CHECK enum kl_code relay_new(struct relay **out, struct relays *all, const struct upstream *to,
                                     struct kl_request *r, struct kl_error *err);
KL_MUST_CHECK enum kl_code relay_request_set(struct relay *x, struct kl_request *r, struct kl_error *err);
void relay_begin(struct relay *x);
void relay_release(void *relay);

/* ---- the request's HTTP thread ---- */
/* A piece of the body. Takes what fits; fewer than len: the request has been suspended until there is room. What a
 * service no longer reads, because it has refused or is gone, is taken and dropped. */
size_t relay_take(struct relay *x, const char *data, size_t len);

/* No more of the body is wanted: the call is over. */
bool relay_over(struct relay *x);

/* The body is whole. true: the answer (or failure) is there already; false: r has been suspended, then runs when it is. */
bool relay_ask(struct relay *x, kl_handle_fn *then);

/* After that: did the service answer? KL_OK: status and head may be read. Otherwise *err is what to tell the client. */
KL_MUST_CHECK enum kl_code relay_answered(struct relay *x, struct kl_error *err);

/* The rest of the answer's body is all here: it can be sent in one piece. */
bool relay_whole(struct relay *x);
size_t relay_rest(struct relay *x, struct kl_buf *out); /* appends what has come; for a whole answer all of it */

/* As kl_pull_fn. */
ssize_t relay_pull(struct relay *x, char *buf, size_t max);

/* ---- for relay_request.c: libcurl's callbacks, on the loop's thread ---- */
size_t relay_on_read(char *out, size_t size, size_t n, void *relay);
size_t relay_on_head(char *line, size_t size, size_t n, void *relay);
size_t relay_on_body(char *data, size_t size, size_t n, void *relay);

/* A service answered, or nobody did: says so in the log when that is new. */
void relay_note(struct relays *all, const struct upstream *to, bool there);

#endif
