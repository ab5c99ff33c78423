#include "table.h"

#include "test.h"

static struct stack_conf conf = { .kafka_port = 9092, .producer_port = 8000, .consumer_port = 8072, .steward_port = 8060, .seer_port = 8030,
                                  .portal_port = 3000, .home = "/h", .root = "/r", .bin = "/b" };

static const char *row_of(char *const *rows, const char *name)
{
    for (; *rows; rows++)
        if (strncmp(*rows, name, strlen(name)) == 0 && (*rows)[strlen(name)] == '=')
            return *rows + strlen(name) + 1;
    return NULL;
}

static const struct service *named(const char *name)
{
    const struct service *s = services;

    while (s->name && strcmp(s->name, name) != 0)
        s++;
    return s;
}

static void expect_expanded(const char *text, const char *wanted)
{
    char *got = service_expand(text, &conf);

    CU_ASSERT_STRING_EQUAL(got, wanted);
    free(got);
}

static void names_in_a_text_become_their_values(void)
{
    expect_expanded("plain", "plain");
    expect_expanded("${root}/x", "/r/x");
    expect_expanded("http://127.0.0.1:${producer_port}", "http://127.0.0.1:8000");
    expect_expanded("${home}${bin}", "/h/b");
}

static void kafka_is_ours_unless_we_were_told_of_another(void)
{
    expect_expanded("${kafka}", "127.0.0.1:9092");
    conf.bootstrap_servers = "a:1,b:2";
    expect_expanded("${kafka}", "a:1,b:2");
    conf.bootstrap_servers = NULL;
}

static void every_row_can_be_run(void)
{
    char *none[] = { NULL };
    const struct service *s;

    for (s = services; s->name; s++) {
        char **argv = service_argv(s, &conf);
        char **env = service_env(s, &conf, none);

        CU_ASSERT_EQUAL(argv[0][0], '/');
        CU_ASSERT(service_port(s, &conf) > 0);
        CU_ASSERT_PTR_NOT_NULL(env);
        CU_ASSERT(!s->needs || named(s->needs) < s); /* started before it, stopped after it */
        strings_free(argv);
        strings_free(env);
    }
    CU_ASSERT(s - services <= SERVICES_MAX);
}

static void all_stop_bounds_together_stay_below_ten_seconds(void)
{
    const struct service *s;
    int64_t sum_ms = 0;

    for (s = services; s->name; s++)
        sum_ms += s->stop_ms;
    CU_ASSERT(sum_ms < 10000);
}

static void a_service_sees_its_own_settings_and_not_the_stacks(void)
{
    char *own[] = { (char *)"PATH=/bin", (char *)"KAFKA_PORT=1", (char *)"SERVER_PORT=2", (char *)"MAKEFLAGS=s", (char *)"PORT_FILE=/x",
                    (char *)"KAFKA_SASL_USERNAME=me", (char *)"STORE=/elsewhere", (char *)"KAFKA_BOOTSTRAP_SERVERS=old", (char *)"odd", NULL };
    char **env = service_env(named("consumer"), &conf, own);

    CU_ASSERT_STRING_EQUAL(row_of(env, "PATH"), "/bin");
    CU_ASSERT_STRING_EQUAL(row_of(env, "KAFKA_SASL_USERNAME"), "me");
    CU_ASSERT_STRING_EQUAL(row_of(env, "SERVER_PORT"), "8072");
    CU_ASSERT_STRING_EQUAL(row_of(env, "STORE"), "/h/consumer/receipts.db");
    CU_ASSERT_STRING_EQUAL(row_of(env, "KAFKA_BOOTSTRAP_SERVERS"), "127.0.0.1:9092");
    CU_ASSERT_PTR_NULL(row_of(env, "KAFKA_PORT"));
    CU_ASSERT_PTR_NULL(row_of(env, "MAKEFLAGS"));
    CU_ASSERT_PTR_NULL(row_of(env, "PORT_FILE"));
    strings_free(env);
}

KL_TESTS("table", T(names_in_a_text_become_their_values), T(kafka_is_ours_unless_we_were_told_of_another), T(every_row_can_be_run),
         T(all_stop_bounds_together_stay_below_ten_seconds), T(a_service_sees_its_own_settings_and_not_the_stacks))
