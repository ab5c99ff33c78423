#include "conf.h"

#include <unistd.h>

#include "fault.h"
#include "test.h"

struct conf {
    const char *address, *token_file;
    int64_t     port, timeout_ms, body_max_bytes;
    bool        open;
};

static const struct kl_setting settings[] = {
    { "SERVER_ADDR", KL_STR, offsetof(struct conf, address), "127.0.0.1", 0, 20, "address to listen on", NULL },
    { "TOKEN_FILE", KL_STR, offsetof(struct conf, token_file), NULL, 0, 0, "a file, or | nothing", NULL },
    { "SERVER_PORT", KL_INT, offsetof(struct conf, port), "8072", 0, 65535, "port to listen on", NULL },
    { "REQUEST_TIMEOUT", KL_MS, offsetof(struct conf, timeout_ms), "30s", 10, 86400000, "how long", "READ_TIMEOUT" },
    { "BODY_MAX", KL_BYTES, offsetof(struct conf, body_max_bytes), "16M", 1, INT64_C(1) << 30, "how much", NULL },
    { "ALLOW_OPEN", KL_BOOL, offsetof(struct conf, open), "no", 0, 0, "without a token", NULL },
    KL_SETTING_END
};

static struct conf conf;
static struct kl_error err;

/* Loads from flags, environment and file, each ended by NULL or NULL itself. */
static enum kl_code load(const char *const *flags, const char *const *env, const char *file)
{
    const char *argv[16] = { "program" };
    struct kl_conf_source source = { .argc = 1, .argv = (char **)argv, .env = (char **)env, .file = file };

    for (; flags && *flags; flags++)
        argv[source.argc++] = *flags;
    memset(&err, 0, sizeof err);
    return kl_conf_load(settings, &conf, &source, &err);
}
#define WORDS(...) (const char *const[]){ __VA_ARGS__, NULL }

