/* kafka_producer.c - librdkafka's producer behind one polling thread.
 *
 * Reports are taken as events rather than callbacks: an event holds all reports of one broker answer, so that what follows
 * an answer (the next batch, the journal) is done once for all of them and not once a record. */
#include "kafka_producer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"

#define REPORTS_MAX 10000 /* reports handed to the hook at once: librdkafka's batch.num.messages, so mostly all of an answer */

struct kl_producer {
    rd_kafka_t              *kafka;
    rd_kafka_queue_t        *queue; /* librdkafka's main queue: reports and errors */
    struct kl_producer_hooks hooks;
    pthread_t                thread;
    bool                     polling; /* the thread runs; the opener's and closer's */
    bool                     fatal_told;
    int64_t                  ticked_us;
    _Atomic bool             stop;
    _Atomic bool             connected;
    _Atomic int64_t          in_flight; /* taken and not yet reported */
    const rd_kafka_message_t *reports[REPORTS_MAX];
};

static void deliver(struct kl_producer *p, rd_kafka_event_t *event)
{
    size_t n;

    while ((n = rd_kafka_event_message_array(event, p->reports, REPORTS_MAX)) > 0) {
        if (p->reports[n - 1]->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            kl_producer_heard(p);
        p->hooks.delivered(p->hooks.ctx, p->reports, n);
        atomic_fetch_sub(&p->in_flight, (int64_t)n);
    }
}

static void tell_fatal(struct kl_producer *p)
{
    char why[256];
    rd_kafka_resp_err_t error = rd_kafka_fatal_error(p->kafka, why, sizeof why);

    if (p->fatal_told)
        return;
    p->fatal_told = true;
    kl_error("kafka client cannot go on", KL_S("error", rd_kafka_err2name(error)), KL_S("why", why));
    if (p->hooks.fatal)
        p->hooks.fatal(p->hooks.ctx, why);
}

static void take_error(struct kl_producer *p, rd_kafka_event_t *event)
{
    rd_kafka_resp_err_t error = rd_kafka_event_error(event);

    if (error == RD_KAFKA_RESP_ERR__FATAL || rd_kafka_event_error_is_fatal(event)) {
        tell_fatal(p);
        return;
    }
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && atomic_exchange(&p->connected, false))
        kl_warn("no kafka broker is reachable, records wait", KL_S("why", rd_kafka_event_error_string(event)));
    else
        kl_debug("kafka error", KL_S("error", rd_kafka_err2name(error)), KL_S("why", rd_kafka_event_error_string(event)));
}

static void serve(struct kl_producer *p, int64_t wait_ms)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(p->queue, (int)wait_ms);
    int64_t now_us = kl_mono_us();

    if (event) {
        if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR)
            deliver(p, event);
        else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR)
            take_error(p, event);
        rd_kafka_event_destroy(event);
    }
    if (now_us - p->ticked_us >= KL_PRODUCER_TICK_MS * 1000) {
        p->ticked_us = now_us;
        if (p->hooks.tick)
            p->hooks.tick(p->hooks.ctx);
    }
}

static void *poll_kafka(void *arg)
{
    struct kl_producer *p = arg;

    pthread_setname_np(pthread_self(), "kafka");
    while (!atomic_load(&p->stop))
        serve(p, KL_PRODUCER_TICK_MS);
    return NULL;
}

enum kl_code kl_producer_open(struct kl_producer **out, rd_kafka_conf_t *conf, struct kl_error *err)
{
    struct kl_producer *p = calloc(1, sizeof *p);
    char why[256];

    if (!p) {
        rd_kafka_conf_destroy(conf);
        return kl_fail(err, KL_BROKEN, "no memory for a kafka producer");
    }
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    p->kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!p->kafka) {
        rd_kafka_conf_destroy(conf); /* refused: still ours */
        free(p);
        return kl_fail(err, KL_INVALID, "kafka settings: %s", why);
    }
    p->queue = rd_kafka_queue_get_main(p->kafka);
    *out = p;
    return KL_OK;
}

enum kl_code kl_producer_start(struct kl_producer *p, const struct kl_producer_hooks *hooks, struct kl_error *err)
{
    p->hooks = *hooks;
    if (pthread_create(&p->thread, NULL, poll_kafka, p))
        return kl_fail(err, KL_BROKEN, "no thread to poll kafka with");
    p->polling = true;
    return KL_OK;
}

static bool wait_until_reported(struct kl_producer *p, int64_t wait_ms)
{
    int64_t end_us = kl_mono_us() + wait_ms * 1000;

    while (atomic_load(&p->in_flight) > 0) {
        int64_t left_us = end_us - kl_mono_us();

        if (left_us <= 0)
            return false;
        serve(p, left_us / 1000 < KL_PRODUCER_TICK_MS ? left_us / 1000 + 1 : KL_PRODUCER_TICK_MS);
    }
    return true;
}

/* A purge makes a report for each record, so the wait after it is for our own queue, not for the network: what takes
 * longer is a record that is just being moved between librdkafka's lists, which the next purge finds. */
#define PURGE_AGAIN_MS 100

void kl_producer_drain(struct kl_producer *p, int64_t wait_ms)
{
    if (p->polling) {
        atomic_store(&p->stop, true);
        rd_kafka_queue_yield(p->queue);
        pthread_join(p->thread, NULL);
        p->polling = false;
    }
    if (wait_until_reported(p, wait_ms))
        return;
    kl_warn("giving up records in flight", KL_I("records", atomic_load(&p->in_flight)));
    do
        rd_kafka_purge(p->kafka, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (!wait_until_reported(p, PURGE_AGAIN_MS));
}

void kl_producer_close(struct kl_producer *p, int64_t wait_ms)
{
    if (!p)
        return;
    kl_producer_drain(p, wait_ms);
    rd_kafka_queue_destroy(p->queue);
    rd_kafka_destroy(p->kafka);
    free(p);
}

enum kl_code kl_producer_send(struct kl_producer *p, const struct kl_record *record, struct kl_error *err)
{
    rd_kafka_resp_err_t error;

    kl_assert(record->partition >= 0);
    atomic_fetch_add(&p->in_flight, 1); /* before: the report may overtake us */
    error = rd_kafka_producev(p->kafka, RD_KAFKA_V_RKT(record->topic), RD_KAFKA_V_PARTITION(record->partition),
                              RD_KAFKA_V_KEY(record->key, record->key_len),
                              RD_KAFKA_V_VALUE((void *)(uintptr_t)record->value, record->value_len),
                              RD_KAFKA_V_MSGFLAGS(record->borrow_value ? 0 : RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_HEADERS(record->headers), RD_KAFKA_V_TIMESTAMP(record->timestamp_ms),
                              RD_KAFKA_V_OPAQUE(record->opaque), RD_KAFKA_V_END);
    if (!error)
        return KL_OK; /* headers are librdkafka's now, and borrowed bytes until the report */
    atomic_fetch_sub(&p->in_flight, 1);
    return kl_kafka_fail(err, error, "handing a record to librdkafka");
}

rd_kafka_t *kl_producer_handle(struct kl_producer *p)
{
    return p->kafka;
}

bool kl_producer_connected(struct kl_producer *p)
{
    return atomic_load_explicit(&p->connected, memory_order_relaxed);
}

void kl_producer_heard(struct kl_producer *p)
{
    if (!kl_producer_connected(p) && !atomic_exchange(&p->connected, true))
        kl_info("kafka answers");
}
