#include "browse.h"

#include <stdlib.h>
#include <string.h>

#define DENSE 4 /* a window with so many times the limit is given up for its younger half */

/* ---- coming and going ---- */

enum kl_code browse_init(struct browse *b, bool backward, size_t limit, size_t bytes, size_t n_parts, struct kl_error *err)
{
    kl_assert(limit > 0 && limit <= BROWSE_LIMIT_MAX && n_parts > 0 && n_parts <= BROWSE_PARTITIONS_MAX);
    *b = (struct browse){ .backward = backward, .limit = limit, .part_bytes = bytes / n_parts, .parts = calloc(n_parts, sizeof *b->parts) };
    for (; b->parts && b->n_parts < n_parts; b->n_parts++) {
        struct browse_part *p = &b->parts[b->n_parts];

        p->items = calloc(2 * limit, sizeof *p->items);
        p->window = p->items ? p->items + limit : NULL;
        if (!p->items)
            break;
    }
    if (b->n_parts == n_parts)
        return KL_OK;
    browse_fini(b);
    return kl_fail(err, KL_BUSY, "no memory for the messages");
}

static void window_clear(struct browse *b, struct browse_part *p)
{
    for (size_t i = 0; i < p->window_n; i++)
        free(p->window[(p->window_at + i) % b->limit]);
    p->window_n = p->window_at = p->window_bytes = 0;
    p->seen = 0;
    p->full = false;
}

void browse_fini(struct browse *b)
{
    for (size_t i = 0; i < b->n_parts; i++) {
        window_clear(b, &b->parts[i]);
        for (size_t k = 0; k < b->parts[i].n; k++)
            free(b->parts[i].items[k]);
        free(b->parts[i].items);
    }
    free(b->parts);
    free(b->page);
}

/* The window of so many offsets before what was reached. */
static void window_before(struct browse_part *p, int64_t size)
{
    p->to = p->reached;
    p->from = size < p->reached - p->low ? p->reached - size : p->low;
}

void browse_begin(struct browse *b, struct browse_part *p, int32_t partition, int64_t low, int64_t high, int64_t start)
{
    p->partition = partition;
    p->low = low;
    p->high = high;
    p->start = start < low ? low : start > high ? high : start;
    p->reached = p->start;
    p->done = p->start == (b->backward ? low : high);
    if (b->backward) {
        window_before(p, (int64_t)b->limit);
    } else {
        p->from = p->start;
        p->to = high;
    }
}

/* ---- forward ---- */

static enum browse_step take_forward(struct browse *b, struct browse_part *p, struct browse_item *item)
{
    p->items[p->n++] = item;
    p->bytes += item->len;
    p->reached = item->offset + 1;
    p->done = p->n == b->limit || p->bytes >= b->part_bytes || p->reached >= p->to;
    return p->done ? BROWSE_DONE : BROWSE_ON;
}

/* ---- backward ---- */

static void window_drop_oldest(struct browse *b, struct browse_part *p)
{
    p->window_bytes -= p->window[p->window_at]->len;
    free(p->window[p->window_at]);
    p->window_at = (p->window_at + 1) % b->limit;
    p->window_n--;
}

/* Keeps as many of the youngest as the page still wants. */
static void window_add(struct browse *b, struct browse_part *p, struct browse_item *item)
{
    if (p->window_n == b->limit - p->n)
        window_drop_oldest(b, p);
    p->window[(p->window_at + p->window_n++) % b->limit] = item;
    p->window_bytes += item->len;
    while (p->bytes + p->window_bytes > b->part_bytes && p->window_n + p->n > 1 && p->window_n > 0) {
        window_drop_oldest(b, p);
        p->full = true;
    }
    p->seen++;
}

/* The window's messages go before the page's. */
static void window_keep(struct browse *b, struct browse_part *p)
{
    memmove(p->items + p->window_n, p->items, p->n * sizeof *p->items);
    for (size_t i = 0; i < p->window_n; i++)
        p->items[i] = p->window[(p->window_at + i) % b->limit];
    p->n += p->window_n;
    p->bytes += p->window_bytes;
}

static enum browse_step window_over(struct browse *b, struct browse_part *p)
{
    int64_t size = p->to - p->from;
    bool full = p->full, dropped = p->seen > (int64_t)p->window_n;

