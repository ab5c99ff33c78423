/* track.h - what was seen of one group in one partition over time: its lag a step, and when its committed offset went where.
 * Pure, and bounded: what is older than its room is forgotten. Belongs to whoever embeds it, one thread at a time. */
#ifndef TRACK_H
#define TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACK_STEP_MS 10000
#define TRACK_STEPS   360 /* an hour */
#define TRACK_SEEN    64  /* different committed offsets: of a group that never rests, as many looks */

struct track {
    int64_t last_ms;             /* of the last look; 0: none yet */
    int64_t lag_step;            /* the last step with a lag; 0: none yet */
    int64_t lags[TRACK_STEPS];   /* of step s in lags[s % TRACK_STEPS]; -1: not known */
    struct track_seen {
        int64_t committed;
        int64_t first_ms, last_ms; /* it was seen then, at the earliest and the latest */
    } seen[TRACK_SEEN];          /* oldest first, from seen[seen_at] on, in a ring; committed only grows */
    int seen_at, n_seen;
};

void track_init(struct track *t);

/* What a look at now_ms saw: committed -1: the group has no offset here; end -1: the log's end is not known. */
void track_look(struct track *t, int64_t now_ms, int64_t committed, int64_t end);

/* A look found no offset any more: nothing is passed. Unlike track_look() this does not count as a look. */
void track_forget(struct track *t);

/* The lag in step s (s * TRACK_STEP_MS is when it begins), the last one seen in it; -1: not known. */
int64_t track_lag(const struct track *t, int64_t step);

/* Has the group passed the message at offset? It has when its committed offset is beyond. The moment lies between
 * not_passed_ms and passed_ms: of each, -1 when it was not seen. A group whose offset goes back has passed what is before it,
 * no more: what it was once beyond is forgotten, for it will read it again. */
struct track_passed {
    bool    passed;
    int64_t not_passed_ms, passed_ms;
};
struct track_passed track_passed(const struct track *t, int64_t offset);

#endif
