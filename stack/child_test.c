#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "test.h"
#include "test_stack.h"

static struct child shell(const char *script)
{
    char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)script, NULL };
    char *env[] = { (char *)"PATH=/usr/bin:/bin", (char *)"COLOUR=blue", NULL };
    struct kl_error err;
    struct child c;

    CU_ASSERT_EQUAL_FATAL(child_spawn(&c, argv, env, &err), KL_OK);
    return c;
}

/* What it says until it closes its output. */
static const char *output(struct child *c)
{
    static char text[4096];
    struct pollfd readable = { .fd = c->out, .events = POLLIN };
    size_t len = 0;
    ssize_t n = 1;

    while (n != 0 && poll(&readable, 1, DEADLINE_MS) > 0) {
        n = read(c->out, text + len, sizeof text - 1 - len);
        len += n > 0 ? (size_t)n : 0;
    }
    text[len] = '\0';
    return text;
}

static int status;
static bool has_ended(void *c) { return child_ended(c, &status); }

static void finish(struct child *c)
{
    CU_ASSERT_FATAL(until(has_ended, c));
    child_close(c);
}

static void a_child_has_the_environment_it_was_given_and_no_other(void)
{
    struct child c = shell("echo $COLOUR $HOME; echo and errors >&2");

    CU_ASSERT_STRING_EQUAL(output(&c), "blue\nand errors\n");
    finish(&c);
    CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

static void a_child_has_no_file_that_its_parent_has_open(void)
{
    int open[2];
    struct child c;

    CU_ASSERT_EQUAL_FATAL(pipe(open), 0);
    c = shell("ls /proc/self/fd | tail -n +4"); /* its own three, and ls's directory, which is not there by then */
    close(open[1]);
    CU_ASSERT_PTR_NULL(strpbrk(output(&c), "456789"));
    close(open[0]);
    finish(&c);
}

static void a_program_that_is_not_there_is_an_error_with_its_name(void)
{
    char *argv[] = { (char *)"/no/such/program", NULL };
    char *env[] = { NULL };
    struct kl_error err;
    struct child c;

    CU_ASSERT_EQUAL(child_spawn(&c, argv, env, &err), KL_NOT_FOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/no/such/program: No such file"));
    CU_ASSERT_EQUAL(c.pid, 0);
    CU_ASSERT_EQUAL(c.out, -1);
}

static void a_child_leads_a_group_of_its_own(void)
{
    struct child c = shell("exec sleep 100");

    CU_ASSERT_EQUAL(getpgid(c.pid), c.pid);
    child_signal(&c, SIGTERM);
    finish(&c);
    CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

/* Who is left without a parent becomes ours, so that its end is seen at once, not when init gets round to it. */
static bool group_is_gone(void *pid)
{
    waitpid(-*(pid_t *)pid, NULL, WNOHANG);
    return kill(-*(pid_t *)pid, 0) == -1 && errno == ESRCH;
}

static void what_a_child_leaves_behind_in_its_group_is_killed_with_it(void)
{
    struct child c;
    pid_t pid;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    c = shell("sleep 100 >/dev/null 2>&1 & exit 3");
    pid = c.pid;
    finish(&c);
    CU_ASSERT_EQUAL(WEXITSTATUS(status), 3);
    CU_ASSERT(until(group_is_gone, &pid));
}

static void a_child_dies_with_the_process_that_spawned_it(void)
{
    int pids[2];
    struct child c;
    pid_t spawner;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    CU_ASSERT_EQUAL_FATAL(pipe(pids), 0);
    fflush(NULL);
    spawner = fork();
    if (spawner == 0) {
        c = shell("exec sleep 100");
        if (write(pids[1], &c.pid, sizeof c.pid) != sizeof c.pid)
            _exit(1);
        raise(SIGKILL);
    }
    CU_ASSERT_EQUAL_FATAL(read(pids[0], &c.pid, sizeof c.pid), sizeof c.pid);
    waitpid(spawner, NULL, 0);
    CU_ASSERT(until(group_is_gone, &c.pid));
    close(pids[0]);
    close(pids[1]);
}

static void a_status_is_told_in_words(void)
{
    char text[80];

    child_status_text(3 << 8, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "exited with 3");
    child_status_text(SIGKILL, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "killed by signal 9 (Killed)");
}

KL_TESTS("child", T(a_child_has_the_environment_it_was_given_and_no_other), T(a_child_has_no_file_that_its_parent_has_open),
         T(a_program_that_is_not_there_is_an_error_with_its_name),
         T(a_child_leads_a_group_of_its_own), T(what_a_child_leaves_behind_in_its_group_is_killed_with_it),
         T(a_child_dies_with_the_process_that_spawned_it), T(a_status_is_told_in_words))
