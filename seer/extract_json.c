#include <jansson.h>
#include <string.h>

#include "extract_internal.h"

#define UTF8_MAX 4 /* bytes of a character: where a value was cut, its last one may be half */

/* A record's fields under way: path is that of the value which is read. */
struct fields {
    struct kl_buf *text;
    char           path[EXTRACT_PATH_MAX];
    size_t         path_len;
};

static enum kl_code add_fields(struct fields *f, const json_t *value, int depth, struct kl_error *err);

static bool is_scalar(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

/* Null and the empty string say nothing that one would look for. */
static bool is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
}

static void add_scalar(struct kl_buf *text, const json_t *value)
{
    char *number;

    if (json_is_string(value)) {
        extract_value(text, json_string_value(value), json_string_length(value));
        return;
    }
    number = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (number)
        kl_buf_adds(text, number);
    else
        text->failed = true;
    free(number);
}

/* "path: ", at the beginning of a line. */
static void begin_line(struct fields *f)
{
    if (f->text->len > 0 && f->text->data[f->text->len - 1] != '\n')
        kl_buf_addc(f->text, '\n');
    if (f->path_len == 0)
        return;
    extract_value(f->text, f->path, f->path_len);
    kl_buf_adds(f->text, ": ");
}

static enum kl_code extend_path(struct fields *f, const char *piece, size_t len, struct kl_error *err)
{
    if (f->path_len + len >= EXTRACT_PATH_MAX)
        return kl_fail_limit(err, KL_INVALID, "", EXTRACT_PATH_MAX, "a field's path has more than %d bytes", EXTRACT_PATH_MAX);
    memcpy(f->path + f->path_len, piece, len);
    f->path_len += len;
    return KL_OK;
}

static enum kl_code add_member(struct fields *f, const char *key, const json_t *value, int depth, struct kl_error *err)
{
    size_t path_len = f->path_len;
    enum kl_code code = path_len > 0 ? extend_path(f, ".", 1, err) : KL_OK;

    if (!code)
        code = extend_path(f, key, strlen(key), err);
    if (!code)
        code = add_fields(f, value, depth, err);
    f->path_len = path_len;
    return code;
}

static enum kl_code add_object(struct fields *f, const json_t *object, int depth, struct kl_error *err)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value) {
        enum kl_code code = add_member(f, key, value, depth, err);

        if (code)
            return code;
    }
    return KL_OK;
}

/* Its scalars joined on one line. */
static void add_scalars(struct fields *f, const json_t *array)
{
    const char *before = "";
    size_t i;
    json_t *value;

    json_array_foreach(array, i, value) {
        if (!is_scalar(value) || is_empty(value))
            continue;
        if (!*before)
            begin_line(f);
        kl_buf_adds(f->text, before);
        add_scalar(f->text, value);
        before = ", ";
    }
}

static enum kl_code add_array(struct fields *f, const json_t *array, int depth, struct kl_error *err)
{
    size_t i, path_len = f->path_len;
    char index[32];
    json_t *value;

    add_scalars(f, array);
    json_array_foreach(array, i, value) {
        enum kl_code code;

        if (is_scalar(value))
            continue;
        code = extend_path(f, index, (size_t)snprintf(index, sizeof index, "[%zu]", i), err);
        if (!code)
            code = add_fields(f, value, depth, err);
        f->path_len = path_len;
        if (code)
            return code;
    }
    return KL_OK;
}

static enum kl_code add_fields(struct fields *f, const json_t *value, int depth, struct kl_error *err)
{
    if (depth == EXTRACT_DEPTH_MAX)
        return kl_fail_limit(err, KL_INVALID, "", EXTRACT_DEPTH_MAX, "nested deeper than %d", EXTRACT_DEPTH_MAX);
    if (json_is_object(value))
        return add_object(f, value, depth + 1, err);
    if (json_is_array(value))
        return add_array(f, value, depth + 1, err);
    if (!is_empty(value)) {
        begin_line(f);
        add_scalar(f->text, value);
    }
    return KL_OK;
}

static enum kl_code add_record(struct kl_buf *text, const json_t *value, struct kl_error *err)
{
    struct fields f = { .text = text };

    extract_paragraph(text);
    return add_fields(&f, value, 0, err);
}

static size_t skip_white(const char *body, size_t len, size_t at)
{
    while (at < len && strchr(" \t\r\n", body[at]))
        at++;
    return at;
}

static int32_t line_at(const char *body, size_t at)
{
    int32_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += body[i] == '\n';
    return line;
}

static enum kl_code no_json(const char *body, size_t at, const char *why, struct kl_error *err)
{
    int32_t line = line_at(body, at);

    kl_fail(err, KL_INVALID, "line %d: no JSON: %s", line, why);
    if (err)
        err->line = line;
    return KL_INVALID;
}

