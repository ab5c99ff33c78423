/* A reader as the HTML standard has it (section 9.2.6) gets the data back, each line end as LF. */
#include "fuzz.h"
#include "sse.h"

/* The data of the one event in the stream; its id and event name are not data. */
static void read_event(const char *at, struct kl_buf *data)
{
    for (; *at != '\n'; at += strcspn(at, "\n") + 1) {
        kl_assert(strncmp(at, "data: ", 6) == 0 || strncmp(at, "id: 1\n", 6) == 0 || strncmp(at, "event: e\n", 9) == 0);
        if (*at == 'd') {
            kl_buf_add(data, at + 6, strcspn(at + 6, "\n"));
            kl_buf_addc(data, '\n');
        }
    }
    kl_assert(at[1] == '\0');
    kl_buf_cut(data, data->len - 1);
}

static void normalize(const char *text, struct kl_buf *out)
{
    for (; *text; text++) {
        if (text[0] == '\r' && text[1] == '\n')
            continue;
        kl_buf_addc(out, *text == '\r' ? '\n' : *text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len);
    struct kl_buf stream, got, want;

    kl_buf_init(&stream, FUZZ_BUF_MAX);
    kl_buf_init(&got, FUZZ_BUF_MAX);
    kl_buf_init(&want, FUZZ_BUF_MAX);
    kl_assert(kl_sse_event(&stream, "1", "e", text, strlen(text)));
    read_event(stream.data, &got);
    normalize(text, &want);
    kl_assert(got.len == want.len && (got.len == 0 || memcmp(got.data, want.data, got.len) == 0));
    kl_buf_fini(&want);
    kl_buf_fini(&got);
    kl_buf_fini(&stream);
    free(text);
    return 0;
}
