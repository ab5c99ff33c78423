#include "question.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "topic.h"

#define K_DEFAULT 10

/* In place of what *out is: a body's member counts more than the query's. */
static enum kl_code keep(char **out, const char *text, size_t len, struct kl_error *err)
{
    free(*out);
    *out = malloc(len + 1);
    if (!*out)
        return kl_fail(err, KL_BUSY, "no memory for the question");
    memcpy(*out, text, len);
    (*out)[len] = '\0';
    return KL_OK;
}

static enum kl_code text_keep(struct question *q, const char *text, size_t len, struct kl_error *err)
{
    if (len > SEARCH_TEXT_MAX)
        return kl_fail_limit(err, KL_INVALID, "q", SEARCH_TEXT_MAX, "the question has %zu bytes, %d may pass", len, SEARCH_TEXT_MAX);
    q->len = len;
    return keep(&q->text, text, len, err);
}

static enum kl_code topic_keep(struct question *q, const char *topic, size_t len, struct kl_error *err)
{
    struct kl_error why;

    if (kl_topic_check(topic, len, &why))
        return kl_fail_field(err, KL_INVALID, "topic", "topic: %s", why.text);
    return keep(&q->topic, topic, len, err);
}

static enum kl_code since_read(struct question *q, const char *text, struct kl_error *err)
{
    int64_t wall_us;

    if (!kl_time_parse(text, &wall_us))
        return kl_fail_field(err, KL_INVALID, "since", "since is an RFC 3339 time, or milliseconds since 1970");
    q->since_ms = wall_us / 1000;
    return KL_OK;
}

static enum kl_code mode_read(struct question *q, const char *text, struct kl_error *err)
{
    for (q->mode = SEARCH_WORDS; q->mode <= SEARCH_BOTH; q->mode++)
        if (!strcmp(text, search_mode_name(q->mode)))
            return KL_OK;
    q->mode = SEARCH_BOTH;
    return kl_fail_field(err, KL_INVALID, "mode", "mode is words, meaning or both");
}

/* ---- the query ---- */

static enum kl_code query_read(struct kl_request *r, struct question *q, struct kl_error *err)
{
    size_t len;
    const char *text;
    enum kl_code code = KL_OK;

    text = kl_request_query(r, "topic", &len);
    if (text && len > 0)
        code = topic_keep(q, text, len, err);
    text = kl_request_query(r, "source", &len);
    if (!code && text && len > 0)
        code = keep(&q->source, text, len, err);
    text = kl_request_query(r, "since", NULL);
    if (!code && text && *text)
        code = since_read(q, text, err);
    text = kl_request_query(r, "mode", NULL);
    if (!code && text)
        code = mode_read(q, text, err);
    return code ? code : kl_request_query_int(r, "k", 1, SEARCH_K_MAX, K_DEFAULT, &q->k, err);
}

/* ---- a body ---- */

static enum kl_code not_a(const char *name, const char *what, struct kl_error *err)
{
    return kl_fail_field(err, KL_INVALID, name, "%s is no %s", name, what);
}

static enum kl_code member_read(struct question *q, const char *name, json_t *value, struct kl_error *err)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);

    if (!strcmp(name, "k")) {
        q->k = json_integer_value(value);
        if (!json_is_integer(value) || q->k < 1 || q->k > SEARCH_K_MAX)
            return kl_fail_limit(err, KL_INVALID, "k", SEARCH_K_MAX, "k is a number from 1 to %d", SEARCH_K_MAX);
        return KL_OK;
    }
    if (!text)
        return not_a(name, "text", err);
    if (!strcmp(name, "question"))
        return q->text ? KL_OK : text_keep(q, text, len, err);
    if (!strcmp(name, "topic"))
        return topic_keep(q, text, len, err);
    if (!strcmp(name, "source"))
        return keep(&q->source, text, len, err);
    if (!strcmp(name, "since"))
        return since_read(q, text, err);
    return kl_fail_field(err, KL_INVALID, name, "\"%s\" is not known here", name);
}

static enum kl_code json_read(struct question *q, const char *body, size_t len, struct kl_error *err)
{
    json_error_t at;
    json_t *doc = json_loadb(body, len, JSON_REJECT_DUPLICATES, &at), *value;
    enum kl_code code = KL_OK;
    const char *name;

    if (!doc) {
        kl_fail(err, KL_INVALID, "the body is no JSON: %s", at.text);
        err->line = at.line;
        err->column = at.column;
        return KL_INVALID;
    }
    if (!json_is_object(doc))
        code = kl_fail(err, KL_INVALID, "the body is no JSON object");
    json_object_foreach(doc, name, value) {
        code = member_read(q, name, value, err);
        if (code)
            break;
    }
    if (!code && !q->text)
        code = kl_fail_field(err, KL_INVALID, "question", "question is missing");
    json_decref(doc);
    return code;
}

static enum kl_code body_read(struct kl_request *r, struct question *q, struct kl_error *err)
{
    static const char json[] = "application/json";
    const char *type = kl_request_header(r, "Content-Type");
    size_t len;
    const char *body = kl_request_body(r, &len);

    if (len == 0)
        return kl_fail_field(err, KL_INVALID, "q", "there is no question: ?q=, or a body");
    if (type && !strncmp(type, json, sizeof json - 1))
        return json_read(q, body, len, err);
    return text_keep(q, body, len, err);
}

/* ---- both ---- */

/* Whoever encodes a form (curl -G, URLSearchParams) writes a space so; elsewhere in our queries a plus is a plus, but in a
 * question it would stick to the words. */
static void plus_to_space(struct question *q)
{
    for (size_t i = 0; i < q->len; i++)
        if (q->text[i] == '+')
            q->text[i] = ' ';
}

enum kl_code question_read(struct kl_request *r, struct question *out, struct kl_error *err)
{
    size_t len;
    const char *text = kl_request_query(r, "q", &len);

    *out = (struct question){ .mode = SEARCH_BOTH, .since_ms = INT64_MIN };
    if (query_read(r, out, err))
        return err->code;
    if (text ? text_keep(out, text, len, err) : body_read(r, out, err))
        return err->code;
    if (text)
        plus_to_space(out);
    if (memchr(out->text, '\0', out->len) || !kl_utf8_valid(out->text, out->len))
        return kl_fail_field(err, KL_INVALID, "q", "the question is not text in UTF-8");
    if (out->source && !kl_utf8_valid(out->source, strlen(out->source)))
        return kl_fail_field(err, KL_INVALID, "source", "source is not UTF-8");
    if (strspn(out->text, " \t\r\n") == out->len)
        return kl_fail_field(err, KL_INVALID, "q", "the question is empty");
    return KL_OK;
}

void question_fini(struct question *q)
{
    free(q->text);
    free(q->topic);
    free(q->source);
}

struct search_query question_query(const struct question *q)
{
    return (struct search_query){ .text = q->text, .len = q->len, .mode = q->mode, .topic = q->topic, .source = q->source,
                                  .since_ms = q->since_ms, .k = (size_t)q->k };
}
