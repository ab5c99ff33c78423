/* GET /status/{id} and GET /status/{topic}/{partition}/{offset} - one message's receipt, now or when it is there (?wait=). */
#include <stdlib.h>
#include <string.h>

#include "consumer.h"
#include "endpoints.h"
#include "problem.h"
#include "reading.h"
#include "topic.h"
#include "waiters.h"

#define WAIT_DEFAULT_MS 5000
#define WAIT_MAX_MS     60000

enum stage { STAGE_NOW, STAGE_ACKED, STAGE_CONSUMED };

/* Owned by the request. */
struct ask {
    struct reading  reading; /* first: reading.h */
    struct waiter   waiter;  /* what: which message, waited for or not */
    enum stage      stage;
    int64_t         timeout_ms;
    struct kl_error refused; /* code not KL_OK: there is no waiting */
    bool            woken;   /* the waiting is over, whatever it led to */

    /* what the last look led to */
    bool            unsettled; /* what is waited for may still come */
    struct kl_error problem;   /* code KL_OK: the answer is a receipt */
    struct kl_buf   body;
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
    struct waited *what = &ask->waiter.what;
    size_t len;
    const char *id = kl_request_param(r, "id", &len);

    what->by_id = kl_uuid_parse(id, len, &what->id);
    if (what->by_id || receipt_name_read(id, len, what->topic, &what->partition, &what->offset))
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
    struct waited *what = &ask->waiter.what;
    size_t len;
    const char *topic = kl_request_param(r, "topic", &len);
    int64_t partition;
    enum kl_code code = kl_topic_check(topic, len, err);

    if (!code)
        code = number_read(r, "partition", INT32_MAX, &partition, err);
    if (!code)
        code = number_read(r, "offset", INT64_MAX, &what->offset, err);
    if (code)
        return code;
    memcpy(what->topic, topic, len + 1);
    what->partition = (int32_t)partition;
    return KL_OK;
}

/* ---- looking ---- */

static enum kl_code find(const struct ask *ask, struct reader *reader, const struct receipt **out, struct kl_error *err)
{
    const struct waited *what = &ask->waiter.what;

    if (what->by_id)
        return reader_find_id(reader, &what->id, out, err);
    return reader_find_place(reader, what->topic, what->partition, what->offset, out, err);
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
    const struct waited *what = &ask->waiter.what;

    memset(out, 0, RECEIPT_NAME_MAX);
    if (what->by_id)
        kl_uuid_text(&what->id, out);
    else
        receipt_name(out, what->topic, what->partition, what->offset);
}

/* A problem that also tells what is known: "receipt" is null, or what happened so far. */
static void problem_write(struct ask *ask, const struct receipt *known)
{
    char id[RECEIPT_NAME_MAX];

    name_of(ask, id);
    kl_problem_json(&ask->body, &ask->problem, id);
    if (!known || ask->body.len == 0)
        return;
    kl_buf_cut(&ask->body, ask->body.len - 1); /* the closing brace */
    kl_buf_adds(&ask->body, ",\"receipt\":");
    if (known->state == RECEIPT_FAILED)
        receipt_json(&ask->body, known);
    else
        kl_buf_adds(&ask->body, "null");
    kl_buf_addc(&ask->body, '}');
}

static void settled_write(struct ask *ask, const struct receipt *receipt)
{
    if (receipt->state == RECEIPT_CONSUMED || receipt->state == RECEIPT_FAILED) {
        receipt_json(&ask->body, receipt);
        return;
    }
    if (receipt->state == RECEIPT_EXPIRED)
        kl_fail(&ask->problem, KL_GONE, "retention has removed what was known of this message");
    else
        kl_fail(&ask->problem, KL_NOT_FOUND, "nothing is known of this message, or not yet");
    problem_write(ask, NULL);
}

static void unsettled_write(struct ask *ask, const struct receipt *receipt)
{
    if (waiters_ended(ask->waiter.all))
        kl_fail(&ask->problem, KL_BUSY, "the service is stopping");
    else
        kl_fail(&ask->problem, KL_TIMEOUT, "it has not been %s within %lld ms", ask->stage == STAGE_ACKED ? "acked" : "consumed",
                (long long)ask->timeout_ms);
    problem_write(ask, receipt);
}

