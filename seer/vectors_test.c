#include "vectors.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "fault.h"
#include "test.h"
#include "vectors_dot.h"

#define DIMS 256

/* xorshift: the same rows in each run. */
static int8_t random_component(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (int8_t)((int)(*seed % 255) - 127);
}

static int8_t *random_rows(size_t n, size_t dims)
{
    int8_t *rows = malloc(n * dims);
    uint64_t seed = 88172645463325252u;

    CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
    for (size_t i = 0; i < n * dims; i++)
        rows[i] = random_component(&seed);
    return rows;
}

static struct vectors *vectors_made(size_t dims)
{
    struct vectors *v;

    CU_ASSERT_EQUAL_FATAL(vectors_open(&v, dims, NULL), KL_OK);
    return v;
}

/* n rows numbered from first, in steps of one. */
static void add(struct vectors *v, int64_t first, const int8_t *rows, size_t n)
{
    int64_t *ids = malloc((n + 1) * sizeof *ids);

    CU_ASSERT_PTR_NOT_NULL_FATAL(ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = first + (int64_t)i;
    CU_ASSERT_EQUAL(vectors_add(v, ids, rows, n, NULL), KL_OK);
    free(ids);
}

/* A row of two components. */
static void add_flat(struct vectors *v, int64_t id, int8_t x, int8_t y)
{
    const int8_t row[2] = { x, y };

    CU_ASSERT_EQUAL(vectors_add(v, &id, row, 1, NULL), KL_OK);
}

static const int8_t east[2] = { 127, 0 };

static void vectors_finds_the_nearest_best_first(void)
{
    struct vectors *v = vectors_made(2);
    struct vector_hit hits[4];

    add_flat(v, 7, 0, 100);
    add_flat(v, 8, 3, 3);
    add_flat(v, 9, 50, 0);
    add_flat(v, 10, -1, 0);
    CU_ASSERT_EQUAL_FATAL(vectors_nearest(v, east, 3, NULL, NULL, hits), 3);
    CU_ASSERT_EQUAL(hits[0].id, 9);
    CU_ASSERT_DOUBLE_EQUAL(hits[0].score, 1, 1e-6);
    CU_ASSERT_EQUAL(hits[1].id, 8);
    CU_ASSERT_DOUBLE_EQUAL(hits[1].score, 0.70711, 1e-5);
    CU_ASSERT_EQUAL(hits[2].id, 7);
    CU_ASSERT_EQUAL_FATAL(vectors_nearest(v, east, 9, NULL, NULL, (struct vector_hit[9]){ { 0 } }), 4);
    vectors_close(v);
}

static void vectors_orders_equals_by_number(void)
{
    struct vectors *v = vectors_made(2);
    struct vector_hit hits[2];

    for (int64_t id = 9; id > 0; id--)
        add_flat(v, id, 1, 0);
    CU_ASSERT_EQUAL_FATAL(vectors_nearest(v, east, 2, NULL, NULL, hits), 2);
    CU_ASSERT_EQUAL(hits[0].id, 1);
    CU_ASSERT_EQUAL(hits[1].id, 2);
    vectors_close(v);
}

static void vectors_counts_the_best_of_a_numbers_rows(void)
{
    struct vectors *v = vectors_made(2);
    struct vector_hit hits[3];

    add_flat(v, 1, 1, 2);
    add_flat(v, 2, 2, 1);
    add_flat(v, 1, 5, 0);
    add_flat(v, 1, 1, 9);
    CU_ASSERT_EQUAL_FATAL(vectors_nearest(v, east, 3, NULL, NULL, hits), 2);
    CU_ASSERT_EQUAL(hits[0].id, 1);
    CU_ASSERT_DOUBLE_EQUAL(hits[0].score, 1, 1e-6);
    CU_ASSERT_EQUAL(hits[1].id, 2);
    CU_ASSERT_EQUAL(vectors_count(v), 4);
    vectors_close(v);
}

static bool is_even(void *ctx, int64_t id)
{
    ++*(int *)ctx;
    return id % 2 == 0;
}

static void vectors_leaves_out_what_is_not_to_be_kept(void)
{
    struct vectors *v = vectors_made(2);
    struct vector_hit hits[2];
    int asked = 0;

    for (int64_t id = 1; id <= 100; id++)
        add_flat(v, id, 100, (int8_t)id);
    CU_ASSERT_EQUAL_FATAL(vectors_nearest(v, east, 2, is_even, &asked, hits), 2);
    CU_ASSERT_EQUAL(hits[0].id, 2);
    CU_ASSERT_EQUAL(hits[1].id, 4);
    CU_ASSERT_EQUAL(asked, 4); /* those behind were no better */
    vectors_close(v);
}

static void vectors_without_direction_are_not_found(void)
{
    static const int8_t nothing[2] = { 0, 0 };
    struct vectors *v = vectors_made(2);
    struct vector_hit hit;

    add_flat(v, 1, 0, 0);
    CU_ASSERT_EQUAL(vectors_count(v), 0);
    add_flat(v, 2, 1, 0);
    CU_ASSERT_EQUAL(vectors_nearest(v, nothing, 1, NULL, NULL, &hit), 0);
    CU_ASSERT_EQUAL(vectors_nearest(v, east, 0, NULL, NULL, &hit), 0);
    CU_ASSERT_EQUAL(vectors_nearest(v, east, 1, NULL, NULL, &hit), 1);
    CU_ASSERT_EQUAL(hit.id, 2);
    vectors_close(v);
}

static void vectors_makes_rows_of_directions(void)
{
    static const float vector[] = { 0.5f, -1, 0, 0.25f };
    int8_t row[4];

    vectors_row(vector, 4, row);
    CU_ASSERT_EQUAL(row[0], 64);
    CU_ASSERT_EQUAL(row[1], -127);
    CU_ASSERT_EQUAL(row[2], 0);
    CU_ASSERT_EQUAL(row[3], 32);
    vectors_row((const float[4]){ 0 }, 4, row);
    CU_ASSERT_EQUAL(memcmp(row, "\0\0\0\0", 4), 0);
}

static void vectors_cosine_is_that_of_the_search(void)
{
    static const int8_t row[2] = { 3, 3 }, nothing[2] = { 0, 0 }, west[2] = { -1, 0 };

    CU_ASSERT_DOUBLE_EQUAL(vectors_cosine(east, row, 2), 0.70711, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(vectors_cosine(east, west, 2), -1, 1e-6);
    CU_ASSERT_EQUAL(vectors_cosine(east, nothing, 2), 0);
    CU_ASSERT_EQUAL(vectors_cosine(nothing, east, 2), 0);
}

/* ---- many rows --------------------------------------------------------------------------------------------------- */

static void vectors_finds_each_of_many_rows(void)
{
    enum { N = 10000 };
    struct vectors *v = vectors_made(DIMS);
    int8_t *rows = random_rows(N, DIMS);
    struct vector_hit hit;

    for (size_t i = 0; i < N; i += 1000)
        add(v, (int64_t)i, rows + i * DIMS, 1000);
    CU_ASSERT_EQUAL(vectors_count(v), N);
    for (size_t i = 0; i < N; i += 97) {
        CU_ASSERT_EQUAL(vectors_nearest(v, rows + i * DIMS, 1, NULL, NULL, &hit), 1);
        CU_ASSERT_EQUAL(hit.id, (int64_t)i);
        CU_ASSERT_DOUBLE_EQUAL(hit.score, 1, 1e-5);
    }
    CU_ASSERT(vectors_bytes(v) < N * (DIMS + 12) * 3 / 2);
    free(rows);
    vectors_close(v);
}

static bool found(struct vectors *v, const int8_t *row, int64_t id)
{
    struct vector_hit hit;

    return vectors_nearest(v, row, 1, NULL, NULL, &hit) == 1 && hit.id == id;
}

static void vectors_removed_are_gone_and_the_others_stay(void)
{
    enum { N = 9000 };
    struct vectors *v = vectors_made(DIMS);
    int8_t *rows = random_rows(N, DIMS);
    int64_t ids[N / 3];

    add(v, 0, rows, N);
    for (int64_t i = 0; i < N / 3; i++)
        ids[i] = 3 * i;
    vectors_remove(v, ids, N / 3);
    CU_ASSERT_EQUAL(vectors_count(v), N - N / 3);
    for (int64_t i = 0; i < N; i += 101)
        CU_ASSERT_EQUAL(found(v, rows + i * DIMS, i), i % 3 != 0);
    free(rows);
    vectors_close(v);
}

static void vectors_gives_the_memory_of_removed_rows_back(void)
{
    enum { N = 40000 };
    struct vectors *v = vectors_made(DIMS);
    int8_t *rows = random_rows(N, DIMS);
    size_t full;

    add(v, 0, rows, N);
    full = vectors_bytes(v);
    for (int64_t i = 0; i < N; i++)
        if (i % 20 != 0)
            vectors_remove(v, &i, 1);
    CU_ASSERT_EQUAL(vectors_count(v), N / 20);
    CU_ASSERT(vectors_bytes(v) < full / 4);
    for (int64_t i = 0; i < N; i += 2020)
        CU_ASSERT(found(v, rows + i * DIMS, i));
    free(rows);
    vectors_close(v);
}

static void vectors_removes_all_rows_of_a_number_and_nothing_else(void)
{
    static const int64_t ids[] = { -5, 1, 77 };
    struct vectors *v = vectors_made(2);

    vectors_remove(v, ids, 3);
    add_flat(v, 1, 1, 0);
    add_flat(v, 2, 1, 1);
    add_flat(v, 1, 0, 1);
    vectors_remove(v, ids, 3);
    CU_ASSERT_EQUAL(vectors_count(v), 1);
    vectors_remove(v, (const int64_t[]){ 2 }, 1);
    vectors_remove(v, NULL, 0);
    CU_ASSERT_EQUAL(vectors_count(v), 0);
    add_flat(v, 3, 1, 0);
    CU_ASSERT(found(v, east, 3));
    vectors_close(v);
}

static void vectors_takes_any_number_of_dimensions(void)
{
    static const size_t dims[] = { 1, 63, 65, 1536, VECTORS_DIMS_MAX };

    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
        struct vectors *v = vectors_made(dims[d]);
        int8_t *rows = random_rows(200, dims[d]);
        rows[0] = 127;
        add(v, 1, rows, 200);
        CU_ASSERT_EQUAL(vectors_dims(v), dims[d]);
        CU_ASSERT(found(v, rows, 1) || dims[d] == 1);
        free(rows);
        vectors_close(v);
    }
}

static void vectors_refuses_too_many_dimensions(void)
{
    struct kl_error err;
    struct vectors *v;

    CU_ASSERT_EQUAL(vectors_open(&v, VECTORS_DIMS_MAX + 1, &err), KL_INVALID);
    CU_ASSERT_EQUAL(err.limit, VECTORS_DIMS_MAX);
    CU_ASSERT_EQUAL(vectors_open(&v, 0, &err), KL_INVALID);
    CU_ASSERT_PTR_NULL(v);
}

static void vectors_adds_all_or_nothing_when_memory_ends(void)
{
    enum { N = 9000 }; /* several chunks */
    int8_t *rows = random_rows(N, DIMS);
    int64_t *ids = calloc(N, sizeof *ids);
    struct vectors *v = vectors_made(DIMS);
    bool hit = true;

    for (int64_t i = 0; i < N; i++)
        ids[i] = i;
    for (long n = 0; hit; n++) {
        enum kl_code code;
        kl_fault_begin(n);
        code = vectors_add(v, ids, rows, N, NULL);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code, hit ? KL_BUSY : KL_OK);
        CU_ASSERT_EQUAL(vectors_count(v), hit ? 0 : N);
    }
    CU_ASSERT(found(v, rows, 0));
    free(ids);
    free(rows);
    vectors_close(v);
}

