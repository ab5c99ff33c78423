#include "buf.h"
#include "fault.h"
#include "test.h"
#include "test_death.h"

#define LARGE (1 << 20)

static void is(struct kl_buf *b, const char *want)
{
    CU_ASSERT_EQUAL(b->len, strlen(want));
    CU_ASSERT_STRING_EQUAL(b->data, want);
    if (strcmp(b->data, want) != 0)
        printf("    is   %s\n    want %s\n", b->data, want);
}

static void appends_follow_each_other_and_end_with_nul(void)
{
    struct kl_buf b;

    kl_buf_init(&b, LARGE);
    CU_ASSERT_PTR_NULL(b.data);
    CU_ASSERT_TRUE(kl_buf_adds(&b, "one "));
    CU_ASSERT_TRUE(kl_buf_add(&b, "two\0three", 3));
    CU_ASSERT_TRUE(kl_buf_addc(&b, ' '));
    CU_ASSERT_TRUE(kl_buf_addi(&b, 3));
    CU_ASSERT_TRUE(kl_buf_addf(&b, " %s", "four"));
    CU_ASSERT_TRUE(kl_buf_add(&b, NULL, 0));
    is(&b, "one two 3 four");
    kl_buf_fini(&b);
}

static void a_large_text_comes_back_byte_for_byte(void)
{
    struct kl_buf b;
    size_t i, wrong = 0;

    kl_buf_init(&b, LARGE);
    for (i = 0; i < LARGE; i++)
        kl_buf_addc(&b, (char)(i * 7));
    CU_ASSERT_FALSE(b.failed);
    for (i = 0; i < LARGE; i++)
        wrong += b.data[i] != (char)(i * 7);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_TRUE(b.size <= b.max + 1);
    kl_buf_fini(&b);
}

static void refuses_more_than_its_maximum_and_stays_as_it_was(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 8);
    CU_ASSERT_TRUE(kl_buf_adds(&b, "12345678"));
    CU_ASSERT_FALSE(kl_buf_addc(&b, '9'));
    CU_ASSERT_TRUE(b.failed);
    is(&b, "12345678");
    kl_buf_clear(&b);
    CU_ASSERT_FALSE(b.failed);
    CU_ASSERT_FALSE(kl_buf_addf(&b, "%d", 123456789));
    CU_ASSERT_FALSE(kl_buf_addi(&b, -12345678));
    CU_ASSERT_FALSE(kl_buf_add_json(&b, "1234567", 7));
    CU_ASSERT_FALSE(kl_buf_add_base64(&b, "1234567", 7));
    CU_ASSERT_FALSE(kl_buf_add_unbase64(&b, "MTIzNDU2Nzg5", 12));
    is(&b, "");
    CU_ASSERT_TRUE(b.failed);
    CU_ASSERT_TRUE(kl_buf_addi(&b, -1234567));
    is(&b, "-1234567");
    kl_buf_fini(&b);
}

static void a_maximum_of_nothing_takes_nothing(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 0);
    CU_ASSERT_TRUE(kl_buf_adds(&b, ""));
    CU_ASSERT_FALSE(kl_buf_adds(&b, "x"));
    is(&b, "");
    kl_buf_fini(&b);
}

static void huge_reservations_are_refused(void)
{
    struct kl_buf b;

    kl_buf_init(&b, LARGE);
    kl_buf_adds(&b, "x");
    CU_ASSERT_FALSE(kl_buf_reserve(&b, SIZE_MAX));
    CU_ASSERT_FALSE(kl_buf_reserve(&b, LARGE));
    kl_buf_clear(&b);
    CU_ASSERT_TRUE(kl_buf_reserve(&b, LARGE));
    kl_buf_fini(&b);
}

static void every_refused_allocation_leaves_the_buffer_whole(void)
{
    struct kl_buf b;
    bool hit = true;
    long n;

    for (n = 0; hit; n++) {
        int i;

        kl_buf_init(&b, LARGE);
        kl_fault_begin(n);
        for (i = 0; i < 100 && kl_buf_adds(&b, "0123456789"); i++)
            ;
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(b.failed, hit);
        CU_ASSERT_EQUAL(b.len, (size_t)i * 10);
        CU_ASSERT_TRUE(hit || i == 100);
        kl_buf_fini(&b);
    }
    CU_ASSERT_TRUE(n > 2);
}

static void taking_hands_the_bytes_over(void)
{
    struct kl_buf b;
    char *text;

    kl_buf_init(&b, LARGE);
    text = kl_buf_take(&b);
    CU_ASSERT_STRING_EQUAL(text, "");
    free(text);
    kl_buf_adds(&b, "mine");
    text = kl_buf_take(&b);
    CU_ASSERT_STRING_EQUAL(text, "mine");
    free(text);
    CU_ASSERT_EQUAL(b.len, 0);
    CU_ASSERT_TRUE(kl_buf_adds(&b, "again"));
    is(&b, "again");
    kl_buf_fini(&b);
    kl_fault_begin(0);
    text = kl_buf_take(&b);
    kl_fault_end();
    CU_ASSERT_PTR_NULL(text);
}

