#include "test_mock.h"

#include "message_id.h"

static struct outcomes got;

static int by_offset(const void *a, const void *b)
{
    const struct outcome *one = a, *two = b;

    return (one->offset > two->offset) - (one->offset < two->offset);
}

/* Puts them into the order of the log. They may be told in another: when the first report of a batch makes librdkafka stop,
 * for the next batch to go (kafka_producer.h), it puts the batch's other reports behind those it has taken up already. */
static void order_as_the_log(struct outcomes *o)
{
    qsort(o->all, o->n, sizeof o->all[0], by_offset);
}

static void outbox_tells_each_record_once(void)
{
    struct mock m;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    for (int i = 0; i < 3000; i++)
        CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 3000));
    mock_end(&m);
    CU_ASSERT_EQUAL_FATAL(got.n, 3000);
    order_as_the_log(&got);
    for (int i = 0; i < 3000; i++) {
        CU_ASSERT_EQUAL(got.all[i].state, KL_ACKED);
        CU_ASSERT_EQUAL(got.all[i].offset, i);
        CU_ASSERT_TRUE(got.all[i].delay_us >= 0 && got.all[i].accepted_us > 0 && got.all[i].timestamp_ms > 0);
    }
    mock_close(&m);
}

static void the_log_has_the_order_of_sending_and_the_header_id_start_and_number(void)
{
    struct mock m;
    struct kl_error err;
    rd_kafka_t *reader;
    char sent[16];

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    for (int i = 0; i < 200; i++) {
        snprintf(sent, sizeof sent, "record %d", i);
        CU_ASSERT_EQUAL(mock_send(&m, 0, sent, &got, &err), KL_OK);
    }
    CU_ASSERT_TRUE(outcomes_wait(&got, 200));
    order_as_the_log(&got);
    reader = mock_reader(&m, "orders");
    for (int64_t i = 0; i < 200; i++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, MOCK_DEADLINE_MS);
        rd_kafka_headers_t *headers = NULL;
        struct kl_message_id id;
        const void *value = NULL;
        size_t len = 0;

        CU_ASSERT_PTR_NOT_NULL_FATAL(message);
        snprintf(sent, sizeof sent, "record %d", (int)i);
        CU_ASSERT_TRUE(message->len == strlen(sent) && memcmp(message->payload, sent, message->len) == 0);
        rd_kafka_message_headers(message, &headers);
        CU_ASSERT_EQUAL(rd_kafka_header_get_last(headers, KL_MESSAGE_ID_HEADER, &value, &len), RD_KAFKA_RESP_ERR_NO_ERROR);
        CU_ASSERT_TRUE(kl_message_id_read(&id, value, len));
        CU_ASSERT_EQUAL(id.start, MOCK_START);
        CU_ASSERT_EQUAL(id.number, i + 1);
        CU_ASSERT_TRUE(kl_uuid_equal(&id.id, &got.all[i].id));
        CU_ASSERT_EQUAL(id.accepted_us, got.all[i].accepted_us);
        rd_kafka_message_destroy(message);
    }
    mock_reader_close(reader);
    mock_end(&m);
    mock_close(&m);
}

static void a_refusal_of_the_broker_is_told_as_not_persisted(void)
{
    struct mock m;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    rd_kafka_mock_push_request_errors(m.cluster, PRODUCE_REQUEST, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    CU_ASSERT_EQUAL(got.last.state, KL_FAILED_NO);
    CU_ASSERT_EQUAL(outbox_error(&got.last, m.orders, &err), KL_TOO_LARGE);
    CU_ASSERT_STRING_EQUAL(err.persisted, "no");
    mock_end(&m);
    mock_close(&m);
}

static void what_was_sent_and_not_answered_is_possibly_persisted(void)
{
    struct mock m;
    struct kl_error err;

    mock_open(&m, 1500, NULL);
    outcomes_init(&got);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 10000);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "sent", &got, &err), KL_OK);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "pending", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 3));
    /* The one that waited behind it was never sent: whichever is told first, each is told what is true of it. */
    for (int i = 1; i < 3; i++)
        CU_ASSERT_EQUAL(outbox_error(&got.all[i], m.orders, &err), KL_TIMEOUT);
    CU_ASSERT_EQUAL((got.all[1].state == KL_FAILED_POSSIBLY) + (got.all[2].state == KL_FAILED_POSSIBLY), 1);
    CU_ASSERT_EQUAL((got.all[1].state == KL_FAILED_NO) + (got.all[2].state == KL_FAILED_NO), 1);
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 0);
    mock_end(&m);
    mock_close(&m);
}

