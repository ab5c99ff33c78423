/* outcomes.c - see outcomes.h. Blocks come from a topic that others can write to, so reading believes nothing: every
 * number is checked against what the writer can have written. */
#include "outcomes.h"

#include <string.h>

#include "varint.h"

#define VERSION     1
#define FLAG_CLOSED 1
#define DELAY_MAX   (INT64_MAX / 4) /* it shares its varint with the state */

static void add_big_endian(struct kl_buf *b, uint64_t n)
{
    n = __builtin_bswap64(n);
    kl_buf_add(b, &n, sizeof n);
}

static void add_text(struct kl_buf *b, const char *text, size_t len)
{
    kl_buf_add_varint(b, len);
    kl_buf_add(b, text, len);
}

static void add_head(struct kl_buf *b, const struct kl_outcomes_head *head)
{
    kl_buf_addc(b, VERSION);
    kl_buf_addc(b, head->closed ? FLAG_CLOSED : 0);
    add_big_endian(b, head->start);
    add_text(b, head->topic, strlen(head->topic));
    kl_buf_add_varint(b, (uint64_t)head->partition);
    kl_buf_add_varint(b, (uint64_t)head->first);
    kl_buf_add_varint(b, (uint64_t)head->count);
    kl_buf_add_varint(b, (uint64_t)head->last_acked);
    kl_buf_add_varint(b, (uint64_t)head->written_us);
}

/* A delay below zero comes from a clock that was set; the nearest that can be written is zero. */
static void add_outcome(struct kl_buf *b, const struct kl_outcome *o)
{
    int64_t delay_us = o->delay_us < 0 ? 0 : o->delay_us > DELAY_MAX ? DELAY_MAX : o->delay_us;

    kl_buf_add_varint(b, (uint64_t)delay_us << 2 | o->state);
    if (o->state == KL_ACKED)
        return;
    kl_buf_add(b, o->id.b, sizeof o->id.b);
    kl_buf_add_varint(b, (uint64_t)o->accepted_us);
    add_text(b, o->reason, strnlen(o->reason, sizeof o->reason - 1));
}

bool kl_outcomes_write(struct kl_buf *b, const struct kl_outcomes_head *head, const struct kl_outcome *outcomes)
{
    struct kl_buf_mark mark;
    int64_t i;

    kl_assert(head->count >= 0 && head->count <= KL_OUTCOMES_NUMBERS_MAX);
    kl_assert(head->partition >= 0 && head->first >= 0 && head->last_acked >= 0 && head->written_us >= 0);
    mark = kl_buf_begin(b);
    add_head(b, head);
    for (i = 0; i < head->count; i++)
        add_outcome(b, &outcomes[i]);
    return kl_buf_end(b, mark);
}

/* What is left of a block. Readers take from the front; false: cut off or nonsense. */
struct cursor {
    const uint8_t *at, *end;
};

static bool take_bytes(struct cursor *c, void *out, size_t n)
{
    if ((size_t)(c->end - c->at) < n)
        return false;
    memcpy(out, c->at, n);
    c->at += n;
    return true;
}

static bool take_number(struct cursor *c, int64_t most, int64_t *n)
{
    uint64_t read;

    if (!kl_varint_read(&c->at, c->end, &read) || read > (uint64_t)most)
        return false;
    *n = (int64_t)read;
    return true;
}

/* Names are ASCII without blanks and control characters: topics, and librdkafka's names of errors. */
static bool take_name(struct cursor *c, char *out, size_t size)
{
    int64_t len;
    size_t i;

    if (!take_number(c, (int64_t)size - 1, &len) || !take_bytes(c, out, (size_t)len))
        return false;
    for (i = 0; i < (size_t)len; i++)
        if (out[i] <= ' ' || out[i] >= 0x7F)
            return false;
    out[len] = '\0';
    return true;
}

static bool take_head(struct cursor *c, struct kl_outcomes_head *head)
{
    uint8_t version_flags[2];
    int64_t partition;

    memset(head, 0, sizeof *head);
    if (!take_bytes(c, version_flags, 2) || version_flags[0] != VERSION || version_flags[1] > FLAG_CLOSED)
        return false;
    head->closed = version_flags[1] & FLAG_CLOSED;
    if (!take_bytes(c, &head->start, sizeof head->start) || !take_name(c, head->topic, sizeof head->topic) ||
        !take_number(c, INT32_MAX, &partition) || !take_number(c, INT64_MAX, &head->first) ||
        !take_number(c, KL_OUTCOMES_NUMBERS_MAX, &head->count) || !take_number(c, INT64_MAX, &head->last_acked) ||
        !take_number(c, INT64_MAX, &head->written_us))
        return false;
    head->start = __builtin_bswap64(head->start);
    head->partition = (int32_t)partition;
    if (head->start == 0 || head->topic[0] == '\0')
        return false;
    return head->count == 0 || (head->first >= 1 && head->first <= INT64_MAX - head->count);
}

static bool take_outcome(struct cursor *c, struct kl_outcome *o)
{
    int64_t delay_state;

    memset(o, 0, sizeof *o);
    if (!take_number(c, INT64_MAX, &delay_state) || (delay_state & 3) > KL_FAILED_POSSIBLY)
        return false;
    o->state = (enum kl_outcome_state)(delay_state & 3);
    o->delay_us = delay_state >> 2;
    return o->state == KL_ACKED ||
           (take_bytes(c, o->id.b, sizeof o->id.b) && take_number(c, INT64_MAX, &o->accepted_us) &&
            take_name(c, o->reason, sizeof o->reason));
}

static enum kl_code not_a_block(const struct cursor *c, const void *data, struct kl_error *err)
{
    return kl_fail(err, KL_INVALID, "not an outcome block: wrong at byte %td", c->at - (const uint8_t *)data);
}

enum kl_code kl_outcomes_read(const void *data, size_t len, struct kl_outcomes_head *head,
                              void (*each)(void *ctx, int64_t number, const struct kl_outcome *o), void *ctx,
                              struct kl_error *err)
{
    struct cursor c = { .at = data, .end = (const uint8_t *)data + len };
    struct kl_outcomes_head own;
    struct kl_outcome o;
    int64_t i;

    if (!take_head(&c, &own))
        return not_a_block(&c, data, err);
    if (head)
        *head = own;
    for (i = 0; i < own.count; i++) {
        if (!take_outcome(&c, &o))
            return not_a_block(&c, data, err);
        if (each)
            each(ctx, own.first + i, &o);
    }
    return c.at == c.end ? KL_OK : not_a_block(&c, data, err);
}

enum kl_code kl_outcomes_find(const void *data, size_t len, int64_t number, struct kl_outcome *o, struct kl_error *err)
{
    struct cursor c = { .at = data, .end = (const uint8_t *)data + len };
    struct kl_outcomes_head head;
    int64_t i;

    if (!take_head(&c, &head))
        return not_a_block(&c, data, err);
    if (number < head.first || number - head.first >= head.count)
        return kl_fail(err, KL_NOT_FOUND, "number %lld is not in this block", (long long)number);
    for (i = head.first; i <= number; i++)
        if (!take_outcome(&c, o))
            return not_a_block(&c, data, err);
    return KL_OK;
}
