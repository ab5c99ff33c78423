/* worded.c - the answers of a language model beside the seer's own sentence, from the same passages.
 *
 *     IT_LLM_URL=http://HOST:PORT/v1 worded MODEL_DIR CORPORA QUESTIONS.tsv DIRECTORY
 *
 * Asks each question that has a fact, and each that no text answers, of the seer and of the model, with the service's own call
 * (llm.h) and order of passages; it/llm-test starts a model. QUALITY_ANSWERS=1 shows each answer. Prints Markdown tables:
 * how often the fact stands in which answer, how often only one has it, how often each says that it does not know. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "llm.h"
#include "setting.h"
#include "support.h"

#define LLM_MS 300000 /* on one busy core */

enum { SENTENCE, MODEL, SERVICE, WHO }; /* SERVICE: the model's when the passages support it, else the sentence */
static const char *const who_names[] = { "the sentence", "the model", "the service with the model" };

struct said {
    char text[16384];
    bool unknown, right;
};
struct tally {
    int    n, right[WHO], unknown[WHO], only[WHO], refused;
    double bytes[WHO];
};

/* ---- asking ---- */

/* Generous to the model: nothing, or wherever in its answer it says so. */
static bool says_unknown(const char *text)
{
    static const char *const ways[] = { "don't know", "don’t know", "do not know", "cannot answer", "can't answer", "do not answer" };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (same_letters(text, ways[i]))
            return true;
    return !text[0];
}

/* As the service orders them (asking.c). */
static void answering_hit_first(struct search_hits *hits, struct answer *answer)
{
    struct search_hit hit = hits->hits[answer->hit];

    memmove(hits->hits + 1, hits->hits, answer->hit * sizeof hit);
    hits->hits[0] = hit;
    answer->hit = 0;
}

static void ask_sentence(struct world *w, const struct question *q, struct search_hits *hits, struct said *said)
{
    struct answer out;

    find(w, q, SEARCH_BOTH, LOOKED_AT, hits);
    if (answer(w->searcher, q->text, strlen(q->text), hits, &out, &err))
        die(q->text);
    said->text[0] = '\0';
    said->unknown = !out.known;
    if (said->unknown)
        return;
    answering_hit_first(hits, &out);
    flatten(hits->hits[0].text + out.from, out.to - out.from, said->text, sizeof said->text);
}

/* Says whether the service would take the answer (asking.c). A model that cannot be asked ends the program. */
static bool ask_model(struct world *w, struct llm *llm, const struct question *q, const struct search_hits *hits, struct said *said)
{
    struct support_claim claim;
    struct kl_buf out;
    bool supported = false;
    char why[128];
    enum kl_code code;

    kl_buf_init(&out, LLM_ANSWER_MAX);
    code = llm_word(llm, q->text, strlen(q->text), hits, &out, &err);
    if (code && code != KL_UPSTREAM)
        die(q->text);
    flatten(out.data ? out.data : "", out.len, said->text, sizeof said->text);
    said->unknown = says_unknown(said->text);
    claim = (struct support_claim){ q->text, strlen(q->text), out.data, out.len };
    if (strncasecmp(said->text, ANSWER_UNKNOWN, sizeof ANSWER_UNKNOWN - 1) && support_check(w->readers, &claim, hits, LLM_PASSAGES_MAX, &supported, why, sizeof why, &err))
        die(q->text);
    kl_buf_fini(&out);
    return supported;
}

/* ---- counting ---- */

static void tally_add(struct tally *t, const struct question *q, struct said said[WHO], bool supported)
{
    t->n++;
    t->refused += !said[MODEL].unknown && !supported;
    for (int i = 0; i < WHO; i++) {
        said[i].right = q->fact[0] && same_letters(said[i].text, q->fact);
        t->right[i] += said[i].right;
        t->unknown[i] += said[i].unknown;
        t->bytes[i] += said[i].unknown ? 0 : (double)strlen(said[i].text);
    }
    t->only[SENTENCE] += said[SENTENCE].right && !said[MODEL].right;
    t->only[MODEL] += said[MODEL].right && !said[SENTENCE].right;
}

