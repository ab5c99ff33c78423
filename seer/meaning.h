/* meaning.h - what a text is about, as a direction in 256 dimensions: the mean of its word pieces' vectors in the table of
 * potion-base-8M (seer/model fetches it). Two texts are near in meaning when the cosine between theirs is near 1.
 *
 * No network is run and no order of words is known: a text costs a look-up a word, thousands of passages a second and core.
 * A meaning never changes once it is open: any thread may use it. */
#ifndef MEANING_H
#define MEANING_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define MEANING_DIMS 256
#define MEANING_MODEL "potion-base-8M"

struct meaning;

/* directory: holds table.safetensors and vocab.txt, as seer/model makes them. KL_INVALID: a file is missing, or is not of the shape we know. */
KL_MUST_CHECK enum kl_code meaning_open(struct meaning **out, const char *directory, struct kl_error *err);
void meaning_close(struct meaning *m); /* NULL is fine */

/* The text's vector, of length 1; all zero when no word of it is known. */
void meaning_vector(const struct meaning *m, const char *text, size_t len, float out[MEANING_DIMS]);

#endif
