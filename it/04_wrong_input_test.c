/* Wrong input on every door: the clear error, with the field named; and the service goes on. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "it.h"

static struct it_world w;

static int begin(void)
{
    static char max[] = "RECORD_MAX_BYTES=1000", timeout[] = "REQUEST_TIMEOUT=1s", idle[] = "IDLE_TIMEOUT=1s", create[] = "AUTO_CREATE_TOPICS=no";
    struct it_answer a;

    it_begin(&w, IT_PRODUCER | IT_CONSUMER | IT_PORTAL);
    a = it_post(&w.producer, "x", "/produce/%s/k", it_topic(&w, "there"));
    it_answer_free(&a);
    it_stop(&w.producer, SIGTERM);
    w.producer.env[0] = max;
    w.producer.env[1] = timeout;
    w.producer.env[2] = idle;
    w.producer.env[3] = create;
    it_start(&w, &w.producer);
    return 0;
}
static int end(void) { return it_end(&w); }

/* limit: 0 when none is told. */
struct door { char who; const char *method, *headers, *body, *path, *field; int status; int64_t limit; };

/* %s in a path is the topic that exists. */
static const struct door doors[] = {
    { 'p', "POST", NULL, "x", "/nowhere", "path", 404 },
    { 'p', "PUT", NULL, "x", "/produce/%s/k", "", 405 },
    { 'p', "GET", NULL, NULL, "/produce/%s/k", "", 405 },
    { 'p', "POST", NULL, "x", "/produce/bad%%20topic/k", "topic", 400 },
    { 'p', "POST", NULL, "x", "/produce/%%zz/k", "path", 400 },
    { 'p', "POST", NULL, "x", "/produce/__consumer_offsets/k", "topic", 403 },
    { 'p', "POST", NULL, "x", "/produce/nobody-made-this/k", "topic", 404 },
    { 'p', "POST", NULL, "x", "/produce/%s/k?partition=x", "partition", 400 },
    { 'p', "POST", NULL, "x", "/produce/%s/k?partition=-1", "partition", 400 },
    { 'p', "POST", NULL, "x", "/produce/%s/k?partition=999", "partition", 404 },
    { 'p', "POST", NULL, "x", "/produce/%s/k?partiton=1", "partiton", 400 },
    { 'p', "POST", NULL, "x", "/produce/%s/k?key_base64=aw==", "key_base64", 400 },
    { 'p', "POST", "Content-Type: application/json", "[{\"value\":1}]", "/records/%s?partition=0", "partition", 400 },
    { 'p', "POST", NULL, "x", "/produce/%s/k?timestamp_ms=now", "timestamp_ms", 400 },
    { 'p', "POST", NULL, "x", "/produce/%s?key_base64=%%21%%21", "key_base64", 400 },
    { 'p', "POST", "Kafkloud-Header-Kafkloud-Id: x", "x", "/produce/%s/k", "Kafkloud-Header-Kafkloud-Id", 400 },
    { 'p', "POST", "Idempotency-Key: not-a-uuid", "x", "/produce/%s/k", "Idempotency-Key", 400 },
    { 'p', "POST", "Content-Type: application/xml", "<a/>", "/records/%s", "Content-Type", 415 },
    { 'p', "POST", "Content-Type: application/json", "nonsense", "/records/%s", "record", 400 },
    { 'p', "POST", "Content-Type: application/json", "{\"value\":1},{\"value\":2}", "/records/%s", "record", 400 },
    { 'p', "POST", "Origin: http://evil.example", "x", "/produce/%s/k", "Origin", 403 },
    { 'p', "POST", "Host: evil.example", "x", "/produce/%s/k", "Host", 403 },
    { 'c', "GET", NULL, NULL, "/status/not-an-id", "id", 400 },
    { 'c', "GET", NULL, NULL, "/status/0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01?wait=eaten", "wait", 400 },
    { 'c', "GET", NULL, NULL, "/status/00000000-0000-4000-8000-000000000000", "", 404 },
    { 'c', "GET", NULL, NULL, "/status/01000000-0000-7000-8000-000000000000", "", 410 },
    { 'c', "GET", NULL, NULL, "/status/%s/0/999999", "", 404 },
    { 'c', "GET", NULL, NULL, "/status/%s/zero/1", "partition", 400 },
    { 'c', "POST", NULL, "{\"ids\":", "/status", "", 400 },
    { 'c', "POST", NULL, "{\"ids\":[1]}", "/status", "ids", 400 },
    { 'c', "GET", NULL, NULL, "/receipts?limit=0", "limit", 400 },
    { 'c', "GET", NULL, NULL, "/receipts?since=yesterday", "since", 400 },
    { 'c', "GET", NULL, NULL, "/receipts?before=junk", "before", 400 },
    { 'c', "GET", NULL, NULL, "/latency?window=ages", "window", 400 },
    { 'c', "GET", NULL, NULL, "/latency?topics=t", "topics", 400 },
    { 'c', "GET", NULL, NULL, "/latency?topic=a%%00", "topic", 400 },
    { 'c', "GET", NULL, NULL, "/receipts?since=0%%00", "since", 400 },
    { 'c', "GET", NULL, NULL, "/consume?topic=t", "topic", 400 },
    { 'c', "GET", NULL, NULL, "/status?limit=1", "limit", 400 },
    { 'w', "GET", NULL, NULL, "/api/consumer/latency?topics=t", "topics", 400 },
    { 'c', "DELETE", NULL, NULL, "/receipts", "", 405 },
    { 'w', "GET", NULL, NULL, "/assets/nothing.js", "path", 404 },
    { 'w', "GET", NULL, NULL, "/../../etc/passwd", "path", 404 },
    { 'w', "GET", NULL, NULL, "/%%2e%%2e/%%2e%%2e/etc/passwd.txt", "path", 404 },
    { 'w', "GET", NULL, NULL, "/api/nobody/x", "path", 404 },
    { 'w', "GET", NULL, NULL, "/api/steward/topics", "", 502 },
    { 'w', "POST", "Origin: http://evil.example", "x", "/api/producer/produce/%s/k", "Origin", 403 },
};

