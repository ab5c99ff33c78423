/* store_test.h - a store of its own, and records for it, for the tests of the store and of its readers. They run over both
 * kinds of store (STORE_TESTS): a file in a directory, and a database on a server of the program's own.
 *
 * A message is librdkafka's public struct, filled by hand; what librdkafka keeps behind it (headers, timestamp) it is
 * asked for through functions, and this test program brings its own. Included once a program. */
#ifndef STORE_TEST_H
#define STORE_TEST_H

#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "readers.h"
#include "store.h"
#include "test.h"
#include "test_dir.h"
#include "test_pg.h"

#define BATCH_MAX   10000
#define RECORDS_MAX BATCH_MAX

struct test_message {
    rd_kafka_message_t   message; /* first: librdkafka's functions get this */
    bool                 has_id;
    char                 id[KL_MESSAGE_ID_MAX + 1];
    size_t               id_len;
    const char          *copied_id;    /* a header kafkloud-id before the other; NULL: none */
    int64_t              timestamp_ms; /* -1: none */
    char                 key[32], value[8];
    struct kl_message_id parsed;
};

static struct test_message messages[RECORDS_MAX];
static struct kl_feed_record records[RECORDS_MAX];
static size_t n_records;

rd_kafka_resp_err_t rd_kafka_message_headers(const rd_kafka_message_t *m, rd_kafka_headers_t **headers)
{
    *headers = (rd_kafka_headers_t *)m;
    return ((const struct test_message *)m)->has_id ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR__NOENT;
}

