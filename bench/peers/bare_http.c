/* bare_http.c - the limit of our HTTP side: libmicrohttpd alone, a constant answer.
 *
 * The same flags and number of threads as common/http.c, no routes, no checks, no Kafka: what is left of a
 * request when nothing is done with it. Usage: bare_http PORT [THREADS]; ends on SIGTERM. */
#include <microhttpd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static struct MHD_Response *answer;

static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **state)
{
    (void)ctx, (void)url, (void)method, (void)version, (void)data;
    if (!*state) {
        *state = connection; /* the headers are there; the body follows */
        return MHD_YES;
    }
    if (*size) {
        *size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, 200, answer);
}

/* One a core, as common/http.c; but libmicrohttpd's own loop stalls when exactly 128 connections of a thread are ready at
 * once (docs/decisions/0005-http-threads.md), which the 256 of the load are on two threads: three, then. */
static unsigned cores(void)
{
    cpu_set_t set;
    unsigned n = sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;

    return n == 2 ? 3 : n;
}

int main(int argc, char **argv)
{
    static char body[] = "{\"topic\":\"bench\",\"partition\":0,\"offset\":123456,\"timestamp_ms\":1763776044000}";
    unsigned threads = argc > 2 ? (unsigned)atoi(argv[2]) : cores();
    struct rlimit files = { 0, 0 };
    struct MHD_Daemon *daemon;
    sigset_t set;
    int sig;

    if (argc < 2)
        return fprintf(stderr, "usage: bare_http PORT [THREADS]\n"), 64;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    answer = MHD_create_response_from_buffer(sizeof body - 1, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(answer, "Content-Type", "application/json");
    daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)atoi(argv[1]),
                              NULL, NULL, handle, NULL, MHD_OPTION_THREAD_POOL_SIZE, threads,
                              MHD_OPTION_CONNECTION_LIMIT, 10000u, MHD_OPTION_END);
    if (!daemon)
        return perror("bare_http"), 1;
    sigwait(&set, &sig);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(answer);
    return 0;
}
