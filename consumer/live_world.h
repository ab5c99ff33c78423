/* live_world.h - for the tests of live streams: a Kafka that is an array, its feed, and clients that check what they see.
 *
 * A world has topics whose partitions are lists of offsets, with holes. world_write() adds records, world_feed() hands
 * them to the hub as the feed would, and the catch-up readers read the same lists. A record's value says where it is
 * ("topic/partition/offset"), so a viewer knows for each event what must come next. */
#ifndef LIVE_WORLD_H
#define LIVE_WORLD_H

#include <jansson.h>
#include <stdio.h>
#include <sys/random.h>

#include "clock.h"
#include "live_catchup.h"
#include "live_client.h"
#include "live_position.h"
#include "test.h"

#define WORLD_TOPICS     4
#define WORLD_PARTITIONS 8
#define WORLD_WAIT_MS    20000

struct world_log {
    int64_t *offsets;
    size_t   n, size;
    int64_t  low, end;
    size_t   handed;   /* records that the feed has passed on */
};

struct world_topic {
    struct kl_incarnation *inc;
    bool there;
    struct world_log logs[WORLD_PARTITIONS];
};

struct world {
    pthread_mutex_t lock;
    pthread_cond_t  written;
    struct world_topic topics[WORLD_TOPICS];
    size_t n_topics;
    struct kl_incarnation *old[64]; /* incarnations live as long as the feed */
    size_t n_old;
    int    refuse;                  /* so many questions of readers fail */
    int    opened, closed, assigned;
    struct live *live;
};

/* ---- the log ---- */

static inline struct world_topic *world_topic(struct world *w, const char *name)
{
    for (size_t i = 0; i < w->n_topics; i++)
        if (!strcmp(w->topics[i].inc->topic, name))
            return &w->topics[i];
    return NULL;
}

static inline struct kl_incarnation *world_incarnation(struct world *w, const char *name, int32_t partitions)
{
    struct kl_incarnation *inc = calloc(1, sizeof *inc);

    snprintf(inc->topic, sizeof inc->topic, "%s", name);
    inc->partitions = partitions;
    inc->id = (int64_t)w->n_old + 1;
    w->old[w->n_old++] = inc;
    return inc;
}

static inline void world_add(struct world *w, const char *name, int32_t partitions)
{
    struct world_topic *t = &w->topics[w->n_topics++];

    t->inc = world_incarnation(w, name, partitions);
    t->there = true;
}

static inline void world_write(struct world *w, const char *topic, int32_t partition, int holes)
{
    struct world_log *log;

    pthread_mutex_lock(&w->lock);
    log = &world_topic(w, topic)->logs[partition];
    if (log->n == log->size) {
        log->size = log->size ? log->size * 2 : 64;
        log->offsets = realloc(log->offsets, log->size * sizeof *log->offsets);
    }
    log->offsets[log->n++] = log->end + holes;
    log->end += holes + 1;
    pthread_cond_broadcast(&w->written);
    pthread_mutex_unlock(&w->lock);
}

/* A marker: the end moves, and no record comes. */
static inline void world_mark(struct world *w, const char *topic, int32_t partition)
{
    pthread_mutex_lock(&w->lock);
    world_topic(w, topic)->logs[partition].end++;
    pthread_mutex_unlock(&w->lock);
}

static inline void world_retain(struct world *w, const char *topic, int32_t partition, int64_t low)
{
    pthread_mutex_lock(&w->lock);
    world_topic(w, topic)->logs[partition].low = low;
    pthread_mutex_unlock(&w->lock);
}

static inline void world_make_again(struct world *w, const char *topic, int32_t partitions)
{
    struct world_topic *t;

    pthread_mutex_lock(&w->lock);
    t = world_topic(w, topic);
    t->inc = world_incarnation(w, topic, partitions);
    for (int i = 0; i < WORLD_PARTITIONS; i++) {
        free(t->logs[i].offsets);
        t->logs[i] = (struct world_log){ .n = 0 };
    }
    pthread_mutex_unlock(&w->lock);
}

/* The first record at or after an offset, retained or not; -1: none. Under the lock. */
static inline int64_t world_record(const struct world_log *log, int64_t offset)
{
    size_t a = 0, b = log->n;

    while (a < b) {
        size_t mid = (a + b) / 2;

        if (log->offsets[mid] < offset)
            a = mid + 1;
        else
            b = mid;
    }
    return a < log->n ? log->offsets[a] : -1;
}

/* ---- the feed ---- */

/* A rd_kafka_message_t is the head of librdkafka's own message, and its getters look behind it: there are zeros. */
struct world_message {
    union {
        rd_kafka_message_t m;
        char room[1024];
    };
    char value[300];
};

