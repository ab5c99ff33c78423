/* kafka_feed_fetch.c - the fetch thread: polls the consumer, stamps the clock, gathers batches.
 *
 * It takes one message as soon as there is one, then whatever else has come, and hands over at once when the store thread
 * is free; while that one is busy, the batch grows. So a lone message waits for nobody, and load makes batches large.
 *
 * Orders from the store thread are carried out here, between two polls: so every message in hand has been told apart
 * by the orders before it, and what librdkafka still has queued of a partition that is given up never comes out. */
#include "kafka_feed_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"

#define POLL_MS  100
#define POLL_MAX 1000 /* messages at once: the bytes of a batch are looked at between polls */
#define FUTURE_MS 3600000 /* a timestamp further ahead of us is a mistake, and no help in telling logs apart */
#define LET_GO_MS 3000 /* what was gathered of partitions that go to another member is to be stored within it; it waits for us */
#define FULL_MS   1000 /* a batch is full for so long: the store is in trouble, so reading stops and the group is listened to */

struct fetcher {
    struct kl_feed        *f;
    struct feed_batch     *batch;   /* gathering; always one */
    struct feed_part     **reading; /* what is ordered */
    size_t                 n_reading, reading_room;
    struct feed_part     **slots;   /* the same by topic and partition, open addressing */
    size_t                 n_slots; /* a power of two */
    const rd_kafka_topic_t *last_topic; /* messages come in runs of one partition */
    struct feed_part      *last;
    int64_t                full_us;     /* monotonic: since when the batch is full; 0: it is not */
    rd_kafka_message_t    *polled[POLL_MAX];
};

/* ---- finding a message's partition ---- */

static size_t slot_of(const struct fetcher *t, const char *topic, int32_t partition)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (; *topic; topic++)
        hash = (hash ^ (unsigned char)*topic) * 1099511628211u;
    hash = (hash ^ (uint32_t)partition) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32) & (t->n_slots - 1);
}

static bool is_part(const struct feed_part *part, const char *topic, int32_t partition)
{
    return part->partition == partition && !strcmp(part->topic->inc.topic, topic);
}

static struct feed_part *slot_find(const struct fetcher *t, const char *topic, int32_t partition)
{
    if (t->n_slots == 0)
        return NULL;
    for (size_t at = slot_of(t, topic, partition); t->slots[at]; at = (at + 1) & (t->n_slots - 1))
        if (is_part(t->slots[at], topic, partition))
            return t->slots[at];
    return NULL;
}

/* NULL: nobody ordered it. */
static struct feed_part *part_find(struct fetcher *t, const rd_kafka_message_t *m)
{
    if (t->last && m->rkt == t->last_topic && m->partition == t->last->partition)
        return t->last;
    if (!m->rkt)
        return NULL;
    t->last_topic = m->rkt;
    t->last = slot_find(t, rd_kafka_topic_name(m->rkt), m->partition);
    return t->last;
}

static bool slots_rebuild(struct fetcher *t)
{
    size_t n = 16;
    struct feed_part **slots;

    while (n < t->n_reading * 2)
        n *= 2;
    slots = calloc(n, sizeof *slots);
    if (!slots)
        return false;
    free(t->slots);
    t->slots = slots;
    t->n_slots = n;
    t->last = NULL;
    for (size_t i = 0; i < t->n_reading; i++) {
        size_t at = slot_of(t, t->reading[i]->topic->inc.topic, t->reading[i]->partition);

        while (slots[at])
            at = (at + 1) & (n - 1);
        slots[at] = t->reading[i];
    }
    return true;
}

/* ---- orders ---- */

static bool reading_add(struct fetcher *t, struct feed_part *part)
{
    if (t->n_reading == t->reading_room) {
        size_t room = t->reading_room ? t->reading_room * 2 : 64;
        struct feed_part **more = calloc(room, sizeof *more);

        if (!more)
            return false;
        if (t->n_reading)
            memcpy(more, t->reading, t->n_reading * sizeof *more);
        free(t->reading);
        t->reading = more;
        t->reading_room = room;
    }
    t->reading[t->n_reading++] = part;
    return true;
}

static bool reading_remove(struct fetcher *t, const struct feed_part *part)
{
    for (size_t i = 0; i < t->n_reading; i++)
        if (t->reading[i] == part) {
            t->reading[i] = t->reading[--t->n_reading];
            return true;
        }
    return false;
}

