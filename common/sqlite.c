/* sqlite.c - see sqlite.h. SQLite's own lock is advisory between transactions only, so the owner also holds a
 * flock on FILE.lock for as long as it lives: two writers of one store would each believe the offsets are theirs. */
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "clock.h"

#define STATEMENTS_MAX  96   /* the consumer's store has some thirty, the seer's index fifty; one more is a programmer's mistake */
#define BUSY_TIMEOUT_MS 5000 /* only a checkpoint's or a recovery's short locks are waited for */
#define LOCK_WAIT_MS    1000 /* for an owner that has been killed, and whose process is not quite gone */
#define LOCK_LOOK_MS    10

struct statement {
    const char   *sql; /* the address is the key */
    sqlite3_stmt *st;
};

struct kl_sqlite {
    sqlite3         *db;
    int              lock_fd; /* -1: a reader */
    size_t           n_statements;
    struct statement statements[STATEMENTS_MAX];
};

/* What each kind of connection is told first. A large checkpoint interval lets the pages that every batch touches
 * (the indexes' right edges) be written back once for many batches. */
static const char OWNER_SETUP[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384;"
    "PRAGMA journal_size_limit = 134217728; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";
static const char READER_SETUP[] = "PRAGMA query_only = 1; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;";

/* ---- errors ---- */

static enum kl_code code_of(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY: /* also a file system that the kernel has remounted after an error */
        return KL_BUSY;
    default:
        return KL_BROKEN;
    }
}

enum kl_code kl_sqlite_fail(struct kl_sqlite *db, const char *what, struct kl_error *err)
{
    return kl_fail(err, code_of(sqlite3_extended_errcode(db->db)), "%s: %s", what, sqlite3_errmsg(db->db));
}

/* ---- opening ---- */

static enum kl_code lock_take(struct kl_sqlite *db, const char *path, struct kl_error *err)
{
    int64_t deadline = kl_mono_us() + LOCK_WAIT_MS * 1000;
    char name[4096];
    int rc;

    if ((size_t)snprintf(name, sizeof name, "%s.lock", path) >= sizeof name)
        return kl_fail(err, KL_INVALID, "the path %s is too long", path);
    db->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (db->lock_fd < 0)
        return kl_fail(err, KL_BUSY, "cannot open %s: %s", name, strerror(errno));
    while ((rc = flock(db->lock_fd, LOCK_EX | LOCK_NB)) && errno == EWOULDBLOCK && kl_mono_us() < deadline)
        kl_sleep_ms(LOCK_LOOK_MS);
    if (!rc)
        return KL_OK;
    if (errno == EWOULDBLOCK)
        return kl_fail(err, KL_CONFLICT, "another process holds %s", name);
    return kl_fail(err, KL_BUSY, "cannot lock %s: %s", name, strerror(errno));
}

static enum kl_code version_read(struct kl_sqlite *db, int *version, struct kl_error *err)
{
    sqlite3_stmt *st;
    int rc;

    if (sqlite3_prepare_v2(db->db, "PRAGMA user_version", -1, &st, NULL) != SQLITE_OK)
        return kl_sqlite_fail(db, "cannot read the schema's number", err);
    rc = sqlite3_step(st);
    *version = rc == SQLITE_ROW ? sqlite3_column_int(st, 0) : 0;
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? KL_OK : kl_sqlite_fail(db, "cannot read the schema's number", err);
}

static enum kl_code migrate_one(struct kl_sqlite *db, const char *sql, int number, struct kl_error *err)
{
    char count[40];
    enum kl_code code = kl_sqlite_begin(db, err);

    if (code)
        return code;
    snprintf(count, sizeof count, "PRAGMA user_version = %d", number);
    code = kl_sqlite_exec(db, sql, err);
    if (!code)
        code = kl_sqlite_exec(db, count, err);
    if (code) {
        kl_sqlite_rollback(db);
        return code;
    }
    return kl_sqlite_commit(db, err);
}

static enum kl_code migrate(struct kl_sqlite *db, const char *path, const char *const *migrations, bool owner,
                            struct kl_error *err)
{
    int version = 0, known = 0;
    enum kl_code code = version_read(db, &version, err);

    while (migrations[known])
        known++;
    if (code)
        return code;
    if (version > known)
        return kl_fail(err, KL_CONFLICT, "%s was written by a later version (schema %d, known here: %d)", path, version, known);
    if (!owner && version < known)
        return kl_fail(err, KL_CONFLICT, "%s has schema %d, its owner has not brought it to %d yet", path, version, known);
    for (; !code && version < known; version++)
        code = migrate_one(db, migrations[version], version + 1, err);
    return code;
}

