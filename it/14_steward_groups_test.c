/* The steward and real consumer groups: members and lag, resets that do what their preview said, unsubscribing, deleting, when a
 * group passed a message, and a group of the new protocol. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "it.h"

#define SEEN_MS 30000 /* something the steward sees with its next looks, or a group's rebalance */
#define EACH    10    /* messages a partition */

static struct it_world w;
static char topic[64], other[64]; /* of two partitions, and of one */
static int64_t hour_ago_ms;       /* the first message's time: old, and safe from retention */

/* ---- calls ---- */

static struct it_answer send_json(const char *method, const char *body, const char *path)
{
    return it_call(&w.steward, method, "Content-Type: application/json", body, strlen(body), "%s", path);
}

static int status_of(const char *method, const char *body, const char *path)
{
    struct it_answer a = send_json(method, body, path);
    int status = a.status;

    it_answer_free(&a);
    return status;
}

static const char *path_of(const char *group, const char *rest)
{
    static char paths[4][256];
    static unsigned next;
    char *out = paths[next++ % 4];

    snprintf(out, sizeof paths[0], "/groups/%s%s", group, rest);
    return out;
}

/* "t/0 4>10 t/1 -1>10!", what an answer says would change, or has: from, to and whether it is clamped. */
static const char *changes(const char *method, const char *body, const char *path)
{
    static char texts[4][512];
    static unsigned next;
    char *out = texts[next++ % 4];
    struct it_answer a = send_json(method, body, path);
    size_t i, len = (size_t)snprintf(out, sizeof texts[0], "%d", a.status);
    json_t *row;

    json_array_foreach(json_object_get(a.json, "changes"), i, row) {
        const json_t *from = json_object_get(row, "from"), *to = json_object_get(row, "to");

        len += (size_t)snprintf(out + len, sizeof texts[0] - len, " %s/%d %lld>%lld%s",
                                strcmp(json_string_value(json_object_get(row, "topic")), topic) ? "o" : "t",
                                (int)json_integer_value(json_object_get(row, "partition")), json_is_null(from) ? -1 : json_integer_value(from),
                                json_is_null(to) ? -1 : json_integer_value(to), json_is_true(json_object_get(row, "clamped")) ? "!" : "");
    }
    it_answer_free(&a);
    return out;
}

static json_t *row_at(const struct it_answer *a, const char *list, const char *name, int partition)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(a->json, list), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "topic")), name) &&
            json_integer_value(json_object_get(row, "partition")) == partition)
            return row;
    return NULL;
}

/* A member of the group's offset of a partition; -1: null, or there is none. */
static int64_t offset_of(const char *group, const char *name, int partition, const char *member)
{
    struct it_answer a = it_get(&w.steward, "/groups/%s", group);
    const json_t *value = json_object_get(row_at(&a, "offsets", name, partition), member);
    int64_t n = json_is_integer(value) ? json_integer_value(value) : -1;

    it_answer_free(&a);
    return n;
}

static bool has_state(const char *group, const char *state)
{
    struct it_answer a = it_get(&w.steward, "/groups/%s", group);
    bool yes = !strcmp(it_text(&a, "state"), state);

    it_answer_free(&a);
    return yes;
}

/* ---- real consumers ---- */

struct consumer {
    rd_kafka_t *rk;
    pthread_t   thread;
    _Atomic bool leave;
};

static void *poll_until_it_leaves(void *ctx)
{
    struct consumer *c = ctx;

    while (!c->leave) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(c->rk, 20);

        if (m)
            rd_kafka_message_destroy(m);
    }
    rd_kafka_consumer_close(c->rk);
    return NULL;
}

static rd_kafka_t *client(const char *group)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char why[256];
    rd_kafka_t *rk;

    rd_kafka_conf_set(conf, "bootstrap.servers", w.kafka_address, NULL, 0);
    rd_kafka_conf_set(conf, "group.id", group, NULL, 0);
    rd_kafka_conf_set(conf, "client.id", "scenario", NULL, 0);
    rd_kafka_conf_set(conf, "enable.auto.commit", "false", NULL, 0);
    rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", NULL, 0);
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rk);
    return rk;
}

