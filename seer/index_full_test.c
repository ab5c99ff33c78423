/* index_full_test.c - the index on a disk that is full, and several who write at the same time. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index_internal.h"
#include "test_index.h"

/* As if the disk had room for so many pages; SQLite answers SQLITE_FULL as it does then. 0: for all. */
static void room(int64_t pages)
{
    char sql[64];

    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)(pages ? pages : INT32_MAX));
    CU_ASSERT_EQUAL(sqlite3_exec(kl_sqlite_handle(test_x->db), sql, NULL, NULL, NULL), SQLITE_OK);
}

static enum kl_code put(const char *source, const char *text, struct kl_error *err)
{
    struct index_document doc = { .source = source, .text = text, .len = strlen(text) };
    struct index_put out;

    return index_put(test_x, &doc, &out, err);
}

static void a_full_disk_leaves_what_stood(void)
{
    char *text = test_text(600, 0);
    struct kl_error err;

    test_begin();
    test_put("long.txt", "The short old version.");
    room(test_number("PRAGMA page_count") + 150); /* for the first transaction, not for all */
    CU_ASSERT_EQUAL(put("long.txt", text, &err), KL_BUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "full"));
    CU_ASSERT_EQUAL(test_search("apple3").n, 0);
    CU_ASSERT_EQUAL(test_search("version").n, 1);
    room(0);
    CU_ASSERT_EQUAL(put("long.txt", text, &err), KL_OK);
    CU_ASSERT_EQUAL(test_search("apple3").n, 1);
    CU_ASSERT_EQUAL(test_search("version").n, 0);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 1);
    test_integrity();
    test_end();
    free(text);
}

static bool disk_breaks(void *ctx, size_t bytes, int64_t passages)
{
    (void)ctx, (void)bytes, (void)passages;
    CU_ASSERT_EQUAL(sqlite3_exec(kl_sqlite_handle(test_x->db), "PRAGMA query_only = 1", NULL, NULL, NULL), SQLITE_OK);
    return true;
}

/* Not even that it is over can be written then. */
static void what_a_broken_disk_leaves_half_done_is_removed_when_it_works_again(void)
{
    char *text = test_text(600, 0);
    struct index_document doc = { .source = "long.txt", .text = text, .len = strlen(text), .progress = disk_breaks };
    struct index_put out;
    struct kl_error err;

    test_begin();
    CU_ASSERT_EQUAL(index_put(test_x, &doc, &out, &err), KL_BUSY);
    CU_ASSERT_EQUAL(sqlite3_exec(kl_sqlite_handle(test_x->db), "PRAGMA query_only = 0", NULL, NULL, NULL), SQLITE_OK);
    CU_ASSERT(test_number("SELECT count(*) FROM passages") > 0);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 0);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passages"), 0);
    CU_ASSERT_EQUAL(put("long.txt", text, &err), KL_OK);
    test_integrity();
    test_end();
    free(text);
}

static void room_that_deletions_make_is_used_again(void)
{
    char *text = test_text(50, 0);
    struct kl_error err;
    int64_t pages;

    test_begin();
    test_put("long.txt", text);
    CU_ASSERT_EQUAL(put("long.txt", text, &err), KL_OK);
    test_upkeep();
    pages = test_number("PRAGMA page_count");
    for (int i = 0; i < 60; i++) {
        CU_ASSERT_EQUAL(put("long.txt", text, &err), KL_OK);
        test_upkeep();
    }
    /* FTS5 keeps the words of what was deleted until it merges; four times is where that ends. */
    CU_ASSERT(test_number("PRAGMA page_count") < 8 * pages);
    test_integrity();
    test_end();
    free(text);
}

/* ---- at the same time ---- */

#define WRITERS 4
#define ROUNDS  12

static _Atomic int wrong;

/* Each puts its own two sources again and again, accepts, and deletes one of them at the end. */
static void *write_much(void *ctx)
{
    int me = (int)(intptr_t)ctx;
    char source[2][32];

    snprintf(source[0], sizeof source[0], "kept%d", me);
    snprintf(source[1], sizeof source[1], "deleted%d", me);
    for (int i = 0; i < ROUNDS; i++) {
        char *text = test_text(i % 3 ? 2 : 300, me * 100000);
        struct index_document doc = { .source = source[i % 2], .text = text, .len = strlen(text) };
        struct index_document said = { .text = "The cat is on the mat.", .len = 22 };
        struct index_put out;
        struct kl_error err;

        wrong += index_put(test_x, &doc, &out, &err) != KL_OK;
        if (i == ROUNDS - 1)
            wrong += index_delete(test_x, out.id, &err) != KL_OK;
        wrong += index_accept(test_x, &said, &out, &err) != KL_OK;
        free(text);
    }
    return NULL;
}

static void many_write_at_the_same_time(void)
{
    pthread_t writers[WRITERS];
    char word[32];

    test_begin();
    wrong = 0;
    for (int i = 0; i < WRITERS; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&writers[i], NULL, write_much, (void *)(intptr_t)i), 0);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).documents, WRITERS + WRITERS * ROUNDS);
    for (int i = 0; i < WRITERS; i++) {
        snprintf(word, sizeof word, "apple%d", i * 100000 + 7);
        CU_ASSERT_EQUAL(test_search(word).n, 1);
    }
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), WRITERS + WRITERS * ROUNDS);
    test_integrity();
    test_end();
}

KL_TESTS("index_full",
         T(a_full_disk_leaves_what_stood),
         T(what_a_broken_disk_leaves_half_done_is_removed_when_it_works_again),
         T(room_that_deletions_make_is_used_again),
         T(many_write_at_the_same_time))
