/* relay_request.c - sets libcurl up to ask a service what the client asked the portal.
 *
 * The target goes to the service byte for byte (CURLOPT_REQUEST_TARGET): it never passes through a URL parser here, so
 * encoded slashes, dot segments and odd characters mean to the service what the client wrote. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "relay.h"
#include "relay_headers.h"

#define LINE_MAX_BYTES   (64 * 1024) /* one header line; common/http.h refuses longer ones before */
#define TARGET_MAX_BYTES (64 * 1024)

/* ---- the request's header lines ---- */

struct header_list {
    struct relay *x;
    struct kl_buf connection, forwarded_for; /* the client's, of all fields of these names */
    bool          authorization;
    struct kl_buf line;
    bool          failed;
};

static bool header_add(struct header_list *h, const char *name, const char *value, size_t len)
{
    struct curl_slist *list;

    kl_buf_clear(&h->line);
    kl_buf_adds(&h->line, name);
    kl_buf_adds(&h->line, len ? ": " : ";"); /* libcurl's way to write a field without a value */
    kl_buf_add(&h->line, value, len);
    list = h->line.failed ? NULL : curl_slist_append(h->x->headers, h->line.data);
    h->failed |= list == NULL;
    if (list)
        h->x->headers = list;
    return !h->failed;
}

static void list_add(struct kl_buf *list, const char *value, size_t len)
{
    if (list->len)
        kl_buf_adds(list, ", ");
    kl_buf_add(list, value, len);
}

/* A field that is a list may come in several lines. */
static bool header_gather(void *ctx, const char *name, const char *value, size_t len)
{
    struct header_list *h = ctx;

    if (len && !strcasecmp(name, "Connection"))
        list_add(&h->connection, value, len);
    else if (len && !strcasecmp(name, "X-Forwarded-For"))
        list_add(&h->forwarded_for, value, len);
    return true;
}

static bool header_pass(void *ctx, const char *name, const char *value, size_t len)
{
    struct header_list *h = ctx;

    if (!relay_header_goes_up(name) || relay_header_listed(h->connection.data, name, strlen(name)))
        return true;
    if (!strcasecmp(name, "Authorization") && !h->authorization)
        return true;
    return header_add(h, name, value, len);
}

static bool header_adds(struct header_list *h, const char *name, const char *value)
{
    return header_add(h, name, value, strlen(value));
}

/* Whoever is in front of the portal has written these, or nobody has. */
static void forwarded_add(struct header_list *h, const struct kl_request *r)
{
    const char *host = kl_request_header(r, "X-Forwarded-Host");
    const char *proto = kl_request_header(r, "X-Forwarded-Proto");
    const char *client = kl_request_client(r);

    list_add(&h->forwarded_for, client, strlen(client));
    h->failed |= h->forwarded_for.failed || !header_add(h, "X-Forwarded-For", h->forwarded_for.data, h->forwarded_for.len);
    if (!host)
        host = kl_request_header(r, "Host");
    if (host)
        header_adds(h, "X-Forwarded-Host", host);
    header_adds(h, "X-Forwarded-Proto", proto ? proto : "http");
}

/* libcurl adds some fields by itself; a name without a value takes them out again. */
static bool header_quiet(struct header_list *h, const char *name_colon)
{
    struct curl_slist *list = curl_slist_append(h->x->headers, name_colon);

    h->failed |= list == NULL;
    if (list)
        h->x->headers = list;
    return !h->failed;
}

