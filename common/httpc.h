/* httpc.h - one blocking HTTP request, for --healthcheck, the stack's self-test and the scenarios.
 * On libcurl; loads it at the first use. Not for handlers: they never block. Thread-safe. */
#ifndef KL_HTTPC_H
#define KL_HTTPC_H

#include <stdatomic.h>

#include "buf.h"
#include "err.h"

struct kl_httpc_answer {
    int           status;
    struct kl_buf head;   /* the raw header lines */
    struct kl_buf body;
};

struct kl_httpc_call {
    const char  *method;      /* NULL: GET */
    const char  *url;
    const char **headers;     /* "Name: value", ended by NULL; or NULL */
    const void  *body;
    size_t       len;
    int64_t      timeout_ms;  /* 0: 5,000 */
    bool         proxied;     /* the environment's http_proxy, https_proxy and no_proxy count: for hosts that are not ours */
    const atomic_bool *stop;  /* the call ends with KL_BUSY within a second or so when this becomes true; NULL: it never does */
};

/* KL_OK for every answer, whatever its status; KL_TIMEOUT; KL_BUSY: nobody listens there, or it was stopped. answer is the
 * caller's: kl_httpc_fini, also after a failure. Bodies over 64 MiB fail. */
KL_MUST_CHECK enum kl_code kl_httpc(const struct kl_httpc_call *call, struct kl_httpc_answer *answer,
                                    struct kl_error *err);
/* A header's value by name, copied into out (cut to size); false: absent. */
bool kl_httpc_header(const struct kl_httpc_answer *answer, const char *name, char *out, size_t size);
void kl_httpc_fini(struct kl_httpc_answer *answer);

#endif
