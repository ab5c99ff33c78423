/* reading.h - requests that are answered from the store.
 *
 * What SQLite knows is microseconds away, so it is read on the HTTP thread itself. PostgreSQL may be slow, or hang, and an
 * HTTP thread never waits: there the request is suspended, one of a few threads reads, and the answer goes out on the HTTP
 * thread. A handler need not know which of the two it is: it reads its request, and calls reading_do(), last of all. */
#ifndef READING_H
#define READING_H

#include "http.h"
#include "readers.h"

struct readings;

struct readings_conf {
    struct readers *readers;     /* borrowed */
    int64_t         threads;     /* that read; 0: the HTTP threads themselves */
    int64_t         waiting_max; /* requests that wait for one of them */
};

KL_MUST_CHECK enum kl_code readings_open(struct readings **out, const struct readings_conf *conf, struct kl_error *err);
/* Refuses what waits and waits for what is being read, so that every suspended request is resumed. What comes after is
 * refused. NULL is fine. */
void readings_end(struct readings *rs);
void readings_close(struct readings *rs); /* after kl_http_stop and readings_end; NULL is fine */

/* What r has attached, as its first member. */
struct reading {
    /* Asks the store, and makes what reply sends; may be called again. It may be on another thread: what the request's
     * getters returned is there all the same, but nothing is answered from here. */
    enum kl_code (*read)(struct reading *rd, struct reader *reader, struct kl_error *err);
    /* On the HTTP thread. err->code: read's error, or why nothing could be read; else KL_OK. */
    void (*reply)(struct kl_request *r, struct reading *rd, const struct kl_error *err);

    struct kl_request *request; /* this and what follows are the module's */
    int64_t            due_us;
    struct kl_error    err;
};

void reading_do(struct kl_request *r, struct readings *rs, struct reading *rd);

/* Calls read on this thread, where that means no waiting. false: it would, nothing was read. */
bool reading_now(struct readings *rs, struct reading *rd, struct kl_error *err);

/* For what reads much: is the time over that a request may take of a thread? */
bool reading_late(const struct reading *rd);

int64_t readings_waiting(const struct readings *rs); /* for /metrics */

#endif
