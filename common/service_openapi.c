/* service_openapi.c - do a service's routes and its openapi.json say the same? */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "service_internal.h"

static bool same_method(const char *method, const char *key)
{
    return strcmp(method, "*") == 0 || strcasecmp(method, key) == 0;
}

static bool same_path(const struct kl_route *route, const char *path)
{
    if (route->flags & KL_ROUTE_PREFIX)
        return strncmp(path, route->path, strlen(route->path)) == 0;
    return strcmp(path, route->path) == 0;
}

static bool routed(const struct kl_route *routes, const char *method, const char *path)
{
    for (; routes->method; routes++)
        if (same_method(routes->method, method) && same_path(routes, path))
            return true;
    return false;
}

/* Members of a path item that are no methods: parameters, summary, ... */
static bool is_method(const char *key)
{
    static const char *const METHODS[] = { "get", "head", "post", "put", "patch", "delete", "options", "trace" };

    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (strcmp(METHODS[i], key) == 0)
            return true;
    return false;
}

static int undocumented(const struct kl_route *routes, json_t *paths, FILE *out)
{
    int n = 0;

    for (; routes->method; routes++) {
        char key[16] = "";

        /* What takes everything below a prefix, or every method, has no path of its own to look up. */
        if ((routes->flags & KL_ROUTE_PREFIX) || strcmp(routes->method, "*") == 0)
            continue;
        for (size_t i = 0; routes->method[i] && i + 1 < sizeof key; i++)
            key[i] = (char)tolower((unsigned char)routes->method[i]);
        if (json_object_get(json_object_get(paths, routes->path), key))
            continue;
        fprintf(out, "openapi.json lacks %s %s\n", routes->method, routes->path);
        n++;
    }
    return n;
}

static int unrouted(const struct kl_route *routes, json_t *paths, FILE *out)
{
    const char *path, *key;
    json_t *item, *operation;
    int n = 0;

    json_object_foreach(paths, path, item) {
        json_object_foreach(item, key, operation) {
            if (!is_method(key) || routed(routes, key, path) || routed(kl_health_routes, key, path))
                continue;
            fprintf(out, "no route for %s %s of openapi.json\n", key, path);
            n++;
        }
    }
    return n;
}

int kl_service_check_openapi(const struct kl_route *routes, const char *openapi, size_t len, FILE *out)
{
    json_error_t at;
    json_t *doc = json_loadb(openapi, len, JSON_REJECT_DUPLICATES, &at);
    json_t *paths = json_object_get(doc, "paths");
    int n;

    if (!json_is_object(paths)) {
        fprintf(out, "openapi.json: %s\n", doc ? "it has no paths" : at.text);
        n = -1;
    } else {
        n = undocumented(routes, paths, out) + unrouted(routes, paths, out);
    }
    json_decref(doc);
    return n;
}
