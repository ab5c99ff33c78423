/* http_route.c - the table of routes, split once at the start so that a request compares segments.
 *
 * Paths are matched as they came over the wire, undecoded: a key with %2F in it stays one segment. */
#include <stdlib.h>
#include <string.h>

#include "http_internal.h"

/* Splits a path behind its leading slash. "/a/" has the segments "a" and "". 0: too many. */
static size_t split(const char *path, size_t len, struct kl_span span[KL_SEGMENTS_MAX])
{
    size_t n = 0, at = 1;

    for (;;) {
        const char *slash = memchr(path + at, '/', len - at);
        size_t end = slash ? (size_t)(slash - path) : len;

        if (n == KL_SEGMENTS_MAX)
            return 0;
        span[n++] = (struct kl_span){ (uint32_t)at, (uint32_t)(end - at) };
        if (!slash)
            return n;
        at = end + 1;
    }
}

static void rule_init(struct kl_rule *rule, const struct kl_route *route)
{
    struct kl_span span[KL_SEGMENTS_MAX];
    size_t params = 0;

    kl_assert(route->path[0] == '/');
    rule->route = route;
    rule->n = split(route->path, strlen(route->path), span);
    kl_assert(rule->n > 0);
    for (size_t i = 0; i < rule->n; i++) {
        const char *text = route->path + span[i].at;
        size_t len = span[i].len;
        bool param = len >= 2 && text[0] == '{' && text[len - 1] == '}';

        rule->segment[i] = (struct kl_segment){ text + param, len - 2 * param, param };
        params += param;
    }
    kl_assert(params <= KL_PARAMS_MAX);
    kl_assert(!(route->flags & KL_ROUTE_PREFIX) || params == 0);
    kl_assert(route->handle);
}

bool kl_router_init(struct kl_router *router, const struct kl_route *routes)
{
    size_t n = 0;

    while (routes[n].method)
        n++;
    router->n = n;
    router->rules = calloc(n + 1, sizeof *router->rules);
    if (!router->rules)
        return false;
    for (size_t i = 0; i < n; i++)
        rule_init(&router->rules[i], &routes[i]);
    return true;
}

void kl_router_fini(struct kl_router *router)
{
    free(router->rules);
    router->rules = NULL;
}

static bool path_matches(const struct kl_rule *rule, const char *path, size_t len, const struct kl_span *span,
                         size_t n, struct kl_match *match)
{
    size_t params = 0;

    if (rule->route->flags & KL_ROUTE_PREFIX) {
        size_t prefix = strlen(rule->route->path);
        return len >= prefix && memcmp(path, rule->route->path, prefix) == 0;
    }
    if (n != rule->n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct kl_segment *s = &rule->segment[i];

        if (s->param) {
            if (span[i].len == 0 && i + 1 < n)
                return false;
            match->param[params++] = span[i];
        } else if (s->len != span[i].len || memcmp(s->text, path + span[i].at, s->len) != 0) {
            return false;
        }
    }
    return true;
}

static bool method_matches(const struct kl_route *route, const char *method)
{
    return strcmp(route->method, method) == 0 || strcmp(route->method, "*") == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

enum kl_code kl_router_find(const struct kl_router *router, const char *method, const char *path, size_t len,
                            struct kl_match *match)
{
    struct kl_span span[KL_SEGMENTS_MAX];
    size_t n = len > 0 && path[0] == '/' ? split(path, len, span) : 0;
    bool path_known = false;

    for (size_t i = 0; len > 0 && i < router->n; i++) {
        const struct kl_rule *rule = &router->rules[i];

        if (!path_matches(rule, path, len, span, n, match))
            continue;
        path_known = true;
        if (method_matches(rule->route, method)) {
            match->rule = rule;
            return KL_OK;
        }
    }
    match->rule = NULL;
    return path_known ? KL_BAD_METHOD : KL_NOT_FOUND;
}

static void allow_add(char allow[KL_ALLOW_BYTES], const char *method)
{
    size_t len = strlen(allow), n = strlen(method);

    for (const char *at = strstr(allow, method); at; at = strstr(at + 1, method))
        if ((at == allow || at[-1] == ' ') && (at[n] == ',' || at[n] == '\0'))
            return;
    snprintf(allow + len, KL_ALLOW_BYTES - len, "%s%s", len ? ", " : "", method);
}

void kl_router_allow(const struct kl_router *router, const char *path, size_t len, char allow[KL_ALLOW_BYTES])
{
    struct kl_span span[KL_SEGMENTS_MAX];
    struct kl_match match;
    bool all = len == 1 && path[0] == '*';
    size_t n = len > 0 && path[0] == '/' ? split(path, len, span) : 0;

    allow[0] = '\0';
    for (size_t i = 0; i < router->n; i++) {
        const struct kl_route *route = router->rules[i].route;
        static const char *const ANY[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };

        if (!all && (len == 0 || !path_matches(&router->rules[i], path, len, span, n, &match)))
            continue;
        if (strcmp(route->method, "*") == 0)
            for (size_t m = 0; m < sizeof ANY / sizeof *ANY; m++)
                allow_add(allow, ANY[m]);
        else
            allow_add(allow, route->method);
        if (strcmp(route->method, "GET") == 0)
            allow_add(allow, "HEAD");
    }
    if (allow[0] || all)
        allow_add(allow, "OPTIONS");
}
