/* quality.c - how good the seer's search and answers are, and how fast, on questions whose passages are known.
 *
 *     quality MODEL_DIR CORPORA QUESTIONS.tsv DIRECTORY [PASSAGES ...]
 *
 * Indexes every *.txt of CORPORA in DIRECTORY, asks each question by words, by meaning, by both, and prints Markdown tables:
 * recall at 1, 5, 10 and MRR with 95% intervals, answers, speed. passages.ndjson in DIRECTORY holds the passages (chroma.py). PASSAGES: sizes of larger indexes, made of the texts'
 * sentences in random order, that are searched too. A passage is right when it holds the phrase that answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "answer.h"
#include "clock.h"
#include "passages.h"
#include "sentences.h"
#include "setting.h"

static long memory_mb(void)
{
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "re");

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "RssAnon: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb / 1024;
}

static double cpu_s(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6 + (double)u.ru_stime.tv_sec + (double)u.ru_stime.tv_usec / 1e6;
}

/* Puts all texts; says how long it took. */
static void load(struct world *w, const char *what)
{
    int64_t from = kl_mono_us();
    double cpu = cpu_s(), bytes = 0, s;

    for (size_t i = 0; i < n_texts; i++) {
        put(w, texts[i].name, texts[i].bytes, texts[i].len);
        bytes += (double)texts[i].len;
    }
    s = (double)(kl_mono_us() - from) / 1e6;
    printf("| index, %s | %.2f s, %.1f MB/s (%.2f s of processor) |\n", what, s, bytes / 1e6 / s, cpu_s() - cpu);
}

/* The passages, a JSON object a line, for whatever is measured beside us. */
static void passages_write(const char *directory)
{
    struct kl_buf line;
    char path[1024];
    FILE *f;

    snprintf(path, sizeof path, "%s/passages.ndjson", directory);
    f = fopen(path, "we");
    if (!f)
        die(path);
    kl_buf_init(&line, TEXT_MAX);
    for (size_t i = 0; i < n_texts; i++) {
        struct passages it;
        struct passage p;

        passages_begin(&it, texts[i].bytes, texts[i].len);
        while (passages_next(&it, &p)) {
            kl_buf_clear(&line);
            kl_buf_addf(&line, "{\"source\":\"%s\",\"text\":", texts[i].name);
            kl_buf_add_json(&line, p.text, p.len);
            fprintf(f, "%s}\n", line.data);
        }
    }
    kl_buf_fini(&line);
    fclose(f);
}

/* ---- is it right? ---- */

static bool holds(const struct question *q, const struct search_hit *hit)
{
    char flat[16384];

    flatten(hit->text, hit->len, flat, sizeof flat);
    return !strcmp(hit->source, q->file) && strstr(flat, q->phrase);
}

/* The place of the first right passage, from 1; 0: none is right. */
static int place(const struct question *q, const struct search_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++)
        if (holds(q, &hits->hits[i]))
            return (int)i + 1;
    return 0;
}

/* ---- recall ---- */

struct score {
    int    n, at1, at5, at10;
    double mrr;
};

static void score_add(struct score *s, int place)
{
    s->n++;
    s->at1 += place == 1;
    s->at5 += place >= 1 && place <= 5;
    s->at10 += place >= 1 && place <= 10;
    s->mrr += place ? 1.0 / place : 0;
}

static void score_print(const char *mode, const char *kind, const char *half, const struct score *s)
{
    if (s->n > 0)
        printf("| %s | %s | %s | %d | %.3f | %.3f ± %.3f | %.3f | %.3f |\n", mode, kind, half, s->n, (double)s->at1 / s->n,
               (double)s->at5 / s->n, wilson(s->at5, s->n), (double)s->at10 / s->n, s->mrr / s->n);
}

static void recall(struct world *w, enum search_mode mode)
{
    struct score scores[KINDS + 1][HALVES] = { 0 };

    for (size_t i = 0; i < n_questions; i++) {
        const struct question *q = &questions[i];
        struct search_hits hits;
        int at;

        if (q->kind == NOTHING)
            continue;
        find(w, q, mode, LOOKED_AT, &hits);
        at = place(q, &hits);
        search_hits_fini(&hits);
        score_add(&scores[q->kind][q->half], at);
        if (q->kind != RIDDLE)
            score_add(&scores[KINDS][q->half], at);
        if (getenv("QUALITY_PLACES"))
            fprintf(stderr, "%s\t%s\t%d\t%s\n", search_mode_name(mode), kinds[q->kind], at, q->text);
    }
    for (int half = TUNE; half < HALVES; half++) {
        for (int kind = 0; kind < NOTHING; kind++)
            score_print(search_mode_name(mode), kinds[kind], half_names[half], &scores[kind][half]);
        score_print(search_mode_name(mode), "words + paraphrase", half_names[half], &scores[KINDS][half]);
    }
}

/* ---- answers ---- */

struct answered {
    int n, known, right, fact, facts;
};

static void answer_add(struct answered *a, const struct question *q, const struct search_hits *hits, const struct answer *answer)
{
    char flat[16384];
    const struct search_hit *hit = &hits->hits[answer->hit];

    a->n++;
    a->facts += q->fact[0] != '\0';
    if (!answer->known)
        return;
    a->known++;
    flatten(hit->text + answer->from, answer->to - answer->from, flat, sizeof flat);
    a->right += !strcmp(hit->source, q->file) && (strstr(flat, q->phrase) || strstr(q->phrase, flat));
    a->fact += q->fact[0] && same_letters(flat, q->fact);
    if (getenv("QUALITY_ANSWERS"))
        fprintf(stderr, "%s %.2f\t%s\t%s\n", kinds[q->kind], answer->confidence, q->text, flat);
}

