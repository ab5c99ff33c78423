/* http_stream_test.c - requests that wait for another thread, and streams: no resume lost, none too many. */
#include <pthread.h>

#include "http_rig.h"

static struct rig rig;
static int64_t body_max = 1000;

/* ---- suspended requests, resumed by one thread ---- */
#define PARK_MAX 4096

static struct {
    pthread_mutex_t    lock;
    pthread_cond_t     changed;
    struct kl_request *parked[PARK_MAX];
    size_t             n;
    bool               hold, over;
    pthread_t          thread;
} yard = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void *yard_main(void *ctx)
{
    pthread_mutex_lock(&yard.lock);
    while (!yard.over || yard.n > 0) {
        if (yard.n == 0 || yard.hold)
            pthread_cond_wait(&yard.changed, &yard.lock);
        else
            kl_request_resume(yard.parked[--yard.n]);
    }
    pthread_mutex_unlock(&yard.lock);
    return ctx;
}

static void yard_put(struct kl_request *r)
{
    pthread_mutex_lock(&yard.lock);
    yard.parked[yard.n++] = r;
    pthread_cond_signal(&yard.changed);
    pthread_mutex_unlock(&yard.lock);
}

static void yard_hold(bool hold)
{
    pthread_mutex_lock(&yard.lock);
    yard.hold = hold;
    pthread_cond_signal(&yard.changed);
    pthread_mutex_unlock(&yard.lock);
}

static size_t yard_count(void)
{
    size_t n;

    pthread_mutex_lock(&yard.lock);
    n = yard.n;
    pthread_mutex_unlock(&yard.lock);
    return n;
}

static void answer_parked(struct kl_request *r)
{
    size_t len;
    const char *body = kl_request_body(r, &len);

    kl_reply(r, 200, "text/plain", body, len);
}

static void park(struct kl_request *r)
{
    kl_request_suspend(r, answer_parked);
    yard_put(r);
}

static void park_again(struct kl_request *r)
{
    kl_request_suspend(r, park);
    yard_put(r);
}

/* Resumed before its handler has returned, and by its own thread at that. */
static void park_at_once(struct kl_request *r)
{
    kl_request_suspend(r, answer_parked);
    kl_request_resume(r);
}

/* ---- streams, woken by whoever likes ---- */
struct reader {
    struct kl_request *r;
    struct reader     *next, **at;
    size_t             sent;
};

static struct {
    pthread_mutex_t lock;
    struct reader  *first;
    size_t          n, seen, news;   /* numbers 0..news-1 are there to be sent */
    bool            over;
} hub = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void reader_release(void *p)
{
    struct reader *reader = p;

    pthread_mutex_lock(&hub.lock);
    *reader->at = reader->next;
    if (reader->next)
        reader->next->at = reader->at;
    hub.n--;
    pthread_mutex_unlock(&hub.lock);
    free(reader);
}

static ssize_t reader_pull(struct kl_request *r, char *buf, size_t max)
{
    struct reader *reader = kl_request_attached(r);
    size_t news, len = 0;
    bool over;

    pthread_mutex_lock(&hub.lock);
    news = hub.news;
    over = hub.over;
    pthread_mutex_unlock(&hub.lock);
    for (; reader->sent < news && max - len > 16; reader->sent++)
        len += (size_t)snprintf(buf + len, max - len, "%zu\n", reader->sent);
    if (len > 0)
        return (ssize_t)len;
    return over ? KL_STREAM_END : KL_STREAM_WAIT;
}

static void read_hub(struct kl_request *r)
{
    struct reader *reader = calloc(1, sizeof *reader);

    reader->r = r;
    kl_request_attach(r, reader, reader_release);
    pthread_mutex_lock(&hub.lock);
    reader->next = hub.first;
    reader->at = &hub.first;
    if (reader->next)
        reader->next->at = &reader->next;
    hub.first = reader;
    hub.n++;
    hub.seen++;
    pthread_mutex_unlock(&hub.lock);
    kl_reply_stream(r, 200, "text/event-stream", -1, reader_pull);
}

