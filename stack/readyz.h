/* readyz.h - one question to a service of ours: are you ready, and if not, why? */
#ifndef STACK_READYZ_H
#define STACK_READYZ_H

#include <stdbool.h>
#include <stdint.h>

struct readyz {
    bool ready;
    bool alive;    /* it answers, whatever it says */
    char why[256]; /* not ready: in words, for a person; else "" */
};

/* Any thread; waits for timeout_ms at the longest. */
void readyz_ask(int64_t port, int64_t timeout_ms, struct readyz *out);

#endif
