#include "sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "fault.h"
#include "test.h"

static char dir[64], path[96];

static const char CREATE[] = "CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)";
static const char ADD[] = "INSERT INTO t (n, text) VALUES (?1, ?2)";
static const char COUNT[] = "SELECT count(*) FROM t";
static const char *const first[] = { CREATE, NULL };
static const char *const second[] = { CREATE, "ALTER TABLE t ADD COLUMN more INT", NULL };
static const char *const wrong[] = { CREATE, "ALTER TABLE t ADD COLUMN more INT; CREATE TABLE t (n INT)", NULL };

static void place_make(void)
{
    strcpy(dir, "/tmp/kl_sqlite_XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/t.db", dir);
}

static void place_remove(void)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
    char name[128];

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
    CU_ASSERT_EQUAL(rmdir(dir), 0);
}

static struct kl_sqlite *opened(enum kl_sqlite_mode mode, const char *const *migrations)
{
    struct kl_sqlite *db = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL(kl_sqlite_open(&db, path, mode, migrations, &err), KL_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(db);
    return db;
}

static enum kl_code add(struct kl_sqlite *db, int n, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(db, ADD, err);

    CU_ASSERT_PTR_NOT_NULL_FATAL(st);
    sqlite3_bind_int(st, 1, n);
    sqlite3_bind_text(st, 2, "text", -1, SQLITE_STATIC);
    return kl_sqlite_run(db, st, err);
}

static int rows(struct kl_sqlite *db)
{
    struct kl_error err;
    sqlite3_stmt *st = kl_sqlite_statement(db, COUNT, &err);
    int n;

    CU_ASSERT_PTR_NOT_NULL_FATAL(st);
    CU_ASSERT_EQUAL(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int(st, 0);
    sqlite3_reset(st);
    return n;
}

static void sqlite_brings_a_file_to_the_newest_schema_and_keeps_what_it_holds(void)
{
    struct kl_sqlite *db;
    struct kl_error err;

    place_make();
    db = opened(KL_SQLITE_OWNER, first);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    kl_sqlite_close(db);
    db = opened(KL_SQLITE_OWNER, second);
    CU_ASSERT_EQUAL(rows(db), 1);
    CU_ASSERT_EQUAL(kl_sqlite_exec(db, "UPDATE t SET more = 2", &err), KL_OK);
    kl_sqlite_close(db);
    place_remove();
}

static void sqlite_refuses_a_file_of_a_later_version(void)
{
    struct kl_sqlite *db = NULL;
    struct kl_error err;

    place_make();
    kl_sqlite_close(opened(KL_SQLITE_OWNER, second));
    CU_ASSERT_EQUAL(kl_sqlite_open(&db, path, KL_SQLITE_OWNER, first, &err), KL_CONFLICT);
    CU_ASSERT_PTR_NULL(db);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "later version"));
    place_remove();
}

static void sqlite_applies_a_migration_whole_or_not_at_all(void)
{
    struct kl_sqlite *db = NULL;
    struct kl_error err;

    place_make();
    CU_ASSERT_EQUAL(kl_sqlite_open(&db, path, KL_SQLITE_OWNER, wrong, &err), KL_BROKEN);
    db = opened(KL_SQLITE_OWNER, second); /* fails when the column of the failed one had stayed */
    kl_sqlite_close(db);
    place_remove();
}

static void sqlite_has_one_owner_at_a_time_and_many_readers(void)
{
    struct kl_sqlite *owner, *other = NULL, *reader;
    struct kl_error err;

    place_make();
    owner = opened(KL_SQLITE_OWNER, first);
    CU_ASSERT_EQUAL(kl_sqlite_open(&other, path, KL_SQLITE_OWNER, first, &err), KL_CONFLICT);
    reader = opened(KL_SQLITE_READER, first);
    CU_ASSERT_EQUAL(kl_sqlite_exec(reader, "DELETE FROM t", &err), KL_BUSY); /* read only */
    kl_sqlite_close(reader);
    kl_sqlite_close(owner);
    owner = opened(KL_SQLITE_OWNER, first);
    kl_sqlite_close(owner);
    place_remove();
}

