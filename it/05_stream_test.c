/* Live streams: cut and resumed a thousand times, five thousand idle, a slow one, a stop with all of them open. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "it_load.h"

#define CUTS          1000
#define IDLE          5000
#define IDLE_MAX_KB   24   /* resident kilobytes an idle stream may cost */
#define STOP_MAX_US   10000000
#define PARTITIONS    4

static struct it_world w;

static int begin(void)
{
    static char partitions[] = "TOPIC_PARTITIONS=4";
    w.producer.env[0] = partitions;
    return it_begin(&w, IT_PRODUCER | IT_CONSUMER);
}
static int end(void) { return it_end(&w); }

/* ---- cuts and resumes ---- */
struct reader {
    char    position[4096];    /* the last event's id */
    int64_t next[PARTITIONS];  /* the offset that must come next */
    long    messages, wrong, until_cut;
};

static bool check_order(void *ctx, const struct it_event *e)
{
    struct reader *r = ctx;
    json_t *m;
    int64_t partition, offset;

    if (*e->id && strcmp(e->event, ":"))
        snprintf(r->position, sizeof r->position, "%s", e->id);
    if (!strcmp(e->event, "lagged") || !strcmp(e->event, "gap"))
        r->wrong++;
    if (strcmp(e->event, "streamer"))
        return true;
    m = json_loads(e->data, 0, NULL);
    partition = json_integer_value(json_object_get(m, "partition"));
    offset = json_integer_value(json_object_get(m, "offset"));
    json_decref(m);
    if (partition < 0 || partition >= PARTITIONS || offset != r->next[partition])
        r->wrong++;
    else
        r->next[partition]++;
    r->messages++;
    return --r->until_cut > 0;
}

static void a_thousand_cuts_and_resumes_miss_and_repeat_nothing(void)
{
    const char *topic = it_topic(&w, "cut");
    struct reader r = { .until_cut = 0 };
    char path[160], post[128];
    struct it_load *load;
    long read_to_end;

    snprintf(post, sizeof post, "/produce/%s", topic); /* no key: all partitions */
    load = it_load_start(&w.producer, 8, post);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, 100, 20000));
    snprintf(path, sizeof path, "/consume?topics=%s&format=envelope&from=earliest", topic);
    for (int cut = 0; cut < CUTS && r.wrong == 0; cut++) {
        r.until_cut = 1 + cut % 37;
        it_sse(&w.consumer, path, *r.position ? r.position : NULL, 20000, check_order, &r);
        CU_ASSERT_EQUAL_FATAL(r.until_cut, 0); /* the stream gave what was asked before its deadline */
    }
    it_load_stop(load);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, it_load_confirmed(load), 30000));
    r.until_cut = read_to_end = it_load_confirmed(load) - r.messages;
    if (read_to_end > 0)
        it_sse(&w.consumer, path, r.position, 60000, check_order, &r);
    CU_ASSERT_EQUAL(r.wrong, 0);
    CU_ASSERT_EQUAL(r.messages, it_load_confirmed(load));
    it_load_free(load);
}

static bool keep_position(void *ctx, const struct it_event *e)
{
    struct reader *r = ctx;

    snprintf(r->position, sizeof r->position, "%s", e->id);
    return false; /* the first event is the position */
}

static void the_position_is_fixed_before_the_first_message(void)
{
    const char *topic = it_topic(&w, "cut");
    struct reader r = { .until_cut = 1 };
    struct it_answer made;
    char path[160];

    snprintf(path, sizeof path, "/consume?topics=%s&format=envelope", topic);
    CU_ASSERT_EQUAL(it_sse(&w.consumer, path, NULL, 10000, keep_position, &r), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(r.position, topic));
    made = it_post(&w.producer, "between", "/produce/%s?partition=2", topic); /* while nobody listens */
    r.next[2] = it_number(&made, "offset");
    it_sse(&w.consumer, path, r.position, 20000, check_order, &r);
    CU_ASSERT_EQUAL(r.messages, 1);
    CU_ASSERT_EQUAL(r.wrong, 0);
    it_answer_free(&made);
}

/* ---- five thousand idle ones ---- */
static int open_stream(const char *topic)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)w.consumer.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 4096;
    char request[256], first[512];
    ssize_t n;

    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (connect(fd, (struct sockaddr *)&a, sizeof a))
        return close(fd), -1;
    n = snprintf(request, sizeof request, "GET /consume?topics=%s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", topic);
    if (write(fd, request, (size_t)n) != n || read(fd, first, sizeof first) < 12 || memcmp(first, "HTTP/1.1 200", 12))
        return close(fd), -1;
    return fd;
}

static void five_thousand_idle_streams_are_cheap_and_a_stop_ends_them_in_time(void)
{
    const char *topic = it_topic(&w, "cut");
    struct rlimit files;
    long before, after, opened = 0;
    int64_t at;
    int *fds = calloc(IDLE, sizeof *fds);

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    CU_ASSERT_FATAL(files.rlim_cur > IDLE + 100);
    CU_ASSERT_EQUAL(it_stop(&w.consumer, SIGTERM), 0); /* measure a fresh one */
    it_start(&w, &w.consumer);
    before = it_rss_kb(&w.consumer);
    for (int i = 0; i < IDLE; i++)
        opened += (fds[i] = open_stream(topic)) >= 0;
    after = it_rss_kb(&w.consumer);
    CU_ASSERT_EQUAL(opened, IDLE);
    printf("    an idle stream costs %.1f kB\n", (double)(after - before) / IDLE);
    CU_ASSERT((after - before) / IDLE < IDLE_MAX_KB);
    at = kl_mono_us();
    CU_ASSERT_EQUAL(it_stop(&w.consumer, SIGTERM), 0);
    CU_ASSERT(kl_mono_us() - at < STOP_MAX_US);
    for (int i = 0; i < IDLE; i++)
        close(fds[i]);
    free(fds);
    it_start(&w, &w.consumer);
}

/* ---- wrong asks ---- */
static void wrong_streams_are_refused_with_the_field_named(void)
{
    static const struct { const char *query, *field; int status; } asks[] = {
        { "", "topics", 400 }, { "?topics=", "topics", 400 }, { "?topics=no such", "topics", 400 },
        { "?topics=nobody-made-this", "topics", 404 }, { "?topics=__consumer_offsets", "topics", 403 },
        { "?topics=%s&format=xml", "format", 400 }, { "?topics=%s&from=yesterday", "from", 400 },
        { "?topics=%s&last_event_id=rubbish;;", "last_event_id", 400 },
    };

    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        char query[200];
        struct it_answer a;

        snprintf(query, sizeof query, asks[i].query, it_topic(&w, "cut"));
        for (char *c = query; *c; c++)
            if (*c == ' ')
                *c = '+';
        a = it_get(&w.consumer, "/consume%s", query);
        CU_ASSERT_EQUAL(a.status, asks[i].status);
        CU_ASSERT_STRING_EQUAL(it_text(&a, "field"), asks[i].field);
        if (a.status != asks[i].status)
            printf("    %s: %d, not %d\n", query, a.status, asks[i].status);
        it_answer_free(&a);
    }
}

KL_TESTS_WITH("stream", begin, end, T(a_thousand_cuts_and_resumes_miss_and_repeat_nothing), T(the_position_is_fixed_before_the_first_message),
              T(five_thousand_idle_streams_are_cheap_and_a_stop_ends_them_in_time), T(wrong_streams_are_refused_with_the_field_named))
