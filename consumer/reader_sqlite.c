/* reader_sqlite.c - readers of a SQLite file: the pool, and what every question needs. */
#include "reader_sqlite.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct readers_sqlite {
    struct readers        base; /* first: readers.c knows this */
    pthread_mutex_t       lock; /* guards what follows */
    struct reader_sqlite *free;
};

static enum kl_code pool_open(struct readers **out, const struct readers_conf *conf, struct kl_error *err)
{
    struct readers_sqlite *rs = calloc(1, sizeof *rs);

    if (!rs)
        return kl_fail(err, KL_BUSY, "no memory for readers");
    rs->base.ops = &reader_sqlite_ops;
    rs->base.conf = *conf;
    pthread_mutex_init(&rs->lock, NULL);
    *out = &rs->base;
    return KL_OK;
}

static void reader_free(struct reader_sqlite *r)
{
    kl_sqlite_close(r->db);
    reader_fini(&r->base);
    free(r);
}

static void pool_close(struct readers *readers)
{
    struct readers_sqlite *rs = (struct readers_sqlite *)readers;

    while (rs->free) {
        struct reader_sqlite *r = rs->free;

        rs->free = r->next;
        reader_free(r);
    }
    pthread_mutex_destroy(&rs->lock);
    free(rs);
}

static enum kl_code reader_new(struct readers_sqlite *rs, struct reader_sqlite **out, struct kl_error *err)
{
    const struct readers_conf *conf = &rs->base.conf;
    struct reader_sqlite *r = calloc(1, sizeof *r);
    enum kl_code code;

    if (!r)
        return kl_fail(err, KL_BUSY, "no memory for a reader");
    reader_init(&r->base, &rs->base);
    code = kl_sqlite_open(&r->db, store_file_of(conf->store), KL_SQLITE_READER, conf->migrations, err);
    if (code) {
        reader_free(r);
        return code;
    }
    *out = r;
    return KL_OK;
}

static enum kl_code pool_take(struct readers *readers, struct reader **out, struct kl_error *err)
{
    struct readers_sqlite *rs = (struct readers_sqlite *)readers;
    struct reader_sqlite *r;
    enum kl_code code = KL_OK;

    pthread_mutex_lock(&rs->lock);
    r = rs->free;
    if (r)
        rs->free = r->next;
    pthread_mutex_unlock(&rs->lock);
    if (!r)
        code = reader_new(rs, &r, err);
    if (!code)
        *out = &r->base;
    return code;
}

static void pool_give(struct readers *readers, struct reader *reader)
{
    struct readers_sqlite *rs = (struct readers_sqlite *)readers;
    struct reader_sqlite *r = (struct reader_sqlite *)reader;

    pthread_mutex_lock(&rs->lock);
    r->next = rs->free;
    rs->free = r;
    pthread_mutex_unlock(&rs->lock);
}

/* ---- for every question ---- */

enum kl_code reader_sqlite_begin(struct reader_sqlite *r, struct kl_error *err)
{
    static const char BEGIN[] = "BEGIN";
    sqlite3_stmt *st = kl_sqlite_statement(r->db, BEGIN, err);

    reader_blocks_forget(&r->base);
    return st ? kl_sqlite_run(r->db, st, err) : err->code;
}

void reader_sqlite_end(struct reader_sqlite *r)
{
    kl_sqlite_rollback(r->db); /* nothing was written; this also ends statements that a failure left open */
}

enum kl_code reader_sqlite_number(struct reader_sqlite *r, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    int rc = sqlite3_step(st);

    *out = absent;
    if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(st, 0);
    else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = kl_sqlite_fail(r->db, "cannot read the store", err);
    sqlite3_reset(st);
    return code;
}

const struct reader_ops reader_sqlite_ops = {
    .open = pool_open, .close = pool_close, .take = pool_take, .give = pool_give,
    .find_id = reader_sqlite_find_id, .find_place = reader_sqlite_find_place,
    .list = reader_sqlite_list, .latency = reader_sqlite_latency,
};
