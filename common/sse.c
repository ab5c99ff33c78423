/* sse.c - see sse.h. */
#include "sse.h"

#include <string.h>

static void add_field(struct kl_buf *b, const char *name, const char *text, size_t len)
{
    kl_buf_adds(b, name);
    kl_buf_add(b, text, len);
    kl_buf_addc(b, '\n');
}

static size_t line_length(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] != '\n' && text[n] != '\r')
        n++;
    return n;
}

/* One data line more than there are line ends, so that a reader who joins them with LF has the text again. */
static void add_data(struct kl_buf *b, const char *text, size_t len)
{
    for (;;) {
        size_t n = line_length(text, len);

        add_field(b, "data: ", text, n);
        if (n == len)
            return;
        n += text[n] == '\r' && n + 1 < len && text[n + 1] == '\n' ? 2 : 1;
        text += n;
        len -= n;
    }
}

bool kl_sse_event(struct kl_buf *b, const char *id, const char *event, const char *data, size_t len)
{
    struct kl_buf_mark mark = kl_buf_begin(b);

    if (id)
        add_field(b, "id: ", id, strlen(id));
    if (event)
        add_field(b, "event: ", event, strlen(event));
    if (data)
        add_data(b, data, len);
    kl_buf_addc(b, '\n');
    return kl_buf_end(b, mark);
}

bool kl_sse_comment(struct kl_buf *b, const char *text)
{
    return kl_buf_addf(b, ": %s\n\n", text);
}

bool kl_sse_retry(struct kl_buf *b, int64_t ms)
{
    return kl_buf_addf(b, "retry: %lld\n\n", (long long)ms);
}
