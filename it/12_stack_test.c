/* The two commands as a person types them: make run, make up, ps, down; two stacks side by side; nothing left behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "it.h"

#define START_MS        90000
#define SECOND_START_MS 15000
#define STOP_MS         10000

static struct it_world w; /* its folder, and ports for two stacks */

struct stack { char home[192]; int ports[6]; }; /* kafka producer consumer steward portal seer */
static struct stack one, two;

static void stack_init(struct stack *s, const char *name)
{
    snprintf(s->home, sizeof s->home, "%s/%s", w.dir, name);
    for (int i = 0; i < 6; i++)
        s->ports[i] = it_free_port();
}

static int begin(void)
{
    it_begin(&w, 0);
    stack_init(&one, "one");
    stack_init(&two, "two");
    return 0;
}
static int end(void) { return it_end(&w); }

/* ---- make ---- */
static pid_t make(const struct stack *s, const char *target, const char *more)
{
    char env[8][256], out[256];
    pid_t pid;
    int fd;

    snprintf(out, sizeof out, "%s.%s.out", s->home, target);
    unlink(out); /* what an earlier one said is not this one's */
    pid = fork();
    if (pid)
        return pid;
    setsid(); /* a terminal's foreground group of its own */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(fd, 1);
    dup2(fd, 2);
    snprintf(env[0], sizeof env[0], "KAFKLOUD_HOME=%s", s->home);
    snprintf(env[1], sizeof env[1], "KAFKA_PORT=%d", s->ports[0]);
    snprintf(env[2], sizeof env[2], "PRODUCER_PORT=%d", s->ports[1]);
    snprintf(env[3], sizeof env[3], "CONSUMER_PORT=%d", s->ports[2]);
    snprintf(env[4], sizeof env[4], "STEWARD_PORT=%d", s->ports[3]);
    snprintf(env[5], sizeof env[5], "PORTAL_PORT=%d", s->ports[4]);
    snprintf(env[6], sizeof env[6], "SEER_PORT=%d", s->ports[5]);
    for (int i = 0; i < 7; i++)
        putenv(env[i]);
    unsetenv("MAKEFLAGS"); /* this is a person's make, not a part of ours */
    unsetenv("MAKELEVEL");
    unsetenv("MFLAGS");
    if (more)
        putenv(strdup(more));
    execlp("make", "make", "-s", "--no-print-directory", "-C", getenv("IT_ROOT"), target, NULL);
    _exit(127);
}

static char *output_of(const struct stack *s, const char *target)
{
    static char text[65536];
    char path[256];
    FILE *f;
    size_t n;

    snprintf(path, sizeof path, "%s.%s.out", s->home, target);
    f = fopen(path, "r");
    n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    return text;
}

static int64_t waited_ms(pid_t pid, int64_t deadline_ms, int *status)
{
    int64_t start = kl_mono_us();

    while (waitpid(pid, status, WNOHANG) == 0) {
        if (kl_mono_us() - start > deadline_ms * 1000) {
            kill(-pid, SIGKILL);
            waitpid(pid, status, 0);
            return INT64_MAX;
        }
        kl_sleep_ms(10);
    }
    return (kl_mono_us() - start) / 1000;
}

static int run_target(const struct stack *s, const char *target)
{
    int status = -1;

    waited_ms(make(s, target, NULL), START_MS, &status);
    if (status != 0)
        printf("    make %s ended with status %d:\n%s\n", target, status, output_of(s, target));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct said { const struct stack *s; const char *target, *text; };
static bool has_said(void *ctx)
{
    struct said *said = ctx;
    return strstr(output_of(said->s, said->target), said->text) != NULL;
}
static bool says(const struct stack *s, const char *target, const char *text, int64_t deadline_ms)
{
    struct said said = { s, target, text };
    bool yes = it_until(deadline_ms, has_said, &said);

    if (!yes)
        printf("    no \"%s\" in:\n%s\n", text, output_of(s, target));
    return yes;
}

/* The pid of a service, from `make ps`; 0: not running. */
static pid_t pid_of(const struct stack *s, const char *service)
{
    char *line;

    run_target(s, "ps");
    line = strstr(output_of(s, "ps"), service);
    return line ? (pid_t)strtol(line + strcspn(line, "0123456789\n"), NULL, 10) : 0;
}

static bool answers(const struct stack *s)
{
    struct it_process producer = { .name = "producer", .port = s->ports[1] }, consumer = { .name = "consumer", .port = s->ports[2] };
    struct it_answer made = it_post(&producer, "hello", "/produce/%s/k", "stack-test"), seen;
    bool ok;

    seen = it_get(&consumer, "/status/%s?wait=consumed&timeout_ms=10000", it_text(&made, "id"));
    ok = made.status == 200 && seen.status == 200;
    it_answer_free(&made);
    it_answer_free(&seen);
    return ok;
}

static bool is_free(const struct stack *s)
{
    struct it_process p = { .name = "any" };
    bool free_ = true;

    for (int i = 1; i < 6; i++) {
        struct it_answer a;
        p.port = s->ports[i];
        a = it_get(&p, "/livez");
        free_ = free_ && a.status == 0;
        it_answer_free(&a);
    }
    return free_;
}

/* ---- scenarios ---- */
static void make_run_ends_its_start_with_a_proven_roundtrip_and_ctrl_c_leaves_nothing(void)
{
    pid_t pid = make(&one, "run", NULL);
    int status;

    CU_ASSERT_FATAL(says(&one, "run", "roundtrip ok in ", START_MS));
    CU_ASSERT(answers(&one));
    kill(-pid, SIGINT); /* what a terminal does */
    CU_ASSERT(waited_ms(pid, STOP_MS, &status) <= STOP_MS);
    CU_ASSERT(kill(-pid, 0) == -1 && errno == ESRCH); /* the whole session has ended */
    CU_ASSERT(is_free(&one));
}

static void a_second_run_keeps_the_data_and_is_there_in_fifteen_seconds(void)
{
    struct it_process consumer = { .name = "consumer", .port = one.ports[2] };
    int64_t start = kl_mono_us();
    pid_t pid = make(&one, "run", NULL);
    struct it_answer a;
    int status;

    CU_ASSERT_FATAL(says(&one, "run", "roundtrip ok in ", SECOND_START_MS));
    printf("    second run: roundtrip after %lld ms\n", (long long)(kl_mono_us() - start) / 1000);
    a = it_get(&consumer, "/receipts?topic=stack-test");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(a.json, "receipts")), 1);
    it_answer_free(&a);
    kill(pid, SIGTERM); /* make itself, not the group */
    CU_ASSERT(waited_ms(pid, STOP_MS, &status) <= STOP_MS);
    CU_ASSERT(it_until(STOP_MS, (bool (*)(void *))is_free, &one));
}

