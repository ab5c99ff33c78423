/* http_lane.c - one HTTP thread: a libmicrohttpd daemon without a listening socket, run by a loop of ours.
 *
 * Not by libmicrohttpd's own thread, for two reasons. When exactly 128 of a daemon's connections are ready at once,
 * its loop (0.9.75) waits for a 129th before it serves any of them: with 128 busy connections a thread it stood
 * still for good. Run from outside it never waits. And a resume or a wake then needs a system call only when the
 * thread sleeps, not for each request.
 *
 * New sockets come through a pipe, as numbers; a number below 0 only wakes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_internal.h"

/* Connections in one lane at most: all of them, as the door has counted them; the rest is for those on their way out. */
#define LANE_SPARE   64
#define ARRIVALS_MAX 64   /* taken from the pipe at a time */
#define EMPTY_ROUNDS_MAX 1000 /* some 2 ms; a file of 128 MB is sent in so many */

static bool tell(struct kl_lane *lane, int number)
{
    return write(lane->pipe[1], &number, sizeof number) == sizeof number;
}

void kl_lane_wake(struct kl_lane *lane, enum kl_pending what)
{
    atomic_fetch_or(&lane->pending, what);
    if (atomic_exchange(&lane->asleep, false))
        (void)!tell(lane, -1);   /* a full pipe wakes as well */
}

bool kl_lane_place(struct kl_lane *lane, int fd)
{
    atomic_fetch_add_explicit(&lane->connections, 1, memory_order_relaxed);
    if (!tell(lane, fd)) {
        atomic_fetch_sub_explicit(&lane->connections, 1, memory_order_relaxed);
        return false;
    }
    atomic_fetch_or(&lane->pending, KL_PENDING_ARRIVED);
    return true;
}

static void add_connection(struct kl_lane *lane, int fd)
{
    struct sockaddr_storage peer = { 0 };
    socklen_t len = sizeof peer;

    getpeername(fd, (struct sockaddr *)&peer, &len);   /* gone already: libmicrohttpd will see it */
    /* It closes fd itself when it fails, and then no connection callback gives the place back. */
    if (MHD_add_connection(lane->daemon, fd, (struct sockaddr *)&peer, sizeof peer) != MHD_YES)
        atomic_fetch_sub_explicit(&lane->connections, 1, memory_order_relaxed);
}

static void take_arrivals(struct kl_lane *lane, bool keep)
{
    int number[ARRIVALS_MAX];
    ssize_t n;

    do {
        n = read(lane->pipe[0], number, sizeof number);
        for (ssize_t i = 0; i < n / (ssize_t)sizeof *number; i++) {
            if (number[i] >= 0 && keep)
                add_connection(lane, number[i]);
            else if (number[i] >= 0)
                close(number[i]);
        }
    } while (n == (ssize_t)sizeof number);
}

/* How long libmicrohttpd has nothing to do; -1: for ever. A request it cannot go on with (a chunk's size line longer
 * than its buffer) it says to have work for until the deadline cuts it: so its word is believed only so often. */
static int wait_ms(struct kl_lane *lane)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (MHD_get_timeout(lane->daemon, &ms) != MHD_YES)
        return -1;
    if (ms > 0)
        return ms > 60000 ? 60000 : (int)ms;
    return ++lane->empty_rounds > EMPTY_ROUNDS_MAX ? 1 : 0;
}

/* Until a socket, the pipe or libmicrohttpd's own clock has something. asleep is set before pending is read, and
 * whoever sets pending reads asleep after: so no wake falls between. */
static void sleep_for_work(struct kl_lane *lane)
{
    struct pollfd polled[2] = { { lane->epoll_fd, POLLIN, 0 }, { lane->pipe[0], POLLIN, 0 } };
    int wait = wait_ms(lane);

    atomic_store(&lane->asleep, true);
    if (wait != 0 && atomic_load(&lane->pending) == 0)
        poll(polled, 2, wait);
    atomic_store(&lane->asleep, false);
    if (polled[1].revents)
        atomic_fetch_or(&lane->pending, KL_PENDING_ARRIVED);
}

