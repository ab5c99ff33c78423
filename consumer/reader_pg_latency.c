/* reader_pg_latency.c - the histograms of a window, the incarnations' and the writers' of each minute or hour merged. */
#include "reader_pg.h"

/* One minute or hour after the other. */
struct steps {
    struct kl_hist *all, sum;
    int64_t at_s;
    void  (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist);
    void   *ctx;
};

static void step_end(struct steps *s)
{
    if (s->sum.total)
        s->each(s->ctx, s->at_s, &s->sum);
    kl_hist_clear(&s->sum);
}

static void rows_merge(struct steps *s, const PGresult *rows)
{
    struct kl_hist one;

    for (int i = 0; i < PQntuples(rows); i++) {
        int64_t at_s = kl_pg_get_int(rows, i, 0);

        if (!kl_hist_decode(&one, PQgetvalue(rows, i, 1), (size_t)PQgetlength(rows, i, 1)))
            continue;
        if (at_s != s->at_s)
            step_end(s);
        s->at_s = at_s;
        kl_hist_merge(&s->sum, &one);
        kl_hist_merge(s->all, &one);
    }
    step_end(s);
}

enum kl_code reader_pg_latency(struct reader *reader, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                               void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx, struct kl_error *err)
{
    static const char STEPS[] = "SELECT l.at, l.hist FROM latency l JOIN incarnations i ON i.id = l.incarnation WHERE l.step = $1"
                                " AND l.at >= $2 AND ($3::text IS NULL OR i.topic = $3)"
                                " AND i.cluster = (SELECT value FROM state WHERE name = 'cluster') ORDER BY l.at";
    struct reader_pg *r = (struct reader_pg *)reader;
    struct steps steps = { .all = all, .each = each, .ctx = ctx };
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_hist_clear(all);
    kl_hist_clear(&steps.sum);
    kl_pg_int(&args, step_s);
    kl_pg_int(&args, from_s);
    kl_pg_text(&args, topic);
    code = kl_pg_run(r->db, STEPS, &args, &rows, err);
    if (code)
        return code;
    rows_merge(&steps, rows);
    PQclear(rows);
    return KL_OK;
}
