/* record_json.c - reads the members of the object one by one, each token by jansson, which tells where it ends. So the
 * text of a value is at hand as it was sent: from a parsed and printed one 0.1 would come back as
 * 0.10000000000000001, and a number of more than 64 bits not at all. */
#include "record_json.h"

#include <stdlib.h>
#include <string.h>

#define TIMESTAMP_MAX INT64_C(253402300799999) /* the end of the year 9999 */

/* ---- jansson ---- */

static _Thread_local bool no_memory;

static void *noting_malloc(size_t size)
{
    void *p = malloc(size);

    if (!p)
        no_memory = true;
    return p;
}

void record_json_setup(void)
{
    json_set_alloc_funcs(noting_malloc, free);
}

void record_json_init(struct record_json *in, size_t max)
{
    memset(in, 0, sizeof *in);
    kl_buf_init(&in->key, max);
    kl_buf_init(&in->value, max);
}

static void drop_roots(struct record_json *in)
{
    while (in->roots > 0)
        json_decref(in->root[--in->roots]);
}

void record_json_fini(struct record_json *in)
{
    drop_roots(in);
    kl_buf_fini(&in->key);
    kl_buf_fini(&in->value);
}

/* ---- the text ---- */

struct reading {
    struct record_json *in;
    const char         *text, *at, *end;
    struct record      *record;
    struct kl_error    *err;
    unsigned            seen; /* bits of the members read */
    bool                given;
};

/* Where at stands: lines and characters, from 1. */
static void locate(const struct reading *r, const char *at)
{
    r->err->line = r->err->column = 1;
    for (const char *c = r->text; c < at; c++) {
        if (*c == '\n') {
            r->err->line++;
            r->err->column = 1;
        } else if ((*c & 0xc0) != 0x80) { /* a UTF-8 character counts at its first byte */
            r->err->column++;
        }
    }
}

static enum kl_code wrong(const struct reading *r, const char *at, const char *field, const char *what)
{
    kl_fail_field(r->err, KL_INVALID, field, "%s", what);
    locate(r, at);
    return KL_INVALID;
}

