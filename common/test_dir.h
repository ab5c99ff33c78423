/* test_dir.h - a directory of a test's own. */
#ifndef KL_TEST_DIR_H
#define KL_TEST_DIR_H

#include <ftw.h>
#include <stdio.h>

#include "test.h"

#define TEST_DIR_BYTES 32

/* Makes an empty one, and fills dir with its path. */
static inline void test_dir_make(char dir[TEST_DIR_BYTES])
{
    strcpy(dir, "/tmp/kafkloud-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
}

/* Writes a file in it. */
static inline void test_dir_put(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fputs(text, f);
    fclose(f);
}

static inline int test_dir_remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

/* Removes it with all that is in it; links are not followed. */
static inline void test_dir_remove(const char *dir)
{
    CU_ASSERT_EQUAL(nftw(dir, test_dir_remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

#endif
