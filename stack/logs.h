/* logs.h - reading the logs that the supervisor writes. */
#ifndef STACK_LOGS_H
#define STACK_LOGS_H

#include <stdbool.h>
#include <stdint.h>

#include "home.h"

/* The log's size; 0: there is none. */
int64_t logs_size(int dir, const char *name);

/* Prints the whole lines of dir/name from the byte `from` on, each without its first `skip` characters, behind prefix;
 * returns where to go on. A log that has become shorter has been begun anew, and is shown from its start. */
int64_t logs_show(int dir, const char *name, int64_t from, int skip, const char *prefix);

/* The last lines of one service's log ("stack": the supervisor's), or of all; follow: and what comes, until a signal or
 * until nobody reads any more. KL_INVALID: no such log, the error names those there are. */
KL_MUST_CHECK enum kl_code logs_print(const struct home *h, const char *service, int64_t lines, bool follow, struct kl_error *err);

#endif
