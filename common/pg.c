/* pg.c - see pg.h. libpq's blocking calls wait for ever on a server that hangs, so the connection is non-blocking and every
 * wait is one poll() with a deadline. What happens beyond it is decided once, in lost(): the connection is closed, and the
 * next kl_pg_ready makes another. */
#include "pg.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define STATEMENTS_MAX  96             /* the store has some thirty, its readers as many; one more is a programmer's mistake */
#define CONNECT_S       "5"            /* to each host of the URL, unless that says otherwise */
#define SLACK_MS        1000           /* the server ends a statement that takes too long; what is silent beyond that is given up */
#define MIGRATION_MS    (10 * 60000)   /* building an index over a large table */
#define IDLE_IN_TRANSACTION_MS "10000" /* one that hangs in the middle of a transaction lets go of its rows, which others wait for */
#define COPY_CHUNK      (256 << 10)
#define MIGRATION_LOCK  "1802266220, 1" /* an advisory lock; the first half is "klfl" */

struct kl_pg {
    struct kl_pg_conf conf;
    char       *url;
    char        name[256];
    PGconn     *conn;                  /* NULL: not connected */
    int64_t     session;
    int64_t     limit_ms;              /* of the statement under way */
    size_t      n_statements;
    const char *statements[STATEMENTS_MAX]; /* prepared in this session; the address is the key, the place the name */
};

/* ---- errors ---- */

static void lost(struct kl_pg *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->n_statements = 0;
}

/* By SQLSTATE's first letters: what stays wrong however often it is tried. All others (no room, no memory, locks,
 * deadlocks, timeouts, shutting down, being recovered, a permission or a setting that somebody can mend) may pass. */
static const char *const broken_states[] = {
    "22",    /* data that the server cannot read */
    "23505", /* a row that should not be there: only the fence lets writers in, so this is our fault */
    "42601", /* a wrong statement, */
    "42703", /* column, */
    "42883", /* function, */
    "42P01", /* or table */
    "XX001", /* damaged data */
    "XX002", /* a damaged index */
};

static enum kl_code code_of(const char *state)
{
    for (size_t i = 0; i < sizeof broken_states / sizeof *broken_states; i++)
        if (!strncmp(state, broken_states[i], strlen(broken_states[i])))
            return KL_BROKEN;
    return KL_BUSY;
}

static const char *field(const PGresult *r, int what)
{
    const char *text = PQresultErrorField(r, what);

    return text ? text : "";
}

/* The message alone: its detail may show a row. A server that ends the session, or that has become a standby, is left. */
static enum kl_code result_fail(struct kl_pg *db, const PGresult *r, struct kl_error *err)
{
    const char *state = field(r, PG_DIAG_SQLSTATE), *severity = field(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    enum kl_code code = kl_fail(err, code_of(state), "%s: %s", db->name, field(r, PG_DIAG_MESSAGE_PRIMARY));

    if (PQstatus(db->conn) != CONNECTION_OK || !*state || !strcmp(severity, "FATAL") || !strcmp(severity, "PANIC") || !strcmp(state, "25006"))
        lost(db);
    return code;
}

static enum kl_code lost_fail(struct kl_pg *db, const char *why, struct kl_error *err)
{
    lost(db);
    return kl_fail(err, KL_BUSY, "%s: %s", db->name, why);
}

static const char CONNECTION_LOST[] = "the connection is lost";

/* ---- waiting ---- */

/* Waits until the socket can be read (or written, while there is something to send). */
static enum kl_code socket_wait(struct kl_pg *db, bool sending, int64_t deadline, struct kl_error *err)
{
    struct pollfd at = { PQsocket(db->conn), (short)(POLLIN | (sending ? POLLOUT : 0)), 0 };
    int64_t left = (deadline - kl_mono_us()) / 1000;
    int n = left > 0 ? poll(&at, 1, (int)left) : 0;

