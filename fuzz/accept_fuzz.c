/* What a browser accepts: only what is there is chosen, and blanks and empty items change nothing.
 *
 * sources: portal/negotiate.c
 */
#include "portal/negotiate.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len);
    struct kl_buf wide;

    kl_buf_init(&wide, FUZZ_BUF_MAX);
    kl_buf_addf(&wide, ", ,%s , ,", text);
    for (unsigned available = 1; available < 1u << ENCODINGS; available += 2) {
        enum encoding e = negotiate_encoding(text, available);

        kl_assert(available & 1u << e);
        kl_assert(e == negotiate_encoding(wide.data, available));
    }
    kl_assert(negotiate_html(text) == negotiate_html(wide.data));
    kl_assert(!negotiate_unchanged(text, "\"0123456789abcdef\"") || strstr(text, "\"0123456789abcdef\"") || strchr(text, '*'));
    kl_buf_fini(&wide);
    free(text);
    return 0;
}
