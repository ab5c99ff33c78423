/* kafka_conf.c - settings to librdkafka properties, and librdkafka's errors to ours.
 *
 * Nothing here keeps its own list of what librdkafka can do: a KAFKA_* name is offered to rd_kafka_conf_set, which knows.
 * What is kept are three short tables: what we set for a role, what would break a promise, and what an error means. */
#include "kafka_conf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_servers.h"
#include "log.h"

extern char **environ;

#define PREFIX            "KAFKA_"
#define BOOTSTRAP_DEFAULT "localhost:9092" /* as in KL_KAFKA_SETTINGS */
#define PROPERTY_MAX      128              /* librdkafka's longest name has 40 */

/* ---- what we set before anybody else ---- */

struct default_property {
    unsigned    roles; /* bits of ROLE() */
    const char *name, *value;
};
#define ROLE(role) (1u << (role))
#define BOTH       (ROLE(KL_KAFKA_PRODUCER) | ROLE(KL_KAFKA_CONSUMER))

static const struct default_property defaults[] = {
    { BOTH, "socket.nagle.disable", "true" },      /* a lone record must not wait for the ack of the one before */
    { BOTH, "socket.keepalive.enable", "true" },   /* a broker that vanished without a FIN is noticed */
    { BOTH, "reconnect.backoff.ms", "100" },
    { BOTH, "reconnect.backoff.max.ms", "1000" },  /* librdkafka's 10 s would be most of a delivery timeout */
    /* A broker that is started again elsewhere has another address, and what is sent to the old one is lost without a word.
     * librdkafka waits 30 s for it before it asks for the new one: twice a delivery timeout. TLS and SASL count too. */
    { BOTH, "socket.connection.setup.timeout.ms", "5000" },
    { BOTH, "log.connection.close", "false" },     /* idle closes are no news; failures are logged all the same */
    { ROLE(KL_KAFKA_PRODUCER), "enable.idempotence", "true" },
    { ROLE(KL_KAFKA_PRODUCER), "acks", "all" },
    { ROLE(KL_KAFKA_PRODUCER), "linger.ms", "20" }, /* only while a batch is handed over: kafka_producer.c */
    { ROLE(KL_KAFKA_PRODUCER), "max.in.flight", "5" },
    { ROLE(KL_KAFKA_CONSUMER), "enable.auto.commit", "false" },
    { ROLE(KL_KAFKA_CONSUMER), "enable.auto.offset.store", "false" },
    { ROLE(KL_KAFKA_CONSUMER), "allow.auto.create.topics", "false" },
};

/* ---- what nobody may set, and why ---- */

struct promise {
    unsigned    roles;
    const char *name, *why;
};

