#include "clock.h"
#include "test.h"

static void the_clocks_move_on(void)
{
    int64_t mono_us = kl_mono_us();

    CU_ASSERT_TRUE(kl_wall_us() > INT64_C(1700000000) * 1000000);
    kl_sleep_ms(2);
    CU_ASSERT_TRUE(kl_mono_us() - mono_us >= 2000);
}

static void writes(int64_t us, const char *want)
{
    char text[KL_TIME_TEXT];

    kl_time_text(text, us);
    CU_ASSERT_STRING_EQUAL(text, want);
}

static void times_are_written_as_rfc_3339(void)
{
    writes(0, "1970-01-01T00:00:00.000000Z");
    writes(-1, "1969-12-31T23:59:59.999999Z");
    writes(INT64_C(1763776044000123), "2025-11-22T01:47:24.000123Z");
    writes(INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z");
    writes(INT64_MAX, "9999-12-31T23:59:59.999999Z");
    writes(INT64_MIN, "0000-01-01T00:00:00.000000Z");
}

static void reads(const char *text, int64_t want)
{
    int64_t us = -7;

    CU_ASSERT_TRUE(kl_time_parse(text, &us));
    CU_ASSERT_EQUAL(us, want);
    if (us != want)
        printf("    %s: %lld\n", text, (long long)us);
}

static void times_are_read_in_every_form_of_rfc_3339(void)
{
    reads("1970-01-01T00:00:00Z", 0);
    reads("2025-11-22T01:47:24.000123Z", INT64_C(1763776044000123));
    reads("2025-11-22t01:47:24.000123z", INT64_C(1763776044000123));
    reads("2025-11-22 01:47:24.000123Z", INT64_C(1763776044000123));
    reads("2025-11-22T01:47:24.5Z", INT64_C(1763776044500000));
    reads("2025-11-22T01:47:24.0001239999Z", INT64_C(1763776044000123));
    reads("2025-11-22T03:17:24+01:30", INT64_C(1763776044000000));
    reads("2025-11-21T20:47:24-05:00", INT64_C(1763776044000000));
    reads("2016-12-31T23:59:60Z", INT64_C(1483228800000000));
    reads("1969-12-31T23:59:59.999999Z", -1);
    reads("2000-02-29T00:00:00Z", INT64_C(951782400000000));
}

static void whole_milliseconds_are_read(void)
{
    reads("0", 0);
    reads("1763776044000", INT64_C(1763776044000000));
    reads("253402300799999", INT64_C(253402300799999000));
    reads("00042", 42000);
}

static void what_is_written_is_read_again(void)
{
    char text[KL_TIME_TEXT];
    int64_t us;

    for (us = INT64_C(-62167219200000000); us < INT64_C(253402300800000000); us += INT64_C(86399999999) * 997) {
        kl_time_text(text, us);
        reads(text, us);
    }
}

static void what_is_no_time_is_refused(void)
{
    static const char *const wrong[] = {
        "", " ", "x", "-1", "1.5", "12x", "0x10", "253402300800000", "99999999999999999999", "2025-11-22",
        "2025-11-22T01:47Z", "2025-11-22T01:47:24", "2025-11-22T01:47:24.Z", "2025-11-22T01:47:24ZZ",
        "2025-11-22T01:47:24+01", "2025-11-22T01:47:24+0130", "2025-11-22T24:00:00Z", "2025-11-22T01:60:00Z",
        "2025-11-22T01:47:61Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-02-29T00:00:00Z",
        "2025-04-31T00:00:00Z", "1900-02-29T00:00:00Z", "2025-11-2T01:47:24Z", "02025-11-22T01:47:24Z", "2025-",
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    };
    int64_t us;
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_FALSE(kl_time_parse(wrong[i], &us));
        if (kl_time_parse(wrong[i], &us))
            printf("    %s\n", wrong[i]);
    }
}

KL_TESTS("clock", T(the_clocks_move_on), T(times_are_written_as_rfc_3339), T(times_are_read_in_every_form_of_rfc_3339),
         T(whole_milliseconds_are_read), T(what_is_written_is_read_again), T(what_is_no_time_is_refused))