static void shifting_and_cutting_drop_both_ends(void)
{
    struct kl_buf b;

    kl_buf_init(&b, LARGE);
    kl_buf_shift(&b, 0);
    kl_buf_cut(&b, 0);
    kl_buf_adds(&b, "0123456789");
    kl_buf_shift(&b, 3);
    is(&b, "3456789");
    kl_buf_cut(&b, 2);
    is(&b, "34");
    kl_buf_shift(&b, 2);
    is(&b, "");
    kl_buf_fini(&b);
}

static void shift_too_far(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 9);
    kl_buf_shift(&b, 1);
}

static void shifting_too_far_is_an_assertion(void)
{
    CU_ASSERT_TRUE(test_dies(shift_too_far));
}

static void a_fixed_buffer_never_allocates(void)
{
    char room[8];
    struct kl_buf b;

    kl_buf_init_fixed(&b, room, sizeof room);
    CU_ASSERT_STRING_EQUAL(room, "");
    kl_fault_begin(0);
    CU_ASSERT_TRUE(kl_buf_adds(&b, "1234567"));
    CU_ASSERT_FALSE(kl_buf_adds(&b, "8"));
    CU_ASSERT_FALSE(kl_buf_addf(&b, "%s", "8"));
    CU_ASSERT_FALSE(kl_fault_end());
    CU_ASSERT_STRING_EQUAL(room, "1234567");
}

static void a_run_of_appends_goes_in_whole_or_not_at_all(void)
{
    char room[8];
    struct kl_buf b;
    struct kl_buf_mark mark;

    kl_buf_init_fixed(&b, room, sizeof room);
    kl_buf_adds(&b, "12");
    mark = kl_buf_begin(&b);
    kl_buf_adds(&b, "345");
    kl_buf_adds(&b, "678");
    CU_ASSERT_FALSE(kl_buf_end(&b, mark));
    is(&b, "12");
    mark = kl_buf_begin(&b);
    kl_buf_adds(&b, "345");
    CU_ASSERT_TRUE(kl_buf_end(&b, mark));
    is(&b, "12345");
    CU_ASSERT_TRUE(b.failed); /* the first run's */
}

static void a_format_longer_than_the_room_is_written_whole(void)
{
    struct kl_buf b;
    char text[1000];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    kl_buf_init(&b, LARGE);
    kl_buf_adds(&b, "-");
    CU_ASSERT_TRUE(kl_buf_addf(&b, "%s%d", text, 5));
    CU_ASSERT_EQUAL(b.len, 1001);
    CU_ASSERT_EQUAL(b.data[1000], '5');
    kl_buf_fini(&b);
}

static void numbers_read_as_printf_writes_them(void)
{
    static const int64_t edges[] = { 0, 9, 10, 99, 100, 999, 1000, -1, -10, INT64_MAX, INT64_MIN, INT64_MIN + 1 };
    struct kl_buf b;
    char want[32];
    size_t i;
    int shift;

    kl_buf_init(&b, LARGE);
    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        kl_buf_clear(&b);
        kl_buf_addi(&b, edges[i]);
        snprintf(want, sizeof want, "%lld", (long long)edges[i]);
        is(&b, want);
    }
    for (shift = 0; shift < 63; shift++) {
        kl_buf_clear(&b);
        kl_buf_addi(&b, (INT64_C(1) << shift) - shift * 31);
        snprintf(want, sizeof want, "%lld", (long long)((INT64_C(1) << shift) - shift * 31));
        is(&b, want);
    }
    kl_buf_fini(&b);
}

static void json(const char *text, size_t len, const char *want)
{
    struct kl_buf b;

    kl_buf_init(&b, LARGE);
    CU_ASSERT_TRUE(kl_buf_add_json(&b, text, len));
    is(&b, want);
    kl_buf_fini(&b);
}

static void json_strings_escape_what_they_must(void)
{
    json("", 0, "\"\"");
    json("plain text", 10, "\"plain text\"");
    json("\"\\/\b\f\n\r\t", 8, "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    json("a\0b\x01\x1f\x7f", 6, "\"a\\u0000b\\u0001\\u001f\\u007f\"");
    json("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80", 15, "\"gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80\"");
    json("\xC2\x80\xC2\x9F\xC2\xA0", 6, "\"\\u0080\\u009f\xC2\xA0\"");
}

