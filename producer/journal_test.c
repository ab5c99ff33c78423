#include "test_mock.h"

static struct outcomes got;

/* The next block of kafkloud-outcomes. */
static void next_block(rd_kafka_t *reader, struct kl_outcomes_head *head, struct kl_outcome *outcomes, char key[300])
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, MOCK_DEADLINE_MS);
    struct kl_error err;

    CU_ASSERT_PTR_NOT_NULL_FATAL(message);
    snprintf(key, 300, "%.*s", (int)message->key_len, (const char *)message->key);
    CU_ASSERT_EQUAL_FATAL(kl_outcomes_read(message->payload, message->len, head, NULL, NULL, &err), KL_OK);
    for (int64_t i = 0; outcomes && i < head->count && i < 16; i++)
        CU_ASSERT_EQUAL(kl_outcomes_find(message->payload, message->len, head->first + i, &outcomes[i], &err), KL_OK);
    rd_kafka_message_destroy(message);
}

static void a_message_alone_costs_one_block(void)
{
    struct mock m;
    struct kl_error err;
    struct kl_outcomes_head head;
    struct kl_outcome o[16];
    rd_kafka_t *reader;
    char key[300];

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    CU_ASSERT_EQUAL(mock_send(&m, 1, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    reader = mock_reader(&m, KL_OUTCOMES_TOPIC);
    next_block(reader, &head, o, key);
    CU_ASSERT_STRING_EQUAL(key, "0199b6a27c10f3a8/orders/1");
    CU_ASSERT_EQUAL(head.start, MOCK_START);
    CU_ASSERT_STRING_EQUAL(head.topic, "orders");
    CU_ASSERT_EQUAL(head.partition, 1);
    CU_ASSERT_EQUAL(head.first, 1);
    CU_ASSERT_EQUAL(head.count, 1);
    CU_ASSERT_EQUAL(head.last_acked, 1);
    CU_ASSERT_FALSE(head.closed);
    CU_ASSERT_EQUAL(o[0].state, KL_ACKED);
    CU_ASSERT_EQUAL(o[0].delay_us, got.last.delay_us);
    mock_reader_close(reader);
    mock_end(&m);
    mock_close(&m);
}

static void the_end_closes_each_partition(void)
{
    struct mock m;
    struct kl_error err;
    struct kl_outcomes_head head;
    int64_t numbers = 0;
    bool closed = false;
    rd_kafka_t *reader;
    char key[300];

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    for (int i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 100));
    mock_end(&m);
    reader = mock_reader(&m, KL_OUTCOMES_TOPIC);
    while (!closed) {
        next_block(reader, &head, NULL, key);
        CU_ASSERT_EQUAL(head.first, numbers + 1);
        numbers += head.count;
        closed = head.closed;
    }
    CU_ASSERT_EQUAL(numbers, 100);
    CU_ASSERT_EQUAL(head.last_acked, 100);
    mock_reader_close(reader);
    mock_close(&m);
}

static void a_failure_keeps_its_number_and_tells_id_and_reason(void)
{
    struct mock m;
    struct kl_error err;
    struct kl_outcomes_head head;
    struct kl_outcome o[16];
    rd_kafka_t *reader;
    char key[300];

    mock_open(&m, 10000, NULL);
    outcomes_init(&got);
    rd_kafka_mock_push_request_errors(m.cluster, PRODUCE_REQUEST, 1, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE);
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 1));
    CU_ASSERT_EQUAL(mock_send(&m, 0, "v", &got, &err), KL_OK);
    CU_ASSERT_TRUE(outcomes_wait(&got, 2));
    reader = mock_reader(&m, KL_OUTCOMES_TOPIC);
    next_block(reader, &head, o, key);
    CU_ASSERT_EQUAL(head.first, 1);
    CU_ASSERT_EQUAL(o[0].state, KL_FAILED_NO);
    CU_ASSERT_STRING_EQUAL(o[0].reason, "INVALID_MSG_SIZE");
    CU_ASSERT_TRUE(kl_uuid_equal(&o[0].id, &got.all[0].id));
    CU_ASSERT_EQUAL(o[0].accepted_us, got.all[0].accepted_us);
    mock_reader_close(reader);
    mock_end(&m);
    mock_close(&m);
}

