/* logs.c - see logs.h. */
#include "logs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logfile.h"

#define SHOWN_MAX_BYTES (64 * 1024)       /* read at a time */
#define TAIL_MAX_BYTES  (4 * 1024 * 1024) /* how far back `lines` are looked for: 40,000 lines of 100 characters */
#define LOGS_MAX        (SERVICES_MAX + 1)

struct followed {
    char    name[32], file[40], prefix[40];
    int64_t at;
};

int64_t logs_size(int dir, const char *name)
{
    struct stat st;

    return fstatat(dir, name, &st, 0) == 0 ? st.st_size : 0;
}

/* Returns how much of text was whole lines. */
static size_t print_lines(const char *text, size_t len, int skip, const char *prefix)
{
    size_t done = 0;
    const char *end;

    while ((end = memchr(text + done, '\n', len - done))) {
        size_t line = (size_t)(end - text) - done;
        size_t cut = line < (size_t)skip ? 0 : (size_t)skip;

        printf("%s%.*s\n", prefix, (int)(line - cut), text + done + cut);
        done += line + 1;
    }
    return done;
}

int64_t logs_show(int dir, const char *name, int64_t from, int skip, const char *prefix)
{
    static char text[SHOWN_MAX_BYTES];
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    size_t done;

    if (fd < 0)
        return 0;
    if (logs_size(dir, name) < from)
        from = 0;
    while ((n = pread(fd, text, sizeof text, from)) > 0) {
        done = print_lines(text, (size_t)n, skip, prefix);
        if (done == 0 && (size_t)n < sizeof text)
            break; /* a line that is still being written */
        from += (int64_t)(done ? done : (size_t)n);
    }
    close(fd);
    fflush(stdout);
    return from;
}

/* Where the last lines of the log begin. */
static int64_t tail_start(int dir, const char *name, int64_t lines)
{
    int64_t size = logs_size(dir, name);
    int64_t from = size > TAIL_MAX_BYTES ? size - TAIL_MAX_BYTES : 0;
    char *text = malloc((size_t)(size - from) + 1);
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = text && fd >= 0 ? pread(fd, text, (size_t)(size - from), from) : -1;

    if (n > 0)
        from += (int64_t)last_lines(text, (size_t)n, lines);
    if (fd >= 0)
        close(fd);
    free(text);
    return from;
}

static void add(struct followed *logs, int *n, const char *name)
{
    struct followed *f = &logs[(*n)++];

    snprintf(f->name, sizeof f->name, "%s", name);
    snprintf(f->file, sizeof f->file, "%.32s.log", name);
    snprintf(f->prefix, sizeof f->prefix, "%-8.31s | ", name);
}

static int choose(struct followed *logs, const char *service)
{
    const struct service *s;
    int n = 0;

    if (!service || strcmp(service, "stack") == 0)
        add(logs, &n, "stack");
    for (s = services; s->name; s++)
        if (!service || strcmp(service, s->name) == 0)
            add(logs, &n, s->name);
    if (service && n == 1)
        logs[0].prefix[0] = '\0';
    return n;
}

static enum kl_code unknown(const char *service, struct kl_error *err)
{
    char names[128] = "stack";
    const struct service *s;

    for (s = services; s->name; s++)
        snprintf(names + strlen(names), sizeof names - strlen(names), ", %s", s->name);
    return kl_fail(err, KL_INVALID, "no service \"%.32s\"; there are %s", service, names);
}

/* A change in the directory wakes us; which log it was is seen by looking. */
static enum kl_code follow_all(const struct home *h, struct followed *logs, int n, struct kl_error *err)
{
    char path[64], event[4096];
    int watch = inotify_init1(IN_CLOEXEC);
    int i;

    snprintf(path, sizeof path, "/proc/self/fd/%d", h->log);
    if (watch < 0 || inotify_add_watch(watch, path, IN_MODIFY | IN_CREATE) < 0) {
        kl_fail(err, KL_BROKEN, "cannot watch the logs: %s", strerror(errno));
        if (watch >= 0)
            close(watch);
        return KL_BROKEN;
    }
    do
        for (i = 0; i < n; i++)
            logs[i].at = logs_show(h->log, logs[i].file, logs[i].at, 0, logs[i].prefix);
    while (!ferror(stdout) && read(watch, event, sizeof event) > 0);
    close(watch);
    return KL_OK;
}

enum kl_code logs_print(const struct home *h, const char *service, int64_t lines, bool follow, struct kl_error *err)
{
    struct followed logs[LOGS_MAX];
    int n = choose(logs, service);
    int i;

    if (n == 0)
        return unknown(service, err);
    for (i = 0; i < n; i++)
        logs[i].at = logs_show(h->log, logs[i].file, tail_start(h->log, logs[i].file, lines), 0, logs[i].prefix);
    return follow ? follow_all(h, logs, n, err) : KL_OK;
}
