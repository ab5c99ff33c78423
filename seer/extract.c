#include "extract.h"

#include <string.h>
#include <strings.h>

#include "extract_internal.h"
#include "text.h"

static enum kl_code as_it_is(const char *body, size_t len, struct kl_buf *text, struct kl_error *err)
{
    (void)err;
    kl_buf_add(text, body, len);
    return KL_OK;
}

static const struct form {
    const char *name;
    enum kl_code (*extract)(const char *body, size_t len, struct kl_buf *text, struct kl_error *err);
} forms[EXTRACT_KINDS] = {
    [EXTRACT_TEXT]     = { "text",     as_it_is },
    [EXTRACT_MARKDOWN] = { "markdown", as_it_is },
    [EXTRACT_HTML]     = { "html",     extract_html },
    [EXTRACT_JSON]     = { "json",     extract_json },
    [EXTRACT_NDJSON]   = { "ndjson",   extract_ndjson },
    [EXTRACT_CSV]      = { "csv",      extract_csv },
};

static const struct type { const char *type; enum extract_kind kind; } types[] = {
    { "text/markdown", EXTRACT_MARKDOWN },       { "text/x-markdown", EXTRACT_MARKDOWN },
    { "text/html", EXTRACT_HTML },               { "application/xhtml+xml", EXTRACT_HTML },
    { "application/json", EXTRACT_JSON },        { "text/json", EXTRACT_JSON },
    { "application/x-ndjson", EXTRACT_NDJSON },  { "application/ndjson", EXTRACT_NDJSON },
    { "application/jsonl", EXTRACT_NDJSON },     { "application/x-jsonlines", EXTRACT_NDJSON },
    { "text/csv", EXTRACT_CSV },                 { "application/csv", EXTRACT_CSV },
    { "text/tab-separated-values", EXTRACT_CSV },
};

/* What clients send when nobody told them a type. */
static const char *const no_types[] = { "", "application/octet-stream", "application/x-www-form-urlencoded", "binary/octet-stream" };

static const struct ending { const char *ending; enum extract_kind kind; } endings[] = {
    { ".txt", EXTRACT_TEXT },      { ".text", EXTRACT_TEXT },     { ".log", EXTRACT_TEXT },
    { ".md", EXTRACT_MARKDOWN },   { ".markdown", EXTRACT_MARKDOWN },
    { ".html", EXTRACT_HTML },     { ".htm", EXTRACT_HTML },      { ".xhtml", EXTRACT_HTML },
    { ".json", EXTRACT_JSON },     { ".ndjson", EXTRACT_NDJSON }, { ".jsonl", EXTRACT_NDJSON },
    { ".csv", EXTRACT_CSV },       { ".tsv", EXTRACT_CSV },
};

#define TYPE_MAX 128 /* bytes of a content type; longer ones are nobody's */

const char *extract_kind_name(enum extract_kind kind)
{
    kl_assert(kind < EXTRACT_KINDS);
    return forms[kind].name;
}

/* The type without its parameters, white space around it gone; false: it is too long. */
static bool bare_type(const char *content_type, char *out)
{
    size_t len = strcspn(content_type, ";");

    while (len > 0 && (*content_type == ' ' || *content_type == '\t')) {
        content_type++;
        len--;
    }
    while (len > 0 && strchr(" \t\r\n", content_type[len - 1]))
        len--;
    if (len >= TYPE_MAX)
        return false;
    memcpy(out, content_type, len);
    out[len] = '\0';
    return true;
}

/* Is the charset that content_type names, if it names one, UTF-8 or a part of it? */
static bool charset_is_ours(const char *content_type)
{
    static const char *const ours[] = { "utf-8", "utf8", "us-ascii", "ascii" };
    const char *charset = strcasestr(content_type, "charset=");
    size_t len;

    if (!charset)
        return true;
    charset += strlen("charset=");
    charset += *charset == '"';
    len = strcspn(charset, "\"; \t");
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (strlen(ours[i]) == len && strncasecmp(charset, ours[i], len) == 0)
            return true;
    }
    return false;
}

static bool says_nothing(const char *type)
{
    for (size_t i = 0; i < sizeof no_types / sizeof *no_types; i++) {
        if (strcasecmp(type, no_types[i]) == 0)
            return true;
    }
    return false;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), ending_len = strlen(ending);

    return len >= ending_len && strcasecmp(name + len - ending_len, ending) == 0;
}

static bool kind_of_type(const char *type, enum extract_kind *out)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcasecmp(type, types[i].type) == 0) {
            *out = types[i].kind;
            return true;
        }
    }
    *out = ends_with(type, "+json") ? EXTRACT_JSON : EXTRACT_TEXT;
    return ends_with(type, "+json") || strncasecmp(type, "text/", 5) == 0;
}

