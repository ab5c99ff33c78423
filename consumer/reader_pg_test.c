/* The pool of connections to PostgreSQL, while that is away, is restarted, or hangs. What is read: reader_test.c. */
#include "fault.h"
#include "pg.h"
#include "reading.h"
#include "store_pg.h"
#include "test_pg.h"
#include "watch.h"

#define WAIT_MS    20000
#define AT_ONCE_US 500000 /* on a busy machine, too */

static char url[TEST_PG_URL_BYTES];
static struct readers *readers;

static void tables_make(void)
{
    struct kl_pg_conf conf = { .url = url, .schema = STORE_PG_SCHEMA, .migrations = store_pg_migrations(), .owner = true, .statement_ms = WAIT_MS };
    struct kl_error err;
    struct kl_pg *db;

    CU_ASSERT_EQUAL_FATAL(kl_pg_new(&db, &conf, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_pg_ready(db, &err), KL_OK);
    kl_pg_free(db);
}

static void open_readers(int64_t connections)
{
    struct readers_conf conf = { .store = url, .retention_ms = INT64_C(7) * 86400000, .connections = connections };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(readers_open(&readers, &conf, &err), KL_OK);
}

static void begin(int64_t connections)
{
    test_pg_database(url);
    tables_make();
    open_readers(connections);
}

/* Takes a reader, asks for a message that nobody knows, gives it back. */
static enum kl_code ask(struct kl_error *err)
{
    struct reader *reader = NULL;
    const struct receipt *receipt;
    enum kl_code code = readers_take(readers, &reader, err);

    if (!code)
        code = reader_find_place(reader, "orders", 0, 7, &receipt, err);
    if (!code)
        CU_ASSERT_EQUAL(receipt->state, RECEIPT_UNKNOWN);
    readers_give(readers, reader);
    return code;
}

static bool until_answered(void)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;
    struct kl_error err;

    while (ask(&err)) {
        if (kl_mono_us() > deadline)
            return false;
        kl_sleep_ms(2);
    }
    return true;
}

static bool until_ready(bool ready)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;
    char why[200];

    while (readers_ready(readers, why, sizeof why) != ready) {
        if (kl_mono_us() > deadline)
            return false;
        kl_sleep_ms(2);
    }
    return ready == (why[0] == '\0');
}

static void readers_are_as_many_as_there_are_connections(void)
{
    struct reader *taken[3], *more;
    struct kl_error err;

    begin(3);
    for (int i = 0; i < 3; i++)
        CU_ASSERT_EQUAL_FATAL(readers_take(readers, &taken[i], &err), KL_OK);
    CU_ASSERT_EQUAL(readers_take(readers, &more, &err), KL_BUSY);
    for (int i = 0; i < 3; i++)
        readers_give(readers, taken[i]);
    CU_ASSERT_EQUAL(ask(&err), KL_OK);
    readers_close(readers);
}

static void readers_are_refused_at_once_while_the_database_is_away(void)
{
    struct kl_error err;
    int64_t since_us;

    begin(2);
    CU_ASSERT_EQUAL(ask(&err), KL_OK);
    test_pg_stop(SIGQUIT);
    since_us = kl_mono_us();
    for (int i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(ask(&err), KL_BUSY);
    CU_ASSERT(kl_mono_us() - since_us < AT_ONCE_US);
    CU_ASSERT(until_ready(false));
    CU_ASSERT_EQUAL(test_pg_start(), 0);
    CU_ASSERT(until_ready(true));
    CU_ASSERT(until_answered());
    readers_close(readers);
}

static void readers_may_be_opened_before_the_database_is_there(void)
{
    struct kl_error err;

    test_pg_database(url);
    open_readers(2); /* no tables yet */
    CU_ASSERT_EQUAL(ask(&err), KL_BUSY);
    CU_ASSERT(strlen(err.text) > 0);
    tables_make();
    CU_ASSERT(until_answered());
    readers_close(readers);
}

/* Its connections are gone when somebody asks: that costs a moment, not an answer. */
static void readers_notice_a_restart_before_they_are_taken(void)
{
    struct kl_error err;

    begin(2);
    CU_ASSERT_EQUAL(ask(&err), KL_OK);
    test_pg_end_sessions(url);
    CU_ASSERT(until_answered());
    readers_close(readers);
}

/* Stops the server's process behind the only connection, as a machine that hangs does. */
static void readers_let_go_of_a_database_that_hangs(void)
{
    pid_t backend;
    struct kl_error err;
    int64_t since_us;

    begin(1);
    CU_ASSERT_EQUAL(ask(&err), KL_OK);
    backend = (pid_t)test_pg_number(url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'kafkloud' AND datname = current_database()");
    CU_ASSERT_FATAL(backend > 0);
    kill(backend, SIGSTOP);
    since_us = kl_mono_us();
    CU_ASSERT_EQUAL(ask(&err), KL_BUSY);
    CU_ASSERT(kl_mono_us() - since_us < 8000000);
    CU_ASSERT(until_answered()); /* on another connection, while that one still hangs */
    kill(backend, SIGCONT);
    readers_close(readers);
}

/* Each part that was opened is closed again, whatever the next one lacks. */
static enum kl_code open_all(struct kl_timers *timers, struct kl_error *err)
{
    struct readers_conf conf = { .store = url, .retention_ms = INT64_C(7) * 86400000, .connections = 2 };
    struct readings *readings = NULL;
    struct waiters *waiters = NULL;
    struct watch *watch = NULL;
    enum kl_code code = readers_open(&readers, &conf, err);

    if (code)
        return code;
    code = readings_open(&readings, &(struct readings_conf){ .readers = readers, .threads = 1, .waiting_max = 4 }, err);
    if (!code)
        code = waiters_new(&waiters, timers, 10, err);
    if (!code)
        code = watch_start(&watch, readers, waiters, 10, err);
    if (waiters)
        waiters_end(waiters);
    watch_stop(watch);
    waiters_free(waiters);
    readings_end(readings);
    readings_close(readings);
    readers_close(readers);
    return code;
}

static void readers_and_who_uses_them_survive_refused_allocations(void)
{
    struct kl_timers *timers;
    struct kl_error err;
    bool hit = true;

    test_pg_database(url);
    tables_make();
    CU_ASSERT_EQUAL_FATAL(kl_timers_start(&timers, &err), KL_OK);
    for (long n = 0; hit; n++) {
        enum kl_code code;

        kl_fault_begin(n);
        code = open_all(timers, &err);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code, hit ? KL_BUSY : KL_OK);
    }
    kl_timers_stop(timers);
}

KL_TESTS_WITH("reader_pg", test_pg_begin, test_pg_end, T(readers_are_as_many_as_there_are_connections),
              T(readers_are_refused_at_once_while_the_database_is_away), T(readers_may_be_opened_before_the_database_is_there),
              T(readers_notice_a_restart_before_they_are_taken), T(readers_let_go_of_a_database_that_hangs),
              T(readers_and_who_uses_them_survive_refused_allocations))
