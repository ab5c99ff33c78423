/* metrics.c - what /metrics tells: the calls, the looks, and the cluster as it was seen last. */
#include "metrics.h"

#include "admin.h"
#include "clock.h"
#include "snapshot.h"
#include "steward.h"
#include "tracks.h"

/* ---- the steward ---- */

#define READS(name, expression)                 \
    static double read_##name(void *ctx)        \
    {                                           \
        const struct steward *s = ctx;          \
        return (double)(expression);            \
    }
READS(running, admin_running(s->admin))
READS(waiting, admin_waiting(s->admin))
READS(looks, snapshot_counts(s->snapshot).looks)
READS(failed, snapshot_counts(s->snapshot).failed)
READS(tracks, tracks_count(s->tracks))
READS(left_out, tracks_left_out(s->tracks))
READS(look_seconds, (double)snapshot_counts(s->snapshot).last_us / 1e6)

static struct kl_metric metrics[] = {
    { KL_GAUGE, "kafkloud_steward_calls_running", NULL, "Calls to the cluster under way.", read_running },
    { KL_GAUGE, "kafkloud_steward_calls_waiting", NULL, "Calls that wait for a worker.", read_waiting },
    { KL_COUNTER, "kafkloud_steward_looks_total", NULL, "Looks at the whole cluster since the start.", read_looks },
    { KL_COUNTER, "kafkloud_steward_looks_failed_total", NULL, "Of those, looks that the cluster did not answer.", read_failed },
    { KL_GAUGE, "kafkloud_steward_look_seconds", NULL, "What the last look took.", read_look_seconds },
    { KL_GAUGE, "kafkloud_steward_tracks", NULL, "Partitions of groups whose lag is kept.", read_tracks },
    { KL_GAUGE, "kafkloud_steward_tracks_left_out", NULL, "Those beyond TRACKS_MAX, whose lag is not.", read_left_out },
};

/* ---- the cluster ---- */

static void add_gauge(struct kl_buf *out, const char *name, const char *help, double value)
{
    kl_buf_addf(out, "# HELP kafkloud_steward_%s %s\n# TYPE kafkloud_steward_%s gauge\nkafkloud_steward_%s %.15g\n", name, help, name, name, value);
}

/* A group's name may hold anything; Prometheus wants these three escaped. */
static void add_label(struct kl_buf *out, const char *text)
{
    for (; *text; text++)
        if (*text == '\n')
            kl_buf_adds(out, "\\n");
        else if (*text == '"' || *text == '\\')
            kl_buf_addf(out, "\\%c", *text);
        else
            kl_buf_addc(out, *text);
}

static void add_group_lags(struct kl_buf *out, const struct view *v)
{
    static const char name[] = "kafkloud_steward_group_lag_messages";

    kl_buf_addf(out, "# HELP %s Messages that a group has not passed yet, over its topics.\n# TYPE %s gauge\n", name, name);
    for (size_t i = 0; i < v->n_groups; i++) {
        if (v->groups[i].lag == VIEW_UNKNOWN)
            continue;
        kl_buf_addf(out, "%s{group=\"", name);
        add_label(out, v->groups[i].name);
        kl_buf_addf(out, "\"} %lld\n", (long long)v->groups[i].lag);
    }
}

static int64_t under_replicated(const struct view *v)
{
    int64_t sum = 0;

    for (size_t i = 0; i < v->n_topics; i++)
        sum += v->topics[i].under_replicated;
    return sum;
}

static int64_t leaderless(const struct view *v)
{
    int64_t sum = 0;

    for (size_t i = 0; i < v->n_partitions; i++)
        sum += v->partitions[i].leader < 0;
    return sum;
}

static void collect(void *ctx, struct kl_buf *out)
{
    struct view *v = snapshot_view(((const struct steward *)ctx)->snapshot);

    if (!v)
        return;
    add_gauge(out, "view_age_seconds", "How old what follows is.", (double)(kl_mono_us() - v->as_of_us) / 1e6);
    add_gauge(out, "brokers", "Brokers of the cluster.", (double)v->n_brokers);
    add_gauge(out, "topics", "Its topics.", (double)v->n_topics);
    add_gauge(out, "partitions", "Their partitions.", (double)v->n_partitions);
    add_gauge(out, "partitions_under_replicated", "Of those, partitions with a replica out of sync.", (double)under_replicated(v));
    add_gauge(out, "partitions_leaderless", "Of those, partitions without a leader.", (double)leaderless(v));
    if (!v->groups_why[0])
        add_gauge(out, "groups", "Its consumer groups.", (double)v->n_groups);
    add_group_lags(out, v);
    view_unref(v);
}

void steward_metrics_register(struct steward *s)
{
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        metrics[i].ctx = s;
    kl_metrics_register(metrics, sizeof metrics / sizeof *metrics);
    kl_metrics_collector(collect, s);
}