struct restarted { pid_t old; pid_t now; };
static bool has_restarted(void *ctx)
{
    struct restarted *r = ctx;

    r->now = pid_of(&one, "consumer");
    return r->now > 0 && r->now != r->old && answers(&one);
}

static void make_up_runs_two_stacks_side_by_side_and_starts_what_died(void)
{
    struct restarted r = { 0 };
    pid_t producer;

    CU_ASSERT_EQUAL(run_target(&one, "up"), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(output_of(&one, "up"), "roundtrip ok in "));
    CU_ASSERT_EQUAL(run_target(&two, "up"), 0);
    CU_ASSERT(answers(&one));
    CU_ASSERT(answers(&two));

    r.old = pid_of(&one, "consumer");
    producer = pid_of(&one, "producer");
    CU_ASSERT_FATAL(r.old > 0);
    kill(r.old, SIGKILL);
    CU_ASSERT_EQUAL(run_target(&one, "up"), 0);
    CU_ASSERT(it_until(30000, has_restarted, &r));
    CU_ASSERT_EQUAL(pid_of(&one, "producer"), producer); /* one that runs is left alone */

    CU_ASSERT_EQUAL(run_target(&one, "down"), 0);
    CU_ASSERT(is_free(&one));
    CU_ASSERT(answers(&two));
    CU_ASSERT_EQUAL(run_target(&two, "down"), 0);
    CU_ASSERT(is_free(&two));
}

static void a_child_that_dies_is_named_with_its_last_lines_and_started_again(void)
{
    struct restarted r = { 0 };
    pid_t pid = make(&one, "run", NULL);
    int status;

    CU_ASSERT_FATAL(says(&one, "run", "roundtrip ok in ", START_MS));
    r.old = pid_of(&one, "consumer");
    kill(r.old, SIGKILL);
    CU_ASSERT(it_until(30000, has_restarted, &r));
    CU_ASSERT_PTR_NOT_NULL(strstr(output_of(&one, "run"), "consumer"));
    CU_ASSERT_PTR_NOT_NULL(strstr(output_of(&one, "run"), "    | ")); /* its last lines */
    kill(-pid, SIGINT);
    CU_ASSERT(waited_ms(pid, STOP_MS, &status) <= STOP_MS);
}

static void another_cluster_is_used_and_no_streamer_started(void)
{
    const char *shared = getenv("IT_KAFKA");
    char setting[128];
    pid_t pid;
    int status;

    CU_ASSERT_PTR_NOT_NULL_FATAL(shared);
    snprintf(setting, sizeof setting, "KAFKA_BOOTSTRAP_SERVERS=%s", shared);
    pid = make(&two, "run", setting);
    CU_ASSERT_FATAL(says(&two, "run", "roundtrip ok in ", START_MS));
    CU_ASSERT_EQUAL(pid_of(&two, "streamer"), 0);
    kill(-pid, SIGINT);
    CU_ASSERT(waited_ms(pid, STOP_MS, &status) <= STOP_MS);
}

/* The script as a person runs it, without the stack. */
static pid_t streamer(const struct stack *s, const char *port)
{
    char out[256], script[256];
    pid_t pid = fork();

    if (pid)
        return pid;
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    snprintf(out, sizeof out, "%s.streamer.out", s->home);
    dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
    snprintf(script, sizeof script, "%s/streamer/streamer", getenv("IT_ROOT"));
    execl(script, script, "run", "--home", s->home, "--port", port, (char *)NULL);
    _exit(127);
}

static void a_streamer_on_a_taken_port_says_which_and_how_to_choose_another(void)
{
    const char *taken = strrchr(getenv("IT_KAFKA"), ':') + 1;
    char wanted[128];
    int status;

    waited_ms(streamer(&two, taken), START_MS, &status);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    snprintf(wanted, sizeof wanted, "streamer: port %s is taken; choose another with --port PORT or KAFKA_PORT=PORT\n", taken);
    CU_ASSERT_STRING_EQUAL(output_of(&two, "streamer"), wanted);
}

KL_TESTS_WITH("stack", begin, end, T(make_run_ends_its_start_with_a_proven_roundtrip_and_ctrl_c_leaves_nothing),
              T(a_second_run_keeps_the_data_and_is_there_in_fifteen_seconds), T(make_up_runs_two_stacks_side_by_side_and_starts_what_died),
              T(a_child_that_dies_is_named_with_its_last_lines_and_started_again), T(another_cluster_is_used_and_no_streamer_started),
              T(a_streamer_on_a_taken_port_says_which_and_how_to_choose_another))