    window_keep(b, p);
    if (!dropped)
        p->reached = p->from;
    else if (p->window_n)
        p->reached = p->items[0]->offset;
    p->window_n = 0; /* the page has them */
    window_clear(b, p);
    p->done = full || p->n == b->limit || p->reached <= p->low;
    window_before(p, 2 * size);
    return p->done ? BROWSE_DONE : BROWSE_AGAIN;
}

static enum browse_step take_backward(struct browse *b, struct browse_part *p, struct browse_item *item)
{
    int64_t offset = item->offset;

    window_add(b, p, item);
    if (offset + 1 >= p->to)
        return window_over(b, p);
    if (p->seen < DENSE * (int64_t)b->limit)
        return BROWSE_ON;
    if (p->to - offset <= DENSE * (int64_t)b->limit)
        return BROWSE_ON; /* what is left is not worth it */
    p->from = offset + (p->to - offset) / 2;
    window_clear(b, p);
    return BROWSE_AGAIN;
}

/* ---- both ---- */

enum browse_step browse_nothing_more(struct browse *b, struct browse_part *p)
{
    if (p->done)
        return BROWSE_DONE;
    if (b->backward)
        return window_over(b, p);
    p->reached = p->to;
    p->done = true;
    return BROWSE_DONE;
}

enum browse_step browse_take(struct browse *b, struct browse_part *p, struct browse_item *item)
{
    kl_assert(p->done || item->offset >= p->from);
    if (p->done || item->offset >= p->to) {
        free(item);
        return browse_nothing_more(b, p);
    }
    return b->backward ? take_backward(b, p, item) : take_forward(b, p, item);
}

void browse_give_up(struct browse *b, struct browse_part *p)
{
    window_clear(b, p);
    p->done = true;
}

/* ---- the page ---- */

/* How much of each partition is on the page: from its front, or from its back when the page goes backward. */
struct taken {
    size_t n[BROWSE_PARTITIONS_MAX];
};

/* The partition's next message for the page; NULL: none. */
static struct browse_item *candidate(const struct browse *b, const struct browse_part *p, size_t taken)
{
    if (taken == p->n)
        return NULL;
    return p->items[b->backward ? p->n - 1 - taken : taken];
}

/* Forward the oldest comes first, backward the youngest. */
static bool before(const struct browse *b, const struct browse_item *one, const struct browse_item *other)
{
    return b->backward ? one->timestamp_ms >= other->timestamp_ms : one->timestamp_ms < other->timestamp_ms;
}

static struct browse_item *take_best(const struct browse *b, struct taken *taken)
{
    struct browse_item *best = NULL;
    size_t of = 0;

    for (size_t i = 0; i < b->n_parts; i++) {
        struct browse_item *item = candidate(b, &b->parts[i], taken->n[i]);

        if (item && (!best || before(b, item, best))) {
            best = item;
            of = i;
        }
    }
    if (best)
        taken->n[of]++;
    return best;
}

/* What is not on the page comes again with the cursor. */
static void bounds_of(const struct browse *b, struct browse_part *p, size_t taken)
{
    bool all = taken == p->n;

    if (b->backward) {
        p->begin = all ? p->reached : taken ? p->items[p->n - taken]->offset : p->start;
        p->end = p->start;
    } else {
        p->begin = p->start;
        p->end = all ? p->reached : taken ? p->items[taken - 1]->offset + 1 : p->start;
    }
}

static void reverse(struct browse_item **items, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct browse_item *item = items[i];

        items[i] = items[n - 1 - i];
        items[n - 1 - i] = item;
    }
}

enum kl_code browse_merge(struct browse *b, struct kl_error *err)
{
    struct taken taken = { { 0 } };
    struct browse_item *item;

    b->page = calloc(b->limit, sizeof *b->page);
    if (!b->page)
        return kl_fail(err, KL_BUSY, "no memory for the page");
    while (b->n_page < b->limit && (item = take_best(b, &taken)) != NULL)
        b->page[b->n_page++] = item;
    if (b->backward)
        reverse(b->page, b->n_page);
    for (size_t i = 0; i < b->n_parts; i++)
        bounds_of(b, &b->parts[i], taken.n[i]);
    return KL_OK;
}

bool browse_more_behind(const struct browse *b)
{
    for (size_t i = 0; i < b->n_parts; i++)
        if (b->parts[i].end < b->parts[i].high)
            return true;
    return false;
}

bool browse_more_before(const struct browse *b)
{
    for (size_t i = 0; i < b->n_parts; i++)
        if (b->parts[i].begin > b->parts[i].low)
            return true;
    return false;
}
