/* idempotency.c - see idempotency.h. Entries stand in a hash by id; those with an outcome also in a list, oldest first,
 * from which the window's bounds take them. */
#include "idempotency.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define XXH_STATIC_LINKING_ONLY /* a state on the stack */
#include <xxhash.h>

#include "clock.h"
#include "stats.h"

struct waiter {
    struct waiter  *next;
    outbox_done_fn *done;
    void           *ctx;
};

struct idempotency_entry {
    struct idempotency              *window;
    struct idempotency_entry        *chain;   /* the next one of the bucket */
    TAILQ_ENTRY(idempotency_entry)   link;    /* in `settled` */
    struct waiter                    first;   /* done NULL: it has been told */
    struct waiter                   *waiters; /* the others, latest first */
    XXH128_hash_t                    content;
    int64_t                          settled_us; /* 0: on its way */
    struct outcome                   outcome; /* holds the id */
};

struct idempotency {
    int64_t                    records_max, age_us;
    uint64_t                   seed;
    size_t                     buckets;  /* a power of two */
    pthread_mutex_t            lock;     /* guards what follows */
    struct idempotency_entry **bucket;
    TAILQ_HEAD(, idempotency_entry) settled;
    _Atomic int64_t            count;    /* written under the lock */
};

struct idempotency *idempotency_new(int64_t records, int64_t age_ms)
{
    struct idempotency *window = calloc(1, sizeof *window);

    if (!window)
        return NULL;
    window->records_max = records;
    window->age_us = age_ms * 1000;
    window->seed = kl_random64();
    for (window->buckets = 16; window->buckets < (size_t)records;)
        window->buckets *= 2;
    window->bucket = calloc(window->buckets, sizeof *window->bucket);
    if (!window->bucket) {
        free(window);
        return NULL;
    }
    pthread_mutex_init(&window->lock, NULL);
    TAILQ_INIT(&window->settled);
    return window;
}

/* ---- under the lock ---- */

static struct idempotency_entry **bucket_of(struct idempotency *window, const struct kl_uuid *id)
{
    return &window->bucket[XXH3_64bits_withSeed(id->b, sizeof id->b, window->seed) & (window->buckets - 1)];
}

static struct idempotency_entry *find(struct idempotency *window, const struct kl_uuid *id)
{
    struct idempotency_entry *e = *bucket_of(window, id);

    while (e && !kl_uuid_equal(&e->outcome.id, id))
        e = e->chain;
    return e;
}

/* Out of the hash, and of the list of the settled. */
static void take_out(struct idempotency *window, struct idempotency_entry *e)
{
    struct idempotency_entry **at = bucket_of(window, &e->outcome.id);

    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    if (e->settled_us)
        TAILQ_REMOVE(&window->settled, e, link);
    window->count--;
}

/* The oldest settled entry goes, when it was settled before this; false: there is none. */
static bool drop_oldest(struct idempotency *window, int64_t settled_before_us)
{
    struct idempotency_entry *e = TAILQ_FIRST(&window->settled);

    if (!e || e->settled_us >= settled_before_us)
        return false;
    take_out(window, e);
    free(e);
    return true;
}

static enum idempotency_claim claim_first(struct idempotency *window, const struct record *r, XXH128_hash_t content,
                                          outbox_done_fn *done, void *ctx, struct idempotency_entry **entry, struct kl_error *err)
{
    struct idempotency_entry *e, **bucket = bucket_of(window, &r->id);

    if (window->count >= window->records_max && !drop_oldest(window, INT64_MAX)) {
        kl_fail_limit(err, KL_BUSY, "", window->records_max, "all %lld ids of the window are on their way", (long long)window->records_max);
        return IDEMPOTENCY_REFUSED;
    }
    e = calloc(1, sizeof *e);
    if (!e) {
        kl_fail(err, KL_BUSY, "no memory for an id");
        return IDEMPOTENCY_REFUSED;
    }
    e->window = window;
    e->content = content;
    e->outcome.id = r->id;
    e->first = (struct waiter){ .done = done, .ctx = ctx };
    e->chain = *bucket;
    *bucket = e;
    window->count++;
    *entry = e;
    return IDEMPOTENCY_FIRST;
}

static enum idempotency_claim claim_again(struct idempotency_entry *e, outbox_done_fn *done, void *ctx, struct outcome *known,
                                          struct kl_error *err)
{
    struct waiter *w;

