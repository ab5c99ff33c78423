/* test_model.h - where tests find the model. `make check` fetches it before; run alone, a test says what is missing. */
#ifndef TEST_MODEL_H
#define TEST_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline const char *test_model(void)
{
    static const char directory[] = "../build/model-potion-base-8M";

    if (access(directory, R_OK) != 0) {
        fprintf(stderr, "%s is missing: seer/model fetch brings it\n", directory);
        exit(1);
    }
    return directory;
}

#endif
