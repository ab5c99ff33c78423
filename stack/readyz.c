/* readyz.c - see readyz.h. */
#include "readyz.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "httpc.h"

/* What is missing, from {"checks":{"page":{"ready":false,"why":"..."}}}: "page: ..."; nothing when it says nothing of the kind. */
static void explain(const struct kl_httpc_answer *got, char *out, size_t size)
{
    json_t *doc = got->body.len ? json_loadb(got->body.data, got->body.len, 0, NULL) : NULL;
    const char *name;
    json_t *check;
    size_t len = 0;

    json_object_foreach(json_object_get(doc, "checks"), name, check) {
        const char *why = json_string_value(json_object_get(check, "why"));

        if (why && len < size)
            len += (size_t)snprintf(out + len, size - len, "%s%s: %s", len ? "; " : "", name, why);
    }
    json_decref(doc);
}

void readyz_ask(int64_t port, int64_t timeout_ms, struct readyz *out)
{
    char url[64];
    struct kl_httpc_call call = { .url = url, .timeout_ms = timeout_ms };
    struct kl_httpc_answer got;
    struct kl_error err;
    enum kl_code code;

    snprintf(url, sizeof url, "http://127.0.0.1:%" PRId64 "/readyz", port);
    code = kl_httpc(&call, &got, &err);
    *out = (struct readyz){ .ready = !code && got.status == 200, .alive = !code };
    if (code)
        snprintf(out->why, sizeof out->why, "%s", err.text);
    else if (!out->ready) {
        snprintf(out->why, sizeof out->why, "/readyz says %d", got.status);
        explain(&got, out->why, sizeof out->why);
    }
    kl_httpc_fini(&got);
}
