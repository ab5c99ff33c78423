/* setting.c - see setting.h. */
#include "setting.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 16
#define LINE_MAX_ 4096

const char *const half_names[] = { "tune", "held" };
const char *const kinds[] = { "words", "paraphrase", "riddle", "nothing" };
struct question questions[QUESTIONS_MAX];
size_t n_questions;
struct text texts[TEXTS_MAX];
size_t n_texts;
struct kl_error err;

_Noreturn void die(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, err.text);
    exit(1);
}

/* ---- the questions, the texts ---- */

static int find_name(const char *name, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(name, names[i]))
            return i;
    return -1;
}

static void question_read(char *line)
{
    struct question *q = &questions[n_questions];
    char *fields[6] = { NULL };

    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < 6 && line; i++)
        fields[i] = strsep(&line, "\t");
    if (!fields[5] || n_questions == QUESTIONS_MAX)
        die("a question without six fields, or too many questions");
    snprintf(q->file, sizeof q->file, "%s", fields[0]);
    q->kind = find_name(fields[1], kinds, KINDS);
    q->half = find_name(fields[2], half_names, HALVES) == HELD ? HELD : TUNE;
    snprintf(q->text, sizeof q->text, "%s", fields[3]);
    snprintf(q->phrase, sizeof q->phrase, "%s", fields[4]);
    snprintf(q->fact, sizeof q->fact, "%s", fields[5]);
    if (q->kind < 0)
        die(q->text);
    n_questions++;
}

void questions_read(const char *path)
{
    char line[LINE_MAX_];
    FILE *f = fopen(path, "re");

    if (!f)
        die(path);
    while (fgets(line, sizeof line, f))
        if (line[0] != '#')
            question_read(line);
    fclose(f);
}

static void text_read(const char *directory, const char *name)
{
    struct text *t = &texts[n_texts];
    char path[1024];
    FILE *f;

    if (n_texts == TEXTS_MAX || strlen(name) < 4 || strcmp(name + strlen(name) - 4, ".txt"))
        return;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(t->name, sizeof t->name, "%s", name);
    f = fopen(path, "re");
    t->bytes = malloc(TEXT_MAX);
    if (!f || !t->bytes)
        die(path);
    t->len = fread(t->bytes, 1, TEXT_MAX, f);
    fclose(f);
    n_texts++;
}

void texts_read(const char *directory)
{
    struct dirent **entries;
    int n = scandir(directory, &entries, NULL, alphasort);

    if (n < 0)
        die(directory);
    for (int i = 0; i < n; i++) {
        text_read(directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* ---- an index and what searches it ---- */

void world_open(struct world *w, const char *directory, const char *name, const char *model_dir)
{
    struct embedder_conf embedder = { .model_dir = model_dir };
    const char *path = w->path;

    *w = (struct world){ .index = NULL };
    snprintf(w->path, sizeof w->path, "%s/%s.db", directory, name);
    if (model_dir && embedder_open(&w->embedder, &embedder, &err))
        die("model");
    if (index_open(&w->index, &(struct index_conf){ .path = path, .embedder = w->embedder, .sentences = true, .messages_max = 1000, .batch_max = 1000 }, &err))
        die(path);
    if (readers_open(&w->readers, &(struct readers_conf){ .path = path, .migrations = index_migrations(), .catalog = index_catalog(w->index) }, &err))
        die("readers");
    if (searcher_new(&w->searcher, &(struct searcher_conf){ .index = w->index, .readers = w->readers, .embedder = w->embedder }, &err))
        die("searcher");
}

void world_close(struct world *w)
{
    searcher_free(w->searcher);
    readers_close(w->readers);
    index_close(w->index);
    embedder_close(w->embedder);
}

void put(struct world *w, const char *source, const char *text, size_t len)
{
    struct index_put put;

    if (index_put(w->index, &(struct index_document){ .source = source, .text = text, .len = len }, &put, &err))
        die(source);
}

void find(struct world *w, const struct question *q, enum search_mode mode, size_t k, struct search_hits *hits)
{
    struct search_query query = { .text = q->text, .len = strlen(q->text), .mode = mode, .since_ms = INT64_MIN, .k = k };

    if (search(w->searcher, &query, hits, &err))
        die(q->text);
}

/* ---- is it right? ---- */

void flatten(const char *text, size_t len, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len && n + 1 < size; i++) {
        bool space = strchr(" \t\r\n", text[i]) != NULL;

        if (!space)
            out[n++] = text[i];
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    out[n] = '\0';
}

bool same_letters(const char *text, const char *part)
{
    return strcasestr(text, part) != NULL;
}

double wilson(int hits, int n)
{
    double z = 1.96, p = (double)hits / n;

    return z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
}
