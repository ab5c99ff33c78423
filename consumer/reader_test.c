/* The store's reading side: pages, keys and latencies, each compared with the plain truth; on both kinds of store. */
#include "store_test.h"

#include "store_pg.h"

#define ROWS_MAX 200000

struct row { char topic[16]; char key[16]; int32_t partition; int64_t offset, consumed_us; };
static struct row truth[ROWS_MAX]; /* everything stored, in the order of consumption */
static size_t n_truth;

static void remember(void)
{
    for (size_t i = 0; i < n_records; i++) {
        const rd_kafka_message_t *m = records[i].message;
        struct row *row = &truth[n_truth++];

        *row = (struct row){ .partition = m->partition, .offset = m->offset, .consumed_us = records[i].fetched_us };
        snprintf(row->topic, sizeof row->topic, "%.15s", records[i].incarnation->topic);
        snprintf(row->key, sizeof row->key, "%.15s", m->key ? (const char *)m->key : "-");
    }
    batch();
    feed.upkeep(feed.ctx);
}

static struct kl_incarnation payments = { .topic = "payments", .partitions = 1 };

/* n records over two topics and five partitions, with keys that repeat, some null, and with gaps between offsets. */
static void store_some(size_t n, unsigned keys)
{
    static int64_t next[5];

    n_truth = 0;
    memset(next, 0, sizeof next);
    srand(7);
    introduce(&payments, false);
    while (n-- > 0) {
        int32_t partition = rand() % 5;
        char key[16];

        snprintf(key, sizeof key, "key-%u", (unsigned)rand() % keys);
        record_of(partition == 4 ? &payments : &orders, partition % 4, next[partition], rand() % 10 ? key : NULL)->has_id = false;
        next[partition] += rand() % 20 ? 1 : 50;
        if (n_records == 5000 || n == 0)
            remember();
    }
}

/* ---- pages against the truth ---- */

struct page { struct row rows[2000]; size_t n, stop_at; };

static bool on_receipt(void *ctx, const struct receipt *receipt)
{
    struct page *page = ctx;
    struct row *row = &page->rows[page->n];

    if (page->stop_at && page->n == page->stop_at)
        return false;
    *row = (struct row){ .partition = receipt->partition, .offset = receipt->offset, .consumed_us = receipt->consumed_us };
    snprintf(row->topic, sizeof row->topic, "%.15s", receipt->topic);
    if (receipt->key_bytes < 0)
        strcpy(row->key, "-");
    else
        snprintf(row->key, sizeof row->key, "%.*s", (int)receipt->key_bytes, receipt->key);
    page->n++;
    return true;
}

static bool wanted(const struct receipts_query *q, const struct row *row)
{
    if (q->topic && strcmp(q->topic, row->topic))
        return false;
    if (q->key && (strlen(row->key) != q->key_len || memcmp(row->key, q->key, q->key_len)))
        return false;
    return row->consumed_us >= q->since_us && row->consumed_us < q->until_us;
}

static bool same(const struct row *a, const struct row *b)
{
    return !strcmp(a->topic, b->topic) && !strcmp(a->key, b->key) && a->partition == b->partition && a->offset == b->offset;
}

/* Walks all pages and compares them with the truth; returns how many rows there were. */
static size_t pages_check(struct receipts_query q)
{
    static struct page page;
    struct kl_error err;
    size_t at = n_truth, total = 0;
    int64_t next;

    q.before = INT64_MAX;
    do {
        page.n = 0;
        CU_ASSERT_EQUAL_FATAL(reader_list(reader, &q, on_receipt, &page, &next, &err), KL_OK);
        CU_ASSERT(page.n <= (size_t)q.limit);
        for (size_t i = 0; i < page.n; i++, total++) {
            while (at-- > 0 && !wanted(&q, &truth[at]))
                ;
            CU_ASSERT_FATAL(at < n_truth);
            CU_ASSERT_FATAL(same(&page.rows[i], &truth[at]));
        }
        CU_ASSERT(next == 0 || next < q.before);
        q.before = next;
    } while (next);
    while (at-- > 0)
        CU_ASSERT(!wanted(&q, &truth[at]));
    return total;
}

