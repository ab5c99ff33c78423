/* service_internal.h - what service.c shares with its parts: service_options.c, service_health.c,
 * service_probe.c, service_signals.c and service_openapi.c. Nobody else includes it. */
#ifndef KL_SERVICE_INTERNAL_H
#define KL_SERVICE_INTERNAL_H

#include "service.h"

/* ---- service_options.c ---- */
/* The options that are no settings, taken out of argv. The last one wins. */
enum kl_option { KL_OPTION_NONE, KL_OPTION_HELP, KL_OPTION_VERSION, KL_OPTION_MARKDOWN, KL_OPTION_ROUTES, KL_OPTION_OPENAPI, KL_OPTION_HEALTH };
enum kl_option kl_options_take(int *argc, char **argv);
_Noreturn void kl_options_obey(const struct kl_service *service, enum kl_option option);
/* Reads "host:port" and ":port" in SERVER_ADDR into address and port; ":port" means every address. */
KL_MUST_CHECK enum kl_code kl_options_address(struct kl_service_conf *conf, struct kl_error *err);
/* The token of API_TOKEN_FILE, trimmed; static memory. NULL without the setting. */
KL_MUST_CHECK enum kl_code kl_options_token(const struct kl_service_conf *conf, const char **token, struct kl_error *err);

/* ---- service_health.c ---- */
extern const struct kl_route kl_health_routes[]; /* ended by a row without method */
extern const struct kl_route kl_root_routes[];   /* the same; for a service without a "/" of its own */
/* The pages' state; before HTTP starts. */
void kl_health_init(const struct kl_service *service);

/* ---- service_probe.c ---- */
int kl_probe(const struct kl_service_conf *conf); /* 0: ready */

/* ---- service_signals.c ---- */
#define KL_SHUTDOWN_SPARE_MS 10000 /* beyond LAME_DUCK and DRAIN: closing the parts */
bool kl_signals_start(int64_t shutdown_ms);       /* blocks them here and in every thread to come; false: no thread */
void kl_signals_end(void);

#endif
