/* health_get.c - GET /api/health: asks each service's /readyz at once and tells what came back.
 *
 * The portal's own /readyz does not depend on the services: a portal that is taken out of service when the
 * consumer is down could not tell anybody that the consumer is down. So this page tells it. */
#include <stdlib.h>

#include <jansson.h>

#include "clock.h"
#include "portal.h"

#define PROBE_MS         2000        /* a service that is slower than this to say whether it is ready is down */
#define PROBE_BODY_BYTES (64 * 1024) /* /readyz has some hundred */
#define HEALTH_MAX       32          /* calls at once; each holds four connections to services */

struct health;

struct probe {
    struct loop_job        job;
    struct health         *health;
    const struct upstream *to;
    struct kl_buf          body;
    int64_t                start_us, us;
    CURLcode               code;
    long                   status;
};

/* The request owns it until it has ended; then the loop does, until the last probe is gone. */
struct health {
    struct portal     *portal;
    struct kl_request *request;
    int                running, alive; /* the loop thread's; running is 0 once the request goes on */
    struct probe       probe[UPSTREAMS];
};

/* ---- the loop's thread ---- */

static size_t on_body(char *data, size_t size, size_t n, void *probe)
{
    struct probe *p = probe;

    return kl_buf_add(&p->body, data, size * n) ? size * n : 0;
}

static void on_done(struct loop_job *j, CURLcode code)
{
    struct probe *p = (struct probe *)j; /* job is its first member */
    struct health *h = p->health;

    p->code = code;
    p->us = kl_mono_us() - p->start_us;
    curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &p->status);
    if (code == CURLE_OK || code == CURLE_COULDNT_CONNECT)
        relay_note(&h->portal->relays, p->to, code == CURLE_OK);
    if (--h->running == 0)
        kl_request_resume(h->request);
}

static void probe_fini(struct probe *p)
{
    curl_easy_cleanup(p->job.easy);
    kl_buf_fini(&p->body);
}

static void on_gone(struct loop_job *j)
{
    struct probe *p = (struct probe *)j;
    struct health *h = p->health;

    probe_fini(p);
    if (--h->alive == 0) {
        atomic_fetch_sub(&h->portal->healths, 1);
        free(h);
    }
}

static const struct loop_events events = { .done = on_done, .gone = on_gone };

/* ---- the answer ---- */

static json_t *why(const struct probe *p)
{
    char text[256];

    switch (p->code) {
    case CURLE_OK:
        return p->status == 200 || p->status == 503 ? json_null() : json_sprintf("its /readyz answers %ld", p->status);
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        upstream_absent(p->to, text, sizeof text);
        return json_string(text);
    case CURLE_OPERATION_TIMEDOUT:
        return json_sprintf("no answer within %d ms", PROBE_MS);
    default:
        return json_string(curl_easy_strerror(p->code));
    }
}

/* A member of what the service itself says, or null when it is not there or of another type. */
static json_t *told(const json_t *doc, const char *name, json_type type)
{
    json_t *value = json_object_get(doc, name);

    return value && json_typeof(value) == type ? json_incref(value) : json_null();
}

static json_t *service_json(const struct probe *p)
{
    bool up = p->code == CURLE_OK;
    json_t *doc = up && p->body.data ? json_loadb(p->body.data, p->body.len, 0, NULL) : NULL;
    json_t *service = json_pack("{s:s, s:s, s:s, s:s, s:f, s:o, s:o, s:o, s:o}", "name", p->to->name,
                                "url", p->to->origin, "setting", p->to->setting, "state", up && p->status == 200 ? "ready" : up ? "unready" : "down",
                                "ms", (double)p->us / 1000, "why", why(p), "version", told(doc, "version", JSON_STRING),
                                "uptime_s", told(doc, "uptime_s", JSON_INTEGER), "checks", told(doc, "checks", JSON_OBJECT));

    json_decref(doc);
    return service;
}

static void health_answer(struct kl_request *r)
{
    const struct health *h = kl_request_attached(r);
    json_t *services = json_array();

    for (size_t i = 0; i < UPSTREAMS; i++)
        json_array_append_new(services, service_json(&h->probe[i]));
    kl_reply_header(r, "Cache-Control", "no-store");
    kl_reply_json(r, 200, json_pack("{s:o, s:{s:s, s:I, s:b}}", "services", services, "portal", "version", kl_version(),
                                    "uptime_s", (json_int_t)kl_service_uptime_s(), "ui_built", h->portal->assets != NULL));
}

/* ---- the request's thread ---- */

static bool probe_init(struct probe *p, struct health *h, const struct upstream *to)
{
    char target[1024];

    kl_buf_init(&p->body, PROBE_BODY_BYTES);
    p->job.on = &events;
    p->health = h;
    p->to = to;
    p->start_us = kl_mono_us();
    p->job.easy = curl_easy_init();
    if (!p->job.easy || (size_t)snprintf(target, sizeof target, "%s/readyz", to->base) >= sizeof target)
        return false;
    upstream_easy_set(to, p->job.easy);
    curl_easy_setopt(p->job.easy, CURLOPT_TIMEOUT_MS, (long)PROBE_MS);
    curl_easy_setopt(p->job.easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(p->job.easy, CURLOPT_WRITEDATA, p);
    return curl_easy_setopt(p->job.easy, CURLOPT_REQUEST_TARGET, target) == CURLE_OK;
}

static struct health *health_new(struct portal *portal, struct kl_request *r)
{
    struct health *h = calloc(1, sizeof *h);
    bool fine = h != NULL;

    for (size_t i = 0; fine && i < UPSTREAMS; i++)
        fine = probe_init(&h->probe[i], h, &portal->upstreams.list[i]);
    if (!fine) {
        for (size_t i = 0; h && i < UPSTREAMS; i++)
            probe_fini(&h->probe[i]);
        free(h);
        return NULL;
    }
    h->portal = portal;
    h->request = r;
    h->running = h->alive = UPSTREAMS;
    return h;
}

static void health_release(void *health)
{
    struct health *h = health;
    struct loop *loop = h->portal->relays.loop;

    for (size_t i = 0; i < UPSTREAMS; i++)
        loop_close(loop, &h->probe[i].job);
}

void health_get(struct kl_request *r)
{
    struct portal *portal = kl_request_ctx(r);
    struct health *h = NULL;
    struct kl_error err;

    if (atomic_fetch_add(&portal->healths, 1) >= HEALTH_MAX)
        kl_fail_limit(&err, KL_BUSY, "", HEALTH_MAX, "%d calls ask for the services' health already", HEALTH_MAX);
    else if (!(h = health_new(portal, r)))
        kl_fail(&err, KL_BROKEN, "no memory to ask the services");
    if (!h) {
        atomic_fetch_sub(&portal->healths, 1);
        kl_reply_error(r, &err);
        return;
    }
    kl_request_attach(r, h, health_release);
    kl_request_suspend(r, health_answer);
    for (size_t i = 0; i < UPSTREAMS; i++)
        loop_begin(portal->relays.loop, &h->probe[i].job);
}
