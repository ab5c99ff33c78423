#include "consumer.h"
#include "endpoints.h"

/* A thousand ids, each a place with the longest topic. */
static const int64_t ids_max_bytes = 320 * 1024;

const struct kl_route consumer_routes[] = {
    { "GET", "/status", NULL, status_get, .query = "" },
    { "POST", "/status", &ids_max_bytes, status_post, .query = "" }, /* asks, changes nothing */
    { "GET", "/status/{id}", NULL, receipt_by_id, .query = "wait, timeout_ms" },
    { "GET", "/status/{topic}/{partition}/{offset}", NULL, receipt_by_place, .query = "wait, timeout_ms" },
    { "GET", "/receipts", NULL, receipts_get, .query = "topic, key, key_base64, since, until, limit, before" },
    { "GET", "/latency", NULL, latency_get, .query = "topic, window" },
    { "GET", "/consume", NULL, consume_get, NULL, NULL, KL_ROUTE_STREAM, "topics, format, from, last_event_id" },
    { NULL },
};
