/* Pages of logs that are only numbers: an offset is there or not. */
#include "browse.h"

#include <stdio.h>

#include "test.h"

#define LOG_MAX   20000
#define BYTES_MAX (1 << 20)

static struct log {
    int64_t low, high;
    bool    hole[LOG_MAX];
    int64_t time[LOG_MAX];
    size_t  bytes[LOG_MAX]; /* 0: one */
} logs[3];
static struct browse b;
static struct kl_error err;
static long n_read, n_starts; /* messages given, times that reading was begun */

static void begin(void)
{
    memset(logs, 0, sizeof logs);
    for (size_t i = 0; i < 3; i++)
        for (int64_t o = 0; o < LOG_MAX; o++)
            logs[i].time[o] = o;
    n_read = n_starts = 0;
}

static struct browse_item *item_at(const struct log *log, int64_t offset)
{
    struct browse_item *item = calloc(1, sizeof *item);

    CU_ASSERT_PTR_NOT_NULL_FATAL(item);
    *item = (struct browse_item){ .offset = offset, .timestamp_ms = log->time[offset], .len = log->bytes[offset] ? log->bytes[offset] : 1 };
    n_read++;
    return item;
}

/* What a consumer does. */
static void read_part(struct browse_part *p, const struct log *log)
{
    int64_t offset = p->from;

    for (n_starts++; !p->done;) {
        enum browse_step step;

        while (offset < log->high && log->hole[offset])
            offset++;
        step = offset < log->high ? browse_take(&b, p, item_at(log, offset)) : browse_nothing_more(&b, p);
        offset = step == BROWSE_AGAIN ? p->from : offset + 1;
        n_starts += step == BROWSE_AGAIN;
    }
}

static void page(bool backward, size_t limit, size_t n_parts, const int64_t *starts)
{
    CU_ASSERT_EQUAL_FATAL(browse_init(&b, backward, limit, BYTES_MAX, n_parts, &err), KL_OK);
    for (size_t i = 0; i < n_parts; i++) {
        browse_begin(&b, &b.parts[i], (int32_t)i, logs[i].low, logs[i].high, starts[i]);
        read_part(&b.parts[i], &logs[i]);
    }
    CU_ASSERT_EQUAL_FATAL(browse_merge(&b, &err), KL_OK);
}

