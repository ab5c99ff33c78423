/* DELETE /groups/{group} - deletes a group with all its offsets, and DELETE /groups/{group}/topics/{topic} - deletes its
 * offsets of one topic. ?dry_run=true tells what would be gone. */
#include <string.h>

#include "admin.h"
#include "endpoints.h"
#include "group_ask.h"
#include "group_changes.h"
#include "snapshot.h"
#include "steward.h"

/* What the two do differently. */
struct deletion {
    const char *topic; /* NULL: the group */
    enum kl_code (*remove)(struct admin_call *c, const struct group *g, const struct group_changes *changes, struct kl_error *err);
    int status;        /* when it is done */
};

static enum kl_code delete_group(struct admin_call *c, const struct group *g, const struct group_changes *changes, struct kl_error *err)
{
    const struct group_ask *ask = c->ask;

    (void)changes;
    if (group_need_empty(g, "deleting it", err))
        return err->code;
    return group_remove(c->kafka, ask->group, admin_left_ms(c), err);
}

static enum kl_code delete_offsets(struct admin_call *c, const struct group *g, const struct group_changes *changes, struct kl_error *err)
{
    const struct group_ask *ask = c->ask;

    (void)g; /* other members may go on reading other topics: the broker knows who reads this one */
    if (changes->list->cnt == 0)
        return kl_fail_field(err, KL_NOT_FOUND, "topic", "the group has no offsets of \"%s\"", ask->topic);
    return group_forget(c->kafka, ask->group, changes->list, admin_left_ms(c), err);
}

static enum kl_code run(struct admin_call *c, const struct deletion *d, struct kl_error *err)
{
    const struct group_ask *ask = c->ask;
    struct group_changes changes;
    struct group g;
    enum kl_code code;

    if (group_describe(&g, c->kafka, ask->group, admin_left_ms(c), err))
        return err->code;
    code = group_changes_forget(&changes, c->kafka, ask->group, d->topic, admin_left_ms(c), err);
    if (!code) {
        if (!ask->dry_run)
            code = d->remove(c, &g, &changes, err);
        group_changes_write(&c->body, ask->group, &g, &changes);
        group_changes_fini(&changes);
    }
    group_fini(&g);
    if (code || ask->dry_run)
        return code;
    c->status = d->status;
    snapshot_renew(c->steward->snapshot, admin_left_ms(c));
    return KL_OK;
}

static enum kl_code run_group(struct admin_call *c, struct kl_error *err)
{
    static const struct deletion whole = { NULL, delete_group, 204 };

    return run(c, &whole, err);
}

static enum kl_code run_topic(struct admin_call *c, struct kl_error *err)
{
    const struct deletion part = { ((struct group_ask *)c->ask)->topic, delete_offsets, 200 };

    return run(c, &part, err);
}

void group_delete(struct kl_request *r)
{
    struct group_ask *ask;
    struct kl_error err;

    if (group_ask_read(r, &ask, &err))
        kl_reply_error(r, &err);
    else
        admin_do(r, run_group, ask, group_ask_free);
}

static enum kl_code topic_read(struct kl_request *r, struct group_ask *ask, struct kl_error *err)
{
    size_t len;
    const char *topic = kl_request_param(r, "topic", &len);
    enum kl_code code = kl_topic_check(topic, len, err);

    if (!code)
        memcpy(ask->topic, topic, len + 1);
    return code;
}

void group_topic_delete(struct kl_request *r)
{
    struct group_ask *ask = NULL;
    struct kl_error err;

    if (group_ask_read(r, &ask, &err) || topic_read(r, ask, &err)) {
        group_ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run_topic, ask, group_ask_free);
    }
}
