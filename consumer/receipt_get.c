/* GET /status/{id} and GET /status/{topic}/{partition}/{offset} - one message's receipt, now or when it is there (?wait=). */
#include <stdlib.h>
#include <string.h>

#include "consumer.h"
#include "endpoints.h"
#include "problem.h"
#include "readers.h"
#include "topic.h"
#include "waiters.h"

#define WAIT_DEFAULT_MS 5000
#define WAIT_MAX_MS     60000

enum stage { STAGE_NOW, STAGE_ACKED, STAGE_CONSUMED };

/* Owned by the request while it waits. */
struct ask {
    struct kl_request *request;
    struct waiter      waiter; /* first of all says which message */
    enum stage         stage;
    int64_t            timeout_ms;
    struct kl_error    refused; /* code not KL_OK: there is no waiting */
};

/* ---- reading the request ---- */

static enum kl_code stage_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    size_t len;
    const char *wait = kl_request_query(r, "wait", &len);

    if (!wait)
        ask->stage = STAGE_NOW;
    else if (!strcmp(wait, "acked"))
        ask->stage = STAGE_ACKED;
    else if (!strcmp(wait, "consumed"))
        ask->stage = STAGE_CONSUMED;
    else
        return kl_fail_field(err, KL_INVALID, "wait", "wait is acked or consumed");
    return kl_request_query_int(r, "timeout_ms", 0, WAIT_MAX_MS, WAIT_DEFAULT_MS, &ask->timeout_ms, err);
}

static enum kl_code id_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    struct waiter *w = &ask->waiter;
    size_t len;
    const char *id = kl_request_param(r, "id", &len);

    w->by_id = kl_uuid_parse(id, len, &w->id);
    if (w->by_id || receipt_name_read(id, len, w->topic, &w->partition, &w->offset))
        return KL_OK;
    return kl_fail_field(err, KL_INVALID, "id", "an id is a UUID, or topic/partition/offset");
}

static enum kl_code number_read(struct kl_request *r, const char *name, int64_t max, int64_t *out, struct kl_error *err)
{
    size_t len;
    const char *text = kl_request_param(r, name, &len);
    int64_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || n > (max - (text[i] - '0')) / 10)
            len = 0;
        else
            n = n * 10 + (text[i] - '0');
    }
    *out = n;
    return len > 0 ? KL_OK : kl_fail_field(err, KL_INVALID, name, "%s is a number from 0 to %lld", name, (long long)max);
}

static enum kl_code place_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    struct waiter *w = &ask->waiter;
    size_t len;
    const char *topic = kl_request_param(r, "topic", &len);
    int64_t partition;
    enum kl_code code = kl_topic_check(topic, len, err);

    if (!code)
        code = number_read(r, "partition", INT32_MAX, &partition, err);
    if (!code)
        code = number_read(r, "offset", INT64_MAX, &w->offset, err);
    if (code)
        return code;
    memcpy(w->topic, topic, len + 1);
    w->partition = (int32_t)partition;
    return KL_OK;
}

/* ---- looking ---- */

static enum kl_code find(const struct ask *ask, struct reader *reader, const struct receipt **out, struct kl_error *err)
{
    const struct waiter *w = &ask->waiter;

    if (w->by_id)
        return reader_find_id(reader, &w->id, out, err);
    return reader_find_place(reader, w->topic, w->partition, w->offset, out, err);
}

/* Has what is waited for happened, or can it happen no more? A message that possibly failed may still turn up. */
static bool is_settled(const struct receipt *receipt, enum stage stage)
{
    switch (receipt->state) {
    case RECEIPT_CONSUMED:
    case RECEIPT_EXPIRED:
        return true;
    case RECEIPT_FAILED:
        return stage != STAGE_CONSUMED || !receipt->possibly;
    default:
        return stage == STAGE_NOW;
    }
}

/* ---- answering ---- */

static void name_of(const struct ask *ask, char out[RECEIPT_NAME_MAX])
{
    const struct waiter *w = &ask->waiter;

    memset(out, 0, RECEIPT_NAME_MAX);
    if (w->by_id)
        kl_uuid_text(&w->id, out);
    else
        receipt_name(out, w->topic, w->partition, w->offset);
}

/* A problem that also tells what is known: "receipt" is null, or what happened so far. */
static void reply_problem(struct kl_request *r, const struct ask *ask, const struct kl_error *problem, const struct receipt *known)
{
    char id[RECEIPT_NAME_MAX];
    struct kl_error err;
    struct kl_buf body;

    name_of(ask, id);
    kl_buf_init(&body, 2 * RECEIPT_JSON_MAX);
    kl_problem_json(&body, problem, id);
    if (known && body.len > 0) {
        kl_buf_cut(&body, body.len - 1); /* the closing brace */
        kl_buf_adds(&body, ",\"receipt\":");
        if (known->state == RECEIPT_FAILED)
            receipt_json(&body, known);
        else
            kl_buf_adds(&body, "null");
        kl_buf_addc(&body, '}');
    }
    if (body.failed) {
        kl_fail(&err, KL_BUSY, "no memory for the answer");
        kl_reply_error(r, &err);
    } else {
        kl_reply_problem(r, problem, &body);
    }
    kl_buf_fini(&body);
}

