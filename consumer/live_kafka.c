#include "live_kafka.h"

#include <stdlib.h>

#include "kafka_conf.h"
#include "kafka_partition.h"

#define ASK_MS      5000   /* for offsets: a broker that does not answer by then is away */

/* Prefetched messages are thrown away when the reader turns to another client, so they are few. */
static const struct kl_kafka_property own[] = {
    { "enable.partition.eof", "true" },     /* offsets have holes: only this tells that the end was reached */
    { "auto.offset.reset", "error" },       /* never elsewhere than asked for: we say `gap` */
    { "fetch.max.bytes", "2097152" },
    { "fetch.message.max.bytes", "262144" }, /* a partition; a larger message still comes, alone */
    { "queued.max.messages.kbytes", "2048" },
    { "fetch.error.backoff.ms", "100" },
    { NULL, NULL },
};

/* librdkafka's simple consumer: a stop is over when it returns, whatever became of the topic. With assign() a partition's
 * end comes some time later. */
struct kafka_reader {
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;    /* into which all are read */
    struct kafka_source {
        rd_kafka_topic_t *topic;
        int32_t partition;
    } *sources;
    size_t n_sources;
};

static enum kl_code set(rd_kafka_conf_t *conf, const char *name, const char *value, struct kl_error *err)
{
    char why[256];

    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return KL_OK;
    return kl_fail(err, KL_BROKEN, "%s: %s", name, why);
}

static enum kl_code set_all(rd_kafka_conf_t *conf, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (const struct kl_kafka_property *p = own; p->name && !code; p++)
        code = set(conf, p->name, p->value, err);
    return code;
}

static enum kl_code open_kafka(rd_kafka_conf_t *conf, rd_kafka_t **rk, struct kl_error *err)
{
    char why[256];

    *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    return *rk ? KL_OK : kl_fail(err, KL_BROKEN, "%s", why);
}

static enum kl_code open_reader(void *ctx, void **handle, struct kl_error *err)
{
    struct kafka_reader *r = calloc(1, sizeof *r);
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(ctx);
    enum kl_code code = r ? set_all(conf, err) : kl_fail(err, KL_BROKEN, "no memory");

    if (!code)
        code = open_kafka(conf, &r->rk, err);
    if (code) {
        rd_kafka_conf_destroy(conf);   /* not taken */
        free(r);
        return code;
    }
    r->queue = rd_kafka_queue_new(r->rk);
    *handle = r;
    return KL_OK;
}

static void empty(rd_kafka_queue_t *queue)
{
    rd_kafka_message_t *messages[64];
    ssize_t n;

    while ((n = rd_kafka_consume_batch_queue(queue, 0, messages, 64)) > 0)
        while (n > 0)
            rd_kafka_message_destroy(messages[--n]);
}

static void stop(struct kafka_reader *r)
{
    for (size_t i = 0; i < r->n_sources; i++)
        kl_kafka_partition_stop(r->rk, r->sources[i].topic, r->sources[i].partition);
    empty(r->queue);
    while (r->n_sources > 0)
        rd_kafka_topic_destroy(r->sources[--r->n_sources].topic);
    free(r->sources);
    r->sources = NULL;
}

static void close_reader(void *handle)
{
    struct kafka_reader *r = handle;

    stop(r);
    rd_kafka_queue_destroy(r->queue);
    rd_kafka_destroy(r->rk);
    free(r);
}

/* Asks for the offset at a time of all places, one request a broker. */
static enum kl_code ask(const struct kafka_reader *r, int64_t time_ms, const struct live_place *places, size_t n,
                        rd_kafka_topic_partition_list_t **out, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    rd_kafka_resp_err_t error;

    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset = time_ms;
    error = rd_kafka_offsets_for_times(r->rk, list, ASK_MS);
    for (int i = 0; i < list->cnt && !error; i++)
        error = list->elems[i].err;
    if (error) {
        rd_kafka_topic_partition_list_destroy(list);
        return kl_kafka_fail(err, error, "asking for offsets");
    }
    *out = list;
    return KL_OK;
}

