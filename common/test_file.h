/* test_file.h - whole files for tests: docs/ whose examples they hold the code to, and what they captured. */
#ifndef KL_TEST_FILE_H
#define KL_TEST_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All of f, the caller's to free; closes it. */
static inline char *test_read(FILE *f)
{
    char *text;
    long len;

    fseek(f, 0, SEEK_END);
    len = ftell(f);
    rewind(f);
    text = calloc(1, (size_t)len + 1);
    if (len < 0 || !text || fread(text, 1, (size_t)len, f) != (size_t)len)
        exit(EXIT_FAILURE);
    fclose(f);
    return text;
}

/* The file's text, the caller's to free; ends the program when it cannot be read. make check runs in the component's
 * directory, so docs are at ../docs. */
static inline char *test_file(const char *path)
{
    FILE *f = fopen(path, "re");

    if (!f) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return test_read(f);
}

/* The first line (without its end, the caller's to free) behind `after` that starts with `start`; blanks before it do
 * not count. Ends the program when there is none. */
static inline char *test_line(const char *text, const char *after, const char *start)
{
    const char *at = strstr(text, after);

    for (; at; at = strchr(at, '\n')) {
        at += strspn(at, "\n ");
        if (strncmp(at, start, strlen(start)) == 0)
            return strndup(at, strcspn(at, "\n"));
    }
    fprintf(stderr, "no line \"%s...\" behind \"%s\"\n", start, after);
    exit(EXIT_FAILURE);
}

/* What run(ctx) writes to the file descriptor, the caller's to free. */
static inline char *test_output(int fd, void (*run)(void *ctx), void *ctx)
{
    FILE *f = tmpfile();
    int saved = dup(fd);

    if (!f || saved < 0)
        exit(EXIT_FAILURE);
    fflush(NULL);
    dup2(fileno(f), fd);
    run(ctx);
    fflush(NULL);
    dup2(saved, fd);
    close(saved);
    return test_read(f);
}

#endif
