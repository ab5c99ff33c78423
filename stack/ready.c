/* ready.c - see ready.h. */
#include "ready.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kafka_conf.h"
#include "readyz.h"
#include "selftest.h"

#define TRY_MS   1000 /* a try that takes longer has failed: the next one finds out soon enough */
#define PAUSE_MS 25   /* between two rounds of tries: what a start can be slower for it */

enum question { NOT_ASKED, ASKED, ANSWERED };

struct prober {
    const struct stack_conf *conf;
    rd_kafka_conf_t *kafka_conf;
    rd_kafka_t      *kafka;   /* the thread's; while the streamer is asked for */
    char             kafka_why[200]; /* the thread's; what librdkafka said last of a broker, "" when it said nothing */
    int              wake_fd; /* an eventfd: there is an answer */
    pthread_t        thread;
    pthread_cond_t   asked;
    pthread_mutex_t  lock;    /* guards what follows */
    bool             stop;
    enum question    state[SUBJECTS];
    unsigned         round[SUBJECTS]; /* counts the questions: an answer to an earlier one is dropped */
    struct answer    answers[SUBJECTS];
};

/* ---- one try each; on the prober's thread, without the lock ---- */

static bool try_http(struct prober *p, const struct service *s, struct answer *a)
{
    struct readyz r;

    readyz_ask(service_port(s, p->conf), TRY_MS, &r);
    a->ok = r.ready;
    a->alive = r.alive;
    memcpy(a->text, r.why, sizeof a->text);
    return a->ok;
}

/* A failed try knows only that it failed; a broker's own error says what there is to mend. */
static void kafka_failed(rd_kafka_t *rk, int error, const char *reason, void *ctx)
{
    struct prober *p = ctx;

    (void)rk;
    if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        snprintf(p->kafka_why, sizeof p->kafka_why, "%s", reason);
}

static bool open_kafka(struct prober *p, struct answer *a)
{
    rd_kafka_conf_t *own = rd_kafka_conf_dup(p->kafka_conf);
    char why[200];

    p->kafka_why[0] = '\0';
    rd_kafka_conf_set_opaque(own, p);
    rd_kafka_conf_set_error_cb(own, kafka_failed);
    p->kafka = rd_kafka_new(RD_KAFKA_PRODUCER, own, why, sizeof why);
    if (p->kafka)
        return true;
    rd_kafka_conf_destroy(own);
    snprintf(a->text, sizeof a->text, "%s", why);
    return false;
}

static void close_kafka(struct prober *p)
{
    if (p->kafka)
        rd_kafka_destroy(p->kafka);
    p->kafka = NULL;
}

/* Our own streamer's port is closed during most of its start: no need to wait for an answer then. */
static bool port_is_open(int64_t port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool open = fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0;

    if (fd >= 0)
        close(fd);
    return open;
}

/* Why a try failed. */
static const char *kafka_error(struct prober *p, rd_kafka_resp_err_t error)
{
    rd_kafka_poll(p->kafka, 0); /* calls kafka_failed() */
    if (p->kafka_why[0])
        return p->kafka_why;
    return error ? rd_kafka_err2str(error) : "it names no broker";
}

static bool try_kafka(struct prober *p, struct answer *a)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t error;

    a->ok = false;
    if (!p->conf->bootstrap_servers && !port_is_open(p->conf->kafka_port)) {
        snprintf(a->text, sizeof a->text, "it does not listen");
        return false;
    }
    if (!p->kafka && !open_kafka(p, a))
        return false;
    error = rd_kafka_metadata(p->kafka, 0, NULL, &metadata, TRY_MS);
    a->ok = !error && metadata->broker_cnt > 0;
    snprintf(a->text, sizeof a->text, "%s", a->ok ? "" : kafka_error(p, error));
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    if (a->ok)
        close_kafka(p);
    return a->ok;
}

static bool stopping(void *ctx)
{
    struct prober *p = ctx;
    bool stop;

    pthread_mutex_lock(&p->lock);
    stop = p->stop || p->state[SUBJECT_ROUNDTRIP] != ASKED;
    pthread_mutex_unlock(&p->lock);
    return stop;
}

/* True: this is the answer. The round trip says so itself, a service is asked until it is ready. */
static bool try_subject(struct prober *p, int subject, struct answer *a)
{
    a->subject = subject;
    if (subject == SUBJECT_ROUNDTRIP) {
        struct kl_error err = { .text = "" };

        a->ok = selftest_roundtrip(p->conf, stopping, p, &a->took_us, &err) == KL_OK;
        snprintf(a->text, sizeof a->text, "%s", err.text);
        return true;
    }
    return services[subject].ready == READY_KAFKA ? try_kafka(p, a) : try_http(p, &services[subject], a);
}

/* ---- the thread ---- */

