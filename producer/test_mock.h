/* test_mock.h - for tests: the parts behind the endpoints, on librdkafka's mock cluster, with one broker and the topics
 * "orders" (2 partitions) and "kafkloud-outcomes" (1). */
#ifndef PRODUCER_TEST_MOCK_H
#define PRODUCER_TEST_MOCK_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h> /* after rdkafka.h, which it does not include */
#include <pthread.h>
#include <stdio.h>

#include "clock.h"
#include "journal.h"
#include "outbox.h"
#include "test.h"

#define MOCK_START       0x0199b6a27c10f3a8
#define MOCK_DEADLINE_MS 20000
#define MOCK_LIMITS_MS   20 /* the mock cluster never answers what a topic's settings are */
#define PRODUCE_REQUEST  0 /* its ApiKey */

struct mock {
    rd_kafka_mock_cluster_t *cluster;
    struct kl_producer      *producer;
    struct topics           *topics;
    struct room             *room;
    struct journal          *journal;
    struct outbox           *box;
    struct topic            *orders;
};

/* Outcomes as they come. */
struct outcomes {
    pthread_mutex_t lock;
    pthread_cond_t  more;
    size_t          n;
    struct outcome  last, all[4096];
};

static inline void outcomes_init(struct outcomes *o)
{
    memset(o, 0, sizeof *o);
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->more, NULL);
}

static inline void outcomes_note(void *ctx, const struct outcome *outcome)
{
    struct outcomes *o = ctx;

    pthread_mutex_lock(&o->lock);
    o->last = *outcome;
    if (o->n < sizeof o->all / sizeof *o->all)
        o->all[o->n] = *outcome;
    o->n++;
    pthread_cond_broadcast(&o->more);
    pthread_mutex_unlock(&o->lock);
}

static inline bool outcomes_wait(struct outcomes *o, size_t n)
{
    int64_t end_us = kl_mono_us() + MOCK_DEADLINE_MS * 1000;

    pthread_mutex_lock(&o->lock);
    while (o->n < n && kl_mono_us() < end_us) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&o->more, &o->lock, &until);
    }
    pthread_mutex_unlock(&o->lock);
    return o->n >= n;
}

static inline void mock_found(struct topics_waiter *w, struct topic *topic, const struct kl_error *why)
{
    (void)w;
    (void)topic;
    (void)why;
}

/* The topic, once the cache has it. */
static inline struct topic *mock_topic(struct mock *m, const char *name)
{
    int64_t end_us = kl_mono_us() + MOCK_DEADLINE_MS * 1000;
    static struct topics_waiter w;
    struct topic *t;
    struct kl_error err;

    snprintf(w.name, sizeof w.name, "%s", name);
    w.found = mock_found;
    w.plan = NULL;
    CU_ASSERT_EQUAL(topics_ask(m->topics, &w, &err), KL_OK);
    while ((t = topics_find(m->topics, name)) == NULL && kl_mono_us() < end_us)
        kl_sleep_ms(5);
    return t;
}

static inline void mock_open(struct mock *m, int64_t timeout_ms, const struct room_limits *limits)
{
    static const struct kl_kafka_conf kafka_conf = { "localhost:1", "test" };
    char timeout[24];
    const struct kl_kafka_property own[] = {
        { "test.mock.num.brokers", "1" }, { "message.timeout.ms", timeout }, { "retry.backoff.ms", "10" }, { NULL, NULL },
    };
    int64_t end_us = kl_mono_us() + MOCK_DEADLINE_MS * 1000;
    rd_kafka_conf_t *conf;
    struct kl_error err;

    memset(m, 0, sizeof *m);
    snprintf(timeout, sizeof timeout, "%lld", (long long)timeout_ms);
    CU_ASSERT_EQUAL_FATAL(kl_kafka_conf_new(&conf, &kafka_conf, KL_KAFKA_PRODUCER, own, NULL, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_producer_open(&m->producer, conf, &err), KL_OK);
    m->cluster = rd_kafka_handle_mock_cluster(kl_producer_handle(m->producer));
    rd_kafka_mock_topic_create(m->cluster, "orders", 2, 1);
    rd_kafka_mock_topic_create(m->cluster, KL_OUTCOMES_TOPIC, 1, 1);
    CU_ASSERT_EQUAL_FATAL(topics_start(&m->topics, &(struct topics_conf){ .producer = m->producer, .refresh_ms = 200, .wait_ms = 2000, .limits_ms = MOCK_LIMITS_MS }, &err), KL_OK);
    m->room = room_new(limits ? limits : &(struct room_limits){ 10000, 100000000, 10000 });
    CU_ASSERT_EQUAL_FATAL(journal_open(&m->journal, &(struct journal_conf){ .producer = m->producer, .topics = m->topics, .start = MOCK_START, .interval_ms = 100, .plan = { 1, 1, 0 } }, &err), KL_OK);
    m->box = outbox_new(&(struct outbox_conf){ m->producer, m->topics, m->room, m->journal, MOCK_START, timeout_ms, false });
    CU_ASSERT_EQUAL_FATAL(kl_producer_start(m->producer, &(struct kl_producer_hooks){ outbox_reported, outbox_work, outbox_tick, NULL, m->box }, &err), KL_OK);
    m->orders = mock_topic(m, "orders");
    CU_ASSERT_PTR_NOT_NULL_FATAL(m->orders);
    while (!topics_find(m->topics, KL_OUTCOMES_TOPIC) && kl_mono_us() < end_us)
        kl_sleep_ms(5); /* the journal has asked for it */
}

/* As main.c ends. */
static inline void mock_end(struct mock *m)
{
    topics_stop(m->topics);
    outbox_abandon(m->box);
    kl_producer_drain(m->producer, 0);
    outbox_finish(m->box);
    journal_finish(m->journal);
    kl_producer_drain(m->producer, 2000);
}

static inline void mock_close(struct mock *m)
{
    CU_ASSERT_EQUAL(room_records(m->room), 0);
    CU_ASSERT_EQUAL(room_bytes(m->room), 0);
    journal_free(m->journal);
    outbox_free(m->box);
    topics_free(m->topics);
    room_free(m->room);
    kl_producer_close(m->producer, 0);
}

static inline enum kl_code mock_send(struct mock *m, int32_t partition, const char *value, struct outcomes *o, struct kl_error *err)
{
    struct record r = { .topic = m->orders, .partition = partition, .key = "k", .key_len = 1, .value = value, .value_len = strlen(value) };

    kl_uuid7(&r.id);
    return outbox_send(m->box, &r, outcomes_note, o, NULL, err);
}

/* Reads a topic's partition 0 from its beginning. */
static inline rd_kafka_t *mock_reader(struct mock *m, const char *topic)
{
    rd_kafka_topic_partition_list_t *parts = rd_kafka_topic_partition_list_new(1);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *reader;
    char why[256];

    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(m->cluster), why, sizeof why);
    rd_kafka_conf_set(conf, "group.id", "test", why, sizeof why);
    reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    rd_kafka_poll_set_consumer(reader);
    rd_kafka_topic_partition_list_add(parts, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(reader, parts);
    rd_kafka_topic_partition_list_destroy(parts);
    return reader;
}

static inline void mock_reader_close(rd_kafka_t *reader)
{
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
}

#endif
