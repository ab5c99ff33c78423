/* record_size.h - how many bytes a record has in Kafka's format (message format 2), as the broker counts it against
 * max.message.bytes: alone in its batch. */
#ifndef PRODUCER_RECORD_SIZE_H
#define PRODUCER_RECORD_SIZE_H

#include <stddef.h>

struct record;
size_t record_size(const struct record *record); /* kafkloud-id included */

#endif
