/* upload.h - a request of POST /records: what records_post.c reads and records_answer.c answers. */
#ifndef PRODUCER_UPLOAD_H
#define PRODUCER_UPLOAD_H

#include "gateway.h"
#include "record_json.h"
#include "record_split.h"
#include "topic.h"

#define UPLOAD_CHUNK 64 /* records an allocation */

/* What is kept of a record until the answer: little, since there may be RECORDS_MAX of them. */
struct upload_slot {
    struct upload *upload;
    struct outcome outcome;
    char          *problem; /* JSON, owned: why it was refused before it was sent */
    enum kl_code   code;    /* of that; KL_OK: outcome counts */
    int32_t        retry_after_s; /* and when to come again; 0: as the code's problem says */
    bool           has_id;  /* outcome.id is the record's */
};

struct upload_chunk {
    struct upload_chunk *next;
    struct upload_slot   slot[UPLOAD_CHUNK];
};

/* Belongs to the request and to every record on its way: `pending` counts both, and whoever takes it to 0 resumes the
 * request, or frees the upload when the client has left in the middle of the body. */
struct upload {
    struct gateway      *gateway;
    struct kl_request   *request;
    char                 topic_name[KL_TOPIC_BYTES];
    struct topic        *topic;
    uint32_t             client;
    struct topics_waiter topic_waiter;
    struct room_waiter   room_waiter;
    struct kl_error      refused;  /* of the whole request; code KL_OK: none */

    struct record_split  split;
    struct record_json   json;
    int64_t              received; /* bytes of the body */
    bool                 closed;   /* the rest of the body is not read */
    bool                 alone;    /* the record at hand found no room, and nothing was in flight */
    bool                 ended;    /* the body's end was reached: pending is the records' alone */
    bool                 gone;     /* the client left before that */
    _Atomic int64_t      pending;

    size_t               n, room;  /* slots in use, in the order of the records, and in all chunks */
    struct upload_chunk *first, *last;

    struct kl_buf        line;     /* the answer's piece that is being sent */
    size_t               line_at, answered;
    struct upload_chunk *answering;
};

/* Answers with the outcomes of all records, in their order. On the HTTP thread, when none is pending. */
void upload_answer(struct kl_request *r);

#endif
