/* err.h - how a failure travels: a code to act on, a sentence to read.
 *
 * A function that the world can make fail returns an enum kl_code and fills the
 * caller's struct kl_error. A caller's mistake is not an error but an assertion.
 * Everything here is thread-safe: a kl_error belongs to whoever declared it. */
#ifndef KL_ERR_H
#define KL_ERR_H

#include <stdbool.h>
#include <stdint.h>

/* Each code is something a caller does differently; the HTTP status of each
 * stands in problem.c's table. */
enum kl_code {
    KL_OK = 0,
    KL_INVALID,      /* the input is wrong and will stay wrong         400 */
    KL_UNAUTHORIZED, /* no token, or not this one                      401 */
    KL_FORBIDDEN,    /* known, and not allowed: Origin, Host, an internal topic, ACLs, read-only 403 */
    KL_NOT_FOUND,    /*                                                404 */
    KL_BAD_METHOD,   /* the path exists, not with this method          405 */
    KL_SLOW_CLIENT,  /* the request did not arrive within its time     408 */
    KL_CONFLICT,     /* contradicts what stands                        409 */
    KL_GONE,         /* was there, retention removed it                410 */
    KL_TOO_LARGE,    /* limit says how much would have passed          413 */
    KL_UNSUPPORTED,  /* a content type or encoding that is not read    415 */
    KL_LIMITED,      /* this client's own limit; try again later       429 */
    KL_BROKEN,       /* our fault                                      500 */
    KL_UPSTREAM,     /* the peer behind us answered nonsense           502 */
    KL_BUSY,         /* refused early; try again later                 503 */
    KL_TIMEOUT,      /* the peer behind us did not answer in time      504 */
    KL_CODES
};

struct kl_error {
    enum kl_code code;
    char         field[64];     /* the input that is wrong ("partition"); "" when none is */
    int64_t      limit;         /* the bound it broke; 0 when none did */
    int32_t      line, column;  /* in a JSON text, from 1; 0 when not known */
    int32_t      retry_after_s; /* 0: the problem table's default for the code */
    const char  *persisted;     /* "no" or "possibly" (static); NULL when nothing was sent to Kafka */
    char         text[256];     /* one sentence for a person, without a full stop */
};

#define KL_MUST_CHECK __attribute__((warn_unused_result))

/* Resets *err, fills code and text, returns code. err may be NULL. */
enum kl_code kl_fail(struct kl_error *err, enum kl_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, naming the field of the input that is wrong. */
enum kl_code kl_fail_field(struct kl_error *err, enum kl_code code, const char *field,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same, with the limit that was broken. */
enum kl_code kl_fail_limit(struct kl_error *err, enum kl_code code, const char *field,
                           int64_t limit, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Stays in releases: prints the expression, aborts, is restarted. For invariants. */
#define kl_assert(expression) \
    ((expression) ? (void)0 : kl_assert_failed(#expression, __FILE__, __LINE__))
_Noreturn void kl_assert_failed(const char *expression, const char *file, int line);

#endif
