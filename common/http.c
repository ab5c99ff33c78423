/* http.c - starting the server and the steps of its shutdown. The other http_*.c are listed in http_internal.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>

#include "http_internal.h"

/* For a conf that leaves them 0; a service's settings have the same (service.h). */
#define CONNECTIONS_MAX    10000
#define IDLE_TIMEOUT_MS    60000
#define REQUEST_TIMEOUT_MS 30000

static void default_to(int64_t *value, int64_t def)
{
    if (*value <= 0)
        *value = def;
}

static size_t cores(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

static void on_panic(void *ctx, const char *file, unsigned line, const char *why)
{
    (void)ctx;
    kl_error("libmicrohttpd gave up", KL_S("why", why), KL_S("file", file), KL_I("line", line));
    abort();
}

static struct kl_http *http_new(const struct kl_http_conf *conf)
{
    struct kl_http *h = calloc(1, sizeof *h);
    pthread_condattr_t monotonic;

    if (!h)
        return NULL;
    h->conf = *conf;
    default_to(&h->conf.connections_max, CONNECTIONS_MAX);
    default_to(&h->conf.idle_timeout_ms, IDLE_TIMEOUT_MS);
    default_to(&h->conf.request_timeout_ms, REQUEST_TIMEOUT_MS);
    h->listen_fd = h->door_wake_fd = -1;
    h->n_lanes = conf->threads > 0 ? (size_t)conf->threads : cores();
    if (h->n_lanes > KL_HTTP_LANES_MAX)
        h->n_lanes = KL_HTTP_LANES_MAX;
    h->loopback = kl_guard_is_loopback(conf->address);
    snprintf(h->own_host, sizeof h->own_host, strchr(conf->address, ':') ? "[%s]" : "%s", conf->address);
    h->lanes = calloc(h->n_lanes, sizeof *h->lanes);
    if (!h->lanes || !kl_router_init(&h->router, conf->routes) || !kl_deadline_init(h)) {
        kl_router_fini(&h->router);
        free(h->lanes);
        free(h);
        return NULL;
    }
    for (size_t i = 0; i < h->n_lanes; i++) {
        struct kl_lane *lane = &h->lanes[i];

        lane->http = h;
        lane->stats = kl_http_stats(i);
        lane->pipe[0] = lane->pipe[1] = -1;
        pthread_mutex_init(&lane->lock, NULL);
    }
    pthread_mutex_init(&h->idle_lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&h->idle, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return h;
}

static void http_free(struct kl_http *h)
{
    for (size_t i = 0; i < h->n_lanes; i++)
        pthread_mutex_destroy(&h->lanes[i].lock);
    pthread_mutex_destroy(&h->idle_lock);
    pthread_cond_destroy(&h->idle);
    kl_router_fini(&h->router);
    free(h->lanes);
    free(h);
}

enum kl_code kl_http_start(struct kl_http **out, const struct kl_http_conf *conf, struct kl_error *err)
{
    enum kl_code code = kl_guard_start(conf, err);
    struct kl_http *h;

    *out = NULL;
    if (code)
        return code;
    MHD_set_panic_func(on_panic, NULL);
    h = http_new(conf);
    if (!h)
        return kl_fail(err, KL_BROKEN, "no memory for the HTTP server");
    code = kl_door_listen(h, err);
    for (size_t i = 0; code == KL_OK && i < h->n_lanes; i++)
        code = kl_lane_start(&h->lanes[i], err);
    if (code == KL_OK)
        code = kl_door_open(h, err);
    if (code == KL_OK)
        *out = h;
    else
        kl_http_stop(h);
    return code;
}

int kl_http_port(const struct kl_http *h)
{
    return h->port;
}

void kl_http_lame_duck(struct kl_http *h)
{
    atomic_store(&h->lame, true);
    kl_stream_wake_all(h);
}

static int64_t in_flight(struct kl_http *h)
{
    int64_t n = 0;

    for (size_t i = 0; i < h->n_lanes; i++)
        n += atomic_load(&h->lanes[i].in_flight);
    return n;
}

bool kl_http_refuse(struct kl_http *h, int64_t wait_ms)
{
    const int64_t until_us = kl_mono_us() + wait_ms * 1000;
    const struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
    bool none;

    kl_http_lame_duck(h);   /* a refusal closes its connection as well */
    atomic_store(&h->refusing, true);
    pthread_mutex_lock(&h->idle_lock);
    while (in_flight(h) > 0 && pthread_cond_timedwait(&h->idle, &h->idle_lock, &until) == 0)
        continue;
    none = in_flight(h) == 0;
    pthread_mutex_unlock(&h->idle_lock);
    return none;
}

/* libmicrohttpd aborts when a connection is still suspended. Streams are not: they were woken and have ended. */
static void assert_all_resumed(struct kl_http *h)
{
    for (size_t i = 0; i < h->n_lanes; i++) {
        pthread_mutex_lock(&h->lanes[i].lock);
        for (struct kl_request *r = h->lanes[i].first; r; r = r->next)
            kl_assert(!atomic_load(&r->suspended));
        pthread_mutex_unlock(&h->lanes[i].lock);
    }
}

void kl_http_stop(struct kl_http *h)
{
    if (!h)
        return;
    kl_door_close(h);
    kl_http_lame_duck(h);
    assert_all_resumed(h);
    for (size_t i = 0; i < h->n_lanes; i++)
        kl_lane_stop(&h->lanes[i]);
    http_free(h);
}