    if (n == 0)
        return lost_fail(db, "the server does not answer", err);
    if ((n < 0 && errno != EINTR) || (n > 0 && (at.revents & ~POLLOUT) && !PQconsumeInput(db->conn)))
        return lost_fail(db, CONNECTION_LOST, err);
    return KL_OK;
}

static int64_t deadline_of(const struct kl_pg *db)
{
    return kl_mono_us() + (db->limit_ms + SLACK_MS) * 1000;
}

static enum kl_code flushed(struct kl_pg *db, int64_t deadline, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    int left;

    while (!code && (left = PQflush(db->conn)) != 0)
        code = left < 0 ? lost_fail(db, CONNECTION_LOST, err) : socket_wait(db, true, deadline, err);
    return code;
}

static enum kl_code next_result(struct kl_pg *db, int64_t deadline, PGresult **out, struct kl_error *err)
{
    enum kl_code code = flushed(db, deadline, err);

    while (!code && PQisBusy(db->conn))
        code = socket_wait(db, false, deadline, err);
    if (!code)
        *out = PQgetResult(db->conn);
    return code;
}

/* Takes all that the statement answers; *out is the first failure, else the last result, and may be NULL. */
static enum kl_code results_take(struct kl_pg *db, PGresult **out, struct kl_error *err)
{
    int64_t deadline = deadline_of(db);
    PGresult *r = NULL, *kept = NULL;
    enum kl_code code;

    while (!(code = next_result(db, deadline, &r, err)) && r) {
        if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
            PQclear(r);
            continue;
        }
        PQclear(kept);
        kept = r;
        if (PQresultStatus(r) == PGRES_COPY_IN)
            break; /* it has nothing more to say until it has the rows */
    }
    if (code) {
        PQclear(kept);
        kept = NULL;
    }
    *out = kept;
    return code;
}

/* sent: what PQsend... returned. */
static enum kl_code answer(struct kl_pg *db, int sent, ExecStatusType want, PGresult **out, struct kl_error *err)
{
    PGresult *r = NULL;
    enum kl_code code = sent ? results_take(db, &r, err) : lost_fail(db, CONNECTION_LOST, err);

    if (code)
        return code;
    if (!r)
        return lost_fail(db, CONNECTION_LOST, err);
    if (PQresultStatus(r) != want && !(want == PGRES_TUPLES_OK && PQresultStatus(r) == PGRES_COMMAND_OK)) {
        code = result_fail(db, r, err);
        PQclear(r);
        return code;
    }
    if (out)
        *out = r;
    else
        PQclear(r);
    return KL_OK;
}

/* ---- statements ---- */

/* The name under which sql is prepared in this session. */
static enum kl_code prepared(struct kl_pg *db, const char *sql, const struct kl_pg_args *args, char name[16], struct kl_error *err)
{
    size_t at = 0;
    enum kl_code code;

    while (at < db->n_statements && db->statements[at] != sql)
        at++;
    snprintf(name, 16, "s%zu", at);
    if (at < db->n_statements)
        return KL_OK;
    kl_assert(at < STATEMENTS_MAX);
    code = answer(db, PQsendPrepare(db->conn, name, sql, args->n, args->types), PGRES_COMMAND_OK, NULL, err);
    if (!code)
        db->statements[db->n_statements++] = sql;
    return code;
}

static enum kl_code connected(struct kl_pg *db, struct kl_error *err)
{
    return db->conn ? KL_OK : kl_fail(err, KL_BUSY, "%s: %s", db->name, CONNECTION_LOST);
}

enum kl_code kl_pg_run(struct kl_pg *db, const char *sql, const struct kl_pg_args *args, PGresult **rows, struct kl_error *err)
{
    static const struct kl_pg_args none;
    static const int binary[KL_PG_ARGS_MAX] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const struct kl_pg_args *a = args ? args : &none;
    char name[16];
    enum kl_code code = connected(db, err);

    if (!code)
        code = prepared(db, sql, a, name, err);
    if (code)
        return code;
    return answer(db, PQsendQueryPrepared(db->conn, name, a->n, a->values, a->lengths, binary, 1), PGRES_TUPLES_OK, rows, err);
}

enum kl_code kl_pg_exec(struct kl_pg *db, const char *sql, struct kl_error *err)
{
    enum kl_code code = connected(db, err);

