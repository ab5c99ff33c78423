#include "settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"
#include "test_file.h"

static struct stack_conf conf;
static struct kl_error err;

static enum kl_code load(const char *flag, const char *value)
{
    char *argv[] = { (char *)"kafkloud-stack", (char *)flag, (char *)value, NULL };

    return stack_conf_load(&conf, flag ? (value ? 3 : 2) : 1, argv, &err);
}

/* Whoever moved the ports of a stack by `export` may run the tests all the same. */
static int forget_the_environment(void)
{
    const struct kl_setting *s;

    for (s = stack_settings; s->name; s++) {
        unsetenv(s->name);
        if (s->old)
            unsetenv(s->old);
    }
    return 0;
}

static void without_settings_all_is_found_from_where_the_program_is(void)
{
    char own[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);

    own[len] = '\0';
    CU_ASSERT_EQUAL_FATAL(load(NULL, NULL), KL_OK);
    CU_ASSERT_EQUAL(strncmp(own, conf.bin, strlen(conf.bin)), 0);
    CU_ASSERT_EQUAL(strncmp(conf.bin, conf.root, strlen(conf.root)), 0);
    CU_ASSERT_STRING_EQUAL(conf.home + strlen(conf.root), "/var");
    CU_ASSERT_EQUAL(conf.kafka_port, 9092);
    CU_ASSERT_PTR_NULL(conf.bootstrap_servers);
    kl_conf_free();
}

static void a_relative_home_is_below_where_we_are(void)
{
    char cwd[PATH_MAX];

    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(cwd, sizeof cwd));
    CU_ASSERT_EQUAL_FATAL(load("--kafkloud-home", "here/it is"), KL_OK);
    CU_ASSERT_EQUAL(strncmp(conf.home, cwd, strlen(cwd)), 0);
    CU_ASSERT_STRING_EQUAL(conf.home + strlen(cwd), "/here/it is");
    kl_conf_free();
}

static void an_address_of_kafka_that_is_none_is_refused_by_name(void)
{
    static const char *const wrong[] = { "foo:bar", "foo:99999", ":9092" };

    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(load("--kafka-bootstrap-servers", wrong[i]), KL_INVALID);
        CU_ASSERT_STRING_EQUAL(err.field, "KAFKA_BOOTSTRAP_SERVERS");
        kl_conf_free();
    }
}

static void a_port_that_is_none_is_refused_by_name(void)
{
    CU_ASSERT_EQUAL(load("--kafka-port", "65535"), KL_INVALID); /* the controller's would be 65536 */
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "KAFKA_PORT"));
    CU_ASSERT_EQUAL(load("--portal-port", "http"), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "PORTAL_PORT"));
    kl_conf_free();
}

static void the_earlier_name_of_the_cluster_is_read(void)
{
    setenv("KAFKA_BROKER", "there:9092", 1);
    CU_ASSERT_EQUAL_FATAL(load(NULL, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(conf.bootstrap_servers, "there:9092");
    unsetenv("KAFKA_BROKER");
    kl_conf_free();
}

static void a_file_of_settings_may_be_named(void)
{
    char path[] = "/tmp/kafkloud-stack-test.XXXXXX";
    int fd = mkstemp(path);

    CU_ASSERT_EQUAL(write(fd, "PORTAL_PORT=3333\n", 17), 17);
    close(fd);
    CU_ASSERT_EQUAL_FATAL(load("--config", path), KL_OK);
    CU_ASSERT_EQUAL(conf.portal_port, 3333);
    kl_conf_free();
    CU_ASSERT_EQUAL(load("--config", NULL), KL_INVALID);
    unlink(path);
}

static void print_table(void *ctx) { (void)ctx; kl_conf_markdown(stack_settings, stdout); }

static void the_readme_has_the_table_of_settings(void)
{
    char *table = test_output(STDOUT_FILENO, print_table, NULL);
    char *readme = test_file("README.md");

    CU_ASSERT_PTR_NOT_NULL(strstr(readme, table));
    free(table);
    free(readme);
}

KL_TESTS_WITH("settings", forget_the_environment, NULL, T(without_settings_all_is_found_from_where_the_program_is), T(a_relative_home_is_below_where_we_are),
         T(an_address_of_kafka_that_is_none_is_refused_by_name), T(a_port_that_is_none_is_refused_by_name), T(the_earlier_name_of_the_cluster_is_read),
         T(a_file_of_settings_may_be_named), T(the_readme_has_the_table_of_settings))
