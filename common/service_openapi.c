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

#define QUERY_BYTES 512 /* the names of one operation's parameters */

/* What "$ref": "#/components/..." stands for; anything else stands for itself. */
static json_t *resolved(json_t *doc, json_t *node)
{
    const char *at = json_string_value(json_object_get(node, "$ref"));
    char name[128];

    if (!at || strncmp(at, "#/", 2) != 0)
        return node;
    for (node = doc, at += 2; *at; at += strspn(at, "/")) {
        size_t len = strcspn(at, "/");

        if (len >= sizeof name)
            return NULL;
        memcpy(name, at, len);
        name[len] = '\0';
        node = json_object_get(node, name);
        at += len;
    }
    return node;
}

/* The operation's query parameters as a route has them: "topic, since, limit". */
static void query_of(json_t *doc, json_t *operation, char query[QUERY_BYTES])
{
    json_t *row;
    size_t i;

    query[0] = '\0';
    json_array_foreach(json_object_get(operation, "parameters"), i, row) {
        json_t *parameter = resolved(doc, row);
        const char *name = json_string_value(json_object_get(parameter, "name")), *in = json_string_value(json_object_get(parameter, "in"));
        size_t len = strlen(query);

        if (name && in && strcmp(in, "query") == 0)
            snprintf(query + len, QUERY_BYTES - len, "%s%s", len ? ", " : "", name);
    }
}

static bool same_query(const struct kl_route *route, json_t *doc, json_t *operation, FILE *out)
{
    char query[QUERY_BYTES];

    if (!route->query)
        return true;
    query_of(doc, operation, query);
    if (strcmp(query, route->query) == 0)
        return true;
    fprintf(out, "%s %s takes \"%s\" in its query, openapi.json says \"%s\"\n", route->method, route->path, route->query, query);
    return false;
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

static int undocumented(const struct kl_route *routes, json_t *doc, FILE *out)
{
    json_t *paths = json_object_get(doc, "paths"), *operation;
    int n = 0;

    for (; routes->method; routes++) {
        char key[16] = "";

        /* What takes everything below a prefix, or every method, has no path of its own to look up. */
        if ((routes->flags & KL_ROUTE_PREFIX) || strcmp(routes->method, "*") == 0)
            continue;
        for (size_t i = 0; routes->method[i] && i + 1 < sizeof key; i++)
            key[i] = (char)tolower((unsigned char)routes->method[i]);
        operation = json_object_get(json_object_get(paths, routes->path), key);
        if (!operation)
            fprintf(out, "openapi.json lacks %s %s\n", routes->method, routes->path);
        n += !operation || !same_query(routes, doc, operation, out);
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
        n = undocumented(routes, doc, out) + unrouted(routes, paths, out);
    }
    json_decref(doc);
    return n;
}