static void knock(const struct it_process *p, const struct door *d)
{
    char path[256], type[64] = "";
    struct it_answer a;
    bool right;

    snprintf(path, sizeof path, d->path, it_topic(&w, "there"));
    a = it_call(p, d->method, d->headers, d->body, d->body ? strlen(d->body) : 0, "%s", path);
    it_header(&a, "Content-Type", type, sizeof type);
    right = a.status == d->status && !strcmp(it_text(&a, "field"), d->field) && !strcmp(type, "application/problem+json") &&
            it_number(&a, "status") == d->status && *it_text(&a, "detail") && (!d->limit || it_number(&a, "limit") == d->limit);
    if (!right)
        printf("    %s %s (%s) %.80s: %d %s %s\n", d->method, path, d->headers ? d->headers : "", d->body ? d->body : "", a.status, type, a.body);
    CU_ASSERT(right);
    it_answer_free(&a);
}

static void every_door_names_what_is_wrong(void)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        knock(doors[i].who == 'p' ? &w.producer : doors[i].who == 'c' ? &w.consumer : &w.portal, &doors[i]);
}

#define J "Content-Type: application/json"

/* Of the steward; the topic has three partitions and one record. */
static const struct door stewards_doors[] = {
    { 's', "GET", NULL, NULL, "/topic", "path", 404 },
    { 's', "PUT", J, "{}", "/topics", "", 405 },
    { 's', "DELETE", NULL, NULL, "/topics", "", 405 },
    { 's', "DELETE", "Origin: http://evil.example", NULL, "/topics/%s", "Origin", 403 },
    { 's', "DELETE", "Host: evil.example", NULL, "/topics/%s", "Host", 403 },
    { 's', "GET", NULL, NULL, "/topics?internal=perhaps", "internal", 400 },
    { 's', "GET", NULL, NULL, "/topics?filer=x", "filer", 400 },
    { 's', "GET", NULL, NULL, "/cluster?x=1", "x", 400 },
    { 's', "GET", NULL, NULL, "/brokers/one/settings", "id", 404 },
    { 's', "GET", NULL, NULL, "/brokers/999/settings", "id", 404 },
    { 's', "GET", NULL, NULL, "/topics/bad%%20topic", "topic", 400 },
    { 's', "GET", NULL, NULL, "/topics/%%ff", "topic", 400 },
    { 's', "GET", NULL, NULL, "/topics/nobody-made-this", "topic", 404 },
    { 's', "GET", NULL, NULL, "/topics/nobody-made-this/settings", "topic", 404 },
    /* making and changing topics */
    { 's', "POST", J, NULL, "/topics", "name", 400 },
    { 's', "POST", J, "{\"name\":", "/topics", "", 400 },
    { 's', "POST", J, "\xff\xfe", "/topics", "", 400 },
    { 's', "POST", J, "[]", "/topics", "", 400 },
    { 's', "POST", J, "{\"name\":7}", "/topics", "name", 400 },
    { 's', "POST", J, "{\"name\":\"a b\"}", "/topics", "name", 400 },
    { 's', "POST", J, "{\"name\":\"__own\"}", "/topics", "name", 403 },
    { 's', "POST", J, "{\"name\":\"n\",\"partition\":3}", "/topics", "partition", 400 },
    { 's', "POST", J, "{\"name\":\"n\",\"partitions\":0}", "/topics", "partitions", 400, 1 },
    { 's', "POST", J, "{\"name\":\"n\",\"partitions\":100001}", "/topics", "partitions", 400, 100000 },
    { 's', "POST", J, "{\"name\":\"n\",\"partitions\":99999999999999999999}", "/topics", "", 400 },
    { 's', "POST", J, "{\"name\":\"n\",\"partitions\":\"3\"}", "/topics", "partitions", 400 },
    { 's', "POST", J, "{\"name\":\"n\",\"replication\":101}", "/topics", "replication", 400, 100 },
    { 's', "POST", J, "{\"name\":\"n\",\"settings\":{\"retention.ms\":7}}", "/topics", "retention.ms", 400 },
    { 's', "POST", J, "{\"name\":\"n\",\"settings\":{\"retention.ms\":null}}", "/topics", "retention.ms", 400 },
    { 's', "POST", J, "{\"name\":\"n\"}", "/topics?dry_run=1", "dry_run", 400 },
    { 's', "DELETE", NULL, NULL, "/topics/%s?dryrun=true", "dryrun", 400 },
    { 's', "DELETE", NULL, NULL, "/topics/nobody-made-this", "topic", 404 },
    { 's', "DELETE", NULL, NULL, "/topics/kafkloud-outcomes", "topic", 403 },
    { 's', "PATCH", J, NULL, "/topics/%s/settings", "settings", 400 },
    { 's', "PATCH", J, "{\"settings\":{\"no.such\":\"1\"}}", "/topics/%s/settings", "no.such", 400 },
    { 's', "PATCH", J, "{\"settings\":{\"retention.ms\":1}}", "/topics/%s/settings", "retention.ms", 400 },
    { 's', "POST", J, "{}", "/topics/%s/partitions", "total", 400 },
    { 's', "POST", J, "{\"total\":1.5}", "/topics/%s/partitions", "total", 400 },
    { 's', "POST", J, "{\"total\":-1}", "/topics/%s/partitions", "total", 400, 1 },
    { 's', "POST", J, "{\"partitions\":[]}", "/topics/%s/empty", "partitions", 400 },
    { 's', "POST", J, "{\"partitions\":[0,0]}", "/topics/%s/empty", "partitions", 400 },
    { 's', "POST", J, "{\"partitions\":[99]}", "/topics/%s/empty", "partitions", 404 },
    { 's', "POST", J, "{\"partitions\":[\"0\"]}", "/topics/%s/empty", "partitions", 404 },
    /* messages */
    { 's', "GET", NULL, NULL, "/topics/%s/messages?from=start", "from", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?from=time:now", "from", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?from=3", "partition", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?partition=-1", "partition", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?partition=99", "partition", 404 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?direction=up", "direction", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?limit=501", "limit", 400, 500 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?limit=0", "limit", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?cursor=junk", "cursor", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages?cursor=junk&from=end", "from", 400 },
    { 's', "GET", NULL, NULL, "/topics/nobody-made-this/messages", "topic", 404 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages/0/x", "offset", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages/x/0", "partition", 400 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages/99/0", "partition", 404 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages/0/999999", "offset", 404 },
    { 's', "GET", NULL, NULL, "/topics/%s/messages/0/99999999999999999999", "offset", 400 },
    /* groups */
    { 's', "GET", NULL, NULL, "/groups?filter=a&topic=x", "topic", 400 },
    { 's', "GET", NULL, NULL, "/groups/nobody", "group", 404 },
    { 's', "GET", NULL, NULL, "/groups/nobody/lag?window_s=9", "window_s", 400, 10 },
    { 's', "GET", NULL, NULL, "/groups/nobody/lag?window_s=3601", "window_s", 400, 3600 },
    { 's', "POST", J, NULL, "/groups/nobody/offsets", "to", 400 },
    { 's', "POST", J, "{\"to\":\"newest\"}", "/groups/nobody/offsets", "to", 400 },
    { 's', "POST", J, "{\"to\":{\"offset\":-1}}", "/groups/nobody/offsets", "to", 400 },
    { 's', "POST", J, "{\"to\":{\"offset\":1,\"shift\":1}}", "/groups/nobody/offsets", "to", 400 },
    { 's', "POST", J, "{\"to\":\"latest\",\"topic\":\"x\"}", "/groups/nobody/offsets", "topic", 400 },
    { 's', "POST", J, "{\"to\":\"latest\",\"topics\":\"x\"}", "/groups/nobody/offsets", "topics", 400 },
    { 's', "POST", J, "{\"to\":\"latest\",\"topics\":[\"a b\"]}", "/groups/nobody/offsets", "topics", 400 },
    { 's', "POST", J, "{\"to\":\"latest\",\"partitions\":[0]}", "/groups/nobody/offsets", "partitions", 400 },
    { 's', "POST", J, "{\"to\":\"latest\"}", "/groups/nobody/offsets", "group", 404 },
    { 's', "DELETE", NULL, NULL, "/groups/nobody", "group", 404 },
    { 's', "DELETE", NULL, NULL, "/groups/nobody/topics/%s", "group", 404 },
    { 's', "DELETE", NULL, NULL, "/groups/nobody/topics/a%%20b", "topic", 400 },
    /* passed */
    { 's', "GET", NULL, NULL, "/passed", "topic", 400 },
    { 's', "GET", NULL, NULL, "/passed?topic=%s&partition=0", "offset", 400 },
    { 's', "GET", NULL, NULL, "/passed?topic=%s&partition=0&offset=-1", "offset", 400 },
    { 's', "GET", NULL, NULL, "/passed?topic=a%%20b&partition=0&offset=1", "topic", 400 },
};

/* A body of n times text between begin and end; the caller's. */
static char *repeat(const char *begin, const char *text, size_t n, const char *end)
{
    struct kl_buf b;
    char *out;

    kl_buf_init(&b, 1 << 20);
    kl_buf_adds(&b, begin);
    for (size_t i = 0; i < n; i++)
        kl_buf_adds(&b, text);
    kl_buf_adds(&b, end);
    out = kl_buf_take(&b);
    kl_buf_fini(&b);
    return out;
}

static void too_much_for_the_steward_is_refused_with_the_limit(void)
{
    char *padded = repeat("{\"name\":\"n\"", " ", 64 * 1024, "}"), *offsets = repeat("{\"to\":\"latest\"", " ", 256 * 1024, "}");
    char *topics = repeat("{\"to\":\"latest\",\"topics\":[\"t\"", ",\"t\"", 1000, "]}");
    char *partitions = repeat("{\"to\":\"latest\",\"topics\":[\"t\"],\"partitions\":[0", ",0", 10000, "]}");
    const struct door large[] = {
        { 's', "POST", J, padded, "/topics", "body", 413, 64 * 1024 },
        { 's', "POST", J "\nTransfer-Encoding: chunked", padded, "/topics", "body", 413, 64 * 1024 },
        { 's', "POST", J, offsets, "/groups/nobody/offsets", "body", 413, 256 * 1024 },
        { 's', "POST", J, topics, "/groups/nobody/offsets", "topics", 413, 1000 },
        { 's', "POST", J, partitions, "/groups/nobody/offsets", "partitions", 413, 10000 },
    };

    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        knock(&w.steward, &large[i]);
    free(padded);
    free(offsets);
    free(topics);
    free(partitions);
}

/* The steward is started here: for the doors before, the portal's has nobody behind it. */
static void every_door_of_the_steward_names_what_is_wrong(void)
{
    struct it_answer a;

    it_start(&w, &w.steward);
    for (size_t i = 0; i < sizeof stewards_doors / sizeof *stewards_doors; i++)
        knock(&w.steward, &stewards_doors[i]);
    a = it_get(&w.steward, "/topics/%s", it_topic(&w, "there"));
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
}

static void a_record_over_the_limit_is_refused_with_the_limit(void)
{
    char *large = malloc(5000);
    struct it_answer a;

    memset(large, 'x', 5000);
    a = it_call(&w.producer, "POST", NULL, large, 5000, "/produce/%s/k", it_topic(&w, "there"));
    CU_ASSERT_EQUAL(a.status, 413);
    CU_ASSERT_EQUAL(it_number(&a, "limit"), 1000);
    it_answer_free(&a);
    a = it_call(&w.producer, "POST", "Transfer-Encoding: chunked", large, 5000, "/produce/%s/k", it_topic(&w, "there"));
    CU_ASSERT_EQUAL(a.status, 413);
    it_answer_free(&a);
    free(large);
}

static double refused_total(void)
{
    static const char NAME[] = "\nkafkloud_producer_records_refused_total ";
    struct it_answer a = it_get(&w.producer, "/metrics");
    const char *line = a.body ? strstr(a.body, NAME) : NULL;
    double n = line ? strtod(line + sizeof NAME - 1, NULL) : -1;

    it_answer_free(&a);
    return n;
}

static void a_refused_record_is_counted_wherever_it_is_refused(void)
{
    static const struct { const char *headers, *path; int status; } refused[] = {
        { NULL, "/produce/%s/k?partition=x", 400 },                      /* in the head */
        { NULL, "/produce/%s/k", 413 },                                  /* by the length it declares */
        { "Transfer-Encoding: chunked", "/produce/%s/k", 413 },          /* when it has become too long */
        { NULL, "/produce/%s-that-is-not-there/k", 404 },                /* when its topic is asked for */
        { "Content-Type: application/json", "/records/%s", 400 },        /* as no JSON */
    };
    double before = refused_total();
    char large[5000], path[256];

    memset(large, 'x', sizeof large);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        size_t len = refused[i].status == 413 ? sizeof large : 1;
        struct it_answer a;

        snprintf(path, sizeof path, refused[i].path, it_topic(&w, "there"));
        a = it_call(&w.producer, "POST", refused[i].headers, large, len, "%s", path);
        CU_ASSERT_EQUAL(a.status, refused[i].status);
        it_answer_free(&a);
    }
    CU_ASSERT_EQUAL(refused_total() - before, (double)(sizeof refused / sizeof *refused));
}

