/* PostgreSQL: what is promised of a connection that can be lost, against a real server of this program's own. */
#include "pg.h"

#include <pthread.h>

#include "fault.h"
#include "test_pg.h"

static const char CREATE[] = "CREATE TABLE t (n bigint PRIMARY KEY, text text, bytes bytea, small int)";
static const char *const first[] = { CREATE, NULL };
static const char *const second[] = { CREATE, "ALTER TABLE t ADD COLUMN more int; CREATE INDEX ON t (more)", NULL };
static const char *const wrong[] = { CREATE, "ALTER TABLE t ADD COLUMN more int; CREATE TABLE t (n int)", NULL };

static const char ADD[] = "INSERT INTO t (n, text, bytes, small) VALUES ($1, $2, $3, $4)";
static const char COUNT[] = "SELECT count(*) FROM t";

static char url[TEST_PG_URL_BYTES];

static struct kl_pg *made(const char *where, const char *const *migrations, bool owner)
{
    struct kl_pg_conf conf = { .url = where, .schema = "kafkloud", .migrations = migrations, .owner = owner, .statement_ms = 2000 };
    struct kl_pg *db = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(kl_pg_new(&db, &conf, &err), KL_OK);
    return db;
}

static struct kl_pg *opened(const char *const *migrations)
{
    struct kl_pg *db = made(url, migrations, true);
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(kl_pg_ready(db, &err), KL_OK);
    return db;
}

static enum kl_code add(struct kl_pg *db, int64_t n, struct kl_error *err)
{
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, n);
    kl_pg_text(&args, "text");
    kl_pg_bytes(&args, "\0\1", 2);
    kl_pg_int_or_null(&args, n % 2 == 0, -5);
    return kl_pg_run(db, ADD, &args, NULL, err);
}

static int64_t count(struct kl_pg *db)
{
    struct kl_error err;
    int64_t n = -1;

    CU_ASSERT_EQUAL(kl_pg_number(db, COUNT, NULL, -1, &n, &err), KL_OK);
    return n;
}

static void pg_brings_a_database_to_the_newest_schema_and_keeps_what_it_holds(void)
{
    struct kl_pg *db;
    struct kl_error err;

    test_pg_database(url);
    db = opened(first);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    kl_pg_free(db);
    db = opened(second);
    CU_ASSERT_EQUAL(count(db), 1);
    CU_ASSERT_EQUAL(kl_pg_exec(db, "UPDATE t SET more = 2", &err), KL_OK);
    kl_pg_free(db);
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) FROM kafkloud.migrations"), 2);
}

static void pg_refuses_a_database_of_a_later_version_and_a_reader_an_earlier_one(void)
{
    struct kl_pg *db;
    struct kl_error err;

    test_pg_database(url);
    db = made(url, first, false);
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_BUSY); /* nothing is there, and a reader makes nothing */
    kl_pg_free(opened(second));
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_CONFLICT);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "later version"));
    kl_pg_free(db);
    db = made(url, first, true);
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_CONFLICT);
    kl_pg_free(db);
}

static void pg_applies_a_migration_whole_or_not_at_all(void)
{
    struct kl_pg *db;
    struct kl_error err;

    test_pg_database(url);
    db = made(url, wrong, true);
    CU_ASSERT_NOT_EQUAL(kl_pg_ready(db, &err), KL_OK);
    kl_pg_free(db);
    kl_pg_free(opened(second)); /* fails when the column of the failed one had stayed */
}

struct starter { struct kl_pg *db; struct kl_error err; enum kl_code code; };

static void *starter_run(void *ctx)
{
    struct starter *s = ctx;

    s->code = kl_pg_ready(s->db, &s->err);
    return NULL;
}

