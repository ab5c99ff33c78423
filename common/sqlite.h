/* sqlite.h - SQLite with our habits: WAL, numbered migrations, prepared statements kept, one helper for transactions.
 * A kl_sqlite belongs to one thread at a time; open one each. */
#ifndef KL_SQLITE_H
#define KL_SQLITE_H

#include <sqlite3.h>

#include "err.h"

struct kl_sqlite;

enum kl_sqlite_mode {
    KL_SQLITE_OWNER,  /* creates, migrates, writes; holds the file's lock (flock on FILE.lock) until closed: a second owner gets KL_CONFLICT after a second */
    KL_SQLITE_READER, /* reads; never waits for the writer (WAL) */
};

/* migrations: SQL texts by number from 1, ended by NULL; applied in order, each once, in its own transaction
 * (PRAGMA user_version counts); never edited after a release. A file with a higher number than we know: KL_CONFLICT. */
KL_MUST_CHECK enum kl_code kl_sqlite_open(struct kl_sqlite **out, const char *path, enum kl_sqlite_mode mode,
                                          const char *const *migrations, struct kl_error *err);
void     kl_sqlite_close(struct kl_sqlite *db);  /* NULL is fine */
sqlite3 *kl_sqlite_handle(struct kl_sqlite *db); /* borrowed */

/* The statement of this text, reset and unbound; prepared once and kept. sql must be a string that lives as long as db
 * (a constant): it is looked up by its address. NULL: *err says why. */
sqlite3_stmt *kl_sqlite_statement(struct kl_sqlite *db, const char *sql, struct kl_error *err);

/* Steps to the end; for statements without rows. */
KL_MUST_CHECK enum kl_code kl_sqlite_run(struct kl_sqlite *db, sqlite3_stmt *st, struct kl_error *err);
KL_MUST_CHECK enum kl_code kl_sqlite_exec(struct kl_sqlite *db, const char *sql, struct kl_error *err);

KL_MUST_CHECK enum kl_code kl_sqlite_begin(struct kl_sqlite *db, struct kl_error *err);  /* BEGIN IMMEDIATE */
KL_MUST_CHECK enum kl_code kl_sqlite_commit(struct kl_sqlite *db, struct kl_error *err); /* on failure it has been rolled back */
void kl_sqlite_rollback(struct kl_sqlite *db);

/* From sqlite's last error: KL_BUSY for a full disk, an I/O error or a lock (it may go on by itself), KL_BROKEN for a corrupt file, else KL_BROKEN. */
enum kl_code kl_sqlite_fail(struct kl_sqlite *db, const char *what, struct kl_error *err);

#endif
