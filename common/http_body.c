/* http_body.c - a request's body: where it ends, how much of it passes, what becomes of it when it is refused.
 *
 * libmicrohttpd takes an answer before the body or after it, never in between. So an early refusal
 *  - waits for the body's end while that is near, and the connection stays usable;
 *  - else goes straight to the socket, and what the client still sends is thrown away for a while: closing at once
 *    would reset the connection, and the client would lose the answer while it writes. */
#include <stdlib.h>
#include <string.h>

#include "http_internal.h"

#define RESERVE_BYTES (64 * 1024) /* a declared size is only believed so far */
#define LEFT_MS       100         /* for what libmicrohttpd has in its buffer, which it goes through at once */

struct framing {
    struct kl_request *r;
    const char        *length, *coding;
    unsigned           lengths, codings, hosts;
    bool               bad_name, bad_byte;
};

static enum MHD_Result note_header(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    struct framing *f = ctx;
    struct kl_request *r = f->r;

    (void)kind;
    if (name_len > 0 && (name[name_len - 1] == ' ' || name[name_len - 1] == '\t'))
        f->bad_name = true;
    if (!value)
        value = "";
    /* Some take a carriage return alone for the line's end: what follows would be a header to them. */
    if (memchr(name, '\r', name_len) || memchr(value, '\r', value_len))
        f->bad_byte = true;
    switch (name_len) {
    case 4:
        if (strcasecmp(name, "Host") == 0) {
            r->host = value;
            f->hosts++;
        }
        break;
    case 6:
        if (strcasecmp(name, "Origin") == 0)
            r->origin = value;
        else if (strcasecmp(name, "Expect") == 0 && strcasecmp(value, "100-continue") == 0)
            r->answer_first = true;
        break;
    case 13:
        if (strcasecmp(name, "Authorization") == 0)
            r->authorization = value;
        break;
    case 14:
        if (strcasecmp(name, "Content-Length") == 0) {
            f->length = value;
            f->lengths++;
        }
        break;
    case 17:
        if (strcasecmp(name, "Transfer-Encoding") == 0) {
            f->coding = value;
            f->codings++;
        }
        break;
    }
    return MHD_YES;
}

/* What two readers could understand differently is refused, as one of them may stand before us (RFC 9112 section 11.2). */
static enum kl_code check_framing(const struct framing *f, struct kl_error *err)
{
    if (f->bad_name)
        return kl_fail_field(err, KL_INVALID, "header", "a header's name is followed by a space");
    if (f->bad_byte)
        return kl_fail_field(err, KL_INVALID, "header", "a header holds a carriage return");
    if (f->hosts > 1 || (f->hosts == 0 && !f->r->is_1_0))
        return kl_fail_field(err, KL_INVALID, "Host", "a request has exactly one Host");
    if (f->lengths + f->codings > 1)
        return kl_fail_field(err, KL_INVALID, f->codings ? "Transfer-Encoding" : "Content-Length",
                             "the body's length is told more than once");
    if (f->codings && strcasecmp(f->coding, "chunked") != 0)
        return kl_fail_field(err, KL_INVALID, "Transfer-Encoding", "only chunked is read here");
    return KL_OK;
}

enum kl_code kl_body_framing(struct kl_request *r, struct kl_error *err)
{
    struct framing f = { .r = r };

    MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, note_header, &f);
    r->chunked = f.codings > 0;
    r->declared = f.lengths > 0 ? strtoll(f.length, NULL, 10) : -1; /* libmicrohttpd has refused what is no number */
    r->has_body = r->chunked || r->declared > 0;
    if (check_framing(&f, err) == KL_OK)
        return KL_OK;
    r->has_body = r->answer_first = true;
    return err->code;
}

static enum kl_code too_large(const struct kl_request *r, struct kl_error *err)
{
    if (r->body_max == 0)
        return kl_fail_limit(err, KL_TOO_LARGE, "body", 0, "no body is read here");
    return kl_fail_limit(err, KL_TOO_LARGE, "body", r->body_max, "the body has more than %lld bytes", (long long)r->body_max);
}

enum kl_code kl_body_admit(struct kl_request *r, struct kl_error *err)
{
    const struct kl_route *route = r->match.rule->route;

