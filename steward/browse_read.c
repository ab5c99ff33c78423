#include "browse_read.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "envelope.h"
#include "kafka_conf.h"
#include "kafka_partition.h"

/* What is fetched beyond a page is thrown away, so it is little. Without a group.id there is nothing to commit to. */
static const struct kl_kafka_property own[] = {
    { "enable.partition.eof", "true" },     /* offsets have holes: only this tells that the end was reached */
    { "auto.offset.reset", "error" },       /* never elsewhere than asked for */
    { "fetch.max.bytes", "2097152" },
    { "fetch.message.max.bytes", "262144" }, /* a partition; a larger message still comes, alone */
    { "queued.max.messages.kbytes", "4096" }, /* a partition; with more than that waiting, fetching pauses a whole second (2.0) */
    { "fetch.error.backoff.ms", "100" },
    { "fetch.wait.max.ms", "10" },           /* an end is told after that; nobody waits for what is not there yet */
    { NULL, NULL },
};

/* librdkafka's simple consumer: a stop is over when it returns, whatever became of the topic. */
struct reader {
    struct reader    *next;
    rd_kafka_t       *rk;
    rd_kafka_queue_t *queue;  /* into which all partitions are read */
    struct kl_buf     packed; /* a message's headers */
    struct kl_buf     json;
};

struct browse_readers {
    const rd_kafka_conf_t *client;
    size_t          max;
    pthread_mutex_t lock;     /* guards what follows */
    struct reader  *idle;
    size_t          n_idle;
};

/* ---- readers ---- */

static enum kl_code reader_start(struct reader *r, const rd_kafka_conf_t *client, struct kl_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(client);
    bool ok = true;
    char why[256];

    for (const struct kl_kafka_property *p = own; p->name && ok; p++)
        ok = rd_kafka_conf_set(conf, p->name, p->value, why, sizeof why) == RD_KAFKA_CONF_OK;
    r->rk = ok ? rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why) : NULL;
    if (r->rk)
        return KL_OK;
    rd_kafka_conf_destroy(conf); /* not taken */
    return kl_fail(err, KL_BROKEN, "%s", why);
}

static enum kl_code reader_new(struct reader **out, const rd_kafka_conf_t *client, struct kl_error *err)
{
    struct reader *r = calloc(1, sizeof *r);

    if (!r)
        return kl_fail(err, KL_BUSY, "no memory for a reader");
    if (reader_start(r, client, err)) {
        free(r);
        return err->code;
    }
    r->queue = rd_kafka_queue_new(r->rk);
    kl_buf_init(&r->packed, BROWSE_PAGE_BYTES);
    kl_buf_init(&r->json, BROWSE_PAGE_BYTES);
    *out = r;
    return KL_OK;
}

static void reader_free(struct reader *r)
{
    rd_kafka_queue_destroy(r->queue);
    rd_kafka_destroy(r->rk);
    kl_buf_fini(&r->packed);
    kl_buf_fini(&r->json);
    free(r);
}

static enum kl_code reader_take(struct browse_readers *all, struct reader **out, struct kl_error *err)
{
    pthread_mutex_lock(&all->lock);
    *out = all->idle;
    if (*out) {
        all->idle = (*out)->next;
        all->n_idle--;
    }
    pthread_mutex_unlock(&all->lock);
    return *out ? KL_OK : reader_new(out, all->client, err);
}

static void reader_give(struct browse_readers *all, struct reader *r)
{
    bool keep;

    pthread_mutex_lock(&all->lock);
    keep = all->n_idle < all->max;
    if (keep) {
        r->next = all->idle;
        all->idle = r;
        all->n_idle++;
    }
    pthread_mutex_unlock(&all->lock);
    if (!keep)
        reader_free(r);
}

enum kl_code browse_readers_new(struct browse_readers **out, const rd_kafka_conf_t *client, size_t max, struct kl_error *err)
{
    struct browse_readers *r = calloc(1, sizeof *r);