static void join(struct consumer *c, const char *group, const char *name)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

    c->rk = client(group);
    c->leave = false;
    rd_kafka_topic_partition_list_add(list, name, RD_KAFKA_PARTITION_UA);
    CU_ASSERT_EQUAL(rd_kafka_subscribe(c->rk, list), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_topic_partition_list_destroy(list);
    pthread_create(&c->thread, NULL, poll_until_it_leaves, c);
}

static void leave(struct consumer *c)
{
    c->leave = true;
    pthread_join(c->thread, NULL);
    rd_kafka_destroy(c->rk);
}

static void commit_with(rd_kafka_t *rk, const char *name, int partition, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

    rd_kafka_topic_partition_list_add(list, name, partition)->offset = offset;
    CU_ASSERT_EQUAL(rd_kafka_commit(rk, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Of a group without members. */
static void commit(const char *group, const char *name, int partition, int64_t offset)
{
    rd_kafka_t *rk = client(group);

    commit_with(rk, name, partition, offset);
    rd_kafka_destroy(rk);
}

/* ---- the world ---- */

static bool create(const char *name, int partitions)
{
    char body[256];

    snprintf(body, sizeof body, "{\"name\":\"%s\",\"partitions\":%d}", name, partitions);
    return status_of("POST", body, "/topics") == 201;
}

static bool produce(const char *name, int partition, int64_t from_ms)
{
    bool ok = true;

    for (int i = 0; i < EACH; i++) {
        struct it_answer a = it_post(&w.producer, "x", "/produce/%s/k?partition=%d&timestamp_ms=%lld", name, partition, (long long)(from_ms + i));

        ok &= a.status == 200;
        it_answer_free(&a);
    }
    return ok;
}

static int begin(void)
{
    static char interval[] = "SNAPSHOT_INTERVAL=200ms", own_group[] = "KAFKA_GROUP_ID=the-consumers-own";

    w.steward.env[0] = interval;
    w.steward.env[1] = own_group;
    if (it_begin(&w, IT_PRODUCER | IT_STEWARD))
        return 1;
    hour_ago_ms = kl_wall_us() / 1000 - 3600000;
    snprintf(topic, sizeof topic, "%s", it_topic(&w, "read"));
    snprintf(other, sizeof other, "%s", it_topic(&w, "other"));
    return !(create(topic, 2) && create(other, 1) && produce(topic, 0, hour_ago_ms) &&
             produce(topic, 1, hour_ago_ms + 1000) && produce(other, 0, hour_ago_ms));
}
static int end(void) { return it_end(&w); }

/* ---- members and lag ---- */

static bool two_share(void *group)
{
    struct it_answer a = it_get(&w.steward, "/groups/%s", (const char *)group);
    json_t *members = json_object_get(a.json, "members");
    bool yes = !strcmp(it_text(&a, "state"), "stable") && json_array_size(members) == 2;

    for (size_t i = 0; yes && i < 2; i++)
        yes = json_array_size(json_object_get(json_array_get(members, i), "partitions")) == 1;
    it_answer_free(&a);
    return yes;
}

/* The group's row of the list, once it has that lag; NULL: not yet. */
static bool lists_lag(void *ctx)
{
    struct it_answer a = it_get(&w.steward, "/groups?filter=%s", (const char *)ctx);
    const json_t *row = json_array_get(json_object_get(a.json, "groups"), 0);
    bool yes = json_integer_value(json_object_get(row, "lag")) == 2 * EACH - 7 && json_integer_value(json_object_get(row, "members")) == 2 &&
               json_integer_value(json_object_get(row, "topics")) == 1 && !strcmp(json_string_value(json_object_get(row, "kind")), "classic");

    it_answer_free(&a);
    return yes;
}

static bool charts_lag(void *ctx)
{
    struct it_answer a = it_get(&w.steward, "/groups/%s/lag?window_s=60", (const char *)ctx);
    const json_t *lags = json_object_get(row_at(&a, "series", topic, 1), "lag");
    bool yes = json_array_size(lags) == 6 && json_integer_value(json_array_get(lags, 5)) == EACH - 3;

    it_answer_free(&a);
    return yes;
}

static void check_members(const char *group)
{
    struct it_answer a = it_get(&w.steward, "/groups/%s", group);
    const json_t *member = json_array_get(json_object_get(a.json, "members"), 0), *row = row_at(&a, "offsets", topic, 0);
    const char *reads = json_string_value(json_object_get(row, "member"));

    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(member, "client_id")), "scenario");
    CU_ASSERT_EQUAL(it_number(&a, "coordinator"), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row, "committed")), 4);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row, "high")), EACH);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row, "lag")), EACH - 4);
    CU_ASSERT(reads && strncmp(reads, "scenario-", 9) == 0);
    it_answer_free(&a);
}

