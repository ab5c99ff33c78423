/* The seer's doors over HTTP, without Kafka: what is in it/ with one is not here again. Mostly what happens when too much is
 * asked for at once, and when a language model is slow. */
#include "endpoints.h"

#include <pthread.h>

#include "http_rig.h"
#include "index.h"
#include "kafka_producer.h"
#include "learner.h"
#include "llm.h"
#include "parts.h"
#include "seer.h"
#include "test_dir.h"
#include "work.h"

static char           dir[TEST_DIR_BYTES], index_file[64];
static struct seer    seer = { .conf = &seer_conf };
static struct rig     rig;
static struct kl_error err;

/* ---- a language model that does not answer until it is told ---- */

#define CALLS_MAX 8

static struct {
    struct rig         rig;
    char               url[64];
    pthread_mutex_t    lock;
    struct kl_request *kept[CALLS_MAX];
    int                n;
} model = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void model_answer(struct kl_request *r)
{
    static const char body[] = "{\"choices\":[{\"message\":{\"content\":\"The walrus sleeps.\"}}]}";

    kl_reply_static(r, 200, "application/json", body, sizeof body - 1);
}

static void chat_post(struct kl_request *r)
{
    pthread_mutex_lock(&model.lock);
    kl_request_suspend(r, model_answer);
    if (model.n < CALLS_MAX)
        model.kept[model.n++] = r;
    pthread_mutex_unlock(&model.lock);
}

static int model_calls(void)
{
    int n;

    pthread_mutex_lock(&model.lock);
    n = model.n;
    pthread_mutex_unlock(&model.lock);
    return n;
}

static void model_speaks(void)
{
    pthread_mutex_lock(&model.lock);
    while (model.n > 0)
        kl_request_resume(model.kept[--model.n]);
    pthread_mutex_unlock(&model.lock);
}

static const int64_t request_max = 64 * 1024;
static const struct kl_route model_routes[] = { { "POST", "/v1/chat/completions", &request_max, chat_post }, { NULL } };

