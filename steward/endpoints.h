/* endpoints.h - the handlers that routes.c lists, a file each. */
#ifndef ENDPOINTS_H
#define ENDPOINTS_H

#include "http.h"

#define ANSWER_MAX_BYTES (64 * 1024 * 1024) /* the longest list: 10,000 topics have 3 MB */

kl_handle_fn cluster_get;   /* GET /cluster */

#endif
