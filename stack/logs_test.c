#include "logs.h"

#include "test.h"
#include "test_file.h"
#include "test_stack.h"

static char *directory;
static int dir;

static void begin(void)
{
    directory = new_directory();
    dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void end(void)
{
    close(dir);
    remove_directory(directory);
}

static void append(const char *text, int flags)
{
    int fd = openat(dir, "it.log", O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);

    CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static int64_t at;
static int skip;
static const char *prefix;
static void show(void *ctx) { (void)ctx; at = logs_show(dir, "it.log", at, skip, prefix); }

static void expect_shown(const char *wanted)
{
    char *shown = test_output(STDOUT_FILENO, show, NULL);

    CU_ASSERT_STRING_EQUAL(shown, wanted);
    free(shown);
}

static void a_log_is_shown_from_where_one_stopped(void)
{
    begin();
    at = 0, skip = 0, prefix = "";
    expect_shown("");
    append("one\ntwo\n", O_APPEND);
    expect_shown("one\ntwo\n");
    append("three\n", O_APPEND);
    expect_shown("three\n");
    expect_shown("");
    end();
}

static void a_line_is_shown_when_it_is_whole(void)
{
    begin();
    at = 0, skip = 0, prefix = "";
    append("one\ntw", O_APPEND);
    expect_shown("one\n");
    append("o\n", O_APPEND);
    expect_shown("two\n");
    end();
}

static void a_log_that_was_begun_anew_is_shown_from_its_start(void)
{
    begin();
    at = 0, skip = 0, prefix = "";
    append("a long first log\n", O_APPEND);
    expect_shown("a long first log\n");
    append("anew\n", O_TRUNC);
    expect_shown("anew\n");
    end();
}

static void times_are_left_out_and_names_put_in(void)
{
    begin();
    at = 0, skip = 5, prefix = "it | ";
    append("12:34one\n\nx\n", O_APPEND);
    expect_shown("it | one\nit | \nit | x\n");
    end();
}

static void a_line_longer_than_we_read_at_a_time_does_not_stop_us(void)
{
    char *line = malloc(200001);

    begin();
    at = 0, skip = 0, prefix = "";
    memset(line, 'x', 200000);
    line[200000] = '\0';
    append(line, O_APPEND);
    append("\nshort\n", O_APPEND);
    free(line);
    line = test_output(STDOUT_FILENO, show, NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "x\nshort\n"));
    free(line);
    end();
}

KL_TESTS("logs", T(a_log_is_shown_from_where_one_stopped), T(a_line_is_shown_when_it_is_whole),
         T(a_log_that_was_begun_anew_is_shown_from_its_start), T(times_are_left_out_and_names_put_in),
         T(a_line_longer_than_we_read_at_a_time_does_not_stop_us))
