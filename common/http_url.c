/* http_url.c - percent-encoding (RFC 3986 section 2.1), needing no server. */
#include "http.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

ssize_t kl_url_decode(char *text, size_t len)
{
    size_t out = 0;

    for (size_t in = 0; in < len; in++) {
        char c = text[in];

        if (c == '%') {
            int high = len - in > 2 ? hex_digit(text[in + 1]) : -1;
            int low = len - in > 2 ? hex_digit(text[in + 2]) : -1;

            if (high < 0 || low < 0)
                return -1;
            c = (char)(high << 4 | low);
            in += 2;
        }
        text[out++] = c;
    }
    return (ssize_t)out;
}

/* RFC 3986's unreserved characters: the only ones no reader of a URL gives a meaning. */
static bool unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

bool kl_url_encode(struct kl_buf *out, const char *text, size_t len)
{
    static const char HEX[] = "0123456789ABCDEF";
    size_t before = out->len;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char code[3] = { '%', HEX[c >> 4], HEX[c & 15] };

        if (!(unreserved(c) ? kl_buf_addc(out, (char)c) : kl_buf_add(out, code, sizeof code))) {
            out->len = before;   /* all or nothing, as everything that appends */
            if (out->data)
                out->data[before] = '\0';
            return false;
        }
    }
    return true;
}
