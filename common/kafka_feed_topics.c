/* kafka_feed_topics.c - the store thread's work on a view: which topics and incarnations there are, and from where each
 * partition is read.
 *
 * A topic begins a new incarnation when it was gone and is there again, when a log ends before what was read of it, or
 * when the mark says that it is another log (kafka_feed_watch.c); two looks in a row have to say so. Then every partition
 * is read from the beginning of what is there; what was fetched under the old incarnation and is not stored yet is
 * dropped. A position below the log's beginning is retention's doing: reading goes on at the beginning, in the same
 * incarnation.
 *
 * A partition is read only after its position is in the store, so that what a restart finds does not depend on when it was
 * killed; and the first contact with a cluster is over only when all of the first view's partitions have theirs. */
#include "kafka_feed_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* What is found, unless another feed of the process tells it. */
#define TELL(f, ...) kl_log_((f)->conf.quiet ? KL_DEBUG : KL_INFO, __VA_ARGS__)

#define BEGINNING_MS 1 /* the time of a mark at a log's beginning: before every record */
#define LEADERS_MAX  16 /* topics a view whose leaders the reader asks for one by one */

/* What one view leads to, gathered while it is worked through. */
struct plan {
    struct kl_feed           *f;
    const struct feed_view   *view;
    bool                      again;      /* something new was found: look again at once */
    bool                      failed;     /* the store refused something: the next view tries again */
    int                       asked;      /* topics whose leaders were asked for */
    struct feed_order        *orders;     size_t n_orders;     /* room for two a partition of the view */
    struct kl_feed_position  *positions;  size_t n_positions;  /* to be stored before the orders are given */
    struct feed_part        **moving;                          /* of each position; what is not read yet is started */
};

static struct feed_topic *topic_find(struct kl_feed *f, const char *name)
{
    for (struct feed_topic *t = f->topics; t; t = t->next)
        if (!strcmp(t->inc.topic, name))
            return t; /* the newest of that name */
    return NULL;
}

static void plan_failed(struct plan *p, const char *what, const struct kl_error *err)
{
    p->failed = true;
    if (err->code == KL_BROKEN)
        feed_fatal(p->f, KL_FEED_STORE, err->text);
    else if (!p->f->refused)
        kl_warn("the store refused a topic, this is tried again", KL_S("what", what), KL_S("why", err->text));
    p->f->refused = true;
}

/* ---- making topics and partitions ---- */

enum kl_code feed_part_position(struct kl_feed *f, struct feed_part *part, struct kl_error *err)
{
    struct kl_feed_position at = { .incarnation = &part->topic->inc, .partition = part->partition };
    enum kl_code code = f->store.position(f->store.ctx, &at, err);

    if (code && code != KL_NOT_FOUND)
        return code;
    part->known = !code;
    part->stale = false;
    pthread_mutex_lock(&f->lock);
    part->next = part->stored = part->solid_from = part->known ? at.next : 0;
    part->seen_ms = -1; /* nothing was seen of it yet */
    part->mark_ms = part->known ? at.mark_ms : 0;
    part->mark_next = part->known ? at.mark_next : 0;
    pthread_mutex_unlock(&f->lock);
    return KL_OK;
}

static enum kl_code part_new(struct kl_feed *f, struct feed_topic *topic, int32_t partition, struct feed_part **out, struct kl_error *err)
{
    struct feed_part *part = calloc(1, sizeof *part);
    enum kl_code code;

    if (!part)
        return kl_fail(err, KL_BUSY, "no memory for a partition");
    *part = (struct feed_part){ .topic = topic, .partition = partition, .low = -1, .end = -1, .seen_ms = -1 };
    code = feed_part_position(f, part, err);
    if (code) {
        free(part);
        return code;
    }
    if (!f->conf.shared)
        part->given = 1; /* all are ours */
    *out = part;
    return KL_OK;
}

