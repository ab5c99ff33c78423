/* service_health.c - the pages every service has: /_health, /livez, /readyz, /metrics, /openapi.json; and /, which names them. */
#include <string.h>

#include "clock.h"
#include "metrics.h"
#include "service_internal.h"

#define READY_MAX_BYTES   (16 * 1024)
#define ROOT_MAX_BYTES    1024
#define METRICS_MAX_BYTES (16 * 1024 * 1024)  /* rows by topic: some 100 bytes each */

static const struct kl_service *service;
static int64_t started_us; /* by the monotonic clock; 0 before kl_health_init */

void kl_health_init(const struct kl_service *the_service)
{
    service = the_service;
    started_us = kl_mono_us();
}

int64_t kl_service_uptime_s(void)
{
    return started_us ? (kl_mono_us() - started_us) / 1000000 : 0;
}

static void health_get(struct kl_request *r)
{
    kl_reply_static(r, 200, "text/plain; charset=utf-8", service->health_text, strlen(service->health_text));
}

static void livez_get(struct kl_request *r)
{
    static const char ALIVE[] = "{\"status\":\"alive\"}";

    kl_reply_static(r, 200, "application/json", ALIVE, sizeof ALIVE - 1);
}

static void add_check(struct kl_buf *out, const char *name, bool ready, const char *why)
{
    if (out->data[out->len - 1] != '{')
        kl_buf_addc(out, ',');
    kl_buf_add_json(out, name, strlen(name));
    kl_buf_adds(out, ready ? ":{\"ready\":true}" : ":{\"ready\":false,\"why\":");
    if (ready)
        return;
    kl_buf_add_json(out, why, strlen(why));
    kl_buf_addc(out, '}');
}

static bool add_checks(struct kl_buf *out)
{
    bool all = !kl_service_stopping();
    char why[256];

    if (!all)
        add_check(out, "process", false, "it is stopping");
    for (const struct kl_check *c = service->checks; c && c->name; c++) {
        bool ready;

        why[0] = '\0';
        ready = c->ready(service->ctx, why, sizeof why);
        add_check(out, c->name, ready, why);
        all &= ready;
    }
    return all;
}

static void readyz_get(struct kl_request *r)
{
    struct kl_buf checks, out;
    bool ready;

    kl_buf_init(&checks, READY_MAX_BYTES);
    kl_buf_init(&out, READY_MAX_BYTES);
    kl_buf_adds(&checks, "\"checks\":{");
    ready = !checks.failed && add_checks(&checks);
    kl_buf_addf(&out, "{\"status\":\"%s\",\"version\":\"%s\",\"uptime_s\":%lld,%s}}", ready ? "ready" : "unready", kl_version(),
                (long long)kl_service_uptime_s(), checks.data ? checks.data : "\"checks\":{");
    kl_buf_fini(&checks);
    kl_reply_header(r, "Cache-Control", "no-store");
    kl_reply_buf(r, ready ? 200 : 503, "application/json", &out);
}

static void metrics_get(struct kl_request *r)
{
    struct kl_buf out;

    kl_buf_init(&out, METRICS_MAX_BYTES);
    kl_metrics_write(&out);
    kl_reply_buf(r, 200, "text/plain; version=0.0.4; charset=utf-8", &out);
}

static void openapi_get(struct kl_request *r)
{
    kl_reply_static(r, 200, "application/json", service->openapi, service->openapi_len);
}

/* For who has only the port. */
static void root_get(struct kl_request *r)
{
    struct kl_buf out;

    kl_buf_init(&out, ROOT_MAX_BYTES);
    kl_buf_addf(&out, "{\"service\":\"%s\",\"version\":\"%s\",\"links\":{\"openapi\":\"/openapi.json\",\"ready\":\"/readyz\",\"metrics\":\"/metrics\"}}",
                service->name, kl_version());
    kl_reply_buf(r, 200, "application/json", &out);
}

const struct kl_route kl_root_routes[] = {
    { "GET", "/", NULL, root_get, NULL, NULL, KL_ROUTE_OPEN },
    { .method = NULL },
};
const struct kl_route kl_health_routes[] = {
    { "GET", "/_health", NULL, health_get, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/livez", NULL, livez_get, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/readyz", NULL, readyz_get, NULL, NULL, KL_ROUTE_OPEN },
    { "GET", "/metrics", NULL, metrics_get, NULL, NULL, 0 },
    { "GET", "/openapi.json", NULL, openapi_get, NULL, NULL, 0 },
    { .method = NULL },
};
