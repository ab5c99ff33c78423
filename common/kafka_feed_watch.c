/* kafka_feed_watch.c - the watch thread: asks the cluster what topics it has and where their logs begin and end.
 *
 * It has a client of its own: on the one that reads, a question would wait behind the fetch that waits for records, since a
 * broker answers a connection's requests in order.
 *
 * Why a mark: a topic that is deleted, made again and filled past the old position within a moment looks the same to
 * librdkafka 2.0 (it knows topics by name), which goes on reading in the middle of the new log. But a log tells which
 * is its first record at or after a time, and in one log that offset only ever grows. So the feed keeps, beside each
 * position, a time at which no earlier record was that young (the mark), and asks for it again and again: an answer under
 * the marked position comes from another log. The time is the highest timestamp read so far and a millisecond, so
 * that it is the producers' clock and not ours that counts; the records of the new log are younger than that.
 * (Topic ids would say it outright, but librdkafka tells them only from 2.3 on.)
 *
 * A later mark is taken of the position that was sampled before the old mark was confirmed: what was read until then
 * is of the log that the old mark is of. If every record since the old mark was seen, the new one is sure before it is
 * asked for, and an answer under it tells another log as well; else (a first contact at the end of a log, records of
 * transactions that were aborted, compaction) the answer only decides whether it can be taken.
 *
 * Between the deletion and the new log's first fetch librdkafka backs off (fetch.error.backoff.ms, set to twice the
 * interval of these questions), so the answer is there before a record of the new log was read in the wrong place,
 * unless fetching never met the deleted topic; what was read wrongly then is sorted out by the store, which knows from
 * the mark which records may be concerned. */
#include "kafka_feed_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"

#define SOON_MS   20 /* the least time between two looks; or as long as the last one took, for a cluster with many topics */
#define ASK_MAX   200 /* partitions a question: librdkafka finds each answer by walking the list, so a long one costs its square */
#define LOW_EVERY 10 /* looks: logs' beginnings move slowly */

void feed_view_free(struct feed_view *view)
{
    if (!view)
        return;
    free(view->topics);
    free(view->looks);
    free(view->gone);
    free(view);
}

enum feed_log feed_log_of(const struct feed_look *look)
{
    if (look->end < 0)
        return FEED_LOG_UNKNOWN;
    if (look->end < look->next)
        return FEED_LOG_OTHER;
    if (look->mark_ms == 0)
        return FEED_LOG_SAME;
    if (!look->marked)
        return FEED_LOG_UNKNOWN;
    if (look->marked_low >= 0 && look->marked_low < look->mark_next)
        return FEED_LOG_OTHER;
    return look->new_sure && look->new_marked && look->new_low >= 0 && look->new_low < look->next ? FEED_LOG_OTHER : FEED_LOG_SAME;
}

/* ---- topics ---- */

static int by_topic(const void *a, const void *b)
{
    return strcmp(((const struct feed_seen *)a)->topic, ((const struct feed_seen *)b)->topic);
}

const struct feed_seen *feed_seen_find(const struct feed_view *view, const char *topic)
{
    struct feed_seen key;

    snprintf(key.topic, sizeof key.topic, "%s", topic);
    return view->n_topics ? bsearch(&key, view->topics, view->n_topics, sizeof key, by_topic) : NULL;
}

static bool topics_list(struct kl_feed *f, const rd_kafka_metadata_t *md, struct feed_view *view)
{
    view->topics = calloc((size_t)md->topic_cnt + 1, sizeof *view->topics);
    if (!view->topics)
        return false;
    for (int i = 0; i < md->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *topic = &md->topics[i];
        struct feed_seen *seen = &view->topics[view->n_topics];

        if (topic->err || topic->partition_cnt == 0 || !feed_filter_takes(&f->filter, topic->topic))
            continue;
        snprintf(seen->topic, sizeof seen->topic, "%s", topic->topic);
        seen->partitions = topic->partition_cnt;
        seen->metadata = topic;
        view->n_topics++;
    }
    qsort(view->topics, view->n_topics, sizeof *view->topics, by_topic);
    return true;
}

