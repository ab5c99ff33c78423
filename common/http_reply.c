/* http_reply.c - answers. An answer is noted in the request, and leaves by one of two ways: libmicrohttpd's queue,
 * or, for a refusal in the middle of a body, straight through the socket. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "http_internal.h"
#include "uuid.h"

/* libmicrohttpd's own buffer of a stream with a known size; chunks are made in the connection's pool. */
#define STREAM_BLOCK_BYTES  (16 * 1024)
#define CHUNKED_BLOCK_BYTES 1024

/* ---- headers ---- */
void kl_reply_header(struct kl_request *r, const char *name, const char *value)
{
    size_t before = r->headers.len;

    if (strpbrk(value, "\r\n"))
        return;   /* would end the header and begin another: leaving it out is the lesser harm */
    if (!kl_buf_add(&r->headers, name, strlen(name) + 1) || !kl_buf_add(&r->headers, value, strlen(value) + 1))
        r->headers.len = before;   /* failed stays set: answer() sees it */
}

/* Calls each for name and value of the answer's own headers. */
#define EACH_HEADER(r, name, value)                                                                        \
    for (const char *name = (r)->headers.data, *end_ = name + (r)->headers.len, *value = NULL;             \
         name < end_ && (value = name + strlen(name) + 1); name = value + strlen(value) + 1)

/* ---- noting an answer ---- */
/* The new answer's kind, and who sends it: here when the request is complete, else http_body.c and http_cycle.c. */
static void answer(struct kl_request *r, enum kl_answer_kind kind, int status, const char *type, int64_t size)
{
    kl_assert(r->answer.kind == KL_ANSWER_NONE);
    kl_assert(r->stage == KL_STAGE_BODY || r->stage == KL_STAGE_RUN);
    r->answer.kind = kind;
    r->answer.status = status;
    if (type)
        kl_reply_header(r, "Content-Type", type);   /* copied: the answer may have to wait for the body's end */
    r->answer.size = size;
    if (r->stage == KL_STAGE_RUN)
        kl_reply_queue(r);
}

void kl_reply(struct kl_request *r, int status, const char *type, const void *body, size_t len)
{
    kl_buf_clear(&r->out);
    if (!kl_buf_add(&r->out, body, len))
        r->broken = true;
    answer(r, KL_ANSWER_OUT, status, type, (int64_t)len);
}

void kl_reply_static(struct kl_request *r, int status, const char *type, const void *body, size_t len)
{
    r->answer.data = body;
    answer(r, KL_ANSWER_STATIC, status, type, (int64_t)len);
}

void kl_reply_buf(struct kl_request *r, int status, const char *type, struct kl_buf *body)
{
    kl_buf_fini(&r->out);
    r->out = *body;
    kl_buf_init(body, body->max);
    r->out.max = KL_ANSWER_MAX_BYTES;
    if (r->out.failed)
        r->broken = true;
    answer(r, KL_ANSWER_OUT, status, type, (int64_t)r->out.len);
}

static int add_json(const char *text, size_t len, void *out)
{
    return kl_buf_add(out, text, len) ? 0 : -1;
}

void kl_reply_json(struct kl_request *r, int status, json_t *doc)
{
    kl_buf_clear(&r->out);
    if (!doc || json_dump_callback(doc, add_json, &r->out, JSON_COMPACT) != 0)
        r->broken = true;
    json_decref(doc);
    answer(r, KL_ANSWER_OUT, status, "application/json", (int64_t)r->out.len);
}

/* A fault of ours is logged here, once; the id in the answer's head finds the line. */
static void log_fault(struct kl_request *r, const struct kl_error *err)
{
    struct kl_uuid id;
    char text[KL_UUID_TEXT + 1];

    kl_uuid7(&id);
    kl_uuid_text(&id, text);
    text[KL_UUID_TEXT] = '\0';
    kl_reply_header(r, "Request-Id", text);
    kl_error("a request failed", KL_S("request", text), KL_S("method", r->method), KL_S("path", kl_request_path(r)),
             KL_S("why", err->text));
}

/* What a problem's answer has beside its body; returns its status. */
static int problem_head(struct kl_request *r, const struct kl_error *err)
{
    const struct kl_problem *problem = kl_problem(err->code);
    int retry_after_s = err->retry_after_s ? err->retry_after_s : problem->retry_after_s;
    char text[16];

    if (retry_after_s) {
        snprintf(text, sizeof text, "%d", retry_after_s);
        kl_reply_header(r, "Retry-After", text);
    }
    if (problem->status == 500)
        log_fault(r, err);
    return problem->status;
}

