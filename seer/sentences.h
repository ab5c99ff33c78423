/* sentences.h - the sentences of a text, in its own words.
 *
 * A sentence ends at its mark (. ! ? … and the closing quotes behind it), at an empty line, behind a heading and where a
 * line was ended on purpose (lists, fields, verse). A line's end in a paragraph that is wrapped at some column ends
 * nothing, nor do abbreviations, initials and decimal points. White space around a sentence belongs to none. Made for texts
 * of a passage's size. Pure.
 *
 *     sentences_begin(&it, text, len);
 *     while (sentences_next(&it, &sentence))
 */
#ifndef SEER_SENTENCES_H
#define SEER_SENTENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sentence {
    const char *text;      /* into the text that was given */
    size_t      len;
    size_t      at;        /* the byte where it begins */
    int64_t     from, to;  /* characters of the text: [from, to) */
    bool        paragraph; /* a paragraph ends behind it */
    bool        field;     /* it is a line of a record: "order.total: 12" */
    bool        heading;   /* no mark at its end, a line or few of its own, and text follows */
};

struct sentences {
    const char *text;
    size_t      len, at;   /* at: the byte from which the next is looked for */
    int64_t     from;      /* the same as a character */
    size_t      paragraph; /* the byte where the paragraph ends for which width was counted */
    size_t      width;     /* bytes of its longest line */
};

void sentences_begin(struct sentences *it, const char *text, size_t len);
bool sentences_next(struct sentences *it, struct sentence *out); /* false: there are no more */

#endif
