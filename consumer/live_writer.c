#include "live_writer.h"

#include <stdlib.h>

#include "live_position.h"
#include "sse.h"

#define SCRATCH_MAX (SIZE_MAX / 2) /* as long as a message and its envelope are; what bounds them is Kafka's maximum */

void live_writer_init(struct live_writer *w, struct live_client *c, struct kl_buf *out)
{
    *w = (struct live_writer){ .client = c, .out = out };
    kl_buf_init(&w->id, SCRATCH_MAX);
    kl_buf_init(&w->json, SCRATCH_MAX);
}

void live_writer_fini(struct live_writer *w)
{
    if (w->events)
        kl_metric_add(&live_metrics[LIVE_EVENTS], w->events);
    kl_buf_fini(&w->id);
    kl_buf_fini(&w->json);
}

/* The position of all topics, in w->id. "" without memory; the event then fails as well. */
static const char *position(struct live_writer *w)
{
    kl_buf_clear(&w->id);
    for (size_t i = 0; i < w->client->n; i++) {
        const struct live_follow *f = &w->client->follows[i];

        if (!live_position_add(&w->id, f->topic->name, f->next, f->n))
            w->failed = true;
    }
    return w->id.data ? w->id.data : "";
}

void live_write_position(struct live_writer *w)
{
    if (!kl_sse_event(w->out, position(w), NULL, NULL, 0))
        w->failed = true;
}

void live_write_message(struct live_writer *w, struct live_follow *f, const struct kl_message *m)
{
    bool first_of_partition = m->partition >= f->n, written;

    if (!live_follow_reach(f, m->partition + 1)) {
        w->failed = true;
        return;
    }
    if (m->offset < f->next[m->partition])
        return;
    if (first_of_partition && m->offset > 0)
        live_write_gap(w, f, m->partition, m->offset);
    f->next[m->partition] = m->offset + 1;
    written = w->client->envelope
                  ? live_event_envelope(w->out, position(w), f->topic->name, m, &w->json)
                  : live_event_plain(w->out, position(w), m);
    w->failed |= !written;
    w->events++;
}

void live_write_gap(struct live_writer *w, struct live_follow *f, int32_t partition, int64_t to)
{
    struct live_skip skip = { .partition = partition, .from = f->next[partition], .to = to };

    f->next[partition] = to;
    if (!live_event_gap(w->out, position(w), f->topic->name, &skip))
        w->failed = true;
    kl_metric_add(&live_metrics[LIVE_GAPS], 1);
}

void live_write_new_life(struct live_writer *w, struct live_follow *f, int64_t life, int32_t n_parts)
{
    for (int32_t i = 0; i < f->n; i++)
        if (f->next[i] > 0)
            live_write_gap(w, f, i, 0);
    if (!live_follow_reach(f, n_parts)) {
        w->failed = true;
        return;
    }
    f->n = n_parts;
    f->life = life;
}

/* Moves on what lies before resume; returns how many partitions that were, and in *offsets how much. */
static size_t move_on(struct live_follow *f, const int64_t *resume, int32_t n, struct live_skip *skips, uint64_t *offsets)
{
    size_t n_skips = 0;

    *offsets = 0;
    for (int32_t i = 0; i < n; i++) {
        if (f->next[i] >= resume[i])
            continue;
        skips[n_skips++] = (struct live_skip){ .partition = i, .from = f->next[i], .to = resume[i] };
        *offsets += (uint64_t)(resume[i] - f->next[i]);
        f->next[i] = resume[i];
    }
    return n_skips;
}

void live_write_lagged(struct live_writer *w, struct live_follow *f, uint64_t skipped, const int64_t *resume, int32_t n)
{
    struct live_skip *skips = resume ? calloc(n ? (size_t)n : 1, sizeof *skips) : NULL;
    uint64_t offsets;
    size_t n_skips;

    if (!skips || !live_follow_reach(f, n)) {
        free(skips);
        w->failed = true;
        return;
    }
    n_skips = move_on(f, resume, n, skips, &offsets);
    /* A client that had just joined may have been past some of what was dropped. */
    if (skipped > offsets)
        skipped = offsets;
    if (n_skips) {
        if (!live_event_lagged(w->out, position(w), f->topic->name, (int64_t)skipped, skips, n_skips))
            w->failed = true;
        kl_metric_add(&live_metrics[LIVE_LAGGED], 1);
        kl_metric_add(&live_metrics[LIVE_SKIPPED], (int64_t)skipped);
    }
    free(skips);
}
