/* live.h - live streams: what the feed fetches, handed to any number of SSE clients.
 *
 *     live_open()       before the feed starts
 *     kl_feed_start()   with on_fetched = live_fetched, on_fetched_ctx = live
 *     live_attach()     the feed is there: streams can be opened from now on
 *     ... kl_http_stop(), so that every stream is closed; kl_feed_stop() ...
 *     live_close()
 *
 * One fetch serves all: each topic has a ring of its last messages, bounded in bytes, and a client is a cursor into
 * it (why a topic and not a partition: docs/decisions/0003-live-rings.md). A client whose position lies before the
 * ring is served by one of a few catch-up readers, each with a Kafka consumer of its own, until it reaches the ring.
 * Neither touches the receipts or their offsets.
 *
 * Threads: live_fetched runs on the feed's thread and only copies; a thread of ours wakes clients and paces
 * heartbeats; the catch-up readers are threads of ours; live_client.h runs on HTTP threads. */
#ifndef LIVE_H
#define LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "err.h"
#include "http.h"
#include "kafka_feed.h"

struct live;

/* Settings, embedded in the service's conf struct as `live`. */
struct live_conf {
    int64_t ring_bytes, rings_bytes, client_queue_bytes, heartbeat_ms;
    int64_t streams_max, stream_topics_max, catchup_readers, catchup_waiting_max;
};
#define LIVE_SETTINGS(conf)                                                                                                                                                            \
    { "RING_BYTES", KL_BYTES, offsetof(conf, live.ring_bytes), "8M", 65536, INT64_C(1) << 40, "the last messages of each topic kept in memory for live streams", NULL },                \
    { "RINGS_BYTES", KL_BYTES, offsetof(conf, live.rings_bytes), "256M", 65536, INT64_C(1) << 40, "the same for all topics together; the oldest go first", NULL },                      \
    { "CLIENT_QUEUE_BYTES", KL_BYTES, offsetof(conf, live.client_queue_bytes), "1M", 4096, INT64_C(1) << 30, "what a stream that is behind may have waiting before its reader pauses", NULL }, \
    { "HEARTBEAT", KL_MS, offsetof(conf, live.heartbeat_ms), "15s", 10, 3600000, "a comment is sent on a stream that was silent for so long", NULL },                                  \
    { "STREAMS_MAX", KL_INT, offsetof(conf, live.streams_max), "8000", 1, 1000000, "live streams at once; one more is asked to come back later", NULL },                               \
    { "STREAM_TOPICS_MAX", KL_INT, offsetof(conf, live.stream_topics_max), "64", 1, 1000, "topics one stream may follow", NULL },                                                      \
    { "CATCHUP_READERS", KL_INT, offsetof(conf, live.catchup_readers), "4", 1, 64, "Kafka consumers that serve streams which are behind", NULL },                                      \
    { "CATCHUP_WAITING_MAX", KL_INT, offsetof(conf, live.catchup_waiting_max), "128", 1, 100000, "streams that are behind and wait for one of them; one more is asked to come back later", NULL }

/* Starts the threads. Takes kafka always: the configuration each catch-up reader's consumer is made from.
 * Copies conf. */
KL_MUST_CHECK enum kl_code live_open(struct live **out, const struct live_conf *conf, rd_kafka_conf_t *kafka,
                                     struct kl_error *err);

/* Once; borrows feed until live_close(). Before it, streams are asked to come back later. */
void live_attach(struct live *live, struct kl_feed *feed);

/* The feed's on_fetched; live is a struct live. */
void live_fetched(void *live, const struct kl_feed_record *records, size_t n);

/* Every stream must be closed (asserted) and the feed stopped. NULL is fine. */
void live_close(struct live *live);

/* GET /consume (consume_get.c); finds the struct live through consumer.h. */
void consume_get(struct kl_request *r);

#endif
