/* kafka_conf.h - a librdkafka configuration from our settings and the KAFKA_* environment.
 *
 * KAFKA_BOOTSTRAP_SERVERS (earlier: KAFKA_BROKER, KAFKA_BROKERS) names the cluster. Every other KAFKA_<PROPERTY> sets
 * the librdkafka property of that name (KAFKA_SASL_USERNAME: sasl.username), checked in librdkafka's own table.
 * Refused by name: what would break a promise (the table `promised` in kafka_conf.c says which and why).
 * Warned about and left: unknown names. Ignored: values that start with tcp:// (Kubernetes injects them) and the names
 * that are settings of ours. Not thread-safe: call in main. */
#ifndef KL_KAFKA_CONF_H
#define KL_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "conf.h"
#include "err.h"

struct kl_kafka_conf {
    const char *bootstrap_servers;
    const char *client_id;
};
#define KL_KAFKA_SETTINGS(conf, client_id_)                                                                                                               \
    { "KAFKA_BOOTSTRAP_SERVERS", KL_STR, offsetof(conf, kafka.bootstrap_servers), "localhost:9092", 1, 4096, "host:port, comma separated", "KAFKA_BROKER" }, \
    { "KAFKA_CLIENT_ID", KL_STR, offsetof(conf, kafka.client_id), client_id_, 1, 249, "client id at the brokers", NULL }

enum kl_kafka_role { KL_KAFKA_PRODUCER, KL_KAFKA_CONSUMER };

struct kl_kafka_property { const char *name, *value; }; /* a row of what the caller sets; ended by a row without name */

/* Makes a configuration: librdkafka's defaults, then ours of the role, then `own`, then the environment's. own_names:
 * the service's settings table, so that its KAFKA_* names are not taken for properties. The caller owns *out until
 * rd_kafka_new takes it. KL_INVALID names the setting. librdkafka's log goes to log.h. */
KL_MUST_CHECK enum kl_code kl_kafka_conf_new(rd_kafka_conf_t **out, const struct kl_kafka_conf *conf,
                                             enum kl_kafka_role role, const struct kl_kafka_property *own,
                                             const struct kl_setting *own_names, struct kl_error *err);

/* Calls tell for each KAFKA_* variable that nobody knows and that is left out, most likely because it is misspelt. */
void kl_kafka_unknown(const struct kl_setting *own_names, void (*tell)(const char *name, void *ctx), void *ctx);

/* Our code for one of librdkafka's errors, with its text. */
enum kl_code kl_kafka_fail(struct kl_error *err, rd_kafka_resp_err_t error, const char *what);

#endif