static struct receipts_query query_of(const char *topic, const char *key, int limit)
{
    return (struct receipts_query){ .topic = topic, .key = key, .key_len = key ? strlen(key) : 0,
                                    .since_us = INT64_MIN, .until_us = INT64_MAX, .limit = limit };
}

static void reader_lists_everything_newest_first(void)
{
    begin();
    store_some(3000, 10);
    CU_ASSERT_EQUAL(pages_check(query_of(NULL, NULL, 1000)), 3000);
    CU_ASSERT_EQUAL(pages_check(query_of(NULL, NULL, 7)), 3000);
    end();
}

static void reader_lists_a_topic_across_its_partitions(void)
{
    begin();
    store_some(3000, 10);
    CU_ASSERT(pages_check(query_of("orders", NULL, 100)) > 2000);
    CU_ASSERT(pages_check(query_of("payments", NULL, 13)) > 300);
    CU_ASSERT_EQUAL(pages_check(query_of("nowhere", NULL, 100)), 0);
    end();
}

static void reader_finds_keys_in_runs_and_in_the_tail_alike(void)
{
    begin();
    store_some(150000, 3000); /* on SQLite two runs and a tail */
    CU_ASSERT(keys_behind(store_keys(store)) < KEYS_RUN);
    CU_ASSERT(on_pg || keys_behind(store_keys(store)) > 0);
    CU_ASSERT(pages_check(query_of(NULL, "key-17", 100)) > 20);
    CU_ASSERT(pages_check(query_of("payments", "key-18", 3)) > 1);
    CU_ASSERT_EQUAL(pages_check(query_of(NULL, "key-unheard-of", 100)), 0);
    end();
}

static void reader_finds_a_key_that_nearly_all_have(void)
{
    begin();
    store_some(100000, 1);
    CU_ASSERT(pages_check(query_of(NULL, "key-0", 1000)) > 85000);
    CU_ASSERT(pages_check(query_of("payments", "key-0", 1000)) > 10000);
    end();
}

static void reader_finds_keys_after_a_restart_and_after_retention(void)
{
    place_make();
    store_conf = (struct store_conf){ .where = where, .receipts_max = 90000 };
    store_begin();
    store_some(150000, 3000);
    store_end();
    store_begin();
    CU_ASSERT(keys_behind(store_keys(store)) < KEYS_RUN);
    while (store_counts(store).removed == 0 || n_truth - (size_t)store_counts(store).removed > 90000) {
        int64_t before = store_counts(store).removed;

        feed.upkeep(feed.ctx);
        if (store_counts(store).removed == before)
            break;
    }
    memmove(truth, truth + (n_truth - 90000), 90000 * sizeof *truth);
    n_truth = 90000;
    CU_ASSERT_EQUAL(pages_check(query_of(NULL, NULL, 1000)), 90000);
    CU_ASSERT(pages_check(query_of(NULL, "key-17", 100)) > 10);
    store_end();
    store_begin();
    CU_ASSERT(pages_check(query_of("orders", "key-19", 100)) > 10);
    end();
}

static void reader_lists_since_a_time(void)
{
    struct receipts_query q = query_of(NULL, NULL, 100);

    begin();
    store_some(3000, 10);
    q.since_us = truth[2000].consumed_us;
    CU_ASSERT(pages_check(q) < 1100); /* some share their microsecond */
    q.topic = "orders";
    CU_ASSERT(pages_check(q) > 500);
    q.key = "key-3";
    q.key_len = 5;
    CU_ASSERT(pages_check(q) > 20);
    q.since_us = INT64_MAX;
    CU_ASSERT_EQUAL(pages_check(q), 0);
    end();
}

static void reader_lists_until_a_time(void)
{
    struct receipts_query q = query_of(NULL, NULL, 100);

    begin();
    store_some(100000, 100); /* a run of keys, and a tail */
    q.since_us = truth[1000].consumed_us;
    q.until_us = truth[2000].consumed_us;
    CU_ASSERT(pages_check(q) < 1100); /* some share their microsecond */
    q.until_us = truth[90000].consumed_us;
    q.topic = "orders";
    CU_ASSERT(pages_check(q) > 50000);
    q.topic = NULL;
    q.key = "key-3";
    q.key_len = 5;
    CU_ASSERT(pages_check(q) > 500);
    q.until_us = truth[0].consumed_us;
    CU_ASSERT_EQUAL(pages_check(q), 0);
    end();
}

