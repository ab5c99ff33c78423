/* tsan_c11threads.c - C11 threads as calls of pthreads, for the thread sanitizer's builds alone (mk/flags.mk).
 *
 * gcc 12's thread sanitizer intercepts pthread_create, pthread_mutex_lock and so on; it knows nothing of C11's
 * thrd_*, mtx_*, cnd_*, tss_* and call_once, which Debian's librdkafka is built on. Inside glibc those reach the same
 * code by internal names, past the interceptors: the sanitizer sees threads that were never created (and dies of it)
 * and memory shared without a lock. A program that defines these functions itself comes before libc in the search for
 * symbols, so librdkafka calls these, and these call what is intercepted. glibc's C11 types are its pthread types
 * under another name, which the assertions below hold it to. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "a mtx_t is a pthread_mutex_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "a cnd_t is a pthread_cond_t");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "a thrd_t is a pthread_t");
_Static_assert(sizeof(tss_t) == sizeof(pthread_key_t), "a tss_t is a pthread_key_t");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "a once_flag is a pthread_once_t");

static int as_c11(int code)
{
    switch (code) {
    case 0:
        return thrd_success;
    case ENOMEM:
    case EAGAIN:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    case EBUSY:
        return thrd_busy;
    default:
        return thrd_error;
    }
}

/* A C11 thread returns int, a pthread a pointer. */
struct start {
    thrd_start_t run;
    void        *arg;
};

static void *run_start(void *arg)
{
    struct start start = *(struct start *)arg;

    free(arg);
    return (void *)(intptr_t)start.run(start.arg);
}

int thrd_create(thrd_t *thread, thrd_start_t run, void *arg)
{
    struct start *start = malloc(sizeof *start);
    int code;

    if (!start)
        return thrd_nomem;
    *start = (struct start){ .run = run, .arg = arg };
    code = pthread_create((pthread_t *)thread, NULL, run_start, start);
    if (code)
        free(start);
    return as_c11(code);
}

int thrd_join(thrd_t thread, int *result)
{
    void *returned;
    int code = pthread_join((pthread_t)thread, &returned);

    if (code == 0 && result)
        *result = (int)(intptr_t)returned;
    return as_c11(code);
}

int thrd_detach(thrd_t thread)
{
    return as_c11(pthread_detach((pthread_t)thread));
}

_Noreturn void thrd_exit(int result)
{
    pthread_exit((void *)(intptr_t)result);
}

int mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attr;
    int code;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    code = pthread_mutex_init((pthread_mutex_t *)mutex, &attr);
    pthread_mutexattr_destroy(&attr);
    return as_c11(code);
}

void mtx_destroy(mtx_t *mutex)
{
    pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

int mtx_lock(mtx_t *mutex)
{
    return as_c11(pthread_mutex_lock((pthread_mutex_t *)mutex));
}

int mtx_trylock(mtx_t *mutex)
{
    return as_c11(pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
    return as_c11(pthread_mutex_timedlock((pthread_mutex_t *)mutex, until));
}

int mtx_unlock(mtx_t *mutex)
{
    return as_c11(pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

int cnd_init(cnd_t *cond)
{
    return as_c11(pthread_cond_init((pthread_cond_t *)cond, NULL));
}

void cnd_destroy(cnd_t *cond)
{
    pthread_cond_destroy((pthread_cond_t *)cond);
}

int cnd_signal(cnd_t *cond)
{
    return as_c11(pthread_cond_signal((pthread_cond_t *)cond));
}

int cnd_broadcast(cnd_t *cond)
{
    return as_c11(pthread_cond_broadcast((pthread_cond_t *)cond));
}

int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
    return as_c11(pthread_cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex));
}

int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex, const struct timespec *restrict until)
{
    return as_c11(pthread_cond_timedwait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex, until));
}

int tss_create(tss_t *key, tss_dtor_t destroy)
{
    return as_c11(pthread_key_create((pthread_key_t *)key, destroy));
}

void tss_delete(tss_t key)
{
    pthread_key_delete((pthread_key_t)key);
}

void *tss_get(tss_t key)
{
    return pthread_getspecific((pthread_key_t)key);
}

int tss_set(tss_t key, void *value)
{
    return as_c11(pthread_setspecific((pthread_key_t)key, value));
}

void call_once(once_flag *flag, void (*run)(void))
{
    pthread_once((pthread_once_t *)flag, run);
}
