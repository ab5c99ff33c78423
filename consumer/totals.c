/* totals.c - see totals.h. Rates come from a ring of whole seconds for each topic, the hour's latency from a ring of
 * minutes for all: what is older than the ring is overwritten, so nothing has to run to forget it. */
#include "totals.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS      (TOTALS_RATE_S + 1) /* the whole ones and the one that runs */
#define MINUTES      60
#define TOPICS_FIRST 16

struct topic {
    struct totals_topic sums;
    int64_t second[SECONDS];   /* which second the count is of */
    int64_t count[SECONDS];
};

struct totals {
    pthread_mutex_t lock; /* guards what follows */
    int64_t         since_us, failed;
    struct topic   *topics;
    size_t          n_topics, room;
    int64_t         minute[MINUTES]; /* which minute the histogram is of */
    struct kl_hist  latency[MINUTES];
};

enum kl_code totals_new(struct totals **out, struct kl_error *err)
{
    struct totals *t = calloc(1, sizeof *t);

    if (!t)
        return kl_fail(err, KL_BUSY, "no memory for totals");
    pthread_mutex_init(&t->lock, NULL);
    *out = t;
    return KL_OK;
}

void totals_free(struct totals *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t->topics);
    free(t);
}

void totals_reset(struct totals *t, int64_t since_us, int64_t failed)
{
    pthread_mutex_lock(&t->lock);
    t->since_us = since_us;
    t->failed = failed;
    t->n_topics = 0;
    memset(t->minute, 0, sizeof t->minute);
    memset(t->latency, 0, sizeof t->latency);
    pthread_mutex_unlock(&t->lock);
}

/* Doubles the room for topics. Not realloc: a topic is 500 bytes and grows once in a long while. */
static bool room_make(struct totals *t)
{
    size_t room = t->room ? t->room * 2 : TOPICS_FIRST;
    struct topic *more = calloc(room, sizeof *more);

    if (!more)
        return false;
    if (t->n_topics)
        memcpy(more, t->topics, t->n_topics * sizeof *more);
    free(t->topics);
    t->topics = more;
    t->room = room;
    return true;
}

static int place_locked(struct totals *t, const char *topic)
{
    size_t i;

    for (i = 0; i < t->n_topics; i++)
        if (!strcmp(t->topics[i].sums.topic, topic))
            return (int)i;
    if (t->n_topics == t->room && !room_make(t))
        return -1;
    t->topics[i] = (struct topic){ .second = { 0 } };
    snprintf(t->topics[i].sums.topic, sizeof t->topics[i].sums.topic, "%s", topic);
    t->n_topics++;
    return (int)i;
}

int totals_place(struct totals *t, const char *topic)
{
    int place;

    pthread_mutex_lock(&t->lock);
    place = place_locked(t, topic);
    pthread_mutex_unlock(&t->lock);
    return place;
}

static void rate_add(struct topic *topic, int64_t at_s, int64_t n)
{
    size_t slot = (size_t)(at_s % SECONDS);

    if (topic->second[slot] > at_s)
        return; /* older than the ring */
    if (topic->second[slot] < at_s)
        topic->count[slot] = 0;
    topic->second[slot] = at_s;
    topic->count[slot] += n;
}

static void latency_add(struct totals *t, int64_t at_s, const struct kl_hist *latency)
{
    int64_t minute = at_s / 60;
    size_t slot = (size_t)(minute % MINUTES);

    if (t->minute[slot] > minute)
        return;
    if (t->minute[slot] < minute)
        kl_hist_clear(&t->latency[slot]);
    t->minute[slot] = minute;
    kl_hist_merge(&t->latency[slot], latency);
}

