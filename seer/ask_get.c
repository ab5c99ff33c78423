/* GET /ask, POST /ask - an answer with its sources, whole or as events.
 *
 * The search and the sentence that answers are the searchers' work. A language model takes seconds, so its part is
 * another pool's: when it is slow, what waits is the wording, never a search. */
#include <stdlib.h>
#include <string.h>

#include "asking.h"
#include "endpoints.h"
#include "question.h"
#include "seer.h"
#include "work.h"
#include "write.h"

struct ask {
    struct question question;
    struct asked    asked;
};

static void ask_free(void *ask)
{
    struct ask *a = ask;

    question_fini(&a->question);
    asked_fini(&a->asked);
    free(a);
}

static void send_sources(struct job *j, const struct asked *asked)
{
    struct kl_buf json;

    if (!job_wants_events(j))
        return;
    kl_buf_init(&json, ANSWER_MAX_BYTES);
    kl_buf_addc(&json, '{');
    asked_write_sources(asked, &json);
    kl_buf_addc(&json, '}');
    if (!json.failed)
        job_event(j, "sources", json.data, json.len);
    kl_buf_fini(&json);
}

static void send_answer(struct job *j, const struct asked *asked)
{
    struct kl_buf text, json;

    if (!job_wants_events(j))
        return;
    kl_buf_init(&text, ANSWER_MAX_BYTES);
    kl_buf_init(&json, ANSWER_MAX_BYTES);
    asked_text(asked, &text);
    kl_buf_adds(&json, "{\"text\":");
    kl_buf_add_json(&json, text.data ? text.data : "", text.len);
    kl_buf_addc(&json, '}');
    if (!text.failed && !json.failed)
        job_event(j, "answer", json.data, json.len);
    kl_buf_fini(&text);
    kl_buf_fini(&json);
}

static void finish(struct job *j)
{
    const struct ask *a = j->ask;
    struct freshness fresh = learner_freshness(j->seer->learner);

    send_answer(j, &a->asked);
    asked_write(&a->asked, a->question.text, &fresh, &j->body);
}

static enum kl_code word_run(struct job *j, struct kl_error *err)
{
    struct ask *a = j->ask;

    (void)err;
    asking_word(j->seer, a->question.text, a->question.len, &a->asked);
    finish(j);
    return KL_OK;
}

static enum kl_code ask_run(struct job *j, struct kl_error *err)
{
    struct ask *a = j->ask;
    struct search_query query = question_query(&a->question);

    if (asking_find(j->seer, &query, &a->asked, err))
        return err->code;
    send_sources(j, &a->asked);
    if (asking_can_word(j->seer, &a->asked)) {
        if (work_pass(j, j->seer->wording, word_run))
            return KL_OK;
        strcpy(a->asked.not_worded, "too many answers wait for the language model");
    }
    finish(j);
    return KL_OK;
}

void ask_get(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct ask *a = calloc(1, sizeof *a);
    struct kl_error err;

    if (!a) {
        kl_fail(&err, KL_BUSY, "no memory for the question");
        kl_reply_error(r, &err);
    } else if (question_read(r, &a->question, &err)) {
        ask_free(a);
        kl_reply_error(r, &err);
    } else {
        work_do_events(r, s->searching, ask_run, a, ask_free);
    }
}
