/* Consumers that share PostgreSQL, 1 → 3 → 1 of them under load, while they, PostgreSQL and Kafka are killed: each offset gets
 * exactly one receipt, nothing confirmed is missing, and every one of them answers for all. */
#include <stdio.h>

#include "it_load.h"
#include "test_pg.h"

#define MEMBERS    3
#define PARTITIONS 6
#define KILLS      4
#define STEP       300   /* messages that have to be confirmed and stored between two disturbances */
#define MOVE_MS    40000 /* killed members' sessions are over after 6 s each; the rest is for a busy machine */

static struct it_world w;
static struct it_process members[MEMBERS];
static char url[TEST_PG_URL_BYTES], settings[3][200];

static int begin(void)
{
    static char partitions[] = "TOPIC_PARTITIONS=6";

    w.producer.env[0] = partitions;
    return test_pg_begin() || it_begin(&w, IT_OWN_KAFKA | IT_PRODUCER);
}

static int end(void)
{
    for (int i = 0; i < MEMBERS; i++)
        it_stop(&members[i], SIGTERM);
    return it_end(&w) | test_pg_end();
}

/* ---- what PostgreSQL holds ---- */

static int64_t stored(void)
{
    return test_pg_number(url, "SELECT count(*) FROM kafkloud.receipts");
}

static bool is_stored(void *ctx)
{
    return stored() >= *(const int64_t *)ctx;
}

/* Goes on with the load, until what was confirmed by then is stored. */
static void load_goes_on(struct it_load *load)
{
    int64_t confirmed;

    CU_ASSERT(it_load_until(load, it_load_confirmed(load) + STEP, 0));
    confirmed = it_load_confirmed(load);
    CU_ASSERT(it_until(MOVE_MS, is_stored, &confirmed));
}

/* ---- under load ---- */

static void members_prepare(void)
{
    test_pg_database(url);
    snprintf(settings[0], sizeof settings[0], "STORE=%s", url);
    snprintf(settings[1], sizeof settings[1], "KAFKA_TOPICS=^%s-", w.name);
    snprintf(settings[2], sizeof settings[2], "KAFKA_SESSION_TIMEOUT_MS=6000"); /* the least that a broker allows */
    for (int i = 0; i < MEMBERS; i++)
        members[i] = (struct it_process){ .name = "consumer", .port = it_free_port(), .env = { settings[0], settings[1], settings[2] } };
}

static void members_are_killed(struct it_load *load)
{
    for (int i = 0; i < KILLS; i++) {
        struct it_process *victim = &members[i % MEMBERS];

        it_stop(victim, SIGKILL);
        CU_ASSERT(it_load_until(load, it_load_confirmed(load) + STEP, 0));
        it_start_only(&w, victim);
    }
    load_goes_on(load);
}

static void postgresql_goes_away(struct it_load *load)
{
    test_pg_end_sessions(url);
    load_goes_on(load);
    test_pg_stop(SIGQUIT); /* a crash, which takes what was committed a moment ago with it */
    CU_ASSERT(it_load_until(load, it_load_confirmed(load) + STEP, 0));
    CU_ASSERT_EQUAL(test_pg_start(), 0);
    load_goes_on(load);
}

static void kafka_is_killed(struct it_load *load)
{
    it_stop(&w.kafka, SIGKILL);
    it_start(&w, &w.kafka);
    load_goes_on(load);
}

static void consumers_that_share_postgresql_store_each_message_once_whatever_is_killed(void)
{
    const char *topic = it_topic(&w, "shared");
    struct it_load *load;
    char path[128];

    members_prepare();
    it_start(&w, &members[0]);
    snprintf(path, sizeof path, "/produce/%s", topic);
    load = it_load_start(&w.producer, 1, path);
    load_goes_on(load);
    it_start(&w, &members[1]);
    it_start(&w, &members[2]);
    load_goes_on(load);
    members_are_killed(load);
    postgresql_goes_away(load);
    kafka_is_killed(load);
    CU_ASSERT_EQUAL(it_stop(&members[1], SIGTERM), 0);
    CU_ASSERT_EQUAL(it_stop(&members[2], SIGTERM), 0);
    load_goes_on(load);
    it_load_prove(load, &members[0], topic);
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) - count(DISTINCT (incarnation, part, pos)) FROM kafkloud.receipts"), 0);
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT count(*) FROM kafkloud.duplicates"), 0);
    CU_ASSERT_EQUAL(test_pg_number(url, "SELECT sum(next)::bigint FROM kafkloud.offsets o JOIN kafkloud.incarnations i ON i.id = o.incarnation"
                                        " WHERE i.topic LIKE '%-shared'"), stored());
}

/* ---- each answers for all ---- */

struct place { char id[PARTITIONS][37]; };

static void messages_send(struct place *sent)
{
    for (int p = 0; p < PARTITIONS; p++) {
        struct it_answer a = it_post(&w.producer, "who reads me?", "/produce/%s?partition=%d", it_topic(&w, "shared"), p);

        CU_ASSERT_EQUAL(a.status, 200);
        snprintf(sent->id[p], sizeof sent->id[p], "%s", it_text(&a, "id"));
        it_answer_free(&a);
    }
}

static void every_member_waits_for_what_another_one_reads(void)
{
    it_start(&w, &members[1]);
    it_start(&w, &members[2]);
    for (int m = 0; m < MEMBERS; m++) {
        struct place sent;

        messages_send(&sent);
        for (int p = 0; p < PARTITIONS; p++) {
            struct it_answer a = it_get(&members[m], "/status/%s?wait=consumed&timeout_ms=20000", sent.id[p]);

            CU_ASSERT_EQUAL(a.status, 200);
            CU_ASSERT_STRING_EQUAL(it_text(&a, "state"), "consumed");
            it_answer_free(&a);
        }
    }
}

static bool tell_the_same(void *ctx)
{
    int64_t n[MEMBERS], lag[MEMBERS];
    bool same = true;

    (void)ctx;
    for (int m = 0; m < MEMBERS; m++) {
        struct it_answer a = it_get(&members[m], "/status");

        n[m] = it_number(&a, "n_consumed");
        lag[m] = it_number(&a, "lag");
        it_answer_free(&a);
        same = same && n[m] == stored() && n[m] == n[0] && lag[m] == 0;
    }
    return same;
}

static void every_member_tells_the_same_sums_and_no_lag(void)
{
    CU_ASSERT(it_until(MOVE_MS, tell_the_same, NULL));
}

KL_TESTS_WITH("postgresql", begin, end, T(consumers_that_share_postgresql_store_each_message_once_whatever_is_killed),
              T(every_member_waits_for_what_another_one_reads), T(every_member_tells_the_same_sums_and_no_lag))
