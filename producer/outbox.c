/* outbox.c - see outbox.h. A record is one allocation, the ticket, from accepted to reported: it holds the key and the
 * value, which librdkafka borrows. */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "message_id.h"
#include "record_size.h"
#include "stats.h"

/* A batch: what librdkafka puts into one request (its batch.num.messages and batch.size). */
#define BATCH_RECORDS 10000
#define BATCH_BYTES   1000000
/* A record on its way is answered for by librdkafka's report, which knows whether it was persisted; librdkafka looks
 * for late ones once a second. Only what has no report so long after its time is answered without one. */
#define REPORT_GRACE_MS 2000
/* A topic's records without a key go to one partition for so long, so that they make one batch and not many. */
#define STICKY_MS 10

struct ticket {
    TAILQ_ENTRY(ticket) link;       /* in its lane's pending, or handed */
    struct partition   *partition;
    outbox_done_fn     *done;       /* NULL: it was told already, without a report */
    void               *ctx;
    rd_kafka_headers_t *headers;    /* ours until handed over */
    struct kl_uuid      id;
    int64_t             number;
    int64_t             accepted_us, accepted_mono_us;
    int64_t             timestamp_ms;
    size_t              cost;       /* bytes taken from the room */
    size_t              size;       /* of the record in a batch, at most */
    uint32_t            client;
    rd_kafka_resp_err_t refused;    /* why librdkafka did not take it */
    size_t              key_len, value_len;
    bool                has_key, has_value;
    char                bytes[];    /* key, value */
};

struct outbox {
    struct outbox_conf conf;
    _Atomic bool       abandoned;
    TAILQ_HEAD(, partition) ready;  /* the polling thread's: lanes whose next batch may go */
    pthread_mutex_t    lock;        /* guards what follows */
    struct tickets     refused;     /* librdkafka did not take them; the next tick tells */
};

/* Where tickets go that were taken off a lane: told one after the other, without a lock. */
struct verdict {
    rd_kafka_resp_err_t   error;
    enum kl_outcome_state state;
    int64_t               offset, timestamp_ms;
};

struct outbox *outbox_new(const struct outbox_conf *conf)
{
    struct outbox *box = calloc(1, sizeof *box);

    if (!box)
        return NULL;
    box->conf = *conf;
    pthread_mutex_init(&box->lock, NULL);
    TAILQ_INIT(&box->refused);
    TAILQ_INIT(&box->ready);
    return box;
}

void outbox_free(struct outbox *box)
{
    if (!box)
        return;
    kl_assert(TAILQ_EMPTY(&box->refused));
    pthread_mutex_destroy(&box->lock);
    free(box);
}

/* ---- choosing the partition ---- */

/* For records without a key: index and, in the upper half, until when, both of the topic's `sticky`. A race between two
 * threads at the change makes two choices, which is harmless. */
static int32_t sticky_partition(struct topic *t, int32_t partitions)
{
    uint64_t now_ms = (uint64_t)(kl_mono_us() / 1000) & UINT32_MAX;
    uint64_t sticky = atomic_load_explicit(&t->sticky, memory_order_relaxed);
    uint32_t index = (uint32_t)sticky;

    if (index < (uint32_t)partitions && (sticky >> 32) - now_ms <= STICKY_MS)
        return (int32_t)index;
    index = (index + 1) % (uint32_t)partitions;
    atomic_store_explicit(&t->sticky, ((now_ms + STICKY_MS) & UINT32_MAX) << 32 | index, memory_order_relaxed);
    return (int32_t)index;
}

static enum kl_code choose_partition(const struct record *r, struct partition **out, struct kl_error *err)
{
    int32_t n = atomic_load_explicit(&r->topic->partitions, memory_order_acquire);
    int32_t index = r->partition;

    if (n == 0)
        return kl_fail_field(err, KL_NOT_FOUND, "topic", "there is no topic \"%s\"", r->topic->name);
    if (index < 0)
        index = r->key ? kl_murmur2_partition(r->key, r->key_len, n) : sticky_partition(r->topic, n);
    *out = topic_partition(r->topic, index);
    if (!*out)
        return kl_fail_field(err, KL_NOT_FOUND, "partition", "topic \"%s\" has %d partitions, counted from 0", r->topic->name, n);
    return KL_OK;
}

/* ---- size ---- */

