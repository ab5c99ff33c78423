/* kafka_producer.c - librdkafka's producer behind one polling thread.
 *
 * How records leave at once, and together all the same. librdkafka's linger is 20 ms here, and rd_kafka_flush() is what
 * its manual says: for the duration of the call linger is ignored. The polling thread sits in rd_kafka_flush() as long as
 * anything is in flight, serving reports, so a record from another thread is sent the moment it comes. Around `work` it
 * is outside of it: the broker thread sees the first record that work sends, lingers, and takes all of them when the
 * flush begins.
 *
 * With linger 0 it would take the first few at once; and since an idempotent producer (2.0.2 as well as 2.15) sends no
 * further batch of a partition while five messages are in flight, its thread then polls without a pause until the
 * answer comes, a core for nothing, and the other records of the batch wait a round trip longer. */
#include "kafka_producer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"

struct kl_producer {
    rd_kafka_t              *kafka;
    rd_kafka_queue_t        *queue; /* librdkafka's main queue, which rd_kafka_poll serves */
    struct kl_producer_hooks hooks;
    pthread_t                thread;
    bool                     polling; /* the thread runs; the opener's and closer's */
    bool                     fatal_told;
    int64_t                  ticked_us;
    _Atomic bool             stop;
    _Atomic bool             connected;
    _Atomic bool             resting;   /* the polling thread waits for something to be in flight */
    _Atomic int64_t          in_flight; /* taken and not yet reported */
};

static void take_report(rd_kafka_t *kafka, const rd_kafka_message_t *report, void *opaque)
{
    struct kl_producer *p = opaque;

    if (!report->err)
        kl_producer_heard(p);
    atomic_fetch_sub(&p->in_flight, 1);
    if (p->hooks.reported(p->hooks.ctx, report))
        rd_kafka_yield(kafka); /* ends the flush; the reports left are the next one's */
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

static void take_error(rd_kafka_t *kafka, int error, const char *why, void *opaque)
{
    struct kl_producer *p = opaque;

    (void)kafka;
    if (error == RD_KAFKA_RESP_ERR__FATAL)
        tell_fatal(p);
    else if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && atomic_exchange(&p->connected, false))
        kl_warn("no kafka broker is reachable, records wait", KL_S("why", why));
    else
        kl_debug("kafka error", KL_S("error", rd_kafka_err2name(error)), KL_S("why", why));
}

static void work(struct kl_producer *p)
{
    int64_t now_us = kl_mono_us();

    if (p->hooks.work)
        p->hooks.work(p->hooks.ctx);
    if (now_us - p->ticked_us < KL_PRODUCER_TICK_MS * 1000)
        return;
    p->ticked_us = now_us;
    if (p->hooks.tick)
        p->hooks.tick(p->hooks.ctx);
}

/* One round: hand over, then send and take reports; wait_ms at most. */
static void serve(struct kl_producer *p, int64_t wait_ms)
{
    work(p);
    /* First the flag, then the look; kl_producer_send counts first and looks at the flag then. So either the record is
     * seen here, or this thread is woken. */
    atomic_store(&p->resting, true);
    if (atomic_load(&p->in_flight) == 0)
        rd_kafka_poll(p->kafka, (int)wait_ms);
    atomic_store(&p->resting, false);
    if (atomic_load(&p->in_flight) > 0)
        rd_kafka_flush(p->kafka, (int)wait_ms);
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
    rd_kafka_conf_set_opaque(conf, p);
    rd_kafka_conf_set_dr_msg_cb(conf, take_report);
    rd_kafka_conf_set_error_cb(conf, take_error);
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

rd_kafka_resp_err_t kl_producer_hand_over(struct kl_producer *p, const struct kl_record *record)
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
    if (!error && atomic_load(&p->resting))
        rd_kafka_queue_yield(p->queue); /* there is something to flush */
    if (error) /* else headers are librdkafka's now, and borrowed bytes until the report */
        atomic_fetch_sub(&p->in_flight, 1);
    return error;
}

enum kl_code kl_producer_send(struct kl_producer *p, const struct kl_record *record, struct kl_error *err)
{
    rd_kafka_resp_err_t error = kl_producer_hand_over(p, record);

    return error ? kl_kafka_fail(err, error, "handing a record to librdkafka") : KL_OK;
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
