/* hist.h - a log-linear histogram of non-negative integers (microseconds), after HdrHistogram:
 * 16 buckets to each power of two, so a value is told within 6.25 %. Values above
 * KL_HIST_MAX count in the last bucket; the exact maximum is kept beside.
 * Not thread-safe: its owner locks or keeps it to one thread. */
#ifndef KL_HIST_H
#define KL_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define KL_HIST_BUCKETS 640
#define KL_HIST_MAX     ((INT64_C(1) << 43) - 1) /* about 100 days in microseconds */

struct kl_hist {
    uint64_t total;
    uint64_t sum;
    int64_t  max;
    uint32_t count[KL_HIST_BUCKETS];
};

void    kl_hist_clear(struct kl_hist *h);
void    kl_hist_add(struct kl_hist *h, int64_t value);       /* below 0 counts as 0: callers count those themselves */
void    kl_hist_merge(struct kl_hist *into, const struct kl_hist *from);
int64_t kl_hist_quantile(const struct kl_hist *h, double q); /* the highest value of the bucket that holds the quantile, at most max; 0 when empty */
int64_t kl_hist_bucket_low(size_t bucket);                   /* the lowest value a bucket counts */
int64_t kl_hist_bucket_high(size_t bucket);                  /* the highest */

/* Compact bytes (varints, empty runs skipped) and back, for the store. decode is for our own bytes but
 * refuses nonsense: false and *h cleared. */
bool kl_hist_encode(const struct kl_hist *h, struct kl_buf *out);
bool kl_hist_decode(struct kl_hist *h, const void *data, size_t len);

#endif
