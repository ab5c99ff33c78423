/* records_post.c - POST /records/{topic}: many records, handed on as they arrive.
 *
 * A record that finds no room stays unread: the reading stops there and goes on when there is some, so that a fast client
 * is slowed down and not refused. The request's memory is the record at hand and a small slot for each record before. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "problem.h"
#include "stats.h"
#include "upload.h"

#define PROBLEM_MAX_BYTES 4096 /* a kl_error's texts, escaped */

static void upload_free(struct upload *u)
{
    while (u->first) {
        struct upload_chunk *next = u->first->next;

        for (size_t i = 0; i < UPLOAD_CHUNK; i++)
            free(u->first->slot[i].problem);
        free(u->first);
        u->first = next;
    }
    record_split_fini(&u->split);
    record_json_fini(&u->json);
    kl_buf_fini(&u->line);
    free(u);
}

/* The request has ended: answered, or its client has gone, perhaps before its records have outcomes. */
static void upload_release(void *arg)
{
    struct upload *u = arg;

    atomic_fetch_sub(&u->gateway->uploads, 1);
    if (u->ended) {
        upload_free(u);
        return;
    }
    u->gone = true;
    if (atomic_fetch_sub(&u->pending, 1) == 1)
        upload_free(u);
}

/* A record has its outcome, or the body has ended. */
static void settle_one(struct upload *u)
{
    if (atomic_fetch_sub(&u->pending, 1) != 1)
        return;
    if (u->gone)
        upload_free(u);
    else
        kl_request_resume(u->request);
}

static void outcome_came(void *ctx, const struct outcome *o)
{
    struct upload_slot *slot = ctx;

    slot->outcome = *o;
    settle_one(slot->upload);
}

/* ---- the request's head ---- */

/* The media type, without parameters. */
static bool is_type(const char *type, const char *want)
{
    size_t len = strcspn(type, "; \t");

    return len == strlen(want) && strncasecmp(type, want, len) == 0;
}

static enum kl_code read_form(const struct kl_request *r, enum split_form *form, struct kl_error *err)
{
    const char *type = kl_request_header(r, "Content-Type"), *coding = kl_request_header(r, "Content-Encoding");

    if (coding && strcasecmp(coding, "identity") != 0)
        return kl_fail_field(err, KL_UNSUPPORTED, "Content-Encoding", "a body in another encoding than identity is not read here");
    if (type && is_type(type, "application/x-ndjson"))
        *form = SPLIT_LINES;
    else if (type && is_type(type, "application/json"))
        *form = SPLIT_JSON;
    else
        return kl_fail_field(err, KL_UNSUPPORTED, "Content-Type", "Content-Type must be application/x-ndjson or application/json");
    return KL_OK;
}

static enum kl_code upload_begin(struct kl_request *r, struct upload **out, struct kl_error *err)
{
    struct gateway *g = kl_request_ctx(r);
    enum split_form form = SPLIT_LINES;
    char topic[KL_TOPIC_BYTES];
    struct upload *u;

    if (answer_topic(r, topic, err) || read_form(r, &form, err))
        return err->code;
    if (kl_request_body_declared(r) > g->conf.upload_max_bytes)
        return kl_fail_limit(err, KL_TOO_LARGE, "body", g->conf.upload_max_bytes, "the body has more than %lld bytes", (long long)g->conf.upload_max_bytes);
    if (atomic_fetch_add(&g->uploads, 1) >= g->conf.uploads_max) {
        atomic_fetch_sub(&g->uploads, 1);
        return kl_fail_limit(err, KL_BUSY, "", g->conf.uploads_max, "%lld uploads are under way, as many as may be", (long long)g->conf.uploads_max);
    }
    u = calloc(1, sizeof *u);
    if (!u) {
        atomic_fetch_sub(&g->uploads, 1);
        return kl_fail(err, KL_BUSY, "no memory for the request");
    }
    u->gateway = g;
    u->request = r;
    memcpy(u->topic_name, topic, sizeof topic);
    u->client = room_client(g->room, kl_request_client(r));
    record_split_init(&u->split, form, (size_t)g->conf.line_max_bytes);
    record_json_init(&u->json, (size_t)g->conf.line_max_bytes);
    kl_buf_init(&u->line, PROBLEM_MAX_BYTES);
    atomic_store(&u->pending, 1); /* the request's own */
    *out = u;
    return KL_OK;
}

void records_begin(struct kl_request *r)
{
    struct upload *u = NULL;
    struct kl_error err;

    if (upload_begin(r, &u, &err))
        kl_reply_error(r, &err);
    else
        kl_request_attach(r, u, upload_release);
}

/* ---- the topic ---- */

static void topic_came(struct topics_waiter *w, struct topic *topic, const struct kl_error *why)
{
    struct upload *u = (struct upload *)((char *)w - offsetof(struct upload, topic_waiter));

    u->topic = topic;
    if (!topic)
        u->refused = *why;
    kl_request_resume(u->request);
}

