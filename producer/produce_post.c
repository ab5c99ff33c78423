/* produce_post.c - POST and DELETE /produce/{topic}[/{key}]: one record, answered with what Kafka said of it.
 *
 * Everything but the value stands in the request's head, so a mistake there is answered before the body comes. Then the
 * request waits, at most twice: for the topic, when it is not known yet, and for the outcome. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "gateway.h"
#include "record_head.h"
#include "stats.h"

#define ACKED_MAX_BYTES 1024 /* of an answer: the longest topic name has 249, the numbers 20 each */

struct produce {
    struct gateway       *gateway;
    struct kl_request    *request;
    struct record         record;
    struct record_head    head;
    struct kl_buf         value;
    struct topics_waiter  topic;      /* its name, and how it is asked for */
    bool                  tombstone;
    bool                  given;      /* the id came as Idempotency-Key */
    bool                  async;      /* Prefer: respond-async */
    struct outcome        outcome;
    struct kl_error       err;        /* code KL_OK: there is an outcome */
};

static void produce_fini(void *arg)
{
    struct produce *p = arg;

    record_head_fini(&p->head);
    kl_buf_fini(&p->value);
}

/* ---- the head ---- */

/* Is respond-async among the preferences (RFC 7240)? */
static bool prefers_async(const char *prefer)
{
    static const char ASYNC[] = "respond-async";

    while (prefer && *prefer) {
        size_t len;

        prefer += strspn(prefer, " \t,");
        len = strcspn(prefer, ",;= \t");
        if (len == sizeof ASYNC - 1 && strncasecmp(prefer, ASYNC, len) == 0)
            return true;
        prefer += strcspn(prefer, ",");
    }
    return false;
}

/* The largest value that may pass, and whether it is the topic's. */
static int64_t value_max_bytes(const struct produce *p)
{
    int64_t own = p->gateway->conf.record_max_bytes;
    struct topic *topic = topics_find(p->gateway->topics, p->topic.name);
    int64_t topics = topic ? outbox_record_max_bytes(p->gateway->intake.outbox, topic) : 0;

    return topics > 0 && topics < own ? topics : own;
}

static enum kl_code too_large(int64_t max, struct kl_error *err)
{
    return kl_fail_limit(err, KL_TOO_LARGE, "value", max, "the value has more than %lld bytes", (long long)max);
}

static enum kl_code read_head(struct produce *p, bool keyed, struct kl_error *err)
{
    struct kl_request *r = p->request;
    int64_t max;

    if (answer_topic(r, p->topic.name, err) || record_head_read(&p->head, r, keyed, &p->record, &p->given, err))
        return err->code;
    p->async = prefers_async(kl_request_header(r, "Prefer"));
    p->record.client = room_client(p->gateway->room, kl_request_client(r));
    p->record.use = ROOM_ONE;
    max = value_max_bytes(p);
    kl_buf_init(&p->value, (size_t)max);
    return kl_request_body_declared(r) > max ? too_large(max, err) : KL_OK;
}

/* The record was not handed on, because of p->err: every way there ends here, so that it is counted. id: NULL while the
 * record has none. */
static void refuse(struct produce *p, const struct kl_uuid *id)
{
    stats_add(STATS_REFUSED, 1);
    if (id)
        answer_problem(p->request, &p->err, id);
    else
        kl_reply_error(p->request, &p->err);
}

static void begin(struct kl_request *r, bool keyed, bool tombstone)
{
    struct produce *p = kl_request_memory(r, sizeof *p);

    if (!p) {
        struct kl_error err;

        kl_fail(&err, KL_BUSY, "no memory for the request");
        kl_reply_error(r, &err);
        return;
    }
    p->gateway = kl_request_ctx(r);
    p->request = r;
    p->tombstone = tombstone;
    kl_request_attach(r, p, produce_fini);
    if (read_head(p, keyed, &p->err))
        refuse(p, NULL);
}

void produce_begin(struct kl_request *r)
{
    begin(r, false, false);
}

void produce_begin_keyed(struct kl_request *r)
{
    begin(r, true, false);
}

void produce_begin_tombstone(struct kl_request *r)
{
    begin(r, true, true);
}

size_t produce_body(struct kl_request *r, const char *data, size_t len)
{
    struct produce *p = kl_request_attached(r);

    if (kl_buf_add(&p->value, data, len))
        return len;
    if (p->value.len + len > p->value.max)
        too_large((int64_t)p->value.max, &p->err);
    else
        kl_fail(&p->err, KL_BUSY, "no memory for the value");
    refuse(p, NULL);
    return len;
}

/* ---- the answer ---- */

