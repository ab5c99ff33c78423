/* uuid.h - UUIDs (RFC 9562): version 7 for the messages we name, any version from outside.
 * Thread-safe. */
#ifndef KL_UUID_H
#define KL_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KL_UUID_TEXT 36

struct kl_uuid {
    uint8_t b[16];
};

/* A fresh version 7 id: 48 bits of milliseconds, then a counter that makes ids of one thread
 * ascend within a millisecond (RFC 9562 section 6.2, method 1), then random bits. Never blocks:
 * each thread draws from the kernel once and goes on from there. */
void kl_uuid7(struct kl_uuid *out);

/* Any UUID in the 8-4-4-4-12 form, hex digits of either case. false when text is not one. */
bool kl_uuid_parse(const char *text, size_t len, struct kl_uuid *out);

/* 36 lower-case characters; no NUL is written. */
void kl_uuid_text(const struct kl_uuid *id, char out[KL_UUID_TEXT]);

/* Milliseconds since 1970 of a version 7 id; -1 for other versions. */
int64_t kl_uuid_time_ms(const struct kl_uuid *id);

bool kl_uuid_equal(const struct kl_uuid *a, const struct kl_uuid *b);

/* Sixty-four random bits from the kernel (getrandom). */
uint64_t kl_random64(void);

#endif
