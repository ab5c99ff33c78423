/* http_guard.c - who may call: bearer token, Host, Origin; and what browsers are told about it (CORS).
 *
 * A service on loopback without a token still faces one stranger: a web page in the user's browser. Such a page
 * can send requests here (Origin tells whose page it is), and by rebinding its own DNS name to 127.0.0.1 it can
 * even read the answers (then Host carries that name). Calls that change something refuse both. Beyond loopback a
 * token, or an explicit ALLOW_OPEN, is needed to start at all; names are then whatever the network calls us. */
#include <arpa/inet.h>
#include <string.h>

#include "http_internal.h"

#define PREFLIGHT_AGE_S "600"
#define ASKED_HEADERS_MAX 1024

bool kl_guard_is_loopback(const char *address)
{
    struct in_addr v4;

    if (strcmp(address, "localhost") == 0 || strcmp(address, "::1") == 0)
        return true;
    return inet_pton(AF_INET, address, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

enum kl_code kl_guard_start(const struct kl_http_conf *conf, struct kl_error *err)
{
    if (kl_guard_is_loopback(conf->address) || conf->token || conf->allow_open)
        return KL_OK;
    return kl_fail_field(err, KL_INVALID, "SERVER_ADDR",
                         "SERVER_ADDR: listening on %s, beyond loopback, needs API_TOKEN_FILE (or ALLOW_OPEN=1)", conf->address);
}

/* In constant time over the length of what was sent: how far it is right must not show. */
static bool same_secret(const char *sent, const char *token)
{
    size_t sent_len = strlen(sent), token_len = strlen(token);
    unsigned char differs = sent_len != token_len;

    for (size_t i = 0; i < sent_len; i++)
        differs |= (unsigned char)(sent[i] ^ token[token_len ? i % token_len : 0]);
    return !differs;
}

bool kl_guard_token(const char *authorization, const char *token)
{
    static const char SCHEME[] = "Bearer ";

    if (!authorization || strncasecmp(authorization, SCHEME, sizeof SCHEME - 1) != 0)
        return false;
    authorization += sizeof SCHEME - 1;
    return same_secret(authorization + strspn(authorization, " "), token);
}

/* The length of a Host without its port. */
static size_t host_name_len(const char *host)
{
    const char *end = host[0] == '[' ? strchr(host, ']') : strchr(host, ':');

    if (!end)
        return strlen(host);
    return (size_t)(end - host) + (host[0] == '[');
}

/* May this Host be ours? */
static bool host_right(const struct kl_http *h, const char *host)
{
    const char *const names[] = { "localhost", "127.0.0.1", "[::1]", h->own_host };
    size_t len;

    if (!h->loopback)
        return true;
    if (!host)
        return false;
    len = host_name_len(host);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == len && strncasecmp(host, names[i], len) == 0)
            return true;
    return false;
}

static bool origin_right(const struct kl_http *h, const char *origin, const char *host)
{
    const char *cors = h->conf.cors_origin;

    if (!origin)
        return true;   /* not a browser, or a call from our own page that changes nothing */
    if (cors && (strcmp(cors, "*") == 0 || strcasecmp(cors, origin) == 0))
        return true;
    /* https when something before us ends TLS. */
    if (strncasecmp(origin, "http://", 7) == 0)
        origin += 7;
    else if (strncasecmp(origin, "https://", 8) == 0)
        origin += 8;
    else
        return false;  /* "null": a sandboxed page, a local file */
    return host && strcasecmp(origin, host) == 0;
}

enum kl_code kl_guard_check(struct kl_request *r, const struct kl_route *route, struct kl_error *err)
{
    const struct kl_http *h = r->http;

    if (h->conf.token && !(route->flags & KL_ROUTE_OPEN) && !kl_guard_token(r->authorization, h->conf.token)) {
        kl_reply_header(r, "WWW-Authenticate", "Bearer");
        return kl_fail_field(err, KL_UNAUTHORIZED, "Authorization", "%s", r->authorization
                             ? "the bearer token is not this service's" : "a bearer token is needed");
    }
    if (!(route->flags & KL_ROUTE_CHANGES))
        return KL_OK;
    if (!host_right(h, r->host))
        return kl_fail_field(err, KL_FORBIDDEN, "Host", "this Host is not this service's");
    if (!origin_right(h, r->origin, r->host))
        return kl_fail_field(err, KL_FORBIDDEN, "Origin", "calls from pages of this origin are not allowed");
    return KL_OK;
}

void kl_guard_cors(struct kl_request *r)
{
    const char *cors = r->http->conf.cors_origin;

    if (!cors)
        return;
    kl_reply_header(r, "Access-Control-Allow-Origin", cors);
    kl_reply_header(r, "Access-Control-Expose-Headers", "Kafkloud-Receipt, Idempotency-Hit, Idempotency-Window, Retry-After");
    if (strcmp(cors, "*") != 0)
        kl_reply_header(r, "Vary", "Origin");
}

/* A list of header names, and nothing else that could get into our answer's head. */
static bool header_names(const char *text)
{
    size_t len = strlen(text);

    return len <= ASKED_HEADERS_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_, ") == len;
}

void kl_guard_options(struct kl_request *r, const char *allow)
{
    const char *asked = kl_request_header(r, "Access-Control-Request-Headers");

    kl_reply_header(r, "Allow", allow);
    if (r->http->conf.cors_origin && kl_request_header(r, "Access-Control-Request-Method")) {
        kl_reply_header(r, "Access-Control-Allow-Methods", allow);
        /* Given back as asked: a Kafkloud-Header-NAME may have any name. */
        if (asked && header_names(asked))
            kl_reply_header(r, "Access-Control-Allow-Headers", asked);
        kl_reply_header(r, "Access-Control-Max-Age", PREFLIGHT_AGE_S);
    }
    kl_reply_static(r, 204, NULL, "", 0);
}
