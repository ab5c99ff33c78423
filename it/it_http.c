/* it_http.c - calls, kept connections and event streams, on libcurl. */
#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "it.h"

#define ANSWER_MAX ((size_t)64 << 20)

/* ---- one call ---- */
static size_t collect(char *data, size_t size, size_t n, void *to)
{
    return kl_buf_add(to, data, size * n) ? size * n : 0;
}

static struct curl_slist *header_list(const char *headers)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    char *copy = strdup(headers ? headers : ""), *rest = copy, *line;

    while ((line = strsep(&rest, "\n")))
        if (*line)
            list = curl_slist_append(list, line);
    free(copy);
    return list;
}

static struct it_answer call(const struct it_process *p, const char *method, const char *headers, const void *body,
                             size_t len, const char *path)
{
    struct it_answer a = { 0 };
    struct curl_slist *list = header_list(headers);
    struct kl_buf in, head;
    char url[4096];
    CURL *curl = curl_easy_init();
    long status = 0;

    kl_buf_init(&in, ANSWER_MAX);
    kl_buf_init(&head, 1 << 20);
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", p->port, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &in);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &head);
    if (!strcmp(method, "HEAD"))
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(list);
    a.status = (int)status;
    a.len = in.len;
    a.body = kl_buf_take(&in);
    a.head = kl_buf_take(&head);
    a.json = json_loadb(a.body, a.len, JSON_DECODE_ANY, NULL);
    return a;
}

static char *path_of(const char *format, va_list args)
{
    static _Thread_local char path[3800];
    vsnprintf(path, sizeof path, format, args);
    return path;
}

struct it_answer it_call(const struct it_process *p, const char *method, const char *headers, const void *body,
                         size_t len, const char *format, ...)
{
    va_list args;
    char *path;

    va_start(args, format);
    path = path_of(format, args);
    va_end(args);
    return call(p, method, headers, body, len, path);
}

struct it_answer it_get(const struct it_process *p, const char *format, ...)
{
    va_list args;
    char *path;

    va_start(args, format);
    path = path_of(format, args);
    va_end(args);
    return call(p, "GET", NULL, NULL, 0, path);
}

struct it_answer it_post(const struct it_process *p, const char *body, const char *format, ...)
{
    va_list args;
    char *path;

    va_start(args, format);
    path = path_of(format, args);
    va_end(args);
    return call(p, "POST", NULL, body, strlen(body), path);
}

void it_answer_free(struct it_answer *a)
{
    free(a->body);
    free(a->head);
    json_decref(a->json);
    memset(a, 0, sizeof *a);
}

bool it_header(const struct it_answer *a, const char *name, char *out, size_t size)
{
    size_t len = strlen(name);

    for (const char *line = a->head; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (!strncasecmp(line, name, len) && line[len] == ':') {
            const char *value = line + len + 1 + strspn(line + len + 1, " ");
            snprintf(out, size, "%.*s", (int)strcspn(value, "\r\n"), value);
            return true;
        }
    return false;
}

const char *it_text(const struct it_answer *a, const char *member)
{
    const char *text = json_string_value(json_object_get(a->json, member));
    return text ? text : "";
}

int64_t it_number(const struct it_answer *a, const char *member)
{
    json_t *n = json_object_get(a->json, member);
    return json_is_integer(n) ? json_integer_value(n) : INT64_MIN;
}

/* ---- a kept connection ---- */
struct it_client {
    CURL              *curl;
    struct curl_slist *headers;
    struct kl_buf      in;
    int                port;
};

struct it_client *it_client_new(const struct it_process *p)
{
    struct it_client *c = calloc(1, sizeof *c);

    c->curl = curl_easy_init();
    c->headers = header_list("Content-Type: application/octet-stream");
    c->port = p->port;
    kl_buf_init(&c->in, ANSWER_MAX);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &c->in);
    return c;
}