/* A topic may be missing from the list because it may not be seen any more: so it is asked for by name. */
static bool is_gone(struct kl_feed *f, const char *name)
{
    rd_kafka_topic_t *topic = rd_kafka_topic_new(f->watch, name, NULL);
    const rd_kafka_metadata_t *md;
    bool gone = false;

    if (!topic)
        return false;
    if (!rd_kafka_metadata(f->watch, 0, topic, &md, FEED_ASK_TIMEOUT_MS)) {
        gone = md->topic_cnt == 1 && md->topics[0].err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
        rd_kafka_metadata_destroy(md);
    }
    rd_kafka_topic_destroy(topic);
    return gone;
}

/* ---- the known partitions ---- */

static bool is_led(const struct feed_view *view, const struct feed_part *part)
{
    const struct feed_seen *seen = feed_seen_find(view, part->topic->inc.topic);

    for (int i = 0; seen && i < seen->metadata->partition_cnt; i++)
        if (seen->metadata->partitions[i].id == part->partition)
            return seen->metadata->partitions[i].leader >= 0;
    return false;
}

/* The time of a later mark. */
static void sample_new_mark(struct feed_look *look, const struct feed_part *part)
{
    int64_t now_ms = kl_wall_us() / 1000, seen_ms = part->seen_ms + 1;

    look->new_sure = part->mark_ms > 0 && part->solid_from <= part->mark_next;
    if (look->new_sure)
        look->new_ms = seen_ms > part->mark_ms ? seen_ms : part->mark_ms;
    else
        look->new_ms = part->seen_ms >= 0 && seen_ms < now_ms ? seen_ms : now_ms;
}

void feed_look_sample(struct feed_look *look, struct feed_part *part)
{
    *look = (struct feed_look){ .part = part, .again = part->again, .epoch = part->epoch, .next = part->next, .mark_ms = part->mark_ms,
                                .mark_next = part->mark_next, .marked_low = -1, .low = part->low, .end = -1, .new_low = -1 };
    if (part->given && part->next > part->mark_next) /* of what others read the newest records are not known */
        sample_new_mark(look, part);
}

/* Takes a sample of each partition that is known, and lists the topics that the cluster did not name. */
static bool looks_list(struct kl_feed *f, struct feed_view *view)
{
    size_t n_parts = 0, n_topics = 0;
    bool ok;

    pthread_mutex_lock(&f->lock);
    for (const struct feed_topic *t = f->topics; t; t = t->next) {
        n_parts += t->over ? 0 : (size_t)t->n_parts;
        n_topics += !t->over;
    }
    view->looks = calloc(n_parts + 1, sizeof *view->looks);
    view->gone = calloc(n_topics + 1, sizeof *view->gone);
    ok = view->looks && view->gone;
    for (struct feed_topic *t = f->topics; ok && t; t = t->next) {
        if (t->over)
            continue;
        if (!feed_seen_find(view, t->inc.topic))
            view->gone[view->n_gone++] = t;
        for (int32_t p = 0; p < t->n_parts; p++)
            feed_look_sample(&view->looks[view->n_looks++], t->parts[p]);
    }
    pthread_mutex_unlock(&f->lock);
    return ok;
}

/* Keeps of the unnamed those that are gone indeed. */
static void gone_confirm(struct kl_feed *f, struct feed_view *view)
{
    size_t n = 0;

    for (size_t i = 0; i < view->n_gone && !f->stopping; i++)
        if (is_gone(f, view->gone[i]->inc.topic))
            view->gone[n++] = view->gone[i];
    view->n_gone = n;
}

/* ---- offsets ---- */

/* A question: which time to ask of a look (INT64_MIN: none), and where the answer goes. */
struct question {
    int64_t (*time)(const struct feed_look *look);
    void    (*answer)(struct feed_look *look, int64_t offset);
};

