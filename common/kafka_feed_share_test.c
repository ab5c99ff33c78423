/* Feeds that share a store, as members of a group of librdkafka's mock cluster. The store in memory is fenced as a shared one
 * has to be, and checks what it takes: within an incarnation each partition's records come in order, none twice, none
 * left out, whoever brings them. */
#include "kafka_feed.h"

#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdatomic.h>

#include "clock.h"
#include "test.h"

#define WAIT_MS     60000
#define PARTS_MAX   8
#define LIVES_MAX   8
#define MEMBERS_MAX 2
#define HEARTBEAT   12 /* Kafka's number of that request */

/* ---- the store ---- */

struct life { char topic[KL_TOPIC_BYTES]; bool over; int64_t next[PARTS_MAX]; bool known[PARTS_MAX]; int64_t records; };

struct member {
    struct kl_feed *feed;
    int64_t batches, records, conflicts, fatals; /* of the batches it brought, under store.lock */
    enum kl_code refuse;                         /* what it is answered; KL_OK: nothing special */
    bool forget_answer;                          /* its next batch is stored, and the answer lost */
};

static struct member members[MEMBERS_MAX];

static struct {
    pthread_mutex_t lock;
    struct life lives[LIVES_MAX]; /* id: index + 1 */
    int n_lives;
    bool contacted;
    int64_t records, wrong;
} store = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* As a shared store does: whoever is first makes the contact. */
static enum kl_code on_cluster(void *ctx, const char *id, bool *contacted, struct kl_error *err)
{
    static struct member *contacting;
    enum kl_code code = KL_OK;

    CU_ASSERT(strlen(id) > 0);
    pthread_mutex_lock(&store.lock);
    *contacted = store.contacted;
    if (store.contacted)
        contacting = NULL;
    else if (!contacting)
        contacting = ctx;
    else if (contacting != ctx)
        code = kl_fail(err, KL_BUSY, "another member makes the first contact");
    pthread_mutex_unlock(&store.lock);
    return code;
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

static int latest_of(const char *topic)
{
    int latest = 0;

    for (int i = 0; i < store.n_lives; i++)
        if (!strcmp(store.lives[i].topic, topic))
            latest = i + 1;
    return latest;
}

static int64_t life_make(const char *topic)
{
    snprintf(store.lives[store.n_lives].topic, KL_TOPIC_BYTES, "%s", topic);
    return ++store.n_lives;
}

static enum kl_code on_topic(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err)
{
    int latest;

    (void)ctx;
    (void)err;
    pthread_mutex_lock(&store.lock);
    latest = latest_of(inc->topic);
    if (latest && made_again && latest == inc->id)
        store.lives[latest - 1].over = true;
    inc->id = latest && !store.lives[latest - 1].over ? latest : life_make(inc->topic);
    pthread_mutex_unlock(&store.lock);
    return KL_OK;
}

static enum kl_code on_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    struct life *life = &store.lives[at->incarnation->id - 1];
    bool known;

    (void)ctx;
    pthread_mutex_lock(&store.lock);
    known = life->known[at->partition];
    at->next = life->next[at->partition];
    at->mark_ms = at->mark_next = 0;
    pthread_mutex_unlock(&store.lock);
    return known ? KL_OK : kl_fail(err, KL_NOT_FOUND, "none yet");
}

static enum kl_code on_positions(void *ctx, struct kl_feed_position *at, size_t n, struct kl_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (on_position(ctx, &at[i], err))
            at[i].next = -1;
        at[i].over = store.lives[at[i].incarnation->id - 1].over;
    }
    return KL_OK;
}

static bool is_as_expected(const struct kl_feed_batch *b)
{
    bool ok = true;

    for (size_t i = 0; i < b->n_positions; i++) {
        const struct kl_feed_position *at = &b->positions[i];
        const struct life *life = &store.lives[at->incarnation->id - 1];

        ok = ok && !life->over && at->from == (life->known[at->partition] ? life->next[at->partition] : -1);
    }
    return ok;
}

static void batch_take(const struct kl_feed_batch *b)
{
    for (size_t i = 0; i < b->n_records; i++) {
        const rd_kafka_message_t *m = b->records[i].message;
        struct life *life = &store.lives[b->records[i].incarnation->id - 1];

        store.wrong += m->offset != life->next[m->partition];
        life->next[m->partition] = m->offset + 1;
        life->records++;
        store.records++;
    }
    for (size_t i = 0; i < b->n_positions; i++) {
        const struct kl_feed_position *at = &b->positions[i];
        struct life *life = &store.lives[at->incarnation->id - 1];

        store.wrong += at->next < life->next[at->partition];
        life->known[at->partition] = true;
        life->next[at->partition] = at->next;
    }
}