void it_client_free(struct it_client *c)
{
    curl_easy_cleanup(c->curl);
    curl_slist_free_all(c->headers);
    kl_buf_fini(&c->in);
    free(c);
}

int it_client_post(struct it_client *c, const char *path, const char *body, size_t len, const char **answer)
{
    char url[1024];
    long status = 0;

    kl_buf_clear(&c->in);
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", c->port, path);
    curl_easy_setopt(c->curl, CURLOPT_URL, url);
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body);
    if (curl_easy_perform(c->curl) == CURLE_OK)
        curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    if (answer)
        *answer = c->in.data ? c->in.data : "";
    return (int)status;
}

/* ---- server-sent events, parsed as the HTML standard says, in so far as our servers use it ---- */
struct sse {
    struct kl_buf line, id, event, data;
    bool (*each)(void *ctx, const struct it_event *e);
    void  *ctx;
    long   events;
    bool   stopped, has_id, has_data;
};

static const char *text_of(const struct kl_buf *b)
{
    return b->len ? b->data : "";
}

static void hand_out(struct sse *s, const char *event, const char *data)
{
    struct it_event e = { text_of(&s->id), event, data };

    s->events++;
    if (!s->each(s->ctx, &e))
        s->stopped = true;
}

static void sse_line(struct sse *s)
{
    const char *line = text_of(&s->line), *colon = strchr(line, ':'), *value = colon ? colon + 1 + (colon[1] == ' ') : "";
    size_t name = colon ? (size_t)(colon - line) : strlen(line);

    if (!*line) {
        if (s->has_data || s->has_id)
            hand_out(s, text_of(&s->event), s->has_data ? text_of(&s->data) : "");
        s->has_data = s->has_id = false;
        kl_buf_clear(&s->event);
        kl_buf_clear(&s->data);
    } else if (name == 0) {
        hand_out(s, ":", value);
    } else if (!strncmp(line, "id", name) && name == 2) {
        kl_buf_clear(&s->id);
        kl_buf_adds(&s->id, value);
        s->has_id = true;
    } else if (!strncmp(line, "event", name) && name == 5) {
        kl_buf_clear(&s->event);
        kl_buf_adds(&s->event, value);
    } else if (!strncmp(line, "data", name) && name == 4) {
        if (s->has_data)
            kl_buf_addc(&s->data, '\n');
        kl_buf_adds(&s->data, value);
        s->has_data = true;
    }
}

static size_t sse_bytes(char *data, size_t size, size_t n, void *ctx)
{
    struct sse *s = ctx;

    for (size_t i = 0; i < size * n && !s->stopped; i++) {
        if (data[i] != '\n') {
            kl_buf_addc(&s->line, data[i]);
            continue;
        }
        sse_line(s);
        kl_buf_clear(&s->line);
    }
    return s->stopped ? 0 : size * n;
}

long it_sse(const struct it_process *p, const char *path, const char *last_id, int64_t timeout_ms,
            bool (*each)(void *ctx, const struct it_event *e), void *ctx)
{
    struct sse s = { .each = each, .ctx = ctx };
    struct curl_slist *list = NULL;
    char url[4096], header[2100];
    CURL *curl = curl_easy_init();

    kl_buf_init(&s.line, 8 << 20);
    kl_buf_init(&s.id, 64 << 10);
    kl_buf_init(&s.event, 256);
    kl_buf_init(&s.data, 8 << 20);
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", p->port, path);
    list = curl_slist_append(list, "Accept: text/event-stream");
    if (last_id) {
        snprintf(header, sizeof header, "Last-Event-ID: %s", last_id);
        list = curl_slist_append(list, header);
        kl_buf_adds(&s.id, last_id);
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, sse_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &s);
    curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    curl_slist_free_all(list);
    kl_buf_fini(&s.line);
    kl_buf_fini(&s.id);
    kl_buf_fini(&s.event);
    kl_buf_fini(&s.data);
    return s.events;
}
