/* ports.h - are the ports free, and who has those that are not? Looked at before anything starts, because a service
 * that cannot have its port dies with a log nobody asked for. */
#ifndef STACK_PORTS_H
#define STACK_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "settings.h"

bool port_is_free(const char *address, int64_t port);

/* Appends a line for each port of the stack that is taken or given twice, with the setting that moves it; true: none. */
bool ports_check(const struct stack_conf *conf, struct kl_buf *complaints);

#endif
