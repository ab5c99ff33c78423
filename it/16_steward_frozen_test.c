/* The steward while Kafka's process stands still: connections stay open and nothing is answered. Every call that asks the
 * cluster gets its error in time, the steward lives on and heals, and a stop ends within its bound. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "it.h"

#define FROZEN_MS 20000 /* longer than any of librdkafka's and the steward's timeouts: each of them is met */
#define HEALED_MS 30000
#define CALL_MS   2000  /* CALL_TIMEOUT */
/* A move of offsets may take CALL_TIMEOUT twice; the rest is for a machine with much to do. */
#define ANSWER_MS (2 * CALL_MS + 4000)

static struct it_world w;
static char topic[64], group[64];

/* ---- the world ---- */

static bool commit(void)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *rk;
    bool ok;

    rd_kafka_conf_set(conf, "bootstrap.servers", w.kafka_address, NULL, 0);
    rd_kafka_conf_set(conf, "group.id", group, NULL, 0);
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, NULL, 0);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
    ok = !rd_kafka_commit(rk, list, 0);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(rk);
    return ok;
}

static int create(const char *name)
{
    char body[128];
    struct it_answer a;
    int status;

    snprintf(body, sizeof body, "{\"name\":\"%s\",\"partitions\":1}", name);
    a = it_post(&w.steward, body, "/topics");
    status = a.status;
    it_answer_free(&a);
    return status;
}

static int begin(void)
{
    static char interval[] = "SNAPSHOT_INTERVAL=200ms", timeout[32], workers[] = "WORKERS=16";

    snprintf(timeout, sizeof timeout, "CALL_TIMEOUT=%dms", CALL_MS);
    w.steward.env[0] = interval;
    w.steward.env[1] = timeout;
    w.steward.env[2] = workers; /* so that no call waits for another */
    it_begin(&w, IT_OWN_KAFKA | IT_STEWARD);
    snprintf(topic, sizeof topic, "%s", it_topic(&w, "frozen"));
    snprintf(group, sizeof group, "%s", it_topic(&w, "group"));
    return !(create(topic) == 201 && commit());
}
static int end(void) { return it_end(&w); }

/* ---- calls that ask the cluster, all at once ---- */

struct call {
    const char *method, *path, *body; /* %s: the topic; %g: the group */
    pthread_t   thread;
    int         status;
    int64_t     ms;
};

static const struct call calls[] = {
    { "GET", "/topics/%s", NULL },
    { "POST", "/topics", "{\"name\":\"made-while-frozen\"}" },
    { "GET", "/topics/%s/settings", NULL },
    { "PATCH", "/topics/%s/settings", "{\"settings\":{\"retention.ms\":\"1000000\"}}" },
    { "POST", "/topics/%s/partitions", "{\"total\":2}" },
    { "POST", "/topics/%s/empty", "{}" },
    { "GET", "/topics/%s/messages", NULL },
    { "GET", "/topics/%s/messages/0/0", NULL },
    { "GET", "/brokers/1/settings", NULL },
    { "GET", "/groups/%g", NULL },
    { "POST", "/groups/%g/offsets", "{\"to\":\"latest\"}" },
    { "DELETE", "/groups/%g/topics/%s", NULL },
    { "DELETE", "/groups/%g", NULL },
};
#define N_CALLS (sizeof calls / sizeof *calls)

static void path_fill(char *out, size_t size, const char *path)
{
    size_t len = 0;

    for (; *path && len < size - 1; path++) {
        if (*path == '%')
            len += (size_t)snprintf(out + len, size - len, "%s", *++path == 's' ? topic : group);
        else
            out[len++] = *path;
    }
    out[len] = 0;
}

static void *run(void *ctx)
{
    struct call *c = ctx;
    int64_t start_us = kl_mono_us();
    struct it_answer a;
    char path[256];

    path_fill(path, sizeof path, c->path);
    a = it_call(&w.steward, c->method, c->body ? "Content-Type: application/json" : NULL, c->body, c->body ? strlen(c->body) : 0, "%s", path);
    c->status = a.status;
    c->ms = (kl_mono_us() - start_us) / 1000;
    it_answer_free(&a);
    return NULL;
}

