#include "ask.h"

#include <stdlib.h>
#include <string.h>

enum kl_code ask_flag(struct kl_request *r, const char *name, bool *out, struct kl_error *err)
{
    const char *text = kl_request_query(r, name, NULL);

    *out = text && !strcmp(text, "true");
    if (text && !*out && strcmp(text, "false"))
        return kl_fail_field(err, KL_INVALID, name, "%s is true or false", name);
    return KL_OK;
}

static bool among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

/* A misspelt member would silently do nothing: so it is refused. */
static enum kl_code members_check(json_t *body, const char *const *members, struct kl_error *err)
{
    const char *name;
    json_t *value;

    if (!json_is_object(body))
        return kl_fail(err, KL_INVALID, "the body is no JSON object");
    json_object_foreach(body, name, value)
        if (!among(name, members))
            return kl_fail_field(err, KL_INVALID, name, "\"%s\" is not known here", name);
    return KL_OK;
}

enum kl_code ask_body(struct kl_request *r, const char *const *members, json_t **out, struct kl_error *err)
{
    json_error_t at;
    size_t len;
    const char *text = kl_request_body(r, &len);
    enum kl_code code;

    *out = NULL;
    if (len == 0)
        return KL_OK;
    *out = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
    if (!*out) {
        kl_fail(err, KL_INVALID, "the body is no JSON: %s", at.text);
        err->line = at.line;
        err->column = at.column;
        return KL_INVALID;
    }
    code = members_check(*out, members, err);
    if (code) {
        json_decref(*out);
        *out = NULL;
    }
    return code;
}

enum kl_code ask_int(const json_t *body, const char *name, int64_t min, int64_t max, int64_t def, int64_t *out, struct kl_error *err)
{
    const json_t *value = json_object_get(body, name);

    *out = value ? json_integer_value(value) : def;
    if (!value)
        return KL_OK;
    if (!json_is_integer(value))
        return kl_fail_field(err, KL_INVALID, name, "%s is no whole number", name);
    if (*out < min || *out > max)
        return kl_fail_limit(err, KL_INVALID, name, *out < min ? min : max, "%s is %lld; %lld to %lld may be", name, (long long)*out,
                             (long long)min, (long long)max);
    return KL_OK;
}

static enum kl_code topic_read(struct kl_request *r, char topic[KL_TOPIC_BYTES], struct kl_error *err)
{
    size_t len;
    const char *name = kl_request_param(r, "topic", &len);
    enum kl_code code = kl_topic_check(name, len, err);

    if (!code)
        memcpy(topic, name, len + 1);
    return code;
}

enum kl_code ask_changeable(const char *topic, struct kl_error *err)
{
    if (kl_topic_internal(topic))
        return kl_fail_field(err, KL_FORBIDDEN, "topic", "\"%s\" is an internal topic: it is not changed from here", topic);
    return KL_OK;
}

enum kl_code ask_topic(struct kl_request *r, const char *const *members, struct topic_ask **out, struct kl_error *err)
{
    struct topic_ask *ask = calloc(1, sizeof *ask);
    enum kl_code code;

    if (!ask)
        return kl_fail(err, KL_BUSY, "no memory for the call");
    code = topic_read(r, ask->topic, err);
    if (!code)
        code = ask_flag(r, "dry_run", &ask->dry_run, err);
    if (!code && members)
        code = ask_body(r, members, &ask->body, err);
    if (code) {
        ask_free(ask);
        return code;
    }
    *out = ask;
    return KL_OK;
}

void ask_free(void *topic_ask)
{
    struct topic_ask *ask = topic_ask;

    if (!ask)
        return;
    json_decref(ask->body);
    free(ask);
}