static enum kl_code on_batch(void *ctx, const struct kl_feed_batch *b, struct kl_error *err)
{
    struct member *m = ctx;
    enum kl_code code;

    pthread_mutex_lock(&store.lock);
    code = m->refuse ? m->refuse : is_as_expected(b) ? KL_OK : KL_CONFLICT;
    m->batches++;
    m->conflicts += code == KL_CONFLICT;
    if (!code) {
        batch_take(b);
        m->records += (int64_t)b->n_records;
    }
    if (!code && m->forget_answer && b->n_records > 0) {
        m->forget_answer = false;
        code = KL_BUSY;
    }
    pthread_mutex_unlock(&store.lock);
    return code ? kl_fail(err, code, "the test says no") : KL_OK;
}

static enum kl_code on_gone(void *ctx, const struct kl_incarnation *inc, struct kl_error *err)
{
    (void)ctx;
    (void)err;
    pthread_mutex_lock(&store.lock);
    store.lives[inc->id - 1].over = true;
    pthread_mutex_unlock(&store.lock);
    return KL_OK;
}

static int64_t read_store(const int64_t *what)
{
    int64_t n;

    pthread_mutex_lock(&store.lock);
    n = *what;
    pthread_mutex_unlock(&store.lock);
    return n;
}

static bool until_store(const int64_t *what, int64_t least)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (read_store(what) < least && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return read_store(what) >= least;
}

static void refuse(struct member *m, enum kl_code code)
{
    pthread_mutex_lock(&store.lock);
    m->refuse = code;
    pthread_mutex_unlock(&store.lock);
}

/* ---- a cluster, a producer, members ---- */

static rd_kafka_t *producer;
static rd_kafka_mock_cluster_t *cluster;
static int64_t produced;

static void cluster_begin(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "test.mock.num.brokers", "2", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(producer);
    cluster = rd_kafka_handle_mock_cluster(producer);
    memset(store.lives, 0, sizeof store.lives);
    memset(members, 0, sizeof members);
    store.n_lives = 0;
    store.contacted = false;
    store.records = store.wrong = produced = 0;
}

static void cluster_end(void)
{
    for (int i = 0; i < MEMBERS_MAX; i++) {
        kl_feed_stop(members[i].feed);
        CU_ASSERT_EQUAL(members[i].fatals, 0);
    }
    CU_ASSERT_EQUAL(store.wrong, 0);
    rd_kafka_destroy(producer);
}