static bool headers_set(struct relay *x, const struct kl_request *r)
{
    struct header_list h = { .x = x };
    char bearer[4200];

    h.authorization = !x->all->token && !x->all->guarded;
    kl_buf_init(&h.line, LINE_MAX_BYTES);
    kl_buf_init(&h.connection, LINE_MAX_BYTES);
    kl_buf_init(&h.forwarded_for, LINE_MAX_BYTES);
    kl_request_headers(r, header_gather, &h);
    h.failed |= h.connection.failed;
    kl_request_headers(r, header_pass, &h);
    forwarded_add(&h, r);
    if (x->all->token) {
        snprintf(bearer, sizeof bearer, "Bearer %s", x->all->token);
        header_adds(&h, "Authorization", bearer);
    }
    if (!kl_request_header(r, "Accept"))
        header_quiet(&h, "Accept:");
    header_quiet(&h, "Expect:");
    kl_buf_fini(&h.line);
    kl_buf_fini(&h.connection);
    kl_buf_fini(&h.forwarded_for);
    curl_easy_setopt(x->job.easy, CURLOPT_HTTPHEADER, x->headers);
    return !h.failed;
}

/* ---- the method and the body ---- */

static bool one_of(const char *method, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(method, *list))
            return true;
    return false;
}

static bool body_set(struct relay *x, const struct kl_request *r, const char *method)
{
    static const char *const expect_body[] = { "POST", "PUT", "PATCH", NULL };
    CURL *easy = x->job.easy;
    int64_t declared = kl_request_body_declared(r);
    bool chunked = kl_request_header(r, "Transfer-Encoding") != NULL;

    if (declared < 0 && !chunked) {
        x->up_whole = true;
        if (!one_of(method, expect_body))
            return true;
        declared = 0; /* these say so when they have none */
    }
    x->up_whole = declared == 0;
    if (!x->up_whole && !ring_init(&x->up, RELAY_RING_BYTES))
        return false;
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)declared); /* -1: in chunks */
    return true;
}

static void method_set(struct relay *x, const char *method)
{
    CURL *easy = x->job.easy;

    x->changes = strcmp(method, "GET") && strcmp(method, "HEAD");
    if (!strcmp(method, "HEAD"))
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    /* libcurl asks again by itself when a kept connection turns out to be closed, unless it would have to send a body
     * again, which it cannot. What changes something and has no body therefore gets a connection of its own: a
     * DELETE sent twice would be two tombstones. */
    if (x->changes && x->up_whole)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

/* ---- where to ---- */

/* The raw path behind the prefix, and the query. */
static enum kl_code target_set(struct relay *x, const struct kl_request *r, struct kl_error *err)
{
    const char *path = kl_request_path(r) + strlen(x->to->prefix);
    const char *query = strchr(kl_request_tail(r), '?');
    enum kl_code code = KL_OK;
    struct kl_buf target;

    kl_buf_init(&target, TARGET_MAX_BYTES);
    kl_buf_adds(&target, x->to->base);
    kl_buf_adds(&target, path);
    kl_buf_adds(&target, query ? query : "");
    if (target.failed)
        code = kl_fail_limit(err, KL_TOO_LARGE, "path", TARGET_MAX_BYTES, "the path is too long");
    for (size_t i = 0; !code && i < target.len; i++)
        if ((unsigned char)target.data[i] <= ' ' || target.data[i] == 0x7f)
            code = kl_fail_field(err, KL_INVALID, "path", "the path holds a blank or a control character");
    if (!code && curl_easy_setopt(x->job.easy, CURLOPT_REQUEST_TARGET, target.data))
        code = kl_fail(err, KL_BROKEN, "no memory for a relay");
    kl_buf_fini(&target);
    return code;
}

static void callbacks_set(struct relay *x)
{
    CURL *easy = x->job.easy;

    curl_easy_setopt(easy, CURLOPT_READFUNCTION, relay_on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, x);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, relay_on_head);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, relay_on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
}

enum kl_code relay_request_set(struct relay *x, struct kl_request *r, struct kl_error *err)
{
    const char *method = kl_request_method(r);
    enum kl_code code = target_set(x, r, err);

    if (code)
        return code;
    upstream_easy_set(x->to, x->job.easy);
    callbacks_set(x);
    if (!body_set(x, r, method) || !headers_set(x, r))
        return kl_fail(err, KL_BROKEN, "no memory for a relay");
    method_set(x, method);
    return KL_OK;
}