static void hub_tell(size_t news)
{
    pthread_mutex_lock(&hub.lock);
    hub.news += news;
    for (struct reader *reader = hub.first; reader; reader = reader->next)
        kl_request_wake(reader->r);
    pthread_mutex_unlock(&hub.lock);
}

static size_t hub_count(size_t *seen)
{
    size_t n;

    pthread_mutex_lock(&hub.lock);
    n = hub.n;
    if (seen)
        *seen = hub.seen;
    pthread_mutex_unlock(&hub.lock);
    return n;
}

/* ---- other streams ---- */
static ssize_t count_pull(struct kl_request *r, char *buf, size_t max)
{
    size_t *left = kl_request_attached(r), n = *left < max ? *left : max;

    if (n == 0)
        return KL_STREAM_END;
    memset(buf, 'x', n);
    *left -= n;
    return (ssize_t)n;
}

static void count_stream(struct kl_request *r)
{
    int64_t bytes, told;
    struct kl_error err;
    size_t *left = malloc(sizeof *left);

    kl_assert(!kl_request_query_int(r, "bytes", 0, 1 << 30, 0, &bytes, &err));
    kl_assert(!kl_request_query_int(r, "told", -1, 1 << 30, -1, &told, &err));
    *left = (size_t)bytes;
    kl_request_attach(r, left, free);
    kl_reply_stream(r, 200, "text/plain", told, count_pull);
}

static ssize_t abort_pull(struct kl_request *r, char *buf, size_t max)
{
    size_t *left = kl_request_attached(r);

    if (*left == 0)
        return KL_STREAM_ABORT;
    return count_pull(r, buf, max);
}

static void abort_stream(struct kl_request *r)
{
    size_t *left = malloc(sizeof *left);

    *left = 5;
    kl_request_attach(r, left, free);
    kl_reply_stream(r, 200, "text/plain", -1, abort_pull);
}

static const struct kl_route routes[] = {
    { "POST", "/park", &body_max, park, NULL, NULL, 0 },
    { "POST", "/park-again", &body_max, park_again, NULL, NULL, 0 },
    { "POST", "/park-at-once", &body_max, park_at_once, NULL, NULL, 0 },
    { "GET", "/hub", NULL, read_hub, NULL, NULL, KL_ROUTE_STREAM },
    { "GET", "/count", NULL, count_stream, NULL, NULL, 0 },
    { "GET", "/abort", NULL, abort_stream, NULL, NULL, 0 },
    { .method = NULL },
};

static void start_with(struct kl_http_conf conf)
{
    yard.hold = yard.over = hub.over = false;
    yard.n = 0;
    hub.news = hub.seen = 0;
    conf.routes = routes;
    rig_start(&rig, conf);
    pthread_create(&yard.thread, NULL, yard_main, NULL);
}

static void start(void)
{
    start_with((struct kl_http_conf){ .threads = 2 });
}

static void stop(void)
{
    pthread_mutex_lock(&yard.lock);
    yard.over = true;
    yard.hold = false;
    pthread_cond_signal(&yard.changed);
    pthread_mutex_unlock(&yard.lock);
    pthread_join(yard.thread, NULL);
    kl_http_stop(rig.http);
    CU_ASSERT_EQUAL(hub_count(NULL), 0);
}

