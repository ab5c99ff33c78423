/* words.h - FTS5 as readers use it: the words of a text exactly as the index has them, and a score that costs a tenth of
 * bm25().
 *
 * bm25() counts each word's rows once more and reads each row's length from the disk. Here the caller knows the words'
 * weights already, and a candidate's length is looked at later, for the few that matter. Belongs to its connection's thread. */
#ifndef WORDS_H
#define WORDS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define INDEX_TOKENIZER "porter unicode61 remove_diacritics 2" /* of passage_words */

#define WORDS_MAX      32  /* with a weight */
#define WORDS_TERM_MAX 160 /* bytes of a word in the index that are compared: a SHA-512 has 128; longer ones are no words */

struct words;

/* Adds the SQL function weight(passage_words) to the connection, which must outlive it. */
KL_MUST_CHECK enum kl_code words_open(struct words **out, sqlite3 *db, struct kl_error *err);
void words_close(struct words *w); /* NULL is fine */

/* The words of text in their order: folded and stemmed, and the bytes where each stands. each returns false to end. */
typedef bool words_fn(void *ctx, const char *term, size_t len, size_t from, size_t to);
KL_MUST_CHECK enum kl_code words_of(struct words *w, const char *text, size_t len, words_fn *each, void *ctx, struct kl_error *err);

/* Is it a word that tells nothing about a text ("the", "which")? term as words_of() gives it. */
bool words_stop(const struct words *w, const char *term, size_t len);

/* What weight() gives a word that stands tf times in a passage, as the nth of the query: weights[n] * saturation(tf). */
void words_weigh(struct words *w, const double *weights, size_t n);

#endif
