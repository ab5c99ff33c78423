/* live_metrics.c - what /metrics tells of live streams. */
#include "live_hub.h"

struct kl_metric live_metrics[LIVE_METRICS] = {
    [LIVE_STREAMS] = { KL_GAUGE, "kafkloud_consumer_streams", NULL, "Live streams that are open." },
    [LIVE_REFUSED] = { KL_COUNTER, "kafkloud_consumer_streams_refused_total", NULL,
                       "Live streams that were asked to come back later." },
    [LIVE_EVENTS] = { KL_COUNTER, "kafkloud_consumer_stream_events_total", NULL, "Messages written to live streams." },
    [LIVE_LAGGED] = { KL_COUNTER, "kafkloud_consumer_stream_lagged_total", NULL,
                      "Times that a live stream fell behind its topic's ring." },
    [LIVE_SKIPPED] = { KL_COUNTER, "kafkloud_consumer_stream_skipped_total", NULL,
                       "Messages that such streams did not get." },
    [LIVE_GAPS] = { KL_COUNTER, "kafkloud_consumer_stream_gaps_total", NULL,
                    "Ranges that were asked for and are no longer in the log." },
    [LIVE_CATCHUP_RUNNING] = { KL_GAUGE, "kafkloud_consumer_catchup_running", NULL,
                               "Live streams that a catch-up reader is serving." },
    [LIVE_CATCHUP_WAITING] = { KL_GAUGE, "kafkloud_consumer_catchup_waiting", NULL,
                               "Live streams that wait for a catch-up reader." },
    [LIVE_CATCHUP_FAILED] = { KL_COUNTER, "kafkloud_consumer_catchup_failed_total", NULL,
                              "Times that a catch-up reader could not ask Kafka and tried again later." },
    [LIVE_RING_BYTES] = { KL_GAUGE, "kafkloud_consumer_ring_bytes", NULL, "Memory of the topics' last messages." },
};

static void once(void)
{
    kl_metrics_register(live_metrics, LIVE_METRICS);
}

void live_metrics_register(void)
{
    static pthread_once_t registered = PTHREAD_ONCE_INIT;

    pthread_once(&registered, once);
}
