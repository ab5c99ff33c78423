/* message_id.c - see message_id.h. Reading is strict: what the writer would not write is not ours. */
#include "message_id.h"

#include <string.h>

#include "buf.h"

#define START_DIGITS 16

static char *write_hex64(char *out, uint64_t n)
{
    static const char hex[] = "0123456789abcdef";
    int shift;

    for (shift = 60; shift >= 0; shift -= 4)
        *out++ = hex[n >> shift & 15];
    return out;
}

_Static_assert(KL_UUID_TEXT + 1 + START_DIGITS + 2 * (1 + 19) <= KL_MESSAGE_ID_MAX, "the longest value fits");

size_t kl_message_id_write(const struct kl_message_id *m, char out[KL_MESSAGE_ID_MAX])
{
    char room[KL_MESSAGE_ID_MAX];
    struct kl_buf tail;
    char *at = out;

    kl_assert(m->start != 0 && m->number >= 1 && m->accepted_us >= 0);
    kl_uuid_text(&m->id, at);
    at += KL_UUID_TEXT;
    *at++ = ' ';
    at = write_hex64(at, m->start);
    kl_buf_init_fixed(&tail, room, sizeof room);
    kl_buf_addc(&tail, ' ');
    kl_buf_addi(&tail, m->number);
    kl_buf_addc(&tail, ' ');
    kl_buf_addi(&tail, m->accepted_us);
    memcpy(at, tail.data, tail.len);
    return (size_t)(at - out) + tail.len;
}

/* Each reader takes one field from the front and moves *at behind it. */
static bool read_id(const char **at, const char *end, struct kl_uuid *id)
{
    char canonical[KL_UUID_TEXT];

    if (end - *at < KL_UUID_TEXT || !kl_uuid_parse(*at, KL_UUID_TEXT, id))
        return false;
    kl_uuid_text(id, canonical);
    if (memcmp(canonical, *at, KL_UUID_TEXT) != 0)
        return false;
    *at += KL_UUID_TEXT;
    return true;
}

static bool read_start(const char **at, const char *end, uint64_t *start)
{
    char canonical[START_DIGITS];
    int i;

    if (end - *at < START_DIGITS)
        return false;
    *start = 0;
    for (i = 0; i < START_DIGITS; i++) {
        char c = (*at)[i];

        *start = *start << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    write_hex64(canonical, *start); /* also finds what is not a digit */
    if (*start == 0 || memcmp(canonical, *at, START_DIGITS) != 0)
        return false;
    *at += START_DIGITS;
    return true;
}

/* Digits without sign or leading zero, up to INT64_MAX. */
static bool read_decimal(const char **at, const char *end, int64_t *n)
{
    const char *p = *at;

    *n = 0;
    while (p < end && *p >= '0' && *p <= '9') {
        int digit = *p - '0';

        if (*n > (INT64_MAX - digit) / 10 || (*n == 0 && p > *at))
            return false;
        *n = *n * 10 + digit;
        p++;
    }
    if (p == *at)
        return false;
    *at = p;
    return true;
}

static bool read_space(const char **at, const char *end)
{
    if (*at == end || **at != ' ')
        return false;
    ++*at;
    return true;
}

bool kl_message_id_read(struct kl_message_id *m, const void *data, size_t len)
{
    const char *at = data;
    const char *end = at + len;
    struct kl_message_id read;

    if (!read_id(&at, end, &read.id) || !read_space(&at, end) || !read_start(&at, end, &read.start) ||
        !read_space(&at, end) || !read_decimal(&at, end, &read.number) || read.number < 1 || !read_space(&at, end) ||
        !read_decimal(&at, end, &read.accepted_us))
        return false;
    if (at < end && *at != ' ')
        return false;
    *m = read;
    return true;
}