/* true: u->topic or u->refused is there; false: the request is suspended until then. */
static bool find_topic(struct upload *u, kl_handle_fn *then)
{
    if (u->topic || u->refused.code)
        return true;
    u->topic = topics_find(u->gateway->topics, u->topic_name);
    if (u->topic)
        return true;
    memcpy(u->topic_waiter.name, u->topic_name, sizeof u->topic_name);
    u->topic_waiter.found = topic_came;
    kl_request_suspend(u->request, then);
    if (topics_ask(u->gateway->topics, &u->topic_waiter, &u->refused))
        kl_request_resume(u->request);
    return false;
}

/* ---- records ---- */

/* The slot of the next record; it counts once n does. NULL: no memory. */
static struct upload_slot *next_slot(struct upload *u)
{
    struct upload_slot *slot;

    if (u->n == u->room) {
        struct upload_chunk *chunk = calloc(1, sizeof *chunk);

        if (!chunk)
            return NULL;
        if (u->last)
            u->last->next = chunk;
        else
            u->first = chunk;
        u->last = chunk;
        u->room += UPLOAD_CHUNK;
    }
    slot = &u->last->slot[u->n % UPLOAD_CHUNK];
    *slot = (struct upload_slot){ .upload = u, .outcome.offset = -1 };
    return slot;
}

/* The record ends with an error of its own. Without memory for its text the code alone is told. */
static void refuse_record(struct upload *u, struct upload_slot *slot, const struct kl_error *err)
{
    struct kl_buf problem;

    kl_buf_init(&problem, PROBLEM_MAX_BYTES);
    if (kl_problem_json(&problem, err, NULL))
        slot->problem = kl_buf_take(&problem);
    kl_buf_fini(&problem);
    slot->code = err->code;
    slot->retry_after_s = err->retry_after_s;
    u->n++;
    stats_add(STATS_REFUSED, 1);
}

/* No record can be read from here on: one error stands for all that would have come. Without memory to keep it, the whole
 * request ends with it. */
static void close_with(struct upload *u, const struct kl_error *err)
{
    struct upload_slot *slot = next_slot(u);

    u->closed = true;
    if (slot)
        refuse_record(u, slot, err);
    else
        u->refused = *err;
}

enum fate {
    FATE_DONE, /* sent, known or refused: the next one */
    FATE_WAIT, /* the request is suspended until there is room for it */
};

static void room_came(struct room_waiter *w)
{
    struct upload *u = (struct upload *)((char *)w - offsetof(struct upload, room_waiter));

    kl_request_resume(u->request);
}

/* There was no room for the record: it is tried again when there is some. When nothing is in flight it was not others who
 * took the room; then it is tried once more and no oftener. */
static enum fate wait_for_room(struct upload *u, kl_handle_fn *then)
{
    u->room_waiter = (struct room_waiter){ .wake = room_came, .client = u->client };
    kl_request_suspend(u->request, then); /* first: the wake may come at once */
    u->alone = !room_wait(u->gateway->room, &u->room_waiter);
    if (u->alone)
        kl_request_resume(u->request);
    return FATE_WAIT;
}

static enum kl_code read_record(struct upload *u, const struct split_record *cut, struct record *record, bool *given, struct kl_error *err)
{
    int64_t max = u->gateway->conf.record_max_bytes, topics = outbox_record_max_bytes(u->gateway->intake.outbox, u->topic);

    *record = (struct record){ .topic = u->topic, .client = u->client, .use = ROOM_MANY };
    if (record_json_read(&u->json, cut->text, cut->len, record, given, err)) {
        if (err->line == 1)
            err->column += (int32_t)(cut->column - 1);
        if (err->line > 0)
            err->line += (int32_t)(cut->line - 1);
        return err->code;
    }
    if (topics > 0 && topics < max)
        max = topics;
    if ((int64_t)record->value_len > max)
        return kl_fail_limit(err, KL_TOO_LARGE, "value", max, "the value has %zu bytes, %lld may pass", record->value_len, (long long)max);
    return KL_OK;
}

static enum fate send_record(struct upload *u, struct upload_slot *slot, const struct record *record, bool given, int64_t line,
                             kl_handle_fn *then)
{
    struct kl_error err;
    int32_t partition;

    slot->outcome.id = record->id;
    slot->has_id = true;
    atomic_fetch_add(&u->pending, 1); /* first: the outcome may come before intake_send returns */
    switch (intake_send(&u->gateway->intake, record, given, outcome_came, slot, &partition, &slot->outcome, &err)) {
    case INTAKE_SENT:
        u->n++;
        break;
    case INTAKE_KNOWN:
        atomic_fetch_sub(&u->pending, 1); /* ours and the request's own are left: not 0 */
        u->n++;
        break;
    case INTAKE_REFUSED:
        atomic_fetch_sub(&u->pending, 1);
        if ((err.code == KL_BUSY || err.code == KL_LIMITED) && !u->alone && !outbox_is_abandoned(u->gateway->intake.outbox))
            return wait_for_room(u, then);
        err.line = (int32_t)line;
        refuse_record(u, slot, &err);
        break;
    }
    u->alone = false;
    return FATE_DONE;
}

