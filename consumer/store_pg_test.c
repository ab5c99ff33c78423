/* The store on PostgreSQL, where it is not as on SQLite: several consumers write, the server comes and goes, days have tables. */
#include "store_test.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "outcomes.h"
#include "store_pg_internal.h"
#include "test_file.h"

#define DAY_US STORE_PG_DAY_US

/* ---- a commit whose answer does not arrive ---- */

static enum { COMMIT_ANSWERED, COMMIT_DONE_UNANSWERED, COMMIT_UNDONE } next_commit;

/* The library's own, but for a COMMIT that is to be lost: the connection is cut behind it, or before it. */
int PQsendQuery(PGconn *conn, const char *sql)
{
    int (*send)(PGconn *, const char *) = (int (*)(PGconn *, const char *))dlsym(RTLD_NEXT, "PQsendQuery");
    bool is_done = next_commit == COMMIT_DONE_UNANSWERED;

    if (next_commit == COMMIT_ANSWERED || strcmp(sql, "COMMIT"))
        return send(conn, sql);
    next_commit = COMMIT_ANSWERED;
    if (is_done)
        PQclear(PQexec(conn, "COMMIT"));
    shutdown(PQsocket(conn), SHUT_RDWR);
    return is_done ? 1 : send(conn, sql);
}

/* ---- another consumer ---- */

static struct store *other;
static struct kl_feed_store other_feed;

