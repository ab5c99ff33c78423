/* relay.c - the meeting of a request's HTTP thread and the loop's thread: the two rings, and who wakes whom.
 *
 * x->lock is held while a request is woken or resumed, because the request must not end between the look at
 * x->request and the call; both calls only hand a message to the HTTP thread. It is never held while libcurl is
 * called: libcurl calls back from within curl_easy_pause(). */
#include "relay.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "relay_metrics.h"

/* ---- waking the request; x->lock is held ---- */

static void request_resume(struct relay *x, enum relay_wait why)
{
    if (x->wait != why)
        return;
    x->wait = RELAY_WAIT_NONE;
    kl_request_resume(x->request);
}

static void request_wake(struct relay *x)
{
    if (!x->pulling || !x->request)
        return;
    x->pulling = false;
    kl_request_wake(x->request);
}

/* ---- libcurl's callbacks ---- */

static void deadline_renew(struct relay *x)
{
    x->job.deadline_us = kl_mono_us() + x->all->timeout_ms * 1000;
}

size_t relay_on_read(char *out, size_t size, size_t n, void *relay)
{
    struct relay *x = relay;
    size_t got;

    pthread_mutex_lock(&x->lock);
    got = ring_read(&x->up, out, size * n);
    if (got == 0 && !x->up_whole) {
        x->up_paused = true;
        got = CURL_READFUNC_PAUSE;
    }
    if (ring_room(&x->up) >= RELAY_RING_BYTES / 2)
        request_resume(x, RELAY_WAIT_ROOM);
    if (x->up_paused || x->answered)
        x->job.deadline_us = 0; /* it is the client that is slow, which common/http.h watches */
    else
        deadline_renew(x);
    pthread_mutex_unlock(&x->lock);
    return got;
}

/* An answer's status line starts the head anew: a 1xx head may stand before the final one. */
static bool head_start(struct relay *x, const char *line, size_t len)
{
    const char *space = memchr(line, ' ', len);

    kl_buf_clear(&x->head);
    x->status = space && line + len - space > 3 ? atoi(space + 1) : 0;
    return x->status >= 100 && x->status <= 599;
}

static bool head_line(struct relay *x, const char *line, size_t len)
{
    bool end = len <= 2 && (line[0] == '\r' || line[0] == '\n');

    if (x->answered)
        return true; /* a trailer field: not passed on */
    if (len > 5 && !memcmp(line, "HTTP/", 5))
        return head_start(x, line, len);
    if (!end)
        return kl_buf_add(&x->head, line, len);
    if (x->status >= 200) {
        x->answered = true;
        x->job.deadline_us = 0;
        loop_poke(x->all->loop, &x->job); /* when this round is over: a short answer is whole by then */
    }
    return true;
}

size_t relay_on_head(char *line, size_t size, size_t n, void *relay)
{
    struct relay *x = relay;
    bool fine;

    pthread_mutex_lock(&x->lock);
    fine = n > 0 && head_line(x, line, size * n);
    pthread_mutex_unlock(&x->lock);
    return fine ? size * n : 0;
}

size_t relay_on_body(char *data, size_t size, size_t n, void *relay)
{
    struct relay *x = relay;
    size_t took = size * n;

    pthread_mutex_lock(&x->lock);
    if (ring_room(&x->down) < took) {
        x->down_paused = true;
        took = CURL_WRITEFUNC_PAUSE;
    } else {
        ring_write(&x->down, data, took);
    }
    request_wake(x);
    pthread_mutex_unlock(&x->lock);
    return took;
}

/* ---- the loop's events ---- */

/* The service has refused before it read the whole body: libcurl sends no more of it then, so the rest is dropped.
 * x->lock is held. */
static bool refused(const struct relay *x)
{
    return x->answered && x->status >= 300;
}

/* May libcurl go on where it was paused? x->lock is held. */
static bool may_go_on(const struct relay *x)
{
    if (x->up_paused && (x->up.len || x->up_whole || refused(x)))
        return true;
    return x->down_paused && ring_room(&x->down) >= RELAY_RING_BYTES / 2;
}

static void on_poked(struct loop_job *j)
{
    struct relay *x = (struct relay *)j; /* job is its first member */
    bool go_on;

    pthread_mutex_lock(&x->lock);
    go_on = may_go_on(x);
    if (go_on)
        x->up_paused = x->down_paused = false; /* libcurl asks again, and is paused again, where that was too early */
    if (x->answered)
        request_resume(x, RELAY_WAIT_ANSWER);
    if (refused(x))
        request_resume(x, RELAY_WAIT_ROOM);
    pthread_mutex_unlock(&x->lock);
    if (go_on && j->running)
        curl_easy_pause(j->easy, CURLPAUSE_CONT);
}

