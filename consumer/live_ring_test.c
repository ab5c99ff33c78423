#include "live_ring.h"

#include <stdio.h>

#include "fault.h"
#include "test.h"

static struct live_rings all;
static struct live_ring ring;

static void begin(size_t ring_max, size_t all_max)
{
    live_rings_init(&all, ring_max, all_max);
    live_ring_init(&ring, &all);
    live_ring_begin(&ring, 1);
}

static void end(void)
{
    live_ring_fini(&ring);
    CU_ASSERT_EQUAL(all.bytes, 0);
}

static bool append_to(struct live_ring *to, int32_t partition, int64_t offset, size_t len)
{
    static char value[100000];
    struct kl_message m = { .partition = partition, .offset = offset, .value = value, .value_len = len };

    snprintf(value, sizeof value, "%d/%lld", partition, (long long)offset);
    return live_ring_append(to, &m);
}

static bool append(int32_t partition, int64_t offset)
{
    return append_to(&ring, partition, offset, 100);
}

/* Reads on from the cursor until nothing is left; the offsets of one partition into out, at most n. */
static size_t read_all(struct live_cursor *cursor, int32_t partition, int64_t *out, size_t n)
{
    struct live_slice slice;
    struct kl_message m;
    size_t got = 0;

    while (live_ring_slice(&ring, cursor, &slice)) {
        while (live_slice_next(&slice, &m)) {
            cursor->seq++;
            cursor->at = slice.at;
            if (m.partition == partition && got < n)
                out[got++] = m.offset;
        }
        live_slice_end(&slice);
    }
    return got;
}

static void messages_come_back_as_they_were(void)
{
    struct kl_message in = { .partition = 1, .offset = 42, .timestamp_ms = 1763776044000, .key = "k", .key_len = 1,
                               .value = "value", .value_len = 5, .headers = "hh", .headers_len = 2 };
    struct kl_message tombstone = { .partition = 0, .offset = 7, .timestamp_ms = -1, .key = "", .key_len = 0 };
    struct live_cursor cursor = { .seq = 0 };
    struct live_slice slice;
    struct kl_message m;

    begin(1 << 20, 1 << 20);
    CU_ASSERT_TRUE(live_ring_append(&ring, &in));
    CU_ASSERT_TRUE(live_ring_append(&ring, &tombstone));
    CU_ASSERT_TRUE_FATAL(live_ring_slice(&ring, &cursor, &slice));
    CU_ASSERT_TRUE_FATAL(live_slice_next(&slice, &m));
    CU_ASSERT_EQUAL(m.partition, 1);
    CU_ASSERT_EQUAL(m.offset, 42);
    CU_ASSERT_EQUAL(m.timestamp_ms, 1763776044000);
    CU_ASSERT_TRUE(m.key_len == 1 && !memcmp(m.key, "k", 1));
    CU_ASSERT_TRUE(m.value_len == 5 && !memcmp(m.value, "value", 5));
    CU_ASSERT_TRUE(m.headers_len == 2 && !memcmp(m.headers, "hh", 2));
    CU_ASSERT_TRUE_FATAL(live_slice_next(&slice, &m));
    CU_ASSERT_PTR_NULL(m.value);
    CU_ASSERT_PTR_NOT_NULL(m.key);
    CU_ASSERT_EQUAL(m.timestamp_ms, -1);
    CU_ASSERT_FALSE(live_slice_next(&slice, &m));
    live_slice_end(&slice);
    end();
}

static void a_ring_stays_within_its_bytes_and_drops_the_oldest(void)
{
    struct live_cursor cursor = { .seq = 0 };
    int64_t offsets[2000];
    size_t n;
    uint64_t skipped;

    begin(64 * 1024, 1 << 20);
    for (int64_t i = 0; i < 2000; i++) {
        CU_ASSERT_TRUE(append(0, i));
        CU_ASSERT_TRUE(ring.bytes <= 64 * 1024);
        CU_ASSERT_EQUAL(all.bytes, ring.bytes);
    }
    skipped = live_ring_catch_up(&ring, &cursor);
    CU_ASSERT_TRUE(skipped > 0);
    n = read_all(&cursor, 0, offsets, 2000);
    CU_ASSERT_EQUAL(n, 2000 - skipped);
    CU_ASSERT_EQUAL(offsets[0], (int64_t)skipped);
    CU_ASSERT_EQUAL(offsets[n - 1], 1999);
    CU_ASSERT_EQUAL(live_ring_from(&ring, 0), (int64_t)skipped);
    end();
}

