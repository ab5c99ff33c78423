#include "live_ring.h"

#include <stdlib.h>
#include <string.h>

/* Blocks are the grain of dropping. They grow with the ring, so that a topic with a message a day costs 4 KiB. */
#define BLOCK_MIN      4096
#define BLOCKS_A_RING  64

/* A message in a block: this, its key, value and headers, padded to 8 bytes. */
struct stored {
    int64_t  offset, timestamp_ms;
    uint32_t size;               /* with all that follows and the padding; Kafka's records end below 1 GiB */
    uint32_t headers_len;
    int32_t  partition;
    int32_t  key_len, value_len; /* -1: null */
};

void live_rings_init(struct live_rings *all, size_t ring_max, size_t all_max)
{
    *all = (struct live_rings){ .ring_max = ring_max, .all_max = all_max };
    TAILQ_INIT(&all->by_age);
}

void live_ring_init(struct live_ring *ring, struct live_rings *all)
{
    *ring = (struct live_ring){ .all = all };
    TAILQ_INIT(&ring->blocks);
}

static void block_unref(struct live_block *b)
{
    if (atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) == 1)
        free(b);
}

static void drop(struct live_block *b)
{
    TAILQ_REMOVE(&b->ring->blocks, b, in_ring);
    TAILQ_REMOVE(&b->ring->all->by_age, b, in_age);
    b->ring->bytes -= b->bytes;
    b->ring->all->bytes -= b->bytes;
    block_unref(b);
}

static void drop_all(struct live_ring *ring)
{
    while (!TAILQ_EMPTY(&ring->blocks))
        drop(TAILQ_FIRST(&ring->blocks));
}

void live_ring_fini(struct live_ring *ring)
{
    drop_all(ring);
    free(ring->parts);
    ring->parts = NULL;
    ring->n_parts = 0;
}

/* ---- partitions ---- */

static bool grow_parts(struct live_ring *ring, int32_t n)
{
    struct live_part *parts;

    if (n <= ring->n_parts)
        return true;
    parts = calloc((size_t)n, sizeof *parts);
    if (!parts)
        return false;
    if (ring->n_parts)
        memcpy(parts, ring->parts, (size_t)ring->n_parts * sizeof *parts);
    free(ring->parts);
    ring->parts = parts;
    ring->n_parts = n;
    return true;
}

void live_ring_begin(struct live_ring *ring, int64_t life)
{
    free(ring->parts);
    ring->parts = NULL;
    ring->n_parts = 0;
    ring->life = life;
}

bool live_ring_learn(struct live_ring *ring, int32_t partition, int64_t next, int64_t end)
{
    struct live_part *part;

    if (!grow_parts(ring, partition + 1))
        return false;
    part = &ring->parts[partition];
    if (!part->known) {
        part->known = true;
        part->born = part->next = next;
    }
    part->end = end;
    return true;
}

/* From here on the ring has everything, reading from block b (NULL: the ring is empty). */
static int64_t whole_from(const struct live_ring *ring, const struct live_block *b, int32_t partition)
{
    const struct live_part *part = &ring->parts[partition];

    if (!b)
        return part->next;
    /* `starts` says 0 of a partition that the ring knew only later, and nothing of this life in a block of another. */
    if (b->life != ring->life || partition >= b->n_starts || b->starts[partition] < part->born)
        return part->born;
    return b->starts[partition];
}

int64_t live_ring_from(const struct live_ring *ring, int32_t partition)
{
    return whole_from(ring, TAILQ_FIRST(&ring->blocks), partition);
}

/* ---- appending ---- */

static size_t padded(size_t len)
{
    return (len + 7) & ~(size_t)7;
}

static size_t block_size(const struct live_ring *ring, size_t need)
{
    size_t most = ring->all->ring_max / BLOCKS_A_RING;
    size_t size = ring->bytes / 4;

    if (size > most)
        size = most;
    if (size < BLOCK_MIN)
        size = BLOCK_MIN;
    return padded(size < need ? need : size);
}

/* Room for `more` bytes within both bounds. The last block goes too when it must: the bounds hold, but for one
 * message that is larger than a bound by itself. */
