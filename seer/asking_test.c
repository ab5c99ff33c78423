/* Questions answered in the sources' own words, and worded by a language model: a server of ours that answers as real ones
 * do, and as they should not. */
#include "asking.h"

#include <pthread.h>
#include <stdio.h>

#include "clock.h"
#include "http.h"
#include "llm.h"
#include "log.h"
#include "seer.h"
#include "support.h"
#include "test_index.h"

#define WAIT_MS 10000

static struct seer_conf conf;
static struct seer      seer = { .conf = &conf };
static struct kl_error  err;

/* ---- the language model ---- */

static struct {
    struct kl_http *http;
    const char *says;      /* the content; NULL: answer is the whole body */
    const char *answer;
    int         status;
    bool        silent;    /* it never answers */
    char        request[64 * 1024], authorization[128];
    struct kl_request *_Atomic kept; /* the silent one's, resumed at the end */
} model;

static void model_reply(struct kl_request *r)
{
    struct kl_buf body;

    kl_buf_init(&body, 64 * 1024);
    if (model.says) {
        kl_buf_adds(&body, "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":");
        kl_buf_add_json(&body, model.says, strlen(model.says));
        kl_buf_adds(&body, "}}]}");
    } else {
        kl_buf_adds(&body, model.answer);
    }
    kl_reply_buf(r, model.status, "application/json", &body);
    kl_buf_fini(&body);
}

static void chat_post(struct kl_request *r)
{
    const char *key = kl_request_header(r, "Authorization");
    size_t len;
    const char *body = kl_request_body(r, &len);

    snprintf(model.request, sizeof model.request, "%.*s", (int)len, body);
    snprintf(model.authorization, sizeof model.authorization, "%s", key ? key : "");
    if (model.silent) {
        kl_request_suspend(r, model_reply);
        model.kept = r;
    } else {
        model_reply(r);
    }
}

static const int64_t request_max = 64 * 1024;
static const struct kl_route model_routes[] = { { "POST", "/v1/chat/completions", &request_max, chat_post }, { NULL } };

static void model_begin(int64_t timeout_ms)
{
    static char url[64];

    memset(&model, 0, sizeof model);
    model.status = 200;
    CU_ASSERT_EQUAL_FATAL(kl_http_start(&model.http, &(struct kl_http_conf){ .service = "model", .address = "127.0.0.1", .threads = 1, .routes = model_routes }, &err), KL_OK);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1/", kl_http_port(model.http));
    CU_ASSERT_EQUAL_FATAL(llm_open(&seer.llm, &(struct llm_conf){ .url = url, .model = "small", .timeout_ms = timeout_ms }, &err), KL_OK);
}

static void model_end(void)
{
    kl_http_refuse(model.http, 0);
    if (model.kept)
        kl_request_resume(model.kept);
    kl_http_stop(model.http);
    llm_close(seer.llm);
    seer.llm = NULL;
}

/* ---- the index ---- */

static void begin(void)
{
    struct searcher_conf searcher = { .words_only = "no model here" };

    kl_log_init("test", KL_ERROR, false);
    test_begin();
    searcher.index = test_x;
    searcher.readers = seer.readers = test_readers;
    CU_ASSERT_EQUAL_FATAL(searcher_new(&seer.searcher, &searcher, &err), KL_OK);
    test_put("keepers.txt", "The lighthouse at Skerry Point was lit in 1834. Its keeper was a widow by the name\nof Agnes Tulloch. She kept bees.\n");
    test_put("bread.md", "Knead the dough for ten minutes. Bake it at 240 degrees until the crust is brown.\n");
}

static void end(void)
{
    searcher_free(seer.searcher);
    test_end();
}

static struct asked ask_index(const char *question)
{
    struct search_query q = { .text = question, .len = strlen(question), .mode = SEARCH_BOTH, .since_ms = INT64_MIN, .k = 5 };
    struct asked a;

    CU_ASSERT_EQUAL_FATAL(asking_find(&seer, &q, &a, &err), KL_OK);
    return a;
}

static const char *text_of(const struct asked *a)
{
    static char text[4096];
    struct kl_buf b;

    kl_buf_init_fixed(&b, text, sizeof text);
    asked_text(a, &b);
    return text;
}

static json_t *json_of(const struct asked *a, const char *question)
{
    struct freshness fresh = { .topics = 2, .behind = 1, .behind_ms = 30 };
    struct kl_buf b;
    json_t *doc;

    kl_buf_init(&b, 1 << 20);
    asked_write(a, question, &fresh, &b);
    doc = json_loadb(b.data, b.len, JSON_REJECT_DUPLICATES, NULL);
    kl_buf_fini(&b);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    return doc;
}

#define KEEPER "Who was the keeper of the lighthouse at Skerry Point?"

/* ---- without a language model ---- */

static void an_answer_is_a_sentence_on_one_line_with_its_place_in_the_first_source(void)
{
    json_t *doc, *source, *span;
    struct asked a;

    begin();
    a = ask_index("Which widow was the keeper, by the name of Agnes?");
    CU_ASSERT(a.answer.known);
    CU_ASSERT_STRING_EQUAL(text_of(&a), "Its keeper was a widow by the name of Agnes Tulloch.");
    CU_ASSERT(!asking_can_word(&seer, &a));
    doc = json_of(&a, "Which widow?");
    source = json_array_get(json_object_get(doc, "sources"), 0);
    span = json_array_get(json_object_get(source, "highlights"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(source, "source")), "keepers.txt");
    CU_ASSERT_EQUAL(json_integer_value(json_array_get(span, 0)), 48);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(doc, "worded_by")), "extract");
    CU_ASSERT(json_is_null(json_object_get(doc, "not_worded")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(doc, "freshness"), "behind_ms")), 30);
    json_decref(doc);
    asked_fini(&a);
    end();
}