    if (!r)
        return kl_fail(err, KL_BROKEN, "no memory for the readers");
    r->client = client;
    r->max = max;
    pthread_mutex_init(&r->lock, NULL);
    *out = r;
    return KL_OK;
}

void browse_readers_free(struct browse_readers *r)
{
    if (!r)
        return;
    while (r->idle) {
        struct reader *next = r->idle->next;

        reader_free(r->idle);
        r->idle = next;
    }
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* ---- a topic being read ---- */

struct reading {
    struct reader    *r;
    rd_kafka_topic_t *topic;
    int64_t           due_us;
};

static int left_ms(const struct reading *g)
{
    int64_t left = (g->due_us - kl_mono_us()) / 1000;

    return left > 0 ? (int)left : 0;
}

static enum kl_code reading_begin(struct reading *g, struct browse_readers *all, const char *topic, int timeout_ms, struct kl_error *err)
{
    if (reader_take(all, &g->r, err))
        return err->code;
    g->due_us = kl_mono_us() + (int64_t)timeout_ms * 1000;
    g->topic = rd_kafka_topic_new(g->r->rk, topic, NULL);
    if (g->topic)
        return KL_OK;
    reader_give(all, g->r);
    return kl_kafka_fail(err, rd_kafka_last_error(), "reading the topic");
}

static void reading_end(struct reading *g, struct browse_readers *all)
{
    rd_kafka_topic_destroy(g->topic);
    reader_give(all, g->r);
}

static enum kl_code start(struct reading *g, int32_t partition, int64_t offset, struct kl_error *err)
{
    rd_kafka_resp_err_t error = kl_kafka_partition_start(g->r->rk, g->topic, partition, offset, g->r->queue);

    return error ? kl_kafka_fail(err, error, "reading the topic") : KL_OK;
}

/* What was fetched and not yet taken is outdated by it: librdkafka gives none of it out. */
static void stop(struct reading *g, int32_t partition)
{
    kl_kafka_partition_stop(g->r->rk, g->topic, partition);
}

/* Errors that end the reading; others librdkafka copes with by itself (a broker that is away). */
static bool is_refusal(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION || error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           error == RD_KAFKA_RESP_ERR__FATAL;
}

/* Retention was quicker. */
static bool is_lost(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || error == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
}

/* ---- a page ---- */

static struct browse_part *part_of(struct browse *b, int32_t partition)
{
    for (size_t i = 0; i < b->n_parts; i++)
        if (b->parts[i].partition == partition)
            return &b->parts[i];
    return NULL;
}

static struct browse_item *item_new(struct reader *r, const char *topic, const rd_kafka_message_t *message)
{
    struct browse_item *item = NULL;
    struct kl_message m;

    kl_buf_clear(&r->json);
    if (kl_message_view(&m, message, &r->packed) && kl_envelope_cut(&r->json, topic, &m, BROWSE_VALUE_CUT_BYTES))
        item = malloc(sizeof *item + r->json.len);
    if (!item)
        return NULL;
    *item = (struct browse_item){ .offset = m.offset, .timestamp_ms = m.timestamp_ms, .len = r->json.len };
    memcpy(item->json, r->json.data, r->json.len);
    return item;
}

/* What one message, or news of the partition, leads to. */
static enum kl_code take(struct reading *g, struct browse *b, const rd_kafka_message_t *m, enum browse_step *step, struct browse_part *p,
                         struct kl_error *err)
{
    struct browse_item *item;

    *step = BROWSE_ON;
    if (is_refusal(m->err))
        return kl_kafka_fail(err, m->err, "reading the topic");
    if (is_lost(m->err)) {
        browse_give_up(b, p);
        *step = BROWSE_DONE;
    } else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        *step = browse_nothing_more(b, p);
    } else if (!m->err && m->offset >= p->from) {
        item = item_new(g->r, rd_kafka_topic_name(g->topic), m);
        if (!item)
            return kl_fail(err, KL_BUSY, "no memory for the messages");
        *step = browse_take(b, p, item);
    }
    return KL_OK;
}

