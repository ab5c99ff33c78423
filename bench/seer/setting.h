/* setting.h - what the measurements of the seer share: the texts, the questions, an index over the texts. What fails ends
 * the program. */
#ifndef SETTING_H
#define SETTING_H

#include "embedder.h"
#include "index.h"
#include "readers.h"
#include "search.h"

#define QUESTIONS_MAX 1000
#define TEXT_MAX      (64 << 20)
#define LOOKED_AT     10

enum half { TUNE, HELD, HALVES };
enum { WORDS, PARAPHRASE, RIDDLE, NOTHING, KINDS };

struct question {
    char file[64], text[512], phrase[512], fact[128]; /* fact "": it asks for none */
    int  kind;
    enum half half;
};
struct text {
    char   name[64];
    char  *bytes;
    size_t len;
};
struct world {
    char             path[1024]; /* the readers borrow it */
    struct embedder *embedder;
    struct index    *index;
    struct readers  *readers;
    struct searcher *searcher;
};

extern struct question questions[QUESTIONS_MAX];
extern size_t n_questions;
extern struct text texts[];
extern size_t n_texts;
extern struct kl_error err;
extern const char *const half_names[], *const kinds[];

_Noreturn void die(const char *what); /* says what, and err */

void questions_read(const char *path);
void texts_read(const char *directory); /* its *.txt */

void world_open(struct world *w, const char *directory, const char *name, const char *model_dir); /* model_dir NULL: words alone */
void world_close(struct world *w);
void put(struct world *w, const char *source, const char *text, size_t len);
void find(struct world *w, const struct question *q, enum search_mode mode, size_t k, struct search_hits *hits);

/* Runs of white space as one space, so that a phrase is found however its lines are broken. */
void flatten(const char *text, size_t len, char *out, size_t size);
bool same_letters(const char *text, const char *part); /* part stands in text, in small letters or capitals */
/* Wilson's interval, half its width. */
double wilson(int hits, int n);

#endif
