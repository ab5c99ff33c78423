#include "varint.h"

#include "test.h"

static const uint64_t edges[] = { 0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX };

static void numbers_come_back(void)
{
    struct kl_buf b;
    const uint8_t *at;
    size_t i;

    kl_buf_init(&b, 1000);
    for (i = 0; i < sizeof edges / sizeof edges[0]; i++)
        CU_ASSERT_TRUE(kl_buf_add_varint(&b, edges[i]));
    at = (const uint8_t *)b.data;
    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        uint64_t n = 7;

        CU_ASSERT_TRUE(kl_varint_read(&at, (const uint8_t *)b.data + b.len, &n));
        CU_ASSERT_EQUAL(n, edges[i]);
    }
    CU_ASSERT_PTR_EQUAL(at, b.data + b.len);
    kl_buf_fini(&b);
}

/* protobuf's documentation, "Encoding". */
static void the_bytes_are_protobufs(void)
{
    char room[16];
    struct kl_buf b;

    kl_buf_init_fixed(&b, room, sizeof room);
    kl_buf_add_varint(&b, 150);
    CU_ASSERT_EQUAL(b.len, 2);
    CU_ASSERT_EQUAL(memcmp(room, "\x96\x01", 2), 0);
}

static void refuses(const char *bytes, size_t len)
{
    const uint8_t *at = (const uint8_t *)bytes;
    const uint8_t *start = at;
    uint64_t n;

    CU_ASSERT_FALSE(kl_varint_read(&at, start + len, &n));
    CU_ASSERT_PTR_EQUAL(at, start);
}

static void cut_and_too_long_numbers_are_refused(void)
{
    refuses("", 0);
    refuses("\x80", 1);
    refuses("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9);
    refuses("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10);
    refuses("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11);
}

static void a_number_that_does_not_fit_is_not_begun(void)
{
    char room[2];
    struct kl_buf b;

    kl_buf_init_fixed(&b, room, sizeof room);
    CU_ASSERT_FALSE(kl_buf_add_varint(&b, 128));
    CU_ASSERT_EQUAL(b.len, 0);
    CU_ASSERT_TRUE(kl_buf_add_varint(&b, 127));
}

KL_TESTS("varint", T(numbers_come_back), T(the_bytes_are_protobufs), T(cut_and_too_long_numbers_are_refused),
         T(a_number_that_does_not_fit_is_not_begun))
