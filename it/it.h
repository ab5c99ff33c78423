/* it.h - scenarios over real processes: a world of Kafka, producer, consumer, steward, seer and portal, in a folder of its own.
 *
 * A scenario starts what it needs on free ports, speaks HTTP to it, kills what it wants to, and ends its world:
 * no process, port or file is left. Kafka is shared by the scenarios of one `make it` (IT_KAFKA=host:port), unless a
 * scenario kills it and so wants its own. Topics are the scenario's own: it_topic() makes names from the world's.
 * Whatever goes wrong in here (a process that does not start) ends the test program with a sentence. */
#ifndef IT_H
#define IT_H

#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "clock.h"
#include "test.h"

enum it_part { IT_PRODUCER = 1, IT_CONSUMER = 2, IT_PORTAL = 4, IT_OWN_KAFKA = 8, IT_STEWARD = 16, IT_SEER = 32 };

struct it_process {
    const char *name;          /* "consumer" */
    pid_t       pid;           /* 0: not running */
    int         port;          /* stays the same over restarts */
    const char *env[12];       /* "NAME=value" rows besides the world's; set before it_start */
};

struct it_world {
    char name[32];             /* unique on this machine; the prefix of its topics */
    char dir[128];
    char kafka_address[64];
    struct it_process kafka, producer, consumer, steward, seer, portal;
};

/* *w is all zero but for the processes' env rows. 0, so that a suite can begin with it. */
int  it_begin(struct it_world *w, unsigned parts);
int  it_end(struct it_world *w);
void it_start(struct it_world *w, struct it_process *p);      /* waits until /readyz says 200 */
void it_start_only(struct it_world *w, struct it_process *p); /* waits until it listens */
int  it_stop(struct it_process *p, int signal);               /* waits for the end; the wait status */
int  it_free_port(void);                                      /* it and the next one are free just now */
/* The topic's full name; a static ring of buffers, good for eight calls. */
const char *it_topic(const struct it_world *w, const char *name);
long it_rss_kb(const struct it_process *p);

/* ---- HTTP ---- */
struct it_answer {
    int     status;
    char   *head, *body;
    size_t  len;
    json_t *json;              /* the body when it is JSON, else NULL */
};
/* format makes the path with its query. headers: "Name: value\nName: value" or NULL. Status 0: no answer came. */
struct it_answer it_call(const struct it_process *p, const char *method, const char *headers, const void *body,
                         size_t len, const char *format, ...) __attribute__((format(printf, 6, 7)));
struct it_answer it_get(const struct it_process *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct it_answer it_post(const struct it_process *p, const char *body, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void it_answer_free(struct it_answer *a);
bool        it_header(const struct it_answer *a, const char *name, char *out, size_t size);
const char *it_text(const struct it_answer *a, const char *member);   /* "" when absent */
int64_t     it_number(const struct it_answer *a, const char *member); /* INT64_MIN when absent */

/* A connection kept open, for load: one thread's. */
struct it_client;
struct it_client *it_client_new(const struct it_process *p);
void it_client_free(struct it_client *c);
/* Posts and returns the status, 0 when the connection broke; body (NUL-terminated) is borrowed until the next call. */
int it_client_post(struct it_client *c, const char *path, const char *body, size_t len, const char **answer);

/* ---- streams ---- */
struct it_event { const char *id, *event, *data; }; /* "" where absent; data of several lines has LF between */
/* Reads server-sent events until each() returns false, the server ends, or timeout_ms; the number of events. last_id may be
 * NULL. Comments count as events named ":" with the text as data. */
long it_sse(const struct it_process *p, const char *path, const char *last_id, int64_t timeout_ms,
            bool (*each)(void *ctx, const struct it_event *e), void *ctx);

/* ---- conditions ---- */
/* Calls holds(ctx) until it is true or the deadline; never sleeps longer than 20 ms between. */
bool it_until(int64_t deadline_ms, bool (*holds)(void *ctx), void *ctx);
/* Waits until the consumer has n messages of the topic. */
bool it_until_consumed(const struct it_process *consumer, const char *topic, int64_t n, int64_t deadline_ms);
/* Pages through /receipts?topic= and calls each() for every receipt; the number of receipts. */
long it_receipts(const struct it_process *consumer, const char *topic, void (*each)(void *ctx, json_t *receipt), void *ctx);

#endif