/* ---- the ways to multiply ----------------------------------------------------------------------------------------- */

static void every_way_gives_the_same_products(void)
{
    enum { N = 130, WIDTH = 256 };
    int8_t *random = random_rows(N, WIDTH);
    int8_t *rows = aligned_alloc(VECTORS_STRIDE, N * WIDTH);
    _Alignas(VECTORS_STRIDE) int8_t query[WIDTH];
    int32_t wanted[N], got[N];

    CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
    memcpy(rows, random, N * WIDTH);
    memset(rows, 127, WIDTH);
    memset(rows + WIDTH, -127, WIDTH);
    for (int q = 0; q < 3; q++) {
        memset(query, q == 0 ? 127 : -127, WIDTH);
        if (q == 2)
            memcpy(query, rows + 5 * WIDTH, WIDTH);
        for (size_t r = 0; r < N; r++) {
            wanted[r] = 0;
            for (size_t i = 0; i < WIDTH; i++)
                wanted[r] += rows[r * WIDTH + i] * query[i];
        }
        for (const struct vectors_way *way = vectors_ways; way->name; way++) {
            if (!way->possible())
                continue;
            way->dot(rows, N, WIDTH, query, got);
            CU_ASSERT_EQUAL(memcmp(got, wanted, sizeof got), 0);
        }
    }
    free(random);
    free(rows);
}

