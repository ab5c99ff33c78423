/* groups_look.c - see groups_look.h.
 *
 * Three questions: which groups there are (a request a broker), what they are (groups_describe.h), and their offsets, which
 * librdkafka asks a group a request; of these GROUPS_ASKED_MAX are under way at a time. */
#include "groups_look.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "group.h"
#include "groups_describe.h"
#include "op.h"

#define POLL_MS 100 /* how late a stop is seen */

/* ---- which groups there are ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct view_group *)a)->name, ((const struct view_group *)b)->name);
}

static bool group_add(struct view *v, const rd_kafka_ConsumerGroupListing_t *listing)
{
    struct view_group *g = &v->groups[v->n_groups];

    *g = (struct view_group){ .name = strdup(rd_kafka_ConsumerGroupListing_group_id(listing)), .protocol = strdup(""),
                              .state = group_state(rd_kafka_ConsumerGroupListing_state(listing)), .kind = groups_listed_kind(listing),
                              .members = VIEW_UNKNOWN, .lag = VIEW_UNKNOWN };
    v->n_groups++; /* view_unref frees it, also half made */
    return g->name && g->protocol;
}

static enum kl_code take_listing(struct view *v, const rd_kafka_ListConsumerGroups_result_t *result, struct kl_error *err)
{
    size_t n;
    const rd_kafka_ConsumerGroupListing_t **listed = rd_kafka_ListConsumerGroups_result_valid(result, &n);

    v->groups = calloc(n + 1, sizeof *v->groups);
    for (size_t i = 0; i < n; i++)
        if (!v->groups || !group_add(v, listed[i]))
            return kl_fail(err, KL_BUSY, "no memory for the groups");
    if (v->groups)
        qsort(v->groups, v->n_groups, sizeof *v->groups, by_name);
    return KL_OK;
}

/* A broker that does not answer leaves its groups out, until another has taken them over: that is said. When all of them do
 * not, nothing is known. */
static enum kl_code listing_check(struct view *v, const rd_kafka_ListConsumerGroups_result_t *result, struct kl_error *err)
{
    size_t n;
    const rd_kafka_error_t **errors = rd_kafka_ListConsumerGroups_result_errors(result, &n);

    if (n == 0)
        return KL_OK;
    snprintf(v->groups_partly, sizeof v->groups_partly, "a broker did not list its groups: %s", rd_kafka_error_string(errors[0]));
    return n < v->n_brokers ? KL_OK : op_fail(err, rd_kafka_error_code(errors[0]), rd_kafka_error_string(errors[0]), "listing the groups");
}

static enum kl_code list(const struct groups_look *look, struct view *v, struct kl_error *err)
{
    const rd_kafka_ListConsumerGroups_result_t *result;
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;

    op_begin(&op, look->kafka, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, (int)look->timeout_ms);
    rd_kafka_ListConsumerGroups(look->kafka, op.options, op.queue);
    code = op_wait(&op, "listing the groups", &event, err);
    if (!code) {
        result = rd_kafka_event_ListConsumerGroups_result(event);
        code = listing_check(v, result, err);
        if (!code)
            code = take_listing(v, result, err);
    }
    op_end(&op);
    return code;
}

/* ---- their offsets ---- */

/* All groups' questions on one queue. */
struct asking {
    rd_kafka_t       *kafka;
    rd_kafka_queue_t *queue;
    int64_t           due_us;
    size_t            asked, answered;
};

static void ask_for(struct asking *a, struct view_group *g)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(a->kafka, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_ListConsumerGroupOffsets_t *ask = rd_kafka_ListConsumerGroupOffsets_new(g->name, NULL);
    char why[100];

    rd_kafka_AdminOptions_set_request_timeout(options, GROUP_OP_MS, why, sizeof why);
    rd_kafka_AdminOptions_set_opaque(options, g);
    rd_kafka_ListConsumerGroupOffsets(a->kafka, &ask, 1, options, a->queue);
    rd_kafka_ListConsumerGroupOffsets_destroy(ask);
    rd_kafka_AdminOptions_destroy(options);
    a->asked++;
}

static int64_t lag_of(const struct view_topic *t, int32_t partition, int64_t committed)
{
    const struct view_partition *p = t ? view_partition(t, partition) : NULL;

    if (!p || p->high < 0)
        return VIEW_UNKNOWN;
    return p->high > committed ? p->high - committed : 0; /* the end was asked for before the offset */
}