int64_t outbox_record_max_bytes(const struct outbox *box, const struct topic *topic)
{
    return box->conf.compressed ? 0 : atomic_load_explicit(&topic->max_bytes, memory_order_relaxed);
}

static enum kl_code check_size(const struct outbox *box, const struct record *r, size_t size, struct kl_error *err)
{
    int64_t max = outbox_record_max_bytes(box, r->topic);

    if (max == 0 || (int64_t)size <= max)
        return KL_OK;
    return kl_fail_limit(err, KL_TOO_LARGE, "value", max,
                         "with key, headers and framing the record has %zu bytes; the topic's max.message.bytes is %lld", size,
                         (long long)max);
}

/* ---- tickets ---- */

static rd_kafka_headers_t *headers_new(const struct record *r)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(r->n_headers + 1);

    for (size_t i = 0; i < r->n_headers; i++)
        rd_kafka_header_add(headers, r->headers[i].name, (ssize_t)r->headers[i].name_len, r->headers[i].value,
                            (ssize_t)r->headers[i].value_len);
    return headers;
}

static struct ticket *ticket_new(const struct record *r, struct partition *p, size_t size, outbox_done_fn *done, void *ctx)
{
    struct ticket *t = malloc(sizeof *t + r->key_len + r->value_len);

    if (!t)
        return NULL;
    *t = (struct ticket){
        .partition = p, .done = done, .ctx = ctx, .headers = headers_new(r), .id = r->id,
        .accepted_us = kl_wall_us(), .accepted_mono_us = kl_mono_us(), .timestamp_ms = r->timestamp_ms,
        .cost = sizeof *t + size, .size = size, .client = r->client, .key_len = r->key_len, .value_len = r->value_len,
        .has_key = r->key != NULL, .has_value = r->value != NULL,
    };
    if (r->key_len > 0)
        memcpy(t->bytes, r->key, r->key_len);
    if (r->value_len > 0)
        memcpy(t->bytes + r->key_len, r->value, r->value_len);
    return t;
}

static void ticket_free(struct ticket *t)
{
    if (t->headers)
        rd_kafka_headers_destroy(t->headers);
    free(t);
}

/* The one outcome of a ticket, to its owner. */
static void tell(struct ticket *t, const struct verdict *v, int64_t now_us)
{
    struct outcome o = {
        .id = t->id, .offset = v->offset, .timestamp_ms = v->timestamp_ms, .accepted_us = t->accepted_us,
        .delay_us = now_us - t->accepted_mono_us, .partition = t->partition->index, .error = v->error, .state = v->state,
    };
    outbox_done_fn *done = t->done;

    t->done = NULL;
    if (!done)
        return;
    stats_outcome(&o);
    done(t->ctx, &o);
}

/* It is over: told, journaled, freed. */
static void finish(struct outbox *box, struct ticket *t, const struct verdict *v, int64_t now_us)
{
    const struct journal_entry entry = {
        .state = v->state, .delay_us = now_us - t->accepted_mono_us, .accepted_us = t->accepted_us, .id = t->id, .error = v->error,
    };

    tell(t, v, now_us);
    journal_note(box->conf.journal, t->partition, t->number, &entry);
    room_give(box->conf.room, t->client, t->cost);
    ticket_free(t);
}

static void finish_all(struct outbox *box, struct tickets *list, rd_kafka_resp_err_t error)
{
    const struct verdict v = { .error = error, .state = KL_FAILED_NO, .offset = -1 };
    int64_t now_us = kl_mono_us();
    struct ticket *t;

    while ((t = TAILQ_FIRST(list)) != NULL) {
        TAILQ_REMOVE(list, t, link);
        finish(box, t, &v, now_us);
    }
}

/* ---- handing over ---- */

static void add_id_header(const struct outbox *box, struct ticket *t)
{
    const struct kl_message_id m = { .id = t->id, .start = box->conf.start, .number = t->number, .accepted_us = t->accepted_us };
    char text[KL_MESSAGE_ID_MAX];
    size_t len = kl_message_id_write(&m, text);

    rd_kafka_header_add(t->headers, KL_MESSAGE_ID_HEADER, sizeof KL_MESSAGE_ID_HEADER - 1, text, (ssize_t)len);
}