#define FFFD "\xEF\xBF\xBD"
static void json_strings_replace_what_is_not_utf8(void)
{
    json("a\xFFz", 3, "\"a" FFFD "z\"");
    json("\x80", 1, "\"" FFFD "\"");
    json("\xC0\x80", 2, "\"" FFFD FFFD "\"");             /* overlong */
    json("\xED\xA0\x80", 3, "\"" FFFD FFFD FFFD "\"");    /* a surrogate */
    json("\xE2\x82", 2, "\"" FFFD "\"");                  /* cut off: one character's worth */
    json("\xE2\x82z", 3, "\"" FFFD "z\"");
    json("\xF4\x90\x80\x80", 4, "\"" FFFD FFFD FFFD FFFD "\""); /* over U+10FFFF */
    json("\xF0\x9F\x98\"", 4, "\"" FFFD "\\\"\"");        /* a quote cannot hide in a sequence */
}

static void utf8_is_what_rfc_3629_says(void)
{
    static const char *const valid[] = { "", "ascii only, longer than eight", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
                                         "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF" };
    static const char *const invalid[] = { "\x80", "12345678\xBF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE",
                                           "\xC2", "\xE2\x82", "\xF0\x9F\x98", "\xC2z" };
    size_t i;

    for (i = 0; i < sizeof valid / sizeof valid[0]; i++)
        CU_ASSERT_TRUE(kl_utf8_valid(valid[i], strlen(valid[i])));
    for (i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
        CU_ASSERT_FALSE(kl_utf8_valid(invalid[i], strlen(invalid[i])));
    CU_ASSERT_TRUE(kl_utf8_valid("\0", 1));
}

/* RFC 4648 section 10. */
static const char *const vectors[][2] = { { "", "" },             { "f", "Zg==" },         { "fo", "Zm8=" },
                                          { "foo", "Zm9v" },      { "foob", "Zm9vYg==" },  { "fooba", "Zm9vYmE=" },
                                          { "foobar", "Zm9vYmFy" }, { "\xFB\xFF", "+/8=" } };

static void base64_writes_and_reads_the_rfcs_vectors(void)
{
    struct kl_buf b;
    size_t i;

    kl_buf_init(&b, LARGE);
    for (i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        kl_buf_clear(&b);
        CU_ASSERT_TRUE(kl_buf_add_base64(&b, vectors[i][0], strlen(vectors[i][0])));
        is(&b, vectors[i][1]);
        kl_buf_clear(&b);
        CU_ASSERT_TRUE(kl_buf_add_unbase64(&b, vectors[i][1], strlen(vectors[i][1])));
        is(&b, vectors[i][0]);
        kl_buf_clear(&b);
        CU_ASSERT_TRUE(kl_buf_add_unbase64(&b, vectors[i][1], strcspn(vectors[i][1], "=")));
        is(&b, vectors[i][0]);
    }
    kl_buf_clear(&b);
    CU_ASSERT_TRUE(kl_buf_add_unbase64(&b, "-_8", 3));
    is(&b, "\xFB\xFF");
    kl_buf_fini(&b);
}

static void what_is_not_base64_changes_nothing(void)
{
    static const char *const wrong[] = { "Z", "Zm9vY", "=", "==", "====", "Z===", "Zg=", "Zg==Zg==", "Zm 9", "Zm9v\n",
                                         "Zh==", "Zm9=", "Zm\xFF" };
    struct kl_buf b;
    size_t i;

    kl_buf_init(&b, LARGE);
    kl_buf_adds(&b, "kept");
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CU_ASSERT_FALSE(kl_buf_add_unbase64(&b, wrong[i], strlen(wrong[i])));
    is(&b, "kept");
    CU_ASSERT_FALSE(b.failed);
    kl_buf_fini(&b);
}

KL_TESTS("buf", T(appends_follow_each_other_and_end_with_nul), T(a_large_text_comes_back_byte_for_byte),
         T(refuses_more_than_its_maximum_and_stays_as_it_was), T(a_maximum_of_nothing_takes_nothing),
         T(huge_reservations_are_refused), T(every_refused_allocation_leaves_the_buffer_whole),
         T(taking_hands_the_bytes_over), T(shifting_and_cutting_drop_both_ends), T(shifting_too_far_is_an_assertion),
         T(a_fixed_buffer_never_allocates), T(a_run_of_appends_goes_in_whole_or_not_at_all),
         T(a_format_longer_than_the_room_is_written_whole), T(numbers_read_as_printf_writes_them),
         T(json_strings_escape_what_they_must), T(json_strings_replace_what_is_not_utf8), T(utf8_is_what_rfc_3629_says),
         T(base64_writes_and_reads_the_rfcs_vectors), T(what_is_not_base64_changes_nothing))