static bool nobody_there(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
}

static void on_done(struct loop_job *j, CURLcode code)
{
    struct relay *x = (struct relay *)j;
    long request_bytes = 0;

    curl_easy_getinfo(j->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    pthread_mutex_lock(&x->lock);
    x->over = true;
    x->code = code;
    x->sent = request_bytes > 0;
    request_wake(x);
    request_resume(x, RELAY_WAIT_ROOM);
    request_resume(x, RELAY_WAIT_ANSWER);
    pthread_mutex_unlock(&x->lock);
    relay_count(x->to, code);
    if (code == CURLE_OK || nobody_there(code))
        relay_note(x->all, x->to, code == CURLE_OK);
}

static void relay_free(struct relay *x)
{
    curl_easy_cleanup(x->job.easy);
    curl_slist_free_all(x->headers);
    ring_fini(&x->up);
    ring_fini(&x->down);
    kl_buf_fini(&x->head);
    pthread_mutex_destroy(&x->lock);
    atomic_fetch_sub(&x->all->active, 1);
    free(x);
}

static void on_gone(struct loop_job *j)
{
    struct relay *x = (struct relay *)j;

    if (!x->over)
        relay_count_left(x->to);
    relay_free(x);
}

static const struct loop_events events = { .poked = on_poked, .done = on_done, .gone = on_gone };

/* ---- birth and end ---- */

static enum kl_code relay_admit(struct relays *all, struct kl_error *err)
{
    if (atomic_load(&all->stopping))
        return kl_fail(err, KL_BUSY, "the portal is stopping");
    if (atomic_fetch_add(&all->active, 1) < all->max)
        return KL_OK;
    atomic_fetch_sub(&all->active, 1);
    relay_count_refused();
    return kl_fail_limit(err, KL_BUSY, "", all->max, "%lld calls are under way through the portal already", (long long)all->max);
}

enum kl_code relay_new(struct relay **out, struct relays *all, const struct upstream *to, struct kl_request *r,
                       struct kl_error *err)
{
    enum kl_code code = relay_admit(all, err);
    struct relay *x;

    if (code)
        return code;
    x = calloc(1, sizeof *x);
    if (!x) {
        atomic_fetch_sub(&all->active, 1);
        return kl_fail(err, KL_BROKEN, "no memory for a relay");
    }
    x->job.on = &events;
    x->all = all;
    x->to = to;
    x->request = r;
    pthread_mutex_init(&x->lock, NULL);
    kl_buf_init(&x->head, RELAY_HEAD_MAX_BYTES);
    x->job.easy = curl_easy_init();
    code = x->job.easy && ring_init(&x->down, RELAY_RING_BYTES) ? relay_request_set(x, r, err)
                                                                : kl_fail(err, KL_BROKEN, "no memory for a relay");
    if (code) {
        relay_free(x);
        return code;
    }
    *out = x;
    return KL_OK;
}

void relay_begin(struct relay *x)
{
    deadline_renew(x);
    loop_begin(x->all->loop, &x->job);
}

void relay_release(void *relay)
{
    struct relay *x = relay;

    pthread_mutex_lock(&x->lock);
    kl_assert(x->wait == RELAY_WAIT_NONE);
    x->request = NULL;
    pthread_mutex_unlock(&x->lock);
    loop_close(x->all->loop, &x->job); /* the last touch: x may be gone now */
}

/* ---- the request's side ---- */

size_t relay_take(struct relay *x, const char *data, size_t len)
{
    size_t took = len;
    bool poke;

    pthread_mutex_lock(&x->lock);
    if (!x->over && !refused(x)) {
        took = ring_write(&x->up, data, len);
        if (took < len) {
            x->wait = RELAY_WAIT_ROOM;
            kl_request_suspend(x->request, NULL);
        }
    }
    poke = x->up_paused && took > 0;
    pthread_mutex_unlock(&x->lock);
    if (poke)
        loop_poke(x->all->loop, &x->job);
    return took;
}

bool relay_over(struct relay *x)
{
    bool over;

    pthread_mutex_lock(&x->lock);
    over = x->over;
    pthread_mutex_unlock(&x->lock);
    return over;
}

bool relay_ask(struct relay *x, kl_handle_fn *then)
{
    bool there, poke;

    pthread_mutex_lock(&x->lock);
    x->up_whole = true;
    poke = x->up_paused;
    there = x->answered || x->over;
    if (!there) {
        x->wait = RELAY_WAIT_ANSWER;
        kl_request_suspend(x->request, then);
    }
    pthread_mutex_unlock(&x->lock);
    if (poke)
        loop_poke(x->all->loop, &x->job);
    return there;
}

/* What to tell the client about a call that got no answer. */
static enum kl_code failure(const struct relay *x, struct kl_error *err)
{
    const char *name = x->to->name;
    char text[256];

    switch (x->code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        upstream_absent(x->to, text, sizeof text);
        return kl_fail(err, KL_UPSTREAM, "%s", text);
    case CURLE_OPERATION_TIMEDOUT:
        if (!x->sent)
            return kl_fail_limit(err, KL_TIMEOUT, "", UPSTREAM_CONNECT_MS, "the %s at %s did not take the connection", name, x->to->origin);
        return kl_fail_limit(err, KL_TIMEOUT, "", x->all->timeout_ms, "the %s did not answer within %lld ms", name, (long long)x->all->timeout_ms);
    case CURLE_ABORTED_BY_CALLBACK:
        return kl_fail(err, KL_BUSY, "the portal is stopping");
    case CURLE_OUT_OF_MEMORY:
        return kl_fail(err, KL_BROKEN, "no memory for a call to the %s", name);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND:
        return kl_fail(err, KL_UPSTREAM, "the %s closed the connection before it answered", name);
    case CURLE_WRITE_ERROR: /* relay_on_head refused it */
        if (x->head.failed)
            return kl_fail_limit(err, KL_UPSTREAM, "", RELAY_HEAD_MAX_BYTES, "the %s answered with too large a head", name);
        /* fall through */
    case CURLE_OK: /* and no answer but a 1xx: it has switched to another protocol */
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return kl_fail(err, KL_UPSTREAM, "the %s answered what is not HTTP", name);
    default:
        return kl_fail(err, KL_UPSTREAM, "the %s cannot be called: %s", name, curl_easy_strerror(x->code));
    }
}

enum kl_code relay_answered(struct relay *x, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    pthread_mutex_lock(&x->lock);
    kl_assert(x->answered || x->over);
    if (!x->answered) {
        code = failure(x, err);
        if (x->to->records && x->changes)
            err->persisted = x->sent ? "possibly" : "no";
    }
    pthread_mutex_unlock(&x->lock);
    return code;
}

bool relay_whole(struct relay *x)
{
    bool whole;

    pthread_mutex_lock(&x->lock);
    whole = x->over && x->code == CURLE_OK;
    pthread_mutex_unlock(&x->lock);
    return whole;
}

size_t relay_rest(struct relay *x, struct kl_buf *out)
{
    size_t n = 0;

    pthread_mutex_lock(&x->lock);
    if (kl_buf_reserve(out, x->down.len)) {
        n = ring_read(&x->down, out->data + out->len, x->down.len);
        out->len += n;
    }
    pthread_mutex_unlock(&x->lock);
    return n;
}

ssize_t relay_pull(struct relay *x, char *buf, size_t max)
{
    ssize_t n;
    bool poke;

    pthread_mutex_lock(&x->lock);
    n = (ssize_t)ring_read(&x->down, buf, max);
    poke = x->down_paused && ring_room(&x->down) >= RELAY_RING_BYTES / 2;
    if (n == 0 && x->over)
        n = x->code == CURLE_OK ? KL_STREAM_END : KL_STREAM_ABORT;
    else if (n == 0)
        x->pulling = true; /* and n is KL_STREAM_WAIT */
    pthread_mutex_unlock(&x->lock);
    if (poke)
        loop_poke(x->all->loop, &x->job);
    return n;
}

void relay_note(struct relays *all, const struct upstream *to, bool there)
{
    _Atomic bool *absent = &all->absent[to - all->upstreams->list];

    if (atomic_exchange(absent, !there) == !there)
        return;
    if (there)
        kl_info("service answers again", KL_S("service", to->name), KL_S("url", to->origin));
    else
        kl_warn("service is not there", KL_S("service", to->name), KL_S("url", to->origin),
                KL_S("setting", to->setting));
}
