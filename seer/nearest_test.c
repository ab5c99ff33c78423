#include "nearest.h"

#include <stdlib.h>

#include "meaning.h"
#include "test_index.h"
#include "test_model.h"

#define OTHERS_MAX 4

static struct embedder *table;

static int begin(void)
{
    return embedder_open(&table, &(struct embedder_conf){ .model_dir = test_model() }, NULL) == KL_OK ? 0 : 1;
}

static int end(void)
{
    embedder_close(table);
    return 0;
}

static void begin_with_table(bool sentences)
{
    test_begin();
    test_close();
    test_conf.embedder = table;
    test_conf.sentences = sentences;
    test_open();
}

static void row_of(const char *text, int8_t row[MEANING_DIMS])
{
    struct kl_buf rows;

    kl_buf_init(&rows, MEANING_DIMS);
    CU_ASSERT_EQUAL_FATAL(embedder_rows(table, &(struct embedder_text){ text, strlen(text) }, 1, &rows, NULL), KL_OK);
    memcpy(row, rows.data, MEANING_DIMS);
    kl_buf_fini(&rows);
}

/* Passages of test documents are numbered from 1 in the order of their puts. */
static size_t near(const char *question, const char *source, const int64_t *others, size_t n_others, struct vector_hit *out)
{
    struct reader_hit words[OTHERS_MAX];
    struct catalog_filter filter;
    int8_t row[MEANING_DIMS];
    struct kl_error err;
    size_t n;

    for (size_t i = 0; i < n_others; i++)
        words[i] = (struct reader_hit){ others[i], 1 };
    row_of(question, row);
    CU_ASSERT_EQUAL_FATAL(catalog_filter(index_catalog(test_x), NULL, source, INT64_MIN, &filter, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(nearest_passages(index_vectors(test_x), test_reader, row, &filter, words, n_others, out, &n, &err), KL_OK);
    return n;
}

#define WOLF "The shepherd boy cried that a wolf was there. The villagers came running with their dogs."
#define BONE "A fracture of the thigh bone is set in plaster. The patient stays in bed for six weeks."

static void nearest_passages_come_best_first(void)
{
    struct vector_hit hits[NEAREST_LOOKED];

    begin_with_table(true);
    test_put("wolf", WOLF);
    test_put("bone", BONE);
    CU_ASSERT_EQUAL(near("How is a broken leg treated?", NULL, NULL, 0, hits), 2);
    CU_ASSERT_EQUAL(hits[0].id, 2);
    CU_ASSERT(hits[0].score > hits[1].score && hits[0].score <= 1);
    test_end();
}

static void half_of_a_score_is_the_nearest_sentence(void)
{
    static const char question[] = "The villagers came running with their dogs.";
    struct vector_hit alone, mixed;
    int8_t asked[MEANING_DIMS], whole[MEANING_DIMS];
    float own;

    row_of(question, asked);
    row_of(WOLF, whole);
    own = vectors_cosine(asked, whole, MEANING_DIMS);
    begin_with_table(false);
    test_put("wolf", WOLF);
    CU_ASSERT_EQUAL(near(question, NULL, NULL, 0, &alone), 1);
    CU_ASSERT_DOUBLE_EQUAL(alone.score, own, 1e-5);
    test_end();
    begin_with_table(true);
    test_put("wolf", WOLF);
    CU_ASSERT_EQUAL(near(question, NULL, NULL, 0, &mixed), 1);
    CU_ASSERT_DOUBLE_EQUAL(mixed.score, (own + 1) / 2, 1e-5);
    test_end();
}

static void others_get_a_score_too_and_nothing_stands_twice(void)
{
    static const int64_t others[] = { 1, 2, 99 };
    struct vector_hit hits[NEAREST_LOOKED + OTHERS_MAX];

    begin_with_table(true);
    test_put("wolf", WOLF);
    test_put("bone", BONE);
    CU_ASSERT_EQUAL(near("wolves", "wolf", NULL, 0, hits), 1);
    CU_ASSERT_EQUAL(near("wolves", "wolf", others, 3, hits), 2);
    CU_ASSERT_EQUAL(hits[0].id, 1);
    CU_ASSERT_EQUAL(hits[1].id, 2);
    test_end();
}

static void what_is_deleted_is_near_to_nothing(void)
{
    struct vector_hit hits[NEAREST_LOOKED];
    struct kl_error err;
    int64_t wolf;

    begin_with_table(true);
    wolf = test_put("wolf", WOLF);
    CU_ASSERT_EQUAL(near("wolves", NULL, NULL, 0, hits), 1);
    CU_ASSERT_EQUAL(index_delete(test_x, wolf, &err), KL_OK);
    CU_ASSERT_EQUAL(near("wolves", NULL, NULL, 0, hits), 0);
    test_end();
}

static void a_question_without_a_known_word_is_near_to_nothing(void)
{
    struct vector_hit hits[NEAREST_LOOKED];

    begin_with_table(true);
    test_put("wolf", WOLF);
    CU_ASSERT_EQUAL(near("☃", NULL, NULL, 0, hits), 0);
    test_end();
}

KL_TESTS_WITH("nearest", begin, end, T(nearest_passages_come_best_first), T(half_of_a_score_is_the_nearest_sentence),
              T(others_get_a_score_too_and_nothing_stands_twice), T(what_is_deleted_is_near_to_nothing),
              T(a_question_without_a_known_word_is_near_to_nothing))
