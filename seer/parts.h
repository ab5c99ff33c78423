/* parts.h - the index and what searches it, opened and closed in one order: for the service and for a local index. */
#ifndef PARTS_H
#define PARTS_H

#include "seer.h"

/* Fills s->embedder (or why there is none), index, readers, searcher, from s->conf. asked: index.h's; may be NULL.
 * parts_close also after a failure. */
KL_MUST_CHECK enum kl_code parts_open(struct seer *s, void (*asked)(void *ctx), void *asked_ctx, struct kl_error *err);
void parts_close(struct seer *s);

#endif
