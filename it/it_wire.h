/* it_wire.h - one HTTP/1.1 connection that is kept as a well-behaved client keeps it, and hides nothing.
 *
 * It sends each request once. libcurl, like browsers, silently sends again what a kept connection swallowed, and a load made
 * with it would call a roll clean that was not. As every client does, it looks before it sends whether the server has
 * closed a connection that lay idle, and opens another; and it lets go of one whose answer said Connection: close.
 * A wire belongs to one thread. */
#ifndef IT_WIRE_H
#define IT_WIRE_H

#include <stdint.h>

#include "buf.h"

enum it_wire_end {
    IT_WIRE_ANSWERED,
    IT_WIRE_NO_CONNECTION, /* nobody listens, or not within the timeout */
    IT_WIRE_CUT,           /* the connection ended before the whole answer was there */
    IT_WIRE_LATE,          /* no whole answer within the timeout */
    IT_WIRE_NONSENSE,      /* what came is no HTTP/1.1 answer */
    IT_WIRE_ENDS
};
extern const char *const it_wire_end_names[IT_WIRE_ENDS];

struct it_wire {
    char          host[128], port[8];
    int64_t       timeout_ms;
    int           fd;       /* -1: not connected */
    long          opened;   /* connections so far */
    int           status;   /* of the last answer */
    struct kl_buf in;       /* the last answer's head, then its body */
    const char   *body;     /* NUL-terminated, until the next call */
    size_t        body_len;
};

/* url: http://host:port, with or without a path; false: it is none. */
bool it_wire_init(struct it_wire *w, const char *url, int64_t timeout_ms);
void it_wire_fini(struct it_wire *w);
/* headers: whole lines, each with CR LF; "" for none. An answer of any status is IT_WIRE_ANSWERED. */
enum it_wire_end it_wire_call(struct it_wire *w, const char *method, const char *path, const char *headers, const char *body, size_t len);

#endif
