/* test_mock.h - for tests: a steward on librdkafka's mock cluster, with one broker. The mock cluster knows metadata and the
 * logs' ends; it has no admin operations. */
#ifndef STEWARD_TEST_MOCK_H
#define STEWARD_TEST_MOCK_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h> /* after rdkafka.h, which it does not include */

#include "admin.h"
#include "clock.h"
#include "http.h"
#include "snapshot.h"
#include "steward.h"

#define MOCK_WAIT_MS 20000

struct mock {
    struct steward           steward;
    rd_kafka_mock_cluster_t *cluster;
    struct kl_http          *http;
};

void mock_open(struct mock *m);      /* the client and its cluster */
void mock_look(struct mock *m, int64_t interval_ms); /* and the snapshot, whose first look is over */
void mock_serve(struct mock *m);     /* and workers and HTTP, with the steward's own routes and gate */
int  mock_port(const struct mock *m);
void mock_close(struct mock *m);

/* Writes n records into a partition, and waits until they are there. */
void mock_produce(struct mock *m, const char *topic, int32_t partition, int n);
/* Waits until the condition holds; false: it did not within MOCK_WAIT_MS. */
bool mock_until(bool (*holds)(void *ctx), void *ctx);

#endif
