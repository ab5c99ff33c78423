/* index_batch_test.c - see index.h: what comes from Kafka, batch by batch: each message once, whatever happens in between.
 *
 * A message is librdkafka's public struct, filled by hand; what librdkafka keeps behind it (headers, timestamp) it is asked
 * for through functions, and this test program brings its own. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fault.h"
#include "message_id.h"
#include "test_index.h"

#define RECORDS_MAX 500

struct test_message {
    rd_kafka_message_t message;   /* first: librdkafka's functions get this */
    char               key[32], value[512];
    char               header[32], header_value[KL_MESSAGE_ID_MAX + 1];
    int64_t            timestamp_ms;
};

static struct test_message messages[RECORDS_MAX];
static struct kl_feed_record records[RECORDS_MAX];
static size_t n_records;
static struct kl_feed_store feed;

rd_kafka_resp_err_t rd_kafka_message_headers(const rd_kafka_message_t *m, rd_kafka_headers_t **headers)
{
    *headers = (rd_kafka_headers_t *)m;
    return *((const struct test_message *)m)->header ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR__NOENT;
}

rd_kafka_resp_err_t rd_kafka_header_get_all(const rd_kafka_headers_t *headers, size_t at, const char **name, const void **value,
                                            size_t *size)
{
    const struct test_message *m = (const struct test_message *)headers;

    if (at > 0)
        return RD_KAFKA_RESP_ERR__NOENT;
    *name = m->header;
    *value = m->header_value;
    *size = strlen(m->header_value);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_header_get_last(const rd_kafka_headers_t *headers, const char *name, const void **value, size_t *size)
{
    const struct test_message *m = (const struct test_message *)headers;

    if (strcmp(m->header, name))
        return RD_KAFKA_RESP_ERR__NOENT;
    *value = m->header_value;
    *size = strlen(m->header_value);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

int64_t rd_kafka_message_timestamp(const rd_kafka_message_t *m, rd_kafka_timestamp_type_t *type)
{
    *type = RD_KAFKA_TIMESTAMP_CREATE_TIME;
    return ((const struct test_message *)m)->timestamp_ms;
}

/* ---- topics and records ---- */

static struct kl_incarnation orders, questions, answers, statements;

static void introduce(struct kl_incarnation *inc, const char *topic, bool made_again)
{
    struct kl_error err;

    snprintf(inc->topic, sizeof inc->topic, "%s", topic);
    inc->partitions = 4;
    CU_ASSERT_EQUAL_FATAL(feed.topic(feed.ctx, inc, made_again, &err), KL_OK);
}

static void feed_open(void)
{
    struct kl_error err;
    bool contacted;

    n_records = 0;
    feed = index_feed(test_x);
    CU_ASSERT_EQUAL_FATAL(feed.cluster(feed.ctx, "cluster-1", &contacted, &err), KL_OK);
    introduce(&orders, "orders", false);
    introduce(&questions, "seer-question", false);
    introduce(&answers, "seer-answer", false);
    introduce(&statements, "seer-statement", false);
}

static void begin(void)
{
    test_begin();
    feed_open();
}

static void again(void)
{
    test_close();
    test_open();
    feed_open();
}

static struct test_message *record(const struct kl_incarnation *inc, int32_t partition, int64_t offset, const char *value)
{
    struct test_message *m = &messages[n_records];

    CU_ASSERT_FATAL(n_records < RECORDS_MAX);
    *m = (struct test_message){ .timestamp_ms = kl_wall_us() / 1000 };
    snprintf(m->value, sizeof m->value, "%s", value);
    m->message.partition = partition;
    m->message.offset = offset;
    m->message.payload = m->value;
    m->message.len = strlen(m->value);
    records[n_records++] = (struct kl_feed_record){ &m->message, inc, kl_wall_us() };
    return m;
}

static void header_set(struct test_message *m, const char *name, const char *value)
{
    snprintf(m->header, sizeof m->header, "%s", name);
    snprintf(m->header_value, sizeof m->header_value, "%s", value);
}

static enum kl_code store(struct kl_error *err)
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

static void batch(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(store(&err), KL_OK);
    n_records = 0;
}

static int64_t position_of(const struct kl_incarnation *inc, int32_t partition)
{
    struct kl_feed_position at = { .incarnation = inc, .partition = partition };
    struct kl_error err;
    enum kl_code code = feed.position(feed.ctx, &at, &err);

    CU_ASSERT(code == KL_OK || code == KL_NOT_FOUND);
    return code ? -1 : at.next;
}

/* ---- messages ---- */

static struct reader_document seen;
static char seen_source[64], seen_topic[64], seen_id[64];

static void passage_see(void *ctx, const struct reader_passage *p)
{
    (void)ctx;
    seen = p->document;
    snprintf(seen_source, sizeof seen_source, "%s", p->document.source);
    snprintf(seen_topic, sizeof seen_topic, "%s", p->document.topic ? p->document.topic : "");
    snprintf(seen_id, sizeof seen_id, "%s", p->document.message_id ? p->document.message_id : "");
}

static size_t look(const char *words)
{
    struct reader_hit hits[10];
    struct catalog_filter filter;
    struct kl_error err;
    size_t n, missing;

    CU_ASSERT_EQUAL(catalog_filter(index_catalog(test_x), NULL, NULL, INT64_MIN, &filter, &err), KL_OK);
    CU_ASSERT_EQUAL(reader_words(test_reader, words, strlen(words), &filter, hits, 10, &n, &err), KL_OK);
    CU_ASSERT_EQUAL(reader_passages(test_reader, &hits[0].passage, n ? 1 : 0, passage_see, NULL, &missing, &err), KL_OK);
    return n;
}

static void a_message_is_found_with_where_it_stands(void)
{
    char header[KL_MESSAGE_ID_MAX + 1] = "", id[KL_UUID_TEXT + 1] = "";
    struct kl_message_id parsed = { .start = 7, .number = 1, .accepted_us = 1 };
    struct test_message *m;

    begin();
    kl_uuid7(&parsed.id);
    kl_uuid_text(&parsed.id, id);
    kl_message_id_write(&parsed, header);
    m = record(&orders, 3, 42, "{\"customer\": {\"name\": \"Rostova\"}}");
    m->timestamp_ms = 1763776044000;
    header_set(m, KL_MESSAGE_ID_HEADER, header);
    batch();
    CU_ASSERT_EQUAL(look("rostova"), 1);
    CU_ASSERT_STRING_EQUAL(seen_source, "orders/3/42");
    CU_ASSERT_STRING_EQUAL(seen_topic, "orders");
    CU_ASSERT_STRING_EQUAL(seen_id, id);
    CU_ASSERT_EQUAL(seen.kind, INDEX_MESSAGE);
    CU_ASSERT_EQUAL(seen.partition, 3);
    CU_ASSERT_EQUAL(seen.offset, 42);
    CU_ASSERT_EQUAL(seen.time_ms, 1763776044000);
    CU_ASSERT_EQUAL(position_of(&orders, 3), 43);
    CU_ASSERT_EQUAL(position_of(&orders, 2), -1);
    test_integrity();
    test_end();
}

static void what_is_not_text_is_counted_and_passed_over(void)
{
    struct test_message *m;

    begin();
    record(&orders, 0, 0, "");
    m = record(&orders, 0, 1, "\x01\x02\xff");
    m->message.len = 3;
    m = record(&orders, 0, 2, "");
    m->message.payload = NULL;
    record(&orders, 0, 3, "plain words");
    batch();
    CU_ASSERT_EQUAL(look("plain"), 1);
    CU_ASSERT_EQUAL(index_counts(test_x).not_text, 3);
    CU_ASSERT_EQUAL(index_counts(test_x).messages, 1);
    CU_ASSERT_EQUAL(position_of(&orders, 0), 4);
    CU_ASSERT_EQUAL(test_number("SELECT skipped FROM incarnations WHERE topic = 'orders'"), 3);
    test_end();
}

static void a_message_that_comes_again_is_not_doubled(void)
{
    begin();
    record(&orders, 0, 5, "elephants");
    batch();
    record(&orders, 0, 5, "elephants");
    record(&orders, 0, 6, "giraffes");
    batch();
    CU_ASSERT_EQUAL(look("elephants"), 1);
    CU_ASSERT_EQUAL(look("giraffes"), 1);
    CU_ASSERT_EQUAL(index_counts(test_x).doubled, 1);
    test_integrity();
    test_end();
}

static void a_topic_made_again_begins_anew(void)
{
    int64_t before;

    begin();
    record(&orders, 0, 0, "elephants");
    batch();
    before = orders.id;
    introduce(&orders, "orders", true);
    CU_ASSERT(orders.id != before);
    CU_ASSERT_EQUAL(position_of(&orders, 0), -1);
    record(&orders, 0, 0, "giraffes");
    batch();
    CU_ASSERT_EQUAL(look("elephants"), 1);
    CU_ASSERT_EQUAL(look("giraffes"), 1);
    test_end();
}

static void a_message_read_before_its_topic_was_seen_to_be_made_again_moves_over(void)
{
    struct kl_incarnation old;
    int64_t at_ms = kl_wall_us() / 1000;

    begin();
    record(&orders, 0, 0, "elephants")->timestamp_ms = at_ms;
    batch(); /* its position's mark is 0: behind it everything may have been the new log */
    old = orders;
    introduce(&orders, "orders", true);
    record(&orders, 0, 0, "elephants")->timestamp_ms = at_ms;
    batch();
    CU_ASSERT(old.id != orders.id);
    CU_ASSERT_EQUAL(look("elephants"), 1);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 1);
    test_end();
}

static void a_failed_batch_can_come_again(void)
{
    bool hit = true, stands = false;
    struct kl_error err;

    begin();
    record(&orders, 0, 0, "giraffes");
    record(&orders, 1, 0, "{\"animals\": [\"giraffes\", \"lions\"]}");
    for (long n = 0; hit && n < 1000; n++) {
        enum kl_code code;

        kl_fault_begin(n);
        code = store(&err);
        hit = kl_fault_end();
        CU_ASSERT(code == KL_OK || code == KL_BUSY);
        stands |= !code;
        CU_ASSERT_EQUAL(look("giraffes"), stands ? 2 : 0);
    }
    CU_ASSERT_EQUAL(position_of(&orders, 1), 1);
    test_integrity();
    test_end();
}

static void the_oldest_messages_go_when_there_are_too_many(void)
{
    char word[32];

    begin();
    test_put("kept.txt", "A document is no message: elephants stay.");
    for (int64_t offset = 0; offset < 1500; offset++) {
        snprintf(word, sizeof word, "number%" PRId64, offset);
        record(&orders, 0, offset, word);
        if (n_records == RECORDS_MAX)
            batch();
    }
    test_upkeep();
    CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).message_passages, 1000);
    CU_ASSERT_EQUAL(look("number499"), 0);
    CU_ASSERT_EQUAL(look("number500"), 1);
    CU_ASSERT_EQUAL(look("elephants"), 1);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM passages"), 1001);
    test_integrity();
    test_end();
}

