/* buf.c - see buf.h: memory, numbers and formats. JSON strings and UTF-8 are at the end, base64 before them. */
#include "buf.h"

#include <stdio.h>
#include <stdlib.h>

#define SIZE_FIRST 64 /* most answers' members fit; the next sizes double */

void kl_buf_init(struct kl_buf *b, size_t max)
{
    kl_assert(max < SIZE_MAX); /* the NUL needs its place */
    *b = (struct kl_buf){ .max = max };
}

/* Full size from the start, so kl_buf_grow meets max before it would allocate. */
void kl_buf_init_fixed(struct kl_buf *b, char *room, size_t size)
{
    kl_assert(size > 0);
    room[0] = '\0';
    *b = (struct kl_buf){ .data = room, .size = size, .max = size - 1 };
}

void kl_buf_fini(struct kl_buf *b)
{
    free(b->data);
    *b = (struct kl_buf){ .max = b->max };
}

void kl_buf_clear(struct kl_buf *b)
{
    kl_buf_cut(b, 0);
    b->failed = false;
}

char *kl_buf_take(struct kl_buf *b)
{
    char *data;

    if (!b->data && !kl_buf_add(b, "", 0))
        return NULL;
    data = b->data;
    *b = (struct kl_buf){ .max = b->max };
    return data;
}

bool kl_buf_grow(struct kl_buf *b, size_t n)
{
    size_t size = b->size ? b->size : SIZE_FIRST;
    char *data;

    if (n > b->max - b->len) {
        b->failed = true;
        return false;
    }
    while (size <= b->len + n && size <= b->max)
        size = size > b->max / 2 ? b->max + 1 : size * 2;
    if (size > b->max)
        size = b->max + 1;
    data = realloc(b->data, size);
    if (!data) {
        b->failed = true;
        return false;
    }
    data[b->len] = '\0';
    b->data = data;
    b->size = size;
    return true;
}

void kl_buf_shift(struct kl_buf *b, size_t n)
{
    kl_assert(n <= b->len);
    if (n == 0)
        return;
    b->len -= n;
    memmove(b->data, b->data + n, b->len + 1); /* with the NUL */
}

void kl_buf_cut(struct kl_buf *b, size_t len)
{
    kl_assert(len <= b->len);
    b->len = len;
    if (b->data)
        b->data[len] = '\0';
}

struct kl_buf_mark kl_buf_begin(struct kl_buf *b)
{
    struct kl_buf_mark mark = { .len = b->len, .failed = b->failed };

    b->failed = false; /* so that at the end it tells of this run alone */
    return mark;
}

bool kl_buf_end(struct kl_buf *b, struct kl_buf_mark mark)
{
    if (b->failed) {
        kl_buf_cut(b, mark.len);
        return false;
    }
    b->failed = mark.failed;
    return true;
}

bool kl_buf_addi(struct kl_buf *b, int64_t n)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char text[20]; /* -9223372036854775808 */
    char *at = text + sizeof text;
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

    while (left >= 100) {
        at -= 2;
        memcpy(at, pairs + left % 100 * 2, 2);
        left /= 100;
    }
    if (left >= 10) {
        at -= 2;
        memcpy(at, pairs + left * 2, 2);
    } else {
        *--at = (char)('0' + left);
    }
    if (n < 0)
        *--at = '-';
    return kl_buf_add(b, at, (size_t)(text + sizeof text - at));
}

/* Tries in the room there is, and once more when that was too little. */
bool kl_buf_addf(struct kl_buf *b, const char *format, ...)
{
    va_list args;
    int n;

    if (!kl_buf_reserve(b, 0))
        return false;
    va_start(args, format);
    n = vsnprintf(b->data + b->len, b->size - b->len, format, args);
    va_end(args);
    kl_assert(n >= 0);
    if ((size_t)n >= b->size - b->len) {
        b->data[b->len] = '\0';
        if (!kl_buf_grow(b, (size_t)n))
            return false;
        va_start(args, format);
        vsnprintf(b->data + b->len, b->size - b->len, format, args);
        va_end(args);
    }
    b->len += (size_t)n;
    return true;
}

bool kl_buf_add_base64(struct kl_buf *b, const void *data, size_t len)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *in = data;
    char *out;
    size_t i;

    if (!kl_buf_reserve(b, (len + 2) / 3 * 4))
        return false;
    out = b->data + b->len;
    for (i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t bits = (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (left > 2 ? in[i + 2] : 0);

        *out++ = alphabet[bits >> 18];
        *out++ = alphabet[bits >> 12 & 63];
        *out++ = left > 1 ? alphabet[bits >> 6 & 63] : '=';
        *out++ = left > 2 ? alphabet[bits & 63] : '=';
    }
    *out = '\0';
    b->len = (size_t)(out - b->data);
    return true;
}

