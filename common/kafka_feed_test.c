/* The feed against librdkafka's mock cluster, with a store in memory that checks what it is given: within an incarnation
 * each partition's records come in order, none twice, none left out, and positions agree with them. */
#include "kafka_feed.h"

#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdatomic.h>

#include "clock.h"
#include "kafka_feed_internal.h"
#include "test.h"

#define WAIT_MS      20000
#define PARTS_MAX    450
#define LIVES_MAX    64

/* ---- a store in memory, which outlives feeds ---- */

struct life { char topic[KL_TOPIC_BYTES]; bool over; int64_t next[PARTS_MAX]; bool known[PARTS_MAX]; int64_t records[PARTS_MAX]; };

static struct {
    pthread_mutex_t lock;
    struct life lives[LIVES_MAX]; /* id: index + 1 */
    int n_lives;
    bool contacted;
    int64_t records, wrong, batches, gone, fetched;
    enum kl_code refuse; /* what batch answers */
    int64_t refused, upkeeps, hanging;
    _Atomic bool hangs; /* a batch with records gets no answer meanwhile */
} store = { .lock = PTHREAD_MUTEX_INITIALIZER };

static enum kl_code on_cluster(void *ctx, const char *id, bool *contacted, struct kl_error *err)
{
    (void)ctx;
    (void)err;
    CU_ASSERT(strlen(id) > 0);
    pthread_mutex_lock(&store.lock);
    *contacted = store.contacted;
    pthread_mutex_unlock(&store.lock);
    return KL_OK;
}

static enum kl_code on_contacted(void *ctx, struct kl_error *err)
{
    (void)ctx;
    (void)err;
    pthread_mutex_lock(&store.lock);
    store.contacted = true;
    pthread_mutex_unlock(&store.lock);
    return KL_OK;
}

static enum kl_code on_topic(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err)
{
    (void)ctx;
    (void)err;
    pthread_mutex_lock(&store.lock);
    for (int i = 0; i < store.n_lives; i++) {
        struct life *life = &store.lives[i];

        if (life->over || strcmp(life->topic, inc->topic))
            continue;
        life->over = made_again;
        inc->id = made_again ? 0 : i + 1;
    }
    if (!inc->id) {
        inc->id = ++store.n_lives;
        memcpy(store.lives[inc->id - 1].topic, inc->topic, sizeof inc->topic);
    }
    pthread_mutex_unlock(&store.lock);
    return KL_OK;
}

static enum kl_code on_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    struct life *life = &store.lives[at->incarnation->id - 1];

    (void)ctx;
    at->next = life->next[at->partition];
    at->mark_ms = at->mark_next = 0;
    return life->known[at->partition] ? KL_OK : kl_fail(err, KL_NOT_FOUND, "none yet");
}

static void record_check(const struct kl_feed_record *r)
{
    struct life *life = &store.lives[r->incarnation->id - 1];
    int32_t partition = r->message->partition;

    store.wrong += strcmp(rd_kafka_topic_name(r->message->rkt), life->topic) != 0;
    store.wrong += r->message->offset != life->next[partition] || life->over;
    store.wrong += r->fetched_us <= 0;
    life->next[partition] = r->message->offset + 1;
    life->records[partition]++;
    store.records++;
}

static void hang(void)
{
    pthread_mutex_lock(&store.lock);
    store.hanging++;
    pthread_mutex_unlock(&store.lock);
    while (store.hangs)
        kl_sleep_ms(2);
}

static enum kl_code on_batch(void *ctx, const struct kl_feed_batch *b, struct kl_error *err)
{
    enum kl_code refuse;

    (void)ctx;
    if (store.hangs && b->n_records > 0)
        hang();
    pthread_mutex_lock(&store.lock);
    refuse = store.refuse;
    store.refused += refuse != KL_OK;
    store.batches++;
    for (size_t i = 0; !refuse && i < b->n_records; i++)
        record_check(&b->records[i]);
    for (size_t i = 0; !refuse && i < b->n_positions; i++) {
        struct life *life = &store.lives[b->positions[i].incarnation->id - 1];

        life->known[b->positions[i].partition] = true;
        store.wrong += b->positions[i].next < life->next[b->positions[i].partition];
        life->next[b->positions[i].partition] = b->positions[i].next;
    }
    pthread_mutex_unlock(&store.lock);
    return refuse ? kl_fail(err, refuse, "the test says no") : KL_OK;
}