/* The lag in one topic, whose offsets are g->offsets[from] and on; returns where the next topic's begin. One unknown partition
 * makes it unknown. */
static size_t topic_lag(const struct view_group *g, size_t from, int64_t *lag)
{
    size_t i = from;

    *lag = 0;
    for (; i < g->n_offsets && g->offsets[i].topic == g->offsets[from].topic; i++) {
        int64_t of_partition = lag_of(g->offsets[i].topic, g->offsets[i].partition, g->offsets[i].committed);

        *lag = *lag < 0 || of_partition < 0 ? VIEW_UNKNOWN : *lag + of_partition;
    }
    return i;
}

/* Offsets of a topic that is gone have no lag: they count for nothing. */
static void sum_up(const struct view *v, struct view_group *g)
{
    bool unknown = false;
    int64_t lag;

    g->topics = 0;
    g->lag = g->n_offsets ? 0 : VIEW_UNKNOWN;
    for (size_t i = 0; i < g->n_offsets;) {
        struct view_topic *t = g->offsets[i].topic ? view_topic(v, g->offsets[i].topic->name) : NULL;

        i = topic_lag(g, i, &lag);
        if (!t)
            continue;
        g->topics++;
        t->groups++;
        if (lag > t->lag)
            t->lag = lag;
        unknown |= lag < 0;
        g->lag += lag;
    }
    if (unknown)
        g->lag = VIEW_UNKNOWN;
}

static enum kl_code take_offsets(const struct view *v, struct view_group *g, rd_kafka_event_t *event, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list;

    if (rd_kafka_event_error(event))
        return op_fail(err, rd_kafka_event_error(event), rd_kafka_event_error_string(event), "listing its offsets");
    if (group_offsets_result(event, &list, err))
        return err->code;
    g->offsets = calloc((size_t)list->cnt + 1, sizeof *g->offsets);
    if (!g->offsets)
        kl_fail(err, KL_BUSY, "no memory for its offsets");
    for (int i = 0; g->offsets && i < list->cnt; i++)
        g->offsets[g->n_offsets++] = (struct view_offset){ view_topic(v, list->elems[i].topic), list->elems[i].partition, list->elems[i].offset };
    rd_kafka_topic_partition_list_destroy(list);
    if (!g->offsets)
        return err->code;
    sum_up(v, g);
    return KL_OK;
}

static void answer_of(struct asking *a, const struct view *v)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(a->queue, POLL_MS);
    struct view_group *g = event ? rd_kafka_event_opaque(event) : NULL;
    struct kl_error err;

    if (!event)
        return;
    a->answered++;
    if (take_offsets(v, g, event, &err))
        snprintf(g->why, sizeof g->why, "%.*s", (int)sizeof g->why - 1, err.text);
    rd_kafka_event_destroy(event);
}

/* What is not answered in time is left to itself (group.h): its answer goes nowhere. */
static void offsets(const struct groups_look *look, struct view *v, const _Atomic bool *stop)
{
    struct asking a = { .kafka = look->kafka, .queue = rd_kafka_queue_new(look->kafka), .due_us = kl_mono_us() + look->timeout_ms * 1000 };
    size_t next = 0;

    while (a.answered < v->n_groups && !*stop && kl_mono_us() < a.due_us) {
        while (next < v->n_groups && a.asked - a.answered < GROUPS_ASKED_MAX)
            ask_for(&a, &v->groups[next++]);
        answer_of(&a, v);
    }
    rd_kafka_queue_destroy(a.queue);
    for (size_t i = 0; i < v->n_groups; i++)
        if (!v->groups[i].offsets && !v->groups[i].why[0])
            snprintf(v->groups[i].why, sizeof v->groups[i].why, "its offsets were not told in time");
}

void groups_look(const struct groups_look *look, struct view *v, const _Atomic bool *stop)
{
    struct kl_error err;

    if (list(look, v, &err) || groups_describe(look, v, stop, &err)) {
        snprintf(v->groups_why, sizeof v->groups_why, "%.*s", (int)sizeof v->groups_why - 1, err.text);
        return;
    }
    offsets(look, v, stop);
}