static void other_begin(void)
{
    struct kl_incarnation same = { .topic = "orders", .partitions = 4 };
    struct kl_error err;
    bool contacted;

    CU_ASSERT_EQUAL_FATAL(store_open(&other, &store_conf, &err), KL_OK);
    other_feed = store_feed(other);
    CU_ASSERT_EQUAL(feed.contacted(feed.ctx, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(other_feed.cluster(other_feed.ctx, "cluster-1", &contacted, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(other_feed.topic(other_feed.ctx, &same, false, &err), KL_OK);
    CU_ASSERT_EQUAL(same.id, orders.id);
}

static void other_end(void)
{
    store_close(other);
}

static enum kl_code other_batch(void)
{
    struct kl_error err;

    return other_feed.batch(other_feed.ctx, &(struct kl_feed_batch){ records, n_records, positions, n_positions }, &err);
}

static int64_t receipts(void)
{
    return test_pg_number(where, "SELECT count(*) FROM kafkloud.receipts");
}

/* What the database says was read: it is what all consumers tell. */
static int64_t messages_counted(void)
{
    return test_pg_number(where, "SELECT sum(messages) FROM kafkloud.offsets");
}

static void store_refuses_a_batch_that_another_consumer_has_stored(void)
{
    struct kl_error err;

    begin();
    other_begin();
    record(0, 0, "k");
    record(1, 0, "k");
    CU_ASSERT_EQUAL(batch_store(&err), KL_OK);
    CU_ASSERT_EQUAL(other_batch(), KL_CONFLICT); /* it has read the same records */
    CU_ASSERT_EQUAL(receipts(), 2);
    n_records = 0;
    record(0, 1, "k"); /* partition 0 is another's by now, 1 has not moved: nothing of both is stored */
    positions_gather();
    CU_ASSERT_EQUAL(other_batch(), KL_OK);
    record(1, 1, "k");
    positions_gather();
    positions[0].from = 1;
    CU_ASSERT_EQUAL(batch_try(&err), KL_CONFLICT);
    CU_ASSERT_EQUAL(position_of(&orders, 1), 1);
    CU_ASSERT_EQUAL(receipts(), 3);
    CU_ASSERT_EQUAL(messages_counted(), 3);
    n_records = 0;
    other_end();
    end();
}

static int64_t next_of_orders(void)
{
    int64_t next = position_of(&orders, 0);

    return next < 0 ? 0 : next;
}

/* A process that stores one partition's records up to a number, whoever else does the same. */
static void rival_run(int64_t to)
{
    struct kl_error err;
    bool contacted;
    int64_t next = 0;

    if (store_open(&store, &store_conf, &err))
        _exit(1);
    feed = store_feed(store);
    if (feed.cluster(feed.ctx, "cluster-1", &contacted, &err) || feed.topic(feed.ctx, &orders, false, &err))
        _exit(2);
    while (next < to) {
        enum kl_code code;

        next = next_of_orders();
        n_records = 0;
        for (int64_t offset = next; offset < next + 20; offset++)
            record(0, offset, "k");
        positions[0] = (struct kl_feed_position){ &orders, 0, next + 20, .from = next ? next : -1 };
        n_positions = 1;
        code = next < to ? batch_try(&err) : KL_OK;
        if (code && code != KL_CONFLICT && code != KL_BUSY)
            _exit(3);
    }
    _exit(0);
}

static void two_writers_of_one_partition_never_double_and_never_skip(void)
{
    pid_t rivals[2];
    struct kl_error err;
    int status;

    begin();
    CU_ASSERT_EQUAL(feed.contacted(feed.ctx, &err), KL_OK);
    store_end();
    for (int i = 0; i < 2; i++) {
        rivals[i] = fork();
        if (rivals[i] == 0)
            rival_run(4000);
    }
    for (int i = 0; i < 2; i++)
        CU_ASSERT(waitpid(rivals[i], &status, 0) == rivals[i] && status == 0);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT next FROM kafkloud.offsets WHERE part = 0"), 4000);
    CU_ASSERT_EQUAL(receipts(), 4000);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(DISTINCT pos) FROM kafkloud.receipts"), 4000);
    CU_ASSERT_EQUAL(messages_counted(), 4000);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM kafkloud.duplicates"), 0);
    place_remove();
}

static void writers_give_numbers_of_their_own(void)
{
    begin();
    other_begin();
    for (int64_t offset = 0; offset < 50; offset++) {
        record(0, offset, "k");
        records[n_records - 1].fetched_us = kl_wall_us(); /* several in a microsecond, or the same for both */
    }
    batch();
    record(1, 0, "k");
    positions_gather();
    CU_ASSERT_EQUAL(other_batch(), KL_OK);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(DISTINCT seq & 63) FROM kafkloud.receipts"), 2);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM (SELECT pos, lag(pos) OVER (ORDER BY seq) AS before"
                                          " FROM kafkloud.receipts WHERE part = 0) o WHERE pos < before"), 0);
    n_records = 0;
    other_end();
    end();
}

static void two_that_notice_a_topic_made_again_get_the_same_incarnation(void)
{
    struct kl_incarnation again = orders, noticed_later = orders;
    struct kl_feed_position at[] = { { .incarnation = &orders, .partition = 0 }, { .incarnation = &again, .partition = 0 } };
    struct kl_error err;

    begin();
    again.id = noticed_later.id = orders.id;
    other_begin();
    record(0, 0, "k");
    batch();
    record(0, 1, "k"); /* read under the old one, and stored after it has ended */
    positions_gather();
    introduce(&again, true);
    CU_ASSERT_NOT_EQUAL(again.id, orders.id);
    CU_ASSERT_EQUAL(other_batch(), KL_CONFLICT);
    CU_ASSERT_EQUAL(other_feed.topic(other_feed.ctx, &noticed_later, true, &err), KL_OK);
    CU_ASSERT_EQUAL(noticed_later.id, again.id);
    CU_ASSERT_EQUAL(other_feed.positions(other_feed.ctx, at, 2, &err), KL_OK);
    CU_ASSERT(at[0].over && at[0].next == 1);
    CU_ASSERT(!at[1].over && at[1].next == -1);
    CU_ASSERT_EQUAL(receipts(), 1);
    n_records = 0;
    other_end();
    end();
}

static void one_takes_a_clusters_topics_down_at_the_first_contact_and_the_others_wait(void)
{
    struct kl_error err;
    bool contacted;

    begin();
    CU_ASSERT_EQUAL_FATAL(store_open(&other, &store_conf, &err), KL_OK);
    other_feed = store_feed(other);
    CU_ASSERT_EQUAL(other_feed.cluster(other_feed.ctx, "cluster-1", &contacted, &err), KL_BUSY);
    CU_ASSERT_EQUAL(other_feed.cluster(other_feed.ctx, "cluster-2", &contacted, &err), KL_OK); /* another one is nobody's */
    CU_ASSERT(!contacted);
    CU_ASSERT_EQUAL(feed.contacted(feed.ctx, &err), KL_OK);
    CU_ASSERT_EQUAL(other_feed.cluster(other_feed.ctx, "cluster-1", &contacted, &err), KL_OK);
    CU_ASSERT(contacted);
    other_end();
    end();
}

/* ---- a server that comes and goes ---- */

static void sessions_end(void)
{
    test_pg_end_sessions(where);
    readers_give(readers, reader);
    reader_take();
}

static void store_takes_a_batch_again_after_its_connection_was_lost(void)
{
    struct kl_error err;

    begin();
    many(0, 0, 10, "k");
    record(0, 10, "k");
    positions_gather();
    sessions_end();
    CU_ASSERT_EQUAL(batch_try(&err), KL_BUSY);
    CU_ASSERT_EQUAL(batch_try(&err), KL_OK);
    n_records = 0;
    many(0, 11, 20, "k");
    CU_ASSERT_EQUAL(receipts(), 20);
    CU_ASSERT_EQUAL(messages_counted(), 20);
    end();
}

/* Whoever connects first takes the other's number, with records in hand that were fetched in the same microsecond. */
static void a_writers_number_that_moves_on_gives_no_receipts_number_twice(void)
{
    int64_t fetched_us = kl_wall_us();

    begin();
    other_begin();
    for (int64_t offset = 0; offset < 10; offset++) {
        record(0, offset, "k");
        records[n_records - 1].fetched_us = fetched_us;
    }
    batch();
    record(1, 0, "k");
    records[0].fetched_us = fetched_us;
    positions_gather();
    sessions_end();
    CU_ASSERT_EQUAL(other_batch(), KL_BUSY);
    CU_ASSERT_EQUAL(other_batch(), KL_OK);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(DISTINCT seq & 63) FROM kafkloud.receipts"), 1);
    CU_ASSERT_EQUAL(receipts(), 11);
    n_records = 0;
    other_end();
    end();
}

static void commit_is_lost(int how, int64_t stored_meanwhile)
{
    struct totals_view view;
    struct kl_error err;

    begin();
    many(0, 0, 10, "k");
    for (int64_t offset = 10; offset < 20; offset++)
        record(0, offset, "k");
    record(1, 0, "k");
    positions_gather();
    next_commit = how;
    CU_ASSERT_EQUAL(batch_try(&err), KL_BUSY);
    CU_ASSERT_EQUAL(receipts(), stored_meanwhile);
    CU_ASSERT_EQUAL(batch_try(&err), KL_OK);
    n_records = 0;
    many(0, 20, 30, "k");
    CU_ASSERT_EQUAL(receipts(), 31);
    CU_ASSERT_EQUAL(messages_counted(), 31);
    view = looked();
    CU_ASSERT_EQUAL(view.all.messages, 31);
    free(view.topics);
    end();
}

static void store_does_not_double_a_batch_whose_commit_was_done_without_an_answer(void)
{
    commit_is_lost(COMMIT_DONE_UNANSWERED, 21);
}

static void store_does_not_lose_a_batch_whose_commit_did_not_arrive(void)
{
    commit_is_lost(COMMIT_UNDONE, 10);
}

/* After an unanswered commit, what another consumer has stored is still another's. */
static void store_does_not_take_anothers_batch_for_its_own(void)
{
    struct kl_error err;

    begin();
    other_begin();
    record(0, 0, "k");
    positions_gather();
    next_commit = COMMIT_UNDONE;
    CU_ASSERT_EQUAL(batch_try(&err), KL_BUSY);
    record(0, 1, "k");
    positions_gather();
    CU_ASSERT_EQUAL(other_batch(), KL_OK); /* it has read one more */
    n_records = 1;
    positions[0].next = 1;
    CU_ASSERT_EQUAL(batch_try(&err), KL_CONFLICT);
    CU_ASSERT_EQUAL(receipts(), 2);
    n_records = 0;
    other_end();
    end();
}

static void store_opens_while_the_server_is_away_and_begins_when_it_is_there(void)
{
    struct kl_error err;
    bool contacted;

    place_make();
    store_conf = (struct store_conf){ .where = where, .batch_max = BATCH_MAX, .retention_ms = 3600000, .receipts_max = 1000000 };
    test_pg_stop(SIGINT);
    CU_ASSERT_EQUAL_FATAL(store_open(&store, &store_conf, &err), KL_OK);
    feed = store_feed(store);
    CU_ASSERT_EQUAL(feed.cluster(feed.ctx, "cluster-1", &contacted, &err), KL_BUSY);
    feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL_FATAL(test_pg_start(), 0);
    CU_ASSERT_EQUAL(feed.cluster(feed.ctx, "cluster-1", &contacted, &err), KL_OK);
    introduce(&orders, false);
    many(0, 0, 10, "k");
    CU_ASSERT_EQUAL(receipts(), 10);
    store_close(store);
}

/* A crash may take back what was not on the disk yet (this server waits for none), positions and receipts alike. */
static void store_goes_on_after_the_server_has_crashed(void)
{
    struct kl_error err;

    begin();
    many(0, 0, 100, "k");
    test_pg_stop(SIGQUIT);
    record(0, 100, "k");
    positions[0] = (struct kl_feed_position){ &orders, 0, 101, .from = 100 };
    n_positions = 1;
    CU_ASSERT_EQUAL(batch_try(&err), KL_BUSY);
    CU_ASSERT_EQUAL_FATAL(test_pg_start(), 0);
    CU_ASSERT(batch_try(&err) != KL_BUSY);
    n_records = 0;
    many(0, next_of_orders(), 200, "k");
    CU_ASSERT_EQUAL(receipts(), 200);
    CU_ASSERT_EQUAL(messages_counted(), 200);
    readers_give(readers, reader);
    reader_take();
    end();
}

/* A standby that took over, or a crash, may know less than was there. */
static void a_topic_that_the_server_has_forgotten_begins_anew(void)
{
    struct kl_incarnation again = orders;
    struct kl_feed_position at = { .incarnation = &orders, .partition = 0 };
    struct kl_error err;

    begin();
    many(0, 0, 10, "k");
    CU_ASSERT_EQUAL(test_pg_number(where, "WITH gone AS (DELETE FROM kafkloud.incarnations RETURNING id),"
                                          " parts AS (DELETE FROM kafkloud.offsets RETURNING part) SELECT count(*) FROM gone, parts"), 1);
    CU_ASSERT_EQUAL(feed.positions(feed.ctx, &at, 1, &err), KL_OK);
    CU_ASSERT(at.over && at.next == -1);
    again.id = orders.id;
    CU_ASSERT_EQUAL(feed.topic(feed.ctx, &again, false, &err), KL_OK);
    CU_ASSERT(again.id != orders.id);
    end();
}

static void store_refuses_a_database_of_a_later_version(void)
{
    struct store *later = NULL;
    struct kl_error err;

    begin();
    test_pg_exec(where, "INSERT INTO kafkloud.migrations (number) VALUES (99)");
    CU_ASSERT_EQUAL(store_open(&later, &store_conf, &err), KL_CONFLICT);
    CU_ASSERT_PTR_NULL(later);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "later version"));
    test_pg_end_sessions(where);
    record(0, 0, "k");
    positions[0] = (struct kl_feed_position){ &orders, 0, 1, .from = -1 };
    n_positions = 1;
    CU_ASSERT_EQUAL(batch_try(&err), KL_BUSY);
    CU_ASSERT_EQUAL(batch_try(&err), KL_BROKEN); /* what was changed under a running consumer ends it */
    n_records = 0;
    end();
}

