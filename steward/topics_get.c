/* GET /topics - all topics on one list, from the snapshot: nobody asks the cluster. */
#include <string.h>

#include "ask.h"
#include "endpoints.h"
#include "snapshot.h"
#include "steward.h"
#include "write.h"

struct list {
    const char *filter;   /* part of the name; NULL: any */
    bool        internal; /* these too */
};

static bool taken(const struct list *list, const struct view_topic *t)
{
    return (list->internal || !t->internal) && (!list->filter || strstr(t->name, list->filter));
}

static void add_rate(struct kl_buf *b, double rate)
{
    if (rate < 0)
        kl_buf_adds(b, "null");
    else
        kl_buf_addf(b, "%.1f", rate);
}

static void add_topic(struct kl_buf *b, const struct view *v, const struct view_topic *t)
{
    kl_buf_adds(b, "{\"name\":");
    write_text(b, t->name);
    kl_buf_addf(b, ",\"internal\":%s,\"partitions\":%d,\"replication\":%d,\"under_replicated\":%d,\"messages\":",
                t->internal ? "true" : "false", t->partitions, t->replication, t->under_replicated);
    write_number(b, t->messages);
    kl_buf_adds(b, ",\"bytes\":null,\"rate\":");
    add_rate(b, t->rate);
    kl_buf_adds(b, ",\"lag\":");
    write_number(b, t->lag);
    kl_buf_adds(b, ",\"groups\":");
    write_number(b, v->groups_why[0] ? VIEW_UNKNOWN : t->groups);
    kl_buf_adds(b, ",\"last_write_ms\":");
    write_number(b, t->last_write_ms ? t->last_write_ms : VIEW_UNKNOWN);
    kl_buf_adds(b, ",\"error\":");
    write_text(b, t->why[0] ? t->why : NULL);
    kl_buf_addc(b, '}');
}

static void add_topics(struct kl_buf *b, const struct view *v, const struct list *list)
{
    bool first = true;

    kl_buf_adds(b, "{\"topics\":[");
    for (size_t i = 0; i < v->n_topics; i++) {
        if (!taken(list, &v->topics[i]))
            continue;
        write_comma(b, first);
        first = false;
        add_topic(b, v, &v->topics[i]);
    }
    kl_buf_addf(b, "],\"as_of_ms\":%lld}", (long long)v->as_of_ms);
}

void topics_get(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    struct list list = { .filter = kl_request_query(r, "filter", NULL) };
    struct kl_buf body;
    struct kl_error err;
    struct view *v;

    if (ask_flag(r, "internal", &list.internal, &err) || snapshot_need(s->snapshot, &v, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    kl_buf_init(&body, ANSWER_MAX_BYTES);
    add_topics(&body, v, &list);
    view_unref(v);
    kl_reply_buf(r, 200, "application/json", &body);
    kl_buf_fini(&body);
}
