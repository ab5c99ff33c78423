/* stats.c - the producer's metrics, in one table each for what is counted and what is read. */
#include "stats.h"

#include "idempotency.h"
#include "metrics.h"
#include "outbox.h"
#include "room.h"
#include "topics.h"

#define RECORDS "kafkloud_producer_records_total"

static struct kl_metric outcomes[] = {
    [KL_ACKED] = { KL_COUNTER, RECORDS, "outcome=\"acked\"", "Records by what became of them." },
    [KL_FAILED_NO] = { KL_COUNTER, RECORDS, "outcome=\"failed\",persisted=\"no\"" },
    [KL_FAILED_POSSIBLY] = { KL_COUNTER, RECORDS, "outcome=\"failed\",persisted=\"possibly\"" },
};
static struct kl_metric counters[STATS_COUNTERS] = {
    [STATS_REFUSED] = { KL_COUNTER, "kafkloud_producer_records_refused_total", NULL, "Records refused before they were handed on." },
    [STATS_REPEATED] = { KL_COUNTER, "kafkloud_producer_records_repeated_total", NULL, "Records answered with the outcome of an earlier one of their id." },
    [STATS_BLOCKS] = { KL_COUNTER, "kafkloud_producer_journal_blocks_total", NULL, "Blocks of outcomes written to kafkloud-outcomes." },
    [STATS_BLOCKS_LOST] = { KL_COUNTER, "kafkloud_producer_journal_lost_total", NULL, "Blocks of outcomes that could not be written: ack times that are not known." },
};
static struct kl_metric ack[] = {
    { KL_HISTOGRAM, "kafkloud_producer_ack_seconds", NULL, "From accepted to confirmed by Kafka." },
};

void stats_add(enum stats_counter counter, int64_t n)
{
    kl_metric_add(&counters[counter], n);
}

void stats_outcome(const struct outcome *o)
{
    kl_metric_add(&outcomes[o->state], 1);
    if (o->state == KL_ACKED)
        kl_metric_observe(&ack[0], o->delay_us);
}

static double read_records(void *room)
{
    return (double)room_records(room);
}

static double read_bytes(void *room)
{
    return (double)room_bytes(room);
}

static double read_topics(void *topics)
{
    return (double)topics_count(topics);
}

static double read_ids(void *window)
{
    return (double)idempotency_count(window);
}

void stats_register(struct room *room, struct topics *topics, struct idempotency *window)
{
    static struct kl_metric gauges[] = {
        { KL_GAUGE, "kafkloud_producer_in_flight_records", NULL, "Records accepted and without an outcome yet.", read_records },
        { KL_GAUGE, "kafkloud_producer_in_flight_bytes", NULL, "Memory that those records hold.", read_bytes },
        { KL_GAUGE, "kafkloud_producer_topics", NULL, "Topics produced to since the start.", read_topics },
        { KL_GAUGE, "kafkloud_producer_idempotency_ids", NULL, "Ids in the idempotency window.", read_ids },
    };

    gauges[0].ctx = gauges[1].ctx = room;
    gauges[2].ctx = topics;
    gauges[3].ctx = window;
    kl_metrics_register(outcomes, sizeof outcomes / sizeof *outcomes);
    kl_metrics_register(counters, STATS_COUNTERS);
    kl_metrics_register(ack, 1);
    kl_metrics_register(gauges, sizeof gauges / sizeof *gauges);
}