static void a_groups_members_and_lag_are_true_and_nothing_changes_it_while_they_read(void)
{
    char group[64];
    struct consumer one, two;

    snprintf(group, sizeof group, "%s", it_topic(&w, "members"));
    commit(group, topic, 0, 4);
    commit(group, topic, 1, 3);
    join(&one, group, topic);
    join(&two, group, topic);
    CU_ASSERT(it_until(SEEN_MS, two_share, group));
    check_members(group);
    CU_ASSERT(it_until(SEEN_MS, lists_lag, group));
    CU_ASSERT(it_until(SEEN_MS, charts_lag, group));

    CU_ASSERT_STRING_EQUAL(changes("POST", "{\"to\":\"latest\"}", path_of(group, "/offsets?dry_run=true")), "200 t/0 4>10 t/1 3>10");
    CU_ASSERT_EQUAL(status_of("POST", "{\"to\":\"latest\"}", path_of(group, "/offsets")), 409);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(group, "")), 409);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(group, "/topics/")), 400);
    CU_ASSERT_EQUAL(offset_of(group, topic, 0, "committed"), 4);
    leave(&one);
    leave(&two);
    CU_ASSERT(has_state(group, "empty"));
}

static bool is_stable(void *group)
{
    return has_state(group, "stable");
}

static void only_what_no_member_reads_is_unsubscribed(void)
{
    char group[64], of_topic[160], of_other[160];
    struct consumer reads;

    snprintf(group, sizeof group, "%s", it_topic(&w, "unsubscribed"));
    snprintf(of_topic, sizeof of_topic, "/groups/%s/topics/%s", group, topic);
    snprintf(of_other, sizeof of_other, "/groups/%s/topics/%s?dry_run=true", group, other);
    commit(group, topic, 0, 4);
    commit(group, topic, 1, 5);
    commit(group, other, 0, 6);
    join(&reads, group, topic);
    CU_ASSERT(it_until(SEEN_MS, is_stable, group));
    CU_ASSERT_EQUAL(status_of("DELETE", "", of_topic), 409);
    CU_ASSERT_STRING_EQUAL(changes("DELETE", "", of_other), "200 o/0 6>-1");
    CU_ASSERT_EQUAL(offset_of(group, other, 0, "committed"), 6); /* that was a preview */
    *strchr(of_other, '?') = 0;
    CU_ASSERT_STRING_EQUAL(changes("DELETE", "", of_other), "200 o/0 6>-1");
    CU_ASSERT_EQUAL(offset_of(group, other, 0, "committed"), -1);
    CU_ASSERT_EQUAL(status_of("DELETE", "", of_other), 404);
    leave(&reads);
    CU_ASSERT_STRING_EQUAL(changes("DELETE", "", of_topic), "200 t/0 4>-1 t/1 5>-1");
    CU_ASSERT_EQUAL(offset_of(group, topic, 0, "committed"), -1);
}

/* ---- resets ---- */

/* A reset's preview changes nothing; it is what the reset then does; and after it there is nothing to do. */
static void resets(const char *group, const char *body, const char *want)
{
    char before[512];

    snprintf(before, sizeof before, "%s", changes("POST", body, path_of(group, "/offsets?dry_run=true")));
    CU_ASSERT_STRING_EQUAL(before, want);
    CU_ASSERT_STRING_EQUAL(changes("POST", body, path_of(group, "/offsets?dry_run=true")), want);
    CU_ASSERT_STRING_EQUAL(changes("POST", body, path_of(group, "/offsets")), want);
}