static bool kind_of_name(const char *name, enum extract_kind *out)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (ends_with(name, endings[i].ending)) {
            *out = endings[i].kind;
            return true;
        }
    }
    return false;
}

static bool looks_like_html(const char *body, size_t len)
{
    static const char *const begins[] = { "<!doctype html", "<html", "<head", "<body" };

    while (len > 0 && strchr(" \t\r\n", *body)) {
        body++;
        len--;
    }
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (len >= strlen(begins[i]) && strncasecmp(body, begins[i], strlen(begins[i])) == 0)
            return true;
    }
    return false;
}

static enum extract_kind kind_by_look(const char *body, size_t len)
{
    if (len == 0)
        return EXTRACT_TEXT;
    if (looks_like_html(body, len))
        return EXTRACT_HTML;
    if (extract_looks_like_ndjson(body, len))
        return EXTRACT_NDJSON;
    return extract_looks_like_json(body, len) ? EXTRACT_JSON : EXTRACT_TEXT;
}

enum kl_code extract_kind(const char *content_type, const char *name, const char *body, size_t len, enum extract_kind *out,
                          struct kl_error *err)
{
    char type[TYPE_MAX] = "";

    if (content_type && !bare_type(content_type, type))
        return kl_fail(err, KL_UNSUPPORTED, "the content type is longer than %d bytes; taken are " EXTRACT_TAKEN, TYPE_MAX);
    if (content_type && !charset_is_ours(content_type))
        return kl_fail(err, KL_UNSUPPORTED, "\"%s\" is in another charset than UTF-8", content_type);
    if (!says_nothing(type)) {
        if (kind_of_type(type, out))
            return KL_OK;
        return kl_fail(err, KL_UNSUPPORTED, "\"%s\" is not read; taken are " EXTRACT_TAKEN, type);
    }
    if (!name || !kind_of_name(name, out))
        *out = kind_by_look(body, len);
    return KL_OK;
}

void extract_paragraph(struct kl_buf *text)
{
    while (text->len > 0 && strchr(" \n", text->data[text->len - 1]))
        kl_buf_cut(text, text->len - 1);
    if (text->len > 0)
        kl_buf_adds(text, "\n\n");
}

void extract_value(struct kl_buf *text, const char *value, size_t len)
{
    for (size_t from = 0; from < len;) {
        size_t to = from;

        while (to < len && ((unsigned char)value[to] >= 0x20 || strchr("\t\n\v\f\r\x1B", value[to])) && value[to] && value[to] != 0x7F)
            to++;
        kl_buf_add(text, value + from, to - from);
        if (to < len)
            kl_buf_addc(text, ' ');
        from = to + 1;
    }
}

enum kl_code extract(enum extract_kind kind, const char *body, size_t len, struct kl_buf *text, struct kl_error *err)
{
    enum kl_code code = text_check(body, len, err);
    size_t before = text->len;

    kl_assert(kind < EXTRACT_KINDS);
    if (!code)
        code = forms[kind].extract(body, len, text, err);
    if (!code && text->failed)
        code = kl_fail_limit(err, KL_TOO_LARGE, "", (int64_t)text->max, "the text has more than %zu bytes", text->max);
    if (code && text->len > before)
        kl_buf_cut(text, before);
    return code;
}

/* A message's value is JSON before anything else: most topics hold it and few say so. */
static enum extract_kind kind_of_message(const char *value, size_t len, const char *content_type)
{
    char type[TYPE_MAX];
    enum extract_kind kind;

    if (content_type && bare_type(content_type, type) && !says_nothing(type) && kind_of_type(type, &kind) && kind != EXTRACT_TEXT)
        return kind;
    return extract_looks_like_json(value, len) ? EXTRACT_JSON : EXTRACT_TEXT;
}

static bool has_words(const char *text, size_t len)
{
    struct text_words it;
    const char *word;
    size_t word_len, at;

    text_words_begin(&it, text, len);
    return text_word(&it, &word, &word_len, &at);
}

enum kl_code extract_message(const char *value, size_t len, const char *content_type, struct kl_buf *text, struct kl_error *err)
{
    size_t before = text->len;
    enum kl_code code;

    if (!value || len == 0)
        return kl_fail(err, KL_NOT_FOUND, "the message has no value");
    if (text_check(value, len, err))
        return kl_fail(err, KL_NOT_FOUND, "the message's value is not text");
    if (!has_words(value, len))
        return kl_fail(err, KL_NOT_FOUND, "the message's value has no words");
    code = extract(kind_of_message(value, len, content_type), value, len, text, err);
    if (code == KL_INVALID) /* not what it says it is, or half of it: then it is just text */
        code = extract(EXTRACT_TEXT, value, len, text, err);
    if (!code && text->len == before)
        return kl_fail(err, KL_NOT_FOUND, "the message's fields are all empty");
    return code;
}
