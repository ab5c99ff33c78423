#include "write.h"

#include <string.h>

void write_number(struct kl_buf *b, int64_t n)
{
    if (n == VIEW_UNKNOWN)
        kl_buf_adds(b, "null");
    else
        kl_buf_addi(b, n);
}

void write_text(struct kl_buf *b, const char *text)
{
    if (text)
        kl_buf_add_json(b, text, strlen(text));
    else
        kl_buf_adds(b, "null");
}

void write_comma(struct kl_buf *b, bool first)
{
    if (!first)
        kl_buf_addc(b, ',');
}
