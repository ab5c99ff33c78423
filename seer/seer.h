/* seer.h - the process's state and settings, as the endpoints see them.
 *
 * main.c fills one struct seer before the threads start and takes it apart after they have ended, so nothing in it
 * changes while requests run: what changes lives behind the pointers, each with its own lock. Handlers get it from
 * kl_request_ctx(), work that they hand over from its job (work.h). */
#ifndef SEER_H
#define SEER_H

#include <stdbool.h>
#include <stdint.h>

#include "kafka_conf.h"
#include "service.h"

struct embedder;
struct index;
struct kl_producer;
struct learner;
struct llm;
struct questions;
struct readers;
struct searcher;
struct work;

struct seer_conf {
    struct kl_service_conf common;
    struct kl_kafka_conf   kafka;

    /* the index (index.h) */
    const char *index_file;
    int64_t     messages_max, retention_ms;

    /* what comes in over HTTP */
    const char *load_dir;
    int64_t     document_max_bytes, uploads_max;

    /* what is learnt (learner.h) */
    const char *topics, *group_id, *existing_topics;
    const char *statement_topic, *question_topic, *answer_topic;
    int64_t     metadata_ms, batch_max;

    /* searching (search.h) */
    int64_t     searchers, searches_max;

    /* meaning (embedder.h) */
    const char *model_dir, *embeddings_url, *embeddings_model, *embeddings_key_file;
    int64_t     embeddings_timeout_ms;
    bool        vectors_stay;      /* the command line's: a question does not take over an index that another embedder made */

    /* wording (llm.h) */
    const char *llm_url, *llm_model, *llm_key_file;
    int64_t     llm_timeout_ms, llm_calls, llm_waiting_max;
};

extern const struct kl_setting seer_settings[]; /* conf.c */
extern struct seer_conf seer_conf;              /* what they became: main.c loads it, routes.c has a limit of it */
extern const struct kl_route seer_routes[];     /* routes.c */

struct seer {
    const struct seer_conf *conf;
    struct embedder  *embedder;        /* NULL: words alone */
    struct kl_error   embedder_why;    /* why it is NULL */
    struct index     *index;
    struct readers   *readers;
    struct searcher  *searcher;
    struct llm       *llm;             /* NULL: answers are the sources' own sentences */
    struct learner   *learner;
    struct questions *questions;
    struct kl_producer *producer;      /* writes answers; whoever asks the cluster borrows its handle */
    struct work      *searching, *loading, *cluster, *wording; /* wording NULL as llm is */
};

/* What the table cannot say. KL_INVALID names the setting. */
KL_MUST_CHECK enum kl_code seer_conf_check(const struct seer_conf *conf, struct kl_error *err);

/* A librdkafka configuration for one more client of the cluster. */
KL_MUST_CHECK enum kl_code seer_kafka_conf(const struct seer_conf *conf, enum kl_kafka_role role, rd_kafka_conf_t **out,
                                           struct kl_error *err);

/* What /metrics tells of the seer; s lives for ever. */
void seer_metrics_register(struct seer *s);

#endif