static void skip_space(struct reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

/* A JSON value at r->at, by jansson; r->at moves behind it. */
static json_t *parse_as(struct reading *r, const char *field, size_t flags)
{
    json_error_t error;
    json_t *value;

    no_memory = false;
    value = json_loadb(r->at, (size_t)(r->end - r->at),
                       JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | flags, &error);
    if (!value) {
        if (no_memory || json_error_code(&error) == json_error_out_of_memory)
            kl_fail(r->err, KL_BUSY, "no memory to read the JSON with");
        else
            wrong(r, r->at + (error.position > 0 ? error.position - 1 : 0), field, error.text);
        return NULL;
    }
    r->at += error.position;
    return value;
}

static json_t *parse(struct reading *r, const char *field)
{
    return parse_as(r, field, 0);
}

/* A value that the record borrows from. */
static json_t *parse_kept(struct reading *r, const char *field)
{
    json_t *value = parse(r, field);

    if (value) {
        kl_assert(r->in->roots < sizeof r->in->root / sizeof *r->in->root);
        r->in->root[r->in->roots++] = value;
    }
    return value;
}

struct text {
    const char *at;
    size_t      len;
};

/* A string of printable ASCII without escapes is its own bytes: most are, and jansson costs a microsecond for each.
 * false: it is not one of those, and nothing was read. */
static bool plain_string(struct reading *r, struct text *out)
{
    const char *c = r->at + 1;

    if (r->at >= r->end || *r->at != '"')
        return false;
    while (c < r->end && *c >= ' ' && *c != '"' && *c != '\\' && *c != 0x7f)
        c++;
    if (c >= r->end || *c != '"')
        return false;
    *out = (struct text){ r->at + 1, (size_t)(c - r->at - 1) };
    r->at = c + 1;
    return true;
}

static enum kl_code read_string(struct reading *r, const char *field, struct text *out)
{
    const char *start = r->at;
    json_t *value;

    if (plain_string(r, out))
        return KL_OK;
    value = parse_kept(r, field);
    if (!value)
        return r->err->code;
    if (!json_is_string(value))
        return wrong(r, start, field, "a string is expected");
    *out = (struct text){ json_string_value(value), json_string_length(value) };
    return KL_OK;
}

/* null at r->at, and only that, is read. */
static bool read_null(struct reading *r)
{
    if (r->end - r->at < 4 || memcmp(r->at, "null", 4) != 0)
        return false;
    r->at += 4;
    return true;
}

/* ---- the members ---- */

static enum kl_code read_key(struct reading *r)
{
    struct text key;

    if (read_null(r))
        return KL_OK;
    if (read_string(r, "key", &key))
        return r->err->code;
    r->record->key = key.at;
    r->record->key_len = key.len;
    return KL_OK;
}

static enum kl_code read_base64(struct reading *r, const char *field, struct kl_buf *buf)
{
    const char *start = r->at;
    struct text text;

    if (read_string(r, field, &text))
        return r->err->code;
    kl_buf_clear(buf);
    if (!kl_buf_reserve(buf, text.len / 4 * 3 + 3) || (!kl_buf_add_unbase64(buf, text.at, text.len) && buf->failed))
        return kl_fail(r->err, KL_BUSY, "no memory for the record");
    if (buf->len == 0 && text.len > 0)
        return wrong(r, start, field, "not base64");
    return KL_OK;
}

static enum kl_code read_key_base64(struct reading *r)
{
    if (read_base64(r, "key_base64", &r->in->key))
        return r->err->code;
    r->record->key = r->in->key.data;
    r->record->key_len = r->in->key.len;
    return KL_OK;
}

static enum kl_code read_value_base64(struct reading *r)
{
    if (read_base64(r, "value_base64", &r->in->value))
        return r->err->code;
    r->record->value = r->in->value.data;
    r->record->value_len = r->in->value.len;
    return KL_OK;
}

/* The text without the white space between its tokens. It is valid JSON: a string ends at the next quote that no
 * backslash stands before. */
static bool add_compact(struct kl_buf *out, const char *at, const char *end)
{
    bool in_string = false;

    for (; at < end; at++) {
        if (!in_string && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
            continue;
        if (in_string && *at == '\\')
            kl_buf_addc(out, *at++);
        else if (*at == '"')
            in_string = !in_string;
        kl_buf_addc(out, *at);
    }
    return !out->failed;
}

static enum kl_code read_value(struct reading *r)
{
    const char *start = r->at;
    struct kl_buf *buf = &r->in->value;
    struct text text;
    json_t *value;

    if (read_null(r))
        return KL_OK;
    if (r->at < r->end && *r->at == '"') {
        if (read_string(r, "value", &text))
            return r->err->code;
        r->record->value = text.at;
        r->record->value_len = text.len;
        return KL_OK;
    }
    /* For its end, and to be sure that it is JSON: as reals, since its integers may have more than 64 bits. */
    value = parse_as(r, "value", JSON_DECODE_INT_AS_REAL);
    if (!value)
        return r->err->code;
    json_decref(value);
    kl_buf_clear(buf);
    if (!kl_buf_reserve(buf, (size_t)(r->at - start)) || !add_compact(buf, start, r->at))
        return kl_fail(r->err, KL_BUSY, "no memory for the record");
    r->record->value = buf->data;
    r->record->value_len = buf->len;
    return KL_OK;
}

static enum kl_code read_headers(struct reading *r)
{
    const char *start = r->at, *name;
    json_t *headers = parse_kept(r, "headers"), *value;

    if (!headers)
        return r->err->code;
    if (!json_is_object(headers))
        return wrong(r, start, "headers", "an object of strings is expected");
    if (json_object_size(headers) > RECORD_HEADERS_MAX) {
        wrong(r, start, "headers", "too many headers");
        r->err->limit = RECORD_HEADERS_MAX;
        return r->err->code;
    }
    json_object_foreach(headers, name, value) {
        if (!json_is_string(value))
            return wrong(r, start, "headers", "a header's value must be a string");
        if (record_header_check(name, strlen(name), "headers", r->err)) {
            locate(r, start);
            return r->err->code;
        }
        r->in->header[r->record->n_headers++] =
            (struct record_header){ name, strlen(name), json_string_value(value), json_string_length(value) };
    }
    return KL_OK;
}

static enum kl_code read_int(struct reading *r, const char *field, int64_t min, int64_t max, int64_t *out)
{
    const char *start = r->at;
    json_t *value = parse(r, field);
    bool ok;

    if (!value)
        return r->err->code;
    ok = json_is_integer(value) && json_integer_value(value) >= min && json_integer_value(value) <= max;
    if (ok)
        *out = json_integer_value(value);
    json_decref(value);
    if (ok)
        return KL_OK;
    kl_fail_field(r->err, KL_INVALID, field, "%s is not a whole number from %lld to %lld", field, (long long)min, (long long)max);
    locate(r, start);
    return r->err->code;
}

static enum kl_code read_partition(struct reading *r)
{
    int64_t partition = 0;

    if (read_int(r, "partition", 0, INT32_MAX, &partition))
        return r->err->code;
    r->record->partition = (int32_t)partition;
    return KL_OK;
}

static enum kl_code read_timestamp(struct reading *r)
{
    return read_int(r, "timestamp_ms", 1, TIMESTAMP_MAX, &r->record->timestamp_ms);
}

static enum kl_code read_id(struct reading *r)
{
    const char *start = r->at;
    struct text text;

    if (read_string(r, "id", &text))
        return r->err->code;
    if (!kl_uuid_parse(text.at, text.len, &r->record->id))
        return wrong(r, start, "id", "not a UUID");
    r->given = true;
    return KL_OK;
}

static const struct member {
    const char   *name;
    enum kl_code (*read)(struct reading *r);
} members[] = {
    { "key", read_key },           { "value", read_value },
    { "headers", read_headers },   { "partition", read_partition },
    { "timestamp_ms", read_timestamp }, { "id", read_id },
    { "key_base64", read_key_base64 },  { "value_base64", read_value_base64 },
};
enum { KEY = 1 << 0, VALUE = 1 << 1, KEY_BASE64 = 1 << 6, VALUE_BASE64 = 1 << 7 };

static enum kl_code find_member(struct reading *r, const char *start, const struct text *name, size_t *found)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strlen(members[i].name) != name->len || memcmp(members[i].name, name->at, name->len) != 0)
            continue;
        if (r->seen & 1u << i)
            return wrong(r, start, members[i].name, "this member is there twice");
        r->seen |= 1u << i;
        *found = i;
        return KL_OK;
    }
    kl_fail_field(r->err, KL_INVALID, "record", "a record has no member \"%.*s\"", (int)(name->len > 40 ? 40 : name->len), name->at);
    locate(r, start);
    return r->err->code;
}