static bool has_moved(const struct feed_batch *b, const struct feed_part *part)
{
    return part->moved_at < b->n_moved && b->moved[part->moved_at] == part;
}

static void record_drop(struct feed_batch *b, size_t i)
{
    b->bytes -= b->messages[i]->len + b->messages[i]->key_len;
    rd_kafka_message_destroy(b->messages[i]);
}

/* Drops what gathered of a partition before it was ordered anew. */
static void gathered_forget(struct feed_batch *b, const struct feed_part *part)
{
    size_t n = 0, at = part->moved_at, last = --b->n_moved;

    for (size_t i = 0; i < b->n; i++) {
        if (b->records[i].incarnation == &part->topic->inc && b->messages[i]->partition == part->partition) {
            record_drop(b, i);
            continue;
        }
        b->messages[n] = b->messages[i];
        b->records[n++] = b->records[i];
    }
    b->n = n;
    b->positions[at] = b->positions[last];
    b->seen_ms[at] = b->seen_ms[last];
    b->solid_from[at] = b->solid_from[last];
    b->epochs[at] = b->epochs[last];
    b->moved[at] = b->moved[last];
    b->moved[at]->moved_at = at;
}

/* Where to read on: as ordered, but behind what is gathering already. */
static int64_t part_begin(struct fetcher *t, struct feed_part *part, int64_t from)
{
    if (has_moved(t->batch, part) && t->batch->epochs[part->moved_at] != part->fetch_epoch)
        gathered_forget(t->batch, part);
    if (has_moved(t->batch, part) && t->batch->positions[part->moved_at].next > from)
        from = t->batch->positions[part->moved_at].next;
    pthread_mutex_lock(&t->f->lock);
    if (from != part->next)
        part->solid_from = from;
    part->next = from;
    pthread_mutex_unlock(&t->f->lock);
    return from;
}

/* The group may have taken the partition since it was ordered. */
static bool is_ours(struct kl_feed *f, const struct feed_order *order)
{
    bool ours;

    if (!f->conf.shared)
        return true;
    pthread_mutex_lock(&f->lock);
    ours = feed_group_given(f, order->part) == order->given;
    pthread_mutex_unlock(&f->lock);
    return ours;
}

/* Takes an order up; -1: there is nothing to tell librdkafka. */
static int64_t order_take(struct fetcher *t, const struct feed_order *order)
{
    struct feed_part *part = order->part;

    if (order->from < 0)
        return reading_remove(t, part) ? 0 : -1;
    if (!is_ours(t->f, order) || !reading_add(t, part))
        return -1;
    part->fetch_epoch = order->epoch;
    return part_begin(t, part, order->from);
}

/* Tells librdkafka about orders of one kind. What it refuses is logged by itself, and the partition is ordered again. */
static void assign(struct fetcher *t, const struct feed_order *orders, size_t n, bool on)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    rd_kafka_error_t *error = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct feed_part *part = orders[i].part;
        int64_t from = order_take(t, &orders[i]);

        if (from >= 0)
            rd_kafka_topic_partition_list_add(list, part->topic->inc.topic, part->partition)->offset = from;
    }
    if (list->cnt > 0)
        error = on ? rd_kafka_incremental_assign(t->f->rk, list) : rd_kafka_incremental_unassign(t->f->rk, list);
    if (error) {
        kl_warn("partitions could not be assigned, this is tried again", KL_S("why", rd_kafka_error_string(error)));
        pthread_mutex_lock(&t->f->lock);
        for (size_t i = 0; i < n; i++)
            orders[i].part->again = on;
        pthread_mutex_unlock(&t->f->lock);
        rd_kafka_error_destroy(error);
    }
    for (size_t i = 0; on && !error && i < n; i++)
        if (!orders[i].part->queue)
            orders[i].part->queue = rd_kafka_queue_get_partition(t->f->rk, orders[i].part->topic->inc.topic, orders[i].part->partition);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Carries orders out as they were given, runs of one kind together. */
