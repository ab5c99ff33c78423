/* logfile.c - see logfile.h. */
#include "logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum kl_code reopen(struct logfile *l, struct kl_error *err)
{
    struct stat st;

    l->fd = openat(l->dir, l->name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (l->fd < 0)
        return kl_fail(err, KL_BROKEN, "cannot open the log %s: %s", l->name, strerror(errno));
    l->size = fstat(l->fd, &st) == 0 ? st.st_size : 0;
    return KL_OK;
}

enum kl_code logfile_open(struct logfile *l, int dir, const char *name, struct kl_error *err)
{
    kl_assert(strlen(name) + sizeof ".1" <= sizeof l->name);
    memset(l, 0, sizeof *l);
    l->dir = dir;
    l->max = LOGFILE_MAX_BYTES;
    strcpy(l->name, name);
    return reopen(l, err);
}

void logfile_close(struct logfile *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}

static void rotate(struct logfile *l)
{
    char old[NAME_MAX + 1];

    snprintf(old, sizeof old, "%.*s.1", (int)(sizeof old - sizeof ".1"), l->name);
    logfile_close(l);
    if (renameat(l->dir, l->name, l->dir, old) != 0)
        unlinkat(l->dir, l->name, 0); /* bounded comes first */
    if (reopen(l, NULL) != KL_OK)
        l->size = 0; /* no file: lines go to the tail alone, and each further write tries again */
}

static void remember(struct logfile *l, const char *data, size_t len)
{
    size_t drop;

    if (len > sizeof l->tail) {
        data += len - sizeof l->tail;
        len = sizeof l->tail;
    }
    drop = l->tail_len + len > sizeof l->tail ? l->tail_len + len - sizeof l->tail : 0;
    memmove(l->tail, l->tail + drop, l->tail_len - drop);
    l->tail_len -= drop;
    memcpy(l->tail + l->tail_len, data, len);
    l->tail_len += len;
}

void logfile_write(struct logfile *l, const char *data, size_t len)
{
    ssize_t n;

    remember(l, data, len);
    if (l->fd < 0 || l->size + (int64_t)len > l->max)
        rotate(l);
    while (l->fd >= 0 && len > 0) {
        n = write(l->fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        l->size += n;
        data += n;
        len -= (size_t)n;
    }
}

size_t last_lines(const char *text, size_t len, int64_t lines)
{
    size_t at = len;

    if (at > 0 && text[at - 1] == '\n')
        at--; /* the end of the last line, not an empty one behind it */
    for (; at > 0; at--)
        if (text[at - 1] == '\n' && --lines == 0)
            break;
    return at;
}

void logfile_tail(const struct logfile *l, int lines, struct kl_buf *out)
{
    size_t from = last_lines(l->tail, l->tail_len, lines);

    if (from == l->tail_len)
        return;
    kl_buf_add(out, l->tail + from, l->tail_len - from);
    if (l->tail[l->tail_len - 1] != '\n')
        kl_buf_addc(out, '\n');
}

void logfile_forget(struct logfile *l)
{
    l->tail_len = 0;
}
