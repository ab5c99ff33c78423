#include "asking.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "llm.h"
#include "passages.h"
#include "seer.h"
#include "support.h"
#include "write.h"

/* ---- finding ---- */

static void answering_hit_first(struct asked *a)
{
    struct search_hit hit = a->hits.hits[a->answer.hit];

    memmove(a->hits.hits + 1, a->hits.hits, a->answer.hit * sizeof hit);
    a->hits.hits[0] = hit;
    a->answer.hit = 0;
}

enum kl_code asking_find(struct seer *s, const struct search_query *q, struct asked *out, struct kl_error *err)
{
    memset(out, 0, sizeof *out);
    out->began_us = kl_mono_us();
    kl_buf_init(&out->worded, LLM_ANSWER_MAX);
    if (search(s->searcher, q, &out->hits, err) || answer(s->searcher, q->text, q->len, &out->hits, &out->answer, err))
        return err->code;
    if (out->answer.known)
        answering_hit_first(out);
    return KL_OK;
}

void asked_fini(struct asked *a)
{
    search_hits_fini(&a->hits);
    kl_buf_fini(&a->worded);
}

/* ---- wording ---- */

bool asking_can_word(const struct seer *s, const struct asked *a) { return s->llm && a->answer.known; }

static bool says_unknown(const struct kl_buf *text)
{
    return text->len >= sizeof ANSWER_UNKNOWN - 1 && !strncasecmp(text->data, ANSWER_UNKNOWN, sizeof ANSWER_UNKNOWN - 1);
}

/* What is wrong with the wording goes to not_worded. */
static bool is_supported(struct seer *s, const char *question, size_t len, struct asked *a)
{
    struct support_claim claim = { question, len, a->worded.data, a->worded.len };
    char why[128];
    struct kl_error err;
    bool supported;

    if (says_unknown(&a->worded)) {
        snprintf(a->not_worded, sizeof a->not_worded, "the language model found no answer in the sources");
        return false;
    }
    if (support_check(s->readers, &claim, &a->hits, LLM_PASSAGES_MAX, &supported, why, sizeof why, &err))
        snprintf(a->not_worded, sizeof a->not_worded, "%s", err.text);
    else if (!supported)
        snprintf(a->not_worded, sizeof a->not_worded, "the language model's answer has no support in the sources: %s", why);
    return !a->not_worded[0];
}

void asking_word(struct seer *s, const char *question, size_t len, struct asked *a)
{
    struct kl_error err;

    if (llm_word(s->llm, question, len, &a->hits, &a->worded, &err))
        snprintf(a->not_worded, sizeof a->not_worded, "%s", err.text);
    else if (is_supported(s, question, len, a))
        return;
    kl_buf_clear(&a->worded);
}

/* ---- writing ---- */

/* A sentence that is wrapped over lines is told as one. */
static void add_as_line(struct kl_buf *out, const char *text, size_t len)
{
    bool space = false;

    for (size_t i = 0; i < len; i++) {
        bool is_space = isspace((unsigned char)text[i]);

        if (is_space && !space)
            kl_buf_addc(out, ' ');
        else if (!is_space)
            kl_buf_addc(out, text[i]);
        space = is_space;
    }
}

void asked_text(const struct asked *a, struct kl_buf *out)
{
    if (a->worded.len > 0)
        kl_buf_add(out, a->worded.data, a->worded.len);
    else if (a->answer.known)
        add_as_line(out, a->hits.hits[0].text + a->answer.from, a->answer.to - a->answer.from);
    else
        kl_buf_adds(out, ANSWER_UNKNOWN);
}

void asked_write_sources(const struct asked *a, struct kl_buf *out)
{
    struct search_span sentence = { a->answer.from, a->answer.to };

    kl_buf_adds(out, "\"sources\":[");
    for (size_t i = 0; i < a->hits.n; i++) {
        if (i > 0)
            kl_buf_addc(out, ',');
        write_hit(out, &a->hits.hits[i], &sentence, i == 0 && a->answer.known);
    }
    kl_buf_addc(out, ']');
}

static void write_answer(const struct asked *a, struct kl_buf *out)
{
    struct kl_buf text;

    kl_buf_init(&text, LLM_ANSWER_MAX + PASSAGE_BYTES_MAX);
    asked_text(a, &text);
    kl_buf_adds(out, ",\"answer\":");
    kl_buf_add_json(out, text.data ? text.data : "", text.len);
    out->failed |= text.failed;
    kl_buf_fini(&text);
}

void asked_write(const struct asked *a, const char *question, const struct freshness *fresh, struct kl_buf *out)
{
    kl_buf_addc(out, '{');
    write_text(out, "question", question);
    write_answer(a, out);
    kl_buf_addc(out, ',');
    asked_write_sources(a, out);
    kl_buf_addf(out, ",\"confidence\":%.3f,\"known\":%s,\"worded_by\":\"%s\",", a->answer.confidence, a->answer.known ? "true" : "false",
                a->worded.len > 0 ? "llm" : "extract");
    write_text(out, "not_worded", a->not_worded[0] ? a->not_worded : NULL);
    kl_buf_addc(out, ',');
    write_text(out, "words_only", a->hits.words_only[0] ? a->hits.words_only : NULL);
    kl_buf_addf(out, ",\"took_ms\":%.3f,", (double)(kl_mono_us() - a->began_us) / 1000);
    write_freshness(out, fresh);
    kl_buf_addc(out, '}');
}
