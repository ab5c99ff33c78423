/* hist.c - see hist.h. Values below 16 have a bucket each; from there each power of two is cut into 16. */
#include "hist.h"

#include "varint.h"

#define SUB_BITS 4
#define SUBS     (1 << SUB_BITS)
#define MAX_BITS 43 /* of KL_HIST_MAX */

_Static_assert(KL_HIST_MAX == (INT64_C(1) << MAX_BITS) - 1, "MAX_BITS is the width of KL_HIST_MAX");
_Static_assert((MAX_BITS - SUB_BITS + 1) * SUBS == KL_HIST_BUCKETS, "KL_HIST_MAX falls into the last bucket");

void kl_hist_clear(struct kl_hist *h)
{
    *h = (struct kl_hist){ 0 };
}

static size_t bucket_of(int64_t value)
{
    int power;

    if (value < SUBS)
        return (size_t)value;
    if (value > KL_HIST_MAX)
        return KL_HIST_BUCKETS - 1;
    power = 63 - __builtin_clzll((unsigned long long)value);
    return (size_t)((power - SUB_BITS) * SUBS + (value >> (power - SUB_BITS)));
}

int64_t kl_hist_bucket_low(size_t bucket)
{
    int64_t row = (int64_t)bucket / SUBS;

    kl_assert(bucket < KL_HIST_BUCKETS);
    return row == 0 ? (int64_t)bucket : ((int64_t)bucket % SUBS + SUBS) << (row - 1);
}

int64_t kl_hist_bucket_high(size_t bucket)
{
    return bucket == KL_HIST_BUCKETS - 1 ? KL_HIST_MAX : kl_hist_bucket_low(bucket + 1) - 1;
}

/* A bucket that is full counts no more, and neither do total and sum: they always agree. */
static void add_count(struct kl_hist *h, size_t bucket, uint32_t n)
{
    uint32_t room = UINT32_MAX - h->count[bucket];

    n = n < room ? n : room;
    h->count[bucket] += n;
    h->total += n;
}

void kl_hist_add(struct kl_hist *h, int64_t value)
{
    int64_t counted = value > 0 ? value : 0;

    add_count(h, bucket_of(counted), 1);
    h->sum += (uint64_t)counted;
    if (counted > h->max)
        h->max = counted;
}

void kl_hist_merge(struct kl_hist *into, const struct kl_hist *from)
{
    size_t i;

    for (i = 0; i < KL_HIST_BUCKETS; i++)
        add_count(into, i, from->count[i]);
    into->sum += from->sum;
    if (from->max > into->max)
        into->max = from->max;
}

/* The rank of quantile q among total values, from 1. */
static uint64_t rank_of(double q, uint64_t total)
{
    double exact = q * (double)total;
    uint64_t rank;

    if (!(exact > 1)) /* also for what is no number */
        return 1;
    if (exact >= (double)total)
        return total;
    rank = (uint64_t)exact;
    return rank + ((double)rank < exact);
}

int64_t kl_hist_quantile(const struct kl_hist *h, double q)
{
    uint64_t left;
    size_t i;

    if (h->total == 0)
        return 0;
    left = rank_of(q, h->total);
    for (i = 0; i < KL_HIST_BUCKETS - 1 && left > h->count[i]; i++)
        left -= h->count[i];
    return kl_hist_bucket_high(i) < h->max ? kl_hist_bucket_high(i) : h->max;
}

/* sum, max, then for each bucket that counted: how many empty ones are before it, and its count. */
bool kl_hist_encode(const struct kl_hist *h, struct kl_buf *out)
{
    struct kl_buf_mark mark = kl_buf_begin(out);
    uint64_t empty = 0;
    size_t i;

    kl_buf_add_varint(out, h->sum);
    kl_buf_add_varint(out, (uint64_t)h->max);
    for (i = 0; i < KL_HIST_BUCKETS; i++) {
        if (h->count[i] == 0) {
            empty++;
            continue;
        }
        kl_buf_add_varint(out, empty);
        kl_buf_add_varint(out, h->count[i]);
        empty = 0;
    }
    return kl_buf_end(out, mark);
}

static bool decode_counts(struct kl_hist *h, const uint8_t *at, const uint8_t *end)
{
    uint64_t bucket = 0, empty, count;

    while (at < end) {
        if (!kl_varint_read(&at, end, &empty) || !kl_varint_read(&at, end, &count))
            return false;
        if (empty >= KL_HIST_BUCKETS - bucket || count == 0 || count > UINT32_MAX)
            return false;
        bucket += empty;
        h->count[bucket] = (uint32_t)count;
        h->total += count;
        bucket++;
    }
    return true;
}

/* The maximum stands in the highest bucket that counts. */
static bool max_fits(const struct kl_hist *h)
{
    size_t top = KL_HIST_BUCKETS;

    while (top > 0 && h->count[top - 1] == 0)
        top--;
    return top == 0 ? h->max == 0 && h->sum == 0 : bucket_of(h->max) == top - 1;
}

bool kl_hist_decode(struct kl_hist *h, const void *data, size_t len)
{
    const uint8_t *at = data;
    const uint8_t *end = at + len;
    uint64_t max;

    kl_hist_clear(h);
    if (kl_varint_read(&at, end, &h->sum) && kl_varint_read(&at, end, &max) && max <= INT64_MAX) {
        h->max = (int64_t)max;
        if (decode_counts(h, at, end) && max_fits(h))
            return true;
    }
    kl_hist_clear(h);
    return false;
}
