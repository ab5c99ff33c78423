/* vectors.h - which of many vectors are nearest to one: rows of int8 with a number each, in memory, looked through whole.
 *
 * Looking through all is exact, has nothing to build or to repair, and lets a filter be any function; a million rows of 256
 * take 256 MB and some ten milliseconds. The numbers are passages'; a number may have several rows (its sentences'), and the
 * nearest of them counts.
 *
 * Any thread may call anything. A call of vectors_add or vectors_remove is seen whole or not at all by a search, and waits
 * for those that run; a search waits for no other. */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define VECTORS_DIMS_MAX 8192 /* of a row; the widest models in use have 4,096. Sums of so many products fit 32 bits. */

struct vectors;

KL_MUST_CHECK enum kl_code vectors_open(struct vectors **out, size_t dims, struct kl_error *err);
void   vectors_close(struct vectors *v); /* NULL is fine */
size_t vectors_dims(const struct vectors *v);
size_t vectors_count(struct vectors *v); /* rows */
size_t vectors_bytes(struct vectors *v); /* of memory */

/* A vector as a row: its largest component becomes 127 or -127, its length is lost (only directions are compared). */
void vectors_row(const float *vector, size_t dims, int8_t *row);

/* The cosine of two rows; 0 when one has no direction. */
float vectors_cosine(const int8_t *a, const int8_t *b, size_t dims);

/* Adds n rows, one behind the other in rows, each of ids[i]; copied. KL_BUSY: no memory, and none was added.
 * Numbers that mostly grow from call to call make removals fast. */
KL_MUST_CHECK enum kl_code vectors_add(struct vectors *v, const int64_t *ids, const int8_t *rows, size_t n, struct kl_error *err);
/* Removes all rows of n numbers, which stand in ascending order; of one that has none, nothing. */
void vectors_remove(struct vectors *v, const int64_t *ids, size_t n);

struct vector_hit {
    int64_t id;
    float   score; /* the cosine: 1 the same direction, 0 nothing in common */
};

/* The k numbers nearest to query (a row), best first, equals by number; returns how many, at most k. keep(ctx, id) tells
 * whether a number may be among them (NULL: all may): it is asked only of those that would be, may be asked twice, and must
 * not call this module. A query of zeros finds nothing. */
size_t vectors_nearest(struct vectors *v, const int8_t *query, size_t k, bool (*keep)(void *ctx, int64_t id), void *ctx,
                       struct vector_hit *out);

#endif