/* Makes the partitions that the topic has now and had not; all of them or none. */
static enum kl_code parts_grow(struct kl_feed *f, struct feed_topic *topic, int32_t n, struct kl_error *err)
{
    struct feed_part **parts = calloc((size_t)n, sizeof *parts), **old;
    enum kl_code code = parts ? KL_OK : kl_fail(err, KL_BUSY, "no memory for a topic's partitions");
    int32_t made = topic->n_parts;

    for (int32_t p = 0; !code && p < topic->n_parts; p++)
        parts[p] = topic->parts[p];
    for (; !code && made < n; made += !code)
        code = part_new(f, topic, made, &parts[made], err);
    if (code) {
        while (parts && made-- > topic->n_parts)
            free(parts[made]);
        free(parts);
        return code;
    }
    pthread_mutex_lock(&f->lock);
    old = topic->parts;
    topic->parts = parts;
    topic->n_parts = topic->inc.partitions = n;
    f->ours_changed |= f->conf.shared; /* they may have been given before they were known */
    pthread_mutex_unlock(&f->lock);
    free(old);
    return KL_OK;
}

/* Left alone, librdkafka asks for the leaders of a topic that it did not know up to a second later; a new handle makes it
 * ask now, for its cache, while this thread waits for the next look. Many topics are left to that one question of its own. */
static void leaders_ask(struct plan *p, const char *name)
{
    rd_kafka_topic_t *topic = p->asked++ < LEADERS_MAX ? rd_kafka_topic_new(p->f->rk, name, NULL) : NULL;

    if (topic)
        rd_kafka_topic_destroy(topic);
}

/* before: the topic of that name that it follows, or NULL. */
static enum kl_code topic_new(struct plan *p, const char *name, int32_t partitions, const struct feed_topic *before, struct kl_error *err)
{
    struct kl_feed *f = p->f;
    struct feed_topic *topic = calloc(1, sizeof *topic);
    bool made_again = before != NULL;
    enum kl_code code;

    if (!topic)
        return kl_fail(err, KL_BUSY, "no memory for a topic");
    snprintf(topic->inc.topic, sizeof topic->inc.topic, "%s", name);
    topic->inc.partitions = partitions;
    topic->inc.id = made_again && f->conf.shared ? before->inc.id : 0;
    topic->also = f->filter.also && !strcmp(name, f->filter.also);
    topic->existed = f->first && !made_again;
    code = f->store.topic(f->store.ctx, &topic->inc, made_again, err);
    if (!code)
        code = parts_grow(f, topic, partitions, err);
    if (code) {
        free(topic);
        return code;
    }
    pthread_mutex_lock(&f->lock);
    topic->next = f->topics;
    f->topics = topic;
    pthread_mutex_unlock(&f->lock);
    f->topics_moved = true;
    p->again = true; /* its partitions have to be looked at before they can be read */
    leaders_ask(p, name);
    TELL(f, made_again ? "topic was made again, read from its beginning" : "topic found", KL_S("topic", name),
         KL_I("partitions", partitions), KL_I("incarnation", topic->inc.id));
    return KL_OK;
}

/* ---- ending them ---- */

static void topic_end(struct plan *p, struct feed_topic *topic)
{
    pthread_mutex_lock(&p->f->lock);
    topic->over = true;
    pthread_mutex_unlock(&p->f->lock);
    p->f->topics_moved = true;
    for (int32_t i = 0; i < topic->n_parts; i++)
        if (topic->parts[i]->reading)
            p->orders[p->n_orders++] = (struct feed_order){ .part = topic->parts[i], .from = -1 };
}

/* What another feed has ended; a view from before that tells nothing of what is there now. */
static void topics_ended(struct plan *p)
{
    for (struct feed_topic *t = p->f->topics; t; t = t->next)
        if (!t->over && t->ended_us && t->ended_us < p->view->began_us)
            topic_end(p, t);
}

