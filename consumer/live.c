/* live.c - the hub: topics and their rings, the thread that wakes clients.
 *
 * The feed's thread must not wait for anything a client does. So it copies a few records at a time under the lock and
 * marks the topics that have followers; a thread of ours wakes those, and also the clients that are due a heartbeat. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "live_catchup.h"
#include "live_client.h"
#include "live_kafka.h"

#define CHUNK            64            /* records copied under the lock at once: some 20 microseconds */
#define LEARN_US         1000000       /* how old what the feed said of its topics may be when a stream is opened */
#define LEARN_URGENT_US  100000        /* the same when it names a topic that is not known */
#define SWEEPS           8             /* looks at all clients within a heartbeat */

/* ---- topics (under live->lock) ---- */

static int compare_topic(const void *name, const void *topic)
{
    return strcmp(name, (*(struct live_topic *const *)topic)->name);
}

static struct live_topic *find_topic(const struct live *live, const char *name)
{
    struct live_topic **at =
        live->n_topics ? bsearch(name, live->topics, live->n_topics, sizeof *live->topics, compare_topic) : NULL;

    return at ? *at : NULL;
}

static bool room_for_topic(struct live *live)
{
    size_t size = live->topics_size ? live->topics_size * 2 : 16;
    struct live_topic **topics;

    if (live->n_topics < live->topics_size)
        return true;
    topics = calloc(size, sizeof *topics);
    if (!topics)
        return false;
    if (live->n_topics)
        memcpy(topics, live->topics, live->n_topics * sizeof *topics);
    free(live->topics);
    live->topics = topics;
    live->topics_size = size;
    return true;
}

/* Finds or makes; NULL: no memory. */
static struct live_topic *have_topic(struct live *live, const char *name)
{
    struct live_topic *topic = find_topic(live, name);
    size_t i = live->n_topics;

    if (topic)
        return topic;
    topic = room_for_topic(live) ? calloc(1, sizeof *topic) : NULL;
    if (!topic)
        return NULL;
    kl_assert(strlen(name) < sizeof topic->name);
    strcpy(topic->name, name);
    live_ring_init(&topic->ring, &live->rings);
    TAILQ_INIT(&topic->followers);
    for (; i > 0 && strcmp(live->topics[i - 1]->name, name) > 0; i--)
        live->topics[i] = live->topics[i - 1];
    live->topics[i] = topic;
    live->n_topics++;
    return topic;
}

/* ---- publishing (the feed's thread) ---- */

static struct live_topic *topic_of(struct live *live, const struct kl_incarnation *inc)
{
    bool internal;

    if (inc == live->last)
        return live->last_topic;
    internal = kl_topic_internal(inc->topic);
    live->last_topic = internal ? NULL : have_topic(live, inc->topic);
    live->last = internal || live->last_topic ? inc : NULL;
    return live->last_topic;
}

static void publish(struct live *live, const struct kl_feed_record *record)
{
    const struct kl_incarnation *inc = record->incarnation;
    struct live_topic *topic = topic_of(live, inc);
    struct live_message m;

    if (!topic)
        return;
    if (inc->id != topic->ring.life)
        live_ring_begin(&topic->ring, inc->id);
    if (live_message_view(&m, record->message, &live->headers))
        live_ring_append(&topic->ring, &m);
    else
        live_ring_lose(&topic->ring, record->message->partition, record->message->offset);
    if (!topic->dirty && atomic_load_explicit(&topic->n_followers, memory_order_relaxed)) {
        topic->dirty = true;
        STAILQ_INSERT_TAIL(&live->dirty, topic, in_dirty);
    }
}

void live_fetched(void *ctx, const struct kl_feed_record *records, size_t n)
{
    struct live *live = ctx;
    bool dirty = false;

    for (size_t i = 0; i < n;) {
        pthread_mutex_lock(&live->lock);
        for (size_t k = 0; k < CHUNK && i < n; k++)
            publish(live, &records[i++]);
        dirty = !STAILQ_EMPTY(&live->dirty);
        kl_metric_set(&live_metrics[LIVE_RING_BYTES], (int64_t)live->rings.bytes);
        pthread_mutex_unlock(&live->lock);
    }
    if (dirty)
        pthread_cond_signal(&live->changed);
}

/* ---- what the feed follows ---- */

static void learn_partition(struct live *live, const struct kl_feed_partition *p)
{
    struct live_topic *topic = kl_topic_internal(p->topic) ? NULL : have_topic(live, p->topic);
    struct live_ring *ring;

    if (!topic)
        return;
    topic->followed = true;
    ring = &topic->ring;
    /* A later life only: what was asked a moment ago may be older than the records that came meanwhile. */
    if (p->incarnation > ring->life)
        live_ring_begin(ring, p->incarnation);
    if (p->incarnation == ring->life && p->end >= 0)   /* else it has not been looked at yet */
        live_ring_learn(ring, p->partition, p->next, p->end);
}

static void learn_now(struct live *live)
{
    struct kl_feed_partition *partitions = NULL;
    size_t n = live->feed.partitions(live->feed.ctx, &partitions);

    pthread_mutex_lock(&live->lock);
    for (size_t i = 0; i < live->n_topics; i++)
        live->topics[i]->followed = false;
    for (size_t i = 0; i < n; i++)
        learn_partition(live, &partitions[i]);
    pthread_mutex_unlock(&live->lock);
    free(partitions);
}

bool live_learn(struct live *live, bool urgent)
{
    int64_t age_us;
    bool attached;

    pthread_mutex_lock(&live->learn_lock);
    attached = live->feed.partitions != NULL;
    age_us = kl_mono_us() - live->learned_us;
    if (attached && (!live->learned_us || age_us > (urgent ? LEARN_URGENT_US : LEARN_US))) {
        learn_now(live);
        live->learned_us = kl_mono_us();
    }
    pthread_mutex_unlock(&live->learn_lock);
    return attached;
}

