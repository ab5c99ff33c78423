/* supervisor.c - see supervisor.h.
 *
 * One loop: let time do its work on each slot (step), wait for something to happen (turn), note what it was. Nothing
 * in it blocks, so a signal is always answered at once. */
#include "supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "kafka_conf.h"
#include "ports.h"
#include "service.h"
#include "slot.h"

#define STOP_ALL_MS          INT64_C(9500) /* a stop takes less than 10 s, and killing takes a moment too */
#define COMPLAINTS_MAX_BYTES 4096 /* a line for each of eight services */

struct supervisor {
    struct stack  stack;
    struct home   home;
    struct report report;
    struct slot   slots[SERVICES_MAX];
    int           slots_n;
    int           signals;   /* a signalfd */
    enum phase    phase;
    unsigned      round;     /* starts that have settled: the first, and one each `up` */
    int64_t       roundtrip_us;
    int64_t       began_us;  /* the start under way, or the last one */
    bool          proving;   /* the round trip is under way */
    bool          first;     /* the first start: what does not come up ends it */
    bool          stop, hurry;
    int           code;      /* to exit with */
    struct state  published; /* what others see */
};

/* ---- what others can see ---- */

static void publish(struct supervisor *s)
{
    struct state state;
    int i;

    memset(&state, 0, sizeof state); /* whole, with what is between the fields: it is compared as bytes */
    state.supervisor = getpid();
    state.phase = s->phase;
    state.round = s->round;
    state.roundtrip_us = s->roundtrip_us;
    for (i = 0; i < s->slots_n; i++) {
        const struct slot *slot = &s->slots[i];
        struct slot_view *v = &state.slots[state.slots_n];

        if (slot->foreign)
            continue;
        snprintf(v->name, sizeof v->name, "%s", slot->service->name);
        v->state = slot->state;
        v->pid = slot->child.pid;
        v->started_us = slot->started_wall_us;
        v->port = service_port(slot->service, s->stack.conf);
        v->restarts = slot->restarts.total;
        state.slots_n++;
    }
    if (memcmp(&state, &s->published, sizeof state) == 0)
        return;
    if (home_write_state(&s->home, &state))
        memcpy(&s->published, &state, sizeof state);
}

/* ---- the phases of a start ---- */

static struct slot *find(struct supervisor *s, const char *name)
{
    int i;

    for (i = 0; i < s->slots_n; i++)
        if (strcmp(s->slots[i].service->name, name) == 0)
            return &s->slots[i];
    kl_assert(!"the table names what it has");
    return NULL;
}

static bool needs_ready(struct supervisor *s, const struct slot *slot)
{
    return !slot->service->needs || find(s, slot->service->needs)->state == SLOT_READY;
}

/* Will it still become something else by itself? */
static bool in_motion(struct supervisor *s, const struct slot *slot)
{
    if (slot->state == SLOT_WAITING)
        return needs_ready(s, slot) || in_motion(s, find(s, slot->service->needs));
    return slot->state == SLOT_STARTING || slot->state == SLOT_BACKOFF;
}

static void settle(struct supervisor *s, enum phase phase)
{
    s->phase = phase;
    s->round++;
    s->proving = false;
    s->first = false;
    publish(s);
}

static void settle_incomplete(struct supervisor *s)
{
    int i;

    for (i = 0; i < s->slots_n; i++)
        if (s->slots[i].state == SLOT_WAITING)
            report_line(&s->report, MARK_BAD, "%s was not started: it needs the %s", s->slots[i].service->name, s->slots[i].service->needs);
    if (!s->first) {
        settle(s, PHASE_INCOMPLETE);
        return;
    }
    report_line(&s->report, MARK_BAD, "kafkloud did not come up; see above");
    s->code = KL_EXIT_START;
    s->stop = true;
}

/* Starting is over when nothing moves any more: all run, then a message proves it; or something is down. */
static void advance(struct supervisor *s)
{
    bool all_run = true;
    int i;

    if (s->phase != PHASE_STARTING || s->proving)
        return;
    for (i = 0; i < s->slots_n; i++) {
        if (in_motion(s, &s->slots[i]))
            return;
        all_run = all_run && (s->slots[i].state == SLOT_READY || s->slots[i].state == SLOT_UNREADY);
    }
    if (!all_run) {
        settle_incomplete(s);
        return;
    }
    s->proving = true;
    prober_ask(s->stack.prober, SUBJECT_ROUNDTRIP);
}

static bool all_ready(const struct supervisor *s)
{
    int i;

    for (i = 0; i < s->slots_n; i++)
        if (s->slots[i].state != SLOT_READY)
            return false;
    return true;
}

