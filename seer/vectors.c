/* vectors.c - the rows stand in chunks of about a megabyte, so that adding moves nothing and removing touches little: a chunk
 * knows its least and greatest number, and numbers mostly grow, so one document's rows are in few chunks. Inside a chunk
 * the last row fills the place of a removed one; two neighbours that fit into one become one. */
#include "vectors.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "vectors_dot.h"

#define CHUNK_BYTES    (1 << 20) /* of rows: little beside what a process has, much beside what a chunk costs */
#define CHUNK_ROWS_MIN 64
#define BLOCK_ROWS     64        /* whose products are at hand at once */

struct chunk {
    void    *memory;   /* of what follows */
    int64_t *ids;
    float   *inverses; /* one over the row's length */
    int8_t  *rows;
    size_t   count;
    int64_t  low, high; /* no number is below or above */
};

struct vectors {
    size_t          dims, width, chunk_rows; /* set once, before other threads know it; so is dot */
    vectors_dot_fn *dot;

    pthread_rwlock_t lock; /* guards what follows */
    struct chunk   **chunks; /* none is empty */
    size_t           count, room; /* of chunks */
    size_t           rows;
};

/* ---- life ------------------------------------------------------------------------------------------------------ */

/* Writers go first: else a stream of searches would keep what is new out for ever. */
static bool make_lock(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attr;
    bool made;

    if (pthread_rwlockattr_init(&attr) != 0)
        return false;
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    made = pthread_rwlock_init(lock, &attr) == 0;
    pthread_rwlockattr_destroy(&attr);
    return made;
}

enum kl_code vectors_open(struct vectors **out, size_t dims, struct kl_error *err)
{
    struct vectors *v;

    *out = NULL;
    if (dims < 1 || dims > VECTORS_DIMS_MAX)
        return kl_fail_limit(err, KL_INVALID, NULL, VECTORS_DIMS_MAX, "vectors of %zu dimensions are not taken: 1 to %d are", dims, VECTORS_DIMS_MAX);
    v = calloc(1, sizeof *v);
    if (!v || !make_lock(&v->lock)) {
        free(v);
        return kl_fail(err, KL_BUSY, "no memory for vectors");
    }
    v->dims = dims;
    v->width = (dims + VECTORS_STRIDE - 1) / VECTORS_STRIDE * VECTORS_STRIDE;
    v->chunk_rows = CHUNK_BYTES / v->width > CHUNK_ROWS_MIN ? CHUNK_BYTES / v->width : CHUNK_ROWS_MIN;
    v->dot = vectors_dot();
    *out = v;
    return KL_OK;
}

static void chunk_free(struct chunk *c)
{
    if (!c)
        return;
    free(c->memory);
    free(c);
}

void vectors_close(struct vectors *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < v->count; i++)
        chunk_free(v->chunks[i]);
    free(v->chunks);
    pthread_rwlock_destroy(&v->lock);
    free(v);
}

void vectors_use(struct vectors *v, const struct vectors_way *way)
{
    v->dot = way->dot;
}

size_t vectors_dims(const struct vectors *v)
{
    return v->dims;
}

size_t vectors_count(struct vectors *v)
{
    size_t rows;

    pthread_rwlock_rdlock(&v->lock);
    rows = v->rows;
    pthread_rwlock_unlock(&v->lock);
    return rows;
}

static size_t chunk_bytes(const struct vectors *v)
{
    return v->chunk_rows * (v->width + sizeof(float) + sizeof(int64_t)) + VECTORS_STRIDE;
}

size_t vectors_bytes(struct vectors *v)
{
    size_t bytes;

    pthread_rwlock_rdlock(&v->lock);
    bytes = sizeof *v + v->room * sizeof(struct chunk *) + v->count * (sizeof(struct chunk) + chunk_bytes(v));
    pthread_rwlock_unlock(&v->lock);
    return bytes;
}

void vectors_row(const float *vector, size_t dims, int8_t *row)
{
    float most = 0;

    for (size_t i = 0; i < dims; i++)
        most = fmaxf(most, fabsf(vector[i]));
    for (size_t i = 0; i < dims; i++)
        row[i] = most > 0 ? (int8_t)lrintf(vector[i] / most * 127) : 0;
}

/* ---- adding ---------------------------------------------------------------------------------------------------- */