    return code ? code : answer(db, PQsendQuery(db->conn, sql), PGRES_TUPLES_OK, NULL, err);
}

enum kl_code kl_pg_number(struct kl_pg *db, const char *sql, const struct kl_pg_args *args, int64_t absent, int64_t *out,
                          struct kl_error *err)
{
    PGresult *rows;
    enum kl_code code = kl_pg_run(db, sql, args, &rows, err);

    *out = absent;
    if (code)
        return code;
    if (PQntuples(rows) > 0 && !PQgetisnull(rows, 0, 0))
        *out = kl_pg_get_int(rows, 0, 0);
    PQclear(rows);
    return KL_OK;
}

/* ---- COPY ---- */

static enum kl_code copy_send(struct kl_pg *db, const struct kl_buf *b, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t at = 0; !code && at < b->len; at += COPY_CHUNK) {
        size_t n = b->len - at < COPY_CHUNK ? b->len - at : COPY_CHUNK;

        if (PQputCopyData(db->conn, b->data + at, (int)n) != 1)
            return lost_fail(db, CONNECTION_LOST, err);
        code = flushed(db, deadline_of(db), err);
    }
    return code;
}

enum kl_code kl_pg_copy(struct kl_pg *db, const char *sql, struct kl_buf *b, struct kl_error *err)
{
    enum kl_code code = connected(db, err);

    kl_pg_copy_row(b, -1);
    if (b->failed)
        return kl_fail(err, KL_BUSY, "no memory for rows to store");
    if (!code)
        code = answer(db, PQsendQuery(db->conn, sql), PGRES_COPY_IN, NULL, err);
    if (!code)
        code = copy_send(db, b, err);
    return code ? code : answer(db, PQputCopyEnd(db->conn, NULL) == 1, PGRES_COMMAND_OK, NULL, err);
}

/* ---- transactions ---- */

enum kl_code kl_pg_begin(struct kl_pg *db, struct kl_error *err)
{
    return kl_pg_exec(db, "BEGIN", err);
}

enum kl_code kl_pg_commit(struct kl_pg *db, bool *unknown, struct kl_error *err)
{
    PGresult *r = NULL;
    enum kl_code code = connected(db, err);

    *unknown = false;
    if (code)
        return code;
    code = answer(db, PQsendQuery(db->conn, "COMMIT"), PGRES_COMMAND_OK, &r, err);
    *unknown = code && !db->conn;
    if (!code && strcmp(PQcmdStatus(r), "COMMIT"))
        code = kl_fail(err, KL_BUSY, "%s: the transaction was rolled back", db->name);
    PQclear(r);
    if (code)
        kl_pg_rollback(db);
    return code;
}

void kl_pg_rollback(struct kl_pg *db)
{
    struct kl_error err;

    if (!db->conn || PQtransactionStatus(db->conn) == PQTRANS_IDLE)
        return;
    if (PQtransactionStatus(db->conn) == PQTRANS_ACTIVE || kl_pg_exec(db, "ROLLBACK", &err))
        if (db->conn) /* in the middle of an answer: the server rolls back when it sees the end */
            lost(db);
}

/* ---- the session ---- */

/* The server's settings for this session. It, too, notices a client that is gone, whose locks others wait for. */
static enum kl_code session_begin(struct kl_pg *db, struct kl_error *err)
{
    static const char SETTINGS[] =
        "SELECT set_config('search_path', $1, false), set_config('statement_timeout', $2, false),"
        " set_config('idle_in_transaction_session_timeout', '" IDLE_IN_TRANSACTION_MS "', false),"
        " set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),"
        " set_config('tcp_keepalives_count', '3', false)";
    struct kl_pg_args args = { 0 };
    char limit[24];

    snprintf(limit, sizeof limit, "%lld", (long long)db->conf.statement_ms);
    kl_pg_text(&args, db->conf.schema);
    kl_pg_text(&args, limit);
    return kl_pg_run(db, SETTINGS, &args, NULL, err);
}

/* ---- the schema ---- */

