/* The supervisor as a process, over services that behave as a test wants (test_fakes.h). */
#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "home.h"
#include "service.h"
#include "test.h"
#include "test_fakes.h"
#include "test_stack.h"

/* ---- what is said, and what is so ---- */

struct said { const char *file, *text; };
static bool is_said(void *ctx)
{
    const struct said *s = ctx;

    return strstr(text_of(fakes_directory(), s->file), s->text) != NULL;
}

static bool said(const char *file, const char *text)
{
    struct said s = { file, text };

    if (is_said(&s))
        return true;
    printf("\n    not said in %s: %s\n%s\n", file, text, text_of(fakes_directory(), file));
    return false;
}

static bool comes(const char *file, const char *text)
{
    struct said s = { file, text };

    return until(is_said, &s) || said(file, text);
}

static struct slot_view view_of(const char *service)
{
    struct slot_view v = { .state = SLOT_STATES };
    char path[PATH_MAX];
    struct state s;
    struct home h;
    int i;

    snprintf(path, sizeof path, "%s/home", fakes_directory());
    if (home_find(&h, path, NULL) != KL_OK)
        return v;
    if (home_read_state(&h, &s))
        for (i = 0; i < s.slots_n; i++)
            if (strcmp(s.slots[i].name, service) == 0)
                v = s.slots[i];
    home_close(&h);
    return v;
}

struct wanted { const char *service; enum slot_state state; size_t restarts; };
static bool is_so(void *ctx)
{
    const struct wanted *w = ctx;
    struct slot_view v = view_of(w->service);

    return v.state == w->state && v.restarts >= w->restarts;
}

static bool becomes(const char *service, enum slot_state state, size_t restarts)
{
    struct wanted w = { service, state, restarts };

    return until(is_so, &w);
}

/* Where the test has made itself the one who inherits orphans: their end is seen at once. */
static bool is_gone(void *pid)
{
    waitpid(*(pid_t *)pid, NULL, WNOHANG);
    return kill(*(pid_t *)pid, 0) != 0 && errno == ESRCH;
}

static pid_t start_run(void)
{
    pid_t pid = fakes_start("run");

    CU_ASSERT_FATAL(comes("run.out", "up after"));
    return pid;
}

static void stop_run(pid_t pid)
{
    kill(pid, SIGINT);
    CU_ASSERT_EQUAL(fakes_wait(pid), KL_EXIT_OK);
    CU_ASSERT(said("run.out", "stopped in"));
}

/* ---- starting and stopping ---- */

static void a_start_ends_with_a_proven_roundtrip_and_where_everything_is(void)
{
    char portal[64];
    pid_t pid;

    fakes_begin();
    pid = start_run();
    CU_ASSERT(said("run.out", "\nroundtrip ok in "));
    snprintf(portal, sizeof portal, "portal     http://127.0.0.1:%s/\n", getenv("PORTAL_PORT"));
    CU_ASSERT(said("run.out", portal));
    CU_ASSERT(said("run.out", getenv("KAFKA_BOOTSTRAP_SERVERS")));
    stop_run(pid);
    fakes_end();
}

static void a_stop_is_in_the_reverse_order_of_the_start(void)
{
    fakes_begin();
    stop_run(start_run());
    CU_ASSERT_STRING_EQUAL(text_of(fakes_directory(), "stopped"), "portal seer steward consumer producer ");
    CU_ASSERT_STRING_EQUAL(text_of(fakes_directory(), "home/run/stack.lock"), "");
    CU_ASSERT_EQUAL(view_of("portal").state, SLOT_STATES); /* no state is left */
    fakes_end();
}

static void a_service_that_ignores_sigterm_is_killed_at_its_bound(void)
{
    int64_t start_us;
    pid_t pid;

    fakes_begin();
    fakes_behave("portal", "stubborn");
    pid = start_run();
    start_us = kl_mono_us();
    stop_run(pid);
    CU_ASSERT(kl_mono_us() - start_us < 10 * INT64_C(1000000));
    CU_ASSERT(said("run.out", "portal did not stop in time and is killed"));
    CU_ASSERT_STRING_EQUAL(text_of(fakes_directory(), "stopped"), "seer steward consumer producer "); /* they had their turn all the same */
    fakes_end();
}

static void a_second_interrupt_waits_for_nobody(void)
{
    struct said stopping = { "run.out", "stopping" };
    pid_t pid;

    fakes_begin();
    fakes_behave("portal", "stubborn");
    pid = start_run();
    kill(pid, SIGINT);
    CU_ASSERT(until(is_said, &stopping));
    stop_run(pid);
    CU_ASSERT_PTR_NULL(strstr(text_of(fakes_directory(), "run.out"), "did not stop"));
    fakes_end();
}

