/* tracks.h - the tracks (track.h) of all groups in all their partitions: the snapshot's thread adds what each look saw, any
 * thread asks. In memory and since the steward's start. At most tracks_max of them (4.4 kB each); a group or a partition that
 * was not seen for as long as a track lasts makes room. */
#ifndef TRACKS_H
#define TRACKS_H

#include "buf.h"
#include "err.h"
#include "view.h"

struct tracks;

/* own_group: kafkloud's consumer's, borrowed as long as the tracks live. */
KL_MUST_CHECK enum kl_code tracks_new(struct tracks **out, int64_t tracks_max, const char *own_group, struct kl_error *err);
void tracks_free(struct tracks *t); /* NULL is fine */

/* Adds what a look saw (snapshot_conf.looked). */
void tracks_looked(struct tracks *t, const struct view *v);

/* {"step_s":..,"from_ms":..,"series":[...]}: the lags of the last window_s seconds, an hour at most. */
void tracks_lag_json(struct tracks *t, const char *group, int64_t window_s, struct kl_buf *out);

/* [{"group":..,"passed":..,...}]: of every group that has an offset in the partition, has it passed the message there? Not of
 * kafkloud's own: what these have read, receipts tell. */
void tracks_passed_json(struct tracks *t, const char *topic, int32_t partition, int64_t offset, struct kl_buf *out);

/* For /metrics: how many there are, and of how many partitions none could be kept in the last look. */
int64_t tracks_count(struct tracks *t);
int64_t tracks_left_out(struct tracks *t);

#endif