static void reader_ends_a_page_where_its_caller_is_full(void)
{
    struct receipts_query q = query_of("orders", NULL, 100);
    static struct page page;
    struct kl_error err;
    int64_t next;

    begin();
    store_some(200, 10);
    page.n = 0;
    page.stop_at = 10;
    q.before = INT64_MAX;
    CU_ASSERT_EQUAL(reader_list(reader, &q, on_receipt, &page, &next, &err), KL_OK);
    CU_ASSERT_EQUAL(page.n, 10);
    CU_ASSERT(next > 0);
    q.before = next;
    q.limit = 1000;
    page.stop_at = 0;
    CU_ASSERT_EQUAL(reader_list(reader, &q, on_receipt, &page, &next, &err), KL_OK);
    for (size_t i = 1; i < page.n; i++) /* nothing skipped, nothing twice: offsets of a partition fall */
        for (size_t k = 0; k < i; k++)
            CU_ASSERT(page.rows[k].partition != page.rows[i].partition || page.rows[k].offset > page.rows[i].offset);
    CU_ASSERT_EQUAL(next, 0);
    end();
}

static void reader_looks_at_a_bounded_number_for_one_page(void)
{
    struct receipts_query q = query_of("payments", "rare", 100);
    static struct page page;
    struct kl_error err;
    int64_t next;
    int pages = 0;

    begin();
    introduce(&payments, false);
    record_of(&payments, 0, 0, "rare");
    batch();
    for (int64_t at = 0; at < 5; at++)
        many(0, at * 10000, (at + 1) * 10000, "rare"); /* the same key in the other topic */
    q.before = INT64_MAX;
    page.n = page.stop_at = 0;
    do {
        CU_ASSERT_EQUAL_FATAL(reader_list(reader, &q, on_receipt, &page, &next, &err), KL_OK);
        q.before = next;
        pages++;
    } while (next);
    CU_ASSERT_EQUAL(page.n, 1);
    CU_ASSERT_EQUAL(pages, 3); /* 50,001 candidates */
    end();
}

/* Stores one more receipt for each that it is shown. */
static bool on_receipt_write(void *ctx, const struct receipt *receipt)
{
    many(receipt->partition, 1000000 + receipt->offset, 1000001 + receipt->offset, "late");
    return on_receipt(ctx, receipt);
}

static void reader_reads_one_state_while_the_store_is_written(void)
{
    struct receipts_query q = query_of("orders", NULL, 1000);
    static struct page page;
    struct kl_error err;
    int64_t next;

    begin();
    store_some(500, 10);
    q.before = INT64_MAX;
    page.n = page.stop_at = 0;
    CU_ASSERT_EQUAL(reader_list(reader, &q, on_receipt_write, &page, &next, &err), KL_OK);
    CU_ASSERT_EQUAL(next, 0);
    for (size_t i = 0; i < page.n; i++)
        CU_ASSERT(page.rows[i].offset < 1000000);
    end();
}

/* ---- latencies ---- */

struct minutes { int64_t at_s[10]; uint64_t count[10]; size_t n; };

static void on_minute(void *ctx, int64_t at_s, const struct kl_hist *hist)
{
    struct minutes *m = ctx;

    if (m->n < 10) {
        m->at_s[m->n] = at_s;
        m->count[m->n] = hist->total;
    }
    m->n++;
}

static void reader_merges_the_latencies_of_a_topics_lives_by_minute_and_hour(void)
{
    struct kl_incarnation again = { .topic = "orders", .partitions = 4 };
    struct minutes minutes = { .n = 0 }, hours = { .n = 0 };
    struct kl_hist all;
    struct kl_error err;
    int64_t now_s = kl_wall_us() / 1000000, from_s = now_s - 7200;
    uint64_t sum = 0;

    begin();
    introduce(&payments, false);
    many(0, 0, 10, "k");
    again.id = orders.id;
    introduce(&again, true);
    record_of(&again, 0, 0, "k");
    record_of(&payments, 0, 0, "k");
    batch();
    CU_ASSERT_EQUAL(reader_latency(reader, "orders", 60, from_s, &all, on_minute, &minutes, &err), KL_OK);
    CU_ASSERT_EQUAL(all.total, 11);
    CU_ASSERT(kl_hist_quantile(&all, 0.5) >= 1000);
    CU_ASSERT(minutes.n == 1 || minutes.n == 2); /* a minute may have ended meanwhile */
    for (size_t i = 0; i < minutes.n; i++)
        sum += minutes.count[i];
    CU_ASSERT_EQUAL(sum, 11);
    CU_ASSERT_EQUAL(minutes.at_s[0] % 60, 0);
    CU_ASSERT_EQUAL(reader_latency(reader, NULL, 3600, from_s, &all, on_minute, &hours, &err), KL_OK);
    CU_ASSERT_EQUAL(all.total, 12);
    CU_ASSERT_EQUAL(hours.at_s[0] % 3600, 0);
    CU_ASSERT_EQUAL(reader_latency(reader, NULL, 60, now_s + 120, &all, on_minute, &hours, &err), KL_OK);
    CU_ASSERT_EQUAL(all.total, 0);
    end();
}

