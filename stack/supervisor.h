/* supervisor.h - runs a stack: starts it, proves it, watches over it, stops it.
 *
 * Threads: main has the loop, the children, the logs and the signals; the prober (ready.h) has one for questions over
 * the network. */
#ifndef STACK_SUPERVISOR_H
#define STACK_SUPERVISOR_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "settings.h"

#define SUPERVISOR_UP SIGUSR1 /* `up`: start again what is down */

/* Runs until SIGTERM, SIGINT or SIGHUP; the exit code, as in docs/operations.md. screen: where progress is told; NULL:
 * in log/stack.log alone. parent: the process that started us, whose end is ours with END_WITH_PARENT. */
int supervisor_run(const struct stack_conf *conf, FILE *screen, pid_t parent);

#endif
