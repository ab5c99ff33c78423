/* topics.c - the cache of topics and the thread behind it.
 *
 * The table is only ever added to, by the one thread, so that readers need no lock: a slot is empty or holds a topic that
 * lives to the end. Looking for a topic costs one hash and, mostly, one comparison. */
#include "topics.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "clock.h"
#include "cluster.h"
#include "log.h"
#include "uuid.h"

#define TOPICS_MAX        10000 /* ever produced to by one process; Kafka's clusters rarely have as many */
#define SLOTS             32768 /* at most a third full, so that probes are short */
#define ASKS_MAX          1024  /* waiting at once; each is a request that holds a connection */
#define NO_SLOTS          256   /* remembered refusals; a colliding one is forgotten early, which costs one more look */
#define NO_MS             1000  /* how long a refusal is remembered */
#define LIST_TIMEOUT_MS   2000
#define CREATE_TIMEOUT_MS 3000
#define GAP_MS            20    /* between two looks at the list, however many ask */
#define RETRY_MS          200   /* looking again after the cluster did not answer */
#define DESCRIBES         16    /* topics a refresh asks max.message.bytes of: with fewer than 192 each is asked every minute */

struct refusal {
    uint64_t        hash;
    int64_t         until_us;
    struct kl_error why;
};

struct topics {
    struct topics_conf       conf;
    rd_kafka_t              *kafka;
    uint64_t                 seed;
    struct topic *_Atomic    slot[SLOTS];
    _Atomic size_t           count;
    size_t                   describe_at; /* the thread's: the slot whose topic is described next */
    struct retired          *retired;     /* the thread's: outgrown arrays, which a reader may still look at */
    pthread_t                thread;
    pthread_mutex_t          lock;        /* guards what follows */
    pthread_cond_t           work;
    bool                     stop, doubt;
    struct topics_waiter    *asks;
    size_t                   asks_n;
    int64_t                  refresh_us;  /* when the list is read next without anybody asking */
    int64_t                  not_before_us;
    struct refusal           no[NO_SLOTS];
};

struct retired {
    struct retired *next;
    struct partition **partitions;
};

static uint64_t hash_of(const struct topics *ts, const char *name)
{
    return XXH3_64bits_withSeed(name, strlen(name), ts->seed);
}

/* The slot that holds the topic, or the empty one where it would stand. The table is never full. */
static struct topic *_Atomic *slot_of(struct topics *ts, const char *name)
{
    size_t i = hash_of(ts, name) % SLOTS;

    for (;; i = (i + 1) % SLOTS) {
        struct topic *t = atomic_load_explicit(&ts->slot[i], memory_order_acquire);

        if (!t || !strcmp(t->name, name))
            return &ts->slot[i];
    }
}

struct topic *topics_find(struct topics *ts, const char *name)
{
    struct topic *t = atomic_load_explicit(slot_of(ts, name), memory_order_acquire);

    return t && atomic_load_explicit(&t->partitions, memory_order_acquire) > 0 ? t : NULL;
}

/* ---- what the thread learns ---- */

static struct partition *partition_new(struct topic *t, int32_t index)
{
    struct partition *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->topic = t;
    p->index = index;
    p->run.first = 1;
    pthread_mutex_init(&p->lane.lock, NULL);
    TAILQ_INIT(&p->lane.handed);
    TAILQ_INIT(&p->lane.pending);
    return p;
}

static void partition_free(struct partition *p)
{
    kl_assert(TAILQ_EMPTY(&p->lane.handed) && TAILQ_EMPTY(&p->lane.pending));
    pthread_mutex_destroy(&p->lane.lock);
    free(p);
}

/* How many partitions the topic has had at most: those exist. */
static int32_t partitions_made(const struct topic *t)
{
    struct partition **array = atomic_load_explicit(&t->partition, memory_order_relaxed);
    int32_t n = 0;

    while (array && array[n])
        n++;
    return n;
}

