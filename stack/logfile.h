/* logfile.h - what a service says, in a file of bounded size, and its last lines at hand.
 *
 * At LOGFILE_MAX_BYTES the file becomes NAME.1 (the one before is dropped) and a new one begins. A disk that is full
 * loses log lines, nothing else: writing never fails its caller. Belongs to one thread. */
#ifndef STACK_LOGFILE_H
#define STACK_LOGFILE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

#define LOGFILE_MAX_BYTES  (8 * 1024 * 1024) /* days of a quiet stack, hours of one in trouble; twice that a service */
#define LOGFILE_TAIL_BYTES 8192              /* ten lines of 800 characters */

struct logfile { /* all zero but fd -1 while closed */
    int     dir;           /* borrowed; the directory's descriptor */
    int     fd;
    char    name[NAME_MAX + 1];
    int64_t size, max;
    char    tail[LOGFILE_TAIL_BYTES];
    size_t  tail_len;
};

/* Opens dir/name to append to it. */
KL_MUST_CHECK enum kl_code logfile_open(struct logfile *l, int dir, const char *name, struct kl_error *err);
void logfile_close(struct logfile *l);
void logfile_write(struct logfile *l, const char *data, size_t len);

/* Appends the last lines that were written since open (or since logfile_forget), each ended by a newline, to out. */
void logfile_tail(const struct logfile *l, int lines, struct kl_buf *out);
void logfile_forget(struct logfile *l);

/* Where the last `lines` lines of text begin. */
size_t last_lines(const char *text, size_t len, int64_t lines);

#endif
