/* store_pg_rows.c - the rows of the producers' journal and of the histograms. */
#include "store_pg_internal.h"

#include "log.h"

/* ---- the journal's ---- */

enum kl_code store_pg_failure_write(struct store *base, const struct kl_outcomes_head *head, int64_t number, const struct kl_outcome *o,
                                    struct kl_error *err)
{
    static const char SET_FAILURE[] =
        "INSERT INTO failures (id, start, topic, part, number, accepted_us, failed_us, persisted, reason)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET start = excluded.start, topic = excluded.topic,"
        " part = excluded.part, number = excluded.number, accepted_us = excluded.accepted_us, failed_us = excluded.failed_us,"
        " persisted = excluded.persisted, reason = excluded.reason";
    struct kl_pg_args args = { 0 };

    kl_pg_uuid(&args, o->id.b);
    kl_pg_int(&args, (int64_t)head->start);
    kl_pg_text(&args, head->topic);
    kl_pg_int(&args, head->partition);
    kl_pg_int(&args, number);
    kl_pg_int(&args, o->accepted_us);
    kl_pg_int(&args, o->accepted_us + o->delay_us);
    kl_pg_int(&args, o->state == KL_FAILED_POSSIBLY);
    kl_pg_text(&args, o->reason);
    return kl_pg_run(store_pg_of(base)->db, SET_FAILURE, &args, NULL, err);
}

enum kl_code store_pg_block_write(struct store *base, const struct kl_outcomes_head *head, const void *bytes, size_t len, struct kl_error *err)
{
    static const char ADD_BLOCK[] = "INSERT INTO blocks (seq, start, topic, part, first, count, written_us, bytes)"
                                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, store_pg_of(base)->seq);
    kl_pg_int(&args, (int64_t)head->start);
    kl_pg_text(&args, head->topic);
    kl_pg_int(&args, head->partition);
    kl_pg_int(&args, head->first);
    kl_pg_int(&args, head->count);
    kl_pg_int(&args, head->written_us);
    kl_pg_bytes(&args, bytes, len);
    return kl_pg_run(store_pg_of(base)->db, ADD_BLOCK, &args, NULL, err);
}

enum kl_code store_pg_run_write(struct store *base, const struct kl_outcomes_head *head, struct kl_error *err)
{
    static const char SET_RUN[] =
        "INSERT INTO runs AS r (start, topic, part, last_acked, closed, written_us) VALUES ($1, $2, $3, $4, $5 != 0, $6)"
        " ON CONFLICT (start, topic, part) DO UPDATE SET last_acked = greatest(r.last_acked, excluded.last_acked),"
        " closed = r.closed OR excluded.closed, written_us = greatest(r.written_us, excluded.written_us)";
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, (int64_t)head->start);
    kl_pg_text(&args, head->topic);
    kl_pg_int(&args, head->partition);
    kl_pg_int(&args, head->last_acked);
    kl_pg_int(&args, head->closed);
    kl_pg_int(&args, head->written_us);
    return kl_pg_run(store_pg_of(base)->db, SET_RUN, &args, NULL, err);
}

/* ---- histograms: each writer has rows of its own, which readers add up. A batch sets all of its in one statement ---- */

/* A row that cannot be read is told and begun again: it is a statistic. */
enum kl_code store_pg_step_read(struct store *base, int64_t incarnation, int64_t step_s, struct store_step *step, struct kl_error *err)
{
    static const char GET_STEP[] = "SELECT hist FROM latency WHERE step = $1 AND at = $2 AND incarnation = $3 AND writer = $4";
    struct store_pg *s = store_pg_of(base);
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, step_s);
    kl_pg_int(&args, step->at_s);
    kl_pg_int(&args, incarnation);
    kl_pg_int(&args, s->writer);
    code = kl_pg_run(s->db, GET_STEP, &args, &rows, err);
    if (code)
        return code;
    if (PQntuples(rows) == 1 && !kl_hist_decode(&step->hist, PQgetvalue(rows, 0, 0), (size_t)PQgetlength(rows, 0, 0)))
        kl_warn("a latency histogram in the store cannot be read", KL_I("incarnation", incarnation), KL_I("at_s", step->at_s));
    PQclear(rows);
    return KL_OK;
}

/* Gathers it. */
enum kl_code store_pg_step_write(struct store *base, int64_t incarnation, int64_t step_s, int64_t at_s, struct kl_error *err)
{
    struct store_pg *s = store_pg_of(base);

    (void)err;
    kl_pg_put_int8(&s->arrays[0], step_s);
    kl_pg_put_int8(&s->arrays[1], at_s);
    kl_pg_put_int8(&s->arrays[2], incarnation);
    kl_pg_put_bytes(&s->arrays[3], base->encoded.data, base->encoded.len);
    return KL_OK;
}

static enum kl_code steps_set(struct store_pg *s, struct kl_error *err)
{
    static const char SET_STEPS[] =
        "INSERT INTO latency (step, at, incarnation, writer, hist) SELECT n.step, n.at, n.incarnation, $5, n.hist"
        " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS n (step, at, incarnation, hist)"
        " ON CONFLICT (step, at, incarnation, writer) DO UPDATE SET hist = excluded.hist";
    struct kl_pg_args args = { 0 };

    for (size_t i = 0; i < 4; i++) {
        if (s->arrays[i].failed)
            return kl_fail(err, KL_BUSY, "no memory for histograms");
        kl_pg_array(&args, i < 3 ? KL_PG_INT8S : KL_PG_BYTEAS, &s->arrays[i]);
    }
    kl_pg_int(&args, s->writer);
    return kl_pg_run(s->db, SET_STEPS, &args, NULL, err);
}

enum kl_code store_pg_steps_write(struct store_pg *s, int64_t at_s, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    size_t n = 0;

    for (size_t i = 0; i < s->base.n_incarnations; i++)
        n += s->base.incarnations[i]->touched && s->base.incarnations[i]->delta.latency.total;
    if (n == 0)
        return KL_OK;
    for (size_t i = 0; i < 4; i++) {
        kl_buf_clear(&s->arrays[i]);
        kl_pg_array_begin(&s->arrays[i], i < 3 ? KL_PG_INT8 : KL_PG_BYTEA, 2 * n); /* a minute and an hour each */
    }
    for (size_t i = 0; !code && i < s->base.n_incarnations; i++)
        if (s->base.incarnations[i]->touched)
            code = store_latency_write(&s->base, s->base.incarnations[i], at_s, err);
    return code ? code : steps_set(s, err);
}
