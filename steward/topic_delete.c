/* DELETE /topics/{topic} - with ?dry_run=true answers the topic as it stands, and leaves it. */
#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "snapshot.h"
#include "steward.h"
#include "topic_admin.h"
#include "topic_detail.h"

static enum kl_code preview(struct admin_call *c, const char *topic, struct kl_error *err)
{
    struct view *v = snapshot_view(c->steward->snapshot);
    enum kl_code code = topic_write(c->kafka, topic, v, admin_left_ms(c), &c->body, err);

    view_unref(v);
    return code;
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;

    if (ask->dry_run)
        return preview(c, ask->topic, err);
    if (topic_remove(c->kafka, ask->topic, admin_left_ms(c), err))
        return err->code;
    c->status = 204;
    snapshot_renew(c->steward->snapshot, admin_left_ms(c));
    return KL_OK;
}

void topic_delete(struct kl_request *r)
{
    struct topic_ask *ask = NULL;
    struct kl_error err;

    if (ask_topic(r, NULL, &ask, &err) || ask_changeable(ask->topic, &err)) {
        ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run, ask, ask_free);
    }
}
