/* store_pg_topics.c - topics, their incarnations, and where reading goes on. Several consumers may notice the same thing: an
 * incarnation is ended by the first, and the others find the one that followed. */
#include "store_pg_internal.h"

#include <stdlib.h>

#include "clock.h"

/* The latest incarnation of a topic. */
struct latest {
    int64_t id;     /* 0: none */
    int64_t before; /* the one it followed; 0: none */
    bool    over;
};

static enum kl_code incarnation_find(struct store_pg *s, const char *topic, struct latest *latest, struct kl_error *err)
{
    static const char LATEST[] = "SELECT id, coalesce(before, 0), over_us IS NOT NULL FROM incarnations WHERE cluster = $1 AND topic = $2"
                                 " ORDER BY id DESC LIMIT 1";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    *latest = (struct latest){ .id = 0 };
    kl_pg_int(&args, s->cluster);
    kl_pg_text(&args, topic);
    code = kl_pg_run(s->db, LATEST, &args, &rows, err);
    if (code)
        return code;
    if (PQntuples(rows) == 1)
        *latest = (struct latest){ kl_pg_get_int(rows, 0, 0), kl_pg_get_int(rows, 0, 1), kl_pg_get_int(rows, 0, 2) };
    PQclear(rows);
    return KL_OK;
}

/* Its partitions' rows say so too: a batch that is under way has them locked and is waited for, one that comes later is
 * refused by them. So what was stored of an incarnation stands still once it has ended. */
static enum kl_code incarnation_end(struct store_pg *s, int64_t id, struct kl_error *err)
{
    static const char END[] = "UPDATE incarnations SET over_us = $2 WHERE id = $1 AND over_us IS NULL";
    static const char END_PARTS[] = "UPDATE offsets SET over = true WHERE incarnation = $1 AND NOT over";
    struct kl_pg_args args = { 0 }, part = { 0 };
    enum kl_code code;

    kl_pg_int(&args, id);
    kl_pg_int(&args, kl_wall_us());
    kl_pg_int(&part, id);
    code = kl_pg_run(s->db, END, &args, NULL, err);
    return code ? code : kl_pg_run(s->db, END_PARTS, &part, NULL, err);
}

static enum kl_code incarnation_make(struct store_pg *s, const char *topic, int64_t before, int64_t *id, struct kl_error *err)
{
    static const char MAKE[] = "INSERT INTO incarnations (cluster, topic, began_us, before) VALUES ($1, $2, $3, $4) RETURNING id";
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, s->cluster);
    kl_pg_text(&args, topic);
    kl_pg_int(&args, kl_wall_us());
    kl_pg_int_or_null(&args, before != 0, before);
    return kl_pg_number(s->db, MAKE, &args, 0, id, err);
}

/* ---- in memory ---- */

enum kl_code store_pg_doubts_read(struct store *base, int64_t incarnation, struct store_doubt **doubts, size_t *n_doubts, struct kl_error *err)
{
    static const char RANGES[] = "SELECT part, mark_next, next FROM offsets WHERE incarnation = $1 AND mark_next < next";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, incarnation);
    code = kl_pg_run(store_pg_of(base)->db, RANGES, &args, &rows, err);
    if (code)
        return code;
    *n_doubts = (size_t)PQntuples(rows);
    *doubts = *n_doubts ? calloc(*n_doubts, sizeof **doubts) : NULL;
    if (*n_doubts && !*doubts)
        code = kl_fail(err, KL_BUSY, "no memory for a topic's partitions");
    for (int i = 0; !code && i < (int)*n_doubts; i++)
        (*doubts)[i] = (struct store_doubt){ incarnation, (int32_t)kl_pg_get_int(rows, i, 0), kl_pg_get_int(rows, i, 1),
                                             kl_pg_get_int(rows, i, 2) };
    PQclear(rows);
    return code;
}

/* ---- the feed's questions ---- */

/* Does it take another incarnation than the latest? known: the one that the caller knows; 0: none. */
static bool is_over(const struct latest *latest, bool made_again, int64_t known)
{
    return !latest->id || latest->over || (made_again && latest->id == known);
}

/* In a transaction: ends the latest, if there is one, and makes the next, unless another consumer has just done so. */
static enum kl_code replace_locked(struct store_pg *s, const struct kl_incarnation *inc, bool made_again, struct latest *latest,
                                   struct kl_error *err)
{
    static const char ONE_AT_A_TIME[] = "SELECT 1 FROM clusters WHERE id = $1 FOR UPDATE";
    struct kl_pg_args args = { 0 };
    enum kl_code code;