/* To librdkafka. t is in its lane's `handed` already, and counted: its report may come before this returns. */
static void hand_over(struct outbox *box, struct ticket *t)
{
    struct kl_record record = {
        .topic = t->partition->topic->handle, .partition = t->partition->index,
        .key = t->has_key ? t->bytes : NULL, .key_len = t->key_len,
        .value = t->has_value ? t->bytes + t->key_len : NULL, .value_len = t->value_len, .borrow_value = true,
        .timestamp_ms = t->timestamp_ms, .opaque = t,
    };
    rd_kafka_resp_err_t error;

    record.headers = t->headers;
    t->headers = NULL; /* librdkafka's, and t the polling thread's, unless it is refused */
    error = kl_producer_hand_over(box->conf.producer, &record);
    if (!error)
        return;
    t->headers = record.headers;
    t->refused = error;
    kl_debug("librdkafka refused a record", KL_S("topic", t->partition->topic->name), KL_S("why", rd_kafka_err2name(error)));
    pthread_mutex_lock(&t->partition->lane.lock);
    TAILQ_REMOVE(&t->partition->lane.handed, t, link);
    pthread_mutex_unlock(&t->partition->lane.lock);
    pthread_mutex_lock(&box->lock);
    TAILQ_INSERT_TAIL(&box->refused, t, link);
    pthread_mutex_unlock(&box->lock);
}

/* From here on until its first report this batch is the one on its way: nobody else hands over, so the log has the
 * order of the numbers. Holds the lane's lock. */
static void start_batch(struct outbox_lane *lane, int64_t number, size_t n)
{
    lane->batch = number;
    lane->handed_n += n;
    lane->waiting = true;
}

/* Takes the next batch off `pending`; holds the lane's lock. */
static size_t take_batch(const struct outbox *box, struct partition *p, struct ticket **first)
{
    struct outbox_lane *lane = &p->lane;
    int64_t max = outbox_record_max_bytes(box, p->topic);
    size_t bytes_max = max > 0 && max < BATCH_BYTES ? (size_t)max : BATCH_BYTES;
    size_t records_max = lane->stalled ? 1 : BATCH_RECORDS; /* its broker is not there: one record asks for it */
    size_t n = 0, bytes = 0;
    struct ticket *t;

    *first = TAILQ_FIRST(&lane->pending);
    while ((t = TAILQ_FIRST(&lane->pending)) != NULL && n < records_max && (n == 0 || bytes + t->size <= bytes_max)) {
        TAILQ_REMOVE(&lane->pending, t, link);
        TAILQ_INSERT_TAIL(&lane->handed, t, link);
        bytes += t->size;
        n++;
    }
    if (n > 0)
        start_batch(lane, (*first)->number, n);
    return n;
}

/* The next batch goes, when nobody waits for the one before. While no broker answers nothing goes after a failure: what stays
 * ours can be told for sure to be not persisted when its time is over. Polling thread. */
static void next_batch(struct outbox *box, struct partition *p)
{
    struct outbox_lane *lane = &p->lane;
    struct ticket *t = NULL;
    size_t n = 0;

    pthread_mutex_lock(&lane->lock);
    if (!lane->waiting && !outbox_is_abandoned(box) && (!lane->stalled || kl_producer_connected(box->conf.producer)))
        n = take_batch(box, p, &t);
    pthread_mutex_unlock(&lane->lock);
    while (n-- > 0) {
        struct ticket *next = TAILQ_NEXT(t, link); /* before t is gone; the next one is still only ours */

        hand_over(box, t);
        t = next;
    }
}

/* Numbers the ticket and puts it on its lane: KL_BUSY when the box is being emptied, else *now: it is the lane's batch,
 * to be handed over. Under the lock, so that outbox_finish misses none. */
static enum kl_code enqueue(struct outbox *box, struct ticket *t, bool *now, struct kl_error *err)
{
    struct outbox_lane *lane = &t->partition->lane;
    bool abandoned;

    pthread_mutex_lock(&lane->lock);
    abandoned = outbox_is_abandoned(box);
    if (!abandoned) {
        t->number = ++lane->number;
        add_id_header(box, t);
        *now = !lane->waiting && TAILQ_EMPTY(&lane->pending);
        if (*now)
            start_batch(lane, t->number, 1);
        TAILQ_INSERT_TAIL(*now ? &lane->handed : &lane->pending, t, link);
    }
    pthread_mutex_unlock(&lane->lock);
    return abandoned ? kl_fail(err, KL_BUSY, "the service is stopping") : KL_OK;
}

