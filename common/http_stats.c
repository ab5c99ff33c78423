/* http_stats.c - what /metrics says about HTTP: counted by lane without sharing, added up when somebody scrapes. */
#include "http_internal.h"
#include "metrics.h"

static struct kl_http_stats stats[KL_HTTP_LANES_MAX];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct {
    int64_t     us;
    const char *text;   /* in seconds */
} BOUND[KL_STAT_BOUNDS] = {
    { 100, "0.0001" }, { 250, "0.00025" }, { 500, "0.0005" }, { 1000, "0.001" },   { 2500, "0.0025" },
    { 5000, "0.005" }, { 10000, "0.01" },  { 25000, "0.025" }, { 50000, "0.05" },  { 100000, "0.1" },
    { 500000, "0.5" }, { 1000000, "1" },   { 5000000, "5" },   { 30000000, "30" },
};

#define SUM(field)                                                                  \
    ({                                                                              \
        uint64_t sum_ = 0;                                                          \
        for (size_t i_ = 0; i_ < KL_HTTP_LANES_MAX; i_++)                           \
            sum_ += (uint64_t)atomic_load_explicit(&stats[i_].field, memory_order_relaxed); \
        sum_;                                                                       \
    })

static void head(struct kl_buf *out, const char *name, const char *type, const char *help)
{
    kl_buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(struct kl_buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
    head(out, name, type, help);
    kl_buf_addf(out, "%s %lld\n", name, (long long)value);
}

static void duration(struct kl_buf *out)
{
    static const char NAME[] = "kafkloud_http_request_duration_seconds";
    uint64_t below = 0;

    head(out, NAME, "histogram", "From a request's headers to the end of its answer; streams are not counted.");
    for (size_t b = 0; b < KL_STAT_BOUNDS; b++) {
        below += SUM(duration[b]);
        kl_buf_addf(out, "%s_bucket{le=\"%s\"} %llu\n", NAME, BOUND[b].text, (unsigned long long)below);
    }
    below += SUM(duration[KL_STAT_BOUNDS]);
    kl_buf_addf(out, "%s_bucket{le=\"+Inf\"} %llu\n", NAME, (unsigned long long)below);
    kl_buf_addf(out, "%s_sum %.6f\n", NAME, (double)SUM(duration_sum_us) / 1e6);
    kl_buf_addf(out, "%s_count %llu\n", NAME, (unsigned long long)below);
}

static void collect(void *ctx, struct kl_buf *out)
{
    static const char *const CLASS[KL_STAT_CLASSES] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };

    (void)ctx;
    head(out, "kafkloud_http_requests_total", "counter", "Requests by the class of their answer; none: ended without one.");
    for (size_t c = 0; c < KL_STAT_CLASSES; c++)
        kl_buf_addf(out, "kafkloud_http_requests_total{class=\"%s\"} %llu\n", CLASS[c], (unsigned long long)SUM(requests[c]));
    duration(out);
    single(out, "kafkloud_http_requests_in_flight", "gauge", "Requests under way, streams not counted.", SUM(in_flight));
    single(out, "kafkloud_http_streams", "gauge", "Streams that are open.", SUM(streams));
    single(out, "kafkloud_http_connections", "gauge", "Connections that are open.", SUM(connections));
    single(out, "kafkloud_http_connections_closed_total", "counter", "Connections closed at accept, over CONNECTIONS_MAX.", SUM(closed));
    single(out, "kafkloud_http_slow_clients_total", "counter", "Clients cut by a deadline in the middle of a request or an answer.", SUM(slow));
}

static void register_once(void)
{
    kl_metrics_collector(collect, NULL);
}

struct kl_http_stats *kl_http_stats(size_t lane)
{
    kl_assert(lane < KL_HTTP_LANES_MAX);
    pthread_once(&once, register_once);
    return &stats[lane];
}

void kl_http_stats_request(struct kl_http_stats *s, int status, int64_t us, bool timed)
{
    size_t class = status >= 100 && status < 600 ? (size_t)status / 100 : 0;
    size_t b = 0;

    atomic_fetch_add_explicit(&s->requests[class], 1, memory_order_relaxed);
    if (!timed)
        return;
    while (b < KL_STAT_BOUNDS && us > BOUND[b].us)
        b++;
    atomic_fetch_add_explicit(&s->duration[b], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->duration_sum_us, (uint64_t)us, memory_order_relaxed);
}
