#include "reset.h"

#include "test.h"

static struct reset_request request;
static struct kl_error err;

static enum kl_code read(const char *text)
{
    json_t *body = json_loads(text, 0, NULL);
    enum kl_code code = reset_request_read(&request, body, &err);

    json_decref(body);
    return code;
}

static void refuses(const char *text, const char *field)
{
    CU_ASSERT_NOT_EQUAL(read(text), KL_OK);
    CU_ASSERT_STRING_EQUAL(err.field, field);
    reset_request_fini(&request);
}

static void a_request_without_topics_means_all_of_them(void)
{
    CU_ASSERT_EQUAL(read("{\"to\":\"earliest\"}"), KL_OK);
    CU_ASSERT_EQUAL(request.n_topics, 0);
    CU_ASSERT_EQUAL(request.n_partitions, 0);
    CU_ASSERT_EQUAL(request.target.to, RESET_EARLIEST);
    reset_request_fini(&request);
}

static void a_request_may_name_topics_and_the_partitions_of_one(void)
{
    CU_ASSERT_EQUAL(read("{\"topics\":[\"a\",\"b\"],\"to\":\"latest\"}"), KL_OK);
    CU_ASSERT_EQUAL(request.n_topics, 2);
    CU_ASSERT_STRING_EQUAL(request.topics[1], "b");
    CU_ASSERT_EQUAL(request.target.to, RESET_LATEST);
    reset_request_fini(&request);
    CU_ASSERT_EQUAL(read("{\"topics\":[\"a\"],\"partitions\":[0,7],\"to\":{\"shift\":-3}}"), KL_OK);
    CU_ASSERT_EQUAL(request.n_partitions, 2);
    CU_ASSERT_EQUAL(request.partitions[1], 7);
    CU_ASSERT_EQUAL(request.target.to, RESET_SHIFT);
    CU_ASSERT_EQUAL(request.target.n, -3);
    reset_request_fini(&request);
}

static void a_target_is_a_time_or_an_offset_too(void)
{
    CU_ASSERT_EQUAL(read("{\"to\":{\"time_ms\":1763776044000}}"), KL_OK);
    CU_ASSERT_EQUAL(request.target.to, RESET_TIME);
    CU_ASSERT_EQUAL(request.target.n, 1763776044000);
    reset_request_fini(&request);
    CU_ASSERT_EQUAL(read("{\"to\":{\"offset\":0}}"), KL_OK);
    CU_ASSERT_EQUAL(request.target.to, RESET_OFFSET);
    reset_request_fini(&request);
}

static void a_wrong_request_is_refused_by_the_name_of_its_member(void)
{
    refuses("", "to");
    refuses("{}", "to");
    refuses("{\"to\":\"oldest\"}", "to");
    refuses("{\"to\":{}}", "to");
    refuses("{\"to\":{\"offset\":-1}}", "to");
    refuses("{\"to\":{\"offset\":1.5}}", "to");
    refuses("{\"to\":{\"offset\":1,\"shift\":1}}", "to");
    refuses("{\"to\":\"latest\",\"topics\":\"a\"}", "topics");
    refuses("{\"to\":\"latest\",\"topics\":[]}", "topics");
    refuses("{\"to\":\"latest\",\"topics\":[1]}", "topics");
    refuses("{\"to\":\"latest\",\"topics\":[\"a b\"]}", "topics");
    refuses("{\"to\":\"latest\",\"partitions\":[0]}", "partitions");
    refuses("{\"to\":\"latest\",\"topics\":[\"a\",\"b\"],\"partitions\":[0]}", "partitions");
    refuses("{\"to\":\"latest\",\"topics\":[\"a\"],\"partitions\":[-1]}", "partitions");
    refuses("{\"to\":\"latest\",\"topics\":[\"a\"],\"partitions\":[2147483648]}", "partitions");
}

static const struct reset_place place = { .low = 100, .high = 200, .committed = 150, .at_time = 170 };

static void goes_to(enum reset_to to, int64_t n, int64_t want, bool clamped)
{
    struct reset_change change = reset_plan(&(struct reset_target){ to, n }, &place);

    CU_ASSERT_EQUAL(change.to, want);
    CU_ASSERT_EQUAL(change.clamped, clamped);
}

static void the_ends_of_the_log_are_its_ends(void)
{
    goes_to(RESET_EARLIEST, 0, 100, false);
    goes_to(RESET_LATEST, 0, 200, false);
}

static void a_time_is_the_first_message_since_or_the_end(void)
{
    struct reset_place young = place;

    goes_to(RESET_TIME, 1, 170, false);
    young.at_time = -1;
    CU_ASSERT_EQUAL(reset_plan(&(struct reset_target){ RESET_TIME, 1 }, &young).to, 200);
}

static void an_offset_outside_of_the_log_is_clamped_and_said(void)
{
    goes_to(RESET_OFFSET, 120, 120, false);
    goes_to(RESET_OFFSET, 100, 100, false);
    goes_to(RESET_OFFSET, 200, 200, false);
    goes_to(RESET_OFFSET, 99, 100, true);
    goes_to(RESET_OFFSET, 201, 200, true);
}

static void a_shift_goes_from_the_committed_offset_either_way(void)
{
    goes_to(RESET_SHIFT, 10, 160, false);
    goes_to(RESET_SHIFT, -10, 140, false);
    goes_to(RESET_SHIFT, -51, 100, true);
    goes_to(RESET_SHIFT, 51, 200, true);
    goes_to(RESET_SHIFT, INT64_MAX, 200, true);
    goes_to(RESET_SHIFT, INT64_MIN, 100, true);
}

static void what_was_never_committed_cannot_be_shifted(void)
{
    struct reset_place never = place;

    never.committed = -1;
    CU_ASSERT_EQUAL(reset_plan(&(struct reset_target){ RESET_SHIFT, 1 }, &never).to, -1);
    CU_ASSERT_EQUAL(reset_plan(&(struct reset_target){ RESET_EARLIEST, 0 }, &never).to, 100);
}

KL_TESTS("reset",
         T(a_request_without_topics_means_all_of_them),
         T(a_request_may_name_topics_and_the_partitions_of_one),
         T(a_target_is_a_time_or_an_offset_too),
         T(a_wrong_request_is_refused_by_the_name_of_its_member),
         T(the_ends_of_the_log_are_its_ends),
         T(a_time_is_the_first_message_since_or_the_end),
         T(an_offset_outside_of_the_log_is_clamped_and_said),
         T(a_shift_goes_from_the_committed_offset_either_way),
         T(what_was_never_committed_cannot_be_shifted))