static void orders_apply(struct fetcher *t)
{
    struct kl_feed *f = t->f;
    struct feed_order *orders;
    size_t n, run;

    pthread_mutex_lock(&f->lock);
    orders = f->orders;
    n = f->n_orders;
    f->orders = NULL;
    f->n_orders = f->orders_room = 0;
    pthread_mutex_unlock(&f->lock);
    for (size_t i = 0; i < n; i += run) {
        for (run = 1; i + run < n && (orders[i + run].from < 0) == (orders[i].from < 0); run++)
            ;
        assign(t, orders + i, run, orders[i].from >= 0);
    }
    if (n > 0 && !slots_rebuild(t))
        feed_fatal(f, KL_FEED_KAFKA, "no memory for the partitions that are read");
    free(orders);
}

/* ---- gathering ---- */

static size_t moved_of(struct fetcher *t, struct feed_part *part)
{
    struct feed_batch *b = t->batch;

    if (!has_moved(b, part)) {
        part->moved_at = b->n_moved++;
        b->moved[part->moved_at] = part;
        b->seen_ms[part->moved_at] = -1;
        b->solid_from[part->moved_at] = part->solid_from;
        b->epochs[part->moved_at] = part->fetch_epoch;
        b->positions[part->moved_at] = (struct kl_feed_position){ .incarnation = &part->topic->inc, .partition = part->partition,
                                                                  .next = part->next, .from = part->next };
    }
    return part->moved_at;
}

/* What is fetched next of a partition that is read. */
static int64_t next_of(struct fetcher *t, const struct feed_part *part)
{
    int64_t next;

    if (has_moved(t->batch, part))
        return t->batch->positions[part->moved_at].next;
    pthread_mutex_lock(&t->f->lock);
    next = part->next;
    pthread_mutex_unlock(&t->f->lock);
    return next;
}

/* Had already: a partition was begun again behind it, see feed_fetch_restart. */
static bool is_behind(struct fetcher *t, const struct feed_part *part, const rd_kafka_message_t *m)
{
    return t->f->conf.shared && m->offset < next_of(t, part);
}

static void record_add(struct fetcher *t, struct feed_part *part, rd_kafka_message_t *m, int64_t now_us)
{
    struct feed_batch *b = t->batch;
    size_t at = moved_of(t, part);
    rd_kafka_timestamp_type_t type;
    int64_t timestamp_ms = rd_kafka_message_timestamp(m, &type);

    b->messages[b->n] = m;
    b->records[b->n++] = (struct kl_feed_record){ m, &part->topic->inc, now_us };
    b->bytes += m->len + m->key_len;
    if (m->offset != b->positions[at].next)
        b->solid_from[at] = m->offset;
    if (timestamp_ms < 0 || timestamp_ms > now_us / 1000 + FUTURE_MS)
        b->solid_from[at] = m->offset + 1;
    else if (timestamp_ms > b->seen_ms[at])
        b->seen_ms[at] = timestamp_ms;
    b->positions[at].next = m->offset + 1;
}

/* The end of a log lies behind its last record where transactions were closed: without this, lag would stay. Left out
 * when the batch has no place for it: a position is no loss. */
static void end_reached(struct fetcher *t, struct feed_part *part, int64_t next)
{
    if (!has_moved(t->batch, part) && (next <= part->next || t->batch->n_moved >= t->f->conf.batch_max))
        return;
    if (next > t->batch->positions[moved_of(t, part)].next)
        t->batch->positions[part->moved_at].next = t->batch->solid_from[part->moved_at] = next;
}

static void read_again(struct fetcher *t, struct feed_part *part)
{
    pthread_mutex_lock(&t->f->lock);
    part->again = true;
    pthread_mutex_unlock(&t->f->lock);
    feed_look_soon(t->f);
}

static void error_take(struct fetcher *t, struct feed_part *part, const rd_kafka_message_t *m)
{
    switch (m->err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        end_reached(t, part, m->offset);
        break;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        read_again(t, part);
        break;
    default:
        kl_warn("a partition cannot be read now", KL_S("topic", part->topic->inc.topic), KL_I("partition", part->partition),
                KL_S("why", rd_kafka_message_errstr(m)));
    }
}

static void message_take(struct fetcher *t, rd_kafka_message_t *m, int64_t now_us)
{
    struct feed_part *part = part_find(t, m);

    if (part && !m->err && !is_behind(t, part, m)) {
        record_add(t, part, m, now_us);
        return;
    }
    if (part && m->err)
        error_take(t, part, m);
    else if (m->err)
        kl_debug("librdkafka", KL_S("error", rd_kafka_message_errstr(m)));
    rd_kafka_message_destroy(m);
}

