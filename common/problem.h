/* problem.h - errors as RFC 9457 application/problem+json.
 *
 *     {"type":"urn:kafkloud:problem:too-large","title":"Too large","status":413,
 *      "detail":"the value has 1048577 bytes, 1048576 may pass","field":"value","limit":1048576}
 *
 * Members beside RFC 9457's are present only when the kl_error has them: field, limit, line, column,
 * retry_after_s, persisted. Thread-safe. */
#ifndef KL_PROBLEM_H
#define KL_PROBLEM_H

#include "buf.h"
#include "err.h"

#define KL_PROBLEM_TYPE "application/problem+json"

struct kl_problem {
    int         status;
    const char *slug;          /* too-large */
    const char *title;         /* Too large */
    int         retry_after_s; /* the default Retry-After; 0: none is sent */
};

/* The row of a code; KL_OK is an assertion. */
const struct kl_problem *kl_problem(enum kl_code code);

/* Appends the JSON object, without a newline. id: the message's, NULL when it has none. */
bool kl_problem_json(struct kl_buf *out, const struct kl_error *err, const char *id);

#endif