static void a_message_larger_than_the_ring_stays_alone(void)
{
    struct live_cursor cursor = { .seq = 0 };
    int64_t offset;

    begin(64 * 1024, 1 << 20);
    append(0, 0);
    CU_ASSERT_TRUE(append_to(&ring, 0, 1, 90000));
    CU_ASSERT_EQUAL(live_ring_catch_up(&ring, &cursor), 1);
    CU_ASSERT_EQUAL(read_all(&cursor, 0, &offset, 1), 1);
    CU_ASSERT_EQUAL(offset, 1);
    CU_ASSERT_TRUE(append(0, 2));
    CU_ASSERT_TRUE(ring.bytes <= 64 * 1024);
    end();
}

static void all_rings_together_drop_the_oldest_of_any(void)
{
    struct live_ring quiet;
    struct live_cursor cursor = { .seq = 0 };

    begin(1 << 20, 64 * 1024);
    live_ring_init(&quiet, &all);
    live_ring_begin(&quiet, 2);
    append_to(&quiet, 0, 5, 100);
    for (int64_t i = 0; i < 1000; i++) {
        append(0, i);
        CU_ASSERT_TRUE(all.bytes <= 64 * 1024);
    }
    CU_ASSERT_EQUAL(quiet.bytes, 0);
    CU_ASSERT_EQUAL(live_ring_from(&quiet, 0), 6);
    CU_ASSERT_EQUAL(live_ring_catch_up(&quiet, &cursor), 1);
    CU_ASSERT_TRUE(append_to(&quiet, 0, 6, 100));
    live_ring_fini(&quiet);
    end();
}

static void a_slice_outlives_the_dropping_of_its_block(void)
{
    struct live_cursor cursor = { .seq = 0 };
    struct live_slice slice;
    struct kl_message m;

    begin(64 * 1024, 1 << 20);
    append(0, 0);
    CU_ASSERT_TRUE_FATAL(live_ring_slice(&ring, &cursor, &slice));
    for (int64_t i = 1; i < 2000; i++)
        append(0, i);
    CU_ASSERT_TRUE(live_ring_from(&ring, 0) > 0);
    CU_ASSERT_TRUE_FATAL(live_slice_next(&slice, &m));
    CU_ASSERT_STRING_EQUAL((const char *)m.value, "0/0");
    CU_ASSERT_FALSE(live_slice_next(&slice, &m));
    live_slice_end(&slice);
    end();
}

static void a_reader_at_the_end_goes_on_in_the_same_block_and_in_the_next(void)
{
    struct live_cursor cursor = { .seq = 0 };
    int64_t offset;

    begin(64 * 1024, 1 << 20);
    for (int64_t i = 0; i < 200; i++) {
        append(0, i);
        CU_ASSERT_EQUAL(live_ring_catch_up(&ring, &cursor), 0);
        CU_ASSERT_EQUAL_FATAL(read_all(&cursor, 0, &offset, 1), 1);
        CU_ASSERT_EQUAL(offset, i);
    }
    end();
}

static void positions_are_covered_from_the_oldest_block_on(void)
{
    begin(64 * 1024, 1 << 20);
    for (int64_t i = 0; i < 2000; i++)
        append((int32_t)(i & 1), 1000 + i / 2 * 3);   /* with holes */
    for (int32_t p = 0; p < 2; p++) {
        int64_t at[2] = { 3998, 3998 };

        CU_ASSERT_TRUE(live_ring_covers(&ring, at, 2, 0));
        at[p] = live_ring_from(&ring, p);
        CU_ASSERT_TRUE(at[p] > 1000 && at[p] < 3998);
        CU_ASSERT_TRUE(live_ring_covers(&ring, at, 2, LIVE_COVER_STILL));
        at[p]--;
        CU_ASSERT_FALSE(live_ring_covers(&ring, at, 2, LIVE_COVER_STILL));
    }
    CU_ASSERT_FALSE(live_ring_covers(&ring, (int64_t[]){ 3998 }, 1, 0));   /* partition 1 begins at 0 */
    end();
}