static void a_second_sigterm_changes_nothing(void)
{
    struct said stopping = { "run.out", "stopping" };
    pid_t pid;

    fakes_begin();
    fakes_behave("portal", "stubborn");
    pid = start_run();
    kill(pid, SIGTERM);
    CU_ASSERT(until(is_said, &stopping));
    kill(pid, SIGTERM);
    CU_ASSERT_EQUAL(fakes_wait(pid), KL_EXIT_OK);
    CU_ASSERT(said("run.out", "portal did not stop in time")); /* it had its time */
    fakes_end();
}

static void a_busy_producer_is_asked_again_until_the_roundtrip_is_made(void)
{
    fakes_begin();
    fakes_behave("producer", "busy");
    stop_run(start_run());
    CU_ASSERT(said("run.out", "roundtrip ok in "));
    fakes_end();
}

static void a_second_stack_in_the_same_home_is_told_who_runs_there(void)
{
    char who[64];
    pid_t pid;

    fakes_begin();
    pid = fakes_start("up");
    CU_ASSERT_EQUAL(fakes_wait(pid), KL_EXIT_OK);
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_PORT);
    snprintf(who, sizeof who, "a stack runs here already, process ");
    CU_ASSERT(said("run.out", who));
    CU_ASSERT_EQUAL(fakes_run("down"), KL_EXIT_OK);
    fakes_end();
}

static void ports_are_looked_at_before_anything_starts(void)
{
    fakes_begin();
    setenv("PORTAL_PORT", getenv("PRODUCER_PORT"), 1);
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_PORT);
    CU_ASSERT(said("run.out", "PRODUCER_PORT and PORTAL_PORT are both"));
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_PORT);
    CU_ASSERT(said("up.out", "PRODUCER_PORT and PORTAL_PORT are both"));
    fakes_end();
}

static void a_misspelt_property_of_kafka_is_told_where_one_looks(void)
{
    fakes_begin();
    setenv("KAFKA_SECURITY_PROTOCL", "SASL_SSL", 1);
    stop_run(start_run());
    unsetenv("KAFKA_SECURITY_PROTOCL");
    CU_ASSERT(said("run.out", "KAFKA_SECURITY_PROTOCL is left out: neither kafkloud nor librdkafka knows it"));
    fakes_end();
}

static void an_address_of_kafka_that_is_none_is_a_wrong_setting(void)
{
    fakes_begin();
    setenv("KAFKA_BOOTSTRAP_SERVERS", "foo:bar", 1);
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_SETTING);
    CU_ASSERT(said("run.out", "KAFKA_BOOTSTRAP_SERVERS: \"foo:bar\" is not host:port"));
    fakes_end();
}

static void a_property_that_may_not_be_set_is_a_wrong_setting(void)
{
    fakes_begin();
    setenv("KAFKA_ACKS", "1", 1);
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_SETTING);
    unsetenv("KAFKA_ACKS");
    CU_ASSERT(said("run.out", "KAFKA_ACKS may not be set"));
    fakes_end();
}

/* The whole way, with the real clock: it takes the portal's ten seconds, and the rest has a deadline of its own. */
static void a_stack_with_an_unready_service_runs_and_says_so(void)
{
    pid_t up;

    fakes_begin();
    fakes_behave("portal", "unready");
    up = fakes_start("up");
    CU_ASSERT(comes("up.out", "portal runs, but is not ready: page: none is built"));
    CU_ASSERT_EQUAL(fakes_wait(up), KL_EXIT_START);
    CU_ASSERT(said("up.out", "roundtrip ok in "));
    CU_ASSERT(said("up.out", "it runs in the background"));
    CU_ASSERT_EQUAL(view_of("portal").state, SLOT_UNREADY);
    CU_ASSERT_EQUAL(view_of("portal").restarts, 0);
    CU_ASSERT_EQUAL(fakes_run("ps"), KL_EXIT_OK);
    CU_ASSERT(said("ps.out", "portal     unready"));
    CU_ASSERT(said("ps.out", "\nportal is not ready: page: none is built\n"));
    fakes_behave("portal", "");
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_OK);
    CU_ASSERT_EQUAL(fakes_run("down"), KL_EXIT_OK);
    fakes_end();
}

/* ---- dying ---- */

static void a_service_that_dies_is_told_of_and_started_again(void)
{
    pid_t pid;

    fakes_begin();
    pid = start_run();
    kill(view_of("consumer").pid, SIGKILL);
    CU_ASSERT(becomes("consumer", SLOT_READY, 1));
    CU_ASSERT(said("run.out", "consumer died: killed by signal 9 (Killed)"));
    CU_ASSERT(said("run.out", "    | consumer starts\n"));
    CU_ASSERT_EQUAL(view_of("producer").restarts, 0);
    stop_run(pid);
    fakes_end();
}