rd_kafka_resp_err_t rd_kafka_header_get_all(const rd_kafka_headers_t *headers, size_t at, const char **name, const void **value,
                                            size_t *size)
{
    const struct test_message *m = (const struct test_message *)headers;

    if (at > (m->copied_id ? 1 : 0))
        return RD_KAFKA_RESP_ERR__NOENT;
    *name = KL_MESSAGE_ID_HEADER;
    *value = at == 0 && m->copied_id ? m->copied_id : m->id;
    *size = at == 0 && m->copied_id ? strlen(m->copied_id) : m->id_len;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

int64_t rd_kafka_message_timestamp(const rd_kafka_message_t *m, rd_kafka_timestamp_type_t *type)
{
    int64_t ms = ((const struct test_message *)m)->timestamp_ms;

    *type = ms < 0 ? RD_KAFKA_TIMESTAMP_NOT_AVAILABLE : RD_KAFKA_TIMESTAMP_CREATE_TIME;
    return ms;
}

/* ---- a place ---- */

static bool on_pg; /* which kind of store the tests are about */
static char dir[TEST_DIR_BYTES], where[TEST_PG_URL_BYTES];

static inline void place_make(void)
{
    if (on_pg) {
        test_pg_database(where);
        return;
    }
    test_dir_make(dir);
    snprintf(where, sizeof where, "%s/receipts.db", dir);
}

static inline void place_remove(void)
{
    if (!on_pg) /* the server's directory goes with the program */
        test_dir_remove(dir);
}

static inline int on_pg_begin(void)
{
    on_pg = true;
    return test_pg_begin();
}

/* A program of tests for both kinds, for SQLite alone, and for PostgreSQL alone: each a list in parentheses. */
#define STORE_TESTS(suite, both, sqlite, pg)                                                                 \
    static const struct kl_test tests_of_both[] = { STORE_TESTS_LIST both { NULL, NULL } };                  \
    static const struct kl_test tests_of_sqlite[] = { STORE_TESTS_LIST sqlite { NULL, NULL } };              \
    static const struct kl_test tests_of_pg[] = { STORE_TESTS_LIST pg { NULL, NULL } };                      \
    int main(int argc, char **argv)                                                                          \
    {                                                                                                        \
        const char *only = argc > 1 ? argv[1] : NULL;                                                        \
        kl_tests_begin();                                                                                    \
        kl_suite_add(suite " of either kind, on SQLite", NULL, NULL, tests_of_both, only);                   \
        kl_suite_add(suite " on SQLite", NULL, NULL, tests_of_sqlite, only);                                 \
        kl_suite_add(suite " of either kind, on PostgreSQL", on_pg_begin, test_pg_end, tests_of_both, only); \
        kl_suite_add(suite " on PostgreSQL", on_pg_begin, test_pg_end, tests_of_pg, only);                   \
        return kl_tests_run();                                                                               \
    }
#define STORE_TESTS_LIST(...) __VA_ARGS__ __VA_OPT__(,)

/* ---- a store ---- */

static struct store *store;
static struct kl_feed_store feed;
static struct readers *readers;
static struct reader *reader;
static struct kl_incarnation orders = { .topic = "orders", .partitions = 4 };
static struct store_conf store_conf;

static inline void introduce(struct kl_incarnation *inc, bool made_again)
{
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(feed.topic(feed.ctx, inc, made_again, &err), KL_OK);
}

/* Readers of PostgreSQL connect behind: the first one is there a moment later. */
static inline void reader_take(void)
{
    int64_t deadline = kl_mono_us() + 20000000;
    struct kl_error err;
    enum kl_code code;

    while ((code = readers_take(readers, &reader, &err)) == KL_BUSY && kl_mono_us() < deadline)
        kl_sleep_ms(1);
    CU_ASSERT_EQUAL_FATAL(code, KL_OK);
}

static inline void store_begin_on(const char *cluster)
{
    struct readers_conf readers_conf = { .store = where, .migrations = store_migrations(), .connections = 2 };
    struct kl_error err;
    bool contacted;

    store_conf.where = where;
    store_conf.batch_max = BATCH_MAX;
    if (!store_conf.retention_ms)
        store_conf.retention_ms = INT64_C(7) * 86400 * 1000;
    if (!store_conf.receipts_max)
        store_conf.receipts_max = 10000000;
    CU_ASSERT_EQUAL_FATAL(store_open(&store, &store_conf, &err), KL_OK);
    feed = store_feed(store);
    CU_ASSERT_EQUAL_FATAL(feed.cluster(feed.ctx, cluster, &contacted, &err), KL_OK);
    introduce(&orders, false);
    readers_conf.keys = store_keys(store);
    readers_conf.retention_ms = store_conf.retention_ms;
    CU_ASSERT_EQUAL_FATAL(readers_open(&readers, &readers_conf, &err), KL_OK);
    reader_take();
}

static inline void store_begin(void)
{
    store_begin_on("cluster-1");
}

static inline void store_end(void)
{
    readers_give(readers, reader);
    readers_close(readers);
    store_close(store);
}

static inline void begin(void)
{
    place_make();
    store_conf = (struct store_conf){ .where = where };
    store_begin();
}

static inline void end(void)
{
    store_end();
    place_remove();
}

/* ---- records ---- */

/* One more record for the next batch, as the producer makes them; the caller may change it. */
static inline struct test_message *record_of(const struct kl_incarnation *inc, int32_t partition, int64_t offset, const char *key)
{
    struct test_message *m = &messages[n_records];

    CU_ASSERT_FATAL(n_records < RECORDS_MAX);
    *m = (struct test_message){ .has_id = true, .timestamp_ms = kl_wall_us() / 1000 };
    kl_uuid7(&m->parsed.id);
    m->parsed.start = 7;
    m->parsed.number = offset + 1;
    m->parsed.accepted_us = kl_wall_us() - 1000;
    m->id_len = kl_message_id_write(&m->parsed, m->id);
    strcpy(m->value, "value");
    if (key) {
        snprintf(m->key, sizeof m->key, "%s", key);
        m->message.key = m->key;
        m->message.key_len = strlen(m->key);
    }
    m->message.partition = partition;
    m->message.offset = offset;
    m->message.payload = m->value;
    m->message.len = 5;
    records[n_records++] = (struct kl_feed_record){ &m->message, inc, kl_wall_us() };
    return m;
}

static inline struct test_message *record(int32_t partition, int64_t offset, const char *key)
{
    return record_of(&orders, partition, offset, key);
}

/* After the caller has changed m->parsed. */
static inline void record_stamp(struct test_message *m)
{
    m->id_len = kl_message_id_write(&m->parsed, m->id);
}

static struct kl_feed_position positions[RECORDS_MAX];
static size_t n_positions;

static inline int64_t position_of(const struct kl_incarnation *inc, int32_t partition)
{
    struct kl_feed_position at = { .incarnation = inc, .partition = partition };
    struct kl_error err;
    enum kl_code code = feed.position(feed.ctx, &at, &err);

    CU_ASSERT(code == KL_OK || code == KL_NOT_FOUND);
    return code ? -1 : at.next;
}

/* The positions after the records that are there. */
static inline void positions_gather(void)
{
    n_positions = 0;
    for (size_t i = 0; i < n_records; i++) {
        struct kl_feed_position at = { records[i].incarnation, records[i].message->partition, records[i].message->offset + 1, .from = -1 };
        size_t k = 0;

        while (k < n_positions && (positions[k].incarnation != at.incarnation || positions[k].partition != at.partition))
            k++;
        at.from = k == n_positions ? position_of(at.incarnation, at.partition) : positions[k].from;
        positions[k] = at;
        n_positions += k == n_positions;
    }
}

/* The same batch again, as the feed does. */
static inline enum kl_code batch_try(struct kl_error *err)
{
    return feed.batch(feed.ctx, &(struct kl_feed_batch){ records, n_records, positions, n_positions }, err);
}

static inline enum kl_code batch_store(struct kl_error *err)
{
    positions_gather();
    return batch_try(err);
}

static inline void batch(void)
{
    struct kl_error err;

    enum kl_code code = batch_store(&err);

    if (code)
        printf("    a batch was refused: %s\n", err.text);
    CU_ASSERT_EQUAL_FATAL(code, KL_OK);
    n_records = 0;
}

/* Consecutive records of one partition, all with this key. */
static inline void many(int32_t partition, int64_t from, int64_t to, const char *key)
{
    for (int64_t offset = from; offset < to; offset++) {
        record(partition, offset, key);
        if (n_records == RECORDS_MAX)
            batch();
    }
    if (n_records)
        batch();
}

/* ---- questions ---- */

static inline const struct receipt *found_id(const struct kl_uuid *id)
{
    const struct receipt *receipt = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(reader_find_id(reader, id, &receipt, &err), KL_OK);
    return receipt;
}

static inline const struct receipt *found_place(const char *topic, int32_t partition, int64_t offset)
{
    const struct receipt *receipt = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(reader_find_place(reader, topic, partition, offset, &receipt, &err), KL_OK);
    return receipt;
}

static inline struct totals_view looked(void)
{
    struct totals_view view;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(totals_look(store_totals(store), kl_wall_us() / 1000000, &view, &err), KL_OK);
    return view;
}

#endif