/* Cut connections that libmicrohttpd keeps without looking at their sockets get a timeout of its own, which it does
 * look at, and are closed within a second. */
static void let_go(struct kl_lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    for (struct kl_request *r = lane->first; r; r = r->next)
        if (kl_deadline_cut(r))
            MHD_set_connection_option(r->connection, MHD_CONNECTION_OPTION_TIMEOUT, 1u);
    pthread_mutex_unlock(&lane->lock);
}

static void take_pending(struct kl_lane *lane)
{
    int pending = atomic_load(&lane->pending) ? atomic_exchange(&lane->pending, 0) : 0;

    if (pending & KL_PENDING_ARRIVED)
        take_arrivals(lane, true);
    if (pending & KL_PENDING_CUT)
        let_go(lane);
}

static void *lane_main(void *ctx)
{
    struct kl_lane *lane = ctx;
    sigset_t pipe;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    pthread_setname_np(pthread_self(), "http");
    while (!atomic_load(&lane->stop)) {
        uint64_t served = lane->served;

        take_pending(lane);
        MHD_run(lane->daemon);
        /* After a round with work, asking again costs what going to sleep would. */
        if (lane->served == served)
            sleep_for_work(lane);
        else
            lane->empty_rounds = 0;
    }
    take_arrivals(lane, false);
    MHD_stop_daemon(lane->daemon);   /* here, so that releases run on the request's own thread to the end */
    lane->daemon = NULL;
    return NULL;
}

static struct MHD_Daemon *daemon_start(struct kl_lane *lane)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_TURBO, 0, NULL, NULL, kl_cycle_call, lane,
        MHD_OPTION_NOTIFY_CONNECTION, kl_cycle_connection, lane,
        MHD_OPTION_URI_LOG_CALLBACK, kl_cycle_uri, lane,
        MHD_OPTION_UNESCAPE_CALLBACK, kl_cycle_unescape, lane,
        MHD_OPTION_NOTIFY_COMPLETED, kl_cycle_completed, lane,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)lane->http->conf.connections_max + LANE_SPARE,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)KL_HTTP_POOL_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u,        /* http_deadline.c */
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,     /* lane_main blocks it; sendfile is used only then */
        MHD_OPTION_END);
}

enum kl_code kl_lane_start(struct kl_lane *lane, struct kl_error *err)
{
    const union MHD_DaemonInfo *info;
    int code;

    if (pipe2(lane->pipe, O_NONBLOCK | O_CLOEXEC) != 0) {
        lane->pipe[0] = lane->pipe[1] = -1;
        return kl_fail(err, KL_BROKEN, "no pipe for an HTTP thread: %s", strerror(errno));
    }
    lane->daemon = daemon_start(lane);
    info = lane->daemon ? MHD_get_daemon_info(lane->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (!info)
        return kl_fail(err, KL_BROKEN, "libmicrohttpd cannot be started with epoll");
    lane->epoll_fd = info->epoll_fd;
    code = pthread_create(&lane->thread, NULL, lane_main, lane);
    if (code != 0)
        return kl_fail(err, KL_BROKEN, "no thread for HTTP: %s", strerror(code));
    lane->running = true;
    return KL_OK;
}

void kl_lane_stop(struct kl_lane *lane)
{
    if (lane->running) {
        atomic_store(&lane->stop, true);
        kl_lane_wake(lane, KL_PENDING_RESUMED);
        pthread_join(lane->thread, NULL);
    } else if (lane->daemon) {
        MHD_stop_daemon(lane->daemon);
    }
    for (int i = 0; i < 2; i++)
        if (lane->pipe[i] >= 0)
            close(lane->pipe[i]);
}