static struct chunk *chunk_new(const struct vectors *v)
{
    struct chunk *c = calloc(1, sizeof *c);
    uintptr_t at;

    if (!c)
        return NULL;
    c->memory = malloc(chunk_bytes(v));
    if (!c->memory) {
        free(c);
        return NULL;
    }
    at = ((uintptr_t)c->memory + VECTORS_STRIDE - 1) / VECTORS_STRIDE * VECTORS_STRIDE;
    c->rows = (int8_t *)at;
    c->ids = (int64_t *)(c->rows + v->chunk_rows * v->width);
    c->inverses = (float *)(c->ids + v->chunk_rows);
    return c;
}

static bool has_direction(const int8_t *row, size_t dims)
{
    for (size_t i = 0; i < dims; i++)
        if (row[i] != 0)
            return true;
    return false;
}

/* One over the length of a row that has a direction and stands where dot wants it. */
static float inverse_length(const struct vectors *v, const int8_t *row)
{
    int32_t square;

    v->dot(row, 1, v->width, row, &square);
    return 1 / sqrtf((float)square);
}

static size_t chunks_for(const struct vectors *v, size_t rows)
{
    size_t left = v->count > 0 ? v->chunk_rows - v->chunks[v->count - 1]->count : 0;

    return rows <= left ? 0 : (rows - left + v->chunk_rows - 1) / v->chunk_rows;
}

static bool table_room(struct vectors *v, size_t more)
{
    size_t room = v->room > 0 ? v->room : 16;
    struct chunk **chunks;

    while (room < v->count + more)
        room *= 2;
    if (room == v->room)
        return true;
    chunks = realloc(v->chunks, room * sizeof *chunks);
    if (!chunks)
        return false;
    v->chunks = chunks;
    v->room = room;
    return true;
}

/* Chunks for n more rows, behind the table's end, where they do not count yet. All or none. */
static bool make_chunks(struct vectors *v, size_t n)
{
    size_t more = chunks_for(v, n);

    if (!table_room(v, more))
        return false;
    for (size_t i = 0; i < more; i++) {
        v->chunks[v->count + i] = chunk_new(v);
        if (v->chunks[v->count + i])
            continue;
        while (i > 0)
            chunk_free(v->chunks[v->count + --i]);
        return false;
    }
    return true;
}

static void chunk_put(const struct vectors *v, struct chunk *c, int64_t id, const int8_t *row)
{
    int8_t *to = c->rows + c->count * v->width;

    memcpy(to, row, v->dims);
    memset(to + v->dims, 0, v->width - v->dims);
    c->ids[c->count] = id;
    c->inverses[c->count] = inverse_length(v, to);
    c->low = c->count == 0 || id < c->low ? id : c->low;
    c->high = c->count == 0 || id > c->high ? id : c->high;
    c->count++;
}

static void put_row(struct vectors *v, int64_t id, const int8_t *row)
{
    if (v->count == 0 || v->chunks[v->count - 1]->count == v->chunk_rows)
        v->count++; /* the next of make_chunks() */
    chunk_put(v, v->chunks[v->count - 1], id, row);
    v->rows++;
}

enum kl_code vectors_add(struct vectors *v, const int64_t *ids, const int8_t *rows, size_t n, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    size_t with_direction = 0;

    for (size_t i = 0; i < n; i++)
        with_direction += has_direction(rows + i * v->dims, v->dims);
    pthread_rwlock_wrlock(&v->lock);
    if (!make_chunks(v, with_direction))
        code = kl_fail(err, KL_BUSY, "no memory for %zu more vectors", n);
    for (size_t i = 0; code == KL_OK && i < n; i++)
        if (has_direction(rows + i * v->dims, v->dims))
            put_row(v, ids[i], rows + i * v->dims);
    pthread_rwlock_unlock(&v->lock);
    return code;
}

/* ---- removing -------------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void chunk_remove(const struct vectors *v, struct chunk *c, const int64_t *ids, size_t n)
{
    for (size_t at = 0; at < c->count;) {
        if (!bsearch(&c->ids[at], ids, n, sizeof *ids, by_number)) {
            at++;
            continue;
        }
        c->count--; /* the last one moves here, and is looked at next */
        c->ids[at] = c->ids[c->count];
        c->inverses[at] = c->inverses[c->count];
        if (at < c->count)
            memcpy(c->rows + at * v->width, c->rows + c->count * v->width, v->width);
    }
}