static inline struct world_message *world_message(const char *topic, int32_t partition, int64_t offset)
{
    struct world_message *m = calloc(1, sizeof *m);

    m->m.partition = partition;
    m->m.offset = offset;
    m->m.len = (size_t)snprintf(m->value, sizeof m->value, "%s/%d/%lld", topic, partition, (long long)offset);
    m->m.payload = m->value;
    return m;
}

/* Hands at most max records of each partition to the hub, in one batch; returns how many. */
static inline size_t world_feed(struct world *w, size_t max)
{
    static struct kl_feed_record records[4096];
    size_t n = 0;

    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->n_topics; i++)
        for (int p = 0; p < w->topics[i].inc->partitions; p++) {
            struct world_log *log = &w->topics[i].logs[p];

            for (size_t k = 0; k < max && log->handed < log->n && n < 4096; k++)
                records[n++] = (struct kl_feed_record){
                    .message = &world_message(w->topics[i].inc->topic, p, log->offsets[log->handed++])->m,
                    .incarnation = w->topics[i].inc,
                };
        }
    pthread_mutex_unlock(&w->lock);
    live_fetched(w->live, records, n);
    for (size_t i = 0; i < n; i++)
        free((void *)records[i].message);
    return n;
}

static inline void world_feed_all(struct world *w)
{
    while (world_feed(w, 16))
        ;
}

static inline size_t world_partitions(void *ctx, struct kl_feed_partition **out)
{
    struct world *w = ctx;
    size_t n = 0;

    *out = calloc(WORLD_TOPICS * WORLD_PARTITIONS + 1, sizeof **out);
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->n_topics; i++)
        for (int p = 0; p < w->topics[i].inc->partitions && w->topics[i].there; p++) {
            const struct world_log *log = &w->topics[i].logs[p];
            struct kl_feed_partition *at = &(*out)[n++];

            strcpy(at->topic, w->topics[i].inc->topic);
            at->incarnation = w->topics[i].inc->id;
            at->partition = p;
            at->next = log->handed ? log->offsets[log->handed - 1] + 1 : log->low;
            at->low = log->low;
            at->end = log->end;
        }
    pthread_mutex_unlock(&w->lock);
    return n;
}

/* ---- the readers' source ---- */

struct world_reader {
    struct world *w;
    struct live_place *places;
    bool  *at_end;
    size_t n, turn;
};

static inline enum kl_code world_open(void *ctx, void **handle, struct kl_error *err)
{
    struct world_reader *r = calloc(1, sizeof *r);

    (void)err;
    r->w = ctx;
    pthread_mutex_lock(&r->w->lock);
    r->w->opened++;
    pthread_mutex_unlock(&r->w->lock);
    *handle = r;
    return KL_OK;
}

static inline enum kl_code world_assign(void *handle, const struct live_place *places, size_t n, struct kl_error *err)
{
    struct world_reader *r = handle;

    (void)err;
    free(r->places);
    free(r->at_end);
    r->places = calloc(n + 1, sizeof *r->places);
    r->at_end = calloc(n + 1, sizeof *r->at_end);
    if (n)
        memcpy(r->places, places, n * sizeof *places);
    r->n = n;
    r->turn = 0;
    pthread_mutex_lock(&r->w->lock);
    r->w->assigned += n > 0;
    pthread_mutex_unlock(&r->w->lock);
    return KL_OK;
}

static inline void world_close(void *handle)
{
    struct world_reader *r = handle;

    pthread_mutex_lock(&r->w->lock);
    r->w->closed++;
    pthread_mutex_unlock(&r->w->lock);
    free(r->places);
    free(r->at_end);
    free(r);
}

static inline enum kl_code world_ask(struct world_reader *r, struct live_place *places, size_t n, int64_t time_ms,
                                     struct kl_error *err)
{
    bool refused;

    pthread_mutex_lock(&r->w->lock);
    refused = r->w->refuse > 0;
    r->w->refuse -= refused;
    for (size_t i = 0; i < n && !refused; i++) {
        const struct world_log *log = &world_topic(r->w, places[i].topic)->logs[places[i].partition];

        if (time_ms >= 0) {
            places[i].next = world_record(log, time_ms);   /* a record's time is its offset */
        } else {
            places[i].low = log->low;
            places[i].high = log->end;
        }
    }
    pthread_mutex_unlock(&r->w->lock);
    return refused ? kl_fail(err, KL_TIMEOUT, "no answer") : KL_OK;
}

