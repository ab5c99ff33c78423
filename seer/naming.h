/* naming.h - ?source=, ?title= and ?tags= of a call that brings a text. */
#ifndef NAMING_H
#define NAMING_H

#include "http.h"

struct naming {
    const char *source, *title, *tags; /* the request's; NULL: absent or empty */
};

/* KL_INVALID: longer than INDEX_NAME_MAX or not UTF-8, naming the field. */
KL_MUST_CHECK enum kl_code naming_read(struct kl_request *r, struct naming *out, struct kl_error *err);

#endif