static enum kl_code version_read(struct kl_pg *db, int64_t *version, struct kl_error *err)
{
    static const char EXISTS[] = "SELECT to_regclass('migrations') IS NOT NULL";
    static const char NEWEST[] = "SELECT max(number) FROM migrations";
    int64_t exists;
    enum kl_code code = kl_pg_number(db, EXISTS, NULL, 0, &exists, err);

    *version = 0;
    return code || !exists ? code : kl_pg_number(db, NEWEST, NULL, 0, version, err);
}

static int64_t known_version(const struct kl_pg *db)
{
    int64_t n = 0;

    while (db->conf.migrations[n])
        n++;
    return n;
}

/* One that exists may be all that we may write to: making one needs the right to the database. */
static enum kl_code schema_make(struct kl_pg *db, struct kl_error *err)
{
    static const char EXISTS[] = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    static const char MIGRATIONS[] =
        "CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())";
    struct kl_pg_args args = { 0 };
    char make[100];
    int64_t exists;
    enum kl_code code;

    kl_pg_text(&args, db->conf.schema);
    code = kl_pg_number(db, EXISTS, &args, 0, &exists, err);
    snprintf(make, sizeof make, "CREATE SCHEMA %s", db->conf.schema); /* a constant of the program's */
    if (!code && !exists)
        code = kl_pg_exec(db, make, err);
    return code ? code : kl_pg_exec(db, MIGRATIONS, err);
}

static enum kl_code migration_run(struct kl_pg *db, int64_t number, struct kl_error *err)
{
    static const char DONE[] = "INSERT INTO migrations (number) VALUES ($1)";
    struct kl_pg_args args = { 0 };
    enum kl_code code = schema_make(db, err);

    if (!code)
        code = kl_pg_exec(db, db->conf.migrations[number - 1], err);
    kl_pg_int(&args, number);
    return code ? code : kl_pg_run(db, DONE, &args, NULL, err);
}

/* The next migration, if there is one left, in a transaction of its own. */
static enum kl_code migrate_one(struct kl_pg *db, bool *left, struct kl_error *err)
{
    bool unknown;
    int64_t version;
    enum kl_code code = kl_pg_begin(db, err);

    if (!code)
        code = version_read(db, &version, err);
    *left = !code && version < known_version(db);
    if (*left)
        code = migration_run(db, version + 1, err);
    if (!code)
        return kl_pg_commit(db, &unknown, err);
    kl_pg_rollback(db);
    return code;
}

/* Several may start at once, so it is done under a lock. That is taken before the transactions begin: one that waited for
 * it inside would not see the schema that another has made meanwhile. */
static enum kl_code migrate(struct kl_pg *db, struct kl_error *err)
{
    struct kl_error unlocking;
    bool left = true;
    enum kl_code code;

    db->limit_ms = MIGRATION_MS;
    code = kl_pg_exec(db, "SET statement_timeout = 0; SELECT pg_advisory_lock(" MIGRATION_LOCK ")", err);
    while (!code && left)
        code = migrate_one(db, &left, err);
    if (db->conn && kl_pg_exec(db, "SELECT pg_advisory_unlock(" MIGRATION_LOCK ")", &unlocking) && db->conn)
        lost(db);
    db->limit_ms = db->conf.statement_ms;
    return code;
}

static enum kl_code schema_check(struct kl_pg *db, struct kl_error *err)
{
    int64_t version, known = known_version(db);
    enum kl_code code = version_read(db, &version, err);

    if (!code && version < known && db->conf.owner) {
        code = migrate(db, err);
        version = known;
        if (!code)
            code = session_begin(db, err); /* the timeout again */
    }
    if (code)
        return code;
    if (version > known)
        return kl_fail(err, KL_CONFLICT, "%s was changed by a later version (schema %lld, known here: %lld)", db->name,
                       (long long)version, (long long)known);
    if (version < known)
        return kl_fail(err, KL_BUSY, "%s has schema %lld, its owner has not brought it to %lld yet", db->name,
                       (long long)version, (long long)known);
    return KL_OK;
}

/* ---- connecting ---- */

bool kl_pg_is_url(const char *text)
{
    return !strncmp(text, "postgresql://", 13) || !strncmp(text, "postgres://", 11);
}

