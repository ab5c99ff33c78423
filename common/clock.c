/* clock.c - see clock.h. */
#include "clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define US_A_SECOND INT64_C(1000000)
#define TIME_LEAST  (INT64_C(-62167219200) * US_A_SECOND)     /* 0000-01-01T00:00:00Z */
#define TIME_MOST   (INT64_C(253402300800) * US_A_SECOND - 1) /* 9999-12-31T23:59:59.999999Z */

static int64_t read_us(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * US_A_SECOND + now.tv_nsec / 1000;
}

int64_t kl_wall_us(void)
{
    return read_us(CLOCK_REALTIME);
}

int64_t kl_mono_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

/* Four-digit years are all that RFC 3339 can write: what lies outside shows as the nearest one. */
void kl_time_text(char *out, int64_t wall_us)
{
    int64_t us = wall_us < TIME_LEAST ? TIME_LEAST : wall_us > TIME_MOST ? TIME_MOST : wall_us;
    int64_t part = us % US_A_SECOND;
    char text[64];
    struct tm tm;
    time_t seconds;

    if (part < 0)
        part += US_A_SECOND;
    seconds = (us - part) / US_A_SECOND;
    gmtime_r(&seconds, &tm);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec, (int)part);
    memcpy(out, text, KL_TIME_TEXT);
}

/* Exactly `digits` digits, from least to most, and moves *at behind them. */
static bool read_number(const char **at, int digits, int least, int most, int *n)
{
    *n = 0;
    for (; digits > 0; digits--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *n = *n * 10 + (**at - '0');
    }
    return *n >= least && *n <= most;
}

static bool read_char(const char **at, const char *any_of)
{
    if (!**at || !strchr(any_of, **at))
        return false;
    (*at)++;
    return true;
}

/* Digits behind the sixth are read and dropped. */
static bool read_fraction(const char **at, int64_t *us)
{
    int64_t unit = US_A_SECOND;

    *us = 0;
    if (!read_char(at, "."))
        return true;
    if (**at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        unit /= 10;
        *us += (**at - '0') * unit;
    }
    return true;
}

static bool read_zone(const char **at, int64_t *offset_s)
{
    int sign, hours, minutes;

    *offset_s = 0;
    if (read_char(at, "Zz"))
        return true;
    sign = **at == '-' ? -1 : 1;
    if (!read_char(at, "+-") || !read_number(at, 2, 0, 23, &hours) || !read_char(at, ":") ||
        !read_number(at, 2, 0, 59, &minutes))
        return false;
    *offset_s = sign * (hours * INT64_C(3600) + minutes * 60);
    return true;
}

static bool day_exists(int year, int month, int day)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return day <= days[month - 1] + (month == 2 && leap);
}

static bool parse_rfc3339(const char *at, int64_t *wall_us)
{
    int year, month, day, hour, minute, second;
    int64_t us, offset_s;
    struct tm tm;

    if (!read_number(&at, 4, 0, 9999, &year) || !read_char(&at, "-") || !read_number(&at, 2, 1, 12, &month) ||
        !read_char(&at, "-") || !read_number(&at, 2, 1, 31, &day) || !day_exists(year, month, day))
        return false;
    if (!read_char(&at, "Tt ") || !read_number(&at, 2, 0, 23, &hour) || !read_char(&at, ":") ||
        !read_number(&at, 2, 0, 59, &minute) || !read_char(&at, ":") || !read_number(&at, 2, 0, 60, &second))
        return false;
    if (!read_fraction(&at, &us) || !read_zone(&at, &offset_s) || *at)
        return false;
    tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
                      .tm_hour = hour, .tm_min = minute, .tm_sec = second }; /* a leap second counts as the one behind it */
    *wall_us = (timegm(&tm) - offset_s) * US_A_SECOND + us;
    return *wall_us >= TIME_LEAST && *wall_us <= TIME_MOST; /* an offset may lead out of what can be written */
}

static bool parse_milliseconds(const char *at, int64_t *wall_us)
{
    int64_t ms = 0;

    for (; *at; at++) {
        if (*at < '0' || *at > '9' || ms > TIME_MOST / 1000 / 10)
            return false;
        ms = ms * 10 + (*at - '0');
    }
    *wall_us = ms * 1000;
    return *wall_us <= TIME_MOST;
}

_Bool kl_time_parse(const char *text, int64_t *wall_us)
{
    if (strlen(text) > 4 && text[4] == '-')
        return parse_rfc3339(text, wall_us);
    return *text && parse_milliseconds(text, wall_us);
}

void kl_sleep_ms(int64_t ms)
{
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

    while (nanosleep(&left, &left) && errno == EINTR)
        ;
}
