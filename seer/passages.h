/* passages.h - cuts a document's text into passages of about 1,000 characters.
 *
 * They follow each other without gap or overlap: together they are the text. A cut is made where a paragraph ends, else
 * a sentence, else a word; never inside a character, and not between a heading and what it heads. Pure.
 *
 *     passages_begin(&it, text, len);
 *     while (passages_next(&it, &passage))
 */
#ifndef SEER_PASSAGES_H
#define SEER_PASSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASSAGE_CHARS     1000 /* the aim */
#define PASSAGE_CHARS_MIN 700  /* a cut before this many is made only at the text's end */
#define PASSAGE_CHARS_MAX 1300
#define PASSAGE_BYTES_MAX (4 * PASSAGE_CHARS_MAX)

struct passage {
    const char *text;     /* into the text that was given */
    size_t      len;
    int64_t     from, to; /* characters of the text: [from, to) */
    int64_t     line;     /* in which it begins, from 1 */
};

struct passages {
    const char *text;
    size_t      len, at;   /* at: the byte where the next passage begins */
    int64_t     from;      /* the same as a character */
    int64_t     line;
};

void passages_begin(struct passages *it, const char *text, size_t len);
bool passages_next(struct passages *it, struct passage *out); /* false: there are no more */

#endif
