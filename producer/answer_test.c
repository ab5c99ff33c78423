#include "answer.h"

#include "test.h"

static struct outcome acked(void)
{
    struct outcome o = { .partition = 3, .offset = 42, .timestamp_ms = 1763776044000, .accepted_us = 1763776044000123, .delay_us = 512 };

    kl_uuid_parse("0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01", 36, &o.id);
    return o;
}

/* As docs/http-api.md shows it. */
static void an_acked_record_is_told_as_documented(void)
{
    struct outcome o = acked();
    struct kl_buf out;

    kl_buf_init(&out, 1000);
    CU_ASSERT_TRUE(answer_add_acked(&out, &o, "orders"));
    CU_ASSERT_STRING_EQUAL(out.data, "{\"id\":\"0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01\",\"topic\":\"orders\",\"partition\":3,\"offset\":42,"
                                     "\"timestamp_ms\":1763776044000,\"accepted_us\":1763776044000123,\"ack_us\":512}");
    kl_buf_fini(&out);
}

static void an_offset_that_was_not_told_is_null(void)
{
    struct outcome o = acked();
    struct kl_buf out;

    o.offset = -1;
    kl_buf_init(&out, 1000);
    CU_ASSERT_TRUE(answer_add_acked(&out, &o, "orders"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "\"offset\":null"));
    kl_buf_fini(&out);
}

static void an_answer_that_does_not_fit_is_seen(void)
{
    struct outcome o = acked();
    struct kl_buf out;

    kl_buf_init(&out, 50);
    CU_ASSERT_FALSE(answer_add_acked(&out, &o, "orders"));
    kl_buf_fini(&out);
}

KL_TESTS("answer", T(an_acked_record_is_told_as_documented), T(an_offset_that_was_not_told_is_null), T(an_answer_that_does_not_fit_is_seen))