static void a_wrong_url_names_the_setting_and_shows_nothing_of_it(void)
{
    struct store_conf wrong = { .where = "postgresql://kafkloud:sesame@host:port/kafkloud", .batch_max = 1 };
    struct store *none = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL(store_open(&none, &wrong, &err), KL_INVALID);
    CU_ASSERT_PTR_NULL(none);
    CU_ASSERT_STRING_EQUAL(err.field, "STORE");
    CU_ASSERT_PTR_NULL(strstr(err.text, "sesame"));
}

/* What store.c and its parts log goes to standard error. */
static void store_shows_no_password(void)
{
    struct kl_error err;
    bool contacted;
    char *said;
    int kept = dup(STDERR_FILENO), file;

    test_dir_make(dir);
    snprintf(where, sizeof where, "%s/log", dir);
    file = open(where, O_WRONLY | O_CREAT, 0600);
    dup2(file, STDERR_FILENO);
    store_conf = (struct store_conf){ .where = "postgresql://kafkloud:sesame@127.0.0.1:1/kafkloud", .batch_max = 1, .retention_ms = 3600000,
                                      .receipts_max = 1000 };
    CU_ASSERT_EQUAL(store_open(&store, &store_conf, &err), KL_OK);
    feed = store_feed(store);
    CU_ASSERT_EQUAL(feed.cluster(feed.ctx, "cluster-1", &contacted, &err), KL_BUSY);
    feed.upkeep(feed.ctx);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(file);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "127.0.0.1:1/kafkloud"));
    CU_ASSERT_PTR_NULL(strstr(err.text, "sesame"));
    said = test_file(where);
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "127.0.0.1:1/kafkloud"));
    CU_ASSERT_PTR_NULL(strstr(said, "sesame"));
    free(said);
    store_close(store);
    test_dir_remove(dir);
}

