/* table.c - see table.h. */
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define TEXT_MAX_BYTES (128 * 1024) /* the kernel's own limit for one string of execve() */

/* What every service of ours is told. DRAIN is shorter than stop_ms, so that it ends by itself in time. */
#define OURS(port, drain) "SERVER_ADDR=127.0.0.1", "SERVER_PORT=${" port "}", "DRAIN=" drain
#define WITH_KAFKA "KAFKA_BOOTSTRAP_SERVERS=${kafka}"
#define AT(field)  offsetof(struct stack_conf, field)

const struct service services[SERVICES_MAX + 1] = {
    { "streamer", "KAFKA_PORT", AT(kafka_port), READY_KAFKA, .needs = NULL, .ready_ms = 60000, .stop_ms = 3000,
      .argv = { "${root}/streamer/streamer", "run", "--home", "${home}", "--port", "${streamer_port}" } },
    { "producer", "PRODUCER_PORT", AT(producer_port), READY_HTTP, .needs = "streamer", .ready_ms = 30000, .stop_ms = 1500,
      .argv = { "${bin}/kafkloud-producer" }, .env = { OURS("producer_port", "1s"), WITH_KAFKA } },
    { "consumer", "CONSUMER_PORT", AT(consumer_port), READY_HTTP, .needs = "streamer", .ready_ms = 30000, .stop_ms = 1800,
      .argv = { "${bin}/kafkloud-consumer" },
      .env = { OURS("consumer_port", "1s"), WITH_KAFKA, "STORE=${home}/consumer/receipts.db" } },
    { "steward", "STEWARD_PORT", AT(steward_port), READY_HTTP, .needs = "streamer", .ready_ms = 30000, .stop_ms = 1000,
      .argv = { "${bin}/kafkloud-steward" }, .env = { OURS("steward_port", "500ms"), WITH_KAFKA } },
    { "seer", "SEER_PORT", AT(seer_port), READY_HTTP, .needs = "streamer", .ready_ms = 30000, .stop_ms = 1500,
      .argv = { "${bin}/kafkloud-seer" },
      .env = { OURS("seer_port", "500ms"), WITH_KAFKA, "INDEX=${home}/seer/index.db", "MODEL_DIR=${root}/build/model-potion-base-8M" } },
    { "portal", "PORTAL_PORT", AT(portal_port), READY_HTTP, .needs = NULL, .ready_ms = 10000, .stop_ms = 1000,
      .argv = { "${bin}/kafkloud-portal" },
      .env = { OURS("portal_port", "700ms"), "UI_DIR=${root}/portal/ui/dist", "PRODUCER_URL=http://127.0.0.1:${producer_port}",
               "CONSUMER_URL=http://127.0.0.1:${consumer_port}", "STEWARD_URL=http://127.0.0.1:${steward_port}",
               "SEER_URL=http://127.0.0.1:${seer_port}" } },
};

/* Ports by the name they have in the table's texts. */
static const struct {
    const char *name;
    size_t      at;
} ports[] = {
    { "streamer_port", AT(kafka_port) },    { "producer_port", AT(producer_port) }, { "consumer_port", AT(consumer_port) },
    { "steward_port", AT(steward_port) }, { "seer_port", AT(seer_port) },         { "portal_port", AT(portal_port) },
};

static int64_t port_at(const struct stack_conf *conf, size_t at)
{
    return *(const int64_t *)((const char *)conf + at);
}

int64_t service_port(const struct service *s, const struct stack_conf *conf)
{
    return port_at(conf, s->port_at);
}

void service_kafka_address(const struct stack_conf *conf, char *out, size_t size)
{
    if (conf->bootstrap_servers)
        snprintf(out, size, "%s", conf->bootstrap_servers);
    else
        snprintf(out, size, "127.0.0.1:%" PRId64, conf->kafka_port);
}

