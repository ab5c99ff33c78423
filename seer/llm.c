/* llm.c - see llm.h. */
#include "llm.h"

#include <curl/curl.h>
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX          4096
#define RESPONSE_MAX     (1024 * 1024)
#define REQUEST_MAX      (64 * 1024)
#define ANSWER_TOKENS    256  /* three or four sentences */

static const char instruction[] =
    "Answer the question with the numbered passages alone, in one or two sentences, in their own words where you can. "
    "Add nothing that they do not say. If they do not answer it, reply exactly: I don't know.";

struct llm {
    char            *url, *authorization;   /* authorization: a header, NULL: none */
    struct llm_conf  conf;
    _Atomic bool     ended;
    _Atomic int64_t  calls, failed;
    pthread_mutex_t  lock;                  /* guards what follows */
    char             why[256];              /* of the last call; "": it worked */
};

const char *llm_model(const struct llm *l) { return l->conf.model; }
struct llm_counts llm_counts(struct llm *l) { return (struct llm_counts){ l->calls, l->failed }; }

bool llm_state(struct llm *l, char *why, size_t why_size)
{
    bool good;

    pthread_mutex_lock(&l->lock);
    good = !l->why[0];
    snprintf(why, why_size, "%s", l->why);
    pthread_mutex_unlock(&l->lock);
    return good;
}

static void state_set(struct llm *l, enum kl_code code, const struct kl_error *err)
{
    pthread_mutex_lock(&l->lock);
    snprintf(l->why, sizeof l->why, "%s", code ? err->text : "");
    pthread_mutex_unlock(&l->lock);
    atomic_fetch_add(&l->calls, 1);
    atomic_fetch_add(&l->failed, code != KL_OK);
}

/* ---- the request ---- */

static void add_passages(struct kl_buf *text, const struct search_hits *hits)
{
    for (size_t i = 0; i < hits->n && i < LLM_PASSAGES_MAX; i++) {
        kl_buf_addf(text, "[%zu] ", i + 1);
        kl_buf_add(text, hits->hits[i].text, hits->hits[i].len);
        kl_buf_adds(text, "\n\n");
    }
}

static void add_message(struct kl_buf *b, const char *role, const char *text, size_t len)
{
    kl_buf_addf(b, "{\"role\":\"%s\",\"content\":", role);
    kl_buf_add_json(b, text, len);
    kl_buf_addc(b, '}');
}

static bool write_request(const struct llm *l, const char *question, size_t len, const struct search_hits *hits, struct kl_buf *b)
{
    struct kl_buf user;
    bool whole;

    kl_buf_init(&user, REQUEST_MAX / 2);
    add_passages(&user, hits);
    kl_buf_adds(&user, "Question: ");
    kl_buf_add(&user, question, len);
    kl_buf_addc(b, '{');
    if (l->conf.model) {
        kl_buf_adds(b, "\"model\":");
        kl_buf_add_json(b, l->conf.model, strlen(l->conf.model));
        kl_buf_addc(b, ',');
    }
    kl_buf_addf(b, "\"temperature\":0,\"max_tokens\":%d,\"messages\":[", ANSWER_TOKENS);
    add_message(b, "system", instruction, sizeof instruction - 1);
    kl_buf_addc(b, ',');
    if (user.data)
        add_message(b, "user", user.data, user.len);
    kl_buf_adds(b, "]}");
    whole = !b->failed && !user.failed;
    kl_buf_fini(&user);
    return whole;
}

/* ---- the call ---- */

static size_t take(char *data, size_t size, size_t n, void *body)
{
    return kl_buf_add(body, data, size * n) ? size * n : 0;
}

static int is_ended(void *llm, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return ((const struct llm *)llm)->ended;
}

static enum kl_code failure(const struct llm *l, CURLcode done, const struct kl_buf *body, struct kl_error *err)
{
    switch (done) {
    case CURLE_OPERATION_TIMEDOUT:
        return kl_fail(err, KL_TIMEOUT, "the language model gave no answer within %lld ms", (long long)l->conf.timeout_ms);
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        return kl_fail(err, KL_BUSY, "nobody listens for the language model at %.100s", l->url);
    case CURLE_ABORTED_BY_CALLBACK:
        return kl_fail(err, KL_BUSY, "the service is stopping");
    default:
        if (body->failed)
            return kl_fail_limit(err, KL_UPSTREAM, "", RESPONSE_MAX, "the language model answered with more than %d bytes", RESPONSE_MAX);
        return kl_fail(err, KL_UPSTREAM, "the language model: %s", curl_easy_strerror(done));
    }
}

static void set_options(CURL *curl, struct llm *l, const struct curl_slist *headers, const struct kl_buf *request, struct kl_buf *body)
{
    curl_easy_setopt(curl, CURLOPT_URL, l->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)l->conf.timeout_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->data);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_ended); /* asked about once a second, and at each piece */
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, l);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

static struct curl_slist *headers_new(const struct llm *l)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");

    if (headers && l->authorization && !curl_slist_append(headers, l->authorization)) {
        curl_slist_free_all(headers);
        headers = NULL;
    }
    return headers;
}