/* Reads the one value that begins at *at and moves *at behind it. jansson gives NULL for want of memory too, which then
 * reads as a syntax error. */
static enum kl_code load(const char *body, size_t len, size_t *at, json_t **out, struct kl_error *err)
{
    size_t left = len - *at, size = left < EXTRACT_VALUE_MAX ? left : EXTRACT_VALUE_MAX, position;
    json_error_t why;

    *out = json_loadb(body + *at, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, &why);
    position = why.position > 0 ? (size_t)why.position : 0;
    if (*out) {
        *at += position;
        return KL_OK;
    }
    if (size < left && position + UTF8_MAX >= size)
        return kl_fail_limit(err, KL_TOO_LARGE, "", EXTRACT_VALUE_MAX, "one JSON value has more than %d bytes; an array of records, or NDJSON, may be longer", EXTRACT_VALUE_MAX);
    return no_json(body, *at + (position > 0 ? position - 1 : 0), why.text, err);
}

static enum kl_code add_next(const char *body, size_t len, size_t *at, struct kl_buf *text, struct kl_error *err)
{
    json_t *value;
    enum kl_code code = load(body, len, at, &value, err);

    if (!code)
        code = add_record(text, value, err);
    json_decref(value);
    return code;
}

/* An array of records is read one record at a time, so that a large one needs no memory but its text's. */
static enum kl_code add_elements(const char *body, size_t len, size_t *at, struct kl_buf *text, struct kl_error *err)
{
    *at = skip_white(body, len, *at + 1);
    while (*at < len && body[*at] != ']') {
        enum kl_code code = add_next(body, len, at, text, err);

        if (code)
            return code;
        *at = skip_white(body, len, *at);
        if (*at == len || body[*at] == ']')
            break;
        if (body[*at] != ',')
            return no_json(body, *at, "want , or ] behind an array's element", err);
        *at = skip_white(body, len, *at + 1);
        if (*at < len && body[*at] == ']')
            return no_json(body, *at, "an element must follow ,", err);
    }
    if (*at == len)
        return no_json(body, *at, "the array has no end", err);
    ++*at;
    return KL_OK;
}

static bool begins_record(const char *body, size_t len, size_t at)
{
    return at < len && (body[at] == '{' || body[at] == '[');
}

/* An array of anything but records (numbers, words) is one value. */
static bool is_array_of_records(const char *body, size_t len, size_t at)
{
    return at < len && body[at] == '[' && begins_record(body, len, skip_white(body, len, at + 1));
}

static size_t behind_bom(const char *body, size_t len)
{
    return len >= 3 && memcmp(body, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

enum kl_code extract_json(const char *body, size_t len, struct kl_buf *text, struct kl_error *err)
{
    size_t at = skip_white(body, len, behind_bom(body, len));
    enum kl_code code;

    code = is_array_of_records(body, len, at) ? add_elements(body, len, &at, text, err) : add_next(body, len, &at, text, err);
    if (code)
        return code;
    at = skip_white(body, len, at);
    return at == len ? KL_OK : no_json(body, at, "something follows the value", err);
}

enum kl_code extract_ndjson(const char *body, size_t len, struct kl_buf *text, struct kl_error *err)
{
    for (size_t at = skip_white(body, len, behind_bom(body, len)); at < len; at = skip_white(body, len, at)) {
        const char *newline = memchr(body + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - body) : len;
        enum kl_code code = add_next(body, end, &at, text, err);

        if (code)
            return code;
        at = skip_white(body, end, at);
        if (at < end)
            return no_json(body, at, "something follows the line's value", err);
    }
    return KL_OK;
}

bool extract_looks_like_json(const char *body, size_t len)
{
    size_t at = skip_white(body, len, behind_bom(body, len));
    enum kl_code code;
    json_t *value;

    if (!begins_record(body, len, at) && !(at < len && body[at] == '"'))
        return false;
    /* Of a long array of records, the first one tells. */
    if (is_array_of_records(body, len, at))
        at = skip_white(body, len, at + 1);
    code = load(body, len, &at, &value, NULL);
    json_decref(value);
    return code == KL_OK || code == KL_TOO_LARGE;
}

bool extract_looks_like_ndjson(const char *body, size_t len)
{
    size_t at = skip_white(body, len, behind_bom(body, len));
    const char *newline = memchr(body + at, '\n', len - at);
    size_t end = newline ? (size_t)(newline - body) : len;
    enum kl_code code;
    json_t *value;

    if (!newline || at == len || body[at] != '{' || !begins_record(body, len, skip_white(body, len, end)))
        return false;
    code = load(body, end, &at, &value, NULL);
    json_decref(value);
    return !code && skip_white(body, end, at) == end;
}
