/* Answers over a small index, with the model that comes with us and without one. */
#include "answer.h"

#include "test_index.h"
#include "test_model.h"

static struct kl_error    err;
static struct embedder   *embedder;
static struct searcher   *searcher;
static struct search_hits hits;
static struct answer      given;
static char               text[512];

static const char story[] =
    "Once, there was a boy who became bored when he watched over the village sheep grazing on the hillside. To entertain himself, he"
    " sang out, \"Wolf! Wolf! The wolf is chasing the sheep!\"\n\n"
    "When the villagers heard the cry, they came running up the hill to drive the wolf away. But, when they arrived, they saw no wolf.\n\n"
    "At sunset, the villagers went looking for the boy who had not returned with their sheep.\n\n"
    "An old man went to comfort the boy. Nobody believes a liar, even when he is telling the truth!\n";

static void begin(bool with_model)
{
    struct searcher_conf conf = { .words_only = "no model here" };

    if (with_model)
        CU_ASSERT_EQUAL_FATAL(embedder_open(&embedder, &(struct embedder_conf){ .model_dir = test_model() }, &err), KL_OK);
    test_begin();
    test_close();
    test_conf.embedder = conf.embedder = embedder;
    test_conf.sentences = true;
    test_open();
    conf.index = test_x;
    conf.readers = test_readers;
    CU_ASSERT_EQUAL_FATAL(searcher_new(&searcher, &conf, &err), KL_OK);
    test_put("boy.txt", story);
    test_put("sea.txt", "The captain steered his ship across the stormy ocean. The harbour was three miles away.\n");
    test_put("bread.txt", "Mix the flour with water and bake the loaf in a hot oven.\n");
}

static void end(void)
{
    search_hits_fini(&hits);
    searcher_free(searcher);
    test_end();
    embedder_close(embedder);
    embedder = NULL;
    test_conf.embedder = NULL;
    test_conf.sentences = false;
}

/* The answer's words; "" when it is not known. */
static const char *ask(const char *question)
{
    struct search_query q = { .text = question, .len = strlen(question), .mode = SEARCH_BOTH, .since_ms = INT64_MIN, .k = 10 };

    search_hits_fini(&hits);
    CU_ASSERT_EQUAL_FATAL(search(searcher, &q, &hits, &err), KL_OK);
    CU_ASSERT_EQUAL(answer(searcher, question, strlen(question), &hits, &given, &err), KL_OK);
    CU_ASSERT(given.confidence >= 0 && given.confidence <= 1);
    snprintf(text, sizeof text, "%.*s", given.known ? (int)(given.to - given.from) : 0, given.known ? hits.hits[given.hit].text + given.from : "");
    return text;
}

static void check_facts(void)
{
    CU_ASSERT_STRING_EQUAL(ask("When did the villagers go looking for the boy?"), "At sunset, the villagers went looking for the boy who had not returned with their sheep.");
    CU_ASSERT_STRING_EQUAL(hits.hits[given.hit].source, "boy.txt");
    CU_ASSERT_STRING_EQUAL(ask("Who went to comfort the boy?"), "An old man went to comfort the boy.");
}

static void the_sentence_that_answers_is_given_in_its_words(void)
{
    begin(true);
    check_facts();
    CU_ASSERT_STRING_EQUAL(ask("How far away was the harbour?"), "The harbour was three miles away.");
    end();
}

static void without_a_model_words_alone_answer(void)
{
    begin(false);
    check_facts();
    end();
}

static void what_no_text_answers_is_not_known(void)
{
    static const char *const questions[] = { "Who won the football World Cup in 1998?", "What is the capital city of Australia?",
                                             "How many moons does Jupiter have?", "???" };

    for (int with_model = 0; with_model < 2; with_model++) {
        begin(with_model);
        for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
            CU_ASSERT_STRING_EQUAL(ask(questions[i]), "");
        end();
    }
}

static void a_question_in_the_text_is_no_answer(void)
{
    begin(true);
    test_put("talk.txt", "\"Where does the miller live?\" asked she. The miller lives behind the bridge.\n");
    CU_ASSERT_STRING_EQUAL(ask("Where does the miller live?"), "The miller lives behind the bridge.");
    end();
}

static void the_words_of_a_picture_answer_only_when_nothing_else_does(void)
{
    begin(true);
    test_put("president.txt", "[Illustration: WHEN ABRAHAM LINCOLN WAS SHOT]\n\nAbraham Lincoln was shot in a theatre, on an evening in April.\n");
    CU_ASSERT_STRING_EQUAL(ask("When was Abraham Lincoln shot?"), "Abraham Lincoln was shot in a theatre, on an evening in April.");
    test_put("log.txt", "ORDER 4711 FAILED\n");
    CU_ASSERT_STRING_EQUAL(ask("Which order failed?"), "ORDER 4711 FAILED");
    end();
}

static void a_record_answers_whole(void)
{
    begin(true);
    test_put("orders/0/1", "order: 17\ncustomer: Anna Pavlovna\nitem: samovar\n");
    test_put("orders/0/2", "order: 18\ncustomer: Prince Vasili\nitem: snuffbox\n");
    CU_ASSERT_STRING_EQUAL(ask("Which customer ordered the samovar?"), "order: 17\ncustomer: Anna Pavlovna\nitem: samovar");
    end();
}

KL_TESTS("answer", T(the_sentence_that_answers_is_given_in_its_words), T(without_a_model_words_alone_answer),
         T(what_no_text_answers_is_not_known), T(a_question_in_the_text_is_no_answer),
         T(the_words_of_a_picture_answer_only_when_nothing_else_does), T(a_record_answers_whole))
