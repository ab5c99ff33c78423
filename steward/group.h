/* group.h - one consumer group, asked fresh, and changing its offsets. Blocking: for a worker.
 *
 * Groups of the new protocol (KIP-848) are listed with their true state, but librdkafka can describe them from 2.10 on only
 * (client_can.h): before, the broker answers its DescribeGroups with "Dead" and no members. So what is listed and described as
 * dead is of a kind unknown, its state is the listed one, its members are unknown. What is not listed either is not there. Its
 * offsets are like any other's. */
#ifndef GROUP_H
#define GROUP_H

#include <librdkafka/rdkafka.h>

#include "op.h"
#include "view.h"

/* librdkafka 2.0 ends the process by an assertion when the time of an operation that goes to a group's coordinator is over
 * before the request that it sent, or still wants to send. So such an operation gets the longest time there is, and is left to
 * itself when nobody waits for it any more: its answer then goes nowhere. None is begun while the cluster does not answer.
 * socket.timeout.ms of the client is GROUP_SOCKET_MS, so that requests end soon.
 *
 * And every librdkafka up to 2.15 dies when a broker that is no longer a group's coordinator is asked for its offsets, by a client
 * that has no group (librdkafka issue 5040): so the steward's client has one, which it never joins. */
#define GROUP_SOCKET_MS 3000
#define GROUP_OP_MS     3600000 /* librdkafka's maximum */
void group_client_conf(rd_kafka_conf_t *conf); /* of the client that groups are asked with */
void group_op_begin(struct op *op, rd_kafka_t *kafka, rd_kafka_admin_op_t which, int timeout_ms);

struct group {
    struct op       op;          /* holds what desc points into */
    const rd_kafka_ConsumerGroupDescription_t *desc;
    enum view_state state;
    enum view_kind  kind;
};

/* KL_NOT_FOUND: there is no such group. group_fini() after KL_OK only. */
KL_MUST_CHECK enum kl_code group_describe(struct group *out, rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err);
void group_fini(struct group *g);

/* KL_CONFLICT when members may be reading: the state is not empty. */
KL_MUST_CHECK enum kl_code group_need_empty(const struct group *g, const char *what, struct kl_error *err);

/* librdkafka's state as ours, and ours as text. */
enum view_state group_state(rd_kafka_consumer_group_state_t state);
const char     *group_state_name(enum view_state state);
const char     *group_kind_name(enum view_kind kind);

/* All offsets that the group has committed, by topic and partition; *out is the caller's. */
KL_MUST_CHECK enum kl_code group_offsets(rd_kafka_t *kafka, const char *name, int timeout_ms, rd_kafka_topic_partition_list_t **out,
                                         struct kl_error *err);

/* The same from the event that answers such an operation. */
KL_MUST_CHECK enum kl_code group_offsets_result(rd_kafka_event_t *event, rd_kafka_topic_partition_list_t **out, struct kl_error *err);

/* Commits the offsets for the group, which must have no members: else KL_CONFLICT, and nothing is changed. conf: of a client
 * of the cluster, copied. Without a coordinator it takes timeout_ms twice: until the commit is given up, and until librdkafka has
 * let go of it. */
KL_MUST_CHECK enum kl_code group_commit(const rd_kafka_conf_t *conf, const char *name, const rd_kafka_topic_partition_list_t *offsets,
                                        int timeout_ms, struct kl_error *err);

/* Deletes the group's offsets of these partitions. KL_CONFLICT: a member reads the topic. */
KL_MUST_CHECK enum kl_code group_forget(rd_kafka_t *kafka, const char *name, const rd_kafka_topic_partition_list_t *partitions,
                                        int timeout_ms, struct kl_error *err);

/* KL_CONFLICT: it is not empty. */
KL_MUST_CHECK enum kl_code group_remove(rd_kafka_t *kafka, const char *name, int timeout_ms, struct kl_error *err);

#endif
