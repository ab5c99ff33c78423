/* GET /groups - all groups on one list, from the snapshot: nobody asks the cluster. */
#include <string.h>

#include "endpoints.h"
#include "group.h"
#include "snapshot.h"
#include "steward.h"
#include "write.h"

static void add_group(struct kl_buf *b, const struct view_group *g)
{
    kl_buf_adds(b, "{\"group\":");
    write_text(b, g->name);
    kl_buf_addf(b, ",\"state\":\"%s\",\"protocol\":", group_state_name(g->state));
    write_text(b, g->protocol[0] ? g->protocol : NULL);
    kl_buf_addf(b, ",\"kind\":\"%s\",\"members\":", group_kind_name(g->kind));
    write_number(b, g->members);
    kl_buf_adds(b, ",\"topics\":");
    write_number(b, g->why[0] ? VIEW_UNKNOWN : g->topics);
    kl_buf_adds(b, ",\"lag\":");
    write_number(b, g->lag);
    kl_buf_adds(b, ",\"error\":");
    write_text(b, g->why[0] ? g->why : NULL);
    kl_buf_addc(b, '}');
}

static void add_groups(struct kl_buf *b, const struct view *v, const char *filter)
{
    bool first = true;

    kl_buf_adds(b, "{\"groups\":[");
    for (size_t i = 0; i < v->n_groups; i++) {
        if (filter && !strstr(v->groups[i].name, filter))
            continue;
        write_comma(b, first);
        first = false;
        add_group(b, &v->groups[i]);
    }
    kl_buf_adds(b, "],\"error\":");
    write_text(b, v->groups_partly[0] ? v->groups_partly : NULL);
    kl_buf_addf(b, ",\"as_of_ms\":%lld}", (long long)v->as_of_ms);
}

static enum kl_code need_groups(const struct view *v, struct kl_error *err)
{
    return v->groups_why[0] ? kl_fail(err, KL_BUSY, "%s", v->groups_why) : KL_OK;
}

void groups_get(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    struct kl_buf body;
    struct kl_error err;
    struct view *v = NULL;

    kl_buf_init(&body, ANSWER_MAX_BYTES);
    if (snapshot_need(s->snapshot, &v, &err) || need_groups(v, &err)) {
        kl_reply_error(r, &err);
    } else {
        add_groups(&body, v, kl_request_query(r, "filter", NULL));
        kl_reply_buf(r, 200, "application/json", &body);
    }
    view_unref(v);
    kl_buf_fini(&body);
}
