/* http_internal.h - what the files behind http.h share. Nobody else includes it.
 *
 *   http.c           start, the shutdown's steps
 *   http_door.c      the listening socket, accepting, placing connections; runs the sweep
 *   http_lane.c      the HTTP threads
 *   http_cycle.c     libmicrohttpd's callbacks: a connection's life, a request's stages
 *   http_body.c      limits, collecting, draining what was refused
 *   http_request.c   getters
 *   http_reply.c     answers
 *   http_stream.c    suspending, streams, waking
 *   http_route.c     the table
 *   http_guard.c     token, Host, Origin, CORS
 *   http_deadline.c  slow clients
 *   http_stats.c     metrics
 *   http_uri.c       a request's URI: copied, checked, decoded
 *   http_url.c       percent-encoding
 *
 * Threads: the door's thread accepts and sweeps; each lane is one thread with one libmicrohttpd daemon that has no
 * listening socket, and a connection stays in its lane. (With libmicrohttpd's own pool, which shares the listening
 * socket, whichever thread wakes first takes up to ten connections in a row, and streams stay where they fell.)
 * A kl_request belongs to a connection and is used again for each request on it, so nothing is allocated in the
 * common case. It is touched by its lane's thread; by others only through its atomics. */
#ifndef KL_HTTP_INTERNAL_H
#define KL_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "clock.h"
#include "http.h"
#include "log.h"
#include "problem.h"

/* What libmicrohttpd holds a connection: the request line and headers while they are read, and what is written.
 * It zeroes all of this at each request's end: with 16 kB a request cost a tenth more. */
#define KL_HTTP_POOL_BYTES (8 * 1024)
#define KL_HTTP_LANES_MAX  256            /* HTTP_THREADS' maximum */
#define KL_SEGMENTS_MAX    16             /* of a path; the longest route has 4 */
#define KL_PARAMS_MAX      8
#define KL_HEADERS_MAX_BYTES (4 * 1024)   /* an answer's own headers: they must fit the pool */
#define KL_KEEP_BYTES      (4 * 1024)     /* a buffer larger than this is freed at its request's end */
#define KL_ANSWER_MAX_BYTES (256 * 1024 * 1024)
#define KL_RATE_MIN_BYTES_S (64 * 1024)   /* beyond its timeout, a body in either direction must go at least this fast */
#define KL_WAIT_BODY_BYTES (64 * 1024)    /* an early answer waits for so much of a refused body, to keep the connection */
#define KL_DRAIN_MAX_BYTES (1024 * 1024)  /* and goes on discarding so much, so that a client still writing can read it */
#define KL_LINGER_MS       5000           /* and so long */

struct kl_span {
    uint32_t at, len;
};

/* ---- http_route.c ---- */
struct kl_segment {
    const char *text;     /* borrowed from the route; a parameter's name without braces */
    size_t      len;
    bool        param;
};
struct kl_rule {
    const struct kl_route *route;
    size_t                 n;
    struct kl_segment      segment[KL_SEGMENTS_MAX];
};
struct kl_router {
    struct kl_rule *rules; /* in the table's order: the first that matches is taken */
    size_t          n;
};
struct kl_match {
    const struct kl_rule *rule;
    struct kl_span        param[KL_PARAMS_MAX]; /* within path, raw; in the order of the rule */
};
#define KL_ALLOW_BYTES 64
/* Asserts what a table must keep to. false: no memory. */
bool kl_router_init(struct kl_router *router, const struct kl_route *routes);
void kl_router_fini(struct kl_router *router);
/* KL_OK; KL_NOT_FOUND; KL_BAD_METHOD: the path has other methods. */
enum kl_code kl_router_find(const struct kl_router *router, const char *method, const char *path, size_t len,
                            struct kl_match *match);
/* "GET, HEAD, POST, OPTIONS" of a path; path "*" means all. "" when nothing is there. */
void kl_router_allow(const struct kl_router *router, const char *path, size_t len, char allow[KL_ALLOW_BYTES]);

/* ---- http_stats.c ---- */
#define KL_STAT_CLASSES 6 /* [0] ended without an answer, [1] 1xx .. [5] 5xx */
#define KL_STAT_BOUNDS  14
/* One a lane, so that threads do not share the cache lines they count on. */
struct kl_http_stats {
    _Alignas(64) _Atomic uint64_t requests[KL_STAT_CLASSES];
    _Atomic uint64_t duration[KL_STAT_BOUNDS + 1];
    _Atomic uint64_t duration_sum_us;
    _Atomic int64_t  in_flight, streams, connections;
    _Atomic uint64_t slow;    /* clients cut by a deadline */
    _Atomic uint64_t closed;  /* connections over the maximum, closed at accept */
};
struct kl_http_stats *kl_http_stats(size_t lane); /* static memory; registers the metrics at its first call */
void kl_http_stats_request(struct kl_http_stats *s, int status, int64_t us, bool timed);
static inline void kl_stat_add(_Atomic int64_t *n, int64_t d)
{
    atomic_fetch_add_explicit(n, d, memory_order_relaxed);
}

