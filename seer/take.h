/* take.h - a body of bytes into the index: which form it has, its text, its passages. For threads that may wait. */
#ifndef TAKE_H
#define TAKE_H

#include "index.h"

struct seer;

struct take {
    const char *source;       /* what it is called; NULL for a statement without one */
    const char *title, *tags; /* NULL: none */
    const char *content_type; /* NULL: by the source's ending, else by a look */
    const char *body;
    size_t      len;
    bool      (*progress)(void *ctx, size_t done_bytes, int64_t passages); /* as index.h's; NULL: none */
    void       *progress_ctx;
};

/* What is wrong with the body is told as extract.h and index.h tell it. */
KL_MUST_CHECK enum kl_code take_document(struct seer *s, const struct take *t, struct index_put *out, struct kl_error *err);
/* Plain text. */
KL_MUST_CHECK enum kl_code take_statement(struct seer *s, const struct take *t, struct index_put *out, struct kl_error *err);

#endif