static void chunk_append(const struct vectors *v, struct chunk *to, const struct chunk *from)
{
    for (size_t i = 0; i < from->count; i++)
        chunk_put(v, to, from->ids[i], from->rows + i * v->width);
}

/* Empty chunks go, and neighbours that fit into one are joined, so that many removals leave no holes behind. */
static void join_chunks(struct vectors *v)
{
    size_t kept = 0;

    for (size_t i = 0; i < v->count; i++) {
        struct chunk *c = v->chunks[i];
        if (c->count > 0 && (kept == 0 || v->chunks[kept - 1]->count + c->count > v->chunk_rows)) {
            v->chunks[kept++] = c;
            continue;
        }
        if (c->count > 0)
            chunk_append(v, v->chunks[kept - 1], c);
        chunk_free(c);
    }
    v->count = kept;
}

void vectors_remove(struct vectors *v, const int64_t *ids, size_t n)
{
    size_t removed = 0;

    if (n == 0)
        return;
    pthread_rwlock_wrlock(&v->lock);
    for (size_t i = 0; i < v->count; i++) {
        struct chunk *c = v->chunks[i];
        size_t before = c->count;
        if (c->high < ids[0] || c->low > ids[n - 1])
            continue;
        chunk_remove(v, c, ids, n);
        removed += before - c->count;
    }
    v->rows -= removed;
    if (removed > 0)
        join_chunks(v);
    pthread_rwlock_unlock(&v->lock);
}

/* ---- searching ------------------------------------------------------------------------------------------------- */

struct best {
    struct vector_hit *hits; /* best first */
    size_t             count, k;
    bool             (*keep)(void *ctx, int64_t id);
    void              *ctx;
};

static bool better(float score, int64_t id, const struct vector_hit *than)
{
    return score > than->score || (score == than->score && id < than->id);
}

static size_t place_of(const struct best *b, int64_t id)
{
    size_t at = 0;

    while (at < b->count && b->hits[at].id != id)
        at++;
    return at;
}

/* A number that is among them already moves up; another one pushes the worst out. */
static void offer(struct best *b, int64_t id, float score)
{
    size_t at;

    if (b->count == b->k && !better(score, id, &b->hits[b->k - 1]))
        return;
    at = place_of(b, id);
    if (at < b->count && !better(score, id, &b->hits[at]))
        return;
    if (at == b->count && b->keep && !b->keep(b->ctx, id))
        return;
    if (at == b->count)
        at = b->count < b->k ? b->count++ : b->k - 1;
    for (; at > 0 && better(score, id, &b->hits[at - 1]); at--)
        b->hits[at] = b->hits[at - 1];
    b->hits[at] = (struct vector_hit){ id, score };
}

static void look_through(const struct vectors *v, const struct chunk *c, const int8_t *query, float inverse, struct best *b)
{
    int32_t dots[BLOCK_ROWS];

    for (size_t from = 0; from < c->count; from += BLOCK_ROWS) {
        size_t n = c->count - from < BLOCK_ROWS ? c->count - from : BLOCK_ROWS;
        v->dot(c->rows + from * v->width, n, v->width, query, dots);
        for (size_t i = 0; i < n; i++)
            offer(b, c->ids[from + i], (float)dots[i] * c->inverses[from + i] * inverse);
    }
}

size_t vectors_nearest(struct vectors *v, const int8_t *query, size_t k, bool (*keep)(void *ctx, int64_t id), void *ctx,
                       struct vector_hit *out)
{
    _Alignas(VECTORS_STRIDE) int8_t padded[VECTORS_DIMS_MAX] = { 0 };
    struct best b = { .hits = out, .k = k, .keep = keep, .ctx = ctx };
    float inverse;

    if (k == 0 || !has_direction(query, v->dims))
        return 0;
    memcpy(padded, query, v->dims);
    inverse = inverse_length(v, padded);
    pthread_rwlock_rdlock(&v->lock);
    for (size_t i = 0; i < v->count; i++)
        look_through(v, v->chunks[i], padded, inverse, &b);
    pthread_rwlock_unlock(&v->lock);
    return b.count;
}
