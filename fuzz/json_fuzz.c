/* Any bytes become a JSON string that jansson reads; as they are when they are UTF-8. */
#include <jansson.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    bool valid = kl_utf8_valid((const char *)data, len);
    json_t *string;
    struct kl_buf b;

    kl_buf_init(&b, FUZZ_BUF_MAX);
    kl_assert(kl_buf_add_json(&b, (const char *)data, len));
    kl_assert(kl_utf8_valid(b.data, b.len));
    string = json_loadb(b.data, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    kl_assert(string);
    if (valid)
        kl_assert(json_string_length(string) == len && memcmp(json_string_value(string), data, len) == 0);
    json_decref(string);
    kl_buf_fini(&b);
    return 0;
}
