/* reader_counts.c - how many passages have a word.
 *
 * FTS5 knows only by walking the word's postings. So a count ends at a limit, beyond which a word is merely common: its
 * number is then told from how far the limit reached. And as most questions have the same common words, what they were
 * counted to is kept, as long as the index is about what it was: neither much larger nor with much that is new in it, which
 * is not the same where old messages go as new ones come. */
#include <stdlib.h>
#include <string.h>

#include "reader_internal.h"

#define COUNT_MAX   10000 /* postings that are counted: 0.6 ms */
#define KEPT        1024  /* words: 190 kB a reader */
#define KEPT_LEAST  200   /* passages that have it; rarer words are counted in no time, and so exactly */
#define GROWN_SHARE 50    /* an index of which more than a 50th came or went is another one */

struct reader_counted {
    char    word[WORDS_TERM_MAX]; /* as written, so that no tokenizer is needed to find it */
    size_t  len;
    int64_t all, last;             /* passages that could be seen then, and the number of the newest */
    int64_t passages;
};

bool reader_quote(struct kl_buf *out, const char *word, size_t len)
{
    return kl_buf_addc(out, '"') && kl_buf_add(out, word, len) && kl_buf_addc(out, '"');
}

/* ---- what is kept ---- */

/* Where the word is or would be; NULL: it cannot be kept. */
static struct reader_counted *place_of(struct reader *r, const char *word, size_t len)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    if (!r->counted)
        r->counted = calloc(KEPT, sizeof *r->counted);
    if (!r->counted || len > sizeof r->counted->word)
        return NULL;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 16777619u;
    return &r->counted[hash % KEPT];
}

static bool is_kept(const struct reader_counted *c, const char *word, size_t len, int64_t all, int64_t last)
{
    int64_t much = c->all / GROWN_SHARE;

    return c->len == len && !memcmp(c->word, word, len) && llabs(all - c->all) <= much && last - c->last <= much;
}

static void keep(struct reader_counted *c, const char *word, size_t len, int64_t all, int64_t last, int64_t passages)
{
    memcpy(c->word, word, len);
    c->len = len;
    c->all = all;
    c->last = last;
    c->passages = passages;
}

/* ---- counting ---- */

static enum kl_code last_find(struct reader *r, int64_t *last, struct kl_error *err)
{
    static const char LAST[] = "SELECT max(id) FROM passages";
    sqlite3_stmt *st = reader_statement(r, LAST, err);

    return st ? reader_number(r, st, 0, last, err) : err->code;
}

/* Passages are found in the order of their numbers; so where the limit was reached tells how dense the word is. */
static enum kl_code extrapolate(struct reader *r, int64_t reached, int64_t last, int64_t *passages, struct kl_error *err)
{
    static const char FIRST[] = "SELECT min(id) FROM passages";
    int64_t first = 0;
    sqlite3_stmt *st = reader_statement(r, FIRST, err);
    enum kl_code code = st ? reader_number(r, st, 0, &first, err) : err->code;

    if (!code && reached > first && last > reached)
        *passages = (int64_t)((double)*passages * (double)(last - first + 1) / (double)(reached - first + 1));
    return code;
}

static enum kl_code count(struct reader *r, const char *word, size_t len, int64_t last, int64_t *passages, struct kl_error *err)
{
    static const char COUNT[] = "SELECT count(*), max(id) FROM (SELECT rowid AS id FROM passage_words WHERE passage_words MATCH ?1 LIMIT ?2)";
    sqlite3_stmt *st = reader_statement(r, COUNT, err);
    int64_t reached = 0;
    enum kl_code code;
    int rc;

    if (!st)
        return err->code;
    kl_buf_clear(&r->text);
    if (!reader_quote(&r->text, word, len))
        return kl_fail(err, KL_BUSY, "no memory for a question");
    sqlite3_bind_text(st, 1, r->text.data, (int)r->text.len, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, COUNT_MAX);
    rc = sqlite3_step(st);
    *passages = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    reached = rc == SQLITE_ROW ? sqlite3_column_int64(st, 1) : 0;
    code = reader_done(r, st, rc, err);
    return code || *passages < COUNT_MAX ? code : extrapolate(r, reached, last, passages, err);
}

enum kl_code reader_count(struct reader *r, const char *word, size_t len, int64_t all, int64_t *passages, struct kl_error *err)
{
    struct reader_counted *c = place_of(r, word, len);
    int64_t last;
    enum kl_code code = last_find(r, &last, err);

    if (!code && c && is_kept(c, word, len, all, last)) {
        *passages = c->passages;
        return KL_OK;
    }
    if (!code)
        code = count(r, word, len, last, passages, err);
    if (!code && c && *passages >= KEPT_LEAST)
        keep(c, word, len, all, last, *passages);
    return code;
}
