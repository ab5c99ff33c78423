/* live_client.h - one live stream: opened for a request, pulled by the HTTP thread that sends it.
 *
 * A client is live (it reads the rings through its cursors) or behind (a catch-up reader writes events into its
 * queue until it reaches the rings). Once live it stays so: when the ring drops what it has not read, it is told
 * what it missed (`lagged`) and goes on at the oldest message there is. */
#ifndef LIVE_CLIENT_H
#define LIVE_CLIENT_H

#include <sys/types.h>

#include "live_hub.h"

struct live_client;

enum live_from {
    LIVE_FROM_LATEST,   /* what the feed reads next */
    LIVE_FROM_EARLIEST, /* the oldest in the log */
    LIVE_FROM_TIME,     /* the first at or after from_ms */
    LIVE_FROM_POSITION, /* known: each follow's next */
};

struct live_request {
    const char *topics;         /* comma separated */
    const char *position;       /* what the client had last; NULL: this is its first connect */
    const char *position_field; /* where that came from, for the error */
    enum live_from from;        /* LATEST, EARLIEST or TIME, for a first connect */
    int64_t from_ms;
    bool envelope;
    void  (*wake)(void *ctx);   /* called by any thread, when a pull that answered LIVE_WAIT would have something; */
    void   *wake_ctx;           /* never after live_client_close. Must not block nor call back */
};

/* KL_INVALID names the field; KL_NOT_FOUND names the topic. KL_BUSY: too many streams, or too many that are behind;
 * or, with err->retry_after_s, the topic is not read yet. The client should come back later. */
KL_MUST_CHECK enum kl_code live_client_open(struct live_client **out, struct live *live,
                                            const struct live_request *request, struct kl_error *err);
void live_client_close(struct live_client *c);

/* Fills buf with the stream's next bytes and returns how many. LIVE_WAIT: nothing until wake is called.
 * LIVE_ABORT: no memory for an event; the client is to reconnect with its last position. */
enum { LIVE_WAIT = 0, LIVE_ABORT = -2 };
ssize_t live_client_pull(struct live_client *c, char *buf, size_t max);

/* ---- for live.c and live_catchup.c ---- */

enum live_job { LIVE_JOB_NONE, LIVE_JOB_WAITING, LIVE_JOB_RUNNING, LIVE_JOB_PARKED, LIVE_JOB_DRAINING };

struct live_client {
    struct live *live;
    void       (*wake)(void *ctx);
    void        *wake_ctx;
    bool         envelope;
    enum live_from from;
    int64_t      from_ms;
    _Atomic uint32_t refs;          /* the request, and the catch-up reader at work */
    _Atomic bool     idle;          /* the last pull answered LIVE_WAIT, and no wake came since */
    _Atomic int64_t  sent_us;       /* when the last bytes were handed over */
    TAILQ_ENTRY(live_client) link;  /* in live->clients */

    enum live_job job;              /* under the catch-up's lock, like job_link */
    TAILQ_ENTRY(live_client) job_link;

    pthread_mutex_t lock;           /* guards what follows */
    struct kl_buf queue;            /* events of the catch-up reader, not yet pulled */
    bool joined;                    /* behind the queue it goes on in the rings */
    bool gone;                      /* the request has ended */
    bool broken;                    /* the reader had no memory */

    /* the pulling thread's own */
    struct kl_buf out;              /* given out up to out_at */
    size_t out_at, turn;

    size_t n;
    struct live_follow follows[];   /* by name */
};

void live_client_ref(struct live_client *c);
void live_client_unref(struct live_client *c);
void live_client_wake(struct live_client *c);            /* if it is idle and not gone */
bool live_client_silent(const struct live_client *c, int64_t now_us); /* its heartbeat is due */
bool live_client_deliver(struct live_client *c, struct kl_buf *text); /* queues and empties text; false: gone */
void live_client_joined(struct live_client *c);
void live_client_break(struct live_client *c);
bool live_client_queued(struct live_client *c, size_t bytes); /* so many or more wait in its queue */
struct live_follow *live_client_find(struct live_client *c, const char *topic); /* NULL: does not follow it */

#endif
