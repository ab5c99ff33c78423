/* err.c - see err.h. The sentence is made beside *err and copied in, because callers add what they know to
 * what they got: kl_fail(&err, code, "orders: %s", err.text). */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum kl_code fail(struct kl_error *err, enum kl_code code, const char *field, int64_t limit,
                         const char *format, va_list args)
{
    struct kl_error made = { .code = code, .limit = limit };

    kl_assert(code > KL_OK && code < KL_CODES);
    if (!err)
        return code;
    snprintf(made.field, sizeof made.field, "%s", field);
    vsnprintf(made.text, sizeof made.text, format, args);
    *err = made;
    return code;
}

enum kl_code kl_fail(struct kl_error *err, enum kl_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, code, "", 0, format, args);
    va_end(args);
    return code;
}

enum kl_code kl_fail_field(struct kl_error *err, enum kl_code code, const char *field, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, code, field, 0, format, args);
    va_end(args);
    return code;
}

enum kl_code kl_fail_limit(struct kl_error *err, enum kl_code code, const char *field, int64_t limit,
                           const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, code, field, limit, format, args);
    va_end(args);
    return code;
}

_Noreturn void kl_assert_failed(const char *expression, const char *file, int line)
{
    dprintf(STDERR_FILENO, "%s:%d: assertion failed: %s\n", file, line, expression);
    abort();
}