static void topic_make(const char *topic, int partitions)
{
    CU_ASSERT_EQUAL(rd_kafka_mock_topic_create(cluster, topic, partitions, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* n to each of the partitions. */
static void produce(const char *topic, int32_t partitions, int n)
{
    for (int i = 0; i < n * partitions; i++)
        CU_ASSERT_EQUAL(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(i % partitions),
                                          RD_KAFKA_V_VALUE((void *)"value", 5), RD_KAFKA_V_END), RD_KAFKA_RESP_ERR_NO_ERROR);
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    produced += n * partitions;
}

static void on_fatal(void *ctx, enum kl_feed_end end, const char *why)
{
    (void)end;
    (void)why;
    ((struct member *)ctx)->fatals++;
}

/* The mock lets the first division of partitions take 3 s, which a session has to outlive by far on a busy machine, and each later
 * one a second less than a session. */
static void member_begin(struct member *m)
{
    static const struct kl_feed_store calls = { .cluster = on_cluster, .contacted = on_contacted, .topic = on_topic, .position = on_position,
                                                .positions = on_positions, .batch = on_batch, .gone = on_gone };
    struct kl_feed_store mine = calls;
    struct kl_feed_conf conf = { .kafka = rd_kafka_conf_new(), .group = "readers", .shared = true, .metadata_ms = 100, .batch_max = 500,
                                 .fatal = on_fatal, .fatal_ctx = m };
    struct kl_error err;

    rd_kafka_conf_set(conf.kafka, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), NULL, 0);
    rd_kafka_conf_set(conf.kafka, "fetch.wait.max.ms", "20", NULL, 0);
    rd_kafka_conf_set(conf.kafka, "session.timeout.ms", "4500", NULL, 0);
    rd_kafka_conf_set(conf.kafka, "heartbeat.interval.ms", "100", NULL, 0);
    rd_kafka_conf_set(conf.kafka, "log_level", "3", NULL, 0);
    mine.ctx = m;
    CU_ASSERT_EQUAL_FATAL(kl_feed_start(&m->feed, &conf, &mine, &err), KL_OK);
}

static void member_end(struct member *m)
{
    kl_feed_stop(m->feed);
    m->feed = NULL;
}

static int ours(struct member *m)
{
    struct kl_feed_partition *rows;
    size_t n = kl_feed_partitions(m->feed, &rows);
    int count = 0;

    for (size_t i = 0; i < n; i++)
        count += rows[i].ours;
    free(rows);
    return count;
}

static bool is_ready(struct member *m)
{
    char why[200];

    return kl_feed_ready(m->feed, why, sizeof why);
}

static bool until_ours(struct member *m, int n)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while ((ours(m) != n || !is_ready(m)) && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return ours(m) == n && is_ready(m);
}

static bool until_one_is_out(void)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (ours(&members[0]) > 0 && ours(&members[1]) > 0 && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return ours(&members[0]) == 0 || ours(&members[1]) == 0;
}

/* Does the member know that all is stored, whoever did it? */
static bool knows_all_stored(struct member *m, int64_t each)
{
    struct kl_feed_partition *rows;
    size_t n = kl_feed_partitions(m->feed, &rows);
    bool all = n > 0;

    for (size_t i = 0; i < n; i++)
        all = all && rows[i].stored == each && rows[i].end == each;
    free(rows);
    return all;
}

static bool until_knows_all_stored(struct member *m, int64_t each)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * 1000;

    while (!knows_all_stored(m, each) && kl_mono_us() < deadline)
        kl_sleep_ms(2);
    return knows_all_stored(m, each);
}

/* ---- sharing ---- */

static void feeds_share_partitions_and_store_each_record_once_as_members_come_go_and_are_thrown_out(void)
{
    cluster_begin();
    topic_make("orders", 6);
    produce("orders", 6, 100);
    member_begin(&members[0]);
    CU_ASSERT(until_ours(&members[0], 6));
    produce("orders", 6, 200);
    member_begin(&members[1]);
    CU_ASSERT(until_ours(&members[1], 3));
    CU_ASSERT(until_ours(&members[0], 3));
    produce("orders", 6, 200);
    CU_ASSERT(until_store(&store.records, produced));
    CU_ASSERT(read_store(&members[1].records) > 0);
    CU_ASSERT(until_knows_all_stored(&members[0], 500)); /* also what the other one reads */
    CU_ASSERT(until_knows_all_stored(&members[1], 500));

    rd_kafka_mock_push_request_errors(cluster, HEARTBEAT, 1, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION); /* whoever is next is out */
    CU_ASSERT(until_one_is_out());
    produce("orders", 6, 300);
    CU_ASSERT(until_store(&store.records, produced));
    member_end(&members[0]);
    produce("orders", 6, 100);
    CU_ASSERT(until_store(&store.records, produced));
    CU_ASSERT(until_ours(&members[1], 6));
    cluster_end();
    CU_ASSERT_EQUAL(store.records, produced);
    CU_ASSERT_EQUAL(store.n_lives, 1);
}

static void a_member_without_partitions_is_ready_and_takes_its_share_of_topics_made_later(void)
{
    cluster_begin();
    topic_make("orders", 1);
    member_begin(&members[0]);
    CU_ASSERT(until_ours(&members[0], 1));
    member_begin(&members[1]);
    CU_ASSERT(until_ours(&members[1], 0));
    produce("orders", 1, 50);
    CU_ASSERT(until_knows_all_stored(&members[1], 50));
    topic_make("late", 3);
    produce("late", 3, 50);
    CU_ASSERT(until_store(&store.records, produced)); /* from its beginning */
    CU_ASSERT(until_ours(&members[0], 2));
    CU_ASSERT(until_ours(&members[1], 2));
    cluster_end();
    CU_ASSERT_EQUAL(store.records, produced);
}