static inline enum kl_code world_bounds(void *handle, struct live_place *places, size_t n, struct kl_error *err)
{
    return world_ask(handle, places, n, -1, err);
}

static inline enum kl_code world_at(void *handle, int64_t time_ms, struct live_place *places, size_t n,
                                    struct kl_error *err)
{
    return world_ask(handle, places, n, time_ms, err);
}

/* What one partition has next. Under the lock. */
static inline bool world_read_place(struct world_reader *r, size_t i, struct live_read *out)
{
    struct live_place *place = &r->places[i];
    const struct world_log *log = &world_topic(r->w, place->topic)->logs[place->partition];
    int64_t offset = world_record(log, place->next);

    *out = (struct live_read){ .topic = place->topic, .partition = place->partition };
    if (place->next < log->low || place->next > log->end) {
        out->what = LIVE_READ_LOST;
        return true;
    }
    if (offset >= 0) {
        out->what = LIVE_READ_MESSAGE;
        out->offset = offset;
        out->message = &world_message(place->topic, place->partition, offset)->m;
        place->next = offset + 1;
        r->at_end[i] = false;
        return true;
    }
    out->what = LIVE_READ_END;
    out->offset = place->next = log->end;
    if (r->at_end[i])
        return false;
    return r->at_end[i] = true;
}

static inline bool world_read(void *handle, int wait_ms, struct live_read *out)
{
    struct world_reader *r = handle;
    struct timespec due;
    bool found = false;

    clock_gettime(CLOCK_REALTIME, &due);
    due.tv_nsec += wait_ms * 1000000L;
    due.tv_sec += due.tv_nsec / 1000000000;
    due.tv_nsec %= 1000000000;
    pthread_mutex_lock(&r->w->lock);
    do {
        for (size_t i = 0; i < r->n && !found; i++)
            found = world_read_place(r, r->turn++ % r->n, out);
    } while (!found && wait_ms && pthread_cond_timedwait(&r->w->written, &r->w->lock, &due) == 0);
    pthread_mutex_unlock(&r->w->lock);
    return found;
}

static inline void world_done(void *handle, struct live_read *read)
{
    (void)handle;
    free(read->message);
}

static const struct live_source world_source = {
    .open = world_open, .close = world_close, .bounds = world_bounds, .at = world_at, .assign = world_assign,
    .read = world_read, .done = world_done,
};

/* ---- begin and end ---- */

static inline struct live_conf world_conf(void)
{
    return (struct live_conf){ .ring_bytes = 1 << 20, .rings_bytes = 4 << 20, .client_queue_bytes = 1 << 20,
                               .heartbeat_ms = 15000, .streams_max = 100, .stream_topics_max = 3,
                               .catchup_readers = 2, .catchup_waiting_max = 10 };
}

static inline void world_begin(struct world *w, const struct live_conf *conf)
{
    struct kl_error err;

    *w = (struct world){ .n_topics = 0 };
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->written, NULL);
    CU_ASSERT_EQUAL_FATAL(live_open_on(&w->live, conf, &world_source, w, &err), KL_OK);
    live_attach_to(w->live, (struct live_feed){ world_partitions, w });
}

static inline void world_end(struct world *w)
{
    live_close(w->live);
    CU_ASSERT_EQUAL(w->opened, w->closed);
    for (size_t i = 0; i < w->n_topics; i++)
        for (int p = 0; p < WORLD_PARTITIONS; p++)
            free(w->topics[i].logs[p].offsets);
    for (size_t i = 0; i < w->n_old; i++)
        free(w->old[i]);
    pthread_cond_destroy(&w->written);
    pthread_mutex_destroy(&w->lock);
}

/* ---- a client that knows what must come ---- */

struct viewer {
    struct world *w;
    struct live_client *c;
    pthread_mutex_t lock;
    pthread_cond_t  wake;
    bool   woken;
    struct kl_buf text;     /* not yet a whole event */
    char   id[4096];        /* of the last event; "" none */
    char   before[4096];    /* and of the one before it */
    int64_t next[WORLD_TOPICS][WORLD_PARTITIONS];
    bool   placed;          /* next is known */
    bool   lenient;         /* what it sees is in no list any more: count, do not judge */
    size_t positions, messages, lagged, skipped, gaps, comments, wrong;
    int64_t gap_from, gap_to; /* of the last one */
    char   last_event[256], last_data[1024];
};

static inline void viewer_wrong(struct viewer *v, const char *what)
{
    if (v->lenient)
        return;
    if (v->wrong++ == 0)
        fprintf(stderr, "\n%s: event %s data %s id %s (before: %s)\n", what, v->last_event, v->last_data, v->id, v->before);
}

