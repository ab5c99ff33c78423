/* it_load.h - many connections that post single records until told to stop, and remember what was confirmed. */
#ifndef IT_LOAD_H
#define IT_LOAD_H

#include "it.h"

struct it_load;

/* Starts `connections` threads that post to path ("/produce/t/k"); they go on over broken connections and errors. */
struct it_load *it_load_start(const struct it_process *producer, int connections, const char *path);
long it_load_confirmed(struct it_load *load);   /* 200s so far */
void it_load_stop(struct it_load *load);        /* joins; what follows may be asked after it */
long it_load_dishonest(const struct it_load *load); /* answers that were neither 200 nor a clear error: problem+json */
/* Waits until so many were confirmed, and so many refused with a clear error, since its start; false: not within a minute. */
bool it_load_until(struct it_load *load, long confirmed, long refused);
/* Stops it, and asserts that every answer was 200 or a clear error, and that the consumer has exactly one receipt of each
 * 200, at the place that was answered. Frees it. */
void it_load_prove(struct it_load *load, const struct it_process *consumer, const char *topic);
void it_load_free(struct it_load *load);

#endif