    r->body_max = route->body_max_bytes ? *route->body_max_bytes : 0;
    if (r->declared > r->body_max)
        return too_large(r, err);
    r->body.max = (size_t)r->body_max;
    if (!route->body && r->declared > 0 &&
        !kl_buf_reserve(&r->body, (size_t)(r->declared < RESERVE_BYTES ? r->declared : RESERVE_BYTES)))
        return kl_fail(err, KL_BUSY, "no memory for the body");
    return KL_OK;
}

void kl_body_refused(struct kl_request *r, bool headers)
{
    bool in_memory = r->answer.kind == KL_ANSWER_OUT || r->answer.kind == KL_ANSWER_STATIC;
    int64_t more = r->declared >= 0 ? r->declared - r->received : 0;

    kl_assert(headers || in_memory);   /* files and streams answer before the body or after it */
    if (headers && (r->answer_first || !in_memory)) {
        kl_reply_queue(r);
        return;
    }
    if (r->refused_at == 0)
        r->refused_at = r->received;
    if (more > KL_WAIT_BODY_BYTES || r->received - r->refused_at > KL_WAIT_BODY_BYTES) {
        kl_reply_raw(r);
        r->stage = KL_STAGE_DRAIN;
        r->refused_at = r->received;
    }
}

static void discard(struct kl_request *r, size_t *len)
{
    r->received += (int64_t)*len;
    *len = 0;
    if (r->stage != KL_STAGE_DRAIN)
        kl_body_refused(r, false);
    else if (r->received - r->refused_at > KL_DRAIN_MAX_BYTES)
        r->broken = true;
}

/* The absolute deadline grows with what has come, so a large body is not cut while it keeps up the minimum rate. */
static void move_deadline(struct kl_request *r)
{
    if (r->stage != KL_STAGE_DRAIN && !kl_deadline_set(r, KL_PHASE_RECEIVING, kl_deadline_for(r->receive_due_ms, 0, r->received)))
        r->broken = true;
}

/* Suspended as it is, the connection must not be closed now, even when the sweep has just cut it: kl_body_unpark sees that. */
static void park(struct kl_request *r)
{
    r->parked_ms = kl_coarse_ms();
    kl_deadline_set(r, KL_PHASE_HELD, 0);
}

void kl_body_unpark(struct kl_request *r)
{
    r->receive_due_ms += kl_coarse_ms() - r->parked_ms;   /* the wait was ours */
    r->parked_ms = 0;
    move_deadline(r);
}

static void take(struct kl_request *r, const char *data, size_t *len)
{
    const struct kl_route *route = r->match.rule->route;
    struct kl_error err;
    size_t taken = *len;

    if (r->received + (int64_t)*len > r->body_max) {
        too_large(r, &err);
        kl_reply_error(r, &err);
        return;
    }
    if (route->body) {
        taken = route->body(r, data, *len);
        kl_assert(taken <= *len);
        kl_assert(r->parked == (taken < *len) || r->answer.kind != KL_ANSWER_NONE);
    } else if (!kl_buf_add(&r->body, data, *len)) {
        kl_fail(&err, KL_BUSY, "no memory for the body");
        kl_reply_error(r, &err);
        return;
    }
    r->received += (int64_t)taken;
    *len -= taken;
}

/* An end that came together with the last bytes was in the same event as they: libmicrohttpd will not be told again. In
 * chunks it may still have the last one in its buffer, so the request gets a moment to be complete. */
static void notice_end(struct kl_request *r)
{
    if (!(r->chunked || r->received < r->declared) || !kl_client_left(r))
        return;
    if (!r->chunked || r->stage == KL_STAGE_DRAIN || !kl_deadline_set(r, KL_PHASE_RECEIVING, kl_coarse_ms() + LEFT_MS))
        r->broken = true;
}

void kl_body_piece(struct kl_request *r, const char *data, size_t *len)
{
    if (r->stage == KL_STAGE_BODY && r->answer.kind == KL_ANSWER_NONE)
        take(r, data, len);
    if (r->parked) {
        park(r);
        return;
    }
    if (r->answer.kind != KL_ANSWER_NONE)
        discard(r, len);
    move_deadline(r);
    notice_end(r);
}
