/* service.c - a service's life from its options to its exit code (service.h); the parts are in service_*.c. */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "service_internal.h"

#define DESCRIPTORS_SPARE 1024 /* beside CONNECTIONS_MAX: Kafka's, the store's, files */

extern char **environ;

/* One service a process; main's thread alone touches this. */
static struct {
    struct kl_route *routes;    /* the common ones, then the service's */
    const char      *token;
    const char      *port_file; /* written, to be removed */
    int64_t          started_us;
} self;

static _Noreturn void refuse_start(const struct kl_service *service, const struct kl_error *err)
{
    fprintf(stderr, "%s: %s\n", service->binary, err->text);
    exit(KL_EXIT_SETTING);
}

static enum kl_code start_log(const struct kl_service *service, struct kl_error *err)
{
    static const char *const LEVELS[] = { [KL_DEBUG] = "debug", [KL_INFO] = "info", [KL_WARN] = "warn", [KL_ERROR] = "error" };
    const struct kl_service_conf *conf = service->common;
    bool json = strcmp(conf->log_format, "json") == 0;

    if (!json && strcmp(conf->log_format, "text") != 0)
        return kl_fail_field(err, KL_INVALID, "LOG_FORMAT", "LOG_FORMAT: \"%s\" is neither text nor json", conf->log_format);
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++) {
        if (strcmp(conf->log_level, LEVELS[i]) == 0) {
            kl_log_init(service->name, (enum kl_level)i, json);
            return KL_OK;
        }
    }
    return kl_fail_field(err, KL_INVALID, "LOG_LEVEL", "LOG_LEVEL: \"%s\" is none of debug, info, warn, error", conf->log_level);
}

static void raise_descriptors(const struct kl_service_conf *conf)
{
    rlim_t want = (rlim_t)conf->connections_max + DESCRIPTORS_SPARE;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < want)
        kl_warn("fewer descriptors than CONNECTIONS_MAX needs: raise the limit (ulimit -n)", KL_I("limit", limit.rlim_cur), KL_I("needed", want));
}

void kl_service_begin(struct kl_service *service, int argc, char **argv, void *conf)
{
    enum kl_option option = kl_options_take(&argc, argv);
    struct kl_conf_source source = { argc, argv, environ, NULL };
    struct kl_error err;

    if (option != KL_OPTION_NONE && option != KL_OPTION_HEALTH)
        kl_options_obey(service, option);   /* needs no settings, so that a wrong one does not hide the help */
    if (kl_conf_load(service->settings, conf, &source, &err) || kl_options_address(service->common, &err))
        refuse_start(service, &err);
    if (option == KL_OPTION_HEALTH)
        kl_options_obey(service, option);
    if (start_log(service, &err) || kl_options_token(service->common, &self.token, &err))
        refuse_start(service, &err);
    self.started_us = kl_mono_us();
    kl_info("starting", KL_S("version", kl_version()), KL_I("pid", getpid()));
    raise_descriptors(service->common);
    if (!kl_signals_start(service->common->lame_duck_ms + service->common->drain_ms + KL_SHUTDOWN_SPARE_MS)) {
        kl_error("no thread for signals");
        exit(KL_EXIT_START);
    }
}

static size_t count_routes(const struct kl_route *routes)
{
    size_t n = 0;

    while (routes[n].method)
        n++;
    return n;
}

/* The common pages first: a service's prefix route (the portal's "/") must not hide them. The root last: there it is the page. */
static struct kl_route *join_routes(const struct kl_route *own)
{
    size_t common = count_routes(kl_health_routes), n = count_routes(own), root = count_routes(kl_root_routes);
    struct kl_route *routes = calloc(common + n + root + 1, sizeof *routes);

    if (routes) {
        memcpy(routes, kl_health_routes, common * sizeof *routes);
        memcpy(routes + common, own, n * sizeof *routes);
        memcpy(routes + common + n, kl_root_routes, root * sizeof *routes);
    }
    return routes;
}

/* Whole or not at all: whoever waits for the file reads it the moment it is there. */
static enum kl_code write_port_file(const char *path, int port, struct kl_error *err)
{
    char temporary[4200], text[16];
    int len = snprintf(text, sizeof text, "%d\n", port), fd;
    bool ok;

    snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ok = fd >= 0 && write(fd, text, (size_t)len) == len;
    if (fd >= 0)
        close(fd);
    if (ok && rename(temporary, path) == 0)
        return KL_OK;
    kl_fail_field(err, KL_INVALID, "PORT_FILE", "PORT_FILE: %s cannot be written: %s", path, strerror(errno));
    unlink(temporary);
    return KL_INVALID;
}

enum kl_code kl_service_serve(struct kl_service *service, struct kl_http **http, struct kl_error *err)
{
    const struct kl_service_conf *c = service->common;
    struct kl_http_conf conf = {
        .service = service->name, .address = c->address, .port = c->port, .threads = c->threads,
        .connections_max = c->connections_max, .idle_timeout_ms = c->idle_timeout_ms, .request_timeout_ms = c->request_timeout_ms,
        .token = self.token, .allow_open = c->allow_open, .cors_origin = c->cors_origin, .ctx = service->ctx, .gate = service->gate,
        .every_answer = service->every_answer,
    };
    enum kl_code code;

    *http = NULL;
    kl_health_init(service);
    conf.routes = self.routes = join_routes(service->routes);
    if (!self.routes)
        return kl_fail(err, KL_BROKEN, "no memory for the routes");
    code = kl_http_start(http, &conf, err);
    if (code == KL_OK && c->port_file) {
        code = write_port_file(c->port_file, kl_http_port(*http), err);
        if (code == KL_OK)
            self.port_file = c->port_file;
    }
    if (code) {
        kl_http_stop(*http);
        *http = NULL;
        return code;
    }
    kl_info("listening", KL_S("address", c->address), KL_I("port", kl_http_port(*http)), KL_I("ms", (kl_mono_us() - self.started_us) / 1000));
    return KL_OK;
}

void kl_service_wind_down(struct kl_service *service, struct kl_http *http)
{
    const struct kl_service_conf *conf = service->common;

    kl_service_step("serving as a lame duck");
    kl_http_lame_duck(http);
    if (conf->lame_duck_ms > 0)
        kl_sleep_ms(conf->lame_duck_ms);
    kl_service_step("waiting for requests in flight");
    if (!kl_http_refuse(http, conf->drain_ms))
        kl_warn("requests are still in flight after DRAIN", KL_I("drain_ms", conf->drain_ms));
    kl_service_step("closing its parts");
}

int kl_service_end(enum kl_exit code)
{
    kl_signals_end();
    if (self.port_file)
        unlink(self.port_file);
    kl_info("ended", KL_I("exit", code));
    free(self.routes);
    self.routes = NULL;
    kl_conf_free();
    return (int)code;
}
