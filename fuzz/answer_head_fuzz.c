/* An answer's head from a service: no field that passes to the browser can end its line, and the head is as before.
 *
 * sources: portal/relay_headers.c
 */
#include "portal/relay_headers.h"
#include "fuzz.h"

static void field_check(void *head, const char *name, size_t len, const char *value)
{
    kl_assert(name >= (const char *)head && value > name + len);
    kl_assert(!strpbrk(value, "\r\n"));
    if (relay_header_comes_down(name, len))
        kl_assert(len > 0 && !memchr(name, '\r', len) && !memchr(name, '\n', len) && !memchr(name, ' ', len));
    relay_header_listed(value, name, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *head = fuzz_text(data, len), *before = fuzz_text(data, len);

    relay_head_each(head, field_check, head);
    kl_assert(!memcmp(head, before, len + 1));
    free(before);
    free(head);
    return 0;
}
