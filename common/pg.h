/* pg.h - PostgreSQL with our habits: every wait bounded, prepared statements kept, numbered migrations, values in binary.
 *
 * A kl_pg is one connection that can be lost and made again; it belongs to one thread at a time, open one each. No call
 * waits longer than its statement may take: the server is told, and beyond that the connection is given up, so that a
 * server that hangs looks like one that is away. Errors are KL_BUSY where trying again may help (the server is away, full,
 * restarting, locked, a deadlock), KL_BROKEN where it will not. A password is in no error text. */
#ifndef KL_PG_H
#define KL_PG_H

#include <libpq-fe.h>

#include "buf.h"
#include "err.h"

struct kl_pg;

/* postgresql:// or postgres://? */
bool kl_pg_is_url(const char *text);

struct kl_pg_conf {
    const char *url;          /* copied; what it leaves out comes from libpq's PG* variables (PGPASSWORD, PGPASSFILE, ...) */
    const char *schema;       /* constant: where the tables are, and the only place they are looked for */
    const char *const *migrations; /* constant: SQL texts by number from 1, ended by NULL; never edited after a release */
    bool        owner;        /* makes the schema and brings it to the newest number; else it has to be there */
    int64_t     statement_ms; /* the longest a statement may take */
};

/* Connects to nothing yet. KL_INVALID: the URL is wrong. */
KL_MUST_CHECK enum kl_code kl_pg_new(struct kl_pg **out, const struct kl_pg_conf *conf, struct kl_error *err);
void        kl_pg_free(struct kl_pg *db); /* NULL is fine */
const char *kl_pg_name(const struct kl_pg *db); /* "host:port/database", for people; borrowed */

/* Connects when it is not, and sees to the schema. KL_CONFLICT: a later version has changed it; KL_BUSY: not now. To be
 * called before each piece of work, outside of transactions; the calls below do not connect by themselves. */
KL_MUST_CHECK enum kl_code kl_pg_ready(struct kl_pg *db, struct kl_error *err);
/* Which connection this is, from 1: what a session holds (advisory locks) is gone when the number has changed. */
int64_t kl_pg_session(const struct kl_pg *db);
PGconn *kl_pg_handle(struct kl_pg *db); /* borrowed; NULL before the first connection */

/* ---- statements ---- */

#define KL_PG_ARGS_MAX 20

/* The arguments $1, $2, ... in order. What is pointed to is borrowed until the statement has run. */
struct kl_pg_args {
    int         n;
    Oid         types[KL_PG_ARGS_MAX];
    const char *values[KL_PG_ARGS_MAX];
    int         lengths[KL_PG_ARGS_MAX];
    uint64_t    ints[KL_PG_ARGS_MAX];    /* in the network's order */
};

void kl_pg_int(struct kl_pg_args *args, int64_t n);                             /* a bigint; compares with the smaller ones too */
void kl_pg_int_or_null(struct kl_pg_args *args, bool known, int64_t n);
void kl_pg_text(struct kl_pg_args *args, const char *text);                     /* NULL: null */
void kl_pg_bytes(struct kl_pg_args *args, const void *data, size_t len);        /* a bytea; data NULL: null */
void kl_pg_uuid(struct kl_pg_args *args, const uint8_t *id);                    /* 16 bytes; NULL: null */
void kl_pg_array(struct kl_pg_args *args, Oid type, const struct kl_buf *array); /* kl_pg_array_begin's */

#define KL_PG_INT8   20
#define KL_PG_UUID   2950
#define KL_PG_BYTEA  17
#define KL_PG_INT8S  1016 /* arrays of them */
#define KL_PG_UUIDS  2951
#define KL_PG_BYTEAS 1001

/* Runs the statement of this text. It is prepared once a connection and kept: sql must be a constant, it is looked up by its
 * address, and takes the same types each time. args NULL: none. *rows is the caller's to PQclear, set on success only;
 * rows NULL: they are not wanted. */
KL_MUST_CHECK enum kl_code kl_pg_run(struct kl_pg *db, const char *sql, const struct kl_pg_args *args, PGresult **rows,
                                     struct kl_error *err);
/* One or more statements as they stand, without arguments or rows. */
KL_MUST_CHECK enum kl_code kl_pg_exec(struct kl_pg *db, const char *sql, struct kl_error *err);

/* The first row's first column, or absent when there is no row or it is null. */
KL_MUST_CHECK enum kl_code kl_pg_number(struct kl_pg *db, const char *sql, const struct kl_pg_args *args, int64_t absent,
                                        int64_t *out, struct kl_error *err);

/* A smallint, integer, bigint or boolean of a row. */
int64_t kl_pg_get_int(const PGresult *rows, int row, int column);
int64_t kl_pg_changed(const PGresult *rows); /* rows that the statement touched */

/* ---- values for arrays and COPY, in binary ----
 * Each appends its length and itself; whether all fitted is asked once, at the end (buf.h). */

void kl_pg_put_int8(struct kl_buf *b, int64_t n);
void kl_pg_put_int4(struct kl_buf *b, int32_t n);
void kl_pg_put_bytes(struct kl_buf *b, const void *data, size_t len); /* bytea, text or uuid; data NULL: null */
void kl_pg_put_null(struct kl_buf *b);

/* Begins an array of n values of this type, which are put next. */
void kl_pg_array_begin(struct kl_buf *b, Oid element, size_t n);

/* COPY table (columns) FROM STDIN BINARY: kl_pg_copy_begin, and for each row kl_pg_copy_row and its columns' values. */
void kl_pg_copy_begin(struct kl_buf *b);
void kl_pg_copy_row(struct kl_buf *b, int columns);
/* Sends them; ends what kl_pg_copy_begin began. */
KL_MUST_CHECK enum kl_code kl_pg_copy(struct kl_pg *db, const char *sql, struct kl_buf *b, struct kl_error *err);

/* ---- transactions ---- */

KL_MUST_CHECK enum kl_code kl_pg_begin(struct kl_pg *db, struct kl_error *err);
/* *unknown: the connection died before the answer, so the transaction may have been committed or not. On any failure
 * nothing is left open. */
KL_MUST_CHECK enum kl_code kl_pg_commit(struct kl_pg *db, bool *unknown, struct kl_error *err);
void kl_pg_rollback(struct kl_pg *db); /* also when the connection is gone, or nothing is open */

#endif