static void add_value(struct kl_buf *out, const char *name, size_t len, const struct stack_conf *conf)
{
    char kafka[4096 + 1];
    const struct { const char *name, *value; } texts[] = {
        { "root", conf->root }, { "bin", conf->bin }, { "home", conf->home }, { "kafka", kafka },
    };
    size_t i;

    service_kafka_address(conf, kafka, sizeof kafka);
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strlen(texts[i].name) == len && memcmp(texts[i].name, name, len) == 0) {
            kl_buf_adds(out, texts[i].value);
            return;
        }
    for (i = 0; i < sizeof ports / sizeof ports[0]; i++)
        if (strlen(ports[i].name) == len && memcmp(ports[i].name, name, len) == 0) {
            kl_buf_addi(out, port_at(conf, ports[i].at));
            return;
        }
    kl_assert(!"a name that the table's texts may use");
}

char *service_expand(const char *text, const struct stack_conf *conf)
{
    struct kl_buf out;
    const char *name, *end;
    char *whole;

    kl_buf_init(&out, TEXT_MAX_BYTES);
    while ((name = strstr(text, "${"))) {
        kl_buf_add(&out, text, (size_t)(name - text));
        name += 2;
        end = strchr(name, '}');
        kl_assert(end != NULL);
        add_value(&out, name, (size_t)(end - name), conf);
        text = end + 1;
    }
    kl_buf_adds(&out, text);
    whole = out.failed ? NULL : kl_buf_take(&out);
    kl_buf_fini(&out);
    return whole;
}

void strings_free(char **strings)
{
    size_t i;

    if (!strings)
        return;
    for (i = 0; strings[i]; i++)
        free(strings[i]);
    free(strings);
}

char **service_argv(const struct service *s, const struct stack_conf *conf)
{
    char **argv = calloc(ARGS_MAX + 1, sizeof *argv);
    size_t i;

    for (i = 0; argv && i < ARGS_MAX && s->argv[i]; i++) {
        argv[i] = service_expand(s->argv[i], conf);
        if (!argv[i]) {
            strings_free(argv);
            return NULL;
        }
    }
    return argv;
}

/* Ours and make's own: a service would warn of them, or all would write the same file. */
static const char *const not_for_services[] = {
    "KAFKA_PORT", "PRODUCER_PORT", "CONSUMER_PORT", "STEWARD_PORT", "SEER_PORT", "PORTAL_PORT", "KAFKLOUD_HOME", "KAFKLOUD_ROOT",
    "KAFKLOUD_BIN", "KAFKA_BROKER", "KAFKA_BROKERS", "SERVER_PORT", "SERVER_ADDR", "PORT_FILE", "SERVICE", "LINES", "FOLLOW",
    "END_WITH_PARENT", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", NULL,
};

static size_t name_len(const char *row)
{
    return strcspn(row, "=");
}

static bool same_name(const char *row, const char *other)
{
    return name_len(row) == name_len(other) && memcmp(row, other, name_len(row)) == 0;
}

static bool among(const char *row, const char *const *rows, size_t max)
{
    size_t i;

    for (i = 0; i < max && rows[i]; i++)
        if (same_name(row, rows[i]))
            return true;
    return false;
}

char **service_env(const struct service *s, const struct stack_conf *conf, char *const *own)
{
    size_t n = 0;
    size_t i;
    char **env;

    while (own[n])
        n++;
    env = calloc(n + ENV_MAX + 1, sizeof *env);
    if (!env)
        return NULL;
    for (n = 0, i = 0; own[i]; i++) {
        if (among(own[i], not_for_services, SIZE_MAX) || among(own[i], s->env, ENV_MAX))
            continue;
        env[n] = strdup(own[i]);
        if (!env[n++])
            goto no_memory;
    }
    for (i = 0; i < ENV_MAX && s->env[i]; i++) {
        env[n] = service_expand(s->env[i], conf);
        if (!env[n++])
            goto no_memory;
    }
    return env;
no_memory:
    strings_free(env);
    return NULL;
}
