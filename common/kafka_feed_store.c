/* kafka_feed_store.c - the store thread: hands batches to the store, one after the other, and whatever else the store has to
 * be told. Between two batches it works through what the watch thread saw (kafka_feed_topics.c). */
#include "kafka_feed_internal.h"

#include <errno.h>
#include <stdio.h>

#include "clock.h"
#include "log.h"

/* Once the feed ends, the store is asked nothing more: one that does not answer would be waited for again and again. */
static bool goes_on(const struct kl_feed *f)
{
    return !f->stopping && !f->ended;
}

/* Waits for work, or until upkeep is due. */
static void work_take(struct kl_feed *f, struct feed_batch **batch, struct feed_view **view)
{
    struct timespec until = feed_deadline(FEED_UPKEEP_MS);

    pthread_mutex_lock(&f->lock);
    while (goes_on(f) && !f->ready && !f->view && !f->ours_changed &&
           pthread_cond_timedwait(&f->work, &f->lock, &until) != ETIMEDOUT)
        ;
    *batch = f->ready;
    *view = f->view;
    f->ready = NULL;
    f->view = NULL;
    pthread_cond_signal(&f->room);
    pthread_mutex_unlock(&f->lock);
    if (*batch)
        rd_kafka_queue_yield(f->queue); /* the fetch thread may have another one to hand over */
}

static bool is_left_out(const struct kl_feed_record *record)
{
    const struct feed_topic *topic = (const struct feed_topic *)record->incarnation;

    return topic->over || topic->parts[record->message->partition]->left_out;
}

static void left_out_mark(struct feed_batch *b, bool mark)
{
    for (size_t i = 0; i < b->n_moved; i++)
        b->moved[i]->left_out = mark && b->epochs[i] != b->moved[i]->epoch;
}

static void records_filter(struct feed_batch *b, struct kl_feed_batch *batch)
{
    size_t n = 0;

    for (size_t i = 0; i < batch->n_records; i++)
        if (!is_left_out(&b->records[i]))
            b->records[n++] = b->records[i];
    batch->n_records = n;
}

/* Leaves out what was fetched under an incarnation that has ended since, and of partitions that are read anew. */
static void batch_filter(struct feed_batch *b, struct kl_feed_batch *batch)
{
    size_t moved = 0;

    left_out_mark(b, true);
    records_filter(b, batch);
    left_out_mark(b, false);
    for (size_t i = 0; i < b->n_moved; i++) {
        struct feed_part *part = b->moved[i];

        if (part->topic->over || b->epochs[i] != part->epoch)
            continue;
        b->positions[moved] = b->positions[i];
        b->positions[moved].mark_ms = part->mark_ms;
        b->positions[moved].mark_next = part->mark_next;
        b->epochs[moved] = b->epochs[i];
        b->moved[moved++] = part;
    }
    b->n_moved = batch->n_positions = moved;
}

static void paused_say(struct kl_feed *f, const char *why)
{
    pthread_mutex_lock(&f->lock);
    snprintf(f->paused_why, sizeof f->paused_why, "%s", why);
    pthread_mutex_unlock(&f->lock);
}

