/* kafka_servers.h - the addresses of a cluster's brokers, as KAFKA_BOOTSTRAP_SERVERS has them: are they addresses?
 *
 * librdkafka takes a port of "bar" for 9092 and a missing host for localhost, and then waits for somebody to answer. */
#ifndef KL_KAFKA_SERVERS_H
#define KL_KAFKA_SERVERS_H

#include "err.h"

/* host:port, several with commas between; a host alone means port 9092, IPv6 stands in brackets, and a protocol may
 * come first (SASL_SSL://host:port). Asks no network. KL_INVALID: the field KAFKA_BOOTSTRAP_SERVERS, and what is right. */
KL_MUST_CHECK enum kl_code kl_kafka_servers_check(const char *list, struct kl_error *err);

#endif
