/* httpc.c - see httpc.h. libcurl is loaded by dlopen at the first request and stays: what only links this file (a
 * service's tests, --help) needs no libcurl to build or to start. */
#include "httpc.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#define LIBRARY        "libcurl.so.4"   /* the name of its interface since 2006 */
#define TIMEOUT_MS     5000
#define HEAD_MAX_BYTES (256 * 1024)
#define BODY_MAX_BYTES (64 * 1024 * 1024)

static struct {
    pthread_once_t once;
    bool           there;
    CURL            *(*easy_init)(void);
    CURLcode         (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode         (*easy_perform)(CURL *);
    CURLcode         (*easy_getinfo)(CURL *, CURLINFO, ...);
    void             (*easy_cleanup)(CURL *);
    const char      *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void             (*slist_free_all)(struct curl_slist *);
} lib = { .once = PTHREAD_ONCE_INIT };

static void load(void)
{
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    CURLcode (*global_init)(long);

    if (!handle)
        return;
    /* POSIX lets dlsym's pointer stand for a function's; C alone would not. */
    *(void **)&global_init = dlsym(handle, "curl_global_init");
    *(void **)&lib.easy_init = dlsym(handle, "curl_easy_init");
    *(void **)&lib.easy_setopt = dlsym(handle, "curl_easy_setopt");
    *(void **)&lib.easy_perform = dlsym(handle, "curl_easy_perform");
    *(void **)&lib.easy_getinfo = dlsym(handle, "curl_easy_getinfo");
    *(void **)&lib.easy_cleanup = dlsym(handle, "curl_easy_cleanup");
    *(void **)&lib.easy_strerror = dlsym(handle, "curl_easy_strerror");
    *(void **)&lib.slist_append = dlsym(handle, "curl_slist_append");
    *(void **)&lib.slist_free_all = dlsym(handle, "curl_slist_free_all");
    lib.there = global_init && lib.easy_init && lib.easy_setopt && lib.easy_perform && lib.easy_getinfo && lib.easy_cleanup &&
                lib.easy_strerror && lib.slist_append && lib.slist_free_all && global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static size_t take_body(char *data, size_t size, size_t n, void *answer)
{
    struct kl_httpc_answer *a = answer;

    return kl_buf_add(&a->body, data, size * n) ? size * n : 0;
}

/* A status line begins a new head: what came before was an interim answer (100 Continue). */
static size_t take_head(char *data, size_t size, size_t n, void *answer)
{
    struct kl_httpc_answer *a = answer;

    if (size * n > 5 && memcmp(data, "HTTP/", 5) == 0)
        kl_buf_clear(&a->head);
    return kl_buf_add(&a->head, data, size * n) ? size * n : 0;
}

/* libcurl asks about once a second, and whenever something moves. */
static int stopped(void *call, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    (void)down_total, (void)down, (void)up_total, (void)up;
    return atomic_load(((const struct kl_httpc_call *)call)->stop);
}

static enum kl_code failure(CURLcode code, const struct kl_httpc_call *call, const struct kl_httpc_answer *answer,
                            struct kl_error *err)
{
    switch (code) {
    case CURLE_OK:
        return KL_OK;
    case CURLE_OPERATION_TIMEDOUT:
        return kl_fail(err, KL_TIMEOUT, "%s did not answer in time", call->url);
    case CURLE_ABORTED_BY_CALLBACK:
        return kl_fail(err, KL_BUSY, "the call to %s was stopped", call->url);
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        return kl_fail(err, KL_BUSY, "nobody listens at %s", call->url);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return kl_fail(err, KL_INVALID, "%s: %s", call->url, lib.easy_strerror(code));
    default:
        if (answer->body.failed || answer->head.failed)
            return kl_fail_limit(err, KL_TOO_LARGE, "body", BODY_MAX_BYTES, "%s answers with more than %d bytes", call->url, BODY_MAX_BYTES);
        return kl_fail(err, KL_UPSTREAM, "%s: %s", call->url, lib.easy_strerror(code));
    }
}

static void prepare(CURL *curl, const struct kl_httpc_call *call, struct curl_slist *headers, struct kl_httpc_answer *answer)
{
    const char *method = call->method ? call->method : "GET";

    lib.easy_setopt(curl, CURLOPT_URL, call->url);
    lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (!call->proxied)
        lib.easy_setopt(curl, CURLOPT_PROXY, "");
    lib.easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(call->timeout_ms ? call->timeout_ms : TIMEOUT_MS));
    if (call->stop) {
        lib.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        lib.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, stopped);
        lib.easy_setopt(curl, CURLOPT_XFERINFODATA, call);
    }
    lib.easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    lib.easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    lib.easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    lib.easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_head);
    lib.easy_setopt(curl, CURLOPT_HEADERDATA, answer);
    if (call->body || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0) {
        lib.easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->len);
        lib.easy_setopt(curl, CURLOPT_POSTFIELDS, call->body ? call->body : "");
    } else if (strcmp(method, "HEAD") == 0) {
        lib.easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    lib.easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

enum kl_code kl_httpc(const struct kl_httpc_call *call, struct kl_httpc_answer *answer, struct kl_error *err)
{
    struct curl_slist *headers = NULL, *longer;
    enum kl_code code;
    CURLcode done;
    long status = 0;
    CURL *curl;

    answer->status = 0;
    kl_buf_init(&answer->head, HEAD_MAX_BYTES);
    kl_buf_init(&answer->body, BODY_MAX_BYTES);
    pthread_once(&lib.once, load);
    if (!lib.there)
        return kl_fail(err, KL_BROKEN, LIBRARY " is not installed");
    curl = lib.easy_init();
    for (const char **h = call->headers; curl && h && *h; h++) {
        longer = lib.slist_append(headers, *h);
        if (!longer)
            goto no_memory;
        headers = longer;
    }
    if (!curl)
        goto no_memory;
    prepare(curl, call, headers, answer);
    done = lib.easy_perform(curl);
    lib.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer->status = (int)status;
    code = failure(done, call, answer, err);
    goto out;
no_memory:
    code = kl_fail(err, KL_BROKEN, "no memory for a request to %s", call->url);
out:
    lib.slist_free_all(headers);
    if (curl)
        lib.easy_cleanup(curl);
    return code;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end + 1 : "";
}

bool kl_httpc_header(const struct kl_httpc_answer *answer, const char *name, char *out, size_t size)
{
    size_t name_len = strlen(name), len;

    for (const char *line = answer->head.data ? answer->head.data : ""; *line; line = next_line(line)) {
        if (strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
            continue;
        line += name_len + 1;
        line += strspn(line, " \t");
        len = strcspn(line, "\r\n");
        if (len >= size)
            len = size - 1;
        memcpy(out, line, len);
        out[len] = '\0';
        return true;
    }
    return false;
}

void kl_httpc_fini(struct kl_httpc_answer *answer)
{
    kl_buf_fini(&answer->head);
    kl_buf_fini(&answer->body);
}