static void a_reset_does_what_its_preview_said(void)
{
    const char *group = it_topic(&w, "reset");
    char body[256];

    commit(group, topic, 0, 4);
    resets(group, "{\"to\":\"latest\"}", "200 t/0 4>10 t/1 -1>10"); /* also the partition that it had not begun */
    resets(group, "{\"to\":\"earliest\"}", "200 t/0 10>0 t/1 10>0");
    snprintf(body, sizeof body, "{\"to\":{\"time_ms\":%lld}}", (long long)hour_ago_ms + 1005);
    resets(group, body, "200 t/0 0>10 t/1 0>5");
    resets(group, "{\"to\":{\"shift\":-3}}", "200 t/0 10>7 t/1 5>2");
    resets(group, "{\"to\":{\"shift\":4}}", "200 t/0 7>10! t/1 2>6");
    resets(group, "{\"to\":{\"offset\":11}}", "200 t/0 10>10! t/1 6>10!");
    snprintf(body, sizeof body, "{\"topics\":[\"%s\"],\"partitions\":[1],\"to\":{\"offset\":2}}", topic);
    resets(group, body, "200 t/1 10>2");
    CU_ASSERT_EQUAL(offset_of(group, topic, 0, "committed"), 10);
    CU_ASSERT_EQUAL(offset_of(group, topic, 1, "committed"), 2);
    snprintf(body, sizeof body, "{\"topics\":[\"%s\",\"%s\"],\"to\":\"latest\"}", topic, other);
    resets(group, body, "200 o/0 -1>10 t/0 10>10 t/1 2>10"); /* by name: a topic it had not read */
    snprintf(body, sizeof body, "{\"topics\":[\"%s\"],\"to\":{\"shift\":1}}", other);
    CU_ASSERT_STRING_EQUAL(changes("POST", body, path_of(it_topic(&w, "reset"), "/offsets?dry_run=true")), "200 o/0 10>10!");
}

static void what_is_not_there_cannot_be_reset(void)
{
    const char *group = it_topic(&w, "absent");
    char body[256];

    CU_ASSERT_EQUAL(status_of("POST", "{\"to\":\"latest\"}", path_of(group, "/offsets")), 404);
    commit(group, topic, 0, 4);
    CU_ASSERT_EQUAL(status_of("POST", "{\"topics\":[\"nowhere\"],\"to\":\"latest\"}", path_of(group, "/offsets")), 404);
    snprintf(body, sizeof body, "{\"topics\":[\"%s\"],\"partitions\":[2],\"to\":\"latest\"}", topic);
    CU_ASSERT_EQUAL(status_of("POST", body, path_of(group, "/offsets")), 404);
    CU_ASSERT_EQUAL(status_of("POST", "{\"to\":\"newest\"}", path_of(group, "/offsets")), 400);
    CU_ASSERT_EQUAL(status_of("POST", "{\"to\":\"latest\",\"topic\":\"x\"}", path_of(group, "/offsets")), 400);
    CU_ASSERT_EQUAL(status_of("POST", "", path_of(group, "/offsets")), 400);
    snprintf(body, sizeof body, "{\"topics\":[\"%s\"],\"to\":{\"shift\":1}}", topic);
    CU_ASSERT_STRING_EQUAL(changes("POST", body, path_of(group, "/offsets")), "200 t/0 4>5 t/1 -1>-1"); /* there was none to shift */
    CU_ASSERT_EQUAL(offset_of(group, topic, 1, "committed"), -1);
}

static void a_deleted_group_is_gone_from_the_list_at_once(void)
{
    const char *group = it_topic(&w, "deleted");
    struct it_answer a;

    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(group, "")), 404);
    commit(group, topic, 0, 4);
    CU_ASSERT_STRING_EQUAL(changes("DELETE", "", path_of(group, "?dry_run=true")), "200 t/0 4>-1");
    CU_ASSERT_EQUAL(offset_of(group, topic, 0, "committed"), 4);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(group, "")), 204);
    a = it_get(&w.steward, "/groups?filter=%s", group);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "groups")), 0);
    it_answer_free(&a);
    a = it_get(&w.steward, "/groups/%s", group);
    CU_ASSERT_EQUAL(a.status, 404);
    it_answer_free(&a);
}

