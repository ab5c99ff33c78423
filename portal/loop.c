/* loop.c - the thread, its mailbox of wishes, and libcurl's sockets and timer on one epoll.
 *
 * A round: wait, hand the ready sockets to libcurl, report what ended, then grant the wishes. The wishes come last
 * so that a job which pokes itself in a callback (an answer's head is there) is called when everything that arrived
 * with it has been seen too: a short answer is then whole. */
#include "loop.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"

#define EVENTS_A_ROUND 128
#define TICK_MS        50 /* how late a deadline may be told */

enum wish { WISH_BEGIN = 1, WISH_POKE = 2, WISH_CLOSE = 4 };

struct loop {
    /* the loop thread's */
    CURLM           *multi;
    int              epoll_fd;
    int64_t          timer_due_us; /* when libcurl wants to be called; -1: not at all */
    int64_t          ticked_us;
    struct loop_job *running;
    curl_socket_t    unwatched;    /* taken out of the epoll already, while libcurl lets go of its job */
    bool             refusing;

    int       wake_fd; /* set once */
    pthread_t thread;

    pthread_mutex_t  lock; /* guards what follows */
    pthread_cond_t   aborted_cond;
    struct loop_job *wishing, **wishing_end; /* at most once each, in the order they came */
    bool             aborting, aborted, stopping;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- libcurl's sockets and timer ---- */

static void unwatch(const struct loop *l, curl_socket_t fd)
{
    epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
    struct loop *l = ctx;
    struct epoll_event e = { .data.fd = fd };
    struct loop_job *j = NULL;

    (void)socket_ctx;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &j);
    if (j)
        j->fd = what == CURL_POLL_REMOVE ? CURL_SOCKET_BAD : fd;
    if (what == CURL_POLL_REMOVE) {
        if (fd != l->unwatched)
            unwatch(l, fd);
        return 0;
    }
    e.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    if (epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, fd, &e) && errno == ENOENT)
        return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &e);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
    struct loop *l = ctx;

    (void)multi;
    l->timer_due_us = timeout_ms < 0 ? -1 : kl_mono_us() + timeout_ms * INT64_C(1000);
    return 0;
}

/* ---- jobs ---- */

/* A socket that is still connecting is closed by libcurl before it says that it need not be watched, and by then its
 * number may be another thread's socket. So it is taken out of the epoll first, where it still is ours. */
static void job_unlink(struct loop *l, struct loop_job *j)
{
    l->unwatched = j->fd;
    if (j->fd != CURL_SOCKET_BAD)
        unwatch(l, j->fd);
    curl_multi_remove_handle(l->multi, j->easy);
    l->unwatched = CURL_SOCKET_BAD;
    *(j->prev ? &j->prev->next : &l->running) = j->next;
    if (j->next)
        j->next->prev = j->prev;
    j->running = false;
}

static void job_end(struct loop *l, struct loop_job *j, CURLcode code)
{
    job_unlink(l, j);
    j->on->done(j, code);
}

static void job_begin(struct loop *l, struct loop_job *j)
{
    if (l->refusing) {
        j->on->done(j, CURLE_ABORTED_BY_CALLBACK);
        return;
    }
    j->fd = CURL_SOCKET_BAD;
    curl_easy_setopt(j->easy, CURLOPT_PRIVATE, j);
    if (curl_multi_add_handle(l->multi, j->easy)) {
        j->on->done(j, CURLE_OUT_OF_MEMORY);
        return;
    }
    j->running = true;
    j->prev = NULL;
    j->next = l->running;
    if (j->next)
        j->next->prev = j;
    l->running = j;
}

static void jobs_report(struct loop *l)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(l->multi, &left))) {
        struct loop_job *j = NULL;
        CURLcode code = m->data.result; /* m is gone once the handle is removed */

        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &j);
        job_end(l, j, code);
    }
}

/* Ends what is late. Returns how long the loop may sleep before it must look again; -1: for ever. */
static int64_t jobs_tick(struct loop *l)
{
    int64_t now = kl_mono_us();
    struct loop_job *j, *next;
    bool waiting = false;

    if (now - l->ticked_us < TICK_MS * 1000)
        return TICK_MS;
    l->ticked_us = now;
    for (j = l->running; j; j = next) {
        next = j->next;
        if (j->deadline_us && j->deadline_us <= now)
            job_end(l, j, CURLE_OPERATION_TIMEDOUT);
        else if (j->deadline_us)
            waiting = true;
    }
    return waiting ? TICK_MS : -1;
}

/* ---- wishes ---- */

static void wish(struct loop *l, struct loop_job *j, enum wish w)
{
    bool first = false;

    pthread_mutex_lock(&l->lock);
    if (!j->wishes) {
        first = l->wishing == NULL;
        j->next_wishing = NULL;
        *l->wishing_end = j;
        l->wishing_end = &j->next_wishing;
    }
    j->wishes |= w;
    pthread_mutex_unlock(&l->lock);
    if (first)
        eventfd_write(l->wake_fd, 1);
}

void loop_begin(struct loop *l, struct loop_job *j)
{
    wish(l, j, WISH_BEGIN);
}

void loop_poke(struct loop *l, struct loop_job *j)
{
    wish(l, j, WISH_POKE);
}

void loop_close(struct loop *l, struct loop_job *j)
{
    wish(l, j, WISH_CLOSE);
}

static struct loop_job *wish_take(struct loop *l, unsigned *wishes)
{
    struct loop_job *j;

