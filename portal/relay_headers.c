/* relay_headers.c - the tables. Names are in lower case; comparison is in any. */
#include "relay_headers.h"

#include <string.h>
#include <strings.h>

/* Of one connection, whoever sends them: RFC 9110 section 7.6.1 and its predecessors. */
static const char *const of_connection[] = {
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
    "proxy-authentication-info", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings",
};

static const char *const not_up[] = {
    "host", "content-length", "expect",                                  /* written anew for the service */
    "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",          /* written anew from what the portal knows */
    "origin", "referer", "cookie",                                       /* between the browser and the portal's origin; the check is done */
    "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user",
};

static const char *const not_down[] = {
    "content-length", "date", "server", "set-cookie", "alt-svc", "strict-transport-security",
    "content-security-policy", "content-security-policy-report-only", "x-content-type-options", "x-frame-options",
    "x-xss-protection", "referrer-policy", "permissions-policy", "clear-site-data",
    "cross-origin-opener-policy", "cross-origin-embedder-policy", "cross-origin-resource-policy",
};

#define IN(table, name, len) in_table(table, sizeof(table) / sizeof *(table), name, len)

static bool in_table(const char *const *table, size_t rows, const char *name, size_t len)
{
    for (size_t i = 0; i < rows; i++)
        if (strlen(table[i]) == len && !strncasecmp(table[i], name, len))
            return true;
    return false;
}

/* A token of RFC 9110 section 5.6.2. */
static bool is_token(const char *name, size_t len)
{
    static const char allowed[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (size_t i = 0; i < len; i++)
        if (!memchr(allowed, name[i], sizeof allowed - 1))
            return false;
    return len > 0;
}

bool relay_header_goes_up(const char *name)
{
    size_t len = strlen(name);

    return is_token(name, len) && !IN(of_connection, name, len) && !IN(not_up, name, len);
}

bool relay_header_comes_down(const char *name, size_t len)
{
    return is_token(name, len) && !IN(of_connection, name, len) && !IN(not_down, name, len) &&
           (len < 15 || strncasecmp(name, "access-control-", 15) != 0);
}

bool relay_header_listed(const char *connection, const char *name, size_t len)
{
    const char *at = connection;

    while (at && *(at += strspn(at, ", \t"))) {
        size_t n = strcspn(at, ", \t");

        if (n == len && !strncasecmp(at, name, n))
            return true;
        at += n;
    }
    return false;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

void relay_head_each(char *head, relay_field_fn *each, void *ctx)
{
    for (char *line = head; *line;) {
        char *end = line + strcspn(line, "\r\n");
        char *colon = memchr(line, ':', (size_t)(end - line));

        if (colon) {
            char *value = colon + 1, *stop = end;
            char kept;

            while (value < stop && blank(*value))
                value++;
            while (stop > value && blank(stop[-1]))
                stop--;
            kept = *stop;
            *stop = '\0';
            each(ctx, line, (size_t)(colon - line), value);
            *stop = kept;
        }
        line = end + strspn(end, "\r\n");
    }
}
