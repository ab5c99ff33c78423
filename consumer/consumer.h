/* consumer.h - the process's state and settings, as the endpoints see them.
 *
 * main.c fills one struct consumer before the threads start and takes it apart after they have ended, so
 * nothing in it changes while requests run: what changes lives behind the pointers, each with its own lock.
 * Handlers get it from kl_request_ctx(). */
#ifndef CONSUMER_H
#define CONSUMER_H

#include <stdbool.h>
#include <stdint.h>

#include "kafka_conf.h"
#include "live.h"
#include "service.h"

struct kl_feed;
struct kl_timers;
struct readers;
struct readings;
struct store;
struct waiters;
struct watch;

#define STORE_URL_MAX 4000

struct consumer_conf {
    struct kl_service_conf common;
    struct kl_kafka_conf   kafka;

    /* what is read (kafka_feed.h) */
    const char *topics, *group_id, *existing_topics;
    int64_t     metadata_ms, batch_max; /* batch_max: records a transaction */

    /* the store (store.h) */
    const char *store_file;       /* or its URL; STORE, or after consumer_conf_read_store() the line of STORE_FILE */
    const char *store_url_file;
    char        store_url[STORE_URL_MAX + 2]; /* and the line's end */
    int64_t     retention_ms, receipts_max;
    int64_t     store_connections; /* for reading, with PostgreSQL */

    int64_t     waiters_max; /* GET /status/{id}?wait= (waiters.h) */

    struct live_conf live; /* GET /consume: live.h, whose LIVE_SETTINGS(struct consumer_conf) makes the rows */
};

extern const struct kl_setting consumer_settings[]; /* conf.c */
extern const struct kl_route consumer_routes[];     /* routes.c */

struct consumer {
    const struct consumer_conf *conf;
    struct kl_timers *timers;
    struct store     *store;
    struct readers   *readers;   /* connections to the store, for whoever reads */
    struct readings  *readings;  /* who reads for the HTTP threads */
    struct waiters   *waiters;
    struct live      *live;
    struct kl_feed   *feed;

    /* where several consumers share the store; else NULL */
    struct watch     *watch;     /* tells of what the others store */
    struct kl_feed   *live_feed; /* what live streams read */
};

/* STORE_FILE's line takes STORE's place. KL_INVALID: it cannot be read, or is no line of that length. */
KL_MUST_CHECK enum kl_code consumer_conf_read_store(struct consumer_conf *conf, struct kl_error *err);

/* What the table cannot say. KL_INVALID names the setting. */
KL_MUST_CHECK enum kl_code consumer_conf_check(const struct consumer_conf *conf, struct kl_error *err);

/* Do several consumers share the store, and the topics' partitions? So it is with PostgreSQL. */
bool consumer_shares(const struct consumer_conf *conf);

/* A librdkafka configuration for one more client of the cluster. */
KL_MUST_CHECK enum kl_code consumer_kafka_conf(const struct consumer_conf *conf, rd_kafka_conf_t **out, struct kl_error *err);

/* What /metrics tells of the receipts; c lives for ever. */
void consumer_metrics_register(struct consumer *c);

#endif