static enum kl_code on_gone(void *ctx, const struct kl_incarnation *inc, struct kl_error *err)
{
    (void)ctx;
    (void)err;
    pthread_mutex_lock(&store.lock);
    store.lives[inc->id - 1].over = true;
    store.gone++;
    pthread_mutex_unlock(&store.lock);
    return KL_OK;
}

static void on_upkeep(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&store.lock);
    store.upkeeps++;
    pthread_mutex_unlock(&store.lock);
}

static void on_fetched(void *ctx, const struct kl_feed_record *records, size_t n)
{
    (void)ctx;
    (void)records;
    pthread_mutex_lock(&store.lock);
    store.fetched += (int64_t)n;
    pthread_mutex_unlock(&store.lock);
}

static int64_t read_store(const int64_t *what)
{
    int64_t n;

    pthread_mutex_lock(&store.lock);
    n = *what;
    pthread_mutex_unlock(&store.lock);
    return n;
}

static void store_refuse(enum kl_code code)
{
    pthread_mutex_lock(&store.lock);
    store.refuse = code;
    pthread_mutex_unlock(&store.lock);
}

static bool until_store(const int64_t *what, int64_t least)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (read_store(what) < least && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return read_store(what) >= least;
}

/* ---- a cluster, a producer, a feed ---- */

static rd_kafka_t *producer;
static rd_kafka_mock_cluster_t *cluster;
static struct kl_feed *feed;
static _Atomic int fatals;
static _Atomic enum kl_feed_end fatal_end;

static void cluster_begin(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "test.mock.num.brokers", "2", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(producer);
    cluster = rd_kafka_handle_mock_cluster(producer);
    memset(store.lives, 0, sizeof store.lives);
    store.n_lives = 0;
    store.contacted = false;
    store.records = store.wrong = store.batches = store.gone = store.fetched = store.refused = store.upkeeps = store.hanging = 0;
    store.refuse = KL_OK;
    fatals = 0;
}

static void cluster_end(void)
{
    CU_ASSERT_EQUAL(store.wrong, 0);
    rd_kafka_destroy(producer);
}

static void topic_make(const char *topic, int partitions)
{
    CU_ASSERT_EQUAL(rd_kafka_mock_topic_create(cluster, topic, partitions, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
}

static void produce(const char *topic, int32_t partition, int n)
{
    while (n-- > 0)
        CU_ASSERT_EQUAL(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
                                          RD_KAFKA_V_VALUE((void *)"value", 5), RD_KAFKA_V_END), RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

static void on_fatal(void *ctx, enum kl_feed_end end, const char *why)
{
    (void)ctx;
    CU_ASSERT(strlen(why) > 0);
    fatal_end = end;
    fatals++;
}

static struct kl_feed_conf feed_conf(void)
{
    rd_kafka_conf_t *kafka = rd_kafka_conf_new();

    rd_kafka_conf_set(kafka, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), NULL, 0);
    rd_kafka_conf_set(kafka, "fetch.wait.max.ms", "20", NULL, 0);
    rd_kafka_conf_set(kafka, "log_level", "3", NULL, 0);
    return (struct kl_feed_conf){ .kafka = kafka, .metadata_ms = 100, .batch_max = 500, .fatal = on_fatal, .on_fetched = on_fetched };
}

static void feed_begin(struct kl_feed_conf conf)
{
    static const struct kl_feed_store calls = { .cluster = on_cluster, .contacted = on_contacted, .topic = on_topic,
                                                .position = on_position, .batch = on_batch, .gone = on_gone, .upkeep = on_upkeep };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(kl_feed_start(&feed, &conf, &calls, &err), KL_OK);
}

static bool is_ready(void)
{
    char why[200];

    return kl_feed_ready(feed, why, sizeof why);
}

static bool until_ready(void)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (!is_ready() && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return is_ready();
}

/* ---- reading ---- */

static void feed_reads_what_is_there_and_what_comes(void)
{
    cluster_begin();
    topic_make("orders", 3);
    produce("orders", 0, 1000);
    produce("orders", 1, 10);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 1010));
    produce("orders", 2, 700);
    CU_ASSERT(until_store(&store.records, 1710));
    CU_ASSERT(until_ready());
    CU_ASSERT_EQUAL(read_store(&store.fetched), 1710);
    CU_ASSERT_PTR_NOT_NULL(kl_feed_cluster(feed));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.records, 1710);
    cluster_end();
}

