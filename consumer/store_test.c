/* The store's writing side: one receipt an offset, whatever happens in between. */
#include "store_test.h"

#include <signal.h>
#include <sys/wait.h>

#include "fault.h"
#include "outcomes.h"
#include "store_sqlite.h"

static struct kl_incarnation journal = { .topic = KL_OUTCOMES_TOPIC, .partitions = 1 };

static int64_t receipts_of(int32_t partition, int64_t from, int64_t to)
{
    int64_t n = 0;

    for (int64_t offset = from; offset < to; offset++)
        n += found_place("orders", partition, offset)->state == RECEIPT_CONSUMED;
    return n;
}

/* ---- a receipt ---- */

static void store_keeps_what_is_known_of_a_message(void)
{
    struct test_message *m;
    const struct receipt *r;

    begin();
    m = record(3, 42, "customer-9");
    batch();
    r = found_id(&m->parsed.id);
    CU_ASSERT_EQUAL(r->state, RECEIPT_CONSUMED);
    CU_ASSERT(r->has_id && kl_uuid_equal(&r->id, &m->parsed.id));
    CU_ASSERT_STRING_EQUAL(r->topic, "orders");
    CU_ASSERT_EQUAL(r->partition, 3);
    CU_ASSERT_EQUAL(r->offset, 42);
    CU_ASSERT_EQUAL(r->incarnation, orders.id);
    CU_ASSERT_EQUAL(r->start, 7);
    CU_ASSERT_EQUAL(r->number, 43);
    CU_ASSERT_EQUAL(r->accepted_us, m->parsed.accepted_us);
    CU_ASSERT_EQUAL(r->consumed_us, records[0].fetched_us);
    CU_ASSERT_EQUAL(r->acked_us, -1);
    CU_ASSERT_EQUAL(r->timestamp_ms, m->timestamp_ms);
    CU_ASSERT_EQUAL(r->timestamp_type, RD_KAFKA_TIMESTAMP_CREATE_TIME);
    CU_ASSERT_EQUAL(r->key_bytes, 10);
    CU_ASSERT(!memcmp(r->key, "customer-9", 10));
    CU_ASSERT_EQUAL(r->value_bytes, 5);
    CU_ASSERT_EQUAL(r->headers_bytes, (int64_t)(strlen(KL_MESSAGE_ID_HEADER) + m->id_len));
    CU_ASSERT_EQUAL(r->n_duplicates, 0);
    CU_ASSERT_EQUAL(found_place("orders", 3, 42)->offset, 42);
    CU_ASSERT_EQUAL(position_of(&orders, 3), 43);
    end();
}

static void store_tells_null_from_empty(void)
{
    struct test_message *m;

    begin();
    m = record(0, 0, NULL);
    m->message.payload = NULL;
    m->message.len = 0;
    m = record(0, 1, "");
    m->message.len = 0;
    batch();
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->key_bytes, -1);
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->value_bytes, -1);
    CU_ASSERT_EQUAL(found_place("orders", 0, 1)->key_bytes, 0);
    CU_ASSERT_EQUAL(found_place("orders", 0, 1)->value_bytes, 0);
    end();
}

static void store_starts_a_foreign_messages_clock_at_its_timestamp(void)
{
    struct test_message *m;
    const struct receipt *r;

    begin();
    m = record(0, 0, "k");
    m->has_id = false;
    m->timestamp_ms = 1700000000123;
    m = record(0, 1, "k");
    m->has_id = false;
    m->timestamp_ms = -1;
    batch();
    r = found_place("orders", 0, 0);
    CU_ASSERT_EQUAL(r->state, RECEIPT_CONSUMED);
    CU_ASSERT(!r->has_id);
    CU_ASSERT_EQUAL(r->accepted_us, 1700000000123000);
    CU_ASSERT_EQUAL(found_place("orders", 0, 1)->accepted_us, -1);
    CU_ASSERT_EQUAL(found_place("orders", 0, 1)->timestamp_ms, -1);
    end();
}

