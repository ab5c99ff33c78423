#include "kafka_servers.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static void addresses_are_taken_in_each_form_librdkafka_reads(void)
{
    static const char *const good[] = {
        "localhost:9092", "127.0.0.1:1", "kafka", "a_b-c.example.org:65535", "a:1,b:2", " a:1 , b:2 ", "a:1,,b:2,",
        "[::1]:9092", "[fe80::1%eth0]", "SASL_SSL://broker:9094", "plaintext://[::1]:9092", "SSL://one:1,SSL://two:2",
    };
    struct kl_error err;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (kl_kafka_servers_check(good[i], &err) != KL_OK)
            CU_FAIL(good[i]);
}

static void what_is_no_address_is_named_with_what_is_right(void)
{
    static const char *const bad[] = {
        "foo:bar", "foo:99999", "foo:0", "foo:", ":9092", "foo:9092:1", "foo:-1", "foo:4294976388", "foo bar:9092", "::1",
        "[]:9092", "[::1", "[::1]9092", "http://foo:9092", "SASL_SSL://", "good:1,foo:bar", "foo:90 92", "föö:1",
    };
    struct kl_error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CU_ASSERT_EQUAL(kl_kafka_servers_check(bad[i], &err), KL_INVALID);
        CU_ASSERT_STRING_EQUAL(err.field, "KAFKA_BOOTSTRAP_SERVERS");
    }
    CU_ASSERT_EQUAL(kl_kafka_servers_check("good:1, foo:bar", &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.text, "KAFKA_BOOTSTRAP_SERVERS: \"foo:bar\" is not host:port with a port from 1 to 65535, as in localhost:9092");
}

static void a_list_without_an_address_is_none(void)
{
    static const char *const bad[] = { "", " ", ",", " , " };
    struct kl_error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CU_ASSERT_EQUAL(kl_kafka_servers_check(bad[i], &err), KL_INVALID);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "names no broker"));
    }
}

KL_TESTS("kafka_servers", T(addresses_are_taken_in_each_form_librdkafka_reads), T(what_is_no_address_is_named_with_what_is_right),
         T(a_list_without_an_address_is_none))