static enum fate take_record(struct upload *u, enum split_got got, const struct split_record *cut, kl_handle_fn *then)
{
    struct upload_slot *slot = next_slot(u);
    struct record record;
    struct kl_error err;
    bool given;

    if (!slot) {
        kl_fail(&u->refused, KL_BUSY, "no memory for the outcomes");
        u->closed = true;
        return FATE_DONE;
    }
    if ((int64_t)u->n >= u->gateway->conf.records_max) {
        kl_fail_limit(&err, KL_TOO_LARGE, "records", u->gateway->conf.records_max, "more than %lld records in one request: this one and what follows was not read", (long long)u->gateway->conf.records_max);
        err.line = (int32_t)cut->line;
        close_with(u, &err);
        return FATE_DONE;
    }
    if (got == SPLIT_TOO_LONG) {
        kl_fail_limit(&err, KL_TOO_LARGE, "record", u->gateway->conf.line_max_bytes, "the record's text has more than %lld bytes", (long long)u->gateway->conf.line_max_bytes);
        err.line = (int32_t)cut->line;
        refuse_record(u, slot, &err);
        return FATE_DONE;
    }
    if (read_record(u, cut, &record, &given, &err)) {
        refuse_record(u, slot, &err);
        return FATE_DONE;
    }
    return send_record(u, slot, &record, given, cut->line, then);
}

static void close_broken(struct upload *u, enum split_got got, const struct split_record *cut)
{
    struct kl_error err;

    if (got == SPLIT_NO_MEMORY) {
        kl_fail(&err, KL_BUSY, "no memory for a record's text");
    } else {
        kl_fail_field(&err, KL_INVALID, "body", "%s: nothing was read from there on", cut->why);
        err.line = (int32_t)cut->line;
        err.column = (int32_t)cut->column;
    }
    close_with(u, &err);
}

/* ---- the body ---- */

/* Hands on the records of this piece. Returns how many bytes were used: fewer when the request was suspended. */
static size_t take_piece(struct upload *u, const char *data, size_t len)
{
    const char *at = data;
    size_t left = len;

    while (left > 0 && !u->closed) {
        const struct split_state before = u->split.state;
        const char *from = at;
        struct split_record cut;
        enum split_got got = record_split_next(&u->split, &at, &left, &cut);

        if (got == SPLIT_MORE)
            break;
        if (got == SPLIT_BROKEN || got == SPLIT_NO_MEMORY) {
            close_broken(u, got, &cut);
        } else if (take_record(u, got, &cut, NULL) == FATE_WAIT) {
            record_split_undo(&u->split, &before);
            return (size_t)(from - data);
        }
    }
    return len;
}

/* A body whose length was not told, and is too large. What is behind the bound is not read; a client that goes on and on
 * loses its answer. */
static void check_length(struct upload *u, size_t len)
{
    int64_t max = u->gateway->conf.upload_max_bytes;
    struct kl_error err;

    if (u->received + (int64_t)len <= max)
        return;
    kl_fail_limit(&err, KL_TOO_LARGE, "body", max, "the body has more than %lld bytes: what follows was not read", (long long)max);
    if (!u->closed)
        close_with(u, &err);
    else if (u->received > 2 * max)
        u->refused = err;
}

size_t records_body(struct kl_request *r, const char *data, size_t len)
{
    struct upload *u = kl_request_attached(r);
    size_t used;

    if (!find_topic(u, NULL))
        return 0;
    check_length(u, len);
    if (u->refused.code) {
        kl_reply_error(r, &u->refused);
        return len;
    }
    used = take_piece(u, data, len);
    u->received += (int64_t)used;
    return used;
}

/* The last line may have no end of its own. true: nothing of the body is left. */
static bool take_last(struct upload *u)
{
    const struct split_state before = u->split.state;
    struct split_record cut;
    enum split_got got;

    if (u->closed)
        return true;
    got = record_split_end(&u->split, &cut);
    if (got == SPLIT_BROKEN || got == SPLIT_NO_MEMORY) {
        close_broken(u, got, &cut);
    } else if (got != SPLIT_MORE && take_record(u, got, &cut, records_handle) == FATE_WAIT) {
        record_split_undo(&u->split, &before);
        return false;
    }
    u->closed = true;
    return true;
}

void records_handle(struct kl_request *r)
{
    struct upload *u = kl_request_attached(r);

    if (!find_topic(u, records_handle))
        return;
    if (!u->refused.code && !take_last(u))
        return;
    if (u->refused.code) {
        kl_reply_error(r, &u->refused);
        return;
    }
    u->ended = true;
    kl_request_suspend(r, upload_answer); /* until the last outcome is there, which may be now */
    settle_one(u);
}