static void long_messages_go_as_fast_as_they_come(void)
{
    enum { BATCHES = 3, MESSAGES = 8, PASSAGES = 1000 };
    char *text = test_text(PASSAGES, 0);
    int64_t one = 0;

    begin();
    for (int i = 0; i < BATCHES; i++) {
        for (int k = 0; k < MESSAGES; k++) {
            struct test_message *m = record(&orders, 0, i * MESSAGES + k, "");

            m->message.payload = text;
            m->message.len = strlen(text);
        }
        batch();
        if (!one)
            one = test_number("SELECT count(*) FROM passages");
        feed.upkeep(feed.ctx);
    }
    CU_ASSERT(one >= MESSAGES * PASSAGES);
    CU_ASSERT(test_number("SELECT count(*) FROM passages") < 2 * one);
    free(text);
    test_end();
}

static void messages_go_when_they_are_too_old(void)
{
    begin();
    test_close();
    test_conf.retention_ms = 1;
    test_open();
    feed_open();
    record(&orders, 0, 0, "elephants");
    batch();
    kl_sleep_ms(3); /* so that it is older than a millisecond */
    test_upkeep();
    CU_ASSERT_EQUAL(look("elephants"), 0);
    CU_ASSERT_EQUAL(position_of(&orders, 0), 1);
    test_end();
}

