/* upstream.h - the services behind the portal: where each is, and under which prefix the browser finds it.
 * Filled once at start, read-only after: any thread may read. */
#ifndef UPSTREAM_H
#define UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

#include "err.h"

#define UPSTREAM_CONNECT_MS 3000 /* until a connection stands: services are on this machine or in this cluster */
#define UPSTREAM_NAME_S     1    /* how long a name's address is believed: a container that was made anew has another one */
#define UPSTREAM_KEEP_S     30   /* how long an idle connection is used again: less than a service's IDLE_TIMEOUT, or it closes first */

struct upstream {
    const char *name;    /* "producer" */
    const char *setting; /* "PRODUCER_URL" */
    const char *prefix;  /* "/api/producer": taken off the path */
    bool        records; /* its changing calls put records into Kafka, so a failure says whether one may be there */
    char       *origin;  /* "http://127.0.0.1:8000" */
    char       *base;    /* the URL's own path, put before the rest: "" mostly */
};

#define UPSTREAMS 4
struct upstreams {
    struct upstream list[UPSTREAMS]; /* in the order of the way a message takes */
};

/* urls: producer's, consumer's, steward's, seer's. KL_INVALID names the setting: not an http or https URL, or one
 * with a user, a query or a fragment. */
KL_MUST_CHECK enum kl_code upstreams_init(struct upstreams *u, const char *const urls[UPSTREAMS], struct kl_error *err);
void upstreams_fini(struct upstreams *u);

/* The service whose prefix the raw path has, a whole segment; NULL: none. */
const struct upstream *upstreams_find(const struct upstreams *u, const char *path);

/* Sets libcurl up to speak to it: address, protocol, what is kept and how long is waited. */
void upstream_easy_set(const struct upstream *u, CURL *easy);

/* Why nobody answers there and what to do about it, one sentence. */
void upstream_absent(const struct upstream *u, char *out, size_t size);

#endif
