/* question.h - what a search or a question asks for, read from a request: its text and its filters. */
#ifndef QUESTION_H
#define QUESTION_H

#include <jansson.h>

#include "http.h"
#include "search.h"

/* Owns its texts, since an answer in events outlives the request. */
struct question {
    char   *text, *topic, *source;  /* topic, source: NULL: any */
    size_t  len;
    enum search_mode mode;
    int64_t since_ms;
    int64_t k;
};

/* From ?q= (or else a body that is text or JSON), ?mode=, ?topic=, ?source=, ?since=, ?k=. KL_INVALID names the field.
 * question_fini also after a failure. */
KL_MUST_CHECK enum kl_code question_read(struct kl_request *r, struct question *out, struct kl_error *err);
void question_fini(struct question *q);

struct search_query question_query(const struct question *q);

#endif