void live_attach_to(struct live *live, struct live_feed feed)
{
    pthread_mutex_lock(&live->learn_lock);
    live->feed = feed;
    pthread_mutex_unlock(&live->learn_lock);
}

static size_t feed_partitions(void *feed, struct kl_feed_partition **out)
{
    return kl_feed_partitions(feed, out);
}

void live_attach(struct live *live, struct kl_feed *feed)
{
    live_attach_to(live, (struct live_feed){ feed_partitions, feed });
}

/* ---- for clients ---- */

bool live_follow_reach(struct live_follow *f, int32_t n)
{
    int64_t *next;

    if (n <= f->n)
        return true;
    next = calloc((size_t)n, sizeof *next);
    if (!next)
        return false;
    if (f->n)
        memcpy(next, f->next, (size_t)f->n * sizeof *next);
    free(f->next);
    f->next = next;
    f->n = n;
    return true;
}

static enum kl_code not_yet(const struct live_topic *topic, struct kl_error *err)
{
    kl_fail(err, KL_BUSY, "topic \"%s\" is not read yet", topic->name);
    err->retry_after_s = LIVE_SOON_S;
    return KL_BUSY;
}

static enum kl_code stand_at_end(struct live_follow *f, const struct live_topic *topic, struct kl_error *err)
{
    const struct live_ring *ring = &topic->ring;

    if (ring->n_parts == 0)
        return not_yet(topic, err);
    if (!live_follow_reach(f, ring->n_parts))
        return kl_fail(err, KL_BUSY, "no memory for a stream");
    f->n = ring->n_parts;
    for (int32_t i = 0; i < f->n; i++) {
        if (!ring->parts[i].known)
            return not_yet(topic, err);
        f->next[i] = ring->parts[i].next;
    }
    f->life = ring->life;
    f->cursor = live_ring_end(ring);
    return KL_OK;
}

enum kl_code live_follow_open(struct live_follow *f, struct live *live, const char *topic, struct kl_error *err)
{
    enum kl_code code;

    pthread_mutex_lock(&live->lock);
    f->topic = find_topic(live, topic);
    if (f->topic && f->topic->followed)
        code = stand_at_end(f, f->topic, err);
    else
        code = kl_fail_field(err, KL_NOT_FOUND, "topics", "topic \"%s\" does not exist, or is not read here", topic);
    pthread_mutex_unlock(&live->lock);
    return code;
}

struct live_now live_topic_now(struct live *live, const struct live_topic *topic)
{
    struct live_now now;

    pthread_mutex_lock(&live->lock);
    now = (struct live_now){ topic->ring.life, topic->ring.n_parts, topic->followed };
    pthread_mutex_unlock(&live->lock);
    return now;
}

int64_t live_topic_from(struct live *live, const struct live_topic *topic, int32_t partition)
{
    int64_t from = 0;

    pthread_mutex_lock(&live->lock);
    if (partition < topic->ring.n_parts)
        from = live_ring_from(&topic->ring, partition);
    pthread_mutex_unlock(&live->lock);
    return from;
}

static enum live_join may_join(const struct live_follow *f, bool checked)
{
    const struct live_ring *ring = &f->topic->ring;
    unsigned cover = (checked ? LIVE_COVER_CHECKED : 0) | (f->topic->followed ? 0 : LIVE_COVER_STILL);

    if (ring->life != f->life)
        return LIVE_CHANGED;
    if (live_ring_covers(ring, f->next, f->n, cover))
        return LIVE_JOINED;
    return ring->n_parts > f->n || !f->topic->followed ? LIVE_CHANGED : LIVE_BEHIND;
}

enum live_join live_join(struct live *live, struct live_follow *follows, size_t n, bool checked)
{
    enum live_join all = LIVE_JOINED, one;

    pthread_mutex_lock(&live->lock);
    for (size_t i = 0; i < n; i++) {
        one = may_join(&follows[i], checked);
        if (one > all)
            all = one;
    }
    for (size_t i = 0; i < n && all == LIVE_JOINED; i++)
        follows[i].cursor = live_ring_seek(&follows[i].topic->ring, follows[i].next, follows[i].n);
    pthread_mutex_unlock(&live->lock);
    return all;
}

static int64_t *resume_at(const struct live_ring *ring, int32_t *n)
{
    int64_t *resume;

    *n = live_ring_first_starts(ring, NULL);
    resume = calloc(*n ? (size_t)*n : 1, sizeof *resume);
    if (resume)
        live_ring_first_starts(ring, resume);
    return resume;
}

/* One topic's next step; false: nothing new. */
static bool next_of(struct live_follow *f, struct live_step *step)
{
    const struct live_ring *ring = &f->topic->ring;
    uint64_t skipped = live_ring_catch_up(ring, &f->cursor);

    *step = (struct live_step){ .follow = f, .life = ring->life, .n_parts = ring->n_parts, .skipped = skipped };
    if (skipped)
        step->resume = resume_at(ring, &step->n_resume);
    step->more = live_ring_slice(ring, &f->cursor, &step->slice);
    if (step->more) {
        step->life = step->slice.block->life;
        step->n_parts = step->slice.block->n_starts;
    }
    return skipped || step->more;
}

bool live_next(struct live *live, struct live_follow *follows, size_t n, size_t *turn, struct live_step *step)
{
    bool found = false;

    pthread_mutex_lock(&live->lock);
    for (size_t i = 0; i < n && !found; i++) {
        found = next_of(&follows[*turn], step);
        *turn = (*turn + 1) % n;
    }
    pthread_mutex_unlock(&live->lock);
    return found;
}

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
