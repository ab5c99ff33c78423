/* http_cycle.c - libmicrohttpd's callbacks, in the order they come for a connection and its requests.
 *
 * It calls kl_cycle_call once with the headers (stage BODY begins), then for each piece of the body, then once
 * more when all is there (stage RUN); after a suspension it makes the interrupted call again. It accepts an answer
 * in the first call, but closes the connection after it, and in the last; never in between (http_body.c). */
#include <stdlib.h>
#include <string.h>

#include "http_internal.h"

/* ---- connections ---- */
static void connection_new(struct kl_lane *lane, struct MHD_Connection *connection, void **context)
{
    struct kl_request *r = calloc(1, sizeof *r);

    kl_stat_add(&lane->stats->connections, 1);
    *context = r;
    if (!r)
        return;   /* its requests find no context, and close it */
    r->http = lane->http;
    r->lane = lane;
    r->connection = connection;
    r->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    kl_buf_init(&r->text, 2 * KL_HTTP_POOL_BYTES);
    kl_buf_init(&r->headers, KL_HEADERS_MAX_BYTES);
    kl_buf_init(&r->out, KL_ANSWER_MAX_BYTES);
    kl_buf_init(&r->body, 0);
    kl_deadline_set(r, KL_PHASE_IDLE, kl_coarse_ms() + lane->http->conf.idle_timeout_ms);
    pthread_mutex_lock(&lane->lock);
    r->next = lane->first;
    if (r->next)
        r->next->prev = r;
    lane->first = r;
    pthread_mutex_unlock(&lane->lock);
}

static void connection_free(struct kl_request *r)
{
    struct kl_lane *lane = r->lane;

    pthread_mutex_lock(&lane->lock);
    *(r->prev ? &r->prev->next : &lane->first) = r->next;
    if (r->next)
        r->next->prev = r->prev;
    pthread_mutex_unlock(&lane->lock);
    kl_buf_fini(&r->text);
    kl_buf_fini(&r->headers);
    kl_buf_fini(&r->out);
    kl_buf_fini(&r->body);
    free(r->memory);
    free(r);
}

void kl_cycle_connection(void *ctx, struct MHD_Connection *connection, void **context,
                         enum MHD_ConnectionNotificationCode code)
{
    struct kl_lane *lane = ctx;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection_new(lane, connection, context);
        return;
    }
    if (*context)
        connection_free(*context);
    *context = NULL;
    kl_stat_add(&lane->stats->connections, -1);
    atomic_fetch_sub_explicit(&lane->connections, 1, memory_order_relaxed);
}

/* ---- the request line ---- */
void *kl_cycle_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    struct kl_lane *lane = ctx;
    struct kl_request *r = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    if (!r)
        return NULL;
    r->stage = KL_STAGE_NEW;
    r->receive_due_ms = kl_coarse_ms() + lane->http->conf.request_timeout_ms;
    r->broken = !kl_deadline_set(r, KL_PHASE_RECEIVING, r->receive_due_ms) || !kl_uri_take(r, uri);
    return r;
}

/* Leaves %XX alone: paths are split before they are decoded, and %00 would cut them. */
size_t kl_cycle_unescape(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx;
    (void)connection;
    return strlen(text);
}

/* ---- the headers ---- */
static enum kl_code find_route(struct kl_request *r, struct kl_error *err)
{
    const char *path = r->text.data + r->path_at;
    char allow[KL_ALLOW_BYTES];
    enum kl_code code = kl_router_find(&r->http->router, r->method, path, r->path_len, &r->match);

    if (code == KL_OK)
        return kl_uri_decode(r, err);
    if (code == KL_NOT_FOUND)
        return kl_fail_field(err, code, "path", "there is nothing at %.*s", (int)(r->path_len > 128 ? 128 : r->path_len), path);
    kl_router_allow(&r->http->router, path, r->path_len, allow);
    kl_reply_header(r, "Allow", allow);
    return kl_fail(err, code, "%.16s is not possible here, %s are", r->method, allow);
}

/* OPTIONS that no route takes: answered here, before any token is asked for, since browsers send none with it. */
static bool options_answered(struct kl_request *r)
{
    char allow[KL_ALLOW_BYTES];

    if (strcmp(r->method, "OPTIONS") != 0)
        return false;
    if (kl_router_find(&r->http->router, r->method, r->text.data + r->path_at, r->path_len, &r->match) == KL_OK)
        return false;
    kl_router_allow(&r->http->router, r->text.data + r->path_at, r->path_len, allow);
    if (!allow[0])
        return false;
    kl_guard_options(r, allow);
    return true;
}

static enum kl_code admit(struct kl_request *r, const char *version, struct kl_error *err)
{
    const struct kl_route *route;

    if (kl_body_framing(r, err) || kl_uri_check(r, version, err))
        return err->code;
    if (options_answered(r))
        return KL_OK;
    if (find_route(r, err))
        return err->code;
    route = r->match.rule->route;
    if (atomic_load(&r->http->refusing) && !(route->flags & KL_ROUTE_OPEN)) {
        kl_fail(err, KL_BUSY, "this %s is stopping", r->http->conf.service);
        err->retry_after_s = 1;
        return KL_BUSY;
    }
    if (kl_guard_check(r, route, err))
        return err->code;
    return kl_body_admit(r, err);
}

