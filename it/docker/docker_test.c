/* The system in containers: what is confirmed while containers are killed and started again is lost nowhere and has one
 * receipt; what lasts survives a down; three Kafka nodes bear the loss of one; consumers on PostgreSQL come and go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "docker.h"
#include "it_load.h"

#define CONNECTIONS 4
#define SOME        300   /* messages that show that it goes on */
#define IN_SYNC_MS  60000

static struct docker d;
static const char *const services[] = { "portal-1", "producer-1", "consumer-1", "steward-1", "seer-1", "streamer-1" };
#define SERVICES (sizeof services / sizeof services[0])

static int begin(void)
{
    docker_begin(&d);
    docker_note("first start, one node: %.1f s", (double)docker_up(&d, "") / 1000);
    return 0;
}

static int end(void)
{
    docker_down("VOLUMES=1");
    return 0;
}

static struct it_load *load_through_the_portal(const char *topic)
{
    char path[128];
    struct it_load *load;

    snprintf(path, sizeof path, "/api/producer/produce/%s", topic); /* without a key: to all partitions */
    load = it_load_start(&d.portal, CONNECTIONS, path);
    CU_ASSERT(it_load_until(load, SOME, 0));
    return load;
}

static void goes_on(struct it_load *load)
{
    CU_ASSERT(it_load_until(load, it_load_confirmed(load) + SOME, 0));
}

/* ---- one node, SQLite ---- */

static void containers_may_do_nothing_but_their_work(void)
{
    static const char wanted[] = "true [ALL] 65532:65532 [no-new-privileges:true]";

    for (size_t i = 0; i < SERVICES; i++) {
        char *is = docker_ask("\"$DOCKER\" inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}}"
                              " {{.HostConfig.SecurityOpt}}' \"$name\"-%s", services[i]);

        CU_ASSERT_STRING_EQUAL(is, wanted);
        free(is);
    }
}

static void every_container_is_killed_and_started_again_and_nothing_confirmed_is_lost(void)
{
    struct it_load *load = load_through_the_portal("kills");

    for (size_t i = 0; i < SERVICES; i++) {
        int64_t start_us = kl_mono_us();

        docker_kill(services[i]);
        docker_start(services[i]);
        goes_on(load);
        docker_note("%s killed, started again, and %d messages later: %.1f s", services[i], SOME, (double)(kl_mono_us() - start_us) / 1e6);
    }
    it_load_stop(load);
    docker_note("confirmed meanwhile: %ld", it_load_confirmed(load));
    free(docker_ask("\"$DOCKER\" stats --no-stream --format '{{.Name}} {{.MemUsage}}' | grep \"^$name-\" | sed \"s/^$name-/memory: /\" | sort >>\"$IT_NOTES\""));
    it_load_prove(load, &d.consumer, "kills");
}

/* "" when the seer finds nothing. */
static void find(const char *word, char *out, size_t size)
{
    struct it_answer a = it_get(&d.seer, "/search?mode=words&q=%s", word);
    json_t *first = json_array_get(json_object_get(a.json, "results"), 0);
    const char *text = json_string_value(json_object_get(first, "text"));

    snprintf(out, size, "%s", text ? text : "");
    it_answer_free(&a);
}

static void receipts_and_the_seers_index_survive_a_down(void)
{
    static const char statement[] = "The ferry from Oxlaquetz leaves at nine.";
    struct it_answer a = it_post(&d.portal, "kept", "/api/producer/produce/kept/key");
    char id[40], before[4096], after[4096], text[128];

    CU_ASSERT_EQUAL_FATAL(a.status, 200);
    snprintf(id, sizeof id, "%s", it_text(&a, "id"));
    it_answer_free(&a);
    a = it_get(&d.consumer, "/status/%s?wait=consumed", id);
    CU_ASSERT_EQUAL(a.status, 200);
    snprintf(before, sizeof before, "%s", a.body);
    it_answer_free(&a);
    a = it_call(&d.seer, "POST", "Content-Type: text/plain", statement, sizeof statement - 1, "/accept");
    CU_ASSERT_EQUAL(a.status, 201);
    it_answer_free(&a);

    docker_down("");
    docker_note("start with data, one node: %.1f s", (double)docker_up(&d, "") / 1000);

    a = it_get(&d.consumer, "/status/%s", id);
    CU_ASSERT_EQUAL(a.status, 200);
    snprintf(after, sizeof after, "%s", a.body);
    it_answer_free(&a);
    CU_ASSERT_STRING_EQUAL(before, after);
    find("oxlaquetz", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, statement);
}

/* ---- three nodes ---- */

static bool all_are_in_sync(void *topic)
{
    struct it_answer a = it_get(&d.steward, "/topics/%s", (const char *)topic);
    json_t *partitions = json_object_get(a.json, "partitions"), *p;
    bool all = json_array_size(partitions) > 0;
    size_t i;

    json_array_foreach(partitions, i, p)
        all = all && json_array_size(json_object_get(p, "isr")) == 3;
    it_answer_free(&a);
    return all;
}

static void each_of_three_nodes_is_killed_and_production_goes_on(void)
{
    static const char *const nodes[] = { "streamer-0-1", "streamer-1-1", "streamer-2-1" };
    static char topic[] = "nodes";
    struct it_load *load;

    docker_down("VOLUMES=1");
    docker_note("first start, three nodes: %.1f s", (double)docker_up(&d, "KAFKA_NODES=3") / 1000);
    load = load_through_the_portal(topic);
    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        int64_t start_us;

        CU_ASSERT_FATAL(it_until(IN_SYNC_MS, all_are_in_sync, topic)); /* else two would be missing at once */
        docker_kill(nodes[i]);
        start_us = kl_mono_us();
        goes_on(load); /* with two */
        docker_note("%s killed, %d messages later: %.1f s", nodes[i], SOME, (double)(kl_mono_us() - start_us) / 1e6);
        docker_start(nodes[i]);
    }
    it_load_prove(load, &d.consumer, topic);
    docker_down("VOLUMES=1");
}

/* ---- PostgreSQL ---- */

static void consumers_on_postgresql_come_and_go_and_die(void)
{
    struct it_load *load;

    docker_note("first start, PostgreSQL: %.1f s", (double)docker_up(&d, "STORE=postgresql") / 1000);
    load = load_through_the_portal("shared");
    docker_up(&d, "STORE=postgresql CONSUMERS=3");
    goes_on(load);
    docker_kill("consumers-2");
    goes_on(load);
    docker_start("consumers-2");
    docker_kill("postgres-1");
    goes_on(load); /* receipts wait in Kafka */
    docker_start("postgres-1");
    docker_up(&d, "STORE=postgresql CONSUMERS=1");
    goes_on(load);
    it_load_prove(load, &d.consumer, "shared");
}

static void nothing_is_left(void)
{
    char *left;

    docker_down("VOLUMES=1");
    left = docker_ask("l=label=com.docker.compose.project=\"$name\"; \"$DOCKER\" ps -aq --filter $l; \"$DOCKER\" volume ls -q --filter $l;"
                      " \"$DOCKER\" network ls -q --filter $l");
    CU_ASSERT_STRING_EQUAL(left, "");
    free(left);
}

KL_TESTS_WITH("docker", begin, end, T(containers_may_do_nothing_but_their_work),
              T(every_container_is_killed_and_started_again_and_nothing_confirmed_is_lost), T(receipts_and_the_seers_index_survive_a_down),
              T(each_of_three_nodes_is_killed_and_production_goes_on), T(consumers_on_postgresql_come_and_go_and_die),
              T(nothing_is_left))
