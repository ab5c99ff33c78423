/* embedder_endpoint.c - the request
 *     {"model": "...", "input": ["...", "..."]}
 * and its answer
 *     {"data": [{"index": 0, "embedding": [0.1, ...]}, ...]}
 * whose rows may stand in any order, as OpenAI, llama-server, Ollama, vLLM and others speak it. */
#include "embedder_endpoint.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpc.h"
#include "vectors.h"

#define REQUEST_BYTES_MAX (16 << 20) /* a batch of passages has about 64 kB */
#define KEY_BYTES_MAX     4096
#define PATH              "/embeddings"

struct endpoint {
    char   *url, *model;
    char   *authorization; /* a header; NULL: none */
    int64_t timeout_ms;
    atomic_bool ended;
};

/* ---- settings -------------------------------------------------------------------------------------------------- */

static enum kl_code check_url(const char *url, struct kl_error *err)
{
    const char *host = strncmp(url, "http://", 7) == 0 ? url + 7 : strncmp(url, "https://", 8) == 0 ? url + 8 : NULL;
    size_t len = host ? strcspn(host, "/") : 0;

    if (len == 0 || strpbrk(url, " \t\r\n"))
        return kl_fail_field(err, KL_INVALID, "EMBEDDINGS_URL", "%s is no http:// or https:// URL", url);
    if (memchr(host, '@', len)) /* it would stand in logs and answers */
        return kl_fail_field(err, KL_INVALID, "EMBEDDINGS_URL", "a URL with a password is not taken: the key belongs in EMBEDDINGS_KEY_FILE");
    return KL_OK;
}

/* "http://host/v1" and "http://host/v1/" mean "http://host/v1/embeddings". NULL: no memory. */
static char *whole_url(const char *url)
{
    size_t len = strlen(url), path = sizeof PATH - 1;
    char *whole = NULL;

    while (url[len - 1] == '/')
        len--;
    if (len > path && strncmp(url + len - path, PATH, path) == 0)
        return strndup(url, len);
    return asprintf(&whole, "%.*s" PATH, (int)len, url) < 0 ? NULL : whole;
}

static enum kl_code read_key(struct endpoint *e, const char *file, struct kl_error *err)
{
    char key[KEY_BYTES_MAX] = "";
    FILE *f = fopen(file, "re");
    size_t len;

    if (!f)
        return kl_fail_field(err, KL_INVALID, "EMBEDDINGS_KEY_FILE", "%s: %m", file);
    len = fgets(key, sizeof key, f) ? strcspn(key, "\r\n") : 0;
    fclose(f);
    key[len] = '\0';
    if (len == 0 || len == sizeof key - 1)
        return kl_fail_field(err, KL_INVALID, "EMBEDDINGS_KEY_FILE", "%s holds no key in its first line", file);
    if (asprintf(&e->authorization, "Authorization: Bearer %s", key) < 0) {
        e->authorization = NULL;
        return kl_fail(err, KL_BUSY, "no memory for the key of %s", e->url);
    }
    return KL_OK;
}

enum kl_code endpoint_open(struct endpoint **out, const struct embedder_conf *conf, struct kl_error *err)
{
    struct endpoint *e;
    enum kl_code code = check_url(conf->url, err);

    *out = NULL;
    if (code != KL_OK)
        return code;
    e = calloc(1, sizeof *e);
    if (!e)
        return kl_fail(err, KL_BUSY, "no memory for the embeddings' endpoint");
    e->timeout_ms = conf->timeout_ms;
    e->url = whole_url(conf->url);
    e->model = strdup(conf->model ? conf->model : "");
    if (!e->url || !e->model)
        code = kl_fail(err, KL_BUSY, "no memory for the embeddings' endpoint");
    else if (conf->key_file && *conf->key_file)
        code = read_key(e, conf->key_file, err);
    if (code != KL_OK) {
        endpoint_close(e);
        return code;
    }
    *out = e;
    return KL_OK;
}

void endpoint_end(struct endpoint *e)
{
    atomic_store(&e->ended, true);
}

void endpoint_close(struct endpoint *e)
{
    if (!e)
        return;
    free(e->url);
    free(e->model);
    free(e->authorization);
    free(e);
}

const char *endpoint_url(const struct endpoint *e)
{
    return e->url;
}

const char *endpoint_model(const struct endpoint *e)
{
    return e->model;
}

/* ---- the request ------------------------------------------------------------------------------------------------ */

static bool write_request(const struct endpoint *e, const struct embedder_text *texts, size_t n, struct kl_buf *body)
{
    struct kl_buf_mark mark = kl_buf_begin(body);

    kl_buf_addc(body, '{');
    if (*e->model) {
        kl_buf_adds(body, "\"model\":");
        kl_buf_add_json(body, e->model, strlen(e->model));
        kl_buf_addc(body, ',');
    }
    kl_buf_adds(body, "\"input\":[");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            kl_buf_addc(body, ',');
        kl_buf_add_json(body, texts[i].text, texts[i].len);
    }
    kl_buf_adds(body, "]}");
    return kl_buf_end(body, mark);
}

