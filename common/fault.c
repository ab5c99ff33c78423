/* fault.c - see fault.h. Test programs link with -Wl,--wrap=malloc and so on: calls to malloc in their objects then
 * come here, and __real_malloc is the real one. Without --wrap there is no __real_malloc; that is no harm, because
 * other programs take this file from the library only if they call kl_fault_begin. */
#include "fault.h"

#include <errno.h>
#include <stddef.h>

#include "err.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static _Thread_local bool armed;
static _Thread_local bool hit;
static _Thread_local long left; /* allocations until the one that fails */

void kl_fault_begin(long nth)
{
    kl_assert(!armed && nth >= 0);
    armed = true;
    hit = false;
    left = nth;
}

bool kl_fault_end(void)
{
    kl_assert(armed);
    armed = false;
    return hit;
}

static bool must_fail(void)
{
    if (!armed || hit || left-- > 0)
        return false;
    hit = true;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return must_fail() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return must_fail() ? NULL : __real_strdup(text);
}