static bool batch_full(const struct fetcher *t)
{
    return t->batch->n >= t->f->conf.batch_max || t->batch->bytes >= FEED_BATCH_BYTES;
}

/* Topics that records of `also` name. */
static void names_follow(struct fetcher *t, size_t from)
{
    struct kl_feed *f = t->f;
    char topic[KL_TOPIC_BYTES];

    for (size_t i = from; f->conf.names && i < t->batch->n; i++)
        if (((const struct feed_topic *)t->batch->records[i].incarnation)->also && f->conf.names(t->batch->messages[i], topic))
            feed_hear_of(f, topic);
}

/* One by one. librdkafka's call for many is no good: it waits for all it is asked for, and that of 2.8 counts the end of
 * a partition, which it tells like a record, as one: when the group has then divided partitions anew, it leaves out the next
 * record of each that stays. */
static size_t poll_many(struct fetcher *t, size_t room)
{
    size_t n = 0;

    while (n < room) {
        t->polled[n] = rd_kafka_consume_queue(t->f->queue, n > 0 ? 0 : POLL_MS);
        if (!t->polled[n])
            break;
        n++;
    }
    return n;
}

static void poll_once(struct fetcher *t)
{
    struct kl_feed *f = t->f;
    size_t room = f->conf.batch_max - t->batch->n, n = poll_many(t, room < POLL_MAX ? room : POLL_MAX), before;
    int64_t now_us;

    if (n == 0)
        return;
    before = t->batch->n; /* the group may have had its say in the poll: feed_fetch_let_go */
    now_us = kl_wall_us();
    for (size_t i = 0; i < n; i++)
        message_take(t, t->polled[i], now_us);
    if (f->conf.on_fetched && t->batch->n > before)
        f->conf.on_fetched(f->conf.on_fetched_ctx, t->batch->records + before, t->batch->n - before);
    names_follow(t, before);
}

/* ---- handing over ---- */

/* What was fetched becomes known together with the batch, so that a look never sees a position beyond its timestamps. */
static void moved_tell(const struct feed_batch *b)
{
    for (size_t i = 0; i < b->n_moved; i++) {
        struct feed_part *part = b->moved[i];

        if (b->epochs[i] != part->epoch)
            continue;
        part->next = b->positions[i].next;
        part->solid_from = b->solid_from[i];
        if (b->seen_ms[i] > part->seen_ms)
            part->seen_ms = b->seen_ms[i];
    }
}

static void batch_hand_over(struct fetcher *t)
{
    struct kl_feed *f = t->f;

    if (t->batch->n == 0 && t->batch->n_moved == 0)
        return;
    pthread_mutex_lock(&f->lock);
    if (!f->ready && f->n_spare > 0) {
        moved_tell(t->batch);
        f->ready = t->batch;
        t->batch = f->spare[--f->n_spare];
        pthread_cond_signal(&f->work);
    }
    pthread_mutex_unlock(&f->lock);
}

static void room_wait(struct kl_feed *f)
{
    struct timespec until = feed_deadline(POLL_MS);

    pthread_mutex_lock(&f->lock);
    while (!f->stopping && f->n_orders == 0 && (f->ready || f->n_spare == 0) &&
           pthread_cond_timedwait(&f->room, &f->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&f->lock);
}

/* ---- the group ---- */

static bool all_stored(const struct fetcher *t)
{
    return t->batch->n == 0 && t->batch->n_moved == 0 && !t->f->ready && t->f->n_spare == FEED_BATCHES - 1;
}

/* False: it is no use to wait any longer. */
static bool stored_wait(struct fetcher *t, const struct timespec *until)
{
    struct kl_feed *f = t->f;
    bool goes_on = true;

    pthread_mutex_lock(&f->lock);
    if (!all_stored(t) && (f->ready || f->n_spare == 0 || (t->batch->n == 0 && t->batch->n_moved == 0)))
        goes_on = pthread_cond_timedwait(&f->room, &f->lock, until) != ETIMEDOUT;
    goes_on = goes_on && !f->stopping && !f->ended && !f->paused_why[0] && !all_stored(t);
    pthread_mutex_unlock(&f->lock);
    return goes_on;
}

static void gathered_store(struct fetcher *t)
{
    struct timespec until = feed_deadline(LET_GO_MS);

    do
        batch_hand_over(t);
    while (stored_wait(t, &until));
}

rd_kafka_topic_partition_list_t *feed_fetch_let_go(struct fetcher *t, const rd_kafka_topic_partition_list_t *list, bool store_first)
{
    rd_kafka_topic_partition_list_t *names = rd_kafka_topic_partition_list_new(list->cnt);

    for (int i = 0; i < list->cnt; i++) {
        struct feed_part *part = slot_find(t, list->elems[i].topic, list->elems[i].partition);

        if (part && reading_remove(t, part))
            rd_kafka_topic_partition_list_add(names, part->topic->inc.topic, part->partition);
    }
    if (!slots_rebuild(t))
        feed_fatal(t->f, KL_FEED_KAFKA, "no memory for the partitions that are read");
    if (store_first)
        gathered_store(t);
    return names;
}

/* What is read, each at what is fetched next. */
static rd_kafka_topic_partition_list_t *reading_list(struct fetcher *t)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)t->n_reading);

    for (size_t i = 0; i < t->n_reading; i++) {
        const struct feed_part *part = t->reading[i];

        rd_kafka_topic_partition_list_add(list, part->topic->inc.topic, part->partition)->offset = next_of(t, part);
    }
    return list;
}