static inline size_t viewer_topic(struct viewer *v, const char *topic)
{
    return (size_t)(world_topic(v->w, topic) - v->w->topics);
}

/* The id may be past where the viewer is only by what is no record. Under the world's lock. */
static inline void viewer_check_place(struct viewer *v, size_t topic, int32_t partition, int64_t next)
{
    int64_t *at = &v->next[topic][partition], record;

    if (v->placed && next < *at)
        viewer_wrong(v, "an id goes back");
    record = world_record(&v->w->topics[topic].logs[partition], *at);
    if (v->placed && next > *at && record >= 0 && record < next)
        viewer_wrong(v, "an id passes a record over");
    *at = next;
}

/* The first id tells where the viewer is, later ones must agree. */
static inline void viewer_check_id(struct viewer *v)
{
    struct live_position p;
    struct kl_error err;
    char name[KL_TOPIC_BYTES];

    if (live_position_read(&p, v->id, strlen(v->id), "id", &err))
        viewer_wrong(v, "an id that is no position");
    pthread_mutex_lock(&v->w->lock);
    for (size_t i = 0; i < p.n; i++) {
        snprintf(name, sizeof name, "%.*s", (int)p.topics[i].name_len, p.topics[i].name);
        for (int32_t k = 0; k < p.topics[i].n; k++)
            viewer_check_place(v, viewer_topic(v, name), k, p.topics[i].next[k]);
    }
    pthread_mutex_unlock(&v->w->lock);
    v->placed = true;
    v->positions++;
    live_position_fini(&p);
}

static inline void viewer_message(struct viewer *v)
{
    char topic[256];
    int partition;
    long long offset;
    size_t t;

    if (sscanf(v->last_data, "%255[^/]/%d/%lld", topic, &partition, &offset) != 3) {
        viewer_wrong(v, "not a message");
        return;
    }
    v->messages++;
    pthread_mutex_lock(&v->w->lock);
    t = viewer_topic(v, topic);
    if (world_record(&v->w->topics[t].logs[partition], v->next[t][partition]) != offset)
        viewer_wrong(v, "not the next message");
    pthread_mutex_unlock(&v->w->lock);
    v->next[t][partition] = offset + 1;
}

static inline void viewer_skip(struct viewer *v, json_t *doc, json_t *range)
{
    size_t t = viewer_topic(v, json_string_value(json_object_get(doc, "topic")));
    int64_t *at = &v->next[t][json_integer_value(json_object_get(range, "partition"))];

    if (*at != json_integer_value(json_object_get(range, "from")))
        viewer_wrong(v, "left out from another place");
    *at = json_integer_value(json_object_get(range, "to"));
}

static inline void viewer_told(struct viewer *v)
{
    json_t *doc = json_loads(v->last_data, 0, NULL), *range;
    size_t i;

    if (!strcmp(v->last_event, "gap")) {
        v->gaps++;
        v->gap_from = json_integer_value(json_object_get(doc, "from"));
        v->gap_to = json_integer_value(json_object_get(doc, "to"));
        viewer_skip(v, doc, doc);
    } else if (!strcmp(v->last_event, "lagged")) {
        v->lagged++;
        v->skipped += (size_t)json_integer_value(json_object_get(doc, "skipped"));
        json_array_foreach(json_object_get(doc, "partitions"), i, range)
            viewer_skip(v, doc, range);
    } else {
        viewer_wrong(v, "an unknown event");
    }
    json_decref(doc);
}

/* One block of lines; they end with a newline each. */
static inline void viewer_event(struct viewer *v, char *block)
{
    bool has_data = false, has_id = false;
    char *line;

    v->last_event[0] = v->last_data[0] = '\0';
    while ((line = strsep(&block, "\n")) != NULL) {
        if (!strncmp(line, "id: ", 4)) {
            strcpy(v->before, v->id);
            snprintf(v->id, sizeof v->id, "%s", line + 4);
            has_id = true;
        } else if (!strncmp(line, "event: ", 7)) {
            snprintf(v->last_event, sizeof v->last_event, "%s", line + 7);
        } else if (!strncmp(line, "data: ", 6)) {
            snprintf(v->last_data, sizeof v->last_data, "%s", line + 6);
            has_data = true;
        } else if (*line == ':') {
            v->comments++;
        } else if (*line && strncmp(line, "retry: ", 7)) {
            viewer_wrong(v, "an unknown line");
        }
    }
    if (has_data && !strcmp(v->last_event, "streamer"))
        viewer_message(v);
    else if (has_data)
        viewer_told(v);
    if (has_id)
        viewer_check_id(v);
}

