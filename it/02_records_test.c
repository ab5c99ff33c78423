/* Many records a request: NDJSON and JSON arrays. */
#include <stdio.h>

#include "it.h"

static struct it_world w;

static int begin(void)
{
    static const char max[] = "RECORDS_MAX=20000";
    w.producer.env[0] = max;
    return it_begin(&w, IT_PRODUCER | IT_CONSUMER);
}
static int end(void) { return it_end(&w); }

static struct it_answer post_lines(const char *body, const char *topic)
{
    return it_call(&w.producer, "POST", "Content-Type: application/x-ndjson", body, strlen(body), "/records/%s", topic);
}

/* The nth line of an NDJSON answer as JSON; the caller's. */
static json_t *outcome(const struct it_answer *a, int n)
{
    const char *line = a->body;

    while (n-- > 0 && line)
        line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
    return line ? json_loadb(line, strcspn(line, "\n"), 0, NULL) : NULL;
}

static int64_t error_member(json_t *outcome_, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(outcome_, "error"), name));
}

static void each_line_gets_its_outcome_in_order_and_one_bad_line_fails_alone(void)
{
    struct it_answer a = post_lines("{\"key\":\"a\",\"value\":\"one\"}\n"
                                    "{\"key\":\"a\",\"value\":}\n"
                                    "{\"key\":\"a\",\"value\":{\"n\":1.50}}\n"
                                    "\n"
                                    "{\"key\":\"a\"}\n"
                                    "{\"key\":\"a\",\"value\":null}", it_topic(&w, "lines"));
    json_t *o[5];
    int i;

    CU_ASSERT_EQUAL(a.status, 200);
    for (i = 0; i < 5; i++)
        o[i] = outcome(&a, i);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(o[0], "offset")), 0);
    CU_ASSERT_EQUAL(error_member(o[1], "status"), 400);
    CU_ASSERT_EQUAL(error_member(o[1], "line"), 2);
    CU_ASSERT(error_member(o[1], "column") > 0);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(o[2], "offset")), 1);
    CU_ASSERT_EQUAL(error_member(o[3], "status"), 400);
    CU_ASSERT_EQUAL(error_member(o[3], "line"), 5);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(o[4], "offset")), 2);
    for (i = 0; i < 5; i++)
        json_decref(o[i]);
    it_answer_free(&a);
}

static void a_json_array_is_answered_with_a_json_array(void)
{
    const char *body = "[{\"value\":\"a\"},{\"value\":[1,2]},{\"value_base64\":\"!!\"}]";
    struct it_answer a = it_call(&w.producer, "POST", "Content-Type: application/json", body, strlen(body), "/records/%s", it_topic(&w, "array"));

    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(json_array_size(a.json), 3);
    CU_ASSERT(json_is_integer(json_object_get(json_array_get(a.json, 0), "offset")));
    CU_ASSERT(json_is_integer(json_object_get(json_array_get(a.json, 1), "offset")));
    CU_ASSERT_EQUAL(error_member(json_array_get(a.json, 2), "status"), 400);
    it_answer_free(&a);
}


struct values { char text[3][64]; int n; };

static bool keep_value(void *ctx, const struct it_event *e)
{
    struct values *v = ctx;

    if (!strcmp(e->event, "streamer"))
        snprintf(v->text[v->n++], sizeof v->text[0], "%s", e->data);
    return v->n < 3;
}

static void a_string_is_its_bytes_and_other_json_its_text(void)
{
    const char *topic = it_topic(&w, "values");
    struct it_answer a = post_lines("{\"value\":\"plain \\u00e9\",\"partition\":0}\n{\"value\":{\"a\":[1,true,null]},\"partition\":0}\n"
                                    "{\"value_base64\":\"aGk=\",\"partition\":0}\n", topic);
    struct values v = { .n = 0 };
    char path[128];

    CU_ASSERT(it_until_consumed(&w.consumer, topic, 3, 10000));
    snprintf(path, sizeof path, "/consume?topics=%s&from=earliest", topic);
    it_sse(&w.consumer, path, NULL, 20000, keep_value, &v);
    CU_ASSERT_EQUAL(v.n, 3);
    CU_ASSERT_STRING_EQUAL(v.text[0], "plain \xc3\xa9");
    CU_ASSERT_STRING_EQUAL(v.text[1], "{\"a\":[1,true,null]}");
    CU_ASSERT_STRING_EQUAL(v.text[2], "hi");
    it_answer_free(&a);
}

static void twenty_thousand_records_in_one_request_all_arrive_once(void)
{
    const char *topic = it_topic(&w, "many");
    struct kl_buf body;
    struct it_answer a;
    long lines = 0, i;

    kl_buf_init(&body, 4 << 20);
    for (i = 0; i < 20000; i++)
        kl_buf_addf(&body, "{\"key\":\"k%ld\",\"value\":\"v%ld\"}\n", i % 100, i);
    a = post_lines(body.data, topic);
    CU_ASSERT_EQUAL(a.status, 200);
    for (i = 0; i < (long)a.len; i++)
        lines += a.body[i] == '\n';
    CU_ASSERT_EQUAL(lines, 20000);
    CU_ASSERT_PTR_NULL(strstr(a.body, "\"error\""));
    CU_ASSERT(it_until_consumed(&w.consumer, topic, 20000, 30000));
    kl_buf_fini(&body);
    it_answer_free(&a);
}

static void a_streamed_value_is_split_at_its_lines(void)
{
    const char *topic = it_topic(&w, "multi");
    struct it_answer a = it_post(&w.producer, "a\nb\r\nc", "/produce/%s/k", topic);
    struct values v = { .n = 2 };
    char path[128];

    CU_ASSERT(it_until_consumed(&w.consumer, topic, 1, 10000));
    snprintf(path, sizeof path, "/consume?topics=%s&from=earliest", topic);
    it_sse(&w.consumer, path, NULL, 20000, keep_value, &v);
    CU_ASSERT_STRING_EQUAL(v.text[2], "a\nb\nc");
    it_answer_free(&a);
}

KL_TESTS_WITH("records", begin, end, T(each_line_gets_its_outcome_in_order_and_one_bad_line_fails_alone),
              T(a_json_array_is_answered_with_a_json_array), T(a_string_is_its_bytes_and_other_json_its_text),
              T(twenty_thousand_records_in_one_request_all_arrive_once), T(a_streamed_value_is_split_at_its_lines))
