/* meaning_bench.c - how fast the seer makes vectors of texts, and how fast it finds the nearest among many.
 *
 *     meaning_bench MODEL_DIR TEXT ...
 *
 * Prints two tables: passages and sentences embedded by one thread; searches for the 100 nearest of 10 thousand, 100 thousand
 * and a million rows by one thread, each way that this processor can (vectors_dot.h). The rows of the second are random,
 * which costs what real ones cost: every row is multiplied. All times are the thread's processor time: what else runs on the
 * machine counts only as far as it takes memory's speed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "meaning.h"
#include "passages.h"
#include "sentences.h"
#include "vectors.h"
#include "vectors_dot.h"

#define TEXT_MAX   (64 << 20)
#define ROUND_US   1000000 /* embedding is repeated for that long */
#define SEARCHES   200
#define NEAREST    100
#define ADDED      10000 /* rows a call of vectors_add */

static void die(const char *what, const char *why)
{
    fprintf(stderr, "meaning_bench: %s: %s\n", what, why);
    exit(1);
}

static int64_t cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static long memory_mb(void)
{
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "re");

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb / 1024;
}

/* ---- embedding -------------------------------------------------------------------------------------------------- */

struct text {
    char  *bytes;
    size_t len;
};

struct made {
    size_t  passages, sentences, bytes;
    int64_t us;
};

static struct text text_read(const char *name)
{
    struct text t = { malloc(TEXT_MAX), 0 };
    FILE *f = fopen(name, "rbe");

    if (!t.bytes || !f)
        die(name, "cannot be read");
    t.len = fread(t.bytes, 1, TEXT_MAX, f);
    fclose(f);
    t.bytes = realloc(t.bytes, t.len + 1);
    return t;
}

static void embed_sentences(const struct meaning *m, const struct passage *p, struct made *made)
{
    float vector[MEANING_DIMS];
    struct sentences it;
    struct sentence s;

    sentences_begin(&it, p->text, p->len);
    while (sentences_next(&it, &s)) {
        meaning_vector(m, s.text, s.len, vector);
        made->sentences++;
    }
}

static void embed(const struct meaning *m, const struct text *t, bool sentences, struct made *made)
{
    float vector[MEANING_DIMS];
    struct passages it;
    struct passage p;

    passages_begin(&it, t->bytes, t->len);
    while (passages_next(&it, &p)) {
        meaning_vector(m, p.text, p.len, vector);
        made->passages++;
        if (sentences)
            embed_sentences(m, &p, made);
    }
    made->bytes += t->len;
}

/* Over and over, until it has lasted; what is told is one round's share. */
static void measure_embedding(const struct meaning *m, const struct text *texts, int n, bool sentences)
{
    struct made made = { 0 };
    int64_t begun = cpu_us();
    size_t rounds = 0;

    do {
        for (int i = 0; i < n; i++)
            embed(m, &texts[i], sentences, &made);
        made.us = cpu_us() - begun;
        rounds++;
    } while (made.us < ROUND_US);
    printf("| %s | %zu | %.0f | %.1f | %.2f s |\n", sentences ? "passages and their sentences" : "passages", (made.passages + made.sentences) / rounds,
           (double)(made.passages + made.sentences) * 1e6 / (double)made.us, (double)made.bytes / (double)made.us, (double)made.us / 1e6 / (double)rounds);
}

static void bench_embedding(const char *directory, const struct text *texts, int n)
{
    struct meaning *m;
    struct kl_error err;
    long before = memory_mb();
    int64_t begun = cpu_us();

    if (meaning_open(&m, directory, &err))
        die(directory, err.text);
    printf("Opened in %.0f ms, %ld MB of memory.\n\n", (double)(cpu_us() - begun) / 1e3, memory_mb() - before);
    printf("| one thread | vectors | a second | MB/s | all of it |\n| --- | --- | --- | --- | --- |\n");
    measure_embedding(m, texts, n, false);
    measure_embedding(m, texts, n, true);
    meaning_close(m);
}

/* ---- searching --------------------------------------------------------------------------------------------------- */

static uint64_t seed = 88172645463325252u;

static void random_row(int8_t *row)
{
    for (size_t i = 0; i < MEANING_DIMS; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        row[i] = (int8_t)((int)(seed % 255) - 127);
    }
}

static void fill(struct vectors *v, size_t rows)
{
    static int8_t bytes[ADDED * MEANING_DIMS];
    static int64_t ids[ADDED];
    struct kl_error err;

    for (size_t from = 0; from < rows; from += ADDED) {
        for (size_t i = 0; i < ADDED; i++) {
            random_row(bytes + i * MEANING_DIMS);
            ids[i] = (int64_t)(from + i);
        }
        if (vectors_add(v, ids, bytes, ADDED, &err))
            die("vectors", err.text);
    }
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void measure_searches(size_t rows, const struct vectors_way *way)
{
    struct vector_hit hits[NEAREST];
    int64_t times[SEARCHES];
    int8_t query[MEANING_DIMS];
    struct vectors *v;
    struct kl_error err;

    if (vectors_open(&v, MEANING_DIMS, &err))
        die("vectors", err.text);
    vectors_use(v, way);
    fill(v, rows);
    for (size_t i = 0; i < SEARCHES; i++) {
        int64_t begun;
        random_row(query);
        begun = cpu_us();
        vectors_nearest(v, query, NEAREST, NULL, NULL, hits);
        times[i] = cpu_us() - begun;
    }
    qsort(times, SEARCHES, sizeof *times, by_value);
    printf("| %zu | %s | %.2f ms | %.2f ms | %zu MB |\n", rows, way->name, (double)times[SEARCHES / 2] / 1e3, (double)times[SEARCHES * 99 / 100] / 1e3,
           vectors_bytes(v) >> 20);
    vectors_close(v);
}

int main(int argc, char **argv)
{
    static const size_t rows[] = { 10000, 100000, 1000000 };
    struct text *texts = calloc((size_t)argc, sizeof *texts);

    if (argc < 3 || !texts)
        die("usage", "meaning_bench MODEL_DIR TEXT ...");
    for (int i = 2; i < argc; i++)
        texts[i - 2] = text_read(argv[i]);
    bench_embedding(argv[1], texts, argc - 2);
    printf("\n| rows of %d | with | p50 | p99 | memory |\n| --- | --- | --- | --- | --- |\n", MEANING_DIMS);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (const struct vectors_way *way = vectors_ways; way->name; way++)
            if (way->possible())
                measure_searches(rows[r], way);
    for (int i = 2; i < argc; i++)
        free(texts[i - 2].bytes);
    free(texts);
    return 0;
}