static void without_a_broker_nothing_is_persisted_and_all_end_in_time(void)
{
    struct mock m;
    struct kl_error err;
    int64_t start_us;

    mock_open(&m, 1500, NULL);
    outcomes_init(&got);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    start_us = kl_mono_us();
    for (int i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(mock_send(&m, i % 2, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 101));
    CU_ASSERT_TRUE(kl_mono_us() - start_us < 6000 * 1000);
    for (int i = 1; i <= 100; i++)
        CU_ASSERT_EQUAL(got.all[i].state, KL_FAILED_NO);
    mock_end(&m);
    mock_close(&m);
}

static void records_that_waited_for_the_broker_arrive_when_it_is_back(void)
{
    struct mock m;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    for (int i = 0; i < 50; i++)
        CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    rd_kafka_mock_broker_set_up(m.cluster, 1);
    CU_ASSERT_TRUE(outcomes_wait(&got, 51));
    for (int i = 0; i <= 50; i++)
        CU_ASSERT_EQUAL(got.all[i].state, KL_ACKED);
    mock_end(&m);
    mock_close(&m);
}

static void an_end_with_records_in_flight_tells_all_of_them(void)
{
    struct mock m;
    struct kl_error err;

    mock_open(&m, 60000, NULL);
    outcomes_init(&got);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    rd_kafka_mock_broker_set_down(m.cluster, 1);
    for (int i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    mock_end(&m);
    CU_ASSERT_EQUAL(got.n, 101);
    CU_ASSERT_EQUAL(outbox_error(&got.last, m.orders, &err), KL_BUSY);
    CU_ASSERT_STRING_EQUAL(err.persisted, "no");
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_BUSY);
    mock_close(&m);
}

static void a_partition_that_is_not_there_is_refused(void)
{
    struct mock m;
    struct kl_error err;

    mock_open(&m, 10000, NULL);
    CU_ASSERT_EQUAL(mock_send(&m, 2, "v", &got, &err), KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(err.field, "partition");
    CU_ASSERT_EQUAL(room_records(m.room), 0);
    mock_end(&m);
    mock_close(&m);
}

static void a_record_over_the_topics_limit_is_refused_with_it(void)
{
    struct mock m;
    struct kl_error err;
    char value[2000];

    mock_open(&m, 10000, NULL);
    memset(value, 'x', sizeof value);
    value[sizeof value - 1] = 0;
    atomic_store(&m.orders->max_bytes, 1000);
    CU_ASSERT_EQUAL(mock_send(&m, 0, value, &got, &err), KL_TOO_LARGE);
    CU_ASSERT_EQUAL(err.limit, 1000);
    mock_end(&m);
    mock_close(&m);
}

/* Holds the polling thread until its tick is due. */
static void note_slowly(void *ctx, const struct outcome *o)
{
    outcomes_note(ctx, o);
    kl_sleep_ms(2 * KL_PRODUCER_TICK_MS);
}

/* 2 and 3 travel together; the report of 2 hands over 4, which librdkafka refuses, and the tick tells so before 3 is reported. */
static void a_batch_that_is_refused_while_another_is_reported_does_not_stop_its_lane(void)
{
    static char large[1500000]; /* over librdkafka's message.max.bytes */
    struct mock m;
    struct kl_error err;
    struct record second = { .key = "k", .key_len = 1, .value = "v", .value_len = 1 };

    mock_open(&m, 60000, NULL);
    outcomes_init(&got);
    memset(large, 'x', sizeof large - 1);
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 200);
    second.topic = m.orders;
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_EQUAL(outbox_send(m.box, &second, note_slowly, &got, NULL, &err), KL_OK);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_EQUAL(mock_send(&m, 0, large, &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 4));
    CU_ASSERT_EQUAL(got.all[2].state, KL_FAILED_NO);
    CU_ASSERT_EQUAL(got.all[2].error, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE); /* told as what it is */
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 5));
    CU_ASSERT_EQUAL(got.last.state, KL_ACKED);
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 0);
    mock_end(&m);
    mock_close(&m);
}

static void a_full_room_refuses_early(void)
{
    const struct room_limits limits = { 2, 1000000, 2 };
    struct mock m;
    struct kl_error err;

    mock_open(&m, 60000, &limits);
    outcomes_init(&got);
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 500);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_BUSY);
    CU_ASSERT_TRUE(outcomes_wait(&got, 2));
    rd_kafka_mock_broker_set_rtt(m.cluster, 1, 0);
    mock_end(&m);
    mock_close(&m);
}

static void records_without_a_key_share_a_partition_for_a_while(void)
{
    struct mock m;
    struct kl_error err;
    struct record r = { .value = "v", .value_len = 1, .partition = -1 };
    int32_t first, next;
    int changes = 0;

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    r.topic = m.orders;
    CU_ASSERT_EQUAL(outbox_send(m.box, &r, outcomes_note, &got, &first, &err), KL_OK);
    for (int i = 0; i < 1000; i++) {
        CU_ASSERT_EQUAL(outbox_send(m.box, &r, outcomes_note, &got, &next, &err), KL_OK);
        changes += next != first;
        first = next;
    }
    CU_ASSERT_TRUE(changes < 200); /* one in 10 ms; a machine that stops us in between makes more */
    CU_ASSERT_TRUE(outcomes_wait(&got, 1001));
    mock_end(&m);
    mock_close(&m);
}

static void a_key_chooses_the_partition_as_java_does(void)
{
    struct mock m;
    struct kl_error err;
    struct record r = { .key = "foobar", .key_len = 6, .value = "v", .value_len = 1, .partition = -1 };
    int32_t partition;

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    r.topic = m.orders;
    CU_ASSERT_EQUAL(outbox_send(m.box, &r, outcomes_note, &got, &partition, &err), KL_OK);
    CU_ASSERT_EQUAL(partition, (-790332482 & 0x7fffffff) % 2);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    mock_end(&m);
    mock_close(&m);
}

KL_TESTS("outbox", T(outbox_tells_each_record_once), T(the_log_has_the_order_of_sending_and_the_header_id_start_and_number),
         T(a_refusal_of_the_broker_is_told_as_not_persisted), T(what_was_sent_and_not_answered_is_possibly_persisted),
         T(without_a_broker_nothing_is_persisted_and_all_end_in_time), T(records_that_waited_for_the_broker_arrive_when_it_is_back),
         T(an_end_with_records_in_flight_tells_all_of_them), T(a_partition_that_is_not_there_is_refused),
         T(a_record_over_the_topics_limit_is_refused_with_it), T(a_full_room_refuses_early),
         T(a_batch_that_is_refused_while_another_is_reported_does_not_stop_its_lane),
         T(records_without_a_key_share_a_partition_for_a_while), T(a_key_chooses_the_partition_as_java_does))
