/* embedder_test.c - the table that comes with us, and an endpoint over real HTTP, right and wrong. */
#include "embedder.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "http_rig.h"
#include "test_dir.h"
#include "test_model.h"

#define TIMEOUT_MS 5000

/* ---- an endpoint ------------------------------------------------------------------------------------------------- */

/* What it answers: the status and body, or, without a body, rows made of the texts' lengths, last text first. */
static struct {
    int         status;
    const char *body;
} script;
static char asked[4096], authorization[128]; /* of the last request */
static atomic_int requests;
static int64_t body_max = 64 << 20;
static struct rig rig;

static void write_row(struct kl_buf *out, size_t index, const char *text)
{
    kl_buf_addf(out, "%s{\"object\":\"embedding\",\"index\":%zu,\"embedding\":[%zu,-1.0,0.5]}", out->data[out->len - 1] == '[' ? "" : ",", index, strlen(text));
}

static void reply_rows(struct kl_request *r, const char *body, size_t len)
{
    json_t *doc = json_loadb(body, len, 0, NULL), *input = json_object_get(doc, "input");
    struct kl_buf out;

    kl_buf_init(&out, 1 << 20);
    kl_buf_adds(&out, "{\"object\":\"list\",\"data\":[");
    for (size_t i = json_array_size(input); i > 0; i--)
        write_row(&out, i - 1, json_string_value(json_array_get(input, i - 1)));
    kl_buf_adds(&out, "],\"usage\":{}}");
    kl_reply_buf(r, 200, "application/json", &out);
    json_decref(doc);
}

static void embeddings(struct kl_request *r)
{
    size_t len;
    const char *body = kl_request_body(r, &len), *key = kl_request_header(r, "Authorization");

    snprintf(asked, sizeof asked, "%.*s", (int)len, body);
    snprintf(authorization, sizeof authorization, "%s", key ? key : "none");
    atomic_fetch_add(&requests, 1);
    if (script.body)
        kl_reply(r, script.status, "application/json", script.body, strlen(script.body));
    else
        reply_rows(r, body, len);
}

static _Atomic(struct kl_request *) parked;

static void unpark(struct kl_request *r)
{
    kl_reply(r, 200, "text/plain", "", 0);
}

static void park(struct kl_request *r)
{
    kl_request_suspend(r, unpark);
    atomic_store(&parked, r);
}

static const struct kl_route routes[] = {
    { "POST", "/park/embeddings", &body_max, park, NULL, NULL, 0 },
    { "POST", "/v1/embeddings", &body_max, embeddings, NULL, NULL, 0 },
    { .method = NULL },
};

static int begin(void)
{
    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
    return 0;
}

static int end(void)
{
    kl_http_stop(rig.http);
    return 0;
}

/* ---- arranging ---------------------------------------------------------------------------------------------------- */

static struct embedder *opened(int port, const char *path, const char *key_file, int64_t timeout_ms)
{
    char url[64];
    struct embedder_conf conf = { .url = url, .model = "small \"one\"", .key_file = key_file, .timeout_ms = timeout_ms };
    struct embedder *e;
    struct kl_error err;

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
    CU_ASSERT_EQUAL_FATAL(embedder_open(&e, &conf, &err), KL_OK);
    return e;
}

static struct embedder *opened_here(void)
{
    script.body = NULL;
    atomic_store(&requests, 0);
    return opened(rig.port, "/v1", NULL, TIMEOUT_MS);
}

#define TEXTS_MAX 200
/* The rows of n texts of 1, 2, 3... bytes. */
static enum kl_code embed(struct embedder *e, size_t n, struct kl_buf *rows, struct kl_error *err)
{
    static const char bytes[TEXTS_MAX + 1] = { [0 ... TEXTS_MAX - 1] = 'x' };
    struct embedder_text texts[TEXTS_MAX];

