/* http_request.c - what a handler can ask of a request. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http_internal.h"

void *kl_request_ctx(const struct kl_request *r)
{
    return r->http->conf.ctx;
}

const char *kl_request_method(const struct kl_request *r)
{
    return r->method;
}

const char *kl_request_path(const struct kl_request *r)
{
    return r->path;
}

const char *kl_request_tail(const struct kl_request *r)
{
    const struct kl_rule *rule = r->match.rule;

    kl_assert(rule && (rule->route->flags & KL_ROUTE_PREFIX));
    return r->text.data + r->path_at + strlen(rule->route->path);
}

const char *kl_request_param(const struct kl_request *r, const char *name, size_t *len)
{
    const struct kl_rule *rule = r->match.rule;
    size_t p = 0;

    kl_assert(rule);
    for (size_t i = 0; i < rule->n; i++) {
        const struct kl_segment *s = &rule->segment[i];

        if (!s->param)
            continue;
        if (strncmp(s->text, name, s->len) == 0 && name[s->len] == '\0') {
            if (len)
                *len = r->param[p].len;
            return r->text.data + r->param[p].at;
        }
        p++;
    }
    kl_assert(!"the route has this parameter");
    return NULL;
}

static const char *decoded_value(const struct kl_request *r, const char *value, size_t value_len, size_t *len)
{
    uint32_t at = (uint32_t)(value - r->text.data);
    ssize_t decoded = kl_uri_part(r, at, (uint32_t)value_len);

    kl_assert(decoded >= 0);   /* kl_uri_decode has checked the whole query */
    if (len)
        *len = (size_t)decoded;
    return r->text.data + r->uri_len + 1 + at;
}

const char *kl_request_query(const struct kl_request *r, const char *name, size_t *len)
{
    size_t name_len = strlen(name);
    const char *at = r->query_at ? r->text.data + r->query_at : "";

    while (*at) {
        size_t pair = strcspn(at, "&");

        if (pair >= name_len && memcmp(at, name, name_len) == 0) {
            if (pair == name_len)
                return decoded_value(r, at + pair, 0, len);   /* "?flag" */
            if (at[name_len] == '=')
                return decoded_value(r, at + name_len + 1, pair - name_len - 1, len);
        }
        at += pair + (at[pair] == '&');
    }
    return NULL;
}

/* One that does not fit becomes the largest or smallest, and errno tells. */
static bool is_number(const char *text, size_t len, long long *n)
{
    char *end;

    errno = 0;
    *n = strtoll(text, &end, 10);
    return len > 0 && (size_t)(end - text) == len && !strchr(" \t\n\v\f\r+", text[0]);
}

enum kl_code kl_request_query_int(const struct kl_request *r, const char *name, int64_t min, int64_t max, int64_t def,
                                  int64_t *out, struct kl_error *err)
{
    size_t len;
    const char *text = kl_request_query(r, name, &len);
    long long n;

    *out = def;
    if (!text)
        return KL_OK;
    if (!is_number(text, len, &n))
        return kl_fail_field(err, KL_INVALID, name, "%s \"%.64s\" is not a number from %lld to %lld", name, text, (long long)min, (long long)max);
    if (errno || n < min || n > max)
        return kl_fail_limit(err, KL_INVALID, name, n < min ? min : max, "%s \"%.64s\" is not a number from %lld to %lld", name, text,
                             (long long)min, (long long)max);
    *out = n;
    return KL_OK;
}

const char *kl_request_header(const struct kl_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

struct each_header {
    bool (*each)(void *ctx, const char *name, const char *value, size_t len);
    void  *ctx;
};

static enum MHD_Result pass_header(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    const struct each_header *e = ctx;

    (void)kind;
    (void)name_len;
    return e->each(e->ctx, name, value ? value : "", value_len) ? MHD_YES : MHD_NO;
}

void kl_request_headers(const struct kl_request *r, bool (*each)(void *ctx, const char *name, const char *value, size_t len),
                        void *ctx)
{
    struct each_header e = { each, ctx };

    MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, pass_header, &e);
}

const char *kl_request_body(const struct kl_request *r, size_t *len)
{
    *len = r->body.len;
    return r->body.data ? r->body.data : "";
}

int64_t kl_request_body_declared(const struct kl_request *r)
{
    return r->declared;
}

const char *kl_request_client(const struct kl_request *r)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info ? info->client_addr : NULL;
    char *out = (char *)r->client;   /* filled at the first question, so that it costs nothing unasked */

    if (out[0] || !peer)
        return out;
    if (peer->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, out, sizeof r->client);
    else if (peer->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)peer)->sin6_addr, out, sizeof r->client);
    return out;
}

void *kl_request_memory(struct kl_request *r, size_t size)
{
    if (size > r->memory_size) {
        free(r->memory);
        r->memory = malloc(size);
        r->memory_size = r->memory ? size : 0;
    }
    return r->memory ? memset(r->memory, 0, size) : NULL;
}

void kl_request_attach(struct kl_request *r, void *p, void (*release)(void *p))
{
    kl_assert(!r->attached);
    r->attached = p;
    r->release = release;
}

void *kl_request_attached(const struct kl_request *r)
{
    return r->attached;
}
