/* browse.h - a page of a topic's messages: which to read next in each partition, and which of them the page has. Pure: whoever
 * has it reads (browse_read.h).
 *
 * A page goes forward from a place in each partition, or backward: then it has the last messages before it. Offsets have
 * holes, left by compaction and transactions, so the last n messages are not the last n offsets: a window of n offsets is read,
 * then one twice as long before it, until there are enough. A window that turns out to have far more is given up for its
 * younger half. What is read is bounded in messages and bytes; a page always goes on where its cursors say.
 *
 * Of several partitions, the messages are merged by their timestamps, each partition's in its own order. */
#ifndef BROWSE_H
#define BROWSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BROWSE_PARTITIONS_MAX 100
#define BROWSE_LIMIT_MAX      500

struct browse_item {
    int64_t offset, timestamp_ms;
    size_t  len;
    char    json[];
};

struct browse_part {
    int32_t partition;
    int64_t low, high;    /* of its log */
    int64_t start;        /* where a page forward begins, one backward ends */
    int64_t from, to;     /* what is read now: from..to-1 */
    bool    done;

    struct browse_item **items; /* the page's, in order; at most limit */
    size_t  n, bytes;
    int64_t reached;      /* from start to here, items has all there is */

    struct browse_item **window; /* backward: the last ones of the window, in a ring; at most limit */
    size_t  window_n, window_at, window_bytes;
    int64_t seen;         /* messages in it so far */
    bool    full;         /* it had to drop some for their bytes */

    int64_t begin, end;   /* of what the page shows, after browse_merge() */
};

struct browse {
    bool   backward;
    size_t limit, part_bytes;
    struct browse_part *parts;
    size_t n_parts;
    struct browse_item **page; /* after browse_merge(): borrowed from the parts */
    size_t n_page;
};

/* bytes: of all items together, shared evenly; one message a partition may pass it. KL_BUSY: no memory. */
KL_MUST_CHECK enum kl_code browse_init(struct browse *b, bool backward, size_t limit, size_t bytes, size_t n_parts, struct kl_error *err);
void browse_fini(struct browse *b);

/* Begins a partition; start is moved into its log. After it, as after what follows: done, or read from p->from. */
void browse_begin(struct browse *b, struct browse_part *p, int32_t partition, int64_t low, int64_t high, int64_t start);

enum browse_step { BROWSE_ON, BROWSE_AGAIN, BROWSE_DONE }; /* read on; from p->from, which is elsewhere; nothing more */

/* A message at or behind p->from came; takes item always. */
enum browse_step browse_take(struct browse *b, struct browse_part *p, struct browse_item *item);
/* Nothing comes before `to` any more. */
enum browse_step browse_nothing_more(struct browse *b, struct browse_part *p);
/* The log does not begin where it did: what the page has of it stays, nothing more comes. */
void browse_give_up(struct browse *b, struct browse_part *p);

/* All are done, or there is no time: makes the page, and begin and end of each partition. */
KL_MUST_CHECK enum kl_code browse_merge(struct browse *b, struct kl_error *err);

/* Is there anything behind, or before, the page? */
bool browse_more_behind(const struct browse *b);
bool browse_more_before(const struct browse *b);

#endif