/* The list comes back in another order: a place's answer is found by its name. */
static int64_t answer_of(const rd_kafka_topic_partition_list_t *list, const struct live_place *place)
{
    const rd_kafka_topic_partition_t *at =
        rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)list, place->topic, place->partition);

    kl_assert(at);
    return at->offset;
}

static enum kl_code bounds(void *handle, struct live_place *places, size_t n, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *low = NULL, *high = NULL;
    /* As times, these two mean the ends of the log (ListOffsets). */
    enum kl_code code = ask(handle, RD_KAFKA_OFFSET_BEGINNING, places, n, &low, err);

    if (!code)
        code = ask(handle, RD_KAFKA_OFFSET_END, places, n, &high, err);
    for (size_t i = 0; i < n && !code; i++) {
        places[i].low = answer_of(low, &places[i]);
        places[i].high = answer_of(high, &places[i]);
    }
    if (low)
        rd_kafka_topic_partition_list_destroy(low);
    if (high)
        rd_kafka_topic_partition_list_destroy(high);
    return code;
}

static enum kl_code at(void *handle, int64_t time_ms, struct live_place *places, size_t n, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list;
    enum kl_code code = ask(handle, time_ms, places, n, &list, err);

    if (code)
        return code;
    for (size_t i = 0; i < n; i++)
        places[i].next = answer_of(list, &places[i]);
    rd_kafka_topic_partition_list_destroy(list);
    return KL_OK;
}

static enum kl_code start(struct kafka_reader *r, const struct live_place *place, struct kl_error *err)
{
    rd_kafka_topic_t *topic = rd_kafka_topic_new(r->rk, place->topic, NULL);
    rd_kafka_resp_err_t error;

    if (!topic)
        return kl_kafka_fail(err, rd_kafka_last_error(), "reading a topic");
    error = kl_kafka_partition_start(r->rk, topic, place->partition, place->next, r->queue);
    if (error) {
        rd_kafka_topic_destroy(topic);
        return kl_kafka_fail(err, error, "reading a partition");
    }
    r->sources[r->n_sources++] = (struct kafka_source){ topic, place->partition };
    return KL_OK;
}

static enum kl_code assign(void *handle, const struct live_place *places, size_t n, struct kl_error *err)
{
    struct kafka_reader *r = handle;
    enum kl_code code = KL_OK;

    stop(r);
    if (n == 0)
        return KL_OK;
    r->sources = calloc(n, sizeof *r->sources);
    if (!r->sources)
        return kl_fail(err, KL_BROKEN, "no memory");
    for (size_t i = 0; i < n && !code; i++)
        code = start(r, &places[i], err);
    if (code)
        stop(r);
    return code;
}

/* false: librdkafka copes with it by itself (a broker is away, ...). */
static bool classify(rd_kafka_message_t *m, struct live_read *out)
{
    switch (m->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        out->what = LIVE_READ_MESSAGE;
        return true;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        out->what = LIVE_READ_END;
        return true;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        out->what = LIVE_READ_LOST;
        return true;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__FATAL:
        out->what = LIVE_READ_REFUSED;
        out->error = rd_kafka_err2str(m->err);
        return true;
    default:
        return false;
    }
}

static bool read_next(void *handle, int wait_ms, struct live_read *out)
{
    const struct kafka_reader *r = handle;
    rd_kafka_message_t *m = rd_kafka_consume_queue(r->queue, wait_ms);

    if (!m)
        return false;
    *out = (struct live_read){ .message = m, .partition = m->partition, .offset = m->offset };
    if (!classify(m, out)) {
        rd_kafka_message_destroy(m);
        return false;
    }
    out->topic = m->rkt ? rd_kafka_topic_name(m->rkt) : "";
    return true;
}

static void done(void *handle, struct live_read *read)
{
    (void)handle;
    rd_kafka_message_destroy(read->message);
}

const struct live_source live_kafka = {
    .open = open_reader, .close = close_reader, .bounds = bounds, .at = at, .assign = assign, .read = read_next,
    .done = done,
};
