/* main.c - kafkloud-portal: settings, start, signals, the order of shutdown. portal.h lists the threads. */
#include "embed.h"
#include "log.h"
#include "portal.h"
#include "relay_metrics.h"

KL_EMBED(portal_openapi, "openapi.json");

static enum kl_exit serve(struct kl_service *service, struct portal *p)
{
    struct kl_http *http;
    struct kl_error err;
    enum kl_exit code;

    if (kl_service_serve(service, &http, &err)) {
        kl_error("the portal does not start", KL_S("why", err.text));
        return err.code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_PORT;
    }
    code = kl_service_wait();
    kl_service_wind_down(service, http);
    portal_abort(p, http);
    kl_http_stop(http);
    return code;
}

int main(int argc, char **argv)
{
    static struct portal portal;
    struct kl_service service = {
        .name = "portal",
        .binary = "kafkloud-portal",
        .about = "serves the UI and passes its calls on to the services",
        .health_text = "OK",
        .settings = portal_settings,
        .routes = portal_routes,
        .checks = portal_checks,
        .openapi = portal_openapi,
        .openapi_len = (size_t)(portal_openapi_end - portal_openapi),
        .ctx = &portal,
        .common = &portal_conf.common,
        .every_answer = security_headers,
    };
    struct kl_error err;
    enum kl_exit code;

    kl_service_begin(&service, argc, argv, &portal_conf);
    if (portal_open(&portal, &err)) {
        kl_error("the portal does not start", KL_S("why", err.text));
        return kl_service_end(err.code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_START);
    }
    relay_metrics_register(&portal.relays);
    code = serve(&service, &portal);
    portal_close(&portal);
    return kl_service_end(code);
}
