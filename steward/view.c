#include "view.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct view *view_new(void)
{
    struct view *v = calloc(1, sizeof *v);

    if (v) {
        v->refs = 1;
        v->controller = VIEW_UNKNOWN;
    }
    return v;
}

struct view *view_ref(struct view *v)
{
    atomic_fetch_add(&v->refs, 1);
    return v;
}

void view_unref(struct view *v)
{
    if (!v || atomic_fetch_sub(&v->refs, 1) > 1)
        return;
    for (size_t i = 0; i < v->n_brokers; i++) {
        free(v->brokers[i].host);
        free(v->brokers[i].rack);
    }
    for (size_t i = 0; i < v->n_groups; i++) {
        free(v->groups[i].name);
        free(v->groups[i].protocol);
        free(v->groups[i].offsets);
    }
    free(v->brokers);
    free(v->groups);
    free(v->topics);
    free(v->partitions);
    free(v->cluster_id);
    free(v);
}

static int topic_order(const void *name, const void *topic)
{
    return strcmp(name, ((const struct view_topic *)topic)->name);
}

static int group_order(const void *name, const void *group)
{
    return strcmp(name, ((const struct view_group *)group)->name);
}

struct view_topic *view_topic(const struct view *v, const char *name)
{
    return v->n_topics ? bsearch(name, v->topics, v->n_topics, sizeof *v->topics, topic_order) : NULL;
}

struct view_group *view_group(const struct view *v, const char *name)
{
    return v->n_groups ? bsearch(name, v->groups, v->n_groups, sizeof *v->groups, group_order) : NULL;
}

/* Kafka numbers them from 0 without a hole; a listing may still be in another order. */
struct view_partition *view_partition(const struct view_topic *t, int32_t id)
{
    for (int32_t i = 0; i < t->partitions; i++) {
        int32_t at = (int32_t)(((int64_t)id + i) % t->partitions);

        if (id >= 0 && t->parts[at].id == id)
            return &t->parts[at];
    }
    return NULL;
}
