/* llm.h - a language model that words an answer from passages, behind any OpenAI-compatible chat endpoint (llama-server,
 * Ollama, vLLM, a cloud). It gets the question and the passages, nothing else of the index.
 *
 * A model invents: what it says is worth something only when support.h finds it in the passages. Any thread; a call
 * takes up to the timeout, so not from an HTTP thread. */
#ifndef LLM_H
#define LLM_H

#include <stdatomic.h>

#include "buf.h"
#include "search.h"

struct llm;

#define LLM_PASSAGES_MAX 5     /* that it is shown: what small models' contexts hold */
#define LLM_ANSWER_MAX   4096  /* bytes; a longer answer is cut by its max_tokens long before */

struct llm_conf {
    const char *url;        /* ".../v1" or ".../v1/chat/completions" */
    const char *model;      /* NULL: none is named; servers with one model need none */
    const char *key_file;   /* NULL: no key */
    int64_t     timeout_ms;
};

/* KL_INVALID: no URL, or a key that cannot be read. The endpoint is not asked yet. */
KL_MUST_CHECK enum kl_code llm_open(struct llm **out, const struct llm_conf *conf, struct kl_error *err);
void llm_end(struct llm *l);   /* calls under way end at once; NULL is fine */
void llm_close(struct llm *l); /* NULL is fine */

/* Appends the model's answer. KL_TIMEOUT, KL_BUSY (nobody listens, or the end), KL_UPSTREAM (an error, nonsense, too long):
 * the error says which. */
KL_MUST_CHECK enum kl_code llm_word(struct llm *l, const char *question, size_t len, const struct search_hits *hits,
                                    struct kl_buf *out, struct kl_error *err);

const char *llm_model(const struct llm *l); /* NULL: none is named */
/* true: the last call worked, or there was none. */
bool llm_state(struct llm *l, char *why, size_t why_size);
struct llm_counts { int64_t calls, failed; };
struct llm_counts llm_counts(struct llm *l);

#endif
