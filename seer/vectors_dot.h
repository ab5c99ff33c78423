/* vectors_dot.h - vectors.c's inner loop: the products of one row with many, as fast as the processor can. All ways give
 * the same numbers, since they are whole numbers. */
#ifndef VECTORS_DOT_H
#define VECTORS_DOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTORS_STRIDE 64 /* rows begin at multiples of it, in memory and behind each other; what is over is zero */

/* out[i]: the product of query and the i-th of n rows; width: their bytes, a multiple of VECTORS_STRIDE. Components are
 * -127 to 127. */
typedef void vectors_dot_fn(const int8_t *rows, size_t n, size_t width, const int8_t *query, int32_t *out);

struct vectors_way {
    const char *name;
    bool      (*possible)(void); /* on this processor */
    vectors_dot_fn *dot;
};
extern const struct vectors_way vectors_ways[]; /* fastest first; the last is always possible; ended by a row without name */

/* The fastest that is possible. */
vectors_dot_fn *vectors_dot(void);

/* For measurements and tests: one way and no other; before v is used. */
struct vectors;
void vectors_use(struct vectors *v, const struct vectors_way *way);

#endif
