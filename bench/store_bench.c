/* store_bench.c - how many receipts a second the consumer's store takes, at a table of a given size.
 *
 *     store_bench [--rows 1000000] [--seconds 10] [--batch 5000] [--ids ordered|random] [--keys 100000] [--dir /tmp]
 *                 [--store postgresql:///database] [--topic orders]
 *
 * Fills a store to --rows, then goes on for --seconds with retention holding it at that size: what a consumer under
 * steady load does, with everything a batch entails (receipts, ids and the check for duplicates, offsets, totals, latency
 * histograms, key runs, removal of the oldest). With --store, an empty database on PostgreSQL, where whole days are removed:
 * it goes on growing meanwhile; several at once, each with a topic of its own, share it. Only Kafka is left out: the messages are made by hand, and this program
 * brings the functions by which librdkafka tells their headers. Prints one line a second, and a last one with the medians. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "message_id.h"
#include "store.h"

#define PARTITIONS  8
#define BATCH_MOST  100000
#define SECONDS_MAX 600

struct message {
    rd_kafka_message_t message; /* first: librdkafka's functions get this */
    int64_t            timestamp_ms;
    size_t             id_len;
    char               id[KL_MESSAGE_ID_MAX], key[24];
};

static struct { int64_t rows, seconds, batch, keys; bool random_ids; const char *dir, *store; } options = { 1000000, 10, 5000, 100000, false, "/tmp", NULL };
static struct message messages[BATCH_MOST];
static struct kl_feed_record records[BATCH_MOST];
static struct kl_incarnation incarnation = { .topic = "orders", .partitions = PARTITIONS };
static int64_t offsets[PARTITIONS], stored[PARTITIONS]; /* read so far, and stored */
static char value[100];

