/* service.h - what every kafkloud process does alike: options, settings, signals, health, shutdown.
 *
 * main.c of a service reads, top to bottom:
 *
 *     kl_service_begin(&service, argc, argv, &conf);     // --help, --version, --healthcheck, --config; log; signals
 *     ... open the domain modules ...
 *     kl_service_serve(&service, &http);                 // listens; /livez says yes, /readyz asks the checks
 *     code = kl_service_wait();                          // until SIGTERM, SIGINT or kl_service_fail()
 *     kl_service_wind_down(&service, http);              // lame duck, refuse, wait
 *     ... end the domain modules, so that every suspended request is resumed ...
 *     kl_http_stop(http);
 *     return kl_service_end(code);
 */
#ifndef KL_SERVICE_H
#define KL_SERVICE_H

#include "conf.h"
#include "http.h"
#include "version.h"

/* Exit codes, named in docs/operations.md. */
enum kl_exit {
    KL_EXIT_OK       = 0,
    KL_EXIT_SETTING  = 64, /* a wrong setting or option (EX_USAGE) */
    KL_EXIT_PORT     = 69, /* the port could not be had (EX_UNAVAILABLE) */
    KL_EXIT_START    = 70, /* a part could not be opened (EX_SOFTWARE): the log says which */
    KL_EXIT_STUCK    = 71, /* the shutdown passed its bound, or a second signal cut it (EX_OSERR): the log says where it stood */
    KL_EXIT_STORE    = 74, /* the store is broken (EX_IOERR) */
    KL_EXIT_KAFKA    = 75, /* librdkafka raised a fatal error: start again (EX_TEMPFAIL) */
};

/* The settings every service has (SERVER_ADDR, SERVER_PORT, API_TOKEN_FILE, ALLOW_OPEN, CORS_ORIGIN, LOG_LEVEL,
 * LOG_FORMAT, HTTP_THREADS, CONNECTIONS_MAX, IDLE_TIMEOUT, REQUEST_TIMEOUT, LAME_DUCK, DRAIN, PORT_FILE);
 * embedded in the service's conf struct as `common`. KL_SERVICE_SETTINGS(struct x_conf, "8072") makes the rows. */
struct kl_service_conf {
    const char *address, *token_file, *cors_origin, *log_level, *log_format, *port_file;
    int64_t     port, threads, connections_max, idle_timeout_ms, request_timeout_ms, lame_duck_ms, drain_ms;
    bool        allow_open;
};
#define KL_SERVICE_SETTINGS(conf, port_)                                                                                                                                  \
    { "SERVER_ADDR", KL_STR, offsetof(conf, common.address), "127.0.0.1", 0, 255, "address to listen on; \"host:port\" and \":port\" are read too", NULL },               \
    { "SERVER_PORT", KL_INT, offsetof(conf, common.port), port_, 0, 65535, "port to listen on; 0 picks a free one", NULL },                                               \
    { "PORT_FILE", KL_STR, offsetof(conf, common.port_file), NULL, 0, 4096, "write the port here once it listens (tests)", NULL },                                        \
    { "API_TOKEN_FILE", KL_STR, offsetof(conf, common.token_file), NULL, 0, 4096, "file with the bearer token that every call but the health pages must carry", NULL },   \
    { "ALLOW_OPEN", KL_BOOL, offsetof(conf, common.allow_open), "no", 0, 0, "listen beyond loopback without a token", NULL },                                             \
    { "CORS_ORIGIN", KL_STR, offsetof(conf, common.cors_origin), NULL, 0, 255, "origin that browsers may call from, or *; unset: none", NULL },                           \
    { "LOG_LEVEL", KL_STR, offsetof(conf, common.log_level), "info", 0, 8, "debug, info, warn or error", NULL },                                                          \
    { "LOG_FORMAT", KL_STR, offsetof(conf, common.log_format), "text", 0, 8, "text or json", NULL },                                                                      \
    { "HTTP_THREADS", KL_INT, offsetof(conf, common.threads), "0", 0, 256, "threads that serve HTTP; 0: one a core", NULL },                                              \
    { "CONNECTIONS_MAX", KL_INT, offsetof(conf, common.connections_max), "10000", 1, 1000000, "connections at once; one more is closed", NULL },                          \
    { "IDLE_TIMEOUT", KL_MS, offsetof(conf, common.idle_timeout_ms), "1m", 10, 86400000, "how long a connection may stay open between requests", "SERVER_IDLE_TIMEOUT" }, \
    { "REQUEST_TIMEOUT", KL_MS, offsetof(conf, common.request_timeout_ms), "30s", 10, 86400000, "how long a request may take to arrive", "SERVER_READ_TIMEOUT" },          \
    { "LAME_DUCK", KL_MS, offsetof(conf, common.lame_duck_ms), "0", 0, 600000, "after SIGTERM: how long to keep serving while unready", NULL },                           \
    { "DRAIN", KL_MS, offsetof(conf, common.drain_ms), "5s", 0, 600000, "after that: how long to wait for requests in flight", "APP_SHUTDOWN_WAIT" }

