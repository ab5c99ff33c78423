/* index_topics.c - clusters, topics, their incarnations, and where reading goes on. The feed's thread. */
#include "index_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

/* So that learning starves neither searches nor the rest of a laptop. Not 10: on a busy one it starved itself, and messages
 * were found after up to a second (docs/benchmarks.md). */
#define LEARNING_NICE 4

/* ---- clusters ---- */

static enum kl_code cluster_find(struct index *x, const char *name, int64_t *id, bool *contacted, struct kl_error *err)
{
    static const char FIND[] = "SELECT id, contacted FROM clusters WHERE name = ?1";
    sqlite3_stmt *st = index_statement(x, FIND, err);
    int rc;

    *id = 0;
    *contacted = false;
    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        *id = sqlite3_column_int64(st, 0);
        *contacted = sqlite3_column_int(st, 1);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? KL_OK : kl_sqlite_fail(x->db, "cannot read the clusters", err);
}

static enum kl_code cluster_make(struct index *x, const char *name, int64_t *id, struct kl_error *err)
{
    static const char MAKE[] = "INSERT INTO clusters (name) VALUES (?1)";
    sqlite3_stmt *st = index_statement(x, MAKE, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    code = kl_sqlite_run(x->db, st, err);
    *id = sqlite3_last_insert_rowid(kl_sqlite_handle(x->db));
    return code;
}

static enum kl_code cluster_set(struct index *x, const char *name, bool *contacted, struct kl_error *err)
{
    int64_t id;
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    code = cluster_find(x, name, &id, contacted, err);
    if (!code && !id)
        code = cluster_make(x, name, &id, err);
    if (!code)
        code = index_state_set_number(x, "cluster", id, err);
    code = index_finish(x, code, err);
    if (!code)
        x->cluster = id;
    return code;
}

enum kl_code index_feed_cluster(void *ctx, const char *name, bool *contacted, struct kl_error *err)
{
    struct index *x = ctx;
    int64_t last;
    enum kl_code code;

    setpriority(PRIO_PROCESS, (id_t)gettid(), LEARNING_NICE); /* the feed's thread, at its first call */
    turn_take(&x->turn);
    last = x->cluster;
    code = cluster_set(x, name, contacted, err);
    turn_give(&x->turn);
    if (!code && last && last != x->cluster)
        kl_warn("the index was last used with another cluster; what was learnt from that one stays", KL_S("cluster", name));
    return code;
}

enum kl_code index_feed_contacted(void *ctx, struct kl_error *err)
{
    static const char CONTACTED[] = "UPDATE clusters SET contacted = 1 WHERE id = ?1";
    struct index *x = ctx;
    enum kl_code code;

    turn_take(&x->turn);
    code = index_run(x, CONTACTED, x->cluster, err);
    turn_give(&x->turn);
    return code;
}

/* ---- incarnations ---- */

struct index_incarnation *index_incarnation(struct index *x, int64_t id)
{
    for (size_t i = 0; i < x->n_incarnations; i++)
        if (x->incarnations[i].id == id)
            return &x->incarnations[i];
    kl_assert(!"topic() has introduced it");
    return NULL;
}

static bool incarnations_grow(struct index *x)
{
    size_t room = x->incarnations_room ? x->incarnations_room * 2 : 16;
    struct index_incarnation *more;

    if (x->n_incarnations < x->incarnations_room)
        return true;
    more = calloc(room, sizeof *more);
    if (!more)
        return false;
    if (x->n_incarnations)
        memcpy(more, x->incarnations, x->n_incarnations * sizeof *more);
    free(x->incarnations);
    x->incarnations = more;
    x->incarnations_room = room;
    return true;
}

static enum kl_code incarnation_keep(struct index *x, const struct index_incarnation *inc, struct kl_error *err)
{
    for (size_t i = 0; i < x->n_incarnations; i++)
        if (x->incarnations[i].id == inc->id)
            return KL_OK;
    if (!incarnations_grow(x))
        return kl_fail(err, KL_BUSY, "no memory for one more topic");
    x->incarnations[x->n_incarnations++] = *inc;
    return KL_OK;
}

/* The latest incarnation of a topic; id 0: none. */
static enum kl_code latest_find(struct index *x, const char *topic, struct index_incarnation *inc, bool *over, struct kl_error *err)
{
    static const char LATEST[] = "SELECT id, coalesce(before, 0), over_ms IS NOT NULL FROM incarnations WHERE cluster = ?1 AND topic = ?2"
                                 " ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *st = index_statement(x, LATEST, err);
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, x->cluster);
    sqlite3_bind_text(st, 2, topic, -1, SQLITE_STATIC);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        inc->id = sqlite3_column_int64(st, 0);
        inc->before = sqlite3_column_int64(st, 1);
        *over = sqlite3_column_int(st, 2);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? KL_OK : kl_sqlite_fail(x->db, "cannot read the topics", err);
}

