/* keys.c - see keys.h. A hash is half of XXH3's 64 bits: within a run one look-up in 65,536 meets a stranger, which
 * reading the receipt sorts out, and an entry is four bytes shorter. Each run has one row with hash 0, so that a run
 * without any key is known to be built. */
#include "keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const char INSERT_ENTRY[] = "INSERT INTO key_runs (run, hash, seq) VALUES (?1, ?2, ?3)";
static const char LAST_RUN[] = "SELECT max(run) FROM key_runs";
static const char OLDEST_RECEIPT[] = "SELECT min(seq) FROM receipts";
static const char KEYS_FROM[] = "SELECT seq, key FROM receipts WHERE seq >= ?1 ORDER BY seq";

struct keys {
    size_t          room;
    uint64_t       *sorting; /* the store's thread: hash, then place in the run */
    pthread_mutex_t lock;    /* guards what follows; only the store's thread writes it */
    int64_t         first;   /* the number of tail[0], a multiple of KEYS_RUN */
    size_t          n;
    uint32_t       *tail;
};

enum kl_code keys_new(struct keys **out, size_t batch_max, struct kl_error *err)
{
    struct keys *k = calloc(1, sizeof *k);

    if (!k)
        return kl_fail(err, KL_BUSY, "no memory for the key index");
    pthread_mutex_init(&k->lock, NULL);
    k->room = KEYS_RUN + batch_max;
    k->tail = calloc(k->room, sizeof *k->tail);
    k->sorting = calloc(KEYS_RUN, sizeof *k->sorting);
    if (!k->tail || !k->sorting) {
        keys_free(k);
        return kl_fail(err, KL_BUSY, "no memory for the key index");
    }
    *out = k;
    return KL_OK;
}

void keys_free(struct keys *k)
{
    if (!k)
        return;
    pthread_mutex_destroy(&k->lock);
    free(k->tail);
    free(k->sorting);
    free(k);
}

uint32_t keys_hash(const void *key, size_t len)
{
    uint32_t hash = (uint32_t)(XXH3_64bits(len ? key : "", len) >> 32);

    return hash ? hash : 1;
}

void keys_add(struct keys *k, int64_t seq, uint32_t hash)
{
    pthread_mutex_lock(&k->lock);
    kl_assert(seq == k->first + (int64_t)k->n);
    kl_assert(k->n < k->room);
    k->tail[k->n++] = hash;
    pthread_mutex_unlock(&k->lock);
}

/* ---- building a run ---- */

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static size_t run_sort(struct keys *k)
{
    size_t n = 0;

    for (size_t i = 0; i < KEYS_RUN; i++)
        if (k->tail[i])
            k->sorting[n++] = (uint64_t)k->tail[i] << 32 | i;
    qsort(k->sorting, n, sizeof *k->sorting, by_hash);
    return n;
}

static enum kl_code entry_insert(struct kl_sqlite *db, int64_t run, uint32_t hash, int64_t seq, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(db, INSERT_ENTRY, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, run);
    sqlite3_bind_int64(st, 2, hash);
    sqlite3_bind_int64(st, 3, seq);
    return kl_sqlite_run(db, st, err);
}

static enum kl_code run_insert(struct keys *k, struct kl_sqlite *db, struct kl_error *err)
{
    size_t n = run_sort(k);
    enum kl_code code = entry_insert(db, k->first / KEYS_RUN, 0, k->first, err);

    for (size_t i = 0; !code && i < n; i++)
        code = entry_insert(db, k->first / KEYS_RUN, (uint32_t)(k->sorting[i] >> 32),
                            k->first + (int64_t)(uint32_t)k->sorting[i], err);
    return code;
}

/* The run is committed before the tail lets go of it: a look-up that saw the old tail finds it there, one that sees
 * the new tail finds the run. */
static void tail_drop_run(struct keys *k)
{
    pthread_mutex_lock(&k->lock);
    k->n -= KEYS_RUN;
    k->first += KEYS_RUN;
    memmove(k->tail, k->tail + KEYS_RUN, k->n * sizeof *k->tail);
    pthread_mutex_unlock(&k->lock);
}

