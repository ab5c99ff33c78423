/* kafka_feed_group.c - membership in the Kafka group that divides partitions among feeds with one store.
 *
 * Belonging and reading are two things. What the group gives is only written down (f->ours) and acknowledged at once with
 * nothing assigned; the store thread then asks the store where each partition was left, which it must not do before the
 * partition is ours, and orders it as ever. So a slow store never holds up the group, and there is one place where reading
 * begins. What the group takes is let go at once; what was fetched of it is stored before that is acknowledged, so that
 * the next owner finds it, unless the store is slow or our time in the group is over: then the store's fence decides.
 *
 * The callbacks run on the fetch thread, from its poll. Only at the end, when that thread is no more, on the one that stops. */
#include "kafka_feed_internal.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"

#define LEAVE_MS      2000 /* to tell the group that we go: some round trips */
#define LEAVE_POLL_MS 50

/* ---- what is ours ---- */

static int by_place(const void *a, const void *b)
{
    const rd_kafka_topic_partition_t *x = a, *y = b;
    int order = strcmp(x->topic, y->topic);

    return order ? order : (x->partition > y->partition) - (x->partition < y->partition);
}

static const rd_kafka_topic_partition_t *place_find(const rd_kafka_topic_partition_list_t *sorted, const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_t key = { .topic = (char *)topic, .partition = partition };

    return sorted->cnt ? bsearch(&key, sorted->elems, (size_t)sorted->cnt, sizeof key, by_place) : NULL;
}

int64_t feed_group_given(const struct kl_feed *f, const struct feed_part *part)
{
    const rd_kafka_topic_partition_t *row = place_find(f->ours, part->topic->inc.topic, part->partition);

    return row ? row->offset : 0;
}

/* Takes a sorted list out of what is ours. */
static void ours_remove(struct kl_feed *f, const rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_topic_partition_list_t *rest = rd_kafka_topic_partition_list_new(f->ours->cnt);

    for (int i = 0; i < f->ours->cnt; i++) {
        const rd_kafka_topic_partition_t *row = &f->ours->elems[i];

        if (!place_find(list, row->topic, row->partition))
            rd_kafka_topic_partition_list_add(rest, row->topic, row->partition)->offset = row->offset;
    }
    rd_kafka_topic_partition_list_destroy(f->ours);
    f->ours = rest;
}

static void ours_change(struct kl_feed *f, rd_kafka_topic_partition_list_t *list, bool given)
{
    rd_kafka_topic_partition_list_sort(list, NULL, NULL);
    pthread_mutex_lock(&f->lock);
    ours_remove(f, list);
    for (int i = 0; given && i < list->cnt; i++)
        rd_kafka_topic_partition_list_add(f->ours, list->elems[i].topic, list->elems[i].partition)->offset = ++f->given;
    rd_kafka_topic_partition_list_sort(f->ours, NULL, NULL);
    f->joined |= given;
    f->ours_changed = true;
    pthread_cond_signal(&f->work);
    pthread_mutex_unlock(&f->lock);
}

/* ---- the group's word ---- */

/* It has to be answered, or the group waits for us; if not as it should be, then with nothing. */
static void answer(rd_kafka_t *rk, rd_kafka_error_t *(*how)(rd_kafka_t *, const rd_kafka_topic_partition_list_t *),
                   const rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_topic_partition_list_t *none = rd_kafka_topic_partition_list_new(0);
    rd_kafka_error_t *error = how(rk, list ? list : none);

    if (error && list) {
        kl_warn("the group could not be answered as it should be", KL_S("why", rd_kafka_error_string(error)));
        rd_kafka_error_destroy(error);
        error = how(rk, none);
    }
    if (error)
        rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(none);
}

static void given(struct kl_feed *f, rd_kafka_topic_partition_list_t *list)
{
    if (list->cnt > 0)
        kl_info("partitions were given to this member", KL_I("partitions", list->cnt));
    ours_change(f, list, true);
    answer(f->rk, rd_kafka_incremental_assign, NULL);
    if (f->fetcher)
        feed_fetch_restart(f->fetcher);
}