static void calls_start(struct call of[N_CALLS])
{
    memcpy(of, calls, sizeof calls);
    for (size_t i = 0; i < N_CALLS; i++)
        pthread_create(&of[i].thread, NULL, run, &of[i]);
}

static bool is_any(int status)   { return status > 0; }
static bool is_error(int status) { return status == 503 || status == 504; }

/* Each has got what it is to get, in its time. */
static void calls_check(struct call of[N_CALLS], bool (*wanted)(int status))
{
    for (size_t i = 0; i < N_CALLS; i++) {
        bool right;

        pthread_join(of[i].thread, NULL);
        right = wanted(of[i].status) && of[i].ms < ANSWER_MS;
        if (!right)
            printf("    %s %s: %d after %lld ms\n", of[i].method, of[i].path, of[i].status, (long long)of[i].ms);
        CU_ASSERT(right);
    }
}

/* ---- conditions ---- */

static int status_of(const char *path)
{
    struct it_answer a = it_get(&w.steward, "%s", path);
    int status = a.status;

    it_answer_free(&a);
    return status;
}
static bool is_unready(void *ctx) { return (void)ctx, status_of("/readyz") == 503; }
static bool is_ready(void *ctx) { return (void)ctx, status_of("/readyz") == 200; }
static bool tells_groups(void *ctx) { return (void)ctx, status_of("/groups") == 200; }

static bool is_asked(void *ctx)
{
    struct it_answer a = it_get(&w.steward, "/metrics");
    const char *line = strstr(a.body, "\nkafkloud_steward_calls_running ");
    bool yes = line && atoi(strchr(line + 1, ' ')) > 0;

    (void)ctx;
    it_answer_free(&a);
    return yes;
}

/* ---- the tests ---- */

static void while_kafka_stands_still_every_call_has_its_error_in_time_and_the_steward_heals(void)
{
    struct call of[N_CALLS];
    int64_t end_us = kl_mono_us() + FROZEN_MS * INT64_C(1000);

    calls_start(of); /* of these, some stand half way when Kafka stops */
    kill(w.kafka.pid, SIGSTOP);
    calls_check(of, is_any);
    while (kl_mono_us() < end_us) {
        calls_start(of);
        calls_check(of, is_error);
        CU_ASSERT_EQUAL(status_of("/livez"), 200);
        CU_ASSERT_EQUAL(status_of("/topics"), 200); /* as they were seen last */
    }
    CU_ASSERT(is_unready(NULL));
    kill(w.kafka.pid, SIGCONT);
    CU_ASSERT(it_until(HEALED_MS, is_ready, NULL));
    CU_ASSERT(it_until(HEALED_MS, tells_groups, NULL));
    CU_ASSERT_EQUAL(create(it_topic(&w, "after")), 201);
    CU_ASSERT_EQUAL(status_of("/topics?filter=frozen"), 200);
}

static void while_kafka_stands_still_a_stop_ends_in_time_and_answers_what_waits(void)
{
    struct call of[N_CALLS];
    int64_t start_us;

    kill(w.kafka.pid, SIGSTOP);
    calls_start(of);
    CU_ASSERT(it_until(HEALED_MS, is_asked, NULL));
    start_us = kl_mono_us();
    CU_ASSERT_EQUAL(it_stop(&w.steward, SIGTERM), 0);
    CU_ASSERT(kl_mono_us() - start_us < ANSWER_MS * INT64_C(1000));
    calls_check(of, is_error);
    kill(w.kafka.pid, SIGCONT);
}

KL_TESTS_WITH("steward_frozen", begin, end, T(while_kafka_stands_still_every_call_has_its_error_in_time_and_the_steward_heals),
              T(while_kafka_stands_still_a_stop_ends_in_time_and_answers_what_waits))
