/* metrics.c - see metrics.h. What a scrape shows first are the services' own rows, then collectors' lines, then the
 * process's (metrics_process.c). */
#include "metrics.h"

#include <string.h>

#include "err.h"
#include "metrics_process.h"

#define ARRAYS_MAX     32 /* a service registers one for each of its modules: under ten */
#define COLLECTORS_MAX 16

/* Upper bounds in microseconds, and as Prometheus reads them. Dense where an answer confirmed by Kafka lies (0.5 to
 * 10 ms), up to the longest time anything may take. */
static const struct {
    uint64_t    us;
    const char *le;
} bounds[KL_METRIC_BOUNDS] = {
    { 100, "0.0001" },    { 250, "0.00025" },   { 500, "0.0005" },     { 1000, "0.001" },     { 2500, "0.0025" },
    { 5000, "0.005" },    { 10000, "0.01" },    { 25000, "0.025" },    { 50000, "0.05" },     { 100000, "0.1" },
    { 500000, "0.5" },    { 1000000, "1" },     { 5000000, "5" },      { 30000000, "30" },
};

/* Written before threads start, read only after. */
static struct {
    struct kl_metric *rows;
    size_t            n;
} arrays[ARRAYS_MAX];
static size_t array_count;

static struct {
    void (*collect)(void *ctx, struct kl_buf *out);
    void  *ctx;
} collectors[COLLECTORS_MAX];
static size_t collector_count;

void kl_metric_add(struct kl_metric *m, int64_t n)
{
    atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}

void kl_metric_set(struct kl_metric *m, int64_t n)
{
    atomic_store_explicit(&m->value, n, memory_order_relaxed);
}

void kl_metric_observe(struct kl_metric *m, int64_t us)
{
    uint64_t counted = us > 0 ? (uint64_t)us : 0; /* below zero: a clock was set */
    size_t i = 0;

    while (i < KL_METRIC_BOUNDS && counted > bounds[i].us)
        i++;
    atomic_fetch_add_explicit(&m->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->sum_us, counted, memory_order_relaxed);
}

static bool starts_family(const struct kl_metric *rows, size_t i)
{
    return i == 0 || strcmp(rows[i].name, rows[i - 1].name) != 0;
}

/* A name told in two places would make a page that Prometheus refuses. */
static bool is_registered(const char *name)
{
    size_t a, i;

    for (a = 0; a < array_count; a++)
        for (i = 0; i < arrays[a].n; i++)
            if (strcmp(arrays[a].rows[i].name, name) == 0)
                return true;
    return false;
}

void kl_metrics_register(struct kl_metric *metrics, size_t n)
{
    size_t i;

    kl_assert(array_count < ARRAYS_MAX);
    for (i = 0; i < n; i++)
        kl_assert(!starts_family(metrics, i) || (metrics[i].help && !is_registered(metrics[i].name)));
    arrays[array_count].rows = metrics;
    arrays[array_count].n = n;
    array_count++;
}

void kl_metrics_collector(void (*collect)(void *ctx, struct kl_buf *out), void *ctx)
{
    kl_assert(collector_count < COLLECTORS_MAX);
    collectors[collector_count].collect = collect;
    collectors[collector_count].ctx = ctx;
    collector_count++;
}

/* name{labels,more} with only the braces and commas that are needed, and a space. */
static void add_series(struct kl_buf *out, const struct kl_metric *m, const char *suffix, const char *le)
{
    kl_buf_adds(out, m->name);
    kl_buf_adds(out, suffix);
    if (m->labels || le)
        kl_buf_addc(out, '{');
    if (m->labels)
        kl_buf_adds(out, m->labels);
    if (le)
        kl_buf_addf(out, "%sle=\"%s\"", m->labels ? "," : "", le);
    if (m->labels || le)
        kl_buf_addc(out, '}');
    kl_buf_addc(out, ' ');
}

/* Buckets are counted apart and shown as sums up to each bound; _count is the last of these sums, so that the two
 * agree while others are counting. */
static void add_histogram(struct kl_buf *out, struct kl_metric *m)
{
    uint64_t count = 0;
    size_t i;

    for (i = 0; i <= KL_METRIC_BOUNDS; i++) {
        count += atomic_load_explicit(&m->bucket[i], memory_order_relaxed);
        add_series(out, m, "_bucket", i < KL_METRIC_BOUNDS ? bounds[i].le : "+Inf");
        kl_buf_addi(out, (int64_t)count);
        kl_buf_addc(out, '\n');
    }
    add_series(out, m, "_sum", NULL);
    kl_buf_addf(out, "%.15g\n", (double)atomic_load_explicit(&m->sum_us, memory_order_relaxed) / 1e6);
    add_series(out, m, "_count", NULL);
    kl_buf_addi(out, (int64_t)count);
    kl_buf_addc(out, '\n');
}

static void add_value(struct kl_buf *out, struct kl_metric *m)
{
    add_series(out, m, "", NULL);
    if (m->read)
        kl_buf_addf(out, "%.15g", m->read(m->ctx));
    else
        kl_buf_addi(out, atomic_load_explicit(&m->value, memory_order_relaxed));
    kl_buf_addc(out, '\n');
}

static void add_rows(struct kl_buf *out, struct kl_metric *rows, size_t n)
{
    static const char *const types[] = { [KL_COUNTER] = "counter", [KL_GAUGE] = "gauge", [KL_HISTOGRAM] = "histogram" };
    size_t i;

    for (i = 0; i < n; i++) {
        if (starts_family(rows, i))
            kl_buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", rows[i].name, rows[i].help, rows[i].name,
                        types[rows[i].type]);
        if (rows[i].type == KL_HISTOGRAM)
            add_histogram(out, &rows[i]);
        else
            add_value(out, &rows[i]);
    }
}

void kl_metrics_write(struct kl_buf *out)
{
    size_t i;

    for (i = 0; i < array_count; i++)
        add_rows(out, arrays[i].rows, arrays[i].n);
    for (i = 0; i < collector_count; i++)
        collectors[i].collect(collectors[i].ctx, out);
    kl_metrics_process(out);
}
