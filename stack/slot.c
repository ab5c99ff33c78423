/* slot.c - see slot.h. */
#include "slot.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "service.h"

#define TELL_MS      5000        /* what takes longer than this to be ready: a person wants to know why */
#define LAST_LINES   10          /* of its log, when it died: a stack trace's head, a setting's name */
#define READ_BYTES   (16 * 1024)
#define READS_A_TURN 16          /* a service that floods its log must not keep the loop from the others */

enum kl_code slot_open(struct slot *slot, const struct service *service, const struct stack *stack, struct kl_error *err)
{
    char name[NAME_MAX];

    memset(slot, 0, sizeof *slot);
    slot->service = service;
    slot->stack = stack;
    slot->subject = (int)(service - services);
    slot->foreign = service->ready == READY_KAFKA && stack->conf->bootstrap_servers;
    slot->child = CHILD_NONE;
    slot->log.fd = -1;
    if (slot->foreign)
        return KL_OK;
    snprintf(name, sizeof name, "%s.log", service->name);
    return logfile_open(&slot->log, stack->home->log, name, err);
}

void slot_close(struct slot *slot)
{
    child_close(&slot->child);
    logfile_close(&slot->log);
}

/* ---- dying, and what follows ---- */

static void quote_last_lines(const struct slot *slot)
{
    struct kl_buf lines;

    kl_buf_init(&lines, LOGFILE_TAIL_BYTES + 1);
    logfile_tail(&slot->log, LAST_LINES, &lines);
    report_quote(slot->stack->report, lines.data ? lines.data : "", lines.len);
    kl_buf_fini(&lines);
}

static void decide(struct slot *slot, bool hopeless, int64_t now_us)
{
    struct report *r = slot->stack->report;
    const char *name = slot->service->name;
    int64_t wait_ms = hopeless ? -1 : restarts_next(&slot->restarts, now_us / 1000);

    if (wait_ms >= 0) {
        slot->state = SLOT_BACKOFF;
        slot->due_us = now_us + wait_ms * 1000;
        report_line(r, MARK_BUSY, "%s is started again in %.1f s", name, (double)wait_ms / 1000);
        return;
    }
    slot->state = SLOT_DOWN;
    report_line(r, MARK_BAD, "%s is left down (%s); the others run on. Its log: %s/log/%s.log", name,
                hopeless ? "starting it again would not help" : "it died too often", slot->stack->conf->home, name);
}

static void could_not_start(struct slot *slot, const struct kl_error *err, int64_t now_us)
{
    report_line(slot->stack->report, MARK_BAD, "%s: %s", slot->service->name, err->text);
    decide(slot, err->code == KL_NOT_FOUND, now_us);
}

static void died(struct slot *slot, int status, int64_t now_us)
{
    struct report *r = slot->stack->report;
    char how[80];

    child_status_text(status, how, sizeof how);
    if (!slot->overdue) /* else we said why when we killed it */
        report_line(r, MARK_BAD, "%s died: %s; it said last", slot->service->name, how);
    quote_last_lines(slot);
    decide(slot, WIFEXITED(status) && WEXITSTATUS(status) == KL_EXIT_SETTING, now_us);
}

bool slot_reap(struct slot *slot, int64_t now_us)
{
    int status;

    if (!child_ended(&slot->child, &status))
        return false;
    slot_read(slot);
    child_close(&slot->child);
    prober_drop(slot->stack->prober, slot->subject);
    if (slot->state != SLOT_STOPPED)
        died(slot, status, now_us);
    return true;
}

/* ---- starting ---- */

static enum kl_code spawn(struct slot *slot, struct kl_error *err)
{
    char **argv = service_argv(slot->service, slot->stack->conf);
    char **env = service_env(slot->service, slot->stack->conf, environ);
    enum kl_code code;

    if (argv && env)
        code = child_spawn(&slot->child, argv, env, err);
    else
        code = kl_fail(err, KL_BUSY, "no memory to start it");
    strings_free(argv);
    strings_free(env);
    return code;
}

static void await_ready(struct slot *slot, int64_t now_us)
{
    slot->state = SLOT_STARTING;
    slot->started_us = now_us;
    slot->due_us = now_us + slot->service->ready_ms * 1000;
    slot->tell_us = now_us + TELL_MS * INT64_C(1000);
}

static void start(struct slot *slot, int64_t now_us)
{
    struct kl_error err;

    await_ready(slot, now_us);
    slot->started_wall_us = kl_wall_us();
    slot->overdue = false;
    logfile_forget(&slot->log);
    if (slot->foreign)
        report_line(slot->stack->report, MARK_BUSY, "asking Kafka at %s (KAFKA_BOOTSTRAP_SERVERS)", slot->stack->conf->bootstrap_servers);
    else if (spawn(slot, &err) != KL_OK) {
        could_not_start(slot, &err, now_us);
        return;
    }
    prober_ask(slot->stack->prober, slot->subject);
}

