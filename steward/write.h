/* write.h - the parts of answers that several endpoints share. */
#ifndef WRITE_H
#define WRITE_H

#include "buf.h"
#include "view.h"

/* A number, or null for VIEW_UNKNOWN. */
void write_number(struct kl_buf *b, int64_t n);
/* A string, or null for NULL. */
void write_text(struct kl_buf *b, const char *text);
/* A comma, but for the first of a list. */
void write_comma(struct kl_buf *b, bool first);

#endif
