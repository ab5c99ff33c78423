/* record_head.h - what a record of POST /produce has in its request's path, query and headers. */
#ifndef PRODUCER_RECORD_HEAD_H
#define PRODUCER_RECORD_HEAD_H

#include "http.h"
#include "outbox.h"

#define RECORD_HEADERS_MAX     64   /* Kafka headers a record; requests rarely have ten */
#define RECORD_NAMES_MAX_BYTES 4096 /* their names together */
#define RECORD_KEY_MAX_BYTES   65536 /* of ?key_base64=; a path's key is bounded by the request line */

#define RECORD_HEADERS_FEW     4    /* without an allocation: a content type, and some */

struct record_head {
    struct record_header  few[RECORD_HEADERS_FEW];
    struct record_header *many;  /* all of them, when they are more; owned */
    struct kl_buf         names; /* the headers' names, in lower case */
    struct kl_buf         key;   /* decoded from base64 */
};

/* Fills record's key, headers, partition, timestamp and id, borrowed from r and head until the request ends; *given: the
 * id is the caller's. head is zeroed before; after any result record_head_fini. KL_INVALID names the field. */
KL_MUST_CHECK enum kl_code record_head_read(struct record_head *head, const struct kl_request *r, bool keyed,
                                            struct record *record, bool *given, struct kl_error *err);
void record_head_fini(struct record_head *head);

/* May a Kafka header from outside have this name? Also for those in JSON. KL_INVALID names the field. */
KL_MUST_CHECK enum kl_code record_header_check(const char *name, size_t len, const char *field, struct kl_error *err);

#endif
