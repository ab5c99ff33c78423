/* store_pg_totals.c - the totals of all consumers that share the database, for memory: loaded whole once, and each second
 * what may have changed since. A consumer's own batches are in memory already. */
#include "store_pg_internal.h"

#include <string.h>

#include "clock.h"

#define MINUTE_S 60
#define HOUR_S   3600
#define LATE_S   30 /* so long after its minute a row may still change: a commit that takes long, clocks that differ */

/* ---- sums ---- */

static enum kl_code topic_set(struct store_pg *s, const PGresult *rows, int row, int64_t at_s, struct kl_error *err)
{
    struct totals_delta sums = { kl_pg_get_int(rows, row, 1), kl_pg_get_int(rows, row, 2), kl_pg_get_int(rows, row, 3),
                                 kl_pg_get_int(rows, row, 4), NULL };
    int place = totals_place(s->base.totals, PQgetvalue(rows, row, 0));

    if (place < 0)
        return kl_fail(err, KL_BUSY, "no memory for totals");
    totals_set(s->base.totals, place, at_s, &sums);
    return KL_OK;
}

/* at_s 0: they count in no rate. */
static enum kl_code sums_load(struct store_pg *s, int64_t at_s, struct kl_error *err)
{
    static const char SUMS[] = "SELECT i.topic, sum(o.messages)::bigint, sum(o.bytes)::bigint, sum(o.duplicated)::bigint,"
                               " sum(o.negative)::bigint FROM offsets o JOIN incarnations i ON i.id = o.incarnation"
                               " WHERE i.cluster = $1 AND i.topic != $2 GROUP BY i.topic";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, s->cluster);
    kl_pg_text(&args, KL_OUTCOMES_TOPIC);
    code = kl_pg_run(s->db, SUMS, &args, &rows, err);
    if (code)
        return code;
    for (int i = 0; !code && i < PQntuples(rows); i++)
        code = topic_set(s, rows, i, at_s, err);
    PQclear(rows);
    return code;
}

static enum kl_code cluster_load(struct store_pg *s, struct kl_error *err)
{
    static const char CLUSTER[] = "SELECT c.since_us, (SELECT coalesce(sum(o.failed), 0)::bigint FROM offsets o"
                                  " JOIN incarnations i ON i.id = o.incarnation WHERE i.cluster = c.id) FROM clusters c WHERE c.id = $1";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, s->cluster);
    code = kl_pg_run(s->db, CLUSTER, &args, &rows, err);
    if (code)
        return code;
    if (PQntuples(rows) > 0)
        totals_set_cluster(s->base.totals, kl_pg_get_int(rows, 0, 0), kl_pg_get_int(rows, 0, 1));
    PQclear(rows);
    return KL_OK;
}

/* ---- latencies ---- */

/* Rows of one minute after the other: a topic's and a writer's each. */
static void minutes_set(struct store_pg *s, const PGresult *rows)
{
    struct kl_hist one, minute;
    int64_t at_s = 0;

    kl_hist_clear(&minute);
    for (int i = 0; i < PQntuples(rows); i++) {
        if (kl_pg_get_int(rows, i, 0) != at_s && minute.total) {
            totals_set_latency(s->base.totals, at_s, &minute);
            kl_hist_clear(&minute);
        }
        at_s = kl_pg_get_int(rows, i, 0);
        if (kl_hist_decode(&one, PQgetvalue(rows, i, 1), (size_t)PQgetlength(rows, i, 1)))
            kl_hist_merge(&minute, &one);
    }
    if (minute.total)
        totals_set_latency(s->base.totals, at_s, &minute);
}

static enum kl_code minutes_load(struct store_pg *s, int64_t from_s, struct kl_error *err)
{
    static const char MINUTES[] = "SELECT l.at, l.hist FROM latency l JOIN incarnations i ON i.id = l.incarnation"
                                  " WHERE l.step = 60 AND l.at >= $1 AND i.cluster = $2 ORDER BY l.at";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, from_s - from_s % MINUTE_S);
    kl_pg_int(&args, s->cluster);
    code = kl_pg_run(s->db, MINUTES, &args, &rows, err);
    if (code)
        return code;
    minutes_set(s, rows);
    PQclear(rows);
    return KL_OK;
}

enum kl_code store_pg_totals_load(struct store_pg *s, struct kl_error *err)
{
    int64_t now_s = kl_wall_us() / 1000000;
    bool first = s->loaded_s == 0;
    enum kl_code code = cluster_load(s, err);

    if (!code)
        code = sums_load(s, first ? 0 : now_s, err);
    if (!code)
        code = minutes_load(s, first ? now_s - HOUR_S : s->loaded_s - LATE_S, err);
    if (!code)
        s->loaded_s = now_s;
    return code;
}
