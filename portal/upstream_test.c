/* upstream_test.c - where the services are. */
#include "upstream.h"

#include "test.h"

static enum kl_code init_with(struct upstreams *u, const char *producer_url, struct kl_error *err)
{
    const char *urls[UPSTREAMS] = { producer_url, "http://127.0.0.1:8072", "http://[::1]:8060", "https://seer.example/" };

    return upstreams_init(u, urls, err);
}

static void a_path_finds_its_service_by_whole_segments(void)
{
    struct upstreams u;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(init_with(&u, "http://127.0.0.1:8000", &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(upstreams_find(&u, "/api/producer/produce/t")->name, "producer");
    CU_ASSERT_STRING_EQUAL(upstreams_find(&u, "/api/consumer/")->name, "consumer");
    CU_ASSERT_STRING_EQUAL(upstreams_find(&u, "/api/seer/../x")->name, "seer");
    CU_ASSERT_PTR_NULL(upstreams_find(&u, "/api/producer"));
    CU_ASSERT_PTR_NULL(upstreams_find(&u, "/api/producers/x"));
    CU_ASSERT_PTR_NULL(upstreams_find(&u, "/producer/x"));
    upstreams_fini(&u);
}

static void a_url_is_split_into_origin_and_base(void)
{
    struct upstreams u;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(init_with(&u, "http://gate.example:81/kafka/producer/", &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(u.list[0].origin, "http://gate.example:81");
    CU_ASSERT_STRING_EQUAL(u.list[0].base, "/kafka/producer");
    CU_ASSERT_STRING_EQUAL(u.list[2].origin, "http://[::1]:8060");
    CU_ASSERT_STRING_EQUAL(u.list[3].origin, "https://seer.example");
    CU_ASSERT_STRING_EQUAL(u.list[3].base, "");
    upstreams_fini(&u);
}

static void a_wrong_url_is_refused_by_the_settings_name(void)
{
    static const char *const wrong[] = { "", "127.0.0.1:8000", "localhost", "ftp://x/", "file:///etc/passwd", "http://",
                                         "http://u:p@x/", "http://x/?a=b", "http://x/#y", "http://x:99999/", "http://a b/" };
    struct upstreams u;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct kl_error err;

        CU_ASSERT_EQUAL(init_with(&u, wrong[i], &err), KL_INVALID);
        CU_ASSERT_STRING_EQUAL(err.field, "PRODUCER_URL");
    }
}

static void an_absent_service_is_named_with_the_way_to_start_it(void)
{
    struct upstreams u;
    struct kl_error err;
    char text[256];

    CU_ASSERT_EQUAL_FATAL(init_with(&u, "http://127.0.0.1:8000", &err), KL_OK);
    upstream_absent(&u.list[0], text, sizeof text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "http://127.0.0.1:8000"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "kafkloud-producer"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "PRODUCER_URL"));
    upstreams_fini(&u);
}

static void a_service_that_does_not_exist_yet_is_not_to_be_started(void)
{
    struct upstreams u;
    struct kl_error err;
    char text[256];

    CU_ASSERT_EQUAL_FATAL(init_with(&u, "http://127.0.0.1:8000", &err), KL_OK);
    upstream_absent(&u.list[3], text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "nobody answers for the seer at https://seer.example: start it (make up, or kafkloud-seer), or set SEER_URL to where it is");
    upstreams_fini(&u);
}

KL_TESTS("upstream",
         T(a_path_finds_its_service_by_whole_segments),
         T(a_url_is_split_into_origin_and_base),
         T(a_wrong_url_is_refused_by_the_settings_name),
         T(an_absent_service_is_named_with_the_way_to_start_it),
         T(a_service_that_does_not_exist_yet_is_not_to_be_started))