static void begin(struct kl_request *r, const char *url, const char *method, const char *version)
{
    struct kl_http *h = r->http;
    struct kl_error err = { 0 };

    r->stage = KL_STAGE_BODY;
    r->method = method;
    r->path = url + r->path_at;
    r->is_head = strcmp(method, "HEAD") == 0;
    r->is_1_0 = strcmp(version, "HTTP/1.0") == 0;
    r->start_mono_us = kl_mono_us();
    /* Counted before refusing is read: kl_http_refuse sets that first and counts then. */
    atomic_fetch_add(&r->lane->in_flight, 1);
    kl_stat_add(&r->lane->stats->in_flight, 1);
    r->counted = true;
    if (admit(r, version, &err) != KL_OK) {
        kl_reply_error(r, &err);
    } else if (r->answer.kind == KL_ANSWER_NONE) {
        const struct kl_route *route = r->match.rule->route;

        if ((!h->conf.gate || (route->flags & KL_ROUTE_OPEN) || h->conf.gate(r)) && route->begin)
            route->begin(r);
    }
    if (r->answer.kind != KL_ANSWER_NONE && !r->answer.queued && r->has_body)
        kl_body_refused(r, true);
}

/* ---- the end of the request ---- */
static void run(struct kl_request *r)
{
    if (r->stage == KL_STAGE_DRAIN) {
        r->broken = true;   /* it has its answer; nothing unread is left, so closing resets nothing */
        return;
    }
    if (r->stage == KL_STAGE_BODY) {
        r->stage = KL_STAGE_RUN;
        if (!kl_deadline_set(r, KL_PHASE_HELD, 0)) {
            r->broken = true;
            return;
        }
        if (r->answer.kind != KL_ANSWER_NONE)
            kl_reply_queue(r);
        else
            r->match.rule->route->handle(r);
    } else {
        kl_handle_fn *then = r->then;

        kl_assert(then);
        r->then = NULL;
        then(r);
    }
    /* A handler answers or suspends: whoever does neither would leave the client waiting for ever. */
    kl_assert(r->broken || r->parked || r->answer.queued);
}

enum MHD_Result kl_cycle_call(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *len, void **context)
{
    struct kl_request *r = *context;

    (void)ctx;
    (void)connection;
    if (!r || r->broken)
        return MHD_NO;
    r->lane->served++;
    r->parked = false;
    if (r->parked_ms)
        kl_body_unpark(r);
    if (r->stage == KL_STAGE_NEW)
        begin(r, url, method, version);
    else if (*len > 0)
        kl_body_piece(r, data, len);
    else
        run(r);
    return r->broken ? MHD_NO : MHD_YES;
}

void kl_cycle_leave(struct kl_request *r)
{
    struct kl_http *h = r->http;

    kl_stat_add(&r->lane->stats->in_flight, -1);
    if (atomic_fetch_sub(&r->lane->in_flight, 1) == 1 && atomic_load(&h->refusing)) {
        pthread_mutex_lock(&h->idle_lock);
        pthread_cond_broadcast(&h->idle);
        pthread_mutex_unlock(&h->idle_lock);
    }
}

static void account(struct kl_request *r)
{
    struct kl_lane *lane = r->lane;
    int64_t us = kl_mono_us() - r->start_mono_us;
    int status = r->answer.queued ? r->answer.status : 0;

    kl_http_stats_request(lane->stats, status, us, !r->streaming);
    if (!r->streaming)
        kl_cycle_leave(r);
    else
        kl_stat_add(&lane->stats->streams, -1);
    kl_debug("request", KL_S("method", r->method), KL_S("path", kl_request_path(r)), KL_I("status", status),
             KL_I("us", us), KL_S("client", kl_request_client(r)));
}

static void keep_little(struct kl_buf *b)
{
    size_t max = b->max;

    if (b->size > KL_KEEP_BYTES) {
        kl_buf_fini(b);
        kl_buf_init(b, max);
    } else {
        kl_buf_clear(b);
    }
}

void kl_cycle_completed(void *ctx, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode code)
{
    struct kl_request *r = *context;
    int64_t now = kl_coarse_ms();

    (void)ctx;
    (void)connection;
    (void)code;
    if (!r)
        return;
    if (r->counted)
        account(r);
    if (r->attached && r->release)
        r->release(r->attached);
    r->answer = (struct kl_answer){ .kind = KL_ANSWER_NONE };
    keep_little(&r->text);
    keep_little(&r->body);
    keep_little(&r->out);
    keep_little(&r->headers);
    r->stage = KL_STAGE_NEW;
    r->broken = r->parked = r->counted = r->streaming = r->is_head = r->is_1_0 = r->chunked = r->has_body = r->answer_first = false;
    r->method = r->uri = r->path = r->host = r->origin = r->authorization = NULL;
    r->received = r->refused_at = r->parked_ms = 0;
    r->then = NULL;
    r->attached = NULL;
    r->release = NULL;
    atomic_store_explicit(&r->wake, KL_AWAKE, memory_order_relaxed);
    kl_deadline_set(r, KL_PHASE_IDLE, now + r->http->conf.idle_timeout_ms);
    *context = NULL;
}
