/* endpoints.h - the handlers that routes.c lists, a file each. */
#ifndef ENDPOINTS_H
#define ENDPOINTS_H

#include "http.h"

#define STATUS_IDS_MAX   1000              /* ids of one POST /status */
#define ANSWER_MAX_BYTES (16 * 1024 * 1024) /* of a list of receipts: 1,000 ordinary ones have some 600 kB */

void status_get(struct kl_request *r);        /* GET /status */
void receipt_by_id(struct kl_request *r);     /* GET /status/{id} */
void receipt_by_place(struct kl_request *r);  /* GET /status/{topic}/{partition}/{offset} */
void status_post(struct kl_request *r);       /* POST /status */
void receipts_get(struct kl_request *r);      /* GET /receipts */
void latency_get(struct kl_request *r);       /* GET /latency */

#endif
