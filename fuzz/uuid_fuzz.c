/* A UUID that is read is written the same, in lower case. */
#include <strings.h>

#include "fuzz.h"
#include "uuid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct kl_uuid id;
    char text[KL_UUID_TEXT];

    if (!kl_uuid_parse((const char *)data, len, &id))
        return 0;
    kl_uuid_text(&id, text);
    kl_assert(len == sizeof text && strncasecmp(text, (const char *)data, sizeof text) == 0);
    kl_assert(kl_uuid_time_ms(&id) >= -1);
    return 0;
}
