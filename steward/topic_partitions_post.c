/* POST /topics/{topic}/partitions - more partitions; ?dry_run=true asks the broker whether it would. */
#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "snapshot.h"
#include "steward.h"
#include "topic_admin.h"
#include "topic_detail.h"

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;
    int32_t total = (int32_t)json_integer_value(json_object_get(ask->body, "total"));
    enum kl_code code;
    struct view *v;

    if (topic_grow(c->kafka, ask->topic, total, ask->dry_run, admin_left_ms(c), err))
        return err->code;
    if (!ask->dry_run && topic_settled(c->kafka, ask->topic, total, admin_left_ms(c), err))
        return err->code;
    v = snapshot_view(c->steward->snapshot);
    code = topic_write(c->kafka, ask->topic, v, admin_left_ms(c), &c->body, err);
    view_unref(v);
    if (!code && !ask->dry_run)
        snapshot_renew(c->steward->snapshot, admin_left_ms(c)); /* last: it may use up the call's time */
    return code;
}

void topic_partitions_post(struct kl_request *r)
{
    static const char *const members[] = { "total", NULL };
    struct topic_ask *ask = NULL;
    struct kl_error err;
    int64_t total;

    if (ask_topic(r, members, &ask, &err) || ask_changeable(ask->topic, &err) ||
        ask_int(ask->body, "total", 1, TOPIC_PARTITIONS_MAX, 0, &total, &err) ||
        (total == 0 && kl_fail_field(&err, KL_INVALID, "total", "total is missing: how many partitions there are to be"))) {
        ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run, ask, ask_free);
    }
}