/* ---- raw clients ---- */
static int dial(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CU_ASSERT_FATAL(connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
    return fd;
}

/* Sends a byte now and then until the server ends the connection; how long that took. */
static int64_t dribble_ms(const char *text)
{
    int fd = dial(w.producer.port);
    int64_t start = kl_mono_us(), end = start + 20000000;
    struct timeval wait = { .tv_usec = 100000 };
    char byte;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    while (kl_mono_us() < end) {
        if (*text && send(fd, text++, 1, MSG_NOSIGNAL) < 0)
            break;
        if (recv(fd, &byte, 1, 0) == 0)
            break;
    }
    close(fd);
    return (kl_mono_us() - start) / 1000;
}

static void a_client_of_a_byte_now_and_then_is_cut_after_the_request_timeout(void)
{
    CU_ASSERT(dribble_ms("POST /produce/t/k HTTP/1.1\r\nHost: localhost\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n") < 8000);
    CU_ASSERT(dribble_ms("") < 8000);
}

static void a_client_that_leaves_in_the_middle_leaves_nothing_behind(void)
{
    static const char half[] = "POST /produce/t/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nhalf";
    struct it_answer a;

    for (int i = 0; i < 100; i++) {
        int fd = dial(w.producer.port);
        CU_ASSERT(write(fd, half, sizeof half - 1) == sizeof half - 1);
        close(fd);
    }
    a = it_post(&w.producer, "whole", "/produce/%s/k", it_topic(&w, "there"));
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
}

KL_TESTS_WITH("wrong_input", begin, end, T(every_door_names_what_is_wrong), T(every_door_of_the_steward_names_what_is_wrong),
              T(too_much_for_the_steward_is_refused_with_the_limit), T(a_record_over_the_limit_is_refused_with_the_limit),
              T(a_refused_record_is_counted_wherever_it_is_refused),
              T(a_client_of_a_byte_now_and_then_is_cut_after_the_request_timeout), T(a_client_that_leaves_in_the_middle_leaves_nothing_behind))
