/* multipart.h - the parts of a multipart/form-data body (RFC 7578) that is whole in memory. Pure; any thread.
 *
 *     multipart_begin(&it, content_type, body, len, err)
 *     while (!multipart_next(&it, &part, &more, err) && more)
 */
#ifndef MULTIPART_H
#define MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define MULTIPART_NAME_MAX  1024 /* bytes of a file's name */
#define MULTIPART_TYPE_MAX  256
#define MULTIPART_PARTS_MAX 1000 /* of one body */

struct multipart {
    char        mark[80];    /* "--boundary": at most 70 characters (RFC 2046) */
    size_t      mark_len;
    const char *at, *end;    /* what is left, from behind a boundary */
    int         parts;       /* that were told */
};

struct multipart_part {
    char        filename[MULTIPART_NAME_MAX + 1]; /* the last step of what was sent; "" when it is no file */
    char        type[MULTIPART_TYPE_MAX + 1];     /* "" when it has none */
    const char *data;                             /* into the body */
    size_t      len;
};

/* Is this content type multipart/form-data? */
bool multipart_is(const char *content_type);

/* KL_INVALID: no boundary, or the body does not begin with it. */
KL_MUST_CHECK enum kl_code multipart_begin(struct multipart *m, const char *content_type, const char *body, size_t len, struct kl_error *err);
/* *more false: there are no more parts. KL_INVALID: a part without its head or its end; KL_TOO_LARGE: too many parts, or a name too long. */
KL_MUST_CHECK enum kl_code multipart_next(struct multipart *m, struct multipart_part *part, bool *more, struct kl_error *err);

#endif
