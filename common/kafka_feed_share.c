/* kafka_feed_share.c - the store thread's side of a store that several feeds share: which partitions are ours now, what to do
 * when another feed has stored what we were about to store, and how far the others are. */
#include "kafka_feed_internal.h"

#include <stdlib.h>

#include "clock.h"
#include "log.h"

#define OTHERS_MS 1000 /* how often the store is asked how far others are */
#define DROPPED   (-1) /* an epoch that no partition has */

/* What others read is not seen here: no mark may be taken for sure on the strength of what was seen before. Under feed->lock. */
static void part_unseen(struct feed_part *part)
{
    part->solid_from = part->next;
    part->seen_ms = -1;
}

void feed_share_anew(struct kl_feed *f, struct feed_part *part)
{
    struct feed_order order = { .part = part, .from = -1 };

    pthread_mutex_lock(&f->lock);
    part->epoch++;
    part->again = false;
    part_unseen(part);
    pthread_mutex_unlock(&f->lock);
    part->stale = true;
    if (part->reading && !feed_order(f, &order, 1))
        feed_fatal(f, KL_FEED_KAFKA, "no memory for orders");
    part->reading = false;
}

/* ---- whose ---- */

static void part_follow(struct kl_feed *f, struct feed_part *part)
{
    int64_t given;

    pthread_mutex_lock(&f->lock);
    given = feed_group_given(f, part);
    part->epoch += given && given != part->given; /* what is left from an earlier time is dropped */
    part->reading = part->reading && given == part->given;
    part->stale = part->stale || given != part->given;
    if (given != part->given)
        part_unseen(part);
    part->given = given;
    pthread_mutex_unlock(&f->lock);
}

static bool ours_follow(struct kl_feed *f)
{
    bool changed;

    pthread_mutex_lock(&f->lock);
    changed = f->ours_changed;
    f->ours_changed = false;
    pthread_mutex_unlock(&f->lock);
    for (const struct feed_topic *t = changed ? f->topics : NULL; t; t = t->next)
        for (int32_t i = 0; !t->over && i < t->n_parts; i++)
            part_follow(f, t->parts[i]);
    return changed;
}

/* ---- what others have stored ---- */

/* What became of one position of a batch that the store did not take. Elsewhere is further on, where another member was quicker,
 * or back, where a crash of the store took the last moment with it. */
enum fate {
    FATE_SAME,   /* the store holds what we expected */
    FATE_STORED, /* all of it is stored: by us, when the answer to a commit was lost */
    FATE_ELSEWHERE,
};

static enum kl_code fate_of(struct kl_feed *f, const struct kl_feed_position *position, enum fate *fate, struct kl_error *err)
{
    struct kl_feed_position at = { .incarnation = position->incarnation, .partition = position->partition };
    enum kl_code code = f->store.position(f->store.ctx, &at, err);
    int64_t stored = code ? -1 : at.next;

    if (code && code != KL_NOT_FOUND)
        return code;
    *fate = stored == position->from ? FATE_SAME : stored == position->next ? FATE_STORED : FATE_ELSEWHERE;
    return KL_OK;
}

static void part_is_stored(struct kl_feed *f, struct feed_part *part, int64_t next)
{
    pthread_mutex_lock(&f->lock);
    part->stored = next;
    pthread_mutex_unlock(&f->lock);
}

static void conflict_tell(const struct feed_part *part, size_t n)
{
    kl_info("the store is elsewhere than we left it, reading goes on from there", KL_S("topic", part->topic->inc.topic),
            KL_I("partition", part->partition), KL_I("partitions", n));
}

enum kl_code feed_share_resolve(struct kl_feed *f, struct feed_part **parts, const struct kl_feed_position *positions,
                                int64_t *epochs, size_t n, struct kl_error *err)
{
    const struct feed_part *first = NULL;
    size_t n_other = 0, n_stored = 0;

    for (size_t i = 0; i < n; i++) {
        enum fate fate;
        enum kl_code code = fate_of(f, &positions[i], &fate, err);

        if (code)
            return code;
        if (fate == FATE_STORED && epochs) {
            epochs[i] = DROPPED;
            part_is_stored(f, parts[i], positions[i].next);
            n_stored++;
        } else if (fate != FATE_SAME) {
            feed_share_anew(f, parts[i]);
            first = parts[i];
            n_other++;
        }
    }
    for (size_t i = 0; n_other + n_stored == 0 && i < n; i++)
        feed_share_anew(f, parts[i]); /* then it is the incarnation: others_ask() finds out */
    if (n_other > 0)
        conflict_tell(first, n_other);
    return KL_OK;
}

/* ---- how far others are ---- */

static size_t positions_list(const struct kl_feed *f, struct kl_feed_position *positions, struct feed_part **parts)
{
    size_t n = 0;

    for (const struct feed_topic *t = f->topics; t; t = t->next)
        for (int32_t i = 0; !t->over && i < t->n_parts; i++, n++)
            if (positions) {
                positions[n] = (struct kl_feed_position){ .incarnation = &t->inc, .partition = i };
                parts[n] = t->parts[i];
            }
    return n;
}

static void other_learn(struct feed_part *part, const struct kl_feed_position *at)
{
    if (at->over && !part->topic->ended_us)
        part->topic->ended_us = kl_mono_us();
    if (part->given)
        return;
    part->known = at->next >= 0;
    part->next = part->stored = part->known ? at->next : 0;
    part->mark_ms = part->known ? at->mark_ms : 0;
    part->mark_next = part->known ? at->mark_next : 0;
    part_unseen(part);
}

static void others_ask(struct kl_feed *f)
{
    size_t n = positions_list(f, NULL, NULL);
    struct kl_feed_position *positions = calloc(n + 1, sizeof *positions);
    struct feed_part **parts = calloc(n + 1, sizeof *parts);
    struct kl_error err;

    if (positions && parts) {
        positions_list(f, positions, parts);
        if (n > 0 && f->store.positions(f->store.ctx, positions, n, &err)) {
            kl_debug("the store did not tell how far others are", KL_S("why", err.text));
            n = 0;
        }
        pthread_mutex_lock(&f->lock);
        for (size_t i = 0; i < n; i++)
            other_learn(parts[i], &positions[i]);
        pthread_mutex_unlock(&f->lock);
    }
    free(positions);
    free(parts);
}

void feed_share_tend(struct kl_feed *f)
{
    if (ours_follow(f))
        feed_look_soon(f);
    if (!f->introduced || kl_mono_us() < f->others_at_us)
        return;
    f->others_at_us = kl_mono_us() + OTHERS_MS * 1000;
    others_ask(f);
}
