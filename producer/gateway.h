/* gateway.h - the process's state, as the endpoints see it: main.c makes it before HTTP starts. */
#ifndef PRODUCER_GATEWAY_H
#define PRODUCER_GATEWAY_H

#include "conf.h"
#include "http.h"
#include "intake.h"
#include "room.h"
#include "topics.h"

struct gateway {
    struct producer_conf conf;
    struct kl_producer  *kafka;
    struct topics       *topics;
    struct room         *room;
    struct intake        intake;
    char                 window_text[64]; /* "records=100000, seconds=600", the header Idempotency-Window */
    _Atomic int64_t      uploads;         /* requests of POST /records under way */
};

/* The endpoints. */
void produce_begin(struct kl_request *r);            /* POST /produce/{topic} */
void produce_begin_keyed(struct kl_request *r);      /* POST /produce/{topic}/{key} */
void produce_begin_tombstone(struct kl_request *r);  /* DELETE /produce/{topic}/{key} */
size_t produce_body(struct kl_request *r, const char *data, size_t len);
void produce_handle(struct kl_request *r);

void records_begin(struct kl_request *r);            /* POST /records/{topic} */
size_t records_body(struct kl_request *r, const char *data, size_t len);
void records_handle(struct kl_request *r);

extern const struct kl_route producer_routes[];

#endif
