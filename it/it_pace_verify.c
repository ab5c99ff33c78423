/* it_pace_verify.c - what became of a load's messages, as the consumer tells it. */
#include <jansson.h>
#include <stdlib.h>

#include "clock.h"
#include "httpc.h"
#include "it_pace.h"

#define IDS_A_CALL    1000 /* what POST /status takes */
#define CALL_MS       20000
#define AGAIN_MS      200

static char *question(const struct it_pace_record *const *records, size_t n)
{
    json_t *ids = json_array(), *body = json_pack("{s:o}", "ids", ids);
    char *text;

    for (size_t i = 0; i < n; i++) {
        char id[KL_UUID_TEXT];
        kl_uuid_text(&records[i]->id, id);
        json_array_append_new(ids, json_stringn(id, sizeof id));
    }
    text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

/* The receipts of up to IDS_A_CALL records, in their order; the caller's. NULL: none came. */
static json_t *ask(const char *consumer_url, const struct it_pace_record *const *records, size_t n, struct kl_error *err)
{
    static const char *headers[] = { "Content-Type: application/json", NULL };
    struct kl_httpc_answer answer;
    json_t *doc = NULL, *receipts = NULL;
    char url[512], *text = question(records, n);
    struct kl_httpc_call call = { .method = "POST", .url = url, .headers = headers, .body = text, .len = strlen(text), .timeout_ms = CALL_MS };

    snprintf(url, sizeof url, "%s/status", consumer_url);
    if (kl_httpc(&call, &answer, err) == KL_OK) {
        doc = json_loadb(answer.body.data ? answer.body.data : "", answer.body.len, 0, NULL);
        receipts = json_incref(json_object_get(doc, "receipts"));
        if (json_array_size(receipts) != n) {
            kl_fail(err, KL_UPSTREAM, "%s answers %d %.100s", url, answer.status, answer.body.data ? answer.body.data : "");
            json_decref(receipts);
            receipts = NULL;
        }
    }
    kl_httpc_fini(&answer);
    json_decref(doc);
    free(text);
    return receipts;
}

static bool is_consumed(const json_t *receipt)
{
    const char *state = json_string_value(json_object_get(receipt, "state"));

    return state && strcmp(state, "consumed") == 0;
}

/* One look at all of list; what is confirmed and not consumed yet stays in it. */
static enum kl_code look(const struct it_pace_record **list, size_t *n, const char *consumer_url, struct it_pace_verdict *v, struct kl_error *err)
{
    size_t left = 0;

    for (size_t from = 0; from < *n; from += IDS_A_CALL) {
        size_t count = *n - from < IDS_A_CALL ? *n - from : IDS_A_CALL;
        json_t *receipts = ask(consumer_url, list + from, count, err);

        if (!receipts)
            return err->code;
        for (size_t i = 0; i < count; i++) {
            const json_t *receipt = json_array_get(receipts, i);
            if (json_array_size(json_object_get(receipt, "duplicates")))
                v->twice++;
            if (is_consumed(receipt))
                v->kept_unconfirmed += list[from + i]->fate != IT_PACE_CONFIRMED;
            else if (list[from + i]->fate == IT_PACE_CONFIRMED)
                list[left++] = list[from + i];
        }
        json_decref(receipts);
    }
    *n = left;
    return KL_OK;
}

enum kl_code it_pace_verify(const struct it_pace_result *result, const char *consumer_url, int64_t deadline_ms,
                            struct it_pace_verdict *verdict, struct kl_error *err)
{
    int64_t end_us = kl_mono_us() + deadline_ms * 1000;
    const struct it_pace_record **list = calloc((size_t)result->records_n + 1, sizeof *list);
    enum kl_code code = KL_OK;
    size_t n = 0;

    memset(verdict, 0, sizeof *verdict);
    for (long i = 0; i < result->records_n; i++)
        if (result->records[i].fate != IT_PACE_UNSENT)
            list[n++] = &result->records[i];
    /* Confirmed ones are consumed in order, so those that are missing at first are few, and the last. */
    do {
        size_t before = n;
        code = look(list, &n, consumer_url, verdict, err);
        if (!code && n == 0)
            break;
        if (code || n == before)
            kl_sleep_ms(AGAIN_MS);
    } while (kl_mono_us() < end_us);
    verdict->missing = (long)n;
    if (n > 0)
        verdict->first = list[0]->id;
    free(list);
    return code;
}
