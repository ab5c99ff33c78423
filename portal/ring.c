/* ring.c - bytes go round; an emptied ring starts at its beginning again, so that a quiet stream touches one page. */
#include "ring.h"

#include <stdlib.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

bool ring_init(struct ring *r, size_t size)
{
    *r = (struct ring){ .data = malloc(size), .size = size };
    return r->data != NULL;
}

void ring_fini(struct ring *r)
{
    free(r->data);
    *r = (struct ring){ 0 };
}

size_t ring_room(const struct ring *r)
{
    return r->size - r->len;
}

size_t ring_write(struct ring *r, const void *data, size_t len)
{
    size_t n = least(len, ring_room(r));
    size_t end = r->at + r->len;
    size_t first;

    if (n == 0)
        return 0;
    if (end >= r->size)
        end -= r->size;
    first = least(n, r->size - end);
    memcpy(r->data + end, data, first);
    memcpy(r->data, (const char *)data + first, n - first);
    r->len += n;
    return n;
}

size_t ring_read(struct ring *r, void *out, size_t max)
{
    size_t n = least(max, r->len);
    size_t first;

    if (n == 0)
        return 0;
    first = least(n, r->size - r->at);
    memcpy(out, r->data + r->at, first);
    memcpy((char *)out + first, r->data, n - first);
    r->len -= n;
    r->at += n;
    if (r->at >= r->size)
        r->at -= r->size;
    if (r->len == 0)
        r->at = 0;
    return n;
}
