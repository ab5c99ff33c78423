/* write.h - the JSON that several answers have in common. Appends; failures stay in the buffer. */
#ifndef WRITE_H
#define WRITE_H

#include "learner.h"
#include "readers.h"
#include "search.h"

void write_text(struct kl_buf *b, const char *name, const char *text); /* "name":"text" or null */
void write_time(struct kl_buf *b, const char *name, int64_t wall_ms);  /* RFC 3339 with milliseconds */
/* {"document":12,...,"text":"...","highlights":[[0,4]]}; spans: bytes of the hit's text. */
void write_hit(struct kl_buf *b, const struct search_hit *hit, const struct search_span *spans, size_t n_spans);
/* The members of a document's object, without its braces. */
void write_document(struct kl_buf *b, const struct reader_document *d);
void write_freshness(struct kl_buf *b, const struct freshness *f);     /* "freshness":{...} */

#endif
