/* control.c - see control.h. */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "home.h"
#include "logs.h"
#include "report.h"
#include "service.h"
#include "supervisor.h"

#define STOP_MS   12000 /* a stop takes 10 s at the longest; then we end it the hard way */
#define GLANCE_MS 50    /* between two looks at a state and a log that another process writes */

static int failed(const struct kl_error *err)
{
    fprintf(stderr, "%s\n", err->text);
    return err->code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_START;
}

static int nothing_runs(const struct stack_conf *conf)
{
    printf("nothing runs in %s\n", conf->home);
    return KL_EXIT_OK;
}

/* ---- up ---- */

/* The supervisor-to-be: no terminal, no stdin; what is said outside its log goes nowhere. */
static _Noreturn void become_supervisor(const struct stack_conf *conf)
{
    int null = open("/dev/null", O_RDWR);

    setsid();
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO)
        close(null);
    _exit(supervisor_run(conf, NULL, 0));
}

/* The state of this supervisor, not one that another left there when it was killed. */
static bool state_of(const struct home *h, pid_t pid, struct state *s)
{
    return home_read_state(h, s) && s->supervisor == pid;
}

/* *code: what to exit with. */
static bool settled(const struct home *h, pid_t pid, unsigned round_before, int *code)
{
    struct state s;

    if (!state_of(h, pid, &s) || s.round == round_before || s.phase == PHASE_STARTING)
        return false;
    *code = s.phase == PHASE_UP ? KL_EXIT_OK : KL_EXIT_START;
    return true;
}

/* Shows what comes into the supervisor's log until its start has settled, or it has ended. */
static int follow_start(struct home *h, int64_t log_from, unsigned round_before, pid_t pid, int supervisor)
{
    struct pollfd end = { .fd = supervisor, .events = POLLIN };
    int code = KL_EXIT_START;
    bool over, ended;

    do {
        ended = poll(&end, 1, GLANCE_MS) > 0;
        over = settled(h, pid, round_before, &code);
        log_from = logs_show(h->log, STACK_LOG, log_from, KL_TIME_TEXT, "");
    } while (!over && !ended);
    return code;
}

static int up_again(const struct stack_conf *conf, struct home *h, pid_t pid, int supervisor)
{
    int64_t from = logs_size(h->log, STACK_LOG);
    struct state s;

    printf("a stack runs in %s (process %d); starting what is down\n", conf->home, (int)pid);
    fflush(stdout);
    if (!state_of(h, pid, &s))
        s.round = 0;
    if (pidfd_send_signal(supervisor, SUPERVISOR_UP, NULL, 0) != 0)
        return nothing_runs(conf);
    return follow_start(h, from, s.round, pid, supervisor);
}

static int up_new(const struct stack_conf *conf, struct home *h)
{
    int64_t from = logs_size(h->log, STACK_LOG);
    pid_t pid;
    int supervisor, status, code;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        become_supervisor(conf);
    supervisor = pid < 0 ? -1 : pidfd_open(pid, 0);
    if (supervisor < 0) {
        fprintf(stderr, "no new process: %s\n", strerror(errno));
        return KL_EXIT_START;
    }
    code = follow_start(h, from, 0, pid, supervisor);
    close(supervisor);
    if (waitpid(pid, &status, WNOHANG) == pid)
        return WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : KL_EXIT_START;
    printf("it runs in the background: make ps, make logs, make down\n");
    return code;
}

/* false: nothing runs here. */
static bool up_running(const struct stack_conf *conf, struct home *h, int *code)
{
    pid_t pid = home_holder(h);
    int supervisor = pid ? pidfd_open(pid, 0) : -1;

    if (supervisor < 0)
        return false;
    *code = up_again(conf, h, pid, supervisor);
    close(supervisor);
    return true;
}

int control_up(const struct stack_conf *conf)
{
    struct home h;
    struct kl_error err;
    int code;

    if (home_open(&h, conf->home, &err) != KL_OK)
        return failed(&err);
    if (!up_running(conf, &h, &code)) {
        code = up_new(conf, &h);
        if (code == KL_EXIT_PORT)
            up_running(conf, &h, &code); /* another `up` was quicker: that one's stack is ours, too */
    }
    home_close(&h);
    return code;
}

/* ---- down ---- */

static bool ended_within(int process, int64_t ms)
{
    struct pollfd end = { .fd = process, .events = POLLIN };

    return poll(&end, 1, (int)ms) > 0;
}

static int stop(const struct home *h, int supervisor)
{
    int64_t start_us = kl_mono_us();
    int64_t from = logs_size(h->log, STACK_LOG);
    char took[32];

    pidfd_send_signal(supervisor, SIGTERM, NULL, 0);
    if (!ended_within(supervisor, STOP_MS)) {
        fprintf(stderr, "it did not stop within %d s and is killed, with all it started\n", STOP_MS / 1000);
        pidfd_send_signal(supervisor, SIGKILL, NULL, 0);
        return ended_within(supervisor, STOP_MS) ? KL_EXIT_OK : KL_EXIT_START;
    }
    logs_show(h->log, STACK_LOG, from, KL_TIME_TEXT, "");
    report_duration(kl_mono_us() - start_us, took, sizeof took);
    printf("down after %s\n", took);
    return KL_EXIT_OK;
}

int control_down(const struct stack_conf *conf)
{
    struct home h;
    struct kl_error err;
    int supervisor, code;
    pid_t pid;

    if (home_find(&h, conf->home, &err) != KL_OK)
        return err.code == KL_NOT_FOUND ? nothing_runs(conf) : failed(&err);
    pid = home_holder(&h);
    supervisor = pid ? pidfd_open(pid, 0) : -1;
    if (supervisor < 0)
        code = nothing_runs(conf);
    else {
        code = stop(&h, supervisor);
        close(supervisor);
    }
    home_close(&h);
    return code;
}

/* ---- ps, logs ---- */

int control_ps(const struct stack_conf *conf)
{
    struct home h;
    struct state s;
    struct kl_error err;

    if (home_find(&h, conf->home, &err) != KL_OK)
        return err.code == KL_NOT_FOUND ? nothing_runs(conf) : failed(&err);
    if (state_of(&h, home_holder(&h), &s))
        report_table(stdout, &s, conf);
    else
        nothing_runs(conf);
    home_close(&h);
    return KL_EXIT_OK;
}

int control_logs(const struct stack_conf *conf)
{
    struct home h;
    struct kl_error err;
    int code;

    if (home_find(&h, conf->home, &err) != KL_OK)
        return failed(&err);
    code = logs_print(&h, conf->service, conf->lines, conf->follow, &err) == KL_OK ? KL_EXIT_OK : failed(&err);
    home_close(&h);
    return code;
}
