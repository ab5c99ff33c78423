/* security.c - the headers that tell a browser what pages of this origin may do.
 *
 * No 'unsafe-inline': a topic's name or a message that reached the page as markup would still run nothing. There is no
 * Strict-Transport-Security, since the portal itself does not speak TLS; whoever ends it in front may add that. */
#include "portal.h"

static const struct {
    const char *name;
    const char *value;
} headers[] = {
    { "Content-Security-Policy", "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
                                 "worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" },
    { "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
};

void security_headers(struct kl_request *r)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        kl_reply_header(r, headers[i].name, headers[i].value);
}