static void tell_window(const struct produce *p)
{
    if (!p->given)
        return;
    kl_reply_header(p->request, "Idempotency-Window", p->gateway->window_text);
    if (p->outcome.repeated)
        kl_reply_header(p->request, "Idempotency-Hit", "true");
}

static void answer_outcome(struct kl_request *r)
{
    struct produce *p = kl_request_attached(r);
    char id[KL_UUID_TEXT + 1], text[ACKED_MAX_BYTES];
    struct kl_buf out;

    tell_window(p);
    if (p->err.code == KL_CONFLICT)
        snprintf(p->err.field, sizeof p->err.field, "Idempotency-Key");
    if (p->err.code) {
        refuse(p, &p->record.id);
        return;
    }
    if (p->outcome.state != KL_ACKED) {
        outbox_error(&p->outcome, p->record.topic, &p->err);
        answer_problem(r, &p->err, &p->record.id);
        return;
    }
    kl_uuid_text(&p->record.id, id);
    id[KL_UUID_TEXT] = 0;
    kl_reply_header(r, "Kafkloud-Receipt", id);
    kl_buf_init_fixed(&out, text, sizeof text);
    answer_add_acked(&out, &p->outcome, p->record.topic->name);
    kl_reply(r, 200, "application/json", out.data, out.len);
}

static void answer_accepted(struct produce *p, int32_t partition)
{
    char id[KL_UUID_TEXT + 1], text[512];
    int len;

    tell_window(p);
    kl_uuid_text(&p->record.id, id);
    id[KL_UUID_TEXT] = 0;
    kl_reply_header(p->request, "Kafkloud-Receipt", id);
    kl_reply_header(p->request, "Preference-Applied", "respond-async");
    len = snprintf(text, sizeof text, "{\"id\":\"%s\",\"topic\":\"%s\"", id, p->record.topic->name);
    if (partition >= 0)
        len += snprintf(text + len, sizeof text - (size_t)len, ",\"partition\":%d", (int)partition);
    len += snprintf(text + len, sizeof text - (size_t)len, "}");
    kl_reply(p->request, 202, "application/json", text, (size_t)len);
}

/* ---- sending ---- */

static void outcome_came(void *ctx, const struct outcome *o)
{
    struct produce *p = ctx;

    p->outcome = *o;
    kl_request_resume(p->request); /* from here on p belongs to its HTTP thread */
}

/* Who asked for 202 does not wait: the receipt tells. */
static void outcome_ignored(void *ctx, const struct outcome *o)
{
    (void)ctx;
    (void)o;
}

static enum intake_state hand_in(struct produce *p, outbox_done_fn *done, void *ctx, int32_t *partition)
{
    return intake_send(&p->gateway->intake, &p->record, p->given, done, ctx, partition, &p->outcome, &p->err);
}

static void send_async(struct produce *p)
{
    int32_t partition;

    if (hand_in(p, outcome_ignored, NULL, &partition) == INTAKE_SENT)
        answer_accepted(p, partition);
    else
        answer_outcome(p->request);
}

static void send_and_wait(struct produce *p)
{
    struct kl_request *r = p->request;
    int32_t partition;

    kl_request_suspend(r, answer_outcome); /* first: the outcome may come before hand_in returns, and p be gone */
    if (hand_in(p, outcome_came, p, &partition) != INTAKE_SENT)
        kl_request_resume(r);
}

static void send_record(struct produce *p, struct topic *topic)
{
    p->record.topic = topic;
    if (p->async)
        send_async(p);
    else
        send_and_wait(p);
}

/* ---- the topic ---- */

static void topic_came(struct topics_waiter *w, struct topic *topic, const struct kl_error *why)
{
    struct produce *p = (struct produce *)((char *)w - offsetof(struct produce, topic));

    p->record.topic = topic;
    if (!topic)
        p->err = *why;
    kl_request_resume(p->request);
}

static void topic_asked(struct kl_request *r)
{
    struct produce *p = kl_request_attached(r);

    if (p->record.topic)
        send_record(p, p->record.topic);
    else
        refuse(p, &p->record.id);
}

static void ask_for_topic(struct produce *p)
{
    struct kl_request *r = p->request;

    p->topic.found = topic_came;
    kl_request_suspend(r, topic_asked);
    if (topics_ask(p->gateway->topics, &p->topic, &p->err))
        kl_request_resume(r);
}

void produce_handle(struct kl_request *r)
{
    struct produce *p = kl_request_attached(r);
    struct topic *topic = topics_find(p->gateway->topics, p->topic.name);

    if (!p->tombstone) {
        p->record.value = p->value.len > 0 ? p->value.data : "";
        p->record.value_len = p->value.len;
    }
    if (topic)
        send_record(p, topic);
    else
        ask_for_topic(p);
}
