/* The questions of bench/seer, asked of the five texts where they are (SEER_TEXTS, or ../shared/corpora beside the checkout):
 * what docs/seer-quality.md promises holds. Where they are not, nothing is tested. */
#include <stdio.h>
#include <unistd.h>

#include "answer.h"
#include "test_index.h"
#include "test_model.h"

#define TEXT_BYTES_MAX (8 << 20)
#define LOOKED_AT      5

static const char *const names[] = { "boy_who_cried_wolf.txt", "manual_of_surgery.txt", "sherlock_holmes.txt", "us_history.txt", "war_and_peace.txt" };
static struct kl_error  err;
static struct embedder *embedder;
static struct searcher *searcher;

static const char *directory(void)
{
    const char *set = getenv("SEER_TEXTS");

    return set ? set : "../../shared/corpora";
}

static bool put(const char *name)
{
    char path[1024];
    char *text = malloc(TEXT_BYTES_MAX);
    FILE *f;
    size_t len;

    snprintf(path, sizeof path, "%s/%s", directory(), name);
    f = fopen(path, "re");
    len = f && text ? fread(text, 1, TEXT_BYTES_MAX - 1, f) : 0;
    if (len > 0) {
        text[len] = '\0';
        test_put(name, text);
    }
    if (f)
        fclose(f);
    free(text);
    return len > 0;
}

static void begin(void)
{
    struct searcher_conf conf = { .words_only = "" };

    CU_ASSERT_EQUAL_FATAL(embedder_open(&embedder, &(struct embedder_conf){ .model_dir = test_model() }, &err), KL_OK);
    test_begin();
    test_close();
    test_conf.embedder = conf.embedder = embedder;
    test_conf.sentences = true;
    test_open();
    conf.index = test_x;
    conf.readers = test_readers;
    CU_ASSERT_EQUAL_FATAL(searcher_new(&searcher, &conf, &err), KL_OK);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT(put(names[i]));
}

static void end(void)
{
    searcher_free(searcher);
    test_end();
    embedder_close(embedder);
}

/* Runs of white space as one space, for phrases are found however their lines are broken. */
static void flatten(const char *text, size_t len, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len && n + 1 < size; i++) {
        if (!strchr(" \t\r\n", text[i]))
            out[n++] = text[i];
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    out[n] = '\0';
}

struct asked { int n, found, known; };

/* question: text, kind, half, question, phrase, fact. */
static void ask(char *const fields[6], struct asked *a)
{
    struct search_query q = { .text = fields[3], .len = strlen(fields[3]), .mode = SEARCH_BOTH, .since_ms = INT64_MIN, .k = LOOKED_AT };
    struct search_hits hits;
    struct answer given;
    bool found = false;

    CU_ASSERT_EQUAL_FATAL(search(searcher, &q, &hits, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(answer(searcher, q.text, q.len, &hits, &given, &err), KL_OK);
    for (size_t i = 0; i < hits.n; i++) {
        char flat[16384];

        flatten(hits.hits[i].text, hits.hits[i].len, flat, sizeof flat);
        found |= !strcmp(hits.hits[i].source, fields[0]) && strstr(flat, fields[4]);
    }
    search_hits_fini(&hits);
    a->n++;
    a->found += found;
    a->known += given.known;
}

/* All held-out questions of one kind. */
static struct asked ask_all(const char *kind)
{
    struct asked a = { 0 };
    char line[4096];
    FILE *f = fopen("../bench/seer/questions.tsv", "re");

    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    while (fgets(line, sizeof line, f)) {
        char *fields[6] = { NULL }, *at = line;

        line[strcspn(line, "\n")] = '\0';
        for (int i = 0; i < 6 && at; i++)
            fields[i] = strsep(&at, "\t");
        if (line[0] != '#' && fields[5] && !strcmp(fields[1], kind) && !strcmp(fields[2], "held"))
            ask(fields, &a);
    }
    fclose(f);
    return a;
}

static double share(int part, int whole)
{
    return whole > 0 ? (double)part / whole : 0;
}

static void the_passage_that_answers_is_among_the_first_five(void)
{
    struct asked words, paraphrases;

    if (access(directory(), R_OK))
        return;
    begin();
    words = ask_all("words");
    paraphrases = ask_all("paraphrase");
    CU_ASSERT(share(words.found, words.n) >= 0.95);
    CU_ASSERT(share(paraphrases.found, paraphrases.n) >= 0.45);
    CU_ASSERT(share(words.found + paraphrases.found, words.n + paraphrases.n) >= 0.70);
    CU_ASSERT(share(words.known, words.n) >= 0.9);
    end();
}

static void what_no_text_answers_is_rarely_answered(void)
{
    struct asked nothing;

    if (access(directory(), R_OK))
        return;
    begin();
    nothing = ask_all("nothing");
    CU_ASSERT(nothing.n > 0 && share(nothing.known, nothing.n) <= 0.15);
    end();
}

KL_TESTS("quality", T(the_passage_that_answers_is_among_the_first_five), T(what_no_text_answers_is_rarely_answered))