/* Makes room for n partitions: a new array of them, ended by NULL. A reader may still hold the old one. */
static bool grow(struct topics *ts, struct topic *t, int32_t n)
{
    int32_t made = partitions_made(t);
    struct partition **old = atomic_load_explicit(&t->partition, memory_order_relaxed);
    struct partition **array;
    struct retired *retired;

    if (n <= made)
        return true;
    array = calloc((size_t)n + 1, sizeof *array);
    retired = malloc(sizeof *retired);
    for (int32_t i = 0; array && i < n; i++) {
        array[i] = i < made ? old[i] : partition_new(t, i);
        if (!array[i])
            break;
    }
    if (!array || !retired || !array[n - 1]) {
        for (int32_t i = made; array && array[i]; i++)
            partition_free(array[i]);
        free(array);
        free(retired);
        return false;
    }
    *retired = (struct retired){ .next = ts->retired, .partitions = old };
    ts->retired = retired;
    atomic_store_explicit(&t->partition, array, memory_order_release);
    return true;
}

static void set_partitions(struct topics *ts, struct topic *t, int32_t n)
{
    int32_t before = atomic_load_explicit(&t->partitions, memory_order_relaxed);

    if (n == before)
        return;
    if (!grow(ts, t, n)) {
        kl_warn("no memory for more partitions, the topic stays as it was", KL_S("topic", t->name), KL_I("partitions", n));
        return;
    }
    atomic_store_explicit(&t->partitions, n, memory_order_release);
    if (before > 0)
        kl_info(n > 0 ? "topic has other partitions" : "topic is gone", KL_S("topic", t->name), KL_I("partitions", n));
}

/* The topic of this name, made when it is new. NULL: TOPICS_MAX, or no memory. */
static struct topic *learn(struct topics *ts, const struct rd_kafka_metadata_topic *listed)
{
    struct topic *_Atomic *slot = slot_of(ts, listed->topic);
    struct topic *t = atomic_load_explicit(slot, memory_order_relaxed);

    if (!t) {
        if (atomic_load(&ts->count) >= TOPICS_MAX)
            return NULL;
        t = calloc(1, sizeof *t);
        if (!t)
            return NULL;
        strncpy(t->name, listed->topic, sizeof t->name - 1);
        t->handle = rd_kafka_topic_new(ts->kafka, t->name, NULL);
        kl_assert(t->handle);
        atomic_store(&t->max_bytes, cluster_max_bytes(ts->kafka, t->name, (int)ts->conf.limits_ms));
        atomic_store_explicit(slot, t, memory_order_release);
        atomic_fetch_add(&ts->count, 1);
    }
    set_partitions(ts, t, listed->partition_cnt);
    return atomic_load(&t->partitions) > 0 ? t : NULL;
}

static void update_known(struct topics *ts, const struct rd_kafka_metadata *list)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (ts->slot[i])
            ts->slot[i]->seen = false;
    for (int i = 0; i < list->topic_cnt; i++) {
        struct topic *t = *slot_of(ts, list->topics[i].topic);

        if (!t || list->topics[i].partition_cnt == 0)
            continue;
        t->seen = true;
        set_partitions(ts, t, list->topics[i].partition_cnt);
    }
    for (size_t i = 0; i < SLOTS; i++)
        if (ts->slot[i] && !ts->slot[i]->seen)
            set_partitions(ts, ts->slot[i], 0);
}

static void describe_some(struct topics *ts)
{
    size_t described = 0;

    for (size_t looked = 0; looked < SLOTS && described < DESCRIBES; looked++) {
        struct topic *t = ts->slot[ts->describe_at];

        ts->describe_at = (ts->describe_at + 1) % SLOTS;
        if (!t || atomic_load(&t->partitions) == 0)
            continue;
        atomic_store(&t->max_bytes, cluster_max_bytes(ts->kafka, t->name, (int)ts->conf.limits_ms));
        described++;
    }
}