/* ---- threads ------------------------------------------------------------------------------------------------------- */

#define PAIRS 300

/* Adds 1 and 1001 at once, then removes both at once, and so on. */
struct traffic {
    struct vectors *v;
    atomic_bool     ended;
};

static void *come_and_go(void *arg)
{
    static const int8_t rows[4] = { 100, 0, 100, 1 };
    struct traffic *t = arg;

    for (int64_t i = 0; i < PAIRS; i++) {
        const int64_t ids[2] = { 1, 1001 };
        if (vectors_add(t->v, ids, rows, 2, NULL) != KL_OK)
            break;
        vectors_remove(t->v, ids, 2);
    }
    atomic_store(&t->ended, true);
    return NULL;
}

static void vectors_searches_see_an_addition_whole_or_not_at_all(void)
{
    struct traffic t = { .v = vectors_made(2) };
    struct vector_hit hits[2];
    size_t halves = 0;
    pthread_t thread;

    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, come_and_go, &t), 0);
    while (!atomic_load(&t.ended))
        halves += vectors_nearest(t.v, east, 2, NULL, NULL, hits) == 1;
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(halves, 0);
    vectors_close(t.v);
}

KL_TESTS("vectors", T(vectors_finds_the_nearest_best_first), T(vectors_orders_equals_by_number), T(vectors_counts_the_best_of_a_numbers_rows),
         T(vectors_leaves_out_what_is_not_to_be_kept), T(vectors_without_direction_are_not_found), T(vectors_makes_rows_of_directions), T(vectors_cosine_is_that_of_the_search),
         T(vectors_finds_each_of_many_rows), T(vectors_removed_are_gone_and_the_others_stay), T(vectors_gives_the_memory_of_removed_rows_back),
         T(vectors_removes_all_rows_of_a_number_and_nothing_else), T(vectors_takes_any_number_of_dimensions),
         T(vectors_refuses_too_many_dimensions), T(vectors_adds_all_or_nothing_when_memory_ends), T(every_way_gives_the_same_products),
         T(vectors_searches_see_an_addition_whole_or_not_at_all))
