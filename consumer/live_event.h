/* live_event.h - what live streams send, as bytes: messages, `lagged` and `gap` (docs/http-api.md, GET /consume).
 * Pure. Each function appends whole events; false: no memory, and out->failed stays set. */
#ifndef LIVE_EVENT_H
#define LIVE_EVENT_H

#include "message.h"

/* id: the position after the message. scratch is for the envelope's JSON, cleared first.
 * Plain data is the value; a tombstone's is empty, so that it is seen at all. */
bool live_event_plain(struct kl_buf *out, const char *id, const struct kl_message *m);
bool live_event_envelope(struct kl_buf *out, const char *id, const char *topic, const struct kl_message *m,
                         struct kl_buf *scratch);

/* The offsets from..to-1 of a partition are left out. */
struct live_skip {
    int32_t partition;
    int64_t from, to;
};

/* A live client fell behind the ring: `skipped` messages of these partitions were not sent. */
bool live_event_lagged(struct kl_buf *out, const char *id, const char *topic, int64_t skipped,
                       const struct live_skip *skips, size_t n);

/* What was asked for is not in the log: it goes on at skip->to. */
bool live_event_gap(struct kl_buf *out, const char *id, const char *topic, const struct live_skip *skip);

#endif