/* ---- what is so on PostgreSQL alone ---- */

/* Records that were consumed so many days ago: their days' tables are dropped at the next upkeep. */
static void many_days_ago(int days, int64_t from, int64_t to)
{
    for (int64_t offset = from; offset < to; offset++) {
        record(0, offset, "old");
        records[n_records - 1].fetched_us -= days * STORE_PG_DAY_US;
    }
    batch();
}

static void reader_tells_what_retention_has_dropped(void)
{
    struct receipts_query q = query_of("orders", NULL, 100);
    static struct page page;
    struct kl_error err;
    int64_t next, deadline = kl_mono_us() + 20000000;

    begin();
    many_days_ago(9, 0, 10);
    many_days_ago(2, 10, 20);
    many(0, 20, 30, "new");
    CU_ASSERT_EQUAL(found_place("orders", 0, 3)->state, RECEIPT_CONSUMED);
    while (store_counts(store).removed == 0 && kl_mono_us() < deadline)
        feed.upkeep(feed.ctx);
    CU_ASSERT_EQUAL(found_place("orders", 0, 3)->state, RECEIPT_EXPIRED);
    CU_ASSERT_EQUAL(found_place("orders", 0, 12)->state, RECEIPT_CONSUMED);
    CU_ASSERT_EQUAL(found_place("orders", 0, 30)->state, RECEIPT_UNKNOWN);
    q.before = INT64_MAX;
    page.n = page.stop_at = 0;
    CU_ASSERT_EQUAL(reader_list(reader, &q, on_receipt, &page, &next, &err), KL_OK);
    CU_ASSERT_EQUAL(page.n, 20);
    CU_ASSERT_EQUAL(next, 0);
    end();
}

static void reader_finds_keys_across_days(void)
{
    begin();
    many_days_ago(3, 0, 50);
    many_days_ago(1, 50, 100);
    n_truth = 0;
    for (int64_t offset = 0; offset < 100; offset++)
        truth[n_truth++] = (struct row){ "orders", "old", 0, offset, 0 };
    CU_ASSERT_EQUAL(pages_check(query_of(NULL, "old", 30)), 100);
    CU_ASSERT_EQUAL(pages_check(query_of("orders", NULL, 30)), 100);
    CU_ASSERT_EQUAL(pages_check(query_of(NULL, NULL, 30)), 100);
    end();
}

static void reader_finds_many_ids_that_it_expects(void)
{
    struct kl_uuid ids[6];
    struct kl_error err;

    begin();
    kl_uuid7(&ids[1]); /* nobody's */
    ids[0] = record(0, 0, "a")->parsed.id;
    ids[2] = record(1, 0, "b")->parsed.id;
    ids[3] = ids[0]; /* asked for twice */
    ids[4] = record(2, 0, "c")->parsed.id;
    batch();
    kl_uuid7(&ids[5]);
    CU_ASSERT_EQUAL_FATAL(reader_expect(reader, ids, 6, &err), KL_OK);
    for (int i = 0; i < 6; i++) {
        const struct receipt *receipt = found_id(&ids[i]);

        CU_ASSERT(kl_uuid_equal(&receipt->id, &ids[i]));
        CU_ASSERT_EQUAL(receipt->state, i == 1 || i == 5 ? RECEIPT_UNKNOWN : RECEIPT_CONSUMED);
    }
    CU_ASSERT_EQUAL(found_id(&ids[2])->partition, 1); /* and one that was not announced */
    end();
}

