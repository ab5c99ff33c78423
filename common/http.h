/* http.h - the HTTP server every service shares, on libmicrohttpd.
 *
 * A service hands over a table of routes. Everything that must hold on each door is done here, once:
 * routing on raw path segments (each decoded after), body maxima, tokens, Host and Origin checks, CORS,
 * deadlines for slow clients, problem+json errors, metrics, the shutdown order.
 *
 * Threads: handlers run on one of `threads` HTTP threads and never block. What must wait calls
 * kl_request_suspend() and hands the request to whoever finishes it; that thread calls
 * kl_request_resume(), and the `then` function runs on the request's HTTP thread again. A suspended
 * request stays valid until it is resumed, even when its client has gone, so it must be resumed exactly
 * once. A stream (kl_reply_stream) is woken with kl_request_wake(), any number of times.
 *
 * Memory: a request and what it holds belong to this module; everything a getter returns is borrowed
 * until the answer is queued. kl_request_attach() makes a request own something of the handler's. */
#ifndef KL_HTTP_H
#define KL_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

#include "buf.h"
#include "err.h"

struct kl_http;
struct kl_request;

typedef void kl_handle_fn(struct kl_request *r);

/* A piece of the body. Returns how many bytes it took; fewer than len means: enough for now, and the
 * handler has called kl_request_suspend() (with then NULL, and only then); the rest comes again after the
 * resume. It may also answer (an error): what is left of the body is then thrown away. */
typedef size_t kl_body_fn(struct kl_request *r, const char *data, size_t len);

enum kl_route_flags {
    KL_ROUTE_OPEN    = 1, /* no token needed: health pages and static files */
    KL_ROUTE_CHANGES = 2, /* changes something: Host and Origin are checked (DESIGN promise 5), refused while draining */
    KL_ROUTE_STREAM  = 4, /* may last: not waited for when draining, not in the latency histogram */
    KL_ROUTE_PREFIX  = 8, /* matches every path that starts so; kl_request_tail() tells the rest */
};

struct kl_route {
    const char   *method;         /* "GET" (answers HEAD too), "POST", ...; "*" any */
    const char   *path;           /* "/produce/{topic}/{key}"; {x} matches one segment, also an empty last one */
    const int64_t *body_max_bytes; /* where the limit stands (a setting); NULL: no body is read, one sent is refused with 413 */
    kl_handle_fn *handle;         /* called once, when the body is complete */
    kl_handle_fn *begin;          /* called when the headers are there, before the body; may answer (refuse early) or attach; NULL: none */
    kl_body_fn   *body;           /* takes the body piece by piece; NULL: it is collected, kl_request_body() */
    unsigned      flags;
    const char   *query;          /* the names it takes, "topic, since, limit", "" none: another name, or a NUL in a value, is
                                   * refused with 400; NULL: it takes any query */
};

struct kl_http_conf {
    const char *service;            /* for logs and metrics */
    const char *address;            /* "127.0.0.1", "::1", "0.0.0.0" */
    int64_t     port;               /* 0: a free one */
    int64_t     threads;            /* 0: one a core */
    int64_t     connections_max;    /* over it: the connection is closed at accept; 0: 10,000 */
    int64_t     idle_timeout_ms;    /* between requests, its first line included; 0: a minute */
    int64_t     request_timeout_ms; /* from a request's first line until its last byte, and for an answer to be taken; both may
                                     * take longer as far as they go at 64 kB/s; 0: 30 s */
    const char *token;              /* bearer token; NULL: none */
    bool        allow_open;         /* beyond loopback without a token */
    const char *cors_origin;        /* "*", an origin, or NULL: no CORS headers */
    void       *ctx;                /* the service's state, for kl_request_ctx() */
    const struct kl_route *routes;  /* terminated by a row without method; borrowed for ever */
    bool      (*gate)(struct kl_request *r); /* called before every route that is not OPEN or may be NULL; false: it answered */
    void      (*every_answer)(struct kl_request *r); /* adds headers (kl_reply_header) to each answer, refusals included; NULL: none */
};

/* Binds and starts. KL_INVALID: an address beyond loopback without token or allow_open, or a bad address;
 * KL_BROKEN: the port is taken (the error names it). */
KL_MUST_CHECK enum kl_code kl_http_start(struct kl_http **out, const struct kl_http_conf *conf,
                                         struct kl_error *err);
int  kl_http_port(const struct kl_http *h);

/* The shutdown, in this order (service.h's kl_service_wind_down does it):
 * 1. kl_http_lame_duck: everything still works, answers carry Connection: close, streams end.
 * 2. kl_http_refuse: new requests get 503; returns when none is in flight or after wait_ms; true: none is left.
 * 3. the service ends what its suspended requests wait for, so that each is resumed.
 * 4. kl_http_stop: ends streams, joins the threads, frees. A request that is still suspended then is a
 *    caller's mistake (libmicrohttpd would abort): asserted. NULL is fine. */