void totals_add(struct totals *t, int place, int64_t at_s, const struct totals_delta *delta)
{
    struct topic *topic;

    kl_assert(at_s >= 0);
    pthread_mutex_lock(&t->lock);
    kl_assert(place >= 0 && (size_t)place < t->n_topics);
    topic = &t->topics[place];
    topic->sums.messages += delta->messages;
    topic->sums.bytes += delta->bytes;
    topic->sums.duplicated += delta->duplicated;
    topic->sums.negative += delta->negative;
    rate_add(topic, at_s, delta->messages);
    if (delta->latency)
        latency_add(t, at_s, delta->latency);
    pthread_mutex_unlock(&t->lock);
}

void totals_add_failed(struct totals *t, int64_t failed)
{
    pthread_mutex_lock(&t->lock);
    t->failed += failed;
    pthread_mutex_unlock(&t->lock);
}

void totals_set(struct totals *t, int place, int64_t at_s, const struct totals_delta *sums)
{
    struct topic *topic;
    int64_t others;

    pthread_mutex_lock(&t->lock);
    kl_assert(place >= 0 && (size_t)place < t->n_topics);
    topic = &t->topics[place];
    others = sums->messages - topic->sums.messages;
    topic->sums.messages = sums->messages;
    topic->sums.bytes = sums->bytes;
    topic->sums.duplicated = sums->duplicated;
    topic->sums.negative = sums->negative;
    if (others > 0)
        rate_add(topic, at_s, others);
    pthread_mutex_unlock(&t->lock);
}

void totals_set_cluster(struct totals *t, int64_t since_us, int64_t failed)
{
    pthread_mutex_lock(&t->lock);
    t->since_us = since_us;
    t->failed = failed;
    pthread_mutex_unlock(&t->lock);
}

void totals_set_latency(struct totals *t, int64_t at_s, const struct kl_hist *latency)
{
    size_t slot = (size_t)(at_s / 60 % MINUTES);

    pthread_mutex_lock(&t->lock);
    if (t->minute[slot] <= at_s / 60) {
        t->minute[slot] = at_s / 60;
        t->latency[slot] = *latency;
    }
    pthread_mutex_unlock(&t->lock);
}

/* ---- looking ---- */

static double rate_of(const struct topic *topic, int64_t now_s)
{
    int64_t n = 0;

    for (size_t i = 0; i < SECONDS; i++)
        if (topic->second[i] < now_s && topic->second[i] >= now_s - TOTALS_RATE_S)
            n += topic->count[i];
    return (double)n / TOTALS_RATE_S;
}

static void sum_into(struct totals_topic *all, const struct totals_topic *one)
{
    all->messages += one->messages;
    all->bytes += one->bytes;
    all->duplicated += one->duplicated;
    all->negative += one->negative;
    all->rate += one->rate;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct totals_topic *)a)->topic, ((const struct totals_topic *)b)->topic);
}

static void view_fill(const struct totals *t, int64_t now_s, struct totals_view *view)
{
    for (size_t i = 0; i < t->n_topics; i++) {
        view->topics[i] = t->topics[i].sums;
        view->topics[i].rate = rate_of(&t->topics[i], now_s);
        sum_into(&view->all, &view->topics[i]);
    }
    for (size_t i = 0; i < MINUTES; i++)
        if (t->minute[i] > now_s / 60 - MINUTES)
            kl_hist_merge(&view->latency, &t->latency[i]);
}

enum kl_code totals_look(struct totals *t, int64_t now_s, struct totals_view *view, struct kl_error *err)
{
    memset(view, 0, sizeof *view);
    pthread_mutex_lock(&t->lock);
    view->topics = calloc(t->n_topics + 1, sizeof *view->topics);
    if (view->topics) {
        view->since_us = t->since_us;
        view->failed = t->failed;
        view->n_topics = t->n_topics;
        view_fill(t, now_s, view);
    }
    pthread_mutex_unlock(&t->lock);
    if (!view->topics)
        return kl_fail(err, KL_BUSY, "no memory for the totals of all topics");
    qsort(view->topics, view->n_topics, sizeof *view->topics, by_name);
    return KL_OK;
}
