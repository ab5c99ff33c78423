/* selftest.c - see selftest.h. */
#include "selftest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "clock.h"
#include "httpc.h"

#define CALL_MS  5000 /* one call; then we look whether to give up */
#define PAUSE_MS 100  /* before a call that was told to try later: the services' own Retry-After is for strangers */

struct selftest {
    const struct stack_conf *conf;
    bool (*give_up)(void *ctx);
    void   *ctx;
    int64_t end_us;
    char    token[600]; /* "Authorization: Bearer ...", or "" */
};

/* The services are asked as anybody is, so with their token where they have one. */
static void read_token(struct selftest *t)
{
    const char *path = getenv("API_TOKEN_FILE");
    FILE *f = path && path[0] ? fopen(path, "re") : NULL;
    char token[512];

    if (!f)
        return;
    if (fgets(token, sizeof token, f))
        snprintf(t->token, sizeof t->token, "Authorization: Bearer %.*s", (int)strcspn(token, "\r\n"), token);
    fclose(f);
}

/* "" or the problem's detail, for a person. */
static void detail_of(const struct kl_httpc_answer *got, char *out, size_t size)
{
    json_t *doc = got->body.len ? json_loadb(got->body.data, got->body.len, 0, NULL) : NULL;
    const char *detail = json_string_value(json_object_get(doc, "detail"));

    snprintf(out, size, "%s", detail ? detail : "");
    json_decref(doc);
}

static bool may_change(int status)
{
    return status == 503 || status == 504 || status == 429;
}

/* Calls until an answer that is not "later"; KL_OK: 200, and *got is the caller's to fini. */
static enum kl_code call_until(struct selftest *t, const struct kl_httpc_call *call, const char *who, struct kl_httpc_answer *got,
                               struct kl_error *err)
{
    char detail[160];
    enum kl_code code;

    for (;;) {
        code = kl_httpc(call, got, err);
        if (!code && got->status == 200)
            return KL_OK;
        detail_of(got, detail, sizeof detail);
        if (!code)
            code = kl_fail(err, may_change(got->status) ? KL_BUSY : KL_UPSTREAM, "the %s answered %d%s%s", who, got->status,
                           detail[0] ? ": " : "", detail);
        kl_httpc_fini(got);
        if (code == KL_UPSTREAM || kl_mono_us() > t->end_us || t->give_up(t->ctx))
            return code;
        kl_sleep_ms(PAUSE_MS);
    }
}

static enum kl_code produce(struct selftest *t, char id[64], struct kl_error *err)
{
    static const char body[] = "{\"from\":\"self-test\"}";
    const char *headers[] = { "Content-Type: application/json", t->token[0] ? t->token : NULL, NULL };
    char url[96];
    struct kl_httpc_call call = { .method = "POST", .url = url, .headers = headers, .body = body, .len = sizeof body - 1,
                                  .timeout_ms = CALL_MS };
    struct kl_httpc_answer got;
    enum kl_code code;

    snprintf(url, sizeof url, "http://127.0.0.1:%" PRId64 "/produce/" SELFTEST_TOPIC "/self-test", t->conf->producer_port);
    code = call_until(t, &call, "producer", &got, err);
    if (code)
        return code;
    if (!kl_httpc_header(&got, "Kafkloud-Receipt", id, 64))
        code = kl_fail(err, KL_UPSTREAM, "the producer gave no receipt");
    kl_httpc_fini(&got);
    return code;
}

static enum kl_code await_receipt(struct selftest *t, const char *id, struct kl_error *err)
{
    const char *headers[] = { t->token[0] ? t->token : NULL, NULL };
    char url[192];
    struct kl_httpc_call call = { .url = url, .headers = headers, .timeout_ms = CALL_MS + 1000 };
    struct kl_httpc_answer got;
    enum kl_code code;

    snprintf(url, sizeof url, "http://127.0.0.1:%" PRId64 "/status/%s?wait=consumed&timeout_ms=%d", t->conf->consumer_port, id, CALL_MS);
    code = call_until(t, &call, "consumer", &got, err);
    if (!code)
        kl_httpc_fini(&got);
    return code;
}

enum kl_code selftest_roundtrip(const struct stack_conf *conf, bool (*give_up)(void *ctx), void *ctx, int64_t *took_us,
                                struct kl_error *err)
{
    struct selftest t = { .conf = conf, .give_up = give_up, .ctx = ctx, .token = "" };
    int64_t start_us = kl_mono_us();
    char id[64];
    enum kl_code code;

    t.end_us = start_us + SELFTEST_WAIT_MS * INT64_C(1000);
    read_token(&t);
    code = produce(&t, id, err);
    if (!code)
        code = await_receipt(&t, id, err);
    *took_us = kl_mono_us() - start_us;
    return code;
}
