/* service_signals.c - what ends a service: SIGTERM, SIGINT, or kl_service_fail.
 *
 * One thread takes the signals for the whole process (they are blocked everywhere else), so nothing ever runs in a
 * signal handler. It also is the watchdog: once an end was asked for, it waits for a second signal or for the
 * shutdown's bound, and ends the process itself then. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "service_internal.h"

#define NUDGE SIGUSR1   /* to our own thread: look again */

static struct {
    pthread_mutex_t lock;       /* guards what follows */
    pthread_cond_t  changed;
    bool            asked, over;
    enum kl_exit    code;       /* KL_EXIT_OK until somebody failed */

    _Atomic bool    stopping;   /* asked, for those who only look */
    _Atomic(const char *) step;
    int64_t         shutdown_ms;
    pthread_t       thread;
    bool            running;
} ending = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

/* true: the code is the first one that is not OK, and stands. */
static bool ask(enum kl_exit code)
{
    bool stands;

    pthread_mutex_lock(&ending.lock);
    stands = ending.code == KL_EXIT_OK && code != KL_EXIT_OK;
    if (stands)
        ending.code = code;
    ending.asked = true;
    atomic_store(&ending.stopping, true);
    pthread_cond_broadcast(&ending.changed);
    pthread_mutex_unlock(&ending.lock);
    return stands;
}

static bool is_over(void)
{
    bool over;

    pthread_mutex_lock(&ending.lock);
    over = ending.over;
    pthread_mutex_unlock(&ending.lock);
    return over;
}

static _Noreturn void give_up(const char *why)
{
    kl_error(why, KL_S("while", atomic_load(&ending.step)));
    _exit(KL_EXIT_STUCK);
}

/* Until a signal, or until_us (0: for ever). 0: neither. */
static int next_signal(const sigset_t *set, int64_t until_us)
{
    int64_t left_us = until_us - kl_mono_us();
    struct timespec wait = { left_us / 1000000, left_us % 1000000 * 1000 };
    int signal;

    if (until_us > 0 && left_us <= 0)
        give_up("the shutdown took longer than LAME_DUCK, DRAIN and 10 s: ending at once");
    signal = until_us > 0 ? sigtimedwait(set, NULL, &wait) : sigwaitinfo(set, NULL);
    return signal > 0 ? signal : 0;
}

static void *signals_main(void *ctx)
{
    const sigset_t *set = ctx;
    int64_t until_us = 0;

    pthread_setname_np(pthread_self(), "signals");
    while (!is_over()) {
        int signal = next_signal(set, until_us);
        bool before = kl_service_stopping();

        if (signal == SIGTERM || signal == SIGINT) {
            if (before)
                give_up("a second signal: ending at once");
            kl_info("stopping", KL_S("signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"));
            ask(KL_EXIT_OK);
        }
        if (until_us == 0 && kl_service_stopping())
            until_us = kl_mono_us() + ending.shutdown_ms * 1000;
    }
    return NULL;
}

bool kl_signals_start(int64_t shutdown_ms)
{
    static sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, NUDGE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    ending.shutdown_ms = shutdown_ms;
    atomic_store(&ending.step, "serving");
    ending.running = pthread_create(&ending.thread, NULL, signals_main, &set) == 0;
    return ending.running;
}

void kl_signals_end(void)
{
    if (!ending.running)
        return;
    pthread_mutex_lock(&ending.lock);
    ending.over = true;
    pthread_mutex_unlock(&ending.lock);
    pthread_kill(ending.thread, NUDGE);
    pthread_join(ending.thread, NULL);
    ending.running = false;
}

enum kl_exit kl_service_wait(void)
{
    enum kl_exit code;

    pthread_mutex_lock(&ending.lock);
    while (!ending.asked)
        pthread_cond_wait(&ending.changed, &ending.lock);
    code = ending.code;
    pthread_mutex_unlock(&ending.lock);
    return code;
}

void kl_service_fail(enum kl_exit code, const char *why)
{
    if (ask(code))
        kl_error("ending", KL_S("why", why), KL_I("exit", code));
    if (ending.running)
        pthread_kill(ending.thread, NUDGE);   /* the bound begins now */
}

bool kl_service_stopping(void)
{
    return atomic_load(&ending.stopping);
}

void kl_service_step(const char *what)
{
    atomic_store(&ending.step, what);
    kl_debug("shutdown", KL_S("step", what));
}
