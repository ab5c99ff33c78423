/* main.c - kafkloud-consumer: Kafka to receipts, latencies and live streams.
 *
 * Threads, and what each owns:
 *   main            options, the order of start and stop
 *   http            one a core: requests; a reader of the store while one is answered
 *   feed: fetch     librdkafka's consumer; hands batches on, and copies messages to the live streams' rings
 *   feed: watch     asks the cluster for topics and ends of logs
 *   feed: store     the store's writing side, all of it; wakes who waits for a message
 *   live: ...       see live.h
 *   timers          deadlines of who waits
 * with PostgreSQL, which several consumers share, besides
 *   reading         STORE_CONNECTIONS - 1: each a connection, while it answers one request
 *   mending         makes those connections, and makes them again
 *   watch           looks for what requests wait for and another consumer stores
 *   live feed: ...  a second feed, of every partition, for the live streams
 * and librdkafka's own. */
#include <signal.h>
#include <string.h>

#include "consumer.h"
#include "embed.h"
#include "live_feed.h"
#include "log.h"
#include "outcomes.h"
#include "reading.h"
#include "store.h"
#include "timer.h"
#include "waiters.h"
#include "watch.h"

#define READINGS_MAX 1024 /* requests that wait for the store: what its connections answer in a second or so */

KL_EMBED(openapi, "openapi.json");

static struct consumer_conf conf;
static struct consumer consumer = { .conf = &conf };

static bool kafka_ready(void *ctx, char *why, size_t why_size)
{
    return kl_feed_ready(((struct consumer *)ctx)->feed, why, why_size);
}

static bool store_ready(void *ctx, char *why, size_t why_size)
{
    const struct consumer *c = ctx;

    return !kl_feed_paused(c->feed, why, why_size) && readers_ready(c->readers, why, why_size);
}

static const struct kl_check checks[] = { { "kafka", kafka_ready }, { "store", store_ready }, { NULL, NULL } };

static struct kl_service service = {
    .name = "consumer", .binary = "kafkloud-consumer", .about = "Kafka to receipts, latencies and live streams",
    .health_text = "OK!", .settings = consumer_settings, .routes = consumer_routes, .checks = checks,
    .openapi = openapi, .ctx = &consumer, .common = &conf.common,
};

static void feed_ended(void *ctx, enum kl_feed_end end, const char *why)
{
    (void)ctx;
    kl_service_fail(end == KL_FEED_STORE ? KL_EXIT_STORE : KL_EXIT_KAFKA, why);
}

static enum kl_code open_store(struct consumer *c, struct kl_error *err)
{
    struct store_conf store = { .where = conf.store_file, .retention_ms = conf.retention_ms, .receipts_max = conf.receipts_max,
                                .batch_max = (size_t)conf.batch_max, .stored = waiters_news };

    if (kl_timers_start(&c->timers, err) || waiters_new(&c->waiters, c->timers, conf.waiters_max, err))
        return err->code;
    store.stored_ctx = c->waiters;
    return store_open(&c->store, &store, err);
}

static enum kl_code open_reading(struct consumer *c, struct kl_error *err)
{
    bool shares = consumer_shares(&conf);
    struct readers_conf readers = { .store = conf.store_file, .migrations = store_migrations(), .keys = store_keys(c->store),
                                    .retention_ms = conf.retention_ms, .connections = conf.store_connections };
    struct readings_conf readings = { .threads = shares ? conf.store_connections - 1 : 0, .waiting_max = READINGS_MAX };

    enum kl_code code = readers_open(&c->readers, &readers, err);

    if (code)
        return code;
    readings.readers = c->readers;
    code = readings_open(&c->readings, &readings, err);
    if (!code && shares)
        code = watch_start(&c->watch, c->readers, c->waiters, conf.waiters_max, err);
    return code;
}

