/* GET /passed?topic=&partition=&offset= - which groups have passed a message, from memory. */
#include <string.h>

#include "endpoints.h"
#include "steward.h"
#include "topic.h"
#include "tracks.h"

struct place {
    const char *topic;
    int64_t     partition, offset;
};

static enum kl_code need(struct kl_request *r, const char *name, struct kl_error *err)
{
    return kl_request_query(r, name, NULL) ? KL_OK : kl_fail_field(err, KL_INVALID, name, "%s is missing", name);
}

static enum kl_code place_read(struct kl_request *r, struct place *p, struct kl_error *err)
{
    size_t len;

    if (need(r, "topic", err) || need(r, "partition", err) || need(r, "offset", err))
        return err->code;
    p->topic = kl_request_query(r, "topic", &len);
    if (kl_topic_check(p->topic, len, err) || kl_request_query_int(r, "partition", 0, INT32_MAX, 0, &p->partition, err))
        return err->code;
    return kl_request_query_int(r, "offset", 0, INT64_MAX, 0, &p->offset, err);
}

void passed_get(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    struct place place;
    struct kl_buf body;
    struct kl_error err;

    if (place_read(r, &place, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    kl_buf_init(&body, ANSWER_MAX_BYTES);
    kl_buf_adds(&body, "{\"groups\":");
    tracks_passed_json(s->tracks, place.topic, (int32_t)place.partition, place.offset, &body);
    kl_buf_addc(&body, '}');
    kl_reply_buf(r, 200, "application/json", &body);
    kl_buf_fini(&body);
}
