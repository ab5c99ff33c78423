/* metrics_process.h - the rows of /metrics that every process has; metrics.c's alone. */
#ifndef KL_METRICS_PROCESS_H
#define KL_METRICS_PROCESS_H

#include "buf.h"

void kl_metrics_process(struct kl_buf *out);

#endif
