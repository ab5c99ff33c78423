/* kafka_feed.c - see kafka_feed.h: starting and stopping, and what others may look at. */
#include "kafka_feed_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "kafka_partition.h"
#include "log.h"

#define SILENCE_MS   5000 /* without an answer of the cluster for so long, and three intervals, the feed is not ready */
#define NO_GROUP     "kafkloud-feed" /* librdkafka wants a name; nothing is committed under this one */

/* ---- for the threads ---- */

struct timespec feed_deadline(int64_t ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += ms % 1000 * 1000000;
    t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

void feed_fatal(struct kl_feed *f, enum kl_feed_end end, const char *why)
{
    bool first = !atomic_exchange(&f->ended, true);

    if (first && f->conf.fatal)
        f->conf.fatal(f->conf.fatal_ctx, end, why);
}

static bool orders_room(struct kl_feed *f, size_t n)
{
    size_t room = f->orders_room ? f->orders_room : 64;
    struct feed_order *more;

    while (room < f->n_orders + n)
        room *= 2;
    if (room == f->orders_room)
        return true;
    more = calloc(room, sizeof *more);
    if (!more)
        return false;
    if (f->n_orders)
        memcpy(more, f->orders, f->n_orders * sizeof *more);
    free(f->orders);
    f->orders = more;
    f->orders_room = room;
    return true;
}

bool feed_order(struct kl_feed *f, const struct feed_order *orders, size_t n)
{
    bool ok;

    if (n == 0)
        return true;
    pthread_mutex_lock(&f->lock);
    ok = orders_room(f, n);
    if (ok) {
        memcpy(f->orders + f->n_orders, orders, n * sizeof *orders);
        f->n_orders += n;
        pthread_cond_signal(&f->room);
    }
    pthread_mutex_unlock(&f->lock);
    rd_kafka_queue_yield(f->queue);
    return ok;
}

/* ---- librdkafka ---- */

/* On the fetch thread, from a poll. librdkafka tries everything again by itself but what is fatal. */
static void on_error(rd_kafka_t *rk, int error, const char *why, void *ctx)
{
    char text[256];

    if (error == RD_KAFKA_RESP_ERR__FATAL) {
        rd_kafka_fatal_error(rk, text, sizeof text);
        feed_fatal(ctx, KL_FEED_KAFKA, text);
        return;
    }
    kl_debug("librdkafka", KL_S("error", rd_kafka_err2name(error)), KL_S("why", why));
}

static enum kl_code set(rd_kafka_conf_t *kafka, const char *name, const char *value, struct kl_error *err)
{
    char why[160];

    if (rd_kafka_conf_set(kafka, name, value, why, sizeof why) != RD_KAFKA_CONF_OK)
        return kl_fail(err, KL_BROKEN, "librdkafka's %s: %s", name, why);
    return KL_OK;
}

static enum kl_code kafka_prepare(struct kl_feed *f, rd_kafka_conf_t *kafka, struct kl_error *err)
{
    static const struct kl_kafka_property needed[] = {
        { "enable.auto.commit", "false" },
        { "enable.auto.offset.store", "false" },
        { "auto.offset.reset", "error" },         /* where to read on is ours to say */
        { "enable.partition.eof", "true" },       /* so that positions pass the marks that close transactions */
        { "max.poll.interval.ms", "86400000" },   /* a paused feed has not left */
        { NULL, NULL },
    };
    char backoff[24];
    enum kl_code code = KL_OK;

    for (const struct kl_kafka_property *p = needed; !code && p->name; p++)
        code = set(kafka, p->name, p->value, err);
    snprintf(backoff, sizeof backoff, "%lld", (long long)f->conf.metadata_ms * 2);
    if (!code)
        code = set(kafka, "fetch.error.backoff.ms", backoff, err); /* kafka_feed_watch.c says why */
    if (!code)
        code = set(kafka, "group.id", f->conf.group ? f->conf.group : NO_GROUP, err);
    if (!code && f->conf.shared)
        code = feed_group_prepare(kafka, err);
    rd_kafka_conf_set_error_cb(kafka, on_error);
    rd_kafka_conf_set_opaque(kafka, f);
    return code;
}

/* The client that asks is in no group itself; what there is to log, the other one logs. */
static enum kl_code watch_open(struct kl_feed *f, const rd_kafka_conf_t *kafka, struct kl_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(kafka);
    enum kl_code code = set(conf, "log_level", "0", err);
    char why[256];

    if (!code) {
        f->watch = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
        if (f->watch)
            return KL_OK;
        code = kl_fail(err, KL_INVALID, "librdkafka: %s", why);
    }
    rd_kafka_conf_destroy(conf);
    return code;
}

/* Takes kafka always. */
static enum kl_code kafka_open(struct kl_feed *f, rd_kafka_conf_t *kafka, struct kl_error *err)
{
    enum kl_code code = watch_open(f, kafka, err);
    char why[256];

    if (!code)
        code = kafka_prepare(f, kafka, err);
    if (!code) {
        f->rk = rd_kafka_new(RD_KAFKA_CONSUMER, kafka, why, sizeof why);
        if (!f->rk)
            code = kl_fail(err, KL_INVALID, "librdkafka: %s", why);
    }
    if (code) {
        rd_kafka_conf_destroy(kafka);
        return code;
    }
    rd_kafka_poll_set_consumer(f->rk);
    f->queue = rd_kafka_queue_get_consumer(f->rk);
    f->displayed = rd_kafka_queue_new(f->rk);
    return KL_OK;
}

/* ---- start and stop ---- */

static enum kl_code batches_new(struct kl_feed *f, struct kl_error *err)
{
    size_t max = f->conf.batch_max;

    for (size_t i = 0; i < FEED_BATCHES; i++) {
        struct feed_batch *b = &f->batches[i];

        b->messages = calloc(max, sizeof *b->messages);
        b->records = calloc(max, sizeof *b->records);
        b->positions = calloc(max * 2, sizeof *b->positions); /* partitions with records, and as many at their end */
        b->moved = calloc(max * 2, sizeof *b->moved);
        b->seen_ms = calloc(max * 2, sizeof *b->seen_ms);
        b->solid_from = calloc(max * 2, sizeof *b->solid_from);
        b->epochs = calloc(max * 2, sizeof *b->epochs);
        if (!b->messages || !b->records || !b->positions || !b->moved || !b->seen_ms || !b->solid_from || !b->epochs)
            return kl_fail(err, KL_BUSY, "no memory for batches of %zu records", max);
        f->spare[f->n_spare++] = b;
    }
    return KL_OK;
}

static void batches_free(struct kl_feed *f)
{
    for (size_t i = 0; i < FEED_BATCHES; i++) {
        struct feed_batch *b = &f->batches[i];

        for (size_t k = 0; k < b->n; k++)
            rd_kafka_message_destroy(b->messages[k]);
        free(b->messages);
        free(b->records);
        free(b->positions);
        free(b->moved);
        free(b->seen_ms);
        free(b->solid_from);
        free(b->epochs);
    }
}

static void topics_free(struct kl_feed *f)
{
    while (f->topics) {
        struct feed_topic *t = f->topics;

        f->topics = t->next;
        for (int32_t i = 0; i < t->n_parts; i++)
            free(t->parts[i]);
        free(t->parts);
        free(t);
    }
}

static void locks_init(struct kl_feed *f)
{
    pthread_condattr_t attr;

    pthread_mutex_init(&f->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&f->work, &attr);
    pthread_cond_init(&f->room, &attr);
    pthread_cond_init(&f->soon, &attr);
    pthread_condattr_destroy(&attr);
}

static void locks_fini(struct kl_feed *f)
{
    pthread_cond_destroy(&f->soon);
    pthread_cond_destroy(&f->room);
    pthread_cond_destroy(&f->work);
    pthread_mutex_destroy(&f->lock);
}

static enum kl_code threads_start(struct kl_feed *f, struct kl_error *err)
{
    static void *(*const runs[])(void *) = { feed_store_run, feed_fetch_run, feed_watch_run };
    pthread_t *const threads[] = { &f->store_thread, &f->fetch_thread, &f->watch_thread };

    for (; f->n_threads < 3; f->n_threads++)
        if (pthread_create(threads[f->n_threads], NULL, runs[f->n_threads], f))
            return kl_fail(err, KL_BUSY, "cannot start a thread of the feed");
    return KL_OK;
}

static void threads_join(struct kl_feed *f)
{
    const pthread_t threads[] = { f->store_thread, f->fetch_thread, f->watch_thread };

    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_broadcast(&f->work);
    pthread_cond_broadcast(&f->room);
    pthread_cond_broadcast(&f->soon);
    pthread_mutex_unlock(&f->lock);
    if (f->queue)
        rd_kafka_queue_yield(f->queue);
    while (f->n_threads > 0)
        pthread_join(threads[--f->n_threads], NULL);
}

enum kl_code kl_feed_start(struct kl_feed **out, const struct kl_feed_conf *conf, const struct kl_feed_store *store,
                           struct kl_error *err)
{
    struct kl_feed *f = calloc(1, sizeof *f);
    enum kl_code code;

    kl_assert(conf->batch_max > 0 && conf->metadata_ms > 0);
    kl_assert(!conf->shared || (conf->group && store->positions));
    if (!f) {
        rd_kafka_conf_destroy(conf->kafka);
        return kl_fail(err, KL_BUSY, "no memory for the feed");
    }
    f->conf = *conf;
    f->store = *store;
    f->ours = rd_kafka_topic_partition_list_new(0);
    locks_init(f);
    code = kafka_open(f, conf->kafka, err);
    if (!code)
        code = feed_filter_init(&f->filter, conf->topics, conf->also, err);
    if (!code)
        code = batches_new(f, err);
    if (!code)
        code = threads_start(f, err);
    if (code) {
        kl_feed_stop(f);
        return code;
    }
    *out = f;
    return KL_OK;
}

/* What a member of a group was given may be let go only bit by bit. */
static void partitions_unassign(struct kl_feed *f)
{
    rd_kafka_topic_partition_list_t *all;
    rd_kafka_error_t *error;

    if (!f->conf.shared) {
        rd_kafka_assign(f->rk, NULL);
        return;
    }
    if (rd_kafka_assignment(f->rk, &all))
        return;
    error = rd_kafka_incremental_unassign(f->rk, all);
    if (error)
        rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(all);
}

/* Asking for the assignment waits until the unassignment before it has been worked through. */
static void partitions_release(struct kl_feed *f)
{
    rd_kafka_topic_partition_list_t *none = NULL;

    partitions_unassign(f);
    if (!rd_kafka_assignment(f->rk, &none))
        rd_kafka_topic_partition_list_destroy(none);
    for (struct feed_topic *t = f->topics; t; t = t->next)
        for (int32_t i = 0; i < t->n_parts; i++)
            kl_kafka_partition_release(f->rk, t->parts[i]->queue);
}

/* Feeds whose client could not be ended, with all that it may still call; kept until the process ends. */
static struct kl_feed *_Atomic left_feeds;

/* No consumer close but for a member of a group, within a bound: its coordinator may be away. For that reason, too, a commit
 * may be outstanding, and librdkafka 2.0 does not end a consumer while one is (and crashes on the admin call that does the
 * same). false: the client is left as it is, to the end of the process, which is what a stop leads to. */
static bool reader_close(struct kl_feed *f)
{
    partitions_release(f);
    feed_display_answer(f, FEED_DISPLAY_WAIT_MS);
    if ((f->conf.shared && !feed_group_leave(f)) || f->display_sent) {
        kl_warn("kafka's group coordinator does not answer, its client is left as it is");
        return false;
    }
    rd_kafka_queue_destroy(f->displayed);
    rd_kafka_queue_destroy(f->queue);
    rd_kafka_destroy_flags(f->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return true;
}

void kl_feed_stop(struct kl_feed *f)
{
    bool closed;

    if (!f)
        return;
    threads_join(f);
    feed_view_free(f->view);
    batches_free(f); /* messages go before the client they came from */
    closed = !f->rk || reader_close(f);
    if (f->watch)
        rd_kafka_destroy(f->watch);
    if (!closed) {
        f->left_before = atomic_exchange(&left_feeds, f);
        return;
    }
    feed_filter_fini(&f->filter);
    topics_free(f);
    rd_kafka_topic_partition_list_destroy(f->ours);
    free(f->orders);
    free(f->cluster);
    locks_fini(f);
    free(f);
}

/* ---- looking ---- */

bool kl_feed_ready(struct kl_feed *f, char *why, size_t why_size)
{
    int64_t limit_ms = SILENCE_MS + 3 * f->conf.metadata_ms;
    bool ready = false;

    pthread_mutex_lock(&f->lock);
    if (f->answered_us == 0 && !f->cluster_why[0])
        snprintf(why, why_size, "the cluster has not answered yet");
    else if (f->answered_us == 0 || kl_mono_us() - f->answered_us > limit_ms * 1000)
        snprintf(why, why_size, "the cluster does not answer: %s", f->cluster_why);
    else if (f->conf.shared && !f->joined)
        snprintf(why, why_size, "the group has not said yet which partitions are ours");
    else if (!f->synced)
        snprintf(why, why_size, "the topics are not being read yet");
    else
        ready = true;
    pthread_mutex_unlock(&f->lock);
    return ready;
}

bool kl_feed_paused(struct kl_feed *f, char *why, size_t why_size)
{
    bool paused;

    pthread_mutex_lock(&f->lock);
    paused = f->paused_why[0] != '\0';
    if (paused)
        snprintf(why, why_size, "%s", f->paused_why);
    pthread_mutex_unlock(&f->lock);
    return paused;
}

const char *kl_feed_cluster(struct kl_feed *f)
{
    const char *cluster;

    pthread_mutex_lock(&f->lock);
    cluster = f->cluster;
    pthread_mutex_unlock(&f->lock);
    return cluster;
}

static void partitions_copy(const struct feed_topic *t, struct kl_feed_partition *out, size_t *n)
{
    for (int32_t i = 0; i < t->n_parts; i++) {
        const struct feed_part *part = t->parts[i];
        struct kl_feed_partition *row = &out[(*n)++];

        *row = (struct kl_feed_partition){ .incarnation = t->inc.id, .partition = i, .next = part->next, .stored = part->stored,
                                           .low = part->low, .end = part->end, .ours = part->given > 0 };
        memcpy(row->topic, t->inc.topic, sizeof row->topic);
    }
}

size_t kl_feed_partitions(struct kl_feed *f, struct kl_feed_partition **out)
{
    size_t n = 0, most = 0;

    pthread_mutex_lock(&f->lock);
    for (const struct feed_topic *t = f->topics; t; t = t->next)
        most += t->over || t->also ? 0 : (size_t)t->n_parts;
    *out = most ? calloc(most, sizeof **out) : NULL;
    for (const struct feed_topic *t = f->topics; *out && t; t = t->next)
        if (!t->over && !t->also)
            partitions_copy(t, *out, &n);
    pthread_mutex_unlock(&f->lock);
    return n;
}
