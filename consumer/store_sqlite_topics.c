/* store_sqlite_topics.c - topics, their incarnations, and where reading goes on. */
#include "store_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "outcomes.h"

/* The latest incarnation of a topic. */
struct latest {
    int64_t id;     /* 0: none */
    int64_t before; /* the one it followed; 0: none */
    bool    over;
};

static enum kl_code incarnation_find(struct store_sqlite *s, const char *topic, struct latest *latest, struct kl_error *err)
{
    static const char LATEST[] = "SELECT id, before, over_us IS NOT NULL FROM incarnations WHERE cluster = ?1 AND topic = ?2"
                                 " ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *st = store_sqlite_statement(s, LATEST, err);
    int rc;

    *latest = (struct latest){ .id = 0 };
    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    sqlite3_bind_text(st, 2, topic, -1, SQLITE_STATIC);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *latest = (struct latest){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int(st, 2) };
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return kl_sqlite_fail(s->db, "cannot read the topics", err);
    sqlite3_reset(st);
    return KL_OK;
}

static enum kl_code incarnation_end(struct store_sqlite *s, int64_t id, struct kl_error *err)
{
    static const char END[] = "UPDATE incarnations SET over_us = ?2 WHERE id = ?1 AND over_us IS NULL";
    sqlite3_stmt *st = store_sqlite_statement(s, END, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, kl_wall_us());
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code incarnation_make(struct store_sqlite *s, const char *topic, int64_t before, int64_t *id, struct kl_error *err)
{
    static const char MAKE[] = "INSERT INTO incarnations (cluster, topic, began_us, before) VALUES (?1, ?2, ?3, nullif(?4, 0))";
    sqlite3_stmt *st = store_sqlite_statement(s, MAKE, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    sqlite3_bind_text(st, 2, topic, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 3, kl_wall_us());
    sqlite3_bind_int64(st, 4, before);
    code = kl_sqlite_run(s->db, st, err);
    if (!code)
        *id = sqlite3_last_insert_rowid(kl_sqlite_handle(s->db));
    return code;
}

enum kl_code store_sqlite_doubts_read(struct store *base, int64_t incarnation, struct store_doubt **doubts, size_t *n_doubts, struct kl_error *err)
{
    static const char COUNT[] = "SELECT count(*) FROM offsets WHERE incarnation = ?1 AND mark_next < next";
    static const char RANGES[] = "SELECT part, mark_next, next FROM offsets WHERE incarnation = ?1 AND mark_next < next";
    struct store_sqlite *s = (struct store_sqlite *)base;
    sqlite3_stmt *st = store_sqlite_statement(s, COUNT, err);
    int64_t n = 0;
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, incarnation);
    code = store_sqlite_number(s, st, 0, &n, err);
    if (code || !n)
        return code;
    st = store_sqlite_statement(s, RANGES, err);
    if (!st)
        return err->code;
    *doubts = calloc((size_t)n, sizeof **doubts);
    if (!*doubts)
        return kl_fail(err, KL_BUSY, "no memory for a topic's partitions");
    sqlite3_bind_int64(st, 1, incarnation);
    while (*n_doubts < (size_t)n && sqlite3_step(st) == SQLITE_ROW)
        (*doubts)[(*n_doubts)++] = (struct store_doubt){ incarnation, sqlite3_column_int(st, 0), sqlite3_column_int64(st, 1),
                                                         sqlite3_column_int64(st, 2) };
    sqlite3_reset(st);
    return KL_OK;
}

/* Ends the latest incarnation, if there is one, and makes the next. */
static enum kl_code incarnation_replace(struct store_sqlite *s, const char *topic, struct latest *latest, struct kl_error *err)
{
    int64_t old = latest->id;
    enum kl_code code = kl_sqlite_begin(s->db, err);

    if (code)
        return code;
    if (old)
        code = incarnation_end(s, old, err);
    if (!code)
        code = incarnation_make(s, topic, old, &latest->id, err);
    if (code) {
        kl_sqlite_rollback(s->db);
        return code;
    }
    latest->before = old;
    return kl_sqlite_commit(s->db, err);
}

enum kl_code store_sqlite_topic(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err)
{
    struct store_sqlite *s = ctx;
    struct latest latest;
    enum kl_code code = incarnation_find(s, inc->topic, &latest, err);

    if (!code && (made_again || !latest.id || latest.over))
        code = incarnation_replace(s, inc->topic, &latest, err);
    if (!code)
        code = store_incarnation_keep(&s->base, latest.id, inc->topic, latest.before, err);
    if (!code)
        inc->id = latest.id;
    return code;
}

enum kl_code store_sqlite_gone(void *ctx, const struct kl_incarnation *inc, struct kl_error *err)
{
    return incarnation_end(ctx, inc->id, err);
}

enum kl_code store_sqlite_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    static const char POSITION[] = "SELECT next, mark_ms, mark_next FROM offsets WHERE incarnation = ?1 AND part = ?2";
    struct store_sqlite *s = ctx;
    sqlite3_stmt *st = store_sqlite_statement(s, POSITION, err);
    enum kl_code code = KL_OK;
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, at->incarnation->id);
    sqlite3_bind_int(st, 2, at->partition);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        at->next = sqlite3_column_int64(st, 0);
        at->mark_ms = sqlite3_column_int64(st, 1);
        at->mark_next = sqlite3_column_int64(st, 2);
    } else if (rc == SQLITE_DONE) {
        code = kl_fail(err, KL_NOT_FOUND, "nothing is stored of %s/%d", at->incarnation->topic, at->partition);
    } else {
        code = kl_sqlite_fail(s->db, "cannot read the offsets", err);
    }
    sqlite3_reset(st);
    return code;
}