static void a_service_that_dies_at_each_start_is_left_down_and_ends_the_first_start(void)
{
    fakes_begin();
    fakes_behave("portal", "die");
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_START);
    CU_ASSERT(said("run.out", "portal died: exited with 7"));
    CU_ASSERT(said("run.out", "    | portal has a reason\n"));
    CU_ASSERT(said("run.out", "portal is left down (it died too often)"));
    CU_ASSERT(said("run.out", "kafkloud did not come up"));
    fakes_end();
}

static void a_wrong_setting_is_not_tried_again(void)
{
    fakes_begin();
    fakes_behave("consumer", "setting");
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_START);
    CU_ASSERT(said("run.out", "consumer is left down (starting it again would not help)"));
    CU_ASSERT_PTR_NULL(strstr(text_of(fakes_directory(), "run.out"), "started again"));
    fakes_end();
}

static void a_program_that_is_missing_is_named(void)
{
    char path[PATH_MAX];

    fakes_begin();
    snprintf(path, sizeof path, "%s/bin/kafkloud-portal", fakes_directory());
    unlink(path);
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_START);
    CU_ASSERT(said("run.out", "bin/kafkloud-portal: No such file or directory"));
    fakes_end();
}

static void what_needs_a_service_that_is_down_is_not_started(void)
{
    fakes_begin();
    unsetenv("KAFKA_BOOTSTRAP_SERVERS"); /* then the streamer is ours, and its script is missing */
    CU_ASSERT_EQUAL(fakes_run("run"), KL_EXIT_START);
    CU_ASSERT(said("run.out", "streamer/streamer: No such file"));
    CU_ASSERT(said("run.out", "consumer was not started: it needs the streamer"));
    fakes_end();
}

static void a_kill_of_the_supervisor_leaves_no_service(void)
{
    pid_t pids[3];
    pid_t pid;
    int i;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    fakes_begin();
    pid = start_run();
    pids[0] = view_of("producer").pid;
    pids[1] = view_of("consumer").pid;
    pids[2] = view_of("portal").pid;
    kill(pid, SIGKILL);
    CU_ASSERT_EQUAL(fakes_wait(pid), -1);
    for (i = 0; i < 3; i++)
        CU_ASSERT(pids[i] > 0 && until(is_gone, &pids[i]));
    stop_run(start_run()); /* and nothing stale is in the way */
    fakes_end();
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static void a_stack_may_end_with_the_process_that_started_it(void)
{
    struct said stopped = { "run.out", "stopped in" };
    pid_t parent;

    fakes_begin();
    setenv("END_WITH_PARENT", "yes", 1);
    fflush(NULL);
    parent = fork();
    if (parent == 0) {
        fakes_start("run");
        pause();
    }
    CU_ASSERT(comes("run.out", "up after"));
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    CU_ASSERT(until(is_said, &stopped));
    fakes_end();
}

/* Its CPU time as of the last look, and for how many looks it has taken less than a tenth of the time between them: one alone
 * may be the scheduler's doing, and the thread sanitizer has a thread of its own that wakes now and then. */
struct rest { clockid_t clock; int64_t cpu_us, wall_us; int looks; };
static bool has_rested(void *ctx)
{
    struct rest *r = ctx;
    struct timespec now;
    int64_t cpu_us, wall_us = kl_mono_us();

    clock_gettime(r->clock, &now);
    cpu_us = now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
    r->looks = (cpu_us - r->cpu_us) * 10 < wall_us - r->wall_us ? r->looks + 1 : 0;
    r->cpu_us = cpu_us;
    r->wall_us = wall_us;
    return r->looks == 20;
}

static void a_supervisor_with_nothing_to_do_takes_no_time(void)
{
    struct rest r = { .looks = 0 };
    pid_t pid;

    fakes_begin();
    pid = start_run();
    CU_ASSERT_EQUAL_FATAL(clock_getcpuclockid(pid, &r.clock), 0);
    CU_ASSERT(until(has_rested, &r));
    stop_run(pid);
    fakes_end();
}

/* ---- in the background ---- */

static void up_starts_in_the_background_and_down_stops_it(void)
{
    fakes_begin();
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_OK);
    CU_ASSERT(said("up.out", "roundtrip ok in "));
    CU_ASSERT_PTR_NULL(strstr(text_of(fakes_directory(), "up.out"), "Ctrl-C")); /* it would end nothing here */
    CU_ASSERT_EQUAL(fakes_run("ps"), KL_EXIT_OK);
    CU_ASSERT(said("ps.out", "consumer   ready"));
    CU_ASSERT_EQUAL(fakes_run("logs"), KL_EXIT_OK);
    CU_ASSERT(said("logs.out", "portal   | portal starts\n"));
    CU_ASSERT_EQUAL(fakes_run("down"), KL_EXIT_OK);
    CU_ASSERT(said("down.out", "down after"));
    CU_ASSERT_EQUAL(fakes_run("down"), KL_EXIT_OK);
    CU_ASSERT(said("down.out", "nothing runs in"));
    CU_ASSERT_EQUAL(fakes_run("ps"), KL_EXIT_OK);
    CU_ASSERT(said("ps.out", "nothing runs in"));
    fakes_end();
}