/* Outcomes that come out of order make no block before the gap is closed. */
static void a_block_is_a_run_of_consecutive_numbers(void)
{
    struct mock m;
    struct partition *p;
    struct kl_outcomes_head head;
    const struct journal_entry acked = { .state = KL_ACKED, .delay_us = 5 };
    rd_kafka_t *reader;
    char key[300];

    mock_open(&m, 10000, NULL);
    mock_end(&m); /* alone with the journal from here on */
    p = topic_partition(m.orders, 0);
    journal_note(m.journal, p, 3, &acked);
    journal_note(m.journal, p, 2, &acked);
    journal_finish(m.journal); /* nothing can be said yet but that 1 is missing */
    CU_ASSERT_EQUAL(p->run.first, 1);
    journal_note(m.journal, p, 1, &acked);
    journal_finish(m.journal);
    CU_ASSERT_EQUAL(p->run.first, 4);
    kl_producer_drain(m.producer, 2000);
    reader = mock_reader(&m, KL_OUTCOMES_TOPIC);
    do
        next_block(reader, &head, NULL, key);
    while (head.count == 0);
    CU_ASSERT_EQUAL(head.first, 1);
    CU_ASSERT_EQUAL(head.count, 3);
    CU_ASSERT_EQUAL(head.last_acked, 3);
    mock_reader_close(reader);
    mock_close(&m);
}

static void a_partitions_first_block_does_not_wait(void)
{
    struct mock m;
    struct partition *p;
    const struct journal_entry acked = { .state = KL_ACKED, .delay_us = 5 };

    mock_open(&m, 10000, NULL);
    mock_end(&m);
    p = topic_partition(m.orders, 0);
    CU_ASSERT_FALSE(journal_hurries(m.journal));
    journal_note(m.journal, p, 1, &acked);
    CU_ASSERT_TRUE(journal_hurries(m.journal));
    journal_work(m.journal);
    CU_ASSERT_EQUAL(p->run.first, 2);
    journal_note(m.journal, p, 2, &acked);
    CU_ASSERT_FALSE(journal_hurries(m.journal)); /* the second gathers for the interval */
    journal_work(m.journal);
    CU_ASSERT_EQUAL(p->run.first, 2);
    kl_producer_drain(m.producer, 2000);
    mock_close(&m);
}

static void a_long_run_goes_out_in_blocks_of_the_maximum(void)
{
    struct mock m;
    struct partition *p;
    struct kl_outcomes_head head;
    const struct journal_entry acked = { .state = KL_ACKED, .delay_us = 5 };
    rd_kafka_t *reader;
    char key[300];
    int64_t next = 1;

    mock_open(&m, 10000, NULL);
    mock_end(&m);
    p = topic_partition(m.orders, 0);
    for (int64_t number = 1; number <= 10000; number++)
        journal_note(m.journal, p, number, &acked);
    journal_finish(m.journal);
    kl_producer_drain(m.producer, 2000);
    reader = mock_reader(&m, KL_OUTCOMES_TOPIC);
    do {
        next_block(reader, &head, NULL, key);
        CU_ASSERT_EQUAL(head.first, next);
        CU_ASSERT_TRUE(head.count <= KL_OUTCOMES_NUMBERS_MAX);
        next += head.count;
    } while (!head.closed);
    CU_ASSERT_EQUAL(next, 10001);
    mock_reader_close(reader);
    mock_close(&m);
}

KL_TESTS("journal", T(a_message_alone_costs_one_block), T(the_end_closes_each_partition),
         T(a_failure_keeps_its_number_and_tells_id_and_reason), T(a_block_is_a_run_of_consecutive_numbers),
         T(a_partitions_first_block_does_not_wait),
         T(a_long_run_goes_out_in_blocks_of_the_maximum))
