#include "kafka_conf.h"

#include "test.h"

struct conf {
    struct kl_kafka_conf kafka;
    const char          *topics;
};
static const struct kl_setting settings[] = {
    KL_KAFKA_SETTINGS(struct conf, "kafkloud-test"),
    { "KAFKA_SPECIAL", KL_STR, offsetof(struct conf, topics), NULL, 0, 0, "a setting of ours that looks like a property", "KAFKA_EXTRA" },
    KL_SETTING_END,
};
static const struct kl_kafka_conf kafka = { "localhost:9092", "kafkloud-test" };

static enum kl_code make(rd_kafka_conf_t **out, enum kl_kafka_role role, struct kl_error *err)
{
    *out = NULL;
    return kl_kafka_conf_new(out, &kafka, role, NULL, settings, err);
}

/* The environment's name=value gives the property this value in a new configuration. */
static void check_property(const char *name, const char *value, enum kl_kafka_role role, const char *property, const char *want)
{
    rd_kafka_conf_t *conf;
    struct kl_error err;
    char got[256] = "";
    size_t size = sizeof got;

    if (name)
        setenv(name, value, 1);
    CU_ASSERT_EQUAL_FATAL(make(&conf, role, &err), KL_OK);
    CU_ASSERT_EQUAL(rd_kafka_conf_get(conf, property, got, &size), RD_KAFKA_CONF_OK);
    CU_ASSERT_STRING_EQUAL(got, want);
    rd_kafka_conf_destroy(conf);
    if (name)
        unsetenv(name);
}

static void check_refused(const char *name, const char *value, enum kl_kafka_role role)
{
    rd_kafka_conf_t *conf;
    struct kl_error err;

    setenv(name, value, 1);
    CU_ASSERT_EQUAL(make(&conf, role, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, name);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, name));
    unsetenv(name);
}

static void conf_sets_what_the_role_needs(void)
{
    check_property(NULL, NULL, KL_KAFKA_PRODUCER, "enable.idempotence", "true");
    check_property(NULL, NULL, KL_KAFKA_PRODUCER, "acks", "-1");
    check_property(NULL, NULL, KL_KAFKA_PRODUCER, "bootstrap.servers", "localhost:9092");
    check_property(NULL, NULL, KL_KAFKA_PRODUCER, "client.id", "kafkloud-test");
    check_property(NULL, NULL, KL_KAFKA_CONSUMER, "enable.auto.commit", "false");
}

static void conf_gives_up_an_address_where_nobody_is_within_a_delivery_timeout(void)
{
    check_property(NULL, NULL, KL_KAFKA_PRODUCER, "socket.connection.setup.timeout.ms", "5000");
    check_property(NULL, NULL, KL_KAFKA_CONSUMER, "socket.connection.setup.timeout.ms", "5000");
    check_property("KAFKA_SOCKET_CONNECTION_SETUP_TIMEOUT_MS", "20000", KL_KAFKA_PRODUCER, "socket.connection.setup.timeout.ms", "20000");
}

static void conf_takes_any_property_from_the_environment(void)
{
    check_property("KAFKA_SASL_USERNAME", "alice", KL_KAFKA_PRODUCER, "sasl.username", "alice");
    check_property("KAFKA_COMPRESSION_TYPE", "lz4", KL_KAFKA_PRODUCER, "compression.type", "lz4");
    check_property("KAFKA_FETCH_WAIT_MAX_MS", "50", KL_KAFKA_CONSUMER, "fetch.wait.max.ms", "50");
    check_property("KAFKA_LOG_LEVEL", "4", KL_KAFKA_CONSUMER, "log_level", "4");
}

static void conf_prefers_the_environment_to_the_service(void)
{
    static const struct kl_kafka_property own[] = { { "statistics.interval.ms", "100" }, { "batch.size", "5000" }, { NULL, NULL } };
    rd_kafka_conf_t *conf;
    struct kl_error err;
    char got[32];
    size_t size = sizeof got;

    setenv("KAFKA_BATCH_SIZE", "7000", 1);
    CU_ASSERT_EQUAL_FATAL(kl_kafka_conf_new(&conf, &kafka, KL_KAFKA_PRODUCER, own, settings, &err), KL_OK);
    rd_kafka_conf_get(conf, "statistics.interval.ms", got, &size);
    CU_ASSERT_STRING_EQUAL(got, "100");
    size = sizeof got;
    rd_kafka_conf_get(conf, "batch.size", got, &size);
    CU_ASSERT_STRING_EQUAL(got, "7000");
    rd_kafka_conf_destroy(conf);
    unsetenv("KAFKA_BATCH_SIZE");
}

static void conf_refuses_by_name_what_would_break_a_promise(void)
{
    check_refused("KAFKA_ACKS", "1", KL_KAFKA_PRODUCER);
    check_refused("KAFKA_LINGER_MS", "5", KL_KAFKA_PRODUCER);
    check_refused("KAFKA_ENABLE_IDEMPOTENCE", "false", KL_KAFKA_PRODUCER);
    check_refused("KAFKA_MESSAGE_TIMEOUT_MS", "1000", KL_KAFKA_PRODUCER);
    check_refused("KAFKA_ENABLE_AUTO_COMMIT", "true", KL_KAFKA_CONSUMER);
}

