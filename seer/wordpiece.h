/* wordpiece.h - a text as BERT's tokenizer sees it: words, each as the numbers of its pieces in a vocabulary.
 *
 * Normalised as BERT does it (control characters dropped, accents stripped, lower case, each CJK character and each
 * punctuation mark a word of its own), then cut greedily into the longest pieces that the vocabulary holds. The numbers are
 * those of Hugging Face's BertTokenizer without special tokens; what stands in brackets, as "[MASK]", is text here.
 *
 * A wordpiece never changes once it is open: any thread may use it. An iterator belongs to one thread. */
#ifndef WORDPIECE_H
#define WORDPIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define WORDPIECE_VOCABULARY_MAX 1000000 /* pieces; the largest vocabularies in use have a quarter of that */
#define WORDPIECE_WORD_CHARS     100     /* a longer word is unknown, as the tokenizer has it */
#define WORDPIECE_CHAR_BYTES     4

struct wordpiece;

/* vocabulary: a file with a piece a line, its number being the line's, from 0; "##" begins a piece that continues a word.
 * KL_INVALID: it cannot be read, or lacks "[UNK]". */
KL_MUST_CHECK enum kl_code wordpiece_open(struct wordpiece **out, const char *vocabulary, struct kl_error *err);
void   wordpiece_close(struct wordpiece *w); /* NULL is fine */
size_t wordpiece_count(const struct wordpiece *w);
/* A piece's number; -1: the vocabulary has none such. */
int32_t wordpiece_find(const struct wordpiece *w, const char *piece);

/* One word after the other:
 *
 *     struct wordpieces it;
 *     wordpieces_begin(&it, w, text, len);       // borrows w and text until the last word
 *     while (wordpieces_next(&it))
 *         ... it.ids[0] to it.ids[it.count - 1]
 *
 * Bytes that are not UTF-8 are passed over. */
struct wordpieces {
    int32_t ids[WORDPIECE_WORD_CHARS]; /* of the word at hand */
    size_t  count;                     /* 0: the vocabulary does not know the word (the tokenizer's [UNK]) */

    const struct wordpiece *w;         /* this and what follows are the module's */
    const unsigned char *at, *end;
    int32_t pending[WORDPIECE_CHAR_BYTES];
    size_t  pending_at, pending_count;
    char    word[WORDPIECE_WORD_CHARS * WORDPIECE_CHAR_BYTES];
    size_t  len, chars;
};
void wordpieces_begin(struct wordpieces *it, const struct wordpiece *w, const char *text, size_t len);
bool wordpieces_next(struct wordpieces *it);

#endif
