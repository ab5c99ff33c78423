/* group.c - asking for a group; what changes it is in group_change.c. */
#include "group.h"

#include <stdio.h>
#include <string.h>

#include "client_can.h"

static const struct {
    rd_kafka_consumer_group_state_t theirs;
    enum view_state                 ours;
    const char                     *name;
} states[] = {
    { RD_KAFKA_CONSUMER_GROUP_STATE_UNKNOWN, VIEW_STATE_UNKNOWN, "unknown" },
    { RD_KAFKA_CONSUMER_GROUP_STATE_STABLE, VIEW_STABLE, "stable" },
    { RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY, VIEW_EMPTY, "empty" },
    { RD_KAFKA_CONSUMER_GROUP_STATE_DEAD, VIEW_DEAD, "dead" },
    { RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE, VIEW_PREPARING, "preparing_rebalance" },
    { RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE, VIEW_COMPLETING, "completing_rebalance" },
};
#define N_STATES (sizeof states / sizeof *states)

enum view_state group_state(rd_kafka_consumer_group_state_t state)
{
    for (size_t i = 0; i < N_STATES; i++)
        if (states[i].theirs == state)
            return states[i].ours;
    return VIEW_STATE_UNKNOWN;
}

const char *group_state_name(enum view_state state)
{
    for (size_t i = 0; i < N_STATES; i++)
        if (states[i].ours == state)
            return states[i].name;
    return states[0].name;
}

const char *group_kind_name(enum view_kind kind)
{
    static const char *const names[] = { [VIEW_KIND_UNKNOWN] = "unknown with this client", [VIEW_CLASSIC] = "classic", [VIEW_CONSUMER] = "consumer" };

    return names[kind];
}

static void conf_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[200];
    rd_kafka_conf_res_t res = rd_kafka_conf_set(conf, name, value, why, sizeof why);

    kl_assert(res == RD_KAFKA_CONF_OK);
}

void group_client_conf(rd_kafka_conf_t *conf)
{
    char socket_ms[16];

    snprintf(socket_ms, sizeof socket_ms, "%d", GROUP_SOCKET_MS);
    conf_set(conf, "socket.timeout.ms", socket_ms); /* also over KAFKA_SOCKET_TIMEOUT_MS */
    conf_set(conf, "group.id", "kafkloud-steward");
}

void group_op_begin(struct op *op, rd_kafka_t *kafka, rd_kafka_admin_op_t which, int timeout_ms)
{
    char why[100];

    op_begin(op, kafka, which, timeout_ms);
    op->wait_ms = timeout_ms; /* librdkafka does not end it sooner */
    rd_kafka_AdminOptions_set_request_timeout(op->options, GROUP_OP_MS, why, sizeof why);
}

/* Does the cluster answer? */
static enum kl_code cluster_check(rd_kafka_t *kafka, int timeout_ms, struct kl_error *err)
{
    const rd_kafka_metadata_t *md;
    rd_kafka_resp_err_t error = rd_kafka_metadata(kafka, 0, NULL, &md, timeout_ms);

    if (error)
        return op_fail(err, error, NULL, "describing the group");
    rd_kafka_metadata_destroy(md);
    return KL_OK;
}

/* ---- describing ---- */

static const rd_kafka_ConsumerGroupListing_t *listing_of(const rd_kafka_ListConsumerGroups_result_t *result, const char *name)
{
    size_t n;
    const rd_kafka_ConsumerGroupListing_t **listed = rd_kafka_ListConsumerGroups_result_valid(result, &n);

    for (size_t i = 0; i < n; i++)
        if (!strcmp(rd_kafka_ConsumerGroupListing_group_id(listed[i]), name))
            return listed[i];
    return NULL;
}

/* A broker that did not answer may be the one that has the group. */
static enum kl_code not_listed(const rd_kafka_ListConsumerGroups_result_t *result, const char *name, struct kl_error *err)
{
    size_t n;
    const rd_kafka_error_t **errors = rd_kafka_ListConsumerGroups_result_errors(result, &n);

    if (n)
        return op_fail(err, rd_kafka_error_code(errors[0]), rd_kafka_error_string(errors[0]), "listing the groups");
    return kl_fail_field(err, KL_NOT_FOUND, "group", "there is no group \"%.100s\"", name);
}

/* What is described as dead: of another protocol when it is listed, else not there. */
static enum kl_code look_in_list(struct group *g, rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err)
{
    const rd_kafka_ConsumerGroupListing_t *listing = NULL;
    const rd_kafka_ListConsumerGroups_result_t *result;
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;

    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, timeout_ms);
    rd_kafka_ListConsumerGroups(kafka, op.options, op.queue);
    code = op_wait(&op, "listing the groups", &event, err);
    if (!code) {
        result = rd_kafka_event_ListConsumerGroups_result(event);
        listing = listing_of(result, name);
        if (!listing)
            code = not_listed(result, name, err);
    }
    if (listing) {
        g->state = group_state(rd_kafka_ConsumerGroupListing_state(listing));
        g->kind = g->state == VIEW_DEAD ? VIEW_CLASSIC : VIEW_KIND_UNKNOWN;
    }
    op_end(&op);
    return code;
}

