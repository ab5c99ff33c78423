/* index.c - see index.h: opening and closing, and what every part needs. */
#include "index_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"

/* ---- small helpers ---- */

sqlite3_stmt *index_statement(struct index *x, const char *sql, struct kl_error *err)
{
    return kl_sqlite_statement(x->db, sql, err);
}

enum kl_code index_number(struct index *x, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    int rc = sqlite3_step(st);

    *out = absent;
    if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(st, 0);
    else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = kl_sqlite_fail(x->db, "cannot read the index", err);
    sqlite3_reset(st);
    return code;
}

static enum kl_code number(struct index *x, const char *sql, int64_t absent, int64_t *out, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, sql, err);

    return st ? index_number(x, st, absent, out, err) : err->code;
}

enum kl_code index_run(struct index *x, const char *sql, int64_t first, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, first);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_run_two(struct index *x, const char *sql, int64_t first, int64_t second, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, first);
    sqlite3_bind_int64(st, 2, second);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_finish(struct index *x, enum kl_code code, struct kl_error *err)
{
    if (!code)
        return kl_sqlite_commit(x->db, err);
    kl_sqlite_rollback(x->db);
    return code;
}

/* ---- state ---- */

static const char SET_STATE[] = "INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";

enum kl_code index_state_set(struct index *x, const char *name, const char *value, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, SET_STATE, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_state_set_number(struct index *x, const char *name, int64_t value, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, SET_STATE, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, value);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_state_get(struct index *x, const char *name, struct kl_buf *value, bool *found, struct kl_error *err)
{
    static const char GET_STATE[] = "SELECT value FROM state WHERE name = ?1";
    sqlite3_stmt *st = index_statement(x, GET_STATE, err);
    enum kl_code code = KL_OK;
    int rc;

    *found = false;
    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    rc = sqlite3_step(st);
    *found = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW && !kl_buf_adds(value, (const char *)sqlite3_column_text(st, 0)))
        code = kl_fail(err, KL_BUSY, "no memory to read the index's %s", name);
    else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        code = kl_sqlite_fail(x->db, "cannot read the index", err);
    sqlite3_reset(st);
    return code;
}

/* ---- opening ---- */

static enum kl_code directories_make(const char *path, struct kl_error *err)
{
    char dir[4096];

    if ((size_t)snprintf(dir, sizeof dir, "%s", path) >= sizeof dir)
        return kl_fail(err, KL_INVALID, "the index's path is too long");
    for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(dir, 0777) && errno != EEXIST)
            return kl_fail(err, KL_BUSY, "cannot make the directory %s: %s", dir, strerror(errno));
        *slash = '/';
    }
    return KL_OK;
}

static enum kl_code database_open(struct index *x, struct kl_error *err)
{
    char cache[64];
    enum kl_code code = directories_make(x->conf.path, err);

    if (!code)
        code = kl_sqlite_open(&x->db, x->conf.path, KL_SQLITE_OWNER, index_migrations(), err);
    if (code)
        return code;
    snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", INDEX_CACHE_KIB);
    return kl_sqlite_exec(x->db, cache, err);
}

static enum kl_code numbers_load(struct index *x, struct kl_error *err)
{
    static const char NEXT_DOCUMENT[] = "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'documents'";
    static const char NEXT_PASSAGE[] = "SELECT max(first + passages) FROM documents";
    static const char CLUSTER[] = "SELECT value FROM state WHERE name = 'cluster'";
    enum kl_code code = number(x, NEXT_DOCUMENT, 1, &x->next_document, err);

    if (!code)
        code = number(x, NEXT_PASSAGE, 1, &x->next_passage, err);
    return code ? code : number(x, CLUSTER, 0, &x->cluster, err);
}

enum kl_code index_staged_hide(struct index *x, struct kl_error *err)
{
    static const char HIDE_STAGED[] = "UPDATE documents SET state = 2 WHERE state = 0"; /* index_state */

    return kl_sqlite_exec(x->db, HIDE_STAGED, err);
}

