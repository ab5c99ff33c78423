#include "kafka_producer.h"

#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdatomic.h>

#include "clock.h"
#include "test.h"

#define DEADLINE_MS 20000

/* A producer against librdkafka's mock cluster, and the reports it gave. */
struct bench {
    struct kl_producer      *producer;
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_topic_t        *topic;
    pthread_mutex_t          lock;
    pthread_cond_t           more;
    size_t                   reports;
    rd_kafka_resp_err_t      error;     /* of the last report */
    rd_kafka_msg_status_t    status;
    int64_t                  offset;
    void                    *opaque;
    void                   (*send_more)(struct bench *b); /* in `work`, after the first report */
    _Atomic int              ticks, fatals;
};

static bool reported(void *ctx, const rd_kafka_message_t *report)
{
    struct bench *b = ctx;

    pthread_mutex_lock(&b->lock);
    b->reports++;
    b->error = report->err;
    b->status = rd_kafka_message_status(report);
    if (report->offset > b->offset) /* after a yield librdkafka may tell of a later batch first */
        b->offset = report->offset;
    b->opaque = report->_private;
    pthread_cond_broadcast(&b->more);
    pthread_mutex_unlock(&b->lock);
    return true;
}

static void work(void *ctx)
{
    struct bench *b = ctx;

    void (*send_more)(struct bench *) = NULL;

    pthread_mutex_lock(&b->lock);
    if (b->reports > 1) {
        send_more = b->send_more;
        b->send_more = NULL; /* once */
    }
    pthread_mutex_unlock(&b->lock);
    if (send_more)
        send_more(b);
}

static void tick(void *ctx)
{
    atomic_fetch_add(&((struct bench *)ctx)->ticks, 1);
}

static void fatal(void *ctx, const char *why)
{
    (void)why;
    atomic_fetch_add(&((struct bench *)ctx)->fatals, 1);
}

static void bench_open(struct bench *b, const char *message_timeout_ms)
{
    static const struct kl_kafka_conf conf = { "localhost:1", "test" };
    const struct kl_kafka_property own[] = {
        { "test.mock.num.brokers", "1" }, { "message.timeout.ms", message_timeout_ms }, { "retry.backoff.ms", "10" }, { NULL, NULL },
    };
    const struct kl_producer_hooks hooks = { .reported = reported, .work = work, .tick = tick, .fatal = fatal, .ctx = b };
    rd_kafka_conf_t *kafka;
    struct kl_error err;

    memset(b, 0, sizeof *b);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->more, NULL);
    CU_ASSERT_EQUAL_FATAL(kl_kafka_conf_new(&kafka, &conf, KL_KAFKA_PRODUCER, own, NULL, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_producer_open(&b->producer, kafka, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_producer_start(b->producer, &hooks, &err), KL_OK);
    b->cluster = rd_kafka_handle_mock_cluster(kl_producer_handle(b->producer));
    rd_kafka_mock_topic_create(b->cluster, "orders", 2, 1);
    b->topic = rd_kafka_topic_new(kl_producer_handle(b->producer), "orders", NULL);
}

static void bench_close(struct bench *b)
{
    rd_kafka_topic_destroy(b->topic);
    kl_producer_close(b->producer, 1000);
    pthread_cond_destroy(&b->more);
    pthread_mutex_destroy(&b->lock);
}

static enum kl_code send_one(struct bench *b, int32_t partition, struct kl_error *err)
{
    const struct kl_record record = { .topic = b->topic, .partition = partition, .key = "k", .key_len = 1, .value = "v", .value_len = 1, .opaque = b };

    return kl_producer_send(b->producer, &record, err);
}

static bool wait_for_reports(struct bench *b, size_t n)
{
    int64_t end_us = kl_mono_us() + DEADLINE_MS * 1000;

    pthread_mutex_lock(&b->lock);
    while (b->reports < n && kl_mono_us() < end_us) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&b->more, &b->lock, &until);
    }
    pthread_mutex_unlock(&b->lock);
    return b->reports >= n;
}

