/* problem.c - see problem.h. The table is docs/http-api.md's; its test reads both. */
#include "problem.h"

#include <string.h>

static const struct kl_problem problems[KL_CODES] = {
    /* The seconds are a first guess for a client; a kl_error that knows better says so. */
    [KL_INVALID]      = { 400, "invalid",      "Invalid",      0 },
    [KL_UNAUTHORIZED] = { 401, "unauthorized", "Unauthorized", 0 },
    [KL_FORBIDDEN]    = { 403, "forbidden",    "Forbidden",    0 },
    [KL_NOT_FOUND]    = { 404, "not-found",    "Not found",    0 },
    [KL_BAD_METHOD]   = { 405, "bad-method",   "Bad method",   0 },
    [KL_SLOW_CLIENT]  = { 408, "slow-client",  "Slow client",  0 },
    [KL_CONFLICT]     = { 409, "conflict",     "Conflict",     0 },
    [KL_GONE]         = { 410, "gone",         "Gone",         0 },
    [KL_TOO_LARGE]    = { 413, "too-large",    "Too large",    0 },
    [KL_UNSUPPORTED]  = { 415, "unsupported",  "Unsupported",  0 },
    [KL_LIMITED]      = { 429, "limited",      "Limited",      1 },
    [KL_BROKEN]       = { 500, "broken",       "Broken",       0 },
    [KL_UPSTREAM]     = { 502, "upstream",     "Upstream",     0 },
    [KL_BUSY]         = { 503, "busy",         "Busy",         1 },
    [KL_TIMEOUT]      = { 504, "timeout",      "Timeout",      0 },
};

const struct kl_problem *kl_problem(enum kl_code code)
{
    kl_assert(code > KL_OK && code < KL_CODES);
    return &problems[code];
}

static void add_text(struct kl_buf *out, const char *member, const char *text)
{
    kl_buf_adds(out, member);
    kl_buf_add_json(out, text, strlen(text));
}

static void add_number(struct kl_buf *out, const char *member, int64_t n)
{
    kl_buf_adds(out, member);
    kl_buf_addi(out, n);
}

static void add_members(struct kl_buf *out, const struct kl_error *err, const char *id)
{
    int64_t retry_after_s = err->retry_after_s ? err->retry_after_s : kl_problem(err->code)->retry_after_s;

    if (err->field[0])
        add_text(out, ",\"field\":", err->field);
    if (err->limit)
        add_number(out, ",\"limit\":", err->limit);
    if (err->line)
        add_number(out, ",\"line\":", err->line);
    if (err->column)
        add_number(out, ",\"column\":", err->column);
    if (retry_after_s)
        add_number(out, ",\"retry_after_s\":", retry_after_s);
    if (err->persisted)
        add_text(out, ",\"persisted\":", err->persisted);
    if (id)
        add_text(out, ",\"id\":", id);
}

bool kl_problem_json(struct kl_buf *out, const struct kl_error *err, const char *id)
{
    const struct kl_problem *p = kl_problem(err->code);
    struct kl_buf_mark mark = kl_buf_begin(out);

    kl_buf_addf(out, "{\"type\":\"urn:kafkloud:problem:%s\",\"title\":\"%s\",\"status\":%d", p->slug, p->title, p->status);
    add_text(out, ",\"detail\":", err->text);
    add_members(out, err, id);
    kl_buf_addc(out, '}');
    return kl_buf_end(out, mark);
}
