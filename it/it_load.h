/* it_load.h - many connections that post single records until told to stop, and remember what was confirmed. */
#ifndef IT_LOAD_H
#define IT_LOAD_H

#include "it.h"

struct it_load;

/* Starts `connections` threads that post to path ("/produce/t/k"); they go on over broken connections and errors. */
struct it_load *it_load_start(const struct it_process *producer, int connections, const char *path);
long it_load_confirmed(struct it_load *load);   /* 200s so far */
void it_load_stop(struct it_load *load);        /* joins; what follows may be asked after it */
long it_load_refused(const struct it_load *load);  /* answers of 4xx and 5xx with a problem+json body */
long it_load_dishonest(const struct it_load *load); /* any other answer: neither 200 nor a clear error */
/* Asks the consumer for every confirmed id: how many lack a receipt, how many have another place than was answered, and
 * how many have duplicates. */
struct it_verdict { long missing, misplaced, duplicated; };
struct it_verdict it_load_verify(const struct it_load *load, const struct it_process *consumer);
void it_load_free(struct it_load *load);

#endif