static void make_room(struct live_ring *ring, size_t more)
{
    struct live_rings *all = ring->all;

    while (ring->bytes + more > all->ring_max && !TAILQ_EMPTY(&ring->blocks))
        drop(TAILQ_FIRST(&ring->blocks));
    while (all->bytes + more > all->all_max && !TAILQ_EMPTY(&all->by_age))
        drop(TAILQ_FIRST(&all->by_age));
}

static struct live_block *add_block(struct live_ring *ring, size_t need)
{
    size_t size = block_size(ring, need);
    size_t bytes = sizeof(struct live_block) + size + (size_t)ring->n_parts * sizeof(int64_t);
    struct live_block *b = malloc(bytes);

    if (!b)
        return NULL;
    *b = (struct live_block){
        .refs = 1, .first_seq = ring->next_seq, .life = ring->life, .bytes = bytes, .size = size, .ring = ring,
        .n_starts = ring->n_parts, .starts = (int64_t *)(b->data + size),
    };
    for (int32_t i = 0; i < ring->n_parts; i++)
        b->starts[i] = ring->parts[i].next;
    make_room(ring, bytes);
    TAILQ_INSERT_TAIL(&ring->blocks, b, in_ring);
    TAILQ_INSERT_TAIL(&ring->all->by_age, b, in_age);
    ring->bytes += bytes;
    ring->all->bytes += bytes;
    return b;
}

static char *put(char *to, const void *bytes, size_t len)
{
    if (len)
        memcpy(to, bytes, len);
    return to + len;
}

static void store(struct live_block *b, const struct kl_message *m, size_t size)
{
    char *at = b->data + b->used;
    struct stored head = {
        .offset = m->offset, .timestamp_ms = m->timestamp_ms,
        .size = (uint32_t)size, .headers_len = (uint32_t)m->headers_len,
        .partition = m->partition, .key_len = m->key ? (int32_t)m->key_len : -1,
        .value_len = m->value ? (int32_t)m->value_len : -1,
    };

    at = put(at, &head, sizeof head);
    at = put(at, m->key, m->key_len);
    at = put(at, m->value, m->value_len);
    put(at, m->headers, m->headers_len);
    b->used += size;
    b->n++;
}

static void count_in(struct live_part *part, int64_t offset)
{
    /* Before, there was only the feed's word for where it would begin. */
    if (!part->published)
        part->born = offset;
    part->known = part->published = true;
    part->next = offset + 1;
}

void live_ring_lose(struct live_ring *ring, int32_t partition, int64_t offset)
{
    drop_all(ring);
    ring->next_seq++;
    if (grow_parts(ring, partition + 1))
        count_in(&ring->parts[partition], offset);
}

/* The block that takes the next message; NULL: no memory. */
static struct live_block *room_for(struct live_ring *ring, size_t size)
{
    struct live_block *b = TAILQ_LAST(&ring->blocks, live_blocks);

    return b && b->life == ring->life && b->size - b->used >= size ? b : add_block(ring, size);
}

bool live_ring_append(struct live_ring *ring, const struct kl_message *m)
{
    size_t size = padded(sizeof(struct stored) + m->key_len + m->value_len + m->headers_len);
    struct live_block *b = NULL;

    if (grow_parts(ring, m->partition + 1)) {
        const struct live_part *part = &ring->parts[m->partition];

        if (part->published && m->offset < part->next)
            return false;
        b = room_for(ring, size);
    }
    if (!b) {
        live_ring_lose(ring, m->partition, m->offset);
        return false;
    }
    store(b, m, size);
    ring->next_seq++;
    count_in(&ring->parts[m->partition], m->offset);
    return true;
}

/* ---- reading ---- */

/* The oldest block of the younger half. */
static const struct live_block *half(const struct live_ring *ring)
{
    const struct live_block *b, *oldest = NULL;
    size_t bytes = 0;

    TAILQ_FOREACH_REVERSE(b, &ring->blocks, live_blocks, in_ring) {
        bytes += b->bytes;
        if (oldest && bytes > ring->all->ring_max / 2)
            break;
        oldest = b;
    }
    return oldest;
}

