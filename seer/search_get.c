/* GET /search - the passages that fit best. */
#include <stdlib.h>

#include "clock.h"
#include "endpoints.h"
#include "question.h"
#include "seer.h"
#include "work.h"
#include "write.h"

static void ask_free(void *question)
{
    question_fini(question);
    free(question);
}

static void write_all(struct job *j, const struct question *q, const struct search_hits *hits, int64_t since_us)
{
    struct freshness fresh = learner_freshness(j->seer->learner);
    struct kl_buf *b = &j->body;

    kl_buf_addc(b, '{');
    write_text(b, "query", q->text);
    kl_buf_addf(b, ",\"mode\":\"%s\",", search_mode_name(hits->mode));
    write_text(b, "words_only", hits->words_only[0] ? hits->words_only : NULL);
    kl_buf_adds(b, ",\"results\":[");
    for (size_t i = 0; i < hits->n; i++) {
        if (i > 0)
            kl_buf_addc(b, ',');
        write_hit(b, &hits->hits[i], hits->hits[i].highlights, hits->hits[i].n_highlights);
    }
    kl_buf_addf(b, "],\"took_ms\":%.3f,", (double)(kl_mono_us() - since_us) / 1000);
    write_freshness(b, &fresh);
    kl_buf_addc(b, '}');
}

static enum kl_code search_run(struct job *j, struct kl_error *err)
{
    const struct question *q = j->ask;
    struct search_query query = question_query(q);
    int64_t since_us = kl_mono_us();
    struct search_hits hits;
    enum kl_code code = search(j->seer->searcher, &query, &hits, err);

    if (!code)
        write_all(j, q, &hits, since_us);
    search_hits_fini(&hits);
    return code;
}

void search_get(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct question *q = malloc(sizeof *q);
    struct kl_error err;

    if (!q) {
        kl_fail(&err, KL_BUSY, "no memory for the question");
        kl_reply_error(r, &err);
    } else if (question_read(r, q, &err)) {
        ask_free(q);
        kl_reply_error(r, &err);
    } else {
        work_do(r, s->searching, search_run, q, ask_free);
    }
}