static enum kl_code post(struct llm *l, const struct kl_buf *request, struct kl_buf *body, long *status, struct kl_error *err)
{
    struct curl_slist *headers = headers_new(l);
    CURL *curl = curl_easy_init();
    enum kl_code code = KL_OK;
    CURLcode done;

    if (!curl || !headers) {
        code = kl_fail(err, KL_BUSY, "no memory for the language model's call");
    } else {
        set_options(curl, l, headers, request, body);
        done = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
        if (done != CURLE_OK)
            code = failure(l, done, body, err);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code;
}

/* ---- the answer ---- */

/* choices[0].message.content, without the white space around it. */
static enum kl_code read_answer(const struct kl_buf *body, long status, struct kl_buf *out, struct kl_error *err)
{
    json_error_t at;
    json_t *doc = body->data ? json_loadb(body->data, body->len, 0, &at) : NULL;
    const char *text = json_string_value(json_object_get(json_object_get(json_array_get(json_object_get(doc, "choices"), 0), "message"), "content"));
    enum kl_code code = KL_OK;
    size_t len;

    if (status != 200)
        code = kl_fail(err, KL_UPSTREAM, "the language model answered with the status %ld", status);
    else if (!text)
        code = kl_fail(err, KL_UPSTREAM, "the language model's answer has no choices[0].message.content");
    if (!code) {
        text += strspn(text, " \t\r\n");
        for (len = strlen(text); len > 0 && strchr(" \t\r\n", text[len - 1]); len--)
            ;
        if (len == 0)
            code = kl_fail(err, KL_UPSTREAM, "the language model answered with nothing");
        else if (len > LLM_ANSWER_MAX || !kl_buf_add(out, text, len))
            code = kl_fail_limit(err, KL_UPSTREAM, "", LLM_ANSWER_MAX, "the language model's answer is longer than %d bytes", LLM_ANSWER_MAX);
    }
    json_decref(doc);
    return code;
}

enum kl_code llm_word(struct llm *l, const char *question, size_t len, const struct search_hits *hits, struct kl_buf *out, struct kl_error *err)
{
    struct kl_buf request, body;
    enum kl_code code;
    long status = 0;

    kl_buf_init(&request, REQUEST_MAX);
    kl_buf_init(&body, RESPONSE_MAX);
    if (!write_request(l, question, len, hits, &request))
        code = kl_fail(err, KL_BUSY, "no memory for the language model's call");
    else
        code = post(l, &request, &body, &status, err);
    if (!code)
        code = read_answer(&body, status, out, err);
    state_set(l, code, err);
    kl_buf_fini(&request);
    kl_buf_fini(&body);
    return code;
}

/* ---- coming and going ---- */

static enum kl_code url_make(struct llm *l, const char *url, struct kl_error *err)
{
    static const char path[] = "/chat/completions";
    size_t len = strlen(url);
    bool whole;

    if (strncmp(url, "http://", 7) && strncmp(url, "https://", 8))
        return kl_fail_field(err, KL_INVALID, "SEER_LLM_URL", "SEER_LLM_URL is \"%.100s\"; it begins with http:// or https://", url);
    while (len > 0 && url[len - 1] == '/')
        len--;
    whole = len >= sizeof path - 1 && !memcmp(url + len - (sizeof path - 1), path, sizeof path - 1);
    if (asprintf(&l->url, "%.*s%s", (int)len, url, whole ? "" : path) < 0) {
        l->url = NULL;
        return kl_fail(err, KL_BROKEN, "no memory for the language model");
    }
    return KL_OK;
}

static enum kl_code key_read(struct llm *l, const char *file, struct kl_error *err)
{
    char key[KEY_MAX] = "";
    FILE *f = fopen(file, "re");

    if (!f)
        return kl_fail_field(err, KL_INVALID, "SEER_LLM_KEY_FILE", "SEER_LLM_KEY_FILE %.100s: %s", file, strerror(errno));
    if (!fgets(key, sizeof key, f))
        key[0] = '\0';
    fclose(f);
    key[strcspn(key, "\r\n")] = '\0';
    if (!key[0])
        return kl_fail_field(err, KL_INVALID, "SEER_LLM_KEY_FILE", "SEER_LLM_KEY_FILE %.100s: it is empty", file);
    if (asprintf(&l->authorization, "Authorization: Bearer %s", key) < 0) {
        l->authorization = NULL;
        return kl_fail(err, KL_BROKEN, "no memory for the language model");
    }
    return KL_OK;
}

enum kl_code llm_open(struct llm **out, const struct llm_conf *conf, struct kl_error *err)
{
    struct llm *l = calloc(1, sizeof *l);

    *out = l;
    if (!l)
        return kl_fail(err, KL_BROKEN, "no memory for the language model");
    l->conf = *conf;
    pthread_mutex_init(&l->lock, NULL);
    if (url_make(l, conf->url, err))
        return err->code;
    return conf->key_file ? key_read(l, conf->key_file, err) : KL_OK;
}

void llm_end(struct llm *l)
{
    if (l)
        l->ended = true;
}

void llm_close(struct llm *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l->url);
    free(l->authorization);
    free(l);
}