static void answers(struct world *w)
{
    struct answered all[KINDS][HALVES] = { 0 };

    printf("\n| questions | half | n | answered | the right sentence | the fact is in it |\n| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < n_questions; i++) {
        const struct question *q = &questions[i];
        struct search_hits hits;
        struct answer out;

        find(w, q, SEARCH_BOTH, LOOKED_AT, &hits);
        if (answer(w->searcher, q->text, strlen(q->text), &hits, &out, &err))
            die(q->text);
        answer_add(&all[q->kind][q->half], q, &hits, &out);
        search_hits_fini(&hits);
    }
    for (int kind = 0; kind < KINDS; kind++)
        for (int half = TUNE; half < HALVES; half++) {
            const struct answered *a = &all[kind][half];

            printf("| %s | %s | %d | %.3f | %.3f ± %.3f | %d of %d |\n", kinds[kind], half_names[half], a->n, (double)a->known / a->n,
                   (double)a->right / a->n, wilson(a->right, a->n), a->fact, a->facts);
        }
}

/* ---- speed ---- */

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static int64_t thread_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The processor's time too: on a busy machine the clock's tells more of what else runs. */
static void speed(struct world *w, const char *what)
{
    static int64_t us[QUESTIONS_MAX], cpu_us[QUESTIONS_MAX];

    for (int mode = SEARCH_WORDS; mode <= SEARCH_BOTH; mode++) {
        for (size_t i = 0; i < n_questions; i++) {
            int64_t from = kl_mono_us(), cpu_from = thread_us();
            struct search_hits hits;

            find(w, &questions[i], (enum search_mode)mode, LOOKED_AT, &hits);
            us[i] = kl_mono_us() - from;
            cpu_us[i] = thread_us() - cpu_from;
            search_hits_fini(&hits);
        }
        qsort(us, n_questions, sizeof *us, by_time);
        qsort(cpu_us, n_questions, sizeof *cpu_us, by_time);
        printf("| %s passages, %s | p50 %.1f ms, p99 %.1f ms (of processor: %.1f, %.1f) |\n", what, search_mode_name((enum search_mode)mode),
               (double)us[n_questions / 2] / 1e3, (double)us[n_questions * 99 / 100] / 1e3, (double)cpu_us[n_questions / 2] / 1e3,
               (double)cpu_us[n_questions * 99 / 100] / 1e3);
    }
}

/* Sentences of the texts in random order, until there are so many passages. */
static void fill(struct world *w, int64_t passages)
{
    static struct { const char *text; size_t len; } all[200000];
    struct kl_buf text;
    size_t n = 0;
    unsigned seed = 1;

    for (size_t i = 0; i < n_texts; i++) {
        struct sentences it;
        struct sentence s;

        sentences_begin(&it, texts[i].bytes, texts[i].len);
        while (n < sizeof all / sizeof *all && sentences_next(&it, &s)) {
            all[n].text = s.text;
            all[n++].len = s.len;
        }
    }
    kl_buf_init(&text, TEXT_MAX);
    for (int part = 0; catalog_totals(index_catalog(w->index)).passages < passages; part++) {
        char source[64];

        kl_buf_clear(&text);
        while (text.len < 10000000 && (int64_t)text.len < 1000 * passages) {
            size_t pick = ((size_t)rand_r(&seed) * 32768u + (size_t)rand_r(&seed)) % n;

            kl_buf_add(&text, all[pick].text, all[pick].len);
            kl_buf_adds(&text, "\n\n");
        }
        snprintf(source, sizeof source, "part-%d", part);
        put(w, source, text.data, text.len);
    }
    kl_buf_fini(&text);
}

int main(int argc, char **argv)
{
    struct world w;

    if (argc < 5) {
        fprintf(stderr, "usage: quality MODEL_DIR CORPORA QUESTIONS.tsv DIRECTORY [PASSAGES ...]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* what was measured is seen as it comes */
    texts_read(argv[2]);
    questions_read(argv[3]);
    passages_write(argv[4]);
    world_open(&w, argv[4], "both", argv[1]);
    printf("| what | how fast |\n| --- | --- |\n");
    load(&w, "words and meaning");
    {
        struct world words;

        world_open(&words, argv[4], "words", NULL);
        load(&words, "words alone");
        world_close(&words);
    }
    printf("| memory with the texts loaded | %ld MB |\n", memory_mb());
    speed(&w, "the texts'");
    printf("\n| search | questions | half | n | recall@1 | recall@5 | recall@10 | MRR |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (int mode = SEARCH_WORDS; mode <= SEARCH_BOTH; mode++)
        recall(&w, (enum search_mode)mode);
    answers(&w);
    world_close(&w);
    if (argc > 5)
        printf("\n| what | how fast |\n| --- | --- |\n");
    for (int i = 5; i < argc; i++) {
        world_open(&w, argv[4], argv[i], argv[1]);
        fill(&w, atoll(argv[i]));
        speed(&w, argv[i]);
        printf("| memory with %s passages | %ld MB |\n", argv[i], memory_mb());
        world_close(&w);
    }
    return 0;
}