static void roundtrip_answered(struct supervisor *s, const struct answer *a)
{
    char took[32];

    report_duration(kl_mono_us() - s->began_us, took, sizeof took);
    s->roundtrip_us = a->ok ? a->took_us : 0;
    if (a->ok)
        report_line(&s->report, MARK_NONE, "roundtrip ok in %d ms", (int)((a->took_us + 500) / 1000));
    else
        report_line(&s->report, MARK_BAD, "no roundtrip: %s", a->text);
    report_addresses(&s->report, s->stack.conf);
    report_line(&s->report, MARK_NONE, "up after %s", took);
    report_hint(&s->report, "Ctrl-C stops it, the data stays");
    settle(s, a->ok && all_ready(s) ? PHASE_UP : PHASE_INCOMPLETE);
}

/* No message can make it now, or its way would prove too little; the proof is made again when all are back. */
static void stop_proving(struct supervisor *s)
{
    if (s->proving)
        prober_drop(s->stack.prober, SUBJECT_ROUNDTRIP);
    s->proving = false;
}

/* ---- what happens ---- */

static void take_answers(struct supervisor *s)
{
    struct answer a;

    while (prober_take(s->stack.prober, &a)) {
        if (a.subject == SUBJECT_ROUNDTRIP && s->proving)
            roundtrip_answered(s, &a);
        else if (a.subject != SUBJECT_ROUNDTRIP)
            slot_answered(&s->slots[a.subject], kl_mono_us());
    }
}

static void reap(struct supervisor *s)
{
    int i;

    for (i = 0; i < s->slots_n; i++) {
        struct slot *slot = &s->slots[i];

        if (!slot_reap(slot, kl_mono_us()))
            continue;
        stop_proving(s);
        if (slot->state == SLOT_DOWN && s->phase == PHASE_UP)
            s->phase = PHASE_INCOMPLETE;
    }
}

static void again(struct supervisor *s)
{
    int i;

    if (s->stop)
        return;
    stop_proving(s);
    s->began_us = kl_mono_us();
    for (i = 0; i < s->slots_n; i++)
        slot_again(&s->slots[i], s->began_us);
    s->phase = PHASE_STARTING;
}

static void take_signals(struct supervisor *s)
{
    struct signalfd_siginfo info;

    while (read(s->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGCHLD)
            reap(s);
        else if (info.ssi_signo == SUPERVISOR_UP)
            again(s);
        else {
            /* Of a person alone: a SIGTERM for our whole group comes twice, since make passes it on too. */
            s->hurry = s->hurry || (s->stop && info.ssi_signo == SIGINT);
            s->stop = true;
        }
    }
}

/* For poll(): -1 is for ever; rounded up, since a wait that ends a moment early is followed by one of 0. */
static int wait_ms(int64_t until_us)
{
    int64_t wait_us = until_us - kl_mono_us();

    if (until_us == INT64_MAX)
        return -1;
    return wait_us > 0 ? (int)((wait_us + 999) / 1000) : 0;
}

/* Waits for something to happen, until then at the longest, and notes it. */
static void turn(struct supervisor *s, int64_t until_us)
{
    struct pollfd fds[2 + SERVICES_MAX] = { { .fd = s->signals, .events = POLLIN },
                                            { .fd = prober_fd(s->stack.prober), .events = POLLIN } };
    int i;

    for (i = 0; i < s->slots_n; i++)
        fds[2 + i] = (struct pollfd){ .fd = s->slots[i].child.out, .events = POLLIN };
    if (poll(fds, (nfds_t)(2 + s->slots_n), wait_ms(until_us)) < 0)
        return; /* EINTR: a debugger; the next turn sees what there is */
    for (i = 0; i < s->slots_n; i++)
        if (fds[2 + i].revents)
            slot_read(&s->slots[i]);
    take_signals(s);
    take_answers(s);
    publish(s);
}

static int64_t next_due(const struct supervisor *s)
{
    int64_t due_us = INT64_MAX;
    int i;

    for (i = 0; i < s->slots_n; i++) {
        int64_t slot_us = slot_due_us(&s->slots[i]);

        if (slot_us < due_us)
            due_us = slot_us;
    }
    return due_us;
}

static void watch(struct supervisor *s)
{
    int i;

    while (!s->stop) {
        for (i = 0; i < s->slots_n; i++)
            slot_step(&s->slots[i], needs_ready(s, &s->slots[i]), kl_mono_us());
        advance(s);
        publish(s);
        if (!s->stop)
            turn(s, next_due(s));
    }
}

/* ---- stopping ---- */

static void stop_slot(struct supervisor *s, struct slot *slot, int64_t end_us)
{
    slot_term(slot, SIGTERM);
    while (slot->child.pid && kl_mono_us() < end_us && !s->hurry)
        turn(s, end_us);
    if (!slot->child.pid)
        return;
    if (!s->hurry)
        report_line(&s->report, MARK_BAD, "%s did not stop in time and is killed", slot->service->name);
    slot_term(slot, SIGKILL);
    while (slot->child.pid)
        turn(s, INT64_MAX);
}

