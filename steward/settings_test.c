#include "settings.h"

#include "test.h"

/* Two settings of a topic: one of its own, one from the broker. */
static void settings_fill(struct settings *s)
{
    s->n = 3;
    s->rows = calloc(s->n, sizeof *s->rows);
    s->rows[0] = (struct setting){ .name = strdup("cleanup.policy"), .value = strdup("compact"), .fallback = strdup("delete"),
                                   .source = RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG, .fallback_source = RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG };
    s->rows[1] = (struct setting){ .name = strdup("fixed"), .value = strdup("1"), .source = RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG, .is_default = true,
                                   .read_only = true };
    s->rows[2] = (struct setting){ .name = strdup("retention.ms"), .value = strdup("604800000"), .source = RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG,
                                   .is_default = true, .fallback = strdup("604800000"), .fallback_source = RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG };
}

static enum kl_code check(const char *text, bool may_reset, struct kl_error *err)
{
    json_t *changes = json_loads(text, JSON_DECODE_ANY, NULL);
    enum kl_code code = settings_check(changes, may_reset, err);

    json_decref(changes);
    return code;
}

static enum kl_code merge(struct settings *s, const char *text, struct kl_error *err)
{
    json_t *changes = json_loads(text, 0, NULL);
    enum kl_code code = settings_merge(s, changes, err);

    json_decref(changes);
    return code;
}

static bool hold(const struct settings *s, const char *text)
{
    json_t *changes = json_loads(text, 0, NULL);
    bool yes = settings_hold(s, changes);

    json_decref(changes);
    return yes;
}

static void a_setting_is_a_text_and_null_where_it_may_be_reset(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL(check("{\"a\":\"1\",\"b\":null}", true, &err), KL_OK);
    CU_ASSERT_EQUAL(check("{\"a\":\"1\",\"b\":null}", false, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "b");
    CU_ASSERT_EQUAL(check("{\"retention.ms\":1000}", true, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "retention.ms");
    CU_ASSERT_EQUAL(check("[\"a\"]", true, &err), KL_INVALID);
    CU_ASSERT_EQUAL(settings_check(NULL, true, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "settings");
}

static void a_merge_sets_resets_and_leaves_the_rest(void)
{
    struct settings s;
    struct kl_error err;

    settings_fill(&s);
    CU_ASSERT_EQUAL(merge(&s, "{\"cleanup.policy\":null,\"retention.ms\":\"1000\"}", &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(s.rows[0].value, "delete");
    CU_ASSERT_EQUAL(s.rows[0].source, RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG);
    CU_ASSERT_FALSE(s.rows[0].is_default);
    CU_ASSERT_STRING_EQUAL(s.rows[1].value, "1");
    CU_ASSERT_STRING_EQUAL(s.rows[2].value, "1000");
    CU_ASSERT_EQUAL(s.rows[2].source, RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG);
    CU_ASSERT_FALSE(s.rows[2].is_default);
    CU_ASSERT_EQUAL(merge(&s, "{\"retention.ms\":null}", &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(s.rows[2].value, "604800000");
    CU_ASSERT(s.rows[2].is_default);
    settings_fini(&s);
}

static void an_unknown_and_a_fixed_setting_are_refused_by_name(void)
{
    struct settings s;
    struct kl_error err;

    settings_fill(&s);
    CU_ASSERT_EQUAL(merge(&s, "{\"retention.mz\":\"1\"}", &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "retention.mz");
    CU_ASSERT_EQUAL(merge(&s, "{\"fixed\":\"2\"}", &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "fixed");
    settings_fini(&s);
}

static void changes_hold_when_each_is_the_topics_own_or_not_any_more(void)
{
    struct settings s;

    settings_fill(&s);
    CU_ASSERT(hold(&s, "{\"cleanup.policy\":\"compact\"}"));
    CU_ASSERT(hold(&s, "{\"retention.ms\":null}"));
    CU_ASSERT_FALSE(hold(&s, "{\"cleanup.policy\":\"delete\"}"));
    CU_ASSERT_FALSE(hold(&s, "{\"cleanup.policy\":null}"));
    CU_ASSERT_FALSE(hold(&s, "{\"retention.ms\":\"604800000\"}")); /* the same value, and not its own */
    settings_fini(&s);
}

static void a_sensitive_value_is_never_written(void)
{
    struct settings s;
    struct kl_buf b;

    settings_fill(&s);
    s.rows[0].sensitive = true;
    kl_buf_init(&b, 4096);
    settings_write(&b, &s);
    CU_ASSERT_PTR_NULL(strstr(b.data, "compact"));
    CU_ASSERT_PTR_NOT_NULL(strstr(b.data, "{\"name\":\"cleanup.policy\",\"value\":null,\"source\":\"dynamic\",\"default\":false,\"read_only\":false,\"sensitive\":true}"));
    CU_ASSERT_PTR_NOT_NULL(strstr(b.data, "{\"name\":\"fixed\",\"value\":\"1\",\"source\":\"default\",\"default\":true,\"read_only\":true,\"sensitive\":false}"));
    kl_buf_fini(&b);
    settings_fini(&s);
}

KL_TESTS("settings", T(a_setting_is_a_text_and_null_where_it_may_be_reset), T(a_merge_sets_resets_and_leaves_the_rest),
         T(an_unknown_and_a_fixed_setting_are_refused_by_name), T(changes_hold_when_each_is_the_topics_own_or_not_any_more),
         T(a_sensitive_value_is_never_written))