static void producer_reports_each_record_once(void)
{
    struct bench b;
    struct kl_error err;

    bench_open(&b, "10000");
    for (int i = 0; i < 1000; i++)
        CU_ASSERT_EQUAL(send_one(&b, i % 2, &err), KL_OK);
    CU_ASSERT_TRUE(wait_for_reports(&b, 1000));
    CU_ASSERT_EQUAL(b.reports, 1000);
    CU_ASSERT_EQUAL(b.error, RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_EQUAL(b.status, RD_KAFKA_MSG_STATUS_PERSISTED);
    CU_ASSERT_EQUAL(b.offset, 499);
    CU_ASSERT_PTR_EQUAL(b.opaque, &b);
    CU_ASSERT_TRUE(kl_producer_connected(b.producer));
    bench_close(&b);
}

#define TOGETHER 500
#define RTT_MS   1000

static void send_together(struct bench *b)
{
    struct kl_error err;

    for (int i = 0; i < TOGETHER; i++)
        CU_ASSERT_EQUAL(send_one(b, 0, &err), KL_OK);
}

/* An idempotent producer has one large batch of a partition in flight: if some left before the others, those would come
 * a round trip later. */
static void records_sent_in_one_call_of_work_travel_together(void)
{
    struct bench b;
    struct kl_error err;
    int64_t start_us;

    bench_open(&b, "60000");
    CU_ASSERT_EQUAL(send_one(&b, 0, &err), KL_OK);
    CU_ASSERT_TRUE(wait_for_reports(&b, 1));
    rd_kafka_mock_broker_set_rtt(b.cluster, 1, RTT_MS);
    start_us = kl_mono_us();
    pthread_mutex_lock(&b.lock);
    b.send_more = send_together;
    pthread_mutex_unlock(&b.lock);
    CU_ASSERT_EQUAL(send_one(&b, 1, &err), KL_OK); /* work is called at its report */
    CU_ASSERT_TRUE(wait_for_reports(&b, 2 + TOGETHER));
    CU_ASSERT_TRUE(kl_mono_us() - start_us < (2 * RTT_MS + RTT_MS * 9 / 10) * 1000);
    rd_kafka_mock_broker_set_rtt(b.cluster, 1, 0);
    bench_close(&b);
}

static void producer_tells_what_was_surely_not_persisted(void)
{
    struct bench b;
    struct kl_error err;

    bench_open(&b, "10000");
    rd_kafka_mock_push_request_errors(b.cluster, 0 /* Produce */, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    CU_ASSERT_EQUAL(send_one(&b, 0, &err), KL_OK);
    CU_ASSERT_TRUE(wait_for_reports(&b, 1));
    CU_ASSERT_EQUAL(b.error, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    CU_ASSERT_EQUAL(b.status, RD_KAFKA_MSG_STATUS_NOT_PERSISTED);
    bench_close(&b);
}

static void producer_tells_what_was_possibly_persisted(void)
{
    struct bench b;
    struct kl_error err;

    bench_open(&b, "1500");
    CU_ASSERT_EQUAL(send_one(&b, 0, &err), KL_OK);
    CU_ASSERT_TRUE(wait_for_reports(&b, 1));
    rd_kafka_mock_broker_set_rtt(b.cluster, 1, 10000); /* sent, and no answer comes in time */
    CU_ASSERT_EQUAL(send_one(&b, 0, &err), KL_OK);
    CU_ASSERT_TRUE(wait_for_reports(&b, 2));
    CU_ASSERT_EQUAL(b.error, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
    CU_ASSERT_EQUAL(b.status, RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED);
    rd_kafka_mock_broker_set_rtt(b.cluster, 1, 0);
    bench_close(&b);
}

static void producer_refuses_a_partition_that_is_not_there(void)
{
    struct bench b;
    struct kl_error err;

    bench_open(&b, "10000");
    CU_ASSERT_EQUAL(send_one(&b, 0, &err), KL_OK); /* its report means that the topic's metadata is known */
    CU_ASSERT_TRUE(wait_for_reports(&b, 1));
    CU_ASSERT_EQUAL(send_one(&b, 7, &err), KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(err.field, "partition");
    bench_close(&b);
}

static void producer_gives_up_what_is_in_flight_when_it_closes(void)
{
    struct bench b;
    struct kl_error err;
    int64_t start_us;

    bench_open(&b, "60000");
    CU_ASSERT_EQUAL(send_one(&b, 0, &err), KL_OK);
    CU_ASSERT_TRUE(wait_for_reports(&b, 1));
    rd_kafka_mock_broker_set_down(b.cluster, 1);
    for (int i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(send_one(&b, i % 2, &err), KL_OK);
    start_us = kl_mono_us();
    kl_producer_drain(b.producer, 100);
    CU_ASSERT_EQUAL(b.reports, 101);
    CU_ASSERT_NOT_EQUAL(b.error, RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_TRUE(kl_mono_us() - start_us < DEADLINE_MS * 1000);
    bench_close(&b);
}

static void producer_ticks_while_nothing_happens(void)
{
    struct bench b;
    int64_t end_us = kl_mono_us() + DEADLINE_MS * 1000;

    bench_open(&b, "10000");
    while (atomic_load(&b.ticks) < 3 && kl_mono_us() < end_us)
        kl_sleep_ms(10);
    CU_ASSERT_TRUE(atomic_load(&b.ticks) >= 3);
    bench_close(&b);
}

static void producer_raises_a_fatal_error_once(void)
{
    struct bench b;
    int64_t end_us = kl_mono_us() + DEADLINE_MS * 1000;

    bench_open(&b, "10000");
    rd_kafka_test_fatal_error(kl_producer_handle(b.producer), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "a test");
    rd_kafka_test_fatal_error(kl_producer_handle(b.producer), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "again");
    while (atomic_load(&b.fatals) < 1 && kl_mono_us() < end_us)
        kl_sleep_ms(10);
    CU_ASSERT_EQUAL(atomic_load(&b.fatals), 1);
    bench_close(&b);
}

KL_TESTS("kafka_producer", T(producer_reports_each_record_once), T(records_sent_in_one_call_of_work_travel_together),
         T(producer_tells_what_was_surely_not_persisted),
         T(producer_tells_what_was_possibly_persisted), T(producer_refuses_a_partition_that_is_not_there),
         T(producer_gives_up_what_is_in_flight_when_it_closes), T(producer_ticks_while_nothing_happens),
         T(producer_raises_a_fatal_error_once))