/* ---- who asks ---- */

static void remember_no(struct topics *ts, const char *name, const struct kl_error *why)
{
    uint64_t hash = hash_of(ts, name);

    pthread_mutex_lock(&ts->lock);
    ts->no[hash % NO_SLOTS] = (struct refusal){ hash, kl_mono_us() + NO_MS * 1000, *why };
    pthread_mutex_unlock(&ts->lock);
}

/* Holds the lock. */
static const struct refusal *remembered_no(struct topics *ts, const char *name)
{
    uint64_t hash = hash_of(ts, name);
    const struct refusal *no = &ts->no[hash % NO_SLOTS];

    return no->hash == hash && kl_mono_us() < no->until_us ? no : NULL;
}

static void refuse(struct topics *ts, struct topics_waiter *w, const struct kl_error *why, bool remember)
{
    if (remember)
        remember_no(ts, w->name, why);
    w->found(w, NULL, why);
}

static const struct rd_kafka_metadata_topic *listed(const struct rd_kafka_metadata *list, const char *name)
{
    for (int i = 0; i < list->topic_cnt; i++)
        if (list->topics[i].partition_cnt > 0 && !strcmp(list->topics[i].topic, name))
            return &list->topics[i];
    return NULL;
}

static bool has_leaders(const struct rd_kafka_metadata_topic *t)
{
    for (int i = 0; i < t->partition_cnt; i++)
        if (t->partitions[i].leader < 0)
            return false;
    return true;
}

static bool too_late(const struct topics_waiter *w, struct kl_error *err)
{
    if (kl_mono_us() < w->due_us)
        return false;
    if (w->created)
        kl_fail_field(err, KL_TIMEOUT, "topic", "the topic was created and is not to be seen yet");
    else
        kl_fail_field(err, KL_TIMEOUT, "topic", "the cluster did not say in time whether there is such a topic");
    err->persisted = "no";
    return true;
}

static void answer_found(struct topics *ts, struct topics_waiter *w, const struct rd_kafka_metadata_topic *in)
{
    struct topic *t = learn(ts, in);
    struct kl_error err;

    if (t) {
        w->found(w, t, NULL);
        return;
    }
    kl_fail_limit(&err, KL_BUSY, "topic", TOPICS_MAX, "too many topics were produced to by this process");
    refuse(ts, w, &err, true);
}

/* Was the name refused since w asked? Then so is w. */
static bool refused_lately(struct topics *ts, struct topics_waiter *w)
{
    const struct refusal *no;
    struct kl_error why;

    pthread_mutex_lock(&ts->lock);
    no = remembered_no(ts, w->name);
    if (no)
        why = no->why;
    pthread_mutex_unlock(&ts->lock);
    if (no)
        refuse(ts, w, &why, false);
    return no != NULL;
}

/* true: w waits for its topic to be seen. A creation that fails may take seconds, so all who ask for a name share one. */
static bool create_for(struct topics *ts, struct topics_waiter *w, const struct topics_plan *plan)
{
    struct kl_error err;

    if (refused_lately(ts, w))
        return false;
    if (cluster_create(ts->kafka, w->name, plan, CREATE_TIMEOUT_MS, &err)) {
        refuse(ts, w, &err, true);
        return false;
    }
    kl_info("topic created", KL_S("topic", w->name), KL_I("partitions", plan->partitions));
    w->created = true;
    return true;
}

/* true: w waits on. */
static bool serve_ask(struct topics *ts, struct topics_waiter *w, const struct rd_kafka_metadata *list)
{
    const struct rd_kafka_metadata_topic *in = listed(list, w->name);
    const struct topics_plan *plan = w->plan ? w->plan : ts->conf.create ? &ts->conf.plan : NULL;
    struct kl_error err;

    if (in && (!w->created || has_leaders(in))) {
        answer_found(ts, w, in);
        return false;
    }
    if (!in && !plan) {
        kl_fail_field(&err, KL_NOT_FOUND, "topic", "there is no topic \"%s\"", w->name);
        refuse(ts, w, &err, true);
        return false;
    }
    if (too_late(w, &err)) {
        refuse(ts, w, &err, false);
        return false;
    }
    return w->created || create_for(ts, w, plan);
}