static void of_two_producers_headers_the_last_is_the_id(void)
{
    static const char copied[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 0199b6a27c10f3a8 1042 1763776044000123";
    struct kl_message_id copied_id;
    struct test_message *m;

    begin();
    CU_ASSERT_FATAL(kl_message_id_read(&copied_id, copied, sizeof copied - 1));
    m = record(0, 0, "k");
    m->copied_id = copied;
    batch();
    CU_ASSERT_EQUAL(found_id(&m->parsed.id)->offset, 0);
    CU_ASSERT_EQUAL(found_id(&m->parsed.id)->start, m->parsed.start);
    CU_ASSERT_NOT_EQUAL(found_id(&copied_id.id)->state, RECEIPT_CONSUMED);
    end();
}

static void store_keeps_the_first_thousand_bytes_of_a_key(void)
{
    static char key[3000];
    struct test_message *m;

    begin();
    memset(key, 'k', sizeof key);
    m = record(0, 0, NULL);
    m->message.key = key;
    m->message.key_len = sizeof key;
    batch();
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->key_bytes, 3000);
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->key[RECEIPT_KEY_MAX - 1], 'k');
    end();
}

static void store_knows_nothing_of_what_it_has_not_read(void)
{
    struct kl_uuid id;

    begin();
    kl_uuid7(&id);
    CU_ASSERT_EQUAL(found_id(&id)->state, RECEIPT_UNKNOWN);
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->state, RECEIPT_UNKNOWN);
    CU_ASSERT_EQUAL(found_place("nowhere", 0, 0)->state, RECEIPT_UNKNOWN);
    CU_ASSERT_EQUAL(position_of(&orders, 0), -1);
    end();
}

/* ---- exactly one ---- */

static void store_counts_an_offset_once_when_a_batch_comes_twice(void)
{
    struct totals_view view;
    struct kl_error err;

    begin();
    record(0, 0, "a");
    record(0, 1, "b");
    CU_ASSERT_EQUAL(batch_store(&err), KL_OK);
    batch();
    view = looked();
    CU_ASSERT_EQUAL(view.all.messages, 2);
    CU_ASSERT_EQUAL(view.all.duplicated, 0);
    free(view.topics);
    end();
}

static void store_counts_and_shows_a_second_receipt_of_an_id(void)
{
    struct kl_message_id first;
    struct totals_view view;
    const struct receipt *r;
    struct test_message *m;

    begin();
    first = record(0, 0, "a")->parsed;
    batch();
    m = record(1, 5, "a");
    m->parsed.id = first.id;
    record_stamp(m);
    batch();
    r = found_id(&first.id);
    CU_ASSERT_EQUAL(r->offset, 0);
    CU_ASSERT_EQUAL(r->n_duplicates, 1);
    CU_ASSERT_EQUAL(r->duplicates[0].partition, 1);
    CU_ASSERT_EQUAL(r->duplicates[0].offset, 5);
    CU_ASSERT_STRING_EQUAL(r->duplicates[0].topic, "orders");
    r = found_place("orders", 1, 5); /* the second knows the first */
    CU_ASSERT_EQUAL(r->n_duplicates, 1);
    CU_ASSERT_EQUAL(r->duplicates[0].offset, 0);
    view = looked();
    CU_ASSERT_EQUAL(view.all.duplicated, 1);
    CU_ASSERT_EQUAL(view.all.messages, 2);
    free(view.topics);
    end();
}

/* The child stores batches until it is killed; whatever it had stored then, offsets and receipts agree. */
static void child_run(int ready)
{
    for (int64_t at = 0;; at += 100) {
        for (int64_t i = 0; i < 100; i++)
            record((int32_t)(i % 4), at / 4 + i / 4, "key");
        batch();
        if (write(ready, "x", 1) != 1)
            _exit(1);
    }
}