struct weights { double common, rare; };

static void weigh(void *ctx, const struct reader_term *t)
{
    struct weights *w = ctx;

    *(strcmp(t->term, "event") ? &w->rare : &w->common) = t->weight;
}

static void a_word_that_nearly_all_messages_have_is_searched_too(void)
{
    struct weights w = { .common = -1 };
    struct kl_error err;
    char value[64];

    begin();
    test_close();
    test_conf.messages_max = 20000;
    test_open();
    feed_open();
    for (int64_t offset = 0; offset < 12000; offset++) { /* more than are counted */
        snprintf(value, sizeof value, offset == 11000 ? "an event at bezique" : "event number%" PRId64, offset);
        record(&orders, 0, offset, value);
        if (n_records == RECORDS_MAX)
            batch();
    }
    CU_ASSERT_EQUAL(look("event"), 10);
    CU_ASSERT_EQUAL(look("which event was at bezique"), 10);
    CU_ASSERT_STRING_EQUAL(seen_source, "orders/0/11000");
    CU_ASSERT_EQUAL(reader_terms(test_reader, "event bezique", 13, weigh, &w, &err), KL_OK);
    CU_ASSERT(w.common >= 0 && w.common < 0.1);
    CU_ASSERT(w.rare > 5);
    test_end();
}

