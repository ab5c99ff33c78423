/* text.h - what text is here, and its words.
 *
 * Places are told in bytes inside the process and in CHARACTERS (Unicode code points) outside of it. Pure. */
#ifndef SEER_TEXT_H
#define SEER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* Is it UTF-8 (RFC 3629) and text? Control characters but white space and escape are none: what has them is binary.
 * KL_INVALID names the first byte that is wrong and its place (err->line too). */
KL_MUST_CHECK enum kl_code text_check(const char *bytes, size_t len, struct kl_error *err);

/* Characters of t, which is UTF-8. */
int64_t text_chars(const char *t, size_t len);

/* The byte at which character n of t begins; len when t has fewer. */
size_t text_byte(const char *t, size_t len, int64_t n);

/* The character at byte at, and in *size how many bytes it has (at least 1); a byte that is no UTF-8 is U+FFFD. at < len. */
int32_t text_char(const char *t, size_t len, size_t at, size_t *size);

/* White space, the byte order mark included. */
bool text_is_space(int32_t c);

/* A letter, a digit, or a mark on one of them: what words are made of. */
bool text_is_word(int32_t c);

/* Does it have this case? Neither for digits and for scripts without cases. */
bool text_is_lower(int32_t c);
bool text_is_upper(int32_t c);

/* Bytes of a folded word; what is longer is cut there. */
#define TEXT_WORD_MAX 128

/* The words of a text, one after another:
 *
 *     text_words_begin(&it, text, len);
 *     while (text_word(&it, &word, &word_len, &at))
 *         ... text[at, it.next) is the word as written ...
 *
 * A word is a run of letters, digits and marks, as FTS5's unicode61 cuts; "don't" is "don" and "t". */
struct text_words {
    const char *text;
    size_t      len, next;             /* next: the byte behind the last word */
    char        folded[TEXT_WORD_MAX]; /* what *word points to */
};
void text_words_begin(struct text_words *it, const char *text, size_t len);

/* The next word, folded (compatible forms, case, diacritics): *word, borrowed until the next call, is the same for "Ärzte", "arzte"
 * and "ÄRZTE". *at is the byte where it begins in the text. false: there are no more. */
bool text_word(struct text_words *it, const char **word, size_t *len, size_t *at);

#endif
