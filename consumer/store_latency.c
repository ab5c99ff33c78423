/* store_latency.c - histograms of consumed - accepted, a row for each incarnation and minute, and one for each hour, so
 * that a window of a week is read from 168 rows. The running minute and hour stay in memory: a batch writes them whole. */
#include "store_internal.h"

#define MINUTE_S 60
#define HOUR_S   3600

static int64_t step_begin(int64_t at_s, int64_t step_s)
{
    return at_s - at_s % step_s;
}

/* Writes step with delta added to it. */
static enum kl_code step_write(struct store *s, int64_t incarnation, int64_t step_s, const struct store_step *step,
                               const struct kl_hist *delta, struct kl_error *err)
{
    struct kl_hist sum = step->hist;

    kl_hist_merge(&sum, delta);
    kl_buf_clear(&s->encoded);
    if (!kl_hist_encode(&sum, &s->encoded))
        return kl_fail(err, KL_BUSY, "no memory for a histogram");
    return s->ops->step_write(s, incarnation, step_s, step->at_s, err);
}

static enum kl_code step_add(struct store *s, struct store_incarnation *inc, struct store_step *step, int64_t step_s,
                             int64_t at_s, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    if (step->at_s != step_begin(at_s, step_s)) {
        step->at_s = step_begin(at_s, step_s);
        kl_hist_clear(&step->hist);
        code = s->ops->step_read(s, inc->id, step_s, step, err);
        if (code)
            step->at_s = 0; /* to be read again */
    }
    return code ? code : step_write(s, inc->id, step_s, step, &inc->delta.latency, err);
}

enum kl_code store_latency_write(struct store *s, struct store_incarnation *inc, int64_t at_s, struct kl_error *err)
{
    enum kl_code code;

    if (!inc->delta.latency.total)
        return KL_OK;
    code = step_add(s, inc, &inc->minute, MINUTE_S, at_s, err);
    return code ? code : step_add(s, inc, &inc->hour, HOUR_S, at_s, err);
}

void store_latency_take(struct store_incarnation *inc)
{
    if (!inc->delta.latency.total)
        return;
    kl_hist_merge(&inc->minute.hist, &inc->delta.latency);
    kl_hist_merge(&inc->hour.hist, &inc->delta.latency);
}

void store_latency_forget(struct store_incarnation *inc)
{
    inc->minute.at_s = inc->hour.at_s = 0;
}
