/* test_pg.h - a PostgreSQL server of a test program's own: a cluster in a directory of its own, reached by a socket in it,
 * ended and removed with the program. It needs some 1.5 s to be made: begin it once a program,
 *
 *     KL_TESTS_WITH("store", test_pg_begin, test_pg_end, T(...))
 *
 * and give each test a database (some 50 ms). Included once a program. */
#ifndef KL_TEST_PG_H
#define KL_TEST_PG_H

#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "test.h"
#include "test_dir.h"

#define TEST_PG_URL_BYTES 160
#define TEST_PG_USER      65534 /* whom the server runs as when the test is root, which it refuses to be: nobody */
#define TEST_PG_WAIT_US   (INT64_C(60) * 1000000)

static char  test_pg_dir[TEST_DIR_BYTES];
static char  test_pg_bin[200];
static pid_t test_pg_server; /* 0: it does not run */
static int   test_pg_databases;

/* The newest server that is installed. */
static inline bool test_pg_find(void)
{
    glob_t found;
    bool is_there = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0 || glob("/usr/*/pgsql*/bin/initdb", 0, NULL, &found) == 0 ||
                    glob("/usr/bin/initdb", 0, NULL, &found) == 0;

    if (is_there)
        snprintf(test_pg_bin, sizeof test_pg_bin, "%.*s", (int)(strlen(found.gl_pathv[found.gl_pathc - 1]) - strlen("/initdb")),
                 found.gl_pathv[found.gl_pathc - 1]);
    else
        printf("    no PostgreSQL server is installed: `make setup` names what is missing\n");
    globfree(&found);
    return is_there;
}

/* Runs a program of the server's, as another user when this is root; what it prints goes to the file log. The server ends
 * with this program, whatever that dies of. */
static inline pid_t test_pg_spawn(const char **argv)
{
    pid_t pid = fork();
    char path[256];

    if (pid)
        return pid;
    snprintf(path, sizeof path, "%s/%s", test_pg_bin, argv[0]);
    if (geteuid() == 0 && (setgroups(0, NULL) || setgid(TEST_PG_USER) || setuid(TEST_PG_USER)))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (chdir(test_pg_dir) || !freopen("log", "a", stdout) || dup2(fileno(stdout), STDERR_FILENO) < 0)
        _exit(126);
    argv[0] = path; /* by which it finds the others */
    execv(path, (char *const *)argv);
    _exit(127);
}

static inline void test_pg_url(char url[TEST_PG_URL_BYTES], const char *database)
{
    snprintf(url, TEST_PG_URL_BYTES, "postgresql:///%s?host=%s&user=tester", database, test_pg_dir);
}

static inline int test_pg_start(void)
{
    const char *server[] = { "postgres", "-D", "data", "-k", test_pg_dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                                   "full_page_writes=off", "-c", "max_connections=100", "-c", "autovacuum=off", NULL };
    int64_t deadline = kl_mono_us() + TEST_PG_WAIT_US;
    char url[TEST_PG_URL_BYTES];

    test_pg_server = test_pg_spawn(server);
    test_pg_url(url, "postgres");
    while (PQping(url) != PQPING_OK) {
        if (kl_mono_us() > deadline || waitpid(test_pg_server, NULL, WNOHANG) == test_pg_server) {
            printf("    the PostgreSQL server does not start: %s/log says why\n", test_pg_dir);
            return 1;
        }
        kl_sleep_ms(10);
    }
    return 0;
}

/* how: SIGINT ends sessions and closes orderly, SIGQUIT is a crash. */
static inline void test_pg_stop(int how)
{
    if (!test_pg_server)
        return;
    kill(test_pg_server, how);
    waitpid(test_pg_server, NULL, 0);
    test_pg_server = 0;
}

static inline int test_pg_begin(void)
{
    const char *initdb[] = { "initdb", "-D", "data", "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions", NULL };
    int status;

    if (!test_pg_find())
        return 1;
    strcpy(test_pg_dir, "/tmp/kafkloud-test-XXXXXX");
    if (!mkdtemp(test_pg_dir) || (geteuid() == 0 && chown(test_pg_dir, TEST_PG_USER, TEST_PG_USER)))
        return 1;
    if (waitpid(test_pg_spawn(initdb), &status, 0) < 0 || status != 0) {
        printf("    initdb fails: %s/log says why\n", test_pg_dir);
        return 1;
    }
    return test_pg_start();
}

static inline int test_pg_end(void)
{
    test_pg_stop(SIGQUIT);
    return nftw(test_pg_dir, test_dir_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Runs statements in a database, beside whatever is being tested. */
static inline void test_pg_exec(const char *url, const char *sql)
{
    PGconn *conn = PQconnectdb(url);
    PGresult *r = PQexec(conn, sql);

    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        printf("    %s: %s\n", sql, PQerrorMessage(conn));
    CU_ASSERT(PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK);
    PQclear(r);
    PQfinish(conn);
}

/* The first column of the first row, a number; -1: there is none. */
static inline int64_t test_pg_number(const char *url, const char *sql)
{
    PGconn *conn = PQconnectdb(url);
    PGresult *r = PQexec(conn, sql);
    int64_t n = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : -1;

    PQclear(r);
    PQfinish(conn);
    return n;
}

/* Makes an empty database and fills url with where it is. */
static inline void test_pg_database(char url[TEST_PG_URL_BYTES])
{
    char name[24], make[80], server[TEST_PG_URL_BYTES];

    snprintf(name, sizeof name, "test%d", ++test_pg_databases);
    snprintf(make, sizeof make, "CREATE DATABASE %s TEMPLATE template0", name);
    test_pg_url(server, "postgres");
    test_pg_exec(server, make);
    test_pg_url(url, name);
}

/* Ends every other session of the database, as an administrator does, or a server that goes away. */
static inline void test_pg_end_sessions(const char *url)
{
    test_pg_exec(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()");
}

#endif