static int64_t end_time(const struct feed_look *look) { return look->led ? RD_KAFKA_OFFSET_END : INT64_MIN; }
static void end_answer(struct feed_look *look, int64_t offset) { look->end = offset; }
static int64_t low_time(const struct feed_look *look) { return look->led ? RD_KAFKA_OFFSET_BEGINNING : INT64_MIN; }
static void low_answer(struct feed_look *look, int64_t offset) { look->low = offset; }
static int64_t mark_time(const struct feed_look *look) { return look->led && look->mark_ms ? look->mark_ms : INT64_MIN; }
static void mark_answer(struct feed_look *look, int64_t offset)
{
    look->marked_low = offset;
    look->marked = true;
}
static int64_t new_time(const struct feed_look *look) { return look->led && look->new_ms ? look->new_ms : INT64_MIN; }
static void new_answer(struct feed_look *look, int64_t offset)
{
    look->new_low = offset;
    look->new_marked = true;
}

static const struct question the_mark = { mark_time, mark_answer }, the_end = { end_time, end_answer },
                             the_low = { low_time, low_answer }, a_new_mark = { new_time, new_answer };

/* Asks about looks from..to, in one request a broker. */
static rd_kafka_resp_err_t ask_some(struct kl_feed *f, struct feed_look *from, struct feed_look *to, const struct question *q)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)(to - from));
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;

    for (struct feed_look *look = from; look < to; look++) {
        rd_kafka_topic_partition_t *row;

        if (q->time(look) == INT64_MIN)
            continue;
        row = rd_kafka_topic_partition_list_add(list, look->part->topic->inc.topic, look->part->partition);
        row->offset = q->time(look);
        row->opaque = look;
    }
    if (list->cnt > 0)
        error = rd_kafka_offsets_for_times(f->watch, list, FEED_ASK_TIMEOUT_MS);
    for (int i = 0; !error && i < list->cnt; i++)
        if (!list->elems[i].err)
            q->answer(list->elems[i].opaque, list->elems[i].offset);
    rd_kafka_topic_partition_list_destroy(list);
    return error;
}

