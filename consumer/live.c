/* live.c - opening and closing, the list of clients, and the thread that wakes them: those whose topics got something,
 * and those that are due a heartbeat. */
#include <stdlib.h>

#include "clock.h"
#include "live_catchup.h"
#include "live_client.h"
#include "live_kafka.h"

#define SWEEPS 8 /* looks at all clients within a heartbeat */

/* ---- the list of clients ---- */

bool live_admit(struct live *live)
{
    bool admitted;

    pthread_mutex_lock(&live->clients_lock);
    admitted = live->n_clients < live->conf.streams_max;
    live->n_clients += admitted;
    pthread_mutex_unlock(&live->clients_lock);
    kl_metric_add(&live_metrics[LIVE_STREAMS], admitted);
    return admitted;
}

void live_leave(struct live *live)
{
    pthread_mutex_lock(&live->clients_lock);
    live->n_clients--;
    pthread_mutex_unlock(&live->clients_lock);
    kl_metric_add(&live_metrics[LIVE_STREAMS], -1);
}

void live_enlist(struct live *live, struct live_client *c)
{
    pthread_mutex_lock(&live->clients_lock);
    TAILQ_INSERT_TAIL(&live->clients, c, link);
    for (size_t i = 0; i < c->n; i++) {
        TAILQ_INSERT_TAIL(&c->follows[i].topic->followers, &c->follows[i], link);
        c->follows[i].topic->n_followers++;
    }
    pthread_mutex_unlock(&live->clients_lock);
}

void live_delist(struct live *live, struct live_client *c)
{
    pthread_mutex_lock(&live->clients_lock);
    TAILQ_REMOVE(&live->clients, c, link);
    for (size_t i = 0; i < c->n; i++) {
        TAILQ_REMOVE(&c->follows[i].topic->followers, &c->follows[i], link);
        c->follows[i].topic->n_followers--;
    }
    pthread_mutex_unlock(&live->clients_lock);
}

/* ---- the thread that wakes ---- */

static void wake_followers(struct live *live, struct live_topic *topic)
{
    struct live_follow *f;

    pthread_mutex_lock(&live->clients_lock);
    TAILQ_FOREACH(f, &topic->followers, link)
        live_client_wake(f->client);
    pthread_mutex_unlock(&live->clients_lock);
}

static void wake_silent(struct live *live, int64_t now_us)
{
    struct live_client *c;

    pthread_mutex_lock(&live->clients_lock);
    TAILQ_FOREACH(c, &live->clients, link)
        if (live_client_silent(c, now_us))
            live_client_wake(c);
    pthread_mutex_unlock(&live->clients_lock);
}

/* The next dirty topic; NULL: the sweep is due, or the end has come. */
static struct live_topic *wait_dirty(struct live *live, int64_t sweep_us, bool *stop)
{
    struct timespec due = { .tv_sec = sweep_us / 1000000, .tv_nsec = sweep_us % 1000000 * 1000 };
    struct live_topic *topic;

    pthread_mutex_lock(&live->lock);
    while (STAILQ_EMPTY(&live->dirty) && !live->stop && kl_mono_us() < sweep_us)
        pthread_cond_timedwait(&live->changed, &live->lock, &due);
    topic = STAILQ_FIRST(&live->dirty);
    if (topic) {
        STAILQ_REMOVE_HEAD(&live->dirty, in_dirty);
        topic->dirty = false;
    }
    *stop = live->stop;
    pthread_mutex_unlock(&live->lock);
    return topic;
}

static void *wake_all(void *ctx)
{
    struct live *live = ctx;
    int64_t period_us = live->conf.heartbeat_ms * 1000 / SWEEPS;
    int64_t sweep_us = kl_mono_us() + period_us;
    struct live_topic *topic;
    bool stop = false;

    while (!stop) {
        topic = wait_dirty(live, sweep_us, &stop);
        if (topic)
            wake_followers(live, topic);
        if (kl_mono_us() >= sweep_us) {
            sweep_us = kl_mono_us() + period_us;
            wake_silent(live, kl_mono_us());
        }
    }
    return NULL;
}

/* ---- open and close ---- */

static struct live *new_live(const struct live_conf *conf)
{
    struct live *live = calloc(1, sizeof *live);
    pthread_condattr_t attr;

    if (!live)
        return NULL;
    live->conf = *conf;
    live_rings_init(&live->rings, (size_t)conf->ring_bytes, (size_t)conf->rings_bytes);
    STAILQ_INIT(&live->dirty);
    TAILQ_INIT(&live->clients);
    kl_buf_init(&live->headers, SIZE_MAX / 2);
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->clients_lock, NULL);
    pthread_mutex_init(&live->learn_lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&live->changed, &attr);
    pthread_condattr_destroy(&attr);
    return live;
}

static void free_live(struct live *live)
{
    for (size_t i = 0; i < live->n_topics; i++) {
        live_ring_fini(&live->topics[i]->ring);
        free(live->topics[i]);
    }
    free(live->topics);
    kl_buf_fini(&live->headers);
    pthread_cond_destroy(&live->changed);
    pthread_mutex_destroy(&live->learn_lock);
    pthread_mutex_destroy(&live->clients_lock);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

enum kl_code live_open_on(struct live **out, const struct live_conf *conf, const struct live_source *source,
                          void *source_ctx, struct kl_error *err)
{
    struct live *live = new_live(conf);
    enum kl_code code;

    if (!live)
        return kl_fail(err, KL_BROKEN, "no memory for the live streams");
    live_metrics_register();
    code = live_catchup_start(&live->catchup, live, source, source_ctx, err);
    if (code) {
        free_live(live);
        return code;
    }
    if (pthread_create(&live->thread, NULL, wake_all, live)) {
        live_catchup_stop(live->catchup);
        free_live(live);
        return kl_fail(err, KL_BROKEN, "no thread for the live streams");
    }
    pthread_setname_np(live->thread, "live");
    *out = live;
    return KL_OK;
}

enum kl_code live_open(struct live **out, const struct live_conf *conf, rd_kafka_conf_t *kafka, struct kl_error *err)
{
    enum kl_code code = live_open_on(out, conf, &live_kafka, kafka, err);

    if (code)
        rd_kafka_conf_destroy(kafka);
    else
        (*out)->kafka = kafka;
    return code;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    kl_assert(TAILQ_EMPTY(&live->clients));
    pthread_mutex_lock(&live->lock);
    live->stop = true;
    pthread_cond_signal(&live->changed);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->thread, NULL);
    live_catchup_stop(live->catchup);
    if (live->kafka)
        rd_kafka_conf_destroy(live->kafka);
    free_live(live);
}
