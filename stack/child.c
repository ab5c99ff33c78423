/* child.c - see child.h. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between fork and exec: only what POSIX calls async-signal-safe, since other threads hold locks we copied. */
static _Noreturn void become(char *const *argv, char *const *env, int out, int failed, pid_t parent)
{
    sigset_t none;
    int null, error, i;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127); /* it died before prctl could tell us */
    for (i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    /* Whatever other threads have open, libcurl's sockets among them: a service that kept one would keep the connection. */
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    execve(argv[0], argv, env);
    error = errno;
    if (write(failed, &error, sizeof error) != sizeof error)
        _exit(126);
    _exit(127);
}

/* The pipe closes by itself when exec succeeds: then there is nothing to read. */
static int exec_error(int failed)
{
    int error = 0;
    ssize_t n;

    do
        n = read(failed, &error, sizeof error);
    while (n < 0 && errno == EINTR);
    return n == sizeof error ? error : 0;
}

static enum kl_code no_process(struct kl_error *err, const char *what)
{
    return kl_fail(err, KL_BUSY, "%s: %s", what, strerror(errno));
}

static enum kl_code spawn_with(struct child *c, char *const *argv, char *const *env, const int out[2], const int failed[2],
                               struct kl_error *err)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    int error;

    if (pid < 0)
        return no_process(err, "no new process");
    if (pid == 0)
        become(argv, env, out[1], failed[1], parent);
    setpgid(pid, pid); /* here as well: a signal to the group must find it at once */
    close(failed[1]);
    error = exec_error(failed[0]);
    if (error) {
        waitpid(pid, NULL, 0);
        return kl_fail(err, KL_NOT_FOUND, "cannot run %s: %s", argv[0], strerror(error));
    }
    c->pid = pid;
    c->out = out[0];
    return KL_OK;
}

enum kl_code child_spawn(struct child *c, char *const *argv, char *const *env, struct kl_error *err)
{
    int out[2], failed[2];
    enum kl_code code;

    *c = CHILD_NONE;
    if (pipe2(out, O_CLOEXEC) != 0)
        return no_process(err, "no pipe");
    if (pipe2(failed, O_CLOEXEC) != 0) {
        code = no_process(err, "no pipe");
        close(out[0]);
        close(out[1]);
        return code;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    code = spawn_with(c, argv, env, out, failed, err);
    close(failed[0]);
    if (code == KL_BUSY)
        close(failed[1]); /* the fork failed: still open */
    close(out[1]);
    if (code)
        close(out[0]);
    return code;
}

void child_signal(const struct child *c, int signal)
{
    kl_assert(c->pid > 1);
    kill(-c->pid, signal);
}

bool child_ended(struct child *c, int *status)
{
    siginfo_t info = { .si_pid = 0 };

    if (c->pid == 0)
        return false;
    /* While its leader is not reaped yet, the group's number can be nobody else's. */
    if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return false;
    kill(-c->pid, SIGKILL);
    waitpid(c->pid, status, 0);
    c->pid = 0;
    return true;
}

void child_close(struct child *c)
{
    kl_assert(c->pid == 0);
    if (c->out >= 0)
        close(c->out);
    c->out = -1;
}

void child_status_text(int status, char *out, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(out, size, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(out, size, "exited with %d", WEXITSTATUS(status));
}
