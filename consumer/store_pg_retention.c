/* store_pg_retention.c - a day's tables: made before they are needed, dropped when all in them is too old. Dropping costs
 * nothing, whatever was in it, so that is how receipts go: up to a day later than the setting says, never before. */
#include "store_pg_internal.h"

#include "clock.h"
#include "log.h"

#define TOTALS_US     1000000   /* how often memory hears of what others have stored */
#define RETAIN_US     2000000   /* how often days are looked at */
#define ROWS_CHUNK    10000     /* of the tables without days: removed at once */
#define ID_DAYS_BACK  62        /* ids made before share a table */
#define UPKEEP_LOCK   "1802266223, 0" /* "klfo": one consumer at a time does it */

/* ---- making them ---- */

static bool days_has(const struct store_pg_days *known, int64_t day)
{
    for (size_t i = 0; i < known->n; i++)
        if (known->days[i] == day)
            return true;
    return false;
}

static void days_add(struct store_pg_days *known, int64_t day)
{
    if (known->n < STORE_PG_DAYS_KNOWN) {
        known->days[known->n++] = day;
        return;
    }
    known->days[known->oldest] = day;
    known->oldest = (known->oldest + 1) % STORE_PG_DAYS_KNOWN;
}

void store_pg_days_forget(struct store_pg *s)
{
    s->receipts_days.n = s->receipts_days.oldest = 0;
    s->ids_days.n = s->ids_days.oldest = 0;
}

static enum kl_code run_with_day(struct store_pg *s, const char *sql, int64_t day, struct kl_error *err)
{
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, day);
    return kl_pg_run(s->db, sql, &args, NULL, err);
}

static const char MAKE_RECEIPTS[] = "SELECT receipts_day_make($1::int)";
static const char MAKE_IDS[] = "SELECT ids_day_make($1::int)";

static enum kl_code day_make(struct store_pg *s, struct store_pg_days *known, const char *sql, int64_t day, struct kl_error *err)
{
    enum kl_code code;

    if (days_has(known, day))
        return KL_OK;
    code = run_with_day(s, sql, day, err);
    if (!code)
        days_add(known, day);
    return code;
}

static int64_t today(void)
{
    return kl_wall_us() / STORE_PG_DAY_US;
}

/* Ids go by the day they were made on, their receipts by the day they were read on, which is later while a consumer is behind:
 * so ids stay for as long again. */
static int64_t ids_first_day(const struct store_pg *s)
{
    return today() - 2 * s->base.conf.retention_ms * 1000 / STORE_PG_DAY_US - 1;
}

/* Days come from outside, so not each that is told gets a table. */
static bool ids_take_day(const struct store_pg *s, int64_t day)
{
    return day >= ids_first_day(s) && day >= today() - ID_DAYS_BACK && day <= today() + 1;
}

enum kl_code store_pg_days_make(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    const int64_t day_seqs = STORE_PG_DAY_US * STORE_PG_SEQ_PER_US;
    enum kl_code code = KL_OK;
    int64_t last = -1;

    for (size_t i = 0; !code && i < s->n_new; i++)
        if (i == 0 || s->seqs[i] / day_seqs != s->seqs[i - 1] / day_seqs)
            code = day_make(s, &s->receipts_days, MAKE_RECEIPTS, s->seqs[i] / day_seqs, err);
    for (size_t i = 0; !code && i < batch->n_records; i++) { /* for a journal's blocks, whose numbers come later */
        int64_t day = batch->records[i].fetched_us / STORE_PG_DAY_US;

        if (day != last)
            code = day_make(s, &s->receipts_days, MAKE_RECEIPTS, day, err);
        last = day;
    }
    for (size_t i = 0; !code && i < s->n_ids; i++)
        if ((i == 0 || s->ids[i].day != s->ids[i - 1].day) && ids_take_day(s, s->ids[i].day))
            code = day_make(s, &s->ids_days, MAKE_IDS, s->ids[i].day, err);
    return code;
}

static enum kl_code tomorrow_make(struct store_pg *s, struct kl_error *err)
{
    enum kl_code code = day_make(s, &s->receipts_days, MAKE_RECEIPTS, today() + 1, err);

    return code ? code : day_make(s, &s->ids_days, MAKE_IDS, today() + 1, err);
}

/* ---- dropping them ---- */

static enum kl_code receipts_drop(struct store_pg *s, int64_t day, int64_t estimate, struct kl_error *err)
{
    static const char DROP_RECEIPTS[] = "SELECT receipts_day_drop($1::int)";

    s->dropping += estimate;
    return run_with_day(s, DROP_RECEIPTS, day, err);
}

/* The oldest days, while they are too old or all together are too many; today's stays whatever it holds. */
static enum kl_code receipts_retain(struct store_pg *s, struct kl_error *err)
{
    static const char DAYS[] = "SELECT day, estimate FROM days_of('receipts')";
    int64_t before = (kl_wall_us() - s->base.conf.retention_ms * 1000) / STORE_PG_DAY_US, kept = 0;
    PGresult *rows;
    enum kl_code code = kl_pg_run(s->db, DAYS, NULL, &rows, err);

    if (code)
        return code;
    for (int i = 0; i < PQntuples(rows); i++)
        kept += kl_pg_get_int(rows, i, 1);
    for (int i = 0; !code && i < PQntuples(rows); i++) {
        int64_t day = kl_pg_get_int(rows, i, 0), estimate = kl_pg_get_int(rows, i, 1);

        if (day >= today() || (day >= before && kept <= s->base.conf.receipts_max))
            break;
        code = receipts_drop(s, day, estimate, err);
        kept -= estimate;
    }
    PQclear(rows);
    return code;
}

