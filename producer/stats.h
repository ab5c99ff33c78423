/* stats.h - the producer's metrics. Thread-safe. */
#ifndef PRODUCER_STATS_H
#define PRODUCER_STATS_H

#include <stdint.h>

struct outcome;
struct room;
struct topics;
struct idempotency;

enum stats_counter {
    STATS_REFUSED,      /* records refused before they were handed on */
    STATS_REPEATED,     /* records answered from the idempotency window */
    STATS_BLOCKS,       /* blocks of outcomes written */
    STATS_BLOCKS_LOST,  /* blocks, or outcomes, that could not be written */
    STATS_COUNTERS
};

void stats_add(enum stats_counter counter, int64_t n);
void stats_outcome(const struct outcome *o);

/* Registers them; the parts are read at each scrape and must live as long as the server. */
void stats_register(struct room *room, struct topics *topics, struct idempotency *window);

#endif
