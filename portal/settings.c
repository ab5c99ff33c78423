/* settings.c - the portal's settings. */
#include "portal.h"

#define AT(field) offsetof(struct portal_conf, field)

struct portal_conf portal_conf;

const struct kl_setting portal_settings[] = {
    KL_SERVICE_SETTINGS(struct portal_conf, "3000"),
    { "UI_DIR", KL_STR, AT(ui_dir), NULL, 0, 0, "folder of the built UI; unset: portal/ui/dist beside the build or here", NULL },
    { "PRODUCER_URL", KL_STR, AT(urls[0]), "http://127.0.0.1:8000", 0, 1024, "where /api/producer/ goes", "NEXT_PUBLIC_PRODUCER_ADDR" },
    { "CONSUMER_URL", KL_STR, AT(urls[1]), "http://127.0.0.1:8072", 0, 1024, "where /api/consumer/ goes", "NEXT_PUBLIC_CONSUMER_ADDR" },
    { "STEWARD_URL", KL_STR, AT(urls[2]), "http://127.0.0.1:8060", 0, 1024, "where /api/steward/ goes", NULL },
    { "SEER_URL", KL_STR, AT(urls[3]), "http://127.0.0.1:8030", 0, 1024, "where /api/seer/ goes", NULL },
    { "UPSTREAM_TOKEN_FILE", KL_STR, AT(upstream_token_file), NULL, 0, 4096, "file with the bearer token to show the services", NULL },
    { "PROXY_MAX", KL_INT, AT(relays_max), "1000", 1, 100000, "calls at once to the services, streams included; one more gets 503", NULL },
    { "PROXY_TIMEOUT", KL_MS, AT(timeout_ms), "65s", 10, 86400000,
      "how long a service may take to begin its answer; above the 60 s that it may be asked to wait", NULL },
    { "PROXY_BODY_MAX", KL_BYTES, AT(body_max_bytes), "256M", 0, INT64_C(1) << 40, "largest body passed on", NULL },
    KL_SETTING_END,
};
