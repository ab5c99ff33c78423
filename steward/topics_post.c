/* POST /topics - makes a topic, or with ?dry_run=true asks the broker whether it would. */
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "settings.h"
#include "snapshot.h"
#include "steward.h"
#include "topic_admin.h"
#include "topic_detail.h"
#include "write.h"

struct ask {
    bool dry_run;
    json_t *body; /* the plan's texts are its */
    struct topic_plan plan;
};

static void release(void *p)
{
    struct ask *ask = p;

    json_decref(ask->body);
    free(ask);
}

static void write_plan(struct kl_buf *b, const struct topic_plan *plan)
{
    kl_buf_adds(b, "{\"name\":");
    write_text(b, plan->name);
    kl_buf_adds(b, ",\"partitions\":");
    write_number(b, plan->partitions);
    kl_buf_adds(b, ",\"replication\":");
    write_number(b, plan->replication);
    kl_buf_addc(b, '}');
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct ask *ask = c->ask;

    if (topic_create(c->kafka, &ask->plan, ask->dry_run, admin_left_ms(c), err))
        return err->code;
    if (ask->dry_run) {
        write_plan(&c->body, &ask->plan);
        return KL_OK;
    }
    c->status = 201;
    if (topic_settled(c->kafka, ask->plan.name, ask->plan.partitions, admin_left_ms(c), err) ||
        topic_write(c->kafka, ask->plan.name, NULL, admin_left_ms(c), &c->body, err))
        return err->code;
    snapshot_renew(c->steward->snapshot, admin_left_ms(c)); /* last: it may use up the call's time */
    return KL_OK;
}

static enum kl_code name_read(struct ask *ask, struct kl_error *err)
{
    const json_t *name = json_object_get(ask->body, "name");

    if (!json_is_string(name))
        return kl_fail_field(err, KL_INVALID, "name", "name is missing, or no text");
    ask->plan.name = json_string_value(name);
    if (kl_topic_check(ask->plan.name, json_string_length(name), err) || ask_changeable(ask->plan.name, err))
        strcpy(err->field, "name");
    else
        return KL_OK;
    return err->code;
}

static enum kl_code plan_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    static const char *const members[] = { "name", "partitions", "replication", "settings", NULL };
    int64_t partitions, replication;

    if (ask_flag(r, "dry_run", &ask->dry_run, err) || ask_body(r, members, &ask->body, err) || name_read(ask, err) ||
        ask_int(ask->body, "partitions", 1, TOPIC_PARTITIONS_MAX, -1, &partitions, err) ||
        ask_int(ask->body, "replication", 1, TOPIC_REPLICATION_MAX, -1, &replication, err))
        return err->code;
    ask->plan.partitions = (int32_t)partitions;
    ask->plan.replication = (int32_t)replication;
    ask->plan.settings = json_object_get(ask->body, "settings");
    return ask->plan.settings ? settings_check(ask->plan.settings, false, err) : KL_OK;
}

void topics_post(struct kl_request *r)
{
    struct ask *ask = calloc(1, sizeof *ask);
    struct kl_error err;

    if (!ask)
        kl_fail(&err, KL_BUSY, "no memory for the call");
    if (ask && !plan_read(r, ask, &err)) {
        admin_do(r, run, ask, release);
        return;
    }
    if (ask)
        release(ask);
    kl_reply_error(r, &err);
}
