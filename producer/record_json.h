/* record_json.h - a record of POST /records: one JSON object as text.
 *
 *     {"key":"k"|null, "key_base64":"...", "value":any|null, "value_base64":"...", "headers":{"name":"value"},
 *      "partition":3, "timestamp_ms":1763776044000, "id":"uuid"}
 *
 * A string value is its bytes; another one its text as it was sent, without insignificant white space, so that numbers
 * keep their digits; null a tombstone. A reader belongs to one thread at a time. */
#ifndef PRODUCER_RECORD_JSON_H
#define PRODUCER_RECORD_JSON_H

#include <jansson.h>

#include "outbox.h"
#include "record_head.h"

struct record_json {
    struct record_header header[RECORD_HEADERS_MAX];
    struct kl_buf        key, value;              /* decoded or compacted bytes */
    json_t              *root[8];                 /* what the record borrows from: at most one a member */
    size_t               roots;
};

/* Once, before threads start: jansson reports a failed allocation as a syntax error, so its allocator keeps note. */
void record_json_setup(void);

void record_json_init(struct record_json *in, size_t max); /* max: the longest text that will be read */
void record_json_fini(struct record_json *in);

/* Fills record's key, value, headers, partition, timestamp, id, borrowed from text and in until the next read; *given: the
 * id is the caller's. KL_INVALID tells field, line and column within text; KL_BUSY: no memory. */
KL_MUST_CHECK enum kl_code record_json_read(struct record_json *in, const char *text, size_t len, struct record *record,
                                            bool *given, struct kl_error *err);

#endif