/* ---- passed ---- */

struct passing {
    const char *group;
    bool        passed;           /* wanted */
    int64_t     not_ms, is_ms;    /* found; -1: null */
};

static bool has_passed(void *ctx)
{
    struct passing *p = ctx;
    struct it_answer a = it_get(&w.steward, "/passed?topic=%s&partition=0&offset=6", topic);
    json_t *row, *found = NULL;
    size_t i;
    bool yes;

    json_array_foreach(json_object_get(a.json, "groups"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "group")), p->group))
            found = row;
    yes = found && json_is_true(json_object_get(found, "passed")) == p->passed;
    p->not_ms = json_is_integer(json_object_get(found, "not_passed_seen_ms")) ? json_integer_value(json_object_get(found, "not_passed_seen_ms")) : -1;
    p->is_ms = json_is_integer(json_object_get(found, "passed_seen_ms")) ? json_integer_value(json_object_get(found, "passed_seen_ms")) : -1;
    it_answer_free(&a);
    return yes;
}

static void a_group_passes_a_message_between_two_looks(void)
{
    char group[64];
    struct passing p = { .group = group };
    int64_t committed_ms;

    snprintf(group, sizeof group, "%s", it_topic(&w, "passing"));
    commit(group, topic, 0, 6);
    CU_ASSERT(it_until(SEEN_MS, has_passed, &p));
    CU_ASSERT(p.not_ms > 0);
    CU_ASSERT_EQUAL(p.is_ms, -1);
    commit(group, topic, 0, 7);
    committed_ms = kl_wall_us() / 1000;
    p.passed = true;
    CU_ASSERT(it_until(SEEN_MS, has_passed, &p));
    CU_ASSERT(p.not_ms > 0 && p.not_ms < p.is_ms);
    CU_ASSERT(p.not_ms <= committed_ms);
    CU_ASSERT(p.is_ms >= p.not_ms);
    CU_ASSERT_STRING_EQUAL(changes("POST", "{\"to\":\"earliest\"}", path_of(group, "/offsets")), "200 t/0 7>0 t/1 -1>0");
    p.passed = false;
    CU_ASSERT(it_until(SEEN_MS, has_passed, &p)); /* it will read it again */
    CU_ASSERT_EQUAL(status_of("GET", "", "/passed?topic=t&partition=0"), 400);
}

static bool is_tracked(void *group)
{
    struct it_answer a = it_get(&w.steward, "/groups/%s/lag?window_s=60", (const char *)group);
    bool yes = row_at(&a, "series", topic, 1) != NULL;

    it_answer_free(&a);
    return yes;
}

static bool has_a_row(const json_t *groups, const char *group)
{
    json_t *row;
    size_t i;

    json_array_foreach(groups, i, row)
        if (!strcmp(json_string_value(json_object_get(row, "group")), group))
            return true;
    return false;
}

static void kafklouds_own_groups_are_not_among_those_that_passed(void)
{
    char own[] = "the-consumers-own", services[64], foreign[64];
    char *const groups[] = { own, services, foreign };
    struct it_answer a;

    snprintf(services, sizeof services, "kafkloud-%s", w.name);
    snprintf(foreign, sizeof foreign, "%s", it_topic(&w, "foreign"));
    for (int i = 0; i < 3; i++) {
        commit(groups[i], topic, 1, 4);
        CU_ASSERT(it_until(SEEN_MS, is_tracked, groups[i]));
    }
    a = it_get(&w.steward, "/passed?topic=%s&partition=1&offset=3", topic);
    CU_ASSERT(!has_a_row(json_object_get(a.json, "groups"), own));
    CU_ASSERT(!has_a_row(json_object_get(a.json, "groups"), services));
    CU_ASSERT(has_a_row(json_object_get(a.json, "groups"), foreign));
    it_answer_free(&a);
}

/* ---- a group of the new protocol ---- */

