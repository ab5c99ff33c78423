#include "tracks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "track.h"

#define OWN_PREFIX "kafkloud-" /* of our services' groups */
#define TRACK_MS ((int64_t)TRACK_STEPS * TRACK_STEP_MS) /* how long a track lasts */

/* A group in a partition. */
struct tracked {
    const char  *group, *topic; /* within the allocation, behind this */
    int32_t      partition;
    struct track track;
};

struct tracks {
    size_t max;
    const char *own_group;
    pthread_mutex_t lock;    /* guards what follows */
    struct tracked **sorted; /* by group, topic and partition; room for max */
    size_t  n;
    int64_t last_ms;         /* of the last look */
    int64_t left_out;
};

static int order(const struct tracked *t, const char *group, const char *topic, int32_t partition)
{
    int by_group = strcmp(t->group, group);
    int by_topic = by_group ? by_group : strcmp(t->topic, topic);

    return by_topic ? by_topic : (t->partition > partition) - (t->partition < partition);
}

/* The first that does not stand before the place. Under the lock, as what follows. */
static size_t place_of(const struct tracks *t, const char *group, const char *topic, int32_t partition)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (order(t->sorted[middle], group, topic, partition) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct tracked *tracked_new(const char *group, const char *topic, int32_t partition)
{
    size_t group_size = strlen(group) + 1, topic_size = strlen(topic) + 1;
    struct tracked *tracked = malloc(sizeof *tracked + group_size + topic_size);

    if (!tracked)
        return NULL;
    tracked->group = memcpy(tracked + 1, group, group_size);
    tracked->topic = memcpy((char *)(tracked + 1) + group_size, topic, topic_size);
    tracked->partition = partition;
    track_init(&tracked->track);
    return tracked;
}

/* Finds or makes; NULL: no room. */
static struct track *have(struct tracks *t, const char *group, const char *topic, int32_t partition)
{
    size_t at = place_of(t, group, topic, partition);
    struct tracked *tracked;

    if (at < t->n && !order(t->sorted[at], group, topic, partition))
        return &t->sorted[at]->track;
    tracked = t->n < t->max ? tracked_new(group, topic, partition) : NULL;
    if (!tracked)
        return NULL;
    memmove(&t->sorted[at + 1], &t->sorted[at], (t->n - at) * sizeof *t->sorted);
    t->sorted[at] = tracked;
    t->n++;
    return &tracked->track;
}

/* ---- the snapshot's thread ---- */

static void forget_old(struct tracks *t, int64_t now_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (now_ms - t->sorted[i]->track.last_ms > TRACK_MS)
            free(t->sorted[i]);
        else
            t->sorted[kept++] = t->sorted[i];
    }
    t->n = kept;
}

static int64_t end_of(const struct view_offset *o)
{
    const struct view_partition *p = view_partition(o->topic, o->partition);

    return p ? p->high : VIEW_UNKNOWN;
}

static int64_t look_at_group(struct tracks *t, const struct view_group *g, int64_t now_ms)
{
    int64_t left_out = 0;

    for (size_t i = 0; i < g->n_offsets; i++) {
        const struct view_offset *o = &g->offsets[i];
        struct track *track = o->topic ? have(t, g->name, o->topic->name, o->partition) : NULL;

        if (track)
            track_look(track, now_ms, o->committed, end_of(o));
        else
            left_out += o->topic != NULL;
    }
    return left_out;
}

/* What had an offset and has none now: it was asked for, and is not there. */
static void look_at_absent(struct tracks *t, const struct view *v)
{
    for (size_t i = 0; i < t->n; i++) {
        struct tracked *tracked = t->sorted[i];
        const struct view_group *g = view_group(v, tracked->group);

        if (tracked->track.last_ms != v->as_of_ms && tracked->track.n_seen && (!g || !g->why[0]))
            track_forget(&tracked->track);
    }
}

void tracks_looked(struct tracks *t, const struct view *v)
{
    int64_t left_out = 0;
    bool news;

    if (v->groups_why[0])
        return; /* nothing was learnt of the groups */
    pthread_mutex_lock(&t->lock);
    forget_old(t, v->as_of_ms);
    for (size_t i = 0; i < v->n_groups; i++)
        left_out += look_at_group(t, &v->groups[i], v->as_of_ms);
    if (!v->groups_partly[0])
        look_at_absent(t, v);
    news = left_out && !t->left_out;
    t->left_out = left_out;
    t->last_ms = v->as_of_ms;
    pthread_mutex_unlock(&t->lock);
    if (news)
        kl_warn("more groups' partitions than TRACKS_MAX: the lag of some is not kept", KL_I("left_out", left_out));
}

