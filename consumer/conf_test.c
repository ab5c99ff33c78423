/* conf_test.c - what of the consumer's settings its table cannot say. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "consumer.h"
#include "test.h"

static char path[64];

static int begin(void)
{
    snprintf(path, sizeof path, "/tmp/kafkloud-consumer-conf-%d", (int)getpid());
    return 0;
}
static int end(void)
{
    unlink(path);
    return 0;
}

static enum kl_code read_store(struct consumer_conf *conf, const char *content, size_t len)
{
    FILE *f = fopen(path, "w");
    struct kl_error err;

    fwrite(content, 1, len, f);
    fclose(f);
    *conf = (struct consumer_conf){ .store_file = "receipts.db", .store_url_file = path };
    return consumer_conf_read_store(conf, &err);
}

static void a_files_line_takes_the_place_of_store(void)
{
    struct consumer_conf conf;

    CU_ASSERT_EQUAL(read_store(&conf, "postgresql://u:p@h/d\n", 21), KL_OK);
    CU_ASSERT_STRING_EQUAL(conf.store_file, "postgresql://u:p@h/d");
    CU_ASSERT(consumer_shares(&conf));
    CU_ASSERT_EQUAL(read_store(&conf, "kept.db", 7), KL_OK);
    CU_ASSERT_STRING_EQUAL(conf.store_file, "kept.db");
}

static void without_a_file_store_stays(void)
{
    struct consumer_conf conf = { .store_file = "receipts.db" };
    struct kl_error err;

    CU_ASSERT_EQUAL(consumer_conf_read_store(&conf, &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(conf.store_file, "receipts.db");
}

static void a_file_that_is_missing_empty_or_too_long_is_refused_without_its_content(void)
{
    static char longer[STORE_URL_MAX + 1];
    struct consumer_conf conf = { .store_file = "receipts.db", .store_url_file = "/nowhere/at/all" };
    struct kl_error err;

    CU_ASSERT_EQUAL(consumer_conf_read_store(&conf, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nowhere/at/all"));
    CU_ASSERT_EQUAL(read_store(&conf, "", 0), KL_INVALID);
    CU_ASSERT_EQUAL(consumer_conf_read_store(&conf, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "it is empty"));
    CU_ASSERT_EQUAL(read_store(&conf, "\n", 1), KL_INVALID);
    memset(longer, 's', sizeof longer);
    CU_ASSERT_EQUAL(read_store(&conf, longer, sizeof longer), KL_INVALID);
    CU_ASSERT_EQUAL(consumer_conf_read_store(&conf, &err), KL_INVALID);
    CU_ASSERT_PTR_NULL(strstr(err.text, "sss"));
}

static void a_url_of_something_else_is_not_taken_for_a_file(void)
{
    static const char *const wrong[] = { "mysql://user:sesame@host/db", "Postgresql://user:sesame@host/db", "sqlite://sesame.db" };
    struct consumer_conf conf = { .existing_topics = "end" };
    struct kl_error err;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        conf.store_file = wrong[i];
        CU_ASSERT_EQUAL(consumer_conf_check(&conf, &err), KL_INVALID);
        CU_ASSERT_STRING_EQUAL(err.field, "STORE");
        CU_ASSERT_PTR_NULL(strstr(err.text, "sesame"));
    }
}

KL_TESTS_WITH("consumer conf", begin, end, T(a_files_line_takes_the_place_of_store), T(without_a_file_store_stays),
              T(a_file_that_is_missing_empty_or_too_long_is_refused_without_its_content), T(a_url_of_something_else_is_not_taken_for_a_file))
