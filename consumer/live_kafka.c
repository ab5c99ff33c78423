#include "live_kafka.h"

#include <string.h>

#include "kafka_conf.h"

#define ASK_MS      5000   /* for offsets: a broker that does not answer by then is away */
#define GROUP_ID    "kafkloud-live" /* librdkafka wants one to assign; nothing is subscribed nor committed */

/* Prefetched messages are thrown away when the reader turns to another client, so they are few. */
static const struct kl_kafka_property own[] = {
    { "enable.auto.commit", "false" },
    { "enable.auto.offset.store", "false" },
    { "enable.partition.eof", "true" },     /* offsets have holes: only this tells that the end was reached */
    { "auto.offset.reset", "error" },       /* never elsewhere than asked for: we say `gap` */
    { "fetch.max.bytes", "2097152" },
    { "fetch.message.max.bytes", "262144" }, /* a partition; a larger message still comes, alone */
    { "queued.max.messages.kbytes", "2048" },
    { "fetch.error.backoff.ms", "100" },
    { NULL, NULL },
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
    char group[2];
    size_t size = sizeof group;
    enum kl_code code = KL_OK;

    for (const struct kl_kafka_property *p = own; p->name && !code; p++)
        code = set(conf, p->name, p->value, err);
    if (!code && (rd_kafka_conf_get(conf, "group.id", group, &size) != RD_KAFKA_CONF_OK || size <= 1))
        code = set(conf, "group.id", GROUP_ID, err);
    return code;
}

static enum kl_code open_consumer(void *ctx, void **handle, struct kl_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(ctx);
    enum kl_code code = set_all(conf, err);
    rd_kafka_t *rk;
    char why[256];

    if (code) {
        rd_kafka_conf_destroy(conf);
        return code;
    }
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!rk) {
        rd_kafka_conf_destroy(conf);
        return kl_fail(err, KL_BROKEN, "%s", why);
    }
    rd_kafka_poll_set_consumer(rk);
    *handle = rk;
    return KL_OK;
}

static void close_consumer(void *handle)
{
    rd_kafka_consumer_close(handle);
    rd_kafka_destroy(handle);
}

/* Asks for the offset at a time of all places, one request a broker. */
static enum kl_code ask(rd_kafka_t *rk, int64_t time_ms, const struct live_place *places, size_t n,
                        rd_kafka_topic_partition_list_t **out, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    rd_kafka_resp_err_t error;

    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset = time_ms;
    error = rd_kafka_offsets_for_times(rk, list, ASK_MS);
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

static enum kl_code assign(void *handle, const struct live_place *places, size_t n, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list = n ? rd_kafka_topic_partition_list_new((int)n) : NULL;
    rd_kafka_resp_err_t error;

    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset = places[i].next;
    error = rd_kafka_assign(handle, list);
    if (list)
        rd_kafka_topic_partition_list_destroy(list);
    return error ? kl_kafka_fail(err, error, "assigning partitions") : KL_OK;
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
    rd_kafka_message_t *m = rd_kafka_consumer_poll(handle, wait_ms);

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
    .open = open_consumer, .close = close_consumer, .bounds = bounds, .at = at, .assign = assign, .read = read_next,
    .done = done,
};
