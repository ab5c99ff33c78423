/* main.c - the producer: HTTP to Kafka; the answer is the delivery report.
 *
 * Threads, and what each owns:
 *   main        options, the order of start and stop
 *   http        one a core: requests, until they are handed to the outbox
 *   kafka       librdkafka's reports: tickets from handed over to their outcome, and the journal
 *   topics      asks the cluster about topics, creates them
 * and librdkafka's own. What crosses: a ticket from http to kafka under its partition's lock, an outcome back by
 * kl_request_resume. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "embed.h"
#include "gateway.h"
#include "journal.h"
#include "log.h"
#include "record_json.h"
#include "stats.h"
#include "uuid.h"

KL_EMBED(openapi, "openapi.json");

/* After wind-down has waited DRAIN for requests, so little is in flight that these need not be settings. */
#define OUTCOMES_WAIT_MS 1000 /* for outcomes; what is without one then gets it at once, as not or possibly persisted */
#define LIMITS_WAIT_MS   2000 /* for a topic's max.message.bytes; without it our own limit stands */
#define JOURNAL_WAIT_MS  1000 /* for the last blocks */

/* librdkafka's queue must never be the one that is full: our own bounds answer early and say why. */
#define QUEUE_SPARE_RECORDS 10000 /* for blocks of outcomes */
#define QUEUE_SPARE_KBYTES  65536
#define RECORD_SPARE_BYTES  131072 /* a key and headers beside the largest value */

static struct gateway gateway;
static struct outbox *outbox;
static struct journal *journal;

static bool kafka_ready(void *ctx, char *why, size_t why_size)
{
    struct gateway *g = ctx;

    if (kl_producer_connected(g->kafka))
        return true;
    snprintf(why, why_size, "no broker of %s answers", g->conf.kafka.bootstrap_servers);
    return false;
}

static const struct kl_check checks[] = { { "kafka", kafka_ready }, { NULL, NULL } };

static struct kl_service service = {
    .name = "producer", .binary = "kafkloud-producer", .about = "HTTP to Kafka: answers what the broker confirmed",
    .health_text = "Healthy!", .settings = producer_settings, .routes = producer_routes, .checks = checks,
    .openapi = openapi, .ctx = &gateway, .common = &gateway.conf.common,
};

/* New at each start, never all zero: 48 bits of milliseconds and 16 random ones (docs/topics.md). */
static uint64_t start_id(void)
{
    return (uint64_t)(kl_wall_us() / 1000) << 16 | (kl_random64() & 0xffff);
}

static void kafka_fatal(void *ctx, const char *why)
{
    (void)ctx;
    kl_service_fail(KL_EXIT_KAFKA, why);
}

static enum kl_code open_kafka(struct gateway *g, bool *compressed, struct kl_error *err)
{
    const struct producer_conf *c = &g->conf;
    char timeout[24], record_max[24], messages[24], kbytes[24], codec[24] = "";
    const struct kl_kafka_property own[] = {
        { "message.timeout.ms", timeout }, { "message.max.bytes", record_max },
        { "queue.buffering.max.messages", messages }, { "queue.buffering.max.kbytes", kbytes }, { NULL, NULL },
    };
    size_t codec_size = sizeof codec;
    rd_kafka_conf_t *kafka;

    snprintf(timeout, sizeof timeout, "%lld", (long long)c->delivery_timeout_ms);
    snprintf(record_max, sizeof record_max, "%lld", (long long)(c->line_max_bytes + RECORD_SPARE_BYTES));
    snprintf(messages, sizeof messages, "%lld", (long long)(c->records_in_flight_max + QUEUE_SPARE_RECORDS));
    snprintf(kbytes, sizeof kbytes, "%lld", (long long)(c->bytes_in_flight_max / 1024 + QUEUE_SPARE_KBYTES));
    if (kl_kafka_conf_new(&kafka, &c->kafka, KL_KAFKA_PRODUCER, own, producer_settings, err))
        return err->code;
    rd_kafka_conf_get(kafka, "compression.codec", codec, &codec_size);
    *compressed = strcmp(codec, "none") != 0;
    return kl_producer_open(&g->kafka, kafka, err);
}

