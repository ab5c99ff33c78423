/* live_follow.c - a client's place in a topic: standing at its end, joining its ring, reading on. */
#include <stdlib.h>
#include <string.h>

#include "live_hub.h"

bool live_follow_reach(struct live_follow *f, int32_t n)
{
    int64_t *next;

    if (n <= f->n)
        return true;
    next = calloc((size_t)n, sizeof *next);
    if (!next)
        return false;
    if (f->n)
        memcpy(next, f->next, (size_t)f->n * sizeof *next);
    free(f->next);
    f->next = next;
    f->n = n;
    return true;
}

static enum kl_code not_yet(const struct live_topic *topic, struct kl_error *err)
{
    kl_fail(err, KL_BUSY, "topic \"%s\" is not read yet", topic->name);
    err->retry_after_s = LIVE_SOON_S;
    return KL_BUSY;
}

static enum kl_code stand_at_end(struct live_follow *f, const struct live_topic *topic, struct kl_error *err)
{
    const struct live_ring *ring = &topic->ring;

    if (ring->n_parts == 0)
        return not_yet(topic, err);
    if (!live_follow_reach(f, ring->n_parts))
        return kl_fail(err, KL_BUSY, "no memory for a stream");
    f->n = ring->n_parts;
    for (int32_t i = 0; i < f->n; i++) {
        if (!ring->parts[i].known)
            return not_yet(topic, err);
        f->next[i] = ring->parts[i].next;
    }
    f->life = ring->life;
    f->cursor = live_ring_end(ring);
    return KL_OK;
}

enum kl_code live_follow_open(struct live_follow *f, struct live *live, const char *topic, struct kl_error *err)
{
    enum kl_code code;

    pthread_mutex_lock(&live->lock);
    f->topic = live_topic_find(live, topic);
    if (f->topic && f->topic->followed)
        code = stand_at_end(f, f->topic, err);
    else
        code = kl_fail_field(err, KL_NOT_FOUND, "topics", "topic \"%s\" does not exist, or is not read here", topic);
    pthread_mutex_unlock(&live->lock);
    return code;
}

struct live_now live_topic_now(struct live *live, const struct live_topic *topic)
{
    struct live_now now;

    pthread_mutex_lock(&live->lock);
    now = (struct live_now){ topic->ring.life, topic->ring.n_parts, topic->followed };
    pthread_mutex_unlock(&live->lock);
    return now;
}

int64_t live_topic_from(struct live *live, const struct live_topic *topic, int32_t partition)
{
    int64_t from = 0;

    pthread_mutex_lock(&live->lock);
    if (partition < topic->ring.n_parts)
        from = live_ring_from(&topic->ring, partition);
    pthread_mutex_unlock(&live->lock);
    return from;
}

static enum live_join may_join(const struct live_follow *f, bool checked)
{
    const struct live_ring *ring = &f->topic->ring;
    unsigned cover = (checked ? LIVE_COVER_CHECKED : 0) | (f->topic->followed ? 0 : LIVE_COVER_STILL);

    if (ring->life != f->life)
        return LIVE_CHANGED;
    if (live_ring_covers(ring, f->next, f->n, cover))
        return LIVE_JOINED;
    return ring->n_parts > f->n || !f->topic->followed ? LIVE_CHANGED : LIVE_BEHIND;
}

enum live_join live_join(struct live *live, struct live_follow *follows, size_t n, bool checked)
{
    enum live_join all = LIVE_JOINED, one;

    pthread_mutex_lock(&live->lock);
    for (size_t i = 0; i < n; i++) {
        one = may_join(&follows[i], checked);
        if (one > all)
            all = one;
    }
    for (size_t i = 0; i < n && all == LIVE_JOINED; i++)
        follows[i].cursor = live_ring_seek(&follows[i].topic->ring, follows[i].next, follows[i].n);
    pthread_mutex_unlock(&live->lock);
    return all;
}

static int64_t *resume_at(const struct live_ring *ring, int32_t *n)
{
    int64_t *resume;

    *n = live_ring_first_starts(ring, NULL);
    resume = calloc(*n ? (size_t)*n : 1, sizeof *resume);
    if (resume)
        live_ring_first_starts(ring, resume);
    return resume;
}

/* One topic's next step; false: nothing new. */
static bool next_of(struct live_follow *f, struct live_step *step)
{
    const struct live_ring *ring = &f->topic->ring;
    uint64_t skipped = live_ring_catch_up(ring, &f->cursor);

    *step = (struct live_step){ .follow = f, .life = ring->life, .n_parts = ring->n_parts, .skipped = skipped };
    if (skipped)
        step->resume = resume_at(ring, &step->n_resume);
    step->more = live_ring_slice(ring, &f->cursor, &step->slice);
    if (step->more) {
        step->life = step->slice.block->life;
        step->n_parts = step->slice.block->n_starts;
    }
    return skipped || step->more;
}

bool live_next(struct live *live, struct live_follow *follows, size_t n, size_t *turn, struct live_step *step)
{
    bool found = false;

    pthread_mutex_lock(&live->lock);
    for (size_t i = 0; i < n && !found; i++) {
        found = next_of(&follows[*turn], step);
        *turn = (*turn + 1) % n;
    }
    pthread_mutex_unlock(&live->lock);
    return found;
}