static void feed_goes_on_where_the_store_is(void)
{
    cluster_begin();
    topic_make("orders", 2);
    produce("orders", 0, 300);
    for (int round = 1; round <= 3; round++) {
        feed_begin(feed_conf());
        produce("orders", 1, 100);
        CU_ASSERT(until_store(&store.records, 300 + round * 100));
        kl_feed_stop(feed);
    }
    CU_ASSERT_EQUAL(store.records, 600);
    CU_ASSERT_EQUAL(store.n_lives, 1);
    cluster_end();
}

static void feed_finds_topics_that_are_made_later(void)
{
    cluster_begin();
    feed_begin(feed_conf());
    CU_ASSERT(until_ready());
    topic_make("late", 1);
    produce("late", 0, 50);
    CU_ASSERT(until_store(&store.records, 50));
    kl_feed_stop(feed);
    cluster_end();
}

/* Here a record of the journal is the name of a topic. */
static bool names_its_value(const rd_kafka_message_t *record, char topic[KL_TOPIC_BYTES])
{
    snprintf(topic, KL_TOPIC_BYTES, "%.*s", (int)record->len, (const char *)record->payload);
    return true;
}

static void feed_looks_at_once_for_a_topic_that_the_journal_names(void)
{
    struct kl_feed_conf conf;

    cluster_begin();
    topic_make("journal", 1);
    conf = feed_conf();
    conf.also = "journal";
    conf.names = names_its_value;
    conf.metadata_ms = 3 * WAIT_MS; /* the next look of its own is too late */
    feed_begin(conf);
    CU_ASSERT(until_ready());
    topic_make("value", 1);
    produce("value", 0, 7);
    produce("journal", 0, 1);
    CU_ASSERT(until_store(&store.records, 8));
    kl_feed_stop(feed);
    cluster_end();
}

static void feed_takes_named_topics_and_patterns_and_leaves_internal_ones(void)
{
    struct kl_feed_conf conf;

    cluster_begin();
    topic_make("orders", 1);
    topic_make("pay-1", 1);
    topic_make("other", 1);
    topic_make("__internal", 1);
    produce("other", 0, 5);
    produce("__internal", 0, 5);
    produce("orders", 0, 2);
    produce("pay-1", 0, 3);
    conf = feed_conf();
    conf.topics = "orders, ^pay-[0-9]+$";
    feed_begin(conf);
    CU_ASSERT(until_store(&store.records, 5));
    CU_ASSERT(until_ready());
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.records, 5);
    cluster_end();
}

static void feed_at_first_contact_reads_existing_topics_from_their_end_and_later_ones_whole(void)
{
    struct kl_feed_conf conf;

    cluster_begin();
    topic_make("old", 2);
    topic_make("journal", 1);
    produce("old", 0, 40);
    produce("journal", 0, 7);
    conf = feed_conf();
    conf.existing_from_end = true;
    conf.also = "journal";
    feed_begin(conf);
    CU_ASSERT(until_store(&store.records, 7)); /* the one read besides, from its beginning */
    CU_ASSERT(until_ready());
    produce("old", 0, 3);
    produce("old", 1, 2);
    topic_make("new", 1);
    produce("new", 0, 10);
    CU_ASSERT(until_store(&store.records, 22));
    CU_ASSERT(store.contacted);
    kl_feed_stop(feed);
    topic_make("made-while-away", 1);
    produce("made-while-away", 0, 9);
    conf = feed_conf();
    conf.existing_from_end = true;
    feed_begin(conf);
    CU_ASSERT(until_store(&store.records, 31));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.records, 31);
    cluster_end();
}

