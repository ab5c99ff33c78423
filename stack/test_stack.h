/* test_stack.h - what the tests here share: a directory of their own, files, waiting for a condition. */
#ifndef STACK_TEST_STACK_H
#define STACK_TEST_STACK_H

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

#define DEADLINE_MS 20000 /* for what happens at once on a quiet machine, and must happen on a busy one under sanitizers */

/* A new empty directory, the caller's to remove with remove_directory(). */
static inline char *new_directory(void)
{
    char *path = strdup("/tmp/kafkloud-stack-test.XXXXXX");

    if (!path || !mkdtemp(path))
        exit(EXIT_FAILURE);
    return path;
}

static inline void remove_directory(char *path)
{
    char command[PATH_MAX + 16];

    snprintf(command, sizeof command, "rm -rf '%s'", path);
    if (system(command) != 0)
        exit(EXIT_FAILURE);
    free(path);
}

/* The file's text, "" when there is none; in a buffer that the next call uses again. */
static inline const char *text_of(const char *directory, const char *name)
{
    static char text[1 << 20];
    char path[PATH_MAX];
    size_t n = 0;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    f = fopen(path, "re");
    if (f) {
        n = fread(text, 1, sizeof text - 1, f);
        fclose(f);
    }
    text[n] = '\0';
    return text;
}

static inline bool until(bool (*holds)(void *ctx), void *ctx)
{
    int64_t end_us = kl_mono_us() + DEADLINE_MS * INT64_C(1000);

    while (!holds(ctx)) {
        if (kl_mono_us() > end_us)
            return false;
        kl_sleep_ms(5);
    }
    return true;
}

#endif