/* So that who joins has half a ring's time for the first pull. */
static void the_older_half_of_a_full_ring_is_not_for_joining(void)
{
    int64_t from, oldest;
    size_t bytes;

    begin(64 * 1024, 1 << 20);
    for (from = 0; from < 100; from++)
        append(0, from);
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 0 }, 1, 0));   /* far from full */
    bytes = ring.bytes / 100;
    for (; from < 5000; from++)
        append(0, from);
    oldest = live_ring_from(&ring, 0);
    for (from = oldest; !live_ring_covers(&ring, (int64_t[]){ from }, 1, 0); from++)
        ;
    CU_ASSERT_TRUE((size_t)(5000 - from) * bytes > 20 * 1024 && (size_t)(5000 - from) * bytes < 44 * 1024);
    end();
}

static void a_position_beyond_the_end_is_covered_only_when_it_was_checked(void)
{
    begin(64 * 1024, 1 << 20);
    append(0, 9);
    CU_ASSERT_TRUE(live_ring_learn(&ring, 1, 5, 20));
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 10, 20 }, 2, 0));
    CU_ASSERT_FALSE(live_ring_covers(&ring, (int64_t[]){ 11, 20 }, 2, 0));
    CU_ASSERT_FALSE(live_ring_covers(&ring, (int64_t[]){ 10, 21 }, 2, 0));
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 11, 21 }, 2, LIVE_COVER_CHECKED));
    end();
}

/* From every position that is covered, reading from where seek says and leaving out what is below the position
 * gives every record from the position on. */
static void seek_misses_nothing(void)
{
    int64_t got[600];

    begin(64 * 1024, 1 << 20);
    for (int64_t i = 0; i < 1000; i++)
        append((int32_t)(i * 7 % 5 < 2), i);
    for (int64_t from = live_ring_from(&ring, 0); from <= 1000; from += 13) {
        struct live_cursor cursor = live_ring_seek(&ring, (int64_t[]){ from, 1000 }, 2);
        size_t n = read_all(&cursor, 0, got, 600), want = 0, have = 0;

        for (int64_t i = from; i < 1000; i++)
            want += i * 7 % 5 >= 2;
        for (size_t i = 0; i < n; i++)
            have += got[i] >= from;
        CU_ASSERT_EQUAL(have, want);
    }
    end();
}

static void a_reader_that_begins_at_the_end_sees_only_what_comes(void)
{
    struct live_cursor at_end, sought;
    int64_t offsets[10];

    begin(64 * 1024, 1 << 20);
    append(0, 0);
    at_end = live_ring_end(&ring);
    sought = live_ring_seek(&ring, (int64_t[]){ 1, 0 }, 2);
    append(0, 1);
    CU_ASSERT_EQUAL(read_all(&at_end, 0, offsets, 10), 1);
    CU_ASSERT_EQUAL(offsets[0], 1);
    CU_ASSERT_EQUAL(read_all(&sought, 0, offsets, 10), 1);
    CU_ASSERT_EQUAL(offsets[0], 1);
    end();
}

static void seek_skips_blocks_that_were_read(void)
{
    struct live_cursor cursor;

    begin(1 << 20, 1 << 20);
    for (int64_t i = 0; i < 1000; i++)
        append(0, i);
    cursor = live_ring_seek(&ring, (int64_t[]){ 990, 0 }, 2);
    CU_ASSERT_TRUE(cursor.seq > 800 && cursor.seq <= 990);
    cursor = live_ring_seek(&ring, (int64_t[]){ 1000, 0 }, 2);
    CU_ASSERT_EQUAL(cursor.seq, 1000);
    end();
}

static void a_record_that_comes_again_is_left_out(void)
{
    struct live_cursor cursor = { .seq = 0 };
    int64_t offsets[10];

    begin(64 * 1024, 1 << 20);
    CU_ASSERT_TRUE(append(0, 5));
    CU_ASSERT_FALSE(append(0, 5));
    CU_ASSERT_FALSE(append(0, 4));
    CU_ASSERT_TRUE(append(0, 6));
    CU_ASSERT_EQUAL(read_all(&cursor, 0, offsets, 10), 2);
    end();
}

static void the_first_record_counts_more_than_what_the_feed_told(void)
{
    begin(64 * 1024, 1 << 20);
    CU_ASSERT_TRUE(live_ring_learn(&ring, 0, 105, 105));   /* counts records that are not handed over yet */
    CU_ASSERT_TRUE(live_ring_learn(&ring, 1, 0, 300));     /* asked before the feed knew where to begin */
    for (int64_t i = 100; i < 106; i++)
        CU_ASSERT_TRUE(append(0, i));
    CU_ASSERT_TRUE(append(1, 200));
    CU_ASSERT_EQUAL(ring.parts[0].next, 106);
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 105, 200 }, 2, 0));
    CU_ASSERT_FALSE(live_ring_covers(&ring, (int64_t[]){ 105, 199 }, 2, 0));
    end();
}