static void feed_gathers_while_the_store_is_busy(void)
{
    cluster_begin();
    topic_make("orders", 1);
    produce("orders", 0, 5000);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 5000));
    kl_feed_stop(feed);
    CU_ASSERT(store.batches < 1000);
    cluster_end();
}

/* ---- incarnations ---- */

static void feed_reads_a_topic_that_was_gone_as_a_new_one(void)
{
    cluster_begin();
    topic_make("orders", 1);
    produce("orders", 0, 20);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 20));
    rd_kafka_mock_topic_set_error(cluster, "orders", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    CU_ASSERT(until_store(&store.gone, 1));
    rd_kafka_mock_topic_set_error(cluster, "orders", RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT(until_store(&store.records, 40)); /* the mock keeps the log: it is read again, as another life */
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.n_lives, 2);
    CU_ASSERT_EQUAL(store.records, 40);
    cluster_end();
}

static void feed_reads_a_log_that_ends_before_the_stored_position_as_a_new_one(void)
{
    cluster_begin();
    topic_make("orders", 1);
    produce("orders", 0, 20);
    store.n_lives = 1; /* the store was further */
    strcpy(store.lives[0].topic, "orders");
    store.lives[0].known[0] = true;
    store.lives[0].next[0] = 500;
    store.contacted = true;
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 20));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.n_lives, 2);
    CU_ASSERT_EQUAL(store.lives[1].records[0], 20);
    cluster_end();
}

/* librdkafka 2.8's mock cluster tells an error and the partitions, which no broker does, and its own client dies of that. */
static void feed_keeps_topics_that_may_not_be_seen_for_a_while(void)
{
    if (rd_kafka_version() >> 16 == 0x0208)
        return;
    cluster_begin();
    topic_make("orders", 1);
    produce("orders", 0, 20);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 20));
    rd_kafka_mock_topic_set_error(cluster, "orders", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    topic_make("marker", 1); /* when it is read, the cluster has been looked at since */
    produce("marker", 0, 1);
    CU_ASSERT(until_store(&store.records, 21));
    rd_kafka_mock_topic_set_error(cluster, "orders", RD_KAFKA_RESP_ERR_NO_ERROR);
    produce("orders", 0, 5);
    CU_ASSERT(until_store(&store.records, 26));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.gone, 0);
    CU_ASSERT_EQUAL(store.n_lives, 2);
    cluster_end();
}

static void feed_reads_on_after_the_broker_says_out_of_range_for_nothing(void)
{
    cluster_begin();
    topic_make("orders", 1);
    produce("orders", 0, 20);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 20));
    rd_kafka_mock_push_request_errors(cluster, 1 /* Fetch */, 2, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE);
    produce("orders", 0, 20);
    CU_ASSERT(until_store(&store.records, 40));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.n_lives, 1);
    CU_ASSERT_EQUAL(store.records, 40);
    cluster_end();
}

static struct feed_look look_of(int64_t next, int64_t end, int64_t mark_next, int64_t marked_low)
{
    return (struct feed_look){ .next = next, .end = end, .mark_ms = 1000, .mark_next = mark_next, .marked = true, .marked_low = marked_low };
}

static void feed_tells_logs_apart_by_end_and_mark(void)
{
    struct feed_look look = look_of(100, 120, 90, -1);

    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_SAME); /* nothing is younger than the mark */
    look = look_of(100, 120, 90, 90);
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_SAME);
    look = look_of(100, 120, 90, 89);
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_OTHER); /* made again, and filled past the old position */
    look = look_of(100, 120, 90, 0);
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_OTHER);
    look = look_of(100, 99, 90, -1);
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_OTHER);
    look = look_of(100, -1, 90, -1);
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_UNKNOWN);
    look = look_of(100, 120, 90, 5);
    look.marked = false;
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_UNKNOWN); /* the mark was not answered: nothing is decided */
    look.mark_ms = 0;
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_SAME);
}

