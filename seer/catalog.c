/* catalog.c - see catalog.h: an array of ranges in the order of their numbers, so that a passage's document is found by
 * halving. What is removed leaves a gap that is closed when half of the array is gaps; so removing is as cheap as adding. */
#include "catalog.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_FIRST 256
#define TOPICS_FIRST  16
#define GAPS_MIN      256 /* fewer are not worth moving the rest */
#define GAP           (-1) /* the count of an entry that was removed */

struct catalog {
    pthread_rwlock_t lock;           /* guards what follows */
    struct catalog_entry *entries;   /* in the order of documents too: both numbers only grow */
    size_t n, room, gaps;
    char (*topics)[KL_TOPIC_BYTES];
    size_t n_topics, topics_room;
    struct catalog_totals totals;
};

enum kl_code catalog_new(struct catalog **out, struct kl_error *err)
{
    pthread_rwlockattr_t attr;
    struct catalog *c = calloc(1, sizeof *c);

    if (!c)
        return kl_fail(err, KL_BUSY, "no memory for the catalog");
    /* Or searches, which ask for every candidate, would never let a writer in. */
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&c->lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    *out = c;
    return KL_OK;
}

void catalog_free(struct catalog *c)
{
    if (!c)
        return;
    pthread_rwlock_destroy(&c->lock);
    free(c->entries);
    free(c->topics);
    free(c);
}

/* ---- names ---- */

static int32_t topic_find(const struct catalog *c, const char *topic)
{
    for (size_t i = 0; i < c->n_topics; i++)
        if (!strcmp(c->topics[i], topic))
            return (int32_t)i;
    return CATALOG_NO_TOPIC;
}

static int32_t topic_make(struct catalog *c, const char *topic)
{
    if (c->n_topics == c->topics_room) {
        size_t room = c->topics_room ? c->topics_room * 2 : TOPICS_FIRST;
        char (*more)[KL_TOPIC_BYTES] = calloc(room, sizeof *more);

        if (!more)
            return CATALOG_NO_TOPIC;
        if (c->n_topics)
            memcpy(more, c->topics, c->n_topics * sizeof *more);
        free(c->topics);
        c->topics = more;
        c->topics_room = room;
    }
    snprintf(c->topics[c->n_topics], sizeof *c->topics, "%s", topic);
    return (int32_t)c->n_topics++;
}

int32_t catalog_topic(struct catalog *c, const char *topic)
{
    int32_t number;

    pthread_rwlock_wrlock(&c->lock);
    number = topic_find(c, topic);
    if (number == CATALOG_NO_TOPIC)
        number = topic_make(c, topic);
    pthread_rwlock_unlock(&c->lock);
    return number;
}

/* FNV-1a. A chance match would only let a wrong document through a filter, once in 10^19 pairs. */
uint64_t catalog_source(const char *source)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *source; source++)
        hash = (hash ^ (unsigned char)*source) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}

/* ---- entries ---- */

static bool entries_grow(struct catalog *c)
{
    size_t room = c->room ? c->room * 2 : ENTRIES_FIRST;
    struct catalog_entry *more;

    if (c->n < c->room)
        return true;
    more = calloc(room, sizeof *more);
    if (!more)
        return false;
    if (c->n)
        memcpy(more, c->entries, c->n * sizeof *more);
    free(c->entries);
    c->entries = more;
    c->room = room;
    return true;
}

static void count(struct catalog *c, const struct catalog_entry *e, int64_t sign)
{
    c->totals.documents += sign;
    c->totals.passages += sign * e->count;
    if (e->message) {
        c->totals.messages += sign;
        c->totals.message_passages += sign * e->count;
    }
}

static void visible_set(struct catalog *c, struct catalog_entry *e, bool visible)
{
    if (e->visible == visible)
        return;
    e->visible = visible;
    count(c, e, visible ? 1 : -1);
}

