/* steward.h - the process's state and settings, as the endpoints see them.
 *
 * main.c fills one struct steward before the threads start and takes it apart after they have ended, so
 * nothing in it changes while requests run: what changes lives behind the pointers, each with its own lock.
 * Handlers get it from kl_request_ctx(). */
#ifndef STEWARD_H
#define STEWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "kafka_conf.h"
#include "service.h"

struct admin;
struct browse_readers;
struct snapshot;
struct tracks;

struct steward_conf {
    struct kl_service_conf common;
    struct kl_kafka_conf   kafka;
    bool    read_only;
    int64_t call_timeout_ms, workers, calls_max; /* admin.h */
    int64_t snapshot_ms;                         /* snapshot.h */
    int64_t tracks_max;                          /* tracks.h */
    const char *own_group;
};

extern const struct kl_setting steward_settings[]; /* conf.c */
extern const struct kl_route steward_routes[];     /* routes.c */

struct steward {
    struct steward_conf conf;
    rd_kafka_t      *kafka;     /* every question to the cluster goes through it; any thread */
    rd_kafka_conf_t *client;    /* what one more client is made from, each its own copy (rd_kafka_conf_dup) */
    struct admin    *admin;
    struct snapshot *snapshot;
    struct tracks   *tracks;
    struct browse_readers *readers;
};

/* A librdkafka configuration for one more client of the cluster; own: as in kafka_conf.h, or NULL. */
KL_MUST_CHECK enum kl_code steward_kafka_conf(const struct steward_conf *conf, const struct kl_kafka_property *own,
                                              rd_kafka_conf_t **out, struct kl_error *err);

/* What /metrics tells of the cluster and of the calls to it; s lives for ever. */
void steward_metrics_register(struct steward *s);

/* Refuses every call that is neither GET, HEAD nor a dry run when READ_ONLY is set; false: it answered. */
bool steward_gate(struct kl_request *r);

#endif
