/* store.c - see store.h: which kind of store it is, and what a batch changes in memory. That changes only after the commit,
 * so a batch that failed can come again. */
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"

#define NEWS_FIRST     64
#define HIST_BYTES_MAX (KL_HIST_BUCKETS * 16)

enum kl_code store_open(struct store **out, const struct store_conf *conf, struct kl_error *err)
{
    const struct store_ops *ops = kl_pg_is_url(conf->where) ? &store_pg_ops : &store_sqlite_ops;

    return ops->open(out, conf, err);
}

void store_close(struct store *s)
{
    if (s)
        s->ops->close(s);
}

struct kl_feed_store store_feed(struct store *s)
{
    struct kl_feed_store feed = s->ops->feed;

    feed.ctx = s;
    return feed;
}

struct totals *store_totals(struct store *s)
{
    return s->totals;
}

struct keys *store_keys(struct store *s)
{
    return s->keys;
}

struct store_counts store_counts(struct store *s)
{
    return (struct store_counts){ s->counts.receipts, s->counts.batches, s->counts.duplicates, s->counts.failures,
                                  s->counts.blocks, s->counts.blocks_bad, s->counts.removed };
}

/* ---- the base ---- */

enum kl_code store_init(struct store *s, const struct store_ops *ops, const struct store_conf *conf, struct kl_error *err)
{
    s->ops = ops;
    s->conf = *conf;
    kl_buf_init(&s->encoded, HIST_BYTES_MAX);
    s->headers = calloc(conf->batch_max, sizeof *s->headers);
    s->news = calloc(NEWS_FIRST, sizeof *s->news);
    s->news_room = NEWS_FIRST;
    if (!s->headers || !s->news)
        return kl_fail(err, KL_BUSY, "no memory for the store");
    return totals_new(&s->totals, err);
}

void store_fini(struct store *s)
{
    for (size_t i = 0; i < s->n_incarnations; i++) {
        free(s->incarnations[i]->doubts);
        free(s->incarnations[i]);
    }
    free(s->incarnations);
    totals_free(s->totals);
    kl_buf_fini(&s->encoded);
    free(s->news);
    free(s->headers);
}

/* ---- incarnations ---- */

static struct store_incarnation *incarnation_find(const struct store *s, int64_t id)
{
    for (size_t i = 0; i < s->n_incarnations; i++)
        if (s->incarnations[i]->id == id)
            return s->incarnations[i];
    return NULL;
}

struct store_incarnation *store_incarnation(struct store *s, int64_t id)
{
    if (!s->last || s->last->id != id)
        s->last = incarnation_find(s, id);
    kl_assert(s->last != NULL); /* topic() has introduced it */
    return s->last;
}

static bool incarnations_grow(struct store *s)
{
    size_t room = s->incarnations_room ? s->incarnations_room * 2 : 16;
    struct store_incarnation **more;

    if (s->n_incarnations < s->incarnations_room)
        return true;
    more = calloc(room, sizeof *more);
    if (!more)
        return false;
    for (size_t i = 0; i < s->n_incarnations; i++)
        more[i] = s->incarnations[i];
    free(s->incarnations);
    s->incarnations = more;
    s->incarnations_room = room;
    return true;
}

/* Doubts are taken on success. */
static enum kl_code incarnation_add(struct store *s, int64_t id, const char *topic, struct store_doubt *doubts, size_t n_doubts,
                                    struct kl_error *err)
{
    struct store_incarnation *inc = incarnations_grow(s) ? calloc(1, sizeof *inc) : NULL;

    if (!inc)
        return kl_fail(err, KL_BUSY, "no memory for one more topic");
    inc->id = id;
    snprintf(inc->topic, sizeof inc->topic, "%s", topic);
    if (strcmp(topic, KL_OUTCOMES_TOPIC))
        inc->place = totals_place(s->totals, topic);
    if (inc->place < 0) {
        free(inc);
        return kl_fail(err, KL_BUSY, "no memory for one more topic");
    }
    inc->doubts = doubts;
    inc->n_doubts = n_doubts;
    s->incarnations[s->n_incarnations++] = inc;
    return KL_OK;
}

enum kl_code store_incarnation_keep(struct store *s, int64_t id, const char *topic, int64_t before, struct kl_error *err)
{
    struct store_doubt *doubts = NULL;
    size_t n_doubts = 0;
    enum kl_code code = KL_OK;

    if (incarnation_find(s, id))
        return KL_OK;
    if (before)
        code = s->ops->doubts_read(s, before, &doubts, &n_doubts, err);
    if (!code)
        code = incarnation_add(s, id, topic, doubts, n_doubts, err);
    if (code)
        free(doubts);
    return code;
}

/* ---- a batch ---- */

void store_batch_begin(struct store *s, const struct kl_feed_batch *batch)
{
    kl_assert(batch->n_records <= s->conf.batch_max);
    s->n_news = 0;
    s->failed = 0;
    for (size_t i = 0; i < s->n_incarnations; i++)
        s->incarnations[i]->touched = false;
    for (size_t i = 0; i < batch->n_records; i++)
        if (!store_is_journal(&batch->records[i]))
            store_header_read(batch->records[i].message, &s->headers[i]);
}

struct store_incarnation *store_touch(struct store *s, int64_t id)
{
    struct store_incarnation *inc = store_incarnation(s, id);

    if (!inc->touched)
        inc->delta = (struct store_delta){ .messages = 0 };
    inc->touched = true;
    return inc;
}

enum kl_code store_news_add(struct store *s, const struct store_news *news, struct kl_error *err)
{
    if (s->n_news == s->news_room) {
        size_t room = s->news_room * 2;
        struct store_news *more = calloc(room, sizeof *more);

        if (!more)
            return kl_fail(err, KL_BUSY, "no memory for a batch's news");
        memcpy(more, s->news, s->n_news * sizeof *more);
        free(s->news);
        s->news = more;
        s->news_room = room;
    }
    s->news[s->n_news++] = *news;
    return KL_OK;
}

static void totals_take(struct store *s, int64_t at_s)
{
    for (size_t i = 0; i < s->n_incarnations; i++) {
        struct store_incarnation *inc = s->incarnations[i];
        struct totals_delta delta = { inc->delta.messages, inc->delta.bytes, inc->delta.duplicated, inc->delta.negative,
                                      &inc->delta.latency };

        if (!inc->touched)
            continue;
        totals_add(s->totals, inc->place, at_s, &delta);
        store_latency_take(inc);
        s->counts.duplicates += inc->delta.duplicated;
    }
    if (s->failed)
        totals_add_failed(s->totals, s->failed);
    s->counts.failures += s->failed;
}

void store_batch_take(struct store *s, int64_t at_s, size_t n_receipts)
{
    totals_take(s, at_s);
    s->counts.receipts += (int64_t)n_receipts;
    s->counts.batches++;
    if (s->conf.stored && s->n_news)
        s->conf.stored(s->conf.stored_ctx, s->news, s->n_news);
}
