/* fuse.h - one ranking of what words found and what meaning found. How was chosen on questions: docs/seer-quality.md. Pure. */
#ifndef FUSE_H
#define FUSE_H

#include "readers.h"
#include "vectors.h"

/* Both lists best first, each passage once in each. possible: the score of a passage that has all of the question's words
 * (0: it has none). Writes to out, which has room for n_words + n_near, every passage once, best first; returns how many.
 * A score is between 0 and 1. */
size_t fuse(const struct reader_hit *words, size_t n_words, double possible, const struct vector_hit *near, size_t n_near,
            struct reader_hit *out);

#endif
