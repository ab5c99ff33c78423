/* ring_test.c - bytes between two sides. */
#include "ring.h"

#include <stdint.h>

#include "test.h"

static void what_goes_in_comes_out_in_order(void)
{
    struct ring r;
    uint32_t seed = 1;
    unsigned char in = 0, out = 0, piece[97];
    size_t moved = 0;

    CU_ASSERT_TRUE_FATAL(ring_init(&r, 64));
    while (moved < 100000) {
        size_t n = (seed = seed * 1664525u + 1013904223u) >> 16 & 63;
        size_t took, got;

        for (size_t i = 0; i < n; i++)
            piece[i] = (unsigned char)(in + i);
        took = ring_write(&r, piece, n);
        CU_ASSERT_TRUE(took <= n);
        in = (unsigned char)(in + took);
        got = ring_read(&r, piece, (seed = seed * 1664525u + 1013904223u) >> 16 & 63);
        for (size_t i = 0; i < got; i++)
            if (piece[i] != out++)
                CU_FAIL_FATAL("a byte was lost or moved");
        moved += got + 1;
    }
    ring_fini(&r);
}

static void a_full_ring_takes_nothing_more(void)
{
    struct ring r;
    char out[16];

    CU_ASSERT_TRUE_FATAL(ring_init(&r, 8));
    CU_ASSERT_EQUAL(ring_write(&r, "0123456789", 10), 8);
    CU_ASSERT_EQUAL(ring_room(&r), 0);
    CU_ASSERT_EQUAL(ring_write(&r, "x", 1), 0);
    CU_ASSERT_EQUAL(ring_read(&r, out, 3), 3);
    CU_ASSERT_EQUAL(ring_write(&r, "abcd", 4), 3);
    CU_ASSERT_EQUAL(ring_read(&r, out, sizeof out), 8);
    CU_ASSERT_NSTRING_EQUAL(out, "34567abc", 8);
    CU_ASSERT_EQUAL(ring_read(&r, out, sizeof out), 0);
    ring_fini(&r);
}

KL_TESTS("ring", T(what_goes_in_comes_out_in_order), T(a_full_ring_takes_nothing_more))