static enum kl_code open_file(struct kl_sqlite *db, const char *path, bool owner, struct kl_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (owner ? SQLITE_OPEN_CREATE : 0);

    if (sqlite3_open_v2(path, &db->db, flags, NULL) != SQLITE_OK) {
        if (!db->db)
            return kl_fail(err, KL_BUSY, "cannot open %s: no memory", path);
        return kl_fail(err, code_of(sqlite3_extended_errcode(db->db)), "cannot open %s: %s", path, sqlite3_errmsg(db->db));
    }
    sqlite3_extended_result_codes(db->db, 1);
    sqlite3_busy_timeout(db->db, BUSY_TIMEOUT_MS);
    return kl_sqlite_exec(db, owner ? OWNER_SETUP : READER_SETUP, err);
}

enum kl_code kl_sqlite_open(struct kl_sqlite **out, const char *path, enum kl_sqlite_mode mode,
                            const char *const *migrations, struct kl_error *err)
{
    bool owner = mode == KL_SQLITE_OWNER;
    struct kl_sqlite *db = calloc(1, sizeof *db);
    enum kl_code code = KL_OK;

    if (!db)
        return kl_fail(err, KL_BUSY, "no memory to open %s", path);
    db->lock_fd = -1;
    if (owner)
        code = lock_take(db, path, err);
    if (!code)
        code = open_file(db, path, owner, err);
    if (!code)
        code = migrate(db, path, migrations, owner, err);
    if (code) {
        kl_sqlite_close(db);
        return code;
    }
    *out = db;
    return KL_OK;
}

void kl_sqlite_close(struct kl_sqlite *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < db->n_statements; i++)
        sqlite3_finalize(db->statements[i].st);
    sqlite3_close(db->db);
    if (db->lock_fd >= 0)
        close(db->lock_fd); /* gives the lock back; the file stays, or a third process could lock another inode */
    free(db);
}

sqlite3 *kl_sqlite_handle(struct kl_sqlite *db)
{
    return db->db;
}

/* ---- statements ---- */

sqlite3_stmt *kl_sqlite_statement(struct kl_sqlite *db, const char *sql, struct kl_error *err)
{
    struct statement *s;

    for (s = db->statements; s < db->statements + db->n_statements; s++)
        if (s->sql == sql) {
            sqlite3_reset(s->st);
            sqlite3_clear_bindings(s->st);
            return s->st;
        }
    kl_assert(db->n_statements < STATEMENTS_MAX);
    if (sqlite3_prepare_v3(db->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->st, NULL) != SQLITE_OK) {
        kl_sqlite_fail(db, "cannot prepare a statement", err);
        return NULL;
    }
    s->sql = sql;
    db->n_statements++;
    return s->st;
}

enum kl_code kl_sqlite_run(struct kl_sqlite *db, sqlite3_stmt *st, struct kl_error *err)
{
    int rc;

    do
        rc = sqlite3_step(st);
    while (rc == SQLITE_ROW);
    if (rc != SQLITE_DONE) {
        enum kl_code code = kl_sqlite_fail(db, "the store refused a statement", err);

        sqlite3_reset(st);
        return code;
    }
    sqlite3_reset(st);
    return KL_OK;
}

enum kl_code kl_sqlite_exec(struct kl_sqlite *db, const char *sql, struct kl_error *err)
{
    if (sqlite3_exec(db->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return kl_sqlite_fail(db, "the store refused a statement", err);
    return KL_OK;
}

/* ---- transactions ---- */

static const char BEGIN[] = "BEGIN IMMEDIATE";
static const char COMMIT[] = "COMMIT";

enum kl_code kl_sqlite_begin(struct kl_sqlite *db, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(db, BEGIN, err);

    return st ? kl_sqlite_run(db, st, err) : code_of(sqlite3_extended_errcode(db->db));
}

enum kl_code kl_sqlite_commit(struct kl_sqlite *db, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(db, COMMIT, err);
    enum kl_code code = st ? kl_sqlite_run(db, st, err) : code_of(sqlite3_extended_errcode(db->db));

    if (code)
        kl_sqlite_rollback(db);
    return code;
}

/* SQLite may have rolled back by itself (a full disk, an I/O error): then there is nothing left to do. */
void kl_sqlite_rollback(struct kl_sqlite *db)
{
    for (size_t i = 0; i < db->n_statements; i++)
        sqlite3_reset(db->statements[i].st);
    if (!sqlite3_get_autocommit(db->db))
        sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
}