/* A server goes on for a moment with what a client sent before it was killed. */
static void writer_gone_wait(void)
{
    int64_t deadline = kl_mono_us() + 20000000;

    while (on_pg && kl_mono_us() < deadline &&
           test_pg_number(where, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()") > 0)
        kl_sleep_ms(1);
}

static void store_has_one_receipt_an_offset_after_a_kill_at_any_instant(void)
{
    place_make();
    store_conf = (struct store_conf){ .where = where };
    for (int round = 1; round <= 5; round++) {
        int pipe_fds[2], status;
        char byte;
        pid_t pid;

        CU_ASSERT_EQUAL_FATAL(pipe(pipe_fds), 0);
        pid = fork();
        if (pid == 0) {
            store_begin();
            child_run(pipe_fds[1]);
        }
        close(pipe_fds[1]); /* a child that dies by itself is noticed */
        for (int i = 0; i < round * 7; i++)
            CU_ASSERT_EQUAL_FATAL(read(pipe_fds[0], &byte, 1), 1);
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        close(pipe_fds[0]);
        writer_gone_wait();

        store_begin();
        for (int32_t partition = 0; partition < 4; partition++) {
            int64_t next = position_of(&orders, partition);

            CU_ASSERT(next >= round * 7 * 25);
            CU_ASSERT_EQUAL(receipts_of(partition, 0, next), next);
            CU_ASSERT_EQUAL(receipts_of(partition, next, next + 1000), 0);
        }
        store_end();
        place_remove();
        place_make();
    }
    place_remove();
}

static void store_keeps_its_totals_over_restarts(void)
{
    struct totals_view before, after;

    begin();
    many(0, 0, 10, "k");
    before = looked();
    store_end();
    store_begin();
    after = looked();
    CU_ASSERT_EQUAL(after.all.messages, 10);
    CU_ASSERT_EQUAL(after.all.bytes, 50);
    CU_ASSERT_EQUAL(after.since_us, before.since_us);
    CU_ASSERT(after.since_us > 0);
    CU_ASSERT_EQUAL(after.latency.total, 10);
    CU_ASSERT_EQUAL(after.n_topics, 1);
    many(0, 10, 15, "k");
    free(after.topics);
    after = looked();
    CU_ASSERT_EQUAL(after.all.messages, 15);
    CU_ASSERT_EQUAL(after.latency.total, 15);
    free(before.topics);
    free(after.topics);
    end();
}

/* ---- without room ---- */

static void store_takes_a_batch_again_that_found_no_room(void)
{
    struct totals_view view;
    struct kl_error err;
    int64_t offset = 0;
    enum kl_code code = KL_OK;
    sqlite3 *other;

    begin();
    CU_ASSERT_EQUAL(sqlite3_open(where, &other), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK); /* nobody else may write */
    for (int i = 0; i < 10; i++)
        record(0, offset++, "k");
    code = batch_store(&err);
    CU_ASSERT_EQUAL(code, KL_BUSY);
    view = looked();
    CU_ASSERT_EQUAL(view.all.messages, 0);
    CU_ASSERT_EQUAL(position_of(&orders, 0), -1);
    free(view.topics);
    CU_ASSERT_EQUAL(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    batch();
    CU_ASSERT_EQUAL(receipts_of(0, 0, 10), 10);
    CU_ASSERT_EQUAL(position_of(&orders, 0), 10);
    end();
}

/* The file may grow by so many pages more; -1: as it likes. */
static void room_leave(int pages)
{
    sqlite3 *db = kl_sqlite_handle(((struct store_sqlite *)store)->db);
    sqlite3_stmt *st;
    char sql[64];

    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, "PRAGMA page_count", -1, &st, NULL), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_step(st), SQLITE_ROW);
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", pages < 0 ? INT32_MAX : sqlite3_column_int(st, 0) + pages);
    sqlite3_finalize(st);
    CU_ASSERT_EQUAL(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void store_pauses_when_a_run_of_the_key_index_finds_no_room(void)
{
    int64_t offset = KEYS_RUN;
    enum kl_code code = KL_OK;
    struct kl_error err;

    begin();
    many(0, 0, offset, "k");
    room_leave(30); /* more than a few receipts need, less than a run does */
    for (int i = 0; i < 20 && !code; i++) {
        feed.upkeep(feed.ctx);
        record(0, offset++, "k");
        code = batch_store(&err);
        n_records = 0;
    }
    CU_ASSERT_EQUAL(code, KL_BUSY);
    room_leave(-1);
    many(0, offset - 1, offset, "k");
    CU_ASSERT_EQUAL(receipts_of(0, 0, offset), offset);
    CU_ASSERT(keys_behind(store_keys(store)) < KEYS_RUN);
    end();
}

static void store_writes_all_or_nothing_when_memory_is_refused(void)
{
    struct kl_error err;
    bool hit = true;

    begin();
    record(0, 0, "k");
    CU_ASSERT_EQUAL(batch_store(&err), KL_OK); /* what is allocated once */
    for (long n = 0; hit; n++) {
        struct kl_incarnation payments = { .topic = "payments", .partitions = 1 };
        struct totals_view view;
        enum kl_code code;

        snprintf(payments.topic, sizeof payments.topic, "payments-%ld", n);
        n_records = 0;
        kl_fault_begin(n);
        code = feed.topic(feed.ctx, &payments, false, &err);
        if (!code) {
            record_of(&payments, 0, 0, "k");
            code = batch_store(&err);
        }
        hit = kl_fault_end();
        CU_ASSERT(code == KL_OK || code == KL_BUSY);
        CU_ASSERT(hit || code == KL_OK);
        CU_ASSERT_EQUAL(found_place(payments.topic, 0, 0)->state == RECEIPT_CONSUMED, code == KL_OK);
        view = looked();
        free(view.topics);
    }
    n_records = 0;
    end();
}

static void store_refuses_a_second_process_and_a_file_that_is_none(void)
{
    struct store *other = NULL;
    struct kl_error err;
    FILE *f;

    begin();
    CU_ASSERT_EQUAL(store_open(&other, &store_conf, &err), KL_CONFLICT);
    end();
    place_make();
    f = fopen(where, "w");
    for (int i = 0; i < 10000; i++)
        fputs("no database ", f);
    fclose(f);
    CU_ASSERT_EQUAL(store_open(&other, &store_conf, &err), KL_BROKEN);
    CU_ASSERT_PTR_NULL(other);
    place_remove();
}

static void a_file_may_be_named_with_its_kind(void)
{
    struct store *named = NULL;
    struct kl_error err;
    char url[sizeof where + 8];

    place_make();
    snprintf(url, sizeof url, "sqlite:%s", where);
    store_conf = (struct store_conf){ .where = url, .batch_max = 1, .retention_ms = 60000, .receipts_max = 1000 };
    CU_ASSERT_EQUAL(store_open(&named, &store_conf, &err), KL_OK);
    store_close(named);
    CU_ASSERT_EQUAL(access(where, F_OK), 0);
    place_remove();
}

/* ---- incarnations and clusters ---- */

static void store_keeps_receipts_of_both_lives_of_a_topic(void)
{
    struct kl_incarnation again = { .topic = "orders", .partitions = 4 };
    struct kl_uuid id;
    struct totals_view view;

    begin();
    id = record(0, 0, "old")->parsed.id;
    batch();
    again.id = orders.id;
    introduce(&again, true);
    CU_ASSERT_NOT_EQUAL(again.id, orders.id);
    CU_ASSERT_EQUAL(position_of(&again, 0), -1);
    record_of(&again, 0, 0, "new");
    batch();
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->incarnation, again.id);
    CU_ASSERT_EQUAL(found_id(&id)->incarnation, orders.id);
    view = looked();
    CU_ASSERT_EQUAL(view.n_topics, 1);
    CU_ASSERT_EQUAL(view.topics[0].messages, 2);
    free(view.topics);
    end();
}

static void store_begins_a_new_life_for_a_topic_that_was_gone(void)
{
    struct kl_incarnation again = { .topic = "orders", .partitions = 4 };
    struct kl_error err;

    begin();
    CU_ASSERT_EQUAL(feed.gone(feed.ctx, &orders, &err), KL_OK);
    introduce(&again, false);
    CU_ASSERT_NOT_EQUAL(again.id, orders.id);
    end();
}

/* Between the last mark (10) and the switch, records 10 to 19 of the new log were taken for the old one's. */
static void store_moves_what_was_read_of_the_new_life_before_it_was_noticed(void)
{
    struct kl_incarnation again = { .topic = "orders", .partitions = 4 };
    static struct test_message same[10];
    struct kl_feed_position at = { &orders, 0, 20, 1000, 10, .from = 10 };
    struct totals_view view;
    struct kl_error err;

    begin();
    many(0, 0, 10, "old");
    for (int64_t offset = 10; offset < 20; offset++)
        same[offset - 10] = *record(0, offset, offset == 13 ? NULL : "new");
    same[5].has_id = messages[5].has_id = false; /* one that is known by its place alone */
    CU_ASSERT_EQUAL(feed.batch(feed.ctx, &(struct kl_feed_batch){ records, n_records, &at, 1 }, &err), KL_OK);
    n_records = 0;
    again.id = orders.id;
    introduce(&again, true);
    for (int64_t offset = 0; offset < 10; offset++)
        record_of(&again, 0, offset, "first");
    for (int64_t offset = 10; offset < 20; offset++) {
        struct test_message *m = record_of(&again, 0, offset, NULL);

        *m = same[offset - 10];
        m->message.payload = m->value;
        m->message.key = m->message.key ? m->key : NULL;
    }
    batch();
    CU_ASSERT_EQUAL(receipts_of(0, 0, 20), 20);
    CU_ASSERT_EQUAL(found_place("orders", 0, 15)->incarnation, again.id);
    CU_ASSERT_EQUAL(found_id(&same[0].parsed.id)->incarnation, again.id);
    CU_ASSERT_EQUAL(found_id(&same[0].parsed.id)->n_duplicates, 0);
    view = looked();
    CU_ASSERT_EQUAL(view.all.messages, 30);
    CU_ASSERT_EQUAL(view.all.duplicated, 0);
    CU_ASSERT_EQUAL(view.all.bytes, 150);
    free(view.topics);
    end();
}

static void store_keeps_clusters_apart(void)
{
    struct totals_view view;
    struct kl_error err;
    bool contacted;

    begin();
    many(0, 0, 3, "k");
    CU_ASSERT_EQUAL(feed.contacted(feed.ctx, &err), KL_OK);
    store_end();
    store_begin_on("cluster-2");
    view = looked();
    CU_ASSERT_EQUAL(view.all.messages, 0);
    free(view.topics);
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->state, RECEIPT_UNKNOWN);
    CU_ASSERT_EQUAL(position_of(&orders, 0), -1);
    CU_ASSERT_EQUAL(feed.cluster(feed.ctx, "cluster-2", &contacted, &err), KL_OK);
    CU_ASSERT(!contacted);
    store_end();
    store_begin_on("cluster-1");
    CU_ASSERT_EQUAL(feed.cluster(feed.ctx, "cluster-1", &contacted, &err), KL_OK);
    CU_ASSERT(contacted);
    CU_ASSERT_EQUAL(position_of(&orders, 0), 3);
    view = looked();
    CU_ASSERT_EQUAL(view.all.messages, 3);
    free(view.topics);
    end();
}

static void store_gives_positions_and_marks_back_after_a_restart(void)
{
    struct kl_feed_position at = { &orders, 2, 77, 1700000000000, 70, .from = -1 };
    struct kl_error err;

    begin();
    CU_ASSERT_EQUAL(feed.batch(feed.ctx, &(struct kl_feed_batch){ NULL, 0, &at, 1 }, &err), KL_OK);
    store_end();
    store_begin();
    at = (struct kl_feed_position){ .incarnation = &orders, .partition = 2 };
    CU_ASSERT_EQUAL(feed.position(feed.ctx, &at, &err), KL_OK);
    CU_ASSERT_EQUAL(at.next, 77);
    CU_ASSERT_EQUAL(at.mark_ms, 1700000000000);
    CU_ASSERT_EQUAL(at.mark_next, 70);
    end();
}

/* ---- latencies ---- */

static void store_counts_negative_latencies(void)
{
    struct totals_view view;
    struct test_message *m;

    begin();
    m = record(0, 0, "k");
    m->parsed.accepted_us = kl_wall_us() + 5000000; /* its producer's clock is five seconds ahead */
    record_stamp(m);
    record(0, 1, "k");
    batch();
    view = looked();
    CU_ASSERT_EQUAL(view.all.negative, 1);
    CU_ASSERT_EQUAL(view.latency.total, 2);
    CU_ASSERT(found_place("orders", 0, 0)->consumed_us < found_place("orders", 0, 0)->accepted_us);
    free(view.topics);
    end();
}

/* ---- the journal ---- */

static void block_send(int64_t offset, const struct kl_outcomes_head *head, const struct kl_outcome *outcomes)
{
    static struct kl_buf block;
    struct test_message *m = record_of(&journal, 0, offset, NULL);

    kl_buf_fini(&block);
    kl_buf_init(&block, 65536);
    CU_ASSERT(kl_outcomes_write(&block, head, outcomes));
    m->has_id = false;
    m->message.payload = block.data;
    m->message.len = block.len;
    batch();
    kl_buf_fini(&block);
}

static struct kl_outcomes_head head_of(int64_t first, int64_t count)
{
    return (struct kl_outcomes_head){ .start = 7, .topic = "orders", .partition = 0, .first = first, .count = count,
                                      .written_us = kl_wall_us() };
}

static void store_joins_the_ack_whether_it_comes_before_or_after_the_message(void)
{
    struct kl_outcome outcomes[] = { { .state = KL_ACKED, .delay_us = 100 }, { .state = KL_ACKED, .delay_us = 200 } };
    struct kl_outcomes_head head = head_of(1, 2);
    struct kl_message_id first;

    begin();
    introduce(&journal, false);
    first = record(0, 0, "k")->parsed; /* number 1 */
    batch();
    CU_ASSERT_EQUAL(found_id(&first.id)->acked_us, -1);
    block_send(0, &head, outcomes);
    CU_ASSERT_EQUAL(found_id(&first.id)->acked_us, first.accepted_us + 100);
    first = record(0, 1, "k")->parsed;
    batch();
    CU_ASSERT_EQUAL(found_id(&first.id)->acked_us, first.accepted_us + 200);
    first = record(0, 2, "k")->parsed;
    batch();
    CU_ASSERT_EQUAL(found_id(&first.id)->acked_us, -1);
    CU_ASSERT_EQUAL(found_place(KL_OUTCOMES_TOPIC, 0, 0)->state, RECEIPT_UNKNOWN); /* the journal makes no receipts */
    CU_ASSERT_EQUAL(position_of(&journal, 0), 1);
    end();
}

static void store_knows_failures_and_that_possibly_is_not_final(void)
{
    struct kl_outcome outcomes[] = { { .state = KL_FAILED_NO, .delay_us = 100, .accepted_us = 5000, .reason = "_MSG_TIMED_OUT" },
                                     { .state = KL_FAILED_POSSIBLY, .delay_us = 200, .accepted_us = 6000, .reason = "_TRANSPORT" } };
    struct kl_outcomes_head head = head_of(1, 2);
    struct totals_view view;
    const struct receipt *r;
    struct test_message *m;

    begin();
    introduce(&journal, false);
    kl_uuid7(&outcomes[0].id);
    kl_uuid7(&outcomes[1].id);
    block_send(0, &head, outcomes);
    r = found_id(&outcomes[0].id);
    CU_ASSERT_EQUAL(r->state, RECEIPT_FAILED);
    CU_ASSERT(!r->possibly);
    CU_ASSERT_EQUAL(r->accepted_us, 5000);
    CU_ASSERT_EQUAL(r->failed_us, 5100);
    CU_ASSERT_STRING_EQUAL(r->reason, "_MSG_TIMED_OUT");
    CU_ASSERT_STRING_EQUAL(r->topic, "orders");
    CU_ASSERT_EQUAL(r->number, 1);
    CU_ASSERT(found_id(&outcomes[1].id)->possibly);
    m = record(0, 0, "k"); /* it was written after all */
    m->parsed.id = outcomes[1].id;
    m->parsed.number = 2;
    record_stamp(m);
    batch();
    CU_ASSERT_EQUAL(found_id(&outcomes[1].id)->state, RECEIPT_CONSUMED);
    CU_ASSERT_EQUAL(found_id(&outcomes[1].id)->acked_us, -1);
    view = looked();
    CU_ASSERT_EQUAL(view.failed, 2);
    free(view.topics);
    end();
}

static void store_leaves_out_what_is_no_block(void)
{
    struct test_message *m;

    begin();
    introduce(&journal, false);
    m = record_of(&journal, 0, 0, NULL);
    m->has_id = false;
    m = record_of(&journal, 0, 1, NULL);
    m->message.payload = NULL;
    batch();
    CU_ASSERT_EQUAL(position_of(&journal, 0), 2);
    CU_ASSERT_EQUAL(store_counts(store).blocks_bad, 2);
    end();
}

/* ---- retention ---- */

/* Ids tell time in milliseconds. */
/* What is made from now on is younger, and accepted later (record_of), than what was made so far. */
static void moment_pass(void)
{
    int64_t now_ms = kl_wall_us() / 1000;

    while (kl_wall_us() / 1000 < now_ms + 2)
        ;
}

static void upkeep_until_removed(int64_t removed)
{
    int64_t deadline = kl_mono_us() + 20000000;

    while (store_counts(store).removed < removed && kl_mono_us() < deadline)
        feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(store_counts(store).removed, removed);
}

static void store_removes_the_oldest_beyond_the_maximum(void)
{
    struct kl_uuid first, last;

    place_make();
    store_conf = (struct store_conf){ .where = where, .receipts_max = 1000 };
    store_begin();
    first = record(0, 0, "k")->parsed.id;
    batch();
    many(0, 1, 1500, "k");
    moment_pass();
    last = messages[1498].parsed.id;
    many(0, 1500, 2500, "k");
    upkeep_until_removed(1500);
    CU_ASSERT_EQUAL(receipts_of(0, 0, 1500), 0);
    CU_ASSERT_EQUAL(receipts_of(0, 1500, 2500), 1000);
    CU_ASSERT_EQUAL(found_id(&first)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_id(&last)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_place("orders", 0, 3)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_place("orders", 0, 2500)->state, RECEIPT_UNKNOWN);
    store_end();
    store_begin(); /* numbers go on where they were */
    many(0, 2500, 2600, "k");
    CU_ASSERT_EQUAL(receipts_of(0, 2500, 2600), 100);
    end();
}

static void store_removes_what_is_older_than_the_retention(void)
{
    place_make();
    store_conf = (struct store_conf){ .where = where, .retention_ms = 3600 * 1000 };
    store_begin();
    for (int64_t offset = 0; offset < 100; offset++) {
        record(0, offset, "k");
        records[n_records - 1].fetched_us -= INT64_C(7200) * 1000000;
    }
    batch();
    many(0, 100, 200, "k");
    upkeep_until_removed(100);
    CU_ASSERT_EQUAL(receipts_of(0, 0, 100), 0);
    CU_ASSERT_EQUAL(receipts_of(0, 100, 200), 100);
    end();
}

static void store_can_lose_every_receipt_and_goes_on_numbering(void)
{
    place_make();
    store_conf = (struct store_conf){ .where = where, .retention_ms = 3600 * 1000 };
    store_begin();
    for (int64_t offset = 0; offset < 100; offset++) {
        record(0, offset, "k");
        records[n_records - 1].fetched_us -= INT64_C(7200) * 1000000;
    }
    batch();
    upkeep_until_removed(100);
    store_end();
    store_begin();
    many(0, 100, 110, "k");
    CU_ASSERT_EQUAL(receipts_of(0, 0, 110), 10);
    end();
}

/* An id made so many seconds ago. */
static struct kl_uuid old_id(int64_t seconds)
{
    struct kl_uuid id;
    int64_t ms;

    kl_uuid7(&id);
    ms = kl_uuid_time_ms(&id) - seconds * 1000;
    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
    return id;
}

static void store_does_not_call_removed_what_it_has_yet_to_read(void)
{
    struct kl_uuid removed = old_id(7200), unread = old_id(1800);

    place_make();
    store_conf = (struct store_conf){ .where = where, .receipts_max = 10 };
    store_begin();
    for (int64_t offset = 0; offset < 20; offset++) {
        struct test_message *m = record(0, offset, "k");

        m->parsed.accepted_us -= INT64_C(3600) * 1000000; /* an hour behind */
        record_stamp(m);
    }
    batch();
    upkeep_until_removed(10);
    CU_ASSERT_EQUAL(found_id(&removed)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_id(&unread)->state, RECEIPT_UNKNOWN);
    end();
}

static void store_lets_an_id_live_on_in_its_duplicate(void)
{
    struct kl_message_id first;
    struct test_message *m;

    place_make();
    store_conf = (struct store_conf){ .where = where, .receipts_max = 10 };
    store_begin();
    first = record(0, 0, "k")->parsed;
    batch();
    many(0, 1, 10, "k");
    for (int64_t offset = 10; offset < 12; offset++) {
        m = record(0, offset, "k");
        m->parsed.id = first.id;
        record_stamp(m);
    }
    batch();
    CU_ASSERT_EQUAL(found_id(&first.id)->n_duplicates, 2);
    upkeep_until_removed(2);
    CU_ASSERT_EQUAL(found_id(&first.id)->state, RECEIPT_CONSUMED);
    CU_ASSERT_EQUAL(found_id(&first.id)->offset, 10);
    CU_ASSERT_EQUAL(found_id(&first.id)->n_duplicates, 1);
    moment_pass();
    many(0, 12, 30, "k");
    upkeep_until_removed(20);
    CU_ASSERT_EQUAL(found_id(&first.id)->n_duplicates, 0);
    CU_ASSERT_EQUAL(found_id(&first.id)->state, RECEIPT_EXPIRED);
    end();
}

STORE_TESTS("store",
            (T(store_keeps_what_is_known_of_a_message), T(of_two_producers_headers_the_last_is_the_id), T(store_tells_null_from_empty),
             T(store_starts_a_foreign_messages_clock_at_its_timestamp), T(store_keeps_the_first_thousand_bytes_of_a_key),
             T(store_knows_nothing_of_what_it_has_not_read), T(store_counts_and_shows_a_second_receipt_of_an_id),
             T(store_has_one_receipt_an_offset_after_a_kill_at_any_instant), T(store_keeps_its_totals_over_restarts),
             T(store_writes_all_or_nothing_when_memory_is_refused), T(store_keeps_receipts_of_both_lives_of_a_topic),
             T(store_begins_a_new_life_for_a_topic_that_was_gone),
             T(store_moves_what_was_read_of_the_new_life_before_it_was_noticed), T(store_keeps_clusters_apart),
             T(store_gives_positions_and_marks_back_after_a_restart), T(store_counts_negative_latencies),
             T(store_joins_the_ack_whether_it_comes_before_or_after_the_message), T(store_knows_failures_and_that_possibly_is_not_final),
             T(store_leaves_out_what_is_no_block)),
            (T(store_counts_an_offset_once_when_a_batch_comes_twice), T(store_takes_a_batch_again_that_found_no_room),
             T(store_pauses_when_a_run_of_the_key_index_finds_no_room), T(store_refuses_a_second_process_and_a_file_that_is_none),
             T(a_file_may_be_named_with_its_kind),
             T(store_removes_the_oldest_beyond_the_maximum), T(store_removes_what_is_older_than_the_retention),
             T(store_can_lose_every_receipt_and_goes_on_numbering), T(store_does_not_call_removed_what_it_has_yet_to_read),
             T(store_lets_an_id_live_on_in_its_duplicate)),
            ()) /* store_pg_test.c */
