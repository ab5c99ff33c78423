#include "gateway.h"

/* The largest value depends on the topic, so produce_body itself keeps to it and can tell it. */
static const int64_t unlimited = INT64_MAX;

const struct kl_route producer_routes[] = {
    { "POST", "/produce/{topic}", &unlimited, produce_handle, produce_begin, produce_body, KL_ROUTE_CHANGES, "key_base64, partition, timestamp_ms" },
    { "POST", "/produce/{topic}/{key}", &unlimited, produce_handle, produce_begin_keyed, produce_body, KL_ROUTE_CHANGES,
      "partition, timestamp_ms" },
    { "DELETE", "/produce/{topic}/{key}", NULL, produce_handle, produce_begin_tombstone, NULL, KL_ROUTE_CHANGES,
      "partition, timestamp_ms" },
    { "POST", "/records/{topic}", &unlimited, records_handle, records_begin, records_body, KL_ROUTE_CHANGES, "" },
    { NULL },
};