static enum kl_code incarnation_end(struct index *x, int64_t id, struct kl_error *err)
{
    static const char END[] = "UPDATE incarnations SET over_ms = ?2 WHERE id = ?1 AND over_ms IS NULL";

    return index_run_two(x, END, id, kl_wall_us() / 1000, err);
}

static enum kl_code incarnation_make(struct index *x, const char *topic, int64_t before, int64_t *id, struct kl_error *err)
{
    static const char MAKE[] = "INSERT INTO incarnations (cluster, topic, before) VALUES (?1, ?2, nullif(?3, 0))";
    sqlite3_stmt *st = index_statement(x, MAKE, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, x->cluster);
    sqlite3_bind_text(st, 2, topic, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 3, before);
    code = kl_sqlite_run(x->db, st, err);
    *id = sqlite3_last_insert_rowid(kl_sqlite_handle(x->db));
    return code;
}

/* Ends the latest incarnation, if there is one, and makes the next. A question topic made again numbers its questions
 * anew: what was answered under those numbers was another question. */
static enum kl_code incarnation_replace(struct index *x, const char *topic, struct index_incarnation *inc, struct kl_error *err)
{
    static const char FORGET_ANSWERED[] = "DELETE FROM answered";
    int64_t old = inc->id;
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    if (old)
        code = incarnation_end(x, old, err);
    if (!code && old && x->conf.question_topic && !strcmp(topic, x->conf.question_topic))
        code = kl_sqlite_exec(x->db, FORGET_ANSWERED, err);
    if (!code)
        code = incarnation_make(x, topic, old, &inc->id, err);
    inc->before = old;
    return index_finish(x, code, err);
}

enum kl_code index_feed_topic(void *ctx, struct kl_incarnation *out, bool made_again, struct kl_error *err)
{
    struct index *x = ctx;
    struct index_incarnation inc = { .topic = catalog_topic(x->catalog, out->topic) };
    bool over = false;
    enum kl_code code;

    if (inc.topic == CATALOG_NO_TOPIC)
        return kl_fail(err, KL_BUSY, "no memory for one more topic");
    turn_take(&x->turn);
    code = latest_find(x, out->topic, &inc, &over, err);
    if (!code && (made_again || !inc.id || over))
        code = incarnation_replace(x, out->topic, &inc, err);
    turn_give(&x->turn);
    if (!code)
        code = incarnation_keep(x, &inc, err);
    if (!code)
        out->id = inc.id;
    return code;
}

enum kl_code index_feed_gone(void *ctx, const struct kl_incarnation *inc, struct kl_error *err)
{
    struct index *x = ctx;
    enum kl_code code;

    turn_take(&x->turn);
    code = incarnation_end(x, inc->id, err);
    turn_give(&x->turn);
    return code;
}

/* ---- positions ---- */

static enum kl_code position_read(struct index *x, struct kl_feed_position *at, struct kl_error *err)
{
    static const char POSITION[] = "SELECT next, mark_ms, mark_next FROM offsets WHERE incarnation = ?1 AND part = ?2";
    sqlite3_stmt *st = index_statement(x, POSITION, err);
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
        code = kl_fail(err, KL_NOT_FOUND, "nothing is learnt of %s/%d", at->incarnation->topic, at->partition);
    } else {
        code = kl_sqlite_fail(x->db, "cannot read the offsets", err);
    }
    sqlite3_reset(st);
    return code;
}

enum kl_code index_feed_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    struct index *x = ctx;
    enum kl_code code;

    turn_take(&x->turn);
    code = position_read(x, at, err);
    turn_give(&x->turn);
    return code;
}
