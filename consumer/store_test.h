/* store_test.h - a store in a directory of its own, and records for it, for the tests of the store and of its readers.
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

static char dir[TEST_DIR_BYTES], path[96];

static inline void place_make(void)
{
    test_dir_make(dir);
    snprintf(path, sizeof path, "%s/receipts.db", dir);
}

static inline void place_remove(void)
{
    test_dir_remove(dir);
}

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

static inline void store_begin_on(const char *cluster)
{
    struct kl_error err;
    bool contacted;

    store_conf.where = path;
    store_conf.batch_max = BATCH_MAX;
    if (!store_conf.retention_ms)
        store_conf.retention_ms = INT64_C(7) * 86400 * 1000;
    if (!store_conf.receipts_max)
        store_conf.receipts_max = 10000000;
    CU_ASSERT_EQUAL_FATAL(store_open(&store, &store_conf, &err), KL_OK);
    feed = store_feed(store);
    CU_ASSERT_EQUAL_FATAL(feed.cluster(feed.ctx, cluster, &contacted, &err), KL_OK);
    introduce(&orders, false);
    CU_ASSERT_EQUAL_FATAL(readers_open(&readers,
                                       &(struct readers_conf){ path, store_migrations(), store_keys(store), store_conf.retention_ms },
                                       &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(readers_take(readers, &reader, &err), KL_OK);
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
    store_conf = (struct store_conf){ .where = path };
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

/* Stores the gathered records, with the positions after them. */
static inline enum kl_code batch_store(struct kl_error *err)
{
    static struct kl_feed_position positions[RECORDS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < n_records; i++) {
        struct kl_feed_position at = { records[i].incarnation, records[i].message->partition, records[i].message->offset + 1, 0, 0 };
        size_t k = 0;

        while (k < n && (positions[k].incarnation != at.incarnation || positions[k].partition != at.partition))
            k++;
        positions[k] = at;
        n += k == n;
    }
    return feed.batch(feed.ctx, &(struct kl_feed_batch){ records, n_records, positions, n }, err);
}

static inline void batch(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(batch_store(&err), KL_OK);
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

static inline int64_t position_of(const struct kl_incarnation *inc, int32_t partition)
{
    struct kl_feed_position at = { .incarnation = inc, .partition = partition };
    struct kl_error err;
    enum kl_code code = feed.position(feed.ctx, &at, &err);

    CU_ASSERT(code == KL_OK || code == KL_NOT_FOUND);
    return code ? -1 : at.next;
}

static inline struct totals_view looked(void)
{
    struct totals_view view;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(totals_look(store_totals(store), kl_wall_us() / 1000000, &view, &err), KL_OK);
    return view;
}

#endif
