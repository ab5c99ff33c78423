/* nearest.h - the passages nearest in meaning to a question.
 *
 * How near a passage is: half of it is its own vector, half that of its nearest sentence. A passage's vector tells what it is
 * about, a sentence's what it says; the two together find more than either. Why not all sentences are looked through:
 * docs/decisions/0007-meaning-from-a-table.md. Any thread. */
#ifndef NEAREST_H
#define NEAREST_H

#include "readers.h"
#include "vectors.h"

#define NEAREST_LOOKED     200             /* passages whose sentences are looked at, the nearest by their own vectors */
#define NEAREST_OTHERS_MAX READER_HITS_MAX /* and of those that are candidates for another reason */

/* question: a row of v's. others: passages that the words found, as many as NEAREST_OTHERS_MAX; each gets its score here too. out has room for
 * NEAREST_LOOKED + n_others; *n: how many it got, best first, each passage once. What has no vectors (yet) is left out. */
KL_MUST_CHECK enum kl_code nearest_passages(struct vectors *v, struct reader *r, const int8_t *question, struct catalog_filter *filter,
                                            const struct reader_hit *others, size_t n_others, struct vector_hit *out, size_t *n,
                                            struct kl_error *err);

#endif