static const struct promise promised[] = {
    { BOTH, "bootstrap.servers", "KAFKA_BOOTSTRAP_SERVERS says it" },
    { BOTH, "metadata.broker.list", "KAFKA_BOOTSTRAP_SERVERS says it" },
    { BOTH, "client.id", "KAFKA_CLIENT_ID says it" },
    { BOTH, "enabled.events", "the service reads librdkafka's events itself" },
    { BOTH, "enabled_events", "the service reads librdkafka's events itself" },
    { ROLE(KL_KAFKA_PRODUCER), "acks", "a confirmed record is one that all in-sync replicas have" },
    { ROLE(KL_KAFKA_PRODUCER), "request.required.acks", "a confirmed record is one that all in-sync replicas have" },
    { ROLE(KL_KAFKA_PRODUCER), "enable.idempotence", "without it a retry may write a record twice" },
    { ROLE(KL_KAFKA_PRODUCER), "linger.ms", "batching adapts by itself, see docs/decisions/0001-adaptive-batching.md" },
    { ROLE(KL_KAFKA_PRODUCER), "queue.buffering.max.ms", "batching adapts by itself, see docs/decisions/0001-adaptive-batching.md" },
    { ROLE(KL_KAFKA_PRODUCER), "max.in.flight", "batching adapts by itself, see docs/decisions/0001-adaptive-batching.md" },
    { ROLE(KL_KAFKA_PRODUCER), "max.in.flight.requests.per.connection", "batching adapts by itself, see docs/decisions/0001-adaptive-batching.md" },
    { ROLE(KL_KAFKA_PRODUCER), "retries", "a record is tried until DELIVERY_TIMEOUT" },
    { ROLE(KL_KAFKA_PRODUCER), "message.send.max.retries", "a record is tried until DELIVERY_TIMEOUT" },
    { ROLE(KL_KAFKA_PRODUCER), "message.timeout.ms", "DELIVERY_TIMEOUT says it" },
    { ROLE(KL_KAFKA_PRODUCER), "delivery.timeout.ms", "DELIVERY_TIMEOUT says it" },
    { ROLE(KL_KAFKA_PRODUCER), "delivery.report.only.error", "every answer is a delivery report" },
    { ROLE(KL_KAFKA_PRODUCER), "message.max.bytes", "RECORD_MAX_BYTES says it" },
    { ROLE(KL_KAFKA_PRODUCER), "queue.buffering.max.messages", "RECORDS_IN_FLIGHT_MAX says it" },
    { ROLE(KL_KAFKA_PRODUCER), "queue.buffering.max.kbytes", "BYTES_IN_FLIGHT_MAX says it" },
    { ROLE(KL_KAFKA_PRODUCER), "queuing.strategy", "records must reach the log in the order of their numbers" },
    { ROLE(KL_KAFKA_PRODUCER), "transactional.id", "the service does not write in transactions" },
    { ROLE(KL_KAFKA_PRODUCER), "partitioner", "the service chooses the partition, as Java's clients do" },
    { ROLE(KL_KAFKA_CONSUMER), "enable.auto.commit", "offsets live in the store, with what they led to" },
    { ROLE(KL_KAFKA_CONSUMER), "auto.commit.enable", "offsets live in the store, with what they led to" },
    { ROLE(KL_KAFKA_CONSUMER), "enable.auto.offset.store", "offsets live in the store, with what they led to" },
    { ROLE(KL_KAFKA_CONSUMER), "auto.offset.reset", "the store says where reading goes on" },
    { ROLE(KL_KAFKA_CONSUMER), "enable.partition.eof", "the service reads librdkafka's events itself" },
    { ROLE(KL_KAFKA_CONSUMER), "allow.auto.create.topics", "reading must not create topics" },
    { ROLE(KL_KAFKA_CONSUMER), "partition.assignment.strategy", "while partitions move between consumers the others are read on" },
};

/* KAFKA_* names that are no librdkafka properties and nobody's mistake: settings of other services of ours, of the
 * earlier systems, of Kafka's own scripts, and what Kubernetes injects for a Service named kafka. */
static const char *const not_properties[] = {
    "KAFKA_CLIENT_ID", "KAFKA_BROKER", "KAFKA_BROKERS", "KAFKA_PORT", "KAFKA_HOME", "KAFKA_TOPICS", "KAFKA_GROUP_ID", "KAFKA_WAIT_TIMEOUT",
    "KAFKA_TRANSACTION_TIMEOUT", "KAFKA_HEAP_OPTS", "KAFKA_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_SERVICE_HOST",
    "KAFKA_SERVICE_PORT", "KAFKA_LOG4J_OPTS",
};

static const struct promise *promise_of(enum kl_kafka_role role, const char *property)
{
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        if ((promised[i].roles & ROLE(role)) && !strcmp(promised[i].name, property))
            return &promised[i];
    return NULL;
}

static bool injected_by_kubernetes(const char *name, const char *value)
{
    return !strncmp(value, "tcp://", 6) || !strncmp(name, "KAFKA_PORT_", 11) || !strncmp(name, "KAFKA_SERVICE_PORT_", 19);
}

static bool is_setting(const struct kl_setting *settings, const char *name)
{
    for (; settings && settings->name; settings++)
        if (!strcmp(settings->name, name) || (settings->old && !strcmp(settings->old, name)))
            return true;
    for (size_t i = 0; i < sizeof not_properties / sizeof *not_properties; i++)
        if (!strcmp(not_properties[i], name))
            return true;
    return false;
}

static int log_level(int syslog_level)
{
    /* librdkafka calls a refused connection an error, and copes by trying again: so a warning of ours. */
    return syslog_level <= 2 ? KL_ERROR : syslog_level <= 4 ? KL_WARN : syslog_level <= 6 ? KL_INFO : KL_DEBUG;
}