static void file_with(char path[32], const char *text)
{
    int fd;

    strcpy(path, "/tmp/conf_test.XXXXXX");
    fd = mkstemp(path);
    CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static enum kl_code load_text(const char *text)
{
    char path[32];
    enum kl_code code;

    file_with(path, text);
    code = load(NULL, NULL, path);
    unlink(path);
    return code;
}

static void defaults_fill_everything(void)
{
    CU_ASSERT_EQUAL(load(NULL, NULL, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(conf.address, "127.0.0.1");
    CU_ASSERT_PTR_NULL(conf.token_file);
    CU_ASSERT_EQUAL(conf.port, 8072);
    CU_ASSERT_EQUAL(conf.timeout_ms, 30000);
    CU_ASSERT_EQUAL(conf.body_max_bytes, 16 << 20);
    CU_ASSERT_FALSE(conf.open);
}

static void flags_come_before_environment_before_file(void)
{
    char path[32];

    file_with(path, "SERVER_PORT=1\nREQUEST_TIMEOUT=1s\nBODY_MAX=1k\n");
    CU_ASSERT_EQUAL(load(WORDS("--server-port", "3"), WORDS("SERVER_PORT=2", "REQUEST_TIMEOUT=2s"), path), KL_OK);
    CU_ASSERT_EQUAL(conf.port, 3);
    CU_ASSERT_EQUAL(conf.timeout_ms, 2000);
    CU_ASSERT_EQUAL(conf.body_max_bytes, 1024);
    unlink(path);
}

static void flags_are_read_in_both_forms(void)
{
    CU_ASSERT_EQUAL(load(WORDS("--server-port=1", "--server-addr", "::1", "--token-file="), NULL, NULL), KL_OK);
    CU_ASSERT_EQUAL(conf.port, 1);
    CU_ASSERT_STRING_EQUAL(conf.address, "::1");
    CU_ASSERT_STRING_EQUAL(conf.token_file, "");
    CU_ASSERT_EQUAL(load(WORDS("--server-port", "1", "--server-port", "2"), NULL, NULL), KL_OK);
    CU_ASSERT_EQUAL(conf.port, 2);
    kl_conf_free();
}

static void a_yes_or_no_flag_may_stand_alone(void)
{
    CU_ASSERT_EQUAL(load(WORDS("--allow-open"), NULL, NULL), KL_OK);
    CU_ASSERT_TRUE(conf.open);
    CU_ASSERT_EQUAL(load(WORDS("--allow-open", "--server-port", "1"), NULL, NULL), KL_OK);
    CU_ASSERT_TRUE(conf.open);
    CU_ASSERT_EQUAL(load(WORDS("--allow-open", "no"), NULL, NULL), KL_OK);
    CU_ASSERT_FALSE(conf.open);
    CU_ASSERT_EQUAL(load(WORDS("--allow-open=on"), NULL, NULL), KL_OK);
    CU_ASSERT_TRUE(conf.open);
}

static void the_config_flag_names_the_file(void)
{
    char path[32];

    file_with(path, "SERVER_PORT=5\n");
    CU_ASSERT_EQUAL(load(WORDS("--config", path), NULL, NULL), KL_OK);
    CU_ASSERT_EQUAL(conf.port, 5);
    unlink(path);
    CU_ASSERT_EQUAL(load(WORDS("--config=/nonexistent"), NULL, NULL), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.text, "/nonexistent: No such file or directory");
    CU_ASSERT_EQUAL(load(NULL, NULL, "/"), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.text, "/ cannot be read");
}

static void the_earlier_name_is_read_when_the_new_one_is_not_there(void)
{
    CU_ASSERT_EQUAL(load(NULL, WORDS("READ_TIMEOUT=7s"), NULL), KL_OK);
    CU_ASSERT_EQUAL(conf.timeout_ms, 7000);
    CU_ASSERT_EQUAL(load(NULL, WORDS("READ_TIMEOUT=7s", "REQUEST_TIMEOUT=8s"), NULL), KL_OK);
    CU_ASSERT_EQUAL(conf.timeout_ms, 8000);
    CU_ASSERT_EQUAL(load_text("READ_TIMEOUT=9s"), KL_OK);
    CU_ASSERT_EQUAL(conf.timeout_ms, 9000);
    CU_ASSERT_EQUAL(load(NULL, WORDS("READ_TIMEOUT=soon"), NULL), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "READ_TIMEOUT");
}

static void an_empty_variable_counts_as_unset(void)
{
    CU_ASSERT_EQUAL(load(NULL, WORDS("SERVER_PORT=", "SERVER_ADDR=", "READ_TIMEOUT="), NULL), KL_OK);
    CU_ASSERT_EQUAL(conf.port, 8072);
    CU_ASSERT_STRING_EQUAL(conf.address, "127.0.0.1");
}

static void durations_and_sizes_have_units(void)
{
    static const struct {
        const char *flag;
        int64_t     ms;
    } times[] = { { "--request-timeout=1500", 1500 }, { "--request-timeout=1500ms", 1500 },
                  { "--request-timeout=15s", 15000 }, { "--request-timeout=2m", 120000 },
                  { "--request-timeout=1h", 3600000 }, { "--request-timeout=1d", 86400000 } };
    static const struct {
        const char *flag;
        int64_t     bytes;
    } sizes[] = { { "--body-max=1000", 1000 }, { "--body-max=64k", 65536 }, { "--body-max=64K", 65536 },
                  { "--body-max=16m", 16 << 20 }, { "--body-max=1G", 1 << 30 } };
    size_t i;

    for (i = 0; i < sizeof times / sizeof times[0]; i++) {
        CU_ASSERT_EQUAL(load(WORDS(times[i].flag), NULL, NULL), KL_OK);
        CU_ASSERT_EQUAL(conf.timeout_ms, times[i].ms);
    }
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        CU_ASSERT_EQUAL(load(WORDS(sizes[i].flag), NULL, NULL), KL_OK);
        CU_ASSERT_EQUAL(conf.body_max_bytes, sizes[i].bytes);
    }
}

static void refuses(const char *flag, const char *text)
{
    CU_ASSERT_EQUAL(load(WORDS(flag), NULL, NULL), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.text, text);
    if (strcmp(err.text, text) != 0)
        printf("    %s\n", err.text);
}

static void a_wrong_value_is_named_with_what_is_wanted(void)
{
    refuses("--server-port=x", "SERVER_PORT: \"x\" is not a whole number from 0 to 65535");
    refuses("--server-port=65536", "SERVER_PORT: \"65536\" is not a whole number from 0 to 65535");
    refuses("--server-port=-1", "SERVER_PORT: \"-1\" is not a whole number from 0 to 65535");
    refuses("--server-port=", "SERVER_PORT: \"\" is not a whole number from 0 to 65535");
    refuses("--server-port= 1", "SERVER_PORT: \" 1\" is not a whole number from 0 to 65535");
    refuses("--server-port=1.5", "SERVER_PORT: \"1.5\" is not a whole number from 0 to 65535");
    refuses("--server-port=99999999999999999999",
            "SERVER_PORT: \"99999999999999999999\" is not a whole number from 0 to 65535");
    refuses("--request-timeout=2w", "REQUEST_TIMEOUT: \"2w\" is not a duration (1500, 1500ms, 15s, 2m, 1h, 7d) from 10ms to 1d");
    refuses("--request-timeout=2d", "REQUEST_TIMEOUT: \"2d\" is not a duration (1500, 1500ms, 15s, 2m, 1h, 7d) from 10ms to 1d");
    refuses("--request-timeout=9223372036854775807d",
            "REQUEST_TIMEOUT: \"9223372036854775807d\" is not a duration (1500, 1500ms, 15s, 2m, 1h, 7d) from 10ms to 1d");
    refuses("--body-max=2G", "BODY_MAX: \"2G\" is not a size (1000, 64k, 16M, 1G) from 1 to 1G");
    refuses("--allow-open=maybe", "ALLOW_OPEN: \"maybe\" is not yes or no");
    refuses("--server-addr=a-name-longer-than-twenty", "SERVER_ADDR: the value has 25 bytes, 20 may stand there");
    CU_ASSERT_EQUAL(err.limit, 20);
}

static void what_is_not_an_option_is_refused(void)
{
    refuses("--colour", "--colour is not an option; --help lists them");
    refuses("--colour=x", "--colour is not an option; --help lists them");
    refuses("server-port", "server-port is not an option; --help lists them");
    refuses("", " is not an option; --help lists them");
    refuses("--server", "--server is not an option; --help lists them");
    refuses("--server-port", "--server-port needs a value");
    refuses("--config", "--config needs a value");
}

static void a_file_may_have_comments_quotes_and_blanks(void)
{
    CU_ASSERT_EQUAL(load_text("# comment\n\n  SERVER_PORT = 17  \r\nSERVER_ADDR=\"::1\"\n\tTOKEN_FILE='a # b'\n"
                              "SERVER_PORT=18"), KL_OK);
    CU_ASSERT_EQUAL(conf.port, 18);
    CU_ASSERT_STRING_EQUAL(conf.address, "::1");
    CU_ASSERT_STRING_EQUAL(conf.token_file, "a # b");
    kl_conf_free();
}

static void a_wrong_line_of_a_file_is_named(void)
{
    CU_ASSERT_EQUAL(load_text("SERVER_PORT=1\n\nSERVER_PROT=2\n"), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, ":3: SERVER_PROT is not a setting"));
    CU_ASSERT_EQUAL(err.line, 3);
    CU_ASSERT_EQUAL(load_text("SERVER_PORT 1\n"), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, ":1: not of the form NAME=value"));
    CU_ASSERT_EQUAL(load_text("=1\n"), KL_INVALID);
    CU_ASSERT_EQUAL(load_text("SERVER_PORT=x\n"), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "SERVER_PORT");
}

