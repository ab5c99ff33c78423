/* metrics.c - what /metrics tells: the work, the index, how far learning is behind. */
#include "metrics.h"

#include "catalog.h"
#include "index.h"
#include "learner.h"
#include "llm.h"
#include "questions.h"
#include "seer.h"
#include "vectors.h"
#include "work.h"

#define READS(name, expression)                 \
    static double read_##name(void *ctx)        \
    {                                           \
        const struct seer *s = ctx;             \
        return (double)(expression);            \
    }
READS(searching, work_running(s->searching))
READS(searches_waiting, work_waiting(s->searching))
READS(loading, work_running(s->loading))
READS(loads_waiting, work_waiting(s->loading))
READS(wording, work_running(s->wording))
READS(words_waiting, work_waiting(s->wording))
READS(documents, catalog_totals(index_catalog(s->index)).documents)
READS(passages, catalog_totals(index_catalog(s->index)).passages)
READS(vectors, index_vectors(s->index) ? vectors_count(index_vectors(s->index)) : 0)
READS(vector_bytes, index_vectors(s->index) ? vectors_bytes(index_vectors(s->index)) : 0)
READS(puts, index_counts(s->index).puts)
READS(statements, index_counts(s->index).statements)
READS(messages, index_counts(s->index).messages)
READS(not_text, index_counts(s->index).not_text)
READS(batches, index_counts(s->index).batches)
READS(removed, index_counts(s->index).removed)
READS(without_vectors, index_counts(s->index).without_vectors)
READS(questions, index_counts(s->index).questions)
READS(answered, questions_counts(s->questions).answered)
READS(unanswered, questions_counts(s->questions).failed)
READS(llm_calls, s->llm ? llm_counts(s->llm).calls : 0)
READS(llm_failed, s->llm ? llm_counts(s->llm).failed : 0)
READS(topics, learner_freshness(s->learner).topics)
READS(behind, learner_freshness(s->learner).behind)
READS(behind_seconds, (double)learner_freshness(s->learner).behind_ms / 1000)

static double read_paused(void *ctx)
{
    char why[256];

    return learner_paused(((struct seer *)ctx)->learner, why, sizeof why);
}

static struct kl_metric metrics[] = {
    { KL_GAUGE, "kafkloud_seer_searches_running", NULL, "Searches under way.", read_searching },
    { KL_GAUGE, "kafkloud_seer_searches_waiting", NULL, "Searches that wait for a searcher.", read_searches_waiting },
    { KL_GAUGE, "kafkloud_seer_loads_running", NULL, "Documents and statements being taken.", read_loading },
    { KL_GAUGE, "kafkloud_seer_loads_waiting", NULL, "Those that wait.", read_loads_waiting },
    { KL_GAUGE, "kafkloud_seer_wordings_running", NULL, "Answers that the language model is wording.", read_wording },
    { KL_GAUGE, "kafkloud_seer_wordings_waiting", NULL, "Answers that wait for it.", read_words_waiting },
    { KL_GAUGE, "kafkloud_seer_documents", NULL, "Documents, statements and messages in the index.", read_documents },
    { KL_GAUGE, "kafkloud_seer_passages", NULL, "Their passages.", read_passages },
    { KL_GAUGE, "kafkloud_seer_vectors", NULL, "Vectors in memory.", read_vectors },
    { KL_GAUGE, "kafkloud_seer_vector_bytes", NULL, "Memory that they take.", read_vector_bytes },
    { KL_COUNTER, "kafkloud_seer_documents_put_total", NULL, "Documents taken.", read_puts },
    { KL_COUNTER, "kafkloud_seer_statements_total", NULL, "Statements taken.", read_statements },
    { KL_COUNTER, "kafkloud_seer_messages_total", NULL, "Messages learnt.", read_messages },
    { KL_COUNTER, "kafkloud_seer_messages_not_text_total", NULL, "Messages that held no text.", read_not_text },
    { KL_COUNTER, "kafkloud_seer_batches_total", NULL, "Transactions that learnt them.", read_batches },
    { KL_COUNTER, "kafkloud_seer_passages_removed_total", NULL, "Passages removed by deletion, replacement and retention.", read_removed },
    { KL_COUNTER, "kafkloud_seer_without_vectors_total", NULL, "Documents taken while the embedder failed.", read_without_vectors },
    { KL_COUNTER, "kafkloud_seer_questions_total", NULL, "Questions that came over Kafka.", read_questions },
    { KL_COUNTER, "kafkloud_seer_answers_total", NULL, "Answers to them that were delivered.", read_answered },
    { KL_COUNTER, "kafkloud_seer_answers_failed_total", NULL, "Tries to answer them that failed.", read_unanswered },
    { KL_COUNTER, "kafkloud_seer_llm_calls_total", NULL, "Calls of the language model.", read_llm_calls },
    { KL_COUNTER, "kafkloud_seer_llm_calls_failed_total", NULL, "Of those, calls without an answer.", read_llm_failed },
    { KL_GAUGE, "kafkloud_seer_topics", NULL, "Topics that are learnt from.", read_topics },
    { KL_GAUGE, "kafkloud_seer_behind_messages", NULL, "Their messages that are not learnt yet.", read_behind },
    { KL_GAUGE, "kafkloud_seer_behind_seconds", NULL, "Since when that is so.", read_behind_seconds },
    { KL_GAUGE, "kafkloud_seer_paused", NULL, "1 while the index refuses messages.", read_paused },
};

void seer_metrics_register(struct seer *s)
{
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        metrics[i].ctx = s;
    kl_metrics_register(metrics, sizeof metrics / sizeof *metrics);
}
