#include "live_position.h"

#include <stdlib.h>
#include <string.h>

#include "topic.h"

struct cursor {
    const char *text, *at, *end;
    const char *field;
};

static enum kl_code bad(const struct cursor *c, const char *want, struct kl_error *err)
{
    return kl_fail_field(err, KL_INVALID, c->field, "a position reads topic:offset,offset;topic:offset; at byte %zu %s",
                         (size_t)(c->at - c->text) + 1, want);
}

static size_t count(const char *text, size_t len, char what)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += text[i] == what;
    return n;
}

static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* One number, without sign or leading zeros. */
static enum kl_code read_number(struct cursor *c, int64_t *out, struct kl_error *err)
{
    const char *begin = c->at;
    int64_t n = 0;

    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (n == 0 && c->at > begin)
            return bad(c, "a number has a leading zero", err);
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *c->at - '0', &n))
            return bad(c, "a number is too large", err);
    }
    if (c->at == begin)
        return bad(c, "an offset is missing", err);
    *out = n;
    return KL_OK;
}

static enum kl_code read_topic(struct cursor *c, struct live_position_topic *t, int64_t *next, struct kl_error *err)
{
    const char *colon = memchr(c->at, ':', (size_t)(c->end - c->at));
    struct kl_error why;
    enum kl_code code;

    if (!colon)
        return bad(c, "a topic has no offsets", err);
    t->name = c->at;
    t->name_len = (size_t)(colon - c->at);
    if (kl_topic_check(t->name, t->name_len, &why))
        return bad(c, "is no topic's name", err);
    t->next = next;
    for (c->at = colon; c->at < c->end && (c->at == colon || *c->at == ','); t->n++) {
        c->at++;
        code = read_number(c, next++, err);
        if (code)
            return code;
    }
    return KL_OK;
}

/* One topic behind the other; `next` has room for as many numbers as the text has commas and colons. */
static enum kl_code read_all(struct cursor *c, struct live_position *p, int64_t *next, struct kl_error *err)
{
    struct live_position_topic *t;
    enum kl_code code;

    for (;; c->at++) {
        t = &p->topics[p->n];
        code = read_topic(c, t, next, err);
        if (code)
            return code;
        if (p->n && compare_names(t[-1].name, t[-1].name_len, t->name, t->name_len) >= 0)
            return bad(c, "the topics do not ascend by name", err);
        next += t->n;
        p->n++;
        if (c->at == c->end)
            return KL_OK;
        if (*c->at != ';')
            return bad(c, "is no comma or semicolon", err);
    }
}

enum kl_code live_position_read(struct live_position *p, const char *text, size_t len, const char *field,
                                struct kl_error *err)
{
    struct cursor c = { .text = text, .at = text, .end = text + len, .field = field };
    size_t topics = count(text, len, ';') + 1;
    size_t numbers = count(text, len, ',') + count(text, len, ':');

    *p = (struct live_position){ .n = 0 };
    if (len > LIVE_POSITION_MAX)
        return kl_fail_limit(err, KL_INVALID, field, LIVE_POSITION_MAX, "the position is %zu bytes long", len);
    p->topics = calloc(1, topics * sizeof *p->topics + numbers * sizeof(int64_t));
    if (!p->topics)
        return kl_fail(err, KL_BUSY, "no memory for a position");
    return read_all(&c, p, (int64_t *)(p->topics + topics), err);
}

void live_position_fini(struct live_position *p)
{
    free(p->topics);
    *p = (struct live_position){ .n = 0 };
}

static int compare_key(const void *key, const void *row)
{
    const struct live_position_topic *t = row;

    return compare_names(key, strlen(key), t->name, t->name_len);
}

const struct live_position_topic *live_position_find(const struct live_position *p, const char *topic)
{
    return p->n ? bsearch(topic, p->topics, p->n, sizeof *p->topics, compare_key) : NULL;
}

bool live_position_add(struct kl_buf *b, const char *topic, const int64_t *next, int32_t n)
{
    if (b->len)
        kl_buf_addc(b, ';');
    kl_buf_adds(b, topic);
    kl_buf_addc(b, ':');
    if (n == 0)
        kl_buf_addc(b, '0');
    for (int32_t i = 0; i < n; i++) {
        if (i)
            kl_buf_addc(b, ',');
        kl_buf_addi(b, next[i]);
    }
    return !b->failed;
}
