/* portal.h - the portal's state and its endpoints.
 *
 * Threads, and what each owns:
 *   main         settings, start, signals, the order of shutdown
 *   HTTP (pool)  requests; reads assets and upstreams, which nobody writes after the start
 *   relay        libcurl's multi handle: every connection to a service (loop.h)
 * A relay is where an HTTP thread and the relay thread meet; relay.h says how. */
#ifndef PORTAL_H
#define PORTAL_H

#include "assets.h"
#include "http.h"
#include "loop.h"
#include "relay.h"
#include "service.h"
#include "upstream.h"

struct portal_conf {
    struct kl_service_conf common;
    const char *ui_dir;
    const char *urls[UPSTREAMS];
    const char *upstream_token_file;
    int64_t     relays_max, timeout_ms, body_max_bytes;
};
extern struct portal_conf      portal_conf;   /* one: the routes' table says where the body's limit stands */
extern const struct kl_setting portal_settings[];

struct portal {
    struct assets   *assets;       /* NULL: the UI is not built */
    char             ui_why[400];  /* and why, one sentence */
    struct upstreams upstreams;
    struct relays    relays;
    _Atomic int64_t  healths;      /* GET /api/health under way */
    char             token[4096];  /* UPSTREAM_TOKEN_FILE's */
};

/* Opens what main needs, from portal_conf. A UI that is not built is no failure: the portal then serves a page that
 * says so. KL_INVALID: a setting. */
KL_MUST_CHECK enum kl_code portal_open(struct portal *p, struct kl_error *err);
/* Ends every relay, so that each suspended request is resumed, and waits until those are answered; before kl_http_stop. */
void portal_abort(struct portal *p, struct kl_http *http);
void portal_close(struct portal *p); /* after kl_http_stop */

extern const struct kl_route portal_routes[];
extern const struct kl_check portal_checks[];

/* ---- the endpoints, a file each ---- */
kl_handle_fn static_get;    /* the UI's files and screens */
kl_handle_fn health_get;    /* GET /api/health: is each service there? */
kl_handle_fn health_text;   /* GET /api/_health: the earlier system's */
kl_handle_fn api_unknown;   /* anything else below /api */
kl_handle_fn relay_any_begin, relay_any;
kl_body_fn   relay_any_body;

/* What a browser may do with our pages (security.c); every answer carries it. */
void security_headers(struct kl_request *r);

#endif