/* Else a new Kafka would have to be written to before its consumers are said to work. */
static void a_member_is_ready_where_there_are_no_topics_and_reads_the_first_that_is_made(void)
{
    cluster_begin();
    member_begin(&members[0]);
    member_begin(&members[1]);
    CU_ASSERT(until_ours(&members[0], 0));
    CU_ASSERT(until_ours(&members[1], 0));
    topic_make("first", 2);
    produce("first", 2, 50);
    CU_ASSERT(until_store(&store.records, produced));
    CU_ASSERT(until_ours(&members[0], 1));
    CU_ASSERT(until_ours(&members[1], 1));
    cluster_end();
    CU_ASSERT_EQUAL(store.records, produced);
}

/* One that cannot store must still listen to the group: the others wait for its answer. */
static void a_member_whose_store_refuses_holds_up_nobody(void)
{
    cluster_begin();
    topic_make("orders", 2);
    member_begin(&members[0]);
    CU_ASSERT(until_ours(&members[0], 2));
    refuse(&members[0], KL_BUSY);
    produce("orders", 2, 3000); /* more than all batches hold */
    CU_ASSERT(until_store(&members[0].batches, 1));
    member_begin(&members[1]);
    CU_ASSERT(until_ours(&members[1], 1));
    CU_ASSERT(until_store(&members[1].records, 3000));
    refuse(&members[0], KL_OK);
    CU_ASSERT(until_store(&store.records, produced));
    cluster_end();
    CU_ASSERT_EQUAL(store.records, produced);
}

/* ---- conflicts ---- */

/* Somebody stores n records of a partition behind the feed's back. */
static void store_behind_its_back(int32_t partition, int64_t n)
{
    pthread_mutex_lock(&store.lock);
    store.lives[0].next[partition] += n;
    store.lives[0].records += n;
    store.records += n;
    pthread_mutex_unlock(&store.lock);
}

static void a_feed_leaves_out_what_another_one_has_stored_and_what_it_has_itself_without_knowing(void)
{
    cluster_begin();
    topic_make("orders", 2);
    member_begin(&members[0]);
    CU_ASSERT(until_ours(&members[0], 2));
    refuse(&members[0], KL_BUSY);
    produce("orders", 2, 2000);
    CU_ASSERT(until_store(&members[0].batches, 2));
    store_behind_its_back(1, 700);
    refuse(&members[0], KL_OK);
    CU_ASSERT(until_store(&store.records, produced));
    CU_ASSERT(read_store(&members[0].conflicts) > 0);
    CU_ASSERT_EQUAL(read_store(&members[0].records), produced - 700);

    pthread_mutex_lock(&store.lock);
    members[0].forget_answer = true;
    members[0].conflicts = 0;
    pthread_mutex_unlock(&store.lock);
    produce("orders", 2, 500);
    CU_ASSERT(until_store(&store.records, produced));
    produce("orders", 2, 500);
    CU_ASSERT(until_store(&store.records, produced));
    CU_ASSERT_EQUAL(read_store(&members[0].conflicts), 1);
    cluster_end();
    CU_ASSERT_EQUAL(store.records, produced);
}

static void a_feed_follows_when_another_one_found_a_topic_made_again(void)
{
    cluster_begin();
    topic_make("orders", 2);
    produce("orders", 2, 20);
    member_begin(&members[0]);
    CU_ASSERT(until_store(&store.records, 40));
    pthread_mutex_lock(&store.lock);
    store.lives[0].over = true;
    life_make("orders");
    pthread_mutex_unlock(&store.lock);
    CU_ASSERT(until_store(&store.lives[1].records, 40)); /* the mock keeps the log: it is read again, as another life */
    produce("orders", 2, 5);
    CU_ASSERT(until_store(&store.lives[1].records, 50));
    cluster_end();
    CU_ASSERT_EQUAL(store.n_lives, 2);
    CU_ASSERT_EQUAL(store.lives[0].records, 40);
}

KL_TESTS("kafka_feed_share", T(feeds_share_partitions_and_store_each_record_once_as_members_come_go_and_are_thrown_out),
         T(a_member_is_ready_where_there_are_no_topics_and_reads_the_first_that_is_made),
         T(a_member_without_partitions_is_ready_and_takes_its_share_of_topics_made_later),
         T(a_member_whose_store_refuses_holds_up_nobody), T(a_feed_leaves_out_what_another_one_has_stored_and_what_it_has_itself_without_knowing),
         T(a_feed_follows_when_another_one_found_a_topic_made_again))