    kl_pg_int(&args, s->cluster);
    code = kl_pg_run(s->db, ONE_AT_A_TIME, &args, NULL, err);
    if (!code)
        code = incarnation_find(s, inc->topic, latest, err);
    if (code || !is_over(latest, made_again, inc->id))
        return code;
    latest->before = latest->id;
    if (latest->id)
        code = incarnation_end(s, latest->id, err);
    return code ? code : incarnation_make(s, inc->topic, latest->before, &latest->id, err);
}

static enum kl_code incarnation_replace(struct store_pg *s, const struct kl_incarnation *inc, bool made_again, struct latest *latest,
                                        struct kl_error *err)
{
    bool unknown;
    enum kl_code code = kl_pg_begin(s->db, err);

    if (!code)
        code = replace_locked(s, inc, made_again, latest, err);
    if (!code)
        return kl_pg_commit(s->db, &unknown, err); /* the next try finds what became of it */
    kl_pg_rollback(s->db);
    return code;
}

enum kl_code store_pg_topic(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err)
{
    struct store_pg *s = ctx;
    struct latest latest;
    enum kl_code code = store_pg_ready(s, err);

    if (!code)
        code = incarnation_find(s, inc->topic, &latest, err);
    if (!code && is_over(&latest, made_again, inc->id))
        code = incarnation_replace(s, inc, made_again, &latest, err);
    if (!code)
        code = store_incarnation_keep(&s->base, latest.id, inc->topic, latest.before, err);
    if (!code)
        inc->id = latest.id;
    return code;
}

enum kl_code store_pg_gone(void *ctx, const struct kl_incarnation *inc, struct kl_error *err)
{
    struct store_pg *s = ctx;
    bool unknown;
    enum kl_code code = store_pg_ready(s, err);

    if (!code)
        code = kl_pg_begin(s->db, err);
    if (code)
        return code;
    code = incarnation_end(s, inc->id, err);
    if (!code)
        return kl_pg_commit(s->db, &unknown, err);
    kl_pg_rollback(s->db);
    return code;
}

/* ---- positions ---- */

/* An incarnation that is not there is over: a server that crashed, or gave way to a standby, may have taken its beginning back. */
static enum kl_code positions_ask(struct store_pg *s, const struct kl_feed_position *at, size_t n, PGresult **rows, struct kl_error *err)
{
    static const char POSITIONS[] =
        "SELECT n.at, o.next, o.mark_ms, o.mark_next, i.id IS NULL OR i.over_us IS NOT NULL"
        " FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS n (incarnation, part, at)"
        " LEFT JOIN incarnations i ON i.id = n.incarnation LEFT JOIN offsets o ON o.incarnation = n.incarnation AND o.part = n.part";
    struct kl_buf *incarnations = &s->arrays[ARRAY_INCARNATION], *parts = &s->arrays[ARRAY_PART];
    struct kl_pg_args args = { 0 };

    kl_buf_clear(incarnations);
    kl_buf_clear(parts);
    kl_pg_array_begin(incarnations, KL_PG_INT8, n);
    kl_pg_array_begin(parts, KL_PG_INT8, n);
    for (size_t i = 0; i < n; i++) {
        kl_pg_put_int8(incarnations, at[i].incarnation->id);
        kl_pg_put_int8(parts, at[i].partition);
    }
    if (incarnations->failed || parts->failed)
        return kl_fail(err, KL_BUSY, "no memory for positions");
    kl_pg_array(&args, KL_PG_INT8S, incarnations);
    kl_pg_array(&args, KL_PG_INT8S, parts);
    return kl_pg_run(s->db, POSITIONS, &args, rows, err);
}

enum kl_code store_pg_positions(void *ctx, struct kl_feed_position *at, size_t n, struct kl_error *err)
{
    struct store_pg *s = ctx;
    PGresult *rows;
    enum kl_code code = store_pg_ready(s, err);

    if (!code)
        code = positions_ask(s, at, n, &rows, err);
    if (code)
        return code;
    for (int row = 0; row < PQntuples(rows); row++) {
        struct kl_feed_position *p = &at[kl_pg_get_int(rows, row, 0) - 1];
        bool is_known = !PQgetisnull(rows, row, 1);

        p->next = is_known ? kl_pg_get_int(rows, row, 1) : -1;
        p->mark_ms = is_known ? kl_pg_get_int(rows, row, 2) : 0;
        p->mark_next = is_known ? kl_pg_get_int(rows, row, 3) : 0;
        p->over = kl_pg_get_int(rows, row, 4);
    }
    PQclear(rows);
    return KL_OK;
}

enum kl_code store_pg_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    struct kl_feed_position asked = *at;
    enum kl_code code = store_pg_positions(ctx, &asked, 1, err);

    if (code)
        return code;
    if (asked.next < 0)
        return kl_fail(err, KL_NOT_FOUND, "nothing is stored of %s/%d", at->incarnation->topic, at->partition);
    *at = asked;
    return KL_OK;
}
