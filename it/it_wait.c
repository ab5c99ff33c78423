/* it_wait.c - waiting for conditions, never for times; and paging through receipts. */
#include <string.h>

#include "it.h"

bool it_until(int64_t deadline_ms, bool (*holds)(void *ctx), void *ctx)
{
    int64_t end = kl_mono_us() + deadline_ms * 1000;

    while (!holds(ctx)) {
        if (kl_mono_us() > end)
            return false;
        kl_sleep_ms(20);
    }
    return true;
}

struct consumed { const struct it_process *consumer; const char *topic; int64_t n; };

static bool has_consumed(void *ctx)
{
    struct consumed *want = ctx;
    struct it_answer a = it_get(want->consumer, "/status");
    int64_t seen = 0;
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(a.json, "by_topic"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "topic")), want->topic))
            seen = json_integer_value(json_object_get(row, "n_consumed"));
    it_answer_free(&a);
    return seen >= want->n;
}

bool it_until_consumed(const struct it_process *consumer, const char *topic, int64_t n, int64_t deadline_ms)
{
    struct consumed want = { consumer, topic, n };
    return it_until(deadline_ms, has_consumed, &want);
}

long it_receipts(const struct it_process *consumer, const char *topic, void (*each)(void *ctx, json_t *receipt), void *ctx)
{
    char before[128] = "";
    long n = 0;

    for (;;) {
        struct it_answer a = it_get(consumer, "/receipts?topic=%s&limit=1000%s%s", topic, *before ? "&before=" : "", before);
        const char *next = json_string_value(json_object_get(a.json, "next"));
        size_t i;
        json_t *receipt;

        CU_ASSERT_EQUAL(a.status, 200);
        json_array_foreach(json_object_get(a.json, "receipts"), i, receipt) {
            each(ctx, receipt);
            n++;
        }
        snprintf(before, sizeof before, "%s", next ? next : "");
        it_answer_free(&a);
        if (!*before)
            return n;
    }
}
