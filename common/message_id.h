/* message_id.h - the one Kafka header, kafkloud-id. Its format and examples: docs/topics.md.
 *
 *     0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 0199b6a27c10f3a8 1042 1763776044000123
 *     the id                               start            number accepted_us
 */
#ifndef KL_MESSAGE_ID_H
#define KL_MESSAGE_ID_H

#include "uuid.h"

#define KL_MESSAGE_ID_HEADER "kafkloud-id"
#define KL_MESSAGE_ID_MAX    96    /* bytes of the longest value we write */

struct kl_message_id {
    struct kl_uuid id;
    uint64_t start;       /* the producer process's start id; 0 is never used */
    int64_t  number;      /* the message's number in (start, topic, partition), from 1 */
    int64_t  accepted_us; /* wall clock, microseconds since 1970, when the gateway had the whole record */
};

/* Writes the header's value, at most KL_MESSAGE_ID_MAX bytes, no NUL; returns the length. */
size_t kl_message_id_write(const struct kl_message_id *m, char out[KL_MESSAGE_ID_MAX]);

/* false: not this format, so the message is somebody else's. Fields after the fourth are skipped, so that
 * later versions can add some. */
bool kl_message_id_read(struct kl_message_id *m, const void *data, size_t len);

#endif
