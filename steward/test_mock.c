#include "test_mock.h"

#include <string.h>

#include "group.h"
#include "log.h"
#include "test.h"

void mock_open(struct mock *m)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    memset(m, 0, sizeof *m);
    kl_log_init("test", KL_ERROR, false);
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", NULL, 0);
    rd_kafka_conf_set(conf, "reconnect.backoff.max.ms", "100", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
    group_client_conf(conf);
    m->steward.kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m->steward.kafka);
    m->cluster = rd_kafka_handle_mock_cluster(m->steward.kafka);
    m->steward.conf.call_timeout_ms = 2000;
}

static bool is_ready(void *mock)
{
    char why[256];

    return snapshot_ready(((struct mock *)mock)->steward.snapshot, why, sizeof why);
}

void mock_look(struct mock *m, int64_t interval_ms)
{
    struct snapshot_conf conf = { .kafka = m->steward.kafka, .interval_ms = interval_ms, .timeout_ms = m->steward.conf.call_timeout_ms };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(snapshot_start(&m->steward.snapshot, &conf, &err), KL_OK);
    CU_ASSERT_TRUE_FATAL(mock_until(is_ready, m));
}

void mock_serve(struct mock *m)
{
    struct admin_conf admin = { .steward = &m->steward, .workers = 2, .calls_max = 10, .timeout_ms = m->steward.conf.call_timeout_ms };
    struct kl_http_conf http = { .service = "test", .address = "127.0.0.1", .threads = 2, .ctx = &m->steward, .routes = steward_routes,
                                 .gate = steward_gate };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(admin_open(&m->steward.admin, &admin, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(kl_http_start(&m->http, &http, &err), KL_OK);
}

int mock_port(const struct mock *m)
{
    return kl_http_port(m->http);
}

void mock_close(struct mock *m)
{
    if (m->http) {
        kl_http_refuse(m->http, MOCK_WAIT_MS);
        admin_end(m->steward.admin);
    }
    if (m->steward.snapshot)
        snapshot_stop(m->steward.snapshot);
    kl_http_stop(m->http);
    admin_close(m->steward.admin);
    snapshot_free(m->steward.snapshot);
    rd_kafka_destroy(m->steward.kafka);
}

void mock_produce(struct mock *m, const char *topic, int32_t partition, int n)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_topic_t *handle;
    rd_kafka_t *producer;

    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(m->cluster), NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    handle = rd_kafka_topic_new(producer, topic, NULL);
    for (int i = 0; i < n; i++) {
        char value[] = "value";

        CU_ASSERT_EQUAL(rd_kafka_produce(handle, partition, RD_KAFKA_MSG_F_COPY, value, sizeof value - 1, NULL, 0, NULL), 0);
    }
    CU_ASSERT_EQUAL(rd_kafka_flush(producer, MOCK_WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_topic_destroy(handle);
    rd_kafka_destroy(producer);
}

bool mock_until(bool (*holds)(void *ctx), void *ctx)
{
    int64_t end_us = kl_mono_us() + MOCK_WAIT_MS * INT64_C(1000);

    while (!holds(ctx)) {
        if (kl_mono_us() >= end_us)
            return false;
        kl_sleep_ms(5);
    }
    return true;
}