/* ---- the server ---- */
struct kl_lane {
    struct kl_http       *http;
    struct MHD_Daemon    *daemon;
    struct kl_http_stats *stats;
    int                   epoll_fd;    /* the daemon's */
    int                   pipe[2];     /* new sockets, and wakes */
    pthread_t             thread;
    bool                  running;
    uint64_t              served;      /* callbacks so far; the lane's thread only, like the next */
    unsigned              empty_rounds; /* in a row, with libmicrohttpd saying that there is work */
    _Atomic int64_t       connections; /* placed here and not yet closed; the door picks the lane with the fewest */
    _Atomic int64_t       in_flight;   /* requests, streams not counted */
    _Atomic int           pending;     /* enum kl_pending: what came from other threads */
    _Atomic bool          asleep, stop;
    pthread_mutex_t       lock;        /* guards what follows, and that a socket in the list is still open: held
                                        * while the sweep shuts one down, taken before libmicrohttpd closes one */
    struct kl_request    *first;
};

struct kl_http {
    struct kl_http_conf conf;          /* its strings are borrowed: they are settings */
    struct kl_router    router;
    struct kl_lane     *lanes;
    size_t              n_lanes;
    bool                loopback;
    char                own_host[64];  /* the bound address as a Host header has it */
    char                slow_answer[512]; /* a whole 408, ready to be sent from the sweep */
    size_t              slow_answer_len;

    int                 listen_fd, port;
    int                 door_wake_fd;
    pthread_t           door;
    _Atomic bool        door_stop;

    _Atomic bool        lame;          /* answers carry Connection: close, streams end */
    _Atomic bool        refusing;      /* new requests get 503 */
    pthread_mutex_t     idle_lock;     /* for idle */
    pthread_cond_t      idle;          /* in_flight became 0 while refusing */
};

enum kl_stage {
    KL_STAGE_NEW,    /* the request line is there, or nothing */
    KL_STAGE_BODY,   /* the headers are there: begin has run, the body comes */
    KL_STAGE_RUN,    /* all is there: handle has run */
    KL_STAGE_DRAIN,  /* answered past libmicrohttpd's back; the rest of the body is thrown away */
};

enum kl_answer_kind { KL_ANSWER_NONE, KL_ANSWER_OUT, KL_ANSWER_STATIC, KL_ANSWER_STREAM };

struct kl_answer {
    enum kl_answer_kind kind;
    int                 status;
    bool                queued;        /* handed to libmicrohttpd, or sent */
    const void         *data;          /* STATIC */
    int64_t             size;
    kl_pull_fn         *pull;          /* STREAM */
};

enum kl_wake { KL_AWAKE, KL_ASLEEP, KL_WOKEN };

struct kl_request {
    /* the connection's */
    struct kl_http        *http;
    struct kl_lane        *lane;
    struct MHD_Connection *connection;
    int                    fd;         /* libmicrohttpd's; valid while this is in the lane's list */
    struct kl_request     *next, *prev;
    _Atomic uint64_t       clock;      /* http_deadline.c: what it waits for, and until when */
    _Atomic int            wake;       /* enum kl_wake, of a stream */
    _Atomic bool           suspended;  /* by kl_request_suspend, and not yet resumed */
    void                  *memory;     /* kl_request_memory's */
    size_t                 memory_size;

    /* the request's */
    enum kl_stage          stage;
    bool                   broken;     /* close without an answer */
    bool                   parked;     /* suspended during the call under way */
    bool                   counted;    /* in in_flight, or in streams */
    bool                   streaming, is_head, is_1_0, chunked, has_body;
    bool                   answer_first; /* an early answer goes out before the body comes, and closes: the client
                                          * waits for it (Expect), or where the body ends is not certain */
    const char            *method;     /* libmicrohttpd's, like the next five */
    const char            *uri, *path;
    const char            *host, *origin, *authorization;
    struct kl_buf          text;       /* the raw URI, NUL, and as many bytes again: its decoded parts, each at
                                        * the same offset as in the raw text, so getters never move anything */
    uint32_t               uri_len, path_at, path_len, query_at; /* query_at 0: none */
    struct kl_match        match;
    struct kl_span         param[KL_PARAMS_MAX];  /* decoded, within the second half of text */
    int64_t                declared;   /* Content-Length, or -1 */
    int64_t                received;   /* bytes of the body so far, refused ones included */
    int64_t                refused_at; /* received, when the answer went out in stage DRAIN */
    int64_t                body_max;
    int64_t                start_mono_us;
    int64_t                receive_due_ms; /* the absolute bound, without what the body's size adds */
    int64_t                parked_ms;  /* when the body's reading was suspended; 0: it is not */
    struct kl_buf          body;
    struct kl_buf          headers;    /* of the answer: name NUL value NUL ... */
    struct kl_buf          out;        /* KL_ANSWER_OUT's bytes */
    struct kl_answer       answer;
    kl_handle_fn          *then;
    void                  *attached;
    void                 (*release)(void *p);
    char                   client[48];
};

