/* control.h - what one does to a stack from outside: up, down, ps, logs. Each returns an exit code.
 *
 * They know the supervisor by the lock it holds, speak to it in signals, and read its state and its logs. */
#ifndef STACK_CONTROL_H
#define STACK_CONTROL_H

#include "settings.h"

/* A supervisor in the background, unless one runs here already: that one starts again what is down. Shows the progress;
 * returns when a message has made the round trip (0), or it is clear that none will. */
int control_up(const struct stack_conf *conf);
int control_down(const struct stack_conf *conf); /* returns when nothing runs any more */
int control_ps(const struct stack_conf *conf);
int control_logs(const struct stack_conf *conf); /* SERVICE, LINES, FOLLOW */

#endif