static void a_partition_that_the_ring_knew_late_is_whole_from_there(void)
{
    begin(64 * 1024, 1 << 20);
    append(1, 0);   /* the block begins without knowing that partition 0 stands at 1000 */
    CU_ASSERT_TRUE(live_ring_learn(&ring, 0, 1000, 1000));
    CU_ASSERT_EQUAL(live_ring_from(&ring, 0), 1000);
    CU_ASSERT_FALSE(live_ring_covers(&ring, (int64_t[]){ 999, 0 }, 2, LIVE_COVER_CHECKED));
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 1000, 0 }, 2, LIVE_COVER_CHECKED));
    end();
}

static void a_new_life_begins_at_zero_behind_the_old_messages(void)
{
    struct live_cursor cursor = { .seq = 0 };
    struct live_slice slice;
    int64_t offsets[10];

    begin(64 * 1024, 1 << 20);
    append(0, 500);
    live_ring_begin(&ring, 2);
    append(0, 0);
    CU_ASSERT_EQUAL(live_ring_from(&ring, 0), 0);
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 0 }, 1, 0));
    CU_ASSERT_EQUAL(live_ring_seek(&ring, (int64_t[]){ 0 }, 1).seq, 1);
    CU_ASSERT_TRUE_FATAL(live_ring_slice(&ring, &cursor, &slice));
    CU_ASSERT_EQUAL(slice.block->life, 1);
    live_slice_end(&slice);
    CU_ASSERT_EQUAL(read_all(&cursor, 0, offsets, 10), 2);
    CU_ASSERT_EQUAL(offsets[0], 500);
    CU_ASSERT_EQUAL(offsets[1], 0);
    end();
}

static void partitions_added_later_are_whole_from_their_first_record(void)
{
    begin(64 * 1024, 1 << 20);
    append(0, 0);
    append(3, 0);
    CU_ASSERT_EQUAL(ring.n_parts, 4);
    CU_ASSERT_TRUE(live_ring_covers(&ring, (int64_t[]){ 0 }, 1, 0));
    for (int64_t i = 1; i < 2000; i++)
        append(3, i);
    CU_ASSERT_FALSE(live_ring_covers(&ring, (int64_t[]){ 1 }, 1, 0));
    end();
}

static void without_memory_readers_learn_that_they_missed_something(void)
{
    struct live_cursor cursor = { .seq = 0 };
    bool refused = false;

    begin(64 * 1024, 1 << 20);
    append(0, 0);
    for (int64_t i = 1; i < 5 && !refused; i++) {   /* until one needs a new block */
        kl_fault_begin(0);
        refused = !append_to(&ring, 0, i, 3000);
        CU_ASSERT_EQUAL(kl_fault_end(), refused);
    }
    CU_ASSERT_TRUE(refused);
    CU_ASSERT_TRUE(live_ring_catch_up(&ring, &cursor) > 0);
    CU_ASSERT_EQUAL(live_ring_from(&ring, 0), ring.parts[0].next);
    CU_ASSERT_TRUE(append(0, 100));
    CU_ASSERT_EQUAL(live_ring_catch_up(&ring, &cursor), 0);
    end();
}

KL_TESTS("live_ring",
         T(messages_come_back_as_they_were),
         T(a_ring_stays_within_its_bytes_and_drops_the_oldest),
         T(a_message_larger_than_the_ring_stays_alone),
         T(all_rings_together_drop_the_oldest_of_any),
         T(a_slice_outlives_the_dropping_of_its_block),
         T(a_reader_at_the_end_goes_on_in_the_same_block_and_in_the_next),
         T(positions_are_covered_from_the_oldest_block_on),
         T(the_older_half_of_a_full_ring_is_not_for_joining),
         T(a_position_beyond_the_end_is_covered_only_when_it_was_checked),
         T(seek_misses_nothing),
         T(a_reader_that_begins_at_the_end_sees_only_what_comes),
         T(seek_skips_blocks_that_were_read),
         T(a_record_that_comes_again_is_left_out),
         T(the_first_record_counts_more_than_what_the_feed_told),
         T(a_partition_that_the_ring_knew_late_is_whole_from_there),
         T(a_new_life_begins_at_zero_behind_the_old_messages),
         T(partitions_added_later_are_whole_from_their_first_record),
         T(without_memory_readers_learn_that_they_missed_something))
