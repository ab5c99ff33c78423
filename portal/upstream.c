/* upstream.c - checks the services' URLs with libcurl's own parser, which is what will use them. */
#include "upstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct upstream known[UPSTREAMS] = {
    { .name = "producer", .setting = "PRODUCER_URL", .prefix = "/api/producer", .records = true },
    { .name = "consumer", .setting = "CONSUMER_URL", .prefix = "/api/consumer" },
    { .name = "steward", .setting = "STEWARD_URL", .prefix = "/api/steward" },
    { .name = "seer", .setting = "SEER_URL", .prefix = "/api/seer" },
};

static bool part_there(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool there = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return there;
}

/* What is wrong with it, or NULL. */
static const char *url_flaw(CURLU *url, const char *text)
{
    char *scheme = NULL;
    const char *flaw = NULL;

    if (!text || curl_url_set(url, CURLUPART_URL, text, 0))
        return "is not a URL";
    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    if (!scheme || (strcmp(scheme, "http") && strcmp(scheme, "https")))
        flaw = "is neither http nor https";
    else if (part_there(url, CURLUPART_USER) || part_there(url, CURLUPART_PASSWORD))
        flaw = "has a user; use UPSTREAM_TOKEN_FILE";
    else if (part_there(url, CURLUPART_QUERY) || part_there(url, CURLUPART_FRAGMENT))
        flaw = "has a query or a fragment";
    curl_free(scheme);
    return flaw;
}

/* Splits "http://host:port/base/" into origin and base, the base without its last slash. */
static bool url_split(struct upstream *u, const char *text)
{
    const char *host = strstr(text, "://") + 3;
    size_t origin_len = (size_t)(host - text) + strcspn(host, "/");
    size_t base_len = strlen(text + origin_len);

    while (base_len && text[origin_len + base_len - 1] == '/')
        base_len--;
    u->origin = strndup(text, origin_len);
    u->base = strndup(text + origin_len, base_len);
    return u->origin && u->base;
}

static enum kl_code upstream_init(struct upstream *u, const char *text, struct kl_error *err)
{
    CURLU *url = curl_url();
    const char *flaw = url ? url_flaw(url, text) : "could not be read: no memory";

    curl_url_cleanup(url);
    if (!flaw && !strstr(text, "://"))
        flaw = "does not begin with http:// or https://";
    if (!flaw && !url_split(u, text))
        flaw = "could not be read: no memory";
    if (flaw)
        return kl_fail_field(err, KL_INVALID, u->setting, "%s: \"%s\" %s", u->setting, text ? text : "", flaw);
    return KL_OK;
}

enum kl_code upstreams_init(struct upstreams *u, const char *const urls[UPSTREAMS], struct kl_error *err)
{
    memcpy(u->list, known, sizeof known);
    for (size_t i = 0; i < UPSTREAMS; i++) {
        enum kl_code code = upstream_init(&u->list[i], urls[i], err);

        if (code) {
            upstreams_fini(u);
            return code;
        }
    }
    return KL_OK;
}

void upstreams_fini(struct upstreams *u)
{
    for (size_t i = 0; i < UPSTREAMS; i++) {
        free(u->list[i].origin);
        free(u->list[i].base);
        u->list[i].origin = u->list[i].base = NULL;
    }
}

const struct upstream *upstreams_find(const struct upstreams *u, const char *path)
{
    for (size_t i = 0; i < UPSTREAMS; i++) {
        size_t len = strlen(u->list[i].prefix);

        if (!strncmp(path, u->list[i].prefix, len) && path[len] == '/')
            return &u->list[i];
    }
    return NULL;
}

void upstream_easy_set(const struct upstream *u, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_URL, u->origin);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* the environment's http_proxy is not meant for these */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L); /* a stream whose service's machine is gone ends, some time */
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)UPSTREAM_CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, (long)UPSTREAM_NAME_S);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)UPSTREAM_KEEP_S);
}

void upstream_absent(const struct upstream *u, char *out, size_t size)
{
    snprintf(out, size,
             "nobody answers for the %s at %s: start it (make up, or kafkloud-%s), or set %s to where it is",
             u->name, u->origin, u->name, u->setting);
}
