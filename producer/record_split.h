/* record_split.h - cuts a body that comes in pieces into the texts of its records.
 *
 * As lines: each line is a record, empty ones are none. As JSON: the elements of the one array, or the one value; where
 * an element ends is told by brackets and quotes alone, whether it is JSON inside is the reader's to say. Belongs to one
 * thread at a time. */
#ifndef PRODUCER_RECORD_SPLIT_H
#define PRODUCER_RECORD_SPLIT_H

#include "buf.h"

enum split_form { SPLIT_LINES, SPLIT_JSON };

enum split_phase {
    SPLIT_BEFORE,  /* nothing but white space yet */
    SPLIT_FIRST,   /* behind the array's bracket: an element, or the end */
    SPLIT_NEXT,    /* behind a comma: an element */
    SPLIT_BEHIND,  /* behind an element: a comma, or the end */
    SPLIT_ONLY,    /* in the one value, which is no array */
    SPLIT_AFTER,   /* only white space may follow */
};

/* Where it is; small, so that a step can be undone by putting the old one back. */
struct split_state {
    int64_t          line, column;       /* of the next byte, from 1, columns in bytes */
    int64_t          from_line, from_column; /* of the record under way */
    size_t           kept;               /* bytes of it that came with earlier pieces */
    int32_t          depth;
    bool             in_string, escaped, started, too_long;
    enum split_phase phase;
};

struct record_split {
    enum split_form    form;
    bool               array; /* JSON: the body is an array, not one value */
    size_t             max;   /* the longest record */
    struct split_state state;
    struct kl_buf      carry; /* what earlier pieces had of the record under way */
};

enum split_got {
    SPLIT_MORE,     /* the data is used up */
    SPLIT_RECORD,   /* *record is the next one */
    SPLIT_TOO_LONG, /* the next one is longer than max; it was skipped */
    SPLIT_BROKEN,   /* no records can be told from here on: *record names the place */
    SPLIT_NO_MEMORY,
};

struct split_record {
    const char *text; /* borrowed until the next call, from data or from the splitter */
    size_t      len;
    int64_t     line, column;
    const char *why;  /* SPLIT_BROKEN: what is wrong; static */
};

void record_split_init(struct record_split *s, enum split_form form, size_t max);
void record_split_fini(struct record_split *s);

/* Takes bytes off the front of *data up to the end of the next record. */
enum split_got record_split_next(struct record_split *s, const char **data, size_t *len, struct split_record *record);

/* The body has ended. SPLIT_MORE: nothing is left. */
enum split_got record_split_end(struct record_split *s, struct split_record *record);

/* Undoes the calls since before was copied from s->state; the caller presents the same data again. */
void record_split_undo(struct record_split *s, const struct split_state *before);

#endif