/* ---- days ---- */

/* A record that was consumed some days from now, with an id made then. */
static struct test_message *record_on(int days, int64_t offset)
{
    struct test_message *m = record(0, offset, "k");
    int64_t made_ms = kl_wall_us() / 1000 + days * (DAY_US / 1000);

    for (int i = 0; i < 6; i++)
        m->parsed.id.b[i] = (uint8_t)(made_ms >> (40 - 8 * i));
    m->parsed.accepted_us += days * DAY_US;
    record_stamp(m);
    records[n_records - 1].fetched_us += days * DAY_US;
    return m;
}

static int64_t tables(const char *parent)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'kafkloud.%s'::regclass", parent);
    return test_pg_number(where, sql);
}

static void a_day_has_a_table_of_its_own_and_one_is_made_ahead(void)
{
    begin();
    record_on(-1, 0);
    record_on(0, 1);
    batch();
    CU_ASSERT_EQUAL(tables("receipts"), 2);
    CU_ASSERT_EQUAL(tables("ids"), 4); /* two days', those without a day, and those of odd days */
    feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(tables("receipts"), 3);
    CU_ASSERT_EQUAL(tables("blocks"), 3);
    record_on(1, 2);
    batch();
    CU_ASSERT_EQUAL(tables("receipts"), 3);
    CU_ASSERT_EQUAL(receipts(), 3);
    end();
}

