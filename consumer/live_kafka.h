/* live_kafka.h - Kafka as the source of catch-up readers: a consumer each, which is told what to read and never
 * commits. It needs READ and DESCRIBE on the topics. */
#ifndef LIVE_KAFKA_H
#define LIVE_KAFKA_H

#include "live_catchup.h"

/* Its ctx is a rd_kafka_conf_t *, which each handle's consumer is made from (a copy of it). */
extern const struct live_source live_kafka;

#endif
