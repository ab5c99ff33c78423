/* routes.c - the portal's doors. The first row that matches is taken, so the UI's files come last. */
#include "portal.h"

/* A service behind the portal: what reads, and what changes something. */
#define CHANGING(method, prefix) \
    { method, prefix, &portal_conf.body_max_bytes, relay_any, relay_any_begin, relay_any_body, KL_ROUTE_PREFIX | KL_ROUTE_CHANGES }
#define SERVICE(prefix)                                                          \
    { "GET", prefix, NULL, relay_any, relay_any_begin, NULL, KL_ROUTE_PREFIX },  \
    CHANGING("POST", prefix),                                                    \
    CHANGING("PUT", prefix),                                                     \
    CHANGING("PATCH", prefix),                                                   \
    CHANGING("DELETE", prefix)

const struct kl_route portal_routes[] = {
    /* Live streams have a row of their own: a stop ends them at once, while it waits for other calls to finish. */
    { "GET", "/api/consumer/consume", NULL, relay_any, relay_any_begin, NULL, KL_ROUTE_PREFIX | KL_ROUTE_STREAM },
    SERVICE("/api/producer/"),
    SERVICE("/api/consumer/"),
    SERVICE("/api/steward/"),
    SERVICE("/api/seer/"),
    { "GET", "/api/health", NULL, health_get, NULL, NULL, 0 },
    { "GET", "/api/_health", NULL, health_text, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/api", NULL, api_unknown, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/api/", NULL, api_unknown, NULL, NULL, KL_ROUTE_OPEN | KL_ROUTE_PREFIX },
    { "GET", "/", NULL, static_get, NULL, NULL, KL_ROUTE_OPEN | KL_ROUTE_PREFIX },
    { 0 },
};
