/* vectors_dot.c - the ways to multiply rows. Each is compiled for its own processor, whatever the rest is compiled for. */
#include "vectors_dot.h"

#include <math.h>

#include "vectors.h"

static bool always(void) { return true; }

/* Blocks of a fixed size: the compiler makes SIMD of those by itself. */
static void dot_portable(const int8_t *rows, size_t n, size_t width, const int8_t *query, int32_t *out)
{
    for (size_t r = 0; r < n; r++, rows += width) {
        int32_t sum = 0;
        for (size_t at = 0; at < width; at += VECTORS_STRIDE)
            for (size_t i = at; i < at + VECTORS_STRIDE; i++)
                sum += (int16_t)rows[i] * (int16_t)query[i];
        out[r] = sum;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }
static bool has_vnni(void) { return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw"); }

/* The instruction multiplies unsigned by signed bytes: |q| by r with q's sign. Two products of at most 127 * 127 fit 16 bits. */
__attribute__((target("avx2"))) static void dot_avx2(const int8_t *rows, size_t n, size_t width, const int8_t *query, int32_t *out)
{
    const __m256i ones = _mm256_set1_epi16(1);

    for (size_t r = 0; r < n; r++, rows += width) {
        __m256i sum = _mm256_setzero_si256();
        __m128i half;
        for (size_t i = 0; i < width; i += 32) {
            __m256i q = _mm256_load_si256((const __m256i *)(query + i));
            __m256i signed_row = _mm256_sign_epi8(_mm256_load_si256((const __m256i *)(rows + i)), q);
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_abs_epi8(q), signed_row), ones));
        }
        half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
        out[r] = _mm_cvtsi128_si32(half);
    }
}

/* Here the sum of four products is exact at any size: r + 128 by q, less 128 times the sum of q. */
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void dot_vnni(const int8_t *rows, size_t n, size_t width, const int8_t *query,
                                                                            int32_t *out)
{
    const __m512i flip = _mm512_set1_epi8(-128);
    int32_t excess = 0;

    for (size_t i = 0; i < width; i++)
        excess += 128 * query[i];
    for (size_t r = 0; r < n; r++, rows += width) {
        __m512i sum = _mm512_setzero_si512();
        for (size_t i = 0; i < width; i += 64)
            sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(_mm512_load_si512(rows + i), flip), _mm512_load_si512(query + i));
        out[r] = _mm512_reduce_add_epi32(sum) - excess;
    }
}
#endif

const struct vectors_way vectors_ways[] = {
#if defined(__x86_64__)
    { "avx512vnni", has_vnni, dot_vnni },
    { "avx2", has_avx2, dot_avx2 },
#endif
    { "portable", always, dot_portable },
    { NULL, NULL, NULL },
};

float vectors_cosine(const int8_t *a, const int8_t *b, size_t dims)
{
    int32_t product = 0, square_a = 0, square_b = 0;

    for (size_t i = 0; i < dims; i++) {
        product += a[i] * b[i];
        square_a += a[i] * a[i];
        square_b += b[i] * b[i];
    }
    return square_a && square_b ? (float)product / sqrtf((float)square_a) / sqrtf((float)square_b) : 0;
}

vectors_dot_fn *vectors_dot(void)
{
    const struct vectors_way *way = vectors_ways;

    while (!way->possible())
        way++;
    return way->dot;
}