static void log_line(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)rk;
    kl_log(log_level(level), "librdkafka", (struct kl_field[]){ KL_S("facility", facility), KL_S("text", text), { .name = NULL } });
}

static enum kl_code set(rd_kafka_conf_t *kafka, const char *name, const char *value, struct kl_error *err)
{
    char why[160];

    if (rd_kafka_conf_set(kafka, name, value, why, sizeof why) != RD_KAFKA_CONF_OK)
        return kl_fail_field(err, KL_INVALID, name, "librdkafka's %s: %s", name, why);
    return KL_OK;
}

static const char separators[] = { '.', '_' };

/* KAFKA_SASL_USERNAME is sasl.username; KAFKA_LOG_LEVEL is log_level, one of the few with an underscore. */
static void property_name(char out[PROPERTY_MAX], const char *name, char separator)
{
    size_t i;

    name += strlen(PREFIX);
    for (i = 0; name[i] && i < PROPERTY_MAX - 1; i++)
        out[i] = name[i] == '_' ? separator : (char)tolower((unsigned char)name[i]);
    out[i] = 0;
}

/* One variable of the environment that starts with KAFKA_ and is no setting of ours. */
static enum kl_code set_from_environment(rd_kafka_conf_t *kafka, enum kl_kafka_role role, const char *name,
                                         const char *value, struct kl_error *err)
{
    char property[PROPERTY_MAX], why[160];

    for (size_t i = 0; i < sizeof separators; i++) {
        const struct promise *p;
        rd_kafka_conf_res_t res;

        property_name(property, name, separators[i]);
        p = promise_of(role, property);
        if (p)
            return kl_fail_field(err, KL_INVALID, name, "%s may not be set: %s", name, p->why);
        res = rd_kafka_conf_set(kafka, property, value, why, sizeof why);
        if (res == RD_KAFKA_CONF_OK)
            return KL_OK;
        if (res == RD_KAFKA_CONF_INVALID)
            return kl_fail_field(err, KL_INVALID, name, "%s: %s", name, why);
    }
    kl_warn("setting is not known to librdkafka, left out", KL_S("name", name));
    return KL_OK;
}

/* The next variable of *at that is meant for librdkafka: its name and value; false: there is none left. */
static bool next_property(char ***at, const struct kl_setting *own_names, char name[PROPERTY_MAX], const char **value)
{
    while (**at) {
        const char *variable = *(*at)++;
        const char *equals = strchr(variable, '=');

        if (!equals || strncmp(variable, PREFIX, strlen(PREFIX)) || equals - variable >= PROPERTY_MAX)
            continue;
        snprintf(name, PROPERTY_MAX, "%.*s", (int)(equals - variable), variable);
        *value = equals + 1;
        if (!is_setting(own_names, name) && !injected_by_kubernetes(name, *value))
            return true;
    }
    return false;
}

static enum kl_code read_environment(rd_kafka_conf_t *kafka, enum kl_kafka_role role, const struct kl_setting *own_names,
                                     struct kl_error *err)
{
    char name[PROPERTY_MAX];
    const char *value;
    enum kl_code code = KL_OK;

    for (char **at = environ; !code && next_property(&at, own_names, name, &value);)
        code = set_from_environment(kafka, role, name, value, err);
    return code;
}

static bool is_property(rd_kafka_conf_t *scratch, const char *name, const char *value)
{
    char property[PROPERTY_MAX], why[160];

    for (size_t i = 0; i < sizeof separators; i++) {
        property_name(property, name, separators[i]);
        if (rd_kafka_conf_set(scratch, property, value, why, sizeof why) != RD_KAFKA_CONF_UNKNOWN)
            return true;
    }
    return false;
}

void kl_kafka_unknown(const struct kl_setting *own_names, void (*tell)(const char *name, void *ctx), void *ctx)
{
    rd_kafka_conf_t *scratch = rd_kafka_conf_new(); /* to look a name up is to set it: rd_kafka_conf_get knows none that is unset */
    char name[PROPERTY_MAX];
    const char *value;

    for (char **at = environ; next_property(&at, own_names, name, &value);)
        if (!is_property(scratch, name, value))
            tell(name, ctx);
    rd_kafka_conf_destroy(scratch);
}

/* KAFKA_BROKERS is a second earlier name of KAFKA_BOOTSTRAP_SERVERS, and a setting's row holds but one: it counts when
 * nothing else says where the cluster is. */
