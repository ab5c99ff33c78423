/* live_topics.c - topics and their rings: what the feed hands over goes in, what it says of its partitions is learnt.
 *
 * The feed's thread must not wait for anything a client does. So it copies a few records at a time under the lock and
 * marks the topics that have followers; live.c's thread wakes those. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "live_hub.h"
#include "topic.h"

#define CHUNK            64            /* records copied under the lock at once; measured: 30 microseconds, headers parsed */
#define LEARN_US         1000000       /* how old what the feed said of its topics may be when a stream is opened */
#define LEARN_URGENT_US  100000        /* the same when it names a topic that is not known */

/* ---- topics (under live->lock) ---- */

static int compare_topic(const void *name, const void *topic)
{
    return strcmp(name, (*(struct live_topic *const *)topic)->name);
}

struct live_topic *live_topic_find(const struct live *live, const char *name)
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
    struct live_topic *topic = live_topic_find(live, name);
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
    struct kl_message m;

    if (!topic)
        return;
    if (inc->id != topic->ring.life)
        live_ring_begin(&topic->ring, inc->id);
    if (kl_message_view(&m, record->message, &live->headers))
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
