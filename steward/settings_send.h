/* settings_send.h - writes a topic's changed settings, in the way that this librdkafka has. Blocking.
 *
 * With IncrementalAlterConfigs (client_can.h) the changes alone are sent. Without it there is AlterConfigs, which writes all of
 * a topic's own settings: what is not sent goes back to its default. Then all are sent, and whoever changed one since they
 * were read is undone. */
#ifndef SETTINGS_SEND_H
#define SETTINGS_SEND_H

#include "settings.h"

/* merged: the topic's settings with the changes in them. dry_run: the broker only says whether it would. */
KL_MUST_CHECK enum kl_code settings_send(rd_kafka_t *kafka, const char *topic, const struct settings *merged, const json_t *changes,
                                         bool dry_run, int timeout_ms, struct kl_error *err);

/* The one resource of an answer, with its own error; *out is the answer's. */
KL_MUST_CHECK enum kl_code settings_resource(const rd_kafka_ConfigResource_t **resources, size_t n, const char *what,
                                             const rd_kafka_ConfigResource_t **out, struct kl_error *err);

#endif
