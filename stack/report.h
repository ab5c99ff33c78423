/* report.h - what the supervisor tells a person: a line an event, on the screen and in log/stack.log.
 *
 * Colours on a terminal only. Belongs to the main thread. */
#ifndef STACK_REPORT_H
#define STACK_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "home.h"
#include "logfile.h"
#include "settings.h"

enum mark { MARK_NONE, MARK_GOOD, MARK_BAD, MARK_BUSY };

struct report {
    FILE          *screen; /* NULL: in the background */
    struct logfile log;    /* fd -1: none */
    bool           colour;
};

/* screen NULL: only the log. A log that cannot be opened is left out. */
void report_open(struct report *r, FILE *screen, int log_dir);
void report_close(struct report *r);

void report_line(struct report *r, enum mark mark, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* On the screen alone: what holds for whoever sits there, and for nobody who reads the log. */
void report_hint(struct report *r, const char *text);
/* Lines of somebody else's, set in: "    | text". */
void report_quote(struct report *r, const char *text, size_t len);

/* Where things are, after a start. */
void report_addresses(struct report *r, const struct stack_conf *conf);

/* `ps`: a line a service, with what the kernel says of its process. */
void report_table(FILE *out, const struct state *s, const struct stack_conf *conf);

/* "3.4 s", "12 ms" */
void report_duration(int64_t us, char *out, size_t size);

#endif
