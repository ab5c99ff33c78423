/* test_index.h - an index in a directory of its own, for the tests of the index and of its readers. */
#ifndef TEST_INDEX_H
#define TEST_INDEX_H

#include <sys/types.h>

#include "index.h"
#include "readers.h"
#include "test.h"
#include "test_dir.h"

extern char               test_dir[TEST_DIR_BYTES];
extern char               test_path[TEST_DIR_BYTES + 16];
extern struct index_conf  test_conf;    /* what test_open() opens with; a test may change it */
extern struct index      *test_x;
extern struct readers    *test_readers;
extern struct reader     *test_reader;

/* A directory, and an index in it with messages_max 1,000 and no embedder. */
void test_begin(void);
void test_end(void);
/* The same without the directory: closes and opens the index that is there. */
void test_open(void);
void test_close(void);

int64_t test_put(const char *source, const char *text);   /* the document's id */
int64_t test_accept(const char *text);

/* How many passages these words find, at most 100; the best one's document, source and text. */
struct test_found { size_t n; int64_t document; char source[256], text[256]; };
struct test_found test_search(const char *words);
struct test_found test_search_in(const char *words, const char *topic, const char *source, int64_t since_ms);

void    test_upkeep(void);              /* until nothing is left */
int64_t test_number(const char *sql);   /* the first column of the first row, read on a connection of its own */
/* SQLite's and FTS5's own checks, and ours: each passage has a document, words, and is in the right place. */
void    test_integrity(void);

/* Numbered words that no two numbers share: "apple17 ...", some hundred characters. */
void    test_sentence(char out[128], int n);
/* A text of so many passages of about 1,000 characters; free() it. */
char   *test_text(int passages, int seed);

#endif