void kl_reply_error(struct kl_request *r, const struct kl_error *err)
{
    int status = problem_head(r, err);

    kl_buf_clear(&r->out);
    if (!kl_problem_json(&r->out, err, NULL))
        r->broken = true;
    answer(r, KL_ANSWER_OUT, status, KL_PROBLEM_TYPE, (int64_t)r->out.len);
}

void kl_reply_problem(struct kl_request *r, const struct kl_error *err, struct kl_buf *json)
{
    kl_reply_buf(r, problem_head(r, err), KL_PROBLEM_TYPE, json);
}

void kl_reply_stream(struct kl_request *r, int status, const char *type, int64_t size, kl_pull_fn *pull)
{
    r->answer.pull = pull;
    if (r->match.rule && (r->match.rule->route->flags & KL_ROUTE_STREAM)) {
        r->streaming = true;
        kl_stat_add(&r->lane->stats->streams, 1);
        kl_cycle_leave(r);
    }
    answer(r, KL_ANSWER_STREAM, status, type, size);
}

/* ---- sending it ---- */
static struct MHD_Response *make_response(struct kl_request *r)
{
    struct kl_answer *a = &r->answer;

    switch (a->kind) {
    case KL_ANSWER_OUT:
        return MHD_create_response_from_buffer((size_t)a->size, r->out.data ? r->out.data : (void *)"", MHD_RESPMEM_PERSISTENT);
    case KL_ANSWER_STATIC:
        return MHD_create_response_from_buffer((size_t)a->size, (void *)a->data, MHD_RESPMEM_PERSISTENT);
    default:
        return MHD_create_response_from_callback(a->size < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)a->size,
                                                 a->size < 0 ? CHUNKED_BLOCK_BYTES : STREAM_BLOCK_BYTES,
                                                 kl_stream_pull, r, NULL);
    }
}

static void add_common_headers(struct kl_request *r)
{
    kl_guard_cors(r);
    if (r->http->conf.every_answer)
        r->http->conf.every_answer(r);
}

/* Its end is not known beforehand, so a stream is bounded pull by pull (http_stream.c). */
static bool start_sending(struct kl_request *r)
{
    int64_t size = r->answer.kind == KL_ANSWER_STREAM ? 0 : r->answer.size;

    return kl_deadline_set(r, KL_PHASE_SENDING, kl_deadline_for(kl_coarse_ms(), r->http->conf.request_timeout_ms, size));
}

void kl_reply_queue(struct kl_request *r)
{
    struct MHD_Response *response;
    bool ok = true;

    add_common_headers(r);
    if (r->broken || r->headers.failed || !start_sending(r)) {
        r->broken = true;
        return;
    }
    response = make_response(r);
    if (!response) {
        r->broken = true;
        return;
    }
    /* libmicrohttpd 0.9.75 ends even the answer to a HEAD with a last chunk, which the client would read as the next
     * answer's beginning. As for HTTP/1.0 there are no chunks, and the connection is closed. */
    if (r->is_head && r->answer.kind == KL_ANSWER_STREAM && r->answer.size < 0)
        ok = MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) == MHD_YES;
    EACH_HEADER(r, name, value)
        ok = ok && MHD_add_response_header(response, name, value) == MHD_YES;
    if (atomic_load_explicit(&r->http->lame, memory_order_relaxed))
        ok = ok && MHD_add_response_header(response, "Connection", "close") == MHD_YES;
    ok = ok && MHD_queue_response(r->connection, (unsigned)r->answer.status, response) == MHD_YES;
    MHD_destroy_response(response);
    r->answer.queued = ok;
    r->broken = !ok;
}

void kl_reply_raw(struct kl_request *r)
{
    struct kl_answer *a = &r->answer;
    struct kl_buf text;
    ssize_t sent = -1;

    add_common_headers(r);
    kl_buf_init(&text, KL_ANSWER_MAX_BYTES + KL_HEADERS_MAX_BYTES);
    kl_buf_addf(&text, "HTTP/1.1 %d %s\r\n", a->status, MHD_get_reason_phrase_for((unsigned)a->status));
    EACH_HEADER(r, name, value)
        kl_buf_addf(&text, "%s: %s\r\n", name, value);
    kl_buf_addf(&text, "Content-Length: %lld\r\nConnection: close\r\n\r\n", (long long)a->size);
    if (!r->is_head)
        kl_buf_add(&text, a->kind == KL_ANSWER_OUT ? r->out.data : a->data, (size_t)a->size);
    if (!r->broken && !text.failed && kl_deadline_set(r, KL_PHASE_SENDING, kl_coarse_ms() + KL_LINGER_MS))
        sent = send(r->fd, text.data, text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    a->queued = sent == (ssize_t)text.len;   /* nothing else was on its way, so a small answer fits the socket */
    r->broken = !a->queued;
    kl_buf_fini(&text);
}