static void feed_is_sure_of_a_mark_only_when_it_saw_every_record_since_the_last(void)
{
    struct feed_part part = { .given = 1, .next = 100, .mark_ms = 1000, .mark_next = 60, .seen_ms = 1500, .solid_from = 60 };
    struct feed_look look;

    feed_look_sample(&look, &part);
    CU_ASSERT(look.new_sure);
    CU_ASSERT_EQUAL(look.new_ms, 1501);
    part.seen_ms = 900; /* records older than the mark */
    feed_look_sample(&look, &part);
    CU_ASSERT_EQUAL(look.new_ms, 1000);
    part.solid_from = 61; /* one was left out: a transaction's end, a compacted one, or one before a restart */
    feed_look_sample(&look, &part);
    CU_ASSERT(!look.new_sure);
    part = (struct feed_part){ .given = 1, .next = 100, .mark_ms = 1000, .mark_next = 60, .seen_ms = -1, .solid_from = 100 };
    feed_look_sample(&look, &part); /* as after a restart: nothing was seen yet */
    CU_ASSERT(!look.new_sure);
    CU_ASSERT(look.new_ms > 1700000000000); /* then our clock has to do */
    part = (struct feed_part){ .given = 1, .next = 100, .seen_ms = -1, .solid_from = 0 };
    feed_look_sample(&look, &part);
    CU_ASSERT(!look.new_sure); /* without a mark there is nothing to go on from */
    part = (struct feed_part){ .given = 1, .next = 60, .mark_ms = 1000, .mark_next = 60, .seen_ms = -1 };
    feed_look_sample(&look, &part);
    CU_ASSERT_EQUAL(look.new_ms, 0); /* there is no later one */
    part = (struct feed_part){ .next = 100, .mark_ms = 1000, .mark_next = 60, .seen_ms = 1500, .solid_from = 60 };
    feed_look_sample(&look, &part);
    CU_ASSERT_EQUAL(look.new_ms, 0); /* another feed's: its newest records were not seen here */
}

static void feed_takes_an_answer_below_a_sure_mark_for_another_log(void)
{
    struct feed_look look = look_of(100, 120, 60, 60);

    look.new_marked = true;
    look.new_low = 40;
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_SAME); /* not sure: records that were not seen may be younger */
    look.new_sure = true;
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_OTHER);
    look.new_low = 100;
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_SAME);
    look.new_low = -1;
    CU_ASSERT_EQUAL(feed_log_of(&look), FEED_LOG_SAME);
}

/* ---- when things fail ---- */

static void feed_pauses_while_the_store_refuses_and_goes_on_by_itself(void)
{
    char why[200] = "";

    cluster_begin();
    topic_make("orders", 1);
    feed_begin(feed_conf());
    CU_ASSERT(until_ready());
    store_refuse(KL_BUSY);
    produce("orders", 0, 3000);
    CU_ASSERT(until_store(&store.refused, 1));
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; !kl_feed_paused(feed, why, sizeof why) && kl_mono_us() < deadline;)
        kl_sleep_ms(2);
    CU_ASSERT_STRING_EQUAL(why, "the test says no");
    store_refuse(KL_OK);
    CU_ASSERT(until_store(&store.records, 3000));
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; kl_feed_paused(feed, why, sizeof why) && kl_mono_us() < deadline;)
        kl_sleep_ms(2);
    CU_ASSERT(!kl_feed_paused(feed, why, sizeof why));
    CU_ASSERT_EQUAL(fatals, 0);
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.records, 3000);
    cluster_end();
}

static void feed_stops_while_the_store_refuses(void)
{
    cluster_begin();
    topic_make("orders", 1);
    feed_begin(feed_conf());
    CU_ASSERT(until_ready());
    store_refuse(KL_BUSY);
    produce("orders", 0, 3000);
    CU_ASSERT(until_store(&store.refused, 1));
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(store.records, 0);
    store_refuse(KL_OK);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 3000));
    kl_feed_stop(feed);
    cluster_end();
}

