/* record_size.c - see record_size.h. The format: https://kafka.apache.org/documentation/#recordbatch */
#include "record_size.h"

#include "message_id.h"
#include "outbox.h"

#define BATCH_HEADER 61 /* baseOffset .. records count */
#define ATTRIBUTES   1
#define DELTAS       2  /* timestamp and offset of a batch's only record: both 0 */

/* Of a zigzag varint; lengths are not negative, so a bit is lost to the sign. */
static size_t varint(size_t n)
{
    size_t bytes = 1;

    for (n <<= 1; n >= 0x80; n >>= 7)
        bytes++;
    return bytes;
}

static size_t field(size_t len)
{
    return varint(len) + len;
}

size_t record_size(const struct record *r)
{
    size_t size = ATTRIBUTES + DELTAS;

    size += r->key ? field(r->key_len) : 1;     /* no key is the length -1, one byte */
    size += r->value ? field(r->value_len) : 1;
    size += varint(r->n_headers + 1);
    size += field(sizeof KL_MESSAGE_ID_HEADER - 1) + field(KL_MESSAGE_ID_MAX);
    for (size_t i = 0; i < r->n_headers; i++)
        size += field(r->headers[i].name_len) + field(r->headers[i].value_len);
    return BATCH_HEADER + field(size);
}