/* "3 4 7", the offsets on the page. */
static const char *offsets(void)
{
    static char text[8 * BROWSE_LIMIT_MAX];
    size_t len = 0;

    text[0] = 0;
    for (size_t i = 0; i < b.n_page; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld", i ? " " : "", (long long)b.page[i]->offset);
    return text;
}

static void page_is(bool backward, size_t limit, int64_t start, const char *want, int64_t from, int64_t to)
{
    page(backward, limit, 1, &start);
    CU_ASSERT_STRING_EQUAL(offsets(), want);
    CU_ASSERT_EQUAL(b.parts[0].begin, from);
    CU_ASSERT_EQUAL(b.parts[0].end, to);
    browse_fini(&b);
}

static void a_page_forward_begins_at_its_start(void)
{
    begin();
    logs[0].low = 10;
    logs[0].high = 20;
    page_is(false, 3, 10, "10 11 12", 10, 13);
    page_is(false, 3, 13, "13 14 15", 13, 16);
    page_is(false, 3, 18, "18 19", 18, 20);
    page_is(false, 3, 20, "", 20, 20);
    page_is(false, 3, 0, "10 11 12", 10, 13);
    page_is(false, 3, 999, "", 20, 20);
}

static void a_page_backward_ends_before_its_start(void)
{
    begin();
    logs[0].low = 10;
    logs[0].high = 20;
    page_is(true, 3, 20, "17 18 19", 17, 20);
    page_is(true, 3, 17, "14 15 16", 14, 17);
    page_is(true, 3, 12, "10 11", 10, 12);
    page_is(true, 3, 10, "", 10, 10);
    page_is(true, 3, 999, "17 18 19", 17, 20);
}

static void holes_do_not_shorten_a_page(void)
{
    begin();
    logs[0].high = 20;
    for (int64_t o = 5; o < 19; o++)
        logs[0].hole[o] = o != 8;
    page_is(true, 3, 20, "4 8 19", 4, 20);
    page_is(true, 3, 19, "3 4 8", 3, 19);
    page_is(false, 3, 4, "4 8 19", 4, 20);
    for (int64_t o = 0; o < 20; o++)
        logs[0].hole[o] = true;
    page_is(true, 3, 20, "", 0, 20);
    page_is(false, 3, 0, "", 0, 20);
}

static void a_long_hole_is_crossed_in_few_steps(void)
{
    begin();
    logs[0].high = LOG_MAX;
    for (int64_t o = 10; o < LOG_MAX - 1; o++)
        logs[0].hole[o] = true;
    page_is(true, 3, LOG_MAX, "8 9 19999", 8, LOG_MAX);
    CU_ASSERT(n_starts < 20);
}

static void behind_a_long_hole_not_everything_is_read(void)
{
    begin();
    logs[0].high = LOG_MAX;
    for (int64_t o = 10000; o < LOG_MAX; o++)
        logs[0].hole[o] = true;
    page_is(true, 10, LOG_MAX, "9990 9991 9992 9993 9994 9995 9996 9997 9998 9999", 9990, LOG_MAX);
    CU_ASSERT(n_read < 2000);
    CU_ASSERT(n_starts < 60);
}

static void pages_backward_and_forward_have_every_message_once(void)
{
    begin();
    logs[0].high = LOG_MAX;
    for (int64_t o = 0; o < LOG_MAX; o++)
        logs[0].hole[o] = (o * 7919 % 13 > 2) == (o / 3000 % 2); /* dense and sparse stretches */
    for (int backward = 0; backward < 2; backward++) {
        int64_t at = backward ? LOG_MAX : 0, messages = 0, wrong = 0;
        bool more;

        do {
            page(backward, 50, 1, &at);
            for (size_t i = 0; i < b.n_page; i++) {
                int64_t next = i + 1 < b.n_page ? b.page[i + 1]->offset : b.parts[0].end;

                for (int64_t o = b.page[i]->offset + 1; o < next; o++)
                    wrong += !logs[0].hole[o];
                messages++;
            }
            at = backward ? b.parts[0].begin : b.parts[0].end;
            more = backward ? browse_more_before(&b) : browse_more_behind(&b);
            browse_fini(&b);
        } while (more);
        for (int64_t o = 0; o < LOG_MAX; o++)
            messages -= !logs[0].hole[o];
        CU_ASSERT_EQUAL(messages, 0);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static void a_page_is_bounded_in_bytes_and_has_one_message_at_least(void)
{
    begin();
    logs[0].high = 20;
    for (int64_t o = 0; o < 20; o++)
        logs[0].bytes[o] = BYTES_MAX / 4;
    logs[0].bytes[10] = 2 * BYTES_MAX;
    page_is(false, 20, 0, "0 1 2 3", 0, 4);
    page_is(true, 20, 20, "16 17 18 19", 16, 20);
    page_is(false, 20, 10, "10", 10, 11);
    page_is(true, 20, 11, "10", 10, 11);
    page_is(true, 20, 13, "11 12", 11, 13);
}

static void partitions_are_merged_by_time_and_go_on_where_each_was_left(void)
{
    static const int64_t beginning[] = { 0, 0, 0 }, ends[] = { 4, 4, 4 };

    begin();
    for (size_t i = 0; i < 3; i++) {
        logs[i].high = 4;
        for (int64_t o = 0; o < 4; o++)
            logs[i].time[o] = 10 * o + (int64_t)i;
    }
    logs[1].time[1] = 5;
    page(false, 5, 3, beginning); /* times 0 1 2 5 10 */
    CU_ASSERT_STRING_EQUAL(offsets(), "0 0 0 1 1");
    CU_ASSERT_EQUAL(b.parts[0].end, 2);
    CU_ASSERT_EQUAL(b.parts[1].end, 2);
    CU_ASSERT_EQUAL(b.parts[2].end, 1);
    CU_ASSERT_FALSE(browse_more_before(&b));
    CU_ASSERT_TRUE(browse_more_behind(&b));
    browse_fini(&b);
    page(true, 5, 3, ends); /* times 21 22 30 31 32 */
    CU_ASSERT_STRING_EQUAL(offsets(), "2 2 3 3 3");
    CU_ASSERT_EQUAL(b.parts[0].begin, 3);
    CU_ASSERT_EQUAL(b.parts[1].begin, 2);
    CU_ASSERT_TRUE(browse_more_before(&b));
    CU_ASSERT_FALSE(browse_more_behind(&b));
    browse_fini(&b);
}

static void without_time_a_page_has_what_is_sure(void)
{
    struct browse_part *p;

    begin();
    CU_ASSERT_EQUAL_FATAL(browse_init(&b, true, 5, BYTES_MAX, 1, &err), KL_OK);
    p = &b.parts[0];
    browse_begin(&b, p, 0, 0, 100, 100);
    logs[0].high = 100;
    CU_ASSERT_EQUAL(browse_take(&b, p, item_at(&logs[0], 97)), BROWSE_ON);
    CU_ASSERT_EQUAL(browse_nothing_more(&b, p), BROWSE_AGAIN);
    CU_ASSERT_EQUAL(browse_take(&b, p, item_at(&logs[0], p->from)), BROWSE_ON); /* and no more comes */
    CU_ASSERT_EQUAL(browse_merge(&b, &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(offsets(), "97");
    CU_ASSERT_EQUAL(p->begin, 95);
    CU_ASSERT_EQUAL(p->end, 100);
    browse_fini(&b);
}

KL_TESTS("browse",
         T(a_page_forward_begins_at_its_start),
         T(a_page_backward_ends_before_its_start),
         T(holes_do_not_shorten_a_page),
         T(a_long_hole_is_crossed_in_few_steps),
         T(behind_a_long_hole_not_everything_is_read),
         T(pages_backward_and_forward_have_every_message_once),
         T(a_page_is_bounded_in_bytes_and_has_one_message_at_least),
         T(partitions_are_merged_by_time_and_go_on_where_each_was_left),
         T(without_time_a_page_has_what_is_sure))
