/* embedder.h - texts to rows (vectors.h): by the model that comes with us (meaning.h), or by an endpoint that speaks
 * OpenAI's POST /v1/embeddings, where one is set.
 *
 * An endpoint that fails takes nothing with it: the call returns an error, the caller goes on with words alone, and
 * embedder_state tells why. Any thread may call anything; an endpoint's answer is waited for, so not from an HTTP thread. */
#ifndef EMBEDDER_H
#define EMBEDDER_H

#include "buf.h"
#include "err.h"

#define EMBEDDER_NAME_MAX  200
#define EMBEDDER_BATCH_MAX 32  /* texts in one request to an endpoint: large enough for a cloud, not too large for a small machine */
#define EMBEDDER_PATIENCE  6   /* times the timeout that a request with several texts may take: nobody waits for it with a question */

struct embedder;

struct embedder_conf {
    const char *model_dir;  /* of meaning.h's files */
    const char *url;        /* "https://host/v1/embeddings" or "https://host/v1"; NULL or "": the model in model_dir */
    const char *model;      /* the endpoint's name for it; NULL or "": none is told, an endpoint with one model needs none */
    const char *key_file;   /* its first line is sent as bearer token; NULL or "": none */
    int64_t     timeout_ms; /* of a request with one text, a question's; with several: EMBEDDER_PATIENCE times as long */
};

/* KL_INVALID: the model's files are not there or not right, the key's file cannot be read, a URL that is none. An endpoint is not asked yet. */
KL_MUST_CHECK enum kl_code embedder_open(struct embedder **out, const struct embedder_conf *conf, struct kl_error *err);
/* Before a close: calls that wait for an endpoint end within a second, and it is not asked any more. NULL is fine. */
void embedder_end(struct embedder *e);
void embedder_close(struct embedder *e); /* NULL is fine */

/* What made the rows: "potion-base-8M", or the endpoint's model and URL. Rows of another name cannot be compared with these:
 * an index keeps the name beside its rows. */
const char *embedder_name(const struct embedder *e);
/* How many components a row has; 0: an endpoint that has not answered yet. Never changes after that. */
size_t embedder_dims(struct embedder *e);

struct embedder_text {
    const char *text;
    size_t      len;
};
/* Appends n rows of embedder_dims bytes to *rows, all or none. KL_UPSTREAM: the endpoint answered nonsense or an error, or
 * other dims than before; KL_TIMEOUT; KL_BUSY: nobody listens there, or no memory. */
KL_MUST_CHECK enum kl_code embedder_rows(struct embedder *e, const struct embedder_text *texts, size_t n, struct kl_buf *rows,
                                         struct kl_error *err);

/* true: the last call worked, or there was none. Else *err says why not. */
bool embedder_state(struct embedder *e, struct kl_error *err);

#endif