    for (size_t i = 0; i < n; i++)
        texts[i] = (struct embedder_text){ bytes, i + 1 };
    return embedder_rows(e, texts, n, rows, err);
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

static void embedder_makes_rows_out_of_the_table(void)
{
    const struct embedder_conf conf = { .model_dir = test_model(), .url = "" };
    const struct embedder_text texts[] = { { "wolf", 4 }, { "the wolf", 8 }, { "", 0 } };
    struct embedder *e;
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    CU_ASSERT_EQUAL_FATAL(embedder_open(&e, &conf, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(embedder_name(e), "potion-base-8M");
    CU_ASSERT_EQUAL(embedder_dims(e), 256);
    CU_ASSERT_EQUAL(embedder_rows(e, texts, 3, &rows, NULL), KL_OK);
    CU_ASSERT_EQUAL(rows.len, 3 * 256);
    CU_ASSERT_NOT_EQUAL(memcmp(rows.data, rows.data + 256, 256), 0);
    for (size_t i = 2 * 256; i < rows.len; i++)
        CU_ASSERT_EQUAL(rows.data[i], 0);
    CU_ASSERT(embedder_state(e, NULL));
    embedder_close(e);
    kl_buf_fini(&rows);
}

static void embedder_says_which_file_of_the_table_is_missing(void)
{
    const struct embedder_conf conf = { .model_dir = "/nonexistent" };
    struct embedder *e;
    struct kl_error err;

    CU_ASSERT_EQUAL(embedder_open(&e, &conf, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nonexistent/vocab.txt"));
    CU_ASSERT_PTR_NULL(e);
}

/* ---- the endpoint ------------------------------------------------------------------------------------------------- */

static void embedder_asks_the_endpoint_and_puts_its_rows_in_order(void)
{
    struct embedder *e = opened_here();
    struct kl_buf rows;
    char name[64];

    kl_buf_init(&rows, 1 << 20);
    kl_buf_addc(&rows, '!');
    CU_ASSERT_EQUAL(embedder_dims(e), 0);
    CU_ASSERT_EQUAL(embed(e, 3, &rows, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(asked, "{\"model\":\"small \\\"one\\\"\",\"input\":[\"x\",\"xx\",\"xxx\"]}");
    CU_ASSERT_STRING_EQUAL(authorization, "none");
    CU_ASSERT_EQUAL(embedder_dims(e), 3);
    CU_ASSERT_EQUAL_FATAL(rows.len, 1 + 3 * 3);
    CU_ASSERT_EQUAL(memcmp(rows.data, (const int8_t[]){ '!', 127, -127, 64, 127, -64, 32, 127, -42, 21 }, 10), 0);
    snprintf(name, sizeof name, "small \"one\" at http://127.0.0.1:%d/v1/embeddings", rig.port);
    CU_ASSERT_STRING_EQUAL(embedder_name(e), name);
    embedder_close(e);
    kl_buf_fini(&rows);
}

static void embedder_asks_for_many_texts_in_batches(void)
{
    struct embedder *e = opened_here();
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    CU_ASSERT_EQUAL(embed(e, 2 * EMBEDDER_BATCH_MAX + 1, &rows, NULL), KL_OK);
    CU_ASSERT_EQUAL(requests, 3);
    CU_ASSERT_EQUAL_FATAL(rows.len, 3 * (2 * EMBEDDER_BATCH_MAX + 1));
    CU_ASSERT_EQUAL((int8_t)rows.data[rows.len - 2], -2); /* of the longest: 65, -1, 0.5 */
    CU_ASSERT_EQUAL(embed(e, 0, &rows, NULL), KL_OK);
    CU_ASSERT_EQUAL(requests, 3);
    embedder_close(e);
    kl_buf_fini(&rows);
}

static void embedder_names_no_model_when_none_is_set(void)
{
    char url[64], name[80];
    struct embedder_conf conf = { .url = url, .timeout_ms = TIMEOUT_MS };
    struct embedder *e;
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1", rig.port);
    snprintf(name, sizeof name, "%s/embeddings", url);
    CU_ASSERT_EQUAL_FATAL(embedder_open(&e, &conf, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(embedder_name(e), name);
    script.body = NULL;
    CU_ASSERT_EQUAL(embed(e, 1, &rows, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(asked, "{\"input\":[\"x\"]}");
    embedder_close(e);
    kl_buf_fini(&rows);
}

static void embedder_takes_a_base_url_or_a_whole_one(void)
{
    static const char *const paths[] = { "/v1", "/v1/", "/v1/embeddings", "/v1/embeddings/" };
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    script.body = NULL;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct embedder *e = opened(rig.port, paths[i], NULL, TIMEOUT_MS);
        CU_ASSERT_EQUAL(embed(e, 1, &rows, NULL), KL_OK);
        embedder_close(e);
    }
    kl_buf_fini(&rows);
}

static void embedder_shows_its_key(void)
{
    char dir[TEST_DIR_BYTES], name[64];
    struct embedder *e;
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    test_dir_make(dir);
    test_dir_put(dir, "key", "s3cret\nsecond line\n");
    snprintf(name, sizeof name, "%s/key", dir);
    script.body = NULL;
    e = opened(rig.port, "/v1", name, TIMEOUT_MS);
    CU_ASSERT_EQUAL(embed(e, 1, &rows, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(authorization, "Bearer s3cret");
    embedder_close(e);
    test_dir_remove(dir);
    kl_buf_fini(&rows);
}

static void embedder_refuses_wrong_settings(void)
{
    static const struct { struct embedder_conf conf; const char *field; } wrong[] = {
        { { .url = "localhost:8080" }, "EMBEDDINGS_URL" },
        { { .url = "ftp://host/v1" }, "EMBEDDINGS_URL" },
        { { .url = "http:///v1" }, "EMBEDDINGS_URL" },
        { { .url = "http://host/v 1" }, "EMBEDDINGS_URL" },
        { { .url = "https://me:s3cret@host/v1" }, "EMBEDDINGS_URL" },
        { { .url = "http://host/v1", .key_file = "/nonexistent" }, "EMBEDDINGS_KEY_FILE" },
        { { .url = "http://host/v1", .key_file = "/dev/null" }, "EMBEDDINGS_KEY_FILE" },
    };
    struct embedder *e;
    struct kl_error err;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CU_ASSERT_EQUAL(embedder_open(&e, &wrong[i].conf, &err), KL_INVALID);
        CU_ASSERT_STRING_EQUAL(err.field, wrong[i].field);
        CU_ASSERT_PTR_NULL(strstr(err.text, "s3cret"));
        CU_ASSERT_PTR_NULL(e);
    }
}

static void embedder_refuses_answers_that_are_wrong(void)
{
    static const struct { int status; const char *body; enum kl_code code; const char *text; } wrong[] = {
        { 401, "{\"error\":{\"message\":\"no such key\"}}", KL_UPSTREAM, "answers 401: no such key" },
        { 404, "{\"error\":\"model not found\"}", KL_UPSTREAM, "answers 404: model not found" },
        { 500, "<html>", KL_UPSTREAM, "answers 500" },
        { 200, "", KL_UPSTREAM, "no 2 embeddings" },
        { 200, "[]", KL_UPSTREAM, "no 2 embeddings" },
        { 200, "{\"data\":[{\"embedding\":[1]}]}", KL_UPSTREAM, "no 2 embeddings" },
        { 200, "{\"data\":[{\"embedding\":[]},{\"embedding\":[]}]}", KL_UPSTREAM, "no 2 embeddings" },
        { 200, "{\"data\":[{\"embedding\":[1,2]},{\"embedding\":[1]}]}", KL_UPSTREAM, "that are none" },
        { 200, "{\"data\":[{\"embedding\":[1]},{\"embedding\":[\"1\"]}]}", KL_UPSTREAM, "that are none" },
        { 200, "{\"data\":[{\"embedding\":[1]},{\"embedding\":[1e300]}]}", KL_UPSTREAM, "that are none" },
        { 200, "{\"data\":[{\"embedding\":[1]},7]}", KL_UPSTREAM, "that are none" },
        { 200, "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}", KL_UPSTREAM, "one for each text" },
        { 200, "{\"data\":[{\"index\":1,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}]}", KL_UPSTREAM, "one for each text" },
    };
    struct embedder *e = opened_here();
    struct kl_error err, state;
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    kl_buf_adds(&rows, "before");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        script.status = wrong[i].status;
        script.body = wrong[i].body;
        CU_ASSERT_EQUAL(embed(e, 2, &rows, &err), wrong[i].code);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, wrong[i].text));
        CU_ASSERT_STRING_EQUAL(rows.data, "before");
        CU_ASSERT_FALSE(embedder_state(e, &state));
        CU_ASSERT_STRING_EQUAL(state.text, err.text);
    }
    script.body = NULL;
    CU_ASSERT_EQUAL(embed(e, 2, &rows, &err), KL_OK);
    CU_ASSERT(embedder_state(e, &state));
    embedder_close(e);
    kl_buf_fini(&rows);
}

static void embedder_refuses_rows_of_another_width_than_before(void)
{
    struct embedder *e = opened_here();
    struct kl_error err;
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    CU_ASSERT_EQUAL(embed(e, 1, &rows, NULL), KL_OK);
    script.status = 200;
    script.body = "{\"data\":[{\"embedding\":[1,2]}]}";
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &err), KL_UPSTREAM);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "of 2 numbers, and of 3 before"));
    CU_ASSERT_EQUAL(rows.len, 3);
    embedder_close(e);
    kl_buf_fini(&rows);
}

/* ---- the endpoint is away ------------------------------------------------------------------------------------------ */

static void embedder_leaves_a_busy_endpoint_alone_for_a_while(void)
{
    struct embedder *e = opened_here();
    struct kl_error first, second;
    struct kl_buf rows;

    kl_buf_init(&rows, 1 << 20);
    script.status = 429;
    script.body = "{}";
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &first), KL_BUSY);
    script.body = NULL;
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &second), KL_BUSY);
    CU_ASSERT_STRING_EQUAL(first.text, second.text);
    CU_ASSERT_EQUAL(requests, 1);
    RIG_UNTIL(embed(e, 1, &rows, NULL) == KL_OK);
    CU_ASSERT(embedder_state(e, NULL));
    embedder_close(e);
    kl_buf_fini(&rows);
}

