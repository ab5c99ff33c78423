/* test_index.c - see test_index.h. */
#include "test_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "sqlite.h"

char              test_dir[TEST_DIR_BYTES];
char              test_path[TEST_DIR_BYTES + 16];
struct index_conf test_conf;
struct index     *test_x;
struct readers   *test_readers;
struct reader    *test_reader;

void test_open(void)
{
    struct kl_error err = { .text = "" };

    CU_ASSERT_EQUAL_FATAL(index_open(&test_x, &test_conf, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(readers_open(&test_readers, &(struct readers_conf){ test_path, index_migrations(), index_catalog(test_x) }, &err),
                          KL_OK);
    CU_ASSERT_EQUAL_FATAL(readers_take(test_readers, &test_reader, &err), KL_OK);
}

void test_close(void)
{
    readers_give(test_readers, test_reader);
    readers_close(test_readers);
    index_close(test_x);
}

void test_begin(void)
{
    test_dir_make(test_dir);
    snprintf(test_path, sizeof test_path, "%s/index.db", test_dir);
    test_conf = (struct index_conf){ .path = test_path, .messages_max = 1000, .batch_max = 1000, .statement_topic = "seer-statement",
                                     .question_topic = "seer-question", .answer_topic = "seer-answer" };
    test_open();
}

void test_end(void)
{
    test_close();
    test_dir_remove(test_dir);
}

int64_t test_put(const char *source, const char *text)
{
    struct index_document doc = { .source = source, .text = text, .len = strlen(text) };
    struct index_put put = { .id = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(index_put(test_x, &doc, &put, &err), KL_OK);
    return put.id;
}

int64_t test_accept(const char *text)
{
    struct index_document doc = { .text = text, .len = strlen(text) };
    struct index_put put = { .id = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(index_accept(test_x, &doc, &put, &err), KL_OK);
    return put.id;
}

/* ---- searches ---- */

static void found_read(void *ctx, const struct reader_passage *p)
{
    struct test_found *found = ctx;

    found->document = p->document.id;
    snprintf(found->source, sizeof found->source, "%s", p->document.source);
    snprintf(found->text, sizeof found->text, "%.*s", (int)(p->len < 200 ? p->len : 200), p->text);
}

struct test_found test_search_in(const char *words, const char *topic, const char *source, int64_t since_ms)
{
    struct test_found found = { .n = 0 };
    struct reader_hit hits[100];
    struct catalog_filter filter;
    struct kl_error err;
    size_t missing;

    CU_ASSERT_EQUAL_FATAL(catalog_filter(index_catalog(test_x), topic, source, since_ms, &filter, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(reader_words(test_reader, words, strlen(words), &filter, hits, 100, &found.n, &err), KL_OK);
    if (found.n)
        CU_ASSERT_EQUAL(reader_passages(test_reader, &hits[0].passage, 1, found_read, &found, &missing, &err), KL_OK);
    return found;
}

struct test_found test_search(const char *words)
{
    return test_search_in(words, NULL, NULL, INT64_MIN);
}

/* ---- looking behind ---- */

void test_upkeep(void)
{
    struct kl_error err;
    bool left = true;

    for (int i = 0; i < 10000 && left; i++)
        CU_ASSERT_EQUAL_FATAL(index_upkeep(test_x, &left, &err), KL_OK);
    CU_ASSERT(!left);
}

int64_t test_number(const char *sql)
{
    struct kl_sqlite *db;
    sqlite3_stmt *st;
    struct kl_error err;
    int64_t n;

    CU_ASSERT_EQUAL_FATAL(kl_sqlite_open(&db, test_path, KL_SQLITE_READER, index_migrations(), &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(kl_sqlite_handle(db), sql, -1, &st, NULL), SQLITE_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    kl_sqlite_close(db);
    return n;
}

void test_integrity(void)
{
    sqlite3 *db;

    CU_ASSERT_EQUAL(test_number("SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passages p WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = p.document"
                                " AND p.id >= d.first AND p.id < d.first + d.passages)"), 0);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents d WHERE d.state = 1 AND d.passages !="
                                " (SELECT count(*) FROM passages p WHERE p.document = d.id)"), 0);
    /* FTS5 compares its words with the passages' texts; it wants to write for that. */
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(test_path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    CU_ASSERT_EQUAL(sqlite3_exec(db, "INSERT INTO passage_words (passage_words, rank) VALUES ('integrity-check', 1)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* ---- texts ---- */

void test_sentence(char out[128], int n)
{
    snprintf(out, 128, "Sentence %d tells of apple%d, of pear%d and of a long road through the old forest, well known to us.", n, n, n);
}

char *test_text(int passages, int seed)
{
    struct kl_buf text;
    char sentence[128];

    kl_buf_init(&text, (size_t)64 << 20);
    for (int i = 0; i < passages * 10; i++) {
        test_sentence(sentence, seed + i);
        kl_buf_adds(&text, sentence);
        kl_buf_adds(&text, i % 10 == 9 ? "\n\n" : " ");
    }
    return kl_buf_take(&text);
}
