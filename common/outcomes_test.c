#include "outcomes.h"

#include "test.h"
#include "test_death.h"
#include "test_file.h"

#define MAX (1 << 20)

static struct kl_buf b;
static struct kl_error err;
static struct kl_outcomes_head head;
static struct kl_outcome outcomes[KL_OUTCOMES_NUMBERS_MAX];
static struct kl_outcome seen[KL_OUTCOMES_NUMBERS_MAX];
static int64_t seen_count, seen_out_of_order;

static void collect(void *ctx, int64_t number, const struct kl_outcome *o)
{
    seen_out_of_order += number != *(int64_t *)ctx + seen_count;
    seen[seen_count++] = *o;
}

static enum kl_code read_all(const void *data, size_t len)
{
    seen_count = seen_out_of_order = 0;
    memset(seen, 0, sizeof seen);
    return kl_outcomes_read(data, len, &head, collect, &head.first, &err);
}

/* The docs example, in b. */
static void begin_with_example(void)
{
    char *text = test_file("../docs/topics.md");
    char *hex = test_line(text, "Example: start", "01 00");
    char *at = hex;

    kl_buf_init(&b, MAX);
    while (*at)
        kl_buf_addc(&b, (char)strtol(at, &at, 16));
    free(hex);
    free(text);
}

static void the_docs_example_is_read(void)
{
    begin_with_example();
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_OK);
    CU_ASSERT_EQUAL(head.start, UINT64_C(0x0199b6a27c10f3a8));
    CU_ASSERT_STRING_EQUAL(head.topic, "orders");
    CU_ASSERT_EQUAL(head.partition, 3);
    CU_ASSERT_EQUAL(head.first, 1042);
    CU_ASSERT_EQUAL(head.count, 2);
    CU_ASSERT_EQUAL(head.last_acked, 1043);
    CU_ASSERT_EQUAL(head.written_us, INT64_C(1763776044100000));
    CU_ASSERT_FALSE(head.closed);
    CU_ASSERT_EQUAL(seen_count, 2);
    CU_ASSERT_EQUAL(seen_out_of_order, 0);
    CU_ASSERT_EQUAL(seen[0].state, KL_ACKED);
    CU_ASSERT_EQUAL(seen[0].delay_us, 512);
    CU_ASSERT_EQUAL(seen[1].delay_us, 700);
    kl_buf_fini(&b);
}

static void what_is_written_is_the_docs_example(void)
{
    static const struct kl_outcome two[] = { { .delay_us = 512 }, { .delay_us = 700 } };
    struct kl_buf out;

    begin_with_example();
    CU_ASSERT_EQUAL(kl_outcomes_read(b.data, b.len, &head, NULL, NULL, &err), KL_OK);
    kl_buf_init(&out, MAX);
    CU_ASSERT_TRUE(kl_outcomes_write(&out, &head, two));
    CU_ASSERT_EQUAL(out.len, b.len);
    CU_ASSERT_EQUAL(memcmp(out.data, b.data, out.len), 0);
    kl_buf_fini(&out);
    kl_buf_fini(&b);
}

/* A block of the most numbers, failures of both kinds among them, in b. */
static void begin_with_large(void)
{
    size_t i;

    head = (struct kl_outcomes_head){ .start = 7, .topic = "t", .partition = INT32_MAX, .closed = true,
                                      .first = INT64_MAX - KL_OUTCOMES_NUMBERS_MAX, .count = KL_OUTCOMES_NUMBERS_MAX };
    memset(outcomes, 0, sizeof outcomes);
    for (i = 0; i < KL_OUTCOMES_NUMBERS_MAX; i++) {
        outcomes[i].delay_us = (int64_t)(i * i);
        if (i % 10 == 9) {
            outcomes[i].state = i % 20 == 9 ? KL_FAILED_NO : KL_FAILED_POSSIBLY;
            memset(outcomes[i].id.b, (int)i, sizeof outcomes[i].id.b);
            outcomes[i].accepted_us = INT64_MAX - (int64_t)i;
            snprintf(outcomes[i].reason, sizeof outcomes[i].reason, "_MSG_TIMED_OUT_%zu", i);
        }
    }
    kl_buf_init(&b, MAX);
    CU_ASSERT_TRUE_FATAL(kl_outcomes_write(&b, &head, outcomes));
}

static void a_full_block_comes_back(void)
{
    begin_with_large();
    memset(&head, 0, sizeof head);
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_OK);
    CU_ASSERT_TRUE(head.closed);
    CU_ASSERT_EQUAL(head.partition, INT32_MAX);
    CU_ASSERT_EQUAL(seen_count, KL_OUTCOMES_NUMBERS_MAX);
    CU_ASSERT_EQUAL(seen_out_of_order, 0);
    CU_ASSERT_EQUAL(memcmp(seen, outcomes, sizeof seen), 0);
    kl_buf_fini(&b);
}

static void one_number_is_found(void)
{
    struct kl_outcome o;

    begin_with_large();
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, b.len, head.first, &o, &err), KL_OK);
    CU_ASSERT_EQUAL(memcmp(&o, &outcomes[0], sizeof o), 0);
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, b.len, head.first + 4095, &o, &err), KL_OK);
    CU_ASSERT_EQUAL(memcmp(&o, &outcomes[4095], sizeof o), 0);
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, b.len, head.first - 1, &o, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, b.len, head.first + 4096, &o, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, b.len, INT64_MIN, &o, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, 30, head.first + 4095, &o, &err), KL_INVALID);
    CU_ASSERT_EQUAL(kl_outcomes_find(b.data, 3, head.first, &o, &err), KL_INVALID);
    kl_buf_fini(&b);
}

