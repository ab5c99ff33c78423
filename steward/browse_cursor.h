/* browse_cursor.h - where a page of messages goes on, as text that a client gives back: f0-123.1-456, forward from offset 123 of
 * partition 0 and offset 456 of partition 1; b...: backward. Needs no escaping in a URL. Pure. */
#ifndef BROWSE_CURSOR_H
#define BROWSE_CURSOR_H

#include "browse.h"
#include "buf.h"

struct browse_cursor {
    bool   backward;
    size_t n;
    struct browse_place {
        int32_t partition;
        int64_t offset;
    } at[BROWSE_PARTITIONS_MAX]; /* each partition once */
};

bool browse_cursor_write(struct kl_buf *b, const struct browse_cursor *cursor);

/* KL_INVALID: it is none of ours. */
KL_MUST_CHECK enum kl_code browse_cursor_read(struct browse_cursor *out, const char *text, size_t len, struct kl_error *err);

#endif