static void model_begin(void)
{
    rig_start(&model.rig, (struct kl_http_conf){ .routes = model_routes });
    snprintf(model.url, sizeof model.url, "http://127.0.0.1:%d/v1", model.rig.port);
    CU_ASSERT_EQUAL_FATAL(llm_open(&seer.llm, &(struct llm_conf){ .url = model.url, .timeout_ms = 60000 }, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(work_open(&seer.wording, &(struct work_conf){ .seer = &seer, .what = "answers", .thread = "word", .threads = 1, .waiting_max = 1 }, &err), KL_OK);
}

/* ---- the seer ---- */

static struct work *pool(const char *what, int64_t waiting_max)
{
    struct work_conf conf = { .seer = &seer, .what = what, .thread = "test", .threads = 1, .waiting_max = waiting_max };
    struct work *w;

    CU_ASSERT_EQUAL_FATAL(work_open(&w, &conf, &err), KL_OK);
    return w;
}

static void no_feed(void *ctx, enum kl_feed_end end, const char *why)
{
    (void)ctx, (void)end, (void)why;
}

static void begin(void)
{
    char name[] = "test", *argv[] = { name, NULL };
    struct kl_conf_source source = { .argc = 1, .argv = argv, .env = (char *[]){ NULL } };
    rd_kafka_conf_t *kafka;

    kl_log_init("test", KL_ERROR, false);
    test_dir_make(dir);
    snprintf(index_file, sizeof index_file, "%s/index.db", dir);
    CU_ASSERT_EQUAL_FATAL(kl_conf_load(seer_settings, &seer_conf, &source, &err), KL_OK);
    seer_conf.index_file = index_file;
    seer_conf.model_dir = dir;                        /* none is there: words alone */
    seer_conf.kafka.bootstrap_servers = "127.0.0.1:1"; /* nobody */
    seer_conf.document_max_bytes = 64 * 1024;
    CU_ASSERT_EQUAL_FATAL(seer_kafka_conf(&seer_conf, KL_KAFKA_PRODUCER, &kafka, &err), KL_OK);
    rd_kafka_conf_set(kafka, "log_level", "0", NULL, 0);
    CU_ASSERT_EQUAL_FATAL(kl_producer_open(&seer.producer, kafka, &err), KL_OK);
    kl_log_level(KL_ERROR);
    CU_ASSERT_EQUAL_FATAL(parts_open(&seer, NULL, NULL, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(learner_start(&seer.learner, &seer_conf, seer.index, no_feed, &err), KL_OK);
    seer.searching = pool("searches", 2);
    seer.loading = pool("loads", 1);
    seer.cluster = pool("calls", 1);
    rig_start(&rig, (struct kl_http_conf){ .routes = seer_routes, .ctx = &seer });
}

static void end(void)
{
    kl_http_refuse(rig.http, RIG_WAIT_MS);
    llm_end(seer.llm);
    work_end(seer.searching);
    work_end(seer.wording);
    work_end(seer.loading);
    work_end(seer.cluster);
    kl_http_stop(rig.http);
    learner_stop(seer.learner);
    kl_producer_close(seer.producer, 0);
    work_close(seer.searching);
    work_close(seer.wording);
    work_close(seer.loading);
    work_close(seer.cluster);
    parts_close(&seer);
    if (seer.llm) {
        kl_http_refuse(model.rig.http, 0);
        model_speaks();
        kl_http_stop(model.rig.http);
    }
    llm_close(seer.llm);
    kl_conf_free();
    test_dir_remove(dir);
    seer = (struct seer){ .conf = &seer_conf };
}

static void put(const char *source, const char *text, struct answer *a)
{
    char request[1024];

    snprintf(request, sizeof request, "PUT /documents?source=%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", source, strlen(text), text);
    ask_text(rig.port, a, request);
}

static int put_status(const char *source, const char *text)
{
    struct answer a;

    put(source, text, &a);
    answer_fini(&a);
    return a.status;
}

static bool has(const struct answer *a, const char *part)
{
    bool there = a->body && strstr(a->body, part);

    if (!there)
        printf("    %d %s\n", a->status, a->body ? a->body : "");
    return there;
}

/* ---- doors ---- */

static void without_a_directory_a_load_is_refused_and_told_how_to_set_it(void)
{
    struct answer a;

    begin();
    ask_text(rig.port, &a, "POST /load HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
    CU_ASSERT_EQUAL(a.status, 403);
    CU_ASSERT(has(&a, "\"field\":\"LOAD_DIR\"") && has(&a, "LOAD_DIR=/a/directory"));
    answer_fini(&a);
    end();
}

static void without_a_model_the_words_are_searched_and_the_answer_says_why(void)
{
    struct answer a;

    begin();
    CU_ASSERT_EQUAL(put_status("zoo.txt", "The walrus sleeps."), 201);
    ask(rig.port, &a, "GET /search?q=walrus HTTP/1.1");
    CU_ASSERT(has(&a, "\"mode\":\"words\"") && has(&a, "\"words_only\":\"") && has(&a, "\"source\":\"zoo.txt\""));
    answer_fini(&a);
    ask(rig.port, &a, "GET /status HTTP/1.1");
    CU_ASSERT(has(&a, "\"kind\":\"none\"") && has(&a, "\"document\":1"));
    answer_fini(&a);
    end();
}

/* Has its place when this returns: the server wants the body. */
static void begin_slow_put(struct line *line)
{
    line_open(line, rig.port);
    line_say(line, "PUT /documents?source=slow.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\nExpect: 100-continue\r\n\r\n");
    while (!line->len || !strstr(line->data, "100 Continue\r\n\r\n"))
        if (!line_fill(line)) {
            CU_FAIL("the body is not wanted");
            return;
        }
    line_drop(line, line->len);
    line_say(line, "The slow ");
}

static void as_many_documents_as_may_be_in_memory_are_taken_and_one_more_is_a_503(void)
{
    struct line first;
    struct answer a;

    begin();
    begin_slow_put(&first);
    put("more.txt", "One more.", &a);
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT(has(&a, "1 loads wait already") && answer_has(&a, "Retry-After", "1"));
    answer_fini(&a);
    line_say(&first, "loris ran.\n");
    line_hear(&first, &a, false);
    CU_ASSERT_EQUAL(a.status, 201);
    answer_fini(&a);
    line_close(&first);
    RIG_UNTIL(put_status("more.txt", "One more.") == 201);
    end();
}

static void a_place_is_free_again_when_its_client_leaves_in_the_middle(void)
{
    struct line first;

    begin();
    begin_slow_put(&first);
    CU_ASSERT_EQUAL(put_status("more.txt", "One more."), 503);
    line_close(&first);
    RIG_UNTIL(put_status("more.txt", "One more.") == 201);
    end();
}

static void a_body_beyond_the_maximum_is_refused_by_its_length(void)
{
    begin();
    CU_ASSERT_EQUAL(ask_status(rig.port, "PUT /documents?source=a.txt HTTP/1.1\r\nContent-Length: 1073741824"), 413);
    end();
}

/* ---- questions ---- */

static void post_question(const char *query, const char *type, const char *body, size_t len, struct answer *a)
{
    char request[1024];
    int head = snprintf(request, sizeof request, "POST /ask%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", query, type, len);
    struct line line;

    memcpy(request + head, body, len);
    line_open(&line, rig.port);
    line_send(&line, request, (size_t)head + len);
    line_hear(&line, a, false);
    line_close(&line);
}

static void a_body_counts_more_than_the_query_and_holds_no_nul(void)
{
    static const char json[] = "{\"question\": \"Who sleeps?\", \"source\": \"zoo.txt\"}", nul[] = "Who\0sleeps?";
    struct answer a;

    begin();
    CU_ASSERT_EQUAL(put_status("zoo.txt", "The walrus sleeps."), 201);
    CU_ASSERT_EQUAL(put_status("sea.txt", "The otter sleeps."), 201); /* the place of the one before is free with its answer */
    post_question("?source=sea.txt", "application/json", json, sizeof json - 1, &a);
    CU_ASSERT(has(&a, "walrus") && !strstr(a.body, "otter"));
    answer_fini(&a);
    post_question("", "text/plain", nul, sizeof nul - 1, &a);
    CU_ASSERT_EQUAL(a.status, 400);
    answer_fini(&a);
    end();
}

/* ---- the end of the service ---- */

#define FILES 400

/* Its answer is not waited for. */
static void begin_long_load(struct line *line)
{
    char name[32], request[FILES * 16 + 128];
    struct kl_buf names;

    kl_buf_init(&names, sizeof request);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "f%d.txt", i);
        test_dir_put(dir, name, "The sloth hangs.");
        kl_buf_addf(&names, "%s\n", name);
    }
    snprintf(request, sizeof request, "POST /load HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", names.len, names.data);
    kl_buf_fini(&names);
    line_open(line, rig.port);
    line_say(line, request);
}

static void a_load_of_many_files_does_not_hold_up_the_end(void)
{
    struct line line;
    struct answer a;

    begin();
    seer_conf.load_dir = dir;
    begin_long_load(&line);
    RIG_UNTIL(index_counts(seer.index).puts > 0);
    work_end(seer.loading);
    CU_ASSERT(index_counts(seer.index).puts < FILES);
    line_hear(&line, &a, false);
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT(has(&a, "of 400 files are loaded"));
    answer_fini(&a);
    line_close(&line);
    end();
}

/* ---- a slow language model ---- */

static void ask_walrus(struct line *line, const char *header)
{
    char request[256];

    line_open(line, rig.port);
    snprintf(request, sizeof request, "GET /ask?q=Who%%20sleeps HTTP/1.1\r\nHost: localhost\r\n%s\r\n", header);
    line_say(line, request);
}

static void searches_go_on_while_the_language_model_is_silent(void)
{
    struct line one, two, three;
    struct answer a;

    begin();
    model_begin();
    CU_ASSERT_EQUAL(put_status("zoo.txt", "The walrus sleeps."), 201);
    ask_walrus(&one, ""); /* is being worded */
    RIG_UNTIL(model_calls() == 1);
    ask_walrus(&two, ""); /* waits for that */
    RIG_UNTIL(work_waiting(seer.wording) == 1);
    ask_walrus(&three, ""); /* does not wait: it gets the source's sentence */
    line_hear(&three, &a, false);
    CU_ASSERT(has(&a, "\"worded_by\":\"extract\"") && has(&a, "too many answers wait") && has(&a, "\"answer\":\"The walrus sleeps.\""));
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /search?q=walrus HTTP/1.1"), 200);
    CU_ASSERT_EQUAL(put_status("more.txt", "One more."), 201);
    model_speaks();
    line_hear(&one, &a, false);
    CU_ASSERT(has(&a, "\"worded_by\":\"llm\""));
    answer_fini(&a);
    line_close(&one);
    line_close(&two); /* left alone: the end comes while it is being worded */
    line_close(&three);
    end();
}

static void sources_come_before_the_language_model_has_spoken(void)
{
    struct line line;
    struct answer a;

    begin();
    model_begin();
    CU_ASSERT_EQUAL(put_status("zoo.txt", "The walrus sleeps."), 201);
    ask_walrus(&line, "Accept: text/event-stream\r\n");
    CU_ASSERT(answer_head(&line, &a));
    CU_ASSERT(answer_chunk(&line, &a) > 0);
    CU_ASSERT(has(&a, "event: sources\ndata: {\"sources\":["));
    CU_ASSERT_PTR_NULL(strstr(a.body, "event: answer"));
    RIG_UNTIL(model_calls() == 1);
    model_speaks();
    while (answer_chunk(&line, &a) > 0)
        continue;
    CU_ASSERT(has(&a, "event: answer\ndata: {\"text\":\"The walrus sleeps.\"}") && has(&a, "event: done\n") && has(&a, "\"worded_by\":\"llm\""));
    answer_fini(&a);
    line_close(&line);
    end();
}

static void a_client_that_leaves_its_events_leaves_the_work_to_end_by_itself(void)
{
    struct line line;
    struct answer a;

    begin();
    model_begin();
    CU_ASSERT_EQUAL(put_status("zoo.txt", "The walrus sleeps."), 201);
    ask_walrus(&line, "Accept: text/event-stream\r\n");
    CU_ASSERT(answer_head(&line, &a));
    RIG_UNTIL(model_calls() == 1);
    line_close(&line);
    answer_fini(&a);
    model_speaks();
    RIG_UNTIL(work_running(seer.wording) == 0);
    end();
}

KL_TESTS("endpoints", T(without_a_directory_a_load_is_refused_and_told_how_to_set_it), T(without_a_model_the_words_are_searched_and_the_answer_says_why),
         T(as_many_documents_as_may_be_in_memory_are_taken_and_one_more_is_a_503), T(a_place_is_free_again_when_its_client_leaves_in_the_middle),
         T(a_body_beyond_the_maximum_is_refused_by_its_length), T(a_load_of_many_files_does_not_hold_up_the_end), T(a_body_counts_more_than_the_query_and_holds_no_nul),
         T(searches_go_on_while_the_language_model_is_silent),
         T(sources_come_before_the_language_model_has_spoken), T(a_client_that_leaves_its_events_leaves_the_work_to_end_by_itself))