/* ---- any thread ---- */

static void series_json(struct kl_buf *out, const struct tracked *tracked, int64_t from, int64_t to)
{
    kl_buf_addf(out, "{\"topic\":\"%s\",\"partition\":%d,\"lag\":[", tracked->topic, tracked->partition);
    for (int64_t step = from; step <= to; step++) {
        int64_t lag = track_lag(&tracked->track, step);

        if (step > from)
            kl_buf_addc(out, ',');
        if (lag < 0)
            kl_buf_adds(out, "null");
        else
            kl_buf_addi(out, lag);
    }
    kl_buf_adds(out, "]}");
}

void tracks_lag_json(struct tracks *t, const char *group, int64_t window_s, struct kl_buf *out)
{
    const char *between = "";
    int64_t from, to;

    pthread_mutex_lock(&t->lock);
    to = t->last_ms / TRACK_STEP_MS;
    from = to - window_s * 1000 / TRACK_STEP_MS + 1;
    if (from <= to - TRACK_STEPS)
        from = to - TRACK_STEPS + 1;
    kl_buf_addf(out, "{\"step_s\":%d,\"from_ms\":%lld,\"series\":[", TRACK_STEP_MS / 1000, (long long)(t->last_ms ? from * TRACK_STEP_MS : 0));
    for (size_t i = place_of(t, group, "", 0); i < t->n && !strcmp(t->sorted[i]->group, group); i++) {
        kl_buf_adds(out, between);
        series_json(out, t->sorted[i], from, to);
        between = ",";
    }
    pthread_mutex_unlock(&t->lock);
    kl_buf_adds(out, "]}");
}

static void time_json(struct kl_buf *out, const char *name, int64_t ms)
{
    kl_buf_addf(out, ",\"%s\":", name);
    if (ms < 0)
        kl_buf_adds(out, "null");
    else
        kl_buf_addi(out, ms);
}

static void passed_json(struct kl_buf *out, const struct tracked *tracked, int64_t offset)
{
    struct track_passed p = track_passed(&tracked->track, offset);

    kl_buf_adds(out, "{\"group\":");
    kl_buf_add_json(out, tracked->group, strlen(tracked->group));
    kl_buf_adds(out, p.passed ? ",\"passed\":true" : ",\"passed\":false");
    time_json(out, "not_passed_seen_ms", p.not_passed_ms);
    time_json(out, "passed_seen_ms", p.passed_ms);
    kl_buf_addc(out, '}');
}

/* Another of our services' is told by its name, as an internal topic is. */
static bool is_own(const struct tracks *t, const char *group)
{
    return !strncmp(group, OWN_PREFIX, strlen(OWN_PREFIX)) || !strcmp(group, t->own_group);
}

void tracks_passed_json(struct tracks *t, const char *topic, int32_t partition, int64_t offset, struct kl_buf *out)
{
    const char *between = "";

    kl_buf_addc(out, '[');
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->n; i++) {
        const struct tracked *tracked = t->sorted[i];

        if (tracked->partition != partition || strcmp(tracked->topic, topic) || !tracked->track.n_seen || is_own(t, tracked->group))
            continue;
        kl_buf_adds(out, between);
        passed_json(out, tracked, offset);
        between = ",";
    }
    pthread_mutex_unlock(&t->lock);
    kl_buf_addc(out, ']');
}

static int64_t number(struct tracks *t, const int64_t *of)
{
    int64_t n;

    pthread_mutex_lock(&t->lock);
    n = of ? *of : (int64_t)t->n;
    pthread_mutex_unlock(&t->lock);
    return n;
}

int64_t tracks_count(struct tracks *t)    { return number(t, NULL); }
int64_t tracks_left_out(struct tracks *t) { return number(t, &t->left_out); }

/* ---- coming and going ---- */

enum kl_code tracks_new(struct tracks **out, int64_t tracks_max, const char *own_group, struct kl_error *err)
{
    struct tracks *t = calloc(1, sizeof *t);

    if (t) {
        t->max = (size_t)tracks_max;
        t->own_group = own_group;
        t->sorted = calloc(t->max, sizeof *t->sorted);
        pthread_mutex_init(&t->lock, NULL);
    }
    if (!t || !t->sorted) {
        free(t);
        return kl_fail(err, KL_BROKEN, "no memory for the groups' lag");
    }
    *out = t;
    return KL_OK;
}

void tracks_free(struct tracks *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++)
        free(t->sorted[i]);
    free(t->sorted);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
