/* index_test.c - see index.h: documents, statements, what is removed, what a start finds. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"
#include "test_index.h"
#include "test_model.h"

#define LONG 600 /* passages: more than two transactions' */

static enum kl_code put(const char *source, const char *text, bool (*progress)(void *ctx, size_t bytes, int64_t passages),
                        struct kl_error *err)
{
    struct index_document doc = { .source = source, .text = text, .len = strlen(text), .progress = progress };
    struct index_put out;

    return index_put(test_x, &doc, &out, err);
}

static void delete_it(int64_t id)
{
    struct kl_error err;

    CU_ASSERT_EQUAL(index_delete(test_x, id, &err), KL_OK);
}

/* ---- documents ---- */

static void a_document_is_found_by_its_words(void)
{
    test_begin();
    int64_t id = test_put("tale.txt", "The boy who cried wolf.\n\nNobody came when the wolf was there.\n");

    CU_ASSERT_EQUAL(test_search("cries").n, 1);
    CU_ASSERT_EQUAL(test_search("cries").document, id);
    CU_ASSERT_STRING_EQUAL(test_search("WOLF").source, "tale.txt");
    CU_ASSERT_EQUAL(test_search("elephant").n, 0);
    test_integrity();
    test_end();
}

static void a_document_replaces_the_one_of_its_source(void)
{
    test_begin();
    test_put("a.txt", "It speaks of elephants.");
    test_put("b.txt", "It speaks of elephants too.");
    int64_t id = test_put("a.txt", "It speaks of giraffes.");

    CU_ASSERT_EQUAL(test_search("elephants").n, 1);
    CU_ASSERT_STRING_EQUAL(test_search("elephants").source, "b.txt");
    CU_ASSERT_EQUAL(test_search("giraffes").document, id);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 2);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passages"), 2);
    CU_ASSERT_EQUAL(test_search("elephants").n, 1);
    test_integrity();
    test_end();
}

static size_t seen_early, looks;

static bool look_while_it_is_put(void *ctx, size_t bytes, int64_t passages)
{
    (void)ctx;
    (void)bytes;
    looks++;
    if (passages == 256) /* the first transaction's */
        seen_early = test_search("apple3").n;
    return true;
}

static void a_long_document_is_seen_when_all_of_it_is_there(void)
{
    char *text = test_text(LONG, 0);
    struct kl_error err;
    char word[32];

    test_begin();
    test_put("other", "nothing of interest");
    seen_early = looks = 0;
    CU_ASSERT_EQUAL(put("long", text, look_while_it_is_put, &err), KL_OK);
    CU_ASSERT(looks > 2);
    CU_ASSERT_EQUAL(seen_early, 0);
    for (int i = 0; i < LONG * 10; i += 599) {
        snprintf(word, sizeof word, "apple%d", i);
        CU_ASSERT_EQUAL(test_search(word).n, 1);
    }
    test_integrity();
    test_end();
    free(text);
}

static bool stop_in_the_middle(void *ctx, size_t bytes, int64_t passages)
{
    (void)ctx;
    (void)bytes;
    return passages < LONG / 2;
}

static void work_that_is_stopped_leaves_what_stood(void)
{
    char *text = test_text(LONG, 0);
    struct kl_error err;

    test_begin();
    test_put("long", "The short old version.");
    CU_ASSERT_EQUAL(put("long", text, stop_in_the_middle, &err), KL_BUSY);
    CU_ASSERT_EQUAL(test_search("apple3").n, 0);
    CU_ASSERT_EQUAL(test_search("version").n, 1);
    CU_ASSERT(test_number("SELECT count(*) FROM passages") > 1);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passages"), 1);
    test_integrity();
    test_end();
    free(text);
}

static void what_is_deleted_is_gone_at_once(void)
{
    struct kl_error err;

    test_begin();
    int64_t id = test_put("a.txt", "elephants");

    CU_ASSERT_EQUAL(index_delete(test_x, id, &err), KL_OK);
    CU_ASSERT_EQUAL(test_search("elephants").n, 0);
    CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).passages, 0);
    CU_ASSERT_EQUAL(index_delete(test_x, id, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(index_delete(test_x, 4711, &err), KL_NOT_FOUND);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 0);
    CU_ASSERT(test_put("a.txt", "elephants") > id);
    test_integrity();
    test_end();
}

static void statements_of_one_source_stand_beside_each_other(void)
{
    test_begin();
    test_accept("The cat is on the mat.");
    test_accept("The cat has left the mat.");
    test_put("statement", "A document of the same name about the mat.");
    CU_ASSERT_EQUAL(test_search("mat").n, 3);
    CU_ASSERT_EQUAL(index_counts(test_x).statements, 2);
    test_end();
}

static void a_document_without_text_has_no_passages(void)
{
    test_begin();
    CU_ASSERT(test_put("empty.txt", "") > 0);
    CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).documents, 1);
    CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).passages, 0);
    test_put("empty.txt", "no longer");
    CU_ASSERT_EQUAL(test_search("longer").n, 1);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 1);
    test_end();
}