static void ask(struct world *w, struct llm *llm, const struct question *q, struct tally *t)
{
    static struct said said[WHO];
    struct search_hits hits;
    bool supported;

    ask_sentence(w, q, &hits, &said[SENTENCE]);
    supported = ask_model(w, llm, q, &hits, &said[MODEL]);
    said[SERVICE] = !said[SENTENCE].unknown && supported ? said[MODEL] : said[SENTENCE]; /* without a sentence no model is asked */
    tally_add(t, q, said, supported);
    search_hits_fini(&hits);
    if (getenv("QUALITY_ANSWERS"))
        fprintf(stderr, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", kinds[q->kind], half_names[q->half], q->text, q->fact, said[SENTENCE].right,
                said[MODEL].right, supported, said[SENTENCE].text, said[MODEL].text);
}

static void add(struct tally *sum, const struct tally *t)
{
    sum->n += t->n;
    sum->refused += t->refused;
    for (int i = 0; i < WHO; i++) {
        sum->right[i] += t->right[i];
        sum->unknown[i] += t->unknown[i];
        sum->only[i] += t->only[i];
        sum->bytes[i] += t->bytes[i];
    }
}

/* ---- printing ---- */

/* McNemar's exact test: how probable it is that equals differ so much. */
static double mcnemar(int a, int b)
{
    int n = a + b, less = a < b ? a : b;
    double p = 0;

    for (int i = 0; i <= less; i++)
        p += exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) - n * log(2));
    return p < 0.5 ? 2 * p : 1;
}

/* A share, and Wilson's interval. */
static void print_share(int hits, int n)
{
    double z2 = 1.96 * 1.96, middle = (hits + z2 / 2) / (n + z2), half = wilson(hits, n);

    printf(" %d: %.3f (%.3f-%.3f) |", hits, (double)hits / n, fmax(0, middle - half), middle + half);
}

static void print_facts(const char *kind, const char *half, const struct tally *t)
{
    if (t->n == 0)
        return;
    printf("| %s | %s | %d |", kind, half, t->n);
    for (int i = 0; i < WHO; i++)
        print_share(t->right[i], t->n);
    printf(" %d | %d | %.2g |\n", t->only[SENTENCE], t->only[MODEL], mcnemar(t->only[SENTENCE], t->only[MODEL]));
}

static void print_unknown(const char *kind, const char *half, const struct tally *t)
{
    if (t->n > 0)
        printf("| %s | %s | %d | %d | %d | %d | %d |\n", kind, half, t->n, t->unknown[SENTENCE], t->unknown[MODEL], t->refused, t->unknown[SERVICE]);
}

static void print_tables(struct tally all[KINDS][HALVES])
{
    struct tally sum = { 0 };

    printf("| questions | half | n | the fact is in the sentence | in the model's answer | in the service's, with the model | only in the sentence "
           "| only in the model's | McNemar's p |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (int kind = 0; kind < NOTHING; kind++)
        for (int half = 0; half < HALVES; half++) {
            print_facts(kinds[kind], half_names[half], &all[kind][half]);
            add(&sum, &all[kind][half]);
        }
    print_facts("all", "both", &sum);
    printf("\n| questions | half | n | the seer does not know | the model says so | the model's answer is refused | the service with the model does not know "
           "|\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int half = 0; half < HALVES; half++)
        print_unknown(kinds[NOTHING], half_names[half], &all[NOTHING][half]);
    print_unknown("with a fact", "both", &sum);
    printf("\n| whose | bytes of an answer, on average |\n| --- | --- |\n");
    for (int i = 0; i < WHO && sum.n > 0; i++)
        printf("| %s | %.0f |\n", who_names[i], sum.bytes[i] / fmax(1, sum.n - sum.unknown[i]));
}

int main(int argc, char **argv)
{
    static struct tally all[KINDS][HALVES];
    struct llm_conf conf = { .url = getenv("IT_LLM_URL"), .timeout_ms = LLM_MS };
    struct world w;
    struct llm *llm;

    if (argc != 5 || !conf.url) {
        fprintf(stderr, "usage: IT_LLM_URL=URL worded MODEL_DIR CORPORA QUESTIONS.tsv DIRECTORY\n");
        return 2;
    }
    texts_read(argv[2]);
    questions_read(argv[3]);
    world_open(&w, argv[4], "worded", argv[1]);
    for (size_t i = 0; i < n_texts; i++)
        put(&w, texts[i].name, texts[i].bytes, texts[i].len);
    if (llm_open(&llm, &conf, &err))
        die("the language model");
    for (size_t i = 0; i < n_questions; i++)
        if (questions[i].fact[0] || questions[i].kind == NOTHING)
            ask(&w, llm, &questions[i], &all[questions[i].kind][questions[i].half]);
    print_tables(all);
    llm_close(llm);
    world_close(&w);
    return 0;
}
