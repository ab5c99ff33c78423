/* fuzz.h - what each target includes. Beyond "it does not crash", a target says with kl_assert what must hold for
 * every input: that what was read can be written and read again, that two ways of reading agree. */
#ifndef KL_FUZZ_H
#define KL_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"

#define FUZZ_BUF_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The input as a C string, the caller's to free. */
static inline char *fuzz_text(const uint8_t *data, size_t len)
{
    char *text = malloc(len + 1);

    kl_assert(text);
    if (len > 0)
        memcpy(text, data, len);
    text[len] = '\0';
    return text;
}

#endif
