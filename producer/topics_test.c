#include "test_mock.h"

struct answer {
    struct topics_waiter waiter;
    _Atomic bool         came;
    struct topic        *topic;
    struct kl_error      why;
};

static void found(struct topics_waiter *w, struct topic *topic, const struct kl_error *why)
{
    struct answer *a = (struct answer *)w;

    a->topic = topic;
    if (why)
        a->why = *why;
    atomic_store(&a->came, true);
}

static enum kl_code ask(struct mock *m, struct answer *a, const char *name, struct kl_error *err)
{
    memset(a, 0, sizeof *a);
    snprintf(a->waiter.name, sizeof a->waiter.name, "%s", name);
    a->waiter.found = found;
    return topics_ask(m->topics, &a->waiter, err);
}

static bool wait_for(struct answer *a)
{
    int64_t end_us = kl_mono_us() + MOCK_DEADLINE_MS * 1000;

    while (!atomic_load(&a->came) && kl_mono_us() < end_us)
        kl_sleep_ms(2);
    return atomic_load(&a->came);
}

static void a_topic_is_found_once_it_was_asked_for(void)
{
    struct mock m;
    struct answer a;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    rd_kafka_mock_topic_create(m.cluster, "payments", 3, 1);
    CU_ASSERT_PTR_NULL(topics_find(m.topics, "payments"));
    CU_ASSERT_EQUAL(ask(&m, &a, "payments", &err), KL_OK);
    CU_ASSERT_TRUE(wait_for(&a));
    CU_ASSERT_PTR_NOT_NULL_FATAL(a.topic);
    CU_ASSERT_PTR_EQUAL(topics_find(m.topics, "payments"), a.topic);
    CU_ASSERT_STRING_EQUAL(a.topic->name, "payments");
    CU_ASSERT_EQUAL(atomic_load(&a.topic->partitions), 3);
    CU_ASSERT_PTR_NOT_NULL(topic_partition(a.topic, 2));
    CU_ASSERT_PTR_NULL(topic_partition(a.topic, 3));
    CU_ASSERT_PTR_NULL(topic_partition(a.topic, -1));
    mock_end(&m);
    mock_close(&m);
}

static void a_topic_that_is_not_there_is_not_found_and_that_is_remembered(void)
{
    struct mock m;
    struct answer a;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    CU_ASSERT_EQUAL(ask(&m, &a, "nowhere", &err), KL_OK);
    CU_ASSERT_TRUE(wait_for(&a));
    CU_ASSERT_PTR_NULL(a.topic);
    CU_ASSERT_EQUAL(a.why.code, KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(a.why.field, "topic");
    CU_ASSERT_EQUAL(ask(&m, &a, "nowhere", &err), KL_NOT_FOUND);
    mock_end(&m);
    mock_close(&m);
}

static void a_topic_that_was_not_there_is_found_when_it_is(void)
{
    struct mock m;
    struct answer a;
    struct kl_error err;
    int64_t end_us = kl_mono_us() + MOCK_DEADLINE_MS * 1000;

    mock_open(&m, 10000, NULL);
    CU_ASSERT_EQUAL(ask(&m, &a, "later", &err), KL_OK);
    CU_ASSERT_TRUE(wait_for(&a));
    rd_kafka_mock_topic_create(m.cluster, "later", 1, 1);
    while (ask(&m, &a, "later", &err) == KL_NOT_FOUND && kl_mono_us() < end_us)
        kl_sleep_ms(50); /* the no is remembered for a second */
    CU_ASSERT_TRUE(wait_for(&a));
    CU_ASSERT_PTR_NOT_NULL(a.topic);
    mock_end(&m);
    mock_close(&m);
}

static void without_a_broker_an_ask_ends_in_time(void)
{
    struct mock m;
    struct answer a;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT_EQUAL(ask(&m, &a, "payments", &err), KL_OK);
    CU_ASSERT_TRUE(wait_for(&a));
    CU_ASSERT_PTR_NULL(a.topic);
    CU_ASSERT_EQUAL(a.why.code, KL_TIMEOUT);
    CU_ASSERT_STRING_EQUAL(a.why.persisted, "no");
    mock_end(&m);
    mock_close(&m);
}

/* The mock cluster never answers a CreateTopics: what would take each of them its three seconds. */
static void a_creation_that_fails_is_tried_once_for_all_who_ask(void)
{
    const struct topics_plan plan = { 1, 1, 0 };
    struct answer a[6] = { 0 };
    struct mock m;
    struct kl_error err;
    int64_t start_us = kl_mono_us();

    mock_open(&m, 10000, NULL);
    for (int i = 0; i < 6; i++) {
        snprintf(a[i].waiter.name, sizeof a[i].waiter.name, "%s", "cannot-be-made");
        a[i].waiter.found = found;
        a[i].waiter.plan = &plan;
        CU_ASSERT_EQUAL(topics_ask(m.topics, &a[i].waiter, &err), KL_OK);
    }
    for (int i = 0; i < 6; i++) {
        CU_ASSERT_TRUE(wait_for(&a[i]));
        CU_ASSERT_PTR_NULL(a[i].topic);
        CU_ASSERT_EQUAL(a[i].why.code, KL_TIMEOUT);
    }
    CU_ASSERT_TRUE(kl_mono_us() - start_us < 10000 * 1000);
    mock_end(&m);
    mock_close(&m);
}

static void whoever_waits_at_the_end_is_told(void)
{
    struct mock m;
    struct answer a;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    CU_ASSERT_EQUAL(ask(&m, &a, "payments", &err), KL_OK);
    mock_end(&m);
    CU_ASSERT_TRUE(atomic_load(&a.came));
    CU_ASSERT_PTR_NULL(a.topic);
    CU_ASSERT_TRUE(a.why.code == KL_BUSY || a.why.code == KL_TIMEOUT);
    CU_ASSERT_EQUAL(ask(&m, &a, "payments", &err), KL_BUSY);
    mock_close(&m);
}

static _Atomic int partitions_seen;
static void count_partition(void *ctx, struct partition *p)
{
    (void)ctx;
    (void)p;
    atomic_fetch_add(&partitions_seen, 1);
}

static void every_partition_can_be_visited(void)
{
    struct mock m;

    mock_open(&m, 10000, NULL);
    mock_end(&m);
    atomic_store(&partitions_seen, 0);
    topics_each(m.topics, count_partition, NULL);
    CU_ASSERT_EQUAL(partitions_seen, 3); /* of orders and of the outcomes */
    mock_close(&m);
}

KL_TESTS("topics", T(a_topic_is_found_once_it_was_asked_for), T(a_topic_that_is_not_there_is_not_found_and_that_is_remembered),
         T(a_topic_that_was_not_there_is_found_when_it_is), T(without_a_broker_an_ask_ends_in_time),
         T(a_creation_that_fails_is_tried_once_for_all_who_ask),
         T(whoever_waits_at_the_end_is_told), T(every_partition_can_be_visited))
