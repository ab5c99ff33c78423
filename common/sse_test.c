#include "sse.h"

#include "test.h"

static char room[256];
static struct kl_buf b;

static void event_is(const char *id, const char *event, const char *data, size_t len, const char *want)
{
    kl_buf_init_fixed(&b, room, sizeof room);
    CU_ASSERT_TRUE(kl_sse_event(&b, id, event, data, len));
    CU_ASSERT_STRING_EQUAL(room, want);
    if (strcmp(room, want) != 0)
        printf("    %s", room);
}

static void an_event_is_its_lines_and_a_blank_one(void)
{
    event_is("orders:3", "streamer", "hello", 5, "id: orders:3\nevent: streamer\ndata: hello\n\n");
    event_is(NULL, NULL, " blank first", 12, "data:  blank first\n\n");
    event_is(NULL, NULL, "colon: kept", 11, "data: colon: kept\n\n");
}

static void an_id_alone_dispatches_nothing(void)
{
    event_is("orders:3", NULL, NULL, 0, "id: orders:3\n\n");
}

static void empty_data_is_one_empty_line(void)
{
    event_is(NULL, "streamer", "", 0, "event: streamer\ndata: \n\n");
}

static void data_is_cut_at_each_kind_of_line_end(void)
{
    event_is(NULL, NULL, "a\nb\rc\r\nd", 8, "data: a\ndata: b\ndata: c\ndata: d\n\n");
    event_is(NULL, NULL, "\n\r\r\n\n", 5, "data: \ndata: \ndata: \ndata: \ndata: \n\n");
}

static void a_trailing_line_end_is_not_lost(void)
{
    event_is(NULL, NULL, "a\n", 2, "data: a\ndata: \n\n");
    event_is(NULL, NULL, "\n", 1, "data: \ndata: \n\n");
    event_is(NULL, NULL, "a\r", 2, "data: a\ndata: \n\n");
    event_is(NULL, NULL, "a\r\nb", 2, "data: a\ndata: \n\n"); /* the CR is the last that counts */
}

static void data_cannot_make_fields_of_its_own(void)
{
    event_is(NULL, NULL, "x\nevent: fake\n\nid: 9", 20, "data: x\ndata: event: fake\ndata: \ndata: id: 9\n\n");
}

static void an_event_goes_in_whole_or_not_at_all(void)
{
    kl_buf_init_fixed(&b, room, 30);
    CU_ASSERT_TRUE(kl_sse_event(&b, NULL, NULL, "12345", 5));
    CU_ASSERT_FALSE(kl_sse_event(&b, "1", "streamer", "12345", 5));
    CU_ASSERT_TRUE(b.failed);
    CU_ASSERT_STRING_EQUAL(room, "data: 12345\n\n");
}

static void comments_and_retry_have_their_own_lines(void)
{
    kl_buf_init_fixed(&b, room, sizeof room);
    CU_ASSERT_TRUE(kl_sse_comment(&b, "heartbeat"));
    CU_ASSERT_TRUE(kl_sse_retry(&b, 15000));
    CU_ASSERT_STRING_EQUAL(room, ": heartbeat\n\nretry: 15000\n\n");
}

KL_TESTS("sse", T(an_event_is_its_lines_and_a_blank_one), T(an_id_alone_dispatches_nothing),
         T(empty_data_is_one_empty_line), T(data_is_cut_at_each_kind_of_line_end), T(a_trailing_line_end_is_not_lost),
         T(data_cannot_make_fields_of_its_own), T(an_event_goes_in_whole_or_not_at_all),
         T(comments_and_retry_have_their_own_lines))
