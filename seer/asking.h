/* asking.h - a question from its words to its answer: what is found, the sentence that answers, and its wording by a
 * language model where there is one. For HTTP and Kafka alike; threads that may wait. */
#ifndef ASKING_H
#define ASKING_H

#include "answer.h"
#include "learner.h"

struct seer;

struct asked {
    int64_t            began_us;
    struct search_hits hits;            /* the one that answers first, when known */
    struct answer      answer;          /* its hit is 0 */
    struct kl_buf      worded;          /* empty: the source's own sentence is the answer */
    char               not_worded[256]; /* why the language model did not; "": it did, or was not asked */
};

/* asked_fini also after a failure. The errors are search()'s. */
KL_MUST_CHECK enum kl_code asking_find(struct seer *s, const struct search_query *q, struct asked *out, struct kl_error *err);
/* Would asking_word ask a language model? */
bool asking_can_word(const struct seer *s, const struct asked *a);
/* Asks it; whatever goes wrong stands in not_worded. */
void asking_word(struct seer *s, const char *question, size_t len, struct asked *a);
void asked_fini(struct asked *a);

/* The answer in its words, a line. */
void asked_text(const struct asked *a, struct kl_buf *out);
/* "sources":[...] */
void asked_write_sources(const struct asked *a, struct kl_buf *out);
/* The whole object, as docs/http-api.md has it. */
void asked_write(const struct asked *a, const char *question, const struct freshness *fresh, struct kl_buf *out);

#endif