/* ---- topics that are chosen ---- */

static void what_is_learnt_is_kept(void)
{
    struct index_learning l;
    struct kl_error err;

    begin();
    CU_ASSERT_EQUAL(index_learn_first(test_x, "orders,^pay.*", true, &err), KL_OK);
    CU_ASSERT_EQUAL(index_learn_first(test_x, "others", false, &err), KL_OK);
    again();
    CU_ASSERT_EQUAL(index_learning(test_x, &l, &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(l.chosen, "orders,^pay.*");
    CU_ASSERT_STRING_EQUAL(l.topics, "orders,^pay.*,seer-statement,seer-question,seer-answer");
    CU_ASSERT(l.existing_from_end && !l.all);
    index_learning_fini(&l);
    CU_ASSERT_EQUAL(index_learn(test_x, NULL, false, &err), KL_OK);
    CU_ASSERT_EQUAL(index_learning(test_x, &l, &err), KL_OK);
    CU_ASSERT(l.all && !l.topics && !l.chosen);
    index_learning_fini(&l);
    CU_ASSERT_EQUAL(index_learn(test_x, "^[", false, &err), KL_INVALID);
    test_end();
}

static bool contacted(void)
{
    struct kl_error err;
    bool yes;

    CU_ASSERT_EQUAL(feed.cluster(feed.ctx, "cluster-1", &yes, &err), KL_OK);
    return yes;
}

static void a_topic_chosen_from_its_beginning_is_learnt_again_without_doubling(void)
{
    struct kl_error err;

    begin();
    CU_ASSERT_EQUAL(feed.contacted(feed.ctx, &err), KL_OK);
    record(&orders, 0, 0, "elephants");
    record(&statements, 0, 0, "said");
    batch();
    CU_ASSERT_EQUAL(index_learn(test_x, "payments, orders", true, &err), KL_OK);
    CU_ASSERT(!contacted());
    CU_ASSERT_EQUAL(position_of(&orders, 0), -1);
    CU_ASSERT_EQUAL(position_of(&statements, 0), 1);
    record(&orders, 0, 0, "elephants");
    batch();
    CU_ASSERT_EQUAL(look("elephants"), 1);
    CU_ASSERT_EQUAL(test_number("SELECT value FROM state WHERE name = 'existing_from_end'"), 0);
    test_end();
}

static void a_topic_chosen_from_its_end_goes_on_only_when_it_was_learnt(void)
{
    struct kl_error err;

    begin();
    record(&orders, 0, 0, "elephants");
    batch();
    CU_ASSERT_EQUAL(index_learn(test_x, "^ord", false, &err), KL_OK);
    CU_ASSERT_EQUAL(position_of(&orders, 0), 1); /* all were learnt before */
    CU_ASSERT_EQUAL(index_learn(test_x, "payments", false, &err), KL_OK);
    CU_ASSERT_EQUAL(index_learn(test_x, "payments,orders", false, &err), KL_OK);
    CU_ASSERT_EQUAL(position_of(&orders, 0), -1);
    CU_ASSERT_EQUAL(test_number("SELECT value FROM state WHERE name = 'existing_from_end'"), 1);
    test_end();
}

/* They are read whatever is chosen, so no choice makes a new start of them: what waits in them would be passed over. */
static void topics_of_ours_go_on_whatever_is_chosen(void)
{
    struct kl_error err;

    begin();
    record(&statements, 0, 0, "said");
    record(&questions, 0, 0, "asked?");
    batch();
    CU_ASSERT_EQUAL(index_learn(test_x, "payments", false, &err), KL_OK);
    CU_ASSERT_EQUAL(index_learn(test_x, NULL, false, &err), KL_OK);
    CU_ASSERT_EQUAL(position_of(&statements, 0), 1);
    CU_ASSERT_EQUAL(position_of(&questions, 0), 1);
    test_end();
}

struct topics { int n; int64_t messages, indexed; };

static void topic_see(void *ctx, const struct reader_topic *t)
{
    struct topics *all = ctx;

    all->n++;
    if (!strcmp(t->topic, "orders")) {
        all->messages = t->messages;
        all->indexed = t->indexed;
    }
}

static void topics_tell_how_far_they_are_learnt(void)
{
    struct topics all = { .n = 0 };
    struct kl_error err;

    begin();
    record(&orders, 0, 9, "a word");
    record(&orders, 1, 4, "a word");
    batch();
    CU_ASSERT_EQUAL(reader_topics(test_reader, topic_see, &all, &err), KL_OK);
    CU_ASSERT_EQUAL(all.n, 4);
    CU_ASSERT_EQUAL(all.messages, 2);
    CU_ASSERT_EQUAL(all.indexed, 15);
    CU_ASSERT_EQUAL(feed.gone(feed.ctx, &orders, &err), KL_OK);
    all.n = 0;
    CU_ASSERT_EQUAL(reader_topics(test_reader, topic_see, &all, &err), KL_OK);
    CU_ASSERT_EQUAL(all.n, 3);
    CU_ASSERT_EQUAL(look("word"), 2);
    test_end();
}

/* ---- statements, questions, answers ---- */

static void a_statement_from_kafka_is_accepted(void)
{
    begin();
    record(&statements, 0, 0, "The cat is on the mat.");
    record(&statements, 0, 1, "{\"text\": \"The dog is in the kennel.\", \"title\": \"Dogs\", \"source\": \"farm\", \"tags\": \"a,b\"}");
    batch();
    CU_ASSERT_EQUAL(look("mat"), 1);
    CU_ASSERT_EQUAL(seen.kind, INDEX_STATEMENT);
    CU_ASSERT_STRING_EQUAL(seen_source, "statement");
    CU_ASSERT_STRING_EQUAL(seen_topic, "seer-statement");
    CU_ASSERT_EQUAL(look("kennel"), 1);
    CU_ASSERT_STRING_EQUAL(seen_source, "farm");
    CU_ASSERT_EQUAL(look("title"), 0);
    CU_ASSERT_EQUAL(catalog_totals(index_catalog(test_x)).messages, 0);
    test_end();
}

/* No row is made that nothing would ever remove, since it has no passage; and the feed does not stand still for it. */
static void what_holds_nothing_or_too_much_is_passed_over(void)
{
    static char long_one[(8 << 20) + 100];
    struct test_message *m;

    begin();
    record(&orders, 0, 0, "{\"error\": null, \"tags\": []}");
    record(&statements, 0, 0, "{\"text\": \" \"}");
    record(&statements, 0, 1, "  \n");
    memset(long_one, 'a', sizeof long_one);
    m = record(&statements, 0, 2, "");
    m->message.payload = long_one;
    m->message.len = sizeof long_one;
    record(&statements, 0, 3, "The cat is on the mat.");
    batch();
    CU_ASSERT_EQUAL(look("mat"), 1);
    CU_ASSERT_EQUAL(test_number("SELECT count(*) FROM documents"), 1);
    CU_ASSERT_EQUAL(index_counts(test_x).not_text, 4);
    CU_ASSERT_EQUAL(position_of(&statements, 0), 4);
    test_end();
}

struct asked { int n; int64_t number; char id[128], question[128], key[32]; size_t key_len; };

static void question_see(void *ctx, const struct index_question *q)
{
    struct asked *a = ctx;

    a->n++;
    a->number = q->number;
    snprintf(a->id, sizeof a->id, "%s", q->id);
    snprintf(a->question, sizeof a->question, "%.*s", (int)q->question_len, q->question);
    snprintf(a->key, sizeof a->key, "%.*s", (int)q->key_len, q->key ? (const char *)q->key : "");
    a->key_len = q->key_len;
}

static struct asked waiting(void)
{
    struct asked a = { .n = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL(index_questions(test_x, 0, 10, question_see, &a, &err), KL_OK);
    return a;
}

static void a_question_waits_until_it_is_answered(void)
{
    struct test_message *m;
    struct asked a;
    struct kl_error err;

    begin();
    m = record(&questions, 2, 7, "{\"question\": \"Where is the cat?\"}");
    m->message.key = (void *)(uintptr_t)"k-1";
    m->message.key_len = 3;
    batch();
    again();
    a = waiting();
    CU_ASSERT_EQUAL(a.n, 1);
    CU_ASSERT_STRING_EQUAL(a.id, "seer-question/2/7");
    CU_ASSERT_STRING_EQUAL(a.question, "Where is the cat?");
    CU_ASSERT_STRING_EQUAL(a.key, "k-1");
    CU_ASSERT_EQUAL(look("cat"), 0);
    CU_ASSERT_EQUAL(index_answered(test_x, a.number, &err), KL_OK);
    CU_ASSERT_EQUAL(waiting().n, 0);
    test_end();
}

static void an_answer_in_kafka_ends_the_waiting_whichever_is_read_first(void)
{
    begin();
    record(&questions, 0, 0, "first question");
    record(&questions, 0, 1, "second question");
    batch();
    header_set(record(&answers, 0, 0, "{}"), INDEX_QUESTION_ID_HEADER, "seer-question/0/0");
    header_set(record(&answers, 0, 1, "{}"), INDEX_QUESTION_ID_HEADER, "seer-question/0/2");
    batch();
    record(&questions, 0, 2, "third question");
    record(&answers, 0, 2, "somebody else's record");
    batch();
    CU_ASSERT_EQUAL(waiting().n, 1);
    CU_ASSERT_STRING_EQUAL(waiting().question, "second question");
    CU_ASSERT_EQUAL(look("record"), 0);
    test_end();
}

static int asked;

static void count_asked(void *ctx)
{
    (void)ctx;
    asked++;
}

static void whoever_answers_is_told_of_questions(void)
{
    begin();
    test_close();
    test_conf.asked = count_asked;
    test_open();
    feed_open();
    asked = 0;
    record(&orders, 0, 0, "no question");
    batch();
    CU_ASSERT_EQUAL(asked, 0);
    record(&questions, 0, 0, "a question");
    record(&questions, 0, 1, "another");
    batch();
    CU_ASSERT_EQUAL(asked, 1);
    test_end();
}

/* ---- a kill ---- */

static void child_run(int said)
{
    char value[64];

    test_open();
    feed_open();
    for (int64_t at = 0;; at += 10) {
        for (int64_t i = 0; i < 40; i++) {
            snprintf(value, sizeof value, "message p%" PRId64 "n%" PRId64, i % 4, at + i / 4);
            record(&orders, (int32_t)(i % 4), at + i / 4, value);
        }
        batch();
        if (write(said, "x", 1) != 1)
            _exit(1);
    }
}

static void offsets_check(int64_t least)
{
    for (int32_t partition = 0; partition < 4; partition++) {
        int64_t next = position_of(&orders, partition);
        char sql[160];

        CU_ASSERT(next >= least);
        snprintf(sql, sizeof sql, "SELECT count(*) = %" PRId64 " AND max(pos) = %" PRId64 " FROM documents WHERE part = %d", next, next - 1,
                 partition);
        CU_ASSERT_EQUAL(test_number(sql), 1);
    }
}

static void a_kill_at_any_instant_neither_skips_nor_doubles_a_message(void)
{
    for (int round = 1; round <= 5; round++) {
        int fds[2], status;
        char byte;
        pid_t pid;

        test_begin();
        test_close();
        CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
        pid = fork();
        if (pid == 0)
            child_run(fds[1]);
        for (int i = 0; i < round * 3; i++)
            CU_ASSERT_EQUAL_FATAL(read(fds[0], &byte, 1), 1);
        usleep((useconds_t)(rand() % 5000)); /* any instant of the next batch */
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        close(fds[0]);
        close(fds[1]);
        test_open();
        feed_open();
        offsets_check(round * 30);
        test_integrity();
        test_end();
    }
}

KL_TESTS("index_batch",
         T(a_message_is_found_with_where_it_stands),
         T(what_is_not_text_is_counted_and_passed_over),
         T(a_message_that_comes_again_is_not_doubled),
         T(a_topic_made_again_begins_anew),
         T(a_message_read_before_its_topic_was_seen_to_be_made_again_moves_over),
         T(a_failed_batch_can_come_again),
         T(the_oldest_messages_go_when_there_are_too_many),
         T(long_messages_go_as_fast_as_they_come),
         T(messages_go_when_they_are_too_old),
         T(a_word_that_nearly_all_messages_have_is_searched_too),
         T(what_is_learnt_is_kept),
         T(a_topic_chosen_from_its_beginning_is_learnt_again_without_doubling),
         T(a_topic_chosen_from_its_end_goes_on_only_when_it_was_learnt),
         T(topics_of_ours_go_on_whatever_is_chosen),
         T(topics_tell_how_far_they_are_learnt),
         T(a_statement_from_kafka_is_accepted),
         T(what_holds_nothing_or_too_much_is_passed_over),
         T(a_question_waits_until_it_is_answered),
         T(an_answer_in_kafka_ends_the_waiting_whichever_is_read_first),
         T(whoever_answers_is_told_of_questions),
         T(a_kill_at_any_instant_neither_skips_nor_doubles_a_message))