static void *stop_feed(void *ctx)
{
    kl_feed_stop(ctx);
    return NULL;
}

/* One that answers late would otherwise be waited for again, for each thing there is to tell it. */
static void feed_that_stops_asks_the_store_nothing_more(void)
{
    pthread_t stopping;
    int64_t upkeeps, batches;

    cluster_begin();
    topic_make("orders", 1);
    feed_begin(feed_conf());
    CU_ASSERT(until_ready());
    store.hangs = true;
    produce("orders", 0, 10);
    CU_ASSERT(until_store(&store.hanging, 1));
    CU_ASSERT_EQUAL_FATAL(pthread_create(&stopping, NULL, stop_feed, feed), 0);
    while (!feed->stopping)
        kl_sleep_ms(2);
    upkeeps = read_store(&store.upkeeps);
    batches = read_store(&store.batches);
    store_refuse(KL_BUSY);
    store.hangs = false;
    pthread_join(stopping, NULL);
    CU_ASSERT_EQUAL(store.upkeeps, upkeeps);
    CU_ASSERT_EQUAL(store.batches, batches + 1);
    cluster_end();
}

static void feed_ends_when_the_store_is_broken(void)
{
    cluster_begin();
    topic_make("orders", 1);
    feed_begin(feed_conf());
    CU_ASSERT(until_ready());
    store_refuse(KL_BROKEN);
    produce("orders", 0, 10);
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; !fatals && kl_mono_us() < deadline;)
        kl_sleep_ms(2);
    CU_ASSERT_EQUAL(fatals, 1);
    CU_ASSERT_EQUAL(fatal_end, KL_FEED_STORE);
    kl_feed_stop(feed);
    CU_ASSERT_EQUAL(fatals, 1);
    cluster_end();
}

static void feed_starts_and_stops_without_a_cluster_and_says_so(void)
{
    rd_kafka_conf_t *kafka = rd_kafka_conf_new();
    struct kl_feed_partition *partitions;
    char why[200] = "";

    rd_kafka_conf_set(kafka, "bootstrap.servers", "127.0.0.1:1", NULL, 0);
    rd_kafka_conf_set(kafka, "log_level", "0", NULL, 0);
    feed_begin((struct kl_feed_conf){ .kafka = kafka, .metadata_ms = 100, .batch_max = 10 });
    CU_ASSERT(!kl_feed_ready(feed, why, sizeof why));
    CU_ASSERT(strlen(why) > 0);
    CU_ASSERT_PTR_NULL(kl_feed_cluster(feed));
    CU_ASSERT_EQUAL(kl_feed_partitions(feed, &partitions), 0);
    CU_ASSERT_PTR_NULL(partitions);
    kl_feed_stop(feed);
    kl_feed_stop(NULL);
}

static void feed_refuses_a_wrong_list_of_topics(void)
{
    static const char *const wrong[] = { "^(", "a b", "orders,bad/name" };
    struct kl_error err;
    bool takes;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_EQUAL(kl_feed_takes(wrong[i], "orders", &takes, &err), KL_INVALID);
    CU_ASSERT_EQUAL(kl_feed_takes(" orders , ^x", "orders", &takes, &err), KL_OK);
    CU_ASSERT(takes);
    CU_ASSERT_EQUAL(kl_feed_takes("orders,^x", "xy", &takes, &err), KL_OK);
    CU_ASSERT(takes);
    CU_ASSERT_EQUAL(kl_feed_takes("orders,^x", "payments", &takes, &err), KL_OK);
    CU_ASSERT(!takes);
    CU_ASSERT_EQUAL(kl_feed_takes("", "anything", &takes, &err), KL_OK);
    CU_ASSERT(takes);
    CU_ASSERT_EQUAL(kl_feed_takes(NULL, "__consumer_offsets", &takes, &err), KL_OK);
    CU_ASSERT(!takes);
    CU_ASSERT_EQUAL(kl_feed_takes("^", "kafkloud-outcomes", &takes, &err), KL_OK);
    CU_ASSERT(!takes);
}

