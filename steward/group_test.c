/* Writing a group's offsets, on librdkafka's mock cluster: above all, what happens when the broker does not play along. The rest
 * of group.h needs a real cluster: it/14_steward_groups_test.c. */
#include "group.h"

#include "test_mock.h"

#include "test.h"

static struct mock m;
static rd_kafka_conf_t *client;
static rd_kafka_topic_partition_list_t *offsets;
static struct kl_error err;

static void begin(void)
{
    mock_open(&m);
    rd_kafka_mock_topic_create(m.cluster, "orders", 2, 1);
    client = rd_kafka_conf_new();
    rd_kafka_conf_set(client, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(m.cluster), NULL, 0);
    rd_kafka_conf_set(client, "log_level", "0", NULL, 0);
    offsets = rd_kafka_topic_partition_list_new(2);
    rd_kafka_topic_partition_list_add(offsets, "orders", 0)->offset = 7;
    rd_kafka_topic_partition_list_add(offsets, "orders", 1)->offset = 9;
}

static void end(void)
{
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_conf_destroy(client);
    mock_close(&m);
}

/* As another client sees it. */
static int64_t committed(const char *group, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(client);
    int64_t offset;
    rd_kafka_t *rk;

    rd_kafka_conf_set(conf, "group.id", group, NULL, 0);
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, NULL, 0);
    rd_kafka_topic_partition_list_add(list, "orders", partition);
    CU_ASSERT_EQUAL(rd_kafka_committed(rk, list, MOCK_WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    offset = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(rk);
    return offset;
}

static void offsets_are_written_for_a_group_that_never_joined(void)
{
    begin();
    CU_ASSERT_EQUAL(group_commit(client, "g", offsets, MOCK_WAIT_MS, &err), KL_OK);
    CU_ASSERT_EQUAL(committed("g", 0), 7);
    CU_ASSERT_EQUAL(committed("g", 1), 9);
    CU_ASSERT(committed("h", 0) < 0);
    end();
}

static void a_refusal_for_the_sake_of_members_is_a_conflict(void)
{
    begin();
    rd_kafka_mock_push_request_errors(m.cluster, 8 /* OffsetCommit */, 1, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
    CU_ASSERT_EQUAL(group_commit(client, "g", offsets, MOCK_WAIT_MS, &err), KL_CONFLICT);
    CU_ASSERT_STRING_EQUAL(err.field, "group");
    CU_ASSERT(committed("g", 0) < 0);
    end();
}

static void a_refusal_for_want_of_rights_is_forbidden(void)
{
    begin();
    rd_kafka_mock_push_request_errors(m.cluster, 8 /* OffsetCommit */, 1, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
    CU_ASSERT_EQUAL(group_commit(client, "g", offsets, MOCK_WAIT_MS, &err), KL_FORBIDDEN);
    end();
}

static void a_broker_that_goes_away_meanwhile_is_a_timeout(void)
{
    int64_t start_us;

    begin();
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 1000); /* it takes the commit, and is gone before it answers */
    start_us = kl_mono_us();
    CU_ASSERT_EQUAL(group_commit(client, "g", offsets, 300, &err), KL_TIMEOUT);
    CU_ASSERT(kl_mono_us() - start_us < MOCK_WAIT_MS * INT64_C(1000));
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT_EQUAL(group_commit(client, "g", offsets, 300, &err), KL_TIMEOUT);
    end();
}

/* Of this, librdkafka dies when the client has no group. */
static void offsets_asked_of_a_broker_that_is_no_coordinator_are_a_timeout(void)
{
    rd_kafka_topic_partition_list_t *list;

    begin();
    rd_kafka_mock_push_request_errors(m.cluster, 9 /* OffsetFetch */, 1, RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
    CU_ASSERT_EQUAL(group_offsets(m.steward.kafka, "g", MOCK_WAIT_MS, &list, &err), KL_TIMEOUT);
    CU_ASSERT_EQUAL_FATAL(group_offsets(m.steward.kafka, "g", MOCK_WAIT_MS, &list, &err), KL_OK);
    rd_kafka_topic_partition_list_destroy(list);
    end();
}

static void a_group_with_members_is_not_empty(void)
{
    struct group g = { .state = VIEW_STABLE };

    CU_ASSERT_EQUAL(group_need_empty(&g, "this", &err), KL_CONFLICT);
    g.state = VIEW_STATE_UNKNOWN;
    CU_ASSERT_EQUAL(group_need_empty(&g, "this", &err), KL_CONFLICT);
    g.state = VIEW_EMPTY;
    CU_ASSERT_EQUAL(group_need_empty(&g, "this", &err), KL_OK);
}

KL_TESTS("group",
         T(offsets_are_written_for_a_group_that_never_joined),
         T(a_refusal_for_the_sake_of_members_is_a_conflict),
         T(a_refusal_for_want_of_rights_is_forbidden),
         T(a_broker_that_goes_away_meanwhile_is_a_timeout),
         T(offsets_asked_of_a_broker_that_is_no_coordinator_are_a_timeout),
         T(a_group_with_members_is_not_empty))
