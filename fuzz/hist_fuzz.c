/* Bytes that are a histogram keep its invariants, and bring it back after it was encoded again. */
#include "fuzz.h"
#include "hist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct kl_hist h, again;
    struct kl_buf out;

    if (!kl_hist_decode(&h, data, len)) {
        kl_assert(h.total == 0 && h.max == 0 && h.sum == 0);
        return 0;
    }
    kl_assert(kl_hist_quantile(&h, 0.5) <= kl_hist_quantile(&h, 0.99));
    kl_assert(kl_hist_quantile(&h, 1) <= h.max);
    kl_buf_init(&out, FUZZ_BUF_MAX);
    kl_assert(kl_hist_encode(&h, &out));
    kl_assert(kl_hist_decode(&again, out.data, out.len) && memcmp(&h, &again, sizeof h) == 0);
    kl_hist_merge(&h, &again);
    kl_buf_fini(&out);
    return 0;
}
