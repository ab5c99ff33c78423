/* The seer with a real language model (it/llm-test starts one): what it words stands in the sources, what it cannot word has
 * the source's own sentence, and its death stops nothing. Not among the scenarios of `make it`: the model is large to build.
 * IT_LLM_URL says where it is, IT_LLM_PID which process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "it.h"

#define GONE_MS 20000

static struct it_world w;

static const char text[] =
    "The lighthouse at Skerry Point was lit for the first time in 1834. Its first keeper was a widow by the name of Agnes Tulloch. "
    "The light can be seen for eighteen miles in clear weather. The lamp burnt whale oil until 1871, when paraffin came into use.\n\n"
    "The ferry to Hvar leaves at half past seven in the morning and takes bicycles. A ticket costs four crowns. In winter the ferry "
    "does not run on Sundays.\n\n"
    "To bake the island bread, knead the dough for ten minutes and let it rest overnight. Bake it at 240 degrees until the crust is brown.\n";

static const char *const questions[] = {
    "Who was the first keeper of the lighthouse at Skerry Point?", "When was the lighthouse at Skerry Point lit for the first time?",
    "How far can the light be seen in clear weather?",             "What did the lamp burn until 1871?",
    "When does the ferry to Hvar leave?",                          "What does a ticket for the ferry cost?",
    "On which day does the ferry not run in winter?",              "How long do you knead the dough of the island bread?",
};
#define QUESTIONS (sizeof questions / sizeof *questions)

static int begin(void)
{
    static char url[256], timeout[] = "SEER_LLM_TIMEOUT=120s";
    struct it_answer a;

    snprintf(url, sizeof url, "SEER_LLM_URL=%s", getenv("IT_LLM_URL"));
    w.seer.env[0] = url;
    w.seer.env[1] = timeout;
    it_begin(&w, IT_SEER);
    a = it_call(&w.seer, "PUT", NULL, text, sizeof text - 1, "/documents?source=island.txt");
    it_answer_free(&a);
    return 0;
}
static int end(void) { return it_end(&w); }

static struct it_answer ask(const char *question)
{
    return it_call(&w.seer, "POST", NULL, question, strlen(question), "/ask");
}

/* Does each number of the answer stand in the text? */
static bool numbers_are_from_the_text(const char *answer)
{
    for (const char *at = answer; *at; at++) {
        char number[32];
        size_t len = strspn(at, "0123456789");

        if (len == 0 || (at > answer && at[-1] == '['))
            continue;
        snprintf(number, sizeof number, "%.*s", (int)len, at);
        if (!strstr(text, number))
            return false;
        at += len - 1;
    }
    return true;
}

static void what_the_model_words_is_in_the_sources_and_the_rest_is_the_sources_own(void)
{
    int worded = 0;

    for (size_t i = 0; i < QUESTIONS; i++) {
        struct it_answer a = ask(questions[i]);
        bool by_llm = !strcmp(it_text(&a, "worded_by"), "llm");

        printf("    %s\n      %s: %s%s%s\n", questions[i], it_text(&a, "worded_by"), it_text(&a, "answer"), by_llm ? "" : "\n      ", it_text(&a, "not_worded"));
        CU_ASSERT_EQUAL(a.status, 200);
        CU_ASSERT(by_llm || *it_text(&a, "not_worded") || json_is_false(json_object_get(a.json, "known")));
        CU_ASSERT(numbers_are_from_the_text(it_text(&a, "answer")));
        worded += by_llm;
        it_answer_free(&a);
    }
    printf("    %d of %zu were worded by the model\n", worded, QUESTIONS);
    CU_ASSERT(worded > 0);
}

static void what_is_not_in_the_sources_is_not_known_whatever_the_model_knows(void)
{
    struct it_answer a = ask("What is the capital of France?");

    CU_ASSERT(json_is_false(json_object_get(a.json, "known")));
    CU_ASSERT_STRING_EQUAL(it_text(&a, "answer"), "I don't know");
    it_answer_free(&a);
}

static bool is_worded_by_itself(void *ctx)
{
    struct it_answer a = ask(questions[0]);
    bool gone = !strcmp(it_text(&a, "worded_by"), "extract") && strstr(it_text(&a, "not_worded"), "nobody listens");

    (void)ctx;
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT(json_is_true(json_object_get(a.json, "known")));
    it_answer_free(&a);
    return gone;
}

static void the_models_death_leaves_the_sources_own_sentence(void)
{
    struct it_answer a;

    kill((pid_t)atoi(getenv("IT_LLM_PID")), SIGKILL);
    CU_ASSERT(it_until(GONE_MS, is_worded_by_itself, NULL));
    a = it_get(&w.seer, "/search?q=lighthouse");
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
}

KL_TESTS_WITH("seer_llm", begin, end, T(what_the_model_words_is_in_the_sources_and_the_rest_is_the_sources_own),
              T(what_is_not_in_the_sources_is_not_known_whatever_the_model_knows), T(the_models_death_leaves_the_sources_own_sentence))