/* The first block of a partition comes with the first message: the topic may be new. */
static bool names_topic(const rd_kafka_message_t *block, char topic[KL_TOPIC_BYTES])
{
    struct kl_outcomes_head head;
    struct kl_error err;

    if (!block->payload || kl_outcomes_read(block->payload, block->len, &head, NULL, NULL, &err) || head.first != 1)
        return false;
    memcpy(topic, head.topic, sizeof head.topic);
    return true;
}

static enum kl_code open_live_feed(struct consumer *c, struct kl_error *err)
{
    struct live_feed_conf feed = { .topics = conf.topics, .metadata_ms = conf.metadata_ms, .batch_max = (size_t)conf.batch_max,
                                   .fatal = feed_ended };
    enum kl_code code = consumer_kafka_conf(&conf, &feed.kafka, err);

    return code ? code : live_feed_start(&c->live_feed, c->live, &feed, err);
}

static enum kl_code open_kafka(struct consumer *c, struct kl_error *err)
{
    struct kl_feed_store store = store_feed(c->store);
    struct kl_feed_conf feed = {
        .topics = conf.topics, .also = KL_OUTCOMES_TOPIC, .names = names_topic, .group = conf.group_id, .shared = consumer_shares(&conf),
        .existing_from_end = !strcmp(conf.existing_topics, "end"), .metadata_ms = conf.metadata_ms,
        .batch_max = (size_t)conf.batch_max, .on_fetched = consumer_shares(&conf) ? NULL : live_fetched, .fatal = feed_ended,
    };
    rd_kafka_conf_t *kafka;

    if (consumer_kafka_conf(&conf, &kafka, err) || live_open(&c->live, &conf.live, kafka, err))
        return err->code;
    feed.on_fetched_ctx = c->live;
    if (consumer_kafka_conf(&conf, &feed.kafka, err) || kl_feed_start(&c->feed, &feed, &store, err))
        return err->code;
    if (consumer_shares(&conf))
        return open_live_feed(c, err);
    live_attach(c->live, c->feed);
    return KL_OK;
}

static void close_parts(struct consumer *c)
{
    kl_service_step("ending the feed");
    kl_feed_stop(c->feed);
    kl_service_step("ending live streams");
    kl_feed_stop(c->live_feed);
    live_close(c->live);
    kl_service_step("closing the store");
    if (c->watch)
        waiters_end(c->waiters); /* this and the next again, where nothing was served */
    watch_stop(c->watch);
    readings_end(c->readings);
    readings_close(c->readings);
    readers_close(c->readers);
    store_close(c->store);
    waiters_free(c->waiters);
    kl_timers_stop(c->timers);
}

/* What a failure at the start means to whoever started us. */
static enum kl_exit exit_of(enum kl_code code)
{
    return code == KL_INVALID ? KL_EXIT_SETTING : code == KL_BROKEN ? KL_EXIT_STORE : KL_EXIT_START;
}

static enum kl_exit serve(struct kl_error *err)
{
    struct kl_http *http;
    enum kl_exit code;

    if (kl_service_serve(&service, &http, err)) {
        kl_error("the consumer does not start", KL_S("why", err->text));
        return err->code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_PORT;
    }
    code = kl_service_wait();
    kl_service_wind_down(&service, http);
    waiters_end(consumer.waiters);   /* every suspended request is resumed here, */
    readers_end(consumer.readers);
    readings_end(consumer.readings); /* or here */
    kl_http_stop(http);
    return code;
}

int main(int argc, char **argv)
{
    struct kl_error err;
    enum kl_exit code;

    service.openapi_len = (size_t)(openapi_end - openapi);
    kl_service_begin(&service, argc, argv, &conf);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk: an error of write(), not our end */
    if (consumer_conf_read_store(&conf, &err) || consumer_conf_check(&conf, &err) || open_store(&consumer, &err) || open_reading(&consumer, &err) || open_kafka(&consumer, &err)) {
        kl_error("the consumer does not start", KL_S("why", err.text));
        code = exit_of(err.code);
    } else {
        consumer_metrics_register(&consumer);
        code = serve(&err);
    }
    close_parts(&consumer);
    return kl_service_end(code);
}
