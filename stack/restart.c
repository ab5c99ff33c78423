/* restart.c - see restart.h. */
#include "restart.h"

static size_t recent(const struct restarts *r, int64_t now_ms)
{
    size_t kept = r->total < RESTARTS_MAX ? r->total : RESTARTS_MAX;
    size_t n = 0;
    size_t i;

    for (i = 0; i < kept; i++)
        n += r->at_ms[i] > now_ms - RESTARTS_WINDOW_MS;
    return n;
}

int64_t restarts_next(struct restarts *r, int64_t now_ms)
{
    size_t n = recent(r, now_ms);

    if (n == RESTARTS_MAX)
        return -1;
    r->at_ms[r->total++ % RESTARTS_MAX] = now_ms;
    return (int64_t)RESTART_FIRST_MS << n;
}
