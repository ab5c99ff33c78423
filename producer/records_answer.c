/* records_answer.c - the answer to POST /records: an outcome a record, written while it is sent, from the slots. */
#include <string.h>

#include "answer.h"
#include "problem.h"
#include "upload.h"

static bool acked(const struct upload_slot *slot)
{
    return slot->code == KL_OK && slot->outcome.state == KL_ACKED;
}

/* What a slot says that has no text of its own. */
static void failure(const struct upload *u, const struct upload_slot *slot, struct kl_error *err)
{
    if (slot->code)
        kl_fail(err, slot->code, "the record was refused");
    else
        outbox_error(&slot->outcome, u->topic, err);
}

static void add_failed(struct kl_buf *out, const struct upload *u, const struct upload_slot *slot)
{
    char id[KL_UUID_TEXT + 1] = "";
    struct kl_error err;

    if (slot->has_id)
        kl_uuid_text(&slot->outcome.id, id);
    kl_buf_adds(out, "{\"id\":");
    if (slot->has_id)
        kl_buf_add_json(out, id, KL_UUID_TEXT);
    else
        kl_buf_adds(out, "null");
    kl_buf_adds(out, ",\"error\":");
    if (slot->problem) {
        kl_buf_adds(out, slot->problem);
    } else {
        failure(u, slot, &err);
        kl_problem_json(out, &err, NULL);
    }
    kl_buf_addc(out, '}');
}

static const char *before(const struct upload *u, size_t i)
{
    return !u->split.array ? "" : i == 0 ? "[" : ",";
}

static const char *behind(const struct upload *u)
{
    return !u->split.array ? "\n" : "";
}

/* The piece of the answer for the i-th record, alone in u->line. */
static void write_line(struct upload *u, const struct upload_slot *slot, size_t i)
{
    kl_buf_clear(&u->line);
    kl_buf_adds(&u->line, before(u, i));
    if (acked(slot))
        answer_add_acked(&u->line, &slot->outcome, u->topic->name);
    else
        add_failed(&u->line, u, slot);
    kl_buf_adds(&u->line, behind(u));
    u->line_at = 0;
}

static void write_end(struct upload *u)
{
    kl_buf_clear(&u->line);
    if (u->split.array)
        kl_buf_adds(&u->line, u->n == 0 ? "[]\n" : "]\n");
    u->line_at = 0;
}

static void rewind_answer(struct upload *u)
{
    u->answered = 0;
    u->answering = u->first;
    kl_buf_clear(&u->line);
    u->line_at = 0;
}

/* The next piece into u->line; false: there is none. After the last record comes the end, as number n. */
static bool next_line(struct upload *u)
{
    if (u->answered > u->n)
        return false;
    if (u->answered == u->n) {
        write_end(u);
    } else {
        if (u->answered > 0 && u->answered % UPLOAD_CHUNK == 0)
            u->answering = u->answering->next;
        write_line(u, &u->answering->slot[u->answered % UPLOAD_CHUNK], u->answered);
    }
    u->answered++;
    return true;
}

static ssize_t pull(struct kl_request *r, char *buf, size_t max)
{
    struct upload *u = kl_request_attached(r);
    size_t filled = 0;

    while (filled < max) {
        size_t left = u->line.len - u->line_at, n = left < max - filled ? left : max - filled;

        if (n > 0)
            memcpy(buf + filled, u->line.data + u->line_at, n);
        filled += n;
        u->line_at += n;
        if (n == left && !next_line(u))
            break;
        if (u->line.failed)
            return KL_STREAM_ABORT; /* no memory: the client sees that the answer was cut */
    }
    return filled > 0 ? (ssize_t)filled : KL_STREAM_END;
}

/* A body that is one record, not an array, has its outcome as the request's own. */
static void answer_one(struct kl_request *r, struct upload *u)
{
    const struct upload_slot *slot = &u->first->slot[0];
    struct kl_error err;

    if (acked(slot)) {
        write_line(u, slot, 0);
        kl_reply(r, 200, "application/json", u->line.data, u->line.len);
    } else if (slot->problem) {
        err = (struct kl_error){ .code = slot->code, .retry_after_s = slot->retry_after_s };
        kl_buf_clear(&u->line);
        kl_buf_adds(&u->line, slot->problem);
        kl_reply_problem(r, &err, &u->line);
    } else {
        failure(u, slot, &err);
        answer_problem(r, &err, &slot->outcome.id);
    }
}

/* Written twice, the first time only to know the length: a body of known length goes out in large pieces. */
static void answer_many(struct kl_request *r, struct upload *u)
{
    int64_t size = 0;

    rewind_answer(u);
    while (next_line(u))
        size += (int64_t)u->line.len;
    rewind_answer(u);
    kl_reply_stream(r, 200, u->split.form == SPLIT_LINES ? "application/x-ndjson" : "application/json", size, pull);
}

void upload_answer(struct kl_request *r)
{
    struct upload *u = kl_request_attached(r);

    if (u->split.form == SPLIT_JSON && !u->split.array && u->n > 0)
        answer_one(r, u);
    else
        answer_many(r, u);
}