/* Waits a while before the next try, time for upkeep too; false: the feed ends. */
static bool retry_wait(struct kl_feed *f)
{
    struct timespec until = feed_deadline(FEED_RETRY_MS);

    pthread_mutex_lock(&f->lock);
    while (goes_on(f) && pthread_cond_timedwait(&f->work, &f->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&f->lock);
    if (goes_on(f) && f->store.upkeep)
        f->store.upkeep(f->store.ctx);
    return goes_on(f);
}

/* Once, but for what others have stored meanwhile: without that at once again. Each round leaves out a position at least. */
static enum kl_code batch_try(struct kl_feed *f, struct feed_batch *b, struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    do {
        batch_filter(b, batch);
        if (batch->n_records > 0 || batch->n_positions > 0)
            code = f->store.batch(f->store.ctx, batch, err);
        if (code != KL_CONFLICT || !f->conf.shared)
            return code;
        code = feed_share_resolve(f, b->moved, b->positions, b->epochs, b->n_moved, err);
    } while (!code);
    return code;
}

/* Tries until the store takes it; false: it did not, and the feed ends. */
static bool batch_store(struct kl_feed *f, struct feed_batch *b)
{
    struct kl_feed_batch batch = { b->records, b->n, b->positions, b->n_moved };
    struct kl_error err;
    enum kl_code code = batch_try(f, b, &batch, &err);
    bool was_paused = code != KL_OK;

    if (code && code != KL_BROKEN)
        kl_error("the store refuses records, reading pauses until it takes them", KL_S("why", err.text));
    while (code && code != KL_BROKEN) {
        paused_say(f, err.text);
        if (!retry_wait(f))
            return false;
        code = batch_try(f, b, &batch, &err);
    }
    if (code) {
        feed_fatal(f, KL_FEED_STORE, err.text);
        return false;
    }
    if (was_paused) {
        paused_say(f, "");
        kl_info("the store takes records again, reading goes on");
    }
    return true;
}

static void batch_return(struct kl_feed *f, struct feed_batch *b, bool stored)
{
    for (size_t i = 0; i < b->n; i++)
        rd_kafka_message_destroy(b->messages[i]);
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; stored && i < b->n_moved; i++)
        b->moved[i]->stored = b->positions[i].next;
    b->n = b->n_moved = b->bytes = 0;
    f->spare[f->n_spare++] = b;
    pthread_cond_signal(&f->room);
    pthread_mutex_unlock(&f->lock);
    rd_kafka_queue_yield(f->queue);
}

static void batch_work(struct kl_feed *f, struct feed_batch *b)
{
    bool stored = batch_store(f, b);

    f->display_due |= stored;
    batch_return(f, b, stored);
}

/* ---- the group's offsets, for display by Kafka's tools: whether it worked is nobody's concern ---- */

void feed_display_answer(struct kl_feed *f, int wait_ms)
{
    rd_kafka_event_t *event = f->display_sent ? rd_kafka_queue_poll(f->displayed, wait_ms) : NULL;

    if (!event)
        return;
    if (rd_kafka_event_error(event))
        kl_debug("offsets were not committed for display", KL_S("why", rd_kafka_event_error_string(event)));
    rd_kafka_event_destroy(event);
    f->display_sent = false;
}

static void group_display(struct kl_feed *f)
{
    rd_kafka_topic_partition_list_t *list;

    if (!f->conf.group || !f->display_due || kl_mono_us() < f->display_at_us)
        return;
    f->display_at_us = kl_mono_us() + FEED_DISPLAY_MS * 1000;
    feed_display_answer(f, 0);
    if (f->display_sent) /* the coordinator is away: one is enough to wait for */
        return;
    f->display_due = false;
    list = rd_kafka_topic_partition_list_new(64);
    for (struct feed_topic *t = f->topics; t; t = t->next)
        for (int32_t i = 0; !t->over && i < t->n_parts; i++)
            if (t->parts[i]->reading)
                rd_kafka_topic_partition_list_add(list, t->inc.topic, i)->offset = t->parts[i]->stored;
    if (list->cnt > 0)
        f->display_sent = rd_kafka_commit_queue(f->rk, list, f->displayed, NULL, NULL) == RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_topic_partition_list_destroy(list);
}

/* ---- the thread ---- */

static void view_work(struct kl_feed *f, struct feed_view *view)
{
    bool again;

    feed_topics_apply(f, view, &again);
    if (again)
        feed_look_soon(f);
}

void *feed_store_run(void *ctx)
{
    struct kl_feed *f = ctx;

    while (goes_on(f)) {
        struct feed_batch *batch;
        struct feed_view *view;

        work_take(f, &batch, &view);
        if (batch)
            batch_work(f, batch);
        if (f->conf.shared && goes_on(f))
            feed_share_tend(f);
        if (view && goes_on(f)) /* after the batch, which was fetched before it was known what the view says */
            view_work(f, view);
        feed_view_free(view);
        if (f->store.upkeep && goes_on(f))
            f->store.upkeep(f->store.ctx);
        group_display(f);
    }
    return NULL;
}
