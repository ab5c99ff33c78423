/* Whatever is taken as a form becomes text, or is refused and leaves the buffer as it was. The first byte says the form.
 * sources: seer/extract.c seer/extract_json.c seer/extract_csv.c seer/extract_html.c seer/text.c
 */
#include "fuzz.h"
#include "seer/extract.h"
#include "seer/text.h"

static void check(enum kl_code code, const struct kl_buf *text)
{
    struct kl_error err;

    kl_assert(code || !text->failed);
    kl_assert(!code || text->len == 0);
    kl_assert(text->len == 0 || text_check(text->data, text->len, &err) == KL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *body = (const char *)data + 1;
    enum extract_kind kind, seen;
    struct kl_error err;
    struct kl_buf text;

    if (len < 1)
        return 0;
    kind = data[0] % EXTRACT_KINDS;
    len--;
    kl_assert(extract_kind(NULL, NULL, body, len, &seen, &err) == KL_OK);
    kl_buf_init(&text, FUZZ_BUF_MAX);
    check(extract(kind, body, len, &text, &err), &text);
    kl_buf_fini(&text);
    kl_buf_init(&text, FUZZ_BUF_MAX);
    check(extract_message(body, len, NULL, &text, &err), &text);
    kl_buf_fini(&text);
    return 0;
}