static enum kl_code step_on(struct reading *g, struct browse *b, struct kl_error *err)
{
    rd_kafka_message_t *m = rd_kafka_consume_queue(g->r->queue, left_ms(g));
    struct browse_part *p = m ? part_of(b, m->partition) : NULL;
    enum browse_step step = BROWSE_ON;
    enum kl_code code = KL_OK;

    if (p && !p->done)
        code = take(g, b, m, &step, p, err);
    if (m)
        rd_kafka_message_destroy(m);
    if (code || step == BROWSE_ON)
        return code;
    stop(g, p->partition);
    return step == BROWSE_AGAIN ? start(g, p->partition, p->from, err) : KL_OK;
}

static bool all_done(const struct browse *b)
{
    for (size_t i = 0; i < b->n_parts; i++)
        if (!b->parts[i].done)
            return false;
    return true;
}

enum kl_code browse_read(struct browse_readers *r, const char *topic, struct browse *b, int timeout_ms, bool *whole, struct kl_error *err)
{
    struct reading g;
    size_t started = 0;
    enum kl_code code;

    if (reading_begin(&g, r, topic, timeout_ms, err))
        return err->code;
    code = KL_OK;
    for (; started < b->n_parts && !code; started++)
        if (!b->parts[started].done)
            code = start(&g, b->parts[started].partition, b->parts[started].from, err);
    while (!code && !all_done(b) && left_ms(&g) > 0)
        code = step_on(&g, b, err);
    *whole = all_done(b);
    for (size_t i = 0; i < started; i++)
        if (!b->parts[i].done || code)
            stop(&g, b->parts[i].partition);
    reading_end(&g, r);
    return code;
}

/* ---- one message ---- */

static enum kl_code write_one(struct reader *r, const char *topic, const rd_kafka_message_t *message, struct kl_buf *out, struct kl_error *err)
{
    struct kl_message m;

    if (message->len > BROWSE_VALUE_MAX_BYTES)
        return kl_fail_limit(err, KL_TOO_LARGE, "value", BROWSE_VALUE_MAX_BYTES, "the value has %zu bytes, %d may be shown", message->len,
                             BROWSE_VALUE_MAX_BYTES);
    if (!kl_message_view(&m, message, &r->packed) || !kl_envelope_cut(out, topic, &m, BROWSE_VALUE_MAX_BYTES))
        return kl_fail(err, KL_BUSY, "no memory for the message");
    return KL_OK;
}

/* KL_OK with *found unset: go on. */
static enum kl_code look_at(struct reading *g, const rd_kafka_message_t *m, int64_t offset, bool *found, struct kl_buf *out, struct kl_error *err)
{
    *found = false;
    if (is_refusal(m->err))
        return kl_kafka_fail(err, m->err, "reading the topic");
    if (is_lost(m->err) || m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF || (!m->err && m->offset > offset))
        return kl_fail_field(err, KL_NOT_FOUND, "offset", "there is no message at offset %lld: compaction took it, or it is a mark of a transaction",
                             (long long)offset);
    if (m->err || m->offset < offset)
        return KL_OK;
    *found = true;
    return write_one(g->r, rd_kafka_topic_name(g->topic), m, out, err);
}

enum kl_code browse_read_one(struct browse_readers *r, const char *topic, int32_t partition, int64_t offset, int timeout_ms,
                             struct kl_buf *out, struct kl_error *err)
{
    struct reading g;
    enum kl_code code;
    bool found = false;

    if (reading_begin(&g, r, topic, timeout_ms, err))
        return err->code;
    code = start(&g, partition, offset, err);
    while (!code && !found) {
        rd_kafka_message_t *m = rd_kafka_consume_queue(g.r->queue, left_ms(&g));

        code = m ? look_at(&g, m, offset, &found, out, err) : kl_fail(err, KL_TIMEOUT, "Kafka did not give the message in time");
        if (m)
            rd_kafka_message_destroy(m);
    }
    stop(&g, partition);
    reading_end(&g, r);
    return code;
}
