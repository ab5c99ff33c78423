#include "logfile.h"

#include "test.h"
#include "test_stack.h"

static char *directory;
static struct logfile l;

static void open_log(void)
{
    struct kl_error err;

    directory = new_directory();
    CU_ASSERT_EQUAL_FATAL(logfile_open(&l, open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "it.log", &err), KL_OK);
}

static void close_log(void)
{
    logfile_close(&l);
    close(l.dir);
    remove_directory(directory);
}

static void say(const char *text)
{
    logfile_write(&l, text, strlen(text));
}

static void expect_tail(int lines, const char *wanted)
{
    struct kl_buf out;

    kl_buf_init(&out, LOGFILE_TAIL_BYTES + 1);
    logfile_tail(&l, lines, &out);
    CU_ASSERT_STRING_EQUAL(out.data ? out.data : "", wanted);
    kl_buf_fini(&out);
}

static void what_is_written_is_in_the_file(void)
{
    open_log();
    say("one\n");
    say("two\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log"), "one\ntwo\n");
    close_log();
}

static void the_last_lines_are_at_hand(void)
{
    open_log();
    expect_tail(10, "");
    say("one\ntwo\nthree\n");
    expect_tail(2, "two\nthree\n");
    expect_tail(10, "one\ntwo\nthree\n");
    close_log();
}

static void a_last_line_without_an_end_gets_one(void)
{
    open_log();
    say("one\ntwo");
    expect_tail(1, "two\n");
    close_log();
}

static void a_forgotten_tail_is_that_of_a_new_life(void)
{
    open_log();
    say("the first life\n");
    logfile_forget(&l);
    say("the second\n");
    expect_tail(10, "the second\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log"), "the first life\nthe second\n");
    close_log();
}

static void a_tail_of_long_lines_is_cut_at_its_front(void)
{
    char line[LOGFILE_TAIL_BYTES * 2 + 2];

    open_log();
    memset(line, 'x', sizeof line);
    line[sizeof line - 2] = '\n';
    line[sizeof line - 1] = '\0';
    say(line);
    say("end\n");
    CU_ASSERT_EQUAL(l.tail_len, LOGFILE_TAIL_BYTES);
    CU_ASSERT_EQUAL(memcmp(l.tail + LOGFILE_TAIL_BYTES - 5, "\nend\n", 5), 0);
    close_log();
}

static void a_full_file_is_kept_once_and_begun_anew(void)
{
    open_log();
    l.max = 10;
    say("12345678\n");
    say("abcdefgh\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log.1"), "12345678\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log"), "abcdefgh\n");
    say("ABCDEFGH\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log.1"), "abcdefgh\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log"), "ABCDEFGH\n");
    close_log();
}

static void a_file_that_was_there_is_appended_to(void)
{
    struct kl_error err;

    open_log();
    say("before\n");
    logfile_close(&l);
    CU_ASSERT_EQUAL_FATAL(logfile_open(&l, l.dir, "it.log", &err), KL_OK);
    CU_ASSERT_EQUAL(l.size, 7);
    say("after\n");
    CU_ASSERT_STRING_EQUAL(text_of(directory, "it.log"), "before\nafter\n");
    close_log();
}

static void a_file_that_cannot_be_written_keeps_the_tail(void)
{
    open_log();
    logfile_close(&l);
    l.fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    say("lost on disk\n");
    expect_tail(1, "lost on disk\n");
    close_log();
}

KL_TESTS("logfile", T(what_is_written_is_in_the_file), T(the_last_lines_are_at_hand), T(a_last_line_without_an_end_gets_one),
         T(a_forgotten_tail_is_that_of_a_new_life), T(a_tail_of_long_lines_is_cut_at_its_front), T(a_full_file_is_kept_once_and_begun_anew),
         T(a_file_that_was_there_is_appended_to), T(a_file_that_cannot_be_written_keeps_the_tail))