/* ---- what takes long ---- */

/* Not of one of ours that does not answer at all: most likely it is still starting. */
static void tell_why(struct slot *slot, int64_t now_us)
{
    struct report *r = slot->stack->report;
    int left_s = (int)((slot->due_us - now_us) / 1000000);
    char why[256];
    bool alive = prober_why(slot->stack->prober, slot->subject, why, sizeof why);

    slot->tell_us = INT64_MAX;
    if (slot->foreign)
        report_line(r, MARK_BAD, "Kafka at %s does not answer yet: %s; asking for %d s more", slot->stack->conf->bootstrap_servers, why, left_s);
    else if (alive)
        report_line(r, MARK_BUSY, "%s is not ready yet: %s", slot->service->name, why);
}

static void leave_unready(struct slot *slot, const char *why)
{
    report_line(slot->stack->report, MARK_BAD, "%s runs, but is not ready: %s", slot->service->name, why);
    prober_drop(slot->stack->prober, slot->subject);
    slot->state = SLOT_UNREADY;
}

static void too_slow(struct slot *slot)
{
    int seconds = (int)(slot->service->ready_ms / 1000);
    char why[256];
    bool alive = prober_why(slot->stack->prober, slot->subject, why, sizeof why);

    if (slot->foreign) {
        report_line(slot->stack->report, MARK_BAD, "no Kafka answers at %s (KAFKA_BOOTSTRAP_SERVERS) within %d s: %s",
                    slot->stack->conf->bootstrap_servers, seconds, why);
        prober_drop(slot->stack->prober, slot->subject);
        slot->state = SLOT_DOWN;
        return;
    }
    if (alive) {
        leave_unready(slot, why);
        return;
    }
    report_line(slot->stack->report, MARK_BAD, "%s does not answer after %d s: %s; it said last", slot->service->name, seconds, why);
    slot->overdue = true;
    slot->due_us = INT64_MAX;
    slot->tell_us = INT64_MAX;
    child_signal(&slot->child, SIGKILL); /* slot_reap() does the rest */
}

void slot_step(struct slot *slot, bool needs_ready, int64_t now_us)
{
    if (slot->state == SLOT_WAITING && needs_ready)
        start(slot, now_us);
    else if (slot->state == SLOT_BACKOFF && now_us >= slot->due_us)
        start(slot, now_us);
    else if (slot->state == SLOT_STARTING && now_us >= slot->due_us)
        too_slow(slot);
    else if (slot->state == SLOT_STARTING && now_us >= slot->tell_us)
        tell_why(slot, now_us);
}

int64_t slot_due_us(const struct slot *slot)
{
    if (slot->state == SLOT_BACKOFF)
        return slot->due_us;
    if (slot->state == SLOT_STARTING)
        return slot->due_us < slot->tell_us ? slot->due_us : slot->tell_us;
    return INT64_MAX;
}

void slot_answered(struct slot *slot, int64_t now_us)
{
    char took[32];

    if (slot->state != SLOT_STARTING)
        return; /* it died meanwhile */
    slot->state = SLOT_READY;
    report_duration(now_us - slot->started_us, took, sizeof took);
    if (slot->foreign)
        report_line(slot->stack->report, MARK_GOOD, "Kafka at %s answers", slot->stack->conf->bootstrap_servers);
    else
        report_line(slot->stack->report, MARK_GOOD, "%-9s ready in %s", slot->service->name, took);
}

void slot_again(struct slot *slot, int64_t now_us)
{
    if (slot->state == SLOT_UNREADY) {
        await_ready(slot, now_us);
        prober_ask(slot->stack->prober, slot->subject);
    }
    if (slot->state != SLOT_DOWN && slot->state != SLOT_BACKOFF)
        return;
    slot->restarts = (struct restarts){ .total = 0 };
    slot->state = SLOT_WAITING;
}

void slot_term(struct slot *slot, int signal)
{
    slot->state = SLOT_STOPPED;
    prober_drop(slot->stack->prober, slot->subject);
    if (slot->child.pid)
        child_signal(&slot->child, signal);
}

/* ---- its output ---- */

void slot_read(struct slot *slot)
{
    char data[READ_BYTES];
    ssize_t n;
    int i;

    for (i = 0; i < READS_A_TURN && slot->child.out >= 0; i++) {
        n = read(slot->child.out, data, sizeof data);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return;
        if (n == 0) { /* it closed its output and may well live on */
            close(slot->child.out);
            slot->child.out = -1;
            return;
        }
        logfile_write(&slot->log, data, (size_t)n);
    }
}