static enum kl_code expect(struct reading *r, char c, const char *what)
{
    skip_space(r);
    if (r->at >= r->end || *r->at != c)
        return wrong(r, r->at, "record", what);
    r->at++;
    skip_space(r);
    return KL_OK;
}

static enum kl_code read_member(struct reading *r)
{
    const char *start = r->at;
    struct text name;
    size_t found = 0;
    json_t *parsed = NULL;
    enum kl_code code;

    if (!plain_string(r, &name)) {
        if (r->at >= r->end || *r->at != '"')
            return wrong(r, r->at, "record", "a member's name is expected");
        parsed = parse(r, "record");
        if (!parsed)
            return r->err->code;
        name = (struct text){ json_string_value(parsed), json_string_length(parsed) };
    }
    code = find_member(r, start, &name, &found);
    json_decref(parsed);
    if (code || expect(r, ':', "a colon is expected"))
        return r->err->code;
    return members[found].read(r);
}

static enum kl_code read_members(struct reading *r)
{
    if (expect(r, '{', "a record is a JSON object"))
        return r->err->code;
    if (r->at < r->end && *r->at == '}') {
        r->at++;
        return KL_OK;
    }
    for (;;) {
        if (read_member(r))
            return r->err->code;
        skip_space(r);
        if (r->at >= r->end || (*r->at != ',' && *r->at != '}'))
            return wrong(r, r->at, "record", "a comma or the object's end is expected");
        if (*r->at++ == '}')
            return KL_OK;
        skip_space(r);
    }
}

/* jansson (2.14) takes a NUL byte between tokens for white space, and counts it wrongly. */
static enum kl_code refuse_nul(struct reading *r)
{
    const char *nul = memchr(r->text, 0, (size_t)(r->end - r->text));

    return nul ? wrong(r, nul, "record", "a NUL byte is not JSON") : KL_OK;
}

static enum kl_code check_members(struct reading *r)
{
    skip_space(r);
    if (r->at < r->end)
        return wrong(r, r->at, "record", "there is more behind the record");
    if ((r->seen & KEY) && (r->seen & KEY_BASE64))
        return wrong(r, r->text, "key_base64", "key and key_base64 exclude each other");
    if ((r->seen & VALUE) && (r->seen & VALUE_BASE64))
        return wrong(r, r->text, "value_base64", "value and value_base64 exclude each other");
    if (!(r->seen & (VALUE | VALUE_BASE64)))
        return wrong(r, r->text, "value", "a record needs a value; null makes a tombstone");
    return KL_OK;
}

enum kl_code record_json_read(struct record_json *in, const char *text, size_t len, struct record *record, bool *given,
                              struct kl_error *err)
{
    struct reading r = { .in = in, .text = text, .at = text, .end = text + len, .record = record, .err = err };

    drop_roots(in);
    record->key = record->value = NULL;
    record->key_len = record->value_len = 0;
    record->headers = in->header;
    record->n_headers = 0;
    record->partition = -1;
    record->timestamp_ms = 0;
    if (refuse_nul(&r) || read_members(&r) || check_members(&r))
        return err->code;
    *given = r.given;
    if (!r.given)
        kl_uuid7(&record->id);
    return KL_OK;
}