static inline void viewer_wake(void *ctx)
{
    struct viewer *v = ctx;

    pthread_mutex_lock(&v->lock);
    v->woken = true;
    pthread_cond_signal(&v->wake);
    pthread_mutex_unlock(&v->lock);
}

static inline void viewer_init(struct viewer *v, struct world *w)
{
    *v = (struct viewer){ .w = w };
    pthread_mutex_init(&v->lock, NULL);
    pthread_cond_init(&v->wake, NULL);
    kl_buf_init(&v->text, 64 << 20);
}

static inline enum kl_code viewer_connect(struct viewer *v, const struct live_request *request, struct kl_error *err)
{
    struct live_request own = *request;

    own.wake = viewer_wake;
    own.wake_ctx = v;
    v->woken = false;
    v->placed = v->placed && own.position;
    kl_buf_clear(&v->text);
    return live_client_open(&v->c, v->w->live, &own, err);
}

static inline void viewer_open(struct viewer *v, struct world *w, const char *topics, enum live_from from, int64_t from_ms)
{
    struct live_request request = { .topics = topics, .from = from, .from_ms = from_ms };
    struct kl_error err = { .text = "" };

    viewer_init(v, w);
    CU_ASSERT_EQUAL_FATAL(viewer_connect(v, &request, &err), KL_OK);
}

static inline void viewer_cut(struct viewer *v)
{
    live_client_close(v->c);
    v->c = NULL;
}

/* Connects again from a position. */
static inline enum kl_code viewer_resume(struct viewer *v, const char *topics, const char *position, struct kl_error *err)
{
    struct live_request request = { .topics = topics, .position = position, .position_field = "last_event_id" };

    return viewer_connect(v, &request, err);
}

static inline void viewer_fini(struct viewer *v)
{
    if (v->c)
        viewer_cut(v);
    CU_ASSERT_EQUAL(v->wrong, 0);
    kl_buf_fini(&v->text);
    pthread_cond_destroy(&v->wake);
    pthread_mutex_destroy(&v->lock);
}

/* One pull of at most max bytes; LIVE_WAIT: nothing. Whole events are looked at. */
static inline ssize_t viewer_pull(struct viewer *v, size_t max)
{
    static _Thread_local char buf[64 * 1024];
    ssize_t n = live_client_pull(v->c, buf, max < sizeof buf ? max : sizeof buf);
    char *end;

    if (n <= 0)
        return n;
    kl_buf_add(&v->text, buf, (size_t)n);
    while ((end = strstr(v->text.data, "\n\n")) != NULL) {
        size_t len = (size_t)(end - v->text.data) + 2;

        end[1] = '\0';
        viewer_event(v, v->text.data);
        kl_buf_shift(&v->text, len);
    }
    return n;
}

/* After a LIVE_WAIT: until a wake comes; false: none within wait_ms. */
static inline bool viewer_wait(struct viewer *v, int64_t wait_ms)
{
    struct timespec due;
    bool woken;

    clock_gettime(CLOCK_REALTIME, &due);
    due.tv_nsec += wait_ms % 1000 * 1000000;
    due.tv_sec += wait_ms / 1000 + due.tv_nsec / 1000000000;
    due.tv_nsec %= 1000000000;
    pthread_mutex_lock(&v->lock);
    while (!v->woken && pthread_cond_timedwait(&v->wake, &v->lock, &due) == 0)
        ;
    woken = v->woken;
    v->woken = false;
    pthread_mutex_unlock(&v->lock);
    return woken;
}

/* Pulls until *count is at least n; false: not within the deadline. */
static inline bool viewer_until(struct viewer *v, const size_t *count, size_t n)
{
    int64_t due_us = kl_mono_us() + WORLD_WAIT_MS * INT64_C(1000);
    ssize_t got;

    while (*count < n && kl_mono_us() < due_us) {
        got = viewer_pull(v, 4096);
        if (got < 0)
            return false;
        if (got == LIVE_WAIT)
            viewer_wait(v, 1000);
    }
    return *count >= n;
}

/* Pulls until it has read a topic's partition to its end. */
static inline bool viewer_until_end(struct viewer *v, size_t topic, int32_t partition)
{
    int64_t end = v->w->topics[topic].logs[partition].end;

    while (v->next[topic][partition] < end)
        if (!viewer_until(v, &v->messages, v->messages + 1))
            return false;
    return v->next[topic][partition] == end;
}

/* Pulls what there is now. */
static inline void viewer_drain(struct viewer *v)
{
    while (viewer_pull(v, 4096) > 0)
        ;
}

#endif
