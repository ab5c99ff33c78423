#include "expect.h"

#include "test.h"

static void a_question_tells_what_it_asks_for(void)
{
    static const struct { const char *question; enum expect want; } cases[] = {
        { "How many Uhlans were drowned?", EXPECT_NUMBER }, { "At what hour did she return?", EXPECT_TIME },
        { "When was the canal opened?", EXPECT_TIME },      { "To whom did he write?", EXPECT_PERSON },
        { "WHO cried?", EXPECT_PERSON },                    { "Why did nobody come?", EXPECT_REASON },
        { "What did the boy cry?", EXPECT_ANYTHING },       { "How", EXPECT_ANYTHING }, { "What is a sinus?", EXPECT_MEANING }, { "", EXPECT_ANYTHING },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(expect_of(cases[i].question, strlen(cases[i].question)), cases[i].want);
}

static bool met(enum expect what, const char *question, const char *sentence)
{
    return expect_met(what, question, strlen(question), sentence, strlen(sentence));
}

static void a_sentence_has_what_is_asked_for_or_not(void)
{
    CU_ASSERT(met(EXPECT_NUMBER, "", "Some forty Uhlans were drowned."));
    CU_ASSERT(met(EXPECT_NUMBER, "", "It cost $15."));
    CU_ASSERT_FALSE(met(EXPECT_NUMBER, "", "Nobody was drowned."));
    CU_ASSERT(met(EXPECT_TIME, "", "At sunset they went home."));
    CU_ASSERT(met(EXPECT_TIME, "", "It was in 1812."));
    CU_ASSERT_FALSE(met(EXPECT_TIME, "", "They went home."));
    CU_ASSERT(met(EXPECT_REASON, "", "He lied because he was bored."));
    CU_ASSERT_FALSE(met(EXPECT_REASON, "", "He lied."));
    CU_ASSERT(met(EXPECT_MEANING, "What is a sinus?", "A sinus is a track leading from a focus."));
    CU_ASSERT_FALSE(met(EXPECT_MEANING, "What is a sinus?", "The sinus usually heals; it is narrow."));
    CU_ASSERT(met(EXPECT_ANYTHING, "", ""));
}

static void a_person_is_a_name_that_the_question_does_not_have(void)
{
    CU_ASSERT(met(EXPECT_PERSON, "Who wrote to Kutuzov?", "He saw Kutuzov and Bagration."));
    CU_ASSERT_FALSE(met(EXPECT_PERSON, "Who wrote to Kutuzov?", "He saw Kutuzov."));
    CU_ASSERT_FALSE(met(EXPECT_PERSON, "Who came?", "Nobody. Then nothing. \"Well, no.\""));
}

KL_TESTS("expect", T(a_question_tells_what_it_asks_for), T(a_sentence_has_what_is_asked_for_or_not),
         T(a_person_is_a_name_that_the_question_does_not_have))
