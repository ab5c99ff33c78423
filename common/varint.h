/* varint.h - LEB128 numbers, as protobuf writes them. */
#ifndef KL_VARINT_H
#define KL_VARINT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

bool kl_buf_add_varint(struct kl_buf *b, uint64_t n);

/* Reads from *at, never past end, and moves *at behind the number. false: cut off or over 64 bits. */
bool kl_varint_read(const uint8_t **at, const uint8_t *end, uint64_t *n);

#endif