void kl_http_lame_duck(struct kl_http *h);
bool kl_http_refuse(struct kl_http *h, int64_t wait_ms);
void kl_http_stop(struct kl_http *h);

/* ---- reading a request (HTTP thread) ---- */
void       *kl_request_ctx(const struct kl_request *r);
const char *kl_request_method(const struct kl_request *r);
const char *kl_request_path(const struct kl_request *r);    /* raw, without the query */
const char *kl_request_tail(const struct kl_request *r);    /* of a PREFIX route: the raw rest, query included */

/* A decoded path segment by its {name}; len may be NULL. Never NULL for a name that is in the route. May hold
 * any byte, NUL included (%00), so mind len; it is NUL-terminated besides. */
const char *kl_request_param(const struct kl_request *r, const char *name, size_t *len);
/* A decoded query value; NULL: absent. Repeats: the first. len may be NULL. Where the route names what it takes: text without NUL. */
const char *kl_request_query(const struct kl_request *r, const char *name, size_t *len);
/* A query value as a number in min..max: def when absent; KL_INVALID naming the field otherwise. */
KL_MUST_CHECK enum kl_code kl_request_query_int(const struct kl_request *r, const char *name, int64_t min,
                                                int64_t max, int64_t def, int64_t *out, struct kl_error *err);
const char *kl_request_header(const struct kl_request *r, const char *name); /* any case; NULL: absent */
/* Calls each(ctx, name, value, value_len) for every header; stops when it returns false. A NUL byte in a value ends it. */
void        kl_request_headers(const struct kl_request *r,
                               bool (*each)(void *ctx, const char *name, const char *value, size_t len), void *ctx);
const char *kl_request_body(const struct kl_request *r, size_t *len); /* the collected body */
int64_t     kl_request_body_declared(const struct kl_request *r);     /* Content-Length; -1: chunked or none */
const char *kl_request_client(const struct kl_request *r);            /* the peer's address as text, without port */

/* size bytes, zeroed, the request's until what is attached is released. They stay the connection's, so that its next request
 * takes none from the heap. Once a request; NULL: no memory. */
void *kl_request_memory(struct kl_request *r, size_t size);
/* The request owns p from now on: release(p) when the request has ended. One at a time (asserted). */
void  kl_request_attach(struct kl_request *r, void *p, void (*release)(void *p));
void *kl_request_attached(const struct kl_request *r);

/* ---- waiting ---- */
/* The handler returns without an answer; `then` runs on the HTTP thread after the resume (NULL only inside
 * a kl_body_fn). Call it before handing r to another thread. */
void kl_request_suspend(struct kl_request *r, kl_handle_fn *then);
void kl_request_resume(struct kl_request *r);   /* any thread; exactly once a suspend */

/* ---- answering (HTTP thread; exactly one kl_reply* a request) ---- */
void kl_reply_header(struct kl_request *r, const char *name, const char *value); /* before kl_reply*; copied */
void kl_reply(struct kl_request *r, int status, const char *type, const void *body, size_t len); /* copied */
void kl_reply_static(struct kl_request *r, int status, const char *type, const void *body, size_t len); /* borrowed for ever */
void kl_reply_buf(struct kl_request *r, int status, const char *type, struct kl_buf *body); /* takes the bytes; body is empty after */
void kl_reply_json(struct kl_request *r, int status, json_t *doc);             /* takes doc */
void kl_reply_error(struct kl_request *r, const struct kl_error *err);         /* problem+json, Retry-After where due */
/* The same with a body of one's own (problem.h); takes its bytes. */
void kl_reply_problem(struct kl_request *r, const struct kl_error *err, struct kl_buf *json);

/* A body made while it is sent. pull fills buf and returns how much; KL_STREAM_WAIT: nothing now, call again after
 * kl_request_wake(); KL_STREAM_END: done; KL_STREAM_ABORT: cut the connection, so that the client sees it was not
 * whole. pull runs on the request's HTTP thread. When the server stops, or the client has gone, pull is not called
 * again and what was attached is released. size: the whole length, or -1 for chunked. */
enum { KL_STREAM_WAIT = 0, KL_STREAM_END = -1, KL_STREAM_ABORT = -2 };
typedef ssize_t kl_pull_fn(struct kl_request *r, char *buf, size_t max);
void kl_reply_stream(struct kl_request *r, int status, const char *type, int64_t size, kl_pull_fn *pull);
void kl_request_wake(struct kl_request *r);     /* any thread, any number of times until what is attached is released */

/* ---- text helpers, usable without a server (unit-tested and fuzzed) ---- */
/* Decodes %XX in place; '+' stays. Returns the new length, or -1: a bad escape. */
ssize_t kl_url_decode(char *text, size_t len);
bool    kl_url_encode(struct kl_buf *out, const char *text, size_t len); /* one path segment or query value */

#endif
