#include "hist.h"

#include <math.h>

#include "test.h"

static struct kl_hist h, other;

static void every_value_lies_in_its_bucket(void)
{
    size_t i;

    CU_ASSERT_EQUAL(kl_hist_bucket_low(0), 0);
    CU_ASSERT_EQUAL(kl_hist_bucket_high(KL_HIST_BUCKETS - 1), KL_HIST_MAX);
    for (i = 0; i < KL_HIST_BUCKETS; i++) {
        int64_t low = kl_hist_bucket_low(i), high = kl_hist_bucket_high(i);

        CU_ASSERT_TRUE(low <= high);
        CU_ASSERT_TRUE((double)(high - low) <= 0.0625 * (double)low);
        CU_ASSERT_TRUE(i == 0 || low == kl_hist_bucket_high(i - 1) + 1);
        kl_hist_clear(&h);
        kl_hist_add(&h, low);
        kl_hist_add(&h, high);
        CU_ASSERT_EQUAL(h.count[i], 2);
    }
}

static void values_out_of_range_count_at_the_ends(void)
{
    kl_hist_clear(&h);
    kl_hist_add(&h, -5);
    kl_hist_add(&h, INT64_MIN);
    kl_hist_add(&h, KL_HIST_MAX + 1);
    kl_hist_add(&h, INT64_MAX);
    CU_ASSERT_EQUAL(h.count[0], 2);
    CU_ASSERT_EQUAL(h.count[KL_HIST_BUCKETS - 1], 2);
    CU_ASSERT_EQUAL(h.max, INT64_MAX);
    CU_ASSERT_EQUAL(h.total, 4);
}

static void quantiles_are_within_a_sixteenth(void)
{
    static const double qs[] = { 0.001, 0.25, 0.5, 0.9, 0.99, 0.999 };
    size_t i;
    int64_t v;

    kl_hist_clear(&h);
    for (v = 1; v <= 100000; v++)
        kl_hist_add(&h, v);
    for (i = 0; i < sizeof qs / sizeof qs[0]; i++) {
        double exact = ceil(qs[i] * 100000);
        double told = (double)kl_hist_quantile(&h, qs[i]);

        CU_ASSERT_TRUE(told >= exact && told <= exact * 1.0625);
    }
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 0), 1);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, -1), 1);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, NAN), 1);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 1), 100000);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 2), 100000);
}

static void a_quantile_is_never_above_the_maximum(void)
{
    kl_hist_clear(&h);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 0.5), 0);
    kl_hist_add(&h, 1000);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 0.5), 1000);
    kl_hist_add(&h, 5);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 0.5), 5);
    CU_ASSERT_EQUAL(kl_hist_quantile(&h, 0.51), 1000);
}

static void merging_adds_what_both_counted(void)
{
    kl_hist_clear(&h);
    kl_hist_clear(&other);
    kl_hist_add(&h, 10);
    kl_hist_add(&other, 10);
    kl_hist_add(&other, 70000);
    kl_hist_merge(&h, &other);
    CU_ASSERT_EQUAL(h.total, 3);
    CU_ASSERT_EQUAL(h.sum, 70020);
    CU_ASSERT_EQUAL(h.max, 70000);
    CU_ASSERT_EQUAL(h.count[10], 2);
}

static void a_full_bucket_does_not_run_over(void)
{
    kl_hist_clear(&h);
    kl_hist_add(&h, 3);
    h.count[3] = UINT32_MAX;
    h.total = UINT32_MAX;
    kl_hist_add(&h, 3);
    kl_hist_merge(&h, &h);
    CU_ASSERT_EQUAL(h.count[3], UINT32_MAX);
    CU_ASSERT_EQUAL(h.total, UINT32_MAX);
}

static void bytes_bring_the_histogram_back(void)
{
    struct kl_buf b;
    int64_t v;

    kl_buf_init(&b, 10000);
    kl_hist_clear(&h);
    CU_ASSERT_TRUE(kl_hist_encode(&h, &b));
    CU_ASSERT_EQUAL(b.len, 2);
    CU_ASSERT_TRUE(kl_hist_decode(&other, b.data, b.len));
    CU_ASSERT_EQUAL(memcmp(&h, &other, sizeof h), 0);
    for (v = 0; v >= 0 && v < INT64_MAX / 3; v = v * 2 + 7)
        kl_hist_add(&h, v);
    kl_buf_clear(&b);
    CU_ASSERT_TRUE(kl_hist_encode(&h, &b));
    CU_ASSERT_TRUE(kl_hist_decode(&other, b.data, b.len));
    CU_ASSERT_EQUAL(memcmp(&h, &other, sizeof h), 0);
    kl_buf_fini(&b);
}

static bool decodes(const char *bytes, size_t len)
{
    memset(&other, 1, sizeof other);
    return kl_hist_decode(&other, bytes, len);
}

static void nonsense_is_refused_and_leaves_an_empty_histogram(void)
{
    CU_ASSERT_TRUE(decodes("\x05\x05\x05\x01", 4)); /* one 5 */
    CU_ASSERT_FALSE(decodes("", 0));
    CU_ASSERT_EQUAL(other.total, 0);
    CU_ASSERT_EQUAL(other.sum, 0);
    CU_ASSERT_FALSE(decodes("\x05", 1));
    CU_ASSERT_FALSE(decodes("\x05\x05", 2));                 /* a maximum that nothing counted */
    CU_ASSERT_FALSE(decodes("\x05\x05\x05", 3));             /* cut off */
    CU_ASSERT_FALSE(decodes("\x05\x05\x05\x00", 4));         /* a count of nothing */
    CU_ASSERT_FALSE(decodes("\x05\x06\x05\x01", 4));         /* the maximum is elsewhere */
    CU_ASSERT_FALSE(decodes("\x00\x00\x80\x05\x01", 5));     /* bucket 640 */
    CU_ASSERT_FALSE(decodes("\x05\x05\x05\x80\x80\x80\x80\x10", 8)); /* a count over 32 bits */
    CU_ASSERT_FALSE(decodes("\x05\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x05\x01", 13));
    CU_ASSERT_EQUAL(other.total, 0);
    CU_ASSERT_EQUAL(other.count[5], 0);
}

static void encoding_takes_all_or_nothing(void)
{
    struct kl_buf b;

    kl_hist_clear(&h);
    kl_hist_add(&h, 1 << 20);
    kl_buf_init(&b, 6);
    CU_ASSERT_FALSE(kl_hist_encode(&h, &b));
    CU_ASSERT_EQUAL(b.len, 0);
    CU_ASSERT_TRUE(b.failed);
    kl_buf_fini(&b);
}

KL_TESTS("hist", T(every_value_lies_in_its_bucket), T(values_out_of_range_count_at_the_ends),
         T(quantiles_are_within_a_sixteenth), T(a_quantile_is_never_above_the_maximum),
         T(merging_adds_what_both_counted), T(a_full_bucket_does_not_run_over), T(bytes_bring_the_histogram_back),
         T(nonsense_is_refused_and_leaves_an_empty_histogram), T(encoding_takes_all_or_nothing))