/* ---- what others wait for ---- */

static struct waited waited_id(const struct kl_uuid *id, bool possibly)
{
    return (struct waited){ .by_id = true, .id = *id, .possibly = possibly };
}

static struct waited waited_place(const char *topic, int32_t partition, int64_t offset)
{
    struct waited w = { .partition = partition, .offset = offset };

    snprintf(w.topic, sizeof w.topic, "%s", topic);
    return w;
}

struct told { size_t ids, places; int64_t offset; struct kl_uuid id; };

static void on_known(void *ctx, const struct store_news *news)
{
    struct told *told = ctx;

    told->ids += news->has_id;
    told->places += !news->has_id;
    if (news->has_id)
        told->id = news->id;
    else
        told->offset = news->offset;
}

static struct told known_of(const struct waited *waited, size_t n)
{
    struct told told = { .ids = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(reader_known(reader, waited, n, on_known, &told, &err), KL_OK);
    return told;
}

static void reader_knows_which_of_those_waited_for_are_there(void)
{
    struct kl_uuid id, nobody, random = { { 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0x4d, 0xef, 0x80, 1, 2, 3, 4, 5, 6, 7 } };
    struct test_message *m;
    struct told told;

    begin();
    kl_uuid7(&nobody);
    id = record(0, 0, "k")->parsed.id;
    m = record(1, 5, "k");
    m->parsed.id = random; /* not of version 7: its table is another one */
    record_stamp(m);
    batch();
    told = known_of((struct waited[]){ waited_id(&nobody, true), waited_id(&id, false), waited_id(&random, false) }, 3);
    CU_ASSERT_EQUAL(told.ids, 2);
    told = known_of((struct waited[]){ waited_place("orders", 0, 1), waited_place("orders", 1, 5), waited_place("orders", 1, 4),
                                       waited_place("nowhere", 0, 0), waited_id(&nobody, false) }, 5);
    CU_ASSERT_EQUAL(told.places, 1);
    CU_ASSERT_EQUAL(told.offset, 5);
    CU_ASSERT_EQUAL(told.ids, 0);
    end();
}

static void reader_knows_failures_that_are_final_or_asked_for(void)
{
    static const char FAILED[] = "INSERT INTO kafkloud.failures (id, start, topic, part, number, accepted_us, failed_us, persisted, reason)"
                                 " VALUES ('%.36s', 7, 'orders', 0, 1, 1, 2, %d, 'why')";
    struct kl_uuid no, possibly;
    char text[KL_UUID_TEXT], sql[400];

    begin();
    kl_uuid7(&no);
    kl_uuid7(&possibly);
    kl_uuid_text(&no, text);
    snprintf(sql, sizeof sql, FAILED, text, 0);
    test_pg_exec(where, sql);
    kl_uuid_text(&possibly, text);
    snprintf(sql, sizeof sql, FAILED, text, 1);
    test_pg_exec(where, sql);
    CU_ASSERT_EQUAL(known_of((struct waited[]){ waited_id(&no, false) }, 1).ids, 1);
    CU_ASSERT_EQUAL(known_of((struct waited[]){ waited_id(&possibly, false) }, 1).ids, 0);
    CU_ASSERT_EQUAL(known_of((struct waited[]){ waited_id(&possibly, true) }, 1).ids, 1);
    end();
}

STORE_TESTS("reader",
            (T(reader_lists_everything_newest_first), T(reader_lists_a_topic_across_its_partitions),
             T(reader_finds_keys_in_runs_and_in_the_tail_alike), T(reader_finds_a_key_that_nearly_all_have),
             T(reader_lists_since_a_time), T(reader_lists_until_a_time), T(reader_ends_a_page_where_its_caller_is_full),
             T(reader_looks_at_a_bounded_number_for_one_page), T(reader_reads_one_state_while_the_store_is_written),
             T(reader_merges_the_latencies_of_a_topics_lives_by_minute_and_hour), T(reader_finds_many_ids_that_it_expects)),
            (T(reader_finds_keys_after_a_restart_and_after_retention)),
            (T(reader_tells_what_retention_has_dropped), T(reader_finds_keys_across_days),
             T(reader_knows_which_of_those_waited_for_are_there), T(reader_knows_failures_that_are_final_or_asked_for)))