/* Takes connections (the kernel does) and never answers. */
static int silent_port(int *fd)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;

    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_FATAL(bind(*fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(*fd, 8) == 0);
    CU_ASSERT_FATAL(getsockname(*fd, (struct sockaddr *)&at, &len) == 0);
    return ntohs(at.sin_port);
}

static void embedder_waits_no_longer_than_its_time(void)
{
    struct embedder *e;
    struct kl_error err;
    struct kl_buf rows;
    int fd, port = silent_port(&fd);

    kl_buf_init(&rows, 1 << 20);
    e = opened(port, "/v1", NULL, 100);
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &err), KL_TIMEOUT);
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &err), KL_TIMEOUT);
    CU_ASSERT_FALSE(embedder_state(e, &err));
    embedder_close(e);
    close(fd);
    e = opened(port, "/v1", NULL, TIMEOUT_MS);
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &err), KL_BUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "nobody listens"));
    embedder_close(e);
    kl_buf_fini(&rows);
}

static void *end_it(void *e)
{
    RIG_UNTIL(atomic_load(&parked));
    embedder_end(e);
    return NULL;
}

static void embedder_waits_no_more_when_it_is_ended(void)
{
    struct embedder *e = opened(rig.port, "/park", NULL, 20 * TIMEOUT_MS);
    int64_t begun = kl_mono_us();
    struct kl_error err;
    struct kl_buf rows;
    pthread_t thread;

    kl_buf_init(&rows, 1 << 20);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, end_it, e), 0);
    CU_ASSERT_EQUAL(embed(e, 1, &rows, &err), KL_BUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "was stopped"));
    CU_ASSERT(kl_mono_us() - begun < 20 * TIMEOUT_MS * 1000 / 2);
    pthread_join(thread, NULL);
    kl_request_resume(atomic_load(&parked));
    embedder_close(e);
    kl_buf_fini(&rows);
}

KL_TESTS_WITH("embedder", begin, end, T(embedder_makes_rows_out_of_the_table), T(embedder_says_which_file_of_the_table_is_missing),
              T(embedder_asks_the_endpoint_and_puts_its_rows_in_order), T(embedder_asks_for_many_texts_in_batches),
              T(embedder_names_no_model_when_none_is_set),
              T(embedder_takes_a_base_url_or_a_whole_one), T(embedder_shows_its_key), T(embedder_refuses_wrong_settings),
              T(embedder_refuses_answers_that_are_wrong), T(embedder_refuses_rows_of_another_width_than_before),
              T(embedder_leaves_a_busy_endpoint_alone_for_a_while), T(embedder_waits_no_longer_than_its_time),
              T(embedder_waits_no_more_when_it_is_ended))
