/* child.h - one process we started: its group, its output, its end.
 *
 * A child leads a process group of its own, so that a terminal's Ctrl-C reaches the supervisor alone and we stop in
 * order. When the thread that spawned it dies, however that happens, the kernel kills it: nothing is left behind by a
 * kill -9 of the supervisor. So spawn from the main thread only. */
#ifndef STACK_CHILD_H
#define STACK_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "err.h"

struct child {
    pid_t pid; /* 0: none */
    int   out; /* what it says on stdout and stderr, non-blocking; -1: closed */
};
#define CHILD_NONE (struct child){ .pid = 0, .out = -1 }

/* Starts argv[0] with the environment. KL_NOT_FOUND: it cannot be run; the error says why. */
KL_MUST_CHECK enum kl_code child_spawn(struct child *c, char *const *argv, char *const *env, struct kl_error *err);

void child_signal(const struct child *c, int signal); /* to its whole group */

/* Has it ended? Then whatever it left in its group is killed, *status is waitpid's, and pid is 0; out stays open, what
 * it said last can still be read. */
bool child_ended(struct child *c, int *status);
void child_close(struct child *c); /* its output; asserts that it has ended */

/* "exited with 1", "killed by signal 9 (Killed)" */
void child_status_text(int status, char *out, size_t size);

#endif
