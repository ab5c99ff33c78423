/* POST /groups/{group}/offsets - moves a group's offsets; ?dry_run=true tells what would change. */
#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "group_ask.h"
#include "group_changes.h"
#include "snapshot.h"
#include "steward.h"

static rd_kafka_topic_partition_list_t *to_commit(const struct group_changes *changes)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(changes->list->cnt);

    for (int i = 0; i < changes->list->cnt; i++)
        if (changes->to[i].to >= 0)
            rd_kafka_topic_partition_list_add(list, changes->list->elems[i].topic, changes->list->elems[i].partition)->offset =
                changes->to[i].to;
    return list;
}

static enum kl_code write_offsets(struct admin_call *c, const struct group *g, const struct group_changes *changes, struct kl_error *err)
{
    const struct group_ask *ask = c->ask;
    rd_kafka_topic_partition_list_t *list;
    enum kl_code code;

    if (group_need_empty(g, "writing its offsets", err))
        return err->code;
    list = to_commit(changes);
    code = list->cnt ? group_commit(c->steward->client, ask->group, list, admin_left_ms(c), err) : KL_OK;
    rd_kafka_topic_partition_list_destroy(list);
    if (!code)
        snapshot_renew(c->steward->snapshot, admin_left_ms(c));
    return code;
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct group_ask *ask = c->ask;
    struct group_changes changes;
    struct group g;
    enum kl_code code;

    if (group_describe(&g, c->kafka, ask->group, admin_left_ms(c), err))
        return err->code;
    code = group_changes_reset(&changes, c->kafka, ask->group, &ask->reset, admin_left_ms(c), err);
    if (!code) {
        if (!ask->dry_run)
            code = write_offsets(c, &g, &changes, err);
        group_changes_write(&c->body, ask->group, &g, &changes);
        group_changes_fini(&changes);
    }
    group_fini(&g);
    return code;
}

static enum kl_code body_read(struct kl_request *r, struct group_ask *ask, struct kl_error *err)
{
    static const char *const members[] = { "topics", "partitions", "to", NULL };
    json_t *body;
    enum kl_code code = ask_body(r, members, &body, err);

    if (code)
        return code;
    code = reset_request_read(&ask->reset, body, err);
    json_decref(body);
    return code;
}

void group_offsets_post(struct kl_request *r)
{
    struct group_ask *ask = NULL;
    struct kl_error err;

    if (group_ask_read(r, &ask, &err) || body_read(r, ask, &err)) {
        group_ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run, ask, group_ask_free);
    }
}