static void retention_drops_days_that_are_wholly_too_old(void)
{
    struct kl_uuid old, young;

    place_make();
    store_conf = (struct store_conf){ .where = where, .retention_ms = DAY_US / 1000 };
    store_begin();
    old = record_on(-3, 0)->parsed.id;
    young = record_on(0, 1)->parsed.id;
    batch();
    feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(receipts(), 1);
    CU_ASSERT_EQUAL(tables("receipts"), 2); /* today's and tomorrow's */
    CU_ASSERT_EQUAL(found_id(&old)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_place("orders", 0, 0)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_id(&young)->state, RECEIPT_CONSUMED);
    many(0, 2, 10, "k");
    CU_ASSERT_EQUAL(receipts(), 9);
    end();
}

static void the_oldest_days_go_when_there_are_too_many_receipts_but_never_today(void)
{
    place_make();
    store_conf = (struct store_conf){ .where = where, .receipts_max = 1000 };
    store_begin();
    for (int64_t offset = 0; offset < 2000; offset++)
        record_on(-2, offset);
    for (int64_t offset = 2000; offset < 4000; offset++)
        record_on(0, offset);
    batch();
    feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(receipts(), 2000);
    CU_ASSERT(store_counts(store).removed > 0);
    end();
}

/* Of a consumer that was held up over midnight, or whose clock is behind. */
static void a_day_that_was_dropped_is_made_again_for_a_batch_that_comes_late(void)
{
    struct kl_error err;

    place_make();
    store_conf = (struct store_conf){ .where = where, .retention_ms = DAY_US / 1000 };
    store_begin();
    record_on(-3, 0);
    batch();
    feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(receipts(), 0);
    record_on(-3, 1);
    positions_gather();
    CU_ASSERT_EQUAL(batch_try(&err), KL_BUSY);
    CU_ASSERT_EQUAL(batch_try(&err), KL_OK);
    CU_ASSERT_EQUAL(receipts(), 1);
    n_records = 0;
    end();
}

/* Fetched before midnight and stored after it, or the other way about: the block's own day counts. */
static void a_journals_block_alone_gets_the_table_of_its_day(void)
{
    struct kl_outcomes_head head = { .start = 7, .topic = "orders", .first = 1, .count = 1, .written_us = kl_wall_us() };
    struct kl_incarnation journal = { .topic = KL_OUTCOMES_TOPIC, .partitions = 1 };
    struct kl_outcome outcome = { .state = KL_ACKED, .delay_us = 100 };
    struct test_message *m;
    struct kl_buf block;

    begin();
    introduce(&journal, false);
    kl_buf_init(&block, 65536);
    CU_ASSERT_FATAL(kl_outcomes_write(&block, &head, &outcome));
    m = record_of(&journal, 0, 0, NULL);
    m->has_id = false;
    m->message.payload = block.data;
    m->message.len = block.len;
    records[n_records - 1].fetched_us += 2 * DAY_US;
    batch();
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM kafkloud.blocks"), 1);
    kl_buf_fini(&block);
    end();
}

