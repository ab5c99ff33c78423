/* Any bytes as a request's URI: taken, checked, routed and decoded as for a real request. What a parameter or a query
 * value decodes to encodes and decodes to itself, lies in the copy, and is the same when it is asked for again. */
#include "common/http_internal.h"
#include "fuzz.h"

static void handle(struct kl_request *r)
{
    (void)r;
}

static const struct kl_route routes[] = {
    { "GET", "/", NULL, handle, NULL, NULL, 0 },
    { "GET", "/status", NULL, handle, NULL, NULL, 0, "limit, a" },
    { "GET", "/status/{id}", NULL, handle, NULL, NULL, 0 },
    { "GET", "/status/{topic}/{partition}/{offset}", NULL, handle, NULL, NULL, 0 },
    { "POST", "/produce/{topic}/{key}", NULL, handle, NULL, NULL, 0 },
    { "GET", "/files/", NULL, handle, NULL, NULL, KL_ROUTE_PREFIX },
    { .method = NULL },
};

static void decodes_again(const char *text, size_t len)
{
    struct kl_buf b;

    kl_assert(text[len] == '\0');
    kl_buf_init(&b, FUZZ_BUF_MAX);
    kl_assert(kl_url_encode(&b, text, len));
    kl_assert(len == 0 || kl_url_decode(b.data, b.len) == (ssize_t)len);
    kl_assert(len == 0 || memcmp(b.data, text, len) == 0);
    kl_buf_fini(&b);
}

static void check_text(const struct kl_request *r, const char *text, size_t len)
{
    kl_assert(text > r->text.data + r->uri_len && text + len <= r->text.data + 2 * r->uri_len + 1);
    decodes_again(text, len);
}

static void check_query(const struct kl_request *r, const char *name)
{
    size_t len, again_len;
    const char *value = kl_request_query(r, name, &len);

    if (!value)
        return;
    check_text(r, value, len);
    kl_assert(kl_request_query(r, name, &again_len) == value && again_len == len);
}

static void check_matched(const struct kl_request *r)
{
    const struct kl_rule *rule = r->match.rule;

    for (size_t i = 0; i < rule->n; i++) {
        const char *value;
        char name[16];
        size_t len;

        if (!rule->segment[i].param)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)rule->segment[i].len, rule->segment[i].text);
        value = kl_request_param(r, name, &len);
        check_text(r, value, len);
    }
    check_query(r, "a");
    check_query(r, "limit");
    check_query(r, "");
    if (rule->route->flags & KL_ROUTE_PREFIX)
        kl_assert(strlen(kl_request_tail(r)) <= r->uri_len);
}

static void check_route(struct kl_request *r, const struct kl_router *router, const char *method)
{
    const char *path = r->text.data + r->path_at;
    char allow[KL_ALLOW_BYTES];
    struct kl_error err;
    enum kl_code code = kl_router_find(router, method, path, r->path_len, &r->match);

    kl_router_allow(router, path, r->path_len, allow);
    kl_assert((code == KL_NOT_FOUND) == (allow[0] == '\0' || strcmp(path, "*") == 0 || strncmp(path, "*?", 2) == 0));
    kl_assert(code != KL_OK || strstr(allow, method));
    if (code == KL_OK && kl_uri_decode(r, &err) == KL_OK)
        check_matched(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *uri = fuzz_text(data, len < KL_HTTP_POOL_BYTES ? len : KL_HTTP_POOL_BYTES - 1);
    struct kl_request *r = calloc(1, sizeof *r);
    struct kl_router router;
    struct kl_error err;

    kl_assert(r && kl_router_init(&router, routes));
    kl_buf_init(&r->text, 2 * KL_HTTP_POOL_BYTES);
    kl_assert(kl_uri_take(r, uri));
    kl_assert(r->path_at + r->path_len <= r->uri_len && r->query_at <= r->uri_len);
    if (kl_uri_check(r, "HTTP/1.1", &err) == KL_OK) {
        check_route(r, &router, "GET");
        check_route(r, &router, "POST");
    }
    kl_router_fini(&router);
    kl_buf_fini(&r->text);
    free(r);
    free(uri);
    return 0;
}