bool live_ring_covers(const struct live_ring *ring, const int64_t *next, int32_t n, unsigned cover)
{
    const struct live_block *b = cover & LIVE_COVER_STILL ? TAILQ_FIRST(&ring->blocks) : half(ring);

    for (int32_t i = 0; i < ring->n_parts; i++) {
        const struct live_part *part = &ring->parts[i];
        int64_t at = i < n ? next[i] : 0;

        if (at < whole_from(ring, b, i))
            return false;
        if (!(cover & LIVE_COVER_CHECKED) && at > part->next && at > part->end)
            return false;
    }
    return true;
}

static bool all_read(const struct live_ring *ring, const int64_t *next, int32_t n)
{
    for (int32_t i = 0; i < ring->n_parts; i++)
        if ((i < n ? next[i] : 0) < ring->parts[i].next)
            return false;
    return true;
}

static bool begins_before(const struct live_block *b, const int64_t *next, int32_t n)
{
    for (int32_t i = 0; i < b->n_starts; i++)
        if ((i < n ? next[i] : 0) < b->starts[i])
            return false;
    return true;
}

static uint64_t first_seq(const struct live_ring *ring)
{
    return TAILQ_EMPTY(&ring->blocks) ? ring->next_seq : TAILQ_FIRST(&ring->blocks)->first_seq;
}

struct live_cursor live_ring_end(const struct live_ring *ring)
{
    const struct live_block *last = TAILQ_LAST(&ring->blocks, live_blocks);

    return (struct live_cursor){ .seq = ring->next_seq, .at = last ? last->used : 0 };
}

struct live_cursor live_ring_seek(const struct live_ring *ring, const int64_t *next, int32_t n)
{
    struct live_cursor cursor = { .seq = ring->next_seq };
    const struct live_block *b;

    if (all_read(ring, next, n))
        return live_ring_end(ring);
    TAILQ_FOREACH_REVERSE(b, &ring->blocks, live_blocks, in_ring) {
        if (b->life != ring->life)
            break;
        cursor.seq = b->first_seq;
        if (begins_before(b, next, n))
            break;
    }
    return cursor;
}

uint64_t live_ring_catch_up(const struct live_ring *ring, struct live_cursor *cursor)
{
    uint64_t first = first_seq(ring), skipped;

    if (cursor->seq >= first)
        return 0;
    skipped = first - cursor->seq;
    *cursor = (struct live_cursor){ .seq = first };
    return skipped;
}

int32_t live_ring_first_starts(const struct live_ring *ring, int64_t *starts)
{
    const struct live_block *b = TAILQ_FIRST(&ring->blocks);
    int32_t n = b ? b->n_starts : ring->n_parts;

    for (int32_t i = 0; starts && i < n; i++)
        starts[i] = b ? b->starts[i] : ring->parts[i].next;
    return n;
}

bool live_ring_slice(const struct live_ring *ring, const struct live_cursor *cursor, struct live_slice *slice)
{
    struct live_block *b;

    if (cursor->seq == ring->next_seq)
        return false;
    /* From the newest: that is where most readers are. */
    TAILQ_FOREACH_REVERSE(b, &ring->blocks, live_blocks, in_ring)
        if (b->first_seq <= cursor->seq)
            break;
    kl_assert(b && cursor->seq < b->first_seq + b->n);
    atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
    /* A cursor behind the last message of the block before stands on the first of this one. */
    *slice = (struct live_slice){ .block = b, .at = cursor->seq == b->first_seq ? 0 : cursor->at, .end = b->used };
    return true;
}

bool live_slice_next(struct live_slice *slice, struct kl_message *m)
{
    const char *at = slice->block->data + slice->at;
    const struct stored *head = (const struct stored *)at;
    size_t key_len, value_len;

    if (slice->at == slice->end)
        return false;
    key_len = head->key_len < 0 ? 0 : (size_t)head->key_len;
    value_len = head->value_len < 0 ? 0 : (size_t)head->value_len;
    at += sizeof *head;
    *m = (struct kl_message){
        .partition = head->partition, .offset = head->offset, .timestamp_ms = head->timestamp_ms,
        .key = head->key_len < 0 ? NULL : at, .key_len = key_len,
        .value = head->value_len < 0 ? NULL : at + key_len, .value_len = value_len,
        .headers = at + key_len + value_len, .headers_len = head->headers_len,
    };
    slice->at += head->size;
    return true;
}

void live_slice_end(struct live_slice *slice)
{
    block_unref(slice->block);
    slice->block = NULL;
}