static void a_heartbeat_has_no_numbers(void)
{
    head = (struct kl_outcomes_head){ .start = 7, .topic = "orders", .last_acked = 41 };
    kl_buf_init(&b, MAX);
    CU_ASSERT_TRUE(kl_outcomes_write(&b, &head, NULL));
    head.last_acked = 0;
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_OK);
    CU_ASSERT_EQUAL(head.last_acked, 41);
    CU_ASSERT_EQUAL(seen_count, 0);
    kl_buf_fini(&b);
}

static void delays_are_kept_within_what_can_be_written(void)
{
    static const struct kl_outcome two[] = { { .delay_us = -5 }, { .delay_us = INT64_MAX } };

    head = (struct kl_outcomes_head){ .start = 7, .topic = "orders", .first = 1, .count = 2 };
    kl_buf_init(&b, MAX);
    CU_ASSERT_TRUE(kl_outcomes_write(&b, &head, two));
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_OK);
    CU_ASSERT_EQUAL(seen[0].delay_us, 0);
    CU_ASSERT_EQUAL(seen[1].delay_us, INT64_MAX / 4);
    kl_buf_fini(&b);
}

static void every_cut_is_refused(void)
{
    size_t len, whole, read = 0;

    begin_with_large();
    whole = b.len;
    for (len = 0; len < whole; len += len < 300 ? 1 : 97) {
        char *copy = malloc(len + 1); /* exactly as long as said, so that a sanitizer sees a read past it */

        memcpy(copy, b.data, len);
        read += read_all(copy, len) != KL_INVALID;
        free(copy);
    }
    CU_ASSERT_EQUAL(read, 0);
    kl_buf_fini(&b);
}

/* The example with the byte at `at` replaced. */
static enum kl_code read_with(size_t at, char byte)
{
    enum kl_code code;

    begin_with_example();
    b.data[at] = byte;
    code = read_all(b.data, b.len);
    kl_buf_fini(&b);
    return code;
}

static void nonsense_is_refused(void)
{
    CU_ASSERT_EQUAL(read_with(0, 2), KL_INVALID);      /* a later version */
    CU_ASSERT_STRING_EQUAL(err.text, "not an outcome block: wrong at byte 2");
    CU_ASSERT_EQUAL(read_with(1, 2), KL_INVALID);      /* a flag we do not know */
    CU_ASSERT_EQUAL(read_with(1, 1), KL_OK);
    CU_ASSERT_EQUAL(read_with(10, 0), KL_INVALID);     /* no topic */
    CU_ASSERT_EQUAL(read_with(10, '\x7f'), KL_INVALID); /* a topic longer than the block */
    CU_ASSERT_EQUAL(read_with(12, '\0'), KL_INVALID);  /* a NUL in its name */
    CU_ASSERT_EQUAL(read_with(20, 3), KL_INVALID);     /* a number more than there are outcomes */
    CU_ASSERT_EQUAL(read_with(20, 1), KL_INVALID);     /* one less */
    begin_with_example();
    b.data[b.len - 2] |= 3;                            /* a state that does not exist */
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_INVALID);
    kl_buf_fini(&b);
    begin_with_example();
    memset(b.data + 2, 0, 8);                          /* start 0 */
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_INVALID);
    kl_buf_fini(&b);
}

static void numbers_that_run_over_are_refused(void)
{
    head = (struct kl_outcomes_head){ .start = 7, .topic = "t", .first = INT64_MAX - 1, .count = 2 };
    kl_buf_init(&b, MAX);
    CU_ASSERT_TRUE(kl_outcomes_write(&b, &head, outcomes));
    CU_ASSERT_EQUAL(read_all(b.data, b.len), KL_INVALID);
    kl_buf_fini(&b);
}

static void a_block_goes_in_whole_or_not_at_all(void)
{
    char room[100];
    struct kl_buf small;

    begin_with_large();
    kl_buf_init_fixed(&small, room, sizeof room);
    kl_buf_adds(&small, "kept");
    CU_ASSERT_FALSE(kl_outcomes_write(&small, &head, outcomes));
    CU_ASSERT_TRUE(small.failed);
    CU_ASSERT_STRING_EQUAL(room, "kept");
    kl_buf_fini(&b);
}

static void write_too_many(void)
{
    head = (struct kl_outcomes_head){ .start = 7, .topic = "t", .first = 1, .count = KL_OUTCOMES_NUMBERS_MAX + 1 };
    kl_buf_init(&b, MAX);
    kl_outcomes_write(&b, &head, outcomes);
}

static void a_block_has_at_most_4096_numbers(void)
{
    CU_ASSERT_TRUE(test_dies(write_too_many));
}

KL_TESTS("outcomes", T(the_docs_example_is_read), T(what_is_written_is_the_docs_example), T(a_full_block_comes_back),
         T(one_number_is_found), T(a_heartbeat_has_no_numbers), T(delays_are_kept_within_what_can_be_written),
         T(every_cut_is_refused), T(nonsense_is_refused), T(numbers_that_run_over_are_refused),
         T(a_block_goes_in_whole_or_not_at_all), T(a_block_has_at_most_4096_numbers))