rd_kafka_resp_err_t rd_kafka_message_headers(const rd_kafka_message_t *m, rd_kafka_headers_t **headers)
{
    *headers = (rd_kafka_headers_t *)m;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_header_get_all(const rd_kafka_headers_t *headers, size_t at, const char **name, const void **bytes,
                                            size_t *size)
{
    *name = KL_MESSAGE_ID_HEADER;
    *bytes = ((const struct message *)headers)->id;
    *size = ((const struct message *)headers)->id_len;
    return at ? RD_KAFKA_RESP_ERR__NOENT : RD_KAFKA_RESP_ERR_NO_ERROR;
}

int64_t rd_kafka_message_timestamp(const rd_kafka_message_t *m, rd_kafka_timestamp_type_t *type)
{
    *type = RD_KAFKA_TIMESTAMP_CREATE_TIME;
    return ((const struct message *)m)->timestamp_ms;
}

static void die(const char *what, const char *why)
{
    fprintf(stderr, "store_bench: %s: %s\n", what, why);
    exit(1);
}

/* ---- messages ---- */

static void message_make(struct message *m, struct kl_feed_record *record)
{
    int32_t partition = rand() % PARTITIONS;
    struct kl_message_id id = { .start = 7, .number = offsets[partition] + 1, .accepted_us = kl_wall_us() - 1500 };

    kl_uuid7(&id.id);
    if (options.random_ids)
        for (size_t i = 0; i < sizeof id.id.b; i += 8) {
            uint64_t bits = ((uint64_t)rand() << 42) ^ ((uint64_t)rand() << 21) ^ (uint64_t)rand();
            memcpy(id.id.b + i, &bits, 8);
        }
    *m = (struct message){ .timestamp_ms = id.accepted_us / 1000 };
    m->id_len = kl_message_id_write(&id, m->id);
    m->message = (rd_kafka_message_t){ .partition = partition, .offset = offsets[partition]++, .payload = value, .len = sizeof value,
                                       .key = m->key };
    m->message.key_len = (size_t)snprintf(m->key, sizeof m->key, "customer-%d", rand() % (int)options.keys);
    *record = (struct kl_feed_record){ &m->message, &incarnation, kl_wall_us() };
}

/* Makes a batch (not timed) and stores it; returns the microseconds of storing and upkeep. */
static int64_t batch_run(struct kl_feed_store *feed)
{
    struct kl_feed_position positions[PARTITIONS];
    struct kl_error err;
    int64_t begun;

    for (int64_t i = 0; i < options.batch; i++)
        message_make(&messages[i], &records[i]);
    for (int32_t p = 0; p < PARTITIONS; p++)
        positions[p] = (struct kl_feed_position){ &incarnation, p, offsets[p], 0, 0, .from = stored[p] };
    begun = kl_mono_us();
    if (feed->batch(feed->ctx, &(struct kl_feed_batch){ records, (size_t)options.batch, positions, PARTITIONS }, &err))
        die("a batch was refused", err.text);
    feed->upkeep(feed->ctx);
    memcpy(stored, offsets, sizeof stored);
    return kl_mono_us() - begun;
}

/* ---- measuring ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double cpu_seconds(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Rows a second of storing, over a second of it; *longest_us: of one batch. */
static double second_run(struct kl_feed_store *feed, int64_t *longest_us)
{
    int64_t rows = 0, spent_us = 0;

    *longest_us = 0;
    while (spent_us < 1000000) {
        int64_t us = batch_run(feed);

        rows += options.batch;
        spent_us += us;
        *longest_us = us > *longest_us ? us : *longest_us;
    }
    return (double)rows * 1e6 / (double)spent_us;
}

static void measure(struct kl_feed_store *feed, struct store *store)
{
    static double rates[SECONDS_MAX];
    double cpu = cpu_seconds();
    int64_t begun = kl_mono_us(), longest_us, most_us = 0;

    for (int64_t s = 0; s < options.seconds; s++) {
        rates[s] = second_run(feed, &longest_us);
        most_us = longest_us > most_us ? longest_us : most_us;
        printf("second %2lld: %7.0f receipts/s, longest batch %5.1f ms, removed %lld, key index behind %lld\n", (long long)s + 1,
               rates[s], (double)longest_us / 1000, (long long)store_counts(store).removed, (long long)keys_behind(store_keys(store)));
    }
    cpu = (cpu_seconds() - cpu) * 1e6 / (double)(kl_mono_us() - begun);
    qsort(rates, (size_t)options.seconds, sizeof *rates, by_value);
    printf("store: rows=%lld batch=%lld ids=%s median=%.0f min=%.0f max=%.0f receipts/s, longest batch %.1f ms, %.2f cores\n",
           (long long)options.rows, (long long)options.batch, options.random_ids ? "random" : "ordered",
           rates[options.seconds / 2], rates[0], rates[options.seconds - 1], (double)most_us / 1000, cpu);
}

/* ---- the program ---- */

static int64_t number(const char *name, const char *text, int64_t min, int64_t max)
{
    char *end;
    long long n = strtoll(text, &end, 10);

    if (*end || n < min || n > max)
        die(name, "not a number in its range");
    return n;
}

static void options_read(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        const char *text = i + 1 < argc ? argv[i + 1] : "";

        if (!strcmp(argv[i], "--rows"))
            options.rows = number("--rows", text, 1, 100000000);
        else if (!strcmp(argv[i], "--seconds"))
            options.seconds = number("--seconds", text, 1, SECONDS_MAX);
        else if (!strcmp(argv[i], "--batch"))
            options.batch = number("--batch", text, 1, BATCH_MOST);
        else if (!strcmp(argv[i], "--keys"))
            options.keys = number("--keys", text, 1, 1000000000);
        else if (!strcmp(argv[i], "--ids"))
            options.random_ids = !strcmp(text, "random");
        else if (!strcmp(argv[i], "--dir"))
            options.dir = text;
        else if (!strcmp(argv[i], "--store"))
            options.store = text;
        else if (!strcmp(argv[i], "--topic"))
            snprintf(incarnation.topic, sizeof incarnation.topic, "%s", text);
        else
            die(argv[i], "no such option");
    }
}

static void files_remove(const char *path)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
    char name[4200];

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

/* Positions are where nothing is stored yet. */
static void begin(struct kl_feed_store *feed)
{
    struct kl_error err;
    bool contacted;

    if (feed->cluster(feed->ctx, "bench", &contacted, &err) || feed->contacted(feed->ctx, &err) ||
        feed->topic(feed->ctx, &incarnation, false, &err))
        die("cannot begin", err.text);
    for (int32_t p = 0; p < PARTITIONS; p++)
        stored[p] = -1;
}

static void bench(const char *where)
{
    struct store_conf conf = { .where = where, .retention_ms = INT64_C(7) * 86400000, .batch_max = BATCH_MOST,
                               .receipts_max = options.rows };
    struct kl_feed_store feed;
    struct store *store;
    struct kl_error err;

    if (store_open(&store, &conf, &err))
        die("cannot open the store", err.text);
    feed = store_feed(store);
    begin(&feed);
    while (store_counts(store).receipts < options.rows)
        batch_run(&feed);
    measure(&feed, store);
    store_close(store);
}

int main(int argc, char **argv)
{
    char dir[4000], path[4100];

    options_read(argc, argv);
    if (options.store) {
        bench(options.store);
        return 0;
    }
    snprintf(dir, sizeof dir, "%s/store_bench_XXXXXX", options.dir);
    if (!mkdtemp(dir))
        die(dir, "cannot make a directory");
    snprintf(path, sizeof path, "%s/receipts.db", dir);
    bench(path);
    files_remove(path);
    rmdir(dir);
    return 0;
}