static void taken(struct kl_feed *f, rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_topic_partition_list_t *read = NULL;
    bool lost = rd_kafka_assignment_lost(f->rk);

    kl_info("partitions were taken from this member", KL_I("partitions", list->cnt), KL_S("lost", lost ? "yes" : "no"));
    ours_change(f, list, false);
    if (f->fetcher)
        read = feed_fetch_let_go(f->fetcher, list, !lost);
    answer(f->rk, rd_kafka_incremental_unassign, read);
    if (read)
        rd_kafka_topic_partition_list_destroy(read);
    if (f->fetcher)
        feed_fetch_restart(f->fetcher);
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *list, void *ctx)
{
    (void)rk;
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        given(ctx, list);
    else
        taken(ctx, list);
}

enum kl_code feed_group_prepare(rd_kafka_conf_t *kafka, struct kl_error *err)
{
    static const struct kl_kafka_property needed[] = {
        { "partition.assignment.strategy", "cooperative-sticky" }, /* who keeps a partition reads on meanwhile */
        { "max.poll.interval.ms", "300000" },                      /* also how long the group waits for an answer of ours */
        { "topic.metadata.refresh.interval.ms", "2000" },          /* a topic that has grown is divided anew after so long */
        { NULL, NULL },
    };
    char why[160];

    for (const struct kl_kafka_property *p = needed; p->name; p++)
        if (rd_kafka_conf_set(kafka, p->name, p->value, why, sizeof why) != RD_KAFKA_CONF_OK)
            return kl_fail(err, KL_BROKEN, "librdkafka's %s: %s", p->name, why);
    rd_kafka_conf_set_rebalance_cb(kafka, on_rebalance);
    return KL_OK;
}

/* ---- which topics we take ---- */

static bool topic_is_there(const struct kl_feed *f)
{
    const struct feed_topic *t = f->topics;

    while (t && t->over)
        t = t->next;
    return t != NULL;
}

/* Nobody joins a group for no topics, and it would have nothing to say: who finds none does not wait for its word. */
static void without_topics(struct kl_feed *f)
{
    pthread_mutex_lock(&f->lock);
    f->joined = true;
    pthread_mutex_unlock(&f->lock);
}

/* By name, as the watch thread sees them: librdkafka's own patterns would ask the cluster once more, and later. */
void feed_group_follow(struct kl_feed *f)
{
    rd_kafka_topic_partition_list_t *list;
    rd_kafka_resp_err_t error;

    if (f->contacted && !topic_is_there(f))
        without_topics(f);
    if (!f->contacted || !f->topics_moved) /* before the contact is over nobody may read */
        return;
    list = rd_kafka_topic_partition_list_new(64);
    for (const struct feed_topic *t = f->topics; t; t = t->next)
        if (!t->over)
            rd_kafka_topic_partition_list_add(list, t->inc.topic, RD_KAFKA_PARTITION_UA);
    error = list->cnt > 0 ? rd_kafka_subscribe(f->rk, list) : rd_kafka_unsubscribe(f->rk);
    if (error)
        kl_warn("the group could not be told of the topics, this is tried again", KL_S("why", rd_kafka_err2str(error)));
    f->topics_moved = error != RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_topic_partition_list_destroy(list);
}

/* ---- leaving ---- */

/* Messages that were on their way are nobody's any more; a poll for callbacks alone ends the process when it meets one. */
static void leave_poll(rd_kafka_queue_t *queue)
{
    rd_kafka_message_t *messages[64];
    ssize_t n = rd_kafka_consume_batch_queue(queue, LEAVE_POLL_MS, messages, sizeof messages / sizeof *messages);

    while (n > 0)
        rd_kafka_message_destroy(messages[--n]);
}

bool feed_group_leave(struct kl_feed *f)
{
    int64_t until_us = kl_mono_us() + LEAVE_MS * 1000;
    rd_kafka_queue_t *queue = f->leaving = rd_kafka_queue_new(f->rk);
    rd_kafka_error_t *error = rd_kafka_consumer_close_queue(f->rk, queue);
    bool left = error != NULL; /* there is nothing to leave: a fatal error came first */

    if (error)
        rd_kafka_error_destroy(error);
    while (!left && kl_mono_us() < until_us) {
        leave_poll(queue);
        left = rd_kafka_consumer_closed(f->rk);
    }
    if (left)
        rd_kafka_queue_destroy(queue);
    return left;
}