static const char *bootstrap_servers(const struct kl_kafka_conf *conf)
{
    const char *brokers = getenv("KAFKA_BROKERS");

    if (!brokers || !*brokers || getenv("KAFKA_BOOTSTRAP_SERVERS") || getenv("KAFKA_BROKER") ||
        strcmp(conf->bootstrap_servers, BOOTSTRAP_DEFAULT) != 0)
        return conf->bootstrap_servers;
    return brokers;
}

static enum kl_code set_all(rd_kafka_conf_t *kafka, const struct kl_kafka_conf *conf, enum kl_kafka_role role,
                            const struct kl_kafka_property *own, const struct kl_setting *own_names, struct kl_error *err)
{
    enum kl_code code = kl_kafka_servers_check(bootstrap_servers(conf), err);

    for (size_t i = 0; !code && i < sizeof defaults / sizeof *defaults; i++)
        if (defaults[i].roles & ROLE(role))
            code = set(kafka, defaults[i].name, defaults[i].value, err);
    if (!code)
        code = set(kafka, "bootstrap.servers", bootstrap_servers(conf), err);
    if (!code)
        code = set(kafka, "client.id", conf->client_id, err);
    for (; !code && own && own->name; own++)
        code = set(kafka, own->name, own->value, err);
    return code ? code : read_environment(kafka, role, own_names, err);
}

enum kl_code kl_kafka_conf_new(rd_kafka_conf_t **out, const struct kl_kafka_conf *conf, enum kl_kafka_role role,
                               const struct kl_kafka_property *own, const struct kl_setting *own_names, struct kl_error *err)
{
    rd_kafka_conf_t *kafka = rd_kafka_conf_new();
    enum kl_code code;

    rd_kafka_conf_set_log_cb(kafka, log_line);
    code = set_all(kafka, conf, role, own, own_names, err);
    if (code) {
        rd_kafka_conf_destroy(kafka);
        return code;
    }
    *out = kafka;
    return KL_OK;
}

/* ---- errors ---- */

struct meaning {
    rd_kafka_resp_err_t error;
    enum kl_code        code;
    const char         *field; /* of our input; NULL: none is wrong */
};

static const struct meaning meanings[] = {
    { RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, KL_NOT_FOUND, "topic" },
    { RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, KL_NOT_FOUND, "topic" },
    { RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, KL_NOT_FOUND, "partition" },
    { RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, KL_CONFLICT, "topic" },
    { RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, KL_INVALID, "topic" },
    { RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR_INVALID_CONFIG, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR_POLICY_VIOLATION, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, KL_INVALID, "timestamp_ms" },
    { RD_KAFKA_RESP_ERR_INVALID_RECORD, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR_INVALID_MSG, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR__INVALID_ARG, KL_INVALID, NULL },
    { RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, KL_TOO_LARGE, "value" },
    { RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, KL_TOO_LARGE, "value" },
    { RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, KL_FORBIDDEN, "topic" },
    { RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, KL_FORBIDDEN, NULL },
    { RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, KL_FORBIDDEN, NULL },
    { RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, KL_FORBIDDEN, NULL },
    { RD_KAFKA_RESP_ERR__QUEUE_FULL, KL_BUSY, NULL },
    { RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, KL_BUSY, NULL },
    { RD_KAFKA_RESP_ERR__PURGE_QUEUE, KL_BUSY, NULL },
    { RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__TIMED_OUT, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__TRANSPORT, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__RESOLVE, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR__WAIT_COORD, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_NOT_COORDINATOR, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, KL_TIMEOUT, NULL },
    { RD_KAFKA_RESP_ERR_NOT_CONTROLLER, KL_TIMEOUT, NULL },
};

enum kl_code kl_kafka_fail(struct kl_error *err, rd_kafka_resp_err_t error, const char *what)
{
    const struct meaning *m = NULL;

    for (size_t i = 0; !m && i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].error == error)
            m = &meanings[i];
    if (m && m->field)
        return kl_fail_field(err, m->code, m->field, "%s: %s (%s)", what, rd_kafka_err2str(error), rd_kafka_err2name(error));
    return kl_fail(err, m ? m->code : KL_UPSTREAM, "%s: %s (%s)", what, rd_kafka_err2str(error), rd_kafka_err2name(error));
}
