/* varint.c - see varint.h. */
#include "varint.h"

#define VARINT_MAX 10 /* bytes of 64 bits, seven in each */

bool kl_buf_add_varint(struct kl_buf *b, uint64_t n)
{
    uint8_t bytes[VARINT_MAX];
    size_t len = 0;

    while (n >= 0x80) {
        bytes[len++] = (uint8_t)(n | 0x80);
        n >>= 7;
    }
    bytes[len++] = (uint8_t)n;
    return kl_buf_add(b, bytes, len);
}

bool kl_varint_read(const uint8_t **at, const uint8_t *end, uint64_t *n)
{
    const uint8_t *p = *at;
    uint64_t read = 0;
    int shift;

    for (shift = 0; shift < 64 && p < end; shift += 7) {
        uint8_t byte = *p++;

        if (shift == 63 && byte > 1)
            return false;
        read |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *n = read;
            *at = p;
            return true;
        }
    }
    return false;
}