static void topics_gone(struct plan *p)
{
    struct kl_error err;

    for (size_t i = 0; i < p->view->n_gone && !p->f->stopping; i++) {
        struct feed_topic *topic = p->view->gone[i];

        if (topic->over)
            continue;
        if (p->f->store.gone && p->f->store.gone(p->f->store.ctx, &topic->inc, &err)) {
            plan_failed(p, "gone", &err);
            continue;
        }
        TELL(p->f, "topic is gone", KL_S("topic", topic->inc.topic), KL_I("incarnation", topic->inc.id));
        topic_end(p, topic);
    }
}

/* The store ends the old incarnation in the same step in which it begins the new one; only then is the old one over. */
static void topic_replace(struct plan *p, struct feed_topic *topic)
{
    const struct feed_seen *seen = feed_seen_find(p->view, topic->inc.topic);
    struct kl_error err;

    if (topic_new(p, topic->inc.topic, seen ? seen->partitions : topic->n_parts, topic, &err))
        plan_failed(p, "made again", &err);
    else
        topic_end(p, topic);
}

static void topic_grow(struct plan *p, struct feed_topic *topic, int32_t partitions)
{
    struct kl_error err;

    if (parts_grow(p->f, topic, partitions, &err))
        plan_failed(p, "partitions", &err);
    p->again = true;
}

static void topics_seen(struct plan *p)
{
    struct kl_error err;

    for (size_t i = 0; i < p->view->n_topics && !p->f->stopping; i++) {
        const struct feed_seen *seen = &p->view->topics[i];
        struct feed_topic *topic = topic_find(p->f, seen->topic);

        if (!topic || topic->over) {
            if (topic_new(p, seen->topic, seen->partitions, topic, &err))
                plan_failed(p, "topic", &err);
        } else if (seen->partitions > topic->n_parts) {
            topic_grow(p, topic, seen->partitions);
        } else if (seen->partitions < topic->n_parts) {
            topic_replace(p, topic); /* Kafka never takes partitions away */
        }
    }
}

/* ---- reading ---- */

static int64_t start_of(const struct plan *p, const struct feed_look *look)
{
    const struct feed_part *part = look->part;

    if (!part->known && part->topic->existed && !part->topic->also && p->f->conf.existing_from_end)
        return look->end;
    return part->next < look->low ? look->low : part->next;
}

static void part_mark(struct kl_feed *f, struct feed_part *part, int64_t ms, int64_t next)
{
    pthread_mutex_lock(&f->lock);
    part->mark_ms = ms;
    part->mark_next = next;
    pthread_mutex_unlock(&f->lock);
}

static void position_add(struct plan *p, struct feed_part *part, int64_t next)
{
    p->moving[p->n_positions] = part;
    p->positions[p->n_positions++] = (struct kl_feed_position){ .incarnation = &part->topic->inc, .partition = part->partition, .next = next,
                                                                .mark_ms = part->mark_ms, .mark_next = part->mark_next,
                                                                .from = part->known ? part->stored : -1 };
}

/* At a shared store's first contact whoever makes it stores where each partition begins, before they are given to anybody. */
static bool is_wanted(const struct kl_feed *f, const struct feed_part *part)
{
    return part->given || (!f->contacted && part->topic->existed && !part->known);
}

static void part_start(struct plan *p, const struct feed_look *look)
{
    struct feed_part *part = look->part;
    struct kl_error err;
    int64_t from;

    if (part->stale && feed_part_position(p->f, part, &err)) {
        plan_failed(p, "position", &err);
        return;
    }
    from = start_of(p, look);
    if (part->next < look->low && (part->known || part->next > 0))
        kl_warn("retention removed records before they were read", KL_S("topic", part->topic->inc.topic),
                KL_I("partition", part->partition), KL_I("from", part->next), KL_I("to", look->low));
    if (part->mark_ms == 0 && from == look->low)
        part_mark(p->f, part, BEGINNING_MS, from); /* nothing is before the beginning: the first mark needs no answer */
    position_add(p, part, from);
}

