#include "topic.h"
#include "test.h"

static bool legal(const char *topic, size_t len)
{
    return kl_topic_check(topic, len, NULL) == KL_OK;
}

static void topic_names_are_kafkas(void)
{
    char longest[KL_TOPIC_BYTES];

    memset(longest, 'x', sizeof longest);
    CU_ASSERT_TRUE(legal("orders", 6));
    CU_ASSERT_TRUE(legal("a.B_9-z", 7));
    CU_ASSERT_TRUE(legal("...", 3));
    CU_ASSERT_TRUE(legal(longest, 249));
    CU_ASSERT_FALSE(legal(longest, 250));
    CU_ASSERT_FALSE(legal("", 0));
    CU_ASSERT_FALSE(legal(".", 1));
    CU_ASSERT_FALSE(legal("..", 2));
    CU_ASSERT_FALSE(legal("a/b", 3));
    CU_ASSERT_FALSE(legal("a\0b", 3));
    CU_ASSERT_FALSE(legal("\xc3\xa9", 2));
}

static void a_wrong_topic_name_is_named(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL(kl_topic_check("a b", 3, &err), KL_INVALID);
    CU_ASSERT_STRING_EQUAL(err.field, "topic");
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "character 2"));
}

static void internal_topics_are_known(void)
{
    CU_ASSERT_TRUE(kl_topic_internal("__consumer_offsets"));
    CU_ASSERT_TRUE(kl_topic_internal("_schemas"));
    CU_ASSERT_TRUE(kl_topic_internal("kafkloud-outcomes"));
    CU_ASSERT_FALSE(kl_topic_internal("_private"));
    CU_ASSERT_FALSE(kl_topic_internal("kafkloud"));
}

KL_TESTS("topic", T(topic_names_are_kafkas), T(a_wrong_topic_name_is_named), T(internal_topics_are_known))
