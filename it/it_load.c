/* it_load.c - see it_load.h. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "it_load.h"

#define CONFIRMED_MAX 400000
#define IDS_A_CALL    1000 /* what POST /status takes */
#define WAIT_MS       60000

struct confirmed { char id[37]; int partition; int64_t offset; };
struct verdict { long missing, misplaced, duplicated; };
struct goal { struct it_load *load; long confirmed, refused; };

struct it_load {
    const struct it_process *producer;
    char        path[256];
    int         connections;
    pthread_t  *threads;
    atomic_bool stop;
    atomic_long n, refused, dishonest;
    struct confirmed *confirmed;
};

static void remember(struct it_load *load, const char *answer)
{
    json_t *doc = json_loads(answer, 0, NULL);
    long n = atomic_fetch_add(&load->n, 1);

    if (n < CONFIRMED_MAX) {
        struct confirmed *c = &load->confirmed[n];
        snprintf(c->id, sizeof c->id, "%s", json_string_value(json_object_get(doc, "id")));
        c->partition = (int)json_integer_value(json_object_get(doc, "partition"));
        c->offset = json_integer_value(json_object_get(doc, "offset"));
    }
    json_decref(doc);
}

static void *run(void *ctx)
{
    struct it_load *load = ctx;
    struct it_client *client = it_client_new(load->producer);

    while (!load->stop && load->n < CONFIRMED_MAX - 1000) {
        const char *answer;
        int status = it_client_post(client, load->path, "a record of the load", 20, &answer);

        if (status == 200)
            remember(load, answer);
        else if (status >= 400 && strstr(answer, "urn:kafkloud:problem:"))
            load->refused++;
        else if (status)
            load->dishonest++;
        else
            kl_sleep_ms(5); /* nobody listens: the process was killed */
        if (status == 503)
            kl_sleep_ms(5);
    }
    it_client_free(client);
    return NULL;
}

struct it_load *it_load_start(const struct it_process *producer, int connections, const char *path)
{
    struct it_load *load = calloc(1, sizeof *load);

    load->producer = producer;
    load->connections = connections;
    load->threads = calloc((size_t)connections, sizeof *load->threads);
    load->confirmed = calloc(CONFIRMED_MAX, sizeof *load->confirmed);
    snprintf(load->path, sizeof load->path, "%s", path);
    for (int i = 0; i < connections; i++)
        pthread_create(&load->threads[i], NULL, run, load);
    return load;
}

long it_load_confirmed(struct it_load *load) { return load->n; }
long it_load_dishonest(const struct it_load *load) { return load->dishonest; }

void it_load_stop(struct it_load *load)
{
    load->stop = true;
    for (int i = 0; i < load->connections; i++)
        pthread_join(load->threads[i], NULL);
}

static bool is_reached(void *ctx)
{
    const struct goal *goal = ctx;

    return goal->load->n >= goal->confirmed && goal->load->refused >= goal->refused;
}

bool it_load_until(struct it_load *load, long confirmed, long refused)
{
    struct goal goal = { load, confirmed, refused };

    return it_until(WAIT_MS, is_reached, &goal);
}

static void judge(const struct confirmed *c, json_t *receipt, struct verdict *v)
{
    const char *state = json_string_value(json_object_get(receipt, "state"));

    if (!state || strcmp(state, "consumed"))
        v->missing++;
    else if (json_integer_value(json_object_get(receipt, "offset")) != c->offset ||
             json_integer_value(json_object_get(receipt, "partition")) != c->partition)
        v->misplaced++;
    if (json_array_size(json_object_get(receipt, "duplicates")))
        v->duplicated++;
}

/* A store that was away may have to be asked again: it says so with 503. */
static struct it_answer ask(const struct it_process *consumer, const char *body)
{
    int64_t deadline = kl_mono_us() + WAIT_MS * INT64_C(1000);
    struct it_answer a = it_call(consumer, "POST", "Content-Type: application/json", body, strlen(body), "/status");

    while (a.status == 503 && kl_mono_us() < deadline) {
        it_answer_free(&a);
        kl_sleep_ms(20);
        a = it_call(consumer, "POST", "Content-Type: application/json", body, strlen(body), "/status");
    }
    return a;
}

/* Asks for the receipt of every confirmed record. */
static struct verdict verify(const struct it_load *load, const struct it_process *consumer)
{
    struct verdict v = { 0, 0, 0 };

    for (long from = 0; from < load->n; from += IDS_A_CALL) {
        long n = load->n - from < IDS_A_CALL ? load->n - from : IDS_A_CALL;
        json_t *ids = json_array(), *body = json_pack("{s:o}", "ids", ids), *receipts;
        struct it_answer a;
        char *text;

        for (long i = 0; i < n; i++)
            json_array_append_new(ids, json_string(load->confirmed[from + i].id));
        text = json_dumps(body, 0);
        a = ask(consumer, text);
        receipts = json_object_get(a.json, "receipts");
        for (long i = 0; i < n; i++)
            judge(&load->confirmed[from + i], json_array_get(receipts, (size_t)i), &v);
        it_answer_free(&a);
        free(text);
        json_decref(body);
    }
    return v;
}

void it_load_prove(struct it_load *load, const struct it_process *consumer, const char *topic)
{
    struct verdict v;

    it_load_stop(load);
    CU_ASSERT(it_until_consumed(consumer, topic, load->n, WAIT_MS));
    v = verify(load, consumer);
    CU_ASSERT_EQUAL(v.missing, 0);
    CU_ASSERT_EQUAL(v.misplaced, 0);
    CU_ASSERT_EQUAL(v.duplicated, 0);
    CU_ASSERT_EQUAL(load->dishonest, 0);
    it_load_free(load);
}

void it_load_free(struct it_load *load)
{
    free(load->threads);
    free(load->confirmed);
    free(load);
}
