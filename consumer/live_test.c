/* The hub as a whole: a feed, readers and clients at once, with everything that may happen happening at random. */
#include "live_world.h"

#define VIEWERS 6

static struct world w;

struct random { uint64_t state; };

/* xorshift64*: the same seed runs the same choices (the threads' order is the machine's). */
static uint32_t draw(struct random *r, uint32_t below)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (uint32_t)((r->state * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % below;
}

struct run {
    struct random random;
    int records;
    _Atomic bool written;          /* all records are there, and handed over */
    _Atomic int64_t cuts, laggeds, caught_up;
    const char *topics;
};
static struct run run;

/* Writes and hands over in small steps, now and then far behind what was written. */
static void *feed_on(void *ctx)
{
    static const char *const names[] = { "orders", "payments" };
    struct random r = run.random;

    (void)ctx;
    for (int i = 0; i < run.records; i++) {
        uint32_t topic = draw(&r, 2);

        if (draw(&r, 20) == 0)
            world_mark(&w, names[topic], (int32_t)draw(&r, topic ? 1 : 3));
        world_write(&w, names[topic], (int32_t)draw(&r, topic ? 1 : 3), draw(&r, 10) ? 0 : 3);
        if (draw(&r, 4) == 0)
            world_feed(&w, 1 + draw(&r, 8));
        if (draw(&r, 500) == 0)
            kl_sleep_ms(1);   /* lets readers win the race to the end sometimes */
    }
    world_feed_all(&w);
    run.written = true;
    return NULL;
}

static bool at_end(const struct viewer *v)
{
    bool end = true;

    pthread_mutex_lock(&w.lock);
    for (size_t t = 0; t < w.n_topics; t++)
        for (int p = 0; p < w.topics[t].inc->partitions; p++)
            end = end && world_record(&w.topics[t].logs[p], v->next[t][p]) < 0;
    pthread_mutex_unlock(&w.lock);
    return end;
}

static bool is_catching_up(struct live_client *c)
{
    bool joined;

    pthread_mutex_lock(&c->lock);   /* a catch-up reader may be joining it just now */
    joined = c->joined;
    pthread_mutex_unlock(&c->lock);
    return !joined;
}

static void connect_again(struct viewer *v, const char *position)
{
    char id[4096];
    struct kl_error err;

    strcpy(id, position);
    viewer_cut(v);
    strcpy(v->id, id);
    v->placed = false;
    viewer_check_id(v);   /* stands where it was then */
    if (viewer_resume(v, run.topics, id, &err))
        viewer_wrong(v, "could not connect again");
    run.caught_up += v->c && is_catching_up(v->c);
    run.cuts++;
}

/* One client: reads, is cut at any byte, comes back with the last id it saw. When it lagged it comes back to before
 * that, so it is to see every record exactly once. */
static void *view_on(void *ctx)
{
    struct viewer *v = ctx;
    struct random r = { run.random.state + (uint64_t)(uintptr_t)v };
    int64_t due_us = kl_mono_us() + 120 * INT64_C(1000000);
    char before_lag[4096] = "";
    size_t lagged;

    while ((!run.written || !at_end(v)) && v->c && !v->wrong && kl_mono_us() < due_us) {
        lagged = v->lagged;
        strcpy(before_lag, v->id);
        if (viewer_pull(v, 1 + draw(&r, 3000)) == LIVE_WAIT)
            viewer_wait(v, 1 + draw(&r, 5));
        if (v->lagged != lagged) {
            run.laggeds++;
            connect_again(v, before_lag);
        } else if (draw(&r, 40) == 0 && v->id[0]) {
            connect_again(v, v->id);
        }
    }
    return NULL;
}

static void run_model(const struct live_conf *conf, int records, uint64_t seed)
{
    static struct viewer v[VIEWERS];
    pthread_t feed, viewers[VIEWERS];

    fprintf(stderr, "seed %llu ", (unsigned long long)seed);
    run = (struct run){ .random = { seed }, .records = records, .topics = "orders,payments" };
    world_begin(&w, conf);
    world_add(&w, "orders", 3);
    world_add(&w, "payments", 1);
    for (int i = 0; i < VIEWERS; i++) {
        viewer_open(&v[i], &w, run.topics, i % 2 ? LIVE_FROM_EARLIEST : LIVE_FROM_LATEST, 0);
        CU_ASSERT_TRUE(viewer_until(&v[i], &v[i].positions, 1));   /* all of them from the beginning */
    }
    pthread_create(&feed, NULL, feed_on, NULL);
    for (int i = 0; i < VIEWERS; i++)
        pthread_create(&viewers[i], NULL, view_on, &v[i]);
    pthread_join(feed, NULL);
    for (int i = 0; i < VIEWERS; i++) {
        pthread_join(viewers[i], NULL);
        CU_ASSERT_TRUE(at_end(&v[i]));
        CU_ASSERT_EQUAL(v[i].gaps, 0);
        viewer_fini(&v[i]);
    }
    fprintf(stderr, "cuts %lld caught up %lld lagged %lld ", (long long)run.cuts, (long long)run.caught_up,
            (long long)run.laggeds);
    CU_ASSERT_TRUE(run.cuts > 50);
    world_end(&w);
}

static uint64_t seed(void)
{
    const char *given = getenv("LIVE_TEST_SEED");

    return given ? strtoull(given, NULL, 10) : (uint64_t)kl_wall_us();
}

static void clients_cut_anywhere_see_each_message_once_through_tiny_rings(void)
{
    struct live_conf conf = world_conf();

    conf.ring_bytes = 16 * 1024;
    conf.rings_bytes = 24 * 1024;
    conf.client_queue_bytes = 4096;
    conf.heartbeat_ms = 10;
    run_model(&conf, 15000, seed());
    CU_ASSERT_TRUE(run.caught_up > 10);
}

static void clients_cut_anywhere_see_each_message_once_through_large_rings(void)
{
    struct live_conf conf = world_conf();

    conf.ring_bytes = 64 << 20;
    conf.rings_bytes = 64 << 20;
    run_model(&conf, 15000, seed());
}

static _Atomic int seen;   /* by wait_on */

/* Pulls only when it is woken. */
static void *wait_on(void *ctx)
{
    struct viewer *v = ctx;
    bool woken = true;

    while (woken && seen < run.records) {
        while (viewer_pull(v, 4096) > 0)
            seen = (int)v->messages;
        woken = seen == run.records || viewer_wait(v, WORLD_WAIT_MS);
    }
    return NULL;
}

/* Each record is handed over just when the client is about to say that it has nothing. */
static void no_wake_is_lost(void)
{
    struct live_conf conf = world_conf();
    pthread_t viewer;
    struct viewer v;

    run = (struct run){ .records = 20000 };
    seen = 0;
    world_begin(&w, &conf);
    world_add(&w, "orders", 1);
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    pthread_create(&viewer, NULL, wait_on, &v);
    for (int i = 0; i < run.records; i++) {
        int64_t due_us = kl_mono_us() + WORLD_WAIT_MS * INT64_C(1000);

        world_write(&w, "orders", 0, 0);
        world_feed_all(&w);
        while (seen <= i && kl_mono_us() < due_us)
            ;
    }
    pthread_join(viewer, NULL);
    CU_ASSERT_EQUAL(seen, run.records);
    viewer_fini(&v);
    world_end(&w);
}

/* A topic that is deleted and made again, over and over: each life is announced by a gap and read from its start. */
static void every_life_of_a_topic_is_read_from_its_start(void)
{
    struct live_conf conf = world_conf();
    struct random r = { seed() };
    struct viewer v;

    world_begin(&w, &conf);
    world_add(&w, "orders", 3);
    viewer_open(&v, &w, "orders", LIVE_FROM_LATEST, 0);
    for (int life = 0; life < 50; life++) {
        int n = 1 + (int)draw(&r, 30);
        size_t had = v.messages;

        for (int i = 0; i < n; i++)
            world_write(&w, "orders", (int32_t)draw(&r, (uint32_t)w.topics[0].inc->partitions), 0);
        world_feed_all(&w);
        CU_ASSERT_TRUE_FATAL(viewer_until(&v, &v.messages, had + (size_t)n));
        viewer_drain(&v);
        CU_ASSERT_EQUAL(v.messages, had + (size_t)n);
        CU_ASSERT_EQUAL(v.gaps > 0, life > 0);
        world_make_again(&w, "orders", 1 + (int32_t)draw(&r, 5));
    }
    viewer_fini(&v);
    world_end(&w);
}

static void internal_topics_are_not_kept(void)
{
    struct live_conf conf = world_conf();

    world_begin(&w, &conf);
    world_add(&w, "kafkloud-outcomes", 1);
    world_write(&w, "kafkloud-outcomes", 0, 0);
    world_feed_all(&w);
    CU_ASSERT_EQUAL(w.live->n_topics, 0);
    world_end(&w);
}

static void topics_are_found_in_any_order_of_appearance(void)
{
    static const char *const names[] = { "m", "c", "x", "a" };
    struct live_conf conf = world_conf();

    world_begin(&w, &conf);
    for (size_t i = 0; i < 4; i++) {
        world_add(&w, names[i], 1);
        world_write(&w, names[i], 0, 0);
        world_feed_all(&w);
    }
    CU_ASSERT_EQUAL_FATAL(w.live->n_topics, 4);
    for (size_t i = 1; i < 4; i++)
        CU_ASSERT_TRUE(strcmp(w.live->topics[i - 1]->name, w.live->topics[i]->name) < 0);
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(w.live->topics[i]->ring.next_seq, 1);
    world_end(&w);
}

static void without_clients_nothing_is_opened_in_kafka(void)
{
    struct live_conf conf = world_conf();

    world_begin(&w, &conf);
    world_add(&w, "orders", 1);
    world_write(&w, "orders", 0, 0);
    world_feed_all(&w);
    CU_ASSERT_EQUAL(w.opened, 0);
    world_end(&w);
    live_close(NULL); /* is fine */
}

KL_TESTS("live",
         T(clients_cut_anywhere_see_each_message_once_through_tiny_rings),
         T(clients_cut_anywhere_see_each_message_once_through_large_rings),
         T(no_wake_is_lost),
         T(every_life_of_a_topic_is_read_from_its_start),
         T(internal_topics_are_not_kept),
         T(topics_are_found_in_any_order_of_appearance),
         T(without_clients_nothing_is_opened_in_kafka))