static void pg_lets_several_start_at_once_on_an_empty_database(void)
{
    struct starter starters[4];
    pthread_t threads[4];

    test_pg_database(url);
    for (int i = 0; i < 4; i++) {
        starters[i].db = made(url, second, true);
        pthread_create(&threads[i], NULL, starter_run, &starters[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_EQUAL(starters[i].code, KL_OK);
        kl_pg_free(starters[i].db);
    }
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) FROM kafkloud.migrations"), 2);
}

static void pg_gives_values_back_as_they_were(void)
{
    static const char ROW[] = "SELECT n, text, bytes, small, small IS NULL FROM t ORDER BY n";
    struct kl_pg *db;
    struct kl_error err;
    PGresult *rows = NULL;

    test_pg_database(url);
    db = opened(first);
    CU_ASSERT_EQUAL(add(db, INT64_MIN, &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_pg_run(db, ROW, NULL, &rows, &err), KL_OK);
    CU_ASSERT_EQUAL(PQntuples(rows), 2);
    CU_ASSERT_EQUAL(kl_pg_get_int(rows, 0, 0), INT64_MIN);
    CU_ASSERT(!memcmp(PQgetvalue(rows, 0, 1), "text", 4));
    CU_ASSERT(PQgetlength(rows, 0, 2) == 2 && !memcmp(PQgetvalue(rows, 0, 2), "\0\1", 2));
    CU_ASSERT_EQUAL(kl_pg_get_int(rows, 0, 3), -5);
    CU_ASSERT_EQUAL(kl_pg_get_int(rows, 0, 4), 0);
    CU_ASSERT(PQgetisnull(rows, 1, 3));
    PQclear(rows);
    kl_pg_free(db);
}

static void pg_copies_rows_and_takes_arrays(void)
{
    static const char COPY[] = "COPY t (n, bytes, small) FROM STDIN BINARY";
    static const char SUM[] = "SELECT sum(x)::bigint FROM unnest($1::bigint[]) x";
    struct kl_pg_args args = { 0 };
    struct kl_pg *db;
    struct kl_error err;
    struct kl_buf b;
    int64_t sum;

    test_pg_database(url);
    db = opened(first);
    kl_buf_init(&b, 16 << 20);
    kl_pg_copy_begin(&b);
    for (int i = 0; i < 100000; i++) {
        kl_pg_copy_row(&b, 3);
        kl_pg_put_int8(&b, i);
        kl_pg_put_bytes(&b, "key", i % 2 ? 3 : 0);
        if (i % 3)
            kl_pg_put_int4(&b, -i);
        else
            kl_pg_put_null(&b);
    }
    CU_ASSERT_EQUAL(kl_pg_copy(db, COPY, &b, &err), KL_OK);
    CU_ASSERT_EQUAL(count(db), 100000);
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) FROM kafkloud.t WHERE small = -n"), 66666);
    kl_buf_clear(&b);
    kl_pg_array_begin(&b, KL_PG_INT8, 3);
    kl_pg_put_int8(&b, 1);
    kl_pg_put_int8(&b, 2);
    kl_pg_put_int8(&b, -10);
    kl_pg_array(&args, KL_PG_INT8S, &b);
    CU_ASSERT_EQUAL(kl_pg_number(db, SUM, &args, 0, &sum, &err), KL_OK);
    CU_ASSERT_EQUAL(sum, -7);
    kl_buf_fini(&b);
    kl_pg_free(db);
}

static void pg_rolls_back_what_was_not_committed(void)
{
    struct kl_pg *db;
    struct kl_error err;
    bool unknown;

    test_pg_database(url);
    db = opened(first);
    CU_ASSERT_EQUAL(kl_pg_begin(db, &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_BROKEN); /* the key is there */
    CU_ASSERT_PTR_NULL(strstr(err.text, "(1)"));  /* and is not shown */
    CU_ASSERT_NOT_EQUAL(kl_pg_commit(db, &unknown, &err), KL_OK);
    CU_ASSERT(!unknown);
    kl_pg_rollback(db); /* once more changes nothing */
    CU_ASSERT_EQUAL(count(db), 0);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    kl_pg_free(db);
}

static void pg_goes_on_after_a_session_was_ended(void)
{
    struct kl_pg *db;
    struct kl_error err;
    int64_t session;
    bool unknown;

    test_pg_database(url);
    db = opened(first);
    session = kl_pg_session(db);
    CU_ASSERT_EQUAL(kl_pg_begin(db, &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    test_pg_end_sessions(url);
    CU_ASSERT_EQUAL(kl_pg_commit(db, &unknown, &err), KL_BUSY);
    CU_ASSERT(unknown);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_BUSY); /* it does not connect by itself, in the middle of something */
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_OK);
    CU_ASSERT_NOT_EQUAL(kl_pg_session(db), session);
    CU_ASSERT_EQUAL(count(db), 0);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    kl_pg_free(db);
}

static void pg_says_busy_while_the_server_is_away_and_goes_on_when_it_is_back(void)
{
    struct kl_pg *db;
    struct kl_error err;

    test_pg_database(url);
    db = opened(first);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    test_pg_stop(SIGINT);
    CU_ASSERT_EQUAL(add(db, 2, &err), KL_BUSY);
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_BUSY);
    CU_ASSERT_EQUAL_FATAL(test_pg_start(), 0);
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_OK);
    CU_ASSERT_EQUAL(count(db), 1);
    kl_pg_free(db);
}