static void an_id_lives_on_in_its_duplicate_when_the_first_ones_day_is_dropped(void)
{
    struct kl_uuid id;
    struct test_message *m;

    place_make();
    store_conf = (struct store_conf){ .where = where, .retention_ms = DAY_US / 1000 };
    store_begin();
    id = record_on(-3, 0)->parsed.id;
    batch();
    m = record(0, 1, "k");
    m->parsed.id = id;
    record_stamp(m);
    batch();
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT sum(duplicated) FROM kafkloud.offsets"), 1);
    CU_ASSERT_EQUAL(found_id(&id)->n_duplicates, 1);
    feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(receipts(), 1);
    CU_ASSERT_EQUAL(found_id(&id)->state, RECEIPT_CONSUMED);
    CU_ASSERT_EQUAL(found_id(&id)->offset, 1);
    end();
}

/* Version 4, and version 7 from clocks that are far off. */
static void ids_without_a_day_are_told_from_duplicates_too(void)
{
    static const char MAKE[] = "SET search_path = kafkloud; SELECT ids_day_make(floor(extract(epoch FROM now()) / 86400)::int + 5)";
    struct kl_uuid ids[3];
    int64_t offset = 0;

    begin();
    kl_uuid7(&ids[0]);
    ids[0].b[6] = 0x40;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 3; i++) {
            struct test_message *m = i == 0 ? record(0, offset++, "k") : record_on(i == 1 ? 5 : 40000, offset++);

            records[n_records - 1].fetched_us = kl_wall_us();
            if (round == 0 && i > 0)
                ids[i] = m->parsed.id;
            m->parsed.id = ids[i];
            record_stamp(m);
        }
        batch();
        if (round == 1)
            test_pg_exec(where, MAKE); /* its day comes */
    }
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM kafkloud.ids"), 3);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM kafkloud.ids_other"), 1);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM kafkloud.ids_odd"), 1);
    CU_ASSERT_EQUAL(test_pg_number(where, "SELECT count(*) FROM kafkloud.duplicates"), 6);
    end();
}

static void one_batch_may_hold_an_id_twice(void)
{
    struct kl_uuid id;
    struct test_message *m;
    struct totals_view view;

    begin();
    id = record(0, 0, "k")->parsed.id;
    m = record(1, 0, "k");
    m->parsed.id = id;
    record_stamp(m);
    batch();
    view = looked();
    CU_ASSERT_EQUAL(view.all.duplicated, 1);
    free(view.topics);
    CU_ASSERT_EQUAL(found_id(&id)->partition, 0);
    CU_ASSERT_EQUAL(found_id(&id)->n_duplicates, 1);
    end();
}

KL_TESTS_WITH("store on PostgreSQL", on_pg_begin, test_pg_end, T(store_refuses_a_batch_that_another_consumer_has_stored),
              T(two_writers_of_one_partition_never_double_and_never_skip), T(writers_give_numbers_of_their_own),
              T(two_that_notice_a_topic_made_again_get_the_same_incarnation),
              T(one_takes_a_clusters_topics_down_at_the_first_contact_and_the_others_wait),
              T(store_takes_a_batch_again_after_its_connection_was_lost),
              T(a_writers_number_that_moves_on_gives_no_receipts_number_twice),
              T(store_does_not_double_a_batch_whose_commit_was_done_without_an_answer),
              T(store_does_not_lose_a_batch_whose_commit_did_not_arrive), T(store_does_not_take_anothers_batch_for_its_own),
              T(store_opens_while_the_server_is_away_and_begins_when_it_is_there), T(store_goes_on_after_the_server_has_crashed),
              T(a_topic_that_the_server_has_forgotten_begins_anew), T(store_refuses_a_database_of_a_later_version),
              T(a_wrong_url_names_the_setting_and_shows_nothing_of_it), T(store_shows_no_password),
              T(a_day_has_a_table_of_its_own_and_one_is_made_ahead), T(retention_drops_days_that_are_wholly_too_old),
              T(the_oldest_days_go_when_there_are_too_many_receipts_but_never_today),
              T(a_day_that_was_dropped_is_made_again_for_a_batch_that_comes_late),
              T(a_journals_block_alone_gets_the_table_of_its_day),
              T(an_id_lives_on_in_its_duplicate_when_the_first_ones_day_is_dropped),
              T(ids_without_a_day_are_told_from_duplicates_too), T(one_batch_may_hold_an_id_twice))
