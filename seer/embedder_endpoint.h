/* embedder_endpoint.h - one request to an OpenAI-compatible POST /v1/embeddings; embedder.c's other half. */
#ifndef EMBEDDER_ENDPOINT_H
#define EMBEDDER_ENDPOINT_H

#include "embedder.h"

struct endpoint;

/* As embedder_open. */
KL_MUST_CHECK enum kl_code endpoint_open(struct endpoint **out, const struct embedder_conf *conf, struct kl_error *err);
void        endpoint_end(struct endpoint *e);   /* requests under way and all later ones fail with KL_BUSY */
void        endpoint_close(struct endpoint *e); /* NULL is fine */
const char *endpoint_url(const struct endpoint *e);
const char *endpoint_model(const struct endpoint *e);

/* Appends n rows of *dims bytes each; n is at most EMBEDDER_BATCH_MAX. Fails as embedder_rows does. Any thread. */
KL_MUST_CHECK enum kl_code endpoint_rows(const struct endpoint *e, const struct embedder_text *texts, size_t n, size_t *dims,
                                         struct kl_buf *rows, struct kl_error *err);

/* Reads an answer's body: n rows of *dims bytes each, appended in their texts' order, or none. For the above and for tests;
 * url is for the error. */
KL_MUST_CHECK enum kl_code endpoint_read(const char *url, const char *body, size_t len, size_t n, size_t *dims, struct kl_buf *rows,
                                         struct kl_error *err);

#endif
