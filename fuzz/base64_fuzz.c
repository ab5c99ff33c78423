/* What is base64 decodes to bytes whose encoding decodes to the same; what is not leaves the buffer as it was. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct kl_buf bytes, text, again;

    kl_buf_init(&bytes, FUZZ_BUF_MAX);
    kl_buf_init(&text, FUZZ_BUF_MAX);
    kl_buf_init(&again, FUZZ_BUF_MAX);
    if (kl_buf_add_unbase64(&bytes, (const char *)data, len)) {
        kl_assert(kl_buf_add_base64(&text, bytes.data, bytes.len));
        kl_assert(kl_buf_add_unbase64(&again, text.data, text.len));
        kl_assert(again.len == bytes.len && memcmp(again.data, bytes.data, bytes.len) == 0);
    }
    kl_assert(!bytes.failed);
    kl_buf_fini(&again);
    kl_buf_fini(&text);
    kl_buf_fini(&bytes);
    return 0;
}
