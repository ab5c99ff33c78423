/* cli_service.c - the command line's wishes, asked of a running service. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_target.h"
#include "http.h"
#include "httpc.h"

#define TIMEOUT_MS 120000 /* the largest file, loaded on a slow machine */

static struct {
    const char *url;
    char        authorization[4200]; /* the header; "": none */
} service;

static enum kl_code token_read(const char *file, struct kl_error *err)
{
    char token[4096] = "";
    FILE *f = fopen(file, "re");

    if (!f)
        return kl_fail(err, KL_INVALID, "%s: %s", file, strerror(errno));
    if (!fgets(token, sizeof token, f))
        token[0] = '\0';
    fclose(f);
    token[strcspn(token, "\r\n")] = '\0';
    snprintf(service.authorization, sizeof service.authorization, "Authorization: Bearer %s", token);
    return KL_OK;
}

static enum kl_code service_open(const struct cli_options *options, struct kl_error *err)
{
    service.url = options->url;
    service.authorization[0] = '\0';
    return options->token_file ? token_read(options->token_file, err) : KL_OK;
}

static void service_close(void)
{
}

/* What a problem says, or the status where it is none. */
static enum kl_code refused(const struct kl_httpc_answer *a, struct kl_error *err)
{
    json_t *doc = a->body.data ? json_loadb(a->body.data, a->body.len, 0, NULL) : NULL;
    const char *detail = json_string_value(json_object_get(doc, "detail"));

    kl_fail(err, KL_UPSTREAM, "%d: %s", a->status, detail ? detail : "the service gives no reason");
    json_decref(doc);
    return err->code;
}

static enum kl_code call(const char *method, const char *path, const char *body, size_t len, struct kl_buf *out, struct kl_error *err)
{
    const char *headers[] = { "Content-Type: application/octet-stream", service.authorization, NULL };
    char url[16 * 1024];
    struct kl_httpc_call c = { .method = method, .url = url, .headers = headers, .body = body, .len = len, .timeout_ms = TIMEOUT_MS };
    struct kl_httpc_answer answer;
    enum kl_code code;

    if (!service.authorization[0])
        headers[1] = NULL;
    snprintf(url, sizeof url, "%s%s", service.url, path);
    code = kl_httpc(&c, &answer, err);
    if (!code && answer.status >= 300)
        code = refused(&answer, err);
    if (!code && !kl_buf_add(out, answer.body.data, answer.body.len))
        code = kl_fail(err, KL_BUSY, "no memory for the answer");
    kl_httpc_fini(&answer);
    return code;
}

static enum kl_code service_accept(const char *text, struct kl_buf *out, struct kl_error *err)
{
    return call("POST", "/accept", text, strlen(text), out, err);
}

/* Its form follows from the name's ending, as it does for the service. */
static enum kl_code service_load(const char *file, struct kl_buf *out, struct kl_error *err)
{
    struct kl_buf body, path;
    enum kl_code code;

    kl_buf_init(&body, CLI_FILE_MAX);
    kl_buf_init(&path, 8 * 1024);
    kl_buf_adds(&path, "/documents?source=");
    kl_url_encode(&path, cli_source(file), strlen(cli_source(file)));
    code = path.failed ? kl_fail(err, KL_INVALID, "the file's name is too long") : cli_read_file(file, &body, err);
    if (!code)
        code = call("PUT", path.data, body.data ? body.data : "", body.len, out, err);
    kl_buf_fini(&body);
    kl_buf_fini(&path);
    return code;
}

static enum kl_code service_ask(const char *question, struct kl_buf *out, struct kl_error *err)
{
    return call("POST", "/ask", question, strlen(question), out, err);
}

const struct cli_target cli_service = { service_open, service_accept, service_load, service_ask, service_close };