enum kl_code catalog_add(struct catalog *c, const struct catalog_entry *e, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    pthread_rwlock_wrlock(&c->lock);
    if (entries_grow(c)) {
        if (c->n) {
            const struct catalog_entry *last = &c->entries[c->n - 1];

            kl_assert(e->first >= last->first + (last->count > 0 ? last->count : 0));
            kl_assert(e->document > last->document);
        }
        c->entries[c->n++] = *e;
        if (e->visible)
            count(c, e, 1);
    } else {
        code = kl_fail(err, KL_BUSY, "no memory for one more document");
    }
    pthread_rwlock_unlock(&c->lock);
    return code;
}

/* The entry of a document, or NULL. */
static struct catalog_entry *entry_of(struct catalog *c, int64_t document)
{
    size_t low = 0, high = c->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->entries[middle].document < document)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n && c->entries[low].document == document && c->entries[low].count != GAP ? &c->entries[low] : NULL;
}

/* The entry that holds a passage, or NULL. Entries without passages begin where the next one does, and stand before it. */
static const struct catalog_entry *entry_at(const struct catalog *c, int64_t passage)
{
    size_t low = 0, high = c->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->entries[middle].first <= passage)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || passage - c->entries[low - 1].first >= c->entries[low - 1].count)
        return NULL;
    return &c->entries[low - 1];
}

void catalog_show(struct catalog *c, int64_t shown, int64_t hidden)
{
    struct catalog_entry *e;

    pthread_rwlock_wrlock(&c->lock);
    e = shown ? entry_of(c, shown) : NULL;
    if (e)
        visible_set(c, e, true);
    e = hidden ? entry_of(c, hidden) : NULL;
    if (e)
        visible_set(c, e, false);
    pthread_rwlock_unlock(&c->lock);
}

static void gaps_close(struct catalog *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->n; i++)
        if (c->entries[i].count != GAP)
            c->entries[kept++] = c->entries[i];
    c->n = kept;
    c->gaps = 0;
}

void catalog_remove(struct catalog *c, int64_t document)
{
    struct catalog_entry *e;

    pthread_rwlock_wrlock(&c->lock);
    e = entry_of(c, document);
    if (e) {
        visible_set(c, e, false);
        e->count = GAP;
        c->gaps++;
    }
    if (c->gaps > GAPS_MIN && c->gaps > c->n / 2)
        gaps_close(c);
    pthread_rwlock_unlock(&c->lock);
}

/* ---- asking ---- */

enum kl_code catalog_filter(struct catalog *c, const char *topic, const char *source, int64_t since_ms, struct catalog_filter *out,
                            struct kl_error *err)
{
    *out = (struct catalog_filter){ c, CATALOG_NO_TOPIC, source ? catalog_source(source) : 0, since_ms };
    if (!topic)
        return KL_OK;
    pthread_rwlock_rdlock(&c->lock);
    out->topic = topic_find(c, topic);
    pthread_rwlock_unlock(&c->lock);
    if (out->topic == CATALOG_NO_TOPIC)
        return kl_fail_field(err, KL_NOT_FOUND, "topic", "nothing has been learnt from a topic \"%s\"", topic);
    return KL_OK;
}

static bool wanted(const struct catalog_filter *f, const struct catalog_entry *e)
{
    return e->visible && (f->topic == CATALOG_NO_TOPIC || e->topic == f->topic) && (!f->source || e->source == f->source)
        && e->time_ms >= f->since_ms;
}

bool catalog_keep(void *ctx, int64_t passage)
{
    const struct catalog_filter *f = ctx;
    const struct catalog_entry *e;
    bool keep;

    pthread_rwlock_rdlock(&f->catalog->lock);
    e = entry_at(f->catalog, passage);
    keep = e && wanted(f, e);
    pthread_rwlock_unlock(&f->catalog->lock);
    return keep;
}

bool catalog_find(struct catalog *c, int64_t passage, struct catalog_entry *out)
{
    const struct catalog_entry *e;
    bool found;

    pthread_rwlock_rdlock(&c->lock);
    e = entry_at(c, passage);
    found = e && e->visible;
    if (found)
        *out = *e;
    pthread_rwlock_unlock(&c->lock);
    return found;
}

struct catalog_totals catalog_totals(struct catalog *c)
{
    struct catalog_totals totals;

    pthread_rwlock_rdlock(&c->lock);
    totals = c->totals;
    pthread_rwlock_unlock(&c->lock);
    return totals;
}
