/* metrics.h - what /metrics shows, in Prometheus' text format 0.0.4.
 *
 * A service declares its metrics as static structs, registers them once in main, and changes them
 * from any thread without a lock (relaxed atomics). Values that live elsewhere (a queue's depth) are
 * read by a callback when somebody scrapes. Names follow Prometheus' rules: kafkloud_<service>_<what>_<unit>. */
#ifndef KL_METRICS_H
#define KL_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "buf.h"

enum kl_metric_type { KL_COUNTER, KL_GAUGE, KL_HISTOGRAM };

#define KL_METRIC_BOUNDS 14 /* 100 µs .. 30 s, see metrics.c */

struct kl_metric {
    enum kl_metric_type type;
    const char         *name;    /* kafkloud_producer_records_total */
    const char         *labels;  /* result="ok" without braces; NULL: none. Rows of one name stand together */
    const char         *help;    /* one sentence; rows after the first of a name may leave it NULL */
    double            (*read)(void *ctx); /* instead of value; called on an HTTP thread */
    void               *ctx;
    _Atomic int64_t     value;
    _Atomic uint64_t    bucket[KL_METRIC_BOUNDS + 1]; /* histogram, of microseconds; shown in seconds */
    _Atomic uint64_t    sum_us;
};

void kl_metric_add(struct kl_metric *m, int64_t n);
void kl_metric_set(struct kl_metric *m, int64_t n);
void kl_metric_observe(struct kl_metric *m, int64_t us);

/* Registers an array that lives for ever; before threads start. */
void kl_metrics_register(struct kl_metric *metrics, size_t n);

/* For rows that come and go (one a topic): called at each scrape to append whole lines. */
void kl_metrics_collector(void (*collect)(void *ctx, struct kl_buf *out), void *ctx);

/* The whole page, process metrics (process_resident_memory_bytes, process_cpu_seconds_total,
 * process_open_fds, process_start_time_seconds, kafkloud_build_info) included. */
void kl_metrics_write(struct kl_buf *out);

#endif