/* All partitions are to be ordered again. */
static void reading_again(struct fetcher *t)
{
    pthread_mutex_lock(&t->f->lock);
    for (size_t i = 0; i < t->n_reading; i++)
        t->reading[i]->again = true;
    pthread_mutex_unlock(&t->f->lock);
    feed_look_soon(t->f);
}

void feed_fetch_restart(struct fetcher *t)
{
    rd_kafka_topic_partition_list_t *list = reading_list(t);
    rd_kafka_error_t *error = list->cnt > 0 ? rd_kafka_incremental_unassign(t->f->rk, list) : NULL;

    if (!error && list->cnt > 0)
        error = rd_kafka_incremental_assign(t->f->rk, list);
    if (error) {
        kl_warn("partitions could not be begun again, this is tried again", KL_S("why", rd_kafka_error_string(error)));
        rd_kafka_error_destroy(error);
        reading_again(t);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

/* The store takes nothing: all partitions are let go, and ordered again when it does. Else the group's word would stand in
 * librdkafka's queue behind messages that there is no place for, and the other members would wait for ours. */
static void reading_stop(struct fetcher *t)
{
    rd_kafka_topic_partition_list_t *list = reading_list(t);
    rd_kafka_error_t *error = rd_kafka_incremental_unassign(t->f->rk, list);

    if (error)
        rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(list);
    reading_again(t);
    t->n_reading = 0;
    if (!slots_rebuild(t))
        feed_fatal(t->f, KL_FEED_KAFKA, "no memory for the partitions that are read");
}

/* There is no place for another message. */
static void full_wait(struct fetcher *t)
{
    ssize_t n;

    if (t->full_us == 0)
        t->full_us = kl_mono_us();
    if (!t->f->conf.shared || kl_mono_us() - t->full_us < FULL_MS * 1000) {
        room_wait(t->f);
        return;
    }
    if (t->n_reading > 0)
        reading_stop(t);
    n = rd_kafka_consume_batch_queue(t->f->queue, POLL_MS, t->polled, POLL_MAX);
    while (n > 0)
        rd_kafka_message_destroy(t->polled[--n]); /* nothing that is read */
}

/* The batch that gathered is left as it is: the store's position is before it, so the next start reads it again. */
static void fetcher_end(struct fetcher *t)
{
    free(t->slots);
    free(t->reading);
    free(t);
}

void *feed_fetch_run(void *ctx)
{
    struct kl_feed *f = ctx;
    struct fetcher *t = calloc(1, sizeof *t);

    if (!t) {
        feed_fatal(f, KL_FEED_KAFKA, "no memory for the fetch thread");
        return NULL;
    }
    t->f = f;
    f->fetcher = t;
    pthread_mutex_lock(&f->lock);
    t->batch = f->spare[--f->n_spare];
    pthread_mutex_unlock(&f->lock);
    while (!f->stopping && !f->ended) {
        orders_apply(t);
        if (batch_full(t)) {
            full_wait(t);
        } else {
            t->full_us = 0;
            poll_once(t);
        }
        batch_hand_over(t);
    }
    f->fetcher = NULL;
    fetcher_end(t);
    return NULL;
}
