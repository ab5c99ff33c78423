/* negotiate_test.c - what clients say they accept. */
#include "negotiate.h"

#include "test.h"

#define ALL (1u << ENCODING_IDENTITY | 1u << ENCODING_GZIP | 1u << ENCODING_BR)
#define GZIP_ONLY (1u << ENCODING_IDENTITY | 1u << ENCODING_GZIP)

struct encoding_case {
    const char   *accept;
    unsigned      available;
    enum encoding want;
};

static const struct encoding_case encoding_cases[] = {
    { NULL, ALL, ENCODING_IDENTITY },
    { "", ALL, ENCODING_IDENTITY },
    { "gzip, deflate, br", ALL, ENCODING_BR },
    { "gzip, deflate, br, zstd", GZIP_ONLY, ENCODING_GZIP },
    { "gzip", ALL, ENCODING_GZIP },
    { "GZIP", ALL, ENCODING_GZIP },
    { "x-gzip", ALL, ENCODING_GZIP },
    { "br;q=0.5, gzip;q=0.8", ALL, ENCODING_GZIP },
    { "br ; q=0.5 , gzip ; q=0.4", ALL, ENCODING_BR },
    { "br;q=0, gzip;q=0.001", ALL, ENCODING_GZIP },
    { "br;q=0, gzip;q=0", ALL, ENCODING_IDENTITY },
    { "identity, gzip;q=0.5", ALL, ENCODING_IDENTITY },
    { "identity;q=0.5, gzip;q=0.5", ALL, ENCODING_GZIP },
    { "*", ALL, ENCODING_BR },
    { "*;q=0.1, br;q=0", ALL, ENCODING_GZIP },
    { "*;q=0", ALL, ENCODING_IDENTITY },
    { "identity;q=0, *;q=0", ALL, ENCODING_IDENTITY },
    { "gzip;q=2", ALL, ENCODING_IDENTITY },
    { "gzip;q=", ALL, ENCODING_IDENTITY },
    { "gzip;q=0.5x", ALL, ENCODING_IDENTITY },
    { "gzip;x=1;q=0.5", ALL, ENCODING_GZIP },
    { "brotli, gzipped", ALL, ENCODING_IDENTITY },
    { ",,,gzip,,", ALL, ENCODING_GZIP },
    { ";;;", ALL, ENCODING_IDENTITY },
};

static void the_heaviest_available_encoding_wins(void)
{
    for (size_t i = 0; i < sizeof encoding_cases / sizeof *encoding_cases; i++) {
        const struct encoding_case *c = &encoding_cases[i];
        enum encoding got = negotiate_encoding(c->accept, c->available);

        if (got != c->want)
            printf("\n  \"%s\": %d, wanted %d", c->accept ? c->accept : "(none)", got, c->want);
        CU_ASSERT_EQUAL(got, c->want);
    }
}

static void only_a_client_that_names_html_gets_the_page(void)
{
    CU_ASSERT_TRUE(negotiate_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
    CU_ASSERT_TRUE(negotiate_html("application/json, Text/HTML;q=0.1"));
    CU_ASSERT_FALSE(negotiate_html("text/html;q=0"));
    CU_ASSERT_FALSE(negotiate_html("*/*"));
    CU_ASSERT_FALSE(negotiate_html("text/htmlx"));
    CU_ASSERT_FALSE(negotiate_html(""));
    CU_ASSERT_FALSE(negotiate_html(NULL));
}

static void a_known_etag_means_unchanged(void)
{
    CU_ASSERT_TRUE(negotiate_unchanged("\"abc\"", "\"abc\""));
    CU_ASSERT_TRUE(negotiate_unchanged("W/\"abc\"", "\"abc\""));
    CU_ASSERT_TRUE(negotiate_unchanged("\"x,y\" , \"abc\"", "\"abc\""));
    CU_ASSERT_TRUE(negotiate_unchanged("*", "\"abc\""));
    CU_ASSERT_FALSE(negotiate_unchanged("\"abcd\"", "\"abc\""));
    CU_ASSERT_FALSE(negotiate_unchanged("\"ab\", \"bc\"", "\"abc\""));
    CU_ASSERT_FALSE(negotiate_unchanged("abc", "\"abc\""));
    CU_ASSERT_FALSE(negotiate_unchanged("\"abc", "\"abc\""));
    CU_ASSERT_FALSE(negotiate_unchanged("", "\"abc\""));
    CU_ASSERT_FALSE(negotiate_unchanged(NULL, "\"abc\""));
}

KL_TESTS("negotiate",
         T(the_heaviest_available_encoding_wins),
         T(only_a_client_that_names_html_gets_the_page),
         T(a_known_etag_means_unchanged))