/* What the endpoint says of a failure: {"error": {"message": "..."}}, {"error": "..."}, or nothing we know. */
static enum kl_code refused(const struct endpoint *e, const struct kl_httpc_answer *answer, struct kl_error *err)
{
    enum kl_code code = answer->status == 429 || answer->status == 503 ? KL_BUSY : KL_UPSTREAM;
    json_t *doc = answer->body.len > 0 ? json_loadb(answer->body.data, answer->body.len, 0, NULL) : NULL;
    const json_t *error = json_object_get(doc, "error");
    const char *message = json_string_value(json_is_object(error) ? json_object_get(error, "message") : error);

    kl_fail(err, code, "%s answers %d%s%.120s", e->url, answer->status, message ? ": " : "", message ? message : "");
    json_decref(doc);
    return code;
}

static enum kl_code send_request(const struct endpoint *e, const struct embedder_text *texts, size_t n, struct kl_httpc_answer *answer,
                                 struct kl_error *err)
{
    const char *headers[] = { "Content-Type: application/json", e->authorization, NULL };
    struct kl_httpc_call call = { .method = "POST", .url = e->url, .headers = headers, .proxied = true, .stop = &e->ended,
                                  .timeout_ms = e->timeout_ms * (n > 1 ? EMBEDDER_PATIENCE : 1) };
    enum kl_code code = KL_OK;
    struct kl_buf body;

    kl_buf_init(&body, REQUEST_BYTES_MAX);
    if (write_request(e, texts, n, &body)) {
        call.body = body.data;
        call.len = body.len;
        code = kl_httpc(&call, answer, err);
    } else {
        code = kl_fail(err, KL_BUSY, "no room for %zu texts in one request", n);
    }
    kl_buf_fini(&body);
    return code == KL_OK && answer->status != 200 ? refused(e, answer, err) : code;
}

/* ---- the answer ------------------------------------------------------------------------------------------------- */

static bool read_row(const json_t *embedding, size_t dims, float *vector, int8_t *row)
{
    const json_t *number;
    size_t i;

    if (json_array_size(embedding) != dims)
        return false;
    json_array_foreach(embedding, i, number) {
        vector[i] = (float)json_number_value(number);
        if (!json_is_number(number) || !isfinite(vector[i]))
            return false;
    }
    vectors_row(vector, dims, row);
    return true;
}

/* rows: room for n of dims. Each text must have its row, once. */
static bool read_rows(const json_t *data, size_t n, size_t dims, int8_t *rows)
{
    float vector[VECTORS_DIMS_MAX];
    bool seen[EMBEDDER_BATCH_MAX] = { false };
    const json_t *item;
    size_t i;

    json_array_foreach(data, i, item) {
        const json_t *index = json_object_get(item, "index");
        size_t at = json_is_integer(index) && json_integer_value(index) >= 0 ? (size_t)json_integer_value(index) : i;
        if (at >= n || seen[at] || !read_row(json_object_get(item, "embedding"), dims, vector, rows + at * dims))
            return false;
        seen[at] = true;
    }
    return true;
}

enum kl_code endpoint_read(const char *url, const char *body, size_t len, size_t n, size_t *dims, struct kl_buf *rows, struct kl_error *err)
{
    json_t *doc = len > 0 ? json_loadb(body, len, 0, NULL) : NULL;
    const json_t *data = json_object_get(doc, "data");
    enum kl_code code = KL_OK;

    *dims = json_array_size(json_object_get(json_array_get(data, 0), "embedding"));
    if (json_array_size(data) != n || *dims == 0 || *dims > VECTORS_DIMS_MAX)
        code = kl_fail(err, KL_UPSTREAM, "%s answers no %zu embeddings of 1 to %d numbers", url, n, VECTORS_DIMS_MAX);
    else if (!kl_buf_reserve(rows, n * *dims))
        code = kl_fail(err, KL_BUSY, "no memory for %zu embeddings", n);
    else if (!read_rows(data, n, *dims, (int8_t *)rows->data + rows->len))
        code = kl_fail(err, KL_UPSTREAM, "%s answers embeddings that are none, or not one for each text", url);
    else
        rows->len += n * *dims;
    json_decref(doc);
    return code;
}

enum kl_code endpoint_rows(const struct endpoint *e, const struct embedder_text *texts, size_t n, size_t *dims, struct kl_buf *rows,
                           struct kl_error *err)
{
    struct kl_httpc_answer answer = { 0 };
    enum kl_code code;

    kl_assert(n > 0 && n <= EMBEDDER_BATCH_MAX);
    code = send_request(e, texts, n, &answer, err);
    if (code == KL_OK)
        code = endpoint_read(e->url, answer.body.data, answer.body.len, n, dims, rows, err);
    kl_httpc_fini(&answer);
    return code;
}
