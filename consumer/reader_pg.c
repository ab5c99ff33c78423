/* reader_pg.c - readers of a PostgreSQL database: the pool.
 *
 * Who takes a reader never waits for a connection: there is one, or KL_BUSY says why not. Connections are made, and made
 * again when they are lost, by a thread of the pool's own, since that may take seconds. */
#include "reader_pg.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "store_pg.h"

#define STATEMENT_MS   3000  /* a page is read in some 20 ms; a database that needs so long is no use to a request */
#define MEND_EVERY_MS  1000  /* between two tries of a connection that cannot be made */
#define ARRAY_BYTES_MAX (16 << 20) /* of what a thousand waiters wait for, with the longest topics */

struct readers_pg {
    struct readers    base;    /* first: readers.c knows this */
    struct reader_pg *all;     /* an array of conf.connections */
    size_t            n;       /* of them that were made */
    pthread_t         mender;
    bool              mends;   /* it runs */

    pthread_mutex_t   lock;    /* guards what follows */
    pthread_cond_t    changed; /* for the mender: one more is lost, or the end */
    struct reader_pg *free;    /* connected, as far as is known */
    struct reader_pg *lost;
    bool              stop;
    char              why[256]; /* the last connection could not be made; "" when it could */
};

static void push(struct reader_pg **list, struct reader_pg *r)
{
    r->next = *list;
    *list = r;
}

static struct reader_pg *pop(struct reader_pg **list)
{
    struct reader_pg *r = *list;

    if (r)
        *list = r->next;
    return r;
}

/* Every question is answered along an index, in its order, and one plan does for all arguments (reader_pg_list.c). Left to
 * itself the planner makes a plan anew for each, which costs more than running it, since every day's table is looked at; and
 * of a table that nobody has analyzed yet it may sort all. */
static enum kl_code connect_reader(struct reader_pg *r, struct kl_error *err)
{
    static const char SETTINGS[] = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off;"
                                   "SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off";
    enum kl_code code = kl_pg_ready(r->db, err);

    return code ? code : kl_pg_exec(r->db, SETTINGS, err);
}

/* ---- the thread that mends ---- */

static void mended(struct readers_pg *rs, struct reader_pg *r, enum kl_code code, const struct kl_error *err)
{
    bool was_away, is_away = code != KL_OK;

    pthread_mutex_lock(&rs->lock);
    was_away = rs->why[0] != '\0';
    snprintf(rs->why, sizeof rs->why, "%s", code ? err->text : "");
    push(code ? &rs->lost : &rs->free, r);
    pthread_mutex_unlock(&rs->lock);
    if (is_away && !was_away)
        kl_warn("the store cannot be read, this is tried again", KL_S("why", err->text));
    if (was_away && !is_away)
        kl_info("the store can be read again");
}

/* The next that is lost, after a rest; NULL: the end. */
static struct reader_pg *lost_take(struct readers_pg *rs, int64_t rest_ms)
{
    int64_t until_us = kl_mono_us() + rest_ms * 1000;
    struct timespec until = { .tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000 };
    struct reader_pg *r;

    pthread_mutex_lock(&rs->lock);
    while (!rs->stop && kl_mono_us() < until_us && pthread_cond_timedwait(&rs->changed, &rs->lock, &until) != ETIMEDOUT)
        ;
    while (!rs->stop && !rs->lost)
        pthread_cond_wait(&rs->changed, &rs->lock);
    r = rs->stop ? NULL : pop(&rs->lost);
    pthread_mutex_unlock(&rs->lock);
    return r;
}

static void *mend(void *readers)
{
    struct readers_pg *rs = readers;
    enum kl_code code = KL_OK;
    struct reader_pg *r;
    struct kl_error err;

    while ((r = lost_take(rs, code ? MEND_EVERY_MS : 0))) {
        code = connect_reader(r, &err);
        mended(rs, r, code, &err);
    }
    return NULL;
}

/* ---- taking and giving ---- */

/* A connection that the server has closed says so when it is read; one that has nothing to say is taken to be there. */
static bool is_there(struct reader_pg *r)
{
    PGconn *conn = kl_pg_handle(r->db);
    struct pollfd at = { .fd = conn ? PQsocket(conn) : -1, .events = POLLIN };

    if (!conn || PQtransactionStatus(conn) != PQTRANS_IDLE)
        return false;
    while (poll(&at, 1, 0) > 0)
        if (!PQconsumeInput(conn)) /* its end comes behind its last words, which may also be a notice */
            return false;
    return true;
}

static void lose(struct readers_pg *rs, struct reader_pg *r)
{
    pthread_mutex_lock(&rs->lock);
    push(&rs->lost, r);
    pthread_cond_signal(&rs->changed);
    pthread_mutex_unlock(&rs->lock);
}

static enum kl_code none_left(struct readers_pg *rs, struct kl_error *err)
{
    enum kl_code code;

    pthread_mutex_lock(&rs->lock);
    if (rs->why[0])
        code = kl_fail(err, KL_BUSY, "%s", rs->why);
    else if (rs->lost)
        code = kl_fail(err, KL_BUSY, "the connection to the store was lost, another is being made");
    else
        code = kl_fail_limit(err, KL_BUSY, "", (int64_t)rs->n, "all %zu connections to the store are in use", rs->n);
    pthread_mutex_unlock(&rs->lock);
    return code;
}