/* Waits for a question; between two rounds of tries only for a moment. false: stop. */
static bool wait_for_question(struct prober *p, bool tried)
{
    struct timespec until;
    bool any = false;
    int i;

    pthread_mutex_lock(&p->lock);
    if (tried && !p->stop) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PAUSE_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&p->asked, &p->lock, &until);
    }
    while (!p->stop && !any) {
        for (i = 0; i < SUBJECTS; i++)
            any = any || p->state[i] == ASKED;
        if (!any)
            pthread_cond_wait(&p->asked, &p->lock);
    }
    any = !p->stop;
    pthread_mutex_unlock(&p->lock);
    return any;
}

static bool is_asked(struct prober *p, int subject, unsigned *round)
{
    bool asked;

    pthread_mutex_lock(&p->lock);
    asked = p->state[subject] == ASKED && !p->stop;
    *round = p->round[subject];
    pthread_mutex_unlock(&p->lock);
    return asked;
}

static void keep(struct prober *p, unsigned round, const struct answer *a, bool final)
{
    uint64_t one = 1;

    pthread_mutex_lock(&p->lock);
    if (p->state[a->subject] == ASKED && p->round[a->subject] == round) {
        p->answers[a->subject] = *a;
        if (final)
            p->state[a->subject] = ANSWERED;
    }
    pthread_mutex_unlock(&p->lock);
    if (final && write(p->wake_fd, &one, sizeof one) < 0)
        kl_assert(!"an eventfd takes a number");
}

static void *probe(void *arg)
{
    struct prober *p = arg;
    bool tried = false;
    unsigned round;
    int i;

    while (wait_for_question(p, tried)) {
        tried = false;
        for (i = 0; i < SUBJECTS; i++) {
            struct answer a = { .subject = i };

            if (!is_asked(p, i, &round)) {
                if (i < SERVICES_MAX && services[i].name && services[i].ready == READY_KAFKA)
                    close_kafka(p);
                continue;
            }
            keep(p, round, &a, try_subject(p, i, &a));
            tried = true;
        }
    }
    close_kafka(p);
    return NULL;
}

/* ---- the supervisor's side ---- */

static enum kl_code make_kafka_conf(struct prober *p, struct kl_error *err)
{
    static const struct kl_kafka_property own[] = {
        { "reconnect.backoff.ms", "25" }, { "reconnect.backoff.max.ms", "100" }, /* a start should not be slower for it */
        { "log_level", "0" }, { NULL, NULL },                                    /* that nobody answers yet is no news */
    };
    char address[4096 + 1];
    struct kl_kafka_conf conf = { .bootstrap_servers = address, .client_id = "kafkloud-stack" };

    service_kafka_address(p->conf, address, sizeof address);
    return kl_kafka_conf_new(&p->kafka_conf, &conf, KL_KAFKA_PRODUCER, own, stack_settings, err);
}

static void prober_free(struct prober *p)
{
    if (p->kafka_conf)
        rd_kafka_conf_destroy(p->kafka_conf);
    if (p->wake_fd >= 0)
        close(p->wake_fd);
    pthread_cond_destroy(&p->asked);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

enum kl_code prober_start(struct prober **out, const struct stack_conf *conf, struct kl_error *err)
{
    struct prober *p = calloc(1, sizeof *p);
    pthread_condattr_t monotonic;
    enum kl_code code;

    if (!p)
        return kl_fail(err, KL_BUSY, "no memory");
    p->conf = conf;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
    p->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    code = p->wake_fd >= 0 ? make_kafka_conf(p, err) : kl_fail(err, KL_BUSY, "no eventfd");
    if (!code && pthread_create(&p->thread, NULL, probe, p) != 0)
        code = kl_fail(err, KL_BUSY, "no thread");
    if (code)
        prober_free(p);
    else
        *out = p;
    return code;
}

void prober_stop(struct prober *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_signal(&p->asked);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    prober_free(p);
}

int prober_fd(const struct prober *p)
{
    return p->wake_fd;
}

static void set(struct prober *p, int subject, enum question state)
{
    pthread_mutex_lock(&p->lock);
    p->state[subject] = state;
    p->round[subject]++;
    p->answers[subject] = (struct answer){ .subject = subject, .text = "no answer so far" };
    pthread_cond_signal(&p->asked);
    pthread_mutex_unlock(&p->lock);
}

void prober_ask(struct prober *p, int subject)
{
    set(p, subject, ASKED);
}

void prober_drop(struct prober *p, int subject)
{
    set(p, subject, NOT_ASKED);
}

bool prober_take(struct prober *p, struct answer *out)
{
    bool found = false;
    uint64_t count;
    int i;

    if (read(p->wake_fd, &count, sizeof count) < 0)
        count = 0; /* nothing new; there may still be an answer of before */
    pthread_mutex_lock(&p->lock);
    for (i = 0; i < SUBJECTS && !found; i++)
        if (p->state[i] == ANSWERED) {
            *out = p->answers[i];
            p->state[i] = NOT_ASKED;
            found = true;
        }
    pthread_mutex_unlock(&p->lock);
    return found;
}

bool prober_why(struct prober *p, int subject, char *out, size_t size)
{
    bool alive;

    pthread_mutex_lock(&p->lock);
    snprintf(out, size, "%s", p->answers[subject].text);
    alive = p->answers[subject].alive;
    pthread_mutex_unlock(&p->lock);
    return alive;
}
