/* GET /groups/{group}/lag?window_s= - a group's lag over time, from memory. */
#include "endpoints.h"
#include "group_ask.h"
#include "steward.h"
#include "track.h"
#include "tracks.h"

#define WINDOW_MIN_S (TRACK_STEP_MS / 1000)
#define WINDOW_MAX_S (TRACK_STEP_MS / 1000 * TRACK_STEPS)

void group_lag_get(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    char group[GROUP_NAME_MAX + 1];
    int64_t window_s;
    struct kl_buf body;
    struct kl_error err;

    kl_buf_init(&body, ANSWER_MAX_BYTES);
    if (group_ask_name(r, group, &err) || kl_request_query_int(r, "window_s", WINDOW_MIN_S, WINDOW_MAX_S, WINDOW_MAX_S, &window_s, &err)) {
        kl_reply_error(r, &err);
    } else {
        tracks_lag_json(s->tracks, group, window_s, &body);
        kl_reply_buf(r, 200, "application/json", &body);
    }
    kl_buf_fini(&body);
}