static enum kl_code ids_retain(struct store_pg *s, struct kl_error *err)
{
    static const char DAYS[] = "SELECT day FROM days_of('ids') WHERE day < $1";
    static const char DROP_IDS[] = "SELECT ids_day_drop($1::int)";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, ids_first_day(s));
    code = kl_pg_run(s->db, DAYS, &args, &rows, err);
    if (code)
        return code;
    for (int i = 0; !code && i < PQntuples(rows); i++)
        code = run_with_day(s, DROP_IDS, kl_pg_get_int(rows, i, 0), err);
    PQclear(rows);
    return code;
}

/* ---- the tables without days ---- */

static enum kl_code rows_retain(struct store_pg *s, struct kl_error *err)
{
    static const char *const old_ids[] = {
        "DELETE FROM ids_other WHERE ctid = ANY (ARRAY(SELECT ctid FROM ids_other"
        " WHERE seq < (SELECT value FROM state WHERE name = 'first_seq') LIMIT $1))",
        "DELETE FROM ids_odd WHERE ctid = ANY (ARRAY(SELECT ctid FROM ids_odd"
        " WHERE seq < (SELECT value FROM state WHERE name = 'first_seq') LIMIT $1))",
    };
    static const char *const old_rows[] = {
        "DELETE FROM failures WHERE ctid = ANY (ARRAY(SELECT ctid FROM failures WHERE failed_us < $2 LIMIT $1))",
        "DELETE FROM runs WHERE ctid = ANY (ARRAY(SELECT ctid FROM runs WHERE written_us < $2 LIMIT $1))",
        "DELETE FROM latency WHERE ctid = ANY (ARRAY(SELECT ctid FROM latency WHERE step = 60 AND at < $2 / 1000000 - 60 LIMIT $1))",
        "DELETE FROM latency WHERE ctid = ANY (ARRAY(SELECT ctid FROM latency WHERE step = 3600 AND at < $2 / 1000000 - 3600 LIMIT $1))",
    };
    struct kl_pg_args chunk = { 0 }, before = { 0 };
    enum kl_code code = KL_OK;

    kl_pg_int(&chunk, ROWS_CHUNK);
    kl_pg_int(&before, ROWS_CHUNK);
    kl_pg_int(&before, kl_wall_us() - s->base.conf.retention_ms * 1000);
    for (size_t i = 0; !code && i < sizeof old_ids / sizeof *old_ids; i++)
        code = kl_pg_run(s->db, old_ids[i], &chunk, NULL, err);
    for (size_t i = 0; !code && i < sizeof old_rows / sizeof *old_rows; i++)
        code = kl_pg_run(s->db, old_rows[i], &before, NULL, err);
    return code;
}

/* ---- upkeep ---- */

/* Dropping a table waits for who reads it, and lets nobody in meanwhile: not for long, then it is tried again. */
static enum kl_code retain_locked(struct store_pg *s, struct kl_error *err)
{
    static enum kl_code (*const parts[])(struct store_pg *s, struct kl_error *err) = { receipts_retain, ids_retain, rows_retain };
    static const char MINE[] = "SELECT pg_try_advisory_xact_lock(" UPKEEP_LOCK ")";
    int64_t mine = 0;
    enum kl_code code = kl_pg_number(s->db, MINE, NULL, 0, &mine, err);

    for (size_t i = 0; !code && mine && i < sizeof parts / sizeof *parts; i++)
        code = parts[i](s, err);
    return code;
}

static enum kl_code retain(struct store_pg *s, struct kl_error *err)
{
    bool unknown;
    enum kl_code code = tomorrow_make(s, err);

    if (!code)
        code = kl_pg_exec(s->db, "BEGIN; SET LOCAL lock_timeout = '1s'", err);
    if (code)
        return code;
    s->dropping = 0;
    code = retain_locked(s, err);
    if (code) {
        kl_pg_rollback(s->db);
        return code;
    }
    code = kl_pg_commit(s->db, &unknown, err);
    if (!code && s->dropping) {
        s->base.counts.removed += s->dropping;
        kl_info("receipts older than the retention, or beyond the maximum, are dropped", KL_I("about", s->dropping));
    }
    return code;
}

static enum kl_code upkeep(struct store_pg *s, struct kl_error *err)
{
    bool is_due = kl_mono_us() >= s->retain_at_us;
    enum kl_code code = store_pg_ready(s, err);

    if (!code && s->cluster)
        code = store_pg_totals_load(s, err);
    if (!code && is_due) {
        s->retain_at_us = kl_mono_us() + RETAIN_US;
        code = retain(s, err);
    }
    return code;
}

/* It comes each second: why it fails is said once, until there is another reason. */
static void upkeep_say(struct store_pg *s, const char *why)
{
    if (why[0] && strcmp(why, s->upkeep_why))
        kl_warn("the store's upkeep failed, it is tried again", KL_S("why", why));
    else if (!why[0] && s->upkeep_why[0])
        kl_info("the store's upkeep works again");
    snprintf(s->upkeep_why, sizeof s->upkeep_why, "%s", why);
}

void store_pg_upkeep(void *ctx)
{
    struct store_pg *s = ctx;
    struct kl_error err;

    if (kl_mono_us() < s->upkeep_at_us)
        return;
    upkeep_say(s, upkeep(s, &err) ? err.text : "");
    s->upkeep_at_us = kl_mono_us() + TOTALS_US; /* from its end: a server that does not answer is not asked all the time */
}
