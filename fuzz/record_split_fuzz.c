/* However a body is cut into pieces, the records are the same; undoing a step and repeating it changes nothing. The first
 * two bytes say the form and the pieces' size.
 * sources: producer/record_split.c
 */
#include "fuzz.h"
#include "producer/record_split.h"

#define RECORD_MAX 32

/* Writes each record, and how the body ended, to out. */
static void cut(enum split_form form, size_t piece, const char *text, size_t left, struct kl_buf *out)
{
    struct record_split s;
    struct split_record record;
    enum split_got got = SPLIT_MORE;

    record_split_init(&s, form, RECORD_MAX);
    while (left > 0 && got != SPLIT_BROKEN) {
        const char *data = text;
        size_t len = left < piece ? left : piece, before_len;

        do {
            const struct split_state before = s.state;
            const char *from = data;

            before_len = len;
            got = record_split_next(&s, &data, &len, &record);
            if (got == SPLIT_RECORD || got == SPLIT_TOO_LONG) {
                kl_assert(before_len > 0);   /* what is undone leaves something to present again */
                record_split_undo(&s, &before);
                data = from;
                len = before_len;
                kl_assert(record_split_next(&s, &data, &len, &record) == got);
                kl_assert(got == SPLIT_TOO_LONG || record.len <= RECORD_MAX);
                kl_buf_addf(out, "%d:%lld:%lld:", got, (long long)record.line, (long long)record.column);
                kl_buf_add(out, record.text, got == SPLIT_RECORD ? record.len : 0);
            }
        } while (got == SPLIT_RECORD || got == SPLIT_TOO_LONG);
        left -= (size_t)(data - text);
        text = data;
    }
    if (got != SPLIT_BROKEN)
        got = record_split_end(&s, &record);
    kl_buf_addf(out, "%d:", got);
    if (got == SPLIT_RECORD)
        kl_buf_add(out, record.text, record.len);
    record_split_fini(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct kl_buf whole, pieces;
    enum split_form form;

    if (len < 2)
        return 0;
    form = data[0] & 1 ? SPLIT_JSON : SPLIT_LINES;
    kl_buf_init(&whole, FUZZ_BUF_MAX);
    kl_buf_init(&pieces, FUZZ_BUF_MAX);
    cut(form, len, (const char *)data + 2, len - 2, &whole);
    cut(form, 1 + data[1] % 16, (const char *)data + 2, len - 2, &pieces);
    kl_assert(!whole.failed && !pieces.failed);
    kl_assert(whole.len == pieces.len && memcmp(whole.data, pieces.data, whole.len) == 0);
    kl_buf_fini(&whole);
    kl_buf_fini(&pieces);
    return 0;
}