enum kl_code outbox_send(struct outbox *box, const struct record *record, outbox_done_fn *done, void *ctx, int32_t *partition,
                         struct kl_error *err)
{
    size_t size = record_size(record);
    struct partition *p;
    struct ticket *t;
    bool now = false;

    if (choose_partition(record, &p, err) || check_size(box, record, size, err) ||
        room_take(box->conf.room, record->client, sizeof *t + size, record->use, err))
        return err->code;
    t = ticket_new(record, p, size, done, ctx);
    if (!t)
        kl_fail(err, KL_BUSY, "no memory for the record");
    if (!t || enqueue(box, t, &now, err)) {
        if (t)
            ticket_free(t);
        room_give(box->conf.room, record->client, sizeof *t + size);
        return err->code;
    }
    if (partition)
        *partition = p->index;
    if (now)
        hand_over(box, t); /* from here on t may be gone */
    return KL_OK;
}

void outbox_abandon(struct outbox *box)
{
    atomic_store(&box->abandoned, true);
}

bool outbox_is_abandoned(const struct outbox *box)
{
    return atomic_load_explicit(&box->abandoned, memory_order_relaxed);
}

/* ---- reports ---- */

static bool is_stall(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT || error == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           error == RD_KAFKA_RESP_ERR__TRANSPORT;
}

/* May the next batch go, now that one of this number was reported? With the first report of a batch: librdkafka puts a
 * batch into one request, so the others are there as well, and are told while the next one travels. Where a batch may be
 * larger than the topic's records, only with the last: two batches could end up in one request. With nothing handed over any
 * more it ended in any case: librdkafka may have refused it while reports of the one before were still to come. Holds the
 * lane's lock. */
static bool batch_ended(const struct outbox *box, const struct partition *p, int64_t number)
{
    int64_t max = outbox_record_max_bytes(box, p->topic);
    bool small = max > 0 && max < BATCH_BYTES;

    return p->lane.handed_n == 0 || (!small && p->lane.waiting && number >= p->lane.batch);
}

/* A reported ticket leaves its lane. true: there is a batch to go. */
static bool take_off(const struct outbox *box, struct ticket *t, rd_kafka_resp_err_t error)
{
    struct partition *p = t->partition;
    bool go = false;

    pthread_mutex_lock(&p->lane.lock);
    TAILQ_REMOVE(&p->lane.handed, t, link);
    p->lane.handed_n--;
    p->lane.stalled = is_stall(error);
    if (batch_ended(box, p, t->number)) {
        p->lane.waiting = false;
        go = !TAILQ_EMPTY(&p->lane.pending);
    }
    pthread_mutex_unlock(&p->lane.lock);
    return go;
}

static void make_ready(struct outbox *box, struct partition *p)
{
    if (p->lane.ready)
        return;
    p->lane.ready = true;
    TAILQ_INSERT_TAIL(&box->ready, p, lane.link);
}

static struct verdict verdict_of(const rd_kafka_message_t *report)
{
    rd_kafka_timestamp_type_t type;
    struct verdict v = { .error = report->err, .offset = report->offset, .timestamp_ms = rd_kafka_message_timestamp(report, &type) };

    if (!report->err) {
        v.state = KL_ACKED;
        return v;
    }
    v.offset = -1;
    v.state = rd_kafka_message_status(report) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED ? KL_FAILED_NO : KL_FAILED_POSSIBLY;
    return v;
}

