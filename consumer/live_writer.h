/* live_writer.h - writes a client's events and moves its positions with them, so that an event's id is always the
 * position behind it. Used by whichever thread moves the client (live_hub.h, struct live_follow). */
#ifndef LIVE_WRITER_H
#define LIVE_WRITER_H

#include "live_client.h"
#include "live_event.h"

struct live_writer {
    struct live_client *client;
    struct kl_buf *out;       /* borrowed */
    struct kl_buf  id, json;  /* scratch */
    int64_t events;           /* messages, not yet counted in the metrics */
    bool    failed;           /* no memory: the stream cannot go on whole */
};

void live_writer_init(struct live_writer *w, struct live_client *c, struct kl_buf *out);
void live_writer_fini(struct live_writer *w);

/* An id-only event: fixes the position without a message. */
void live_write_position(struct live_writer *w);

/* A message, unless the client is past it. */
void live_write_message(struct live_writer *w, struct live_follow *f, const struct kl_message *m);

/* What lies between the client's next of the partition and `to` is not in the log; it goes on at `to`. */
void live_write_gap(struct live_writer *w, struct live_follow *f, int32_t partition, int64_t to);

/* The topic was made again: its positions start anew. */
void live_write_new_life(struct live_writer *w, struct live_follow *f, int64_t life, int32_t n_parts);

/* The ring dropped what the client had not read: it goes on at resume[0..n). */
void live_write_lagged(struct live_writer *w, struct live_follow *f, uint64_t skipped, const int64_t *resume, int32_t n);

#endif