static void a_file_has_a_largest_size_and_is_text(void)
{
    size_t size = 256 * 1024 + 1;
    char *text = malloc(size + 1);
    char path[32];
    FILE *f;

    memset(text, '\n', size);
    text[size] = '\0';
    CU_ASSERT_EQUAL(load_text(text), KL_INVALID);
    CU_ASSERT_EQUAL(err.limit, 256 * 1024);
    text[size - 1] = '\0';
    CU_ASSERT_EQUAL(load_text(text), KL_OK);
    free(text);
    file_with(path, "");
    CU_ASSERT_EQUAL(load(NULL, NULL, path), KL_OK);
    f = fopen(path, "w");
    fwrite("A\0B", 1, 3, f);
    fclose(f);
    CU_ASSERT_EQUAL(load(NULL, NULL, path), KL_INVALID);
    unlink(path);
}

static void kafka_settings_of_a_file_go_into_the_environment(void)
{
    unsetenv("KAFKA_LINGER_MS");
    setenv("KAFKA_CLIENT_ID", "mine", 1);
    CU_ASSERT_EQUAL(load_text("KAFKA_LINGER_MS=5\nKAFKA_CLIENT_ID=other\n"), KL_OK);
    CU_ASSERT_STRING_EQUAL(getenv("KAFKA_LINGER_MS"), "5");
    CU_ASSERT_STRING_EQUAL(getenv("KAFKA_CLIENT_ID"), "mine");
    unsetenv("KAFKA_LINGER_MS");
    unsetenv("KAFKA_CLIENT_ID");
}