static enum kl_code open_parts(struct gateway *g, struct kl_error *err)
{
    const struct producer_conf *c = &g->conf;
    struct outbox_conf box = { .start = start_id(), .timeout_ms = c->delivery_timeout_ms };
    struct topics_conf topics = {
        .create = c->create_topics, .plan = { (int32_t)c->topic_partitions, (int32_t)c->topic_replication, 0 },
        .refresh_ms = c->topic_refresh_ms, .wait_ms = c->delivery_timeout_ms, .limits_ms = LIMITS_WAIT_MS,
    };
    struct journal_conf j = {
        .start = box.start, .interval_ms = c->outcomes_interval_ms,
        .plan = { (int32_t)c->outcomes_partitions, (int32_t)c->outcomes_replication, c->outcomes_retention_ms },
    };
    struct kl_producer_hooks hooks = { outbox_reported, outbox_work, outbox_tick, kafka_fatal, NULL };

    record_json_setup();
    if (open_kafka(g, &box.compressed, err))
        return err->code;
    topics.producer = j.producer = box.producer = g->kafka;
    if (topics_start(&g->topics, &topics, err))
        return err->code;
    j.topics = box.topics = g->topics;
    if (journal_open(&journal, &j, err))
        return err->code;
    g->room = room_new(&(struct room_limits){ c->records_in_flight_max, c->bytes_in_flight_max, c->client_records_max });
    g->intake.window = idempotency_new(c->idempotency_records, c->idempotency_age_ms);
    box.room = g->room;
    box.journal = journal;
    outbox = g->room ? outbox_new(&box) : NULL;
    if (!g->room || !g->intake.window || !outbox)
        return kl_fail(err, KL_BROKEN, "no memory to start with");
    g->intake.outbox = outbox;
    snprintf(g->window_text, sizeof g->window_text, "records=%lld, seconds=%lld", (long long)c->idempotency_records,
             (long long)(c->idempotency_age_ms / 1000));
    stats_register(g->room, g->topics, g->intake.window);
    hooks.ctx = outbox;
    return kl_producer_start(g->kafka, &hooks, err);
}

/* Every suspended request is resumed in here: those that wait for a topic, for an outcome, for room. Then the journal,
 * which has the last word. */
static void end_requests(struct gateway *g)
{
    topics_stop(g->topics);
    room_drain(g->room, OUTCOMES_WAIT_MS);
    outbox_abandon(outbox);
    kl_producer_drain(g->kafka, 0);
    outbox_finish(outbox);
    journal_finish(journal);
    kl_producer_drain(g->kafka, JOURNAL_WAIT_MS);
}

static void free_parts(struct gateway *g)
{
    idempotency_free(g->intake.window);
    journal_free(journal);
    outbox_free(outbox);
    topics_free(g->topics);
    room_free(g->room);
    kl_producer_close(g->kafka, 0);
}

int main(int argc, char **argv)
{
    struct kl_error err = { 0 };
    struct kl_http *http;
    enum kl_exit code;

    service.openapi_len = (size_t)(openapi_end - openapi);
    kl_service_begin(&service, argc, argv, &gateway.conf);
    if (producer_conf_check(&gateway.conf, &err) || open_parts(&gateway, &err)) {
        kl_error("cannot start", KL_S("why", err.text));
        return err.code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_START;
    }
    if (kl_service_serve(&service, &http, &err)) {
        kl_error("cannot serve", KL_S("why", err.text));
        return err.code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_PORT;
    }
    code = kl_service_wait();
    kl_service_wind_down(&service, http);
    end_requests(&gateway);
    kl_http_stop(http);
    free_parts(&gateway);
    return kl_service_end(code);
}
