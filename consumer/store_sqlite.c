/* store_sqlite.c - opening and closing, the totals' beginning, clusters. */
#include "store_sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "log.h"
#include "outcomes.h"

/* ---- small helpers ---- */

sqlite3_stmt *store_sqlite_statement(struct store_sqlite *s, const char *sql, struct kl_error *err)
{
    return kl_sqlite_statement(s->db, sql, err);
}

enum kl_code store_sqlite_number(struct store_sqlite *s, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    int rc = sqlite3_step(st);

    *out = absent;
    if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(st, 0);
    else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = kl_sqlite_fail(s->db, "cannot read the store", err);
    sqlite3_reset(st);
    return code;
}

static enum kl_code number(struct store_sqlite *s, const char *sql, int64_t absent, int64_t *out, struct kl_error *err)
{
    sqlite3_stmt *st = store_sqlite_statement(s, sql, err);

    return st ? store_sqlite_number(s, st, absent, out, err) : err->code;
}

enum kl_code store_sqlite_state_set(struct store_sqlite *s, const char *name, int64_t value, struct kl_error *err)
{
    static const char SET_STATE[] = "INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    sqlite3_stmt *st = store_sqlite_statement(s, SET_STATE, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, value);
    return kl_sqlite_run(s->db, st, err);
}

/* ---- opening ---- */

static enum kl_code directories_make(const char *path, struct kl_error *err)
{
    char dir[4096];

    if ((size_t)snprintf(dir, sizeof dir, "%s", path) >= sizeof dir)
        return kl_fail(err, KL_INVALID, "the store's path is too long");
    for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(dir, 0777) && errno != EEXIST)
            return kl_fail(err, KL_BUSY, "cannot make the directory %s: %s", dir, strerror(errno));
        *slash = '/';
    }
    return KL_OK;
}

static enum kl_code memory_take(struct store_sqlite *s, const struct store_conf *conf, struct kl_error *err)
{
    enum kl_code code = store_init(&s->base, &store_sqlite_ops, conf, err);

    if (code)
        return code;
    s->key_hashes = calloc(conf->batch_max, sizeof *s->key_hashes);
    if (!s->key_hashes)
        return kl_fail(err, KL_BUSY, "no memory for the store");
    return keys_new(&s->base.keys, conf->batch_max, err);
}

static enum kl_code numbers_load(struct store_sqlite *s, struct kl_error *err)
{
    static const char FIRST_SEQ[] = "SELECT value FROM state WHERE name = 'first_seq'";
    static const char LAST_SEQ[] = "SELECT max(seq) FROM receipts";
    static const char CLUSTER[] = "SELECT value FROM state WHERE name = 'cluster'";
    static const char DUPLICATES[] = "SELECT EXISTS (SELECT 1 FROM duplicates)";
    int64_t last, duplicates;
    enum kl_code code = number(s, FIRST_SEQ, 1, &s->first_seq, err);

    if (!code)
        code = number(s, LAST_SEQ, s->first_seq - 1, &last, err);
    if (!code)
        code = number(s, CLUSTER, 0, &s->cluster, err);
    if (!code)
        code = number(s, DUPLICATES, 0, &duplicates, err);
    if (code)
        return code;
    s->next_seq = last + 1;
    s->has_duplicates = duplicates;
    return keys_load(s->base.keys, s->db, s->next_seq, err);
}

static enum kl_code topics_load(struct store_sqlite *s, struct kl_error *err)
{
    static const char TOTALS[] = "SELECT topic, sum(messages), sum(bytes), sum(duplicated), sum(negative) FROM incarnations"
                                 " WHERE cluster = ?1 AND topic != ?2 GROUP BY topic";
    sqlite3_stmt *st = store_sqlite_statement(s, TOTALS, err);
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    sqlite3_bind_text(st, 2, KL_OUTCOMES_TOPIC, -1, SQLITE_STATIC);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        int place = totals_place(s->base.totals, (const char *)sqlite3_column_text(st, 0));
        struct totals_delta sums = { sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 3),
                                     sqlite3_column_int64(st, 4), NULL };

        if (place < 0)
            break;
        totals_add(s->base.totals, place, 0, &sums); /* second 0: they count in no rate */
    }
    sqlite3_reset(st);
    if (rc == SQLITE_ROW)
        return kl_fail(err, KL_BUSY, "no memory for totals");
    return rc == SQLITE_DONE ? KL_OK : kl_sqlite_fail(s->db, "cannot read the totals", err);
}

