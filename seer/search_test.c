/* Searches over a small index with the model that comes with us, and without one. */
#include "search.h"

#include "test_index.h"
#include "test_model.h"

static struct kl_error    err;
static struct embedder   *embedder;
static struct searcher   *searcher;
static struct search_hits hits;

static void open_with(struct embedder *e)
{
    struct searcher_conf conf = { .embedder = e, .words_only = "no model here" };

    test_begin();
    test_close();
    test_conf.embedder = e;
    test_open();
    conf.index = test_x;
    conf.readers = test_readers;
    CU_ASSERT_EQUAL_FATAL(searcher_new(&searcher, &conf, &err), KL_OK);
    test_put("boy.txt", "Once, there was a boy who became bored when he watched over the village sheep grazing on the hillside.\n");
    test_put("sea.txt", "The captain steered his ship across the stormy ocean towards the harbour.\n");
    test_put("bread.txt", "Mix the flour with water and bake the loaf in a hot oven.\n");
}

static void begin(void)
{
    CU_ASSERT_EQUAL_FATAL(embedder_open(&embedder, &(struct embedder_conf){ .model_dir = test_model() }, &err), KL_OK);
    open_with(embedder);
}

static void end(void)
{
    search_hits_fini(&hits);
    searcher_free(searcher);
    test_end();
    embedder_close(embedder);
    embedder = NULL;
    test_conf.embedder = NULL;
}

static enum kl_code look(const char *text, enum search_mode mode, const char *source, size_t k)
{
    struct search_query q = { .text = text, .len = strlen(text), .mode = mode, .source = source, .since_ms = INT64_MIN, .k = k };

    search_hits_fini(&hits);
    return search(searcher, &q, &hits, &err);
}

static void words_find_what_has_them_and_mark_them(void)
{
    begin();
    CU_ASSERT_EQUAL(look("Which boy watched the sheep?", SEARCH_WORDS, NULL, 10), KL_OK);
    CU_ASSERT(hits.n == 1 && hits.mode == SEARCH_WORDS && hits.words_only[0] == '\0');
    CU_ASSERT_STRING_EQUAL(hits.hits[0].source, "boy.txt");
    CU_ASSERT_EQUAL(hits.hits[0].n_highlights, 3);
    CU_ASSERT_NSTRING_EQUAL(hits.hits[0].text + hits.hits[0].highlights[0].from, "boy", 3);
    end();
}

static void meaning_finds_what_is_said_in_other_words(void)
{
    begin();
    CU_ASSERT_EQUAL(look("sailor on a vessel at sea", SEARCH_MEANING, NULL, 1), KL_OK);
    CU_ASSERT(hits.n == 1 && hits.mode == SEARCH_MEANING);
    CU_ASSERT_STRING_EQUAL(hits.hits[0].source, "sea.txt");
    CU_ASSERT_EQUAL(look("how to cook dough", SEARCH_BOTH, NULL, 3), KL_OK);
    CU_ASSERT(hits.n >= 1 && hits.mode == SEARCH_BOTH);
    CU_ASSERT_STRING_EQUAL(hits.hits[0].source, "bread.txt");
    end();
}

static void what_has_nothing_in_common_is_not_found_for_want_of_others(void)
{
    begin();
    CU_ASSERT_EQUAL(look("bored boy", SEARCH_BOTH, NULL, 10), KL_OK);
    CU_ASSERT(hits.n >= 1 && hits.n < 3);
    for (size_t i = 0; i < hits.n; i++)
        CU_ASSERT(hits.hits[i].score > 0);
    CU_ASSERT_EQUAL(look("bored boy", SEARCH_BOTH, "sea.txt", 10), KL_OK);
    CU_ASSERT_EQUAL(hits.n, 0);
    end();
}

static void filters_hold_for_both(void)
{
    begin();
    CU_ASSERT_EQUAL(look("boy at sea", SEARCH_BOTH, "sea.txt", 10), KL_OK);
    CU_ASSERT_EQUAL_FATAL(hits.n, 1);
    CU_ASSERT_STRING_EQUAL(hits.hits[0].source, "sea.txt");
    CU_ASSERT_EQUAL(look("bored boy", SEARCH_BOTH, "none.txt", 10), KL_OK);
    CU_ASSERT_EQUAL(hits.n, 0);
    end();
}

static void without_an_embedder_it_goes_on_by_words_and_says_why(void)
{
    open_with(NULL);
    CU_ASSERT_EQUAL(look("bored boy", SEARCH_BOTH, NULL, 10), KL_OK);
    CU_ASSERT(hits.n == 1 && hits.mode == SEARCH_WORDS);
    CU_ASSERT_STRING_EQUAL(hits.words_only, "no model here");
    end();
}

static void a_question_that_is_none_is_refused(void)
{
    begin();
    CU_ASSERT_EQUAL(look(" \n", SEARCH_BOTH, NULL, 10), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "q");
    CU_ASSERT_EQUAL(look("caf\xE9", SEARCH_BOTH, NULL, 10), KL_INVALID);
    CU_ASSERT_EQUAL(look("\"boy\" OR (NEAR* -sheep", SEARCH_BOTH, NULL, 10), KL_OK);
    CU_ASSERT_STRING_EQUAL(hits.hits[0].source, "boy.txt");
    CU_ASSERT_EQUAL(look("???", SEARCH_WORDS, NULL, 10), KL_OK);
    CU_ASSERT_EQUAL(hits.n, 0);
    end();
}

static void what_was_deleted_is_not_found(void)
{
    int64_t id;

    begin();
    id = test_put("wolf.txt", "A wolf was sneaking around the flock.\n");
    CU_ASSERT_EQUAL(look("wolf", SEARCH_BOTH, NULL, 1), KL_OK);
    CU_ASSERT_STRING_EQUAL(hits.hits[0].source, "wolf.txt");
    CU_ASSERT_EQUAL(index_delete(test_x, id, &err), KL_OK);
    CU_ASSERT_EQUAL(look("wolf", SEARCH_BOTH, NULL, 10), KL_OK);
    for (size_t i = 0; i < hits.n; i++)
        CU_ASSERT_STRING_NOT_EQUAL(hits.hits[i].source, "wolf.txt");
    end();
}

KL_TESTS("search", T(words_find_what_has_them_and_mark_them), T(meaning_finds_what_is_said_in_other_words), T(what_has_nothing_in_common_is_not_found_for_want_of_others), T(filters_hold_for_both),
         T(without_an_embedder_it_goes_on_by_words_and_says_why), T(a_question_that_is_none_is_refused), T(what_was_deleted_is_not_found))
