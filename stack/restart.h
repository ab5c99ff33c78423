/* restart.h - whether, and how soon, a service that died is started again.
 *
 * A service that dies now and then comes back at once; one that dies at each start is tried a few times, ever later,
 * and then left down, so that a person reads why instead of watching it die. */
#ifndef STACK_RESTART_H
#define STACK_RESTART_H

#include <stddef.h>
#include <stdint.h>

#define RESTARTS_MAX       5               /* in the window; the sixth death within it is the last */
#define RESTARTS_WINDOW_MS (5 * 60 * 1000)
#define RESTART_FIRST_MS   200             /* doubled for each restart within the window */

struct restarts { /* all zero to begin with */
    int64_t at_ms[RESTARTS_MAX]; /* a ring of the last restarts' times */
    size_t  total;               /* since the beginning */
};

/* A death at now_ms: after how many milliseconds to start again, or -1 to leave it down. */
int64_t restarts_next(struct restarts *r, int64_t now_ms);

#endif