static void what_is_not_in_the_index_is_not_known_and_no_model_is_asked(void)
{
    struct asked a;

    begin();
    model_begin(5000);
    a = ask_index("Which quarks are in a neutron?");
    CU_ASSERT(!a.answer.known);
    CU_ASSERT_STRING_EQUAL(text_of(&a), ANSWER_UNKNOWN);
    CU_ASSERT(!asking_can_word(&seer, &a));
    asked_fini(&a);
    model_end();
    end();
}

/* ---- with one ---- */

/* Asks the keeper's question with a model that says this; why: "" when the answer is the model's. */
static void expect_worded(const char *says, const char *why)
{
    struct asked a = ask_index(KEEPER);

    model.says = says;
    CU_ASSERT(asking_can_word(&seer, &a));
    asking_word(&seer, KEEPER, strlen(KEEPER), &a);
    if (!strstr(a.not_worded, why) || (!*why && a.not_worded[0]))
        printf("    %s: %s\n", says ? says : model.answer, a.not_worded);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.not_worded, why));
    CU_ASSERT_EQUAL(a.worded.len, *why ? 0 : strlen(says));
    CU_ASSERT(*why || !strcmp(text_of(&a), says));
    CU_ASSERT(strlen(text_of(&a)) > 20); /* there is an answer all the same */
    asked_fini(&a);
}

