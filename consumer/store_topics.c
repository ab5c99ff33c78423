/* store_topics.c - topics, their incarnations, and where reading goes on. */
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "outcomes.h"

struct store_incarnation *store_incarnation(struct store *s, int64_t id)
{
    if (s->last && s->last->id == id)
        return s->last;
    s->last = NULL;
    for (size_t i = 0; !s->last && i < s->n_incarnations; i++)
        if (s->incarnations[i]->id == id)
            s->last = s->incarnations[i];
    kl_assert(s->last != NULL); /* topic() has introduced it */
    return s->last;
}

static bool incarnations_grow(struct store *s)
{
    size_t room = s->incarnations_room ? s->incarnations_room * 2 : 16;
    struct store_incarnation **more;

    if (s->n_incarnations < s->incarnations_room)
        return true;
    more = calloc(room, sizeof *more);
    if (!more)
        return false;
    for (size_t i = 0; i < s->n_incarnations; i++)
        more[i] = s->incarnations[i];
    free(s->incarnations);
    s->incarnations = more;
    s->incarnations_room = room;
    return true;
}

/* The latest incarnation of a topic. */
struct latest {
    int64_t id;     /* 0: none */
    int64_t before; /* the one it followed; 0: none */
    bool    over;
};

static enum kl_code incarnation_find(struct store *s, const char *topic, struct latest *latest, struct kl_error *err)
{
    static const char LATEST[] = "SELECT id, before, over_us IS NOT NULL FROM incarnations WHERE cluster = ?1 AND topic = ?2"
                                 " ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *st = store_statement(s, LATEST, err);
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

static enum kl_code incarnation_end(struct store *s, int64_t id, struct kl_error *err)
{
    static const char END[] = "UPDATE incarnations SET over_us = ?2 WHERE id = ?1 AND over_us IS NULL";
    sqlite3_stmt *st = store_statement(s, END, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, kl_wall_us());
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code incarnation_make(struct store *s, const char *topic, int64_t before, int64_t *id, struct kl_error *err)
{
    static const char MAKE[] = "INSERT INTO incarnations (cluster, topic, began_us, before) VALUES (?1, ?2, ?3, nullif(?4, 0))";
    sqlite3_stmt *st = store_statement(s, MAKE, err);
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

/* The ranges of the incarnation before that were read after its last mark: kafka_feed.h. */
static enum kl_code doubts_load(struct store *s, struct store_incarnation *inc, int64_t before, struct kl_error *err)
{
    static const char COUNT[] = "SELECT count(*) FROM offsets WHERE incarnation = ?1 AND mark_next < next";
    static const char RANGES[] = "SELECT part, mark_next, next FROM offsets WHERE incarnation = ?1 AND mark_next < next";
    sqlite3_stmt *st = store_statement(s, COUNT, err);
    int64_t n = 0;
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, before);
    code = store_number(s, st, 0, &n, err);
    if (code || !n)
        return code;
    inc->doubts = calloc((size_t)n, sizeof *inc->doubts);
    st = inc->doubts ? store_statement(s, RANGES, err) : NULL;
    if (!st)
        return inc->doubts ? err->code : kl_fail(err, KL_BUSY, "no memory for a topic's partitions");
    sqlite3_bind_int64(st, 1, before);
    while (inc->n_doubts < (size_t)n && sqlite3_step(st) == SQLITE_ROW)
        inc->doubts[inc->n_doubts++] = (struct store_doubt){ before, sqlite3_column_int(st, 0), sqlite3_column_int64(st, 1),
                                                             sqlite3_column_int64(st, 2) };
    sqlite3_reset(st);
    return KL_OK;
}

static enum kl_code incarnation_keep(struct store *s, int64_t id, const char *topic, int64_t before, struct kl_error *err)
{
    struct store_incarnation *inc;
    enum kl_code code = KL_OK;

    for (size_t i = 0; i < s->n_incarnations; i++)
        if (s->incarnations[i]->id == id)
            return KL_OK;
    inc = incarnations_grow(s) ? calloc(1, sizeof *inc) : NULL;
    if (!inc)
        return kl_fail(err, KL_BUSY, "no memory for one more topic");
    inc->id = id;
    snprintf(inc->topic, sizeof inc->topic, "%s", topic);
    if (strcmp(topic, KL_OUTCOMES_TOPIC))
        inc->place = totals_place(s->totals, topic);
    if (inc->place < 0)
        code = kl_fail(err, KL_BUSY, "no memory for one more topic");
    else if (before)
        code = doubts_load(s, inc, before, err);
    if (code) {
        free(inc->doubts);
        free(inc);
        return code;
    }
    s->incarnations[s->n_incarnations++] = inc;
    return KL_OK;
}

/* Ends the latest incarnation, if there is one, and makes the next. */
static enum kl_code incarnation_replace(struct store *s, const char *topic, struct latest *latest, struct kl_error *err)
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

enum kl_code store_topic(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err)
{
    struct store *s = ctx;
    struct latest latest;
    enum kl_code code = incarnation_find(s, inc->topic, &latest, err);

    if (!code && (made_again || !latest.id || latest.over))
        code = incarnation_replace(s, inc->topic, &latest, err);
    if (!code)
        code = incarnation_keep(s, latest.id, inc->topic, latest.before, err);
    if (!code)
        inc->id = latest.id;
    return code;
}

enum kl_code store_gone(void *ctx, const struct kl_incarnation *inc, struct kl_error *err)
{
    return incarnation_end(ctx, inc->id, err);
}

enum kl_code store_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    static const char POSITION[] = "SELECT next, mark_ms, mark_next FROM offsets WHERE incarnation = ?1 AND part = ?2";
    struct store *s = ctx;
    sqlite3_stmt *st = store_statement(s, POSITION, err);
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
