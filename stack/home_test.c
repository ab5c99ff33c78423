#include "home.h"

#include <signal.h>
#include <sys/wait.h>

#include "test.h"
#include "test_stack.h"

static char *directory;

static struct home open_home(void)
{
    struct kl_error err;
    struct home h;

    CU_ASSERT_EQUAL_FATAL(home_open(&h, directory, &err), KL_OK);
    return h;
}

/* Another process that holds the lock until it is killed. */
static pid_t other_holder(void)
{
    int ready[2];
    char byte = 0;
    pid_t pid;

    CU_ASSERT_EQUAL_FATAL(pipe(ready), 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        struct home h = open_home();

        if (home_lock(&h, NULL) != KL_OK || write(ready[1], &byte, 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    close(ready[1]);
    CU_ASSERT_EQUAL(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void a_home_is_made_with_all_its_directories(void)
{
    struct kl_error err;
    char deep[PATH_MAX];
    struct stat st;
    struct home h;

    directory = new_directory();
    snprintf(deep, sizeof deep, "%s/a/b/c", directory);
    CU_ASSERT_EQUAL(home_find(&h, deep, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL_FATAL(home_open(&h, deep, &err), KL_OK);
    strcat(deep, "/consumer");
    CU_ASSERT_EQUAL(stat(deep, &st), 0);
    home_close(&h);
    remove_directory(directory);
}

static void a_home_that_cannot_be_made_is_an_error_with_its_path(void)
{
    struct kl_error err;
    struct home h;

    CU_ASSERT_EQUAL(home_open(&h, "/dev/null/x", &err), KL_BROKEN);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/dev/null/x"));
}

static void a_second_stack_is_told_who_runs_here(void)
{
    struct kl_error err;
    struct home h;
    char pid[32];
    pid_t other;

    directory = new_directory();
    other = other_holder();
    h = open_home();
    CU_ASSERT_EQUAL(home_holder(&h), other);
    CU_ASSERT_EQUAL(home_lock(&h, &err), KL_CONFLICT);
    snprintf(pid, sizeof pid, "process %d", (int)other);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, pid));
    end(other);
    home_close(&h);
    remove_directory(directory);
}

static void a_killed_holder_holds_nothing(void)
{
    struct kl_error err;
    struct home h;

    directory = new_directory();
    end(other_holder());
    h = open_home();
    CU_ASSERT_EQUAL(home_holder(&h), 0);
    CU_ASSERT_EQUAL(home_lock(&h, &err), KL_OK);
    home_close(&h);
    remove_directory(directory);
}

static void an_end_in_order_leaves_no_file_behind(void)
{
    struct state s = { .phase = PHASE_UP };
    struct kl_error err;
    struct home h;
    char run[PATH_MAX];

    directory = new_directory();
    h = open_home();
    CU_ASSERT_EQUAL(home_lock(&h, &err), KL_OK);
    CU_ASSERT(home_write_state(&h, &s));
    home_close(&h);
    snprintf(run, sizeof run, "%s/run", directory);
    CU_ASSERT_EQUAL(rmdir(run), 0);
    remove_directory(directory);
}

static void a_state_is_read_as_it_was_written(void)
{
    struct state read, s = { .supervisor = 4711, .phase = PHASE_INCOMPLETE, .round = 3, .roundtrip_us = 12345, .slots_n = 2 };
    struct home h;

    s.slots[0] = (struct slot_view){ .name = "streamer", .state = SLOT_READY, .pid = 77, .started_us = 1763776044000123, .port = 9092, .restarts = 1 };
    s.slots[1] = (struct slot_view){ .name = "portal", .state = SLOT_DOWN, .port = 3000, .restarts = 5 };
    directory = new_directory();
    h = open_home();
    CU_ASSERT(!home_read_state(&h, &read));
    CU_ASSERT(home_write_state(&h, &s));
    CU_ASSERT_FATAL(home_read_state(&h, &read));
    CU_ASSERT_EQUAL(read.supervisor, 4711);
    CU_ASSERT_EQUAL(read.phase, PHASE_INCOMPLETE);
    CU_ASSERT_EQUAL(read.round, 3);
    CU_ASSERT_EQUAL(read.roundtrip_us, 12345);
    CU_ASSERT_EQUAL_FATAL(read.slots_n, 2);
    CU_ASSERT_STRING_EQUAL(read.slots[0].name, "streamer");
    CU_ASSERT_EQUAL(read.slots[0].pid, 77);
    CU_ASSERT_EQUAL(read.slots[0].started_us, 1763776044000123);
    CU_ASSERT_EQUAL(read.slots[1].state, SLOT_DOWN);
    CU_ASSERT_EQUAL(read.slots[1].restarts, 5);
    home_close(&h);
    remove_directory(directory);
}

static ino_t state_file(const struct home *h)
{
    struct stat st = { .st_ino = 0 };

    CU_ASSERT_EQUAL(fstatat(h->run, "stack.state", &st, 0), 0);
    return st.st_ino;
}

static void a_state_takes_the_room_of_an_earlier_one(void)
{
    struct state read, s = { .phase = PHASE_UP, .slots_n = 1, .slots = { { .name = "portal", .port = 3000 } } };
    struct home h;
    ino_t first;

    directory = new_directory();
    h = open_home();
    CU_ASSERT(home_write_state(&h, &s));
    CU_ASSERT(home_write_state(&h, &s));
    first = state_file(&h);
    CU_ASSERT(home_write_state(&h, &s));
    CU_ASSERT_NOT_EQUAL(state_file(&h), first);
    s.slots_n = 0; /* a shorter one leaves nothing of the longer */
    CU_ASSERT(home_write_state(&h, &s));
    CU_ASSERT_EQUAL(state_file(&h), first);
    CU_ASSERT(home_read_state(&h, &read));
    CU_ASSERT_EQUAL(read.slots_n, 0);
    home_close(&h);
    remove_directory(directory);
}

static void a_state_that_is_none_is_refused(void)
{
    static const char *const wrong[] = { "", "stack", "stack 1 2 3\n", "stack 9 1 2 3\nstreamer\n", "stack 9 1 2 3\nstreamer 99 1 1 1 1\n", "xxx\n" };
    struct state read;
    struct home h;
    size_t i;

    directory = new_directory();
    h = open_home();
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int fd = openat(h.run, "stack.state", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

        CU_ASSERT_EQUAL(write(fd, wrong[i], strlen(wrong[i])), (ssize_t)strlen(wrong[i]));
        close(fd);
        CU_ASSERT(!home_read_state(&h, &read));
    }
    home_close(&h);
    remove_directory(directory);
}

KL_TESTS("home", T(a_home_is_made_with_all_its_directories), T(a_home_that_cannot_be_made_is_an_error_with_its_path),
         T(a_second_stack_is_told_who_runs_here), T(a_killed_holder_holds_nothing), T(an_end_in_order_leaves_no_file_behind),
         T(a_state_is_read_as_it_was_written), T(a_state_takes_the_room_of_an_earlier_one),
         T(a_state_that_is_none_is_refused))
