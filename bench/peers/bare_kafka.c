/* bare_kafka.c - the limit of our Kafka side: librdkafka alone in a loop.
 *
 * Idempotent, acks=all, linger 5 ms (a batch loop's best), values of 100 bytes, and one header of the size of
 * kafkloud-id, since a header is what costs librdkafka most. Usage: bare_kafka BROKERS TOPIC PARTITIONS RECORDS.
 * Prints: records seconds records_per_second. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long delivered, failed;

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *ctx)
{
    (void)rk, (void)ctx;
    if (m->err)
        failed++;
    else
        delivered++;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static const char header[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01 0199b6a27c10f3a8 1042000 1763776044000123";
    static const char *const settings[][2] = { { "enable.idempotence", "true" }, { "acks", "all" },
        { "linger.ms", "5" }, { "queue.buffering.max.messages", "1000000" }, { "queue.buffering.max.kbytes", "1000000" } };
    char value[100], why[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    long records, i;
    int partitions;
    double start;
    rd_kafka_t *rk;

    if (argc < 5)
        return fprintf(stderr, "usage: bare_kafka BROKERS TOPIC PARTITIONS RECORDS\n"), 64;
    partitions = atoi(argv[3]);
    records = atol(argv[4]);
    memset(value, 'v', sizeof value);
    for (size_t n = 0; n < sizeof settings / sizeof *settings; n++)
        rd_kafka_conf_set(conf, settings[n][0], settings[n][1], NULL, 0);
    rd_kafka_conf_set(conf, "bootstrap.servers", argv[1], NULL, 0);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!rk)
        return fprintf(stderr, "%s\n", why), 1;
    start = now();
    for (i = 0; i < records; i++) {
        rd_kafka_resp_err_t err;
        do {
            err = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(argv[2]), RD_KAFKA_V_PARTITION((int)(i % partitions)),
                                    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(value, sizeof value),
                                    RD_KAFKA_V_HEADER("kafkloud-id", header, sizeof header - 1), RD_KAFKA_V_END);
            rd_kafka_poll(rk, err == RD_KAFKA_RESP_ERR__QUEUE_FULL ? 10 : 0);
        } while (err == RD_KAFKA_RESP_ERR__QUEUE_FULL);
        if (err)
            return fprintf(stderr, "%s\n", rd_kafka_err2str(err)), 1;
    }
    while (delivered + failed < records)
        rd_kafka_poll(rk, 100);
    start = now() - start;
    printf("%ld %.3f %.0f\n", delivered, start, (double)delivered / start);
    rd_kafka_destroy(rk);
    return failed ? 1 : 0;
}
