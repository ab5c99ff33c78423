#include "consumer.h"
#include "endpoints.h"

/* A thousand ids, each a place with the longest topic. */
static const int64_t ids_max_bytes = 320 * 1024;

const struct kl_route consumer_routes[] = {
    { "GET", "/status", NULL, status_get },
    { "POST", "/status", &ids_max_bytes, status_post }, /* asks, changes nothing */
    { "GET", "/status/{id}", NULL, receipt_by_id },
    { "GET", "/status/{topic}/{partition}/{offset}", NULL, receipt_by_place },
    { "GET", "/receipts", NULL, receipts_get },
    { "GET", "/latency", NULL, latency_get },
    { "GET", "/consume", NULL, consume_get, NULL, NULL, KL_ROUTE_STREAM },
    { NULL },
};
