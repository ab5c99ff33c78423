/* groups_describe.c - see groups_describe.h.
 *
 * Classic groups are described by librdkafka's old call, all of a broker at once, where the newer one asks for each. Groups of
 * KIP-848 are known to the newer one alone, from librdkafka 2.10 on: they are asked for with it. */
#include "groups_describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client_can.h"
#include "group.h"
#include "op.h"

static void take_protocol(struct view_group *g, const char *protocol)
{
    char *own = protocol ? strdup(protocol) : NULL;

    if (!own)
        return; /* the empty one stays */
    free(g->protocol);
    g->protocol = own;
}

/* ---- groups of KIP-848 ---- */

#if CAN_KIP848_GROUPS

enum view_kind groups_listed_kind(const rd_kafka_ConsumerGroupListing_t *listing)
{
    return rd_kafka_ConsumerGroupListing_type(listing) == RD_KAFKA_CONSUMER_GROUP_TYPE_CONSUMER ? VIEW_CONSUMER : VIEW_KIND_UNKNOWN;
}

static void take_newer(struct view *v, const rd_kafka_ConsumerGroupDescription_t *desc)
{
    struct view_group *g = view_group(v, rd_kafka_ConsumerGroupDescription_group_id(desc));
    const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(desc);

    if (error) {
        snprintf(g->why, sizeof g->why, "%.*s", (int)sizeof g->why - 1, rd_kafka_error_string(error));
        return;
    }
    g->members = (int32_t)rd_kafka_ConsumerGroupDescription_member_count(desc);
    take_protocol(g, rd_kafka_ConsumerGroupDescription_partition_assignor(desc));
}

static enum kl_code ask_newer(const struct groups_look *look, struct view *v, const char **names, size_t n, struct kl_error *err)
{
    const rd_kafka_ConsumerGroupDescription_t **descs;
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t told;

    group_op_begin(&op, look->kafka, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, (int)look->timeout_ms);
    rd_kafka_DescribeConsumerGroups(look->kafka, names, n, op.options, op.queue);
    code = op_wait(&op, "describing the groups", &event, err);
    if (!code) {
        descs = rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(event), &told);
        for (size_t i = 0; i < told; i++)
            take_newer(v, descs[i]);
    }
    op_end(&op);
    return code;
}

static enum kl_code describe_newer(const struct groups_look *look, struct view *v, const _Atomic bool *stop, struct kl_error *err)
{
    const char *names[GROUPS_ASKED_MAX];
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < v->n_groups && !*stop;) {
        size_t n = 0;

        for (; i < v->n_groups && n < GROUPS_ASKED_MAX; i++)
            if (v->groups[i].kind == VIEW_CONSUMER)
                names[n++] = v->groups[i].name;
        if (n > 0)
            code = ask_newer(look, v, names, n, err);
    }
    return code;
}

#else

enum view_kind groups_listed_kind(const rd_kafka_ConsumerGroupListing_t *listing)
{
    (void)listing;
    return VIEW_KIND_UNKNOWN;
}

static enum kl_code describe_newer(const struct groups_look *look, struct view *v, const _Atomic bool *stop, struct kl_error *err)
{
    (void)look, (void)v, (void)stop, (void)err;
    return KL_OK;
}

#endif

/* ---- classic groups ---- */

/* A group that is listed alive and described as dead is of a protocol that is not known (group.h): its state stays the listed
 * one. */
static void take_classic(struct view_group *g, const struct rd_kafka_group_info *info)
{
    if (info->err) {
        snprintf(g->why, sizeof g->why, "%s", rd_kafka_err2str(info->err));
        return;
    }
    if (!strcmp(info->state, "Dead") && g->state != VIEW_DEAD)
        return;
    g->kind = VIEW_CLASSIC;
    g->members = info->member_cnt;
    take_protocol(g, info->protocol);
}

static enum kl_code describe_classic(const struct groups_look *look, struct view *v, struct kl_error *err)
{
    const struct rd_kafka_group_list *all;
    rd_kafka_resp_err_t error = rd_kafka_list_groups(look->kafka, NULL, &all, (int)look->timeout_ms);

    if (error && error != RD_KAFKA_RESP_ERR__PARTIAL)
        return op_fail(err, error, NULL, "describing the groups");
    if (error)
        snprintf(v->groups_partly, sizeof v->groups_partly, "a broker did not describe its groups");
    for (int i = 0; i < all->group_cnt; i++) {
        struct view_group *g = view_group(v, all->groups[i].group);

        if (g && g->kind != VIEW_CONSUMER)
            take_classic(g, &all->groups[i]);
    }
    rd_kafka_group_list_destroy(all);
    return KL_OK;
}

enum kl_code groups_describe(const struct groups_look *look, struct view *v, const _Atomic bool *stop, struct kl_error *err)
{
    enum kl_code code = describe_classic(look, v, err);

    return code ? code : describe_newer(look, v, stop, err);
}