/* The cluster does not answer: whoever has waited long enough is told. Returns those that wait on. */
static struct topics_waiter *serve_outage(struct topics *ts, struct topics_waiter *asks)
{
    struct topics_waiter *on = NULL;

    while (asks) {
        struct topics_waiter *w = asks;
        struct kl_error err;

        asks = w->next;
        if (too_late(w, &err)) {
            refuse(ts, w, &err, false);
            continue;
        }
        w->next = on;
        on = w;
    }
    return on;
}

static struct topics_waiter *serve_asks(struct topics *ts, struct topics_waiter *asks, const struct rd_kafka_metadata *list)
{
    struct topics_waiter *on = NULL;

    while (asks) {
        struct topics_waiter *w = asks;

        asks = w->next; /* before it is answered: then it is no longer ours */
        if (serve_ask(ts, w, list)) {
            w->next = on;
            on = w;
        }
    }
    return on;
}

/* ---- the thread ---- */

static void put_back(struct topics *ts, struct topics_waiter *on)
{
    while (on) {
        struct topics_waiter *next = on->next;

        on->next = ts->asks;
        ts->asks = on;
        ts->asks_n++;
        on = next;
    }
}

/* Waits until the list is to be read; holds the lock. */
static void wait_for_work(struct topics *ts)
{
    for (;;) {
        int64_t now_us = kl_mono_us();
        int64_t due_us = ts->asks || ts->doubt ? ts->not_before_us : ts->refresh_us;
        struct timespec until = { .tv_sec = due_us / 1000000, .tv_nsec = due_us % 1000000 * 1000 };

        if (ts->stop || now_us >= due_us)
            return;
        pthread_cond_timedwait(&ts->work, &ts->lock, &until);
    }
}

/* One look at the cluster, without the lock. Returns the asks that wait on; *ok: the cluster answered. */
static struct topics_waiter *look(struct topics *ts, struct topics_waiter *asks, bool refresh, bool *ok)
{
    const struct rd_kafka_metadata *list;
    struct kl_error err;

    *ok = cluster_list(ts->kafka, &list, LIST_TIMEOUT_MS, &err) == KL_OK;
    if (!*ok) {
        kl_debug("the cluster's topics cannot be listed", KL_S("why", err.text));
        return serve_outage(ts, asks);
    }
    kl_producer_heard(ts->conf.producer);
    update_known(ts, list);
    asks = serve_asks(ts, asks, list);
    rd_kafka_metadata_destroy(list);
    if (refresh)
        describe_some(ts);
    return asks;
}

static void *run(void *arg)
{
    struct topics *ts = arg;

    pthread_setname_np(pthread_self(), "topics");
    pthread_mutex_lock(&ts->lock);
    while (!ts->stop) {
        struct topics_waiter *asks;
        bool refresh, ok;

        wait_for_work(ts);
        asks = ts->asks;
        ts->asks = NULL;
        ts->asks_n = 0;
        ts->doubt = false;
        refresh = kl_mono_us() >= ts->refresh_us;
        pthread_mutex_unlock(&ts->lock);
        asks = look(ts, asks, refresh, &ok);
        pthread_mutex_lock(&ts->lock);
        put_back(ts, asks);
        ts->not_before_us = kl_mono_us() + (ok ? GAP_MS : RETRY_MS) * 1000;
        if (refresh)
            ts->refresh_us = kl_mono_us() + (ok ? ts->conf.refresh_ms : RETRY_MS) * 1000;
    }
    pthread_mutex_unlock(&ts->lock);
    return NULL;
}