static enum kl_code catalog_load_row(struct index *x, sqlite3_stmt *st, struct kl_error *err)
{
    const char *topic = (const char *)sqlite3_column_text(st, 6);
    struct catalog_entry e = {
        .document = sqlite3_column_int64(st, 0),
        .first = sqlite3_column_int64(st, 1),
        .count = sqlite3_column_int(st, 2),
        .topic = topic ? catalog_topic(x->catalog, topic) : CATALOG_NO_TOPIC,
        .source = catalog_source((const char *)sqlite3_column_text(st, 3)),
        .time_ms = sqlite3_column_int64(st, 4),
        .message = sqlite3_column_int(st, 7) == INDEX_MESSAGE,
        .visible = sqlite3_column_int(st, 5) == INDEX_VISIBLE,
    };

    if (topic && e.topic == CATALOG_NO_TOPIC)
        return kl_fail(err, KL_BUSY, "no memory for one more topic");
    return catalog_add(x->catalog, &e, err);
}

static enum kl_code catalog_load(struct index *x, struct kl_error *err)
{
    static const char DOCUMENTS[] = "SELECT d.id, d.first, d.passages, d.source, d.time_ms, d.state, i.topic, d.kind FROM documents d"
                                    " LEFT JOIN incarnations i ON i.id = d.incarnation ORDER BY d.id";
    sqlite3_stmt *st = index_statement(x, DOCUMENTS, err);
    enum kl_code code = KL_OK;
    int rc = SQLITE_DONE;

    if (!st)
        return err->code;
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW)
        code = catalog_load_row(x, st, err);
    if (!code && rc != SQLITE_DONE)
        code = kl_sqlite_fail(x->db, "cannot read the index", err);
    sqlite3_reset(st);
    return code;
}

enum kl_code index_open(struct index **out, const struct index_conf *conf, struct kl_error *err)
{
    static enum kl_code (*const steps[])(struct index *x, struct kl_error *err) = {
        database_open, numbers_load, index_staged_hide, catalog_load, index_vectors_load,
    };
    struct index *x = calloc(1, sizeof *x);
    enum kl_code code;

    if (!x)
        return kl_fail(err, KL_BUSY, "no memory for the index");
    x->conf = *conf;
    turn_init(&x->turn);
    code = catalog_new(&x->catalog, err);
    for (size_t i = 0; !code && i < sizeof steps / sizeof *steps; i++)
        code = steps[i](x, err);
    if (code == KL_BROKEN) {
        struct kl_error why = *err;

        kl_fail(err, code, "%s cannot be used: %s; move it away, and the next start makes a new one", conf->path, why.text);
    }
    if (!code)
        code = index_embed_start(x, err);
    if (code) {
        index_close(x);
        return code;
    }
    *out = x;
    return KL_OK;
}

void index_close(struct index *x)
{
    if (!x)
        return;
    index_embed_end(x);
    kl_sqlite_close(x->db);
    vectors_close(x->vectors);
    catalog_free(x->catalog);
    turn_fini(&x->turn);
    free(x->incarnations);
    free(x);
}

struct catalog *index_catalog(struct index *x)
{
    return x->catalog;
}

struct vectors *index_vectors(struct index *x)
{
    return x->vectors;
}

const char *index_kind_name(enum index_kind kind)
{
    static const char *const names[] = { "document", "statement", "message" };

    return names[kind];
}

struct index_counts index_counts(struct index *x)
{
    return (struct index_counts){ x->counts.puts, x->counts.statements, x->counts.messages, x->counts.not_text, x->counts.doubled,
                                  x->counts.questions, x->counts.answers, x->counts.batches, x->counts.removed,
                                  x->counts.without_vectors };
}

struct kl_feed_store index_feed(struct index *x)
{
    return (struct kl_feed_store){ .ctx = x, .cluster = index_feed_cluster, .contacted = index_feed_contacted,
                                   .topic = index_feed_topic, .position = index_feed_position, .batch = index_feed_batch,
                                   .gone = index_feed_gone, .upkeep = index_upkeep_feed };
}
