/* learner.c - see learner.h. */
#include "learner.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "index.h"
#include "log.h"
#include "seer.h"

#define LOOK_MS 200 /* how often it is looked whether something is behind: what behind_ms is exact to */

struct learner {
    const struct seer_conf *conf;
    struct index    *index;
    void           (*fatal)(void *ctx, enum kl_feed_end end, const char *why);
    pthread_mutex_t  choosing;   /* one learner_choose at a time */
    pthread_t        looker;
    bool             has_looker;
    pthread_mutex_t  lock;       /* guards what follows; the feed's short calls are made under it */
    pthread_cond_t   ending;
    struct kl_feed  *feed;       /* NULL: others are being chosen */
    int64_t          fresh_us;   /* when nothing was behind last */
    bool             ends;
};

bool learner_own_topic(const struct learner *l, const char *topic)
{
    const struct seer_conf *c = l->conf;

    return !strcmp(topic, c->statement_topic) || !strcmp(topic, c->question_topic) || !strcmp(topic, c->answer_topic);
}

/* ---- the feed ---- */

static enum kl_code feed_open(struct learner *l, struct kl_feed **out, struct kl_error *err)
{
    struct kl_feed_store store = index_feed(l->index);
    struct index_learning what;
    struct kl_feed_conf feed = { .group = l->conf->group_id, .metadata_ms = l->conf->metadata_ms, .batch_max = (size_t)l->conf->batch_max, .fatal = l->fatal };
    enum kl_code code = index_learning(l->index, &what, err);

    if (code)
        return code;
    feed.topics = what.topics;
    feed.existing_from_end = what.existing_from_end;
    code = seer_kafka_conf(l->conf, KL_KAFKA_CONSUMER, &feed.kafka, err);
    if (!code)
        code = kl_feed_start(out, &feed, &store, err);
    index_learning_fini(&what);
    return code;
}

static struct kl_feed *feed_swap(struct learner *l, struct kl_feed *feed)
{
    struct kl_feed *before;

    pthread_mutex_lock(&l->lock);
    before = l->feed;
    l->feed = feed;
    pthread_mutex_unlock(&l->lock);
    return before;
}

enum kl_code learner_choose(struct learner *l, const char *topics, bool from_beginning, struct kl_error *err)
{
    struct kl_error why;
    struct kl_feed *feed = NULL;
    enum kl_code code;

    pthread_mutex_lock(&l->choosing);
    kl_feed_stop(feed_swap(l, NULL));
    code = index_learn(l->index, topics, from_beginning, err);
    if (feed_open(l, &feed, &why)) { /* also after a refusal: as it was before */
        kl_error("learning from topics does not start again", KL_S("why", why.text));
        if (!code) {
            *err = why;
            code = why.code;
        }
    }
    feed_swap(l, feed);
    pthread_mutex_unlock(&l->choosing);
    return code;
}

/* ---- how far ---- */

static size_t partitions_locked(struct learner *l, struct kl_feed_partition **out)
{
    *out = NULL;
    return l->feed ? kl_feed_partitions(l->feed, out) : 0;
}

size_t learner_partitions(struct learner *l, struct kl_feed_partition **out)
{
    size_t n;

    pthread_mutex_lock(&l->lock);
    n = partitions_locked(l, out);
    pthread_mutex_unlock(&l->lock);
    return n;
}

/* The partitions of a topic stand together. */
static struct freshness count(const struct learner *l, const struct kl_feed_partition *parts, size_t n)
{
    struct freshness f = { .topics = 0 };

    for (size_t i = 0; i < n; i++) {
        if (learner_own_topic(l, parts[i].topic))
            continue;
        f.topics += i == 0 || strcmp(parts[i].topic, parts[i - 1].topic) != 0;
        f.behind += parts[i].end > parts[i].stored ? parts[i].end - parts[i].stored : 0;
    }
    return f;
}

static int by_topic(const void *a, const void *b)
{
    return strcmp(((const struct kl_feed_partition *)a)->topic, ((const struct kl_feed_partition *)b)->topic);
}

struct freshness learner_freshness(struct learner *l)
{
    struct kl_feed_partition *parts;
    struct freshness f;
    char why[256];
    size_t n;
    bool known;

    pthread_mutex_lock(&l->lock);
    n = partitions_locked(l, &parts);
    known = l->feed && kl_feed_ready(l->feed, why, sizeof why);
    if (n > 0)
        qsort(parts, n, sizeof *parts, by_topic);
    f = count(l, parts, n);
    if (known && f.behind == 0)
        l->fresh_us = kl_mono_us();
    else
        f.behind_ms = (kl_mono_us() - l->fresh_us) / 1000 + 1;
    pthread_mutex_unlock(&l->lock);
    free(parts);
    return f;
}

/* Asked by nobody, freshness would not know since when it is behind. */
static void *look(void *learner)
{
    struct learner *l = learner;
    struct timespec until;

    pthread_setname_np(pthread_self(), "freshness");
    pthread_mutex_lock(&l->lock);
    while (!l->ends) {
        int64_t due_us = kl_wall_us() + LOOK_MS * 1000;

        until = (struct timespec){ due_us / 1000000, due_us % 1000000 * 1000 };
        pthread_cond_timedwait(&l->ending, &l->lock, &until);
        pthread_mutex_unlock(&l->lock);
        learner_freshness(l);
        pthread_mutex_lock(&l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* ---- health ---- */

bool learner_ready(struct learner *l, char *why, size_t why_size)
{
    bool ready;

    pthread_mutex_lock(&l->lock);
    ready = l->feed && kl_feed_ready(l->feed, why, why_size);
    if (!l->feed)
        snprintf(why, why_size, "other topics are being chosen");
    pthread_mutex_unlock(&l->lock);
    return ready;
}

bool learner_paused(struct learner *l, char *why, size_t why_size)
{
    bool paused;

    pthread_mutex_lock(&l->lock);
    paused = l->feed && kl_feed_paused(l->feed, why, why_size);
    pthread_mutex_unlock(&l->lock);
    return paused;
}

/* ---- coming and going ---- */

enum kl_code learner_start(struct learner **out, const struct seer_conf *conf, struct index *index,
                           void (*fatal)(void *ctx, enum kl_feed_end end, const char *why), struct kl_error *err)
{
    struct learner *l = calloc(1, sizeof *l);

    *out = l;
    if (!l)
        return kl_fail(err, KL_BROKEN, "no memory for learning");
    *l = (struct learner){ .conf = conf, .index = index, .fatal = fatal, .fresh_us = kl_mono_us() };
    pthread_mutex_init(&l->choosing, NULL);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->ending, NULL);
    if (index_learn_first(index, conf->topics, !strcmp(conf->existing_topics, "end"), err) || feed_open(l, &l->feed, err))
        return err->code;
    l->has_looker = !pthread_create(&l->looker, NULL, look, l);
    return l->has_looker ? KL_OK : kl_fail(err, KL_BROKEN, "no thread for learning");
}

void learner_stop(struct learner *l)
{
    if (!l)
        return;
    kl_feed_stop(feed_swap(l, NULL));
    pthread_mutex_lock(&l->lock);
    l->ends = true;
    pthread_cond_signal(&l->ending);
    pthread_mutex_unlock(&l->lock);
    if (l->has_looker)
        pthread_join(l->looker, NULL);
    pthread_cond_destroy(&l->ending);
    pthread_mutex_destroy(&l->lock);
    pthread_mutex_destroy(&l->choosing);
    free(l);
}
