/* relay_metrics.h - how the calls to each service ended. Thread-safe, without locks. */
#ifndef RELAY_METRICS_H
#define RELAY_METRICS_H

#include <curl/curl.h>

#include "upstream.h"

struct relays;

void relay_metrics_register(struct relays *all); /* once, before threads start; all lives for ever */
void relay_count(const struct upstream *to, CURLcode code);
void relay_count_left(const struct upstream *to); /* the client went away before the end */
void relay_count_refused(void);                   /* too many at once */

#endif