static enum view_kind described_kind(const struct group *g)
{
#if CAN_KIP848_GROUPS
    if (rd_kafka_ConsumerGroupDescription_type(g->desc) == RD_KAFKA_CONSUMER_GROUP_TYPE_CONSUMER)
        return VIEW_CONSUMER;
#endif
    return g->state == VIEW_DEAD ? VIEW_KIND_UNKNOWN : VIEW_CLASSIC;
}

static enum kl_code description_take(struct group *g, rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err)
{
    const rd_kafka_error_t *error;
    rd_kafka_event_t *event;
    size_t n;

    if (op_wait(&g->op, "describing the group", &event, err))
        return err->code;
    g->desc = rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(event), &n)[0];
    error = rd_kafka_ConsumerGroupDescription_error(g->desc);
    if (error)
        return op_fail(err, rd_kafka_error_code(error), rd_kafka_error_string(error), "describing the group");
    g->state = group_state(rd_kafka_ConsumerGroupDescription_state(g->desc));
    g->kind = described_kind(g);
    return g->kind != VIEW_KIND_UNKNOWN ? KL_OK : look_in_list(g, kafka, name, timeout_ms, err);
}

enum kl_code group_describe(struct group *out, rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err)
{
    enum kl_code code;

    if (cluster_check(kafka, timeout_ms, err))
        return err->code;
    *out = (struct group){ .kind = VIEW_KIND_UNKNOWN };
    group_op_begin(&out->op, kafka, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout_ms);
    rd_kafka_DescribeConsumerGroups(kafka, &name, 1, out->op.options, out->op.queue);
    code = description_take(out, kafka, name, timeout_ms, err);
    if (code)
        op_end(&out->op);
    return code;
}

void group_fini(struct group *g)
{
    op_end(&g->op);
}

enum kl_code group_need_empty(const struct group *g, const char *what, struct kl_error *err)
{
    if (g->state == VIEW_EMPTY || g->state == VIEW_DEAD)
        return KL_OK;
    return kl_fail_field(err, KL_CONFLICT, "group", "%s: the group is %s; stop its members first", what, group_state_name(g->state));
}

/* ---- offsets ---- */

static int by_place(const void *a, const void *b, void *unused)
{
    const rd_kafka_topic_partition_t *one = a, *other = b;
    int by_topic = strcmp(one->topic, other->topic);

    (void)unused;
    return by_topic ? by_topic : (one->partition > other->partition) - (one->partition < other->partition);
}

/* A partition that was asked for and never committed comes back without an offset: it is left out. */
static rd_kafka_topic_partition_list_t *committed_of(const rd_kafka_topic_partition_list_t *all)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(all ? all->cnt : 0);

    for (int i = 0; all && i < all->cnt; i++)
        if (!all->elems[i].err && all->elems[i].offset >= 0)
            rd_kafka_topic_partition_list_add(list, all->elems[i].topic, all->elems[i].partition)->offset = all->elems[i].offset;
    rd_kafka_topic_partition_list_sort(list, by_place, NULL);
    return list;
}

enum kl_code group_offsets_result(rd_kafka_event_t *event, rd_kafka_topic_partition_list_t **out, struct kl_error *err)
{
    size_t n;
    const rd_kafka_group_result_t **results =
        rd_kafka_ListConsumerGroupOffsets_result_groups(rd_kafka_event_ListConsumerGroupOffsets_result(event), &n);
    const rd_kafka_error_t *error = rd_kafka_group_result_error(results[0]);

    if (error)
        return op_fail(err, rd_kafka_error_code(error), rd_kafka_error_string(error), "listing the group's offsets");
    *out = committed_of(rd_kafka_group_result_partitions(results[0]));
    return KL_OK;
}

enum kl_code group_offsets(rd_kafka_t *kafka, const char *name, int timeout_ms, rd_kafka_topic_partition_list_t **out,
                           struct kl_error *err)
{
    rd_kafka_ListConsumerGroupOffsets_t *ask = rd_kafka_ListConsumerGroupOffsets_new(name, NULL);
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;

    group_op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout_ms);
    rd_kafka_ListConsumerGroupOffsets(kafka, &ask, 1, op.options, op.queue);
    code = op_wait(&op, "listing the group's offsets", &event, err);
    if (!code)
        code = group_offsets_result(event, out, err);
    op_end(&op);
    rd_kafka_ListConsumerGroupOffsets_destroy(ask);
    return code;
}
