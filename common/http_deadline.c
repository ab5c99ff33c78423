/* http_deadline.c - slow clients.
 *
 * libmicrohttpd's own timeout starts again at each byte, so a client that sends one now and then outlives it. Here
 * every connection has one absolute deadline, and a sweep on the door's thread cuts those that passed it.
 *
 * The deadline and what is waited for share one atomic word, because the two threads race: while the sweep decides
 * to cut, the last byte may arrive. Whoever changes the word first has won. So the sweep may even write a 408 to
 * the socket: having cut a receiving connection, it knows that libmicrohttpd has nothing to say on it any more. */
#include <stdio.h>
#include <sys/socket.h>

#include "http_internal.h"

#define PHASE_BITS 3

static uint64_t pack(enum kl_phase phase, int64_t due_ms)
{
    return (uint64_t)due_ms << PHASE_BITS | phase;
}

static enum kl_phase phase_of(uint64_t clock)
{
    return (enum kl_phase)(clock & ((1 << PHASE_BITS) - 1));
}

static int64_t due_of(uint64_t clock)
{
    return (int64_t)(clock >> PHASE_BITS);
}

bool kl_deadline_set(struct kl_request *r, enum kl_phase phase, int64_t due_ms)
{
    uint64_t old = atomic_load_explicit(&r->clock, memory_order_relaxed);

    /* Only the sweep writes besides this thread, and only once: a failed exchange means that it has cut. */
    return phase_of(old) != KL_PHASE_CUT && atomic_compare_exchange_strong(&r->clock, &old, pack(phase, due_ms));
}

bool kl_deadline_cut(const struct kl_request *r)
{
    return phase_of(atomic_load_explicit(&r->clock, memory_order_relaxed)) == KL_PHASE_CUT;
}

int64_t kl_deadline_for(int64_t from_ms, int64_t timeout_ms, int64_t bytes)
{
    return from_ms + timeout_ms + bytes / (KL_RATE_MIN_BYTES_S / 1000);
}

int64_t kl_deadline_tick_ms(const struct kl_http_conf *conf)
{
    int64_t least = conf->idle_timeout_ms < conf->request_timeout_ms ? conf->idle_timeout_ms : conf->request_timeout_ms;

    return least < 40 ? 10 : least > 4000 ? 1000 : least / 4;
}

bool kl_deadline_init(struct kl_http *h)
{
    struct kl_error err;
    struct kl_buf body;
    const char *cors = h->conf.cors_origin;
    char cors_line[300] = "";
    bool made;

    kl_fail(&err, KL_SLOW_CLIENT, "the request did not arrive in time");
    kl_buf_init(&body, sizeof h->slow_answer / 2);
    if (cors)
        snprintf(cors_line, sizeof cors_line, "Access-Control-Allow-Origin: %s\r\n", cors);
    made = kl_problem_json(&body, &err, NULL);
    if (made)
        h->slow_answer_len = (size_t)snprintf(h->slow_answer, sizeof h->slow_answer,
                                              "HTTP/1.1 408 Request Timeout\r\nContent-Type: " KL_PROBLEM_TYPE "\r\n"
                                              "%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                                              cors_line, body.len, body.data);
    if (h->slow_answer_len >= sizeof h->slow_answer)
        h->slow_answer_len = 0;   /* a very long CORS_ORIGIN: only cut */
    kl_buf_fini(&body);
    return made;
}

/* The lane's lock is held, so fd is still this connection's. Shutting it down makes libmicrohttpd see a broken
 * connection, on its own thread, and close; where it does not look at the socket, http_lane.c helps. Both directions:
 * the end of input alone it would not see while the client goes on sending. What was sent before still arrives. */
static void cut(struct kl_request *r, enum kl_phase phase)
{
    struct kl_http *h = r->http;

    if (phase == KL_PHASE_RECEIVING && h->slow_answer_len > 0)
        (void)!send(r->fd, h->slow_answer, h->slow_answer_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (phase != KL_PHASE_IDLE)
        atomic_fetch_add_explicit(&r->lane->stats->slow, 1, memory_order_relaxed);
    shutdown(r->fd, SHUT_RDWR);
}

void kl_deadline_sweep(struct kl_http *h, int64_t now_ms)
{
    for (size_t i = 0; i < h->n_lanes; i++) {
        struct kl_lane *lane = &h->lanes[i];
        bool any = false;

        pthread_mutex_lock(&lane->lock);
        for (struct kl_request *r = lane->first; r; r = r->next) {
            uint64_t clock = atomic_load_explicit(&r->clock, memory_order_relaxed);
            enum kl_phase phase = phase_of(clock);

            if (phase == KL_PHASE_HELD || phase == KL_PHASE_CUT || due_of(clock) > now_ms)
                continue;
            if (!atomic_compare_exchange_strong(&r->clock, &clock, pack(KL_PHASE_CUT, 0)))
                continue;
            cut(r, phase);
            any = true;
        }
        pthread_mutex_unlock(&lane->lock);
        if (any)
            kl_lane_wake(lane, KL_PENDING_CUT);
    }
}