    if (e->settled_us) {
        *known = e->outcome;
        known->repeated = true;
        return IDEMPOTENCY_KNOWN;
    }
    w = malloc(sizeof *w);
    if (!w) {
        kl_fail(err, KL_BUSY, "no memory to wait with");
        return IDEMPOTENCY_REFUSED;
    }
    *w = (struct waiter){ .next = e->waiters, .done = done, .ctx = ctx };
    e->waiters = w;
    return IDEMPOTENCY_WAITING;
}

/* ---- the content ---- */

static void hash_field(XXH3_state_t *state, const void *data, size_t len)
{
    const uint64_t n = data ? len + 1 : 0; /* absent is not empty */

    XXH3_128bits_update(state, &n, sizeof n);
    if (len > 0)
        XXH3_128bits_update(state, data, len);
}

static XXH128_hash_t content_of(const struct idempotency *window, const struct record *r)
{
    XXH3_state_t state;

    XXH3_128bits_reset_withSeed(&state, window->seed);
    hash_field(&state, r->topic->name, strlen(r->topic->name));
    hash_field(&state, r->key, r->key_len);
    hash_field(&state, r->value, r->value_len);
    for (size_t i = 0; i < r->n_headers; i++) {
        hash_field(&state, r->headers[i].name, r->headers[i].name_len);
        hash_field(&state, r->headers[i].value, r->headers[i].value_len);
    }
    return XXH3_128bits_digest(&state);
}

/* ---- */

enum idempotency_claim idempotency_claim(struct idempotency *window, const struct record *record, outbox_done_fn *done, void *ctx,
                                         struct idempotency_entry **entry, struct outcome *known, struct kl_error *err)
{
    XXH128_hash_t content = content_of(window, record);
    enum idempotency_claim claim;
    struct idempotency_entry *e;

    pthread_mutex_lock(&window->lock);
    while (drop_oldest(window, kl_mono_us() - window->age_us))
        ;
    e = find(window, &record->id);
    if (!e) {
        claim = claim_first(window, record, content, done, ctx, entry, err);
    } else if (!XXH128_isEqual(e->content, content)) {
        kl_fail_field(err, KL_CONFLICT, "id", "the id was used before, with another topic, key, value or headers");
        claim = IDEMPOTENCY_REFUSED;
    } else {
        claim = claim_again(e, done, ctx, known, err);
    }
    pthread_mutex_unlock(&window->lock);
    if (claim == IDEMPOTENCY_KNOWN || claim == IDEMPOTENCY_WAITING)
        stats_add(STATS_REPEATED, 1);
    return claim;
}

static void tell_waiters(struct waiter *waiters, const struct outcome *o)
{
    struct outcome again = *o;

    again.repeated = true;
    while (waiters) {
        struct waiter *next = waiters->next;

        waiters->done(waiters->ctx, &again);
        free(waiters);
        waiters = next;
    }
}

/* Ends an entry's being on its way. tell_first false: only those that wait are told. */
static void settle(struct idempotency_entry *e, const struct outcome *o, bool tell_first)
{
    struct idempotency *window = e->window;
    struct waiter first = e->first, *waiters;
    bool keep = o->state != KL_FAILED_NO;

    pthread_mutex_lock(&window->lock);
    waiters = e->waiters;
    e->waiters = NULL;
    if (keep) {
        e->outcome = *o;
        e->settled_us = kl_mono_us();
        TAILQ_INSERT_TAIL(&window->settled, e, link);
    } else {
        take_out(window, e);
    }
    pthread_mutex_unlock(&window->lock);
    if (!keep)
        free(e);
    if (tell_first)
        first.done(first.ctx, o);
    tell_waiters(waiters, o);
}

void idempotency_settle(void *entry, const struct outcome *o)
{
    settle(entry, o, true);
}

void idempotency_withdraw(struct idempotency_entry *e)
{
    const struct outcome o = { .id = e->outcome.id, .offset = -1, .state = KL_FAILED_NO, .error = RD_KAFKA_RESP_ERR__QUEUE_FULL };

    settle(e, &o, false);
}

int64_t idempotency_count(const struct idempotency *window)
{
    return atomic_load_explicit(&window->count, memory_order_relaxed);
}

void idempotency_free(struct idempotency *window)
{
    if (!window)
        return;
    while (drop_oldest(window, INT64_MAX))
        ;
    kl_assert(window->count == 0);
    pthread_mutex_destroy(&window->lock);
    free(window->bucket);
    free(window);
}
