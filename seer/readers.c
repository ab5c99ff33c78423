/* readers.c - see readers.h: the pool, and what every question needs. */
#include "reader_internal.h"

#include <pthread.h>
#include <stdlib.h>

struct readers {
    struct readers_conf conf;
    pthread_mutex_t     lock; /* guards what follows */
    struct reader      *free;
};

enum kl_code readers_open(struct readers **out, const struct readers_conf *conf, struct kl_error *err)
{
    struct readers *rs = calloc(1, sizeof *rs);

    if (!rs)
        return kl_fail(err, KL_BUSY, "no memory for readers");
    rs->conf = *conf;
    pthread_mutex_init(&rs->lock, NULL);
    *out = rs;
    return KL_OK;
}

static void reader_free(struct reader *r)
{
    kl_sqlite_close(r->db);
    words_close(r->words);
    free(r->counted);
    kl_buf_fini(&r->text);
    free(r);
}

void readers_close(struct readers *rs)
{
    if (!rs)
        return;
    while (rs->free) {
        struct reader *r = rs->free;

        rs->free = r->next;
        reader_free(r);
    }
    pthread_mutex_destroy(&rs->lock);
    free(rs);
}

static enum kl_code reader_new(struct readers *rs, struct reader **out, struct kl_error *err)
{
    struct reader *r = calloc(1, sizeof *r);
    enum kl_code code;

    if (!r)
        return kl_fail(err, KL_BUSY, "no memory for a reader");
    r->conf = &rs->conf;
    kl_buf_init(&r->text, READER_TEXT_MAX);
    code = kl_sqlite_open(&r->db, rs->conf.path, KL_SQLITE_READER, rs->conf.migrations, err);
    if (!code)
        code = words_open(&r->words, kl_sqlite_handle(r->db), err);
    if (code) {
        reader_free(r);
        return code;
    }
    *out = r;
    return KL_OK;
}

enum kl_code readers_take(struct readers *rs, struct reader **out, struct kl_error *err)
{
    struct reader *r;

    pthread_mutex_lock(&rs->lock);
    r = rs->free;
    if (r)
        rs->free = r->next;
    pthread_mutex_unlock(&rs->lock);
    if (!r)
        return reader_new(rs, out, err);
    *out = r;
    return KL_OK;
}

void readers_give(struct readers *rs, struct reader *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&rs->lock);
    r->next = rs->free;
    rs->free = r;
    pthread_mutex_unlock(&rs->lock);
}

/* ---- for every question ---- */

sqlite3_stmt *reader_statement(struct reader *r, const char *sql, struct kl_error *err)
{
    return kl_sqlite_statement(r->db, sql, err);
}

enum kl_code reader_begin(struct reader *r, struct kl_error *err)
{
    static const char BEGIN[] = "BEGIN";
    sqlite3_stmt *st = reader_statement(r, BEGIN, err);

    return st ? kl_sqlite_run(r->db, st, err) : err->code;
}

void reader_end(struct reader *r)
{
    kl_sqlite_rollback(r->db); /* nothing was written; this also ends statements that a failure left open */
}

enum kl_code reader_done(struct reader *r, sqlite3_stmt *st, int rc, struct kl_error *err)
{
    enum kl_code code = rc == SQLITE_DONE || rc == SQLITE_ROW ? KL_OK : kl_sqlite_fail(r->db, "cannot read the index", err);

    sqlite3_reset(st);
    return code;
}

enum kl_code reader_number(struct reader *r, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err)
{
    int rc = sqlite3_step(st);

    *out = rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL ? sqlite3_column_int64(st, 0) : absent;
    return reader_done(r, st, rc, err);
}