static void pg_ends_a_statement_that_takes_too_long(void)
{
    struct kl_pg *db;
    struct kl_error err;

    test_pg_database(url);
    db = opened(first);
    CU_ASSERT_EQUAL(kl_pg_exec(db, "SELECT pg_sleep(60)", &err), KL_BUSY);
    CU_ASSERT_EQUAL(count(db), 0); /* the connection is as good as before */
    kl_pg_free(db);
}

/* Stopped, not ended: its sockets stay open and silent. */
static void pg_gives_up_a_server_that_hangs(void)
{
    static const char PID[] = "SELECT pg_backend_pid()";
    struct kl_pg *db;
    struct kl_error err;
    int64_t pid, begun = kl_mono_us();

    test_pg_database(url);
    db = opened(first);
    CU_ASSERT_EQUAL(kl_pg_number(db, PID, NULL, 0, &pid, &err), KL_OK);
    kill((pid_t)pid, SIGSTOP);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_BUSY);
    CU_ASSERT(kl_mono_us() - begun < 20 * 1000000);
    kill((pid_t)pid, SIGCONT);
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_OK);
    kl_pg_free(db);
}

static void pg_shows_no_password_whatever_is_wrong(void)
{
    static const char *const wrong_urls[] = {
        "postgresql://user:sesame@host:port/db", "postgresql://user:ses/ame@host/db", "postgresql://user:pass@sesame@host/db",
        "postgresql://user:sesame@host/db?unknown=1", "postgresql://user:sesame", "postgresql://user:%zzsesame@host/db",
    };
    char away[] = "postgresql://user:sesame@127.0.0.1:1/db?password=sesame";
    struct kl_pg_conf conf = { .schema = "kafkloud", .migrations = first, .statement_ms = 2000 };
    struct kl_error err;
    struct kl_pg *db;

    for (size_t i = 0; i < sizeof wrong_urls / sizeof *wrong_urls; i++) {
        db = NULL;
        conf.url = wrong_urls[i];
        if (kl_pg_new(&db, &conf, &err) || kl_pg_ready(db, &err))
            CU_ASSERT(!strstr(err.text, "ame"));
        kl_pg_free(db);
    }
    db = made(away, first, true);
    CU_ASSERT_STRING_EQUAL(kl_pg_name(db), "127.0.0.1:1/db");
    CU_ASSERT_EQUAL(kl_pg_ready(db, &err), KL_BUSY);
    CU_ASSERT(strstr(err.text, "127.0.0.1") && !strstr(err.text, "sesame"));
    kl_pg_free(db);
    CU_ASSERT(kl_pg_is_url("postgres://x") && kl_pg_is_url("postgresql://x") && !kl_pg_is_url("var/postgres"));
}

static void pg_survives_refused_allocations(void)
{
    struct kl_error err;
    bool hit = true;

    test_pg_database(url);
    for (long n = 0; hit; n++) {
        struct kl_pg_conf conf = { .url = url, .schema = "kafkloud", .migrations = first, .owner = true, .statement_ms = 2000 };
        struct kl_pg *db = NULL;
        enum kl_code code;

        kl_fault_begin(n);
        code = kl_pg_new(&db, &conf, &err);
        hit = kl_fault_end();
        CU_ASSERT(hit ? code == KL_BUSY && !db : code == KL_OK);
        kl_pg_free(db);
    }
}

KL_TESTS_WITH("pg", test_pg_begin, test_pg_end, T(pg_brings_a_database_to_the_newest_schema_and_keeps_what_it_holds),
              T(pg_refuses_a_database_of_a_later_version_and_a_reader_an_earlier_one), T(pg_applies_a_migration_whole_or_not_at_all),
              T(pg_lets_several_start_at_once_on_an_empty_database), T(pg_gives_values_back_as_they_were),
              T(pg_copies_rows_and_takes_arrays), T(pg_rolls_back_what_was_not_committed), T(pg_goes_on_after_a_session_was_ended),
              T(pg_says_busy_while_the_server_is_away_and_goes_on_when_it_is_back), T(pg_ends_a_statement_that_takes_too_long),
              T(pg_gives_up_a_server_that_hangs), T(pg_shows_no_password_whatever_is_wrong), T(pg_survives_refused_allocations))