/* One dependency's state for /readyz; called on an HTTP thread, must not block. Appends nothing when ready;
 * otherwise fills why (one sentence). */
struct kl_check {
    const char *name;                                     /* "kafka", "store" */
    bool (*ready)(void *ctx, char *why, size_t why_size);
};

struct kl_service {
    const char              *name;        /* "consumer" */
    const char              *binary;      /* "kafkloud-consumer" */
    const char              *about;       /* one line for --help */
    const char              *health_text; /* /_health, as in the earlier system: "OK!" */
    const struct kl_setting *settings;
    const struct kl_route   *routes;      /* its own; service.c adds /_health /livez /readyz /metrics /openapi.json */
    const struct kl_check   *checks;      /* ended by a row without name */
    const char              *openapi;     /* the JSON text, with openapi_len bytes */
    size_t                   openapi_len;
    void                    *ctx;         /* given to checks and to kl_request_ctx() */
    struct kl_service_conf  *common;
    bool                   (*gate)(struct kl_request *r);
    void                   (*every_answer)(struct kl_request *r); /* as in kl_http_conf */
};

/* Parses options and settings into conf (whose kl_service_conf is service->common), starts the log, blocks the
 * signals in all threads to come, raises RLIMIT_NOFILE. Exits itself for --help, --settings-markdown, --version,
 * --routes (METHOD path, a line each), --check-openapi (0: openapi.json and the routes agree; 1: names what one lacks),
 * --healthcheck (GET /readyz on the configured port: 0 ready, 1 not) and wrong settings (KL_EXIT_SETTING).
 * One service a process: it is kept until kl_service_end. */
void kl_service_begin(struct kl_service *service, int argc, char **argv, void *conf);

/* Starts HTTP, writes PORT_FILE, logs "listening". Failure: KL_EXIT_PORT or KL_EXIT_SETTING by err->code. */
KL_MUST_CHECK enum kl_code kl_service_serve(struct kl_service *service, struct kl_http **http, struct kl_error *err);

/* Blocks main until SIGTERM or SIGINT (KL_EXIT_OK) or kl_service_fail(). */
enum kl_exit kl_service_wait(void);

/* From any thread: end with this code. Logged once, here. The first one wins. */
void kl_service_fail(enum kl_exit code, const char *why);
bool kl_service_stopping(void);
/* Since kl_service_serve; 0 before it. */
int64_t kl_service_uptime_s(void);

/* readyz no; lame duck; refuse; wait for requests in flight, DRAIN at most.
 * From the first signal, or kl_service_fail, on, the process has LAME_DUCK + DRAIN + 10 s to end; then, or at a second
 * signal, it exits by itself (KL_EXIT_STUCK). */
void kl_service_wind_down(struct kl_service *service, struct kl_http *http);
/* Says what the shutdown does now (a constant: "closing the store"), for the line that tells where it stood. */
void kl_service_step(const char *what);

/* Logs the end, frees settings, returns the process's exit code. */
int kl_service_end(enum kl_exit code);

/* Compares a service's own routes with its openapi.json (JSON, len bytes) and prints a line on out for each path and
 * method that one of them lacks, or whose query takes other names than its route's (in the same order); the pages every service has may be left out there. Returns how many; -1: not JSON. */
int kl_service_check_openapi(const struct kl_route *routes, const char *openapi, size_t len, FILE *out);

#endif