/* librdkafka gave up reading; what it had is stored by now, so part->next is where it goes on. */
static void part_restart(struct plan *p, const struct feed_look *look)
{
    struct feed_part *part = look->part;
    int64_t from;

    pthread_mutex_lock(&p->f->lock);
    part->again = false;
    from = part->next < look->low ? look->low : part->next;
    pthread_mutex_unlock(&p->f->lock);
    if (from > look->next)
        kl_warn("retention removed records before they were read", KL_S("topic", part->topic->inc.topic),
                KL_I("partition", part->partition), KL_I("from", look->next), KL_I("to", from));
    p->orders[p->n_orders++] = (struct feed_order){ .part = part, .from = -1 };
    p->orders[p->n_orders++] = (struct feed_order){ part, from, part->given, part->epoch };
}

/* What the look said of a log that is the right one. A new mark is stored at once: the records behind the stored mark are
 * those that a restart is not sure of. */
static void part_learn(struct plan *p, const struct feed_look *look)
{
    struct feed_part *part = look->part;

    pthread_mutex_lock(&p->f->lock);
    part->low = look->low;
    part->end = look->end;
    pthread_mutex_unlock(&p->f->lock);
    if (!look->new_marked || (look->new_low >= 0 && look->new_low < look->next) || look->epoch != part->epoch)
        return;
    part_mark(p->f, part, look->new_ms, look->next);
    if (part->reading)
        position_add(p, part, part->stored);
}

/* Reading a whole topic again for a broker's slip would be worse than noticing a moment later: so it takes two looks. */
static void log_doubt(struct plan *p, struct feed_part *part)
{
    if (part->doubted)
        topic_replace(p, part->topic);
    part->doubted = true;
    p->again = true;
}

static void part_read(struct plan *p, const struct feed_look *look)
{
    struct feed_part *part = look->part;

    if (!part->reading && is_wanted(p->f, part))
        part_start(p, look);
    else if (part->reading && look->again && p->f->conf.shared)
        feed_share_anew(p->f, part); /* the next look starts it */
    else if (part->reading && look->again)
        part_restart(p, look);
}

static void look_apply(struct plan *p, const struct feed_look *look)
{
    if (look->part->topic->over)
        return;
    switch (feed_log_of(look)) {
    case FEED_LOG_OTHER:
        log_doubt(p, look->part);
        break;
    case FEED_LOG_SAME:
        look->part->doubted = false;
        if (look->low < 0)
            break;
        part_learn(p, look);
        part_read(p, look);
        break;
    case FEED_LOG_UNKNOWN:
        break;
    }
}

static void part_order(struct plan *p, struct feed_part *part, int64_t from)
{
    pthread_mutex_lock(&p->f->lock);
    part->next = part->stored = part->solid_from = from;
    part->again = false;
    pthread_mutex_unlock(&p->f->lock);
    part->known = true;
    part->reading = part->given > 0;
    if (part->reading)
        p->orders[p->n_orders++] = (struct feed_order){ part, from, part->given, part->epoch };
}

/* In a shared store another feed may have come first: the next look finds out how far it is. */
static void positions_refused(struct plan *p, size_t n, struct kl_error *err)
{
    enum kl_code code = err->code;

    p->failed = true;
    if (code == KL_CONFLICT && p->f->conf.shared)
        code = feed_share_resolve(p->f, p->moving, p->positions, NULL, n, err);
    if (code)
        plan_failed(p, "positions", err);
}

/* Positions into the store, then the orders: a partition that is being replaced meanwhile is not started. */
static void positions_store(struct plan *p)
{
    struct kl_feed *f = p->f;
    struct kl_feed_batch batch = { NULL, 0, p->positions, 0 };
    struct kl_error err;

    for (size_t i = 0; i < p->n_positions; i++)
        if (!p->moving[i]->topic->over) {
            p->moving[batch.n_positions] = p->moving[i];
            p->positions[batch.n_positions++] = p->positions[i];
        }
    if (batch.n_positions == 0)
        return;
    if (f->store.batch(f->store.ctx, &batch, &err)) {
        positions_refused(p, batch.n_positions, &err);
        return;
    }
    for (size_t i = 0; i < batch.n_positions; i++)
        if (!p->moving[i]->reading)
            part_order(p, p->moving[i], p->positions[i].next);
}