static const char *option(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (!strcmp(options->keyword, keyword))
            return options->val && *options->val ? options->val : NULL;
    return NULL;
}

/* libpq's own words for a wrong URL quote it, and where a password's @ or / is not escaped a part of it is taken for the
 * host or the port: so nothing of a wrong one is ever shown. */
static enum kl_code url_check(const char *url, char *name, size_t name_size, struct kl_error *err)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    const char *host, *port, *database;
    bool is_right;

    if (!options)
        return kl_fail(err, KL_INVALID, "not a URL of PostgreSQL's; postgresql://user:password@host:5432/database is the form,"
                                        " with %%40 for an @ in a password");
    host = option(options, "host");
    port = option(options, "port");
    database = option(options, "dbname");
    is_right = (!host || !strchr(host, '@')) && (!port || strspn(port, "0123456789,") == strlen(port));
    if (is_right)
        snprintf(name, name_size, "%s:%s/%s", host ? host : "localhost", port ? port : "5432", database ? database : "");
    PQconninfoFree(options);
    return is_right ? KL_OK
                    : kl_fail(err, KL_INVALID, "the URL's host or port cannot be one; @ and / in a password are written %%40 and %%2F");
}

enum kl_code kl_pg_new(struct kl_pg **out, const struct kl_pg_conf *conf, struct kl_error *err)
{
    struct kl_pg *db = calloc(1, sizeof *db);
    enum kl_code code;

    if (!db)
        return kl_fail(err, KL_BUSY, "no memory for a connection");
    db->conf = *conf;
    db->limit_ms = conf->statement_ms;
    db->url = strdup(conf->url);
    code = db->url ? url_check(conf->url, db->name, sizeof db->name, err) : kl_fail(err, KL_BUSY, "no memory for a connection");
    if (code) {
        kl_pg_free(db);
        return code;
    }
    *out = db;
    return KL_OK;
}

void kl_pg_free(struct kl_pg *db)
{
    if (!db)
        return;
    PQfinish(db->conn);
    free(db->url);
    free(db);
}

const char *kl_pg_name(const struct kl_pg *db)
{
    return db->name;
}

static void notice_drop(void *ctx, const PGresult *notice)
{
    (void)ctx, (void)notice;
}

/* In the order in which libpq lets a later one win: ours, the URL's, and what must be so. Keepalives end a wait on a
 * network that swallows packets. Of several hosts it is the one that is written to, for readers too: on a standby, what was
 * told to be there may not be there yet. */
static PGconn *connect_by(const struct kl_pg *db)
{
    const char *const keywords[] = { "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count",
                                     "tcp_user_timeout", "fallback_application_name", "target_session_attrs", "dbname",
                                     "client_encoding", NULL };
    const char *const values[] = { CONNECT_S, "10", "5", "3", "15000", "kafkloud", "read-write", db->url, "UTF8", NULL };

    return PQconnectdbParams(keywords, values, 1);
}

enum kl_code kl_pg_ready(struct kl_pg *db, struct kl_error *err)
{
    enum kl_code code;

    if (db->conn && PQstatus(db->conn) == CONNECTION_OK && PQtransactionStatus(db->conn) == PQTRANS_IDLE)
        return KL_OK;
    lost(db);
    db->conn = connect_by(db);
    if (PQstatus(db->conn) != CONNECTION_OK) {
        const char *why = PQerrorMessage(db->conn);

        code = kl_fail(err, KL_BUSY, "cannot connect to %s: %.*s", db->name, (int)strcspn(why, "\n"), why);
        lost(db);
        return code;
    }
    PQsetNoticeReceiver(db->conn, notice_drop, NULL);
    PQsetnonblocking(db->conn, 1);
    db->session++;
    code = session_begin(db, err);
    if (!code)
        code = schema_check(db, err);
    if (code)
        lost(db);
    return code;
}

int64_t kl_pg_session(const struct kl_pg *db)
{
    return db->session;
}

PGconn *kl_pg_handle(struct kl_pg *db)
{
    return db->conn;
}