enum kl_code keys_build(struct keys *k, struct kl_sqlite *db, struct kl_error *err)
{
    enum kl_code code;

    if (k->n < KEYS_RUN)
        return KL_OK;
    code = kl_sqlite_begin(db, err);
    if (code)
        return code;
    code = run_insert(k, db, err);
    if (code)
        kl_sqlite_rollback(db);
    else
        code = kl_sqlite_commit(db, err);
    if (!code)
        tail_drop_run(k);
    return code;
}

/* ---- loading ---- */

/* The one number of a query; absent when it is NULL. */
static enum kl_code number_read(struct kl_sqlite *db, const char *sql, int64_t absent, int64_t *out, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(db, sql, err);

    if (!st || sqlite3_step(st) != SQLITE_ROW)
        return kl_sqlite_fail(db, "cannot read the key index", err);
    *out = sqlite3_column_type(st, 0) == SQLITE_NULL ? absent : sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return KL_OK;
}

/* Adds hash as number seq, with nothing in the places before it that hold no receipt. */
static enum kl_code tail_fill(struct keys *k, struct kl_sqlite *db, int64_t seq, uint32_t hash, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    while (!code && k->first + (int64_t)k->n < seq) {
        keys_add(k, k->first + (int64_t)k->n, 0);
        code = keys_build(k, db, err);
    }
    if (code)
        return code;
    keys_add(k, seq, hash);
    return keys_build(k, db, err);
}

static enum kl_code tail_read(struct keys *k, struct kl_sqlite *db, int64_t next, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(db, KEYS_FROM, err);
    enum kl_code code = KL_OK;
    int rc = SQLITE_ROW;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, k->first);
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        bool has_key = sqlite3_column_type(st, 1) != SQLITE_NULL;
        const void *key = sqlite3_column_blob(st, 1);

        code = tail_fill(k, db, sqlite3_column_int64(st, 0),
                         has_key ? keys_hash(key, (size_t)sqlite3_column_bytes(st, 1)) : 0, err);
    }
    if (!code && rc != SQLITE_DONE)
        code = kl_sqlite_fail(db, "cannot read the receipts' keys", err);
    sqlite3_reset(st);
    if (!code && k->first + (int64_t)k->n < next)
        code = tail_fill(k, db, next - 1, 0, err);
    return code;
}

enum kl_code keys_load(struct keys *k, struct kl_sqlite *db, int64_t next, struct kl_error *err)
{
    int64_t run, oldest;
    enum kl_code code = number_read(db, LAST_RUN, -1, &run, err);

    if (!code)
        code = number_read(db, OLDEST_RECEIPT, next, &oldest, err);
    if (code)
        return code;
    run = run + 1 > oldest / KEYS_RUN ? run + 1 : oldest / KEYS_RUN;
    k->first = run * KEYS_RUN;
    k->n = 0;
    return tail_read(k, db, next, err);
}

/* ---- looking ---- */

int64_t keys_behind(struct keys *k)
{
    int64_t n;

    if (!k)
        return 0;
    pthread_mutex_lock(&k->lock);
    n = (int64_t)k->n - (k->first == 0 && k->n > 0); /* there is no receipt 0 */
    pthread_mutex_unlock(&k->lock);
    return n;
}

size_t keys_tail(struct keys *k, uint32_t hash, int64_t before, int64_t *out, size_t max, int64_t *first)
{
    size_t n = 0, at;

    kl_assert(hash != 0);
    pthread_mutex_lock(&k->lock);
    *first = k->first;
    at = before <= k->first ? 0 : before - k->first < (int64_t)k->n ? (size_t)(before - k->first) : k->n;
    while (at-- > 0 && n < max)
        if (k->tail[at] == hash)
            out[n++] = k->first + (int64_t)at;
    pthread_mutex_unlock(&k->lock);
    return n;
}