static void a_document_needs_a_name_of_some_length(void)
{
    char name[INDEX_NAME_MAX + 2];
    struct kl_error err;

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    test_begin();
    CU_ASSERT_EQUAL(put("", "text", NULL, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "source");
    CU_ASSERT_EQUAL(put(name, "text", NULL, &err), KL_INVALID);
    CU_ASSERT_EQUAL(err.limit, INDEX_NAME_MAX);
    CU_ASSERT_EQUAL(put("caf\xe9.txt", "text", NULL, &err), KL_INVALID); /* nobody could ask for it again */
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 0);
    test_end();
}

static void a_refused_allocation_leaves_all_or_nothing(void)
{
    char *text = test_text(3, 0);
    bool hit = true, stands = false;
    struct kl_error err;

    test_begin();
    for (long n = 0; hit; n++) {
        enum kl_code code;

        kl_fault_begin(n);
        code = put("a.txt", text, NULL, &err);
        hit = kl_fault_end();
        CU_ASSERT(code == KL_OK || code == KL_BUSY);
        stands |= !code;
        CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).documents, stands);
        CU_ASSERT_EQUAL(test_search("apple3").n, stands);
    }
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 1);
    test_integrity();
    test_end();
    free(text);
}

/* ---- restarts ---- */

static void what_was_put_is_there_after_a_restart(void)
{
    test_begin();
    int64_t first = test_put("a.txt", "elephants"), last = test_put("b.txt", "giraffes");

    delete_it(last);
    test_close();
    test_open();
    CU_ASSERT_EQUAL(test_search("elephants").document, first);
    CU_ASSERT_EQUAL(test_search("giraffes").n, 0);
    CU_ASSERT(test_put("c.txt", "zebras") > last);
    CU_ASSERT_EQUAL(test_search("zebras").n, 1);
    test_end();
}

static void one_index_has_one_owner(void)
{
    struct index *second;
    struct kl_error err;

    test_begin();
    CU_ASSERT_EQUAL(index_open(&second, &test_conf, &err), KL_CONFLICT);
    test_end();
}

static void a_file_that_is_no_index_is_refused(void)
{
    struct index *x;
    struct kl_error err;
    struct index_conf conf = { .messages_max = 10, .batch_max = 10 };
    char path[64];

    test_dir_make(test_dir);
    test_dir_put(test_dir, "index.db", "This is not an index, and long enough for SQLite to look at it, which takes some bytes more than so.");
    snprintf(path, sizeof path, "%s/index.db", test_dir);
    conf.path = path;
    CU_ASSERT_EQUAL(index_open(&x, &conf, &err), KL_BROKEN);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "index.db cannot be used"));
    test_dir_remove(test_dir);
}

/* Puts documents until it is killed; says the number of each that was answered. */
static void child_run(int said)
{
    char source[32];

    test_open();
    for (int n = 0;; n++) {
        char *text = test_text(n % 3 ? 5 : LONG, n * 10000);
        struct kl_error err;

        snprintf(source, sizeof source, "source%d", n % 4);
        if (put(source, text, NULL, &err) || write(said, &n, sizeof n) != sizeof n)
            _exit(1);
        if (n % 5 == 4)
            test_upkeep();
        free(text);
    }
}

/* The last answered put of each source is found, or a later one is; and each of those that can be seen is whole. */
static void sources_check(int last)
{
    char source[32], word[32];

    for (int s = 0; s < 4; s++) {
        int found = 0, answered = -1;

        snprintf(source, sizeof source, "source%d", s);
        for (int n = s; n <= last + 1; n += 4) {
            answered = n <= last ? n : answered;
            snprintf(word, sizeof word, "apple%d", n * 10000 + 49);
            found += test_search_in(word, NULL, source, INT64_MIN).n == 1;
            if (n == answered && n + 4 > last + 1)
                CU_ASSERT_EQUAL(test_search_in(word, NULL, source, INT64_MIN).n, 1);
        }
        CU_ASSERT(found <= 1 && found >= (answered >= 0));
    }
}

static void kill_round(int puts)
{
    int fds[2], status, last = -1;
    pid_t pid;

    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    pid = fork();
    if (pid == 0)
        child_run(fds[1]);
    while (last < puts)
        CU_ASSERT_EQUAL_FATAL(read(fds[0], &last, sizeof last), sizeof last);
    usleep((useconds_t)(rand() % 30000)); /* any instant of what it does next */
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    close(fds[1]);
    while (read(fds[0], &puts, sizeof puts) == sizeof puts)
        last = puts;
    close(fds[0]);

    test_open();
    sources_check(last);
    test_integrity();
    test_upkeep();
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents WHERE state != 1"), 0);
    test_integrity();
    sources_check(last);
    test_close();
}

static void a_kill_at_any_instant_leaves_whole_documents(void)
{
    test_begin();
    test_close();
    for (int round = 0; round < 6; round++) {
        kill_round(2 + round);
        test_dir_remove(test_dir);
        test_begin();
        test_close();
    }
    test_dir_remove(test_dir);
}

/* ---- vectors ---- */

static struct embedder *embedder;