/* -1: not a digit of either alphabet. */
static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* Up to four digits to up to three bytes. false: another character, or bits left over that are not zero,
 * which no encoder writes and which mean that a character is missing. */
static bool base64_group(const char *text, size_t digits, uint8_t out[3])
{
    uint32_t bits = 0;
    size_t i;

    for (i = 0; i < 4; i++) {
        int digit = i < digits ? base64_digit(text[i]) : 0;

        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
    }
    out[0] = (uint8_t)(bits >> 16);
    out[1] = (uint8_t)(bits >> 8);
    out[2] = (uint8_t)bits;
    return digits == 4 || (digits == 3 && out[2] == 0) || (digits == 2 && out[1] == 0 && out[2] == 0);
}

bool kl_buf_add_unbase64(struct kl_buf *b, const char *text, size_t len)
{
    size_t before = b->len;
    size_t i;

    if (len > 0 && len % 4 == 0 && text[len - 1] == '=')
        len -= text[len - 2] == '=' ? 2 : 1;
    if (len % 4 == 1)
        return false;
    if (!kl_buf_reserve(b, len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0)))
        return false;
    for (i = 0; i < len; i += 4) {
        size_t digits = len - i < 4 ? len - i : 4;
        uint8_t bytes[3];

        if (!base64_group(text + i, digits, bytes)) {
            kl_buf_cut(b, before);
            return false;
        }
        kl_buf_add(b, bytes, digits - 1);
    }
    return true;
}

/* The length of the UTF-8 sequence at the front of text (RFC 3629 section 4). When there is none, *valid is
 * false and the length is what one U+FFFD replaces: the longest start of a sequence, as Unicode recommends. */
static size_t utf8_sequence(const uint8_t *text, size_t len, bool *valid)
{
    uint8_t low = 0x80, high = 0xBF; /* bounds of the second byte: no overlong forms, no surrogates, no more than U+10FFFF */
    size_t want, i;

    *valid = text[0] < 0x80;
    if (text[0] < 0xC2 || text[0] > 0xF4)
        return 1;
    want = text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
    if (text[0] == 0xE0)
        low = 0xA0;
    else if (text[0] == 0xED)
        high = 0x9F;
    else if (text[0] == 0xF0)
        low = 0x90;
    else if (text[0] == 0xF4)
        high = 0x8F;
    for (i = 1; i < want; i++) {
        if (i == len || text[i] < low || text[i] > high)
            return i;
        low = 0x80;
        high = 0xBF;
    }
    *valid = true;
    return want;
}

bool kl_utf8_valid(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;
    bool valid = true;

    while (len > 0 && valid) {
        uint64_t eight;
        size_t n;

        if (len >= sizeof eight && (memcpy(&eight, at, sizeof eight), (eight & UINT64_C(0x8080808080808080)) == 0))
            n = sizeof eight;
        else
            n = utf8_sequence(at, len, &valid);
        at += n;
        len -= n;
    }
    return valid;
}

/* How many bytes at the front go into a JSON string as they are and are ASCII. */
static size_t json_plain(const uint8_t *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] >= 0x20 && text[n] < 0x7F && text[n] != '"' && text[n] != '\\')
        n++;
    return n;
}

static void json_escape(struct kl_buf *b, uint8_t c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    const char *pair;

    for (pair = letters; *pair; pair += 2) {
        if ((uint8_t)pair[0] == c) {
            kl_buf_addc(b, '\\');
            kl_buf_addc(b, pair[1]);
            return;
        }
    }
    kl_buf_addf(b, "\\u%04x", c);
}

/* One character that is not plain; returns how many bytes of text it took. */
static size_t json_special(struct kl_buf *b, const uint8_t *text, size_t len)
{
    bool valid;
    size_t n = utf8_sequence(text, len, &valid);

    if (!valid)
        kl_buf_adds(b, "\xEF\xBF\xBD");
    else if (n == 1)
        json_escape(b, text[0]);
    else if (n == 2 && text[0] == 0xC2 && text[1] < 0xA0)
        json_escape(b, text[1]); /* U+0080 to U+009F: the second byte is the code point */
    else
        kl_buf_add(b, text, n);
    return n;
}

bool kl_buf_add_json(struct kl_buf *b, const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;
    const uint8_t *end = at + len;
    struct kl_buf_mark mark = kl_buf_begin(b);

    kl_buf_addc(b, '"');
    while (at < end && !b->failed) {
        size_t n = json_plain(at, (size_t)(end - at));

        kl_buf_add(b, at, n);
        at += n;
        if (at < end)
            at += json_special(b, at, (size_t)(end - at));
    }
    kl_buf_addc(b, '"');
    return kl_buf_end(b, mark);
}
