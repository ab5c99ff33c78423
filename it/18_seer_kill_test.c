/* kill -9 of the seer in the middle of a load, of learning, of answering: the index opens and is sound, a load is there whole
 * or not at all and finishes when it is asked for again, no message is skipped or doubled, each question has one answer. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "it.h"

#define PARAGRAPHS 3000    /* of a text of some 1 MB */
#define KILLS      3
#define MESSAGES   9000
#define BATCH      500
#define PARTITIONS 4
#define QUESTIONS  60
#define SEEN_MS    60000

static struct it_world w;

static int begin(void)
{
    static char partitions[] = "TOPIC_PARTITIONS=4";

    w.producer.env[0] = partitions;
    return it_begin(&w, IT_PRODUCER | IT_STEWARD | IT_SEER);
}
static int end(void) { return it_end(&w); }

static void kill_and_start(void)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    char path[256];

    it_stop(&w.seer, SIGKILL);
    snprintf(path, sizeof path, "%s/index.db", w.dir);
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(path, &db), SQLITE_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_step(st), SQLITE_ROW);
    CU_ASSERT_STRING_EQUAL((const char *)sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
    sqlite3_close(db);
    it_start(&w, &w.seer);
}

/* ---- loads ---- */

/* Paragraph n of version v holds the word v<v>w<n>, which nothing else has. */
static void put_text(int version)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/book.txt", w.dir);
    f = fopen(path, "w");
    for (int i = 0; i < PARAGRAPHS; i++)
        fprintf(f, "The word of this paragraph is v%dw%d. The rest of it is there to be read and cut: the ships lay in the roads, the wind "
                   "went round to the north, and the pilots stayed at home for so long that their dogs forgot the sound of the bell which "
                   "calls them to the harbour; nobody bought herring, nobody mended a net, and the chandler shut his shop at noon.\n\n", version, i);
    fclose(f);
}

static int64_t found(int version, int paragraph)
{
    struct it_answer a = it_get(&w.seer, "/search?mode=words&q=v%dw%d", version, paragraph);
    int64_t n = a.status == 200 ? (int64_t)json_array_size(json_object_get(a.json, "results")) : -1;

    it_answer_free(&a);
    return n;
}

/* How many of some paragraphs, first and last among them, are found once. */
static int found_of(int version)
{
    int n = 0;

    for (int i = 0; i <= 10; i++)
        n += found(version, i * (PARAGRAPHS - 1) / 10) == 1;
    return n;
}

struct load { pthread_t thread; volatile int status; };

static void *load_book(void *ctx)
{
    struct load *load = ctx;
    struct it_answer a = it_post(&w.seer, "book.txt\n", "/load");

    load->status = a.status ? a.status : -1;
    it_answer_free(&a);
    return NULL;
}

static int64_t index_bytes(void)
{
    static const char *const names[] = { "index.db", "index.db-wal" };
    int64_t sum = 0;
    char path[256];
    struct stat st;

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", w.dir, names[i]);
        sum += stat(path, &st) ? 0 : (int64_t)st.st_size;
    }
    return sum;
}

struct growth { struct load *load; int64_t bytes; };

static bool has_grown(void *ctx)
{
    struct growth *g = ctx;

    return g->load->status || index_bytes() >= g->bytes;
}

/* Begins a load and kills the seer when the index has grown by so much; false: the load was faster. */
static bool kill_in_load(int64_t bytes)
{
    struct load load = { .status = 0 };
    struct growth growth = { &load, index_bytes() + bytes };

    pthread_create(&load.thread, NULL, load_book, &load);
    CU_ASSERT(it_until(SEEN_MS, has_grown, &growth));
    kill_and_start();
    pthread_join(load.thread, NULL);
    return load.status != 200;
}

static void a_load_that_is_killed_leaves_what_was_there_and_finishes_when_asked_again(void)
{
    struct load load = { .status = 0 };
    int killed = 0;

    put_text(1);
    load_book(&load);
    CU_ASSERT_EQUAL(load.status, 200);
    CU_ASSERT_EQUAL(found_of(1), 11);
    put_text(2);
    for (int i = 0; i < KILLS && killed == i; i++) {
        killed += kill_in_load((int64_t)i * 500 * 1024 + 1);
        CU_ASSERT_EQUAL(found_of(1), killed > i ? 11 : 0); /* the old one whole, or not at all */
        CU_ASSERT_EQUAL(found_of(2), killed > i ? 0 : 11);
    }
    CU_ASSERT(killed > 0);
    load.status = 0;
    load_book(&load);
    CU_ASSERT_EQUAL(load.status, 200);
    CU_ASSERT_EQUAL(found_of(1), 0);
    CU_ASSERT_EQUAL(found_of(2), 11);
}

/* ---- learning ---- */

static unsigned char *seen[PARTITIONS]; /* how often a message is in the index, by offset */

static int64_t message_count(void)
{
    struct it_answer a = it_get(&w.seer, "/documents?kind=message&limit=1");
    int64_t n = it_number(&a, "total");

    it_answer_free(&a);
    return n;
}

