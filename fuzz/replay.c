/* replay.c - the main of a fuzz target without libFuzzer: gives it every file of the directory named. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void fail(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(EXIT_FAILURE);
}

/* The bytes are as many as allocated, so that a sanitizer sees a read past them. */
static void replay(const char *path)
{
    FILE *f = fopen(path, "re");
    uint8_t *data;
    long len;

    if (!f || fseek(f, 0, SEEK_END) != 0)
        fail(path);
    len = ftell(f);
    rewind(f);
    data = malloc(len > 0 ? (size_t)len : 1);
    if (!data || fread(data, 1, (size_t)len, f) != (size_t)len)
        fail(path);
    fclose(f);
    LLVMFuzzerTestOneInput(data, (size_t)len);
    free(data);
}

int main(int argc, char **argv)
{
    const char *dir = argc == 2 ? argv[1] : ".";
    struct dirent **files;
    int n = scandir(dir, &files, NULL, alphasort);
    int i, replayed = 0;
    char path[4096];

    if (n < 0)
        fail(dir);
    for (i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]->d_name);
        if (files[i]->d_name[0] != '.') {
            replay(path);
            replayed++;
        }
        free(files[i]);
    }
    free(files);
    printf("  %-28s %d inputs\n", dir, replayed);
    return replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