static bool unknown_topic(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

bool outbox_reported(void *ctx, const rd_kafka_message_t *report)
{
    struct outbox *box = ctx;
    struct ticket *t = report->_private;
    struct verdict v;
    bool go;

    if (journal_is_block(box->conf.journal, report)) {
        journal_reported(box->conf.journal, report);
        return false;
    }
    go = take_off(box, t, report->err);
    if (go)
        make_ready(box, t->partition);
    if (unknown_topic(report->err))
        topics_doubt(box->conf.topics);
    v = verdict_of(report);
    finish(box, t, &v, kl_mono_us());
    return go || journal_hurries(box->conf.journal);
}

void outbox_work(void *ctx)
{
    struct outbox *box = ctx;
    struct partition *p;

    while ((p = TAILQ_FIRST(&box->ready)) != NULL) {
        TAILQ_REMOVE(&box->ready, p, lane.link);
        p->lane.ready = false;
        next_batch(box, p);
    }
    journal_work(box->conf.journal);
    room_wake(box->conf.room);
}

/* ---- what has no report ---- */

static struct ticket *take_refused(struct outbox *box)
{
    struct ticket *t;

    pthread_mutex_lock(&box->lock);
    t = TAILQ_FIRST(&box->refused);
    if (t)
        TAILQ_REMOVE(&box->refused, t, link);
    pthread_mutex_unlock(&box->lock);
    return t;
}

static void finish_refused(struct outbox *box)
{
    struct ticket *t;

    while ((t = take_refused(box)) != NULL) {
        const struct verdict v = { .error = t->refused, .state = KL_FAILED_NO, .offset = -1 };
        struct outbox_lane *lane = &t->partition->lane;

        pthread_mutex_lock(&lane->lock);
        if (--lane->handed_n == 0)
            lane->waiting = false;
        pthread_mutex_unlock(&lane->lock);
        if (unknown_topic(t->refused))
            topics_doubt(box->conf.topics);
        finish(box, t, &v, kl_mono_us()); /* what is pending behind it goes with this tick */
    }
}

static void end_pending(struct outbox *box, struct partition *p, int64_t accepted_before_us, rd_kafka_resp_err_t error)
{
    struct tickets over = TAILQ_HEAD_INITIALIZER(over);
    struct ticket *t;

    pthread_mutex_lock(&p->lane.lock);
    while ((t = TAILQ_FIRST(&p->lane.pending)) != NULL && t->accepted_mono_us < accepted_before_us) {
        TAILQ_REMOVE(&p->lane.pending, t, link);
        TAILQ_INSERT_TAIL(&over, t, link);
    }
    pthread_mutex_unlock(&p->lane.lock);
    finish_all(box, &over, error);
}

/* Only this thread takes tickets off `handed`, and behind the first young one all are younger: so the walk needs the lock
 * just for the links, which others append to. */
static void tell_overdue(struct partition *p, int64_t accepted_before_us, int64_t now_us)
{
    static const struct verdict possibly = { .error = RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, .state = KL_FAILED_POSSIBLY, .offset = -1 };
    struct ticket *t;

    pthread_mutex_lock(&p->lane.lock);
    t = TAILQ_FIRST(&p->lane.handed);
    pthread_mutex_unlock(&p->lane.lock);
    while (t && t->accepted_mono_us < accepted_before_us) {
        tell(t, &possibly, now_us);
        pthread_mutex_lock(&p->lane.lock);
        t = TAILQ_NEXT(t, link);
        pthread_mutex_unlock(&p->lane.lock);
    }
}

/* Pending records whose time is over were never sent. Handed ones that librdkafka should have reported by now may have
 * been: their owners are told so, their tickets stay until the report. */
static void look_after(void *ctx, struct partition *p)
{
    struct outbox *box = ctx;
    int64_t now_us = kl_mono_us(), pending_us = now_us - box->conf.timeout_ms * 1000;

    end_pending(box, p, pending_us, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
    tell_overdue(p, pending_us - REPORT_GRACE_MS * 1000, now_us);
    next_batch(box, p);
}

void outbox_tick(void *ctx)
{
    struct outbox *box = ctx;

    finish_refused(box);
    if (room_records(box->conf.room) > 0)
        topics_each(box->conf.topics, look_after, box);
    journal_tick(box->conf.journal);
}

static void give_up(void *ctx, struct partition *p)
{
    end_pending(ctx, p, INT64_MAX, RD_KAFKA_RESP_ERR__PURGE_QUEUE);
}

void outbox_finish(struct outbox *box)
{
    kl_assert(outbox_is_abandoned(box));
    finish_refused(box);
    topics_each(box->conf.topics, give_up, box);
    room_wake(box->conf.room);
}

/* ---- what a failure says ---- */

enum kl_code outbox_error(const struct outcome *o, const struct topic *topic, struct kl_error *err)
{
    kl_assert(o->state != KL_ACKED);
    kl_kafka_fail(err, o->error, "the record was not confirmed");
    if (o->state == KL_FAILED_POSSIBLY)
        err->code = KL_TIMEOUT; /* whatever it was: only time tells whether the record is in the log */
    err->persisted = o->state == KL_FAILED_NO ? "no" : "possibly";
    if (err->code == KL_TOO_LARGE)
        err->limit = atomic_load_explicit(&topic->max_bytes, memory_order_relaxed);
    return err->code;
}