enum kl_code topics_start(struct topics **out, const struct topics_conf *conf, struct kl_error *err)
{
    struct topics *ts = calloc(1, sizeof *ts);
    pthread_condattr_t attr;

    if (!ts)
        return kl_fail(err, KL_BROKEN, "no memory for the topics");
    ts->conf = *conf;
    ts->kafka = kl_producer_handle(conf->producer);
    ts->seed = kl_random64();
    pthread_mutex_init(&ts->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&ts->work, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&ts->thread, NULL, run, ts)) {
        pthread_cond_destroy(&ts->work);
        pthread_mutex_destroy(&ts->lock);
        free(ts);
        return kl_fail(err, KL_BROKEN, "no thread for the topics");
    }
    *out = ts;
    return KL_OK;
}

void topics_stop(struct topics *ts)
{
    struct kl_error err;

    pthread_mutex_lock(&ts->lock);
    ts->stop = true;
    pthread_cond_signal(&ts->work);
    pthread_mutex_unlock(&ts->lock);
    pthread_join(ts->thread, NULL);
    kl_fail(&err, KL_BUSY, "the service is stopping");
    err.persisted = "no";
    for (struct topics_waiter *w = ts->asks, *next; w; w = next) {
        next = w->next;
        w->found(w, NULL, &err);
    }
    ts->asks = NULL;
    ts->asks_n = 0;
}

static void topic_free(struct topic *t)
{
    struct partition **array = atomic_load(&t->partition);

    for (size_t i = 0; array && array[i]; i++)
        partition_free(array[i]);
    free(array);
    rd_kafka_topic_destroy(t->handle);
    free(t);
}

void topics_free(struct topics *ts)
{
    if (!ts)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        if (ts->slot[i])
            topic_free(ts->slot[i]);
    while (ts->retired) {
        struct retired *next = ts->retired->next;

        free(ts->retired->partitions);
        free(ts->retired);
        ts->retired = next;
    }
    pthread_cond_destroy(&ts->work);
    pthread_mutex_destroy(&ts->lock);
    free(ts);
}

enum kl_code topics_ask(struct topics *ts, struct topics_waiter *w, struct kl_error *err)
{
    const struct refusal *no;
    enum kl_code code = KL_OK;

    pthread_mutex_lock(&ts->lock);
    no = remembered_no(ts, w->name);
    if (no) {
        *err = no->why;
        code = err->code;
    } else if (ts->stop) {
        code = kl_fail(err, KL_BUSY, "the service is stopping");
    } else if (ts->asks_n >= ASKS_MAX) {
        code = kl_fail_limit(err, KL_BUSY, "topic", ASKS_MAX, "too many requests wait for topics that are not known yet");
    } else {
        w->due_us = kl_mono_us() + ts->conf.wait_ms * 1000;
        w->created = false;
        w->next = ts->asks;
        ts->asks = w;
        ts->asks_n++;
        pthread_cond_signal(&ts->work);
    }
    pthread_mutex_unlock(&ts->lock);
    return code;
}

void topics_doubt(struct topics *ts)
{
    pthread_mutex_lock(&ts->lock);
    ts->doubt = true;
    pthread_cond_signal(&ts->work);
    pthread_mutex_unlock(&ts->lock);
}

void topics_each(struct topics *ts, void (*each)(void *ctx, struct partition *p), void *ctx)
{
    for (size_t i = 0; i < SLOTS; i++) {
        struct topic *t = atomic_load_explicit(&ts->slot[i], memory_order_acquire);
        struct partition **array = t ? atomic_load_explicit(&t->partition, memory_order_acquire) : NULL;

        for (; array && *array; array++)
            each(ctx, *array);
    }
}

size_t topics_count(const struct topics *ts)
{
    return atomic_load_explicit(&ts->count, memory_order_relaxed);
}