static void without_memory_loading_says_so(void)
{
    enum kl_code code = KL_BUSY;
    bool hit = true;
    char path[32];
    long n;

    file_with(path, "TOKEN_FILE=here\n");
    for (n = 0; hit; n++) {
        kl_fault_begin(n);
        code = load(WORDS("--server-addr=::1"), NULL, path);
        hit = kl_fault_end();
        CU_ASSERT_TRUE(code == KL_OK || hit);
        kl_conf_free();
    }
    CU_ASSERT_EQUAL(code, KL_OK);
    CU_ASSERT_TRUE(n > 3);
    unlink(path);
}

static char *printed(void (*print)(const struct kl_setting *, FILE *))
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    print(settings, f);
    fclose(f);
    return text;
}

static void help_tells_flag_variable_default_and_meaning(void)
{
    char *text = printed(kl_conf_help);

    CU_ASSERT_PTR_NOT_NULL(strstr(text, "--server-port NUMBER\n      port to listen on\n      SERVER_PORT, default: 8072\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "REQUEST_TIMEOUT, default: 30s; READ_TIMEOUT is read too\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "TOKEN_FILE, default: unset\n"));
    free(text);
}

static void markdown_is_one_table(void)
{
    char *text = printed(kl_conf_markdown);

    CU_ASSERT_EQUAL(strncmp(text, "| setting | default | meaning |\n| --- | --- | --- |\n", 52), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "| `REQUEST_TIMEOUT`, `--request-timeout` | `30s` | how long; `READ_TIMEOUT` is read too |\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "| `TOKEN_FILE`, `--token-file` |  | a file, or \\| nothing |\n"));
    free(text);
}

KL_TESTS("conf", T(defaults_fill_everything), T(flags_come_before_environment_before_file),
         T(flags_are_read_in_both_forms), T(a_yes_or_no_flag_may_stand_alone), T(the_config_flag_names_the_file),
         T(the_earlier_name_is_read_when_the_new_one_is_not_there), T(an_empty_variable_counts_as_unset),
         T(durations_and_sizes_have_units), T(a_wrong_value_is_named_with_what_is_wanted),
         T(what_is_not_an_option_is_refused), T(a_file_may_have_comments_quotes_and_blanks),
         T(a_wrong_line_of_a_file_is_named), T(a_file_has_a_largest_size_and_is_text),
         T(kafka_settings_of_a_file_go_into_the_environment), T(without_memory_loading_says_so),
         T(help_tells_flag_variable_default_and_meaning), T(markdown_is_one_table))