static bool has_messages(void *ctx)
{
    return message_count() >= *(int64_t *)ctx;
}

static void *produce(void *path)
{
    struct kl_buf body;

    kl_buf_init(&body, 1 << 20);
    for (int batch = 0; batch < MESSAGES / BATCH; batch++) {
        struct it_answer a;

        kl_buf_clear(&body);
        for (int i = 0; i < BATCH; i++)
            kl_buf_addf(&body, "{\"key\":\"k%d\",\"value\":{\"order\":%d,\"note\":\"leave it with the neighbour\"}}\n", i, batch * BATCH + i);
        a = it_call(&w.producer, "POST", "Content-Type: application/x-ndjson", body.data, body.len, "%s", (const char *)path);
        CU_ASSERT_EQUAL(a.status, 200);
        it_answer_free(&a);
    }
    kl_buf_fini(&body);
    return NULL;
}

static void count_all_messages(void)
{
    int64_t before = INT64_MAX;

    for (int i = 0; i < PARTITIONS; i++)
        seen[i] = calloc(MESSAGES, 1);
    while (before > 0) {
        struct it_answer a = it_get(&w.seer, "/documents?kind=message&limit=1000&before=%lld", (long long)before);
        json_t *row;
        size_t i;

        json_array_foreach(json_object_get(a.json, "documents"), i, row) {
            int64_t partition = json_integer_value(json_object_get(row, "partition")), offset = json_integer_value(json_object_get(row, "offset"));

            CU_ASSERT_FATAL(partition >= 0 && partition < PARTITIONS && offset >= 0 && offset < MESSAGES);
            seen[partition][offset]++;
        }
        before = json_integer_value(json_object_get(a.json, "next")); /* null: 0 */
        it_answer_free(&a);
    }
}

static void messages_are_neither_skipped_nor_doubled(void)
{
    char path[128];
    pthread_t thread;
    int64_t n;
    long once = 0, more = 0;

    snprintf(path, sizeof path, "/records/%s", it_topic(&w, "orders"));
    pthread_create(&thread, NULL, produce, path);
    for (int i = 1; i <= KILLS; i++) {
        n = (int64_t)i * MESSAGES / (KILLS + 1);
        CU_ASSERT(it_until(SEEN_MS, has_messages, &n));
        kill_and_start();
    }
    pthread_join(thread, NULL);
    n = MESSAGES;
    CU_ASSERT(it_until(SEEN_MS, has_messages, &n));
    count_all_messages();
    for (int p = 0; p < PARTITIONS; p++) {
        for (int i = 0; i < MESSAGES; i++) {
            once += seen[p][i] == 1;
            more += seen[p][i] > 1;
        }
        free(seen[p]);
    }
    CU_ASSERT_EQUAL(once, MESSAGES);
    CU_ASSERT_EQUAL(more, 0);
}

/* ---- answering ---- */

static char ids[QUESTIONS][64];
static int  answered[QUESTIONS];

static const char *header_of(json_t *message, const char *name)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(message, "headers"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "name")), name))
            return json_string_value(json_object_get(row, "value"));
    return "";
}

static int count_answers(void)
{
    struct it_answer a = it_get(&w.steward, "/topics/%s.answer/messages?from=beginning&limit=500", w.name);
    json_t *row;
    size_t i;
    int n = 0;

    memset(answered, 0, sizeof answered);
    json_array_foreach(json_object_get(a.json, "messages"), i, row) {
        for (int q = 0; q < QUESTIONS; q++)
            answered[q] += !strcmp(header_of(row, "question-id"), ids[q]);
        n++;
    }
    it_answer_free(&a);
    return n;
}

static bool has_answers(void *ctx)
{
    return count_answers() >= *(int *)ctx;
}

static void each_question_has_one_answer(void)
{
    int n;

    for (int i = 0; i < QUESTIONS; i++) {
        struct it_answer a = it_post(&w.producer, "What did the pilots' dogs forget?", "/produce/%s.question/q%d", w.name, i);

        CU_ASSERT_EQUAL(a.status, 200);
        snprintf(ids[i], sizeof ids[i], "%s", it_text(&a, "id"));
        it_answer_free(&a);
    }
    for (int i = 1; i <= KILLS; i++) {
        n = i * QUESTIONS / (KILLS + 1);
        CU_ASSERT(it_until(SEEN_MS, has_answers, &n));
        kill_and_start();
    }
    n = QUESTIONS;
    CU_ASSERT(it_until(SEEN_MS, has_answers, &n));
    for (int i = 0; i < QUESTIONS; i++)
        CU_ASSERT_EQUAL(answered[i], 1);
}

KL_TESTS_WITH("seer_kill", begin, end, T(a_load_that_is_killed_leaves_what_was_there_and_finishes_when_asked_again),
              T(messages_are_neither_skipped_nor_doubled), T(each_question_has_one_answer))