    pthread_mutex_lock(&l->lock);
    j = l->wishing;
    if (j) {
        l->wishing = j->next_wishing;
        if (!l->wishing)
            l->wishing_end = &l->wishing;
        *wishes = j->wishes;
        j->wishes = 0;
    }
    pthread_mutex_unlock(&l->lock);
    return j;
}

/* A close is the owner's last touch, so a job seen closing stands in no list once it is taken here. */
static void wishes_grant(struct loop *l)
{
    struct loop_job *j;
    unsigned wishes;

    while ((j = wish_take(l, &wishes))) {
        if (wishes & WISH_CLOSE) {
            if (j->running)
                job_unlink(l, j);
            j->on->gone(j);
            continue;
        }
        if (wishes & WISH_BEGIN)
            job_begin(l, j);
        if (wishes & WISH_POKE)
            j->on->poked(j);
    }
}

/* ---- the thread ---- */

static int sleep_ms(const struct loop *l, int64_t tick_ms)
{
    int64_t ms = tick_ms < 0 ? 60000 : tick_ms;

    if (l->timer_due_us >= 0) {
        int64_t left_us = l->timer_due_us - kl_mono_us();

        ms = least(ms, left_us <= 0 ? 0 : (left_us + 999) / 1000);
    }
    return (int)ms;
}

static void events_handle(struct loop *l, const struct epoll_event *events, int n)
{
    int running;

    for (int i = 0; i < n; i++) {
        unsigned e = events[i].events;
        int what = (e & EPOLLIN ? CURL_CSELECT_IN : 0) | (e & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (e & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        eventfd_t count;

        if (events[i].data.fd == l->wake_fd)
            eventfd_read(l->wake_fd, &count);
        else
            curl_multi_socket_action(l->multi, events[i].data.fd, what, &running);
    }
    if (l->timer_due_us >= 0 && l->timer_due_us <= kl_mono_us()) {
        l->timer_due_us = -1; /* libcurl sets the next one in the call */
        curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

static void jobs_abort(struct loop *l)
{
    l->refusing = true;
    while (l->running)
        job_end(l, l->running, CURLE_ABORTED_BY_CALLBACK);
    pthread_mutex_lock(&l->lock);
    l->aborted = true;
    pthread_cond_broadcast(&l->aborted_cond);
    pthread_mutex_unlock(&l->lock);
}

/* true: the thread is to end, and no wish is open. */
static bool orders_obey(struct loop *l)
{
    bool abort_now, stop_now;

    pthread_mutex_lock(&l->lock);
    abort_now = l->aborting && !l->aborted;
    stop_now = l->stopping && !l->wishing;
    pthread_mutex_unlock(&l->lock);
    if (abort_now)
        jobs_abort(l);
    return stop_now;
}

static void *loop_run(void *ctx)
{
    struct loop *l = ctx;
    struct epoll_event events[EVENTS_A_ROUND];
    int64_t tick_ms = -1;

    pthread_setname_np(pthread_self(), "relay");
    do {
        int n = epoll_wait(l->epoll_fd, events, EVENTS_A_ROUND, sleep_ms(l, tick_ms));

        events_handle(l, events, n);
        jobs_report(l);
        wishes_grant(l);
        tick_ms = jobs_tick(l);
    } while (!orders_obey(l));
    return NULL;
}

static void loop_free(struct loop *l)
{
    if (l->multi)
        curl_multi_cleanup(l->multi);
    if (l->epoll_fd >= 0)
        close(l->epoll_fd);
    if (l->wake_fd >= 0)
        close(l->wake_fd);
    pthread_cond_destroy(&l->aborted_cond);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static bool descriptors_open(struct loop *l)
{
    struct epoll_event e = { .events = EPOLLIN };

    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    e.data.fd = l->wake_fd;
    return l->epoll_fd >= 0 && l->wake_fd >= 0 && !epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->wake_fd, &e);
}

static void multi_set_up(struct loop *l, long connections_max)
{
    curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l);
    curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l);
    curl_multi_setopt(l->multi, CURLMOPT_MAXCONNECTS, connections_max);
    curl_multi_setopt(l->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
}

enum kl_code loop_start(struct loop **out, long connections_max, struct kl_error *err)
{
    struct loop *l = calloc(1, sizeof *l);
    int failed;

    if (!l)
        return kl_fail(err, KL_BROKEN, "no memory for the relay's loop");
    l->epoll_fd = l->wake_fd = -1;
    l->unwatched = CURL_SOCKET_BAD;
    l->timer_due_us = -1;
    l->wishing_end = &l->wishing;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->aborted_cond, NULL);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        l->multi = curl_multi_init();
    if (!l->multi || !descriptors_open(l)) {
        loop_free(l);
        return kl_fail(err, KL_BROKEN, "the relay's loop does not start: %s", strerror(errno));
    }
    multi_set_up(l, connections_max);
    failed = pthread_create(&l->thread, NULL, loop_run, l);
    if (failed) {
        loop_free(l);
        return kl_fail(err, KL_BROKEN, "the relay's thread does not start: %s", strerror(failed));
    }
    *out = l;
    return KL_OK;
}

void loop_abort(struct loop *l)
{
    pthread_mutex_lock(&l->lock);
    l->aborting = true;
    eventfd_write(l->wake_fd, 1);
    while (!l->aborted)
        pthread_cond_wait(&l->aborted_cond, &l->lock);
    pthread_mutex_unlock(&l->lock);
}

void loop_stop(struct loop *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_mutex_unlock(&l->lock);
    eventfd_write(l->wake_fd, 1);
    pthread_join(l->thread, NULL);
    kl_assert(!l->running);
    loop_free(l);
}
