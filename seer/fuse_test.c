#include "fuse.h"

#include "test.h"

static struct reader_hit out[8];

static void what_both_find_comes_first(void)
{
    const struct reader_hit words[] = { { 1, 10 }, { 2, 9 } };
    const struct vector_hit near[] = { { 2, 0.8f }, { 3, 0.7f }, { 4, 0.1f } };

    CU_ASSERT_EQUAL(fuse(words, 2, 20, near, 3, out), 4);
    CU_ASSERT_EQUAL(out[0].passage, 2);
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT(out[i].score >= 0 && out[i].score <= 1 && (i == 0 || out[i].score <= out[i - 1].score));
}

static void words_lead_when_they_find_most_of_the_question(void)
{
    const struct reader_hit words[] = { { 1, 19 } };
    const struct vector_hit near[] = { { 2, 0.9f }, { 3, 0.2f } };

    CU_ASSERT_EQUAL(fuse(words, 1, 20, near, 2, out), 3);
    CU_ASSERT_EQUAL(out[0].passage, 1);
}

static void meaning_leads_when_words_find_little(void)
{
    const struct reader_hit words[] = { { 1, 3 } };
    const struct vector_hit near[] = { { 2, 0.6f }, { 3, 0.2f } };

    CU_ASSERT_EQUAL(fuse(words, 1, 20, near, 2, out), 3);
    CU_ASSERT_EQUAL(out[0].passage, 2);
}

static void one_of_them_is_enough(void)
{
    const struct reader_hit words[] = { { 1, 3 }, { 5, 2 } };
    const struct vector_hit near[] = { { 2, 0.6f } };

    CU_ASSERT_EQUAL(fuse(words, 2, 20, NULL, 0, out), 2);
    CU_ASSERT(out[0].passage == 1 && out[1].passage == 5);
    CU_ASSERT_EQUAL(fuse(NULL, 0, 0, near, 1, out), 1);
    CU_ASSERT_EQUAL(out[0].passage, 2);
    CU_ASSERT_EQUAL(fuse(NULL, 0, 0, NULL, 0, out), 0);
}

static void equals_stand_by_their_number(void)
{
    const struct reader_hit words[] = { { 9, 3 }, { 4, 3 } };

    CU_ASSERT_EQUAL(fuse(words, 2, 20, NULL, 0, out), 2);
    CU_ASSERT(out[0].passage == 4 && out[1].passage == 9);
}

KL_TESTS("fuse", T(what_both_find_comes_first), T(words_lead_when_they_find_most_of_the_question), T(meaning_leads_when_words_find_little),
         T(one_of_them_is_enough), T(equals_stand_by_their_number))
