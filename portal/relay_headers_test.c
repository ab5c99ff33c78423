/* relay_headers_test.c - what passes and what ends at the portal. */
#include "relay_headers.h"

#include "buf.h"
#include "test.h"

static bool down(const char *name)
{
    return relay_header_comes_down(name, strlen(name));
}

static void what_a_service_reads_goes_up(void)
{
    static const char *const names[] = { "Content-Type", "Accept", "Accept-Encoding", "Prefer", "Idempotency-Key",
                                         "Kafkloud-Header-Source", "Last-Event-ID", "If-None-Match", "User-Agent",
                                         "Authorization", "traceparent", "Cache-Control", "Forwarded" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT_TRUE(relay_header_goes_up(names[i]));
}

static void what_belongs_to_the_browsers_connection_stays(void)
{
    static const char *const names[] = { "Connection", "keep-alive", "TE", "Trailer", "Transfer-Encoding", "UPGRADE",
                                         "Proxy-Authorization", "Host", "Content-Length", "Expect", "Origin", "Cookie",
                                         "X-Forwarded-For", "Sec-Fetch-Site" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT_FALSE(relay_header_goes_up(names[i]));
}

static void a_name_that_is_no_token_stays(void)
{
    CU_ASSERT_FALSE(relay_header_goes_up(""));
    CU_ASSERT_FALSE(relay_header_goes_up("a b"));
    CU_ASSERT_FALSE(relay_header_goes_up("a;b"));
    CU_ASSERT_FALSE(relay_header_goes_up("a\r\nHost"));
    CU_ASSERT_FALSE(relay_header_goes_up("a:b"));
}

static void what_a_service_says_comes_down(void)
{
    CU_ASSERT_TRUE(down("Content-Type"));
    CU_ASSERT_TRUE(down("Kafkloud-Receipt"));
    CU_ASSERT_TRUE(down("Idempotency-Hit"));
    CU_ASSERT_TRUE(down("Retry-After"));
    CU_ASSERT_TRUE(down("ETag"));
    CU_ASSERT_TRUE(down("Content-Encoding"));
    CU_ASSERT_TRUE(down("Allow"));
}

static void what_only_the_portal_may_say_does_not_come_down(void)
{
    CU_ASSERT_FALSE(down("Content-Security-Policy"));
    CU_ASSERT_FALSE(down("access-control-allow-origin"));
    CU_ASSERT_FALSE(down("Set-Cookie"));
    CU_ASSERT_FALSE(down("Content-Length"));
    CU_ASSERT_FALSE(down("Transfer-Encoding"));
    CU_ASSERT_FALSE(down("Keep-Alive"));
    CU_ASSERT_FALSE(down("Strict-Transport-Security"));
}

static void a_field_that_connection_lists_is_of_one_connection(void)
{
    CU_ASSERT_TRUE(relay_header_listed("close, X-Hop", "x-hop", 5));
    CU_ASSERT_TRUE(relay_header_listed(" X-Hop,close", "X-Hop", 5));
    CU_ASSERT_FALSE(relay_header_listed("X-Hopper", "X-Hop", 5));
    CU_ASSERT_FALSE(relay_header_listed("", "X-Hop", 5));
    CU_ASSERT_FALSE(relay_header_listed(NULL, "X-Hop", 5));
}

static void field_show(void *ctx, const char *name, size_t len, const char *value)
{
    kl_buf_addf(ctx, "[%.*s|%s]", (int)len, name, value);
}

static void a_head_is_read_field_by_field(void)
{
    static const char text[] = "ETag: \"a:b\"\r\nEmpty:\r\nX:  two words\t \r\nno colon here\r\n folded: line\r\nBare:lf\n";
    char head[sizeof text];
    struct kl_buf out;

    memcpy(head, text, sizeof text);
    kl_buf_init(&out, 1000);
    relay_head_each(head, field_show, &out);
    CU_ASSERT_STRING_EQUAL(out.data, "[ETag|\"a:b\"][Empty|][X|two words][ folded|line][Bare|lf]");
    CU_ASSERT_EQUAL(memcmp(head, text, sizeof text), 0);
    kl_buf_fini(&out);
}

KL_TESTS("relay_headers",
         T(what_a_service_reads_goes_up),
         T(what_belongs_to_the_browsers_connection_stays),
         T(a_name_that_is_no_token_stays),
         T(what_a_service_says_comes_down),
         T(what_only_the_portal_may_say_does_not_come_down),
         T(a_field_that_connection_lists_is_of_one_connection),
         T(a_head_is_read_field_by_field))