static void a_model_words_the_answer_from_the_passages_that_it_gets(void)
{
    begin();
    model_begin(5000);
    expect_worded("The keeper of the lighthouse at Skerry Point was Agnes Tulloch, a widow [1].", "");
    CU_ASSERT_PTR_NOT_NULL(strstr(model.request, "\"model\":\"small\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(model.request, "[1] The lighthouse at Skerry Point"));
    CU_ASSERT_PTR_NOT_NULL(strstr(model.request, KEEPER));
    CU_ASSERT_STRING_EQUAL(model.authorization, "");
    model_end();
    end();
}

static void what_the_passages_do_not_say_is_refused(void)
{
    begin();
    model_begin(5000);
    expect_worded("The keeper was Agnes Tulloch, who took over in 1812.", "\"1812\" is not in the sources");
    expect_worded("The keeper was a widow, Margaret Tulloch.", "\"Margaret\" is not in the sources");
    expect_worded("Nuclear submarines patrol quietly beneath frozen polar oceans.", "weight");
    expect_worded("It was.", "weight");
    expect_worded("The keeper of the lighthouse at Skerry Point.", "only repeats the question");
    expect_worded("I don't know.", "found no answer");
    model_end();
    end();
}

static void a_model_that_answers_nonsense_or_an_error_changes_nothing_else(void)
{
    static const char *const bodies[] = { "", "{", "[]", "{\"choices\":[]}", "{\"choices\":[{\"message\":{\"content\":7}}]}" };

    begin();
    model_begin(5000);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        model.answer = bodies[i];
        expect_worded(NULL, "choices[0]");
    }
    expect_worded("", "with nothing");
    model.status = 500;
    expect_worded("The keeper was Agnes Tulloch.", "status 500");
    CU_ASSERT(!llm_state(seer.llm, (char[256]){ "" }, 256));
    model.status = 200;
    expect_worded("The keeper was Agnes Tulloch.", "");
    CU_ASSERT(llm_state(seer.llm, (char[256]){ "" }, 256));
    CU_ASSERT_EQUAL(llm_counts(seer.llm).failed, 7);
    model_end();
    end();
}

static void an_answer_that_is_too_long_is_refused(void)
{
    char says[LLM_ANSWER_MAX + 2];

    begin();
    model_begin(5000);
    memset(says, 'a', sizeof says - 1);
    says[sizeof says - 1] = '\0';
    expect_worded(says, "longer than");
    model_end();
    end();
}

static void a_model_that_does_not_answer_costs_its_timeout_and_no_more(void)
{
    int64_t start_us = kl_mono_us();

    begin();
    model_begin(100);
    model.silent = true;
    expect_worded("The keeper was Agnes Tulloch.", "no answer within 100 ms");
    CU_ASSERT(kl_mono_us() - start_us < WAIT_MS * 1000);
    model_end();
    end();
}

static void *end_soon(void *ctx)
{
    (void)ctx;
    for (int64_t end_us = kl_mono_us() + WAIT_MS * 1000; !model.kept && kl_mono_us() < end_us;)
        kl_sleep_ms(1);
    llm_end(seer.llm);
    return NULL;
}

static void a_call_under_way_ends_with_the_service(void)
{
    int64_t start_us;
    pthread_t thread;

    begin();
    model_begin(600000);
    model.silent = true;
    start_us = kl_mono_us();
    pthread_create(&thread, NULL, end_soon, NULL);
    expect_worded("The keeper was Agnes Tulloch.", "stopping");
    CU_ASSERT(kl_mono_us() - start_us < WAIT_MS * 1000);
    pthread_join(thread, NULL);
    model_end();
    end();
}

static void a_model_that_is_not_there_is_told_at_once(void)
{
    begin();
    CU_ASSERT_EQUAL_FATAL(llm_open(&seer.llm, &(struct llm_conf){ .url = "http://127.0.0.1:1/v1", .timeout_ms = 5000 }, &err), KL_OK);
    expect_worded("The keeper was Agnes Tulloch.", "nobody listens");
    llm_close(seer.llm);
    seer.llm = NULL;
    end();
}

static void a_key_is_sent_and_a_wrong_setting_is_named(void)
{
    char file[64], url[64];

    begin();
    model_begin(5000);
    test_dir_put(test_dir, "key", "s3cret\n");
    test_dir_put(test_dir, "none", "");
    snprintf(file, sizeof file, "%s/key", test_dir);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1/chat/completions", kl_http_port(model.http));
    llm_close(seer.llm);
    CU_ASSERT_EQUAL_FATAL(llm_open(&seer.llm, &(struct llm_conf){ .url = url, .key_file = file, .timeout_ms = 5000 }, &err), KL_OK);
    expect_worded("The keeper was Agnes Tulloch.", "");
    CU_ASSERT_STRING_EQUAL(model.authorization, "Bearer s3cret");
    CU_ASSERT_PTR_NULL(strstr(model.request, "\"model\""));
    model_end();
    snprintf(file, sizeof file, "%s/none", test_dir);
    CU_ASSERT_EQUAL(llm_open(&seer.llm, &(struct llm_conf){ .url = url, .key_file = file }, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "SEER_LLM_KEY_FILE");
    llm_close(seer.llm);
    CU_ASSERT_EQUAL(llm_open(&seer.llm, &(struct llm_conf){ .url = "localhost:8080" }, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "SEER_LLM_URL");
    llm_close(seer.llm);
    seer.llm = NULL;
    end();
}

KL_TESTS("asking", T(an_answer_is_a_sentence_on_one_line_with_its_place_in_the_first_source), T(what_is_not_in_the_index_is_not_known_and_no_model_is_asked),
         T(a_model_words_the_answer_from_the_passages_that_it_gets), T(what_the_passages_do_not_say_is_refused),
         T(a_model_that_answers_nonsense_or_an_error_changes_nothing_else), T(an_answer_that_is_too_long_is_refused),
         T(a_model_that_does_not_answer_costs_its_timeout_and_no_more), T(a_call_under_way_ends_with_the_service),
         T(a_model_that_is_not_there_is_told_at_once), T(a_key_is_sent_and_a_wrong_setting_is_named))
