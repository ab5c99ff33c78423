/* live_ring.h - the last messages of one topic, in the order they came, bounded in bytes.
 *
 * A ring is a list of blocks. A block holds copies of messages one behind the other and never changes what it holds,
 * so a reader takes a reference to a block under the hub's lock and reads it after the lock. Messages carry ascending
 * sequence numbers; a reader's place is one (struct live_cursor).
 *
 * What makes joining exact: a block remembers, in `starts`, the next offset of each partition at its birth. So the
 * ring is known to hold, or to get, every record of a partition from `starts` of its oldest block on
 * (live_ring_from), whatever holes the offsets have; and a block whose starts are not past a client's position
 * is where this client begins to read.
 *
 * A life is one incarnation of the topic: made again, the topic begins a new life with offsets from 0, in the same
 * ring behind the old messages.
 *
 * Threads: all of this under the hub's lock (live.c), except live_slice_next and live_slice_end. */
#ifndef LIVE_RING_H
#define LIVE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "message.h"

struct live_ring;

struct live_block {
    _Atomic uint32_t refs;   /* the ring, and each reader at work */
    uint32_t n;              /* messages */
    uint64_t first_seq;
    int64_t  life;
    size_t   bytes;          /* of the whole allocation */
    size_t   size, used;     /* of data */
    struct live_ring *ring;
    TAILQ_ENTRY(live_block) in_ring, in_age;
    int32_t  n_starts;
    int64_t *starts;         /* behind data, in the same allocation */
    char     data[];
};
TAILQ_HEAD(live_blocks, live_block);

/* All rings together: the bound over them, and their blocks by age. */
struct live_rings {
    size_t ring_max, all_max; /* bytes */
    size_t bytes;
    struct live_blocks by_age;
};

struct live_part {
    bool    known;     /* told by the feed, or by a record */
    bool    published; /* a record of it came in this life */
    int64_t born;      /* the first record's offset; before it, where the feed said it would begin */
    int64_t next;      /* behind the last record */
    int64_t end;       /* of the log, as last seen by the feed */
};

struct live_ring {
    struct live_rings *all;
    struct live_blocks blocks; /* oldest first */
    size_t   bytes;
    uint64_t next_seq;
    int64_t  life;
    int32_t  n_parts;
    struct live_part *parts;
};

void live_rings_init(struct live_rings *all, size_t ring_max, size_t all_max);
void live_ring_init(struct live_ring *ring, struct live_rings *all);
void live_ring_fini(struct live_ring *ring);

/* The topic lives anew: what came before stays readable, its partitions show themselves and begin at 0. */
void live_ring_begin(struct live_ring *ring, int64_t life);

/* What the feed says of a partition: believed about `next` only while no record came. false: no memory. */
bool live_ring_learn(struct live_ring *ring, int32_t partition, int64_t next, int64_t end);

/* Copies m. A record that was seen already is left out. Without memory the ring begins empty behind m, so that
 * readers learn that they missed something. false: left out. */
bool live_ring_append(struct live_ring *ring, const struct kl_message *m);

/* A record that could not be read for want of memory: as if append had none. */
void live_ring_lose(struct live_ring *ring, int32_t partition, int64_t offset);

/* From this offset on no record of the partition is missing here. */
int64_t live_ring_from(const struct live_ring *ring, int32_t partition);

/* Where a reader is: the next sequence number, and its byte in the block. */
struct live_cursor {
    uint64_t seq;
    size_t   at;
};

/* Could a client that is to read next[0..n) (a partition beyond n: 0) go on from here without missing a record?
 * Only the younger half of a full ring counts: who joined at the oldest block would be overtaken before its first
 * pull. */
enum live_cover {
    LIVE_COVER_CHECKED = 1, /* its offsets are known not to lie beyond the end of the log; else that is asked too */
    LIVE_COVER_STILL   = 2, /* nothing comes any more, so the older half counts as well */
};
bool live_ring_covers(const struct live_ring *ring, const int64_t *next, int32_t n, unsigned cover);

/* Behind the last message. */
struct live_cursor live_ring_end(const struct live_ring *ring);

/* The latest cursor from which it misses nothing. Only when live_ring_covers. */
struct live_cursor live_ring_seek(const struct live_ring *ring, const int64_t *next, int32_t n);

/* How many messages were dropped before the cursor got to them; it stands on the oldest after. */
uint64_t live_ring_catch_up(const struct live_ring *ring, struct live_cursor *cursor);

/* The messages of one block from a cursor on; holds a reference. */
struct live_slice {
    struct live_block *block;
    size_t at, end;
};

/* The next offset of each partition where the oldest message stands (of the life that one is of), for as many
 * partitions as it returns; starts may be NULL. */
int32_t live_ring_first_starts(const struct live_ring *ring, int64_t *starts);

/* What there is at the cursor, which must not be before the oldest; false: nothing. */
bool live_ring_slice(const struct live_ring *ring, const struct live_cursor *cursor, struct live_slice *slice);

/* Any thread. The view is valid until live_slice_end. */
bool live_slice_next(struct live_slice *slice, struct kl_message *m);
void live_slice_end(struct live_slice *slice);

#endif