static void of_many_ups_at_once_one_starts_and_the_others_wait_for_it(void)
{
    pid_t ups[6];
    size_t i;

    fakes_begin();
    for (i = 0; i < sizeof ups / sizeof ups[0]; i++)
        ups[i] = fakes_start("up");
    for (i = 0; i < sizeof ups / sizeof ups[0]; i++)
        CU_ASSERT_EQUAL(fakes_wait(ups[i]), KL_EXIT_OK);
    CU_ASSERT_EQUAL(view_of("portal").state, SLOT_READY);
    CU_ASSERT_EQUAL(view_of("portal").restarts, 0);
    CU_ASSERT_EQUAL(fakes_run("down"), KL_EXIT_OK);
    fakes_end();
}

static void up_starts_what_is_down_and_leaves_alone_what_runs(void)
{
    struct slot_view producer;

    fakes_begin();
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_OK);
    producer = view_of("producer");
    fakes_behave("portal", "setting");
    kill(view_of("portal").pid, SIGKILL);
    CU_ASSERT(becomes("portal", SLOT_DOWN, 1));
    CU_ASSERT_EQUAL(view_of("consumer").state, SLOT_READY);
    fakes_behave("portal", "");
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_OK);
    CU_ASSERT(said("up.out", "roundtrip ok in "));
    CU_ASSERT_EQUAL(view_of("portal").state, SLOT_READY);
    CU_ASSERT_EQUAL(view_of("producer").pid, producer.pid);
    CU_ASSERT_EQUAL(fakes_run("down"), KL_EXIT_OK);
    fakes_end();
}

static void up_beside_a_run_does_not_tell_of_the_other_terminals_ctrl_c(void)
{
    pid_t pid;

    fakes_begin();
    pid = start_run();
    CU_ASSERT(comes("run.out", "\nCtrl-C stops it, the data stays\n"));
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_OK);
    CU_ASSERT(said("up.out", "up after"));
    CU_ASSERT_PTR_NULL(strstr(text_of(fakes_directory(), "up.out"), "Ctrl-C"));
    stop_run(pid);
    fakes_end();
}

static void up_says_that_nothing_came_up(void)
{
    fakes_begin();
    fakes_behave("producer", "setting");
    CU_ASSERT_EQUAL(fakes_run("up"), KL_EXIT_START);
    CU_ASSERT(said("up.out", "producer died: exited with 64"));
    CU_ASSERT(said("up.out", "stopped in"));
    CU_ASSERT_EQUAL(fakes_run("ps"), KL_EXIT_OK);
    CU_ASSERT(said("ps.out", "nothing runs in"));
    fakes_end();
}

KL_TESTS("supervisor", T(a_start_ends_with_a_proven_roundtrip_and_where_everything_is), T(a_stop_is_in_the_reverse_order_of_the_start),
         T(a_service_that_ignores_sigterm_is_killed_at_its_bound), T(a_second_interrupt_waits_for_nobody), T(a_second_sigterm_changes_nothing),
         T(a_busy_producer_is_asked_again_until_the_roundtrip_is_made), T(a_second_stack_in_the_same_home_is_told_who_runs_there),
         T(ports_are_looked_at_before_anything_starts), T(a_misspelt_property_of_kafka_is_told_where_one_looks),
         T(an_address_of_kafka_that_is_none_is_a_wrong_setting), T(a_property_that_may_not_be_set_is_a_wrong_setting),
         T(a_stack_with_an_unready_service_runs_and_says_so), T(a_service_that_dies_is_told_of_and_started_again),
         T(a_service_that_dies_at_each_start_is_left_down_and_ends_the_first_start), T(a_wrong_setting_is_not_tried_again),
         T(a_program_that_is_missing_is_named), T(what_needs_a_service_that_is_down_is_not_started), T(a_kill_of_the_supervisor_leaves_no_service),
         T(a_stack_may_end_with_the_process_that_started_it), T(a_supervisor_with_nothing_to_do_takes_no_time),
         T(up_starts_in_the_background_and_down_stops_it), T(of_many_ups_at_once_one_starts_and_the_others_wait_for_it),
         T(up_starts_what_is_down_and_leaves_alone_what_runs), T(up_beside_a_run_does_not_tell_of_the_other_terminals_ctrl_c),
         T(up_says_that_nothing_came_up))
