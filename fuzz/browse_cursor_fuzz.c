/* What is read as a page's cursor prints as a cursor of the same places.
 *
 * sources: steward/browse_cursor.c
 */
#include "fuzz.h"
#include "steward/browse_cursor.h"

static void same(const struct browse_cursor *one, const struct browse_cursor *other)
{
    kl_assert(one->backward == other->backward && one->n == other->n && one->n > 0);
    for (size_t i = 0; i < one->n; i++) {
        kl_assert(one->at[i].partition == other->at[i].partition && one->at[i].partition >= 0);
        kl_assert(one->at[i].offset == other->at[i].offset && one->at[i].offset >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct browse_cursor cursor, again;
    struct kl_error err;
    struct kl_buf out;
    char *text = fuzz_text(data, len);

    kl_buf_init(&out, FUZZ_BUF_MAX);
    if (browse_cursor_read(&cursor, text, len, &err) == KL_OK) {
        kl_assert(browse_cursor_write(&out, &cursor));
        kl_assert(browse_cursor_read(&again, out.data, out.len, &err) == KL_OK);
        same(&cursor, &again);
    }
    kl_buf_fini(&out);
    free(text);
    return 0;
}
