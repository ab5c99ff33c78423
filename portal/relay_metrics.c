/* relay_metrics.c - one row a service and result, in a table that the compiler lays out. */
#include "relay_metrics.h"

#include <string.h>

#include "metrics.h"
#include "relay.h"

enum result { RESULT_ANSWERED, RESULT_ABSENT, RESULT_LATE, RESULT_CUT, RESULT_LEFT, RESULTS };

#define CALLS "kafkloud_portal_relays_total"
#define HELP  "Calls passed on, by service and by how they ended: answered, absent (nobody there), late, cut (by the service), left (by the client)."
#define ROW(service, result, help_) \
    { .type = KL_COUNTER, .name = CALLS, .labels = "service=\"" service "\",result=\"" result "\"", .help = help_ }
#define ROWS(service, help_)                                                                           \
    ROW(service, "answered", help_), ROW(service, "absent", NULL), ROW(service, "late", NULL),         \
    ROW(service, "cut", NULL), ROW(service, "left", NULL)

static const char *const services[UPSTREAMS] = { "producer", "consumer", "steward", "seer" };
static struct kl_metric calls[UPSTREAMS * RESULTS] = { ROWS("producer", HELP), ROWS("consumer", NULL), ROWS("steward", NULL), ROWS("seer", NULL) };

static double active_read(void *ctx)
{
    struct relays *all = ctx;

    return (double)atomic_load(&all->active);
}

enum { OTHER_ACTIVE, OTHER_REFUSED, OTHERS };
static struct kl_metric others[OTHERS] = {
    [OTHER_ACTIVE] = { .type = KL_GAUGE, .name = "kafkloud_portal_relays", .help = "Calls under way through the portal.", .read = active_read },
    [OTHER_REFUSED] = { .type = KL_COUNTER, .name = "kafkloud_portal_relays_refused_total", .help = "Calls refused because PROXY_MAX were under way." },
};

void relay_metrics_register(struct relays *all)
{
    others[OTHER_ACTIVE].ctx = all;
    kl_metrics_register(calls, UPSTREAMS * RESULTS);
    kl_metrics_register(others, OTHERS);
}

static enum result result_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return RESULT_ANSWERED;
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        return RESULT_ABSENT;
    case CURLE_OPERATION_TIMEDOUT:
        return RESULT_LATE;
    default:
        return RESULT_CUT;
    }
}

static void count(const struct upstream *to, enum result result)
{
    for (size_t i = 0; i < UPSTREAMS; i++)
        if (!strcmp(services[i], to->name))
            kl_metric_add(&calls[i * RESULTS + result], 1);
}

void relay_count(const struct upstream *to, CURLcode code)
{
    count(to, result_of(code));
}

void relay_count_left(const struct upstream *to)
{
    count(to, RESULT_LEFT);
}

void relay_count_refused(void)
{
    kl_metric_add(&others[OTHER_REFUSED], 1);
}
