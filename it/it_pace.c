/* it_pace.c - see it_pace.h. */
#include <pthread.h>
#include <stdlib.h>

#include "clock.h"
#include "it_pace.h"
#include "it_wire.h"

#define NAP_US_MAX        50000

struct pace {
    const struct it_pace_conf *conf;
    struct it_pace_record     *records;
    long        due_n;
    int64_t     start_us;
    atomic_long next;
    pthread_mutex_t lock; /* guards what follows */
    struct it_pace_result *result;
    int64_t     last_ok_us;
};

struct worker { struct pace *pace; pthread_t thread; struct it_wire wires[IT_PACE_URLS_MAX]; };

/* Sleeps until a request is due, in naps, so that a stop is seen; false: it is to end. */
static bool wait_until(const struct pace *p, int64_t due_us)
{
    for (;;) {
        int64_t left_us = due_us - kl_mono_us();
        struct timespec nap = { 0, (left_us < NAP_US_MAX ? left_us : NAP_US_MAX) * 1000 };

        if (p->conf->stop && atomic_load(p->conf->stop))
            return false;
        if (left_us <= 0)
            return true;
        nanosleep(&nap, NULL);
    }
}

static void tell_failure(const struct pace *p, const struct it_wire *w, const char *url, enum it_wire_end end)
{
    long told = p->result->refused + p->result->broken;
    double at = (double)(kl_mono_us() - p->start_us) / 1e6;

    if (!p->conf->out || told > p->conf->told_max)
        return;
    if (told == p->conf->told_max)
        fprintf(p->conf->out, "    ... more are counted, not told\n");
    else if (end)
        fprintf(p->conf->out, "    failed at %.3f s: %s: %s\n", at, url, it_wire_end_names[end]);
    else
        fprintf(p->conf->out, "    failed at %.3f s: %s: %d %.160s\n", at, url, w->status, w->body);
}

static void note_success(struct pace *p, int64_t now_us, int64_t due_us)
{
    struct it_pace_result *r = p->result;

    r->ok++;
    kl_hist_add(&r->latency, now_us - due_us);
    if (now_us - p->last_ok_us > r->pause_us) {
        r->pause_us = now_us - p->last_ok_us;
        r->pause_at_us = p->last_ok_us - p->start_us;
    }
    if (now_us > p->last_ok_us)
        p->last_ok_us = now_us;
}

static enum it_pace_fate note(struct pace *p, const struct it_wire *w, const char *url, enum it_wire_end end, int64_t due_us)
{
    enum it_pace_fate fate = end ? IT_PACE_BROKEN : w->status / 100 == 2 ? IT_PACE_CONFIRMED : IT_PACE_REFUSED;

    pthread_mutex_lock(&p->lock);
    p->result->sent++;
    if (fate == IT_PACE_CONFIRMED) {
        note_success(p, kl_mono_us(), due_us);
    } else {
        tell_failure(p, w, url, end);
        p->result->broken += fate == IT_PACE_BROKEN;
        p->result->refused += fate == IT_PACE_REFUSED;
    }
    pthread_mutex_unlock(&p->lock);
    return fate;
}

static const char *path_of(const char *url)
{
    const char *path = strchr(url + strlen("http://"), '/');

    return path ? path : "/";
}

static void send_one(struct worker *worker, long n)
{
    struct pace *p = worker->pace;
    struct it_pace_record *record = &p->records[n];
    const char *url = p->conf->urls[n % p->conf->urls_n];
    struct it_wire *w = &worker->wires[n % p->conf->urls_n];
    int64_t due_us = p->start_us + n * 1000000 / p->conf->rate;
    char id[KL_UUID_TEXT + 1] = "", path[512], headers[256], body[64];
    enum it_wire_end end;

    if (!wait_until(p, due_us))
        return;
    if (p->conf->get) {
        end = it_wire_call(w, "GET", path_of(url), "", NULL, 0);
    } else {
        kl_uuid7(&record->id);
        kl_uuid_text(&record->id, id);
        snprintf(path, sizeof path, "%s/key-%ld", path_of(url), n);
        snprintf(headers, sizeof headers, "Content-Type: text/plain\r\nIdempotency-Key: %s\r\n", id);
        snprintf(body, sizeof body, "record %ld of the load", n);
        end = it_wire_call(w, "POST", path, headers, body, strlen(body));
    }
    record->fate = note(p, w, url, end, due_us);
}

static void *work(void *ctx)
{
    struct worker *worker = ctx;
    struct pace *p = worker->pace;
    long n;

    while ((n = atomic_fetch_add(&p->next, 1)) < p->due_n)
        send_one(worker, n);
    return NULL;
}

static enum kl_code begin_wires(struct worker *worker, const struct it_pace_conf *conf, struct kl_error *err)
{
    for (int i = 0; i < conf->urls_n; i++)
        if (!it_wire_init(&worker->wires[i], conf->urls[i], conf->timeout_ms))
            return kl_fail_field(err, KL_INVALID, "urls", "\"%s\" is no http://host:port/path", conf->urls[i]);
    return KL_OK;
}

static void end_wires(struct worker *worker, const struct it_pace_conf *conf, struct it_pace_result *result)
{
    for (int i = 0; i < conf->urls_n; i++) {
        result->connections += worker->wires[i].opened;
        it_wire_fini(&worker->wires[i]);
    }
}

/* A last pause that no success ended counts too. */
static void finish(struct pace *p)
{
    int64_t now_us = kl_mono_us();

    p->result->took_us = now_us - p->start_us;
    if (p->result->sent > 0 && p->result->ok == 0)
        p->result->pause_us = p->result->took_us;
    else if (p->result->refused + p->result->broken > 0 && now_us - p->last_ok_us > p->result->pause_us) {
        p->result->pause_us = now_us - p->last_ok_us;
        p->result->pause_at_us = p->last_ok_us - p->start_us;
    }
}

enum kl_code it_pace_run(const struct it_pace_conf *conf, struct it_pace_result *result, struct kl_error *err)
{
    struct pace p = { .conf = conf, .due_n = (long)(conf->rate * conf->duration_ms / 1000), .lock = PTHREAD_MUTEX_INITIALIZER, .result = result };
    struct worker *workers;
    enum kl_code code = KL_OK;

    memset(result, 0, sizeof *result);
    if (conf->urls_n == 0)
        return kl_fail_field(err, KL_INVALID, "urls", "there is no URL to send to");
    if (p.due_n > IT_PACE_REQUESTS_MAX)
        return kl_fail_field(err, KL_INVALID, "duration_ms", "%ld requests are more than %d", p.due_n, IT_PACE_REQUESTS_MAX);
    result->records = p.records = calloc((size_t)p.due_n + 1, sizeof *p.records);
    result->records_n = p.due_n;
    workers = calloc((size_t)conf->connections, sizeof *workers);
    for (int64_t i = 0; i < conf->connections && !code; i++) {
        workers[i].pace = &p;
        code = begin_wires(&workers[i], conf, err);
    }
    p.start_us = p.last_ok_us = kl_mono_us();
    for (int64_t i = 0; i < conf->connections && !code; i++)
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    for (int64_t i = 0; i < conf->connections && !code; i++)
        pthread_join(workers[i].thread, NULL);
    finish(&p);
    for (int64_t i = 0; i < conf->connections; i++)
        if (workers[i].pace)
            end_wires(&workers[i], conf, result);
    free(workers);
    return code;
}

void it_pace_fini(struct it_pace_result *result)
{
    free(result->records);
    memset(result, 0, sizeof *result);
}