/* Totals of s->cluster, from the store into memory. */
static enum kl_code totals_load(struct store_sqlite *s, struct kl_error *err)
{
    static const char CLUSTER_ROW[] = "SELECT since_us, failed FROM clusters WHERE id = ?1";
    sqlite3_stmt *st = store_sqlite_statement(s, CLUSTER_ROW, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    if (sqlite3_step(st) == SQLITE_ROW)
        totals_reset(s->base.totals, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1));
    else
        totals_reset(s->base.totals, 0, 0);
    sqlite3_reset(st);
    code = topics_load(s, err);
    return code ? code : store_sqlite_latency_load(s, err);
}

static void sqlite_close(struct store *base)
{
    struct store_sqlite *s = (struct store_sqlite *)base;

    kl_sqlite_close(s->db);
    keys_free(s->base.keys);
    free(s->key_hashes);
    store_fini(&s->base);
    free(s);
}

static enum kl_code sqlite_open(struct store **out, const struct store_conf *conf, struct kl_error *err)
{
    const char *file = store_file_of(conf->where);
    struct store_sqlite *s = calloc(1, sizeof *s);
    enum kl_code code;

    if (!s)
        return kl_fail(err, KL_BUSY, "no memory for the store");
    code = memory_take(s, conf, err);
    if (!code)
        code = directories_make(file, err);
    if (!code)
        code = kl_sqlite_open(&s->db, file, KL_SQLITE_OWNER, store_migrations(), err);
    if (!code)
        code = numbers_load(s, err);
    if (!code)
        code = totals_load(s, err);
    if (code == KL_BROKEN) {
        struct kl_error why = *err;

        kl_fail(err, code, "%s cannot be used: %s; move it away, and the next start makes a new one", file, why.text);
    }
    if (code) {
        sqlite_close(&s->base);
        return code;
    }
    *out = &s->base;
    return KL_OK;
}

/* ---- clusters ---- */

static enum kl_code cluster_row(struct store_sqlite *s, const char *name, bool *contacted, struct kl_error *err)
{
    static const char FIND[] = "SELECT id, contacted FROM clusters WHERE name = ?1";
    static const char MAKE[] = "INSERT INTO clusters (name, since_us) VALUES (?1, ?2)";
    sqlite3_stmt *st = store_sqlite_statement(s, FIND, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    *contacted = false;
    if (sqlite3_step(st) == SQLITE_ROW) {
        s->cluster = sqlite3_column_int64(st, 0);
        *contacted = sqlite3_column_int(st, 1);
        sqlite3_reset(st);
        return KL_OK;
    }
    sqlite3_reset(st);
    st = store_sqlite_statement(s, MAKE, err);
    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, kl_wall_us());
    code = kl_sqlite_run(s->db, st, err);
    if (!code)
        s->cluster = sqlite3_last_insert_rowid(kl_sqlite_handle(s->db));
    return code;
}

static enum kl_code cluster(void *ctx, const char *name, bool *contacted, struct kl_error *err)
{
    struct store_sqlite *s = ctx;
    int64_t last = s->cluster;
    enum kl_code code = kl_sqlite_begin(s->db, err);

    if (code)
        return code;
    code = cluster_row(s, name, contacted, err);
    if (!code)
        code = store_sqlite_state_set(s, "cluster", s->cluster, err);
    if (!code)
        code = kl_sqlite_commit(s->db, err);
    else
        kl_sqlite_rollback(s->db);
    if (code) {
        s->cluster = last;
        return code;
    }
    if (last && last != s->cluster)
        kl_warn("the store was last used with another cluster; that one's receipts stay, totals are this one's", KL_S("cluster", name));
    if (s->cluster != last)
        code = totals_load(s, err);
    if (code)
        s->cluster = last; /* so that the next try loads them */
    return code;
}

static enum kl_code contacted(void *ctx, struct kl_error *err)
{
    static const char CONTACTED[] = "UPDATE clusters SET contacted = 1 WHERE id = ?1";
    struct store_sqlite *s = ctx;
    sqlite3_stmt *st = store_sqlite_statement(s, CONTACTED, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    return kl_sqlite_run(s->db, st, err);
}

const struct store_ops store_sqlite_ops = {
    .open = sqlite_open, .close = sqlite_close,
    .feed = { .cluster = cluster, .contacted = contacted, .topic = store_sqlite_topic, .position = store_sqlite_position,
              .batch = store_sqlite_batch, .gone = store_sqlite_gone, .upkeep = store_sqlite_upkeep },
    .doubts_read = store_sqlite_doubts_read,
    .failure_write = store_sqlite_failure_write, .block_write = store_sqlite_block_write, .run_write = store_sqlite_run_write,
    .step_read = store_sqlite_step_read, .step_write = store_sqlite_step_write,
};
