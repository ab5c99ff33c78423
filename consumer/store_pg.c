/* store_pg.c - the store on PostgreSQL: opening, connecting, clusters.
 *
 * A server that is away at the start is waited for while the service runs, as Kafka is; only what waiting does not mend
 * (a wrong URL, a later schema) ends the start. */
#include "store_pg_internal.h"

#include <stdlib.h>

#include "clock.h"
#include "log.h"

#define STATEMENT_MS   10000          /* the largest batch takes a second on a busy server */
#define ROWS_BYTES_MAX (256u << 20)   /* of a batch: BATCH_MAX's most rows with keys of 1,024 bytes */
#define ARRAY_MAX      (16u << 20)
#define LOCKS          "1802266221"   /* advisory locks of the writers: "klfm"; each number of a writer is one of them */
#define CONTACT_LOCKS  "1802266222"   /* and of the first contacts: "klfn" and the cluster's row */

/* ---- a session ---- */

/* A writer looks single rows up by their keys: that is planned once, and not otherwise because a table has not been
 * counted yet. */
static const char SETTINGS[] =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

/* Numbers go on behind those that a clock ahead of ours, or ours before it was set back, has given lately; and, of what was
 * fetched before the connection was lost, behind those that another consumer may have given meanwhile as our writer. */
static enum kl_code seq_begin(struct store_pg *s, struct kl_error *err)
{
    static const char LATEST[] = "SELECT max(seq) FROM receipts WHERE seq >= $1 AND seq < $2";
    struct kl_pg_args args = { 0 };
    int64_t now_us = kl_wall_us(), latest, least = s->session ? store_pg_seq_of(now_us) : 0;
    enum kl_code code;

    kl_pg_int(&args, store_pg_seq_of(now_us));
    kl_pg_int(&args, store_pg_seq_of(now_us + STORE_PG_DAY_US));
    code = kl_pg_number(s->db, LATEST, &args, 0, &latest, err);
    if (!code && latest > least)
        least = latest;
    if (!code && least > s->seq)
        s->seq = least;
    return code;
}

/* The first number that nobody at work has; it is ours as long as the session lasts. */
static enum kl_code writer_take(struct store_pg *s, struct kl_error *err)
{
    static const char TAKE[] = "SELECT n FROM generate_series(0, $1 - 1) n WHERE pg_try_advisory_lock(" LOCKS ", n::int) LIMIT 1";
    struct kl_pg_args args = { 0 };
    int64_t writer;
    enum kl_code code;

    kl_pg_int(&args, STORE_PG_WRITERS);
    code = kl_pg_number(s->db, TAKE, &args, -1, &writer, err);
    if (!code && writer < 0)
        code = kl_fail(err, KL_BUSY, "%s: %d consumers are at work, there cannot be more", kl_pg_name(s->db), STORE_PG_WRITERS);
    if (!code)
        s->writer = (int)writer;
    return code;
}

/* The histograms in memory were this writer's rows; under another number they begin anew. */
static enum kl_code session_begin(struct store_pg *s, struct kl_error *err)
{
    enum kl_code code = kl_pg_exec(s->db, SETTINGS, err);

    s->contacting = false;
    store_pg_days_forget(s);
    for (size_t i = 0; i < s->base.n_incarnations; i++)
        store_latency_forget(s->base.incarnations[i]);
    if (!code)
        code = writer_take(s, err);
    if (!code)
        code = seq_begin(s, err); /* after it: who was this writer before has ended */
    if (!code)
        s->session = kl_pg_session(s->db);
    return code;
}

enum kl_code store_pg_ready(struct store_pg *s, struct kl_error *err)
{
    enum kl_code code = kl_pg_ready(s->db, err);

    if (code == KL_CONFLICT) { /* to the feed that would mean something else */
        struct kl_error why = *err;

        return kl_fail(err, KL_BROKEN, "%s", why.text);
    }
    return code || s->session == kl_pg_session(s->db) ? code : session_begin(s, err);
}

enum kl_code store_pg_state_set(struct store_pg *s, const char *name, int64_t value, struct kl_error *err)
{
    static const char SET_STATE[] = "INSERT INTO state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    struct kl_pg_args args = { 0 };

    kl_pg_text(&args, name);
    kl_pg_int(&args, value);
    return kl_pg_run(s->db, SET_STATE, &args, NULL, err);
}

/* ---- opening ---- */

static void pg_close(struct store *base)
{
    struct store_pg *s = store_pg_of(base);

    kl_pg_free(s->db);
    kl_buf_fini(&s->rows);
    for (size_t i = 0; i < ARRAYS; i++)
        kl_buf_fini(&s->arrays[i]);
    free(s->seqs);
    free(s->seq_parts);
    free(s->ids);
    free(s->sums);
    store_fini(base);
    free(s);
}

static enum kl_code memory_take(struct store_pg *s, const struct store_conf *conf, struct kl_error *err)
{
    enum kl_code code = store_init(&s->base, &store_pg_ops, conf, err);

    kl_buf_init(&s->rows, ROWS_BYTES_MAX);
    for (size_t i = 0; i < ARRAYS; i++)
        kl_buf_init(&s->arrays[i], ARRAY_MAX);
    if (code)
        return code;
    s->seqs = calloc(conf->batch_max, sizeof *s->seqs);
    s->seq_parts = calloc(conf->batch_max, sizeof *s->seq_parts);
    s->ids = calloc(conf->batch_max, sizeof *s->ids);
    return s->seqs && s->seq_parts && s->ids ? KL_OK : kl_fail(err, KL_BUSY, "no memory for the store");
}

