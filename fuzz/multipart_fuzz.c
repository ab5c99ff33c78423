/* Whatever is sent as multipart/form-data ends after a bounded number of parts, each within the body and with a name that
 * has no folder. The first byte says how long the boundary is, which follows.
 * sources: seer/multipart.c
 */
#include <string.h>

#include "fuzz.h"
#include "seer/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char type[128] = "multipart/form-data; boundary=";
    struct multipart_part part;
    struct multipart it;
    struct kl_error err;
    const char *body;
    size_t boundary;
    bool more = true;

    if (len < 1)
        return 0;
    boundary = data[0] % 72 < len - 1 ? data[0] % 72 : len - 1;
    memcpy(type + strlen(type), data + 1, boundary);
    body = (const char *)data + 1 + boundary;
    len -= 1 + boundary;
    if (multipart_begin(&it, type, body, len, &err))
        return 0;
    for (int n = 0; more; n++) {
        kl_assert(n <= MULTIPART_PARTS_MAX);
        if (multipart_next(&it, &part, &more, &err))
            return 0;
        if (!more)
            continue;
        kl_assert(part.data >= body && part.data + part.len <= body + len);
        kl_assert(!strchr(part.filename, '/'));
    }
    return 0;
}