/* ---- http_deadline.c ---- */
enum kl_phase {
    KL_PHASE_HELD,      /* ours to answer: no deadline */
    KL_PHASE_IDLE,      /* between requests */
    KL_PHASE_RECEIVING, /* cut with a 408 */
    KL_PHASE_SENDING,
    KL_PHASE_CUT,       /* the sweep has shut the socket: only closing is left */
};
static inline int64_t kl_coarse_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
/* Lane's thread. false: the sweep was first, and the connection is over. */
bool    kl_deadline_set(struct kl_request *r, enum kl_phase phase, int64_t due_ms);
bool    kl_deadline_cut(const struct kl_request *r);
int64_t kl_deadline_for(int64_t from_ms, int64_t timeout_ms, int64_t bytes); /* the timeout, and the bytes at the minimum rate */
void    kl_deadline_sweep(struct kl_http *h, int64_t now_ms);                /* door's thread */
int64_t kl_deadline_tick_ms(const struct kl_http_conf *conf);
bool    kl_deadline_init(struct kl_http *h);                                 /* writes slow_answer; false: no memory */

/* ---- http_door.c ---- */
KL_MUST_CHECK enum kl_code kl_door_listen(struct kl_http *h, struct kl_error *err);
KL_MUST_CHECK enum kl_code kl_door_open(struct kl_http *h, struct kl_error *err); /* starts the thread */
void kl_door_close(struct kl_http *h);                                        /* joins it, closes the socket */

/* ---- http_lane.c ---- */
KL_MUST_CHECK enum kl_code kl_lane_start(struct kl_lane *lane, struct kl_error *err);
void kl_lane_stop(struct kl_lane *lane);
enum kl_pending { KL_PENDING_RESUMED = 1, KL_PENDING_ARRIVED = 2, KL_PENDING_CUT = 4 };
void kl_lane_wake(struct kl_lane *lane, enum kl_pending what); /* any thread */
bool kl_lane_place(struct kl_lane *lane, int fd);              /* door's thread: takes fd on success */

/* ---- http_cycle.c ---- */
void kl_cycle_connection(void *lane, struct MHD_Connection *connection, void **context,
                         enum MHD_ConnectionNotificationCode code);
void *kl_cycle_uri(void *lane, const char *uri, struct MHD_Connection *connection);
size_t kl_cycle_unescape(void *lane, struct MHD_Connection *connection, char *text);
enum MHD_Result kl_cycle_call(void *lane, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *len, void **context);
void kl_cycle_leave(struct kl_request *r); /* it no longer counts as in flight */
void kl_cycle_completed(void *lane, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode code);

/* ---- http_uri.c ---- */
bool kl_uri_take(struct kl_request *r, const char *uri);   /* false: no memory */
enum kl_code kl_uri_check(struct kl_request *r, const char *version, struct kl_error *err); /* and takes an absolute URI's host */
enum kl_code kl_uri_decode(struct kl_request *r, struct kl_error *err); /* with the rule found: its parameters; checks the query */
/* Decodes a part of the raw text into the second half, at its own offset; its length there, or -1: a bad escape. Doing
 * it again gives the same bytes. */
ssize_t kl_uri_part(const struct kl_request *r, uint32_t at, uint32_t len);

/* ---- http_body.c ---- */
/* Reads the framing and keeps the headers that every request needs, in one pass. */
enum kl_code kl_body_framing(struct kl_request *r, struct kl_error *err);
enum kl_code kl_body_admit(struct kl_request *r, struct kl_error *err); /* the declared size against the route's limit */
void kl_body_piece(struct kl_request *r, const char *data, size_t *len); /* *len: what is left */
void kl_body_unpark(struct kl_request *r);      /* a suspended reading goes on */
/* An answer is there and the body is not: answer now, or let some more come first. headers: nothing has come yet. */
void kl_body_refused(struct kl_request *r, bool headers);

/* ---- http_guard.c ---- */
bool kl_guard_is_loopback(const char *address);
enum kl_code kl_guard_start(const struct kl_http_conf *conf, struct kl_error *err);
enum kl_code kl_guard_check(struct kl_request *r, const struct kl_route *route, struct kl_error *err);
bool kl_guard_token(const char *authorization, const char *token);
void kl_guard_cors(struct kl_request *r);                                    /* the headers of an answer */
void kl_guard_options(struct kl_request *r, const char *allow);              /* answers OPTIONS */

/* ---- http_reply.c ---- */
void kl_reply_queue(struct kl_request *r);      /* to libmicrohttpd; sets broken when that fails */
void kl_reply_raw(struct kl_request *r);        /* straight to the socket; only what is in memory */

/* ---- http_stream.c ---- */
ssize_t kl_stream_pull(void *request, uint64_t pos, char *buf, size_t max);
void    kl_stream_wake_all(struct kl_http *h);
bool    kl_client_left(const struct kl_request *r); /* has the client closed, with nothing left to read? One system call */

#endif
