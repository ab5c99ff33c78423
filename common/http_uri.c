/* http_uri.c - a request's URI: copied once, checked, split, decoded. Knows nothing of sockets, and is fuzzed.
 *
 * The copy has a second half, as long as the URI, for what is decoded: each part goes to its own offset there. What
 * is decoded is never longer, and a separator or the end follows each part, so there is room for a NUL behind it. */
#include <stdio.h>
#include <string.h>

#include "http_internal.h"

/* "http://host/path" is as good as "/path" (RFC 9112 section 3.2.2). The length of what is before the path. */
static uint32_t authority_len(const char *uri)
{
    const char *path;

    if (strncasecmp(uri, "http://", 7) != 0 && strncasecmp(uri, "https://", 8) != 0)
        return 0;
    path = strpbrk(strstr(uri, "//") + 2, "/?");
    return (uint32_t)(path ? (size_t)(path - uri) : strlen(uri));
}

/* libmicrohttpd would parse the query now, at the cost of its pool; and with more values than fit there (some 200) it
 * writes an error that it then forgets, and spins. kl_request_query reads our copy, so its own text may end here. */
static void hide_query(const char *question_mark)
{
    ((char *)question_mark)[1] = '\0';   /* libmicrohttpd's own buffer, which it splits there itself */
}

bool kl_uri_take(struct kl_request *r, const char *uri)
{
    size_t len = strlen(uri);
    const char *query = memchr(uri, '?', len);

    r->uri = uri;
    r->uri_len = (uint32_t)len;
    r->path_at = authority_len(uri);
    r->query_at = query ? (uint32_t)(query - uri) + 1 : 0;
    r->path_len = (uint32_t)(query ? (size_t)(query - uri) : len) - r->path_at;
    if (!kl_buf_reserve(&r->text, 2 * (len + 1)))
        return false;
    memcpy(r->text.data, uri, len + 1);
    if (query)
        hide_query(query);
    return true;
}

/* libmicrohttpd hands over C strings, so a NUL byte in the request line would silently shorten the path. Line and
 * version lie in one buffer, where the version comes right behind the URI and one space. */
static bool is_whole(const struct kl_request *r, const char *version)
{
    uintptr_t uri = (uintptr_t)r->uri, behind = (uintptr_t)version;

    return behind <= uri || behind - uri > KL_HTTP_POOL_BYTES || behind - uri == r->uri_len + 1;
}

static bool is_clean(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c <= ' ' || *c == 0x7f)
            return false;
    return true;
}

/* In the absolute form the authority is the Host, whatever the header says. Its NUL falls on the path's first slash in
 * the second half, which is never decoded. */
static void take_authority(struct kl_request *r)
{
    char *to = r->text.data + r->uri_len + 1;
    const char *name = strstr(r->text.data, "//") + 2;
    size_t at = (size_t)(name - r->text.data);

    memcpy(to + at, name, r->path_at - at);
    to[r->path_at] = '\0';
    r->host = to + at;
}

enum kl_code kl_uri_check(struct kl_request *r, const char *version, struct kl_error *err)
{
    if (!is_whole(r, version) || !is_clean(r->text.data))
        return kl_fail_field(err, KL_INVALID, "path", "the path has a space or a control character: they must be encoded");
    if (r->path_at > 0)
        take_authority(r);
    return KL_OK;
}

ssize_t kl_uri_part(const struct kl_request *r, uint32_t at, uint32_t len)
{
    char *to = r->text.data + r->uri_len + 1 + at;
    ssize_t decoded;

    memcpy(to, r->text.data + at, len);
    decoded = kl_url_decode(to, len);
    if (decoded >= 0)
        to[decoded] = '\0';
    return decoded;
}

static enum kl_code decode_params(struct kl_request *r, struct kl_error *err)
{
    const struct kl_rule *rule = r->match.rule;
    size_t p = 0;

    for (size_t i = 0; i < rule->n; i++) {
        const struct kl_segment *s = &rule->segment[i];
        struct kl_span raw;
        ssize_t len;

        if (!s->param)
            continue;
        raw = r->match.param[p];
        raw.at += r->path_at;
        len = kl_uri_part(r, raw.at, raw.len);
        if (len < 0)
            return kl_fail_field(err, KL_INVALID, "path", "the path's {%.*s} has a %% that is not followed by two hex digits",
                                 (int)s->len, s->text);
        r->param[p++] = (struct kl_span){ r->uri_len + 1 + raw.at, (uint32_t)len };
    }
    return KL_OK;
}

static bool is_named(const char *names, const char *name, size_t len)
{
    for (size_t n; *names; names += n + strspn(names + n, ", ")) {
        n = strcspn(names, ", ");
        if (n == len && memcmp(names, name, len) == 0)
            return true;
    }
    return false;
}

/* A misspelt name must not pass for one left out. */
static enum kl_code check_pair(const char *names, const char *pair, size_t len, struct kl_error *err)
{
    size_t name_len = strcspn(pair, "=&");
    char name[sizeof err->field];

    snprintf(name, sizeof name, "%.*s", (int)name_len, pair);
    if (!is_named(names, pair, name_len))
        return kl_fail_field(err, KL_INVALID, name, "there is no query parameter \"%s\" here, %s%s", name, *names ? "only " : "nor any other", names);
    for (const char *c = pair; c < pair + len; c++)
        if (strncmp(c, "%00", 3) == 0)
            return kl_fail_field(err, KL_INVALID, name, "%s has a NUL byte in it", name);
    return KL_OK;
}

static enum kl_code check_names(const char *names, const char *query, struct kl_error *err)
{
    for (size_t len; *query; query += len + (query[len] == '&')) {
        len = strcspn(query, "&");
        if (len > 0 && check_pair(names, query, len, err))
            return err->code;
    }
    return KL_OK;
}

/* The whole query, once: so no getter can fail on it. */
static enum kl_code check_query(const struct kl_request *r, struct kl_error *err)
{
    const char *query = r->text.data + r->query_at, *names = r->match.rule->route->query;

    for (const char *c = r->query_at ? strchr(query, '%') : NULL; c; c = strchr(c + 1, '%'))
        if (strspn(c + 1, "0123456789abcdefABCDEF") < 2)
            return kl_fail_field(err, KL_INVALID, "query", "the query has a %% that is not followed by two hex digits");
    return names && r->query_at ? check_names(names, query, err) : KL_OK;
}

enum kl_code kl_uri_decode(struct kl_request *r, struct kl_error *err)
{
    return decode_params(r, err) ? err->code : check_query(r, err);
}