/* ---- the first contact ---- */

static bool all_existing_read(struct kl_feed *f)
{
    for (const struct feed_topic *t = f->topics; t; t = t->next)
        for (int32_t i = 0; t->existed && !t->over && i < t->n_parts; i++)
            if (!t->parts[i]->known)
                return false;
    return true;
}

static void contact_end(struct plan *p)
{
    struct kl_feed *f = p->f;
    struct kl_error err;

    if (f->contacted || f->first || p->failed || !all_existing_read(f))
        return;
    if (f->store.contacted(f->store.ctx, &err))
        plan_failed(p, "contacted", &err);
    else
        f->contacted = true;
}

static bool introduce(struct kl_feed *f)
{
    struct plan p = { .f = f };
    struct kl_error err;

    if (f->introduced)
        return true;
    if (f->store.cluster(f->store.ctx, f->cluster, &f->contacted, &err)) {
        plan_failed(&p, "cluster", &err);
        return false;
    }
    f->introduced = true;
    f->first = !f->contacted;
    TELL(f, "cluster found", KL_S("cluster", f->cluster), KL_S("first_contact", f->first ? "yes" : "no"));
    return true;
}

/* ---- a view ---- */

static bool plan_init(struct plan *p, struct kl_feed *f, const struct feed_view *view)
{
    size_t n_parts = 1;

    *p = (struct plan){ .f = f, .view = view };
    for (const struct feed_topic *t = f->topics; t; t = t->next)
        n_parts += (size_t)t->n_parts;
    p->orders = calloc(n_parts * 3, sizeof *p->orders); /* at most: give up, give up and read again */
    p->positions = calloc(n_parts, sizeof *p->positions);
    p->moving = calloc(n_parts, sizeof *p->moving);
    return p->orders && p->positions && p->moving;
}

static void plan_fini(struct plan *p)
{
    free(p->orders);
    free(p->positions);
    free(p->moving);
}

/* Is everything read that can be? */
static bool all_read(const struct plan *p)
{
    for (size_t i = 0; i < p->view->n_looks; i++) {
        const struct feed_look *look = &p->view->looks[i];

        if (look->led && !look->part->topic->over && !look->part->reading && is_wanted(p->f, look->part))
            return false;
    }
    return !p->again && !p->failed;
}

/* The looks before the topics: a topic that is replaced must not be taken for one that has grown. */
static void plan_work(struct plan *p)
{
    topics_gone(p);
    topics_ended(p);
    for (size_t i = 0; i < p->view->n_looks && !p->f->stopping; i++)
        look_apply(p, &p->view->looks[i]);
    topics_seen(p);
    if (p->f->stopping) /* then that may have been half of it, from which nothing follows */
        return;
    positions_store(p);
    contact_end(p);
    if (!p->failed)
        p->f->first = false;
}

void feed_topics_apply(struct kl_feed *f, struct feed_view *view, bool *again)
{
    struct plan p;

    *again = false;
    if (!introduce(f))
        return;
    if (plan_init(&p, f, view)) {
        plan_work(&p);
        f->refused = f->refused && p.failed;
        *again = p.again;
        if (!feed_order(f, p.orders, p.n_orders))
            feed_fatal(f, KL_FEED_KAFKA, "no memory for orders");
        pthread_mutex_lock(&f->lock);
        f->synced = f->synced || (all_read(&p) && !f->ours_changed);
        pthread_mutex_unlock(&f->lock);
    }
    plan_fini(&p);
    if (f->conf.shared)
        feed_group_follow(f);
}
