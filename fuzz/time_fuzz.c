/* A time that is read is the same after it was written and read again. */
#include "clock.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len);
    char written[KL_TIME_TEXT];
    int64_t us, again;

    if (kl_time_parse(text, &us)) {
        kl_time_text(written, us);
        kl_assert(kl_time_parse(written, &again) && again == us);
    }
    free(text);
    return 0;
}