static enum kl_code pg_open(struct store **out, const struct store_conf *conf, struct kl_error *err)
{
    struct kl_pg_conf pg = { .url = conf->where, .schema = STORE_PG_SCHEMA, .migrations = store_pg_migrations(), .owner = true,
                             .statement_ms = STATEMENT_MS };
    struct store_pg *s = calloc(1, sizeof *s);
    enum kl_code code;

    if (!s)
        return kl_fail(err, KL_BUSY, "no memory for the store");
    code = memory_take(s, conf, err);
    if (!code)
        code = kl_pg_new(&s->db, &pg, err);
    if (code == KL_INVALID) {
        struct kl_error why = *err;

        kl_fail_field(err, code, "STORE", "STORE: %s", why.text);
    }
    if (code) {
        pg_close(&s->base);
        return code;
    }
    code = kl_pg_ready(s->db, err); /* KL_CONFLICT: a later version's */
    if (!code)
        code = store_pg_ready(s, err);
    if (code == KL_BUSY) {
        kl_warn("the store cannot be reached yet, this is tried again", KL_S("why", err->text));
        code = KL_OK;
    }
    if (code) {
        pg_close(&s->base);
        return code;
    }
    *out = &s->base;
    return KL_OK;
}

/* ---- clusters ---- */

static enum kl_code cluster_row(struct store_pg *s, const char *name, int64_t *id, bool *contacted, struct kl_error *err)
{
    static const char MAKE[] = "INSERT INTO clusters (name, since_us) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    static const char FIND[] = "SELECT id, contacted FROM clusters WHERE name = $1";
    struct kl_pg_args args = { 0 }, make = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_text(&make, name);
    kl_pg_int(&make, kl_wall_us());
    kl_pg_text(&args, name);
    code = kl_pg_run(s->db, MAKE, &make, NULL, err);
    if (!code)
        code = kl_pg_run(s->db, FIND, &args, &rows, err);
    if (code)
        return code;
    if (PQntuples(rows) == 1) {
        *id = kl_pg_get_int(rows, 0, 0);
        *contacted = kl_pg_get_int(rows, 0, 1);
    } else {
        code = kl_fail(err, KL_BUSY, "%s: the cluster's row is gone", kl_pg_name(s->db));
    }
    PQclear(rows);
    return code;
}

/* Waits for it, but not longer than the feed may stand still. The lock stays when the transaction ends. */
static enum kl_code contact_lock(struct store_pg *s, int64_t cluster, struct kl_error *err)
{
    static const char LOCK[] = "SELECT pg_advisory_lock(" CONTACT_LOCKS ", $1::int)";
    struct kl_pg_args args = { 0 };
    bool unknown;
    enum kl_code code = kl_pg_exec(s->db, "BEGIN; SET LOCAL lock_timeout = '1s'", err);

    kl_pg_int(&args, cluster);
    if (!code)
        code = kl_pg_run(s->db, LOCK, &args, NULL, err);
    if (code) {
        kl_pg_rollback(s->db);
        return kl_pg_handle(s->db) ? kl_fail(err, KL_BUSY, "another consumer is taking down the topics of this cluster") : code;
    }
    s->contacting = true;
    return kl_pg_commit(s->db, &unknown, err);
}

static enum kl_code contact_unlock(struct store_pg *s, struct kl_error *err)
{
    static const char UNLOCK[] = "SELECT pg_advisory_unlock(" CONTACT_LOCKS ", $1::int)";
    struct kl_pg_args args = { 0 };

    if (!s->contacting)
        return KL_OK;
    s->contacting = false;
    kl_pg_int(&args, s->cluster);
    return kl_pg_run(s->db, UNLOCK, &args, NULL, err);
}

/* Of several that meet the cluster for the first time, one takes its topics down, and the others wait until it has. */
static enum kl_code contact_begin(struct store_pg *s, const char *name, bool *contacted, struct kl_error *err)
{
    enum kl_code code = s->contacting ? KL_OK : contact_lock(s, s->cluster, err);

    if (!code)
        code = cluster_row(s, name, &s->cluster, contacted, err);
    return code || !*contacted ? code : contact_unlock(s, err);
}

static enum kl_code cluster(void *ctx, const char *name, bool *contacted, struct kl_error *err)
{
    struct store_pg *s = ctx;
    enum kl_code code = store_pg_ready(s, err);

    if (!code)
        code = cluster_row(s, name, &s->cluster, contacted, err);
    if (!code && !*contacted)
        code = contact_begin(s, name, contacted, err);
    if (!code)
        code = store_pg_state_set(s, "cluster", s->cluster, err);
    return code ? code : store_pg_totals_load(s, err);
}

static enum kl_code contacted(void *ctx, struct kl_error *err)
{
    static const char CONTACTED[] = "UPDATE clusters SET contacted = true WHERE id = $1";
    struct store_pg *s = ctx;
    struct kl_pg_args args = { 0 };
    enum kl_code code = store_pg_ready(s, err);

    kl_pg_int(&args, s->cluster);
    if (!code)
        code = kl_pg_run(s->db, CONTACTED, &args, NULL, err);
    return code ? code : contact_unlock(s, err);
}

const struct store_ops store_pg_ops = {
    .open = pg_open, .close = pg_close,
    .feed = { .cluster = cluster, .contacted = contacted, .topic = store_pg_topic, .position = store_pg_position,
              .positions = store_pg_positions, .batch = store_pg_batch, .gone = store_pg_gone, .upkeep = store_pg_upkeep },
    .doubts_read = store_pg_doubts_read,
    .failure_write = store_pg_failure_write, .block_write = store_pg_block_write, .run_write = store_pg_run_write,
    .step_read = store_pg_step_read, .step_write = store_pg_step_write,
};