static void with_embedder_begin(void)
{
    struct kl_error err = { .text = "" };

    CU_ASSERT_EQUAL_FATAL(embedder_open(&embedder, &(struct embedder_conf){ .model_dir = test_model() }, &err), KL_OK);
    test_begin();
    test_close();
    test_conf.embedder = embedder;
    test_open();
}

static void with_embedder_end(void)
{
    test_end();
    embedder_close(embedder);
}

static void each_passage_has_its_vector(void)
{
    char *text = test_text(20, 0);

    with_embedder_begin();
    test_put("a.txt", text);
    size_t n = (size_t)catalog_totals(index_catalog(test_x)).passages;
    CU_ASSERT_EQUAL(vectors_count(index_vectors(test_x)), n);
    test_close();
    test_open();
    CU_ASSERT_EQUAL(vectors_count(index_vectors(test_x)), n);
    delete_it(1);
    test_upkeep();
    CU_ASSERT_EQUAL(vectors_count(index_vectors(test_x)), 0);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passage_vectors"), 0);
    with_embedder_end();
    free(text);
}

static int64_t sentence_vectors(void)
{
    return test_number("SELECT coalesce(sum(length(vectors)) / 256, 0) FROM sentence_vectors");
}

static void sentences_have_vectors_too_when_they_are_wanted(void)
{
    with_embedder_begin();
    test_close();
    test_conf.sentences = true;
    test_open();
    test_put("a.txt", "The first sentence tells of a fox. The second one tells of a hound, and of the hunt. Yes.");
    CU_ASSERT_EQUAL(sentence_vectors(), 2);
    test_put("b.txt", "A single sentence needs but one vector.");
    CU_ASSERT_EQUAL(sentence_vectors(), 2);
    CU_ASSERT_EQUAL(vectors_count(index_vectors(test_x)), 2);
    with_embedder_end();
}

static bool vectors_come(size_t n)
{
    for (int i = 0; i < 2000; i++) {
        if (index_vectors(test_x) && vectors_count(index_vectors(test_x)) == n
            && test_number("SELECT count(*) FROM documents WHERE embedded = 0") == 0)
            return true;
        usleep(5000);
    }
    return false;
}

static void vectors_that_are_missing_are_made_later(void)
{
    char *text = test_text(100, 0);

    with_embedder_begin();
    test_close();
    test_conf.embedder = NULL;
    test_open();
    test_put("a.txt", text);
    size_t n = (size_t)catalog_totals(index_catalog(test_x)).passages;
    CU_ASSERT_PTR_NULL(index_vectors(test_x));
    test_close();
    test_conf.embedder = embedder;
    test_open();
    CU_ASSERT(vectors_come(n));
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passage_vectors"), (int64_t)n);
    with_embedder_end();
    free(text);
}

static void vectors_of_another_embedder_are_made_anew(void)
{
    with_embedder_begin();
    test_put("a.txt", "The first sentence tells of a fox. The second one tells of a hound, and of the hunt.");
    test_close();
    test_conf.sentences = true; /* makes it another one */
    test_open();
    CU_ASSERT(vectors_come(1));
    CU_ASSERT_EQUAL(sentence_vectors(), 2);
    test_close();
    test_open();
    CU_ASSERT_EQUAL(vectors_count(index_vectors(test_x)), 1);
    with_embedder_end();
}

static void an_embedder_that_does_not_answer_stops_nothing(void)
{
    struct embedder_conf nobody = { .url = "http://127.0.0.1:1/v1", .model = "none", .timeout_ms = 1000 };
    struct embedder *dead;
    struct index_document doc = { .source = "a.txt", .text = "elephants", .len = 9 };
    struct index_put out;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(embedder_open(&dead, &nobody, &err), KL_OK);
    test_begin();
    test_close();
    test_conf.embedder = dead;
    test_open();
    CU_ASSERT_EQUAL(index_put(test_x, &doc, &out, &err), KL_OK);
    CU_ASSERT(out.without_vectors);
    CU_ASSERT_EQUAL(test_search("elephants").n, 1);
    CU_ASSERT_EQUAL(index_counts(test_x).without_vectors, 1);
    test_end();
    embedder_close(dead);
}

KL_TESTS("index",
         T(a_document_is_found_by_its_words),
         T(a_document_replaces_the_one_of_its_source),
         T(a_long_document_is_seen_when_all_of_it_is_there),
         T(work_that_is_stopped_leaves_what_stood),
         T(what_is_deleted_is_gone_at_once),
         T(statements_of_one_source_stand_beside_each_other),
         T(a_document_without_text_has_no_passages),
         T(a_document_needs_a_name_of_some_length),
         T(a_refused_allocation_leaves_all_or_nothing),
         T(what_was_put_is_there_after_a_restart),
         T(one_index_has_one_owner),
         T(a_file_that_is_no_index_is_refused),
         T(a_kill_at_any_instant_leaves_whole_documents),
         T(each_passage_has_its_vector),
         T(sentences_have_vectors_too_when_they_are_wanted),
         T(vectors_that_are_missing_are_made_later),
         T(vectors_of_another_embedder_are_made_anew),
         T(an_embedder_that_does_not_answer_stops_nothing))
