/* metrics.c - what /metrics tells of the receipts; live streams have their own (live_metrics.c).
 *
 * Where several consumers share a store, some are of this process and to be added up, others are of all of them and told
 * by each: the help texts say which. */
#include "metrics.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "consumer.h"
#include "keys.h"
#include "reading.h"
#include "store.h"
#include "totals.h"
#include "waiters.h"

#define READS(name, expression)            \
    static double read_##name(void *ctx)   \
    {                                      \
        struct consumer *c = ctx;          \
        return (double)(expression);       \
    }
READS(receipts, store_counts(c->store).receipts)
READS(duplicates, store_counts(c->store).duplicates)
READS(failures, store_counts(c->store).failures)
READS(batches, store_counts(c->store).batches)
READS(removed, store_counts(c->store).removed)
READS(blocks, store_counts(c->store).blocks)
READS(blocks_bad, store_counts(c->store).blocks_bad)
READS(behind, keys_behind(store_keys(c->store)))
READS(waiters, waiters_count(c->waiters))
READS(readings, readings_waiting(c->readings))

static double read_paused(void *ctx)
{
    char why[256];

    return kl_feed_paused(((struct consumer *)ctx)->feed, why, sizeof why);
}

static struct kl_metric metrics[] = {
    { KL_COUNTER, "kafkloud_consumer_receipts_total", NULL, "Receipts that this process stored since its start.", read_receipts },
    { KL_COUNTER, "kafkloud_consumer_duplicates_total", NULL, "Of those, receipts of an id that had one.", read_duplicates },
    { KL_COUNTER, "kafkloud_consumer_failures_total", NULL, "Messages that the producers' journal called failed, stored by this process since its start.", read_failures },
    { KL_COUNTER, "kafkloud_consumer_batches_total", NULL, "Transactions of this process that stored them.", read_batches },
    { KL_COUNTER, "kafkloud_consumer_receipts_removed_total", NULL, "Receipts that retention has removed, by this process since its start.", read_removed },
    { KL_COUNTER, "kafkloud_consumer_journal_blocks_total", NULL, "Blocks of the producers' journal that this process stored since its start.", read_blocks },
    { KL_COUNTER, "kafkloud_consumer_journal_blocks_bad_total", NULL, "Records of the journal that were no blocks.", read_blocks_bad },
    { KL_GAUGE, "kafkloud_consumer_key_index_behind", NULL, "Receipts whose key is in no run of the index yet.", read_behind },
    { KL_GAUGE, "kafkloud_consumer_waiters", NULL, "Requests that wait here for a message.", read_waiters },
    { KL_GAUGE, "kafkloud_consumer_readings_waiting", NULL, "Requests that wait here for a connection to the store; always 0 with SQLite.", read_readings },
    { KL_GAUGE, "kafkloud_consumer_paused", NULL, "1 while the store refuses records.", read_paused },
};

/* Totals by topic: they come and go, and Prometheus wants the rows of one name together. */
static void add_topics(struct kl_buf *out, const struct totals_view *view, const char *name, const char *help,
                       int64_t (*value)(const struct totals_topic *t))
{
    kl_buf_addf(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
    for (size_t i = 0; i < view->n_topics; i++)
        kl_buf_addf(out, "%s{topic=\"%s\"} %lld\n", name, view->topics[i].topic, (long long)value(&view->topics[i]));
}

static int64_t messages_of(const struct totals_topic *t) { return t->messages; }
static int64_t bytes_of(const struct totals_topic *t) { return t->bytes; }
static int64_t negative_of(const struct totals_topic *t) { return t->negative; }

static void add_partitions(struct kl_buf *out, struct kl_feed *feed)
{
    static const char name[] = "kafkloud_consumer_lag_messages", read[] = "kafkloud_consumer_partitions_read";
    struct kl_feed_partition *parts;
    size_t n = kl_feed_partitions(feed, &parts), ours = 0;

    kl_buf_addf(out, "# HELP %s Messages in the log that are not stored yet, of every partition whoever reads it: each consumer tells the same.\n# TYPE %s gauge\n", name, name);
    for (size_t i = 0; i < n; i++)
        kl_buf_addf(out, "%s{topic=\"%s\",partition=\"%d\"} %lld\n", name, parts[i].topic, parts[i].partition,
                    (long long)(parts[i].end > parts[i].stored ? parts[i].end - parts[i].stored : 0));
    for (size_t i = 0; i < n; i++)
        ours += parts[i].ours;
    kl_buf_addf(out, "# HELP %s Partitions that this process reads and stores.\n# TYPE %s gauge\n%s %zu\n", read, read, read, ours);
    free(parts);
}

static void collect(void *ctx, struct kl_buf *out)
{
    struct consumer *c = ctx;
    struct totals_view view;
    struct kl_error err;

    if (totals_look(store_totals(c->store), kl_wall_us() / 1000000, &view, &err))
        return;
    add_topics(out, &view, "kafkloud_consumer_messages_total", "Messages consumed, over restarts and of all consumers that share the store: each tells the same.", messages_of);
    add_topics(out, &view, "kafkloud_consumer_bytes_total", "Bytes of their values, likewise of all.", bytes_of);
    add_topics(out, &view, "kafkloud_consumer_negative_latencies_total", "Messages consumed before they were accepted, by the clocks; likewise of all.", negative_of);
    add_partitions(out, c->feed);
    free(view.topics);
}

void consumer_metrics_register(struct consumer *c)
{
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        metrics[i].ctx = c;
    kl_metrics_register(metrics, sizeof metrics / sizeof *metrics);
    kl_metrics_collector(collect, c);
}