static void say_park(struct line *line, const char *path, const char *body)
{
    char request[256];

    snprintf(request, sizeof request, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n%s", path, strlen(body), body);
    line_say(line, request);
}

static void hears(struct line *line, const char *body)
{
    struct answer a;

    line_hear(line, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(a.body, body);
    answer_fini(&a);
}

static void a_suspended_request_is_answered_after_its_resume(void)
{
    struct line line;

    start();
    line_open(&line, rig.port);
    for (int i = 0; i < 50; i++) {
        say_park(&line, "/park", "one");
        hears(&line, "one");
        say_park(&line, "/park-again", "two");
        hears(&line, "two");
        say_park(&line, "/park-at-once", "three");
        hears(&line, "three");
    }
    line_close(&line);
    stop();
}

/* Each client thread goes through its own connection as fast as it can. */
#define CLIENTS  8
#define REQUESTS 500

static void *park_client(void *ctx)
{
    struct line *line = malloc(sizeof *line);
    size_t wrong = 0;
    char body[32];

    line_open(line, rig.port);
    for (int i = 0; i < REQUESTS; i++) {
        static const char *const paths[] = { "/park", "/park-again", "/park-at-once" };
        struct answer a;

        snprintf(body, sizeof body, "%p %d", ctx, i);
        say_park(line, paths[i % 3], body);
        line_hear(line, &a, false);
        wrong += a.status != 200 || strcmp(a.body, body) != 0;
        answer_fini(&a);
    }
    line_close(line);
    free(line);
    return (void *)wrong;
}

static void many_suspended_requests_are_resumed_each_once(void)
{
    pthread_t client[CLIENTS];
    void *wrong;

    start();
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_create(&client[i], NULL, park_client, (void *)i);
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(client[i], &wrong);
        CU_ASSERT_PTR_NULL(wrong);
    }
    stop();
}

static void a_client_that_leaves_while_suspended_does_no_harm(void)
{
    struct line line;

    start();
    yard_hold(true);
    for (size_t i = 0; i < 50; i++) {
        line_open(&line, rig.port);
        say_park(&line, "/park", "gone");
        RIG_UNTIL(yard_count() == i + 1);
        line_close(&line);
    }
    yard_hold(false);
    RIG_UNTIL(yard_count() == 0);
    line_open(&line, rig.port);
    say_park(&line, "/park", "here");
    hears(&line, "here");
    line_close(&line);
    stop();
}

static void a_stream_sends_what_comes(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    line_say(&line, "GET /hub HTTP/1.1\r\nHost: h\r\n\r\n");
    CU_ASSERT(answer_head(&line, &a));
    CU_ASSERT_EQUAL(a.status, 200);
    for (int i = 0; i < 100; i++) {
        char number[16];

        hub_tell(1);
        a.len = 0;
        CU_ASSERT(answer_chunk(&line, &a) > 0);
        snprintf(number, sizeof number, "%d\n", i);
        CU_ASSERT_STRING_EQUAL(a.body, number);
    }
    answer_fini(&a);
    line_close(&line);
    stop();
}

static void a_stream_that_ends_keeps_the_connection(void)
{
    struct line line;
    struct answer a;

    start();
    line_open(&line, rig.port);
    for (int i = 0; i < 3; i++) {
        line_say(&line, "GET /count?bytes=100000 HTTP/1.1\r\nHost: h\r\n\r\n");
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.len, 100000);
        CU_ASSERT_FALSE(a.closed);
        answer_fini(&a);
        line_say(&line, "GET /count?bytes=100000&told=100000 HTTP/1.1\r\nHost: h\r\n\r\n");
        line_hear(&line, &a, false);
        CU_ASSERT_EQUAL(a.len, 100000);
        CU_ASSERT(answer_has(&a, "Content-Length", "100000"));
        answer_fini(&a);
    }
    line_close(&line);
    stop();
}

/* One more of two places, on one thread with an older connection: libmicrohttpd happens to look at the oldest one in
 * each round. false: no place came free. */
static bool hear_in_a_free_place(struct line *line, const char *request, struct answer *a)
{
    int64_t until = kl_mono_us() + RIG_WAIT_MS * 1000;

    do {
        line_open(line, rig.port);
        line_say(line, request);
        line_hear(line, a, false);
        if (a->status != 0)
            return true;
        answer_fini(a);   /* closed at accept: the one before is still on its way out */
        line_close(line);
    } while (kl_mono_us() < until);
    return false;
}