/* One partition that cannot be asked fails the whole request: then each topic is asked alone. */
static rd_kafka_resp_err_t ask_part(struct kl_feed *f, struct feed_look *from, struct feed_look *to, const struct question *q)
{
    struct feed_look *next;
    rd_kafka_resp_err_t error, one;

    if (f->stopping)
        return RD_KAFKA_RESP_ERR__DESTROY;
    error = ask_some(f, from, to, q);
    if (!error || error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT)
        return error;
    for (struct feed_look *look = from; look < to && !f->stopping; look = next) {
        for (next = look; next < to && next->part->topic == look->part->topic; next++)
            ;
        one = ask_some(f, look, next, q);
        if (one == RD_KAFKA_RESP_ERR__TIMED_OUT)
            return one;
    }
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t ask(struct kl_feed *f, struct feed_view *view, const struct question *q)
{
    struct feed_look *end = view->looks + view->n_looks, *from = view->looks, *to;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;

    for (; from < end && !error; from = to) {
        to = end - from > ASK_MAX ? from + ASK_MAX : end;
        error = ask_part(f, from, to, q);
    }
    return error;
}

static bool lows_needed(const struct feed_view *view, unsigned round)
{
    bool needed = round % LOW_EVERY == 0;

    for (size_t i = 0; !needed && i < view->n_looks; i++)
        needed = view->looks[i].low < 0 || view->looks[i].again;
    return needed;
}

/* The old mark first: a new one may only be taken of a log that was the old one after the sample. */
static rd_kafka_resp_err_t offsets_ask(struct kl_feed *f, struct feed_view *view, unsigned round)
{
    rd_kafka_resp_err_t error = ask(f, view, &the_mark);

    if (!error)
        error = ask(f, view, &the_end);
    if (!error && lows_needed(view, round))
        error = ask(f, view, &the_low);
    if (!error)
        error = ask(f, view, &a_new_mark);
    return error;
}

/* ---- a look ---- */

static void unanswered(struct kl_feed *f, const char *why)
{
    pthread_mutex_lock(&f->lock);
    snprintf(f->cluster_why, sizeof f->cluster_why, "%s", why);
    pthread_mutex_unlock(&f->lock);
    kl_debug("the cluster did not answer", KL_S("why", why));
}

/* The cluster's id is asked for once; a later one is another cluster under the same address. */
static bool cluster_know(struct kl_feed *f)
{
    char *id = rd_kafka_clusterid(f->watch, FEED_ASK_TIMEOUT_MS);
    bool other = id && f->cluster && strcmp(id, f->cluster);

    if (!id) {
        unanswered(f, "the cluster did not tell its id");
        return false;
    }
    if (other)
        feed_fatal(f, KL_FEED_KAFKA, "another cluster answers at this address");
    if (!f->cluster) {
        pthread_mutex_lock(&f->lock);
        f->cluster = strdup(id);
        pthread_mutex_unlock(&f->lock);
    }
    rd_kafka_mem_free(f->watch, id);
    return f->cluster && !other;
}

static rd_kafka_resp_err_t view_fill(struct kl_feed *f, const rd_kafka_metadata_t *md, struct feed_view *view, unsigned round)
{
    if (!topics_list(f, md, view) || !looks_list(f, view))
        return RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
    for (size_t i = 0; i < view->n_looks; i++)
        view->looks[i].led = is_led(view, view->looks[i].part);
    gone_confirm(f, view);
    return offsets_ask(f, view, round);
}

/* NULL: the cluster did not answer. */
static struct feed_view *look_once(struct kl_feed *f, unsigned round)
{
    const rd_kafka_metadata_t *md;
    struct feed_view *view;
    int64_t began_us = kl_mono_us();
    rd_kafka_resp_err_t error = rd_kafka_metadata(f->watch, 1, NULL, &md, FEED_ASK_TIMEOUT_MS);

    if (error) {
        unanswered(f, rd_kafka_err2str(error));
        return NULL;
    }
    view = cluster_know(f) ? calloc(1, sizeof *view) : NULL;
    if (view) {
        view->began_us = began_us;
        error = view_fill(f, md, view, round);
    }
    rd_kafka_metadata_destroy(md);
    if (!view || !error)
        return view;
    unanswered(f, rd_kafka_err2str(error));
    feed_view_free(view);
    return NULL;
}

static void view_hand_over(struct kl_feed *f, struct feed_view *view)
{
    struct feed_view *old;

    pthread_mutex_lock(&f->lock);
    old = f->view;
    f->view = view;
    f->answered_us = kl_mono_us();
    pthread_cond_signal(&f->work);
    pthread_mutex_unlock(&f->lock);
    feed_view_free(old);
}

/* Waits for ms, or until the next look is asked for; 0: only the least time. */
static void pause_until(struct kl_feed *f, int64_t ms, bool soon)
{
    struct timespec until = feed_deadline(ms);

    pthread_mutex_lock(&f->lock);
    while (!f->stopping && !f->ended && !(soon && f->asked_soon) &&
           pthread_cond_timedwait(&f->soon, &f->lock, &until) != ETIMEDOUT)
        ;
    if (soon)
        f->asked_soon = false;
    pthread_mutex_unlock(&f->lock);
}

void feed_look_soon(struct kl_feed *f)
{
    pthread_mutex_lock(&f->lock);
    f->asked_soon = true;
    pthread_cond_signal(&f->soon);
    pthread_mutex_unlock(&f->lock);
}

static bool is_read(const struct kl_feed *f, const char *topic)
{
    for (const struct feed_topic *t = f->topics; t; t = t->next)
        if (!t->over && !strcmp(t->inc.topic, topic))
            return true;
    return false;
}

void feed_hear_of(struct kl_feed *f, const char *topic)
{
    bool read;

    pthread_mutex_lock(&f->lock);
    read = is_read(f, topic);
    pthread_mutex_unlock(&f->lock);
    if (!read && feed_filter_takes(&f->filter, topic))
        feed_look_soon(f);
}

void *feed_watch_run(void *ctx)
{
    struct kl_feed *f = ctx;

    for (unsigned round = 0; !f->stopping && !f->ended; round++) {
        int64_t began_us = kl_mono_us(), took_ms;
        struct feed_view *view = look_once(f, round);

        took_ms = (kl_mono_us() - began_us) / 1000;
        if (view)
            view_hand_over(f, view);
        pause_until(f, took_ms > SOON_MS ? took_ms : SOON_MS, false);
        pause_until(f, f->conf.metadata_ms - SOON_MS, true);
    }
    return NULL;
}