static void reply_receipt(struct kl_request *r, const struct receipt *receipt)
{
    struct kl_error err;
    struct kl_buf body;

    kl_buf_init(&body, RECEIPT_JSON_MAX);
    if (receipt_json(&body, receipt)) {
        kl_reply_buf(r, 200, "application/json", &body);
    } else {
        kl_fail(&err, KL_BUSY, "no memory for the answer");
        kl_reply_error(r, &err);
    }
    kl_buf_fini(&body);
}

static void reply_settled(struct kl_request *r, const struct ask *ask, const struct receipt *receipt)
{
    struct kl_error err;

    if (receipt->state == RECEIPT_CONSUMED || receipt->state == RECEIPT_FAILED) {
        reply_receipt(r, receipt);
        return;
    }
    if (receipt->state == RECEIPT_EXPIRED)
        kl_fail(&err, KL_GONE, "retention has removed what was known of this message");
    else
        kl_fail(&err, KL_NOT_FOUND, "nothing is known of this message, or not yet");
    reply_problem(r, ask, &err, NULL);
}

static void reply_unsettled(struct kl_request *r, const struct ask *ask, const struct receipt *receipt, bool stopping)
{
    struct kl_error err;

    if (stopping)
        kl_fail(&err, KL_BUSY, "the service is stopping");
    else
        kl_fail(&err, KL_TIMEOUT, "it has not been %s within %lld ms", ask->stage == STAGE_ACKED ? "acked" : "consumed",
                (long long)ask->timeout_ms);
    reply_problem(r, ask, &err, receipt);
}

/* ---- waiting ---- */

static void on_wake(struct waiter *w)
{
    struct ask *ask = (struct ask *)((char *)w - offsetof(struct ask, waiter));

    kl_request_resume(ask->request);
}

/* Woken: by the message, by the clock, or because the service stops. */
static void waited(struct kl_request *r)
{
    struct consumer *c = kl_request_ctx(r);
    const struct ask *ask = kl_request_attached(r);
    const struct receipt *receipt;
    struct reader *reader = NULL;
    struct kl_error err;

    if (ask->refused.code)
        kl_reply_error(r, &ask->refused);
    else if (readers_take(c->readers, &reader, &err) || find(ask, reader, &receipt, &err))
        kl_reply_error(r, &err);
    else if (is_settled(receipt, ask->stage))
        reply_settled(r, ask, receipt);
    else
        reply_unsettled(r, ask, receipt, waiters_ended(c->waiters));
    readers_give(c->readers, reader);
}

/* After the waiter is in place: what was stored before that must be found here, for nobody will tell of it. */
static void look_again(struct consumer *c, struct reader *reader, struct ask *ask)
{
    const struct receipt *receipt;
    struct kl_error err;

    if ((find(ask, reader, &receipt, &err) || is_settled(receipt, ask->stage)) && waiters_remove(c->waiters, &ask->waiter))
        kl_request_resume(ask->request);
}

static void wait_begin(struct kl_request *r, struct consumer *c, struct reader *reader, struct ask *ask)
{
    ask->request = r;
    ask->waiter.wake = on_wake;
    kl_request_suspend(r, waited);
    if (waiters_add(c->waiters, &ask->waiter, ask->timeout_ms, &ask->refused))
        kl_request_resume(r);
    else
        look_again(c, reader, ask); /* `waited` runs on this thread, so ask is there until we return */
}

/* ---- the handlers ---- */

static void answer(struct kl_request *r, struct ask *ask)
{
    struct consumer *c = kl_request_ctx(r);
    const struct receipt *receipt;
    struct reader *reader = NULL;
    struct kl_error err;

    if (readers_take(c->readers, &reader, &err) || find(ask, reader, &receipt, &err))
        kl_reply_error(r, &err);
    else if (is_settled(receipt, ask->stage))
        reply_settled(r, ask, receipt);
    else
        wait_begin(r, c, reader, ask);
    readers_give(c->readers, reader);
}

static void handle(struct kl_request *r, enum kl_code (*read)(struct kl_request *r, struct ask *ask, struct kl_error *err))
{
    struct ask *ask = calloc(1, sizeof *ask);
    struct kl_error err;

    if (!ask) {
        kl_fail(&err, KL_BUSY, "no memory for the request");
        kl_reply_error(r, &err);
        return;
    }
    kl_request_attach(r, ask, free);
    if (read(r, ask, &err) || stage_read(r, ask, &err))
        kl_reply_error(r, &err);
    else
        answer(r, ask);
}

void receipt_by_id(struct kl_request *r)
{
    handle(r, id_read);
}

void receipt_by_place(struct kl_request *r)
{
    handle(r, place_read);
}