static bool pool_ready(struct readers *readers, char *why, size_t why_size)
{
    struct readers_pg *rs = (struct readers_pg *)readers;
    bool ready;

    pthread_mutex_lock(&rs->lock);
    ready = rs->why[0] == '\0';
    snprintf(why, why_size, "%s", rs->why);
    pthread_mutex_unlock(&rs->lock);
    return ready;
}

static enum kl_code pool_take(struct readers *readers, struct reader **out, struct kl_error *err)
{
    struct readers_pg *rs = (struct readers_pg *)readers;
    struct reader_pg *r;

    for (;;) {
        pthread_mutex_lock(&rs->lock);
        r = pop(&rs->free);
        pthread_mutex_unlock(&rs->lock);
        if (!r)
            return none_left(rs, err);
        if (is_there(r))
            break;
        lose(rs, r);
    }
    *out = &r->base;
    return KL_OK;
}

static void pool_give(struct readers *readers, struct reader *reader)
{
    struct readers_pg *rs = (struct readers_pg *)readers;
    struct reader_pg *r = (struct reader_pg *)reader;

    PQclear(r->expected);
    r->expected = NULL;
    if (!is_there(r)) {
        lose(rs, r);
        return;
    }
    pthread_mutex_lock(&rs->lock);
    push(&rs->free, r);
    pthread_mutex_unlock(&rs->lock);
}

/* ---- opening and closing ---- */

static enum kl_code reader_make(struct readers_pg *rs, struct kl_error *err)
{
    struct kl_pg_conf conf = { .url = rs->base.conf.store, .schema = STORE_PG_SCHEMA, .migrations = store_pg_migrations(),
                               .statement_ms = STATEMENT_MS };
    struct reader_pg *r = &rs->all[rs->n++];

    reader_init(&r->base, &rs->base);
    for (int i = 0; i < READER_PG_ARRAYS; i++)
        kl_buf_init(&r->array[i], ARRAY_BYTES_MAX);
    push(&rs->lost, r);
    return kl_pg_new(&r->db, &conf, err);
}

static void locks_init(struct readers_pg *rs)
{
    pthread_condattr_t attr;

    pthread_mutex_init(&rs->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&rs->changed, &attr);
    pthread_condattr_destroy(&attr);
}

static void pool_end(struct readers *readers)
{
    struct readers_pg *rs = (struct readers_pg *)readers;

    pthread_mutex_lock(&rs->lock);
    rs->stop = true;
    pthread_cond_signal(&rs->changed);
    pthread_mutex_unlock(&rs->lock);
}

static void pool_close(struct readers *readers)
{
    struct readers_pg *rs = (struct readers_pg *)readers;

    pool_end(readers);
    if (rs->mends)
        pthread_join(rs->mender, NULL);
    for (size_t i = 0; i < rs->n; i++) {
        kl_pg_free(rs->all[i].db);
        for (int k = 0; k < READER_PG_ARRAYS; k++)
            kl_buf_fini(&rs->all[i].array[k]);
        reader_fini(&rs->all[i].base);
    }
    free(rs->all);
    pthread_cond_destroy(&rs->changed);
    pthread_mutex_destroy(&rs->lock);
    free(rs);
}

/* The first connections are made here, so that who starts can read at once; a database that is away is the mender's. */
static void connect_all(struct readers_pg *rs)
{
    enum kl_code code = KL_OK;
    struct reader_pg *r;
    struct kl_error err;

    while (!code && (r = pop(&rs->lost))) {
        code = connect_reader(r, &err);
        mended(rs, r, code, &err);
    }
}

static enum kl_code pool_open(struct readers **out, const struct readers_conf *conf, struct kl_error *err)
{
    struct readers_pg *rs = calloc(1, sizeof *rs);
    enum kl_code code = KL_OK;

    kl_assert(conf->connections > 0);
    if (!rs)
        return kl_fail(err, KL_BUSY, "no memory for readers");
    rs->base = (struct readers){ &reader_pg_ops, *conf };
    locks_init(rs);
    rs->all = calloc((size_t)conf->connections, sizeof *rs->all);
    if (!rs->all)
        code = kl_fail(err, KL_BUSY, "no memory for readers");
    while (!code && rs->n < (size_t)conf->connections)
        code = reader_make(rs, err);
    if (!code) {
        connect_all(rs);
        rs->mends = !pthread_create(&rs->mender, NULL, mend, rs);
        if (!rs->mends)
            code = kl_fail(err, KL_BUSY, "no thread for the readers' connections");
    }
    if (code) {
        pool_close(&rs->base);
        return code;
    }
    pthread_setname_np(rs->mender, "mending");
    *out = &rs->base;
    return KL_OK;
}

const struct reader_ops reader_pg_ops = {
    .open = pool_open, .end = pool_end, .close = pool_close, .ready = pool_ready, .take = pool_take, .give = pool_give,
    .find_id = reader_pg_find_id, .expect = reader_pg_expect, .find_place = reader_pg_find_place,
    .list = reader_pg_list, .latency = reader_pg_latency, .known = reader_pg_known,
};