static void feed_shows_where_it_is(void)
{
    struct kl_feed_partition *rows = NULL;
    struct kl_feed_conf conf;
    size_t n = 0;

    cluster_begin();
    topic_make("orders", 2);
    topic_make("journal", 1);
    produce("orders", 1, 25);
    conf = feed_conf();
    conf.also = "journal";
    feed_begin(conf);
    CU_ASSERT(until_store(&store.records, 25));
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; kl_mono_us() < deadline; kl_sleep_ms(2)) {
        free(rows);
        n = kl_feed_partitions(feed, &rows);
        if (n == 2 && rows[1].end == 25 && rows[1].stored == 25)
            break;
    }
    CU_ASSERT_EQUAL_FATAL(n, 2); /* what is read besides is not shown */
    CU_ASSERT_STRING_EQUAL(rows[1].topic, "orders");
    CU_ASSERT_EQUAL(rows[1].partition, 1);
    CU_ASSERT_EQUAL(rows[1].next, 25);
    CU_ASSERT_EQUAL(rows[1].stored, 25);
    CU_ASSERT_EQUAL(rows[1].low, 0);
    CU_ASSERT_EQUAL(rows[1].end, 25);
    CU_ASSERT_EQUAL(rows[0].end, 0);
    free(rows);
    kl_feed_stop(feed);
    cluster_end();
}

static bool all_ends_are_known(const struct kl_feed_partition *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].end < 0 || rows[i].low < 0)
            return false;
    return n == PARTS_MAX;
}

static void feed_asks_for_more_partitions_than_one_question_holds(void)
{
    struct kl_feed_partition *rows = NULL;
    size_t n = 0;

    cluster_begin();
    topic_make("wide", PARTS_MAX);
    produce("wide", 200, 2);
    produce("wide", PARTS_MAX - 1, 3);
    feed_begin(feed_conf());
    CU_ASSERT(until_store(&store.records, 5));
    for (int64_t deadline = kl_mono_us() + WAIT_MS * 1000; kl_mono_us() < deadline; kl_sleep_ms(2)) {
        free(rows);
        n = kl_feed_partitions(feed, &rows);
        if (all_ends_are_known(rows, n) && rows[PARTS_MAX - 1].end == 3)
            break;
    }
    CU_ASSERT_FATAL(all_ends_are_known(rows, n));
    CU_ASSERT_EQUAL(rows[200].end, 2);
    CU_ASSERT_EQUAL(rows[PARTS_MAX - 1].end, 3);
    free(rows);
    kl_feed_stop(feed);
    cluster_end();
}

KL_TESTS("kafka_feed", T(feed_reads_what_is_there_and_what_comes), T(feed_goes_on_where_the_store_is),
         T(feed_finds_topics_that_are_made_later), T(feed_looks_at_once_for_a_topic_that_the_journal_names),
         T(feed_takes_named_topics_and_patterns_and_leaves_internal_ones),
         T(feed_at_first_contact_reads_existing_topics_from_their_end_and_later_ones_whole),
         T(feed_gathers_while_the_store_is_busy), T(feed_reads_a_topic_that_was_gone_as_a_new_one),
         T(feed_reads_a_log_that_ends_before_the_stored_position_as_a_new_one),
         T(feed_keeps_topics_that_may_not_be_seen_for_a_while),
         T(feed_reads_on_after_the_broker_says_out_of_range_for_nothing), T(feed_tells_logs_apart_by_end_and_mark),
         T(feed_is_sure_of_a_mark_only_when_it_saw_every_record_since_the_last), T(feed_takes_an_answer_below_a_sure_mark_for_another_log),
         T(feed_pauses_while_the_store_refuses_and_goes_on_by_itself), T(feed_stops_while_the_store_refuses),
         T(feed_that_stops_asks_the_store_nothing_more),
         T(feed_ends_when_the_store_is_broken), T(feed_starts_and_stops_without_a_cluster_and_says_so),
         T(feed_refuses_a_wrong_list_of_topics), T(feed_shows_where_it_is),
         T(feed_asks_for_more_partitions_than_one_question_holds))