static void sqlite_readers_see_what_was_committed_while_the_owner_writes(void)
{
    struct kl_sqlite *owner, *reader;
    struct kl_error err;

    place_make();
    owner = opened(KL_SQLITE_OWNER, first);
    reader = opened(KL_SQLITE_READER, first);
    CU_ASSERT_EQUAL(add(owner, 1, &err), KL_OK);
    CU_ASSERT_EQUAL(kl_sqlite_begin(owner, &err), KL_OK);
    CU_ASSERT_EQUAL(add(owner, 2, &err), KL_OK);
    CU_ASSERT_EQUAL(rows(reader), 1);
    CU_ASSERT_EQUAL(kl_sqlite_commit(owner, &err), KL_OK);
    CU_ASSERT_EQUAL(rows(reader), 2);
    kl_sqlite_close(reader);
    kl_sqlite_close(owner);
    place_remove();
}

static void sqlite_rolls_back_what_was_not_committed(void)
{
    struct kl_sqlite *db;
    struct kl_error err;

    place_make();
    db = opened(KL_SQLITE_OWNER, first);
    CU_ASSERT_EQUAL(kl_sqlite_begin(db, &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_BROKEN); /* the key is there */
    kl_sqlite_rollback(db);
    kl_sqlite_rollback(db); /* once more changes nothing */
    CU_ASSERT_EQUAL(rows(db), 0);
    CU_ASSERT_EQUAL(add(db, 1, &err), KL_OK);
    kl_sqlite_close(db);
    place_remove();
}

static void sqlite_says_busy_when_there_is_no_room_and_goes_on_when_there_is(void)
{
    struct kl_sqlite *db;
    struct kl_error err;
    enum kl_code code = KL_OK;
    int n;

    place_make();
    db = opened(KL_SQLITE_OWNER, first);
    CU_ASSERT_EQUAL(kl_sqlite_exec(db, "PRAGMA max_page_count = 10", &err), KL_OK);
    for (n = 0; !code && n < 100000; n++)
        code = add(db, n, &err);
    CU_ASSERT_EQUAL(code, KL_BUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "full"));
    CU_ASSERT_EQUAL(kl_sqlite_exec(db, "PRAGMA max_page_count = 1000", &err), KL_OK);
    CU_ASSERT_EQUAL(add(db, n, &err), KL_OK);
    kl_sqlite_close(db);
    place_remove();
}

static void sqlite_calls_a_file_that_is_no_database_broken(void)
{
    struct kl_sqlite *db = NULL;
    struct kl_error err;
    char text[4096];
    int fd;

    place_make();
    memset(text, 'x', sizeof text);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    CU_ASSERT_EQUAL(write(fd, text, sizeof text), sizeof text);
    close(fd);
    CU_ASSERT_EQUAL(kl_sqlite_open(&db, path, KL_SQLITE_OWNER, first, &err), KL_BROKEN);
    CU_ASSERT_PTR_NULL(db);
    place_remove();
}

static void sqlite_names_a_place_it_cannot_open(void)
{
    struct kl_sqlite *db = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL(kl_sqlite_open(&db, "/nowhere/at/all.db", KL_SQLITE_OWNER, first, &err), KL_BUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nowhere/at/all.db"));
    CU_ASSERT_EQUAL(kl_sqlite_open(&db, "/nowhere/at/all.db", KL_SQLITE_READER, first, &err), KL_BUSY);
}

static void sqlite_survives_refused_allocations(void)
{
    struct kl_error err;
    bool hit = true;

    place_make();
    for (long n = 0; hit; n++) {
        struct kl_sqlite *db = NULL;
        enum kl_code code;

        kl_fault_begin(n);
        code = kl_sqlite_open(&db, path, KL_SQLITE_OWNER, first, &err);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code == KL_OK, db != NULL);
        CU_ASSERT(hit ? code == KL_BUSY : code == KL_OK);
        kl_sqlite_close(db);
    }
    place_remove();
}

KL_TESTS("sqlite", T(sqlite_brings_a_file_to_the_newest_schema_and_keeps_what_it_holds),
         T(sqlite_refuses_a_file_of_a_later_version), T(sqlite_applies_a_migration_whole_or_not_at_all),
         T(sqlite_has_one_owner_at_a_time_and_many_readers),
         T(sqlite_readers_see_what_was_committed_while_the_owner_writes), T(sqlite_rolls_back_what_was_not_committed),
         T(sqlite_says_busy_when_there_is_no_room_and_goes_on_when_there_is),
         T(sqlite_calls_a_file_that_is_no_database_broken), T(sqlite_names_a_place_it_cannot_open),
         T(sqlite_survives_refused_allocations))
