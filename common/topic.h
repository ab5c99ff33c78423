/* topic.h - topics' names. Thread-safe. */
#ifndef KL_TOPIC_H
#define KL_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define KL_TOPIC_MAX   249                /* characters: org.apache.kafka.common.internals.Topic.MAX_NAME_LENGTH */
#define KL_TOPIC_BYTES (KL_TOPIC_MAX + 1) /* hold every name */

/* A legal name (1..KL_TOPIC_MAX of [a-zA-Z0-9._-], not "." or "..")? KL_INVALID names the field topic. */
KL_MUST_CHECK enum kl_code kl_topic_check(const char *topic, size_t len, struct kl_error *err);

/* Ours or Kafka's own, never indexed nor streamed: __*, _schemas, kafkloud-*. */
bool kl_topic_internal(const char *topic);

#endif
