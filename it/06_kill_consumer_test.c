/* kill -9 of the consumer in the middle of 200,000 messages: each gets exactly one receipt, and reading goes on at once. */
#include <stdio.h>
#include <stdlib.h>

#include "it.h"

#define MESSAGES   200000
#define BATCH      10000
#define PARTITIONS 4
#define RESUME_MS  3000

static struct it_world w;
static unsigned char *seen[PARTITIONS]; /* receipts by offset */

static int begin(void)
{
    static char partitions[] = "TOPIC_PARTITIONS=4";
    w.producer.env[0] = partitions;
    return it_begin(&w, IT_PRODUCER | IT_CONSUMER);
}
static int end(void) { return it_end(&w); }

struct load { pthread_t thread; char path[128]; long confirmed; };

static void *produce(void *ctx)
{
    struct load *load = ctx;
    struct kl_buf body;

    kl_buf_init(&body, 4 << 20);
    for (int batch = 0; batch < MESSAGES / BATCH; batch++) {
        struct it_answer a;
        kl_buf_clear(&body);
        for (int i = 0; i < BATCH; i++)
            kl_buf_addf(&body, "{\"key\":\"k%d\",\"value\":\"some text of a message, about as long as they are %d\"}\n", i % 997, i);
        a = it_call(&w.producer, "POST", "Content-Type: application/x-ndjson", body.data, body.len, "%s", load->path);
        for (const char *at = a.body; (at = strstr(at, "\"offset\"")); at++)
            load->confirmed++;
        it_answer_free(&a);
    }
    kl_buf_fini(&body);
    return NULL;
}

static void count_receipt(void *ctx, json_t *receipt)
{
    int64_t partition = json_integer_value(json_object_get(receipt, "partition"));
    int64_t offset = json_integer_value(json_object_get(receipt, "offset"));

    (void)ctx;
    if (partition >= 0 && partition < PARTITIONS && offset >= 0 && offset < MESSAGES)
        seen[partition][offset]++;
}

static int64_t consumed(const char *topic)
{
    struct it_answer a = it_get(&w.consumer, "/status");
    int64_t n = 0;
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(a.json, "by_topic"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "topic")), topic))
            n = json_integer_value(json_object_get(row, "n_consumed"));
    it_answer_free(&a);
    return n;
}

static void kill_dash_nine_leaves_one_receipt_a_message_and_reading_goes_on_within_three_seconds(void)
{
    const char *topic = it_topic(&w, "killed");
    struct load load = { .confirmed = 0 };
    long receipts, singles = 0;
    int kills, p;

    for (p = 0; p < PARTITIONS; p++)
        seen[p] = calloc(MESSAGES, 1);
    snprintf(load.path, sizeof load.path, "/records/%s", topic);
    pthread_create(&load.thread, NULL, produce, &load);
    for (kills = 1; kills <= 4; kills++) { /* after a fifth, two fifths, ... have been stored */
        int64_t before, at;
        CU_ASSERT(it_until_consumed(&w.consumer, topic, kills * (MESSAGES / 5), 60000));
        it_stop(&w.consumer, SIGKILL);
        at = kl_mono_us();
        it_start_only(&w, &w.consumer);
        before = consumed(topic);
        CU_ASSERT(before == MESSAGES || it_until_consumed(&w.consumer, topic, before + 1, RESUME_MS));
        CU_ASSERT(kl_mono_us() - at < RESUME_MS * 1000);
    }
    pthread_join(load.thread, NULL);
    CU_ASSERT_EQUAL(load.confirmed, MESSAGES);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, MESSAGES, 60000));
    receipts = it_receipts(&w.consumer, topic, count_receipt, NULL);
    CU_ASSERT_EQUAL(receipts, MESSAGES);
    for (p = 0; p < PARTITIONS; p++)
        for (int i = 0; i < MESSAGES; i++)
            singles += seen[p][i] == 1;
    CU_ASSERT_EQUAL(singles, MESSAGES);
    for (p = 0; p < PARTITIONS; p++)
        free(seen[p]);
}

KL_TESTS_WITH("kill_consumer", begin, end, T(kill_dash_nine_leaves_one_receipt_a_message_and_reading_goes_on_within_three_seconds))