static void stop_all(struct supervisor *s)
{
    int64_t start_us = kl_mono_us();
    char took[32];
    int i;

    s->phase = PHASE_STOPPING;
    stop_proving(s);
    report_line(&s->report, MARK_BUSY, "stopping");
    for (i = 0; i < s->slots_n; i++)
        s->slots[i].state = SLOT_STOPPED; /* what ends from here on is neither told nor started again */
    /* Each has its own bound; what the others left of theirs is for the first of the table: a Kafka with much to write
     * down takes longer to stop than all of them, and one that is killed takes longer to come back. */
    for (i = s->slots_n; i-- > 1;)
        stop_slot(s, &s->slots[i], kl_mono_us() + s->slots[i].service->stop_ms * 1000);
    stop_slot(s, &s->slots[0], start_us + STOP_ALL_MS * 1000);
    report_duration(kl_mono_us() - start_us, took, sizeof took);
    report_line(&s->report, MARK_GOOD, "stopped in %s; the data stays in %s", took, s->stack.conf->home);
}

/* ---- from nothing to the loop, and back ---- */

static enum kl_code open_signals(struct supervisor *s, struct kl_error *err)
{
    static const int numbers[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SUPERVISOR_UP };
    sigset_t set;
    size_t i;

    sigemptyset(&set);
    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaddset(&set, numbers[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN); /* whoever read our progress may leave; the stack runs on */
    s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals >= 0 ? KL_OK : kl_fail(err, KL_BROKEN, "no signalfd: %s", strerror(errno));
}

static enum kl_code check_ports(struct supervisor *s, struct kl_error *err)
{
    struct kl_buf complaints;
    enum kl_code code = KL_OK;

    kl_buf_init(&complaints, COMPLAINTS_MAX_BYTES);
    if (!ports_check(s->stack.conf, &complaints)) {
        report_quote(&s->report, complaints.data ? complaints.data : "", complaints.len);
        code = kl_fail(err, KL_CONFLICT, "not started: the ports above cannot be had");
    }
    kl_buf_fini(&complaints);
    return code;
}

/* The services say so too, each in its log; a person who mistyped sasl's name looks here. */
static void tell_unknown(const char *name, void *report)
{
    report_line(report, MARK_BAD, "%s is left out: neither kafkloud nor librdkafka knows it; is it misspelt?", name);
}

static enum kl_code begin(struct supervisor *s, pid_t parent, struct kl_error *err)
{
    const struct service *service;
    enum kl_code code = check_ports(s, err);

    if (code)
        return code;
    if (s->stack.conf->end_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        s->stop = getppid() != parent; /* it ended before prctl */
    }
    kl_kafka_unknown(stack_settings, tell_unknown, &s->report);
    code = prober_start(&s->stack.prober, s->stack.conf, err);
    for (service = services; !code && service->name; service++)
        code = slot_open(&s->slots[s->slots_n++], service, &s->stack, err);
    return code;
}

static void end(struct supervisor *s)
{
    int i;

    prober_stop(s->stack.prober);
    for (i = 0; i < s->slots_n; i++)
        slot_close(&s->slots[i]);
}

static int fail(struct supervisor *s, const struct kl_error *err)
{
    report_line(&s->report, MARK_BAD, "%s", err->text);
    return err->code == KL_CONFLICT ? KL_EXIT_PORT : err->code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_START;
}

/* The signals first: who sees our lock may send us SUPERVISOR_UP at once, and it would end us. */
static enum kl_code take_home(struct supervisor *s, struct kl_error *err)
{
    enum kl_code code = open_signals(s, err);

    return code ? code : home_lock(&s->home, err);
}

static int run_locked(struct supervisor *s, pid_t parent)
{
    struct kl_error err;

    report_line(&s->report, MARK_BUSY, "starting in %s", s->stack.conf->home);
    if (begin(s, parent, &err) != KL_OK)
        s->code = fail(s, &err);
    else {
        watch(s);
        stop_all(s);
    }
    end(s);
    return s->code;
}

int supervisor_run(const struct stack_conf *conf, FILE *screen, pid_t parent)
{
    struct supervisor s = { .stack = { .conf = conf, .home = &s.home, .report = &s.report }, .signals = -1, .first = true,
                            .report = { .screen = screen, .log = { .fd = -1 } }, .began_us = kl_mono_us() };
    struct kl_error err;
    int code;

    if (home_open(&s.home, conf->home, &err) != KL_OK)
        return fail(&s, &err);
    if (take_home(&s, &err) != KL_OK) {
        code = fail(&s, &err);
        report_line(&s.report, MARK_NONE, "`make down` stops it; KAFKLOUD_HOME=DIR starts another beside it, with ports of its own");
    } else {
        report_open(&s.report, screen, s.home.log);
        code = run_locked(&s, parent);
        report_close(&s.report);
    }
    home_close(&s.home);
    if (s.signals >= 0)
        close(s.signals);
    return code;
}
