/* What is read as a kafkloud-id is written the same, up to what later versions may add. */
#include "fuzz.h"
#include "message_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct kl_message_id m;
    char out[KL_MESSAGE_ID_MAX];
    size_t written;

    if (!kl_message_id_read(&m, data, len))
        return 0;
    written = kl_message_id_write(&m, out);
    kl_assert(written <= len && memcmp(out, data, written) == 0);
    kl_assert(written == len || data[written] == ' ');
    return 0;
}