static void conf_leaves_the_other_roles_promises_alone(void)
{
    check_property("KAFKA_ENABLE_AUTO_COMMIT", "true", KL_KAFKA_PRODUCER, "acks", "-1");
}

static void conf_refuses_a_wrong_value_naming_the_variable(void)
{
    check_refused("KAFKA_SOCKET_TIMEOUT_MS", "soon", KL_KAFKA_PRODUCER);
    check_refused("KAFKA_SECURITY_PROTOCOL", "telepathy", KL_KAFKA_CONSUMER);
}

static void conf_leaves_names_that_are_no_properties(void)
{
    static const char *const harmless[] = { "KAFKA_NO_SUCH_THING", "KAFKA_SPECIAL", "KAFKA_EXTRA", "KAFKA_BROKER", "KAFKA_PORT_9092_TCP_PROTO" };

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        check_property(harmless[i], "x", KL_KAFKA_PRODUCER, "acks", "-1");
}

static void note(const char *name, void *names)
{
    strcat(strcat(names, name), " ");
}

static void names_that_nobody_knows_are_told(void)
{
    static const char *const known[] = { "KAFKA_SASL_USERNAME", "KAFKA_COMPRESSION_TYPE", "KAFKA_LOG_LEVEL", "KAFKA_SPECIAL", "KAFKA_CLIENT_ID" };
    char names[1024] = "";

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        setenv(known[i], "1", 1);
    setenv("KAFKA_SECURITY_PROTOCL", "ssl", 1);
    kl_kafka_unknown(settings, note, names);
    CU_ASSERT_STRING_EQUAL(names, "KAFKA_SECURITY_PROTOCL ");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        unsetenv(known[i]);
    unsetenv("KAFKA_SECURITY_PROTOCL");
}

static void conf_refuses_addresses_that_are_none(void)
{
    static const struct kl_kafka_conf wrong = { "kafka:port", "kafkloud-test" };
    rd_kafka_conf_t *conf;
    struct kl_error err;

    CU_ASSERT_EQUAL(kl_kafka_conf_new(&conf, &wrong, KL_KAFKA_CONSUMER, NULL, settings, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "KAFKA_BOOTSTRAP_SERVERS");
}

static void conf_ignores_what_kubernetes_injects(void)
{
    check_property("KAFKA_ACKS", "tcp://10.0.0.1:9092", KL_KAFKA_PRODUCER, "acks", "-1");
}

static void conf_reads_the_second_earlier_name_of_the_cluster(void)
{
    check_property("KAFKA_BROKERS", "kafka-1:9092,kafka-2:9092", KL_KAFKA_PRODUCER, "bootstrap.servers", "kafka-1:9092,kafka-2:9092");
    setenv("KAFKA_BROKER", "other:9092", 1);
    check_property("KAFKA_BROKERS", "kafka-1:9092", KL_KAFKA_PRODUCER, "bootstrap.servers", "localhost:9092");
    unsetenv("KAFKA_BROKER");
}

static void errors_become_codes_that_a_caller_acts_on(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL(kl_kafka_fail(&err, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, "sending"), KL_TIMEOUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "_MSG_TIMED_OUT"));
    CU_ASSERT_EQUAL(kl_kafka_fail(&err, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "sending"), KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(err.field, "topic");
    CU_ASSERT_EQUAL(kl_kafka_fail(&err, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "sending"), KL_FORBIDDEN);
    CU_ASSERT_EQUAL(kl_kafka_fail(&err, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, "sending"), KL_TOO_LARGE);
    CU_ASSERT_EQUAL(kl_kafka_fail(&err, RD_KAFKA_RESP_ERR__QUEUE_FULL, "sending"), KL_BUSY);
    CU_ASSERT_EQUAL(kl_kafka_fail(NULL, RD_KAFKA_RESP_ERR_UNKNOWN, "sending"), KL_UPSTREAM);
}

KL_TESTS("kafka_conf", T(conf_sets_what_the_role_needs), T(conf_gives_up_an_address_where_nobody_is_within_a_delivery_timeout),
         T(conf_takes_any_property_from_the_environment),
         T(conf_prefers_the_environment_to_the_service), T(conf_refuses_by_name_what_would_break_a_promise),
         T(conf_leaves_the_other_roles_promises_alone), T(conf_refuses_a_wrong_value_naming_the_variable),
         T(conf_leaves_names_that_are_no_properties), T(names_that_nobody_knows_are_told), T(conf_refuses_addresses_that_are_none),
         T(conf_ignores_what_kubernetes_injects),
         T(conf_reads_the_second_earlier_name_of_the_cluster), T(errors_become_codes_that_a_caller_acts_on))
