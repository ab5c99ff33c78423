/* http_stream.c - requests that wait: suspended ones, and streams that have nothing to say.
 *
 * A stream's wake is one atomic: AWAKE while pull runs or bytes are being sent, ASLEEP while libmicrohttpd has the
 * connection suspended, WOKEN when a wake came. Whoever takes it out of ASLEEP resumes, so a suspension is resumed
 * exactly once however many wakes there are, and a wake between pull's KL_STREAM_WAIT and the suspension is not lost. */
#include <errno.h>
#include <sys/socket.h>

#include "http_internal.h"

static void resume(struct kl_request *r)
{
    struct kl_lane *lane = r->lane;

    MHD_resume_connection(r->connection);
    /* From here on r may be answered, ended and in use for another request. */
    kl_lane_wake(lane, KL_PENDING_RESUMED);
}

void kl_request_suspend(struct kl_request *r, kl_handle_fn *then)
{
    kl_assert(r->answer.kind == KL_ANSWER_NONE);
    kl_assert(!r->parked);
    kl_assert(then ? r->stage == KL_STAGE_RUN : r->stage == KL_STAGE_BODY && r->match.rule->route->body);
    r->then = then;
    r->parked = true;
    atomic_store_explicit(&r->suspended, true, memory_order_relaxed);
    /* Takes effect when this call of the handler returns: a resume that comes before is remembered. */
    MHD_suspend_connection(r->connection);
}

void kl_request_resume(struct kl_request *r)
{
    kl_assert(atomic_exchange_explicit(&r->suspended, false, memory_order_relaxed));
    resume(r);
}

void kl_request_wake(struct kl_request *r)
{
    if (atomic_exchange(&r->wake, KL_WOKEN) == KL_ASLEEP)
        resume(r);
}

static void fall_asleep(struct kl_request *r)
{
    int awake = KL_AWAKE;

    MHD_suspend_connection(r->connection);
    if (!atomic_compare_exchange_strong(&r->wake, &awake, KL_ASLEEP))
        resume(r);   /* woken meanwhile: undone, and libmicrohttpd pulls again */
}

bool kl_client_left(const struct kl_request *r)
{
    char c;
    ssize_t n = recv(r->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);

    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* libmicrohttpd 0.9.75 marks a connection closed that ends in a pull, and frees it when it next looks at it: which may
 * be never, as it is not in the epoll set then. Connections with a timeout of their own it looks at in each round. */
static void have_it_freed(struct kl_request *r)
{
    MHD_set_connection_option(r->connection, MHD_CONNECTION_OPTION_TIMEOUT, 1u);
}

static ssize_t cut(struct kl_request *r)
{
    have_it_freed(r);
    shutdown(r->fd, SHUT_RDWR);   /* the client sees it now; what was written before still arrives */
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t end(struct kl_request *r)
{
    if (r->answer.size >= 0 || r->is_1_0)
        have_it_freed(r);   /* not in chunks: its end is the connection's */
    return MHD_CONTENT_READER_END_OF_STREAM;
}

ssize_t kl_stream_pull(void *request, uint64_t pos, char *buf, size_t max)
{
    struct kl_request *r = request;
    ssize_t n;

    (void)pos;
    r->lane->served++;
    /* While it slept nobody looked at the socket. Asked before the next bytes are written, a client that has closed is
     * noticed with the first of them; the write itself would succeed, and only the one after it fail. */
    if (atomic_load(&r->wake) == KL_WOKEN && kl_client_left(r))
        return cut(r);
    for (;;) {
        /* First this, then lame: kl_stream_wake_all sets that first and wakes then. */
        atomic_store(&r->wake, KL_AWAKE);
        if (r->streaming && atomic_load(&r->http->lame))
            return end(r);
        n = r->answer.pull(r, buf, max);
        kl_assert(n <= (ssize_t)max);
        if (n != KL_STREAM_WAIT || atomic_load(&r->wake) != KL_WOKEN)
            break;
    }
    if (n == KL_STREAM_WAIT) {
        if (!kl_deadline_set(r, KL_PHASE_HELD, 0))
            return cut(r);
        fall_asleep(r);
        return 0;
    }
    if (n == KL_STREAM_END)
        return end(r);
    if (n == KL_STREAM_ABORT)
        return cut(r);
    /* All before is sent when libmicrohttpd asks for more, so each piece has its own time. */
    if (!kl_deadline_set(r, KL_PHASE_SENDING, kl_coarse_ms() + r->http->conf.request_timeout_ms))
        return cut(r);
    return n;
}

void kl_stream_wake_all(struct kl_http *h)
{
    for (size_t i = 0; i < h->n_lanes; i++) {
        struct kl_lane *lane = &h->lanes[i];

        /* The lock keeps each request, and its connection, from being freed. */
        pthread_mutex_lock(&lane->lock);
        for (struct kl_request *r = lane->first; r; r = r->next)
            kl_request_wake(r);
        pthread_mutex_unlock(&lane->lock);
    }
}