/* Kafka's own console consumer; its output goes to a file of the world. */
static pid_t start_console_consumer(const char *group)
{
    char streamer[512], output[256];
    pid_t pid;

    snprintf(streamer, sizeof streamer, "%s/streamer/streamer", getenv("IT_ROOT"));
    snprintf(output, sizeof output, "%s/console.log", w.dir);
    pid = fork();
    if (pid == 0) {
        if (!freopen(output, "w", stdout) || dup2(1, 2) < 0)
            _exit(126);
        execl(streamer, streamer, "tool", "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", w.kafka_address, "--topic",
              topic, "--group", group, "--from-beginning", "--command-property", "group.protocol=consumer", (char *)NULL);
        _exit(127);
    }
    return pid;
}

static bool has_read_all(void *group)
{
    return offset_of(group, topic, 0, "committed") == EACH && offset_of(group, topic, 1, "committed") == EACH;
}

static bool is_empty(void *group)
{
    return has_state(group, "empty");
}

/* The steward's client can describe such a group, or says that it cannot. */
static bool can_describe(void)
{
    struct it_answer a = it_get(&w.steward, "/cluster");
    bool can = json_is_true(json_object_get(json_object_get(a.json, "can"), "kip848_groups"));

    it_answer_free(&a);
    return can;
}

static void check_newer(const char *group, const char *state, size_t members)
{
    bool can = can_describe();
    struct it_answer a = it_get(&w.steward, "/groups/%s", group);

    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&a, "kind"), can ? "consumer" : "unknown with this client");
    CU_ASSERT_STRING_EQUAL(it_text(&a, "state"), state);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "members")), can ? members : 0);
    CU_ASSERT_EQUAL(json_is_null(json_object_get(a.json, "members")), !can);
    it_answer_free(&a);
}

static bool is_listed_as_newer(void *group)
{
    bool can = can_describe();
    struct it_answer a = it_get(&w.steward, "/groups?filter=%s", (const char *)group);
    const json_t *row = json_array_get(json_object_get(a.json, "groups"), 0), *members = json_object_get(row, "members");
    const char *kind = json_string_value(json_object_get(row, "kind"));
    bool yes = kind && !strcmp(kind, can ? "consumer" : "unknown with this client") &&
               (can ? json_integer_value(members) == 1 : json_is_null(members));

    it_answer_free(&a);
    return yes;
}

static void a_group_of_the_new_protocol_is_told_as_it_is_or_as_unknown_and_not_as_dead(void)
{
    char group[64];
    pid_t consumer;

    snprintf(group, sizeof group, "%s", it_topic(&w, "kip848"));
    consumer = start_console_consumer(group);
    CU_ASSERT_FATAL(consumer > 0);
    CU_ASSERT(it_until(SEEN_MS, has_read_all, group));
    check_newer(group, "stable", 1);
    CU_ASSERT(it_until(SEEN_MS, is_listed_as_newer, group));
    CU_ASSERT_EQUAL(status_of("POST", "{\"to\":\"earliest\"}", path_of(group, "/offsets")), 409);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(group, "")), 409);
    kill(consumer, SIGTERM);
    waitpid(consumer, NULL, 0);
    CU_ASSERT(it_until(SEEN_MS, is_empty, group));
    check_newer(group, "empty", 0);
    CU_ASSERT_STRING_EQUAL(changes("POST", "{\"to\":{\"shift\":-1}}", path_of(group, "/offsets")), "200 t/0 10>9 t/1 10>9");
    CU_ASSERT_EQUAL(offset_of(group, topic, 0, "committed"), 9);
    CU_ASSERT_EQUAL(status_of("DELETE", "", path_of(group, "")), 204);
}

KL_TESTS_WITH("steward_groups", begin, end,
              T(a_groups_members_and_lag_are_true_and_nothing_changes_it_while_they_read),
              T(only_what_no_member_reads_is_unsubscribed),
              T(a_reset_does_what_its_preview_said),
              T(what_is_not_there_cannot_be_reset),
              T(a_deleted_group_is_gone_from_the_list_at_once),
              T(a_group_passes_a_message_between_two_looks),
              T(kafklouds_own_groups_are_not_among_those_that_passed),
              T(a_group_of_the_new_protocol_is_told_as_it_is_or_as_unknown_and_not_as_dead))
