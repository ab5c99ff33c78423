/* live_position.h - where a live stream stands, as text: the id of each of its events (docs/topics.md).
 *
 *     orders:1042,77,3;payments:5
 *
 * Topics ascend by name (bytes), each with the next offset to read of its partitions from 0 up. A browser sends the
 * text back as Last-Event-ID, so it comes from outside and is checked to the letter: whatever is accepted prints as
 * it was read. Pure: no state, any thread. */
#ifndef LIVE_POSITION_H
#define LIVE_POSITION_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

/* The longest text that is read. A header has to pass the HTTP server's own bound first. */
#define LIVE_POSITION_MAX (64 * 1024)

struct live_position_topic {
    const char    *name;     /* points into the text that was read; not NUL-terminated */
    size_t         name_len;
    const int64_t *next;
    int32_t        n;        /* at least 1 */
};

struct live_position {
    size_t n;
    struct live_position_topic *topics; /* one allocation, with the numbers behind the topics */
};

/* Reads text, which must outlive p. KL_INVALID names the field (the header or the query) and says where it is wrong.
 * Whatever it returns, live_position_fini() p. */
KL_MUST_CHECK enum kl_code live_position_read(struct live_position *p, const char *text, size_t len,
                                              const char *field, struct kl_error *err);
void live_position_fini(struct live_position *p);

/* NULL: the vector lacks the topic. */
const struct live_position_topic *live_position_find(const struct live_position *p, const char *topic);

/* Appends one topic, behind a ';' unless b is empty. Without partitions it prints "topic:0": an empty id would make
 * a browser forget its position. */
bool live_position_add(struct kl_buf *b, const char *topic, const int64_t *next, int32_t n);

#endif