static enum kl_code look(struct reading *rd, struct reader *reader, struct kl_error *err)
{
    struct ask *ask = (struct ask *)rd;
    const struct receipt *receipt;
    enum kl_code code = find(ask, reader, &receipt, err);

    if (code)
        return code;
    kl_buf_clear(&ask->body);
    ask->problem.code = KL_OK;
    ask->unsettled = !is_settled(receipt, ask->stage);
    if (!ask->unsettled)
        settled_write(ask, receipt);
    else if (ask->woken)
        unsettled_write(ask, receipt);
    return ask->body.failed ? kl_fail(err, KL_BUSY, "no memory for the answer") : KL_OK;
}

/* ---- waiting ---- */

static void on_wake(struct waiter *w)
{
    struct ask *ask = (struct ask *)((char *)w - offsetof(struct ask, waiter));

    kl_request_resume(ask->reading.request);
}

/* Woken: by the message, by the clock, or because the service stops. */
static void waited(struct kl_request *r)
{
    const struct consumer *c = kl_request_ctx(r);
    struct ask *ask = kl_request_attached(r);

    ask->woken = true;
    if (ask->refused.code)
        kl_reply_error(r, &ask->refused);
    else
        reading_do(r, c->readings, &ask->reading);
}

/* After the waiter is in place: what was stored before that must be found here, for nobody will tell of it. Where looking
 * would take time, the waiters are looked for by somebody else (watch.h). */
static void look_again(const struct consumer *c, struct ask *ask)
{
    struct kl_error err;

    if (reading_now(c->readings, &ask->reading, &err) && (err.code || !ask->unsettled) && waiters_remove(c->waiters, &ask->waiter))
        kl_request_resume(ask->reading.request);
}

static void wait_begin(struct kl_request *r, const struct consumer *c, struct ask *ask)
{
    ask->waiter.wake = on_wake;
    ask->waiter.what.possibly = ask->stage == STAGE_ACKED;
    kl_request_suspend(r, waited);
    if (waiters_add(c->waiters, &ask->waiter, ask->timeout_ms, &ask->refused))
        kl_request_resume(r);
    else
        look_again(c, ask); /* `waited` runs on this thread, so ask is there until we return */
}

/* ---- the handlers ---- */

static void reply(struct kl_request *r, struct reading *rd, const struct kl_error *err)
{
    struct ask *ask = (struct ask *)rd;

    if (err->code)
        kl_reply_error(r, err);
    else if (ask->unsettled && !ask->woken)
        wait_begin(r, kl_request_ctx(r), ask);
    else if (ask->problem.code)
        kl_reply_problem(r, &ask->problem, &ask->body);
    else
        kl_reply_buf(r, 200, "application/json", &ask->body);
}

static void ask_free(void *p)
{
    struct ask *ask = p;

    kl_buf_fini(&ask->body);
    free(ask);
}

static void handle(struct kl_request *r, enum kl_code (*read)(struct kl_request *r, struct ask *ask, struct kl_error *err))
{
    const struct consumer *c = kl_request_ctx(r);
    struct ask *ask = calloc(1, sizeof *ask);
    struct kl_error err;

    if (!ask) {
        kl_fail(&err, KL_BUSY, "no memory for the request");
        kl_reply_error(r, &err);
        return;
    }
    ask->reading = (struct reading){ .read = look, .reply = reply };
    kl_buf_init(&ask->body, 2 * RECEIPT_JSON_MAX);
    kl_request_attach(r, ask, ask_free);
    if (read(r, ask, &err) || stage_read(r, ask, &err))
        kl_reply_error(r, &err);
    else
        reading_do(r, c->readings, &ask->reading);
}

void receipt_by_id(struct kl_request *r)
{
    handle(r, id_read);
}

void receipt_by_place(struct kl_request *r)
{
    handle(r, place_read);
}
