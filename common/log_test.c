#include "log.h"

#include <fcntl.h>
#include <jansson.h>
#include <pty.h>

#include "fault.h"
#include "test.h"
#include "test_file.h"

static char *logged(void (*run)(void *ctx))
{
    return test_output(STDERR_FILENO, run, NULL);
}

/* Behind the time and its blank. */
static const char *tail(const char *line)
{
    return strlen(line) > 28 ? line + 28 : line;
}

static void write_fields(void *ctx)
{
    (void)ctx;
    kl_warn("queue full", KL_S("topic", "orders"), KL_I("queued", -9), KL_S("why", NULL));
}

static void a_line_has_time_level_service_message_and_fields(void)
{
    char *line;

    kl_log_init("producer", KL_INFO, false);
    line = logged(write_fields);
    CU_ASSERT_EQUAL(line[10], 'T');
    CU_ASSERT_EQUAL(line[26], 'Z');
    CU_ASSERT_STRING_EQUAL(tail(line), "warn  producer queue full topic=orders queued=-9 why=\"\"\n");
    free(line);
}

static void write_values(void *ctx)
{
    (void)ctx;
    kl_info("values", KL_S("blank", "a b"), KL_S("quote", "\"x\""), KL_S("equals", "a=b"), KL_S("slash", "a\\b"),
            KL_S("end", "a\nb"), KL_S("escape", "\x1b[31m\x7f"), KL_S("c1", "\xC2\x9B"), KL_S("umlaut", "\xC3\xBC"),
            KL_S("broken", "\xFF"));
}

static void values_cannot_fake_a_line_or_command_a_terminal(void)
{
    char *line;

    kl_log_init("producer", KL_INFO, false);
    line = logged(write_values);
    CU_ASSERT_STRING_EQUAL(tail(line), "info  producer values blank=\"a b\" quote=\"\\\"x\\\"\" equals=\"a=b\""
                                       " slash=\"a\\\\b\" end=\"a\\nb\" escape=\"\\u001b[31m\\u007f\" c1=\"\\u009b\""
                                       " umlaut=\"\xC3\xBC\" broken=\"\xEF\xBF\xBD\"\n");
    free(line);
}

static void json_lines_are_objects_with_the_same(void)
{
    json_t *object;
    char *line;

    kl_log_init("producer", KL_INFO, true);
    line = logged(write_fields);
    object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(object);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "level")), "warn");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "service")), "producer");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "message")), "queue full");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "topic")), "orders");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(object, "queued")), -9);
    CU_ASSERT_EQUAL(strlen(json_string_value(json_object_get(object, "time"))), 27);
    CU_ASSERT_STRING_EQUAL(strchr(line, '\n'), "\n");
    json_decref(object);
    free(line);
}

static void write_too_much(void *ctx)
{
    static char large[10000];

    (void)ctx;
    memset(large, '"', sizeof large - 1);
    kl_info("much", KL_I("first", 1), KL_S("large", large), KL_I("last", 2));
}

static void a_field_that_does_not_fit_is_left_out_whole(void)
{
    char *line;

    kl_log_init("producer", KL_INFO, false);
    line = logged(write_too_much);
    CU_ASSERT_STRING_EQUAL(tail(line), "info  producer much first=1 last=2 cut=yes\n");
    free(line);
    kl_log_init("producer", KL_INFO, true);
    line = logged(write_too_much);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "\"message\":\"much\",\"first\":1,\"last\":2,\"cut\":\"yes\"}\n"));
    free(line);
}

static void write_to_the_brim(void *ctx)
{
    char value[4096];
    size_t len = *(size_t *)ctx;

    memset(value, 'v', len);
    value[len] = '\0';
    kl_info("m", KL_S("k", value));
}

static void a_line_is_whole_at_every_length(void)
{
    size_t len, wrong = 0;

    kl_log_init("s", KL_INFO, true);
    for (len = 3900; len < 4096; len++) {
        char *line = test_output(STDERR_FILENO, write_to_the_brim, &len);
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

        wrong += !object || strlen(line) > 4096;
        json_decref(object);
        free(line);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void write_all_levels(void *ctx)
{
    (void)ctx;
    kl_debug("1");
    kl_info("2");
    kl_warn("3");
    kl_error("4");
}

static size_t lines_of(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void lower_levels_are_left_out(void)
{
    enum kl_level level;

    kl_log_init("producer", KL_INFO, false);
    for (level = KL_DEBUG; level <= KL_ERROR; level++) {
        char *text;

        kl_log_level(level);
        text = logged(write_all_levels);
        CU_ASSERT_EQUAL(lines_of(text), 4 - (size_t)level);
        free(text);
    }
}

static void logging_needs_no_memory(void)
{
    int saved = dup(STDERR_FILENO);
    int null = open("/dev/null", O_WRONLY);

    dup2(null, STDERR_FILENO);
    kl_fault_begin(0);
    write_too_much(NULL);
    CU_ASSERT_FALSE(kl_fault_end());
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(null);
}

/* What a line looks like on a terminal. */
static void log_to_terminal(char *out, size_t size)
{
    int master, terminal, saved = dup(STDERR_FILENO);
    ssize_t n;

    CU_ASSERT_EQUAL_FATAL(openpty(&master, &terminal, NULL, NULL, NULL), 0);
    dup2(terminal, STDERR_FILENO);
    kl_log_init("s", KL_INFO, false);
    kl_info("m");
    dup2(saved, STDERR_FILENO);
    n = read(master, out, size - 1);
    out[n > 0 ? n : 0] = '\0';
    close(saved);
    close(terminal);
    close(master);
    kl_log_init("s", KL_INFO, false);
}

static void colours_are_for_terminals_and_only_when_wanted(void)
{
    char line[256];

    unsetenv("NO_COLOR");
    log_to_terminal(line, sizeof line);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "\033[32minfo \033[0m s m"));
    setenv("NO_COLOR", "1", 1);
    log_to_terminal(line, sizeof line);
    CU_ASSERT_PTR_NULL(strchr(line, '\033'));
    unsetenv("NO_COLOR");
}

KL_TESTS("log", T(a_line_has_time_level_service_message_and_fields), T(values_cannot_fake_a_line_or_command_a_terminal),
         T(json_lines_are_objects_with_the_same), T(a_field_that_does_not_fit_is_left_out_whole),
         T(a_line_is_whole_at_every_length), T(lower_levels_are_left_out), T(logging_needs_no_memory),
         T(colours_are_for_terminals_and_only_when_wanted))
