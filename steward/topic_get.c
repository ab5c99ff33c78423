/* GET /topics/{topic} - its partitions, asked fresh, and the groups that read it, from the snapshot. */
#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "snapshot.h"
#include "steward.h"
#include "topic_detail.h"

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;
    struct view *v = snapshot_view(c->steward->snapshot);
    enum kl_code code = topic_write(c->kafka, ask->topic, v, admin_left_ms(c), &c->body, err);

    view_unref(v);
    return code;
}

void topic_get(struct kl_request *r)
{
    struct topic_ask *ask;
    struct kl_error err;

    if (ask_topic(r, NULL, &ask, &err))
        kl_reply_error(r, &err);
    else
        admin_do(r, run, ask, ask_free);
}
