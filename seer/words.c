/* words.c - see words.h. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "stop_words.h"

#define K1 1.2 /* BM25's: how soon a word's repetitions count no more */

struct term {
    char   text[WORDS_TERM_MAX];
    size_t len;
};

struct words {
    fts5_tokenizer  tokenizer;
    Fts5Tokenizer  *instance;
    double          weights[WORDS_MAX];
    size_t          n_weights;
    struct term    *stops;   /* sorted */
    size_t          n_stops;
};

/* ---- FTS5's own interface ---- */

static fts5_api *api_of(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *st;

    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &st, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
    sqlite3_step(st);
    sqlite3_finalize(st);
    return api;
}

/* INDEX_TOKENIZER is a tokenizer's name and its arguments, separated by blanks. */
static bool tokenizer_make(struct words *w, fts5_api *api)
{
    char spec[] = INDEX_TOKENIZER;
    const char *args[8];
    int n = 0;
    void *user;
    char *rest = NULL;

    for (char *word = strtok_r(spec, " ", &rest); word && n < 8; word = strtok_r(NULL, " ", &rest))
        args[n++] = word;
    return api->xFindTokenizer(api, args[0], &user, &w->tokenizer) == SQLITE_OK
        && w->tokenizer.xCreate(user, args + 1, n - 1, &w->instance) == SQLITE_OK;
}

static void weight(const Fts5ExtensionApi *fts, Fts5Context *row, sqlite3_context *result, int n, sqlite3_value **args)
{
    const struct words *w = fts->xUserData(row);
    int phrases = fts->xPhraseCount(row);
    double sum = 0;

    (void)n;
    (void)args;
    for (int i = 0; i < phrases && i < (int)w->n_weights; i++) {
        Fts5PhraseIter it;
        int column, at, tf = 0;

        if (fts->xPhraseFirst(row, i, &it, &column, &at) != SQLITE_OK)
            break;
        for (; column >= 0; fts->xPhraseNext(row, &it, &column, &at))
            tf++;
        sum += w->weights[i] * tf * (K1 + 1) / (tf + K1);
    }
    sqlite3_result_double(result, sum);
}

void words_weigh(struct words *w, const double *weights, size_t n)
{
    kl_assert(n <= WORDS_MAX);
    memcpy(w->weights, weights, n * sizeof *weights);
    w->n_weights = n;
}

/* ---- words ---- */

struct visit { words_fn *each; void *ctx; };

static int visit_token(void *ctx, int flags, const char *token, int len, int from, int to)
{
    struct visit *v = ctx;

    (void)flags;
    return v->each(v->ctx, token, (size_t)len, (size_t)from, (size_t)to) ? SQLITE_OK : SQLITE_DONE;
}

enum kl_code words_of(struct words *w, const char *text, size_t len, words_fn *each, void *ctx, struct kl_error *err)
{
    struct visit v = { each, ctx };
    int rc = w->tokenizer.xTokenize(w->instance, &v, FTS5_TOKENIZE_DOCUMENT, text, (int)len, visit_token);

    return rc == SQLITE_OK || rc == SQLITE_DONE ? KL_OK : kl_fail(err, KL_BUSY, "no memory to cut a text into words");
}

/* ---- stop words ---- */

static int term_compare(const void *a, const void *b)
{
    return strcmp(((const struct term *)a)->text, ((const struct term *)b)->text);
}

static bool stop_add(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct words *w = ctx;
    struct term *t = &w->stops[w->n_stops];

    (void)from;
    (void)to;
    kl_assert(len < WORDS_TERM_MAX);
    memcpy(t->text, term, len);
    t->text[len] = '\0';
    t->len = len;
    w->n_stops++;
    return true;
}

/* The list goes through the tokenizer too, so it is compared as the index's words are. */
static enum kl_code stops_make(struct words *w, struct kl_error *err)
{
    enum kl_code code;

    w->stops = calloc(sizeof STOP_WORDS / 2 + 1, sizeof *w->stops); /* a word and its blank have two bytes at least */
    if (!w->stops)
        return kl_fail(err, KL_BUSY, "no memory for words");
    code = words_of(w, STOP_WORDS, sizeof STOP_WORDS - 1, stop_add, w, err);
    qsort(w->stops, w->n_stops, sizeof *w->stops, term_compare);
    return code;
}

bool words_stop(const struct words *w, const char *term, size_t len)
{
    struct term key;

    if (len >= WORDS_TERM_MAX)
        return false;
    memcpy(key.text, term, len);
    key.text[len] = '\0';
    return bsearch(&key, w->stops, w->n_stops, sizeof *w->stops, term_compare) != NULL;
}

/* ---- opening ---- */

enum kl_code words_open(struct words **out, sqlite3 *db, struct kl_error *err)
{
    struct words *w = calloc(1, sizeof *w);
    fts5_api *api = api_of(db);
    enum kl_code code = KL_OK;

    if (!w)
        return kl_fail(err, KL_BUSY, "no memory for words");
    if (!api || !tokenizer_make(w, api))
        code = kl_fail(err, KL_BROKEN, "this SQLite has no FTS5");
    else if (api->xCreateFunction(api, "weight", w, weight, NULL) != SQLITE_OK)
        code = kl_fail(err, KL_BUSY, "no memory for words");
    if (!code)
        code = stops_make(w, err);
    if (code) {
        words_close(w);
        return code;
    }
    *out = w;
    return KL_OK;
}

void words_close(struct words *w)
{
    if (!w)
        return;
    if (w->instance)
        w->tokenizer.xDelete(w->instance);
    free(w->stops);
    free(w);
}
