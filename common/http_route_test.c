/* http_route_test.c */
#include "http_internal.h"
#include "test.h"

static void handle(struct kl_request *r)
{
    (void)r;
}

static const struct kl_route routes[] = {
    { "GET", "/", NULL, handle, NULL, NULL, 0 },
    { "POST", "/produce/{topic}", NULL, handle, NULL, NULL, 0 },
    { "POST", "/produce/{topic}/{key}", NULL, handle, NULL, NULL, 0 },
    { "DELETE", "/produce/{topic}/{key}", NULL, handle, NULL, NULL, 0 },
    { "GET", "/status", NULL, handle, NULL, NULL, 0 },
    { "POST", "/status", NULL, handle, NULL, NULL, 0 },
    { "GET", "/status/{id}", NULL, handle, NULL, NULL, 0 },
    { "GET", "/status/{topic}/{partition}/{offset}", NULL, handle, NULL, NULL, 0 },
    { "*", "/any", NULL, handle, NULL, NULL, 0 },
    { "GET", "/files/", NULL, handle, NULL, NULL, KL_ROUTE_PREFIX },
    { .method = NULL },
};

static struct kl_match match;

/* The path of the route that takes it; "404" and "405" otherwise. */
static const char *find(const char *method, const char *path)
{
    struct kl_router router;
    const char *found;

    CU_ASSERT_FATAL(kl_router_init(&router, routes));
    switch (kl_router_find(&router, method, path, strlen(path), &match)) {
    case KL_OK:
        found = match.rule->route->path;
        break;
    case KL_BAD_METHOD:
        found = "405";
        break;
    default:
        found = "404";
    }
    kl_router_fini(&router);
    return found;
}

#define FINDS(method, path, route) CU_ASSERT_STRING_EQUAL(find(method, path), route)

static bool param_is(size_t n, const char *path, const char *value)
{
    return match.param[n].len == strlen(value) && memcmp(path + match.param[n].at, value, strlen(value)) == 0;
}

static void literal_paths_are_found(void)
{
    FINDS("GET", "/", "/");
    FINDS("GET", "/status", "/status");
    FINDS("POST", "/status", "/status");
    FINDS("GET", "/statu", "404");
    FINDS("GET", "/statuss", "404");
    FINDS("GET", "status", "404");
    FINDS("GET", "", "404");
    FINDS("GET", "*", "404");
}

static void a_parameter_takes_one_segment_as_it_is(void)
{
    static const char path[] = "/produce/a%2Fb/c+d";

    FINDS("POST", path, "/produce/{topic}/{key}");
    CU_ASSERT(param_is(0, path, "a%2Fb"));
    CU_ASSERT(param_is(1, path, "c+d"));
    FINDS("POST", "/produce/a/b/c", "404");
    FINDS("GET", "/status/t/0/7", "/status/{topic}/{partition}/{offset}");
}

static void only_the_last_segment_may_be_empty(void)
{
    FINDS("POST", "/produce/orders", "/produce/{topic}");
    FINDS("POST", "/produce/orders/", "/produce/{topic}/{key}");
    CU_ASSERT_EQUAL(match.param[1].len, 0);
    FINDS("POST", "/produce//key", "404");
    FINDS("GET", "/status//0/7", "404");
}

static void head_goes_where_get_goes(void)
{
    FINDS("HEAD", "/status", "/status");
    FINDS("HEAD", "/produce/orders", "405");
}

static void a_known_path_with_another_method_is_told_from_an_unknown_one(void)
{
    FINDS("PUT", "/status", "405");
    FINDS("get", "/status", "405");
    FINDS("PUT", "/nothing", "404");
}

static void a_star_takes_every_method(void)
{
    FINDS("PATCH", "/any", "/any");
    FINDS("BREW", "/any", "/any");
}

static void a_prefix_takes_everything_below(void)
{
    FINDS("GET", "/files/", "/files/");
    FINDS("GET", "/files/a/b/c.js", "/files/");
    FINDS("GET", "/files", "404");
    FINDS("GET", "/files/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", "/files/");
}

static void a_path_of_too_many_segments_is_unknown(void)
{
    FINDS("GET", "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", "404");
}

static void allow_lists_what_a_path_takes(void)
{
    static const struct { const char *path, *allow; } rows[] = {
        { "/status", "GET, HEAD, POST, OPTIONS" },
        { "/produce/t/k", "POST, DELETE, OPTIONS" },
        { "/any", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" },
        { "/nothing", "" },
        { "", "" },
    };
    char allow[KL_ALLOW_BYTES];
    struct kl_router router;

    CU_ASSERT_FATAL(kl_router_init(&router, routes));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kl_router_allow(&router, rows[i].path, strlen(rows[i].path), allow);
        CU_ASSERT_STRING_EQUAL(allow, rows[i].allow);
    }
    kl_router_allow(&router, "*", 1, allow);
    CU_ASSERT(strstr(allow, "GET") && strstr(allow, "DELETE") && strstr(allow, "OPTIONS"));
    kl_router_fini(&router);
}

KL_TESTS("http_route", T(literal_paths_are_found), T(a_parameter_takes_one_segment_as_it_is),
         T(only_the_last_segment_may_be_empty), T(head_goes_where_get_goes),
         T(a_known_path_with_another_method_is_told_from_an_unknown_one), T(a_star_takes_every_method),
         T(a_prefix_takes_everything_below), T(a_path_of_too_many_segments_is_unknown), T(allow_lists_what_a_path_takes))