static void a_stream_that_breaks_off_is_seen_as_broken_and_freed(void)
{
    static const char *const requests[] = {
        "GET /abort HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /count?bytes=10&told=1000 HTTP/1.1\r\nHost: h\r\n\r\n",   /* less than was promised */
        "GET /count?bytes=10 HTTP/1.0\r\n\r\n",                        /* no chunks: its end is the connection's */
    };

    struct line older, line;
    struct answer a;

    start_with((struct kl_http_conf){ .connections_max = 2, .threads = 1 });
    line_open(&older, rig.port);
    say_park(&older, "/park", "older");
    hears(&older, "older");
    for (size_t i = 0; i < 5 * sizeof requests / sizeof *requests; i++) {
        CU_ASSERT_FATAL(hear_in_a_free_place(&line, requests[i / 5], &a));
        CU_ASSERT_EQUAL(a.status, 200);
        CU_ASSERT(line_ends(&line));
        answer_fini(&a);
        line_close(&line);
    }
    line_close(&older);
    stop();
}

static void a_client_that_leaves_ends_its_stream_with_the_next_event(void)
{
    struct line line;
    struct answer a;
    size_t seen;

    start();
    for (size_t i = 0; i < 20; i++) {
        line_open(&line, rig.port);
        line_say(&line, "GET /hub HTTP/1.1\r\nHost: h\r\n\r\n");
        CU_ASSERT(answer_head(&line, &a));
        answer_fini(&a);
        RIG_UNTIL((hub_count(&seen), seen) == i + 1);
        line_close(&line);
        hub_tell(1);
        RIG_UNTIL(hub_count(NULL) == 0);
    }
    stop();
}

static void a_head_of_a_stream_ends_at_once(void)
{
    struct answer a;

    start();
    ask(rig.port, &a, "HEAD /hub HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    RIG_UNTIL(hub_count(NULL) == 0);
    stop();
}

#define READERS 300

static _Atomic bool waking;

static void *waker_main(void *ctx)
{
    while (waking)
        hub_tell(1);
    return ctx;
}

/* Three threads wake whom they like while clients come, leave, and the server stops under them. */
static void a_stop_ends_hundreds_of_streams_that_are_being_woken(void)
{
    static struct line line[READERS];
    pthread_t waker[3];
    struct answer a;

    start();
    waking = true;
    for (int i = 0; i < 3; i++)
        pthread_create(&waker[i], NULL, waker_main, NULL);
    for (int i = 0; i < READERS; i++) {
        line_open(&line[i], rig.port);
        line_say(&line[i], "GET /hub HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    for (int i = 0; i < READERS; i++) {
        CU_ASSERT(answer_head(&line[i], &a));
        CU_ASSERT(answer_chunk(&line[i], &a) > 0);
        answer_fini(&a);
        if (i % 3 == 0)
            line_close(&line[i]);
    }
    stop();
    waking = false;
    for (int i = 0; i < 3; i++)
        pthread_join(waker[i], NULL);
    for (int i = 0; i < READERS; i++)
        if (i % 3 != 0) {
            CU_ASSERT(line_ends(&line[i]));
            line_close(&line[i]);
        }
}

/* 128 of a thread's connections ready at once made libmicrohttpd's own loop stand still (http_lane.c). */
static void exactly_128_ready_connections_are_served(void)
{
    static struct line line[128];
    struct answer a;

    start_with((struct kl_http_conf){ .threads = 1 });
    for (int i = 0; i < 128; i++)
        line_open(&line[i], rig.port);
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 128; i++)
            line_say(&line[i], "GET /count?bytes=3 HTTP/1.1\r\nHost: h\r\n\r\n");
        for (int i = 0; i < 128; i++) {
            line_hear(&line[i], &a, false);
            CU_ASSERT_EQUAL(a.status, 200);
            answer_fini(&a);
        }
    }
    for (int i = 0; i < 128; i++)
        line_close(&line[i]);
    stop();
}

KL_TESTS("http_stream", T(a_suspended_request_is_answered_after_its_resume), T(many_suspended_requests_are_resumed_each_once),
         T(a_client_that_leaves_while_suspended_does_no_harm), T(a_stream_sends_what_comes), T(a_stream_that_ends_keeps_the_connection),
         T(a_stream_that_breaks_off_is_seen_as_broken_and_freed), T(a_client_that_leaves_ends_its_stream_with_the_next_event),
         T(a_head_of_a_stream_ends_at_once), T(a_stop_ends_hundreds_of_streams_that_are_being_woken),
         T(exactly_128_ready_connections_are_served))
