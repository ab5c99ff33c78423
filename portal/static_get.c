/* static_get.c - GET of the UI's files and of its screens.
 *
 * A screen's address (/receipts/42) names no file; index.html is served there and the page reads the address. Only a
 * browser that navigates gets that: a script or a tool that asks for a missing file gets a 404. */
#include <string.h>

#include "portal.h"

#define PATH_MAX_BYTES 2048 /* longer than any file's or screen's */

static const char not_built[] =
    "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>kafkloud: the UI is not built</title></head>\n<body>\n"
    "<h1>The UI is not built</h1>\n"
    "<p>The portal runs, and passes calls to <code>/api/producer</code>, <code>/api/consumer</code>, <code>/api/steward</code> and "
    "<code>/api/seer</code> on, but the folder that its setting <code>UI_DIR</code> names holds no page.</p>\n"
    "<p>In a checkout, <code>make run</code> builds it. By hand, with Node 20 or newer:</p>\n"
    "<pre>cd portal/ui\nnpm ci\nnpm run build</pre>\n"
    "<p>Then start the portal again: it reads the folder once, at its start. "
    "<a href=\"/readyz\">/readyz</a> says which folder it looked in, <a href=\"/api/health\">/api/health</a> which services are there.</p>\n"
    "</body>\n</html>\n";

/* Decodes the raw path into out. */
static enum kl_code path_decode(const struct kl_request *r, char out[PATH_MAX_BYTES], struct kl_error *err)
{
    const char *raw = kl_request_path(r);
    size_t raw_len = strlen(raw);
    ssize_t len;

    if (raw_len >= PATH_MAX_BYTES)
        return kl_fail_limit(err, KL_NOT_FOUND, "path", PATH_MAX_BYTES, "no file here has so long a path");
    memcpy(out, raw, raw_len + 1);
    len = kl_url_decode(out, raw_len);
    if (len < 0)
        return kl_fail_field(err, KL_INVALID, "path", "the path has a %% that is not followed by two hex digits");
    out[len] = '\0';
    for (ssize_t i = 0; i < len; i++)
        if ((unsigned char)out[i] < ' ' || out[i] == 0x7f)
            return kl_fail_field(err, KL_INVALID, "path", "the path has a control character");
    return KL_OK;
}

static void asset_reply(struct kl_request *r, const struct asset *f)
{
    enum encoding e = negotiate_encoding(kl_request_header(r, "Accept-Encoding"), f->available);
    const struct asset_body *body = &f->body[e];

    kl_reply_header(r, "ETag", body->etag);
    kl_reply_header(r, "Cache-Control", f->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (f->available != 1u << ENCODING_IDENTITY)
        kl_reply_header(r, "Vary", "Accept-Encoding");
    if (negotiate_unchanged(kl_request_header(r, "If-None-Match"), body->etag)) {
        kl_reply_static(r, 304, NULL, "", 0);
        return;
    }
    if (encoding_name(e))
        kl_reply_header(r, "Content-Encoding", encoding_name(e));
    kl_reply_static(r, 200, f->type ? f->type : "application/octet-stream", body->data, body->len);
}

static void not_built_reply(struct kl_request *r)
{
    kl_reply_header(r, "Cache-Control", "no-store");
    kl_reply_static(r, 503, "text/html; charset=utf-8", not_built, sizeof not_built - 1);
}

void static_get(struct kl_request *r)
{
    const struct portal *p = kl_request_ctx(r);
    const struct asset *f = NULL;
    struct kl_error err;
    char path[PATH_MAX_BYTES];
    bool screen;

    if (path_decode(r, path, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    screen = !strcmp(path, "/") || (assets_path_is_screen(path) && negotiate_html(kl_request_header(r, "Accept")));
    if (p->assets) {
        f = assets_find(p->assets, path);
        if (!f && screen) {
            f = assets_find(p->assets, "/");
            kl_reply_header(r, "Vary", "Accept"); /* a script gets a 404 at this address */
        }
    }
    if (f) {
        asset_reply(r, f);
    } else if (screen) {
        not_built_reply(r);
    } else {
        kl_fail_field(&err, KL_NOT_FOUND, "path", "there is no such file");
        kl_reply_error(r, &err);
    }
}
