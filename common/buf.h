/* buf.h - growing bytes, born with a maximum.
 *
 * A kl_buf is embedded in its owner and belongs to one thread at a time. It is
 * the only place that grows memory with realloc. Appending either takes
 * everything or nothing: on failure the buffer is as before, and `failed` stays
 * set, so that a run of appends is checked once, at its end.
 *
 * Every answer is made of appends, so the short ones are inline: a comparison and
 * a copy as long as there is room. */
#ifndef KL_BUF_H
#define KL_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "err.h"

struct kl_buf {
    char  *data;   /* NULL until the first append; always followed by a NUL that len does not count */
    size_t len;
    size_t size;   /* allocated, the NUL included; at most max + 1 */
    size_t max;    /* the most len may become */
    bool   failed; /* an append was refused: over max, or no memory */
};

void kl_buf_init(struct kl_buf *b, size_t max);
/* Appends into room and never allocates: for a stack array or a log line. Neither _fini nor _take. */
void kl_buf_init_fixed(struct kl_buf *b, char *room, size_t size);
void kl_buf_fini(struct kl_buf *b);            /* frees; b may be used again after kl_buf_init */
void kl_buf_clear(struct kl_buf *b);           /* len 0, failed unset, memory kept */
char *kl_buf_take(struct kl_buf *b);           /* the bytes become the caller's (free()); b is empty after. "" when empty; NULL: no memory */

bool kl_buf_grow(struct kl_buf *b, size_t n);  /* kl_buf_reserve's slow half */

/* Room for at least n more bytes; false (and failed) when that passes max. */
static inline bool kl_buf_reserve(struct kl_buf *b, size_t n)
{
    return n < b->size - b->len || kl_buf_grow(b, n);
}

/* Each returns false, and sets failed, when it did not fit. */
static inline bool kl_buf_add(struct kl_buf *b, const void *data, size_t len)
{
    if (!kl_buf_reserve(b, len))
        return false;
    if (len > 0)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
    return true;
}

static inline bool kl_buf_adds(struct kl_buf *b, const char *text)
{
    return kl_buf_add(b, text, strlen(text));
}

static inline bool kl_buf_addc(struct kl_buf *b, char c)
{
    return kl_buf_add(b, &c, 1);
}

bool kl_buf_addi(struct kl_buf *b, int64_t n);             /* decimal; the fast path of every answer */
bool kl_buf_addf(struct kl_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes (RFC 8259 section 7). Bytes that are not UTF-8 become U+FFFD; control
 * characters that JSON would let through (DEL, U+0080 to U+009F) are escaped too, for a terminal obeys them. */
bool kl_buf_add_json(struct kl_buf *b, const char *text, size_t len);

/* Base64 with padding (RFC 4648 section 4). */
bool kl_buf_add_base64(struct kl_buf *b, const void *data, size_t len);

/* Decodes standard or URL-safe base64, padding optional, and appends the bytes.
 * false when text is not base64 (b unchanged, failed not set) or does not fit (failed set). */
bool kl_buf_add_unbase64(struct kl_buf *b, const char *text, size_t len);

/* A run of appends that goes in whole or not at all:
 *
 *     struct kl_buf_mark mark = kl_buf_begin(b);
 *     ... appends, unchecked ...
 *     return kl_buf_end(b, mark);      // false: did not fit; b is as at the beginning, and failed
 */
struct kl_buf_mark {
    size_t len;
    bool   failed;
};
struct kl_buf_mark kl_buf_begin(struct kl_buf *b);
bool               kl_buf_end(struct kl_buf *b, struct kl_buf_mark mark);

/* Drops n bytes from the front. */
void kl_buf_shift(struct kl_buf *b, size_t n);

/* Drops what stands behind the first len bytes; for whoever takes back a run of appends. */
void kl_buf_cut(struct kl_buf *b, size_t len);

/* Is text valid UTF-8 (RFC 3629)? */
bool kl_utf8_valid(const char *text, size_t len);

#endif
