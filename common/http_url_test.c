/* http_url_test.c */
#include "http.h"
#include "test.h"

static ssize_t decode(const char *text, char *out)
{
    strcpy(out, text);
    return kl_url_decode(out, strlen(text));
}

static void decoding_turns_escapes_into_bytes(void)
{
    char out[64];

    CU_ASSERT_EQUAL(decode("a%20b%2Fc%2fd", out), 7);
    CU_ASSERT(memcmp(out, "a b/c/d", 7) == 0);
    CU_ASSERT_EQUAL(decode("%C3%A9", out), 2);
    CU_ASSERT(memcmp(out, "\xC3\xA9", 2) == 0);
    CU_ASSERT_EQUAL(decode("", out), 0);
}

static void decoding_keeps_nul_bytes_and_plus(void)
{
    char out[64];

    CU_ASSERT_EQUAL(decode("a%00b", out), 3);
    CU_ASSERT(memcmp(out, "a\0b", 3) == 0);
    CU_ASSERT_EQUAL(decode("a+b%2B", out), 4);
    CU_ASSERT(memcmp(out, "a+b+", 4) == 0);
}

static void decoding_happens_once(void)
{
    char out[64];

    CU_ASSERT_EQUAL(decode("%2541", out), 3);
    CU_ASSERT(memcmp(out, "%41", 3) == 0);
}

static void decoding_refuses_broken_escapes(void)
{
    static const char *const broken[] = { "%", "a%", "%4", "a%4", "%G0", "%0G", "%%41", "%-1", "% 1", "%u0041" };
    char out[64];

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        CU_ASSERT_EQUAL(decode(broken[i], out), -1);
}

static void encoding_leaves_only_unreserved_characters(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 256);
    CU_ASSERT(kl_url_encode(&b, "Az09-._~ /?&=+%\0\xff", 17));
    CU_ASSERT_STRING_EQUAL(b.data, "Az09-._~%20%2F%3F%26%3D%2B%25%00%FF");
    kl_buf_fini(&b);
}

static void encoding_takes_everything_or_nothing(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 8);
    CU_ASSERT(kl_url_encode(&b, "a/", 2));
    CU_ASSERT_FALSE(kl_url_encode(&b, "bc/", 3));
    CU_ASSERT_STRING_EQUAL(b.data, "a%2F");
    CU_ASSERT(b.failed);
    kl_buf_fini(&b);
}

static void what_was_encoded_decodes_to_itself(void)
{
    char all[256];
    struct kl_buf b;

    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    kl_buf_init(&b, 1024);
    CU_ASSERT(kl_url_encode(&b, all, sizeof all));
    CU_ASSERT_EQUAL(kl_url_decode(b.data, b.len), 256);
    CU_ASSERT(memcmp(b.data, all, sizeof all) == 0);
    kl_buf_fini(&b);
}

KL_TESTS("http_url", T(decoding_turns_escapes_into_bytes), T(decoding_keeps_nul_bytes_and_plus), T(decoding_happens_once),
         T(decoding_refuses_broken_escapes), T(encoding_leaves_only_unreserved_characters),
         T(encoding_takes_everything_or_nothing), T(what_was_encoded_decodes_to_itself))
